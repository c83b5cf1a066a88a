"""Invented texts around planted topics, by a plan of their own: no phrase, no sentence, only words by lot."""

from __future__ import annotations

import numpy as np
import pandas as pd

_SYLLABLES = [a + b for a in ("b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "z") for b in "aeiou"]
_OWN, _COMMON, _STRAY = 800, 2_000, 20_000  # words of each topic, of all posts, and of those that have none
_LONGEST = 40  # words
_MOST = 100  # topics
NO_TOPIC = "none"


def plant(
    posts: int,
    topics: int = 8,
    *,
    overlap: float = 0.0,
    common: float = 0.4,
    imbalance: float = 1.0,
    noise: float = 0.0,
    length: float = 7.0,
    seed: int = 0,
) -> pd.DataFrame:
    """Invent texts whose topics are known.

    Parameters
    ----------
    posts : int
    topics : int
    overlap : float
        From 0, each topic has words of its own, to 1, all draw from the same words and differ in which they prefer.
    common : float
        The chance of a word to be one of those that stand in all posts alike, 0 to 1.
    imbalance : float
        How many times as many posts the largest topic has as the smallest; the others lie between, evenly in the
        logarithm.
    noise : float
        The share of posts without a topic, 0 to 1: common words, and words so rare that they go with nothing.
    length : float
        The median number of words; lengths are log-normal with a standard deviation of 0.5 in the logarithm, 1 to 40.
    seed : int

    Returns
    -------
    DataFrame
        ``text``; ``topic``, "planted 1" to "planted k" or "none"; ``best``, the topic of those that is the most
        probable for who knows the plan: no method can be expected to do better.

    Raises
    ------
    ValueError
        If a share isn't between 0 and 1, there are no posts or topics, more than 100 topics, `imbalance` is less than
        1, or `length` is not above 0.

    Notes
    -----
    Words are drawn with the probabilities of Zipf and Mandelbrot, 1 / (rank + 3), from word lists of each topic, of
    what all share, and of what is rare: a mixture of one topic a text and a background (Zhai, Velivelli & Yu 2004,
    KDD, 743), and no sentence that somebody wrote. So nothing in it was made for a method of this package.

    Examples
    --------
    >>> some = plant(500, topics=3, noise=0.2, seed=1)
    >>> some["topic"].value_counts().to_dict()["none"] in range(80, 120)
    True
    """
    _check(posts, topics, imbalance, length, overlap=overlap, common=common, noise=noise)
    random = np.random.default_rng([seed, 7])
    size = topics * _OWN
    sizes = imbalance ** -np.linspace(0, 1, topics)
    chance = np.r_[sizes / sizes.sum() * (1 - noise), noise]
    topic = random.choice(topics + 1, posts, p=chance)
    lengths = np.exp(random.normal(np.log(length), 0.5, posts)).round().clip(1, _LONGEST).astype(int)
    row = np.repeat(np.arange(posts), lengths)
    of = topic[row]
    kind = np.where(random.random(len(row)) < common, 2, np.where(random.random(len(row)) < overlap, 1, 0))
    preferred = np.array([random.permutation(size) for _ in range(topics)])
    own, wide = _zipf(_OWN), _zipf(size)
    word = size + random.choice(_COMMON, len(row), p=_zipf(_COMMON))
    some = (kind == 0) & (of < topics)
    word[some] = of[some] * _OWN + random.choice(_OWN, some.sum(), p=own)
    some = (kind == 1) & (of < topics)
    word[some] = preferred[of[some], random.choice(size, some.sum(), p=wide)]
    some = (kind < 2) & (of == topics)
    word[some] = size + _COMMON + random.integers(_STRAY, size=some.sum())
    likely = np.zeros((topics + 1, size + _COMMON + _STRAY))
    for i in range(topics):
        likely[i, preferred[i]] += (1 - common) * overlap * wide
        likely[i, i * _OWN : (i + 1) * _OWN] += (1 - common) * (1 - overlap) * own
    likely[topics, size + _COMMON :] = (1 - common) / _STRAY
    likely[:, size : size + _COMMON] = common * _zipf(_COMMON)
    names = np.array([f"planted {i + 1}" for i in range(topics)] + [NO_TOPIC])
    best = _best(row, word, np.log(likely + 1e-300), np.log(chance + 1e-300), posts)
    spelt = np.array(_words(likely.shape[1], random))[word].tolist()
    ends = np.cumsum(lengths)
    texts = [" ".join(spelt[end - many : end]) for end, many in zip(ends, lengths, strict=True)]
    return pd.DataFrame({"text": texts, "topic": names[topic], "best": names[best]}).astype("str")


def _check(posts, topics, imbalance, length, **shares):
    for name, value in {"posts": posts, "topics": topics}.items():
        if not isinstance(value, int | np.integer):
            raise ValueError(f"{name} is {value!r}; it has to be a whole number")
    if not length > 0:
        raise ValueError(f"length is {length}; texts have more than 0 words")
    for name, value in shares.items():
        if not 0 <= value <= 1:
            raise ValueError(f"{name} is {value}; it is a share, from 0 to 1")
    if topics > _MOST:
        raise ValueError(f"topics is {topics}; there are words for {_MOST} at most")
    if posts < 1 or topics < 1 or imbalance < 1:
        raise ValueError(f"posts is {posts}, topics {topics}, imbalance {imbalance}: each must be 1 or more")


def _zipf(size):
    part = 1 / (np.arange(size) + 3)
    return part / part.sum()


def _best(row, word, likely, prior, posts):
    """Give for each post the most probable topic (or none) of the plan, each word's chance being known."""
    told = np.empty((posts, len(prior)))
    for i, chance in enumerate(likely):
        told[:, i] = prior[i] + np.bincount(row, weights=chance[word], minlength=posts)
    return told.argmax(axis=1)


def _words(size, random):
    """Spell so many different words of three syllables each."""
    many = len(_SYLLABLES)
    numbers = random.choice(many**3, size, replace=False, shuffle=False).tolist()
    return [_SYLLABLES[n // many**2] + _SYLLABLES[n // many % many] + _SYLLABLES[n % many] for n in numbers]
