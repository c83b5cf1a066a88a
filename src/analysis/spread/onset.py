"""The onset: the first interval that breaks with what came before."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.spread.count import as_counts
from analysis.spread.tables import is_counts, values

#: The probability that a flat series, all its intervals taken together, shows any onset.
_CHANCE = 0.01
_LEAST = 3  # posts
_COLUMNS = {"every": "str", "baseline": "str", "start": object, "posts": "Int64", "usual": float, "p": float}


def onset(
    data: pd.DataFrame,
    every: Sequence[str] = ("10min", "30min", "1h"),
    baseline: Sequence[str] = ("6h", "12h", "24h"),
    *,
    until: pd.Timestamp | None = None,
    gaps=None,
) -> pd.DataFrame:
    """Find the first interval whose count breaks with those before it, by several lengths of interval and baseline.

    Parameters
    ----------
    data : DataFrame
        Posts, or counts, see :func:`analysis.spread.as_counts`. Without posts before the onset there is no baseline.
    every, baseline : sequences of str
        The lengths of an interval, and of the time before it that it is compared with: the choice of both moves the
        onset. Half that length lies between the two, so that a rise that has begun is not taken for what is usual. Half
        a baseline, and six intervals, are the least.
    until : Timestamp, optional
        Intervals are looked at up to this moment; by default, up to the highest one.
    gaps
        See :func:`analysis.spread.counts`.

    Returns
    -------
    DataFrame
        One row a combination: ``every``, ``baseline``, ``start`` (datetime64[us, UTC]), its ``posts`` (Int64),
        ``usual`` (float; the mean of the baseline), ``p`` (the probability of as many or more) and ``reason`` (empty,
        or why the others are missing).

    Notes
    -----
    Counts are made even in variance, ``y = 2 sqrt(x + 3/8)`` (Anscombe 1948, *Biometrika* 35, 246), and y is held to
    the mean m and standard deviation s (1 at least, that of independent posts) of the n of the baseline: ``(y - m) / (s
    sqrt(1 + 1/n))`` has Student's t with n - 1 degrees of freedom; it breaks where there are three posts and their
    probability is below 0.01 over the number of intervals looked at: in 1 of 100 flat series. A slow rise breaks late:
    what is found is the first *visible* moment, at or after the true one.
    """
    rows = []
    for step in every:
        try:
            table, why = as_counts(data, step, gaps=gaps), ""
        except ValueError as error:
            if not is_counts(data):
                raise
            table, why = as_counts(data, gaps=gaps), str(error)
        for length in baseline:
            n = int(pd.Timedelta(length) / pd.Timedelta(pd.tseries.frequencies.to_offset(step)))
            first = {"reason": why} if why else _first(table, n, until)
            rows.append({"every": step, "baseline": length, **first})
    dtypes = {name: dtype for name, dtype in _COLUMNS.items() if dtype is not object}
    result = pd.DataFrame(rows, columns=[*_COLUMNS, "reason"]).astype(dtypes)
    return result.assign(start=pd.to_datetime(result["start"], utc=True).dt.as_unit("us"))


def _first(table, n, until):
    """Find the first interval that breaks with the n before it."""
    x = values(table)
    if n < 6:
        return {"reason": f"the baseline holds {n} intervals, and six are needed"}
    if np.nansum(x) == 0:
        return {"reason": "there are no posts"}
    end = int((table["start"] <= until).sum()) if until is not None else int(np.nanargmax(x)) + 1
    from scipy.stats import t

    guard = n // 2
    y = 2 * np.sqrt(x[:end] + 3 / 8)
    before = np.lib.stride_tricks.sliding_window_view(np.append(np.full(n + guard, np.nan), y), n)[:end]
    known = (~np.isnan(before)).sum(axis=1)
    enough = (known >= max(6, n // 2)) & ~np.isnan(y)
    if not enough.any():
        return {"reason": f"no interval up to the end of the search has half of {n} intervals known before it"}
    mean, s = np.full(end, np.nan), np.full(end, np.nan)
    mean[enough] = np.nanmean(before[enough], axis=1)
    s[enough] = np.maximum(1, np.nanstd(before[enough], axis=1, ddof=1))
    with np.errstate(invalid="ignore"):
        p = t.sf((y - mean) / (s * np.sqrt(1 + 1 / np.maximum(known, 1))), np.maximum(known - 1, 1))
    breaks = np.flatnonzero(enough & (p < _CHANCE / enough.sum()) & (x[:end] >= _LEAST))
    if not len(breaks):
        return {"reason": f"none of {enough.sum():,} intervals breaks with its baseline of {n}"}
    i = int(breaks[0])
    if i == np.flatnonzero(enough)[0]:
        return {"reason": f"it began earlier: {table['start'].iloc[i]}, the first with a baseline, is above it"}
    usual = float(np.nanmean(np.append(np.full(n + guard, np.nan), x)[i : i + n]))
    first = {"start": table["start"].iloc[i], "posts": int(x[i]), "usual": usual, "p": float(p[i])}
    return first | {"reason": ""}
