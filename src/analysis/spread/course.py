"""The course of a hashtag: counts over time, their peak, how long they lasted, where they jump."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

#: More intervals than this are a mistake in `every`, not a question.
MOST_INTERVALS = 10_000_000


def counts(posts: pd.DataFrame, every: str = "1h") -> pd.DataFrame:
    """Count posts and distinct authors in each interval of time, the empty intervals too.

    Parameters
    ----------
    posts : DataFrame
        A posts table; of its columns ``created_at`` (datetime64[us, UTC]) is needed and ``author`` is used where
        there is one. Rows without a time are left out.
    every : str
        The length of an interval, as pandas writes it: ``"1min"``, ``"1h"``, ``"1D"``. Intervals are cut at whole
        multiples counted from 1 January 1970, 00:00 UTC.

    Returns
    -------
    DataFrame
        One row an interval from the first post to the last, in order: ``start`` (datetime64[us, UTC]), ``posts``
        (int64; 0 where nothing was posted), ``authors`` (Int64; distinct ones, missing where no author is known) and
        ``cumulative`` (int64; posts up to the end of the interval).

    Raises
    ------
    ValueError
        Where `every` is no fixed length of time, or so short that more than ten million intervals would result.

    Examples
    --------
    >>> times = pd.to_datetime(["2017-10-15T20:05Z", "2017-10-15T20:50Z", "2017-10-15T22:10Z"])
    >>> counts(pd.DataFrame({"created_at": times, "author": ["a", "a", "b"]}))[["posts", "authors", "cumulative"]]
       posts  authors  cumulative
    0      2        1           2
    1      0        0           2
    2      1        1           3
    """
    step = microseconds(every)
    known = posts[posts["created_at"].notna()]
    authors = known["author"] if "author" in known else pd.Series(index=known.index, dtype="str")
    if known.empty:
        empty = pd.DataFrame({"start": known["created_at"].astype("datetime64[us, UTC]"), "posts": 0, "cumulative": 0})
        return empty.assign(authors=pd.array([], dtype="Int64"))[["start", "posts", "authors", "cumulative"]]
    bins = known["created_at"].astype("datetime64[us, UTC]").astype("int64").to_numpy() // step
    first, size = bins.min(), int(bins.max() - bins.min()) + 1
    if size > MOST_INTERVALS:
        raise ValueError(f"every={every!r} cuts these posts into {size:,} intervals; take a longer one")
    found = np.bincount(bins - first, minlength=size)
    table = pd.DataFrame({"start": _times((first + np.arange(size)) * step), "posts": found})
    table["authors"] = _distinct(bins - first, authors, size)
    table["cumulative"] = table["posts"].cumsum()
    return table


def peak(table: pd.DataFrame) -> dict:
    """Find the interval with the most posts, the first of them where several are equal.

    Parameters
    ----------
    table : DataFrame
        As :func:`counts` gives it.

    Returns
    -------
    dict
        ``start`` (Timestamp, UTC), ``posts`` (int) and ``share`` (of all posts, from 0 to 1).

    Raises
    ------
    ValueError
        Where the table holds no posts.
    """
    total = int(table["posts"].sum())
    if total == 0:
        raise ValueError("there is no peak: the table holds no posts")
    row = table.loc[table["posts"].idxmax()]
    return {"start": row["start"], "posts": int(row["posts"]), "share": int(row["posts"]) / total}


def lasting(posts: pd.DataFrame, end: pd.Timestamp | None = None) -> dict:
    """Tell how long the posts went on: the moments by which half and nine tenths of them had come.

    Parameters
    ----------
    posts : DataFrame
        A posts table; ``created_at`` is needed.
    end : Timestamp, optional
        Posts from here on are left out (UTC). Without it, all count.

    Returns
    -------
    dict
        ``end`` (Timestamp; the last post's time where none was given), ``posts`` (int), ``half_by``, ``most_by``
        (Timestamp, to the minute; when half and nine tenths of the posts had come) and ``tenth_on`` (Timestamp; the
        first day after the busiest that has less than a tenth of its posts, missing (NaT) where there is none). Posts
        that came after `end` would move all of them.

    Raises
    ------
    ValueError
        Where no post has a time before `end`.
    """
    times = posts["created_at"].dropna().sort_values(ignore_index=True)
    times = times if end is None else times[times < end]
    if times.empty:
        raise ValueError(f"no post has a time{'' if end is None else f' before {end}'}")
    daily = counts(times.to_frame(), every="1D")
    after = daily[daily["start"] > peak(daily)["start"]]
    low = after.loc[after["posts"] * 10 < daily["posts"].max(), "start"]
    at = [times.iloc[math.ceil(share * len(times)) - 1].floor("min") for share in (0.5, 0.9)]
    return {
        "end": times.iloc[-1] if end is None else end, "posts": len(times), "half_by": at[0], "most_by": at[1],
        "tenth_on": low.iloc[0] if len(low) else pd.NaT,
    }  # fmt: skip


def jumps(
    hourly: pd.DataFrame, after: pd.Timestamp | None = None, factor: float = 4.0, least: int = 20
) -> pd.DataFrame:
    """Find the hours from which on the counts stand far above the days before, and stay there.

    A jump may be news, or a change in how the posts were collected; only another collection can tell the two apart.

    Parameters
    ----------
    hourly : DataFrame
        As :func:`counts` gives it, by the hour.
    after : Timestamp, optional
        Jumps are looked for three days and more after this hour only (UTC): after the highest one, say, for the rise
        to it is the movement itself. Without it, after the first hour of the table.
    factor : float
        How many times the usual count the middle one of the next twelve hours must reach. Usual is the median of the
        same hour of the day on the three days before, and one post at least.
    least : int
        An hour with fewer posts than this begins no jump.

    Returns
    -------
    DataFrame
        One row a jump, in order: ``start`` (datetime64[us, UTC]), ``usual`` and ``found`` (float; the median count of
        the twelve hours in the days before, and from the start) and ``ratio`` (float; the median of their ratios).
    """
    posts = hourly["posts"].to_numpy(float)
    usual = np.full(len(posts), np.nan)
    if len(posts) > 72:
        usual[72:] = np.median([posts[72 - back : len(posts) - back] for back in (24, 48, 72)], axis=0)
    ratio = posts / np.maximum(usual, 1)
    first = 72 if after is None else 72 + int((hourly["start"] <= after).sum()) - 1
    rows, since = [], -np.inf
    for i in range(max(first, 72), len(posts) - 11):
        if i - since > 72 and posts[i] >= least and ratio[i] >= factor and np.median(ratio[i : i + 12]) >= factor:
            rows.append((hourly["start"].iloc[i], *(float(np.median(x[i : i + 12])) for x in (usual, posts, ratio))))
            since = i
    table = pd.DataFrame(rows, columns=["start", "usual", "found", "ratio"])
    return table.astype({"start": "datetime64[us, UTC]", "usual": float, "found": float, "ratio": float})


def microseconds(every):
    """Give the length of an interval, written as pandas does, in whole microseconds."""
    try:
        step = int(pd.Timedelta(pd.tseries.frequencies.to_offset(every)) / pd.Timedelta("1us"))
    except (ValueError, TypeError):
        raise ValueError(f"every={every!r} is no fixed length of time; write '10min', '1h' or '1D', say") from None
    if step < 1:
        raise ValueError(f"every={every!r} must be longer than nothing")
    return step


def _times(microseconds):
    """Make UTC times of microseconds since 1970."""
    return pd.DatetimeIndex(microseconds.astype("datetime64[us]")).tz_localize("UTC")


def _distinct(bins, authors, size):
    """Count the distinct authors in each interval; missing throughout where none is known."""
    known = authors.notna().to_numpy()
    if not known.any():
        return pd.array([pd.NA] * size, dtype="Int64")
    codes, _ = pd.factorize(authors[known])
    pairs = np.unique(bins[known] * (codes.max() + 1) + codes)
    return pd.array(np.bincount(pairs // (codes.max() + 1), minlength=size), dtype="Int64")
