"""What the project brings along to try a scorer on: words that a list lacks, and sentences whose meaning is plain."""

from __future__ import annotations

import pandas as pd

from analysis.intervals import normalized_texts, wilson_interval
from analysis.schema import find_root
from analysis.sentiment.course import label
from analysis.sentiment.vader import score


def extension(theme: str | None = None) -> pd.DataFrame:
    """Give the words that we would add to VADER's list, with our reasons: ``data/sentiment_words.csv``.

    Parameters
    ----------
    theme : {"metoo", "neutral"}, optional
        Those for posts about this subject only.

    Returns
    -------
    DataFrame
        ``word``, ``valence`` (-4 to 4), ``theme``, ``reason``, ``added`` (a date). They are one project's judgement
        of how these words are used under one tag, not the mean of what ten people said, as VADER's are. So no score
        holds them unless it is asked for: ``score(texts, extra=extension().set_index("word")["valence"])``.
    """
    words = pd.read_csv(find_root() / "data" / "sentiment_words.csv", dtype={"valence": "float64"})
    return words if theme is None else words[words["theme"] == theme].reset_index(drop=True)


def subject(texts: pd.Series) -> str:
    """Tell which part of :func:`extension` speaks of the subject of some texts.

    Parameters
    ----------
    texts : Series of str

    Returns
    -------
    str
        "metoo" or "neutral": the theme of whose words the larger share stands in the texts.

    Examples
    --------
    >>> subject(pd.Series(["I believe you, sisters. You belong."])), subject(pd.Series(["My boss shouted: unpaid!"]))
    ('metoo', 'neutral')
    """
    used = set(normalized_texts(texts).dropna().str.split().explode())
    words = extension()
    share = words["word"].isin(used).groupby(words["theme"]).mean()
    return str(share.idxmax())


def probes(theme: str = "metoo") -> pd.DataFrame:
    """Give sentences of ours whose meaning is plain to a reader: ``data/sentiment_probes.csv``.

    Parameters
    ----------
    theme : {"metoo", "neutral"}
        What those of harm are about.

    Returns
    -------
    DataFrame
        ``probe``, ``kind``, ``theme``, ``lang``, ``text``, ``meant`` ("positive" or "negative"). They were written
        before any of them was scored.
    """
    table = pd.read_csv(find_root() / "data" / "sentiment_probes.csv")
    return table[table["theme"].isin(["any", theme])].reset_index(drop=True)


def probe(table: pd.DataFrame, scores: pd.DataFrame | None = None, cut: float = 0.05) -> pd.DataFrame:
    """Say how many probes of each kind score as they were meant.

    Parameters
    ----------
    table : DataFrame
        As :func:`probes` gives it.
    scores : DataFrame, optional
        ``compound``, with the same index; :func:`analysis.sentiment.score` by default.
    cut : float
        As in :func:`analysis.sentiment.label`.

    Returns
    -------
    DataFrame
        A row a kind, the one that fares best first: ``kind``, ``sentences``, ``right``, ``silent`` (exactly 0),
        ``wrong`` (numbers of sentences), and ``share`` with ``low`` and ``high`` of the right ones (Wilson, 95%).
    """
    compound = (score(table["text"]) if scores is None else scores)["compound"]
    called = label(compound, cut).astype("str")
    right, silent = called == table["meant"], compound == 0
    wrong = ~right & (called != "neutral")
    found = pd.DataFrame({"kind": table["kind"], "sentences": 1, "right": right, "silent": silent, "wrong": wrong})
    found = found.groupby("kind", as_index=False).sum()
    ends = pd.DataFrame([wilson_interval(row.right, row.sentences) for row in found.itertuples()])
    found = pd.concat([found, ends], axis="columns")
    return found.sort_values(["share", "kind"], ascending=[False, True], ignore_index=True)
