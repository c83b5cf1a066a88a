"""Topics for a given number of them: fitted to texts, read from their words, and given to texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.text import present_texts
from analysis.topics.bags import Bag, bag, distinct, english
from analysis.topics.weights import Vocabulary, factorise, learn_vocabulary, mix

#: What a post is called in which no topic fits.
NONE = "none"
_LEARNT_FROM = 4_000  # texts: more make topics slower and hardly better
_COUNTED = 20_000  # texts in which the words of each topic are counted
_BATCH = 50_000  # texts that are cut into words at once
_MIXED = 4_000  # and mixed at once: so much lies near the processor
_RELEVANCE = 0.6  # from 0, words that hardly stand outside the topic, to 1, its commonest words
# Of the threshold, see set_threshold.
_BY_CHANCE = 0.05  # how often a null text may seem to fit
_FEW = 50  # texts: with fewer, chance fits nearly as well as sense, and a quarter of the usual score is enough
_LOST = 0.15  # of the texts fitted, at most so many may be called none
_TELLING = 4  # words: shorter null texts agree too easily to say what chance is
_LOW = 0.05  # of the texts fitted, so many count as their low end
_PART = 0.15  # of the median score; what fits less is noise, where the low end itself may be


@dataclass(frozen=True, repr=False)
class Topics:
    """Topics that :func:`fit` found, the one with the most texts first.

    Attributes
    ----------
    known : Vocabulary
        The words that count.
    reach, gram : ndarray of float, shape (words, topics) and (topics, topics)
        What was learnt, see :func:`analysis.topics.weights.factorise`.
    counts : ndarray of float, shape (topics, words)
        In how many of each topic's texts each word stands.
    sizes : ndarray of float, shape (topics,)
        How many texts each topic has.
    threshold : float
        A text whose `fit` is lower belongs to no topic.
    apart : int
        How many texts were set apart, for they seem to be in another language.
    """

    known: Vocabulary
    reach: np.ndarray
    gram: np.ndarray
    counts: np.ndarray
    sizes: np.ndarray
    threshold: float
    apart: int = 0

    def __repr__(self) -> str:
        apart = f" ({self.apart:,} in other languages set apart)" if self.apart else ""
        return f"<{len(self.sizes)} topics in {self.texts:,} distinct texts{apart}>"

    @property
    def texts(self) -> int:
        """How many distinct texts there were."""
        return self.known.n_texts

    @property
    def vocabulary(self) -> tuple[str, ...]:
        """The words that count, sorted."""
        return self.known.words

    @property
    def names(self) -> list[str]:
        """``topic 1`` to ``topic k``."""
        return [f"topic {i}" for i in range(1, len(self.sizes) + 1)]

    def top_words(self, shared: set[str], n: int = 8) -> pd.DataFrame:
        """Give the words that set each topic apart, of those that may be shown.

        Parameters
        ----------
        shared : set of str
            The words that enough people used, see :func:`analysis.privacy.shared_words`. No other is given.
        n : int
            How many at most for each topic.

        Returns
        -------
        DataFrame
            ``topic``, ``rank`` (from 1), ``word``, ``weight`` (share of the topic's texts that hold the word, 0 to 1),
            ``lift`` (how many times as often as in all texts), the most relevant first.

        Notes
        -----
        Sievert & Shirley (2014), "LDAvis", section 3.1, equation 1, over shares of texts.
        """
        overall = self.known.doc_freq / max(self.texts, 1)
        inside = (self.counts + 0.5 * overall) / (self.sizes[:, None] + 0.5)
        with np.errstate(divide="ignore"):
            value = _RELEVANCE * np.log(inside) + (1 - _RELEVANCE) * np.log(inside / overall)
        rows = []
        for i, name in enumerate(self.names):
            ranked = np.argsort(-value[i].round(9), kind="stable")
            kept = [j for j in ranked if self.counts[i, j] > 0 and self.vocabulary[j] in shared]
            for rank, j in enumerate(kept[:n], start=1):
                weight = self.counts[i, j] / self.sizes[i]
                rows.append((name, rank, self.vocabulary[j], weight, weight / overall[j]))
        table = pd.DataFrame(rows, columns=["topic", "rank", "word", "weight", "lift"])
        return table.astype({"topic": "str", "rank": "int64", "word": "str", "weight": "float64", "lift": "float64"})

    def assign(self, texts: Sequence[str]) -> pd.DataFrame:
        """Say for each text how much of each topic is in it, and which one it belongs to.

        Parameters
        ----------
        texts : Series or other sequence of str
            Need not be those of the fit. What is said of a text does not depend on the others.

        Returns
        -------
        DataFrame
            The index of `texts`. ``topic``: the one with the largest share, or "none" where no topic fits; missing
            where the text is. ``fit``: how strongly the text's words speak for one topic against all the others
            together (0 and less: not at all). ``margin``: by how much the largest share exceeds the next, 0 to 1.
            Then a column a topic: its share of the text; they add up to 1, or are all 0 where the text has no word
            that counts.

        Raises
        ------
        TypeError
            If something is no text.

        Notes
        -----
        `fit` is the largest sum over the text's words of the log odds ``log(share of the topic's words / share of all
        words)``, times the part of its words that count at all.
        """
        from tqdm import tqdm

        given = present_texts(texts)
        kept, parts = list(given.values()), [(np.zeros((0, len(self.sizes))), np.zeros(0))]
        for begin in tqdm(range(0, len(kept), _BATCH), "assigning", disable=None, delay=2):
            parts.append(self.read(bag(kept[begin : begin + _BATCH])))
        shares, fits = (np.concatenate(part) for part in zip(*parts, strict=True))
        best = np.where((fits >= self.threshold) & (shares.sum(axis=1) > 0), shares.argmax(axis=1), -1)
        upper = np.sort(shares, axis=1)
        margin = upper[:, -1] - (upper[:, -2] if shares.shape[1] > 1 else 0)
        table = pd.DataFrame({"topic": np.append(self.names, NONE)[best], "fit": fits, "margin": margin})
        table = table.astype({"topic": "str"}).join(pd.DataFrame(shares, columns=self.names))
        table = table.set_axis(list(given)).reindex(range(len(texts)))
        return table.set_axis(texts.index) if isinstance(texts, pd.Series) else table

    def read(self, posts: Bag) -> tuple[np.ndarray, np.ndarray]:
        """Give each post's shares of the topics, shape (posts, topics), and its fit, shape (posts,)."""
        rows, odds = self.known.rows(posts), log_odds(self.counts)
        shares, fits = np.zeros((len(posts), len(self.sizes))), np.zeros(len(posts))
        part = self.known.known_part(posts, rows)
        for begin in range(0, len(posts), _MIXED):
            batch = slice(begin, begin + _MIXED)
            shares[batch] = mix(rows[batch], self.known.idf, self.reach, self.gram)
            fits[batch] = scores(odds, rows[batch]) * part[batch]
        return shares, fits.round(9)


