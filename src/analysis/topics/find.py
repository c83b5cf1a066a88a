"""Finding topics in texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from analysis.text import present_texts
from analysis.topics.evidence import evidence, floor, lean, scrambled
from analysis.topics.language import english
from analysis.topics.methods import METHODS, WAYS
from analysis.topics.model import Topics, mixed
from analysis.topics.prepare import Bag, bag, distinct
from analysis.topics.weights import holds, known_part, learn

_LEARNT_FROM = 4_000  # texts: more make topics slower and hardly better
_COUNTED = 20_000  # texts in which the words of each topic are counted


def fit(texts: Sequence[str], k: int | str = "auto", method: str = "nmf", seed: int = 0) -> Topics:
    """Find topics: as many as are asked for, or as many as the texts speak for.

    Parameters
    ----------
    texts : Series or other sequence of str
        In English; those that seem to be in another language are set apart, and the answer says how many. Each counts
        once however often it was copied, or copied with one word changed. Missing texts are left out.
    k : int or "auto"
        How many topics. "auto" compares numbers (:func:`analysis.topics.choose`, three fits of each) and takes the one
        that is :func:`analysis.topics.recommended`. Where none is preferred, the one to go on with is taken and
        `choice` says so; where fewer than 20 distinct texts are there, too few to compare, it is two at most.
    method : {"nmf", "kmeans", "lda", "mixture", "density"}
        See :mod:`analysis.topics.methods`. "density" needs an extra with a model of sentences, and says itself how many
        topics there are (:func:`analysis.topics.fit_density`); nothing in it is by chance, and `seed` is not used.
    seed : int
        The same texts and seed give the same topics, whatever the order of the texts.

    Returns
    -------
    Topics
        Its `choice` says why there are so many. Its `floor` is the fit that one in twenty texts reaches whose words are
        drawn by chance, but at most what six in seven of the texts reach, and lower where the texts and chance are well
        apart; with fewer than 50 texts, a quarter of their median fit.

    Raises
    ------
    InputError
        If the extra for "density" is not installed; the message says how to install it.
    TypeError
        If something is no text.
    ValueError
        If there are too few texts or words for `k` topics, or they are not in English (the message says what there is);
        if there is no such method, `seed` is none, or `k` is given for "density".

    Examples
    --------
    >>> found = fit(["cats purr", "cats purr, cats sleep", "ships sail", "ships sail, ships sink"], k=2)
    >>> found.assign(["two cats", "a ship or ships", "neither"])["topic"].tolist()
    ['topic 1', 'topic 2', 'none']
    """
    there = list(present_texts(texts).values())
    if k != "auto" and (isinstance(k, bool | str) or not isinstance(k, int | np.integer)):
        raise ValueError(f"k is {k!r}; it has to be a whole number, or 'auto'")
    if not isinstance(seed, int | np.integer) or not 0 <= seed < 2**32:
        raise ValueError(f"seed is {seed!r}; it has to be a whole number from 0 to {2**32 - 1}")
    if method == "density":
        from analysis.topics.density import fit_density

        if k != "auto":
            raise ValueError(f"k is {k}, but by density the texts say how many topics there are: leave k out")
        return fit_density(there, progress=True)
    given, there = len(there), in_english(there)
    found, apart = bag(there), given - len(there)
    if k != "auto":
        return replace(fit_bag(found, there, int(k), method, seed), apart=apart)
    choice = _choice(found, there, method, seed)
    return replace(fit_bag(found, there, choice["use"], method, seed), choice=choice, apart=apart)


def _choice(found, texts, method, seed):
    """Choose a number of topics, and say why in a sentence."""
    from analysis.topics.choose import TRIED, able, compare, recommended

    refuse_method(method)
    _, first = distinct(found)
    differ, ks = len(first), able(found, TRIED)
    if not ks:
        use = 2 if differ >= 4 and len(learn(found, first).vocabulary) > 1 else 1
        why = f"no number is preferred: {differ} distinct texts are too few to compare numbers; {use} is used"
        return {"k": None, "near": [], "use": use, "why": why}
    choice = recommended(compare(found, texts, ks, method, 3, seed, progress=True))
    if choice["k"] is None:
        return choice | {"why": f"no number is preferred: {choice['why']}; {choice['use']} is used"}
    return choice | {"why": f"{choice['k']} is preferred: {choice['why']}"}


def fit_bag(found: Bag, texts: Sequence[str], k: int, method: str = "nmf", seed: int = 0) -> Topics:
    """Find k topics in texts whose words were taken out before, see :func:`fit`."""
    from threadpoolctl import threadpool_limits

    refuse_method(method)
    _, first = distinct(found)
    lexis = learn(found, first)
    _check(k, texts, len(first), lexis)
    rows = holds(found, lexis.vocabulary)
    kept = counted_rows(rows, first)
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
    part = known_part(found, rows, lexis)[kept]
    return Topics(method, lexis, arrays, order, counts, sizes[order], least_fit(counts, every, part, seed))


def least_fit(counts, every, part, seed=0) -> float:
    """Set the fit that a text needs to belong to a topic, from texts (rows of words, the part that is known)."""
    leaning, chance = lean(counts), scrambled(every, seed)
    return round(floor(evidence(leaning, every) * part, evidence(leaning, chance), np.diff(chance.indptr)), 9)


def counted_rows(rows, first):
    """Say in which of the distinct texts words are counted: up to 20,000 of them that hold a word."""
    kept = first[:_COUNTED]
    return kept[np.diff(rows.indptr)[kept] > 0]


def in_english(texts: Sequence[str]) -> list[str]:
    """Set the texts apart that seem to be in another language; raise a ValueError where most of them do.

    A language of its own would be a topic of its own, whatever its texts are about.
    """
    kept = english(texts)
    there = sum(not text.isspace() for text in texts if text)
    if there and (strange := (len(texts) - len(kept)) / there) > 0.5:
        raise ValueError(
            f"{strange:.0%} of these texts seem to be in another language than English: topics are found in English "
            "alone, and other languages must be left out first"
        )
    return kept


def refuse_method(method: str) -> None:
    """Raise a ValueError where there is no such method, or it takes no number of topics."""
    if not isinstance(method, str) or method not in METHODS:
        raise ValueError(f"method is {method!r}; there are {', '.join(METHODS)}")
    if method not in WAYS:
        raise ValueError("by density the texts say how many topics there are, so no number is compared or given")


def _check(k, texts, differ, lexis):
    """Refuse a number of topics that these texts can't give."""
    if not texts:
        raise ValueError("there are no texts, or all of them are missing: bring a column in which posts have words")
    if not differ:
        raise ValueError(
            f"none of the {len(texts)} texts holds a word that can carry a topic: links, handles, tags and common "
            "English words are taken out first"
        )
    if not 1 <= k <= min(differ, len(lexis.vocabulary)):
        _refuse(k, len(texts), differ, len(lexis.vocabulary))


def _refuse(k, texts, differ, size):
    most = min(differ, size)
    if not most:
        raise ValueError(
            f"no topic can be found in {texts} texts: {differ} of them differ, and no word stands in two of these that "
            "could carry a topic; bring more texts"
        )
    raise ValueError(
        f"k is {k}, but {differ} distinct texts, with {size} words that stand in more than one of them, can give "
        f"1 to {most} topics: bring more texts, or choose such a k"
    )
