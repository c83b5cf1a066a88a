"""What a Parquet file may hold where posts are read from it: pyarrow takes its texts unchecked, so they are checked."""

from __future__ import annotations

from analysis.schema import InputError

_IN_UTF8 = "save the file anew with its texts in UTF-8"


def damage(error, path):
    """Say what is wrong with a Parquet file that pyarrow does not read; its own words may repeat what a cell holds.

    Parameters
    ----------
    error : Exception
    path : Path

    Returns
    -------
    InputError
    """
    if "UTF8" in str(error):  # so it is with texts that are stored once each, as categories
        return InputError(f"{path}: a text in it is not UTF-8; {_IN_UTF8}")
    return InputError(f"{path}: the Parquet file is damaged or breaks off; fetch or copy it again")


def check_kinds(schema, path):
    """Raise an InputError where a column of a Parquet file holds bytes or nested values, which no column of posts does.

    Parameters
    ----------
    schema : pyarrow.Schema
    path : Path
    """
    import pyarrow.types as kinds

    for field in schema:
        kind = field.type.value_type if kinds.is_dictionary(field.type) else field.type
        nested = kinds.is_nested(kind)
        if nested or kinds.is_binary(kind) or kinds.is_large_binary(kind) or kinds.is_fixed_size_binary(kind):
            what = "nested values" if nested else "bytes"
            raise InputError(f"{path}: the column {field.name} holds {what}; save it anew as text in UTF-8, say")


def check_texts(table, path, start=0):
    """Raise an InputError at the first text of a Parquet file that is not UTF-8: pyarrow itself reads it unchecked.

    Parameters
    ----------
    table : pyarrow.Table
        Columns that passed :func:`check_kinds`.
    path : Path
    start : int
        The rows of the file that come before those of `table`.
    """
    import pyarrow as pa

    for name, column in zip(table.column_names, table.columns, strict=True):
        try:
            column.validate(full=True)
        except pa.ArrowInvalid as error:
            if not pa.types.is_string(column.type) and not pa.types.is_large_string(column.type):
                raise damage(error, path) from None
            row = start + _first_not_utf8(column) + 1
            raise InputError(f"{path}, row {row}: {name} is not UTF-8; {_IN_UTF8}") from None


def _first_not_utf8(column):
    """Give the row of the first text that is not UTF-8."""
    import pyarrow as pa

    stored = pa.large_binary() if pa.types.is_large_string(column.type) else pa.binary()
    for row, value in enumerate(column.cast(stored)):
        try:
            (value.as_py() or b"").decode("utf-8")
        except UnicodeDecodeError:
            return row
    return 0
