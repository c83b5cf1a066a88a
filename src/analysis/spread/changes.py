"""Change points: where the level of the counts changes for good, and how sure the place is."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.spread.count import as_counts
from analysis.spread.tables import values

_LEAST = 3  # intervals between two changes
_COLUMNS = {"before": float, "after": float, "ratio": float}


def change_points(data: pd.DataFrame, every: str | None = "1D") -> pd.DataFrame:
    """Find where the level of the counts changes, and stays for three intervals at least.

    Parameters
    ----------
    data : DataFrame
        Posts, or counts, see :func:`analysis.spread.as_counts`. Intervals in gaps are left out.
    every : str, optional
        The length of an interval; None for counts as they are.

    Returns
    -------
    DataFrame
        One row a change, in order: ``start`` (datetime64[us, zone]; the first interval of the new level) with its 95%
        interval ``low`` and ``high``, ``before`` and ``after`` (float; the typical count per interval on either side)
        and ``ratio``. ``attrs`` tells ``noise`` (the size of the negative binomial), ``memory`` (see below),
        ``penalty`` and ``reason`` (empty, or why nothing could be looked for).

    Notes
    -----
    The rhythm of the week (of the day, for intervals shorter than one) is taken out first, where three rounds of it are
    at hand. Counts are made even in variance, ``y = 2 sqrt(r) asinh(sqrt((x + 3/8) / r))`` (Anscombe 1948, *Biometrika*
    35, 246, for the negative binomial of size r), where r is such that the differences of neighbours have variance 2.
    Then PELT (Killick, Fearnhead & Eckley 2012, *JASA* 107, 1590; in ruptures) finds the
    means that cost least, each change at the price ``3 ln(n) m``: the modified BIC of Zhang & Siegmund (2007,
    *Biometrics* 63, 22) in its leading term, with m the memory of the noise: ``(1 + a) / (1 - a)`` for the correlation
    a of neighbours around their level, estimated anew until it stays. The interval holds the places between the two
    neighbouring changes that have 95% of the likelihood, each place taken as equally likely before.
    """
    table = as_counts(data, every)
    x = values(table)
    kept = np.flatnonzero(~np.isnan(x))
    counts, starts = x[kept], table["start"].iloc[kept]
    if len(counts) < 10:
        return _table([], starts, {"reason": f"{len(counts)} intervals are too few; 10 are needed"})
    if counts.sum() < 30:
        return _table([], starts, {"reason": f"{int(counts.sum())} posts are too few; 30 are needed"})
    size = _size(counts)
    y = _even(counts, size)
    return _fitted(y - _rhythm(y, kept, table["start"]), starts, size)


def _fitted(y, starts, size):
    """Segment the even series, with the memory of its noise taken into the penalty."""
    noise = max(1.0, float(np.median(np.abs(np.diff(y))) / 0.6745) ** 2 / 2)
    memory = 1.0
    for _ in range(6):
        penalty = 3 * np.log(len(y)) * noise * memory
        ends = _segments(y, penalty)
        fitted_memory = _memory(y, ends)
        if abs(fitted_memory - memory) < 0.05 * memory:
            break
        memory = max(memory, fitted_memory)
    rows, bounds = [], [0, *ends]
    for i in range(1, len(bounds) - 1):
        low, high = _place(y[bounds[i - 1] : bounds[i + 1]], noise * memory)
        means = [float(y[bounds[j] : bounds[j + 1]].mean()) for j in (i - 1, i)]
        before, after = (_uneven(mean, size) for mean in means)
        places = [starts.iloc[place] for place in (bounds[i], bounds[i - 1] + low, bounds[i - 1] + high)]
        rows.append((*places, before, after, after / before if before > 0 else np.inf))
    about = {"noise": float(size), "memory": float(memory), "penalty": float(penalty), "reason": ""}
    return _table(rows, starts, about)


def _segments(y, penalty):
    """Give the ends of the segments that cost least (ruptures)."""
    from ruptures import KernelCPD

    return KernelCPD(kernel="linear", min_size=_LEAST).fit(y[:, None]).predict(pen=penalty)


def _memory(y, ends):
    """Tell how many times correlated neighbours make the variance of a mean larger."""
    level = np.concatenate([np.full(b - a, y[a:b].mean()) for a, b in zip([0, *ends[:-1]], ends, strict=True)])
    rest = y - level
    inner = np.ones(len(y) - 1, dtype=bool)
    inner[np.array(ends[:-1], dtype=int) - 1] = False  # not across a change
    a = float((rest[1:] * rest[:-1])[inner].sum() / max((rest**2).sum(), 1e-12))
    a = min(a + (1 + 3 * a) * len(ends) / len(y), 0.9)  # the means were fitted: their bias is taken out
    return (1 + a) / (1 - a) if a > 2 / np.sqrt(len(y)) else 1.0  # no memory that chance could have made


def _place(y, variance):
    """Give the ends of the places of a change, within its neighbours, that hold 95% of the likelihood."""
    n, sums = len(y), np.cumsum(y)
    places = np.arange(_LEAST, n - _LEAST + 1)
    gain = sums[places - 1] ** 2 / places + (sums[-1] - sums[places - 1]) ** 2 / (n - places)
    weight = np.exp((gain - gain.max()) / (2 * variance))
    order = np.argsort(-weight, kind="stable")
    needed = np.searchsorted(np.cumsum(weight[order]) / weight.sum(), 0.95) + 1
    inside = places[order[:needed]]
    return int(inside.min()), int(inside.max())


def _even(x, size):
    """Make negative binomial counts even in variance (1)."""
    return 2 * np.sqrt(size) * np.arcsinh(np.sqrt((x + 3 / 8) / size))


def _uneven(y, size):
    """Give the count that :func:`_even` made into y."""
    return max(float(size * np.sinh(y / (2 * np.sqrt(size))) ** 2 - 3 / 8), 0.0)


def _size(x):
    """Find the size of the negative binomial for which the differences of neighbours have variance 2."""

    def variance(log_size):
        return (np.median(np.abs(np.diff(_even(x, np.exp(log_size))))) / 0.6745) ** 2 / 2 - 1

    low, high = np.log(0.05), np.log(1e7)
    if variance(high) <= 0:
        return float(np.exp(high))
    if variance(low) >= 0:
        return float(np.exp(low))
    from scipy.optimize import brentq

    return float(np.exp(brentq(variance, low, high, xtol=0.01)))


def _rhythm(y, kept, starts):
    """Give the rhythm of the week, or of the day: how each phase lies off the level around it."""
    hours = np.diff(starts.dt.tz_convert("UTC").to_numpy("M8[us]").astype(np.int64)[:2])[0] / 3.6e9
    cycle = 7 if hours > 20 else round(24 / hours)
    if cycle < 2 or len(y) < 3 * cycle:
        return 0.0
    level = pd.Series(y).rolling(cycle, center=True, min_periods=cycle // 2).median().to_numpy()
    phase = kept % cycle
    off = pd.Series(y - level).groupby(phase).transform("median").to_numpy()
    return off - np.mean(off)


def _table(rows, starts, about):
    zone = str(starts.dt.tz)
    table = pd.DataFrame(rows, columns=["start", "low", "high", *_COLUMNS])
    table = table.astype(dict.fromkeys(["start", "low", "high"], f"datetime64[us, {zone}]") | _COLUMNS)
    table.attrs |= {"noise": np.nan, "memory": np.nan, "penalty": np.nan} | about
    return table
