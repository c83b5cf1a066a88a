"""Turn ids into whole numbers, strictly: a rounded id is found, never mended."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext

import numpy as np
import pandas as pd

LAST_ID = 2**63 - 1

# What parse_ids says of each text.
FINE, MISSING, ROUNDED, MALFORMED = range(4)
_ROUNDED = r"^[0-9]+(?:[.,][0-9]*)?[eE]\+?[0-9]+$|^[0-9]+\.[0-9]*$"


def id_numbers(ids):
    """Turn ids into whole numbers without ever passing through a float.

    Parameters
    ----------
    ids : Series, Index, array or list of int or str
        As for :func:`post_time`.

    Returns
    -------
    ndarray of int64
        Of the same length; 0 where an id is missing.

    Raises
    ------
    TypeError, ValueError
        As :func:`post_time` does.
    """
    kind = pd.api.types.infer_dtype(ids, skipna=True)
    if kind == "string":
        return _from_text(ids)
    if kind == "integer":
        return _from_whole(ids)
    if kind == "empty":
        return np.zeros(len(ids), dtype=np.int64)
    if "float" in kind:
        raise TypeError("ids as floating-point numbers have lost their last digits; read them as text or as int64")
    raise TypeError(f"ids are whole numbers or text, not {kind}")


def parse_ids(texts):
    """Read ids from text strictly: digits alone, no sign, no leading zero, at most 2**63 - 1.

    Parameters
    ----------
    texts : pyarrow Array of string

    Returns
    -------
    numbers : ndarray of int64
        0 where a text is no id.
    state : ndarray of uint8
        ``FINE``, ``MISSING`` (null), ``ROUNDED`` (a number that went through a float, as 9.19E+17) or ``MALFORMED``.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    width = pc.binary_length(texts)
    digits = pc.and_(pc.ascii_is_decimal(texts), pc.invert(pc.starts_with(texts, "0")))
    small = pc.or_(pc.less(width, 19), pc.and_(pc.equal(width, 19), pc.less_equal(texts, str(LAST_ID))))
    fine = _flags(pc.and_(digits, small))
    state = np.where(fine, FINE, MALFORMED).astype(np.uint8)
    if not fine.all():
        state[_flags(pc.match_substring_regex(texts, _ROUNDED))] = ROUNDED
        state[_flags(pc.is_null(texts))] = MISSING
        texts = pc.if_else(pa.array(fine), texts, "0")
    return pc.cast(texts, pa.int64()).to_numpy(zero_copy_only=False), state


def _flags(booleans):
    return booleans.fill_null(False).to_numpy(zero_copy_only=False)


def _from_text(ids):
    import pyarrow as pa

    texts = pa.array(ids, type=pa.large_string(), from_pandas=True)
    texts = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
    numbers, state = parse_ids(texts)
    bad = np.flatnonzero(state >= ROUNDED)
    if len(bad):
        at = int(bad[0])
        why = "was rounded, its last digits are lost" if state[at] == ROUNDED else "is not a whole number below 2**63"
        raise ValueError(f"the id {texts[at].as_py()!r} at position {at} {why} ({len(bad):,} such in all)")
    return numbers


def _from_whole(ids):
    dtype = getattr(ids, "dtype", None)
    if dtype == np.int64:
        return np.asarray(ids)
    numbers = np.asarray(ids) if isinstance(dtype, np.dtype) and dtype.kind in "iu" else np.asarray(ids, dtype=object)
    numbers = np.where(pd.isna(numbers), 0, numbers)
    beyond = np.flatnonzero(abs(numbers) > LAST_ID)
    if len(beyond):
        raise ValueError(f"the id {numbers[beyond[0]]} at position {beyond[0]} is not a whole number below 2**63")
    return numbers.astype(np.int64)


EPOCH_MS = 1288834974657
FIRST_ID = 29700859247
TIME_STEP = 2**22

_MOST_STEPS = 50_000_000


