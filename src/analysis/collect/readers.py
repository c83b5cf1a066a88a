"""Readers of files: each module knows one format, :func:`read` finds out which one a file is in."""

from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

__all__ = ["Reading", "read"]


@dataclass(frozen=True)
class Reading:
    """What a reader hands over.

    Attributes
    ----------
    table : DataFrame
        Some columns of ``analysis.schema.COLUMNS``, not yet in their dtypes.
    format : str
        "csv", "parquet" or "ids".
    read : int
        Rows that the file holds.
    place : callable
        Takes a row of ``table`` (or None) and names the file, with the line where there is one.
    notes : list of str
        Sentences that the reader of the result ought to know.
    """

    table: pd.DataFrame
    format: str
    read: int
    place: callable
    notes: list = field(default_factory=list)


def read(path, *, second=None):
    """Read a file, or all readable files of a folder, in whatever known format.

    Parameters
    ----------
    path : Path
    second : {"parent_id", "root_id"}, optional
        What the second column of an id list without a header holds.

    Returns
    -------
    Reading

    Raises
    ------
    InputError
        If there is nothing readable.
    """
    from analysis.collect import ids, own, sniff

    if path.is_dir():
        return _read_folder(path, second)
    readers = {
        "ids": lambda: ids.read_table(path, second=second),
        "csv": lambda: own.read_csv(path),
        "parquet": lambda: own.read_parquet(path),
    }
    return readers[sniff.detect(path)]()


def _read_folder(folder, second):
    """Read the readable files of a folder, in the order of their names; what was passed over is noted."""
    from analysis.collect import sniff
    from analysis.schema import InputError

    readings, passed = [], []
    for path in sorted(folder.iterdir()):
        if not path.is_file() or path.name.startswith("."):
            continue
        try:
            sniff.detect(path)
        except InputError:
            passed.append(path.name)
        else:
            readings.append(read(path, second=second))
    if not readings:
        raise InputError(f"{folder}: this folder holds nothing readable; give a CSV, a Parquet file or a list of ids")
    starts = pd.Series([len(reading.table) for reading in readings]).cumsum().shift(fill_value=0).tolist()

    def place(row):
        if row is None:
            return str(folder)
        at = max(index for index, start in enumerate(starts) if start <= row)
        return readings[at].place(row - starts[at])

    notes = [f"{Path(folder.name, name)} was passed over: it is in no known format" for name in passed]
    return Reading(
        table=pd.concat([reading.table for reading in readings], ignore_index=True),
        format="+".join(sorted({reading.format for reading in readings})),
        read=sum(reading.read for reading in readings),
        place=place,
        notes=[*notes, *(note for reading in readings for note in reading.notes)],
    )
