"""Any real file in, nothing lost, the people in it protected.

:func:`ingest` streams files in any known format into one Parquet file of posts, in constant memory, and accounts for
every record. Several parts of a file are read at a time, and written in their order, whole or not at all.
"""

import json
import os
from collections import Counter, deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from analysis.collect import duplicates, files, formats, writing
from analysis.collect.account import Account, Progress, merge_labels
from analysis.collect.columns import Finished, plain, to_columns
from analysis.collect.keys import Key, default_path, is_open_to_others, load_key
from analysis.collect.parts import Part
from analysis.collect.protection import Protection
from analysis.schema import InputError


def ingest(
    sources: Iterable[str | Path] | str | Path,
    out: str | Path,
    *,
    source: str | None = None,
    second: str | None = None,
    keep_only: str | None = None,
    key_file: str | Path | Key | None = None,
    key_ids: bool = False,
    keep_refused: bool = False,
    keep_author_names: bool = False,
    keep_text_unmasked: bool = False,
    keep_ids_that_name_writers: bool = False,
    progress: bool = False,
) -> dict:
    """Read files in any known format into one table of posts, and account for every record in them.

    Parameters
    ----------
    sources : path or iterable of paths
        Files, or folders of them: plain, .gz, .zst, or .zip with one member. Formats are told from the content.
    out : path
        Where the posts go, a name that ends in .parquet. Beside it are written ``<name>.report.json``, and where there
        is cause ``<name>.refused.jsonl`` and ``<name>.labels.parquet``.
    source : str, optional
        The format of all files, for those that are not recognised.
    second : {"parent_id", "root_id"}, optional
        What the second column of a list of ids without a header holds.
    keep_only : {"me-too"}, optional
        Leave out posts that do not answer the call, see :func:`analysis.text.says_me_too`, or have no text.
    key_file : path or Key, optional
        The key for pseudonyms, see :func:`analysis.collect.keys.load_key`.
    key_ids : bool
        Make pseudonyms of all posts' ids; on Mastodon and Bluesky, where an id names its writer, that is done anyhow.
    keep_refused : bool
        Write what refused records hold, beside the reasons. These are somebody's words.
    keep_author_names, keep_text_unmasked, keep_ids_that_name_writers : bool
        Turn a protection off.
    progress : bool
        Whether to draw a progress bar on standard error.

    Returns
    -------
    dict
        The report as it was written: read, kept, duplicates, refused and left_out add up. Its ``lines`` say the same in
        sentences.

    Raises
    ------
    InputError
        If a file cannot be read at all, not one record is a post that can be kept, or the target cannot be written. The
        target is then as it was.

    Notes
    -----
    Of posts that share an id the most complete one is kept. A rounded id counts as missing, so that no two posts are
    taken for one because of it.
    """
    if keep_only not in (None, "me-too"):
        raise InputError(f"--keep-only {keep_only}: there is no such choice; it is me-too")
    if source not in (None, "ids"):
        formats.by_name(source)
    target = writing.Target(Path(out))
    named = [Path(path) for path in ([sources] if isinstance(sources, (str, Path)) else sources)]
    every = files.find_inputs(named)
    inputs = [path for path in every if path.resolve() != target.posts.resolve()]
    if not inputs or target.posts.resolve() in [path.resolve() for path in named]:
        raise InputError(f"{target.posts}: this is an input and the output too; choose another name with --out")
    key = _key(key_file, target.posts)
    protection = Protection(key, key_ids, keep_author_names, keep_text_unmasked, keep_ids_that_name_writers)
    options = {
        "source": source,
        "second": second,
        "keep_only": keep_only,
        "key_ids": key_ids,
        "keep_author_names": keep_author_names,
        "keep_text_unmasked": keep_text_unmasked,
        "keep_ids_that_name_writers": keep_ids_that_name_writers,
        "keep_refused": keep_refused,
    }
    work = _Ingest(target, protection, options)
    work.account.notes += protection.notes()
    if len(inputs) < len(every):
        work.account.notes.append(f"{target.posts.name} was passed over: it is what is written anew")
    for link in files.links_in(named):
        work.account.notes.append(f"{link} was passed over: it is a link to a folder; give that folder too to read it")
    work.account.notes += _notes_on_key(key)
    try:
        with Progress(sum(path.stat().st_size for path in inputs), shown=progress) as bar:
            for path in inputs:
                work.read(path, bar, named=path in named)
            with writing.naming_output(target.posts):
                return work.finish()
    finally:
        work.close()
        target.clear()


def _key(given, out):
    """Read or make the key; one in the folder of the output is refused, before it is made."""
    if isinstance(given, Key):
        path = given.path
    else:
        path = default_path() if given is None else Path(given)
    if path and path.resolve().parent == out.resolve().parent:
        raise InputError(
            f"{path}: the key lies in the folder of the output, where whoever gets the data gets it too; "
            "keep it elsewhere"
        )
    return given if isinstance(given, Key) else load_key(path)


