"""How much counts scatter beyond independent posts: what widens the intervals of several estimators."""

from __future__ import annotations

import numpy as np

#: The median of a chi-square variable with one degree of freedom.
_MEDIAN = 0.4549364


def dispersion(x: np.ndarray) -> float:
    """Estimate how many times the variance of counts is that of independent posts, whatever smooth curve they follow.

    Parameters
    ----------
    x : ndarray of float
        Counts of even intervals in order; missing ones are NaN.

    Returns
    -------
    float
        1 or more; 1 where fewer than five intervals tell.

    Notes
    -----
    The second differences of a smooth curve are near zero, so that ``(x[t-1] - 2 x[t] + x[t+1])**2`` over
    ``x[t-1] + 4 x[t] + x[t+1]`` has the dispersion as its mean. The robust median is taken, over that of chi-square
    with one degree of freedom.

    Examples
    --------
    >>> random = np.random.default_rng(1)
    >>> round(dispersion(random.poisson(200, 500)), 1), round(dispersion(20 * random.poisson(10, 500)), 0)
    (1.0, 23.0)
    """
    x = np.asarray(x, dtype=float)
    if len(x) < 3:
        return 1.0
    bend, scale = x[:-2] - 2 * x[1:-1] + x[2:], x[:-2] + 4 * x[1:-1] + x[2:]
    known = scale > 0  # false where missing
    if known.sum() < 5:
        return 1.0
    return max(1.0, float(np.median(bend[known] ** 2 / scale[known])) / _MEDIAN)
