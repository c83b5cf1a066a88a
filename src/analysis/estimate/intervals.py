"""Intervals that several analyses share: plain numbers or arrays in, plain numbers out."""

from __future__ import annotations

import numpy as np


def wilson(k: float, n: float, level: float = 0.95) -> dict[str, float]:
    """Give a share with its interval by Wilson's score method.

    Parameters
    ----------
    k, n : int or float
        How many of how many, ``0 <= k <= n``. The n are taken as independent draws; where draws are not independent,
        n may be an effective size.
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
    z = quantile(level)
    if n == 0:
        return {"share": float("nan"), "low": float("nan"), "high": float("nan")}
    p = k / n
    middle = (p + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    low, high = max(0.0, middle - half), min(1.0, middle + half)
    return {"share": p, "low": 0.0 if k == 0 else float(low), "high": 1.0 if k == n else float(high)}


def bootstrap(tops, bottom, *, draws: int = 1000, seed: int = 0, level: float = 0.95) -> dict[str, np.ndarray]:
    """Give the percentile intervals of shares and means, drawing whole groups, such as authors, again and again.

    Posts by one author are not independent, so authors are drawn, each with all their posts. What is wanted is a sum
    over a sum: the negative posts over all posts, say, or a score added up over the number of posts.

    Parameters
    ----------
    tops : dict of str to array, shape (groups, columns)
        For each statistic what every group (row) adds to the upper sum of each column; numpy or scipy's sparse arrays.
        All statistics and columns are drawn together.
    bottom : array, shape (groups, columns) or (groups, 1)
        What every group adds to the lower sum.
    draws : int
        How often the groups are drawn.
    seed : int
        The result depends on the order of the rows, so sort them first.
    level : float
        The confidence, between 0 and 1.

    Returns
    -------
    dict of str to ndarray, shape (2, columns)
        For each of `tops` the low and the high ends. Draws that meet nothing in a column are left out of that column;
        where none meets anything, its ends are missing (NaN).

    Raises
    ------
    ValueError
        Where `draws` is less than 1, or `level` not between 0 and 1.

    Notes
    -----
    Davison & Hinkley (1997), *Bootstrap Methods and their Application*, section 3.8 (clusters); Efron & Tibshirani
    (1993), *An Introduction to the Bootstrap*, chapter 13 (percentiles). With fewer than some 20 groups it is too
    narrow.

    Examples
    --------
    >>> likes, posts = np.array([[18.0], [1.0], [1.0]]), np.array([[2.0], [1.0], [1.0]])
    >>> bootstrap({"likes": likes}, posts, draws=200, seed=1)["likes"].ravel().tolist()
    [1.0, 9.0]
    """
    if draws < 1:
        raise ValueError(f"draws is {draws}; at least one is needed")
    quantile(level)
    random, groups = np.random.default_rng(seed), bottom.shape[0]
    if not groups:
        return {name: np.full((2, top.shape[1]), np.nan) for name, top in tops.items()}
    drawn: dict[str, list] = {name: [] for name in tops}
    at_once = max(1, 2**24 // groups)  # at most 128 MiB of counts
    for begin in range(0, draws, at_once):
        size = min(at_once, draws - begin)
        times = random.multinomial(groups, np.full(groups, 1 / groups), size=size).astype(float)
        below = times @ bottom
        below = np.where(below == 0, np.nan, below)
        for name, top in tops.items():
            drawn[name].append(times @ top / below)
    return {name: ends(np.concatenate(parts), level) for name, parts in drawn.items()}


def around(value: float, parts, level: float = 0.95) -> tuple[float, float]:
    """Give the interval of an estimate from what every row adds to its error, rows of one person taken together.

    Parameters
    ----------
    value : float
        The estimate.
    parts : sequence of (array, array or None)
        For each independent table the influence of every row on the estimate, and who wrote it. A row without a
        writer (missing, or None for all) stands for itself; a writer who is in several tables is one person.
    level : float
        The confidence, between 0 and 1.

    Returns
    -------
    low, high : float
        Not clipped.

    Notes
    -----
    The linearised (sandwich) variance with clusters: Liang & Zeger (1986), *Biometrika* 73, 13.

    Examples
    --------
    >>> value, rows = 0.5, np.array([0.5, -0.5, 0.5, -0.5]) / 4
    >>> [round(end, 2) for end in around(value, [(rows, None)])]
    [-0.07, 1.07]
    >>> [round(end, 2) for end in around(value, [(rows, np.array(["a", "b", "a", "b"]))])]
    [-0.48, 1.48]
    """
    z = quantile(level)
    sums = by_person(parts)
    groups = len(sums)
    if groups < 2:
        return float("nan"), float("nan")
    half = z * np.sqrt(groups / (groups - 1) * np.sum(sums**2))
    return float(value - half), float(value + half)


def clipped(share: float, low: float, high: float) -> dict[str, float]:
    """Keep a share and its interval between 0 and 1.

    >>> clipped(-0.01, -0.03, 0.01)
    {'share': 0.0, 'low': 0.0, 'high': 0.01}
    """
    ends = {"share": share, "low": low, "high": high}
    return {name: float(np.clip(value, 0, 1)) for name, value in ends.items()}


def shaped(share: float, low: float, high: float, seen: float, labels: int, level: float = 0.95) -> dict[str, float]:
    """Give an interval the shape of Wilson's near 0 and 1, where a symmetric one leaves out too much on one side.

    Parameters
    ----------
    share, low, high : float
        An estimate with its symmetric interval, not clipped.
    seen : float
        The share that the labels alone give.
    labels : int
        How many there are. Half a label more on either side is as much doubt as there is at least.
    level : float

    Returns
    -------
    dict
        ``share``, ``low``, ``high``, from 0 to 1: Wilson's at the sample size that would give the same variance, if the
        share were the one that the labels give.

    Examples
    --------
    >>> {name: round(value, 3) for name, value in shaped(0.02, 0.0077, 0.0323, 0.02, 500).items()}
    {'share': 0.02, 'low': 0.011, 'high': 0.037}
    """
    variance = ((high - low) / 2 / quantile(level)) ** 2 + 0.5 / labels**2
    inside, seen = float(np.clip(share, 0, 1)), (labels * seen + 0.5) / (labels + 1)
    size = seen * (1 - seen) / variance
    return {name: float(value) for name, value in wilson(size * inside, size, level).items()} | {"share": inside}


def by_person(parts):
    """Add up the influences of each person's rows over all tables.

    Parameters
    ----------
    parts : sequence of pairs
        Of each table: what each row adds to the estimate's error (float, shape (rows,)), and who wrote it (shape
        (rows,); None of a row, or of the table, where nobody knows).

    Returns
    -------
    ndarray of float64
        A sum for each person; a row of which nobody knows who wrote it is a person of its own.

    Examples
    --------
    >>> by_person([(np.array([1.0, 2.0]), None), (np.array([3.0, 4.0]), np.array(["a", "a"]))]).tolist()
    [7.0, 1.0, 2.0]
    """
    if all(who is None for _, who in parts):
        return np.concatenate([rows for rows, _ in parts])
    import pandas as pd

    names = [np.full(len(rows), None, dtype=object) if who is None else np.asarray(who) for rows, who in parts]
    found, people = pd.factorize(pd.Series(np.concatenate([one.astype(object) for one in names])))
    alone = found < 0
    own = len(people) + np.arange(alone.sum())
    found[alone] = own
    return np.bincount(found, weights=np.concatenate([rows for rows, _ in parts]), minlength=len(people) + len(own))


def ends(values, level):
    """Give the low and high ends of the middle of each column.

    Parameters
    ----------
    values : ndarray of float64, shape (draws, columns)
        NaN where a draw gave none.
    level : float
        The share of the draws between the ends.

    Returns
    -------
    ndarray of float64, shape (2, columns)
        NaN for a column without draws.
    """
    known = ~np.isnan(values).all(axis=0)
    ends = np.full((2, values.shape[1]), np.nan)
    ends[:, known] = np.nanquantile(values[:, known], [(1 - level) / 2, (1 + level) / 2], axis=0)
    return ends


def quantile(level):
    """Give the normal quantile of a two-sided level.

    >>> round(quantile(0.95), 2)
    1.96
    """
    if not 0 < level < 1:
        raise ValueError(f"level is {level}; it must lie between 0 and 1, such as 0.95")
    from statistics import NormalDist

    return NormalDist().inv_cdf((1 + level) / 2)
