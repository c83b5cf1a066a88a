"""How much counts scatter beyond independent posts, and the rhythm in them: what several estimators share."""

from __future__ import annotations

import numpy as np
import pandas as pd

#: The median of a chi-square variable with one degree of freedom.
_MEDIAN = 0.4549364
#: A size from which on a negative binomial is as good as Poisson.
_POISSON = 1e6


def dispersion(x: np.ndarray) -> float:
    """Estimate how many times the variance of counts is that of independent posts, whatever smooth curve they follow.

    As :func:`scatter`, but with a variance that grows as the mean. `x` holds counts of even intervals, of about one
    size, missing ones NaN. 1 or more; 1 where fewer than five stretches of three intervals tell.

    >>> random = np.random.default_rng(1)
    >>> round(dispersion(random.poisson(200, 500)), 1), round(dispersion(20 * random.poisson(10, 500)))
    (1.0, 23)
    """
    x = np.asarray(x, dtype=float)
    bend, scale = x[:-2] - 2 * x[1:-1] + x[2:], x[:-2] + 4 * x[1:-1] + x[2:]
    known = scale > 0  # false where missing
    return max(1.0, float(np.median(bend[known] ** 2 / scale[known])) / _MEDIAN) if known.sum() >= 5 else 1.0


def scatter(x: np.ndarray) -> float:
    """Estimate the size of the negative binomial that counts follow, whatever smooth curve lies behind them.

    `x` holds counts of even intervals in order, missing ones NaN. With the size r, the variance of a count with mean m
    is ``m + m**2 / r``. It is infinite for independent posts, and where fewer than eight stretches of three intervals
    with five posts each are there to tell.

    The second differences of a smooth curve are near zero, so that ``(x[t-1] - 2 x[t] + x[t+1])**2`` over its variance
    under the size r has the median of chi-square with one degree of freedom; r is solved from that. A jump does not
    move a median. Where counts are small, neighbouring intervals are added up first.

    >>> random = np.random.default_rng(1)
    >>> scatter(random.poisson(200, 500)) > 1000, round(scatter(random.poisson(50 * random.gamma(5, 1 / 5, 900))))
    (True, 5)
    """
    x = np.asarray(x, dtype=float)
    for doubled in range(6):
        bend = x[:-2] - 2 * x[1:-1] + x[2:]
        linear, squares = x[:-2] + 4 * x[1:-1] + x[2:], x[:-2] ** 2 + 4 * x[1:-1] ** 2 + x[2:] ** 2
        known = linear >= 30  # false where missing
        if known.sum() >= 8 and known.mean() > 0.25:
            return _solved(bend[known] ** 2, linear[known], squares[known]) / 2**doubled
        if len(x) < 20:
            break
        x = x[: len(x) // 2 * 2].reshape(-1, 2).sum(axis=1)
    return np.inf


def _solved(bend, linear, squares):
    """Solve for the size at which the scaled second differences have the median that they must."""

    def off(log_size):
        return float(np.median(bend / (linear + squares / np.exp(log_size)))) - _MEDIAN

    low, high = np.log(0.05), np.log(_POISSON)
    if off(high) <= 0:
        return np.inf
    if off(low) >= 0:
        return 0.05
    from scipy.optimize import brentq

    return float(np.exp(brentq(off, low, high, xtol=0.001)))


def round_of(hours: np.ndarray) -> int:
    """Tell how many intervals make a round of the rhythm: those of a day, or of a week where they are days; else 0."""
    usual = float(np.median(hours)) if len(hours) else 1.0
    return 7 if usual == 24 else max(round(24 / usual), 2) if usual <= 12 else 0


def rhythm_factors(x: np.ndarray, cycle: int) -> np.ndarray:
    """Give the factor by which each interval's place in its round (day or week) raises it, around 1.

    The median, over the rounds, of the count over the mean of the round around it. All ones where fewer than three
    rounds, or fewer than twenty posts a round, are at hand.
    """
    ones = np.ones(len(x))
    if cycle < 2 or len(x) < 3 * cycle:
        return ones
    level = pd.Series(x).rolling(cycle, center=True, min_periods=cycle // 2).mean().to_numpy()
    enough = level * cycle >= 20
    phase = np.arange(len(x)) % cycle
    ratio = pd.Series(np.where(enough, x / np.maximum(level, 1e-9), np.nan))
    if ratio.notna().sum() < 3 * cycle:
        return ones
    factors = ratio.groupby(phase).transform("median").fillna(1.0).clip(lower=0.05).to_numpy()
    return factors / factors[:cycle].mean()


def inflation(rest: np.ndarray, place: np.ndarray, fitted: int = 1) -> tuple[float, float]:
    """Tell by how much the autocorrelation of residuals inflates the variance of what is averaged over them.

    `rest` are residuals about 0; `place` their intervals, ascending from 0 (those not named are gaps); `fitted`
    parameters were fitted to what they are the rest of. It gives the autocorrelation of neighbours, and ``1 + 2 (r_1 +
    r_2 + ...)``, from 1 to n / 4.

    The sum ends by the initial monotone sequence of Geyer 1992, *Statistical Science* 7, 473: pairs of neighbouring
    autocorrelations are added while they are positive, each at most the one before. Each is raised by what fitting
    takes from it, to first order (for a mean: Kendall 1954, *Biometrika* 41, 403).
    """
    n = len(rest)
    if n < 8 or not rest.any():
        return 0.0, 1.0
    line, seen = np.zeros(place[-1] + 1), np.zeros(place[-1] + 1)
    line[place], seen[place] = rest, 1.0
    square = np.mean(rest**2)

    def agree(k):
        pairs = (seen[k:] * seen[:-k]).sum()
        return float((line[k:] * line[:-k]).sum() / max(pairs, 1) / square * max(1 - k / n, 0))

    first = agree(1) / (1 - 1 / n)
    lags = [agree(k) for k in range(1, max(len(line) // 2, 2) + 1)]
    swell = 1.0
    for _ in range(3):  # what was fitted took of each autocorrelation about swell * fitted / n
        total, last = 0.0, np.inf
        for k in range(0, len(lags) - 1, 2):
            pair = min(lags[k] + lags[k + 1] + 2 * (swell - 1) * fitted / n, last)
            if lags[k] + lags[k + 1] <= 0:
                break
            total, last = total + pair, pair
        swell = float(np.clip(1 + 2 * total, 1, n / 4))
    return first, swell
