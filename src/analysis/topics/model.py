"""Topics: the words that set each apart, and which one a text belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.text import present_texts
from analysis.topics.evidence import evidence, lean
from analysis.topics.methods import WAYS
from analysis.topics.prepare import Bag, bag
from analysis.topics.weights import Lexis, holds, known_part

#: What a post is called in which no topic fits.
NONE = "none"
_AT_ONCE = 50_000  # texts that are cut into words at once
_MIXED = 4_000  # and mixed at once: so much lies near the processor


@dataclass(frozen=True, repr=False)
class Topics:
    """Topics that :func:`analysis.topics.fit` found.

    Attributes
    ----------
    method : str
        The way they were found.
    lexis : Lexis
        The words that count.
    arrays : dict of str to ndarray
        What the method learnt, see :mod:`analysis.topics.methods`.
    order : ndarray of int, shape (k,)
        The method's topics, the one with the most texts first.
    counts : ndarray of float, shape (k, words)
        In how many of each topic's texts each word stands, in that order.
    sizes : ndarray of float, shape (k,)
        How many texts each topic has.
    floor : float
        A text whose `fit` is lower belongs to no topic.
    choice : dict or None
        Where the number of topics was not given: ``k`` (missing, None, where no number is preferred), ``near`` (list
        of int: numbers that are hardly worse), ``use`` (int: how many there are) and ``why`` (a sentence).
    apart : int
        How many texts were set apart, for they seem to be in another language. Not kept in a file.
    """

    method: str
    lexis: Lexis
    arrays: dict[str, np.ndarray]
    order: np.ndarray
    counts: np.ndarray
    sizes: np.ndarray
    floor: float
    choice: dict | None = None
    apart: int = 0

    def __repr__(self) -> str:
        why = f"; {self.choice['why']}" if self.choice else ""
        apart = f" ({self.apart:,} in other languages set apart)" if self.apart else ""
        return f"<{len(self.order)} topics by {self.method} in {self.texts:,} distinct texts{apart}{why}>"

    @property
    def texts(self) -> int:
        """How many distinct texts there were."""
        return self.lexis.texts

    @property
    def vocabulary(self) -> tuple[str, ...]:
        """The words that count, sorted."""
        return self.lexis.vocabulary

    @property
    def names(self) -> list[str]:
        """``topic 1`` to ``topic k``."""
        return [f"topic {i}" for i in range(1, len(self.order) + 1)]

    def top_words(self, shared: set[str], n: int = 8, relevance: float = 0.6) -> pd.DataFrame:
        """Give the words that set each topic apart, of those that may be shown.

        Parameters
        ----------
        shared : set of str
            The words that enough people used, see :func:`analysis.privacy.shared_words`. No other is given.
        n : int
            How many at most for each topic.
        relevance : float
            From 0, words that hardly stand outside the topic, to 1, its commonest words.

        Returns
        -------
        DataFrame
            ``topic``, ``rank`` (from 1), ``word``, ``weight`` (share of the topic's texts that hold the word, 0 to 1),
            ``lift`` (how many times as often as in all texts), the most relevant first.

        Notes
        -----
        Sievert & Shirley (2014), "LDAvis", section 3.1, equation 1, over shares of texts.
        """
        inside = (self.counts + 0.5 * self._share) / (self.sizes[:, None] + 0.5)
        with np.errstate(divide="ignore"):
            value = relevance * np.log(inside) + (1 - relevance) * np.log(inside / self._share)
        rows = []
        for i, name in enumerate(self.names):
            ranked = np.argsort(-value[i].round(9), kind="stable")
            kept = [j for j in ranked if self.counts[i, j] > 0 and self.vocabulary[j] in shared]
            for rank, j in enumerate(kept[:n], start=1):
                weight = self.counts[i, j] / self.sizes[i]
                rows.append((name, rank, self.vocabulary[j], weight, weight / self._share[j]))
        table = pd.DataFrame(rows, columns=["topic", "rank", "word", "weight", "lift"])
        return table.astype({"topic": "str", "rank": "int64", "word": "str", "weight": "float64", "lift": "float64"})

    def assign(self, texts: Sequence[str]) -> pd.DataFrame:
        """Say for each text how much of each topic is in it, and which one it belongs to.

        Parameters
        ----------
        texts : Series or other sequence of str
            Need not be those of the fit. What is said of a text does not depend on the others.

        Returns
        -------
        DataFrame
            The index of `texts`. ``topic``: the one with the largest share, or "none" where no topic fits; missing
            where the text is. ``fit``: how strongly the text's words speak for one topic against all the others
            together (0 and less: not at all). ``margin``: by how much the largest share exceeds the next, 0 to 1.
            Then a column a topic: its share of the text; they add up to 1, or are all 0 where the text has no word
            that counts.

        Notes
        -----
        `fit` is the largest sum over the text's words of ``log(share of the topic's words / share of all words)``,
        times the part of its words that count at all (:func:`analysis.topics.weights.known_part`).
        """
        from tqdm import tqdm

        there = present_texts(texts)
        asked, parts = list(there.values()), [(np.zeros((0, len(self.order))), np.zeros(0))]
        for begin in tqdm(range(0, len(asked), _AT_ONCE), "assigning", disable=None, delay=2):
            parts.append(self.told(asked[begin : begin + _AT_ONCE]))
        shares, fits = (np.concatenate(part) for part in zip(*parts, strict=True))
        best = np.where((fits >= self.floor) & (shares.sum(axis=1) > 0), shares.argmax(axis=1), -1)
        upper = np.sort(shares, axis=1)
        margin = upper[:, -1] - (upper[:, -2] if shares.shape[1] > 1 else 0)
        table = pd.DataFrame({"topic": np.append(self.names, NONE)[best], "fit": fits, "margin": margin})
        table = table.astype({"topic": "str"}).join(pd.DataFrame(shares, columns=self.names))
        table = table.set_axis(list(there)).reindex(range(len(texts)))
        return table.set_axis(texts.index) if isinstance(texts, pd.Series) else table

    def told(self, texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """Give each text's shares of the topics, shape (texts, k), and how well it fits, shape (texts,)."""
        return self.read(bag(texts))

    def read(self, found: Bag) -> tuple[np.ndarray, np.ndarray]:
        """Give each post's shares of the topics, shape (posts, k), and how well it fits, shape (posts,)."""
        rows = holds(found, self.vocabulary)
        shares = np.zeros((len(found), len(self.order)))
        fits = np.zeros(len(found))
        part = known_part(found, rows, self.lexis)
        leaning = lean(self.counts)
        for begin in range(0, len(found), _MIXED):
            at = slice(begin, begin + _MIXED)
            shares[at] = self._mix(rows[at])
            fits[at] = evidence(leaning, rows[at]) * part[at]
        return shares, fits.round(9)

    def _mix(self, rows) -> np.ndarray:
        return mixed(WAYS[self.method].mix, self.arrays, rows, self.lexis)[:, self.order]

    @property
    def _share(self) -> np.ndarray:
        return self.lexis.within / max(self.lexis.texts, 1)


def mixed(mix, arrays, rows, lexis):
    """Let a way mix its topics into rows, in one thread; each row's shares add up to 1, or are 0 where it is empty."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        shares = mix(arrays, rows, lexis.rarity) if rows.shape[0] else np.zeros((0, len(next(iter(arrays.values())))))
    shares = shares * (np.diff(rows.indptr) > 0)[:, None]
    total = shares.sum(axis=1, keepdims=True)
    return np.divide(shares, total, out=np.zeros_like(shares), where=total > 0).round(9)
