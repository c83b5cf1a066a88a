"""The ways of finding topics behind one face: each learns from rows of words, and mixes topics into a row.

A way is a pair: ``learn(rows, rarity, k, seed) -> arrays`` and ``mix(arrays, rows, rarity) -> shares``. What it learns
is a dictionary of arrays and nothing else, so that it can be saved without pickle.

How well "nmf" finds planted topics, and in brackets scikit-learn's ``TfidfVectorizer`` and ``NMF`` as they come: AMI
over posts that have one, each with its likeliest, mean over twenty corpora of 500 and of 2,000 posts, two of 10,000
(:func:`analysis.methods.topic_planting.plant`; ``benchmarks/recovery_topics.py`` has the other ways, with intervals):

================  ===========  ===========  ===========
corpora           500          2,000        10,000
================  ===========  ===========  ===========
easy, 3 topics    0.93 (0.93)  0.98 (0.97)  0.99 (0.98)
8 topics          0.69 (0.32)  0.86 (0.47)  0.90 (0.57)
overlap           0.37 (0.05)  0.67 (0.04)  0.74 (0.02)
common words      0.16 (0.01)  0.49 (0.01)  0.58 (0.00)
short             0.27 (0.10)  0.59 (0.10)  0.71 (0.08)
imbalance         0.56 (0.30)  0.83 (0.36)  0.89 (0.39)
noise             0.57 (0.07)  0.82 (0.05)  0.89 (0.21)
all of it         0.11 (0.01)  0.37 (0.01)  0.54 (0.00)
================  ===========  ===========  ===========
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from analysis.topics.weights import association, tfidf


class Way(NamedTuple):
    """How topics are found, and how a post is mixed from them.

    Attributes
    ----------
    learn : callable
        ``learn(rows, rarity, k, seed)`` gives a dict of name to float array, each with the k topics along one of its
        axes. ``rows`` is a sparse array of 1 where a post holds a word, shape (posts, words), and ``rarity`` the weight
        of each word, shape (words,).
    mix : callable
        ``mix(arrays, rows, rarity)`` takes what ``learn`` gave and the words of any posts, over the same vocabulary,
        and gives how much of each topic is in each post: ndarray of float64, shape (posts, k), nothing negative. Except
        by "nmf" a row sums to 1.
    """

    learn: Callable
    mix: Callable


def _learn_nmf(rows, rarity, k, seed):
    from sklearn.decomposition import NMF
    from sklearn.preprocessing import normalize

    firm = association(rows)
    carried = normalize(tfidf(rows, rarity) @ firm)
    model = NMF(k, init="nndsvda", random_state=seed, tol=1e-3, max_iter=300).fit(carried)
    parts = normalize(model.components_)
    return {"reach": firm @ parts.T, "gram": parts @ parts.T}


def _mix_nmf(arrays, rows, rarity):
    """Give the nearest mixture with nothing negative in it, in a fixed number of Lee and Seung's rounds."""
    wanted = tfidf(rows, rarity) @ arrays["reach"]
    mix = np.ones_like(wanted)
    for _ in range(100):
        mix *= wanted / np.maximum(mix @ arrays["gram"], 1e-12)
    return mix


def _learn_kmeans(rows, rarity, k, seed):
    from sklearn.cluster import KMeans
    from sklearn.decomposition import TruncatedSVD
    from sklearn.preprocessing import normalize

    weighed = tfidf(rows, rarity)
    size = max(min(50, min(weighed.shape) - 1), 1)
    svd = TruncatedSVD(size, random_state=seed).fit(weighed)
    centres = KMeans(k, n_init=10, random_state=seed).fit(normalize(svd.transform(weighed))).cluster_centers_
    return {"reach": svd.components_.T @ normalize(centres).T}


def _mix_kmeans(arrays, rows, rarity):
    """Give each row to the centre at the smallest angle, whole."""
    near = tfidf(rows, rarity) @ arrays["reach"]
    return (np.arange(near.shape[1]) == near.argmax(axis=1)[:, None]).astype(float)


def _learn_lda(rows, rarity, k, seed):
    from sklearn.decomposition import LatentDirichletAllocation

    model = LatentDirichletAllocation(k, random_state=seed, max_iter=20).fit(rows)
    return {"words": model.components_ / model.components_.sum(axis=1, keepdims=True)}


def _mix_lda(arrays, rows, rarity):
    """Fold in by expectation-maximisation with a Dirichlet prior of 1 + 1/k: the topics stay as they are."""
    words, k = arrays["words"], len(arrays["words"])
    mix, wide = np.full((rows.shape[0], k), 1 / k), rows.tocsr()
    row = np.repeat(np.arange(rows.shape[0]), np.diff(wide.indptr))
    of_word = words.T[wide.indices]
    for _ in range(50):
        part = mix[row] * of_word
        part /= np.maximum(part.sum(axis=1, keepdims=True), 1e-300)
        mix = np.full_like(mix, 1 / k)
        np.add.at(mix, row, part)
        mix /= mix.sum(axis=1, keepdims=True)
    return mix


def _learn_mixture(rows, rarity, k, seed):
    from analysis.topics.gibbs import gsdmm

    wide = rows.tocsr()
    counts, sizes = gsdmm(wide.indptr.astype(np.int64), wide.indices.astype(np.int64), rows.shape[1], k, seed)
    words = (counts + 0.1) / (counts.sum(axis=1, keepdims=True) + 0.1 * rows.shape[1])
    return {"words": words, "size": (sizes + 0.1) / (sizes.sum() + 0.1 * k)}


def _mix_mixture(arrays, rows, rarity):
    """Give the probability that a post, which has one topic, has this one."""
    told = rows @ np.log(arrays["words"]).T + np.log(arrays["size"])
    share = np.exp(told - told.max(axis=1, keepdims=True))
    return share / share.sum(axis=1, keepdims=True)


WAYS = {
    "nmf": Way(_learn_nmf, _mix_nmf),
    "kmeans": Way(_learn_kmeans, _mix_kmeans),
    "lda": Way(_learn_lda, _mix_lda),
    "mixture": Way(_learn_mixture, _mix_mixture),
}

#: The methods of :func:`analysis.topics.fit`: these ways, and the one that reads whole sentences and so stands apart
#: (:mod:`analysis.topics.density`).
METHODS = (*WAYS, "density")
