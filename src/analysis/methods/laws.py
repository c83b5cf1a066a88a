"""Two laws of decay, exponential and power, each with a background and a rhythm of day or week, fitted to counts."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from analysis.methods.negbin import Fit, fit, profile
from analysis.spread.noise import inflation

LAWS = ("exponential", "power law")
NOTHING = -30.0  # logarithm of a background of none
HEIGHT, FLOOR, SHAPE = 0, 1, 2  # positions of the parameters; then the rhythm


class Law(NamedTuple):
    """A law fitted, with the interval of its shape, and by how much the residuals' likeness spreads a variance."""

    fit: Fit
    low: float
    high: float
    autocorrelation: float
    spread: float
    parameters: int


def harmonics(hours: np.ndarray, daily: int, weekly: int) -> np.ndarray:
    """Give the waves of the day, then of the week (cosine and sine of each) at some hours since a Monday's midnight."""
    turns = [hours * k / length for length, most in ((24, daily), (168, weekly)) for k in range(1, most + 1)]
    waves = [wave(2 * np.pi * turn) for turn in turns for wave in (np.cos, np.sin)]
    return np.column_stack(waves) if waves else np.empty((len(hours), 0))


def decay(law: str, u: np.ndarray, shape: float, delay: float) -> tuple[np.ndarray, np.ndarray]:
    """Give the logarithm of a law's mean over each interval, and its slope by the shape.

    `u` are the beginnings of the intervals, in intervals; `shape` is a rate per interval, or an exponent. The power law
    is integrated over each interval, not read off at its middle; the first begins `delay` intervals after its origin.
    The logarithm is 0 at the first interval.
    """
    if law == "exponential":
        return -shape * (u - u[0]), -(u - u[0])
    first, last = np.log(u - u[0] + delay), np.log(u - u[0] + delay + 1)
    middle, half = (first + last) / 2, (last - first) / 2
    x = (1 - shape) * half
    small = np.abs(x) < 1e-4
    safe = np.where(small, 1.0, x)
    sinhc = np.where(small, x**2 / 6, np.abs(safe) + np.log(-np.expm1(-2 * np.abs(safe)) / (2 * np.abs(safe))))
    langevin = np.where(small, x / 3, 1 / np.tanh(safe) - 1 / safe)
    mean = (1 - shape) * middle + np.log(2 * half) + sinhc
    by_shape = -middle - half * langevin
    return mean - mean[0], by_shape - by_shape[0]


def fit_law(
    law: str,
    y: np.ndarray,
    u: np.ndarray,
    waves: np.ndarray,
    delay: float,
    background: float | None,
) -> Law:
    """Fit a law to counts (none missing), with the 95% profile interval of its shape.

    `u` and `delay` are as for :func:`decay`, `waves` as :func:`harmonics` gives them. Where `background` (posts per
    interval below the wave) is None, the likelihood chooses it.

    The interval ends where twice the log-likelihood has fallen by ``n log(1 + t^2 / (n - p))``, exact for a normal
    regression with unknown variance (Bates & Watts 1988, *Nonlinear Regression Analysis*, section 6.1) and the usual
    chi-square for many intervals. Where the residuals of neighbouring intervals agree, n intervals are worth n over
    what that inflates a variance by (:func:`inflation`): the likelihood is divided by it, and so is the n in ``n - p``
    and in the degrees of freedom of t. With less than one of those left both ends are open.
    """
    from scipy.stats import t

    k = waves.shape[1]
    fixed = (FLOOR,) if background is not None else ()

    def curve(theta):
        log_decay, by_shape = decay(law, u, theta[SHAPE], delay)
        wave = np.exp(np.clip(theta[HEIGHT] + log_decay, -60, 60))
        whole = wave + np.exp(theta[FLOOR])
        share = wave / whole
        slopes = [share, 1 - share, share * by_shape, *waves.T]
        return np.exp(waves @ theta[3:]) * whole, np.column_stack(slopes)

    top, span = max(float(y[:3].mean()), 1.0), u[-1] - u[0] + 1
    low = np.log(max(float(np.quantile(y, 0.1)) / 2, 0.05)) if background is None else _log(background)
    shapes = (np.log(2) * 12 / span, np.log(2) * 3 / span) if law == "exponential" else (0.6, 1.5)
    best = None
    for shape in shapes:
        begin = np.array([np.log(top), low, shape, *np.zeros(k)])
        fitted = fit(y, curve, begin, fixed)
        best = fitted if best is None or fitted.loglik > best.loglik else best
    n, p = len(y), len(best.theta) - len(fixed)
    agree, spread = _agreement(y, u, best, p)
    free = n / spread - p
    if free < 1:  # the intervals are worth no more independent ones than there are parameters
        return Law(best, -np.inf, np.inf, agree, spread, p + 1)
    drop = n * np.log1p(float(t.ppf(0.975, free)) ** 2 / free) / 2
    ends = profile(y, curve, best, SHAPE, drop, (0.0, 20.0))
    return Law(best, *ends, agree, spread, p + 1)


def _log(background):
    """Give the logarithm of a background, none included."""
    return np.log(background) if background > 0 else NOTHING


def _agreement(y, u, fitted, parameters):
    """Give the autocorrelation of neighbouring Pearson residuals, and by how much all of it inflates a variance."""
    rest = (y - fitted.mean) / np.sqrt(fitted.mean * (1 + np.exp(fitted.log_dispersion) * fitted.mean))
    return inflation(np.clip(rest, -4, 4), u.astype(int) - int(u[0]), parameters)
