"""Finding topics, and saying which one a text belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis import words
from analysis.topics.weights import content_words, learn, mixtures, scrambled, tfidf

#: What a post is called in which no topic fits.
NONE = "none"
_LOWEST = 0.2  # the floor is never higher than this cosine: in a tiny corpus chance fits nearly as well as sense


@dataclass(frozen=True)
class Topics:
    """Topics that :func:`fit` found.

    Attributes
    ----------
    vocabulary : tuple of str
        The words that count, sorted.
    rarity : ndarray of float, shape (words,)
        Each word's inverse document frequency.
    parts : ndarray of float, shape (k, words)
        Each topic's weights, none negative, each row of length 1; the topic that most texts belong to comes first.
    floor : float
        A text whose `fit` is lower belongs to no topic.
    texts : int
        How many distinct texts it was fitted to.
    """

    vocabulary: tuple[str, ...]
    rarity: np.ndarray
    parts: np.ndarray
    floor: float
    texts: int

    @property
    def names(self) -> list[str]:
        """``topic 1`` to ``topic k``."""
        return [f"topic {i}" for i in range(1, len(self.parts) + 1)]

    def top_words(self, shared: set[str], n: int = 8) -> pd.DataFrame:
        """Give the heaviest words of each topic, of those that may be shown.

        Parameters
        ----------
        shared : set of str
            The words that enough people used, see :func:`analysis.privacy.shared_words`. No other is given.
        n : int
            How many at most for each topic.

        Returns
        -------
        DataFrame
            ``topic``, ``rank`` (from 1), ``word``, ``weight`` (0 to 1), the heaviest first.
        """
        rows = []
        for name, part in zip(self.names, self.parts, strict=True):
            order = np.argsort(-part, kind="stable")
            kept = [i for i in order if part[i] > 0 and self.vocabulary[i] in shared][:n]
            rows += [(name, rank, self.vocabulary[i], part[i]) for rank, i in enumerate(kept, start=1)]
        return pd.DataFrame(rows, columns=["topic", "rank", "word", "weight"]).astype({"topic": "str", "word": "str"})

    def assign(self, texts: Sequence[str]) -> pd.DataFrame:
        """Say for each text how much of each topic is in it, and which one it belongs to.

        Parameters
        ----------
        texts : Series or other sequence of str
            Need not be those of the fit. What is said of a text does not depend on the others.

        Returns
        -------
        DataFrame
            The index of `texts`. ``topic``: the one with the largest share, or "none" where the text fits no topic;
            missing where the text is. ``fit``: how much of the text the topics can tell together, from 0 (nothing) to
            1: the cosine between its word weights and the nearest mixture of topics. Then a column a topic: its
            share of that mixture; they add up to 1, or are all 0 where no topic's word is in the text.
        """
        there = words.present(texts)
        keys = {text: content_words(text) for text in dict.fromkeys(there.values())}
        distinct = sorted(set(keys.values()))
        shares, fit = mixtures(self.parts, tfidf(distinct, self.vocabulary, self.rarity))
        best = np.where(fit >= self.floor, shares.argmax(axis=1), -1)
        table = pd.DataFrame({"topic": np.append(self.names, NONE)[best], "fit": fit}).astype({"topic": "str"})
        table = table.join(pd.DataFrame(shares, columns=self.names))
        place = {key: i for i, key in enumerate(distinct)}
        table = table.take([place[keys[text]] for text in there.values()])
        table = table.set_axis(list(there)).reindex(range(len(texts)))
        return table.set_axis(texts.index) if isinstance(texts, pd.Series) else table


def fit(texts: Sequence[str], k: int, seed: int = 0) -> Topics:
    """Find k topics.

    Parameters
    ----------
    texts : Series or other sequence of str
        In English. Each counts once however often it was copied. Missing texts are left out.
    k : int
        How many topics.
    seed : int
        The same texts and seed give the same topics, whatever the order of the texts.

    Returns
    -------
    Topics
        Its `floor` is the fit that every second text of words drawn by chance reaches, but at most 0.2.

    Raises
    ------
    ValueError
        If there are too few texts or words for `k` topics; the message says what there is.

    Examples
    --------
    >>> found = fit(["cats purr", "cats purr, cats sleep", "ships sail", "ships sail, ships sink"], k=2)
    >>> found.assign(["two cats", "a ship or ships", "neither"])["topic"].tolist()
    ['topic 1', 'topic 2', 'none']
    """
    from sklearn.decomposition import NMF
    from threadpoolctl import threadpool_limits

    there = words.present(texts)
    keys = sorted({content_words(text) for text in there.values()} - {()})
    vocabulary, rarity = learn(keys)
    _check(k, len(there), keys, vocabulary)
    rows = tfidf(keys, vocabulary, rarity)
    with threadpool_limits(1):
        model = NMF(k, init="nndsvda", random_state=seed, tol=1e-4, max_iter=2000).fit(rows)
    parts = model.components_ / np.maximum(np.linalg.norm(model.components_, axis=1, keepdims=True), 1e-300)
    shares, fits = mixtures(parts, rows)
    _, by_chance = mixtures(parts, tfidf(scrambled(keys, vocabulary, seed), vocabulary, rarity))
    floor = min(_LOWEST, float(np.median(by_chance)))
    size = np.bincount(shares[fits >= floor].argmax(axis=1), minlength=k)
    return Topics(vocabulary, rarity, parts[np.lexsort((parts.argmax(axis=1), -size))], floor, len(keys))


def _check(k, texts, keys, vocabulary):
    """Refuse a number of topics that these texts can't give."""
    if not keys:
        raise ValueError(
            f"none of the {texts} texts holds a word that can carry a topic: links, handles, tags and common English "
            "words are taken out first"
        )
    most = min(len(keys), len(vocabulary))
    if not 1 <= k <= most:
        raise ValueError(
            f"k is {k}, but {len(keys)} distinct texts, with {len(vocabulary)} words that stand in more than one of "
            f"them, can give {f'1 to {most}' if most else 'no'} topics: bring more texts, or choose a smaller k"
        )
