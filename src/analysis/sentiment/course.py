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
    found = by_group(posts, start, by, scores=scores, **how)
    if found.empty:
        return found
    whole = pd.date_range(found["start"].min(), found["start"].max(), freq=every, name="start", unit="us")
    found = found.set_index("start").reindex(whole).reset_index()
    counts = {name: found[name].fillna(0).astype("int64") for name in ("posts", "authors")}
    return found.assign(**counts, enough=found["enough"].eq(True))


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
    rows = [by_group(posts, _one_group(posts), by, scores=scores, cut=cut, **how).assign(all=cut) for cut in cuts]
    found = pd.concat(rows, ignore_index=True).rename(columns={"all": "cut"})
    called = [label(scores["compound"], cut).astype("str") for cut in sorted(cuts)]
    people = cluster_ids(posts)["person"]
    moved = [(one != other) & scores["compound"].notna() for one, other in pairwise(called)]
    steps = [people[m & (scores["compound"] * side > 0)].nunique() for m in moved for side in (-1, 1)]
    if any(0 < step < how.get("k", MIN_PEOPLE) for step in steps):
        kept = (found["cut"] - 0.05).abs().idxmin()
        values = found.columns.difference(["cut", "posts", "authors", "enough"])
        found.loc[found.index != kept, values] = np.nan
        found["enough"] &= found.index == kept
    return found


def _one_group(posts):
    return pd.Series("all", index=posts.index, name="all", dtype="str")


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
    voice = cluster_ids(table)
    group, names = pd.factorize(table["group"], sort=True)
    called = label(table["compound"], cut)
    each = {"mean": table["compound"], **{name: called == name for name in LABELS}, "zero": table["compound"] == 0}
    each = {name: np.asarray(values, dtype=float) for name, values in each.items()}
    each["difference"] = each["positive"] - each["negative"]
    people = {
        name: _people(values != 0, voice["person"], group, names) for name, values in each.items() if name in LABELS
    }
    people["faint"] = _people((each["neutral"] - each["zero"]) != 0, voice["person"], group, names)
    alone = _people(group >= 0, np.where(voice["text"] >= 0, -1 - voice["text"], voice["author"]), group, names)
    authors = _people(group >= 0, voice["person"], group, names)
    enough = (np.minimum(authors, alone) >= smallest) & _many(people, k)
    posted = np.bincount(group, minlength=len(names))
    found = {groups.name or "group": names, "posts": posted, "authors": authors, "enough": enough}
    bottom = _sums(table["weight"], voice["author"], group, names)
    tops = {name: _sums(values * table["weight"], voice["author"], group, names) for name, values in each.items()}
    for name, ends in bootstrap_interval(tops, bottom, draws=draws, random_state=seed).items():
        value = tops[name].sum(axis=0) / bottom.sum(axis=0)
        rest = (each[name] - value[group]) * table["weight"].to_numpy()
        least, most = (-1, 1) if name in ("mean", "difference") else (0, 1)
        low, high = np.clip(value + _stretch(rest, voice, group, names) * (ends - value), least, most)
        for i in np.flatnonzero((low == high) & np.isin(value, [-1, 0, 1]) & (name != "mean")):
            reach = wilson_interval(0, int(alone[i]))["high"] * (2 if name == "difference" else 1)
            low[i], high[i] = max(least, value[i] - reach), min(most, value[i] + reach)
        shown = enough & ((people["faint"] == 0) | (people["faint"] >= k)) if name == "zero" else enough
        value, low, high = np.where(shown, [value, low, high], np.nan)
        found |= {name: value, f"{name}_low": low, f"{name}_high": high}
    table = pd.DataFrame(found)
    return table if isinstance(table.iloc[:, 0].dtype, pd.DatetimeTZDtype) else _without_few(table, k)


def _without_few(table, k):
    """Hide groups of few people: their counts, and all of any other that would give them away."""
    few = hide_small_groups(table["authors"], k).isna().to_numpy()
    counts, values = ["posts", "authors"], table.columns[4:]
    table = table.astype(dict.fromkeys(counts, "Int64"))
    table.loc[few, counts], table.loc[few, values] = pd.NA, np.nan
    return table.assign(enough=table["enough"] & ~few)


def _stretch(rest, voice, group, names):
    """Say how much wider the interval of each group is where copies of one text are not independent."""
    copy = (voice["text"] >= 0).to_numpy()
    by_author = _sums(rest, voice["author"], group, names)
    by_text = _sums(rest[copy], voice["text"][copy], group[copy], names)
    both = pd.factorize(voice["text"][copy].astype("str") + " " + voice["author"][copy].astype("str"))[0]
    by_both = _sums(rest[copy], both, group[copy], names)
    authors, texts, common = (part.power(2).sum(axis=0) for part in (by_author, by_text, by_both))
    added = np.divide(texts - common, authors, out=np.zeros(len(names)), where=authors > 0)
    return np.sqrt(1 + np.maximum(added, 0))


def _many(people, k):
    """Say for each group whether all its shares may be shown: whether enough people wrote each kind of post."""
    return hide_small_groups(pd.DataFrame({name: people[name] for name in LABELS}), k).notna().all(axis=1).to_numpy()


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
