"""Find posts that share an id, in memory that grows by eight bytes a post; the most complete one is kept.

While posts are written, a number of 64 bits is kept for each id. Where all numbers differ, so do all ids, and there is
nothing to do. Else the rows whose numbers occur again are read once more and compared by 128 bits of their ids, so that
no two different posts are taken for one.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from analysis.ingest.finish import SCHEMA

_SECOND_KEY = "0123456789abcdef"
_MISSING = np.uint64(0)


def numbers_of(ids: pa.Array, numbers: np.ndarray | None) -> np.ndarray:
    """Give a number for each id: equal ids have equal ones.

    Parameters
    ----------
    ids : pyarrow Array of string
    numbers : ndarray of int64 or None
        The ids themselves, where they are whole numbers.

    Returns
    -------
    ndarray of uint64
        0 where the id is missing. The top bit tells hashes of texts from ids that are numbers.
    """
    if numbers is not None:
        return numbers.view(np.uint64)
    from analysis.snowflake import FINE, parse_ids

    found, state = parse_ids(ids)
    found = np.where(state == FINE, found, 0).view(np.uint64)
    others = pc.and_(ids.is_valid(), pa.array(state != FINE))
    if pc.any(others).as_py():  # hashing texts is slow, and most ids are numbers
        hashed = pd.util.hash_array(ids.filter(others).to_numpy(zero_copy_only=False), categorize=False)
        found[others.to_numpy(zero_copy_only=False)] = hashed | np.uint64(2**63)
    return found


def losers(path, numbers: list[np.ndarray]) -> np.ndarray:
    """Find the rows of a Parquet file that give way to a more complete row with the same id.

    Parameters
    ----------
    path : Path
        In ``finish.SCHEMA``.
    numbers : list of ndarray of uint64
        From :func:`numbers_of`, for the ids in the file. The list is emptied, so that the memory is not needed twice.

    Returns
    -------
    ndarray of int64
        Places of rows, in order. Among equally complete rows the values decide, so that the order of the input does
        not matter.
    """
    again = _again(numbers)
    if len(again) == 0:
        return np.zeros(0, np.int64)
    found, start = [], 0
    file = pq.ParquetFile(path)
    for batch in file.iter_batches(65_536):
        here = numbers_of(batch.column("post_id"), None)
        place = np.minimum(np.searchsorted(again, here), len(again) - 1)
        rows = np.flatnonzero(again[place] == here)
        if len(rows):
            table = pa.Table.from_batches([batch]).take(pa.array(rows))
            found.append((start + rows, here[rows], *_judged(table)))
        start += batch.num_rows
    rows, first, second, gaps, values = (np.concatenate(parts) for parts in zip(*found, strict=True))
    order = np.lexsort((rows, values, gaps, second, first))
    same = (first[order][1:] == first[order][:-1]) & (second[order][1:] == second[order][:-1])
    return np.sort(rows[order][1:][same])


def _again(numbers):
    """Give the numbers that occur more than once, in order; 0 stands for a missing id and does not count."""
    ordered, start = np.empty(sum(map(len, numbers)), np.uint64), 0
    while numbers:
        part = numbers.pop()
        ordered[start : start + len(part)] = part
        start += len(part)
    ordered.sort()
    places = np.flatnonzero(ordered[1:] == ordered[:-1])
    again = np.unique(ordered[places])
    return again[again != _MISSING]


def _judged(table):
    """Give for each row a second number for its id, its gaps, and a number for all its values."""
    ids = table["post_id"].to_numpy()
    second = pd.util.hash_array(ids, hash_key=_SECOND_KEY, categorize=False)
    gaps = sum(pc.is_null(table[name]).to_numpy().astype(np.int64) for name in SCHEMA.names)
    values = np.zeros(len(table), np.uint64)
    for name in SCHEMA.names:
        column = pc.cast(table[name], pa.string()).fill_null("").to_numpy()
        values = values * np.uint64(1_000_003) ^ pd.util.hash_array(column, categorize=False)
    return second, gaps, values
