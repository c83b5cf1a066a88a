"""Finding topics in texts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis import words
from analysis.topics.evidence import evidence, floor, lean, scrambled
from analysis.topics.language import foreign
from analysis.topics.methods import WAYS
from analysis.topics.model import Topics, mixed
from analysis.topics.prepare import Bag, bag, distinct
from analysis.topics.weights import holds, known_part, learn

_LEARNT_FROM = 4_000  # texts: more make topics slower and hardly better
_COUNTED = 20_000  # texts in which the words of each topic are counted


def fit(texts: Sequence[str], k: int, method: str = "nmf", seed: int = 0) -> Topics:
    """Find k topics.

    Parameters
    ----------
    texts : Series or other sequence of str
        In English. Each counts once however often it was copied, or copied with one word changed. Missing texts are
        left out.
    k : int
        How many topics.
    method : {"nmf", "kmeans", "lda", "mixture"}
        See :mod:`analysis.topics.methods`.
    seed : int
        The same texts and seed give the same topics, whatever the order of the texts.

    Returns
    -------
    Topics
        Its `floor` is the fit that one in twenty texts reaches whose words are drawn by chance, but at most what six
        in seven of the texts reach; with fewer than 50 texts, a quarter of their median fit.

    Raises
    ------
    ValueError
        If there are too few texts or words for `k` topics, or they are not in English; the message says what there is.

    Examples
    --------
    >>> found = fit(["cats purr", "cats purr, cats sleep", "ships sail", "ships sail, ships sink"], k=2)
    >>> found.assign(["two cats", "a ship or ships", "neither"])["topic"].tolist()
    ['topic 1', 'topic 2', 'none']
    """
    there = list(words.present(texts).values())
    in_english(there)
    found = bag(there)
    return fit_bag(found, there, k, method, seed)


def fit_bag(found: Bag, texts: Sequence[str], k: int, method: str = "nmf", seed: int = 0) -> Topics:
    """Find k topics in texts whose words were taken out before, see :func:`fit`."""
    from threadpoolctl import threadpool_limits

    if method not in WAYS:
        raise ValueError(f"method is {method!r}; there are {', '.join(WAYS)}")
    _, first = distinct(found)
    lexis = learn(found, first)
    _check(k, texts, len(first), lexis)
    rows = holds(found, lexis.vocabulary)
    kept = first[:_COUNTED]
    kept = kept[np.diff(rows.indptr)[kept] > 0]
    every = rows[kept]
    if k > every.shape[0]:
        _refuse(k, len(texts), every.shape[0], len(lexis.vocabulary))
    way = WAYS[method]
    with threadpool_limits(1):
        arrays = way.learn(every[:_LEARNT_FROM], lexis.rarity, k, seed)
    shares = mixed(way.mix, arrays, every, lexis)
    group = shares.argmax(axis=1)
    sizes = np.bincount(group, minlength=k).astype(float)
    order = np.lexsort((np.arange(k), -sizes))
    member = (group[:, None] == order).astype(float)
    counts = (every.T @ member).T
    own = evidence(lean(counts), every) * known_part(found, rows, lexis)[kept]
    chance = evidence(lean(counts), scrambled(every, seed))
    return Topics(method, lexis, arrays, order, counts, sizes[order], round(floor(own, chance), 9))


def in_english(texts: Sequence[str]) -> None:
    """Raise a ValueError where most texts seem to be in another language; asked once, however often they are fitted."""
    if (strange := foreign(texts[:: max(1, len(texts) // 2000)])) > 0.5:
        raise ValueError(
            f"{strange:.0%} of these texts seem to be in another language than English: topics are found in English "
            "alone, and other languages must be left out first"
        )


def _check(k, texts, differ, lexis):
    """Refuse a number of topics that these texts can't give."""
    if not differ:
        raise ValueError(
            f"none of the {len(texts)} texts holds a word that can carry a topic: links, handles, tags and common "
            "English words are taken out first"
        )
    if not 1 <= k <= min(differ, len(lexis.vocabulary)):
        _refuse(k, len(texts), differ, len(lexis.vocabulary))


def _refuse(k, texts, differ, size):
    most = min(differ, size)
    raise ValueError(
        f"k is {k}, but {differ} distinct texts, with {size} words that stand in more than one of them, can give "
        f"{f'1 to {most}' if most else 'no'} topics: bring more texts, or choose a smaller k"
    )
