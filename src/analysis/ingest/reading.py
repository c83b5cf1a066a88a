"""Cut a file into parts, each of which can be read by itself and tells what became of every record in it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import islice

import numpy as np
import pyarrow as pa

from analysis.sources.records import Piece
from analysis.sources.shape import Refused, Source

_WRONG_SHAPE = (TypeError, ValueError, KeyError, IndexError, AttributeError)
_VALUES = (str, int, float, type(None))
_MANY = 5_000
_SMALL = 2**15


@dataclass
class Part:
    """What a part of a file holds.

    Attributes
    ----------
    raw : pyarrow.Table
        Rows as the format gave them.
    lines : ndarray of int64
        The line (or the number of the record) that each row comes from.
    records : sequence of bytes, or callable
        What each row was read from, by its place: for the hash of a row that is refused later.
    refused : list of (int, str, bytes)
        Line, reason and bytes of each record that was refused.
    read : int
        Records; a page of posts counts as many as it holds posts.
    labels : dict of int to dict
        What annotators said of a row, by its place.
    mended : Counter
    """

    raw: pa.Table
    lines: np.ndarray
    records: Callable[[int], bytes]
    refused: list = field(default_factory=list)
    read: int = 0
    labels: dict = field(default_factory=dict)
    mended: Counter = field(default_factory=Counter)


def json_lines(pieces: Iterator[Piece], source: Source) -> Iterator[Callable[[], Part]]:
    """Give, for blocks of JSON lines, what reads each."""
    for piece in pieces:
        yield partial(_read_block, piece, source)


def json_elements(pieces: Iterator[Piece], source: Source) -> Iterator[Callable[[], Part]]:
    """Give, for objects of JSON that stand in lists or alone, what reads some of them at a time."""
    while some := _some(pieces):
        yield partial(_read_pieces, some, source)


def csv_rows(rows: Iterator, names: list[str], source: Source) -> Iterator[Callable[[], Part]]:
    """Give, for the rows of a CSV, what reads some of them at a time."""
    while some := list(islice(rows, _MANY)):
        yield partial(_read_rows, some, names, source)


def _some(pieces):
    """Take pieces until there are many of them, or many bytes."""
    some, size = [], 0
    for piece in pieces:
        some.append(piece)
        size += len(piece.data)
        if len(some) >= _MANY or size > 2**22:
            break
    return some


def _read_block(piece: Piece, source: Source) -> Part:
    if piece.fault:
        return _read_pieces([piece], source)
    data = piece.data if piece.data.endswith(b"\n") else piece.data + b"\n"
    if source.fast is None:
        return _read_lines(data, piece.line, source)
    return _joined(list(_read_halves(data, piece.line, source)))


def _read_halves(data, line, source):
    """Read a block at once if it can be; else its halves, so that one odd line does not slow down all the others."""
    table = source.fast(data)
    if table is not None:
        lines = np.arange(line, line + table.num_rows)
        yield Part(table, lines, lambda row: data.split(b"\n")[row], read=table.num_rows)
        return
    middle = data.find(b"\n", len(data) // 2) + 1
    if len(data) < _SMALL or middle in (0, len(data)):
        yield _read_lines(data, line, source)
        return
    yield from _read_halves(data[:middle], line, source)
    yield from _read_halves(data[middle:], line + data.count(b"\n", 0, middle), source)


def _joined(parts):
    if len(parts) == 1:
        return parts[0]
    starts = np.cumsum([0, *(len(part.lines) for part in parts)])

    def record(row):
        at = int(np.searchsorted(starts, row, side="right")) - 1
        return parts[at].records(row - starts[at])

    return Part(
        raw=pa.concat_tables([_as_texts(part.raw) for part in parts], promote_options="default"),
        lines=np.concatenate([part.lines for part in parts]),
        records=record,
        refused=[one for part in parts for one in part.refused],
        read=sum(part.read for part in parts),
        labels={
            row + start: said for part, start in zip(parts, starts, strict=False) for row, said in part.labels.items()
        },
        mended=sum((part.mended for part in parts), Counter()),
    )


def _as_texts(table):
    """Make all columns texts, as those are that were read record by record."""
    return table.cast(pa.schema([(name, pa.string()) for name in table.column_names]))


def _read_lines(data, line, source):
    pieces = [Piece(one, line + at) for at, one in enumerate(data.removesuffix(b"\n").split(b"\n"))]
    return _read_pieces([piece for piece in pieces if piece.data.strip(b" \t\r\x1e")], source)


def _read_pieces(pieces, source):
    collected = _Collected(source)
    for piece in pieces:
        if piece.fault:
            collected.refuse(piece, piece.fault)
            continue
        record, fault, mended = load(piece.data)
        if fault:
            collected.refuse(piece, fault)
        else:
            collected.take(piece, record, mended)
    return collected.part()


def load(data: bytes) -> tuple:
    """Read a record of JSON; the record, why it cannot be read (or None), and what was mended."""
    mended = ()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text, mended = data.decode("utf-8", errors="replace"), ("bytes that are no UTF-8",)
    text = text.strip("\ufeff\x1e \t\r\n")
    if "\0" in text:
        text, mended = text.replace("\0", ""), (*mended, "NUL bytes")
    try:
        return json.loads(text, strict=False), None, mended
    except RecursionError:
        return None, "JSON that is nested too deep", mended
    except ValueError:
        return None, "no JSON", mended


def _read_rows(rows, names, source):
    collected = _Collected(source)
    for row in rows:
        if row.fault:
            collected.refuse(row, row.fault)
            continue
        fields = row.fields
        while len(fields) > len(names) and not fields[-1].strip() and not source.ragged:
            fields = fields[:-1]
        if len(fields) != len(names) and not source.ragged:
            collected.refuse(row, f"{'more' if len(fields) > len(names) else 'fewer'} fields than the header")
            continue
        record = dict(zip(names, [*fields, *[None] * (len(names) - len(fields))], strict=False))
        if len(fields) > len(names):
            record[None] = fields[len(names) :]
        collected.take(row, record, ("cp1252",) if row.cp1252 else ())
    return collected.part()


class _Collected:
    """Collect the rows of records, and what became of each record."""

    def __init__(self, source):
        self._source, self._rows, self._lines, self._records = source, [], [], []
        self._part = Part(pa.table({}), np.zeros(0, np.int64), self._records.__getitem__)

    def refuse(self, piece, reason):
        self._part.refused.append((piece.line, reason, piece.data))
        self._part.read += 1

    def take(self, piece, record, mended):
        """Take what the format makes of a record; whatever goes wrong there is the record's fault."""
        found, before = 0, len(self._part.refused)
        try:
            for row in self._source.rows(record):
                found += 1
                if isinstance(row, Refused):
                    self.refuse(piece, row.reason)
                elif all(isinstance(row[name], _VALUES) for name in row if name not in ("labels", "mended")):
                    self._keep(piece, row, mended)
                else:
                    self.refuse(piece, "a value of the wrong kind")
        except RecursionError:
            self.refuse(piece, "nested too deep")
            found += 1
        except _WRONG_SHAPE:
            self.refuse(piece, f"not in the shape of {self._source.name}")
            found += 1
        if not found and len(self._part.refused) == before:
            self.refuse(piece, "holds no post")

    def _keep(self, piece, row, mended):
        labels = row.get("labels")
        if labels:
            self._part.labels[len(self._rows)] = labels
        self._part.mended.update({*mended, *row.get("mended", ())})
        self._part.read += 1
        self._rows.append(row)
        self._lines.append(piece.line)
        self._records.append(piece.data)

    def part(self):
        """Give what was collected."""
        names = {name: None for row in self._rows for name in row if name not in ("labels", "mended")}
        odd = Counter()
        columns = {name: _texts([row.get(name) for row in self._rows], odd) for name in names}
        self._part.raw = pa.table(columns) if columns else pa.table({"post_id": pa.nulls(len(self._rows), pa.string())})
        self._part.lines = np.array(self._lines, np.int64)
        self._part.mended.update(odd)
        return self._part


def _texts(values, odd):
    """Give values as a column of texts; halves of characters that JSON may hold are replaced."""
    texts = [value if value is None or isinstance(value, str) else _text(value) for value in values]
    try:
        return pa.array(texts, pa.string())
    except UnicodeEncodeError:
        whole = [text and text.encode("utf-8", "replace").decode("utf-8") for text in texts]
        odd["halves of characters"] += sum(one != other for one, other in zip(texts, whole, strict=True))
        return pa.array(whole, pa.string())


def _text(value):
    try:
        return str(value)
    except ValueError:  # a whole number of thousands of digits
        return "a number that is too long"
