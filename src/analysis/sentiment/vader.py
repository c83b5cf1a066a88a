"""Scores by VADER, as NLTK gives them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from importlib import metadata, resources

import numpy as np
import pandas as pd

from analysis import words

#: What :func:`score` gives for a text.
SCORES = ("neg", "neu", "pos", "compound")


def score(texts: pd.Series, extra: Mapping[str, float] | None = None) -> pd.DataFrame:
    """Score texts with NLTK's VADER.

    Parameters
    ----------
    texts : Series of str, or any sequence of str
        As posted: capitals, punctuation and emoticons count. A missing text (None, NaN, NA) has missing scores.
    extra : mapping of str to float, optional
        Words that are added to VADER's list, in lower case, or that replace its own, with their valence (-4 to 4), such
        as ``extension().set_index("word")["valence"]``. The scores are then no longer VADER's: say so beside them.

    Returns
    -------
    DataFrame
        float64, the index of `texts`: ``neg``, ``neu``, ``pos``, the shares of the text that are negative, neutral and
        positive, from 0 to 1; ``compound``, the sum of all valences pressed between -1 and 1. A text without a
        word that VADER knows has ``compound`` 0 exactly.

    Raises
    ------
    TypeError
        If something is neither a text nor missing; the message names its row.

    Examples
    --------
    >>> score(["I am grateful.", "I was afraid."])["compound"].tolist()
    [0.4588, 0.0]
    """
    there = words.present(texts)
    added = tuple(sorted(dict(extra).items())) if extra is not None else ()
    known = {text: _polarity(text, added) for text in dict.fromkeys(there.values())}
    scores = np.full((len(texts), len(SCORES)), np.nan)
    if there:
        scores[list(there)] = [known[text] for text in there.values()]
    return pd.DataFrame(scores, index=texts.index if isinstance(texts, pd.Series) else None, columns=list(SCORES))


def lexicon() -> dict[str, object]:
    """Tell which word list and which VADER the scores are from.

    Returns
    -------
    dict
        ``package`` and ``version`` that the list comes with, its ``sha256`` and number of ``entries``, and ``scorer``,
        the implementation with its version.
    """
    from hashlib import sha256

    return {
        "package": "vaderSentiment",
        "version": metadata.version("vaderSentiment"),
        "sha256": sha256(_lexicon_bytes()).hexdigest(),
        "entries": len(_vader().lexicon),
        "scorer": f"NLTK {metadata.version('nltk')}",
    }


def valences() -> dict[str, float]:
    """Give VADER's whole list: each entry in lower case, with its valence from -4 to 4.

    Examples
    --------
    >>> valences()["love"], "groped" in valences()
    (3.2, False)
    """
    return dict(_vader().lexicon)


def valence(word: str) -> float:
    """Give the valence of a word in VADER's list, from -4 to 4; missing (NaN) where the list does not know it.

    Examples
    --------
    >>> valence("love"), valence("groped")
    (3.2, nan)
    """
    return _vader().lexicon.get(word.lower(), float("nan"))


@lru_cache(maxsize=2**16)  # a lesson scores some texts twice
def _polarity(text, added=()):
    scores = _vader(added).polarity_scores(text)
    return tuple(scores[name] for name in SCORES)


@cache
def _vader(added=()):
    """NLTK's VADER with the lexicon that the package vaderSentiment brings along."""
    from nltk.sentiment.vader import SentimentIntensityAnalyzer, VaderConstants

    # NLTK's own constructor searches nltk.data.path, which would have to be changed for the whole process; and since
    # 3.10 it refuses folders that a group may write to, which site-packages may well be.
    vader = SentimentIntensityAnalyzer.__new__(SentimentIntensityAnalyzer)
    vader.lexicon_file = _lexicon_bytes().decode("utf-8")
    vader.lexicon = vader.make_lex_dict() | dict(added)
    vader.constants = VaderConstants()
    return vader


def _lexicon_bytes() -> bytes:
    return (resources.files("vaderSentiment") / "vader_lexicon.txt").read_bytes()
