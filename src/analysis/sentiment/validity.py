"""Does a score measure what we want? Held to labels that say what posts were written to be."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from statistics import NormalDist

import numpy as np
import pandas as pd

from analysis.intervals import cluster_ids, two_way_variance
from analysis.sentiment.course import by_group, label
from analysis.sentiment.vader import score

_ENDS = NormalDist().inv_cdf(0.975)


def validity(
    posts: pd.DataFrame,
    labels: pd.Series,
    expected: Mapping[str, str],
    *,
    scores: pd.DataFrame | None = None,
    **how,
) -> pd.DataFrame:
    """Say of posts of each label how many score as they should, not at all, and the wrong way round.

    Parameters
    ----------
    posts : DataFrame
        With ``author`` and ``text``.
    labels : Series
        What each post is, by its planted truth or by an annotator; the same index. Missing ones are left out.
    expected : mapping of str to {"positive", "negative"}
        How the posts of a label should score if the score measured what we want. Other labels are left out.
    scores : DataFrame, optional
        ``compound``; :func:`analysis.sentiment.score` by default.
    **how
        ``cut``, ``draws``, ``seed``, ``smallest`` and ``k`` as in :func:`analysis.sentiment.by_group`.

    Returns
    -------
    DataFrame
        A row a label, in the order of `expected`: ``label``, ``expected``, ``posts``, ``authors`` (Int64, missing where
        they are few), ``enough``; the
        shares ``right``, ``silent`` (exactly 0) and ``wrong`` (beyond the cut on the other side), each with ``_low``
        and ``_high``; and ``above``, see :func:`separation`: how often a post of this label lies on the expected side
        of one that should score the other way.

    Raises
    ------
    ValueError
        If `expected` says something else than "positive" or "negative".
    """
    wrong = set(expected.values()) - {"positive", "negative"}
    if wrong:
        raise ValueError(f"expected holds {sorted(wrong)}: a post should score positive or negative")
    scores = score(posts["text"]) if scores is None else scores
    kept = labels.where(labels.isin(list(expected))).rename("label")
    shares = by_group(posts, kept, scores=scores, **how).set_index("label").reindex(list(expected))
    side = kept.map(expected)
    rows = []
    for name, sign in expected.items():
        row, other = shares.loc[name], {"positive": "negative", "negative": "positive"}[sign]
        found = {"label": name, "expected": sign, **{n: row[n] for n in ("posts", "authors", "enough")}}
        for called, source in (("right", sign), ("silent", "zero"), ("wrong", other)):
            found |= {f"{called}{end}": row[f"{source}{end}"] for end in ("", "_low", "_high")}
        apart = separation(posts, (kept == name), (side == other), scores=scores)
        apart = {end: apart[end] if row["enough"] is True or row["enough"] == 1 else np.nan for end in apart}
        if sign == "negative":
            apart = {"above": 1 - apart["above"], "low": 1 - apart["high"], "high": 1 - apart["low"]}
        rows.append(found | {"above": apart["above"], "above_low": apart["low"], "above_high": apart["high"]})
    table = pd.DataFrame(rows)
    counts = {name: table[name].mask(table["enough"].isna(), 0).astype("Int64") for name in ("posts", "authors")}
    return table.assign(**counts, enough=table["enough"].eq(True))


def separation(
    posts: pd.DataFrame, upper: pd.Series, lower: pd.Series, *, scores: pd.DataFrame | None = None
) -> dict[str, float]:
    """Tell how often a post of one group scores above one of another, ties counting half.

    Parameters
    ----------
    posts : DataFrame
        With ``author`` and ``text``.
    upper, lower : Series of bool
        Which posts are in the one group and in the other; the same index.
    scores : DataFrame, optional
        ``compound``; :func:`analysis.sentiment.score` by default.

    Returns
    -------
    dict
        ``above``: 1 where every post of the one group scores above every one of the other, 0.5 where the score does
        not tell them apart; ``low`` and ``high``, its 95% interval. All missing where a group is empty.

    Notes
    -----
    This is the area under the ROC curve, and the probability of Mann & Whitney. Its variance is from what each post
    adds (DeLong, DeLong & Clarke-Pearson 1988, Biometrics 44, 837), added up by author as in Obuchowski (1997),
    Biometrics 53, 567, and by copied text.

    Examples
    --------
    >>> posts = pd.DataFrame({"author": list("abcd"), "text": ["Thank you!", "I love it.", "Terrible.", "So be it."]})
    >>> separation(posts, pd.Series([True, True, False, False]), pd.Series([False, False, True, True]))["above"]
    1.0
    """
    scores = score(posts["text"]) if scores is None else scores
    above, rest = _placed(scores["compound"], upper, lower)
    return _with_ends("above", above, rest, posts)


def change(
    posts: pd.DataFrame,
    labels: pd.Series,
    expected: Mapping[str, str],
    before: pd.DataFrame,
    after: pd.DataFrame,
    *,
    cut: float = 0.05,
) -> pd.DataFrame:
    """Say what another way of scoring changes in the same posts.

    Parameters
    ----------
    posts, labels, expected, cut
        As in :func:`validity`.
    before, after : DataFrame
        The scores of the posts (``compound``) by the one way and by the other.

    Returns
    -------
    DataFrame
        A row a label, and one for "all": ``measure`` ("right" for the share that score as they should, "silent" for
        that of exactly 0, "above" for :func:`separation` of those that should be positive from those that should be
        negative), ``before``, ``after``, ``change``, and the 95% interval ``low`` to ``high`` of the change: the same
        posts are scored twice, so it is narrower than two intervals side by side suggest. It is for invented posts:
        no number is hidden.
    """
    side = labels.map(expected)
    rows = []
    for name in [*expected, "all"]:
        here = side.notna() if name == "all" else labels == name
        if not here.any():
            continue
        part = posts[here]
        for measure in ("right", "silent"):
            one, two = (_said(scores["compound"][here], side[here], measure, cut) for scores in (before, after))
            rest = (two - one) - (two - one).mean()
            ends = _with_ends("change", (two - one).mean(), rest / len(part), part)
            rows.append((name, measure, one.mean(), two.mean(), *ends.values()))
    up, down = side == "positive", side == "negative"
    if up.any() and down.any():
        one, two = (_placed(scores["compound"], up, down) for scores in (before, after))
        ends = _with_ends("change", two[0] - one[0], two[1] - one[1], posts)
        rows.append(("all", "above", one[0], two[0], *ends.values()))
    return pd.DataFrame(rows, columns=["label", "measure", "before", "after", "change", "low", "high"])


def _said(compound, side, measure, cut):
    """Say of each post, as 1 or 0, whether it is right, or silent."""
    called = compound == 0 if measure == "silent" else label(compound, cut).astype("str") == side
    return called.astype(float)


def _placed(compound, upper, lower):
    """Give how often the upper group scores above the lower, and what each post adds to that, less the mean."""
    one, two = compound[upper].to_numpy(), compound[lower].to_numpy()
    rest = pd.Series(0.0, index=compound.index)
    if not len(one) or not len(two):
        return np.nan, rest.to_numpy()
    placed = [
        (np.searchsorted(np.sort(b), a, "left") + np.searchsorted(np.sort(b), a, "right")) / (2 * len(b))
        for a, b in ((one, two), (two, one))
    ]
    above = float(placed[0].mean())
    values = np.zeros(len(compound))
    values[upper.to_numpy()] += (placed[0] - above) / len(one)
    values[lower.to_numpy()] += (1 - placed[1] - above) / len(two)
    return above, values


def _with_ends(name, value, rest, posts):
    """Give a value with its interval, from what each post adds to it."""
    reach = _ENDS * two_way_variance(np.asarray(rest), cluster_ids(posts)) ** 0.5
    return {name: float(value), "low": float(value - reach), "high": float(value + reach)}


def held_out(families: pd.Series) -> pd.Series:
    """Say which posts are kept for measuring: those of every second family of phrases, by lot.

    Parameters
    ----------
    families : Series of str
        ``family`` of the planted truth. Missing ones are not held out.

    Returns
    -------
    Series of bool
        The lot is the SHA-256 of the family's name, so it is the same everywhere and for ever.

    Examples
    --------
    >>> held_out(pd.Series(["bare/join", "bare/join", "work/promotion"])).tolist()
    [False, False, True]
    """
    lot = {name: bool(sha256(name.encode()).digest()[-1] % 2) for name in families.dropna().unique()}
    return families.map(lot).eq(True)
