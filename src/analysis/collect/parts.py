"""Read a file in parts, several at a time: each gives rows as the format has them, and what became of every record."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import islice

import numpy as np
import pyarrow as pa

from analysis.collect.formats import Refused, Source
from analysis.collect.ids import read_block
from analysis.collect.parquet import check_kinds, check_texts, damage
from analysis.collect.split import Piece
from analysis.schema import InputError, check_names

_MANY = 5_000
_SMALL = 2**15
#: pyarrow's reader of JSON is fastest on about this many bytes; masks and the rest on more of them together.
BLOCK = 2**20
_MANY_BYTES = 3 * 2**23
_PARQUET_ROWS = 2**16
_WRONG_SHAPE = (TypeError, ValueError, KeyError, IndexError, AttributeError)
_VALUES = (str, int, float, type(None))
_NO_COLUMNS = ("labels", "mended")


@dataclass
class Part:
    """What a part of a file holds.

    `lines` has the line of each row (or the number of its record), and `records` gives the bytes that a row was read
    from, for the hash of one that is refused later. `refused` holds line, reason and bytes. In `read` a page counts as
    many as it holds posts. `labels` are what annotators said, by the place of the row.
    """

    raw: pa.Table
    lines: np.ndarray
    records: Callable[[int], bytes]
    refused: list = field(default_factory=list)
    read: int = 0
    labels: dict = field(default_factory=dict)
    mended: Counter = field(default_factory=Counter)


def from_json_lines(pieces: Iterator[Piece], source: Source) -> Iterator[Callable[[], Part]]:
    """Give, for blocks of JSON lines, what reads some of them at a time."""
    while pieces_of_part := _take(pieces, _MANY_BYTES):
        yield partial(_read_blocks, pieces_of_part, source)


def from_json_objects(pieces: Iterator[Piece], source: Source) -> Iterator[Callable[[], Part]]:
    """Give, for objects of JSON that stand in lists or alone, what reads some of them at a time."""
    while pieces_of_part := _take(pieces, 2**22):
        yield partial(_read_objects, pieces_of_part, source)


def from_csv(rows: Iterator, names: list[str], source: Source) -> Iterator[Callable[[], Part]]:
    """Give, for the rows of a CSV, what reads some of them at a time."""
    while rows_of_part := list(islice(rows, _MANY)):
        yield partial(_read_rows, rows_of_part, names, source)


def from_ids(blocks: Iterator[bytes], layout, line: int) -> Iterator[Callable[[], Part]]:
    """Give, for blocks of a list of ids, what reads each; ``line`` is the number of the first line."""
    for data in blocks:
        yield partial(_read_ids, data, line, layout)
        line += data.count(layout.newline)


def from_parquet(path) -> Iterator[Callable[[], Part]]:
    """Give, for batches of one of our own Parquet files, what reads each."""
    import pyarrow.parquet as pq

    try:
        with path.open("rb") as stream:  # pyarrow itself opens no file whose name is no text
            file = pq.ParquetFile(stream)
            check_names(file.schema_arrow.names, path)
            check_kinds(file.schema_arrow, path)
            for number, batch in enumerate(file.iter_batches(_PARQUET_ROWS)):
                yield partial(_read_batch, pa.Table.from_batches([batch]), number * _PARQUET_ROWS, path)
    except (pa.ArrowException, OSError) as error:
        raise damage(error, path) from None


def load_json(data: bytes) -> tuple:
    """Read a record of JSON, raising nothing: the record or None, why not or None, and what was mended."""
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


class _Collected:
    """The rows that a format makes of records, and what became of each record."""

    def __init__(self, source):
        self._source, self._rows, self._lines, self._records = source, [], [], []
        self._part = Part(pa.table({}), np.zeros(0, np.int64), self._records.__getitem__)

    def refuse(self, piece, reason):
        """Enter a record as refused."""
        self._part.refused.append((piece.line, reason, piece.data))
        self._part.read += 1

    def take(self, piece, record, mended):
        """Take what the format makes of a record; whatever goes wrong there is the record's fault."""
        before = self._part.read
        try:
            for row in self._source.rows(record):
                if isinstance(row, Refused):
                    self.refuse(piece, row.reason)
                elif all(isinstance(row[name], _VALUES) for name in row if name not in _NO_COLUMNS):
                    self._keep(piece, row, mended)
                else:
                    self.refuse(piece, "a value of the wrong kind")
        except RecursionError:
            self.refuse(piece, "nested too deep")
        except _WRONG_SHAPE:
            self.refuse(piece, f"not in the shape of {self._source.name}")
        if self._part.read == before:
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
        names = {name: None for row in self._rows for name in row if name not in _NO_COLUMNS}
        columns = {name: _texts([row.get(name) for row in self._rows], self._part.mended) for name in names}
        self._part.raw = pa.table(columns) if columns else pa.table({"post_id": pa.nulls(len(self._rows), pa.string())})
        self._part.lines = np.array(self._lines, np.int64)
        return self._part


