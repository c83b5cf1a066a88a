"""Read Parquet files that hold posts: pyarrow takes their texts unchecked, so they are checked here."""

import pandas as pd

from analysis.schema import InputError, check_names

_IN_UTF8 = "save the file anew with its texts in UTF-8"


def read_table(path):
    """Read a table of posts as a DataFrame; whole numbers with missing values stay whole numbers.

    Raises
    ------
    InputError
        If the file is damaged or no table of posts, or holds bytes where text should be.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.ParquetFile(path).read()
    except (pa.ArrowException, OSError) as error:
        raise damage(error, path) from None
    check_names(table.column_names, path)
    check_kinds(table.schema, path)
    check_texts(table, path)
    return table.replace_schema_metadata(None).to_pandas(types_mapper=_nullable)


def _nullable(kind):
    """Choose pandas' nullable whole numbers, so that a missing value makes no float of the others."""
    import pyarrow as pa

    if pa.types.is_signed_integer(kind):
        return pd.Int64Dtype()
    return pd.UInt64Dtype() if pa.types.is_unsigned_integer(kind) else None


def damage(error, path):
    """Say what is wrong with a file that pyarrow does not read; its own words may repeat what a cell holds."""
    if "UTF8" in str(error):  # so it is with texts that are stored once each, as categories
        return InputError(f"{path}: a text in it is not UTF-8; {_IN_UTF8}")
    return InputError(f"{path}: the Parquet file is damaged or breaks off; fetch or copy it again")


def check_kinds(schema, path):
    """Raise an InputError where a column of a pyarrow.Schema holds bytes or nested values."""
    import pyarrow.types as kinds

    for field in schema:
        kind = field.type.value_type if kinds.is_dictionary(field.type) else field.type
        nested = kinds.is_nested(kind)
        if nested or kinds.is_binary(kind) or kinds.is_large_binary(kind) or kinds.is_fixed_size_binary(kind):
            what = "nested values" if nested else "bytes"
            raise InputError(f"{path}: the column {field.name} holds {what}; save it anew as text in UTF-8, say")


def check_texts(table, path, start=0):
    """Raise an InputError at the first text that is not UTF-8 in a pyarrow.Table, which `start` rows came before."""
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
    import pyarrow as pa

    stored = pa.large_binary() if pa.types.is_large_string(column.type) else pa.binary()
    for row, value in enumerate(column.cast(stored)):
        try:
            (value.as_py() or b"").decode("utf-8")
        except UnicodeDecodeError:
            return row
    return 0
