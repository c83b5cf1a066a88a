"""How many posts to label by hand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.intervals import normal_quantile


def _squared_correlation(share: float, sensitivity: float, false_positives: float) -> float:
    """Give the squared correlation of labels and positive predictions: what part of the variance these carry."""
    positive = share * sensitivity + (1 - share) * false_positives
    joint = share * (1 - share) * (sensitivity - false_positives)
    spread = share * (1 - share) * positive * (1 - positive)
    return 0.0 if spread == 0 else joint**2 / spread


def _half_width(labels, share: float, r_squared: float = 0.0, posts: float = np.inf, level: float = 0.95):
    """Give half the width of the interval to expect, from 0 to 1; with `r_squared` 0 that of labels alone."""
    labels = np.asarray(labels, dtype=float)
    left = 1 - r_squared / (1 + labels / posts)
    return normal_quantile(level) * np.sqrt(share * (1 - share) / labels * left)


def labels_needed(
    half_widths: Sequence[float],
    share: float,
    *,
    sensitivity: float,
    false_positives: float,
    posts: float = np.inf,
    level: float = 0.95,
) -> pd.DataFrame:
    """Say how many posts to label by hand for intervals of wished widths.

    Parameters
    ----------
    half_widths : sequence of float
        Such as 0.03: three points either way.
    share : float
        The share expected.
    sensitivity, false_positives : float
        The classifier's quality: how often a post is predicted positive where it is of the kind, and where it is not.
    posts : float
        How many posts have a prediction and no label.
    level : float

    Returns
    -------
    DataFrame
        A row a width: ``half_width``; ``labels_alone`` and ``with_predictions``, numbers of posts (int64); ``saved``,
        the share of the labelling that the predictions save.

    Raises
    ------
    ValueError
        If a number is out of its range.

    Notes
    -----
    The variance of the tuned estimate, ``p(1-p)/n (1 - r_squared N/(n+N))``: Angelopoulos, Duchi & Zrnic (2023),
    arXiv:2311.01453. For a share near 0 the normal approximation behind it needs some 10 labelled posts of the kind:
    no row asks for fewer than ``10 / share`` labels.

    Examples
    --------
    >>> labels_needed([0.03, 0.02], 0.11, sensitivity=0.85, false_positives=0.03).round(2).values.tolist()
    [[0.03, 418.0, 158.0, 0.62], [0.02, 941.0, 355.0, 0.62]]
    """
    if not (0 < share < 1 and min(sensitivity, false_positives) >= 0 and max(sensitivity, false_positives) <= 1):
        raise ValueError("the share lies between 0 and 1, sensitivity and false_positives from 0 to 1")
    if not all(0 < width < 1 for width in half_widths):
        raise ValueError("half widths lie between 0 and 1")
    r_squared = _squared_correlation(share, sensitivity, false_positives)
    rows = []
    for width in half_widths:
        alone, both = (_fewest(width, share, part, posts, level) for part in (0.0, r_squared))
        rows.append((width, alone, both, 1 - both / alone))
    return pd.DataFrame(rows, columns=["half_width", "labels_alone", "with_predictions", "saved"])


def _fewest(width, share, r_squared, posts, level):
    """Search for the fewest labels that give a width."""
    low, high = int(np.ceil(10 / share)), 2**40
    while low < high:
        middle = (low + high) // 2
        if _half_width(middle, share, r_squared, posts, level) <= width:
            high = middle
        else:
            low = middle + 1
    return low


def allocate(strata: pd.DataFrame, labels: int) -> pd.DataFrame:
    """Divide a number of labels among strata: most where there are many posts that may be either (Neyman).

    Parameters
    ----------
    strata : DataFrame
        ``posts``, the number of posts of each stratum, and ``share``, the share of the kind expected in it.
    labels : int
        How many posts will be labelled.

    Returns
    -------
    DataFrame
        The same with ``labels`` (int64): at least 10 of each stratum (or all of its posts), never more than it has,
        and together `labels` wherever there are so many posts.

    Raises
    ------
    ValueError
        If `labels` does not reach for 10 of each stratum.

    Notes
    -----
    Neyman (1934), *J. R. Stat. Soc.* 97, 558: in proportion to ``posts * sqrt(share (1 - share))``. Shares are kept
    between 0.02 and 0.98, since what is expected may be wrong.

    Examples
    --------
    >>> allocate(pd.DataFrame({"posts": [9000, 1000], "share": [0.02, 0.5]}), 200)["labels"].tolist()
    [143, 57]
    """
    posts = strata["posts"].to_numpy(dtype=float)
    least = np.minimum(posts, 10)
    if labels < least.sum():
        raise ValueError(f"{labels} labels are too few for {len(strata)} strata: at least {least.sum():.0f} are needed")
    share = np.clip(strata["share"].to_numpy(dtype=float), 0.02, 0.98)
    wish = posts * np.sqrt(share * (1 - share))
    given, most = least.copy(), min(labels, posts.sum())
    low, high = 0.0, labels / max(wish[wish > 0].min(), 1e-12) if (wish > 0).any() else 0.0
    for _ in range(200):
        middle = (low + high) / 2
        given = np.clip(middle * wish, least, posts)
        low, high = (middle, high) if given.sum() < most else (low, middle)
    whole = np.floor(given + 1e-9).astype(np.int64)
    room = np.argsort(-(given - whole), kind="stable")
    for i in room[: int(most - whole.sum())]:
        whole[i] += 1
    return strata.assign(labels=whole)
