"""Scores by group and over time, with intervals that know which posts hang together."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from analysis.intervals import bootstrap_interval, cluster_ids, post_weights, wilson_interval
from analysis.privacy import MIN_PEOPLE, hide_small_groups
from analysis.sentiment.vader import score

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


def over_time(
    posts: pd.DataFrame, every: str = "1D", by: str = "post", *, scores: pd.DataFrame | None = None, **how
) -> pd.DataFrame:
    """Give mean and shares of each stretch of time, with intervals.

    Parameters
    ----------
    posts : DataFrame
        With ``created_at`` beside what :func:`by_group` needs.
    every : str
        The length of a stretch, such as "1D" or "6h". Stretches begin at multiples of it in UTC.
    by, scores
        As in :func:`by_group`.
    **how
        ``cut``, ``draws``, ``seed``, ``smallest`` and ``k`` as in :func:`by_group`.

    Returns
    -------
    DataFrame
        As :func:`by_group` gives it: a row a stretch from the first post to the last, empty ones too, with ``start``
        (datetime64[us, UTC]) in front.
    """
    start = posts["created_at"].dt.floor(every).rename("start")
    table = by_group(posts, start, by, scores=scores, **how)
    if table.empty:
        return table
    starts = pd.date_range(table["start"].min(), table["start"].max(), freq=every, name="start", unit="us")
    table = table.set_index("start").reindex(starts).reset_index()
    counts = {name: table[name].fillna(0).astype("int64") for name in ("posts", "authors")}
    return table.assign(**counts, enough=table["enough"].eq(True))


def by_cut(
    posts: pd.DataFrame,
    cuts: Sequence[float] = (0, 0.05, 0.1, 0.2, 0.5),
    by: str = "post",
    *,
    scores: pd.DataFrame | None = None,
    **how,
) -> pd.DataFrame:
    """Give mean and shares of all posts with other cuts between neutral and not.

    Parameters
    ----------
    posts, by, scores
        As in :func:`by_group`.
    cuts : sequence of float
        As in :func:`label`. VADER's authors use 0.05; 0 counts every score that isn't exactly 0.
    **how
        ``draws``, ``seed``, ``smallest`` and ``k`` as in :func:`by_group`.

    Returns
    -------
    DataFrame
        As :func:`by_group` gives it, a row a cut, with ``cut`` in front. Where fewer than `k` people, but not nobody,
        wrote the posts that two neighbouring cuts call differently, two rows would tell of these few when one is taken
        from the other: then only the row of the cut that is nearest to 0.05 is given, and the others hold counts alone.
    """
    scores = score(posts["text"]) if scores is None else scores
    everyone = pd.Series("all", index=posts.index, name="all", dtype="str")
    rows = [by_group(posts, everyone, by, scores=scores, cut=cut, **how).assign(all=cut) for cut in cuts]
    table = pd.concat(rows, ignore_index=True).rename(columns={"all": "cut"})
    labels = [label(scores["compound"], cut).astype("str") for cut in sorted(cuts)]
    people = cluster_ids(posts)["person"]
    between = [(smaller != larger) & scores["compound"].notna() for smaller, larger in pairwise(labels)]
    counts = [people[moved & (scores["compound"] * sign > 0)].nunique() for moved in between for sign in (-1, 1)]
    if any(0 < count < how.get("k", MIN_PEOPLE) for count in counts):
        kept = (table["cut"] - 0.05).abs().idxmin()
        values = table.columns.difference(["cut", "posts", "authors", "enough"])
        table.loc[table.index != kept, values] = np.nan
        table["enough"] &= table.index == kept
    return table


def by_group(
    posts: pd.DataFrame,
    groups: pd.Series,
    by: str = "post",
    *,
    scores: pd.DataFrame | None = None,
    cut: float = 0.05,
    draws: int = 1000,
    seed: int = 0,
    smallest: int = 30,
    k: int = MIN_PEOPLE,
) -> pd.DataFrame:
    """Give mean and shares of each group of posts, with intervals.

    Parameters
    ----------
    posts : DataFrame
        With ``author`` and ``text``.
    groups : Series
        The group of each post, the same index. Posts of no group (missing) or without scores are left out.
    by : {"post", "text", "author"}
        What has one voice in each group: a post, a text with all its copies, or an author with all their posts. See
        :func:`analysis.intervals.post_weights`.
    scores : DataFrame, optional
        The scores of the posts (``compound``), with the same index; :func:`analysis.sentiment.score` by default.
    cut : float
        Between neutral and not, as in :func:`label`.
    draws : int
        How often the authors are drawn.
    seed : int
    smallest : int
        A group with fewer authors gets counts alone, for its interval would be too narrow. Authors of whom there is
        nothing but copies of one text count as one here.
    k : int
        So does a group in which fewer than `k` people wrote a negative, a neutral or a positive post, for its shares
        would tell what was found in the posts of a few; and a further one where the first could be worked out from
        the total, see :func:`analysis.privacy.hide_small_groups`. Groups of fewer people do not even get counts, nor
        one more that would give them away; stretches of time do. Only for invented posts should it be 0.

    Returns
    -------
    DataFrame
        A row a group, sorted: the group, ``posts``, ``authors`` (Int64, missing where hidden; int64 where groups are
        stretches of time), ``enough`` (whether more than counts is given); and
        for each of ``mean`` (of compound, -1 to 1), ``negative``, ``neutral``, ``positive`` (shares, 0 to 1),
        ``difference`` (positive minus negative, -1 to 1) and ``zero`` (share that scores exactly 0; missing too where
        1 to `k` - 1 people wrote posts that are neutral but not 0) its value and, with 95% confidence, ``_low`` and
        ``_high``.

    Notes
    -----
    Authors are drawn, each with all their posts (:func:`analysis.intervals.bootstrap_interval`), and the interval is
    then stretched by what copied texts add: by the ratio of the standard error that is clustered by author and text
    (Cameron, Gelbach & Miller 2011, J. Bus. Econ. Stat. 29, 238) to that by author alone, where it is above 1.
    Whether two shares of a group differ is told by the interval of ``difference``, not by whether their own intervals
    overlap. Where a share is exactly 0 or 1, drawing can't move it, and Wilson's interval for that many authors, copies
    counted as one, stands in. ``benchmarks/recovery_sentiment.py`` shows how often it covers.
    """
    table = pd.DataFrame({"group": groups, "author": posts["author"], "text": posts["text"]})
    table["compound"] = (score(posts["text"]) if scores is None else scores)["compound"]
    table = table.dropna(subset=["group", "compound"]).sort_values(["author", "text", "group", "compound"])
    table["weight"] = post_weights(table, table["group"], by)
    clusters = cluster_ids(table)
    group, names = pd.factorize(table["group"], sort=True)
    labels = label(table["compound"], cut)
    values = {"mean": table["compound"], **{name: labels == name for name in LABELS}, "zero": table["compound"] == 0}
    values = {name: np.asarray(value, dtype=float) for name, value in values.items()}
    values["difference"] = values["positive"] - values["negative"]
    people = {name: _people(values[name] != 0, clusters["person"], group, names) for name in LABELS}
    faint = _people((values["neutral"] - values["zero"]) != 0, clusters["person"], group, names)
    authors = _people(group >= 0, clusters["person"], group, names)
    independent = np.where(clusters["text"] >= 0, -1 - clusters["text"], clusters["author"])
    independent = _people(group >= 0, independent, group, names)
    enough = (np.minimum(authors, independent) >= smallest) & _all_shown(people, k)
    posted = np.bincount(group, minlength=len(names))
    columns = {groups.name or "group": names, "posts": posted, "authors": authors, "enough": enough}
    weight = table["weight"].to_numpy()
    below = _sums(weight, clusters["author"], group, names)
    above = {name: _sums(value * weight, clusters["author"], group, names) for name, value in values.items()}
    for name, interval in bootstrap_interval(above, below, draws=draws, random_state=seed).items():
        means = above[name].sum(axis=0) / below.sum(axis=0)
        residuals = (values[name] - means[group]) * weight
        least, most = (-1, 1) if name in ("mean", "difference") else (0, 1)
        wider = _stretch(residuals, clusters, group, names)
        low, high = np.clip(means + wider * (interval - means), least, most)
        for i in np.flatnonzero((low == high) & np.isin(means, [-1, 0, 1]) & (name != "mean")):
            reach = wilson_interval(0, int(independent[i]))["high"] * (2 if name == "difference" else 1)
            low[i], high[i] = max(least, means[i] - reach), min(most, means[i] + reach)
        shown = enough & ((faint == 0) | (faint >= k)) if name == "zero" else enough
        means, low, high = np.where(shown, [means, low, high], np.nan)
        columns |= {name: means, f"{name}_low": low, f"{name}_high": high}
    table = pd.DataFrame(columns)
    return table if isinstance(table.iloc[:, 0].dtype, pd.DatetimeTZDtype) else _without_few(table, k)


def _without_few(table, k):
    """Hide groups of few people: their counts, and all of any other that would give them away."""
    few = hide_small_groups(table["authors"], k).isna().to_numpy()
    counts, values = ["posts", "authors"], table.columns[4:]
    table = table.astype(dict.fromkeys(counts, "Int64"))
    table.loc[few, counts], table.loc[few, values] = pd.NA, np.nan
    return table.assign(enough=table["enough"] & ~few)


def _stretch(residuals, clusters, group, names):
    """Say how much wider the interval of each group is where copies of one text are not independent."""
    copied = (clusters["text"] >= 0).to_numpy()
    text, author = clusters["text"][copied], clusters["author"][copied]
    pair = pd.factorize(text.astype("str") + " " + author.astype("str"))[0]
    by_author = _sums(residuals, clusters["author"], group, names)
    by_text = _sums(residuals[copied], text, group[copied], names)
    by_both = _sums(residuals[copied], pair, group[copied], names)
    authors, texts, both = (part.power(2).sum(axis=0) for part in (by_author, by_text, by_both))
    added = np.divide(texts - both, authors, out=np.zeros(len(names)), where=authors > 0)
    return np.sqrt(1 + np.maximum(added, 0))


def _all_shown(people, k):
    """Say for each group whether all its shares may be shown: whether enough people wrote each kind of post."""
    return hide_small_groups(pd.DataFrame(people), k).notna().all(axis=1).to_numpy()


def _people(kept, person, group, names):
    """Count the different people behind the posts that are kept, in each group: an array of int64."""
    pairs = pd.DataFrame({"group": group, "person": np.asarray(person)})[np.asarray(kept)].drop_duplicates()
    return np.bincount(pairs["group"], minlength=len(names))


def _sums(values, unit, group, names):
    """Add values up by unit (author or text) and group: a sparse array."""
    from scipy.sparse import coo_array

    unit = np.asarray(unit)
    shape = (unit.max(initial=-1) + 1, len(names))
    return coo_array((np.asarray(values, dtype=float), (unit, group)), shape=shape).tocsr()
