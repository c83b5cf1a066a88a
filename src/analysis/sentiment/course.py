"""Scores by group and over time, with intervals from drawing authors."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.estimate import bootstrap, wilson
from analysis.privacy import SMALLEST, small_groups

LABELS = ("negative", "neutral", "positive")


def label(compound: pd.Series, cut: float = 0.05) -> pd.Series:
    """Call texts negative, neutral or positive by their compound score.

    Parameters
    ----------
    compound : Series of float
        From -1 to 1; missing stays missing.
    cut : float
        At `cut` and above a text is positive, at minus `cut` and below negative. VADER's authors use 0.05.

    Returns
    -------
    Series
        Ordered categorical, the index of `compound`.

    Examples
    --------
    >>> label(pd.Series([-0.3, 0.0, 0.05])).tolist()
    ['negative', 'neutral', 'positive']
    """
    if not 0 <= cut <= 1:
        raise ValueError(f"cut is {cut}; compound scores reach from -1 to 1, so it lies between 0 and 1")
    codes = np.select([compound <= -cut, compound >= cut], [0, 2], 1) if cut else np.sign(compound.fillna(0)) + 1
    codes = np.where(compound.isna(), -1, codes).astype(int)
    return pd.Series(pd.Categorical.from_codes(codes, LABELS, ordered=True), index=compound.index, name="label")


def over_time(posts: pd.DataFrame, scores: pd.DataFrame, every: str = "1D", **how) -> pd.DataFrame:
    """Give mean and shares of each stretch of time, with intervals from drawing authors.

    Parameters
    ----------
    posts, scores : DataFrame
        Posts with ``created_at`` beside what :func:`by_group` needs, and their scores.
    every : str
        The length of a stretch, such as "1D" or "6h". Stretches begin at multiples of it in UTC.
    **how
        ``cut``, ``draws``, ``seed``, ``smallest`` and ``k`` as in :func:`by_group`.

    Returns
    -------
    DataFrame
        As :func:`by_group` gives it: a row a stretch from the first post to the last, empty ones too, with ``start``
        (datetime64[us, UTC]) in front.
    """
    start = posts["created_at"].dt.floor(every).rename("start")
    found = by_group(posts, scores, start, **how)
    if found.empty:
        return found
    whole = pd.date_range(found["start"].min(), found["start"].max(), freq=every, name="start", unit="us")
    found = found.set_index("start").reindex(whole).reset_index()
    counts = {name: found[name].fillna(0).astype("int64") for name in ("posts", "authors")}
    return found.assign(**counts, enough=found["enough"].eq(True))


def by_group(
    posts: pd.DataFrame,
    scores: pd.DataFrame,
    groups: pd.Series,
    *,
    cut: float = 0.05,
    draws: int = 1000,
    seed: int = 0,
    smallest: int = 30,
    k: int = SMALLEST,
) -> pd.DataFrame:
    """Give mean and shares of each group of posts, with intervals from drawing authors.

    Parameters
    ----------
    posts, scores : DataFrame
        Posts with ``author`` and ``text``, and what :func:`analysis.sentiment.score` says of them, with the same index.
    groups : Series
        The group of each post, the same index. Posts of no group (missing) or without scores are left out.
    cut : float
        Between neutral and not, as in :func:`label`.
    draws : int
        How often the authors are drawn.
    seed : int
    smallest : int
        A group with fewer authors gets counts alone, for its interval would be too narrow.
    k : int
        So does a group in which fewer than `k` people wrote a negative, a neutral or a positive post, for its shares
        would tell what was found in the posts of a few; and a further one where the first could be worked out from
        the total, see :func:`analysis.privacy.small_groups`. Only for invented posts should it be 0.

    Returns
    -------
    DataFrame
        A row a group, sorted: the group, ``posts``, ``authors``, ``enough`` (whether more than counts is given); and
        for each of ``mean`` (of compound, -1 to 1), ``negative``, ``neutral``, ``positive`` (shares, 0 to 1),
        ``difference`` (positive minus negative, -1 to 1) and ``zero`` (share that scores exactly 0; missing too where
        1 to `k` - 1 people wrote posts that are neutral but not 0) its value and, with 95% confidence, ``_low`` and
        ``_high``.

    Notes
    -----
    The interval is :func:`analysis.estimate.bootstrap` with authors. Posts without an author are drawn, and counted,
    with all copies of their text. Whether two shares of a group differ is told by the interval of ``difference``, not
    by whether their own intervals overlap. Where a share is exactly 0 or 1, drawing can't move it, and Wilson's
    interval for that many authors stands in. ``benchmarks/recovery_text.py`` shows how often it covers.
    """
    table = pd.DataFrame({"group": groups, "compound": scores["compound"], "author": posts["author"]})
    table["author"] = table["author"].where(table["author"].notna(), "\0" + posts["text"])
    table = table.dropna(subset=["group", "compound"]).sort_values(["author", "group", "compound"])
    person, who = pd.factorize(table["author"])
    group, names = pd.factorize(table["group"], sort=True)
    called = label(table["compound"], cut)
    each = {"mean": table["compound"], **{name: called == name for name in LABELS}, "zero": table["compound"] == 0}
    counts = _sums(np.ones(len(table)), person, group, (len(who), len(names)))
    totals = {name: _sums(values, person, group, counts.shape) for name, values in each.items()}
    totals["difference"] = totals["positive"] - totals["negative"]
    size, authors = counts.sum(axis=0), (counts > 0).sum(axis=0)
    enough = (authors >= smallest) & _many(totals, k)
    found = {groups.name or "group": names, "posts": size.astype("int64"), "authors": authors.astype("int64")}
    found["enough"] = enough
    faint = (totals["neutral"] - totals["zero"] > 0).sum(axis=0)
    for name, (low, high) in bootstrap(totals, counts, draws=draws, seed=seed).items():
        value = totals[name].sum(axis=0) / size
        for i in np.flatnonzero((low == high) & np.isin(value, [-1, 0, 1]) & (name != "mean")):
            reach = wilson(0, int(authors[i]))["high"] * (2 if name == "difference" else 1)
            least = -1 if name == "difference" else 0
            low[i], high[i] = max(least, value[i] - reach), min(1, value[i] + reach)
        shown = enough & ((faint == 0) | (faint >= k)) if name == "zero" else enough
        value, low, high = np.where(shown, [value, low, high], np.nan)
        found |= {name: value, f"{name}_low": low, f"{name}_high": high}
    return pd.DataFrame(found)


def _many(totals, k):
    """Say for each group whether all its shares may be shown: whether enough people wrote each kind of post."""
    people = pd.DataFrame({name: (totals[name] > 0).sum(axis=0) for name in LABELS})
    return small_groups(people, k).notna().all(axis=1).to_numpy()


def _sums(values, person, group, shape):
    """Add values up by person and group: a sparse array of `shape`."""
    from scipy.sparse import coo_array

    return coo_array((np.asarray(values, dtype=float), (person, group)), shape=shape).tocsr()
