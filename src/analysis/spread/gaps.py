"""Gaps in collection: stretches so empty that silence is not a believable reason."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.spread.count import as_counts
from analysis.spread.tables import values
from analysis.spread.times import lengths

#: An interval is nearly empty where it holds at most this part of what is usual around it.
_PART = 0.05
#: The probability, all intervals taken together, that one of an unbroken series is proposed.
_CHANCE = 0.05
_COLUMNS = {
    "start": "datetime64[us, UTC]", "end": "datetime64[us, UTC]", "intervals": "int64", "posts": "int64",
    "usual": float, "p": float, "reason": "str",
}  # fmt: skip


def find_gaps(data: pd.DataFrame, every: str | None = None) -> pd.DataFrame:
    """Propose gaps in collection: intervals with nothing or next to nothing where that is improbable.

    What it proposes is for a person to look at: a gap and a true silence can look alike.

    Parameters
    ----------
    data : DataFrame
        Posts, or counts, see :func:`analysis.spread.as_counts`. By the hour or by the day is best.
    every : str, optional
        The length of an interval.

    Returns
    -------
    DataFrame
        One row a gap, in order: ``start`` and ``end`` (datetime64[us, UTC]; half-open), ``intervals`` and ``posts``
        (int64; what it holds), ``usual`` (float; the posts to be expected in it), ``p`` (float; the probability of as
        few, before the correction for many intervals) and ``reason`` (str).

    Notes
    -----
    What is usual for an interval is the lowest of the medians of the 14 intervals before it and the 14 after it, and of
    the three before and after (those that are nearly empty beside their own surroundings left out); by the hour or
    finer, of one day before and after in place of 14, and of the same hour on the seven days before and after too. A
    stretch that nothing follows is held to what came before; one at the very beginning is never proposed, for a tag
    that nobody uses yet is silent. A stretch is proposed where each of its intervals holds at most 5% of what is usual
    and the negative binomial probability of so few posts, with the variance of log counts around the usual ones (by the
    median absolute deviation), is below 0.05 over the number of intervals: in 1 of 20 unbroken series one is proposed.

    An interval that was collected in part is not proposed, for it looks like a quiet one: of 60 invented series as long
    as the daily file of 2017 to 2020, with its scatter, 58% hold a day as low as its two that were cut short (30% of
    what is usual). Whoever knows that a day was cut short gives it as a gap.
    """
    table = as_counts(data, every)
    x = values(table)
    hours = lengths(table["start"])
    cycle = round(24 / float(np.median(hours))) if len(x) and np.median(hours) <= 12 else 1
    usual, quiet = _usual(x, cycle)
    empty = ~np.isnan(x) & ~np.isnan(usual) & (x <= _PART * usual)
    noise = _noise(x[~quiet], usual[~quiet])
    starts = np.flatnonzero(empty & ~np.append(False, empty[:-1]))
    ends = np.flatnonzero(empty & ~np.append(empty[1:], False)) + 1
    begins, rows = table["start"].dt.tz_convert("UTC"), []
    for first, last in zip(starts, ends, strict=True):
        posts, expected = int(x[first:last].sum()), float(usual[first:last].sum())
        p = _as_few(posts, expected, noise)
        if p < _CHANCE / len(x):
            end = begins.iloc[last - 1] + pd.Timedelta(hours[last - 1], "h").round("us")
            reason = f"{f'{posts:,} posts' if posts else 'nothing'} where {expected:,.0f} are usual"
            rows.append((begins.iloc[first], end, last - first, posts, expected, p, reason))
    table = pd.DataFrame(rows, columns=list(_COLUMNS))
    return table.astype(_COLUMNS)


def _noise(x, usual):
    """Give the robust standard deviation of log counts around the usual ones."""
    known = ~np.isnan(usual)
    away = np.abs(np.log((x[known] + 0.5) / (usual[known] + 0.5)))
    return 1.4826 * float(np.median(away)) if len(away) else 0.0


def _as_few(posts, expected, noise):
    """Give the probability of as few posts, or fewer, under a negative binomial distribution."""
    from scipy.stats import nbinom

    size = 1 / max(noise**2, 1e-6)
    return float(nbinom.cdf(posts, size, size / (size + expected)))


def _usual(x, cycle):
    """Give what is usual around each interval, and which intervals are nearly empty beside their surroundings."""
    around, quiet = max(14, cycle), np.isnan(x)
    for _ in range(10):
        wide = [_both_sides(x, quiet, around)]
        if cycle > 1:
            wide += [_by_phase(x, quiet, cycle)]
        sides = np.fmin.reduce([*wide, _both_sides(x, quiet, 3)])
        usual = np.where(np.isnan(sides[0]), np.nan, np.fmin(*sides))
        with np.errstate(invalid="ignore"):
            still_quiet = quiet | (x <= _PART * np.fmax(*wide[0]))
        if (still_quiet == quiet).all():
            break
        quiet = still_quiet
    return usual, quiet


def _both_sides(x, quiet, width):
    """Give the medians of the last `width` loud intervals before each, and of the next after it, shape (2, n)."""
    return np.array([_before(x, quiet, width), _before(x[::-1], quiet[::-1], width)[::-1]])


def _before(x, quiet, width):
    """Give the median of the last `width` intervals before each that are not quiet, half as many at least."""
    loud = np.flatnonzero(~quiet)
    medians = pd.Series(x[loud]).rolling(width, min_periods=(width + 1) // 2).median().to_numpy()
    last = np.searchsorted(loud, np.arange(len(x))) - 1
    return np.where(last >= 0, medians[np.maximum(last, 0)] if len(loud) else np.nan, np.nan)


def _by_phase(x, quiet, cycle):
    """Give the medians of the same hour on the seven days before and after, shape (2, n)."""
    result = np.full((2, len(x)), np.nan)
    for phase in range(min(cycle, len(x))):
        own = slice(phase, None, cycle)
        result[:, own] = _both_sides(x[own], quiet[own], 7)
    return result
