"""From texts to rows of word weights, and from rows to mixtures of topics."""

from __future__ import annotations

import numpy as np

from analysis import words

# Words without a subject of their own that scikit-learn's English list of stop words lacks.
_MORE = """
did does doing didn't doesn't don't isn't wasn't aren't weren't won't wouldn't couldn't shouldn't can't hasn't haven't
hadn't ain't i'm i've i'd i'll you're you've you'll he's he'd she's she'd it's that's there's they're we're we've
they've what's who's let's im ive dont didnt just yes ok oh rt amp metoo
"""
_ALSO_STOP = frozenset(_MORE.split())


def content_words(text: str) -> tuple[str, ...]:
    """Give the words of a text that can carry a topic: no tags, no stop words, no single letters.

    Examples
    --------
    >>> content_words("Me too. My boss didn't stop @someone #MeToo")
    ('boss', 'stop')
    """
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS as STOP

    found = words.tokens(text)
    return tuple(w for w in found if len(w) > 1 and w[0] != "#" and w not in STOP and w not in _ALSO_STOP)


def learn(keys):
    """Give the words that stand in two texts or more, sorted, and each one's inverse document frequency."""
    counts: dict[str, int] = {}
    for key in keys:
        for word in set(key):
            counts[word] = counts.get(word, 0) + 1
    vocabulary = tuple(sorted(word for word, n in counts.items() if n > 1))
    within = np.array([counts[word] for word in vocabulary], dtype=float)
    return vocabulary, np.log((1 + len(keys)) / (1 + within)) + 1


def tfidf(keys, vocabulary, rarity):
    """Give word weights as scikit-learn's ``TfidfVectorizer`` does: a sparse array, each row of length 1 (or empty)."""
    from scipy.sparse import csr_array
    from sklearn.preprocessing import normalize

    place = {word: i for i, word in enumerate(vocabulary)}
    columns = [[place[word] for word in key if word in place] for key in keys]
    starts = np.concatenate([[0], np.cumsum([len(row) for row in columns], dtype=int)])
    flat = np.array([i for row in columns for i in row], dtype=np.int32)
    rows = csr_array((np.ones(len(flat)), flat, starts), shape=(len(keys), len(vocabulary)))
    rows.sum_duplicates()
    rows.data *= rarity[rows.indices]
    return normalize(rows, copy=False) if len(keys) else rows


def mixtures(parts, rows):
    """Give each row as the nearest mixture of topics: the shares, and how well it fits (a cosine).

    A row's answer depends on that row alone: the rounds are fixed in number (``tol=0``) and begin from zero, so it
    does not matter how fast the others settle.
    """
    from sklearn.decomposition import non_negative_factorization
    from threadpoolctl import threadpool_limits

    if not rows.shape[0]:
        return np.zeros((0, len(parts))), np.zeros(0)
    how = {"n_components": len(parts), "init": "custom", "update_H": False, "tol": 0, "max_iter": 100}
    with threadpool_limits(1):
        mix, _, _ = non_negative_factorization(rows, H=parts, **how)
    length = np.sqrt(np.maximum(np.einsum("ij,jk,ik->i", mix, parts @ parts.T, mix), 0))
    total = mix.sum(axis=1, keepdims=True)
    shares = np.divide(mix, total, out=np.zeros_like(mix), where=total > 0)
    return shares.round(9), length.round(9)


def scrambled(keys, vocabulary, seed):
    """Give texts as long as the given ones, up to 2,000 of them, whose words are drawn at random from all of them."""
    known = set(vocabulary)
    bag = np.array([word for key in keys for word in key if word in known])
    lengths = np.array([sum(word in known for word in key) for key in keys])
    random = np.random.default_rng(seed)
    return [tuple(random.choice(bag, size=n)) for n in random.permutation(lengths[lengths > 0])[:2000]]
