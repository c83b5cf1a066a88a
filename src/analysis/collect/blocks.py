"""Read lists of ids in blocks: fast where a block is plain, line by line where it is not.

A block is parsed straight into whole numbers. The parser (pyarrow's) is lax: it takes " 5", "007", "0x1F" and "-5" for
numbers. So each block has to pass a test: written out again, its numbers must be exactly as long as the block was, and
it may hold no x. Apart from hexadecimal, all that the parser lets through is longer than the plain number. A block
that fails is read again line by line.
"""

import re
from dataclasses import dataclass

import numpy as np

from analysis.snowflake import FINE, LAST_ID, MALFORMED, ROUNDED, parse_ids

BLOCK = 2**20
_NOTHING = ["", "0", "-1", "NA", "NaN", "nan", "None", "null", "NULL"]


@dataclass(frozen=True)
class Layout:
    """How the lines of a list of ids look.

    Attributes
    ----------
    columns : int
    delimiter : str
    newline : bytes
    second_name : {"parent_id", "root_id"} or None
        What the second column holds.
    skip : int
        How many bytes at the top hold no ids.
    top : int
        The number of the first line that follows, from 1.
    """

    columns: int
    delimiter: str
    newline: bytes
    second_name: str | None
    skip: int
    top: int


@dataclass(frozen=True)
class Block:
    """What a block holds.

    Attributes
    ----------
    ids : ndarray of int64, shape (rows,)
        Of the sound rows.
    second : ndarray of int64, shape (rows,), or None
        Of the second column, 0 where it is empty; None where there is one column.
    lines, read : int
        Lines in all, and those that are not blank.
    rounded, malformed : ndarray of int
        Lines, from 0 in this block, with an id that was rounded, or with something that is no id.
    """

    ids: np.ndarray
    second: np.ndarray | None
    lines: int
    read: int
    rounded: np.ndarray | tuple = ()
    malformed: np.ndarray | tuple = ()


def cut(data, stream, newline):
    """Cut what a stream holds into blocks of whole lines, each with its last line end.

    Parameters
    ----------
    data : bytes
        What was read of the stream already.
    stream : object
        With ``read(size)``, which gives bytes.
    newline : bytes

    Yields
    ------
    bytes
        A line end is added where the last line has none.
    """
    while True:
        more = stream.read(BLOCK)
        if not more:
            break
        data += more
        end = data.rfind(newline[-1:]) + 1
        if end:
            yield data[:end]
            data = data[end:]
    if data:
        yield data if data.endswith(newline) else data + newline


def read_block(data, layout):
    """Read a block that :func:`cut` gave.

    Parameters
    ----------
    data : bytes
        Whole lines.
    layout : Layout

    Returns
    -------
    Block
        The same, whether it is read all at once or, where something in it is unusual, line by line.
    """
    plain = _without_quotes(data, layout) if data.startswith(b'"') else data
    return _read_fast(plain, layout) or _read_carefully(data, layout)


def _without_quotes(data, layout):
    """Take the quotation marks off, if each field of each line has its two and there are no others."""
    lines, mark, end = data.count(layout.newline), layout.delimiter.encode(), layout.newline
    paired = (
        data.count(b'"') == 2 * layout.columns * lines
        and data.count(end + b'"') == lines - 1
        and data.count(b'"' + end) == lines
        and (layout.columns == 1 or data.count(b'"' + mark + b'"') == lines)
    )
    return data.replace(b'"', b"") if paired else data


def _read_fast(data, layout):
    """Parse a block into whole numbers, or give None where the block holds anything but plain ones."""
    import pyarrow as pa
    from pyarrow import csv

    names = ["id", "second"][: layout.columns]
    if b"x" in data or b"X" in data:
        return None
    try:
        table = csv.read_csv(
            pa.BufferReader(data),
            csv.ReadOptions(column_names=names, use_threads=False, block_size=len(data) + 1),
            csv.ParseOptions(delimiter=layout.delimiter, quote_char=False),
            csv.ConvertOptions(column_types=dict.fromkeys(names, pa.int64()), null_values=[""]),
        )
    except pa.ArrowInvalid:
        return None
    columns = [table[name].combine_chunks() for name in names]
    if len(table) == 0 or columns[0].null_count:
        return None
    numbers = [column.fill_null(0).to_numpy() for column in columns]
    width = _digits(numbers[0]) + sum(_digits(column[column != 0]) for column in numbers[1:])
    if width + len(table) * (layout.columns - 1 + len(layout.newline)) != len(data):
        return None
    if layout.newline == b"\r\n" and data.count(b"\r\n") != len(table):
        return None
    return Block(numbers[0], numbers[1] if layout.columns == 2 else None, len(table), len(table))


def _digits(numbers):
    """Count the digits of whole numbers as they are written; fewer than none if any is below 1, as no id is."""
    if len(numbers) == 0:
        return 0
    low, high = numbers.min(), numbers.max()
    if low < 1:
        return -LAST_ID
    count = len(numbers) * len(str(low))
    return count + sum(int((numbers >= 10**power).sum()) for power in range(len(str(low)), len(str(high))))


def _read_carefully(data, layout):
    """Read a block line by line, and tell what is wrong with each that is."""
    import pyarrow as pa
    import pyarrow.compute as pc

    text = data.decode("utf-8", errors="replace").replace("\r\n", "\n").replace("\r", "\n")
    lines = pc.utf8_trim_whitespace(pa.array(text.removesuffix("\n").split("\n"), pa.string()))
    mark = re.escape(layout.delimiter)
    names = ["id", "second"][: layout.columns]
    pattern = rf"\s*{mark}\s*".join(f'(?P<{name}>"[^"]*"|[^"{mark}]*)' for name in names)
    parts = pc.extract_regex(lines, f"^{pattern}$")
    fields = [pc.utf8_trim(pc.struct_field(parts, name), '" \t') for name in names]
    ids = pc.if_else(parts.is_valid(), fields[0], lines)
    numbers, state = parse_ids(ids)
    blank = pc.equal(pc.binary_join_element_wise(ids, *fields[1:], "", null_handling="skip"), "")
    blank = blank.to_numpy(zero_copy_only=False)
    second = None
    if layout.columns == 2:
        nothing = pc.is_in(fields[1], pa.array(_NOTHING))
        second, other = parse_ids(pc.if_else(nothing, pa.scalar(None, pa.string()), fields[1]))
        state = np.where((state == FINE) & (other >= ROUNDED), other, state)
        state = np.where((state == FINE) & ~parts.is_valid().to_numpy(zero_copy_only=False), MALFORMED, state)
    fine = (state == FINE) & ~blank
    return Block(
        ids=numbers[fine],
        second=None if second is None else second[fine],
        lines=len(lines),
        read=int((~blank).sum()),
        rounded=np.flatnonzero((state == ROUNDED) & ~blank),
        malformed=np.flatnonzero((state == MALFORMED) & ~blank),
    )
