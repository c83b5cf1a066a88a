"""A window of time against the intervals before it: one estimate at one date, and the same at all other dates."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.spread.noise import inflation
from analysis.spread.series import Series, utc


class Window(NamedTuple):
    """An estimate at one date.

    Attributes
    ----------
    ratio : float
        Logarithm of what came over what was expected; -inf where nothing came.
    error, free : float
        Its standard error and degrees of freedom; NaN in a brief estimate, as are the last two.
    came, expected : float
        Posts in the window.
    dispersion : float
        Of the counts before it: their variance is ``m + dispersion * m**2`` about a mean m.
    autocorrelation : float
        How far the residuals of neighbours before it agree.
    """

    ratio: float
    error: float
    free: float
    came: float
    expected: float
    dispersion: float
    autocorrelation: float


def estimate(series: Series, at, before, after, weekly, trend, brief=False):
    """Estimate what came in a window against what the intervals before it let expect.

    Parameters
    ----------
    series : Series
    at : int
        Position of the window's first interval.
    before, after, weekly, trend
        As for :func:`analysis.spread.effect_of`.
    brief : bool
        Leave out the error and what it needs (all of it missing), as for a placebo.

    Returns
    -------
    Window or str
        Text where that cannot be, saying why.
    """
    if at < before:
        return f"{at} intervals were counted before it, and {before} are needed"
    if at + after > len(series.posts):
        return f"the counts end before the window of {after} intervals does"
    y, came = series.posts[at - before : at], series.posts[at : at + after]
    seen = ~np.isnan(y)
    if np.isnan(came).any():
        return "the window lies in a gap of the collection, or partly"
    n = int(seen.sum())
    if n * 2 < before:
        return f"{n} of {before} intervals before it were observed, the rest lies in a gap; half are needed"
    if y[seen].sum() < 20 or np.count_nonzero(y[seen]) < 5:
        return f"{int(y[seen].sum())} posts in the pre-period are too few; 20 in 5 intervals are needed"
    place = np.arange(-before, after)
    design = _design(series, at, place, weekly, trend)
    pre, post = design[:before][seen], design[before:]
    beta, mean = _expect(y[seen], pre)
    if beta is None:
        return "the pre-period could not be fitted: a day of the week or a trend has nothing to stand on"
    expected = np.exp(post @ beta)
    p = design.shape[1]
    came = float(came.sum())
    ratio = math.log(came / expected.sum()) if came else -math.inf
    if brief:
        return Window(ratio, math.nan, math.nan, came, float(expected.sum()), math.nan, math.nan)
    rest = (y[seen] - mean) / np.sqrt(mean)
    agree, swell = inflation(rest - rest.mean(), np.flatnonzero(seen) - np.flatnonzero(seen)[0])
    relative = max(float(np.sum((y[seen] - mean) ** 2 - mean) / np.sum(mean**2)), 0.0) * n / (n - p)
    error, free = _error(pre, post, mean, expected, relative, swell, n, p)
    return Window(ratio, error, free, came, float(expected.sum()), relative, agree)


def _design(series, at, place, weekly, trend):
    """Make the columns of the regression: level, trend, days of the week (about their mean)."""
    columns = [np.ones(len(place))]
    if trend:
        columns.append(place / len(place))
    if weekly:
        day = (at + place + series.start[0].day_of_week) % 7
        columns += [(day == k).astype(float) - (day == 6) for k in range(6)]
    return np.column_stack(columns)


def _expect(y, x):
    """Fit log means by Poisson quasi-likelihood; None where the columns do not tell their weights."""
    if x.shape[1] == 1:  # the mean
        return np.array([np.log(y.mean())]), np.full(len(y), y.mean())
    if np.linalg.matrix_rank(x) < x.shape[1]:
        return None, None
    beta = np.linalg.lstsq(x, np.log(y + 0.5), rcond=None)[0]
    for _ in range(50):
        mean = np.exp(np.clip(x @ beta, -30, 30))
        move = np.linalg.solve(x.T @ (x * mean[:, None]) + 1e-12 * np.eye(x.shape[1]), x.T @ (y - mean))
        beta = beta + np.clip(move, -2, 2)
        if np.abs(move).max() < 1e-9:
            break
    return beta, np.exp(np.clip(x @ beta, -30, 30))


def _error(pre, post, mean, expected, relative, swell, n, p):
    """Give the standard error of the log ratio and its degrees of freedom."""
    weights = expected / expected.sum()
    lean = weights @ post @ np.linalg.inv(pre.T @ (pre * mean[:, None])) @ (pre * mean[:, None]).T
    # the window's share of autocorrelation is bounded by its own length
    inside = min(swell, len(post))
    variance = np.sum(lean**2 * (relative * swell + 1 / mean))
    variance += np.sum(weights**2 * (relative * inside + 1 / expected))
    return math.sqrt(variance), max(n / swell - p, 1.0)


def placebos(series: Series, at, before, after, weekly, trend, avoid, within):
    """Estimate at all dates that may serve as placebos.

    Parameters
    ----------
    series : Series
    at : int
        Position of the true window's first interval.
    before, after, weekly, trend
        As for :func:`analysis.spread.effect_of`.
    avoid : iterable of str or Timestamp
        Other dated events: no placebo's window may hold one, nor the nearer half of its pre-period.
    within : str or Timedelta or None
        How far from the true date they may lie; None for anywhere.

    Returns
    -------
    DataFrame
        A row a date: ``start`` (UTC) and ``log_ratio``. Neither a placebo's window nor its pre-period holds the true
        date, and those are left out that cannot be estimated, or where nothing came.
    """
    far = len(series.posts) if within is None else int(pd.Timedelta(within) // series.step)
    known = sorted({at, *(int((utc(when) - series.start[0]) // series.step) for when in avoid)})
    rows = []
    for here in range(max(before, at - far), min(len(series.posts) - after, at + far) + 1):
        if here - before <= at < here + after or at <= here < at + after:
            continue
        if any(here - before // 2 <= k < here + after for k in known):
            continue
        found = estimate(series, here, before, after, weekly, trend, brief=True)
        if not isinstance(found, str) and found.came:
            rows.append((series.start[here], found.ratio))
    return pd.DataFrame(rows, columns=["start", "log_ratio"]).astype({"log_ratio": float})
