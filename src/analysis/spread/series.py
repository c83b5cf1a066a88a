"""Counts on an even grid of time: what the estimators that follow a curve stand on."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd


class Series(NamedTuple):
    """Counts at even distances.

    Attributes
    ----------
    start : DatetimeIndex of datetime64[us, UTC], shape (n,)
    posts : ndarray of float64, shape (n,)
        NaN in a gap of the collection.
    step : Timedelta
    """

    start: pd.DatetimeIndex
    posts: np.ndarray
    step: pd.Timedelta


def even(counts: pd.DataFrame) -> Series:
    """Bring a table of counts onto an even grid, in order; what is not there is a gap and never a zero.

    Parameters
    ----------
    counts : DataFrame
        ``start`` (UTC; text in ISO 8601 and days without a zone are taken as UTC) and ``posts`` (whole numbers from 0
        up; missing in a gap of the collection), in any order.

    Returns
    -------
    Series
        From the first interval to the last. The step is the shortest distance between two of them.

    Raises
    ------
    ValueError
        Where a column or a start is missing, a start comes twice or off the grid, a count is negative or no whole
        number, or there are fewer than two intervals.

    Examples
    --------
    >>> days = pd.DataFrame({"start": ["2017-10-18", "2017-10-15", "2017-10-16"], "posts": [4, 1, 2]})
    >>> even(days).posts.tolist()
    [1.0, 2.0, nan, 4.0]
    """
    lost = [name for name in ("start", "posts") if name not in counts]
    if lost:
        raise ValueError(f"the table of counts has no column {' and no '.join(lost)}; give one as `counts` makes it")
    start = pd.DatetimeIndex(pd.to_datetime(counts["start"], utc=True)).as_unit("us")
    if start.isna().any():
        raise ValueError(f"row {int(np.flatnonzero(start.isna())[0])} of the counts has no start; drop it or mend it")
    if start.has_duplicates:
        raise ValueError(
            f"two rows of the counts start at {start[start.duplicated()][0]}; keep or add up one an interval"
        )
    if len(start) < 2:
        raise ValueError(f"the table of counts has {len(start)} rows; two or more are needed")
    posts = pd.to_numeric(counts["posts"]).to_numpy(float, na_value=np.nan)
    known = posts[~np.isnan(posts)]
    if (known < 0).any() or (known != np.floor(known)).any() or np.isinf(known).any():
        raise ValueError("posts holds a number that is no count: whole numbers from 0 up, or missing in a gap")
    at = start.asi8
    order = np.argsort(at)
    step = int(np.diff(at[order]).min())
    place = (at - at.min()) // step
    if ((at - at.min()) % step).any():
        raise ValueError("the intervals do not start at even distances; count again with one length of interval")
    size = int(place.max()) + 1
    if size > 10_000_000:
        raise ValueError(f"the table spans {size:,} intervals of its shortest distance; take longer ones")
    filled = np.full(size, np.nan)
    filled[place] = posts
    grid = pd.DatetimeIndex((at.min() + np.arange(size) * step).astype("datetime64[us]")).tz_localize("UTC")
    return Series(grid, filled, pd.Timedelta(step, "us"))


def utc(when) -> pd.Timestamp:
    """Give a moment in UTC.

    Parameters
    ----------
    when : str, datetime or Timestamp
        One without a zone is taken as UTC.

    Returns
    -------
    Timestamp

    Examples
    --------
    >>> utc("2017-10-16T02:00+02:00")
    Timestamp('2017-10-16 00:00:00+0000', tz='UTC')
    """
    when = pd.Timestamp(when)
    return when.tz_localize("UTC") if when.tzinfo is None else when.tz_convert("UTC")
