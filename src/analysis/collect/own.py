"""Read and write this project's own tables of posts, as CSV and as Parquet."""

import csv
import gzip
import io
import itertools
import re

import numpy as np
import pandas as pd

from analysis.collect import parquet, sniff
from analysis.collect.quotes import check_quotes
from analysis.collect.readers import Reading
from analysis.schema import COLUMNS, InputError, number_of

_ROWS_AT_ONCE = 100_000


def read_csv(path):
    """Read a table of posts from CSV in UTF-8, plain or gzipped.

    Parameters
    ----------
    path : Path
        The first line names the columns: post_id and any others of ``COLUMNS``. An empty field is missing, ``""`` is
        the empty text; a byte-order mark and Windows line ends do no harm.

    Returns
    -------
    Reading
        All columns as text.

    Raises
    ------
    InputError
        If the file is no such table.
    """
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    with sniff.opened(path) as stream:
        data = stream.read()
    top = sniff.first_line(data, path)
    names = top.fields
    check_names(names, f"{path}, line {top.number}")
    if not re.compile(rb"\S").search(data, top.end):
        raise InputError(f"{path}: the file holds a header and no posts; give one with rows")
    check_quotes(data, top.end, top.delimiter, path)
    try:
        table = arrow_csv.read_csv(
            pa.BufferReader(pa.py_buffer(data).slice(top.end)),
            parse_options=arrow_csv.ParseOptions(delimiter=top.delimiter, newlines_in_values=True),
            read_options=arrow_csv.ReadOptions(column_names=names, block_size=2**22),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.large_string()),
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid:
        raise _diagnosis(data, path, top) from None
    frame = table.to_pandas()
    return Reading(frame, "csv", len(frame), lambda row: _place(path, data, top, row))


def read_parquet(path):
    """Read a table of posts from Parquet.

    Parameters
    ----------
    path : Path

    Returns
    -------
    Reading

    Raises
    ------
    InputError
        If the file is damaged or no such table, or holds bytes where text should be.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.ParquetFile(path).read()
    except (pa.ArrowException, OSError) as error:
        raise parquet.damage(error, path) from None
    check_names(table.column_names, path)
    parquet.check_kinds(table.schema, path)
    parquet.check_texts(table, path)
    if table.num_rows == 0:
        raise InputError(f"{path}: the file holds no posts; give one with rows")
    frame = table.replace_schema_metadata(None).to_pandas(types_mapper=_dtype)
    return Reading(frame, "parquet", len(frame), lambda row: str(path) if row is None else f"{path}, row {row + 1}")


def write_csv(posts, stream):
    """Write checked posts as CSV: UTF-8, a newline between rows, quotes only where they are needed.

    Parameters
    ----------
    posts : DataFrame
        All of ``COLUMNS``, in their dtypes.
    stream : binary file
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    stream.write((",".join(COLUMNS) + "\n").encode())
    comma = pa.scalar(",", pa.large_string())
    for start in range(0, len(posts), _ROWS_AT_ONCE):
        fields = [_csv_field(posts[name].iloc[start : start + _ROWS_AT_ONCE]) for name in COLUMNS]
        lines = pc.binary_join_element_wise(*fields, comma, null_handling="replace")
        stream.write("\n".join([*lines.to_pylist(), ""]).encode())


def write_csv_gz(posts, stream):
    """Write checked posts as gzipped CSV, with no name and no time in the gzip header; see :func:`write_csv`."""
    with gzip.GzipFile(filename="", fileobj=stream, mode="wb", mtime=0) as packed, io.BufferedWriter(packed) as buffer:
        write_csv(posts, buffer)


def write_parquet(posts, stream):
    """Write checked posts as Parquet, without pandas' own metadata; see :func:`write_csv`."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.Table.from_pandas(posts, preserve_index=False).replace_schema_metadata(None)
    pq.write_table(table, stream, compression="zstd")


def _dtype(arrow):
    """Choose pandas' nullable whole numbers, so that a missing value makes no float of the others."""
    import pyarrow.types as kinds

    if kinds.is_signed_integer(arrow):
        return pd.Int64Dtype()
    return pd.UInt64Dtype() if kinds.is_unsigned_integer(arrow) else None


def check_names(names, place):
    """Raise an InputError unless these are columns of posts, each once, post_id among them."""
    unknown = [name or "(no name)" for name in names if name not in COLUMNS]
    if unknown:
        raise InputError(f"{place}: unknown columns {', '.join(unknown)}; known are {', '.join(COLUMNS)}")
    if "post_id" not in names:
        raise InputError(f"{place}: there is no column post_id; every table of posts has one")
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise InputError(f"{place}: the column {twice[0]} comes twice; keep one")


def _csv_field(column):
    import pyarrow as pa
    import pyarrow.compute as pc

    texts = _time_texts(column) if column.name == "created_at" else pa.array(column, from_pandas=True)
    texts = pc.cast(texts, pa.large_string())
    special = pc.or_(pc.match_substring_regex(texts, '[",\r\n]'), pc.equal(texts, ""))
    mark, nothing = (pa.scalar(text, pa.large_string()) for text in ('"', ""))
    quoted = pc.binary_join_element_wise(mark, pc.replace_substring(texts, '"', '""'), mark, nothing)
    return pc.if_else(special, quoted, texts)


def _time_texts(times):
    """Write times as 2017-10-15T20:21:11.5Z, with as many decimals as they have."""
    texts = pd.Series(np.datetime_as_string(times.to_numpy("M8[us]"), unit="us"), dtype="str")
    return texts.where(times.notna().to_numpy()).str.replace(r"\.?0*$", "Z", regex=True).array.__arrow_array__()


def _records(data, top):
    """Go through the records below the header: the line on which each begins, and its fields."""
    rows = csv.reader(io.StringIO(data[top.end :].decode("utf-8"), newline=""), delimiter=top.delimiter)
    start = top.number + 1
    for row in rows:
        if row:
            yield start, row
        start = top.number + 1 + rows.line_num


def _place(path, data, top, row):
    if row is None:
        return f"{path}, line {top.number}"
    line, _ = next(itertools.islice(_records(data, top), row, None))
    return f"{path}, line {line}"


def _diagnosis(data, path, top):
    """Find out why a CSV could not be read, without repeating what it holds."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return InputError(f"{path}, line {line}: this is not UTF-8; save the file in UTF-8")
    width = len(top.fields)
    for line, row in _records(data, top):
        if len(row) != width:
            fields = number_of(len(row), "field", "fields")
            return InputError(f"{path}, line {line}: {fields} where the header has {width}; mend the line")
    return InputError(f"{path}: the CSV is damaged; look for a quotation mark that is never closed")
