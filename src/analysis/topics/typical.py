"""The most typical posts of each topic, where they may be shown: only invented ones are."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.privacy import quote
from analysis.topics.model import Topics
from analysis.topics.prepare import bag, distinct


def examples(found: Topics, posts: pd.DataFrame, n: int = 3) -> pd.DataFrame:
    """Give the most typical posts of each topic, if they are invented.

    Parameters
    ----------
    found : Topics
    posts : DataFrame
        With ``post_id``, ``platform``, ``text``, and ``author`` perhaps. *All* of them must be invented, see
        :func:`analysis.privacy.quote`.
    n : int
        How many a topic at most. Texts that are the same but for a word (:func:`analysis.topics.prepare.distinct`)
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

    Examples
    --------
    >>> from analysis.topics import fit
    >>> texts = ["cats purr", "cats purr, cats sleep", "ships sail", "ships sail, ships sink"]
    >>> ids = pd.Series([919659437487030272 + (i << 22) for i in range(4)]).astype("str")
    >>> posts = pd.DataFrame({"post_id": ids, "platform": "twitter", "text": texts})
    >>> examples(fit(texts, k=2), posts, n=1)["text"].tolist()
    ['cats purr', 'ships sail']
    """
    if missing := {"post_id", "platform", "text"} - set(posts.columns):
        raise ValueError(f"posts have no column {min(missing)}, by which it is seen that they are invented")
    texts = quote(posts, len(posts)).sort_values(ignore_index=True)
    table = found.assign(texts)
    told = np.array([found.names.index(name) if name in found.names else -1 for name in table["topic"]], dtype=np.int64)
    shares = table[found.names].to_numpy()[np.arange(len(table)), told]
    clear = table["margin"].to_numpy() >= shares / 2
    ranked = np.lexsort((np.arange(len(table)), -(shares * table["fit"].to_numpy()).round(9)))
    group, _ = distinct(bag(texts.tolist()))
    rows = []
    for i, name in enumerate(found.names):
        mine = [row for row in ranked if told[row] == i and clear[row]]
        _, first = np.unique(group[mine], return_index=True)
        for rank, at in enumerate(np.sort(first)[:n], start=1):
            row = mine[at]
            rows.append((name, rank, texts[row], shares[row], table["fit"][row]))
    given = pd.DataFrame(rows, columns=["topic", "rank", "text", "share", "fit"])
    given = given.astype({"topic": "str", "rank": "int64", "text": "str", "share": "float64", "fit": "float64"})
    whose = posts[[name for name in ("text", "post_id", "platform", "author") if name in posts]].dropna(subset="text")
    first = whose.sort_values(["post_id", "platform"], kind="stable").drop_duplicates("text")
    return given.merge(first.astype({"text": "str"}), on="text", how="left", validate="many_to_one")
