"""The course of a hashtag: its peak, how its posts lie around it, how long they lasted, where the counts jump."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from analysis.spread.count import as_counts
from analysis.spread.noise import dispersion, scatter
from analysis.spread.tables import is_counts, values
from analysis.spread.times import lengths


def peak(data: pd.DataFrame) -> dict:
    """Find the interval with the most posts, the first of them where several are equal, and its rivals.

    Parameters
    ----------
    data : DataFrame
        Posts, or counts, see :func:`analysis.spread.as_counts`.

    Returns
    -------
    dict
        ``start`` (Timestamp), ``posts`` (int), ``share`` (of all posts, from 0 to 1), ``rivals`` (int), how many other
        intervals may as well have been the highest, but for the noise of counting, and ``low`` and ``high``
        (Timestamps), from the beginning of the first to the end of the last of all these.

    Raises
    ------
    ValueError
        Where there are no posts.

    Notes
    -----
    An interval is no rival where it is significantly lower: for two counts x and y with the dispersion f,
    ``(x - y) / sqrt(f (x + y))`` is compared with the normal quantile of 95% for one side, by Bonferroni over
    all intervals that reach half of the peak (a subset selection: Gupta 1965, *Technometrics* 7, 225): the interval
    that was truly highest is among these with a probability of 95% or more. f is
    :func:`analysis.spread.noise.dispersion` from the first to the last of them.
    """
    from statistics import NormalDist

    table = as_counts(data)
    x = values(table)
    total = int(np.nansum(x))
    if total == 0:
        raise ValueError("there is no peak: the table holds no posts")
    top, posts = int(np.nanargmax(x)), float(np.nanmax(x))
    near = np.flatnonzero(x >= posts / 2)
    excess = dispersion(x[max(near[0] - 2, 0) : near[-1] + 3])
    z = NormalDist().inv_cdf(1 - 0.05 / max(len(near) - 1, 1))
    with np.errstate(invalid="ignore"):
        rivals = np.flatnonzero(posts - x <= z * np.sqrt(excess * (posts + x)))
    last = rivals[-1]
    end = table["start"].iloc[last] + pd.Timedelta(lengths(table["start"])[last], "h").round("us")
    return {
        "start": table["start"].iloc[top], "posts": int(posts), "share": posts / total,
        "low": table["start"].iloc[rivals[0]], "high": end, "rivals": len(rivals) - 1,
    }  # fmt: skip


#: From how many times the usual count on it is a jump.
_JUMP = 4.0
#: How the posts of a hashtag can lie around its highest day: shares before, on and after it.
CLASSES = {
    "on the day": (0, 1, 0),
    "before and on the day": (1 / 2, 1 / 2, 0),
    "on the day and after": (0, 1 / 2, 1 / 2),
    "before, on the day and after": (1 / 3, 1 / 3, 1 / 3),
}


def attention_class(data: pd.DataFrame, *, draws: int = 2000, seed: int = 0) -> pd.DataFrame:
    """Tell how the posts of a fortnight lie around the highest day: in the week before it, on it, in that after it.

    Parameters
    ----------
    data : DataFrame
        Posts, or counts by the day or finer.
    draws, seed : int
        For the interval.

    Returns
    -------
    DataFrame
        Three rows: ``part`` ("before", "on the day", "after"), ``posts`` (Int64), ``share`` (float) with its 95%
        interval ``low`` and ``high``, the highest ``day`` (datetime64[us, zone]), the ``class`` (one of
        :data:`CLASSES`), ``sure`` (the share of draws that give this class) and ``reason`` (empty, or why shares
        and class are missing).

    Notes
    -----
    After Lehmann, Gonçalves, Ramasco & Cattuto (2012), "Dynamical classes of collective attention in Twitter", *WWW*,
    who found four groups by a mixture over many hashtags; here the class is the nearest of four corners, by distance of
    the shares. The interval is for the process behind the posts: each part is drawn from a gamma distribution, with the
    variance that the scatter of the finest counts gives its sum (:func:`analysis.spread.noise.scatter`).
    """
    days, fine, daily = 7, as_counts(data), as_counts(data, "1D")
    x, day, reason = values(daily), pd.NaT, ""
    if np.nansum(x) == 0:
        reason = "there are no posts"
    else:
        top = int(np.nanargmax(x))
        day = daily["start"].iloc[top]
        window = x[max(top - days, 0) : top + days + 1]
        if np.isnan(window).any():
            reason = f"{int(np.isnan(window).sum())} of the days around {day:%Y-%m-%d} lie in a gap"
        elif top + days >= len(x):
            reason = f"the data end {len(x) - 1 - top} days after the highest, and {days} are needed"
        elif np.nansum(window) < 1000:
            reason = f"{int(np.nansum(window))} posts around the highest day are too few; 1,000 are needed"
    table = pd.DataFrame({"part": ["before", "on the day", "after"], "day": day})
    columns = {"posts": pd.array([pd.NA] * 3, dtype="Int64"), "share": np.nan, "low": np.nan, "high": np.nan}
    if reason:
        return table.assign(**columns, **{"class": pd.Series([None] * 3, dtype="str"), "sure": np.nan}, reason=reason)
    parts = np.array([x[max(top - days, 0) : top].sum(), x[top], x[top + 1 : top + days + 1].sum()])
    inside = fine["start"].between(day - pd.Timedelta(days, "D"), day + pd.Timedelta(days + 1, "D"), inclusive="left")
    fine, size = fine[inside], scatter(values(fine)[inside])
    place = np.searchsorted([day, day + pd.Timedelta("1D")], fine["start"], "right")
    variance = np.bincount(place, values(fine) + values(fine) ** 2 / size, 3) + 0.5
    means = parts + 0.5
    drawn = np.random.default_rng(seed).gamma(means**2 / variance, variance / means, (draws, 3))
    drawn /= drawn.sum(axis=1, keepdims=True)
    low, high = np.quantile(drawn, [0.025, 0.975], axis=0)
    corner, corners = _nearest(parts[None] / parts.sum())[0], _nearest(drawn)
    columns = {"posts": pd.array(parts, dtype="Int64"), "share": parts / parts.sum(), "low": low, "high": high}
    named = {"class": list(CLASSES)[corner], "sure": float((corners == corner).mean()), "reason": ""}
    return table.assign(**columns, **named)


def _nearest(shares):
    """Give the number of the nearest class of each row of shares."""
    corners = np.array(list(CLASSES.values()))
    return np.argmin(((shares[:, None, :] - corners) ** 2).sum(axis=2), axis=1)


def lasting(posts: pd.DataFrame, end: pd.Timestamp | None = None, *, gaps=None) -> dict:
    """Tell how long the posts went on: the moments by which half and nine tenths of them had come.

    Parameters
    ----------
    posts : DataFrame
        A posts table (``created_at`` is needed), or counts: then the moments are the beginnings of intervals.
    end : Timestamp, optional
        Posts from here on are left out (UTC). Without it, all count.
    gaps : DataFrame or pairs, optional
        See :func:`analysis.spread.counts`. A day in a gap is no quiet day.

    Returns
    -------
    dict
        ``end`` (Timestamp; the last post's time where none was given), ``posts`` (int), ``half_by``, ``most_by``
        (Timestamp, to the minute; when half and nine tenths of the posts that are known had come) and ``tenth_on``
        (Timestamp; the first known day after the busiest that has less than a tenth of its posts, NaT where there is
        none). Posts that came after `end`, or unseen in a gap, would move all of them.

    Raises
    ------
    ValueError
        Where no post has a time before `end`.
    """
    if is_counts(posts):
        table = as_counts(posts, gaps=gaps)
    else:
        table = pd.DataFrame({"start": posts["created_at"].dropna().sort_values(ignore_index=True), "posts": 1})
    table = table if end is None else table[table["start"] < end]
    come = table["posts"].fillna(0).astype("int64").cumsum()
    if come.empty or not come.iloc[-1]:
        raise ValueError(f"no post has a time{'' if end is None else f' before {end}'}")
    daily = as_counts(table if is_counts(posts) else table.rename(columns={"start": "created_at"}), "1D", gaps=gaps)
    after = daily[daily["start"] > peak(daily)["start"]]
    low = after.loc[after["posts"] * 10 < daily["posts"].max(), "start"]
    total = int(come.iloc[-1])
    half_by, most_by = [
        table["start"].iloc[int((come < math.ceil(share * total)).sum())].floor("min") for share in (0.5, 0.9)
    ]
    last = table.loc[table["posts"].gt(0).fillna(False), "start"].iloc[-1]
    return {
        "end": last if end is None else end, "posts": total, "half_by": half_by, "most_by": most_by,
        "tenth_on": low.iloc[0] if len(low) else pd.NaT,
    }  # fmt: skip


def jumps(hourly: pd.DataFrame, after: pd.Timestamp | None = None) -> pd.DataFrame:
    """Find the hours from which on the counts stand far above the days before, and stay there.

    A jump may be news, or a change in how the posts were collected; only another collection can tell the two apart.

    Parameters
    ----------
    hourly : DataFrame
        As :func:`counts` gives it, by the hour; posts are missing in a gap of the collection.
    after : Timestamp, optional
        Jumps are looked for three days and more after this hour (UTC): the highest one, say, for the rise to it is the
        movement itself. Without it, after the first hour of the table.

    Returns
    -------
    DataFrame
        One row a jump, in order: ``start`` (datetime64[us, UTC]), ``usual`` and ``found`` (float; the median count of
        the twelve hours in the days before, and from the start) and ``ratio`` (float; the median of their ratios).

    Notes
    -----
    A jump begins with an hour of 20 posts or more, which reaches four times what is usual, as the middle one of the
    twelve hours from it does. Usual is the median of the same hour on the last three days that are known, of the two
    weeks before, and one post at least. An hour for which there are not three tells nothing, and a jump needs six hours
    of twelve that do: so behind a gap of twelve days or more a jump can be told only from the fourth day on.
    """
    posts = values(hourly)
    usual = _usual_at_this_hour(posts)
    ratio = posts / np.maximum(usual, 1)
    known = np.isfinite(ratio)
    hours_known = np.cumsum(~np.isnan(posts))
    first = 72 if after is None else 72 + int((hourly["start"] <= after).sum()) - 1
    rows, since = [], -np.inf
    for i in range(max(first, 72), len(posts) - 11):
        if hours_known[i] - since <= 72 or not (known[i] and posts[i] >= 20 and ratio[i] >= _JUMP):
            continue
        hours = i + np.flatnonzero(known[i : i + 12])
        if len(hours) >= 6 and np.median(ratio[hours]) >= _JUMP:
            rows.append((hourly["start"].iloc[i], *(float(np.median(x[hours])) for x in (usual, posts, ratio))))
            since = hours_known[i]
    table = pd.DataFrame(rows, columns=["start", "usual", "found", "ratio"])
    return table.astype({"start": "datetime64[us, UTC]", "usual": float, "found": float, "ratio": float})


def _usual_at_this_hour(posts):
    """Give the median of each hour's last three known counts a whole number of days, at most 14, before it."""
    days_before = np.full((14, len(posts)), np.nan)
    for day in range(1, 15):
        days_before[day - 1, 24 * day :] = posts[: max(len(posts) - 24 * day, 0)]
    known = ~np.isnan(days_before)
    last_three = known & (known.cumsum(axis=0) <= 3)
    usual = np.full(len(posts), np.nan)
    enough = last_three.sum(axis=0) == 3
    usual[enough] = np.nanmedian(np.where(last_three, days_before, np.nan)[:, enough], axis=0)
    return usual
