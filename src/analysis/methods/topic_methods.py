"""The methods side by side on texts whose topics are known."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np
import pandas as pd

from analysis.methods import topic_plain as plain
from analysis.topics.coherence import c_v, npmi
from analysis.topics.compare import agreement
from analysis.topics.find import fit
from analysis.topics.methods import WAYS
from analysis.topics.model import NONE
from analysis.topics.prepare import bag, distinct
from analysis.topics.steady import draws

#: What is compared: a name, and what finds k topics in texts (``find(texts, k, seed=...)``).
COMPARED: Mapping[str, Callable] = {name: partial(fit, method=name) for name in WAYS} | {
    "plain NMF": plain.nmf,
    "plain LDA": plain.lda,
}


def compare_methods(
    texts: pd.Series,
    planted: pd.Series,
    k: int,
    *,
    people: pd.Series | None = None,
    methods: Sequence[str] = tuple(COMPARED),
    fits: int = 3,
    clock: bool = False,
    seed: int = 0,
) -> pd.DataFrame:
    """Hold each method's topics to planted ones.

    Parameters
    ----------
    texts, planted : Series of str
        Texts and their topics in the same order; "none" for a text that belongs to none. Missing texts are left out.
    k : int
        How many topics each method is asked for.
    people : Series, optional
        Who wrote each, or what else hangs together (a family of phrases); the interval leaves out a twentieth of them
        at a time. Without it, of the posts.
    methods : sequence of str
        Of ``COMPARED``: the methods of :func:`analysis.topics.fit`, and scikit-learn's own as one would call them.
    fits : int
        How often four fifths of the different texts are drawn for the stability; 0 leaves it out.
    clock : bool
        Whether to add ``seconds`` (of wall time: fit and assignment) and ``mib`` (the peak of what Python allocated, in
        a run of its own). They differ from run to run.
    seed : int

    Returns
    -------
    DataFrame
        A row a method: ``method``; ``ami`` with ``low`` and ``high`` (95%), and ``ari``, over the posts with a planted
        topic, where "none" among the found is one more group; ``forced``, the same AMI if every post is given its
        likeliest topic; ``none_right``, the share of posts without a planted topic that are called none (missing
        if there are no such posts), and ``none_lost``, that of the others; ``npmi`` and ``c_v``, coherence of the ten
        top words, means over topics; ``stability``, the mean AMI of the assignment with those that topics of four
        fifths of the texts give, over the same posts; perhaps ``seconds`` and ``mib``.

    Raises
    ------
    ValueError
        If there are not as many topics as texts, no text has a planted topic, or a method is not known.

    Notes
    -----
    AMI: Vinh, Epps & Bailey (2010), *J. Mach. Learn. Res.* 11, 2837; ARI: Hubert & Arabie (1985), *J. Classif.* 2, 193;
    stability of assignments: Ben-Hur, Elisseeff & Guyon (2002), *Pac. Symp. Biocomput.* 7, 6.

    Examples
    --------
    >>> from analysis.methods.topic_planting import plant
    >>> some = plant(400, topics=3, common=0.2, seed=1)
    >>> table = compare_methods(some["text"], some["topic"], 3, methods=["nmf", "plain LDA"], fits=0)
    >>> bool(table["ami"][0] > table["ami"][1])
    True
    """
    unknown = [name for name in methods if name not in COMPARED]
    if unknown:
        raise ValueError(f"method is {unknown[0]!r}; there are {', '.join(COMPARED)}")
    if len(texts) != len(planted):
        raise ValueError(f"{len(texts)} texts and {len(planted)} planted topics: each text needs one")
    if not isinstance(k, int | np.integer) or k < 1:
        raise ValueError(f"k is {k!r}; it has to be a whole number from 1 on")
    who = pd.Series(np.arange(len(texts))) if people is None else people
    columns = {"text": texts.to_numpy(), "topic": planted.to_numpy(), "who": who.to_numpy()}
    table = pd.DataFrame(columns).dropna(subset=["text", "topic"]).sort_values(["text", "topic"], kind="stable")
    table = table.reset_index(drop=True)
    if not table["topic"].ne(NONE).any():
        raise ValueError("no text has a planted topic: there is nothing to be found again")
    counted = bag(table["text"].tolist())
    return pd.DataFrame([_row(name, table, counted, k, fits, clock, seed) for name in methods]).astype(
        {"method": "str"}
    )


def _row(name, table, counted, k, fits, clock, seed):
    def work():
        found = COMPARED[name](table["text"], k, seed=seed)
        return found, found.assign(table["text"])

    began = time.perf_counter()
    found, said = work()
    seconds = time.perf_counter() - began
    about = table["topic"].ne(NONE)
    agreed = agreement(said.loc[about, "topic"], table.loc[about, "topic"], table.loc[about, "who"])
    held = held_to(said, table["topic"])
    row = {"method": name, "ami": held.pop("ami"), "low": agreed["low"], "high": agreed["high"]} | held
    tops = [some for some in _tops(found) if len(some) > 1]
    row |= {"npmi": np.nanmean(npmi(tops, counted)), "c_v": np.nanmean(c_v(tops, counted))} if tops else {}
    if fits:
        row["stability"] = _steady(name, table["text"], said["topic"], counted, k, fits, seed)
    return row | ({"seconds": seconds, "mib": _mib(work)} if clock else {})


def held_to(said: pd.DataFrame, planted: pd.Series) -> dict[str, float]:
    """Hold an assignment, as a method's ``assign`` gives it, to planted topics with the same index.

    Returns
    -------
    dict
        ``ami``, ``ari``, ``forced``, ``none_right`` and ``none_lost``, see :func:`compare_methods`.
    """
    from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score

    about = planted.ne(NONE)
    topic, truth, forced = said["topic"], planted[about], _forced(said)
    return {
        "ami": adjusted_mutual_info_score(truth, topic[about]),
        "ari": adjusted_rand_score(truth, topic[about]),
        "forced": adjusted_mutual_info_score(truth, forced[about]),
        "none_right": topic[~about].eq(NONE).mean() if (~about).any() else np.nan,
        "none_lost": topic[about].eq(NONE).mean(),
    }


def _forced(said):
    """Give each post its likeliest topic, whether it fits or not."""
    shares = said.drop(columns=["topic", "fit", "margin"], errors="ignore")
    if shares.empty:
        return said["topic"]
    return shares.idxmax(axis=1).where(shares.sum(axis=1) > 0, NONE)


def _tops(found):
    """Give ten words of each topic, as the method itself ranks them."""
    if isinstance(found, plain.Plain):
        return found.tops()
    return [part["word"].tolist() for _, part in found.top_words(set(found.vocabulary), 10).groupby("topic")]


def _steady(name, texts, topic, counted, k, fits, seed):
    from sklearn.metrics import adjusted_mutual_info_score

    _, first = distinct(counted)
    alike = []
    for rows in draws(first, fits, seed):
        other = COMPARED[name](texts.iloc[np.sort(rows)], k, seed=seed).assign(texts)["topic"]
        alike.append(adjusted_mutual_info_score(topic, other))
    return np.mean(alike)


def _mib(work):
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1] / 2**20
    finally:
        tracemalloc.stop()
