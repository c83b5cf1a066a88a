"""Names that are proposed for topics, and the invented posts that are most typical of each."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from analysis.privacy import quote
from analysis.topics.bags import bag, distinct
from analysis.topics.model import Topics


def named(topics: Topics, shared: Collection[str]) -> pd.DataFrame:
    """Propose a name for each topic, from its words.

    Parameters
    ----------
    topics : Topics
    shared : set of str
        The words that enough people used. No other gets into a name.

    Returns
    -------
    DataFrame
        ``topic``; ``name``; ``words`` (the heaviest by class-based TF-IDF, at most ten).

    Notes
    -----
    A name is made of the three words that stand highest both by class-based TF-IDF and by relevance after Sievert &
    Shirley (2014), by the sum of their inverse ranks; of words that differ only by an ending "s" one alone is taken.
    Two topics with the same three words take a fourth; a topic without a word that may be shown keeps its number.
    """
    heavy = class_tfidf(topics, shared, 10).groupby("topic")["word"].agg(list)
    relevant = topics.top_words(set(shared), n=8).groupby("topic")["word"].agg(list)
    names, taken = [], set()
    for topic in topics.names:
        ranked = _ranked([words.get(topic, []) for words in (heavy, relevant)])
        choices = [ranked[:n] for n in range(min(3, len(ranked)), len(ranked) + 1) if n]
        chosen = next((words for words in choices if frozenset(words) not in taken), ranked)
        name = ", ".join(chosen)
        if frozenset(chosen) in taken or not chosen:
            name = f"{name} ({topic})" if chosen else topic
        taken.add(frozenset(chosen))
        names.append(name)
    table = pd.DataFrame({"topic": topics.names, "name": names})
    table["words"] = [" ".join(heavy.get(topic, [])) for topic in topics.names]
    return table.astype("str")


def _ranked(lists):
    """Rank words by the sum of their inverse ranks in some lists; of "boss" and "bosses" keep one alone."""
    total = {}
    for words in lists:
        for rank, word in enumerate(words, start=1):
            total[word] = total.get(word, 0) + 1 / rank
    ranked = sorted(total, key=lambda word: (-round(total[word], 9), word))
    return [w for i, w in enumerate(ranked) if not any(w == v + "s" or v == w + "s" for v in ranked[:i])]


def class_tfidf(topics: Topics, shared: Collection[str], n: int = 8) -> pd.DataFrame:
    """Give the words that set each topic apart, by class-based TF-IDF, of those that may be shown.

    Grootendorst (2022), "BERTopic", arXiv:2203.05794, equation 2: ``tf * log(1 + A / f)``, `tf` here the share of a
    topic's words that are this one, `f` how often it stands in all topics, `A` how many words a topic has on average.
    A word counts once a text.
    """
    inside = topics.counts / np.maximum(topics.counts.sum(axis=1, keepdims=True), 1)
    every = np.maximum(topics.counts.sum(axis=0), 1)
    weight = inside * np.log1p(topics.counts.sum() / len(topics.counts) / every)
    rows = []
    for name, values in zip(topics.names, weight.round(9), strict=True):
        ranked = [j for j in np.argsort(-values, kind="stable") if values[j] > 0 and topics.vocabulary[j] in shared]
        rows += [(name, rank, topics.vocabulary[j], values[j]) for rank, j in enumerate(ranked[:n], start=1)]
    table = pd.DataFrame(rows, columns=["topic", "rank", "word", "weight"])
    return table.astype({"topic": "str", "rank": "int64", "word": "str", "weight": "float64"})


def examples(topics: Topics, posts: pd.DataFrame, n: int = 3) -> pd.DataFrame:
    """Give the most typical posts of each topic, if they are invented.

    Parameters
    ----------
    topics : Topics
    posts : DataFrame
        With ``post_id``, ``platform``, ``text``, and ``author`` perhaps. *All* of them must be invented, see
        :func:`analysis.privacy.quote`.
    n : int
        How many a topic at most. Texts that are the same but for a word (:func:`analysis.topics.bags.distinct`)
        are shown once.

    Returns
    -------
    DataFrame
        ``topic``, ``rank`` (from 1), ``text``, ``share`` of the topic in it (0 to 1) and ``fit``, the most typical
        first: those with the largest share times fit. A post that holds more than half as much of another topic is
        typical of neither, however well its words fit. Then ``post_id``, ``platform`` and, where given, ``author`` of
        the first post with that text, by which :func:`analysis.topics.page` sees that it is invented.

    Raises
    ------
    PrivacyError
        If one of the posts may be a real person's: its words are not shown, nor is the choice of them made.
    ValueError
        If a column is missing.
    """
    if missing := {"post_id", "platform", "text"} - set(posts.columns):
        raise ValueError(f"posts have no column {min(missing)}, by which it is seen that they are invented")
    texts = quote(posts, len(posts)).sort_values(ignore_index=True)
    table = topics.assign(texts)
    topic = np.array([topics.names.index(t) if t in topics.names else -1 for t in table["topic"]], dtype=np.int64)
    shares = table[topics.names].to_numpy()[np.arange(len(table)), topic]
    is_clear = table["margin"].to_numpy() >= shares / 2
    ranked = np.lexsort((np.arange(len(table)), -(shares * table["fit"].to_numpy()).round(9)))
    group, _ = distinct(bag(texts.tolist()))
    rows = []
    for i, name in enumerate(topics.names):
        own = [row for row in ranked if topic[row] == i and is_clear[row]]
        _, first = np.unique(group[own], return_index=True)
        for rank, position in enumerate(np.sort(first)[:n], start=1):
            row = own[position]
            rows.append((name, rank, texts[row], shares[row], table["fit"][row]))
    typical = pd.DataFrame(rows, columns=["topic", "rank", "text", "share", "fit"])
    typical = typical.astype({"topic": "str", "rank": "int64", "text": "str", "share": "float64", "fit": "float64"})
    whose = posts[[name for name in ("text", "post_id", "platform", "author") if name in posts]].dropna(subset="text")
    first = whose.sort_values(["post_id", "platform"], kind="stable").drop_duplicates("text")
    return typical.merge(first.astype({"text": "str"}), on="text", how="left", validate="many_to_one")
