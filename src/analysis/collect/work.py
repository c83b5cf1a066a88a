"""The course of an ingest: parts are read and protected several at a time, and written in their order."""

from __future__ import annotations

import json
import os
from collections import Counter, deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from analysis.collect import duplicates, files, writing
from analysis.collect import labels as labelled
from analysis.collect.account import Account
from analysis.collect.collecting import Part
from analysis.collect.finish import Finished, finish
from analysis.collect.progress import Progress
from analysis.schema import InputError


@dataclass
class _Outcome:
    """What came of a part of a file, ready to be written."""

    table: pa.Table
    numbers: np.ndarray
    labels: list
    finished: Finished
    part: Part
    left_out: int
    noticed: Counter


class Work:
    """The state of an ingest: what is open, and the account. Close it, whatever happens.

    Parameters
    ----------
    target : writing.Target
        The files to be written; none of them is touched before :meth:`finish`.
    protection : protect.Protection
    keep_only : {"me-too"} or None
        With "me-too", posts are left out that do not answer the call or have no text.
    keep_refused : bool
        Whether the refused records themselves are written beside their hashes: they are not protected.
    now : datetime64[us]
        In UTC; a time after it is impossible.

    Attributes
    ----------
    account : Account
    """

    def __init__(self, target, protection, keep_only, keep_refused, now):
        self._target, self._protection, self._keep_refused, self._now = target, protection, keep_refused, now
        self._keep_only = keep_only
        self.account, self._numbers, self._labels = Account(), [], ([], [])
        self._all = target.beside(target.posts, ".all")
        with writing.told(target.posts):
            self._rows = writing.Rows(self._all)
        self._refused = None

    def read(self, path: Path, source: str | None, second: str | None, bar: Progress, *, named: bool):
        """Read a file to its end: its rows are written beside the target, and what became of its records is entered.

        Parameters
        ----------
        path : Path
        source : str or None
            The name of its format; found out from its content if None.
        second : {"parent_id", "root_id"} or None
            What the second column of a list of ids without a header holds.
        bar : Progress
            Told how far the file is read.
        named : bool
            Whether somebody named this file. One of a folder that is in no known format is passed over, with a note.

        Raises
        ------
        InputError
            If it cannot be opened or read to its end, or was named and is in no known format.
        """
        before = self.account.read
        try:
            with files.opened(path, source, second) as opened:
                self._read_parts(opened, path, bar)
                entry = {"file": path.name, "format": opened.format, "bytes": path.stat().st_size}
        except files.UnknownError:
            if named:
                raise
            self.account.notes.append(f"{path.name} was passed over: it is in no known format")
        else:
            self.account.files.append({**entry, "read": self.account.read - before})
        bar.update(path, path.stat().st_size, self.account.read)

    def _read_parts(self, opened: files.Opened, path: Path, bar: Progress):
        workers = min(4, os.cpu_count() or 1)
        with ThreadPoolExecutor(workers) as pool:
            waiting = deque()
            for part in opened.parts:
                waiting.append(pool.submit(self._process, part, opened.platform))
                if len(waiting) > workers:
                    self._take(waiting.popleft().result(), path.name)
                    bar.update(path, opened.position(), self.account.read)
            while waiting:
                self._take(waiting.popleft().result(), path.name)

    def _process(self, read: Callable[[], Part], platform: str) -> _Outcome:
        """Read a part and protect it; nothing here changes the state, so that several can be done at a time."""
        part = read()
        finished = finish(part.raw, platform, self._now)
        table, left_out, rows = finished.table, 0, np.arange(finished.table.num_rows)
        if self._keep_only:
            rows = _answering(table)
            left_out = table.num_rows - len(rows)
            table = table.take(pa.array(rows))
        noticed = Counter({"ids that name their writers, made pseudonyms": self._protection.naming(table)})
        table = self._protection.protect(table)
        plain = None if finished.numbers is None or self._protection.key_ids else finished.numbers[rows]
        numbers = duplicates.numbers_of(_ids(table), plain)
        labels = []
        if part.labels:
            ids, places = table["post_id"].to_pylist(), finished.rows[rows].tolist()
            labels = [
                (name, part.labels[at]) for name, at in zip(ids, places, strict=True) if name and at in part.labels
            ]
            noticed["labels of posts without an id, which nothing can be joined to"] = sum(
                1 for name, at in zip(ids, places, strict=True) if not name and at in part.labels
            )
        return _Outcome(table, numbers, labels, finished, part, left_out, noticed)

    def _take(self, done: _Outcome, name: str):
        """Write what came of a part, and enter it in the account."""
        account, part, finished = self.account, done.part, done.finished
        with writing.told(self._target.posts):
            self._rows.write(done.table)
        self._numbers.append(done.numbers)
        for one, said in done.labels:
            self._labels[0].append(one)
            self._labels[1].append(said)
        refused = [*part.refused]
        refused += [(int(part.lines[row]), reason, part.records(row)) for row, reason in finished.refused]
        with writing.told(self._target.refused):
            for line, reason, record in sorted(refused, key=lambda one: one[0]):
                self._refuse(name, line, reason, record)
        account.read += part.read
        account.kept += done.table.num_rows
        account.left_out += done.left_out
        account.noticed.update(finished.counts)
        account.noticed.update(+done.noticed)
        account.noticed.update({f"mended: {what}": count for what, count in part.mended.items()})
        for what, rows in finished.flagged.items():
            if len(rows):
                account.flag(what, name, part.lines[rows])

    def _refuse(self, name, line, reason, record):
        if self._refused is None:
            # A file's name that is no text stands there as JSON's own escapes.
            place = self._target.beside(self._target.refused)
            self._refused = place.open("w", encoding="utf-8", errors="backslashreplace")
        entry = {
            "file": name,
            "line": line,
            "reason": reason,
            "record_hash": self._protection.key.digest("record", record),
        }
        if self._keep_refused:
            entry["record"] = record.decode("utf-8", errors="replace")
        self._refused.write(json.dumps(entry, ensure_ascii=False) + "\n")
        self.account.refused[reason] += 1

    def finish(self, options: dict) -> dict:
        """Settle the duplicates, close the account, and put everything in its place.

        Parameters
        ----------
        options : dict
            What was chosen, as JSON knows it: it goes into the report.

        Returns
        -------
        dict
            The report as it was written, see ``report``, and ``lines``: the same in
            sentences.

        Raises
        ------
        InputError
            If not one record is a post that can be kept, or the disk is full. Nothing is put in its place then, and
            what stood there stays.
        AssertionError
            If the account does not add up, which would be a fault of this program.
        """
        with writing.told(self._target.posts):
            return self._finish(options)

    def _finish(self, options):
        target, account = self._target, self.account
        self._rows.close()
        gone, whole = duplicates.losers(self._all, self._numbers), self._all
        if len(gone):
            whole = target.beside(target.posts)
            writing.without(self._all, gone, whole)
        account.duplicates, account.kept = len(gone), account.kept - len(gone)
        account.check()
        if account.kept == 0:
            first = f": {next(iter(account.refused))}" if account.refused else ""
            name = account.files[0]["file"] if account.files else self._target.posts
            raise InputError(f"{name}: none of {account.read:,} records is a post that can be kept{first}")
        ids, said, noticed = labelled.merged(*self._labels)
        account.noticed.update(noticed)
        report = account.report(target.posts, options)
        writing.write_json(report, target.beside(target.report))
        if ids:
            writing.write_labels(ids, said, target.beside(target.labels))
        if self._refused is not None:
            self._refused.close()
        target.report.unlink(missing_ok=True)  # from here on nothing is written any more, but renamed alone
        writing.put(whole, target.posts)
        self._put_or_remove(self._refused is not None, target.refused)
        self._put_or_remove(bool(ids), target.labels)
        writing.put(target.beside(target.report), target.report)
        return {**report, "lines": account.lines()}

    def _put_or_remove(self, there, path):
        if there:
            writing.put(self._target.beside(path), path)
        else:
            path.unlink(missing_ok=True)

    def close(self):
        """Close what is open, whole or not."""
        self._rows.abandon()
        if self._refused is not None:
            with suppress(OSError):
                self._refused.close()


def _ids(table):
    column = table["post_id"]
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _answering(table):
    """Find the posts that answer the call; those without a text do not."""
    from analysis.text import says_me_too

    texts = table["text"].to_pylist()
    return np.array([row for row, text in enumerate(texts) if text and says_me_too(text)], np.int64)