def fit(texts: Sequence[str], k: int, seed: int = 0) -> Topics:
    """Find k topics in texts.

    Parameters
    ----------
    texts : Series or other sequence of str
        In English; those that seem to be in another language are set apart, and the answer says how many. Each counts
        once however often it was copied, or copied with one word changed. Missing texts are left out.
    k : int
        How many topics. :func:`analysis.topics.choose` tells what speaks for each number.
    seed : int
        The same texts and seed give the same topics, whatever the order of the texts.

    Returns
    -------
    Topics

    Raises
    ------
    TypeError
        If something is no text.
    ValueError
        If there are too few texts or words for `k` topics, or they are not in English (the message says what there is);
        if `seed` is none.

    Examples
    --------
    >>> pets = fit(["cats purr", "cats purr, cats sleep", "ships sail", "ships sail, ships sink"], k=2)
    >>> pets.assign(["two cats", "a ship or ships", "neither"])["topic"].tolist()
    ['topic 1', 'topic 2', 'none']
    """
    given = list(present_texts(texts).values())
    if isinstance(k, bool) or not isinstance(k, int | np.integer):
        raise ValueError(f"k is {k!r}; it has to be a whole number")
    if not isinstance(seed, int | np.integer) or not 0 <= seed < 2**32:
        raise ValueError(f"seed is {seed!r}; it has to be a whole number from 0 to {2**32 - 1}")
    kept = mostly_english(given)
    return replace(fit_bag(bag(kept), int(k), seed), apart=len(given) - len(kept))