def _texts(values, mended):
    """Give values as a column of texts; halves of characters that JSON may hold are replaced."""
    texts = [value if value is None or isinstance(value, str) else _text(value) for value in values]
    try:
        return pa.array(texts, pa.string())
    except UnicodeEncodeError:
        whole = [text and text.encode("utf-8", "replace").decode("utf-8") for text in texts]
        mended["halves of characters"] += sum(text != other for text, other in zip(texts, whole, strict=True))
        return pa.array(whole, pa.string())


def _text(value):
    try:
        return str(value)
    except ValueError:  # a whole number of thousands of digits
        return "a number that is too long"


def _take(pieces, most):
    """Take pieces until there are many of them, or many bytes."""
    taken, size = [], 0
    for piece in pieces:
        taken.append(piece)
        size += len(piece.data)
        if len(taken) >= _MANY or size > most:
            break
    return taken


def _read_blocks(pieces, source):
    return _joined([part for piece in pieces for part in _read_block(piece, source)])


def _read_block(piece, source):
    if piece.fault:
        return [_read_objects([piece], source)]
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
        number = int(np.searchsorted(starts, row, side="right")) - 1
        return parts[number].records(row - starts[number])

    labels = {}
    for part, start in zip(parts, starts, strict=False):
        labels |= {row + start: said for row, said in part.labels.items()}
    return Part(
        raw=_stacked([part.raw for part in parts]),
        lines=np.concatenate([part.lines for part in parts]),
        records=record,
        refused=[entry for part in parts for entry in part.refused],
        read=sum(part.read for part in parts),
        labels=labels,
        mended=sum((part.mended for part in parts), Counter()),
    )


def _stacked(tables):
    """Put tables one upon the other; where they were not all read at once, all columns become texts."""
    if any(table.schema != tables[0].schema for table in tables):
        tables = [table.cast(pa.schema([(name, pa.string()) for name in table.column_names])) for table in tables]
    return pa.concat_tables(tables, promote_options="default")


def _read_lines(data, line, source):
    pieces = [Piece(text, line + number) for number, text in enumerate(data.removesuffix(b"\n").split(b"\n"))]
    return _read_objects([piece for piece in pieces if piece.data.strip(b" \t\r\x1e")], source)


def _read_objects(pieces, source):
    collected = _Collected(source)
    for piece in pieces:
        if piece.fault:
            collected.refuse(piece, piece.fault)
            continue
        record, fault, mended = load_json(piece.data)
        if fault or not isinstance(record, dict):
            collected.refuse(piece, fault or "no JSON object")
        else:
            collected.take(piece, record, mended)
    return collected.part()


def _read_rows(rows, names, source):
    collected = _Collected(source)
    for row in rows:
        fields, fault = row.fields, row.fault
        if not fault and [name.strip("\ufeff ") for name in fields] == names:
            fault = "a header that comes again"
        if not source.ragged:
            while len(fields) > len(names) and not fields[-1].strip():
                fields = fields[:-1]
            if not fault and len(fields) != len(names):
                fault = f"{'more' if len(fields) > len(names) else 'fewer'} fields than the header"
        if fault:
            collected.refuse(row, fault)
            continue
        record = dict(zip(names, [*fields, *[None] * (len(names) - len(fields))], strict=False))
        if len(fields) > len(names):
            record[None] = fields[len(names) :]
        collected.take(row, record, ("cp1252",) if row.cp1252 else ())
    return collected.part()


def _read_ids(data, line, layout):
    block = read_block(data, layout)
    table = {"post_id": pa.array(block.ids)}
    if block.second is not None:
        table[layout.second_name] = pa.array(block.second, mask=block.second == 0)
        reply = (block.second != 0) & (block.second != block.ids)
        table["kind"] = pa.array(np.where(reply, "reply", None), pa.string())
    bad = [(int(row), "a rounded id, and nothing else") for row in block.rounded]
    bad += [(int(row), "its id is none") for row in block.malformed]
    texts = re.split(rb"\r\n|\r|\n", data) if bad else []
    plain = len(block.ids) == block.lines
    lines = np.arange(line, line + block.lines) if plain else np.full(len(block.ids), line)
    refused = [(line + row, reason, texts[row]) for row, reason in sorted(bad)]
    return Part(pa.table(table), lines, lambda row: str(block.ids[row]).encode(), refused, block.read)


def _read_batch(table, start, path):
    check_texts(table, path, start)
    columns = {}
    for column in table.schema:
        kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
        numbers = pa.types.is_integer(kind) or pa.types.is_null(kind) or pa.types.is_floating(kind)
        times = pa.types.is_timestamp(kind)
        texts = pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_boolean(kind)
        if not (numbers or times or texts):
            raise InputError(f"{path}: the column {column.name} holds {kind}; it has to be text, numbers or times")
        stored = pa.int64() if pa.types.is_signed_integer(kind) else pa.string()
        columns[column.name] = table[column.name] if times else table[column.name].cast(stored)
    lines = np.arange(start + 1, start + 1 + table.num_rows)
    return Part(pa.table(columns), lines, lambda row: repr(table.slice(row, 1).to_pylist()).encode(), read=len(lines))
