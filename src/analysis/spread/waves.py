"""Waves side by side: where each group, a language say, has its peak, and how far from the others."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.privacy import hide_small_groups, min_people_shown
from analysis.spread.count import counts
from analysis.spread.course import peak
from analysis.spread.tables import is_counts, masked

_FLOATS = ["share_of_peak", "share_of_group", "lag", "lag_low", "lag_high"]


def waves(
    data: pd.DataFrame,
    by: str,
    *,
    every: str = "1D",
    beside: str | None = None,
    least: int = 50,
    gaps=None,
    k: int | None = None,
) -> pd.DataFrame:
    """Find the peak of each group's own wave, and its lag behind the others.

    Parameters
    ----------
    data : DataFrame
        Posts; or counts with a row for each group and interval, as ``counts(posts, by=...)`` and
        ``from_table(table, groups=...)`` give them.
    by : str
        The column of the groups, such as ``"lang"``.
    every : str
        The length of an interval, where `data` are posts.
    beside : str, optional
        The group whose peak the lags are counted from; by default all posts together.
    least : int
        A group with fewer posts has no peak here.
    gaps
        See :func:`analysis.spread.counts`.
    k : int, optional
        Of posts, groups of fewer people are hidden, and such as would give them away
        (:func:`analysis.privacy.hide_small_groups`). Where no author is known, posts are counted for people; those
        without one, where others have one, are one person's. By default 10, and 0 where all posts are invented.

    Returns
    -------
    DataFrame
        One row a group, most posts first: the group, ``posts`` (Int64; its own in all), ``peak`` with its interval
        ``low`` to ``high`` (datetime64[us, UTC], see :func:`analysis.spread.peak`), ``peak_posts`` (Int64),
        ``share_of_peak`` (of all posts of that interval; missing where these are not known), ``share_of_group`` (of
        the group's own posts), ``lag`` with ``lag_low`` and ``lag_high`` (hours, from the peak beside it to this one:
        the two intervals taken together at their farthest) and ``reason`` (empty, or why the others are missing).

    Raises
    ------
    ValueError
        Where `by` is no column or `beside` no group, or nothing has a peak to count from.
    """
    if by not in data:
        raise ValueError(f"there is no column {by!r}; there are {', '.join(data)}")
    table = _grouped(data, every, by, gaps)
    of = table.drop_duplicates("start")[["start", "of"]].rename(columns={"of": "posts"})
    origin = of if beside is None else table[table[by] == beside]
    if origin.empty:
        raise ValueError(f"beside={beside!r} is none of the groups: {', '.join(map(str, table[by].dropna().unique()))}")
    first = peak(origin[["start", "posts"]])
    few = set() if is_counts(data) else _hidden(data, by, min_people_shown(data) if k is None else k)
    whole, rows = of.set_index("start")["posts"], []
    for group, own in table.groupby(by, dropna=False):
        total = int(own["posts"].sum())
        if group in few or (pd.isna(group) and None in few):
            rows.append({by: group, "posts": pd.NA, "reason": "too few people, or it would give such a group away"})
            continue
        row = {by: group, "posts": total}
        if total < least:
            rows.append(row | {"reason": f"{total} posts are too few; {least} are needed"})
            continue
        top = peak(own[["start", "posts"]])
        lags = (top["start"] - first["start"], top["low"] - first["high"], top["high"] - first["low"])
        row |= {"peak": top["start"], "low": top["low"], "high": top["high"], "peak_posts": top["posts"]}
        beside_it = whole[top["start"]]  # missing where another group's count is
        row |= {"share_of_peak": np.nan if pd.isna(beside_it) else top["posts"] / int(beside_it)}
        row |= {"share_of_group": top["posts"] / total}
        row |= {name: lag / pd.Timedelta("1h") for name, lag in zip(_FLOATS[2:], lags, strict=True)}
        rows.append(row | {"reason": ""})
    times, columns = ["peak", "low", "high"], [by, "posts", "peak", "low", "high", "peak_posts", *_FLOATS, "reason"]
    peaks = pd.DataFrame(rows, columns=columns).sort_values(["posts", by], ascending=[False, True], ignore_index=True)
    moments = {name: pd.to_datetime(peaks[name], utc=True).dt.as_unit("us") for name in times}
    return peaks.assign(**moments).astype({"posts": "Int64", "peak_posts": "Int64", **dict.fromkeys(_FLOATS, float)})


def _hidden(posts, by, k):
    """Name the groups that are not to be shown, None for that of the posts without one."""
    if not k:
        return set()
    who = posts["author"] if "author" in posts else pd.Series(None, posts.index, dtype="str")
    who = who.fillna("") if who.notna().any() else pd.Series(range(len(posts)), posts.index)
    people = who.groupby(posts[by].astype("object"), dropna=False).nunique()
    return {None if pd.isna(group) else group for group in people.index[hide_small_groups(people, k).isna()]}


def _grouped(data, every, by, gaps):
    """Give counts by group, with the count of all beside them in ``of``."""
    if is_counts(data):
        table = masked(data.sort_values(["start", by], ignore_index=True), gaps)
    else:
        table = counts(data, every, by=by, gaps=gaps)
    if "of" not in table:
        total = table["posts"].astype("Int64").groupby(table["start"]).sum(skipna=False)
        table = table.assign(of=table["start"].map(total).astype("Int64"))
    known = table["of"].mask(table["posts"].isna()).groupby(table["start"])  # missing where no group is known, in a gap
    return table.assign(posts=table["posts"].astype("Int64"), of=known.transform("first").astype("Int64"))
