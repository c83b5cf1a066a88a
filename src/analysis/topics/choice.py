"""How many topics: evidence for each number, and what follows from it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.text import present_texts
from analysis.topics.bags import Bag, bag, distinct, hashes
from analysis.topics.coherence import c_v, npmi
from analysis.topics.model import Topics, fit_bag, mostly_english
from analysis.topics.resampling import draw_fifths, match
from analysis.topics.weights import learn_vocabulary

_TRIED = (2, 3, 4, 5, 6, 8, 10, 12, 15, 20)
_TOP = 10  # words of a topic that are looked at
_MOST = 8_000  # texts that are looked at


def choose(
    texts: Sequence[str],
    ks: Sequence[int] = _TRIED,
    *,
    fits: int = 5,
    seed: int = 0,
) -> pd.DataFrame:
    """Tell what speaks for each number of topics.

    Parameters
    ----------
    texts : Series or other sequence of str
        As for :func:`analysis.topics.fit`. Of more than 8,000 distinct texts so many are drawn.
    ks : sequence of int
        The numbers to be tried; such as the texts can't give are left out.
    fits : int
        How often four fifths of the texts are drawn and the topics found anew, 2 or more.
    seed : int

    Returns
    -------
    DataFrame
        A row a number: ``k``; ``stability`` (0 to 1, how alike a topic and its partner in other fits are, the mean over
        topics and fits) with its standard error over fits ``stability_error``; ``npmi`` and ``c_v`` (coherence of the
        ten top words, means over topics); ``held_out`` (nats a word: how much better words of texts that were held out
        are foretold than without topics) with ``held_out_error``; ``redundancy`` (0 to 1: the share of its top words
        that a topic has in common with the one most like it, mean over topics).

    Raises
    ------
    ValueError
        If `fits` is less than 2, or the texts can give none of the numbers.

    Notes
    -----
    Stability after Greene, O'Callaghan & Cunningham (2014), ECML; coherence: :mod:`analysis.topics.coherence`; held-out
    fit by document completion (Wallach et al. 2009, "Evaluation methods for topic models", ICML, section 5.1): half of
    the words of a text tell its topics, the other half is foretold.
    """
    from tqdm import tqdm

    if not isinstance(fits, int | np.integer) or fits < 2:
        raise ValueError(f"fits is {fits}; 2 are needed to tell how far chance moves the answer")
    posts = bag(mostly_english(list(present_texts(texts).values())))
    _, first = distinct(posts)
    differ, size = len(first), len(learn_vocabulary(posts, first).words)
    possible = [k for k in sorted(set(ks)) if 1 < k <= min(min(differ, _MOST) // 10, size // 4)]
    if not possible:
        raise ValueError(
            f"{differ} distinct texts are too few to compare numbers of topics: ten for each are needed, and four "
            f"words that stand in more than one, and the least number tried is {min(ks, default=0)}"
        )
    posts = posts.take(first[:_MOST])
    _, first = distinct(posts)
    rows = []
    total = len(possible) * (fits + 1)
    with tqdm(total=total, desc="comparing", unit="fit", disable=None, delay=2) as bar:
        for k in possible:
            rows.append(_evidence(posts, first, k, fits, seed, bar))
    return pd.DataFrame(rows)


def _evidence(posts, first, k, fits, seed, bar) -> dict:
    whole = fit_bag(posts, k, seed)
    bar.update()
    top_words = whole.top_words(set(whole.vocabulary), _TOP).groupby("topic")["word"].agg(list)
    top_words = [words for words in top_words if len(words) > 1]
    likeness, gains = [], []
    for kept in draw_fifths(first, fits, seed):
        part = fit_bag(posts.take(kept), k, seed)
        likeness.append(float(match(whole, part).mean()))
        gains.append(_held_out(part, posts.take(np.setdiff1d(first, kept)), seed))
        bar.update()
    return {
        "k": k,
        "stability": np.mean(likeness),
        "stability_error": np.std(likeness, ddof=1) / np.sqrt(fits),
        "npmi": np.nanmean(npmi(top_words, posts)) if top_words else np.nan,
        "c_v": np.nanmean(c_v(top_words, posts)) if top_words else np.nan,
        "held_out": np.mean(gains),
        "held_out_error": np.std(gains, ddof=1) / np.sqrt(fits),
        "redundancy": _redundancy(top_words),
    }


def _held_out(topics: Topics, posts: Bag, seed: int) -> float:
    """Give by how many nats a word of held-out texts is likelier with topics than without."""
    seen, hidden = halve(posts, seed)
    shares, _ = topics.read(seen)
    rows = topics.known.rows(hidden)
    both = (shares.sum(axis=1) > 0) & (np.diff(rows.indptr) > 0)
    shares, rows = shares[both], rows[np.flatnonzero(both)]
    if not rows.nnz:
        return np.nan
    overall = (topics.counts.sum(axis=0) + 1) / (topics.counts.sum() + topics.counts.shape[1])
    inside = (topics.counts + 5 * overall) / (topics.counts.sum(axis=1, keepdims=True) + 5)
    row = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    # One tenth is left to all words together: a post's mixture, told from few words, is never sure.
    likely = 0.9 * np.einsum("ij,ij->i", shares[row], inside[:, rows.indices].T) + 0.1 * overall[rows.indices]
    return float(np.mean(np.log(likely) - np.log(overall[rows.indices])))


def halve(posts: Bag, seed: int) -> tuple[Bag, Bag]:
    """Cut each post's different words into two halves at random: one to tell its topics from, one to be foretold."""
    lots = (hashes(posts.words) ^ np.uint64(seed * 0x9E3779B97F4A7C15 % 2**64)) * np.uint64(0xD6E8FEB86659FD93)
    side = ((lots >> np.uint64(40)) % np.uint64(2)).astype(bool)[posts.ids]
    row = np.repeat(np.arange(len(posts)), np.diff(posts.starts))

    def part(kept):
        starts = np.r_[0, np.cumsum(np.bincount(row[kept], minlength=len(posts)))]
        return Bag(posts.words, starts.astype(np.int64), posts.ids[kept])

    return part(side), part(~side)


