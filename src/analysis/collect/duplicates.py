"""Find posts that share an id, in memory that grows by eight bytes a post; the most complete one is kept.

While posts are written, a number of 64 bits is kept for each id. Where all numbers differ, so do all ids, and there is
nothing to do. Else the rows whose numbers occur again are read once more and compared by 128 bits of their ids, so that
no two different posts are taken for one.
"""

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from analysis.collect.columns import SCHEMA

_SECOND_KEY = "0123456789abcdef"
_MISSING = np.uint64(0)
_SHARES = 4  # in which numbers are compared, one after the other


def numbers_of(ids: pa.Array, numbers: np.ndarray | None) -> np.ndarray:
    """Give a number for each id: equal ids have equal ones, and missing ones 0.

    The top bit tells hashes of texts from ids that are numbers. Where all are, they may be given as `numbers` too.
    """
    if numbers is not None:
        return numbers.view(np.uint64)
    from analysis.snowflake import FINE, parse_ids

    parsed, state = parse_ids(ids)
    keys = np.where(state == FINE, parsed, 0).view(np.uint64)
    others = pc.and_(ids.is_valid(), pa.array(state != FINE))
    if pc.any(others).as_py():  # hashing texts is slow, and most ids are numbers
        hashed = pd.util.hash_array(ids.filter(others).to_numpy(zero_copy_only=False), categorize=False)
        keys[others.to_numpy(zero_copy_only=False)] = hashed | np.uint64(2**63)
    return keys


def rows_to_drop(path, numbers: list[np.ndarray]) -> np.ndarray:
    """Find the rows of a Parquet file that give way to a more complete row with the same id.

    The list `numbers` is emptied, so that the memory is not needed twice. Among equally complete rows the values
    decide, so that the order of the input does not matter.
    """
    rows, first = _places(_again(numbers), numbers)
    numbers.clear()
    if len(rows) == 0:
        return rows
    second, gaps, values = _read(path, rows)
    order = np.lexsort((rows, values, gaps, second, first))
    same = (first[order][1:] == first[order][:-1]) & (second[order][1:] == second[order][:-1])
    return np.sort(rows[order][1:][same])


def _again(numbers):
    """Give the numbers that occur more than once, in order; 0 stands for a missing id and does not count.

    A share of them is looked at at a time, so that not all are in memory twice.
    """
    repeated = []
    for share in range(_SHARES):
        part = np.concatenate([keys[_share(keys) == share] for keys in numbers] or [np.zeros(0, np.uint64)])
        part.sort()
        repeated.append(np.unique(part[1:][part[1:] == part[:-1]]))
    again = np.sort(np.concatenate(repeated))
    return again[again != _MISSING]


def _share(numbers):
    """Tell which share each number belongs to: by bits that differ in ids, whose last 22 seldom do."""
    return (numbers >> np.uint64(22)) % np.uint64(_SHARES)


def _places(again, numbers):
    """Give the rows whose numbers occur again, and these numbers."""
    rows, repeated, start = [np.zeros(0, np.int64)], [np.zeros(0, np.uint64)], 0
    for keys in numbers if len(again) else ():
        place = np.minimum(np.searchsorted(again, keys), len(again) - 1)
        here = np.flatnonzero(again[place] == keys)
        rows.append(start + here)
        repeated.append(keys[here])
        start += len(keys)
    return np.concatenate(rows), np.concatenate(repeated)


def _read(path, rows):
    """Judge some rows of a file, reading no more than the row groups that hold them."""
    file = pq.ParquetFile(path)
    ends = np.cumsum([file.metadata.row_group(group).num_rows for group in range(file.num_row_groups)])
    starts = np.append(0, ends[:-1])
    bounds = np.searchsorted(rows, np.append(0, ends))
    groups = np.flatnonzero(np.diff(bounds))

    def judged(group):
        here = rows[bounds[group] : bounds[group + 1]] - starts[group]
        # A reader of its own: one that threads share mixes up what it read ahead.
        with pq.ParquetFile(path, metadata=file.metadata) as alone:
            return _judged(alone.read_row_group(group, use_threads=False).take(pa.array(here)).combine_chunks())

    with ThreadPoolExecutor(min(2, os.cpu_count() or 1)) as pool:
        parts = list(pool.map(judged, groups.tolist()))
    return [np.concatenate(column) for column in zip(*parts, strict=True)]


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
