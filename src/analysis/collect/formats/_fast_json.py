"""The fast way through JSON lines: a block becomes columns at once, if every line of it is plain.

pyarrow's reader is lax about where a record ends, so a block has to pass a test first: it must begin with ``{``, each
line end must stand between ``}`` and ``{``, and as many records as lines must come out. JSON allows no line end inside
a text, and none between ``}`` and ``{`` inside a record, so each line is one whole record then.
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


def read_block(data: bytes, schema: pa.Schema) -> pa.Table | None:
    """Read some fields of whole JSON lines, nested where the schema is: a row a line, missing where it lacks a field.

    None if any line is not a plain object, has a field twice, is no UTF-8, or has another type than the schema says.
    """
    from pyarrow import json

    data = data.replace(b"\r\n", b"\n") if b"\r" in data else data
    letters = np.frombuffer(data, np.uint8)
    ends = np.flatnonzero(letters == ord("\n"))
    lines = len(ends)
    if not data.startswith(b"{") or not data.endswith(b"}\n") or not (letters[ends - 1] == ord("}")).all():
        return None
    if not (letters[ends[:-1] + 1] == ord("{")).all():
        return None
    try:
        data.decode("utf-8")
        table = json.read_json(
            pa.BufferReader(data),
            json.ReadOptions(use_threads=False, block_size=len(data) + 1),
            json.ParseOptions(explicit_schema=schema, unexpected_field_behavior="ignore"),
        )
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, UnicodeDecodeError):
        return None
    return table.combine_chunks() if table.num_rows == lines else None


def dig(table: pa.Table, path: str) -> pa.Array:
    """Take a column from nested ones by names with dots between them; missing where any above it is."""
    name, *rest = path.split(".")
    column = table[name]
    column = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    return pc.struct_field(column, rest) if rest else column


def first(table: pa.Table, *paths: str) -> pa.Array:
    """Take from each row the first text that is there; null and "" are not there."""
    columns = [column for path in paths if (column := dig(table, path)).null_count < len(column)]
    columns = [_without_empty(column) for column in columns] or [pa.nulls(table.num_rows, pa.string())]
    return columns[0] if columns[0].null_count == 0 or len(columns) == 1 else pc.coalesce(*columns)


def _without_empty(column):
    empty = pc.equal(column, "")
    return pc.if_else(empty, pa.scalar(None, column.type), column) if pc.any(empty).as_py() else column
