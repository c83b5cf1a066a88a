"""Anchored topics: themes that are looked for by name, each held to its seed words, beside topics that are free.

The model is Correlation Explanation (CorEx) for words that are there or not: each topic is something that a text has or
has not, so that a text may have several themes or none; words belong to the topic that tells most of them. Gallagher,
Reing, Kale & Ver Steeg (2017), "Anchored correlation explanation", *Trans. ACL* 5, 529 (equations 5 to 9); seeds for
topics: Jagarlamudi, Daumé & Udupa (2012), EACL, 204. Other than there, a word can come to a theme only where it goes
with the theme's seeds whichever of them is left out (:mod:`analysis.topics.company`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import regex

from analysis.text import present_texts
from analysis.topics.company import FEWEST, company
from analysis.topics.find import in_english
from analysis.topics.prepare import bag, distinct
from analysis.topics.themes import checked, pattern, read_themes, seeds_in
from analysis.topics.weights import holds, learn

_STRENGTH = 3.0  # how much more a seed counts for its theme than another word
_ROUNDS = 40


@dataclass(frozen=True, repr=False)
class Anchored:
    """Themes that :func:`anchor` learnt.

    Attributes
    ----------
    themes : DataFrame
        ``theme``, ``word``: the seeds.
    vocabulary : tuple of str
        The other words that count, sorted; such as are a seed by themselves are not among them.
    rows : csc_array of float, shape (texts, seeds + words)
        Which distinct text holds which seed or word.
    joined : ndarray of bool, shape (themes, seeds + words)
        Which words, and seeds of other themes, joined each theme.
    weight : ndarray of float, shape (themes, seeds + words)
        What a word adds to the log-odds of the theme.
    base : ndarray of float, shape (themes,)
        The log-odds in a text without a word.
    """

    themes: pd.DataFrame
    vocabulary: tuple[str, ...]
    rows: object
    joined: np.ndarray
    weight: np.ndarray
    base: np.ndarray

    def __repr__(self) -> str:
        return f"<{len(self.names)} themes in {self.rows.shape[0]:,} distinct texts: {', '.join(self.names)}>"

    @property
    def names(self) -> list[str]:
        """The themes, in the order of their file."""
        return list(dict.fromkeys(self.themes["theme"]))

    def seeds(self, name: str) -> np.ndarray:
        """Give the columns of a theme's seeds that stand in three distinct texts or more."""
        own = np.flatnonzero((self.themes["theme"] == name).to_numpy())
        return own[np.diff(self.rows.indptr)[own] >= FEWEST]

    def assign(self, texts: Sequence[str]) -> pd.DataFrame:
        """Give for each text how probable it is that it holds each theme.

        Parameters
        ----------
        texts : Series or other sequence of str
            What is said of one does not depend on the others.

        Returns
        -------
        DataFrame of float
            The index of `texts`; a column a theme, from 0 to 1. Missing where the text is.
        """
        there = present_texts(texts)
        told = self.base + features(list(there.values()), self.themes, self.vocabulary) @ self.weight.T
        table = pd.DataFrame(1 / (1 + np.exp(-told.clip(-50, 50))).round(9), columns=self.names)
        table = table.round(9).set_axis(list(there)).reindex(range(len(texts)))
        return table.set_axis(texts.index) if isinstance(texts, pd.Series) else table

    def top_words(self, shared: set[str], n: int = 8) -> pd.DataFrame:
        """Give the words that joined each theme, of those that may be shown.

        Parameters
        ----------
        shared : set of str
            The words that enough people used, see :func:`analysis.privacy.shared_words`. No other is given. The seeds
            of another theme, which whoever asked wrote down, are shown only if they are such words too.
        n : int
            How many at most for each theme.

        Returns
        -------
        DataFrame
            ``theme``, ``rank`` (from 1), ``word``, ``weight`` (added to the log-odds), ``texts`` (distinct ones that
            hold the word), the heaviest first.
        """
        every, within = [*self.themes["word"], *self.vocabulary], np.diff(self.rows.indptr)
        rows = []
        for name, joined, weight in zip(self.names, self.joined, self.weight, strict=True):
            ranked = [j for j in np.argsort(-weight.round(9), kind="stable") if joined[j] and every[j] in shared]
            rows += [(name, i, every[j], weight[j], within[j]) for i, j in enumerate(ranked[:n], start=1)]
        table = pd.DataFrame(rows, columns=["theme", "rank", "word", "weight", "texts"])
        return table.astype({"theme": "str", "rank": "int64", "word": "str", "weight": "float64", "texts": "int64"})


