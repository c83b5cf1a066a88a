"""Whether topics come back when other texts are drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from analysis.intervals import wilson_interval
from analysis.text import present_texts
from analysis.topics.bags import bag, distinct, english
from analysis.topics.model import Topics, fit_bag, log_odds

_SAME = 0.5  # from this likeness on, a topic of another fit is taken for the same one


def stability(topics: Topics, texts: Sequence[str], *, fits: int = 20, seed: int = 0) -> pd.DataFrame:
    """Tell of each topic how often it comes back when the texts are drawn again and the topics found anew.

    Parameters
    ----------
    topics : Topics
        From these texts.
    texts : Series or other sequence of str
    fits : int
        How often four fifths of the distinct texts are drawn.
    seed : int
        Of the draws.

    Returns
    -------
    DataFrame
        A row a topic: ``topic``, ``likeness`` (mean over the fits, 0 to 1: of the topic and the one matched with it),
        ``back`` (int; in how many fits the likeness was at least 0.5), ``fits``, and the share that is, with its 95%
        interval: ``share``, ``low``, ``high``.

    Notes
    -----
    Topics of two fits are matched so that all likenesses together are largest (Kuhn 1955, the Hungarian method), after
    Greene, O'Callaghan & Cunningham (2014), "How many topics? Stability analysis for topic models", ECML. The likeness
    is the cosine of how much more often each word stands in the topic than elsewhere. Four fifths without
    replacement are drawn and not a bootstrap, for a text that is drawn twice counts once here. Where a draw can't give
    so many topics, none comes back.
    """
    from tqdm import tqdm

    if not isinstance(fits, int | np.integer) or fits < 1:
        raise ValueError(f"fits is {fits}; at least one is needed")
    k, posts = len(topics.names), bag(english(list(present_texts(texts).values())))
    _, first = distinct(posts)
    if len(first) < k:
        raise ValueError(f"{len(first)} distinct texts can't give {k} topics: give those of the fit")
    likeness = np.zeros((fits, k))
    drawn = enumerate(draw_fifths(first, fits, seed))
    for i, rows in tqdm(drawn, total=fits, unit="fit", disable=None, delay=2):
        try:
            likeness[i] = match(topics, fit_bag(posts.take(rows), k, seed))
        except ValueError:  # this draw can't give so many topics
            continue
    back = (likeness >= _SAME).sum(axis=0)
    intervals = pd.DataFrame([wilson_interval(int(n), fits) for n in back])
    table = pd.DataFrame({"topic": topics.names, "likeness": likeness.mean(axis=0), "back": back, "fits": fits})
    return table.astype({"topic": "str"}).join(intervals)


def match(one: Topics, two: Topics) -> np.ndarray:
    """Match the topics of two fits, and give the likeness of each topic of `one` and its partner, 0 to 1.

    Where `two` has fewer topics, some of `one` have no partner, and a likeness of 0.
    """
    from scipy.optimize import linear_sum_assignment

    shared = sorted(set(one.vocabulary) & set(two.vocabulary))
    near = _profile(one, shared) @ _profile(two, shared).T
    rows, columns = linear_sum_assignment(-near)
    likeness = np.zeros(len(one.names))
    likeness[rows] = near[rows, columns]
    return likeness.clip(0, 1)


def _profile(topics, shared):
    """Give each topic's log odds of some words, where above 0, as rows of length 1."""
    place = {word: i for i, word in enumerate(topics.vocabulary)}
    columns = [place[word] for word in shared]
    common = np.sqrt(topics.known.doc_freq[columns] / topics.texts)
    rows = np.maximum(log_odds(topics.counts)[:, columns], 0) * common
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)


def draw_fifths(first: np.ndarray, fits: int, seed: int) -> Iterator[np.ndarray]:
    """Draw four fifths of the distinct texts, which are numbered by their words: the order of the rows is no matter."""
    for i in range(fits):
        random = np.random.default_rng([seed, i])
        kept = np.sort(random.permutation(len(first))[: max(1, len(first) * 4 // 5)])
        yield first[kept]
