"""The words of two groups of posts, counted post by post, and how far chance may move a statistic of their shares.

A post's words come together, an author's posts do, and so do the copies of a text. So the variance is clustered in two
ways, by author and by copied text (Cameron, Gelbach & Miller 2011, "Robust inference with multiway clustering",
J. Bus. Econ. Stat. 29, 238: what authors add, plus what texts add, less what both have in common), and taken from there
to any smooth statistic by its slopes (the delta method).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.intervals import cluster_ids, post_weights
from analysis.privacy import MIN_PEOPLE, shared_words
from analysis.text import tokens

if TYPE_CHECKING:
    from scipy.sparse import csr_array


@dataclass(frozen=True)
class Moments:
    """Sums of squares and products over clusters, for the words that are shown.

    `words`, shape (2, 2, words), holds for each pair of groups a word's counts in a cluster of posts, multiplied and
    added up over clusters; `mixed` the word's counts of the one group by the number of all words of the other;
    `lengths`, shape (2, 2, 1), the numbers of all words. `shares` and `sizes` are each word's share in each group, and
    the group's number of words. `authors_only` is the same without what copied texts add.
    """

    words: np.ndarray
    mixed: np.ndarray
    lengths: np.ndarray
    shares: np.ndarray
    sizes: np.ndarray
    authors_only: Moments | None = None

    @classmethod
    def of(cls, parts, lengths, author, text) -> Moments:
        """Add up over authors and over copied texts; `lengths` are the numbers of all words in each post."""
        sizes = np.array([[length.sum()] for length in lengths])
        shares = np.array([part.sum(axis=0) for part in parts]) / sizes
        authors = max(code.max(initial=-1) for code in author) + 1
        pair = [np.where(t >= 0, t * authors + a, -1) for a, t in zip(author, text, strict=True)]
        pair = np.split(np.unique(np.concatenate([[-1], *pair]), return_inverse=True)[1][1:] - 1, [len(pair[0])])
        by_author, by_text, by_both = (_products(parts, lengths, codes) for codes in (author, text, pair))
        two_way = [a + t - b for a, t, b in zip(by_author, by_text, by_both, strict=True)]
        return cls(*two_way, shares, sizes, cls(*by_author, shares, sizes))

    def errors(self, slopes: np.ndarray) -> np.ndarray:
        """Give the standard errors of statistics of the two shares, by their slopes (shape (2, words)).

        It is the larger of two: what the clusters show, and what they would show if the word fell on both groups
        alike. The second matters where a small group never used a word, which the first would take for certain.
        """
        factor = np.sqrt(np.maximum(1, self._pooled() / np.maximum(self._clustered([[-1], [1]]), 1e-300)))
        return np.sqrt(self._clustered(slopes)) * factor

    def z(self) -> np.ndarray:
        """Give the difference of a word's two shares, second less first, in standard errors."""
        error = self.errors(np.array([[-1.0], [1.0]]))
        return np.divide(self.shares[1] - self.shares[0], error, out=np.full(error.shape, np.nan), where=error > 0)

    def _clustered(self, slopes):
        """Give the variance that the clusters show; never less than that of authors alone."""
        up = np.asarray(slopes) / self.sizes * np.ones_like(self.shares)
        variance = self._square(up, -up * self.shares)
        return np.maximum(variance, self.authors_only._clustered(slopes) if self.authors_only else 0)

    def _square(self, up, down, cross=1):
        """Add up over clusters the square of ``up * word's count + down * words``, over both groups together."""
        total = 0
        for g in (0, 1):
            for h in (0, 1):
                part = up[g] * up[h] * self.words[g, h] + down[g] * down[h] * self.lengths[g, h]
                part = part + up[g] * down[h] * self.mixed[g, h] + up[h] * down[g] * self.mixed[h, g]
                total = total + part * (1 if g == h else cross)
        return total

    def _pooled(self):
        """Give the variance of the difference if clusters fell on the two groups by lot, at their sizes."""
        all_words = self.sizes.sum()
        fraction = self.sizes[1, 0] / all_words
        common = (self.shares * self.sizes).sum(axis=0) / all_words
        ones = np.ones_like(self.shares)
        spread = self._square(ones, -ones * common, cross=0)
        return np.maximum(spread, 0) / (fraction * (1 - fraction) * all_words**2)


def _products(parts, lengths, codes):
    """Add posts up by cluster (code -1: none), then multiply and add up over clusters."""
    from scipy.sparse import csr_array

    clusters = max(code.max(initial=-1) for code in codes) + 1
    sums, sizes = [], []
    for part, length, code in zip(parts, lengths, codes, strict=True):
        inside = np.flatnonzero(code >= 0)
        lot = csr_array((np.ones(len(inside)), (code[inside], inside)), shape=(clusters, len(code)))
        sums.append(lot @ part)
        sizes.append(lot @ length)
    return (
        np.array([[words.multiply(others).sum(axis=0) for others in sums] for words in sums]),
        np.array([[words.T @ size for size in sizes] for words in sums]),
        np.array([[[size @ other] for other in sizes] for size in sizes]),
    )