def _redundancy(top_words) -> float:
    """Give the mean over topics of the share of top words in common with the topic most like it."""
    if len(top_words) < 2:
        return 0.0
    sets = [set(words) for words in top_words]
    return float(np.mean([max(len(a & b) / len(a) for j, b in enumerate(sets) if j != i) for i, a in enumerate(sets)]))


def recommended(table: pd.DataFrame) -> dict:
    """Say which number of topics the evidence prefers, or that it prefers none.

    Parameters
    ----------
    table : DataFrame
        From :func:`choose`.

    Returns
    -------
    dict
        ``k`` (int; missing, None, where nothing is preferred), ``near`` (list of int: the numbers that are hardly
        worse), ``use`` (int: `k`, or where it is missing a number to go on with) and ``why`` (a sentence).

    Notes
    -----
    The rule, fixed before it was tried: each of stability, held-out fit and C_v is put on a scale from 0 (the worst of
    the numbers tried) to 1 (the best), and the mean of the three decides; numbers within 0.1 of the best are near it.
    Nothing is preferred where topics of no number come back (stability below 0.4 throughout), where held-out words are
    foretold no better with topics than without, or where more than half of the numbers tried are near.
    """
    if missing := {"k", "stability", "held_out", "held_out_error", "c_v"} - set(table.columns):
        raise ValueError(f"the table has no column {min(missing)}: give one as choose makes it")
    measured = table.dropna(subset=["stability", "held_out", "c_v"])
    if measured.empty:
        return {"k": None, "near": [], "use": int(table["k"].min()), "why": "nothing could be measured"}
    score = sum(_scaled(measured[name]) for name in ("stability", "held_out", "c_v")) / 3
    best = int(measured.loc[score.idxmax(), "k"])
    near = [int(k) for k in measured.loc[score >= score.max() - 0.1, "k"]]
    if measured["stability"].max() < 0.4:
        why = "with no number do the topics come back when other texts are drawn"
    elif (measured["held_out"] - 2 * measured["held_out_error"]).max() <= 0:
        why = "words of held-out texts are foretold no better with topics than without"
    elif len(near) > len(measured) / 2:
        why = f"{len(near)} of {len(measured)} numbers are about equally good"
    else:
        return {"k": best, "near": near, "use": best, "why": "it is best by stability, held-out fit and C_v together"}
    return {"k": None, "near": near, "use": best, "why": why}


def _scaled(column):
    span = column.max() - column.min()
    return (column - column.min()) / span if span > 0 else column * 0 + 1.0