def post_time(ids):
    """Tell when posts were made, from their ids.

    Parameters
    ----------
    ids : Series, Index, array or list of int or str
        Twitter ids as whole numbers (any signed or unsigned dtype, or Int64) or as text. A single id does too.

    Returns
    -------
    Series, DatetimeIndex or Timestamp
        UTC times, exact to the millisecond, dtype datetime64[us, UTC]: for a Series a Series named "created_at" with
        the same index; for any other vector a DatetimeIndex; for a single id a Timestamp. Missing ids, and ids that
        are no Snowflakes because they are older (below ``FIRST_ID``), come back as NaT.

    Raises
    ------
    TypeError
        If the ids are floating-point numbers: those have lost their last digits already.
    ValueError
        If a text is no id; the message names its position, counted from 0.

    Examples
    --------
    >>> post_time("919659437487030272")
    Timestamp('2017-10-15 20:21:11+0000', tz='UTC')
    >>> list(post_time([919659437487030272, 20]))
    [Timestamp('2017-10-15 20:21:11+0000', tz='UTC'), NaT]
    """
    if np.ndim(ids) == 0 and not isinstance(ids, pd.Series):
        return post_time([ids])[0]
    times = pd.DatetimeIndex(_times(id_numbers(ids))).tz_localize("UTC")
    if isinstance(ids, pd.Series):
        return pd.Series(times, index=ids.index, name="created_at")
    return times


