"""The best self-exciting process for given steps of the base rate, and the profile interval of its branching ratio."""

from __future__ import annotations

import numpy as np

from analysis.methods.hawkes import MOST, Hawkes, best_branching, excite, profile_loglik

#: The shortest mean delay that is looked for, in hours: no one answers faster than in a minute.
SHORTEST = 1 / 60


def fit_hawkes(times: np.ndarray, edges: np.ndarray) -> Hawkes:
    """Fit base rate, branching ratio and decay by maximum likelihood.

    `times` (hours, ascending) lie within `edges`. The longest memory that is looked for is a quarter of the window.
    Memories over the whole range are tried first, since the likelihood may have several peaks.
    """
    from scipy.optimize import minimize

    first, width, base = _steps(times, edges)
    bounds = _decays(edges)
    tried = np.linspace(*bounds, max(int((bounds[1] - bounds[0]) / 0.7), 4))
    reached = [best_branching(times, first, width, edges[-1], np.exp(x), base) for x in tried]
    highest = int(np.argmax([value for _, value in reached]))
    if max(branching for branching, _ in reached) == 0:
        return Hawkes(0.0, float(np.exp(tried[highest])), _base(times, edges, 0.0, 1.0), reached[highest][1])
    start = np.array([reached[highest][0], tried[highest]])

    def down(x):
        decay = np.exp(x[1])
        kernel, slope = excite(times, decay)
        value, by_branching, by_decay = profile_loglik(times, first, width, edges[-1], x[0], decay, kernel, slope, base)
        return -value, -np.array([by_branching, by_decay * decay])

    best = minimize(down, start, jac=True, method="L-BFGS-B", bounds=[(0, MOST), bounds], options={"ftol": 1e-13})
    branching, decay = float(best.x[0]), float(np.exp(best.x[1]))
    return Hawkes(branching, decay, _base(times, edges, branching, decay), -float(best.fun))


def interval(times: np.ndarray, edges: np.ndarray, fitted: Hawkes, drop: float) -> tuple[float, float]:
    """Give the ends of the branching ratio's profile interval: where the log-likelihood has fallen by `drop`."""
    from scipy.optimize import brentq, minimize_scalar

    first, width, base = _steps(times, edges)
    bounds = _decays(edges)
    grid = np.linspace(*bounds, max(int((bounds[1] - bounds[0]) / 1.2), 4))
    grid = np.unique(np.append(grid, np.clip(np.log(fitted.decay), *bounds)))

    def fall(branching):
        def down(x):
            decay = np.exp(x)
            kernel, slope = excite(times, decay)
            return -profile_loglik(times, first, width, edges[-1], branching, decay, kernel, slope, base)[0]

        values = [down(x) for x in grid]
        lowest = int(np.argmin(values))
        around = (grid[max(lowest - 1, 0)], grid[min(lowest + 1, len(grid) - 1)])
        best = minimize_scalar(down, bounds=around, method="bounded", options={"xatol": 2e-2})
        return fitted.loglik + min(best.fun, values[lowest]) - drop

    low = 0.0
    if fitted.branching > 1e-6 and fall(1e-9) > 0:
        low = brentq(fall, 1e-9, fitted.branching, xtol=1e-3)
    step, near = 0.05, fitted.branching
    while near < MOST:
        high = min(fitted.branching + step, MOST)
        if fall(high) > 0:
            return low, float(brentq(fall, near, high, xtol=1e-3))
        near, step = high, step * 2
    return low, MOST


def _steps(times, edges):
    """Give the first event of each step (and the end), the widths, and room for the base rates."""
    first = np.searchsorted(times, edges)
    first[-1] = len(times)
    return first, np.diff(edges), np.zeros(len(edges) - 1)


def _decays(edges):
    """Give the logarithms of the slowest and the fastest decay that is looked for."""
    longest = (edges[-1] - edges[0]) / 4
    return float(np.log(1 / longest)), float(np.log(1 / min(SHORTEST, longest / 10)))


def _base(times, edges, branching, decay):
    """Give the base rate at its best."""
    first, width, base = _steps(times, edges)
    kernel, slope = excite(times, decay)
    profile_loglik(times, first, width, edges[-1], branching, decay, kernel, slope, base)
    return base
