"""Read a table that somebody else counted: a date (or time) and one count or more a row."""

import re

import pandas as pd

from analysis.collect import sniff
from analysis.posts import COUNTS, TIMES
from analysis.schema import InputError

_TIME = r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?"


def are_counts(path):
    """Tell from the header and the first row whether a file is a CSV of counts; not if it is missing or no text."""
    try:
        with sniff.opened(path) as stream:
            start = stream.read(2**16)
        header = sniff.first_line(start, path)
        first = sniff.first_line(start[header.end :], path)
    except (InputError, OSError):
        return False
    time = _time_of(header.fields)
    if time is None or not any(name in COUNTS for name in header.fields) or len(first.fields) != len(header.fields):
        return False
    return all(
        re.fullmatch(_TIME if name == time else r"\d*", field)
        for name, field in zip(header.fields, first.fields, strict=True)
    )


def read_counts(path):
    """Read a CSV of counts, plain or gzipped; see :func:`analysis.posts.load_counts`."""
    if not are_counts(path):
        raise InputError(
            f"{path}: this is no table of counts; it has a column called {', '.join(TIMES)}, one called "
            f"{', '.join(COUNTS)}, and whole numbers alone beside the time"
        )
    with sniff.opened(path) as stream:
        header = sniff.first_line(stream.read(2**16), path)
    try:
        with sniff.opened(path) as stream:
            table = pd.read_csv(
                stream, sep=header.delimiter, dtype="str", keep_default_na=False, skipinitialspace=True,
                skip_blank_lines=False, skiprows=header.number - 1, encoding="utf-8-sig",
            )  # fmt: skip
    except ValueError as error:  # an InputError is one, and says itself what is wrong
        if isinstance(error, InputError):
            raise
        line = re.search(r"line (\d+)", str(error))
        raise InputError(f"{path}{f', line {line[1]}' if line else ''}: the CSV is damaged; mend the line") from None
    table.columns = [str(name).strip() for name in table.columns]
    table.index += header.number + 1  # the lines of the file
    table = table.fillna("")
    table = table[(table != "").any(axis=1)]
    time = _time_of(table.columns)
    _refuse(path, table[time], ~table[time].str.fullmatch(_TIME), "is no time; write 2017-10-15 or 2017-10-15T20:00Z")
    _refuse(path, table[time], table[time].duplicated(), "comes twice; keep one row an interval")
    for name in table.columns.drop(time):
        _refuse(path, table[name], ~table[name].str.fullmatch(r"\d{0,15}"), "is no count; write digits")
        table[name] = pd.to_numeric(table[name]).astype("Int64")
    return table.reset_index(drop=True)


def _time_of(names):
    """Find the column of times."""
    return next((name for name in names if name in TIMES), None)


def _refuse(path, column, wrong, why):
    """Raise an InputError that names the first line at which something is wrong."""
    lines = column.index[wrong.to_numpy(bool)]
    if len(lines):
        raise InputError(f"{path}, line {lines[0]}: what stands in the column {column.name} {why}")
