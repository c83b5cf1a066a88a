"""Does a score measure what we want? Held to sentences whose meaning is plain, and to what posts were written to be.

The project brings along the sentences (:func:`probes`), and words that VADER's list lacks (:func:`extension`).
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from statistics import NormalDist

import numpy as np
import pandas as pd

from analysis.intervals import cluster_ids, normalized_texts, two_way_variance, wilson_interval
from analysis.schema import find_root
from analysis.sentiment.groups import by_group, label
from analysis.sentiment.vader import score

_OPPOSITE = {"positive": "negative", "negative": "positive"}
_ENDS = NormalDist().inv_cdf(0.975)


def extension(theme: str | None = None) -> pd.DataFrame:
    """Give the words that we would add to VADER's list, with our reasons: ``data/sentiment_words.csv``.

    Parameters
    ----------
    theme : {"metoo", "neutral"}, optional
        Those for posts about this subject only.

    Returns
    -------
    DataFrame
        ``word``, ``valence`` (-4 to 4), ``theme``, ``reason``, ``added`` (a date). They are one project's judgement
        of how these words are used under one tag, not the mean of what ten people said, as VADER's are. So no score
        holds them unless it is asked for: ``score(texts, extra=extension().set_index("word")["valence"])``.
    """
    words = pd.read_csv(find_root() / "data" / "sentiment_words.csv", dtype={"valence": "float64"})
    return words if theme is None else words[words["theme"] == theme].reset_index(drop=True)


def subject(texts: pd.Series) -> str:
    """Tell the theme of some texts, "metoo" or "neutral": the one more of whose words in :func:`extension` they hold.

    Examples
    --------
    >>> subject(pd.Series(["I believe you, sisters. You belong."])), subject(pd.Series(["My boss shouted: unpaid!"]))
    ('metoo', 'neutral')
    """
    used = set(normalized_texts(texts).dropna().str.split().explode())
    words = extension()
    share = words["word"].isin(used).groupby(words["theme"]).mean()
    return str(share.idxmax())


def probes(theme: str = "metoo") -> pd.DataFrame:
    """Give sentences of ours whose meaning is plain to a reader: ``data/sentiment_probes.csv``.

    Parameters
    ----------
    theme : {"metoo", "neutral"}
        What those of harm are about.

    Returns
    -------
    DataFrame
        ``probe``, ``kind``, ``theme``, ``lang``, ``text``, ``meant`` ("positive" or "negative"). They were written
        before any of them was scored.
    """
    table = pd.read_csv(find_root() / "data" / "sentiment_probes.csv")
    return table[table["theme"].isin(["any", theme])].reset_index(drop=True)


def probe(table: pd.DataFrame, scores: pd.DataFrame | None = None, cut: float = 0.05) -> pd.DataFrame:
    """Say how many probes of each kind score as they were meant.

    Parameters
    ----------
    table : DataFrame
        As :func:`probes` gives it.
    scores : DataFrame, optional
        ``compound``, with the same index; :func:`analysis.sentiment.score` by default.
    cut : float
        As in :func:`analysis.sentiment.label`.

    Returns
    -------
    DataFrame
        A row a kind, the one that fares best first: ``kind``, ``sentences``, ``right``, ``silent`` (exactly 0),
        ``wrong`` (numbers of sentences), and ``share`` with ``low`` and ``high`` of the right ones (Wilson, 95%).
    """
    compound = (score(table["text"]) if scores is None else scores)["compound"]
    labels = label(compound, cut).astype("str")
    right, silent = labels == table["meant"], compound == 0
    wrong = ~right & (labels != "neutral")
    counts = pd.DataFrame({"kind": table["kind"], "sentences": 1, "right": right, "silent": silent, "wrong": wrong})
    counts = counts.groupby("kind", as_index=False).sum()
    shares = pd.DataFrame([wilson_interval(row.right, row.sentences) for row in counts.itertuples()])
    table = pd.concat([counts, shares], axis="columns")
    return table.sort_values(["share", "kind"], ascending=[False, True], ignore_index=True)


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
    unknown = set(expected.values()) - set(_OPPOSITE)
    if unknown:
        raise ValueError(f"expected holds {sorted(unknown)}: a post should score positive or negative")
    scores = score(posts["text"]) if scores is None else scores
    kept = labels.where(labels.isin(list(expected))).rename("label")
    shares = by_group(posts, kept, scores=scores, **how).set_index("label").reindex(list(expected))
    side = kept.map(expected)
    rows = []
    for name, sign in expected.items():
        row = {"label": name, "expected": sign, **shares.loc[name, ["posts", "authors", "enough"]]}
        for column, source in (("right", sign), ("silent", "zero"), ("wrong", _OPPOSITE[sign])):
            row |= {f"{column}{end}": shares.loc[name, f"{source}{end}"] for end in ("", "_low", "_high")}
        order = separation(posts, (kept == name), (side == _OPPOSITE[sign]), scores=scores)
        if row["enough"] is not True and row["enough"] != 1:
            order = dict.fromkeys(order, np.nan)
        if sign == "negative":
            order = {"above": 1 - order["above"], "low": 1 - order["high"], "high": 1 - order["low"]}
        rows.append(row | {"above": order["above"], "above_low": order["low"], "above_high": order["high"]})
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
    above, residuals = _order(scores["compound"], upper, lower)
    return _with_interval("above", above, residuals, posts)


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
        kept = side.notna() if name == "all" else labels == name
        if not kept.any():
            continue
        for measure in ("right", "silent"):
            old, new = (_hits(scores["compound"][kept], side[kept], measure, cut) for scores in (before, after))
            gain = (new - old).mean()
            interval = _with_interval("change", gain, ((new - old) - gain) / kept.sum(), posts[kept])
            rows.append((name, measure, old.mean(), new.mean(), *interval.values()))
    upper, lower = side == "positive", side == "negative"
    if upper.any() and lower.any():
        (old, old_rest), (new, new_rest) = (_order(scores["compound"], upper, lower) for scores in (before, after))
        interval = _with_interval("change", new - old, new_rest - old_rest, posts)
        rows.append(("all", "above", old, new, *interval.values()))
    return pd.DataFrame(rows, columns=["label", "measure", "before", "after", "change", "low", "high"])


def _hits(compound, side, measure, cut):
    """Say of each post, as 1 or 0, whether it is right, or silent."""
    hits = compound == 0 if measure == "silent" else label(compound, cut).astype("str") == side
    return hits.astype(float)


def _order(compound, upper, lower):
    """Give how often the upper group scores above the lower, and what each post adds to that, less the mean."""
    residuals = np.zeros(len(compound))
    high, low = compound[upper].to_numpy(), compound[lower].to_numpy()
    if not len(high) or not len(low):
        return np.nan, residuals
    of_high, of_low = (
        (np.searchsorted(np.sort(others), own, "left") + np.searchsorted(np.sort(others), own, "right"))
        / (2 * len(others))
        for own, others in ((high, low), (low, high))
    )
    above = float(of_high.mean())
    residuals[upper.to_numpy()] += (of_high - above) / len(high)
    residuals[lower.to_numpy()] += (1 - of_low - above) / len(low)
    return above, residuals


def _with_interval(name, value, residuals, posts):
    """Give a value with its interval, from what each post adds to it."""
    reach = _ENDS * two_way_variance(np.asarray(residuals), cluster_ids(posts)) ** 0.5
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