@dataclass(frozen=True)
class Counts:
    """The words of two groups of posts, as :func:`count` gives them.

    Attributes
    ----------
    names : tuple of str
        What the first and the second group are called.
    words : ndarray of str, shape (words,)
        All words, sorted.
    shown : ndarray of bool, shape (words,)
        Which of them may stand in a table.
    each : tuple of two csr_array, shape (posts of the group, words)
        How often each word stands in each post, times the post's weight.
    author, text : tuple of two ndarray of int, shape (posts of the group,)
        Who wrote each post, and which copied text it is (-1 for none), see :func:`analysis.intervals.cluster_ids`.
    """

    names: tuple[str, str]
    words: np.ndarray
    shown: np.ndarray
    each: tuple[csr_array, csr_array]
    author: tuple[np.ndarray, np.ndarray]
    text: tuple[np.ndarray, np.ndarray]

    @cached_property
    def totals(self) -> np.ndarray:
        """How often each word stands in each group: float64, shape (2, words)."""
        return np.array([part.sum(axis=0) for part in self.each])

    def only(self, kept: np.ndarray) -> Counts:
        """Give the same counts with the words that `kept` (bool, a value a word) marks, as if there were no others."""
        each = tuple(part[:, kept] for part in self.each)
        return Counts(self.names, self.words[kept], self.shown[kept], each, self.author, self.text)

    @cached_property
    def moments(self) -> Moments:
        """What the variance of any statistic of the words that are shown is worked out from."""
        lengths = [part.sum(axis=1) for part in self.each]
        return Moments.of([part[:, self.shown] for part in self.each], lengths, self.author, self.text)


def count(
    posts: pd.DataFrame,
    groups: pd.Series,
    first,
    second,
    *,
    by: str = "post",
    tags: bool = True,
    k: int = MIN_PEOPLE,
) -> Counts:
    """Count the words of two groups of posts.

    Parameters
    ----------
    posts : DataFrame
        With ``author`` and ``text``. Posts without a text are left out.
    groups : Series
        The group of each post, with the same index.
    first, second
        The two values of `groups` that are compared.
    by : {"post", "text", "author"}
        What counts once in each group: see :func:`analysis.intervals.post_weights`.
    tags : bool
        Whether tags are words too.
    k : int
        The smallest number of people who must have used a word for it to stand in a table, see
        :func:`analysis.privacy.shared_words`.

    Returns
    -------
    Counts
        Words as :func:`analysis.text.tokens` gives them. The order of the rows makes no difference.

    Raises
    ------
    ValueError
        If a group has no post with a word, or both are the same.

    Examples
    --------
    >>> posts = pd.DataFrame({"text": ["Good day", "bad day"], "author": ["a", "b"]})
    >>> counts = count(posts, pd.Series(["x", "y"]), "x", "y", k=0)
    >>> counts.words.tolist(), counts.totals.tolist()
    (['bad', 'day', 'good'], [[0.0, 1.0, 1.0], [1.0, 1.0, 0.0]])
    """
    if first == second:
        raise ValueError(f"both groups are {first!r}: there is no difference to look for")
    kept = posts["text"].notna() & groups.isin([first, second])
    table = posts.loc[kept, ["author", "text"]].assign(group=groups[kept] == second)
    table = table.sort_values(["text", "author", "group"], ignore_index=True)
    table = table.join(cluster_ids(table)[["author", "text"]].add_prefix("same_"))
    table["weight"] = post_weights(table, table["group"], by)
    parts, vocabulary = _by_post(table, tags)
    for name, part in zip((first, second), parts, strict=True):
        if not part.sum():
            raise ValueError(f"no post of the group {name!r} holds a word: choose groups that have posts with a text")
    common = shared_words(table["text"], table["author"], k)
    sides = [table["group"].eq(side) for side in (False, True)]
    return Counts(
        (str(first), str(second)),
        vocabulary,
        np.fromiter((word in common for word in vocabulary), dtype=bool, count=len(vocabulary)),
        parts,
        tuple(table.loc[side, "same_author"].to_numpy() for side in sides),
        tuple(table.loc[side, "same_text"].to_numpy() for side in sides),
    )


def _by_post(table, tags):
    """Count the words of each post of the two groups: two sparse arrays, and the words that their columns stand for."""
    from scipy.sparse import csr_array
    from tqdm import tqdm

    distinct = table["text"].drop_duplicates()
    split = {text: tokens(text) for text in tqdm(distinct, "counting words", disable=None, delay=2)}
    split = {text: [word for word in words if tags or word[0] != "#"] for text, words in split.items()}
    vocabulary = np.array(sorted({word for words in split.values() for word in words}), dtype=object)
    column_of = {word: i for i, word in enumerate(vocabulary)}
    rows = [split[text] for text in table["text"]]
    lengths = np.array([len(row) for row in rows], dtype=int)
    columns = np.fromiter((column_of[word] for row in rows for word in row), dtype=np.int32, count=lengths.sum())
    starts = np.concatenate([[0], np.cumsum(lengths)])
    values = np.repeat(table["weight"].to_numpy(), lengths)
    whole = csr_array((values, columns, starts), shape=(len(table), len(vocabulary)))
    whole.sum_duplicates()
    second = table["group"].to_numpy()
    return (whole[~second], whole[second]), vocabulary