def _notes_on_key(key):
    notes = []
    if key.path and is_open_to_others(key.path):
        notes.append(f"{key.path}: others on this machine can read the key; chmod o-rwx takes that away")
    if key.new:
        notes.append(f"a new key for pseudonyms was made: {key.path}; keep it to get the same ones again")
    return notes


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


class _Ingest:
    """An ingest under way: what is open, and the account. Close it, whatever happens."""

    def __init__(self, target, protection, options):
        self._target, self._protection, self._options = target, protection, options
        self._now = np.datetime64("now", "us")  # a time after it is impossible
        self.account, self._numbers, self._labels = Account(), [], []
        self._all = target.beside(target.posts, ".all")
        with writing.naming_output(target.posts):
            self._rows = writing.Rows(self._all)
        self._refused = None

    def read(self, path: Path, bar: Progress, *, named: bool):
        """Read a file to its end: its rows are written beside the target, and what became of its records is entered.

        A file of a folder, which nobody named, is passed over with a note if it is in no known format.
        """
        before = self.account.read
        try:
            with files.opened(path, self._options["source"], self._options["second"]) as opened:
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
                    bar.update(path, opened.stream.position, self.account.read)
            while waiting:
                self._take(waiting.popleft().result(), path.name)

    def _process(self, read: Callable[[], Part], platform: str) -> _Outcome:
        """Read a part and protect it; nothing here changes the state, so that several can be done at a time."""
        part = read()
        finished = to_columns(part.raw, platform, self._now)
        table, left_out, rows = finished.table, 0, np.arange(finished.table.num_rows)
        if self._options["keep_only"]:
            rows = _answering(table)
            left_out = table.num_rows - len(rows)
            table = table.take(pa.array(rows))
        noticed = Counter({"ids that name their writers, made pseudonyms": self._protection.count_naming(table)})
        table = self._protection.protect(table)
        numbers = None if finished.numbers is None or self._protection.key_ids else finished.numbers[rows]
        labels = []
        if part.labels:
            places = finished.rows[rows].tolist()
            posts = zip(table["post_id"].to_pylist(), places, strict=True)
            labelled = [(post, part.labels[place]) for post, place in posts if place in part.labels]
            labels = [(post, said) for post, said in labelled if post]
            noticed["labels of posts without an id, which nothing can be joined to"] = len(labelled) - len(labels)
        numbers = duplicates.numbers_of(plain(table["post_id"]), numbers)
        return _Outcome(table, numbers, labels, finished, part, left_out, noticed)

    def _take(self, done: _Outcome, name: str):
        """Write what came of a part, and enter it in the account."""
        account, part, finished = self.account, done.part, done.finished
        with writing.naming_output(self._target.posts):
            self._rows.write(done.table)
        self._numbers.append(done.numbers)
        self._labels += done.labels
        refused = [*part.refused]
        refused += [(int(part.lines[row]), reason, part.records(row)) for row, reason in finished.refused]
        with writing.naming_output(self._target.refused):
            for line, reason, record in sorted(refused, key=lambda entry: entry[0]):
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
        digest = self._protection.key.digest("record", record)
        entry = {"file": name, "line": line, "reason": reason, "record_hash": digest}
        if self._options["keep_refused"]:
            entry["record"] = record.decode("utf-8", errors="replace")
        self._refused.write(json.dumps(entry, ensure_ascii=False) + "\n")
        self.account.refused[reason] += 1

    def finish(self) -> dict:
        """Settle the duplicates, close the account, and put everything in its place."""
        target, account = self._target, self.account
        self._rows.close()
        dropped, whole = duplicates.rows_to_drop(self._all, self._numbers), self._all
        if len(dropped):
            whole = target.beside(target.posts)
            writing.write_without(self._all, dropped, whole)
        account.duplicates, account.kept = len(dropped), account.kept - len(dropped)
        account.check()
        if account.kept == 0:
            first = f": {next(iter(account.refused))}" if account.refused else ""
            name = account.files[0]["file"] if account.files else target.posts
            raise InputError(f"{name}: none of {account.read:,} records is a post that can be kept{first}")
        posts, labels, noticed = merge_labels([post for post, _ in self._labels], [said for _, said in self._labels])
        account.noticed.update(noticed)
        report = account.report(target.posts, self._options)
        writing.write_json(report, target.beside(target.report))
        if posts:
            writing.write_labels(posts, labels, target.beside(target.labels))
        if self._refused is not None:
            self._refused.close()
        target.report.unlink(missing_ok=True)  # from here on nothing is written any more, but renamed alone
        writing.put(whole, target.posts)
        self._put_or_remove(self._refused is not None, target.refused)
        self._put_or_remove(bool(posts), target.labels)
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


def _answering(table):
    """Find the posts that answer the call; those without a text do not."""
    from analysis.text import says_me_too

    texts = table["text"].to_pylist()
    return np.array([row for row, text in enumerate(texts) if text and says_me_too(text)], np.int64)
