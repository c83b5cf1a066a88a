"""Are planted topics found again? Many small corpora, invented by a plan of their own."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.methods.topic_methods import COMPARED, held_to
from analysis.methods.topic_planting import plant

_REFERENCE = "plain NMF"


def recover(
    corpora: int = 10,
    posts: int = 500,
    topics: int = 5,
    *,
    methods: Sequence[str] = ("nmf", "plain NMF"),
    seed: int = 0,
    tell=None,
    **plan,
) -> pd.DataFrame:
    """Plant topics in invented corpora, look for them, and tell how much of them is found.

    Parameters
    ----------
    corpora : int
        How many, 2 or more; corpus i is planted and searched with seed ``seed + i``.
    posts, topics : int
        Of each corpus; every method is told how many topics there are.
    methods : sequence of str
        See :func:`analysis.methods.topic_methods.compare_methods`.
    seed : int
    tell : callable, optional
        Called with 1 after each corpus, for a progress bar.
    **plan
        What makes it harder, see :func:`analysis.methods.topic_planting.plant`.

    Returns
    -------
    DataFrame
        A row a method, and at last "plan known", what someone would find who knows the plan: ``method``; ``ami`` over
        posts with a planted topic ("none" among the found is one more group), its mean over corpora with a 95%
        interval, ``low`` and ``high``; ``above``, how much it is above plain NMF in the same corpora, with
        ``above_low`` and ``above_high`` (missing without plain NMF); ``forced``, the AMI if no post may be called none;
        ``none_right``, ``none_lost`` as in :func:`analysis.methods.topic_methods.compare_methods`; ``corpora``.

    Raises
    ------
    ValueError
        If there are fewer than two corpora, for one has no interval, or a method is not known; and as
        :func:`analysis.methods.topic_planting.plant` raises it.

    Notes
    -----
    Intervals are Student's t over corpora: they hold for corpora of this plan, not for texts that people wrote.
    """
    unknown = [name for name in methods if name not in COMPARED]
    if unknown:
        raise ValueError(f"method is {unknown[0]!r}; there are {', '.join(COMPARED)}")
    if corpora < 2:
        raise ValueError(f"corpora is {corpora}; 2 are needed for an interval")
    rows = []
    for i in range(corpora):
        some = plant(posts, topics, seed=seed + i, **plan)
        for method in methods:
            said = COMPARED[method](some["text"], topics, seed=seed + i).assign(some["text"])
            rows.append({"method": method} | held_to(said, some["topic"]))
        rows.append({"method": "plan known"} | held_to(some[["best"]].set_axis(["topic"], axis=1), some["topic"]))
        if tell is not None:
            tell(1)
    return _summed(pd.DataFrame(rows), corpora)


def _summed(rows, corpora):
    """Put the rows of all corpora, each method once a corpus, together."""
    table = []
    reference = rows.loc[rows["method"] == _REFERENCE, "ami"].to_numpy()
    for method, part in rows.groupby("method", sort=False):
        row = {"method": method} | dict(zip(("ami", "low", "high"), _mean(part["ami"]), strict=True))
        above = _mean(part["ami"].to_numpy() - reference) if len(reference) and method != _REFERENCE else [np.nan] * 3
        row |= dict(zip(("above", "above_low", "above_high"), above, strict=True))
        row |= {name: part[name].mean() for name in ("forced", "none_right", "none_lost")}
        table.append(row | {"corpora": corpora})
    return pd.DataFrame(table).astype({"method": "str"})


def _mean(values):
    """Give the mean and the ends of Student's 95% interval."""
    from scipy.stats import t

    reach = t.ppf(0.975, len(values) - 1) * np.std(values, ddof=1) / np.sqrt(len(values))
    return [np.mean(values), np.mean(values) - reach, np.mean(values) + reach]
