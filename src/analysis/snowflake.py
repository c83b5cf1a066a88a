"""What a Twitter id tells: an id made since November 2010 (a Snowflake) holds its time, to the millisecond.

Its upper bits count milliseconds since ``EPOCH_MS``; the lower 22 hold a worker number and a sequence number. Ids are
handled as text or as whole numbers alone: a float loses their last digits, and with them the post and its time.
"""

import numpy as np
import pandas as pd

#: 2010-11-04 01:42:54.657 UTC, from which Snowflakes count, in milliseconds since 1970.
EPOCH_MS = 1288834974657
#: The first Snowflake. Smaller ids were numbered one after the other and hold no time.
FIRST_ID = 29700859247
LAST_ID = 2**63 - 1
#: How far the ids of two successive milliseconds lie apart.
TIME_STEP = 2**22
#: What :func:`parse_ids` says of each text.
FINE, MISSING, ROUNDED, MALFORMED = range(4)
_ROUNDED = r"^[0-9]+(?:[.,][0-9]*)?[eE]\+?[0-9]+$|^[0-9]+\.[0-9]*$"
_MOST_STEPS = 50_000_000


def arrow_text(texts):
    """Give a Series, array or list of text as one pyarrow.Array of large_string; None, NaN and NA are null."""
    import pyarrow as pa

    texts = pa.array(texts, type=pa.large_string(), from_pandas=True)
    return texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts


def parse_ids(texts):
    """Read ids from text strictly: digits alone, no sign, no leading zero, at most 2**63 - 1.

    Parameters
    ----------
    texts : pyarrow.Array of string

    Returns
    -------
    numbers : ndarray of int64
        0 where a text is no id.
    state : ndarray of uint8
        ``FINE``, ``MISSING`` (null), ``ROUNDED`` (a number that went through a float, as 9.19E+17) or ``MALFORMED``.
        A rounded id is found, never mended.
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


def id_numbers(ids):
    """Turn ids (as for :func:`post_time`, whose errors it raises) into int64, 0 where missing, without any float."""
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


def _from_text(ids):
    texts = arrow_text(ids)
    numbers, state = parse_ids(texts)
    wrong = np.flatnonzero(state >= ROUNDED)
    if len(wrong):
        row = int(wrong[0])
        why = "was rounded, its last digits are lost" if state[row] == ROUNDED else "is not a whole number below 2**63"
        raise ValueError(f"the id {texts[row].as_py()!r} at position {row} {why} ({len(wrong):,} such in all)")
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
    numbers = id_numbers(ids)
    times = (((numbers >> 22) + EPOCH_MS) * 1000).view("M8[us]")
    times[numbers < FIRST_ID] = "NaT"
    times = pd.DatetimeIndex(times).tz_localize("UTC")
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
    The number alone proves nothing: none of 75,526 real posts of 2017 and 2018 has it, but one post of 2010 that they
    answer does. Where a person's words are at stake, ask :func:`analysis.posts.are_invented`.
    """
    numbers = id_numbers(ids)
    return (numbers >= FIRST_ID) & ((numbers >> 12) & 1023 == 0)


def count_ids(ids, freq="1min"):
    """Count posts by minute, or any other step, from their ids alone.

    :func:`analysis.engines.ids.count_ids` gives the same table from millions of ids many times faster.

    Parameters
    ----------
    ids : Series, Index, array or list of int or str
        As for :func:`post_time`; missing ids and ids that are no Snowflakes are left out.
    freq : str or Timedelta, default "1min"
        The length of a step, whole milliseconds. Steps begin at multiples of it since 1970, as in ``dt.floor``.

    Returns
    -------
    DataFrame
        start (datetime64[us, UTC]) and posts (int64), one row a step from the first post to the last; a step without
        posts counts 0.

    Raises
    ------
    ValueError
        If ``freq`` is no fixed length of time, not a whole, positive number of milliseconds, or so short that the
        table would pass fifty million rows.

    Examples
    --------
    >>> count_ids([919659437487030272, 919659437487030273, first_id("2017-10-15 20:23")])
                          start  posts
    0 2017-10-15 20:21:00+00:00      2
    1 2017-10-15 20:22:00+00:00      0
    2 2017-10-15 20:23:00+00:00      1
    """
    step = check_step(freq)
    starts = pd.Series(post_time(ids)).dropna().dt.floor(step)
    check_rows(starts.min(), starts.max(), step)
    every_start = pd.date_range(starts.min(), starts.max(), freq=step, unit="us") if len(starts) else starts.array
    posts = starts.value_counts().reindex(every_start, fill_value=0)
    return pd.DataFrame({"start": every_start, "posts": posts.to_numpy("int64")})


def check_step(freq):
    """Read a step of time as a Timedelta; raise a ValueError if :func:`count_ids` cannot count by it."""
    try:
        step = pd.Timedelta(freq)
        nanoseconds = step.as_unit("ns").value
    except (ValueError, TypeError):
        raise ValueError(f"freq={freq!r} is no fixed length of time; write '10min', '1h' or '1D', say") from None
    if step is pd.NaT or nanoseconds <= 0 or nanoseconds % 10**6:
        raise ValueError(f"freq={freq!r} is not a whole, positive number of milliseconds; write '1min', say")
    return step


def check_rows(first, last, step):
    """Raise a ValueError if steps from a first to a last Timestamp (or NaT) would make a table too long to hold."""
    if pd.notna(first) and (last - first) // step >= _MOST_STEPS:
        raise ValueError(f"freq={str(step)!r} would make {(last - first) // step + 1:,} rows; choose a longer step")
