"""Are planted topics found again? Texts of words drawn at random around known topics, and a search for these."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.methods.topic_methods import COMPARED, measure
from analysis.topics import NONE

_SYLLABLES = [a + b for a in ("b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "z") for b in "aeiou"]
_OWN, _COMMON, _STRAY = 800, 2_000, 20_000  # words of each topic, of all posts, and of those that have none
_LONGEST = 40  # words
_MOST = 100  # topics
_SEARCHED = ("nmf", "plain NMF")


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
    >>> posts = plant(500, topics=3, noise=0.2, seed=1)
    >>> posts["topic"].value_counts().to_dict()["none"] in range(80, 120)
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
    is_own = (kind == 0) & (of < topics)
    word[is_own] = of[is_own] * _OWN + random.choice(_OWN, is_own.sum(), p=own)
    is_shared = (kind == 1) & (of < topics)
    word[is_shared] = preferred[of[is_shared], random.choice(size, is_shared.sum(), p=wide)]
    is_stray = (kind < 2) & (of == topics)
    word[is_stray] = size + _COMMON + random.integers(_STRAY, size=is_stray.sum())
    likely = np.zeros((topics + 1, size + _COMMON + _STRAY))
    for i in range(topics):
        likely[i, preferred[i]] += (1 - common) * overlap * wide
        likely[i, i * _OWN : (i + 1) * _OWN] += (1 - common) * (1 - overlap) * own
    likely[topics, size + _COMMON :] = (1 - common) / _STRAY
    likely[:, size : size + _COMMON] = common * _zipf(_COMMON)
    names = np.array([f"planted {i + 1}" for i in range(topics)] + [NONE])
    best = _best(row, word, np.log(likely + 1e-300), np.log(chance + 1e-300), posts)
    spelt = np.array(_words(likely.shape[1], random))[word].tolist()
    ends = np.cumsum(lengths)
    texts = [" ".join(spelt[end - many : end]) for end, many in zip(ends, lengths, strict=True)]
    return pd.DataFrame({"text": texts, "topic": names[topic], "best": names[best]}).astype("str")


def recover(corpora: int = 10, posts: int = 500, topics: int = 5, *, seed: int = 0, **plan) -> pd.DataFrame:
    """Plant topics in invented corpora, look for them, and tell how much of them is found.

    Parameters
    ----------
    corpora : int
        How many, 2 or more, for one has no interval; corpus i is planted and searched with seed ``seed + i``.
    posts, topics : int
        Of each corpus; every method is told how many topics there are.
    seed : int
    **plan
        What makes it harder, see :func:`plant`.

    Returns
    -------
    DataFrame
        A row for "nmf" (ours), "plain NMF" and at last "plan known", what someone would find who knows the plan:
        ``method``; ``ami`` over posts with a planted topic ("none" among the found is one more group), its mean over
        corpora with a 95% interval, ``low`` and ``high``; ``above``, how much it is above plain NMF in the same
        corpora, with ``above_low`` and ``above_high``; ``forced``, the AMI if no post may be called none;
        ``none_right``, ``none_lost`` as in :func:`analysis.methods.topic_methods.compare_methods`; ``corpora``.

    Raises
    ------
    ValueError
        If there are fewer than two corpora; and as :func:`plant` raises it.

    Notes
    -----
    Intervals are Student's t over corpora: they hold for corpora of this plan, not for texts that people wrote.
    """
    if corpora < 2:
        raise ValueError(f"corpora is {corpora}; 2 are needed for an interval")
    rows = []
    for i in range(corpora):
        corpus = plant(posts, topics, seed=seed + i, **plan)
        for method in _SEARCHED:
            assigned = COMPARED[method](corpus["text"], topics, seed=seed + i).assign(corpus["text"])
            rows.append({"method": method} | measure(assigned, corpus["topic"]))
        known = corpus[["best"]].set_axis(["topic"], axis=1)
        rows.append({"method": "plan known"} | measure(known, corpus["topic"]))
    return _summed(pd.DataFrame(rows), corpora)


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
    total = np.empty((posts, len(prior)))
    for i, chance in enumerate(likely):
        total[:, i] = prior[i] + np.bincount(row, weights=chance[word], minlength=posts)
    return total.argmax(axis=1)


def _words(size, random):
    """Spell so many different words of three syllables each."""
    many = len(_SYLLABLES)
    numbers = random.choice(many**3, size, replace=False, shuffle=False).tolist()
    return [_SYLLABLES[n // many**2] + _SYLLABLES[n // many % many] + _SYLLABLES[n % many] for n in numbers]


def _summed(rows, corpora):
    """Put the rows of all corpora, each method once a corpus, together."""
    table = []
    reference = rows.loc[rows["method"] == "plain NMF", "ami"].to_numpy()
    for method, part in rows.groupby("method", sort=False):
        row = {"method": method} | dict(zip(("ami", "low", "high"), _mean(part["ami"]), strict=True))
        above = _mean(part["ami"].to_numpy() - reference) if method != "plain NMF" else [np.nan] * 3
        row |= dict(zip(("above", "above_low", "above_high"), above, strict=True))
        row |= {name: part[name].mean() for name in ("forced", "none_right", "none_lost")}
        table.append(row | {"corpora": corpora})
    return pd.DataFrame(table).astype({"method": "str"})


def _mean(values):
    """Give the mean and the ends of Student's 95% interval."""
    from scipy.stats import t

    reach = t.ppf(0.975, len(values) - 1) * np.std(values, ddof=1) / np.sqrt(len(values))
    return [np.mean(values), np.mean(values) - reach, np.mean(values) + reach]
