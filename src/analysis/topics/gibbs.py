"""A mixture for short texts in which each has one topic, by collapsed Gibbs sampling."""

from __future__ import annotations

import numpy as np
from numba import njit


def gsdmm(starts, ids, words: int, k: int, seed: int, rounds: int = 40) -> tuple[np.ndarray, np.ndarray]:
    """Sort texts into at most k topics, one topic a text.

    Parameters
    ----------
    starts, ids : ndarray of int64
        Each text's different words, as in a compressed sparse row array.
    words : int
        Size of the vocabulary.
    k : int
        The most topics; some may stay empty.
    seed : int
    rounds : int
        How often each text is drawn anew.

    Returns
    -------
    counts : ndarray of float, shape (k, words)
        How often each word stands in the texts of each topic at the end.
    sizes : ndarray of float, shape (k,)
        How many texts each topic has.

    Notes
    -----
    Yin & Wang (2014), "A Dirichlet multinomial mixture model-based approach for short text clustering", KDD 20, 233,
    with alpha = beta = 0.1. In the last ten rounds each text takes the likeliest topic instead of a drawn one.
    """
    lots = np.random.default_rng(seed).random((rounds + 1, len(starts) - 1))
    counts, sizes = _sample(starts, ids, words, k, lots, rounds)
    return counts, sizes


@njit(cache=True)
def _sample(starts, ids, words, k, lots, rounds):  # pragma: no cover - compiled
    alpha = beta = 0.1
    texts = len(starts) - 1
    topic = np.empty(texts, np.int64)
    counts, sizes, total = np.zeros((k, words)), np.zeros(k), np.zeros(k)
    for text in range(texts):
        topic[text] = min(int(lots[0, text] * k), k - 1)
        sizes[topic[text]] += 1
        for at in range(starts[text], starts[text + 1]):
            counts[topic[text], ids[at]] += 1
            total[topic[text]] += 1
    told = np.empty(k)
    for turn in range(1, rounds + 1):
        for text in range(texts):
            old = topic[text]
            sizes[old] -= 1
            for at in range(starts[text], starts[text + 1]):
                counts[old, ids[at]] -= 1
                total[old] -= 1
            for one in range(k):
                told[one] = np.log(sizes[one] + alpha)
                step = 0.0
                for at in range(starts[text], starts[text + 1]):
                    told[one] += np.log(counts[one, ids[at]] + beta) - np.log(total[one] + words * beta + step)
                    step += 1.0
            top = told.max()
            new = 0
            if turn > rounds - 10:
                new = told.argmax()
            else:
                whole = np.exp(told - top).sum()
                lot, sofar = lots[turn, text] * whole, 0.0
                for one in range(k):
                    sofar += np.exp(told[one] - top)
                    new = one
                    if sofar >= lot:
                        break
            topic[text] = new
            sizes[new] += 1
            for at in range(starts[text], starts[text + 1]):
                counts[new, ids[at]] += 1
                total[new] += 1
    return counts, sizes
