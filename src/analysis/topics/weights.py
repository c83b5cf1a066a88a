"""From bags of words to rows of weights, and from these to topics: TF-IDF, what goes with what, and NMF.

How well this finds planted topics, and in brackets scikit-learn's ``TfidfVectorizer`` and ``NMF`` as they come: AMI
over posts that have a topic, each with its likeliest, mean over twenty corpora of 500 and of 2,000 posts, two of 10,000
(:func:`analysis.methods.topic_recovery.plant`; ``benchmarks/recovery_topics.py`` has the intervals):

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

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analysis.topics.bags import Bag

_MOST_WORDS = 3_000  # of the vocabulary; beyond them words are too rare to say what they go with
_CONTEXTS = 500  # words beside which a word is looked for
_MANY = 300  # texts from which on a word must stand in three of them, and not in every second
_MIXING_ROUNDS = 100


@dataclass(frozen=True)
class Vocabulary:
    """The words that count in a set of texts, sorted, and in how many of the ``n_texts`` distinct texts each stands."""

    words: tuple[str, ...]
    doc_freq: np.ndarray
    n_texts: int

    @cached_property
    def idf(self) -> np.ndarray:
        """Each word's inverse document frequency, smoothed as scikit-learn does."""
        return np.log((1 + self.n_texts) / (1 + self.doc_freq)) + 1

    def rows(self, posts: Bag):
        """Tell which post holds which word: a sparse array of 0 and 1, shape (posts, words)."""
        from scipy.sparse import csr_array

        table, place = posts.table, {word: i for i, word in enumerate(self.words)}
        ids = np.array([place.get(word, -1) for word in posts.words], dtype=np.int32)[table.indices]
        known = ids >= 0
        starts = np.r_[0, np.cumsum(known)][table.indptr]
        rows = csr_array((np.ones(int(starts[-1])), ids[known], starts), shape=(len(posts), len(self.words)))
        rows.sort_indices()
        return rows

    def known_part(self, posts: Bag, rows) -> np.ndarray:
        """Tell what part of each post's words counts, 0 to 1: rare words weigh more, words never met the most."""
        square, unknown_idf = self.idf**2, float(np.log(1 + self.n_texts) + 1)
        known = rows @ square if rows.nnz else np.zeros(len(posts))
        words = set(self.words)
        strange = np.array([word not in words for word in posts.words], dtype=float)
        unknown = (posts.table @ strange if len(posts.words) else np.zeros(len(posts))) * unknown_idf**2
        total = known + unknown
        return np.sqrt(np.divide(known, total, out=np.zeros_like(total), where=total > 0))


def learn_vocabulary(posts: Bag, first: np.ndarray) -> Vocabulary:
    """Choose the words that count: in two texts or more; in many texts three, and in half of them at most.

    `first` are the posts that stand for the distinct texts.
    """
    rows = posts.table[first]
    doc_freq = np.bincount(rows.indices, minlength=len(posts.words))
    least, most = (3, 0.5) if len(first) >= _MANY else (2, 1.0)
    kept = np.flatnonzero((doc_freq >= least) & (doc_freq <= most * len(first)))
    kept = np.sort(kept[np.argsort(-doc_freq[kept], kind="stable")][:_MOST_WORDS])
    return Vocabulary(tuple(posts.words[i] for i in kept), doc_freq[kept].astype(np.int64), len(first))


def tfidf(rows, idf: np.ndarray):
    """Weigh each word by its rarity, and make each row of length 1 (or empty)."""
    from sklearn.preprocessing import normalize

    weighed = rows.copy()
    weighed.data = idf[weighed.indices]
    return normalize(weighed, copy=False) if weighed.shape[0] and weighed.nnz else weighed


def association(rows) -> np.ndarray:
    """Tell how firmly each word goes with the commonest words: positive pointwise mutual information.

    `rows` says which text holds which word. Gives shape (words, contexts), each row of length 1 (or 0); a word goes
    with itself as firmly as with its firmest companion.

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
    doc_freq = together.diagonal().copy()
    np.fill_diagonal(together, 0)
    total = together.sum(axis=1)
    contexts = np.sort(np.argsort(-doc_freq, kind="stable")[:_CONTEXTS])
    expected = np.outer(total, total[contexts]) / max(total.sum(), 1.0)
    ratio = np.divide(together[:, contexts], expected, out=np.ones((size, len(contexts))), where=expected > 0)
    ppmi = np.log(np.maximum(ratio, 1.0))
    firmest = ppmi.max(axis=1, initial=0)
    firmest[firmest == 0] = 1.0
    ppmi[contexts, np.arange(len(contexts))] = firmest[contexts]
    return normalize(ppmi, copy=False) if size else ppmi


def factorise(rows, idf: np.ndarray, n_topics: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Find topics in texts by non-negative matrix factorisation of their carried-over TF-IDF rows.

    Returns
    -------
    reach : ndarray of float, shape (words, topics)
        How much a word says for a topic: the inner products of the two in the space of contexts.
    gram : ndarray of float, shape (topics, topics)
        The inner products of the topics.
    """
    from sklearn.decomposition import NMF
    from sklearn.preprocessing import normalize

    firm = association(rows)
    carried = normalize(tfidf(rows, idf) @ firm)
    model = NMF(n_topics, init="nndsvda", random_state=seed, tol=1e-3, max_iter=300).fit(carried)
    parts = normalize(model.components_)
    return firm @ parts.T, parts @ parts.T


def mix(rows, idf: np.ndarray, reach: np.ndarray, gram: np.ndarray) -> np.ndarray:
    """Give each row's shares of the topics: the nearest mixture with nothing negative, by Lee and Seung's rounds.

    Shape (texts, topics); each row adds up to 1, or is 0 where it holds no word.
    """
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        wanted = tfidf(rows, idf) @ reach
        shares = np.ones_like(wanted)
        for _ in range(_MIXING_ROUNDS):
            shares *= wanted / np.maximum(shares @ gram, 1e-12)
    shares = shares * (np.diff(rows.indptr) > 0)[:, None]
    total = shares.sum(axis=1, keepdims=True)
    return np.divide(shares, total, out=np.zeros_like(shares), where=total > 0).round(9)
