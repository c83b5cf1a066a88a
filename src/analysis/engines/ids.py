"""Ids by the million: the fast twins of :func:`analysis.snowflake.count_ids` and of the plain reader of id lists.

Each gives what its twin gives, to the last digit.
"""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd

from analysis.snowflake import EPOCH_MS, FIRST_ID, LAST_ID, check_rows, check_step, id_numbers, post_time

_CHUNK = 2**19


def count_ids(ids, freq="1min"):
    """Count posts by minute, or any other step, in whole-number arithmetic alone.

    Parameters
    ----------
    ids, freq
        As for :func:`analysis.snowflake.count_ids`. Ids as an int64 array are fastest.

    Returns
    -------
    DataFrame
        As :func:`analysis.snowflake.count_ids` gives it, and errors as it raises them.

    Examples
    --------
    >>> count_ids([919659437487030272, 919659437487030273, 919659936466989056])["posts"].tolist()
    [2, 0, 1]
    """
    length = check_step(freq)
    step = length // pd.Timedelta("1ms")
    numbers = id_numbers(ids)
    if len(numbers) and numbers.min() < FIRST_ID:
        numbers = numbers[numbers >= FIRST_ID]
    if len(numbers) == 0:
        first, posts = 0, np.zeros(0, dtype=np.int64)
    else:
        ends = np.array([numbers.min(), numbers.max()])
        check_rows(*post_time(ends).floor(length), length)
        first, last = _steps(ends, step)
        posts = _tally(numbers, step, first, last - first + 1)
    starts = (np.arange(first, first + len(posts), dtype=np.int64) + EPOCH_MS // step) * (step * 1000)
    return pd.DataFrame({"start": pd.DatetimeIndex(starts.view("M8[us]")).tz_localize("UTC"), "posts": posts})


def _steps(numbers, step):
    """Count the steps of ``step`` milliseconds from the one that holds the epoch to that of each id."""
    return ((numbers >> 22) + EPOCH_MS % step) // step


def _tally(numbers, step, first, size):
    """Count how many ids fall into each step, in chunks that fit the processor's cache, two at a time."""

    def count(chunk):
        steps = _steps(chunk, step)
        start = steps.min()
        return start, np.bincount(steps - start)

    posts = np.zeros(size, dtype=np.int64)
    width = max(_CHUNK, int(size))
    chunks = [numbers[start : start + width] for start in range(0, len(numbers), width)]
    with ThreadPoolExecutor(2) as pool:
        for start, part in pool.map(count, chunks):
            posts[start - first : start - first + len(part)] += part
    return posts


def parse_plain(data, columns, delimiter, newline):
    """Parse the bytes of an id list straight into whole numbers, if nothing in them is unusual.

    The parser (pyarrow's) is lax: it takes " 5", "007", "0x1F" and "-5" for numbers. So the bytes have to pass a test:
    written out again, the numbers must be exactly as long as the bytes were, and there may be no x. Apart from
    hexadecimal, all that the parser lets through is longer than the plain number.

    Parameters
    ----------
    data : bytes
        Whole lines, each with its end.
    columns : {1, 2}
    delimiter : str
    newline : bytes

    Returns
    -------
    list of ndarray of int64, shape (lines,), or None
        One array a column, 0 where the second is empty. None where anything is unusual; such bytes are read line by
        line, see :func:`analysis.collect.ids.read_block`.
    """
    import pyarrow as pa
    from pyarrow import csv

    if data.startswith(b'"'):
        data = _without_quotes(data, columns, delimiter.encode(), newline)
    if b"x" in data or b"X" in data:
        return None
    names = ["id", "second"][:columns]
    try:
        table = csv.read_csv(
            pa.BufferReader(data),
            csv.ReadOptions(column_names=names, use_threads=False, block_size=len(data) + 1),
            csv.ParseOptions(delimiter=delimiter, quote_char=False),
            csv.ConvertOptions(column_types=dict.fromkeys(names, pa.int64()), null_values=[""]),
        )
    except pa.ArrowInvalid:
        return None
    arrays = [table[name].combine_chunks() for name in names]
    if len(table) == 0 or arrays[0].null_count:
        return None
    numbers = [array.fill_null(0).to_numpy() for array in arrays]
    digits = _digits(numbers[0]) + sum(_digits(column[column != 0]) for column in numbers[1:])
    if digits + len(table) * (columns - 1 + len(newline)) != len(data):
        return None
    if newline == b"\r\n" and data.count(b"\r\n") != len(table):
        return None
    return numbers


def _without_quotes(data, columns, delimiter, newline):
    """Take the quotation marks off, if each field of each line has its two and there are no others."""
    lines = data.count(newline)
    paired = (
        data.count(b'"') == 2 * columns * lines
        and data.count(newline + b'"') == lines - 1
        and data.count(b'"' + newline) == lines
        and (columns == 1 or data.count(b'"' + delimiter + b'"') == lines)
    )
    return data.replace(b'"', b"") if paired else data


def _digits(numbers):
    """Count the digits of whole numbers as they are written; fewer than none if any is below 1, as no id is."""
    if len(numbers) == 0:
        return 0
    low, high = numbers.min(), numbers.max()
    if low < 1:
        return -LAST_ID
    count = len(numbers) * len(str(low))
    return count + sum(int((numbers >= 10**power).sum()) for power in range(len(str(low)), len(str(high))))
