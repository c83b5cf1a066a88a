"""Scores by VADER, as NLTK gives them."""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping
from functools import cache

import numpy as np
import pandas as pd

from analysis.sentiment import rules
from analysis.text import present_texts, text_column

#: What :func:`score` gives for a text.
SCORES = ("neg", "neu", "pos", "compound")
#: Fewer bytes than this are not worth a second thread.
_MANY = 500_000


def score(texts: pd.Series, extra: Mapping[str, float] | None = None, *, threads: int | None = None) -> pd.DataFrame:
    """Score texts with VADER, to the last digit as NLTK does.

    Parameters
    ----------
    texts : Series of str, or any sequence of str
        As posted: capitals, punctuation and emoticons count. A missing text (None, NaN, NA) has missing scores. Each
        distinct text is scored once.
    extra : mapping of str to float, optional
        Words that are added to VADER's list, in lower case, or that replace its own, with their valence (-4 to 4), such
        as ``extension().set_index("word")["valence"]``. The scores are then no longer VADER's: say so beside them.
    threads : int, optional
        How many to use where there are many texts; as many as there are cores by default. It changes no score.

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

    Warns
    -----
    UserWarning
        Once, where numba cannot be used: NLTK itself then does the work, many times slower.

    Notes
    -----
    Hutto & Gilbert (2014), as NLTK implements it. ``benchmarks/sentiment.py`` shows the speed beside NLTK's.

    Examples
    --------
    >>> score(["I am grateful.", "I was afraid."])["compound"].tolist()
    [0.4588, 0.0]
    """
    distinct, numbers = _distinct(texts)
    added = tuple(sorted((word, float(valence)) for word, valence in dict(extra).items())) if extra is not None else ()
    scorer = _compiled(added)
    scores = _by_nltk(distinct, added) if scorer is None else _by_compiled(distinct, *scorer, threads or _cores())
    scores = np.append(scores, np.full((1, len(SCORES)), np.nan), axis=0)[numbers]
    return pd.DataFrame(scores, index=texts.index if isinstance(texts, pd.Series) else None, columns=list(SCORES))


def _distinct(texts):
    """Give the distinct texts of a column in UTF-8, and for each row the number of its text, -1 where it is missing."""
    import pyarrow as pa

    series = text_column(texts)
    if isinstance(series.dtype, pd.CategoricalDtype):
        series = series.astype(object)
    try:
        column = pa.array(series, from_pandas=True)
        column = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    except (pa.ArrowException, UnicodeEncodeError, TypeError, ValueError):
        column = pa.nulls(0)  # of no use: lone surrogates, or something that is no text
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        coded = column.cast(pa.large_string()).dictionary_encode()
        return coded.dictionary, coded.indices.fill_null(-1).to_numpy().astype(np.int64)
    present = present_texts(series)
    encoded = [text.encode("utf-8", "surrogatepass") for text in present.values()]
    codes, distinct = pd.factorize(np.array(encoded, dtype=object))
    numbers = np.full(len(series), -1)
    numbers[list(present)] = codes
    return pa.array(distinct, pa.large_binary()), numbers


def _by_compiled(distinct, compiled, tables, threads):
    """Score UTF-8 texts by compiled code."""
    from concurrent.futures import ThreadPoolExecutor

    count = len(distinct)
    scores, near = np.empty((count, len(SCORES))), np.zeros((count, len(SCORES)), bool)
    if not count:
        return scores
    _, ends, letters = distinct.buffers()
    ends = np.frombuffer(ends, np.int64)[distinct.offset : distinct.offset + count + 1]
    letters = np.frombuffer(letters, np.uint8) if letters else np.zeros(0, np.uint8)
    parts = 1 if threads == 1 or ends[-1] - ends[0] < _MANY else 8 * threads
    cuts = np.searchsorted(ends, np.linspace(ends[0], ends[-1], parts + 1)[1:-1])
    cuts = [0, *cuts.tolist(), count]
    longest = int(np.diff(ends).max())

    def work(begin, stop):
        compiled.score_texts(letters, ends, begin, stop, tables, compiled.make_room(longest), scores, near)

    if parts == 1:
        work(0, count)
    else:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(work, cuts[:-1], cuts[1:]))
    for row, column in zip(*np.nonzero(near), strict=True):  # as Python rounds what it writes out in decimals
        scores[row, column] = round(float(scores[row, column]), 4 if column == 3 else 3)
    return scores


def _by_nltk(distinct, added):
    """Score UTF-8 texts by NLTK itself."""
    from tqdm import tqdm

    vader = nltk_vader(added)
    texts = tqdm(distinct.cast("large_binary"), desc="scoring", unit=" texts", disable=None, delay=2)
    scores = [vader.polarity_scores(text.as_py().decode("utf-8", "surrogatepass")) for text in texts]
    return np.array([[score[name] for name in SCORES] for score in scores]).reshape(-1, len(SCORES))


@cache
def _compiled(added=()):
    """Give the compiled scorer and its tables for a lexicon; None, and a warning, where there can be none."""
    try:
        from analysis.sentiment import compiled

        why = "" if compiled.works() else "numba is told not to compile (NUMBA_DISABLE_JIT)"
    except ImportError as error:
        why = f"numba cannot be loaded ({error})"
    tables = rules.make_tables({**rules.valences(), **dict(added)})
    if not why and tables is None:
        why = "a word that was added is not in plain letters, or too long"
    if why:
        warnings.warn(f"scoring by NLTK, with the same scores but many times slower: {why}", stacklevel=3)
        return None
    compiled.fill(tables, compiled.word_room())
    return compiled, tables


@cache
def nltk_vader(added=()):
    """Give NLTK's VADER with the lexicon that the package vaderSentiment brings along."""
    from nltk.sentiment.vader import SentimentIntensityAnalyzer, VaderConstants

    # NLTK's own constructor searches nltk.data.path, which would have to be changed for the whole process; and since
    # 3.10 it refuses folders that a group may write to, which site-packages may well be.
    vader = SentimentIntensityAnalyzer.__new__(SentimentIntensityAnalyzer)
    vader.lexicon_file = rules.lexicon_bytes().decode("utf-8")
    vader.lexicon = {**vader.make_lex_dict(), **dict(added)}
    vader.constants = VaderConstants()
    return vader


def _cores():
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