def first_id(time):
    """Tell the smallest id that a post made at a time, or after it, can have: the inverse of :func:`post_time`.

    Parameters
    ----------
    time : str, datetime, Timestamp, or a Series, index or list of them
        A time without a zone is taken as UTC. Fractions of a millisecond are rounded up.

    Returns
    -------
    int or ndarray of int64
        An int for a single time, else an array of the same length.

    Raises
    ------
    ValueError
        If a time is missing, lies before the epoch (2010-11-04 01:42:54.657 UTC) or beyond the last id, in 2080.

    Examples
    --------
    >>> first_id("2017-10-15 20:21:11")
    919659437487030272
    >>> first_id(["2010-11-04 01:42:54.657", "2010-11-04 01:42:54.658"])
    array([      0, 4194304])
    """
    if np.ndim(time) == 0 and not isinstance(time, pd.Series):
        return int(first_id([time])[0])
    times = pd.DatetimeIndex(pd.to_datetime(time, utc=True, format="ISO8601"))
    if times.hasnans:
        raise ValueError("a missing time has no first id")
    low, high = (pd.Timestamp(ms, unit="ms", tz="UTC") for ms in (EPOCH_MS, EPOCH_MS + LAST_ID // TIME_STEP))
    if (times < low).any():
        raise ValueError(f"{times.min()} lies before the first Snowflake second, 2010-11-04 01:42:54.657 UTC")
    if (times > high).any():
        raise ValueError(f"{times.max()} lies beyond the last id, in 2080")
    return (-(-times.as_unit("ns").asi8 // 10**6) - EPOCH_MS) * TIME_STEP


def is_invented(ids):
    """Tell which ids have worker number 0, as all ids of the invented corpus do and hardly any real post's id does.

    Parameters
    ----------
    ids : Series, Index, array or list of int or str
        As for :func:`post_time`.

    Returns
    -------
    ndarray of bool
        False too for a missing id and for one that is no Snowflake.

    Notes
    -----
    The number alone proves nothing. None of 75,526 real posts of 2017 and 2018 has it, but one of the conversations
    that they belong to does, of 29 December 2010. So where a person's words are at stake, ask
    :func:`analysis.posts.are_invented`, which looks at the authors too.

    Examples
    --------
    >>> is_invented([919659437487030272, 919659437487030272 + 4096])
    array([ True, False])
    """
    numbers = id_numbers(ids)
    return (numbers >= FIRST_ID) & ((numbers >> 12) & 1023 == 0)


def count_ids(ids, every="1min"):
    """Count posts by minute (or any other step) from their ids alone, in whole-number arithmetic.

    Parameters
    ----------
    ids : array or Series of int64, or of text
        As for :func:`post_time`; missing ids and ids that are no Snowflakes are left out.
    every : str or Timedelta, default "1min"
        The length of a step, whole milliseconds. Steps begin at multiples of it since 1970, as in ``dt.floor``.

    Returns
    -------
    DataFrame
        start (datetime64[us, UTC]) and posts (int64), one row a step from the first post to the last; a step without
        posts counts 0.

    Raises
    ------
    ValueError
        If ``every`` is no fixed length of time, not a whole, positive number of milliseconds, or so short that the
        table would pass fifty million rows.

    Examples
    --------
    >>> count_ids([919659437487030272, 919659437487030273, first_id("2017-10-15 20:23")])
                          start  posts
    0 2017-10-15 20:21:00+00:00      2
    1 2017-10-15 20:22:00+00:00      0
    2 2017-10-15 20:23:00+00:00      1
    """
    step = _milliseconds(every)
    numbers = id_numbers(ids)
    if len(numbers) and numbers.min() < FIRST_ID:
        numbers = numbers[numbers >= FIRST_ID]
    if len(numbers) == 0:
        return _counts_table(0, np.zeros(0, dtype=np.int64), step)
    low, high = (int(_steps(end, step)) for end in (numbers.min(), numbers.max()))
    if high - low >= _MOST_STEPS:
        raise ValueError(f"every={every!r} would make {high - low + 1:,} rows; choose a longer step")
    posts = tally(numbers, lambda part: _steps(part, step), low, high - low + 1)
    return _counts_table(low, posts, step)


def _milliseconds(every):
    try:
        step, rest = divmod(pd.Timedelta(every).as_unit("ns").value, 10**6)
    except (ValueError, TypeError):
        raise ValueError(f"every={every!r} is no fixed length of time; write '10min', '1h' or '1D', say") from None
    if step <= 0 or rest:
        raise ValueError(f"every={every!r} is not a whole, positive number of milliseconds; write '1min', say")
    return step


def _times(numbers):
    """Ids to datetime64[us], NaT below the first Snowflake id."""
    times = (((numbers >> 22) + EPOCH_MS) * 1000).view("M8[us]")
    times[numbers < FIRST_ID] = "NaT"
    return times


def _steps(numbers, step):
    """Count the steps of ``step`` milliseconds from the one that holds the epoch to each id's."""
    return ((numbers >> 22) + EPOCH_MS % step) // step


def _counts_table(low, posts, step):
    first = low + EPOCH_MS // step
    starts = np.arange(first, first + len(posts), dtype=np.int64) * (step * 1000)
    return pd.DataFrame({"start": pd.DatetimeIndex(starts.view("M8[us]")).tz_localize("UTC"), "posts": posts})


_CHUNK = 2**19


def tally(numbers, steps, low, size):
    """Count how many of some numbers fall into each step.

    Parameters
    ----------
    numbers : ndarray of int64
    steps : callable
        Takes an array of numbers and gives the step of each (int64). It must not change what it is given.
    low, size : int
        The first step, and how many there are; each number's step must lie among them.

    Returns
    -------
    ndarray of int64, shape (size,)

    Examples
    --------
    >>> tally(np.array([61, 7, 125, 62]), lambda numbers: numbers // 60, low=0, size=3)
    array([1, 2, 1])
    """

    def count(chunk):
        found = steps(chunk)
        start = found.min()
        return int(start), np.bincount(found - start)

    total = np.zeros(size, dtype=np.int64)
    width = max(_CHUNK, size)
    chunks = [numbers[at : at + width] for at in range(0, len(numbers), width)]
    with ThreadPoolExecutor(2) if len(chunks) > 1 else nullcontext() as pool:
        for start, part in (pool.map if pool else map)(count, chunks):
            total[start - low : start - low + len(part)] += part
    return total
