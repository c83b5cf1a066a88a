"""Counting the words of two groups of posts, post by post, so that it stays known who wrote them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.intervals import cluster_ids, post_weights
from analysis.privacy import MIN_PEOPLE, shared_words
from analysis.shift.spread import Moments
from analysis.text import tokens

if TYPE_CHECKING:
    from scipy.sparse import csr_array


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
        """What the spread of any statistic of the words that are shown is worked out from."""
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
    split = {text: [word for word in found if tags or word[0] != "#"] for text, found in split.items()}
    vocabulary = np.array(sorted({word for found in split.values() for word in found}), dtype=object)
    place = {word: i for i, word in enumerate(vocabulary)}
    found = [split[text] for text in table["text"]]
    lengths = np.array([len(row) for row in found], dtype=int)
    columns = np.fromiter((place[word] for row in found for word in row), dtype=np.int32, count=lengths.sum())
    starts = np.concatenate([[0], np.cumsum(lengths)])
    values = np.repeat(table["weight"].to_numpy(), lengths)
    whole = csr_array((values, columns, starts), shape=(len(table), len(vocabulary)))
    whole.sum_duplicates()
    second = table["group"].to_numpy()
    return (whole[~second], whole[second]), vocabulary
