"""How well the words of a topic go together: NPMI and C_v, as gensim computes them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis.topics.bags import Bag

_TINY = 1e-12


def npmi(topics: Sequence[Sequence[str]], posts: Bag) -> np.ndarray:
    """Give each topic's mean normalised pointwise mutual information over all pairs of its top words.

    Parameters
    ----------
    topics : sequence of sequences of str
        The top words of each topic; each must stand in the posts.
    posts : Bag
        Words are counted together where no more than ten lie from the first to the last.

    Returns
    -------
    ndarray of float, shape (topics,)
        From -1 (never together) over 0 (as by chance) to 1 (only together); missing (NaN) for fewer than two words.

    Notes
    -----
    Bouma (2009), GSCL; Aletras & Stevenson (2013), IWCS. The values of gensim's ``CoherenceModel(coherence="c_npmi")``.
    """
    values = []
    for words, together, windows in _counted(topics, posts, window=10):
        firm = _normalised(together, windows)
        pairs = firm[~np.eye(len(words), dtype=bool)]
        values.append(pairs.mean() if len(pairs) else np.nan)
    return np.array(values)


def c_v(topics: Sequence[Sequence[str]], posts: Bag) -> np.ndarray:
    """Give each topic's C_v: how alike the words that each of its words goes with are to those of all of them.

    Arguments are as for :func:`npmi`, but for the window of 110 words. From 0 to 1; NaN for fewer than two words.

    Notes
    -----
    Röder, Both & Hinneburg (2015), "Exploring the space of topic coherence measures", WSDM, 399. The values of gensim's
    ``CoherenceModel(coherence="c_v")``. It rewards words that occur in few posts; see it beside NPMI.
    """
    values = []
    for words, together, windows in _counted(topics, posts, window=110):
        firm = _normalised(together, windows)
        whole = firm.sum(axis=0)
        length = np.linalg.norm(firm, axis=1) * np.linalg.norm(whole)
        near = np.divide(firm @ whole, length, out=np.zeros(len(words)), where=length > 0)
        values.append(near.mean() if len(words) > 1 else np.nan)
    return np.array(values)


def _normalised(together, windows):
    """Give the normalised information of each pair of words; the diagonal holds each word's with itself."""
    alone = together.diagonal() / windows
    both = together / windows + _TINY
    return np.log(both / np.outer(alone, alone)) / -np.log(both)


def _counted(topics, posts, window):
    """Give for each topic its words, in how many windows each two of them stand, and how many windows there are."""
    place = {word: i for i, word in enumerate(posts.words)}
    missing = sorted({word for words in topics for word in words} - place.keys())
    if missing:
        raise ValueError(f"{missing[0]!r} stands in none of the posts in which words are counted together")
    wanted = sorted({place[word] for words in topics for word in words})
    column = np.full(len(posts.words) or 1, -1)
    if not wanted:
        yield from ((words, np.zeros((0, 0)), 1) for words in topics)
        return
    column[wanted] = np.arange(len(wanted))
    rows, windows = _windows(posts, column, window, len(wanted))
    every = np.asarray((rows.T @ rows).todense(), dtype=float)
    for words in topics:
        columns = column[[place[word] for word in words]]
        yield words, every[np.ix_(columns, columns)], windows


def _windows(posts, column, window, width):
    """Tell which window holds which word of interest, as a sparse array, and how many windows there are in all."""
    from scipy.sparse import csr_array

    length = np.diff(posts.starts)
    each = np.maximum(length - window + 1, 1)
    first = np.r_[0, np.cumsum(each)]
    post = np.repeat(np.arange(len(posts)), length)
    position = np.arange(len(posts.ids)) - posts.starts[post]
    kept = column[posts.ids] >= 0 if len(posts.ids) else np.zeros(0, dtype=bool)
    post, position, word = post[kept], position[kept], column[posts.ids[kept]]
    low, high = np.maximum(position - window + 1, 0), np.minimum(position, each[post] - 1)
    times = np.maximum(high - low + 1, 1)
    low = np.minimum(low, high)
    inside = np.arange(times.sum()) - np.repeat(np.r_[0, np.cumsum(times)[:-1]], times)
    row = np.repeat(first[post] + low, times) + inside
    rows = csr_array((np.ones(len(row)), (row, np.repeat(word, times))), shape=(int(first[-1]), width))
    rows.sum_duplicates()
    rows.data[:] = 1
    return rows, int(first[-1])
