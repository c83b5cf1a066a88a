"""Tables of counts, ready-made ones too: checked, cut into longer intervals, gaps in them made missing."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.posts import COUNTS, TIMES
from analysis.spread.times import cut, lengths, microseconds, numbers_of, utc


def from_table(table: pd.DataFrame, *, groups: str | None = None, by: str = "group") -> pd.DataFrame:
    """Make a table of counts of one that somebody else counted: a date and a count a row.

    Parameters
    ----------
    table : DataFrame
        One row an interval, in any order. Rows that are not there are taken as missing, never as zero. The column of
        the intervals' beginnings is the first of :data:`analysis.posts.TIMES`: dates, or times as text or datetimes;
        without a zone they are taken to be UTC. That of the counts is the first of :data:`analysis.posts.COUNTS`:
        whole, from 0 up; an empty one is missing.
    groups : str, optional
        How the columns of further groups begin, such as ``"lang_"``. They are given as one row a group then.
    by : str
        What the column of the groups is to be called.

    Returns
    -------
    DataFrame
        ``start`` (datetime64[us, UTC]) and ``posts`` (Int64) in order; with `groups` a row for each group and
        interval, with the name of the group (without its beginning) in the column `by`, and ``of`` (Int64), the count
        of all.

    Raises
    ------
    ValueError
        Where a column is not there or holds what it cannot, or an interval comes twice.

    Examples
    --------
    >>> days = pd.DataFrame({"date": ["2017-10-18", "2017-10-16", "2017-10-15"], "tweets": [151, 395, 19]})
    >>> from_table(days.assign(lang_sv=[5, 1, 0]), groups="lang_", by="lang").dropna()[["lang", "posts", "of"]]
      lang  posts   of
    0   sv      0   19
    1   sv      1  395
    3   sv      5  151
    """
    time, posts = _first_of(TIMES, table), _first_of(COUNTS, table)
    starts = _starts(table[time], time)

    def counted(name):
        return checked(pd.DataFrame({"start": starts, "posts": table[name].to_numpy()}))

    if groups is None:
        return counted(posts)
    wanted = [name for name in table if str(name).startswith(groups) and name not in (time, posts)]
    if not wanted:
        raise ValueError(f"no column begins with {groups!r}; there are {', '.join(map(str, table))}")
    parts = [counted(name).assign(**{by: name.removeprefix(groups), "of": counted(posts)["posts"]}) for name in wanted]
    table = pd.concat(parts).sort_values("start", kind="stable", ignore_index=True)
    return table[["start", by, "posts", "of"]]


def is_counts(data: pd.DataFrame) -> bool:
    """Tell a table of counts (``start`` and ``posts``) from a table of posts."""
    return "start" in data and "posts" in data


def checked(table: pd.DataFrame) -> pd.DataFrame:
    """Give a table of counts in order of time and with whole counts, or say what is wrong with it.

    ``start`` keeps its zone (datetime64[us]), ``posts`` become Int64, other columns stay. Intervals of one length that
    are not there are added as missing. ValueError: a time is missing or has no zone, an interval comes twice, or a
    count is negative or not whole.
    """
    absent = [name for name in ("start", "posts") if name not in table]
    if absent:
        raise ValueError(f"the table of counts has no column {' and no '.join(absent)}; give one as `counts` makes it")
    starts = table["start"]
    if not isinstance(starts.dtype, pd.DatetimeTZDtype):
        raise ValueError("the times in start have no zone; tell it with dt.tz_localize('UTC')")
    if starts.isna().any():
        raise ValueError(f"{int(starts.isna().sum())} intervals have no start; leave out such rows")
    if starts.duplicated().any():
        raise ValueError(
            f"the interval from {starts[starts.duplicated()].iloc[0]} comes twice; take one group at a time"
        )
    table = table.assign(posts=_whole(table["posts"]), start=starts.astype(f"datetime64[us, {starts.dt.tz}]"))
    return _with_absent(table.sort_values("start", ignore_index=True))


def regrouped(table: pd.DataFrame, every: str) -> pd.DataFrame:
    """Add a table of counts up to intervals of a multiple; one that holds a missing count is missing itself."""
    table = checked(table)
    if len(table) < 2:
        return table
    numbers = numbers_of(table["start"])
    own, step = int(np.median(np.diff(numbers))), microseconds(every)
    if own == step:
        return table
    if step < own or step % own:
        raise ValueError(f"every={every!r} is no multiple of the {own / 3.6e9:g} hours of these counts; take one")
    zone = str(table["start"].dt.tz)
    edges = cut(int(numbers[0]), int(numbers[-1]), every, zone)
    interval = np.searchsorted(edges, numbers, "right") - 1
    posts = table["posts"].groupby(interval).sum(min_count=1)
    posts[table["posts"].isna().groupby(interval).any()] = pd.NA
    return pd.DataFrame({"start": utc(edges[:-1], zone), "posts": posts.reindex(range(len(edges) - 1)).array})


def masked(table: pd.DataFrame, gaps) -> pd.DataFrame:
    """Make ``posts`` and ``authors`` missing in gaps: half-open, a table with ``start`` and ``end``, or pairs."""
    pairs = [] if gaps is None else gaps[["start", "end"]].to_numpy() if isinstance(gaps, pd.DataFrame) else list(gaps)
    if not len(pairs) or table.empty:
        return table
    begins = numbers_of(table["start"])
    groups = len(table) // table["start"].nunique()
    ends = begins + (lengths(table["start"].drop_duplicates()) * 3.6e9).round().astype(np.int64).repeat(groups)
    lost = np.zeros(len(table), dtype=bool)
    for start, end in pairs:
        start, end = pd.Timestamp(start), pd.Timestamp(end)
        if start.tz is None or end.tz is None:
            raise ValueError(f"the gap from {start} has no time zone; write pd.Timestamp('2018-03-27', tz='UTC')")
        if not start < end:
            raise ValueError(f"the gap from {start} ends at {end}; a gap must end after it begins")
        begin, until = numbers_of([start, end])
        lost |= (begins < until) & (ends > begin)
    columns = [name for name in ("posts", "authors") if name in table]
    return table.assign(**{name: table[name].mask(lost) for name in columns})


def values(table: pd.DataFrame) -> np.ndarray:
    """Give the counts of a table as floats, missing ones as NaN."""
    return table["posts"].astype("Float64").to_numpy(float, na_value=np.nan)


class Series(NamedTuple):
    """Counts at even distances (UTC), for the estimators that follow a curve; NaN in a gap of the collection."""

    start: pd.DatetimeIndex
    posts: np.ndarray
    step: pd.Timedelta


def even(counts: pd.DataFrame) -> Series:
    """Bring a table of counts onto an even grid, in order; what is not there is a gap and never a zero.

    ValueError: as :func:`checked`; and where there are fewer than two intervals, or they are not of one length (days of
    a zone whose clocks change).
    """
    table = checked(counts)
    if len(table) < 2:
        raise ValueError(f"the table of counts has {len(table)} rows; two or more are needed")
    start = pd.DatetimeIndex(table["start"]).tz_convert("UTC")
    steps = np.diff(start.asi8)
    if (steps != steps[0]).any():
        raise ValueError("these intervals are not of one length; count again in UTC")
    return Series(start, values(table), pd.Timedelta(int(steps[0]), "us"))


def _first_of(known, table):
    """Find the column that is meant."""
    name = next((column for column in known if column in table), None)
    if name is None:
        raise ValueError(f"no column is called {', '.join(known)}; give one of them this name")
    return name


def _starts(times, name):
    """Bring the beginnings of ready-made intervals into UTC."""
    try:
        read = pd.to_datetime(times, format=None if pd.api.types.is_datetime64_any_dtype(times) else "ISO8601")
    except (ValueError, TypeError):
        raise ValueError(f"the column {name!r} holds what is no time; write 2017-10-15 or 2017-10-15T20:00Z") from None
    read = read.dt.tz_localize("UTC") if read.dt.tz is None else read.dt.tz_convert("UTC")
    return read.astype("datetime64[us, UTC]").to_numpy(dtype=object)


def _whole(counts):
    """Bring counts into Int64, or say what is wrong with them."""
    numbers = pd.to_numeric(counts, errors="coerce")
    if (numbers.isna() & counts.notna()).any():
        raise ValueError("a count is no number; counts are whole, from 0 up, and empty where they are not known")
    known = numbers.dropna()
    if ((known < 0) | (known % 1 != 0)).any():
        raise ValueError("a count is negative or not whole; counts are whole, from 0 up")
    return numbers.astype("Int64")


def _with_absent(table):
    """Add the intervals that are not there as missing ones."""
    numbers = numbers_of(table["start"])
    if len(numbers) < 3:
        return table
    step, zone, day = int(np.diff(numbers).min()), str(table["start"].dt.tz), 86_400_000_000
    step = day if 22 * day < 24 * step < 24 * day else step  # a day of 23 hours
    if (np.diff(numbers) <= 1.05 * step).all():
        return table
    every = f"{step // day}D" if step % day == 0 else f"{step}us"
    edges = utc(cut(int(numbers[0]), int(numbers[-1]), every, zone)[:-1], zone)
    if not table["start"].isin(edges).all():
        raise ValueError("these intervals are not of one length; give counts by the minute, by the hour or by the day")
    return table.set_index("start").reindex(edges.rename("start")).reset_index()