def fit_bag(posts: Bag, k: int, seed: int = 0) -> Topics:
    """Find k topics in posts whose words were taken out before, see :func:`fit`."""
    from threadpoolctl import threadpool_limits

    _, first = distinct(posts)
    known = learn_vocabulary(posts, first)
    _check(k, posts, len(first), len(known.words))
    rows = known.rows(posts)
    kept = first[:_COUNTED]
    kept = kept[np.diff(rows.indptr)[kept] > 0]
    texts = rows[kept]
    if k > len(kept):
        _refuse(k, len(posts), len(kept), len(known.words))
    with threadpool_limits(1):
        reach, gram = factorise(texts[:_LEARNT_FROM], known.idf, k, seed)
    group = mix(texts, known.idf, reach, gram).argmax(axis=1)
    sizes = np.bincount(group, minlength=k).astype(float)
    order = np.lexsort((np.arange(k), -sizes))
    counts = (texts.T @ (group[:, None] == order).astype(float)).T
    odds, chance = log_odds(counts), null_texts(texts, seed)
    own = scores(odds, texts) * known.known_part(posts, rows)[kept]
    least = round(set_threshold(own, scores(odds, chance), np.diff(chance.indptr)), 9)
    return Topics(known, reach[:, order], gram[np.ix_(order, order)], counts, sizes[order], least)


def log_odds(counts: np.ndarray) -> np.ndarray:
    """Tell how much likelier each word is in each topic than in all: the logarithm, shape (topics, words)."""
    overall = (counts.sum(axis=0) + 1) / (counts.sum() + counts.shape[1])
    inside = (counts + 5 * overall) / (counts.sum(axis=1, keepdims=True) + 5)
    return np.log(inside / overall)


def scores(odds: np.ndarray, rows) -> np.ndarray:
    """Add up each row's log odds for the topic for which they say most; 0 for an empty row."""
    totals = rows @ odds.T
    return np.where(np.diff(rows.indptr) > 0, totals.max(axis=1, initial=-np.inf), 0.0)


def null_texts(rows, seed: int):
    """Give texts as long as the given ones, up to 2,000 of them, whose words are drawn at random from all of them."""
    from scipy.sparse import csr_array

    random = np.random.default_rng(seed)
    length = random.permutation(np.diff(rows.indptr))[:2000]
    starts = np.r_[0, np.cumsum(length)]
    drawn = random.choice(rows.indices, size=starts[-1])
    return csr_array((np.ones(len(drawn)), drawn, starts), shape=(len(length), rows.shape[1]))


def set_threshold(own: np.ndarray, chance: np.ndarray, length: np.ndarray) -> float:
    """Set the least score of a text that belongs to a topic, from the texts' scores and those of null texts.

    It is what 95% of the null texts do not reach, but at most what 85% of the texts reach. Where 95% of the null texts
    of four words or more (`length`) fit worse than 95% of the texts, the two are apart, and the threshold need be no
    higher than midway between these, or 15% of the median score if that is more. Of fewer than 50 texts, a quarter of
    their median score.

    Notes
    -----
    In one or two words chance agrees so easily that it would bar short texts from a topic that is plain to see. The
    rule was chosen on ten corpora a plan of :func:`analysis.methods.topic_recovery.plant`. Three easy topics lose 9% of
    500 posts and 2% of 2,000, and 99% of the posts without a topic are refused; 77% to 83% where these were in the fit.
    Of the shipped stories 9% are lost, and 95% of the other posts refused. At 100,000 posts more than 15% are lost (21%
    of eight topics): the threshold is set by the 20,000 whose words were counted, and others fit their topics a little
    less.
    """
    if len(own) < _FEW:
        return float(np.median(own)) / 4
    usual = min(float(np.quantile(chance, 1 - _BY_CHANCE)), float(np.quantile(own, _LOST, method="lower")))
    telling = chance[length >= _TELLING]
    if len(telling) < _FEW:
        return usual
    above = max(0.0, float(np.quantile(telling, 1 - _BY_CHANCE)))
    low = float(np.quantile(own, _LOW, method="lower"))
    return min(usual, max((above + low) / 2, _PART * float(np.median(own)))) if above < low else usual


def mostly_english(texts: Sequence[str]) -> list[str]:
    """Leave out the texts that seem to be in another language; raise a ValueError where most of them are.

    A language of its own would be a topic of its own, whatever its texts are about.
    """
    kept = english(texts)
    written = sum(not text.isspace() for text in texts if text)
    if written and (foreign := (len(texts) - len(kept)) / written) > 0.5:
        raise ValueError(
            f"{foreign:.0%} of these texts seem to be in another language than English: topics are found in English "
            "alone, and other languages must be left out first"
        )
    return kept


def _check(k, posts, differ, size):
    """Refuse a number of topics that these texts can't give."""
    if not len(posts):
        raise ValueError("there are no texts, or all of them are missing: bring a column in which posts have words")
    if not differ:
        raise ValueError(
            f"none of the {len(posts)} texts holds a word that can carry a topic: links, handles, tags and common "
            "English words are taken out first"
        )
    if not 1 <= k <= min(differ, size):
        _refuse(k, len(posts), differ, size)


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
