"""The course of a hashtag: counts over time, their peak, how long they lasted, where they jump."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from analysis.spread.count import counts


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
