"""Read our own tables and lists of ids: find out which a file is, read it, and say where it is wrong."""

from pathlib import Path

import pandas as pd

from analysis.collect import counts, csv_faults, ids, parquet, sniff
from analysis.posts import parse_csv
from analysis.schema import InputError, check_columns, check_names

_START = 2**16


def read(path, *, second=None):
    """Read a file, or all readable files of a folder, in any known format; `second` as :func:`ids.read_ids` has it.

    Returns
    -------
    posts : DataFrame
        As :func:`analysis.schema.check_columns` gives them, in the order of the file.
    format : str
        "csv", "parquet" or "ids"; several are joined by +.
    notes : list of str
        Sentences that the reader of the posts ought to know.

    Raises
    ------
    InputError
        If there is nothing readable, or something in it is wrong; it names the file, and the line if there is one.
    """
    if path.is_dir():
        return _read_folder(path, second)
    kind = detect(path)
    if kind == "ids":
        table, place = ids.read_table(path, second=second), lambda row: path
    else:
        table, place = {"csv": _read_csv, "parquet": _read_parquet}[kind](path)
    try:
        return check_columns(table), kind, []
    except InputError as error:
        raise InputError(f"{place(error.row)}: {error}") from None


def detect(path):
    """Tell from its content whether a file is our own "parquet", our own "csv" or a list of "ids".

    Raises
    ------
    InputError
        If the file is missing, empty, damaged, or nothing that is read here.
    """
    with sniff.opened(path) as stream:
        start = stream.read(_START)
    if not start:
        raise InputError(f"{path}: the file is empty; give one that holds posts or ids")
    if start.startswith(b"PAR1"):
        return "parquet"
    for magic, what in sniff.OTHER_KINDS.items():
        if start.startswith(magic):
            raise InputError(f"{path}: this is {what}")
    names = sniff.first_line(start, path).fields
    if "post_id" in names:
        return "csv"
    if len(names) <= 2 and (names[0].lower() in sniff.ID_HEADERS or sniff.looks_like_id(names[0])):
        return "ids"
    if counts.are_counts(path):
        raise InputError(f"{path}: this is a table of counts and not of posts; make run takes it, and load_counts does")
    raise InputError(f"{path}, line 1: {sniff.complaint(names)}")


def _read_csv(path):
    """Read a CSV in UTF-8 with a column post_id; and give a function that places its rows."""
    import pyarrow as pa

    with sniff.opened(path) as stream:
        data = stream.read()
    header = sniff.first_line(data, path)
    check_names(header.fields, f"{path}, line {header.number}")
    if not data[header.end :].strip():
        raise InputError(f"{path}: the file holds a header and no posts; give one with rows")
    csv_faults.check_quotes(data, header, path)
    try:
        table = parse_csv(data, header.end, header.fields, header.delimiter)
    except pa.ArrowInvalid:
        raise csv_faults.find_fault(data, header, path) from None
    return table, lambda row: f"{path}, line {csv_faults.line_of(data, header, row)}"


def _read_parquet(path):
    """Read a Parquet file with a column post_id; and give a function that places its rows."""
    table = parquet.read_table(path)
    if len(table) == 0:
        raise InputError(f"{path}: the file holds no posts; give one with rows")
    return table, lambda row: path if row is None else f"{path}, row {row + 1}"


def _read_folder(folder, second):
    """Read the readable files of a folder, in the order of their names; what was passed over is noted."""
    tables, formats, notes = [], set(), []
    for path in sorted(folder.iterdir()):
        if not path.is_file() or path.name.startswith("."):
            continue
        try:
            detect(path)
        except InputError:
            notes.append(f"{Path(folder.name, path.name)} was passed over: it is in no known format")
            continue
        table, kind, _ = read(path, second=second)
        tables.append(table)
        formats.add(kind)
    if not tables:
        raise InputError(f"{folder}: this folder holds nothing readable; give a CSV, a Parquet file or a list of ids")
    try:
        return check_columns(pd.concat(tables, ignore_index=True)), "+".join(sorted(formats)), notes
    except InputError as error:
        raise InputError(f"{folder}: {error}") from None
