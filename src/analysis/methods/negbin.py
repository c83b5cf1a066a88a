"""Curves fitted to counts that scatter more than chance alone: negative binomial likelihood and its profile.

The variance of a count is ``m + dispersion * m**2`` about its mean m (NB2: Hilbe 2011, *Negative Binomial Regression*,
chapter 8). The mean is any smooth function of a few parameters: statsmodels fits the exponential of a weighted sum
alone, and a wave on a background is none. Where the background fades to nothing the likelihood has a second, lower
peak, on which scipy's minimisers often end.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

_LEAST, _MOST = np.log(1e-8), np.log(50.0)


@dataclass(frozen=True)
class Fit:
    """A fitted curve; an error is infinite for what was fixed, and it is `settled` if it did not run out of rounds."""

    theta: np.ndarray
    log_dispersion: float
    loglik: float
    mean: np.ndarray
    error: np.ndarray
    settled: bool


def loglik(y: np.ndarray, mean: np.ndarray, log_dispersion: float, constant: float) -> float:
    """Give the log-likelihood of counts; `constant` is the sum of ``gammaln(y + 1)``, which no parameter moves."""
    from scipy.special import gammaln

    size = np.exp(-log_dispersion)
    share = np.log1p(mean / size)
    return float(
        np.sum(gammaln(y + size) - size * share + y * (np.log(mean / size) - share)) - len(y) * gammaln(size) - constant
    )


def fit(
    y: np.ndarray,
    curve: Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]],
    begin: np.ndarray,
    fixed: tuple[int, ...] = (),
    log_dispersion: float = -2.0,
    rounds: int = 200,
    near: float = 1e-7,
) -> Fit:
    """Fit a curve to counts (none missing) by maximum likelihood.

    `curve` makes of the parameters, shape (p,), the means, shape (n,), and the slopes of their logarithms, shape (n,
    p). Fisher scoring, damped as Levenberg and Marquardt do, until a round adds less than `near`; the dispersion, which
    is orthogonal to the mean, moves by a parabola through three points each round.
    """
    from scipy.special import gammaln

    free = np.setdiff1d(np.arange(len(begin)), fixed)
    theta, alpha, damp = np.array(begin, dtype=float), float(log_dispersion), 1e-3
    constant = float(gammaln(y + 1).sum())
    mean, slope = curve(theta)
    best, settled = loglik(y, mean, alpha, constant), False
    for _ in range(rounds):
        before = best
        alpha, best = _disperse(y, mean, alpha, best, constant)
        width = 1 + np.exp(alpha) * mean
        score = slope[:, free].T @ ((y - mean) / width)
        information = (slope[:, free] * (mean / width)[:, None]).T @ slope[:, free]
        ridge, moved = np.diag(information) + 1e-10, False
        for _ in range(12):
            try:
                move = np.linalg.solve(information + damp * np.diag(ridge), score)
            except np.linalg.LinAlgError:
                damp *= 10
                continue
            trial = theta.copy()
            trial[free] += np.clip(move, -2, 2)
            new_mean, new_slope = curve(trial)
            new = loglik(y, new_mean, alpha, constant) if np.isfinite(new_mean).all() else -np.inf
            if new >= best - 1e-12:
                theta, mean, slope, best, damp, moved = trial, new_mean, new_slope, new, max(damp / 10, 1e-9), True
                break
            damp *= 10
        if best - before < near:
            settled = True
            break
        if not moved:
            damp = 1e-3
    error = np.full(len(theta), np.inf)
    if len(free):
        width = 1 + np.exp(alpha) * mean
        information = (slope[:, free] * (mean / width)[:, None]).T @ slope[:, free]
        error[free] = np.sqrt(np.maximum(np.diag(np.linalg.pinv(information)), 0))
    return Fit(theta, alpha, best, mean, error, settled)


def _disperse(y, mean, alpha, best, constant):
    """Move the dispersion one safe step uphill."""
    step = 0.1
    up, down = (loglik(y, mean, alpha + sign * step, constant) for sign in (1, -1))
    bend = up - 2 * best + down
    move = -step * (up - down) / (2 * bend) if bend < 0 else np.sign(up - down)
    trial = float(np.clip(alpha + np.clip(move, -1.5, 1.5), _LEAST, _MOST))
    new = loglik(y, mean, trial, constant)
    return (trial, new) if new > best else (alpha, best)


def profile(
    y: np.ndarray, curve: Callable, whole: Fit, position: int, drop: float, bounds: tuple[float, float]
) -> tuple[float, float]:
    """Give the interval of one parameter: where the likelihood, all others fitted anew, has fallen by `drop`.

    -inf or inf where it does not fall so far within the bounds. Venzon & Moolgavkar 1988, *Applied Statistics* 37, 87;
    here by secants on the signed root of the fall, which is nearly straight.
    """
    low = _end(y, curve, whole, position, drop, -1, bounds[0])
    return low, _end(y, curve, whole, position, drop, 1, bounds[1])


def _end(y, curve, whole, position, drop, sign, bound):
    """Find one end of a profile interval."""
    wanted, here, guide = np.sqrt(drop), whole.theta[position], whole
    scale = whole.error[position] if 0 < whole.error[position] < np.inf else 0.1
    inner, outer = (here, 0.0), None
    x = here + sign * min(max(scale * np.sqrt(2 * drop), 1e-6), abs(bound - here) or 1e-6)
    for _ in range(40):
        x = min(x, bound) if sign > 0 else max(x, bound)
        begin = guide.theta.copy()
        begin[position] = x
        guide = fit(y, curve, begin, (position,), guide.log_dispersion, near=1e-4)
        root = np.sqrt(max(whole.loglik - guide.loglik, 0))
        if abs(root - wanted) < 2e-3 * wanted:
            return float(x)
        if root < wanted:
            inner = (x, root)
            if x == bound:
                return float(sign * np.inf)
        else:
            outer = (x, root)
        if outer is None:
            x = here + (x - here) * min(max(wanted / max(root, 1e-3), 1.2), 3.0)
        else:
            share = (wanted - inner[1]) / (outer[1] - inner[1])
            x = inner[0] + (outer[0] - inner[0]) * float(np.clip(share, 0.08, 0.92))
            if abs(outer[0] - inner[0]) < 1e-7 * (1 + abs(x)):
                return float(x)
    return float(x)
