"""Cut a file into parts, each of which can be read by itself and tells what became of every record in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice

import numpy as np
import pyarrow as pa

from analysis.collect.collecting import Collected, Part, load
from analysis.collect.records import Piece
from analysis.collect.shape import Source

_MANY = 5_000
_SMALL = 2**15
#: pyarrow's reader of JSON is fastest on about this many bytes; masks and the rest on more of them together.
BLOCK = 2**20
_MANY_BYTES = 3 * 2**23


def json_lines(pieces: Iterator[Piece], source: Source) -> Iterator[Callable[[], Part]]:
    """Give, for blocks of JSON lines, what reads some of them at a time."""
    while some := _some(pieces, _MANY_BYTES):
        yield partial(_read_blocks, some, source)


def json_elements(pieces: Iterator[Piece], source: Source) -> Iterator[Callable[[], Part]]:
    """Give, for objects of JSON that stand in lists or alone, what reads some of them at a time."""
    while some := _some(pieces, 2**22):
        yield partial(_read_pieces, some, source)


def csv_rows(rows: Iterator, names: list[str], source: Source) -> Iterator[Callable[[], Part]]:
    """Give, for the rows of a CSV, what reads some of them at a time."""
    while some := list(islice(rows, _MANY)):
        yield partial(_read_rows, some, names, source)


def _some(pieces, most):
    """Take pieces until there are many of them, or many bytes."""
    some, size = [], 0
    for piece in pieces:
        some.append(piece)
        size += len(piece.data)
        if len(some) >= _MANY or size > most:
            break
    return some


def _read_blocks(pieces: list[Piece], source: Source) -> Part:
    return _joined([part for piece in pieces for part in _read_block(piece, source)])


def _read_block(piece, source):
    if piece.fault:
        return [_read_pieces([piece], source)]
    data = piece.data if piece.data.endswith(b"\n") else piece.data + b"\n"
    return [_read_lines(data, piece.line, source)] if source.fast is None else _read_halves(data, piece.line, source)


def _read_halves(data, line, source):
    """Read lines at once if it can be; else their halves, so that one odd line does not slow down all the others."""
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
        raw=_stacked([part.raw for part in parts]),
        lines=np.concatenate([part.lines for part in parts]),
        records=record,
        refused=[one for part in parts for one in part.refused],
        read=sum(part.read for part in parts),
        labels={
            row + start: said for part, start in zip(parts, starts, strict=False) for row, said in part.labels.items()
        },
        mended=sum((part.mended for part in parts), Counter()),
    )


def _stacked(tables):
    """Put tables one upon the other; where they were not all read at once, all columns become texts."""
    if any(table.schema != tables[0].schema for table in tables):
        tables = [table.cast(pa.schema([(name, pa.string()) for name in table.column_names])) for table in tables]
    return pa.concat_tables(tables, promote_options="default")


def _read_lines(data, line, source):
    pieces = [Piece(one, line + at) for at, one in enumerate(data.removesuffix(b"\n").split(b"\n"))]
    return _read_pieces([piece for piece in pieces if piece.data.strip(b" \t\r\x1e")], source)


def _read_pieces(pieces, source):
    collected = Collected(source)
    for piece in pieces:
        if piece.fault:
            collected.refuse(piece, piece.fault)
            continue
        record, fault, mended = load(piece.data)
        if fault or not isinstance(record, dict):
            collected.refuse(piece, fault or "no JSON object")
        else:
            collected.take(piece, record, mended)
    return collected.part()


def _read_rows(rows, names, source):
    collected = Collected(source)
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
