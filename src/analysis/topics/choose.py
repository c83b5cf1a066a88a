"""How many topics: evidence for each number, and what follows from it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.text import present_texts
from analysis.topics.coherence import c_v, npmi
from analysis.topics.find import fit_bag, in_english, refuse_method
from analysis.topics.prepare import Bag, bag, distinct
from analysis.topics.steady import draws, halves, matched
from analysis.topics.weights import holds, learn

#: The numbers of topics that are tried where none are given.
TRIED = (2, 3, 4, 5, 6, 8, 10, 12, 15, 20)
_TOP = 10  # words of a topic that are looked at
_MOST = 8_000  # texts that are looked at


def choose(
    texts: Sequence[str],
    ks: Sequence[int] = TRIED,
    *,
    method: str = "nmf",
    fits: int = 5,
    seed: int = 0,
    progress: bool = False,
) -> pd.DataFrame:
    """Tell what speaks for each number of topics.

    Parameters
    ----------
    texts : Series or other sequence of str
        As for :func:`analysis.topics.fit`. Of more than 8,000 distinct texts so many are drawn.
    ks : sequence of int
        The numbers to be tried; such as the texts can't give are left out.
    method : str
        See :func:`analysis.topics.fit`.
    fits : int
        How often four fifths of the texts are drawn and the topics found anew, 2 or more.
    seed : int
    progress : bool
        Whether to draw a progress bar on standard error.

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
        If `fits` is less than 2, there is no such method, or the texts can give none of the numbers.

    Notes
    -----
    Stability after Greene, O'Callaghan & Cunningham (2014), ECML; coherence: :mod:`analysis.topics.coherence`; held-out
    fit by document completion (Wallach et al. 2009, "Evaluation methods for topic models", ICML, section 5.1): half of
    the words of a text tell its topics, the other half is foretold.
    """
    if not isinstance(fits, int | np.integer) or fits < 2:
        raise ValueError(f"fits is {fits}; 2 are needed to tell how far chance moves the answer")
    refuse_method(method)
    there = in_english(list(present_texts(texts).values()))
    counted = bag(there)
    tried = able(counted, ks)
    if not tried:
        raise ValueError(
            f"{len(distinct(counted)[1])} distinct texts are too few to compare numbers of topics: ten for each topic "
            "are needed, and four words that stand in more than one, and the least number tried is "
            f"{min(ks, default=0)}"
        )
    return compare(counted, there, tried, method, fits, seed, progress)


def able(counted: Bag, ks: Sequence[int]) -> list[int]:
    """Give the numbers of topics for which there is enough: ten distinct texts a topic, and four words that count."""
    _, first = distinct(counted)
    most = min(min(len(first), _MOST) // 10, len(learn(counted, first).vocabulary) // 4)
    return [k for k in sorted(set(ks)) if 1 < k <= most]


def compare(counted: Bag, texts, ks, method, fits, seed, progress) -> pd.DataFrame:
    """Tell what speaks for each number of topics in texts whose words were taken out before, see :func:`choose`."""
    from tqdm import tqdm

    _, first = distinct(counted)
    counted = counted.take(first[:_MOST])
    _, first = distinct(counted)
    rows = []
    with tqdm(
        total=len(ks) * (fits + 1), desc="comparing", unit="fit", disable=None if progress else True, delay=2
    ) as bar:
        for k in ks:
            rows.append(_evidence(counted, first, texts, k, method, fits, seed, bar))
    return pd.DataFrame(rows)


def _evidence(counted, first, texts, k, method, fits, seed, bar) -> dict:
    whole = fit_bag(counted, texts, k, method, seed)
    bar.update()
    tops = [group["word"].tolist() for _, group in whole.top_words(set(whole.vocabulary), _TOP).groupby("topic")]
    tops = [some for some in tops if len(some) > 1]
    alike, foretold = [], []
    for kept in draws(first, fits, seed):
        part = fit_bag(counted.take(kept), texts, k, method, seed)
        alike.append(float(matched(whole, part)[1].mean()))
        foretold.append(_foretold(part, counted.take(np.setdiff1d(first, kept)), seed))
        bar.update()
    return {
        "k": k,
        "stability": np.mean(alike),
        "stability_error": np.std(alike, ddof=1) / np.sqrt(fits),
        "npmi": np.nanmean(npmi(tops, counted)) if tops else np.nan,
        "c_v": np.nanmean(c_v(tops, counted)) if tops else np.nan,
        "held_out": np.mean(foretold),
        "held_out_error": np.std(foretold, ddof=1) / np.sqrt(fits),
        "redundancy": _redundancy(tops),
    }


def _foretold(found, held: Bag, seed) -> float:
    """Give by how many nats a word of held-out texts is likelier with topics than without."""
    told, asked = halves(held, seed)
    shares, _ = found.read(told)
    rows = holds(asked, found.vocabulary)
    both = (shares.sum(axis=1) > 0) & (np.diff(rows.indptr) > 0)
    shares, rows = shares[both], rows[np.flatnonzero(both)]
    if not rows.nnz:
        return np.nan
    overall = (found.counts.sum(axis=0) + 1) / (found.counts.sum() + found.counts.shape[1])
    inside = (found.counts + 5 * overall) / (found.counts.sum(axis=1, keepdims=True) + 5)
    row = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    # One tenth is left to all words together: a post's mixture, told from few words, is never sure.
    likely = 0.9 * np.einsum("ij,ij->i", shares[row], inside[:, rows.indices].T) + 0.1 * overall[rows.indices]
    return float(np.mean(np.log(likely) - np.log(overall[rows.indices])))


def _redundancy(tops) -> float:
    """Give the mean over topics of the share of top words in common with the topic most like it."""
    if len(tops) < 2:
        return 0.0
    sets = [set(some) for some in tops]
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
    use = table.dropna(subset=["stability", "held_out", "c_v"])
    if use.empty:
        return {"k": None, "near": [], "use": int(table["k"].min()), "why": "nothing could be measured"}
    score = sum(_scaled(use[name]) for name in ("stability", "held_out", "c_v")) / 3
    best = int(use.loc[score.idxmax(), "k"])
    near = [int(k) for k in use.loc[score >= score.max() - 0.1, "k"]]
    if use["stability"].max() < 0.4:
        why = "with no number do the topics come back when other texts are drawn"
    elif (use["held_out"] - 2 * use["held_out_error"]).max() <= 0:
        why = "words of held-out texts are foretold no better with topics than without"
    elif len(near) > len(use) / 2:
        why = f"{len(near)} of {len(use)} numbers are about equally good"
    else:
        return {"k": best, "near": near, "use": best, "why": "it is best by stability, held-out fit and C_v together"}
    return {"k": None, "near": near, "use": best, "why": why}


def _scaled(column):
    span = column.max() - column.min()
    return (column - column.min()) / span if span > 0 else column * 0 + 1.0
