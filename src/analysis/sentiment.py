"""How a text sounds, by VADER's word list and rules, and how that moves over time.

VADER (Hutto & Gilbert 2014, "VADER: A Parsimonious Rule-based Model for Sentiment Analysis of Social Media Text",
ICWSM 8(1), doi:10.1609/icwsm.v8i1.14550) gives some 7,500 words a valence and mends it by rules for negation,
boosters, capitals, "but" and punctuation. What is reported here is NLTK's implementation: the package `vaderSentiment`
gives many posts other scores from the same list, so a figure must say which one it is from.
"""

from __future__ import annotations

from functools import cache
from importlib import metadata, resources

import numpy as np
import pandas as pd

from analysis import words
from analysis.estimate import wilson

#: What :func:`score` gives for a text.
SCORES = ("neg", "neu", "pos", "compound")
LABELS = ("negative", "neutral", "positive")


def score(texts: pd.Series) -> pd.DataFrame:
    """Score texts with NLTK's VADER.

    Parameters
    ----------
    texts : Series of str, or any sequence of str
        As posted: capitals, punctuation and emoticons count. A missing text (None, NaN, NA) has missing scores.

    Returns
    -------
    DataFrame
        float64, the index of `texts`: ``neg``, ``neu``, ``pos``, the shares of the text that are negative, neutral and
        positive, from 0 to 1; ``compound``, the sum of all valences pressed between -1 and 1. A text without a
        word that VADER knows has ``compound`` 0 exactly.

    Raises
    ------
    TypeError
        If something is neither a text nor missing; the message names its row.

    Examples
    --------
    >>> score(["I am grateful.", "I was afraid."])["compound"].tolist()
    [0.4588, 0.0]
    """
    there = words.present(texts)
    known = {text: _vader().polarity_scores(text) for text in dict.fromkeys(there.values())}
    scores = np.full((len(texts), len(SCORES)), np.nan)
    if there:
        scores[list(there)] = [[known[text][name] for name in SCORES] for text in there.values()]
    return pd.DataFrame(scores, index=texts.index if isinstance(texts, pd.Series) else None, columns=list(SCORES))


def lexicon() -> dict[str, object]:
    """Tell which word list and which VADER the scores are from.

    Returns
    -------
    dict
        ``package`` and ``version`` that the list comes with, its ``sha256`` and number of ``entries``, and ``scorer``,
        the implementation with its version.
    """
    from hashlib import sha256

    return {
        "package": "vaderSentiment",
        "version": metadata.version("vaderSentiment"),
        "sha256": sha256(_lexicon_bytes()).hexdigest(),
        "entries": len(_vader().lexicon),
        "scorer": f"NLTK {metadata.version('nltk')}",
    }


