"""How strongly the words of a text speak for a topic, and how strongly they would by chance."""

from __future__ import annotations

import numpy as np

_BY_CHANCE = 0.05  # how often a text of words drawn by chance may seem to fit
_FEW = 50  # texts: with fewer, chance fits nearly as well as sense, and a quarter of the usual fit is enough
_LOST = 0.15  # of the texts fitted, at most so many may be called none


def lean(counts):
    """Tell how much likelier each word is in each topic than in all: the logarithm, shape (k, words)."""
    overall = (counts.sum(axis=0) + 1) / (counts.sum() + counts.shape[1])
    inside = (counts + 5 * overall) / (counts.sum(axis=1, keepdims=True) + 5)
    return np.log(inside / overall)


def evidence(leaning, rows):
    """Add up for each row what its words say for the topic for which they say most; 0 for an empty row."""
    told = rows @ leaning.T
    return np.where(np.diff(rows.indptr) > 0, told.max(axis=1, initial=-np.inf), 0.0)


def scrambled(rows, seed):
    """Give texts as long as the given ones, up to 2,000 of them, whose words are drawn at random from all of them."""
    from scipy.sparse import csr_array

    random = np.random.default_rng(seed)
    length = random.permutation(np.diff(rows.indptr))[:2000]
    starts = np.r_[0, np.cumsum(length)]
    drawn = random.choice(rows.indices, size=starts[-1])
    return csr_array((np.ones(len(drawn)), drawn, starts), shape=(len(length), rows.shape[1]))


def floor(own, chance):
    """Set the least fit of a text that belongs to a topic, from the fits of the texts and of chance."""
    if len(own) < _FEW:
        return float(np.median(own)) / 4
    return min(float(np.quantile(chance, 1 - _BY_CHANCE)), float(np.quantile(own, _LOST, method="lower")))
