"""How steady topics are: whether they come back when other texts are drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from analysis.intervals import wilson_interval
from analysis.schema import InputError
from analysis.text import present_texts
from analysis.topics.evidence import lean
from analysis.topics.find import fit_bag
from analysis.topics.language import english
from analysis.topics.model import Topics
from analysis.topics.prepare import Bag, bag, distinct, hashes

_SAME = 0.5  # from this likeness on, a topic of another fit is taken for the same one


def stability(
    found: Topics, texts: Sequence[str], *, fits: int = 20, seed: int = 0, progress: bool = False
) -> pd.DataFrame:
    """Tell of each topic how often it comes back when the texts are drawn again and the topics found anew.

    Parameters
    ----------
    found : Topics
        From these texts.
    texts : Series or other sequence of str
    fits : int
        How often four fifths of the distinct texts are drawn.
    seed : int
        Of the draws.
    progress : bool
        Whether to draw a progress bar on standard error.

    Returns
    -------
    DataFrame
        A row a topic: ``topic``, ``likeness`` (mean over the fits, 0 to 1: of the topic and the one matched with it),
        ``back`` (int; in how many fits the likeness was at least 0.5), ``fits``, and the share that is, with its 95%
        interval: ``share``, ``low``, ``high``.

    Raises
    ------
    InputError
        If the topics are by "density", and the extra for that is not installed.
    ValueError
        If `fits` is less than 1, or there are too few texts for so many topics.

    Notes
    -----
    Topics of two fits are matched so that all likenesses together are largest (Kuhn 1955, the Hungarian method), after
    Greene, O'Callaghan & Cunningham (2014), "How many topics? Stability analysis for topic models", ECML. The likeness
    is the cosine of how much more often each word stands in the topic than elsewhere. Four fifths without
    replacement are drawn and not a bootstrap, for a text that is drawn twice counts once here. Where a draw can't give
    so many topics, none comes back. Topics by "density" are found anew with the smallest topic that
    :func:`analysis.topics.fit_density` takes without `least`, whatever it was before.
    """
    from tqdm import tqdm

    if not isinstance(fits, int | np.integer) or fits < 1:
        raise ValueError(f"fits is {fits}; at least one is needed")
    there = english(list(present_texts(texts).values()))
    counted, likeness = bag(there), []
    _, first = distinct(counted)
    if len(first) < len(found.names):
        raise ValueError(f"{len(first)} distinct texts can't give {len(found.names)} topics: give those of the fit")
    for rows in tqdm(draws(first, fits, seed), total=fits, unit="fit", disable=None if progress else True):
        other = _again(found, counted, there, rows, seed)
        likeness.append(np.zeros(len(found.names)) if other is None else matched(found, other)[1])
    like = np.array(likeness).reshape(fits, len(found.names))
    back = (like >= _SAME).sum(axis=0)
    spans = pd.DataFrame([wilson_interval(int(n), fits) for n in back])
    table = pd.DataFrame({"topic": found.names, "likeness": like.mean(axis=0), "back": back, "fits": fits})
    return table.astype({"topic": "str"}).join(spans)


def _again(found, counted, texts, rows, seed):
    """Find the topics anew in some of the texts, as they were found; nothing where these can't give so many."""
    from analysis.topics.density import fit_density

    try:
        if found.method == "density":
            return fit_density([texts[row] for row in rows])
        return fit_bag(counted.take(rows), texts, len(found.names), found.method, seed)
    except InputError:  # the extra that "density" needs is not there
        raise
    except ValueError:
        return None


def matched(one: Topics, two: Topics) -> tuple[np.ndarray, np.ndarray]:
    """Match the topics of two fits.

    Returns
    -------
    partner : ndarray of int, shape (k,)
        For each topic of `one` its partner in `two`; -1 where `two` has too few.
    likeness : ndarray of float, shape (k,)
        Of the two, from 0 to 1; 0 without a partner.
    """
    from scipy.optimize import linear_sum_assignment

    shared = sorted(set(one.vocabulary) & set(two.vocabulary))
    near = _profile(one, shared) @ _profile(two, shared).T
    rows, columns = linear_sum_assignment(-near)
    partner, likeness = np.full(len(one.names), -1), np.zeros(len(one.names))
    partner[rows], likeness[rows] = columns, near[rows, columns]
    return partner, likeness.clip(0, 1)


def _profile(found, shared):
    """Give each topic's leaning over some words, as rows of length 1."""
    place = {word: i for i, word in enumerate(found.vocabulary)}
    at = [place[word] for word in shared]
    rows = np.maximum(lean(found.counts)[:, at], 0) * np.sqrt(found.lexis.within[at] / found.lexis.texts)
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)


def draws(first: np.ndarray, fits: int, seed: int) -> Iterator[np.ndarray]:
    """Draw four fifths of the distinct texts, which are numbered by their words: the order of the rows is no matter."""
    for i in range(fits):
        random = np.random.default_rng([seed, i])
        kept = np.sort(random.permutation(len(first))[: max(1, len(first) * 4 // 5)])
        yield first[kept]


def halves(found: Bag, seed: int) -> tuple[Bag, Bag]:
    """Cut each post's different words into two halves by lot: one to tell its topics from, one to be foretold."""
    lots = (hashes(found.words) ^ np.uint64(seed * 0x9E3779B97F4A7C15 % 2**64)) * np.uint64(0xD6E8FEB86659FD93)
    side = ((lots >> np.uint64(40)) % np.uint64(2)).astype(bool)[found.ids]
    row = np.repeat(np.arange(len(found)), np.diff(found.starts))

    def part(kept):
        starts = np.r_[0, np.cumsum(np.bincount(row[kept], minlength=len(found)))]
        return Bag(found.words, starts.astype(np.int64), found.ids[kept])

    return part(side), part(~side)
