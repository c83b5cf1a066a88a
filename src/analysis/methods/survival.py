"""What ids lose: which posts of a collection were gone when it was fetched again, and how that bends an estimate."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from analysis.intervals import wilson_interval
from analysis.privacy import hide_small_groups, min_people_shown


def survival(now: pd.DataFrame, then: pd.DataFrame, by: str | None = "day", *, k: int | None = None) -> pd.DataFrame:
    """Compare two snapshots of one collection: how many of its posts are gone, with an interval.

    Parameters
    ----------
    now : DataFrame
        A posts table of the later snapshot; only ``post_id`` is read.
    then : DataFrame
        The earlier one. ``author`` is used where it is known.
    by : str, optional
        "day" (of ``created_at``, UTC) or a column of `then`: ``lang``, ``kind``, a stance. None takes all as one.
    k : int, optional
        Groups in which fewer people's posts are gone, or left, are hidden, and such as would give them away. By default
        10, and 0 where all posts are invented.

    Returns
    -------
    DataFrame
        A row a group, in order: its name under `by` ("group" without it), ``posts``, ``gone``, ``authors`` (Int64,
        missing where none is known), ``share`` (gone of the posts) with its 95% interval ``low`` and ``high``,
        ``interval`` ("authors" or "posts": what was taken as independent) and ``reason`` (empty, or why the numbers are
        missing). Rows of `then` without what `by` asks for are a group of their own, named "missing".

    Raises
    ------
    ValueError
        Where a column is not there, an id comes twice or is missing, or no post of `then` is in `now`: two collections
        of other posts, most likely.

    Notes
    -----
    Wilson's interval with an effective number of posts (Korn & Graubard 1998, *Survey Methodology* 24, 193): that which
    gives the variance found by leaving out each author in turn, made smaller by ``(t / z)^2`` with as many degrees
    of freedom as there would be authors of equal size (Kish 1965, *Survey Sampling*), less one. Where no author is
    known the interval is too narrow if people delete all they wrote at once. Gone is what could not be fetched: deleted
    by its author, with the account, by the platform, or made private. A post that only `now` holds is left out.
    """
    ids, gone = _compared(now, then)
    k = min_people_shown(then) if k is None else k
    name = by or "group"
    groups = _groups(then, by)
    people = then["author"].astype("str") if "author" in then else pd.Series(pd.NA, index=then.index, dtype="str")
    table = pd.DataFrame({"group": groups, "gone": gone, "who": people.to_numpy(), "id": ids})
    rows, crossed = [], {}
    for group, part in table.groupby("group", sort=True):
        known = bool(part["who"].notna().all())
        who = part["who"] if known else part["id"]
        crossed[group] = (who[part["gone"]].nunique(), who[~part["gone"]].nunique())
        share, low, high = _share(part["gone"].to_numpy(), pd.factorize(who, sort=True)[0])
        row = {name: group, "posts": len(part), "gone": int(part["gone"].sum())}
        row |= {"authors": who.nunique() if known else pd.NA, "share": share, "low": low, "high": high}
        rows.append(row | {"interval": "authors" if known else "posts", "reason": ""})
    shares = pd.DataFrame(rows).astype({"posts": "Int64", "gone": "Int64", "authors": "Int64"})
    if k:
        shown = hide_small_groups(pd.DataFrame(crossed, index=["gone", "left"]).T, k).notna().all(axis=1).to_numpy()
        shares.loc[~shown, ["posts", "gone", "authors", "share", "low", "high"]] = pd.NA
        shares.loc[~shown, "interval"] = ""
        shares.loc[~shown, "reason"] = f"fewer than {k} people, or it would give such a group away"
    return shares


def bend(
    now: pd.DataFrame,
    then: pd.DataFrame,
    measures: Mapping[str, Callable[[pd.DataFrame], float]],
    *,
    draws: int = 200,
    seed: int = 0,
) -> pd.DataFrame:
    """Measure how far what is gone bends estimates, beside what a loss of as many posts by chance would do.

    Parameters
    ----------
    now, then : DataFrame
        As for :func:`survival`.
    measures : mapping of str to function
        What is estimated, by its name: a function of a posts table to a number (NaN where it cannot be told).
    draws, seed : int
        How often as many posts are lost by chance.

    Returns
    -------
    DataFrame
        A row a measure: ``measure``, ``then`` (of all posts), ``now`` (of what is left), ``difference``, ``relative``
        (difference over `then`), ``low`` and ``high`` (what the difference is by chance, in 95%), ``bent`` (whether it
        lies outside) and ``reason`` (empty, or why a number is missing).

    Raises
    ------
    ValueError
        As :func:`survival`; or where `draws` is less than 20.

    Notes
    -----
    A permutation test: which posts are gone is drawn anew, as many of them. It takes posts as independent.
    """
    if draws < 20:
        raise ValueError(f"draws is {draws}; 20 or more are needed to tell what chance does")
    ids, gone = _compared(now, then)
    whole = then.iloc[np.argsort(ids, kind="stable")]
    gone = gone[np.argsort(ids, kind="stable")]
    random = np.random.default_rng(seed)
    stayed, rows = whole[~gone], []
    by_chance = []
    for _ in range(draws):
        left = whole[~random.permutation(gone)]
        by_chance.append([float(measure(left)) for measure in measures.values()])
    for (name, measure), drawn in zip(measures.items(), np.array(by_chance).T, strict=True):
        all_of, left = float(measure(whole)), float(measure(stayed))
        chance = drawn - all_of
        row = {"measure": name, "then": all_of, "now": left, "difference": left - all_of}
        row |= {"relative": (left - all_of) / all_of if all_of else math.nan}
        if math.isnan(left - all_of) or np.isnan(chance).mean() > 0.05:
            rows.append(row | {"low": math.nan, "high": math.nan, "bent": False, "reason": "it cannot be told of all"})
            continue
        low, high = np.nanquantile(chance, [0.025, 0.975])
        rows.append(row | {"low": low, "high": high, "bent": not low <= left - all_of <= high, "reason": ""})
    return pd.DataFrame(rows)


def _compared(now, then):
    """Check two snapshots; give the ids of the earlier one and which of them are gone."""
    for name, table in (("now", now), ("then", then)):
        if "post_id" not in table:
            raise ValueError(f"the snapshot {name!r} has no column post_id; two posts tables are compared by it")
    ids = then["post_id"].astype("str")
    if not len(ids):
        raise ValueError("the earlier snapshot holds no posts")
    if ids.isna().any() or ids.duplicated().any():
        raise ValueError("the earlier snapshot has a post_id twice or missing; keep one row an id")
    both = pd.factorize(pd.concat([ids, now["post_id"].dropna().astype("str")]))[0]  # isin goes one by one
    here = np.bincount(both[len(ids) :], minlength=len(ids))[: len(ids)] > 0  # distinct, so their numbers are 0, 1, ...
    if not here.any():
        raise ValueError("no post of the earlier snapshot is in the later one; are they of the same collection?")
    return ids.to_numpy(object), ~here


def _groups(then, by):
    """Name the group of each post."""
    if by is None:
        return np.full(len(then), "all", dtype=object)
    column = "created_at" if by == "day" else by
    if column not in then:
        raise ValueError(f"the earlier snapshot has no column {column!r} to compare by")
    if by == "day":
        days = pd.to_datetime(then["created_at"], utc=True)
        return days.dt.strftime("%Y-%m-%d").astype(object).where(days.notna(), "missing").to_numpy()
    return then[by].astype(object).where(then[by].notna(), "missing").astype(str).to_numpy()


def _share(gone, who):
    """Give the share that is gone, with Wilson's 95% interval over clusters."""
    from scipy.stats import norm, t

    n, groups = len(gone), int(who.max()) + 1
    p = float(gone.mean())
    if groups < 2:
        return p, math.nan, math.nan
    if groups == n:
        return tuple(wilson_interval(gone.sum(), n).values())
    size, lost = np.bincount(who).astype(float), np.bincount(who, weights=gone)
    without = (lost.sum() - lost) / (n - size)  # each author left out in turn
    variance = (groups - 1) / groups * float(np.sum((without - p) ** 2))
    alike = n**2 / float(np.sum(size**2))  # as many authors of equal size
    effective = min(p * (1 - p) / variance, n) if variance > 0 else alike
    effective *= (norm.ppf(0.975) / t.ppf(0.975, max(alike - 1, 1))) ** 2
    return tuple(wilson_interval(p * effective, effective).values())
