"""From bags of words to rows of word weights, and what words have to do with each other."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analysis.topics.prepare import Bag

_MOST_WORDS = 3_000  # of the vocabulary; beyond them words are too rare to say what they go with
_CONTEXTS = 500  # words beside which a word is looked for
_MANY = 300  # texts from which on a word must stand in three of them, and not in every second


@dataclass(frozen=True)
class Lexis:
    """The words that count in a set of texts, and how rare each is.

    Attributes
    ----------
    vocabulary : tuple of str
        Sorted.
    within : ndarray of int64, shape (words,)
        In how many texts each stands.
    texts : int
        How many distinct texts there were.
    """

    vocabulary: tuple[str, ...]
    within: np.ndarray
    texts: int

    @cached_property
    def rarity(self) -> np.ndarray:
        """Each word's inverse document frequency, smoothed as scikit-learn does."""
        return np.log((1 + self.texts) / (1 + self.within)) + 1

    @property
    def unknown(self) -> float:
        """The rarity of a word that was never met."""
        return float(np.log(1 + self.texts) + 1)


def learn(found: Bag, first: np.ndarray) -> Lexis:
    """Choose the words that count: in two texts or more; in many texts three, and in half of them at most.

    Parameters
    ----------
    found : Bag
    first : ndarray of int
        The posts that stand for the distinct texts.
    """
    rows = found.table[first]
    within = np.bincount(rows.indices, minlength=len(found.words))
    least, most = (3, 0.5) if len(first) >= _MANY else (2, 1.0)
    kept = np.flatnonzero((within >= least) & (within <= most * len(first)))
    kept = np.sort(kept[np.argsort(-within[kept], kind="stable")][:_MOST_WORDS])
    return Lexis(tuple(found.words[i] for i in kept), within[kept].astype(np.int64), len(first))


def holds(found: Bag, vocabulary):
    """Tell which post holds which word: a sparse array of 0 and 1, shape (posts, words)."""
    from scipy.sparse import csr_array

    table, place = found.table, {word: i for i, word in enumerate(vocabulary)}
    ids = np.array([place.get(word, -1) for word in found.words], dtype=np.int32)[table.indices]
    counted = ids >= 0
    starts = np.r_[0, np.cumsum(counted)][table.indptr]
    rows = csr_array((np.ones(int(starts[-1])), ids[counted], starts), shape=(len(found), len(vocabulary)))
    rows.sort_indices()
    return rows


def tfidf(rows, rarity: np.ndarray):
    """Weigh each word by its rarity, and make each row of length 1 (or empty)."""
    from sklearn.preprocessing import normalize

    weighed = rows.copy()
    weighed.data = rarity[weighed.indices]
    return normalize(weighed, copy=False) if weighed.shape[0] and weighed.nnz else weighed


def known_part(found: Bag, rows, lexis: Lexis) -> np.ndarray:
    """Tell what part of each post's words counts, from 0 to 1: rare words weigh more, words never met the most."""
    square = lexis.rarity**2
    told = rows @ square if rows.nnz else np.zeros(len(found))
    known = set(lexis.vocabulary)
    strange = np.array([word not in known for word in found.words], dtype=float)
    untold = (found.table @ strange if len(found.words) else np.zeros(len(found))) * lexis.unknown**2
    total = told + untold
    return np.sqrt(np.divide(told, total, out=np.zeros_like(total), where=total > 0))


def association(rows) -> np.ndarray:
    """Tell how firmly each word goes with the commonest words: positive pointwise mutual information.

    Parameters
    ----------
    rows : sparse array, shape (texts, words)
        Which text holds which word.

    Returns
    -------
    ndarray of float, shape (words, contexts)
        Each row of length 1 (or 0). A word goes with itself as firmly as with its firmest companion.

    Notes
    -----
    Church & Hanks (1990), *Comput. Linguist.* 16, 22; Levy & Goldberg (2014), NIPS 27. That a text's row is carried
    over from its own words to those that they go with, so that two texts can be near which share no word, is the
    generalised vector space of Wong, Ziarko & Wong (1985), SIGIR 8; that such companions help to find topics in
    short texts, Shi et al. (2018), WWW, 1105 (SeaNMF).
    """
    from sklearn.preprocessing import normalize

    size = rows.shape[1]
    together = np.asarray((rows.T @ rows).todense(), dtype=float)
    within = together.diagonal().copy()
    np.fill_diagonal(together, 0)
    total = together.sum(axis=1)
    contexts = np.sort(np.argsort(-within, kind="stable")[:_CONTEXTS])
    expected = np.outer(total, total[contexts]) / max(total.sum(), 1.0)
    ratio = np.divide(together[:, contexts], expected, out=np.ones((size, len(contexts))), where=expected > 0)
    firm = np.log(np.maximum(ratio, 1.0))
    firmest = firm.max(axis=1, initial=0)
    firmest[firmest == 0] = 1.0
    firm[contexts, np.arange(len(contexts))] = firmest[contexts]
    return normalize(firm, copy=False) if size else firm