def anchor(texts: Sequence[str], themes: pd.DataFrame | None = None, *, free: int = 5, seed: int = 0) -> Anchored:
    """Learn themes from their seed words, beside free topics that take up the rest.

    Parameters
    ----------
    texts : Series or other sequence of str
        In English; those that seem to be in another language are set apart. Each counts once however often it was
        copied. Missing texts are left out.
    themes : DataFrame, optional
        ``theme``, ``word``, as :func:`analysis.topics.read_themes` gives them; by default ours.
    free : int
        How many topics have no seeds.
    seed : int
        Where the free topics begin.

    Returns
    -------
    Anchored

    Raises
    ------
    InputError
        As :func:`analysis.topics.read_themes`.
    ValueError
        If the texts hold no word, or are not in English, or `free` is less than 0.

    Examples
    --------
    >>> themes = pd.DataFrame({"theme": ["sea", "sea", "home"], "word": ["ship*", "sail*", "oven"]})
    >>> found = anchor(["ships sailed", "a ship, a sail", "an oven, a sea"] * 2, themes, free=1)
    >>> found.assign(["we sail a ship", "the oven", "a dog"]).round().values.tolist()
    [[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]
    """
    from scipy.sparse import csc_array, csr_array
    from threadpoolctl import threadpool_limits

    if not isinstance(free, int | np.integer) or free < 0:
        raise ValueError(f"free is {free}; it has to be a whole number from 0 on")
    themes = read_themes() if themes is None else checked(themes)
    there = in_english(list(present_texts(texts).values()))
    found = bag(there)
    group, first = distinct(found)
    if not len(first):
        raise ValueError(f"none of the {len(there)} texts holds a word that can carry a theme")
    own = regex.compile("|".join(pattern(word) for word in themes["word"]))
    vocabulary = tuple(word for word in learn(found, first).vocabulary if not own.fullmatch(word))
    inside = np.flatnonzero(group >= 0)
    merge = csr_array((np.ones(len(inside)), (group[inside], inside)), shape=(len(first), len(there)))
    # What copies have in common, a seed of several words too: any of them may hold it.
    rows = csc_array(merge @ features(there, themes, vocabulary))
    rows.data[:] = 1
    names = list(dict.fromkeys(themes["theme"]))
    member = np.array([(themes["theme"] == name).to_numpy() for name in names])
    anchors = np.pad(member, ((0, 0), (0, len(vocabulary))))
    within, joined = np.diff(rows.indptr), np.zeros(anchors.shape, dtype=bool)
    for i, mine in enumerate(anchors):
        seeds = np.flatnonzero(mine & (within >= FEWEST))
        joined[
            i, company(rows, seeds, mine | _parts(themes["word"][member[i]], [*themes["word"], *vocabulary])).joined
        ] = True
    with threadpool_limits(1):
        weight, base = _corex(rows.tocsr(), anchors, joined, free, seed)
    return Anchored(themes, vocabulary, rows, joined, weight, base)


def features(texts: list[str], themes: pd.DataFrame, vocabulary: tuple[str, ...]):
    """Tell which text holds which seed and which word: a csr_array, shape (texts, seeds + words)."""
    from scipy.sparse import csr_array, hstack

    return csr_array(hstack([seeds_in(texts, themes), holds(bag(texts), vocabulary)]))


def _parts(seeds, every):
    """Tell which words are a part of a seed of several words, which they go with as a matter of course."""
    parts = {part for seed in seeds if " " in seed for part in seed.split()}
    return np.array([word in parts for word in every])


def _corex(rows, anchors, joined, free, seed):
    """Learn what each word says for each theme; the free topics are learnt beside and left behind."""
    named, size = anchors.shape
    texts = rows.shape[0]
    able = np.vstack([joined, np.tile(~anchors.any(axis=0), (free, 1))]).astype(float)
    fixed = np.vstack([anchors, np.zeros((free, size))]) * _STRENGTH
    within = np.asarray(rows.sum(axis=0)).ravel()
    own = (rows @ anchors.T.astype(float)) > 0
    told = np.hstack([np.where(own, 0.95, 0.02), np.random.default_rng(seed).uniform(0.05, 0.5, (texts, free))])
    for turn in range(_ROUNDS):
        share = (told.sum(axis=0) + 0.5) / (texts + 1)
        overall = (within + 0.5) / (texts + 1)
        yes = (rows.T @ told).T
        inside = (yes + overall) / (told.sum(axis=0)[:, None] + 1)
        outside = (within - yes + overall) / ((1 - told).sum(axis=0)[:, None] + 1)
        shared = _information(share[:, None], inside, outside)
        # From soft to hard: a word belongs to the topic that tells most of it.
        apart = (shared - shared.max(axis=0)) / np.maximum(_entropy(overall), 1e-12)
        part = np.where(fixed > 0, fixed, able * np.exp(apart * 5 * (turn + 1)))
        present = part * (np.log(inside / outside))
        absent = part * np.log((1 - inside) / (1 - outside))
        weight, base = present - absent, np.log(share / (1 - share)) + absent.sum(axis=1)
        told = 1 / (1 + np.exp(-(base + rows @ weight.T).clip(-50, 50)))
    return weight[:named].round(9), base[:named].round(9)


def _information(share, inside, outside):
    """Give the mutual information of each word with each topic, in nats."""
    overall = share * inside + (1 - share) * outside
    return _entropy(overall) - share * _entropy(inside) - (1 - share) * _entropy(outside)


def _entropy(p):
    return -p * np.log(p) - (1 - p) * np.log(1 - p)
