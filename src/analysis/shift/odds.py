"""How much likelier a word is in one group than in the other, shrunk where the counts say little."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.shift.counts import Counts
from analysis.shift.spread import table_of


def log_odds(counts: Counts, *, prior: Mapping[str, float] | None = None, strength: float = 500) -> pd.DataFrame:
    """Give each word's log-odds ratio between two groups, with an informative Dirichlet prior.

    Parameters
    ----------
    counts : Counts
    prior : mapping of str to float, optional
        How often each word comes in general, from a background corpus; by default the two groups together. Words that
        it lacks get half the smallest value in it.
    strength : float
        How many words of background the prior is worth, the sum of its parameters. The more, the nearer to 0 are rare
        words pulled.

    Returns
    -------
    DataFrame
        As :func:`analysis.shift.jensen_shannon` gives it; ``shift`` is the difference of the log-odds, above 0 where
        the word is likelier in the second group. ``z_words`` is the paper's z, which takes every single word for a
        draw of its own, and ``z`` is in standard errors that don't. They are ordered by ``z``.

    Raises
    ------
    ValueError
        If `strength` is not above 0, or a prior's value is negative.

    Notes
    -----
    Monroe, Colaresi & Quinn (2008), "Fightin' Words", Political Analysis 16, 372, section 3.5.1: with y of a group's n
    words and a of the prior's a0, the log-odds are log((y + a) / (n + a0 - y - a)), and the variance of a difference is
    1 / (y + a) of the one plus that of the other. The error behind ``low``, ``high`` and ``z`` is the larger of this
    one and that which authors and copied texts show.

    Examples
    --------
    >>> from analysis.shift import count
    >>> posts = pd.DataFrame({"text": ["good day", "good", "bad day", "bad"], "author": list("abcd")})
    >>> found = log_odds(count(posts, pd.Series(list("xxyy")), "x", "y", k=0), strength=6)
    >>> found[["word", "shift", "z_words"]].round(2).values.tolist()
    [['bad', 1.03, 1.19], ['good', -1.03, -1.19], ['day', 0.0, 0.0]]
    """
    if strength <= 0:
        raise ValueError(f"strength is {strength}; the prior must be worth some words, 500 say")
    sizes = counts.totals.sum(axis=1, keepdims=True)
    share = counts.totals.sum(axis=0) if prior is None else _background(counts.words, prior)
    a = (strength * share / share.sum())[counts.shown]
    y = counts.totals[:, counts.shown]
    with_prior, others = y + a, sizes + strength - y - a
    first, second = np.log(with_prior / others)
    shift = second - first
    by_words = np.sqrt((1 / with_prior).sum(axis=0))
    slopes = sizes * (1 / with_prior + 1 / others)
    error = np.maximum(counts.moments.errors(np.array([-slopes[0], slopes[1]])), by_words)
    table = table_of(counts, {"z_words": shift / by_words}, shift, error, z=shift / error)
    order = np.lexsort((table["word"].to_numpy(str), -table["z"].abs()))
    return table.iloc[order].reset_index(drop=True)


def _background(words, prior):
    """Give how often the background has each word."""
    known = np.array([value for value in prior.values() if value > 0], dtype=float)
    if not len(known) or any(value < 0 for value in prior.values()):
        raise ValueError("a prior says how often words come: at least one value above 0, and none below")
    return np.array([prior.get(word, 0) or known.min() / 2 for word in words], dtype=float)