def valence(word: str) -> float:
    """Give the valence of a word in VADER's list, from -4 to 4; missing (NaN) where the list does not know it.

    Examples
    --------
    >>> valence("love"), valence("groped")
    (3.2, nan)
    """
    return _vader().lexicon.get(word.lower(), float("nan"))


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
        ``cut``, ``draws``, ``seed`` and ``smallest`` as in :func:`by_group`.

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
) -> pd.DataFrame:
    """Give mean and shares of each group of posts, with intervals from drawing authors.

    Parameters
    ----------
    posts, scores : DataFrame
        Posts with ``author`` and ``text``, and what :func:`score` says of them, with the same index.
    groups : Series
        The group of each post, the same index. Posts of no group (missing) or without scores are left out.
    cut : float
        Between neutral and not, as in :func:`label`.
    draws : int
        How often the authors are drawn.
    seed : int
    smallest : int
        A group with fewer authors gets counts alone, and its ``enough`` is False: a share of a few posts would tell
        what was found in each.

    Returns
    -------
    DataFrame
        A row a group, sorted: the group, ``posts``, ``authors``, ``enough``; and for each of ``mean`` (of compound, -1
        to 1), ``negative``, ``neutral``, ``positive`` (shares, 0 to 1) and ``zero`` (share that scores exactly 0) its
        value and, with 95% confidence, ``_low`` and ``_high``.

    Notes
    -----
    The interval is a percentile bootstrap that draws authors with all their posts (a cluster bootstrap: Davison &
    Hinkley 1997, *Bootstrap Methods and their Application*, section 3.8), for posts of one author are alike. Posts
    without an author are drawn with all copies of their text. Where a share is exactly 0 or 1, drawing can't move it,
    and Wilson's interval for that many authors stands in. ``benchmarks/recovery_text.py`` shows how often it covers:
    with some 40 or 70 authors, a few of whom write much, in 93 of 100 cases, with 300 in 95.
    """
    if draws < 1:
        raise ValueError(f"draws is {draws}; at least one is needed")
    table = pd.DataFrame({"group": groups, "compound": scores["compound"], "author": posts["author"]})
    table["author"] = table["author"].where(table["author"].notna(), "\0" + posts["text"])
    table = table.dropna(subset=["group", "compound"]).sort_values(["author", "group", "compound"])
    person, who = pd.factorize(table["author"])
    group, names = pd.factorize(table["group"], sort=True)
    called = label(table["compound"], cut)
    each = {"mean": table["compound"], **{name: called == name for name in LABELS}, "zero": table["compound"] == 0}
    counts = _sums(np.ones(len(table)), person, group, (len(who), len(names)))
    size, authors = counts.sum(axis=0), (counts > 0).sum(axis=0)
    found = {groups.name or "group": names, "posts": size.astype("int64"), "authors": authors.astype("int64")}
    found["enough"] = enough = authors >= smallest
    totals = {name: _sums(values, person, group, counts.shape) for name, values in each.items()}
    for name, (low, high) in _intervals(totals, counts, draws, seed).items():
        value = totals[name].sum(axis=0) / size
        for i in np.flatnonzero((name != "mean") & np.isin(value, [0, 1])):
            stuck = wilson(int(value[i] * authors[i]), int(authors[i]))
            low[i], high[i] = stuck["low"], stuck["high"]
        value, low, high = np.where(enough, [value, low, high], np.nan)
        found |= {name: value, f"{name}_low": low, f"{name}_high": high}
    return pd.DataFrame(found)


def _sums(values, person, group, shape):
    """Add values up by person and group: a sparse array of `shape`."""
    from scipy.sparse import coo_array

    return coo_array((np.asarray(values, dtype=float), (person, group)), shape=shape).tocsr()


def _intervals(totals, counts, draws, seed):
    """Draw people, and give for each of the totals the low and high ends of total / count, by group."""
    random, people = np.random.default_rng(seed), counts.shape[0]
    if not people:
        return {name: np.zeros((2, 0)) for name in totals}
    drawn = {name: [] for name in totals}
    at_once = max(1, 2**24 // people)
    for begin in range(0, draws, at_once):
        size = min(at_once, draws - begin)
        times = random.multinomial(people, np.full(people, 1 / people), size=size).astype(float)
        with np.errstate(invalid="ignore"):
            for name, total in totals.items():
                drawn[name].append((times @ total) / (times @ counts))
    ends = {}
    for name, parts in drawn.items():
        # A group that no draw met has no interval; its draws are all missing.
        values = np.concatenate(parts)
        values[:, np.isnan(values).all(axis=0)] = 0
        ends[name] = np.nanquantile(values, [0.025, 0.975], axis=0)
    return ends


@cache
def _vader():
    """NLTK's VADER with the lexicon that the package vaderSentiment brings along."""
    from nltk.sentiment.vader import SentimentIntensityAnalyzer, VaderConstants

    # NLTK's own constructor searches nltk.data.path, which would have to be changed for the whole process; and since
    # 3.10 it refuses folders that a group may write to, which site-packages may well be.
    vader = SentimentIntensityAnalyzer.__new__(SentimentIntensityAnalyzer)
    vader.lexicon_file = _lexicon_bytes().decode("utf-8")
    vader.lexicon = vader.make_lex_dict()
    vader.constants = VaderConstants()
    return vader


def _lexicon_bytes() -> bytes:
    return (resources.files("vaderSentiment") / "vader_lexicon.txt").read_bytes()
