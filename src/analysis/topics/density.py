"""Topics as dense places among sentence embeddings: an optional extra, see :mod:`analysis.engines.embeddings`.

Texts are vectors, made shorter by principal components; where they lie close together is a topic, and what lies between
is none (HDBSCAN: Campello, Moulavi & Sander 2013, PAKDD, 160; McInnes, Healy & Astels 2017, JOSS 2, 205). How many
there are, the data decide. The way of BERTopic (Grootendorst 2022, arXiv:2203.05794) with a linear projection instead
of UMAP, which would be one more dependency and hardly repeatable.

What is kept of a topic are places, each the middle of ten of its texts or more: enough to tell where another text
lies, and no text's own vector, from which its words could be guessed (Morris et al. 2023, EMNLP, 12448).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.engines import embeddings
from analysis.text import present_texts
from analysis.topics.find import in_english
from analysis.topics.model import Topics
from analysis.topics.prepare import Bag, bag, distinct
from analysis.topics.weights import holds, learn

_AXES = 10  # principal components
_CLOSE = 5  # texts that must lie near for a place to be dense
_SMALLEST = 10  # texts of a topic, or one in a hundred where these are more; and of each place that is kept
_GATHERED = 20  # texts of a place, as a rule
_MOST = 10_000  # texts


@dataclass(frozen=True, repr=False)
class Dense(Topics):
    """Topics that :func:`fit_density` found: those of :class:`analysis.topics.Topics`, told by nearness.

    A text's `fit` is the cosine with the nearest place of a topic, and it has the topic of that place, whole.

    Attributes
    ----------
    embedder : str
        Whose vectors they lie among, see :func:`analysis.engines.embeddings.identity`.
    """

    embedder: str = ""

    def told(self, texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """Give each text's shares of the topics, shape (texts, k), and its cosine with the nearest place."""
        embeddings.check_embedder(self.embedder)
        vectors = embeddings.embed(texts)
        shares, fits = np.zeros((len(texts), len(self.order))), np.zeros(len(texts))
        known = np.flatnonzero(~np.isnan(vectors[:, 0]))
        if len(known):
            at, fits[known] = _nearest(_placed(vectors[known], self.arrays), self.arrays["places"])
            shares[known, self.arrays["of"][at].astype(int)] = 1
        return shares, fits

    def read(self, found: Bag) -> tuple[np.ndarray, np.ndarray]:
        """Refuse: what lies near cannot be told from bags of words."""
        raise TypeError("topics by density are told from whole texts and not from bags of words: use assign")


def fit_density(texts: Sequence[str], *, least: int | None = None, progress: bool = False) -> Dense:
    """Find topics where texts lie close together.

    Parameters
    ----------
    texts : Series or other sequence of str
        In English; those that seem to be in another language are set apart. Each counts once however often it was
        copied. Missing texts are left out; of more than 10,000 distinct ones so many are taken.
    least : int, optional
        The smallest topic, in distinct texts, 10 or more; without it 10, or one in a hundred if that is more.
    progress : bool
        Whether to draw a progress bar on standard error.

    Returns
    -------
    Dense
        With ``method`` "density"; `floor` is the cosine that 95% of the texts in a topic have with the nearest of its
        places. Its `choice` says that the data decided how many topics there are.

    Raises
    ------
    InputError
        Where the extra with the model is not installed.
    ValueError
        If there are too few texts, no place is dense, or `least` is less than 10.

    Notes
    -----
    Of the 1,727 shipped disclosures with detail (ten planted topics) it makes 7 topics and calls 48% none, and of 1,500
    other posts 79%: an adjusted mutual information of 0.37 with what was planted (95% interval 0.34 to 0.40), and 0.63
    among the posts that it gives a topic. NMF, the default, reaches 0.69 with 7% called none. ``benchmarks/density.py``
    prints the comparison. Density finds what lies apart by its meaning; the stories here lie close together.
    """
    from sklearn.cluster import HDBSCAN
    from threadpoolctl import threadpool_limits

    if least is not None and (not isinstance(least, int | np.integer) or least < _SMALLEST):
        raise ValueError(
            f"least is {least!r}; a topic has at least {_SMALLEST} texts: give a whole number from there on"
        )
    embedder, given = embeddings.identity(), list(present_texts(texts).values())
    there = sorted(in_english(given))
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
    with threadpool_limits(1):
        arrays |= _gathered(places, labels)
    near = _nearest(places[labels >= 0], arrays["places"])[1]
    k, why = len(sizes), f"{len(sizes)} places are dense, with {least} texts or more each, by HDBSCAN"
    choice = {"k": k, "near": [k], "use": k, "why": why}
    floor = round(float(np.quantile(near, 0.05)), 9)
    rest = floor, choice, len(given) - len(there), embedder
    return Dense("density", lexis, arrays, np.arange(k), counts, sizes[order], *rest)


def _gathered(places, labels):
    """Give the middles of each topic's texts, some twenty at a time and never fewer than ten, and whose each is."""
    from sklearn.cluster import KMeans

    middles, of = [], []
    for topic in range(labels.max() + 1):
        mine = places[labels == topic]
        part = KMeans(max(1, len(mine) // _GATHERED), n_init=1, random_state=0).fit_predict(mine)
        parts = [mine[part == i] for i in np.unique(part) if (part == i).sum() >= _SMALLEST] or [mine]
        middles += [some.mean(axis=0) for some in parts]
        of += [topic] * len(parts)
    middles = np.array(middles)
    middles /= np.maximum(np.linalg.norm(middles, axis=1, keepdims=True), 1e-12)
    return {"places": middles.round(9), "of": np.array(of, dtype=float)}


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


def _nearest(some, places):
    """Give for each row the nearest place and the cosine with it."""
    near = np.einsum("ij,kj->ik", some, places).round(9)
    return near.argmax(axis=1), near.max(axis=1)
