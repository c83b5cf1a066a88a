"""Names of topics: proposed from their words, and put right by a person in a small file."""

from __future__ import annotations

import csv
from collections.abc import Collection
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.schema import InputError
from analysis.topics.model import Topics
from analysis.topics.names_file import COLUMNS, given_names, refuse_twice

_TOLD_BY = 10  # words of a topic by which a line of the file is matched


def class_tfidf(found: Topics, shared: Collection[str], n: int = 8) -> pd.DataFrame:
    """Give the words that set each topic apart, by class-based TF-IDF, of those that may be shown.

    Parameters
    ----------
    found : Topics
    shared : set of str
        The words that enough people used, see :func:`analysis.privacy.shared_words`. No other is given.
    n : int
        How many at most for each topic.

    Returns
    -------
    DataFrame
        ``topic``, ``rank`` (from 1), ``word``, ``weight`` (0 and more), the heaviest first.

    Notes
    -----
    Grootendorst (2022), "BERTopic", arXiv:2203.05794, equation 2: ``tf * log(1 + A / f)``, `tf` here the share of a
    topic's words that are this one, `f` how often it stands in all topics, `A` how many words a topic has on average.
    A word counts once a text.

    Examples
    --------
    >>> from analysis.topics import fit
    >>> found = fit(["cats purr", "cats purr, cats sleep", "ships sail", "ships sail, ships sink"], k=2)
    >>> class_tfidf(found, {"cats", "ships", "sail"})["word"].tolist()
    ['cats', 'sail', 'ships']
    """
    inside = found.counts / np.maximum(found.counts.sum(axis=1, keepdims=True), 1)
    every = np.maximum(found.counts.sum(axis=0), 1)
    weight = inside * np.log1p(found.counts.sum() / len(found.counts) / every)
    rows = []
    for name, values in zip(found.names, weight.round(9), strict=True):
        ranked = [j for j in np.argsort(-values, kind="stable") if values[j] > 0 and found.vocabulary[j] in shared]
        rows += [(name, rank, found.vocabulary[j], values[j]) for rank, j in enumerate(ranked[:n], start=1)]
    table = pd.DataFrame(rows, columns=["topic", "rank", "word", "weight"])
    return table.astype({"topic": "str", "rank": "int64", "word": "str", "weight": "float64"})


def named(
    found: Topics, shared: Collection[str], file: str | Path | None = None, *, phrases: Collection[str] = ()
) -> pd.DataFrame:
    """Give each topic a name: one that is proposed from its words, or the one that a person gave it in a file.

    Parameters
    ----------
    found : Topics
    shared : set of str
        The words that enough people used. No other gets into a name.
    file : str or Path, optional
        A CSV in UTF-8 with the columns ``words`` (a few words that tell the topic, spaces between) and ``name``, as
        :func:`name_template` writes it. A line belongs to the topic that has more than half of its words among its ten
        heaviest; so it still finds its topic after another fit, whatever number that has then. A line that fits no
        topic, or two, is told by a warning and names none. A line without a name is passed over.
    phrases : collection of str
        Pairs of words that belong together, see :func:`analysis.topics.phrases`: "human resources" stands in a name
        whole.

    Returns
    -------
    DataFrame
        ``topic``; ``name``; ``given`` (bool: whether a person gave it); ``words`` (the heaviest by class-based TF-IDF,
        at most ten); ``relevant`` (the most relevant after Sievert & Shirley 2014, at most eight).

    Raises
    ------
    InputError
        Where the file can't be read as such a table, or two lines name the same topic, or two topics the same. The
        message names file and line.

    Notes
    -----
    A name is proposed from the three words that stand highest in both lists together (by the sum of their inverse
    ranks), but of words that differ only by an ending "s" one alone. Two topics with the same three words take a
    fourth; a topic without a word that may be shown keeps its number for a name.
    """
    by_class = class_tfidf(found, shared, _TOLD_BY)
    heavy = {name: [] for name in found.names} | by_class.groupby("topic")["word"].agg(list).to_dict()
    apart = {name: [] for name in found.names}
    apart |= found.top_words(set(shared), n=8).groupby("topic")["word"].agg(list).to_dict()
    names = _proposed(heavy, apart, phrases)
    given = {} if file is None else given_names(Path(file), heavy)
    refuse_twice(file, given, names)
    rows = [(topic, given.get(topic, (names[topic],))[0], topic in given) for topic in found.names]
    table = pd.DataFrame(rows, columns=["topic", "name", "given"])
    table["words"] = [" ".join(heavy[topic]) for topic in found.names]
    table["relevant"] = [" ".join(apart[topic]) for topic in found.names]
    return table.astype({"topic": "str", "name": "str", "given": bool, "words": "str", "relevant": "str"})


def name_template(found: Topics, shared: Collection[str], file: str | Path) -> None:
    """Write a file in which a person can name the topics, for :func:`named`; a file that is there is left alone.

    Parameters
    ----------
    found : Topics
    shared : set of str
        The words that enough people used. No other is written.
    file : str or Path
        A line a topic: its five heaviest words, and an empty ``name`` to be filled in.

    Raises
    ------
    InputError
        Where the file is there already, or its folder is not.
    """
    path = Path(file)
    if not path.parent.is_dir():
        raise InputError(f"{path}: there is no folder {path.parent}; make it first")
    heavy = class_tfidf(found, shared, 5).groupby("topic")["word"].agg(" ".join)
    try:
        with path.open("x", encoding="utf-8", newline="") as stream:
            lines = csv.writer(stream, lineterminator="\n")
            lines.writerows([COLUMNS, *([heavy[topic], ""] for topic in found.names if topic in heavy)])
    except FileExistsError:
        raise InputError(f"{path}: this is there already, and may hold names: choose another name for it") from None


def _proposed(heavy, apart, phrases):
    """Propose a name for each topic from its words in the two lists; no two alike."""
    names, taken = {}, set()
    for topic in heavy:
        score = {}
        for ranked in (heavy[topic], apart[topic]):
            for rank, word in enumerate(ranked, start=1):
                score[word] = score.get(word, 0) + 1 / rank
        ranked = sorted(score, key=lambda word: (-round(score[word], 9), word))
        ranked = [w for i, w in enumerate(ranked) if not any(w == v + "s" or v == w + "s" for v in ranked[:i])]
        for many in range(min(3, len(ranked)), len(ranked) + 1):
            name = ", ".join(_whole(ranked[:many], phrases))
            if name and name not in taken and frozenset(ranked[:many]) not in taken:
                break
        else:
            name = f"{name} ({topic})" if ranked else topic
        taken |= {name, frozenset(ranked[:many])} if ranked else {name}
        names[topic] = name
    return names


def _whole(chosen, phrases):
    """Put words that are a phrase into one, where the first of them stands."""
    told, left = [], list(chosen)
    while left:
        word = left.pop(0)
        pair = next((pair for two in left for pair in (f"{word} {two}", f"{two} {word}") if pair in phrases), word)
        left = [other for other in left if other not in pair.split()]
        told.append(pair)
    return told
