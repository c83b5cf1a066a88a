"""Topics as dense places among sentence embeddings: an optional extra, see :mod:`analysis.embeddings`.

Texts are vectors, made shorter by principal components; where they lie close together is a topic, and what lies between
is none (HDBSCAN: Campello, Moulavi & Sander 2013, PAKDD, 160; McInnes, Healy & Astels 2017, JOSS 2, 205). How many
there are, the data decide. The way of BERTopic (Grootendorst 2022, arXiv:2203.05794) with a linear projection instead
of UMAP, which would be one more dependency and hardly repeatable.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analysis import embeddings, words
from analysis.topics.find import in_english
from analysis.topics.model import NONE, Topics
from analysis.topics.prepare import bag, distinct
from analysis.topics.weights import holds, learn

_AXES = 10  # principal components
_CLOSE = 5  # texts that must lie near for a place to be dense
_SMALLEST = 10  # texts of a topic, or one in a hundred where these are more
_MOST = 10_000  # texts


@dataclass(frozen=True)
class Dense(Topics):
    """Topics that :func:`fit_density` found: those of :class:`analysis.topics.Topics`, told by nearness.

    Attributes
    ----------
    places : ndarray of float, shape (texts, axes)
        Where each distinct text lies.
    labels : ndarray of int, shape (texts,)
        Its topic, -1 for none.
    """

    places: np.ndarray = field(default_factory=lambda: np.zeros((0, _AXES)))
    labels: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    def assign(self, texts: Sequence[str]) -> pd.DataFrame:
        """Say for each text which topic it belongs to: that of the nearest text of the fit, if it lies near.

        Parameters
        ----------
        texts : Series or other sequence of str
            Need not be those of the fit; these get the topic that they had there.

        Returns
        -------
        DataFrame
            The index of `texts`. ``topic``: or "none", where the nearest text has none or is farther away than the
            texts of a topic are from each other; missing where the text is. ``fit``: the cosine with the nearest text.
            No shares and no margin: a text lies in one place.
        """
        there = words.present(texts)
        best, near = self.nearest(embeddings.embed(list(there.values())))
        table = pd.DataFrame({"topic": np.append(self.names, NONE)[best], "fit": near}).astype({"topic": "str"})
        table = table.set_axis(list(there)).reindex(range(len(texts)))
        return table.set_axis(texts.index) if isinstance(texts, pd.Series) else table

    def nearest(self, vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Give the topic (-1 for none) and the cosine of the nearest text of the fit, for vectors of texts."""
        best, near = np.full(len(vectors), -1), np.zeros(len(vectors))
        known = ~np.isnan(vectors[:, 0])
        if known.any():
            at, cosine = _nearest(_placed(vectors[known], self.arrays), self.places)
            best[known], near[known] = np.where(cosine >= self.floor, self.labels[at], -1), cosine
        return best, near


def fit_density(texts: Sequence[str], *, least: int | None = None, progress: bool = False) -> Dense:
    """Find topics where texts lie close together.

    Parameters
    ----------
    texts : Series or other sequence of str
        In English. Each counts once however often it was copied. Missing texts are left out; of more than 10,000
        distinct ones so many are taken.
    least : int, optional
        The smallest topic, in distinct texts; without it 10, or one in a hundred if that is more.
    progress : bool
        Whether to draw a progress bar on standard error.

    Returns
    -------
    Dense
        With ``method`` "density"; `floor` is the cosine that 95% of the texts in a topic have with another of it.

    Raises
    ------
    InputError
        Where the extra with the model is not installed.
    ValueError
        If there are too few texts, or no place is dense.

    Notes
    -----
    On the 1,727 invented disclosures of the sample (``benchmarks/density.py``) it found seven topics and called 72% of
    the posts none: AMI with what was planted 0.28, and 0.76 over the posts that are left. The default, asked for ten,
    calls 7% none: 0.69, and 0.75 over the rest. So it is sure of little, and of that no surer.
    """
    from sklearn.cluster import HDBSCAN
    from threadpoolctl import threadpool_limits

    there = sorted(words.present(texts).values())
    in_english(there)
    found = bag(there)
    _, first = distinct(found)
    first = first[:_MOST]
    if len(first) < 5 * _SMALLEST:
        raise ValueError(f"{len(first)} distinct texts are too few for density clustering: {5 * _SMALLEST} are needed")
    vectors = embeddings.embed([there[i] for i in first], progress=progress)
    told = ~np.isnan(vectors[:, 0])
    first, vectors = first[told], vectors[told]
    least = least or max(_SMALLEST, len(first) // 100)
    with threadpool_limits(1):
        arrays = _axes(vectors)
        places = _placed(vectors, arrays)
        labels = HDBSCAN(min_cluster_size=least, min_samples=_CLOSE, copy=True).fit_predict(places)
    if labels.max() < 0:
        raise ValueError(f"no place among {len(first)} texts is dense: there are no topics of {least} texts or more")
    sizes = np.bincount(labels[labels >= 0]).astype(float)
    order = np.argsort(-sizes, kind="stable")
    labels = np.where(labels >= 0, np.argsort(order, kind="stable")[labels], -1)
    lexis = learn(found, first)
    member = (labels[:, None] == np.arange(len(sizes))).astype(float)
    counts = (holds(found, lexis.vocabulary)[first].T @ member).T
    close = _nearest(places[labels >= 0], places, ownself=np.flatnonzero(labels >= 0))[1]
    floor = round(float(np.quantile(close, 0.05)), 9)
    return Dense(
        "density", lexis, arrays, np.arange(len(sizes)), counts, sizes[order], floor, places=places, labels=labels
    )


def _axes(vectors):
    """Learn the mean and the principal components, each with the sign in which its largest part is positive."""
    middle = vectors.mean(axis=0, dtype=float)
    _, _, parts = np.linalg.svd(vectors.astype(float) - middle, full_matrices=False)
    parts = parts[:_AXES]
    parts *= np.sign(parts[np.arange(len(parts)), np.abs(parts).argmax(axis=1)])[:, None]
    return {"middle": middle, "parts": parts.T}


def _placed(vectors, arrays):
    """Project vectors, one by one so that none depends on another, to rows of length 1."""
    wanted = np.einsum("ij,jk->ik", vectors.astype(float) - arrays["middle"], arrays["parts"])
    return (wanted / np.maximum(np.linalg.norm(wanted, axis=1, keepdims=True), 1e-12)).round(9)


def _nearest(some, places, ownself=None):
    """Give for each row the nearest place and the cosine with it; its own place is left out if it is named."""
    at, cosine = np.zeros(len(some), dtype=np.int64), np.zeros(len(some))
    for begin in range(0, len(some), 1000):
        near = np.einsum("ij,kj->ik", some[begin : begin + 1000], places).round(9)
        if ownself is not None:
            near[np.arange(len(near)), ownself[begin : begin + 1000]] = -1
        at[begin : begin + 1000], cosine[begin : begin + 1000] = near.argmax(axis=1), near.max(axis=1)
    return at, cosine
