"""Write what an ingest makes beside its target, and put it in place at the end: whole or not at all."""

import json
import os
import re
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from analysis.collect.columns import SCHEMA
from analysis.schema import InputError

_ROWS = 2**17
_PART = re.compile(r"\.(?P<name>.+)\.(?P<process>\d+)\.part")
_NAMES = ("platform", "lang", "kind")  # few values, often
_OTHERS = ("post_id", "author", "text", "parent_id", "root_id")
_ENCODINGS = {"created_at": "DELTA_BINARY_PACKED"} | dict.fromkeys(_OTHERS, "DELTA_LENGTH_BYTE_ARRAY")
_FEW = 64  # rows to be left out of a batch: so many that it can be written as the slices between them


class Target:
    """The files that an ingest writes: the posts, its report, what was refused, and labels."""

    def __init__(self, path: Path):
        if path.suffix != ".parquet":
            raise InputError(f"{path}: posts are written as Parquet; choose a name that ends in .parquet")
        if not path.parent.is_dir():
            raise InputError(f"{path}: there is no folder {path.parent}; make it first")
        if any("\ud800" <= letter <= "\udfff" for letter in str(path)):
            raise InputError(
                f"{path}: this name is no text in UTF-8, and Parquet's writer takes no other; choose another"
            )
        if path.is_dir():
            raise InputError(f"{path}: this is a folder; choose another name")
        self.posts = path
        self.report = path.with_name(f"{path.stem}.report.json")
        self.refused = path.with_name(f"{path.stem}.refused.jsonl")
        self.labels = path.with_name(f"{path.stem}.labels.parquet")
        _clear(path)

    def beside(self, path: Path, what: str = "") -> Path:
        """Give the name under which a file is written until it is whole."""
        return path.with_name(f".{path.name}{what}.{os.getpid()}.part")

    def clear(self):
        """Take away what is not whole."""
        for path in (self.posts, self.report, self.refused, self.labels):
            for what in ("", ".all"):
                self.beside(path, what).unlink(missing_ok=True)


def _clear(path):
    """Take away what ingests of the same target left behind that were stopped by force."""
    for part in path.parent.glob(f".{path.stem}.*.part"):
        match = _PART.fullmatch(part.name)
        if match and not _runs(int(match["process"])):
            part.unlink(missing_ok=True)


def _runs(process):
    if os.name == "nt":  # there, an open file cannot be removed anyhow
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


@contextmanager
def naming_output(path: Path):
    """Make of trouble in writing, a full disk or a folder that is closed, an InputError that names the output."""
    try:
        yield
    except OSError as error:
        said = os.strerror(error.errno) if error.errno else str(error)
        raise InputError(
            f"{path}: cannot be written ({said}), and what stood there is as it was; make room or ask for the right to "
            "write there, or choose another place with --out"
        ) from None


class Rows:
    """Write tables into a Parquet file, in row groups of an even size."""

    def __init__(self, path: Path):
        self._writer = pq.ParquetWriter(
            path, SCHEMA, compression="zstd", compression_level=1, use_dictionary=list(_NAMES), write_statistics=False,
            column_encoding=_ENCODINGS, write_batch_size=2**15,
        )  # fmt: skip
        self._tables, self._count = [], 0

    def write(self, table: pa.Table):
        """Take rows; they are written as soon as there are enough for a row group."""
        self._tables.append(table)
        self._count += table.num_rows
        if self._count >= _ROWS:
            self._flush()

    def _flush(self):
        if self._count:
            self._writer.write_table(pa.concat_tables(self._tables), row_group_size=2 * _ROWS)
        self._tables, self._count = [], 0

    def close(self):
        """Write the last row group, and the end of the file."""
        self._flush()
        self._writer.close()

    def abandon(self):
        """Close the file as it is, if it is open still: nobody needs what is in it."""
        with suppress(OSError):
            self._writer.close()
        self._writer.is_open = False  # where the disk was full, it would try again when it is collected


def write_without(path: Path, dropped: np.ndarray, out: Path):
    """Write a Parquet file again without some of its rows, whose places are given in order."""
    rows, file = Rows(out), pq.ParquetFile(path)
    sizes = [file.metadata.row_group(group).num_rows for group in range(file.num_row_groups)]
    starts = np.cumsum([0, *sizes])

    def kept(group):
        low, high = np.searchsorted(dropped, starts[group : group + 2])
        return _without(file.read_row_group(group, use_threads=False), dropped[low:high] - starts[group])

    with ThreadPoolExecutor(1) as ahead:
        waiting = deque()
        for group in range(len(sizes)):
            waiting.append(ahead.submit(kept, group))
            if len(waiting) > 1:
                rows.write(waiting.popleft().result())
        for table in waiting:
            rows.write(table.result())
    rows.close()


def _without(table, dropped):
    """Give a table without some rows; where these are few, what is between them is not copied."""
    if len(dropped) > _FEW:
        keep = np.ones(table.num_rows, bool)
        keep[dropped] = False
        return table.filter(pa.array(keep))
    ends = np.append(dropped, table.num_rows)
    begins = np.append(0, dropped + 1)
    return pa.concat_tables([table.slice(begin, end - begin) for begin, end in zip(begins, ends, strict=True)])


def write_json(report: dict, path: Path):
    """Write a report as JSON that people can read too."""
    # A file's name that is no text stands there as JSON's own escapes.
    path.write_text(json.dumps(report, ensure_ascii=False, indent=2) + "\n", "utf-8", errors="backslashreplace")


def write_labels(ids: list, labels: list[dict], path: Path):
    """Write labels by id: texts, as their source has them."""
    columns = {"post_id": pa.array(ids, pa.string())}
    for name in sorted({name for said in labels for name in said}):
        texts = [None if said.get(name) is None else str(said[name]) for said in labels]
        columns[name] = pa.array(texts, pa.string())
    pq.write_table(pa.table(columns), path, compression="zstd")


def put(beside: Path, path: Path):
    """Put a file that is whole, on the disk for good, in its place in the same folder, in one step."""
    with suppress(OSError), beside.open("rb") as stream:
        os.fsync(stream.fileno())
    beside.replace(path)
