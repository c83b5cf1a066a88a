"""Intervals that several analyses share.

Everything here takes plain numbers or a table and gives plain numbers back; nothing knows what a post is.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd


def wilson(k: int, n: int, level: float = 0.95) -> dict[str, float]:
    """Give a share with its interval by Wilson's score method.

    Parameters
    ----------
    k, n : int
        How many of how many, ``0 <= k <= n``. The n are taken as independent draws.
    level : float
        The confidence, between 0 and 1.

    Returns
    -------
    dict
        ``share``, ``low``, ``high``, from 0 to 1; all missing (NaN) where `n` is 0.

    Raises
    ------
    ValueError
        Where `k` is not between 0 and `n`, or `level` not between 0 and 1.

    Notes
    -----
    E. B. Wilson (1927), *J. Am. Stat. Assoc.* 22, 209. It keeps its coverage near 0 and 1, where the textbook
    ``p ± 1.96 sqrt(p(1-p)/n)`` fails.

    Examples
    --------
    >>> {name: round(value, 3) for name, value in wilson(5243, 10546).items()}
    {'share': 0.497, 'low': 0.488, 'high': 0.507}
    """
    if not 0 <= k <= n:
        raise ValueError(f"{k} of {n} is no share: k must lie between 0 and n")
    z = _z(level)
    if n == 0:
        return {"share": float("nan"), "low": float("nan"), "high": float("nan")}
    p = k / n
    middle = (p + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    low, high = max(0.0, middle - half), min(1.0, middle + half)
    return {"share": p, "low": 0.0 if k == 0 else float(low), "high": 1.0 if k == n else float(high)}


def bootstrap(
    table: pd.DataFrame,
    statistic: Callable[[pd.DataFrame], float],
    *,
    by: str | None = None,
    draws: int = 1000,
    seed: int = 0,
    level: float = 0.95,
) -> dict[str, float]:
    """Give a statistic with its percentile interval, drawing whole groups again and again.

    Parameters
    ----------
    table : DataFrame
        One row an observation. Its row order plays no part where `by` names a group for every row.
    statistic : callable
        Takes such a table and gives one number.
    by : str, optional
        The column that names the groups which are drawn whole: posts by one author are not independent, so draw
        authors. Rows where it is missing are groups of their own. Without it, rows are drawn.
    draws : int
        How often.
    seed : int
    level : float
        The confidence, between 0 and 1.

    Returns
    -------
    dict
        ``estimate``, ``low``, ``high``. Draws in which the statistic is not a number are left out; where more than
        half are, the interval is missing.

    Raises
    ------
    ValueError
        Where the table is empty or `draws` is less than 1.

    Notes
    -----
    Efron & Tibshirani (1993), *An Introduction to the Bootstrap*, chapters 8 (clusters) and 13 (percentiles).
    With fewer than some 20 groups it is too narrow.

    Examples
    --------
    >>> people = pd.DataFrame({"author": ["a", "a", "b", "c"], "likes": [9, 9, 1, 1]})
    >>> bootstrap(people, lambda drawn: drawn["likes"].mean(), by="author", draws=200, seed=1)["estimate"]
    5.0
    """
    if len(table) == 0:
        raise ValueError("there is nothing to draw from: the table has no rows")
    if draws < 1:
        raise ValueError(f"draws is {draws}; at least one is needed")
    _z(level)
    starts, sizes, order = _groups(table, by)
    random = np.random.default_rng(seed)
    values = np.empty(draws)
    for i in range(draws):
        picked = random.integers(0, len(starts), len(starts))
        drawn = sizes[picked]
        shift = starts[picked] - (np.cumsum(drawn) - drawn)
        values[i] = statistic(table.take(order[np.repeat(shift, drawn) + np.arange(drawn.sum())]))
    known = values[np.isfinite(values)]
    estimate = float(statistic(table))
    if len(known) * 2 < draws:
        return {"estimate": estimate, "low": float("nan"), "high": float("nan")}
    low, high = np.quantile(known, [(1 - level) / 2, (1 + level) / 2])
    return {"estimate": estimate, "low": float(low), "high": float(high)}


def _groups(table, by):
    """Where each group begins in the sorted order, how long it is, and that order."""
    if by is None:
        n = len(table)
        return np.arange(n), np.ones(n, dtype=int), np.arange(n)
    keys = table[by]
    codes = keys.rank(method="dense").to_numpy(float, na_value=np.nan, copy=True)
    alone = np.isnan(codes)
    top = 0 if alone.all() else int(np.nanmax(codes))
    codes[alone] = top + 1 + np.arange(alone.sum())
    order = np.argsort(codes, kind="stable")
    _, starts, sizes = np.unique(codes[order], return_index=True, return_counts=True)
    return starts, sizes, order


def _z(level):
    """Give the normal quantile of a two-sided level."""
    if not 0 < level < 1:
        raise ValueError(f"level is {level}; it must lie between 0 and 1, such as 0.95")
    from statistics import NormalDist

    return NormalDist().inv_cdf((1 + level) / 2)
