"""The effect of an event: what came against what was to be expected, held to what other dates show."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.spread.noise import inflation
from analysis.spread.tables import Series, even
from analysis.spread.times import in_utc

#: With fewer placebo dates than this no interval of 95% can be read off them (one in 40 lies beyond either end).
ENOUGH = 39
#: The intervals of the pre-period.
BEFORE = 28
#: Placebo dates lie at most so far from the event.
FARTHEST = pd.Timedelta("366D")


def effect_of(
    counts: pd.DataFrame,
    event: pd.Timestamp,
    *,
    after: int = 1,
    chosen: str = "record",
    avoid: Sequence[pd.Timestamp] = (),
) -> dict:
    """Estimate what an event added: an interrupted series with a pre-period, and a placebo test on other dates.

    Parameters
    ----------
    counts : DataFrame
        ``start`` (UTC) and ``posts`` at even distances, days say; posts are missing in a gap of the collection.
    event : Timestamp
        In UTC. The window begins with the interval that holds it.
    after : int
        How many intervals the window has; the pre-period has 28.
    chosen : {"record", "curve"}
        Why this date: for what happened on it, whatever the curve does, or because the curve peaks there. In the second
        case there is no p-value: among many dates one is always the highest.
    avoid : sequence of Timestamp
        Other known events: a date is no placebo where its window or the half of its pre-period that is nearest holds
        one of them.

    Returns
    -------
    dict
        ``event`` (Timestamp), ``posts`` (what came), ``expected``, ``ratio`` with its 95% interval ``low`` and
        ``high``; ``interval`` ("placebo" or "model": how the ends were found); ``p`` (placebo test, both sides) and
        ``rank`` (text: where it stands among all dates compared); ``placebos`` (how many); ``dispersion`` and
        ``autocorrelation`` of the pre-period; ``chosen``; ``reason`` (empty, or why numbers are missing).

    Raises
    ------
    ValueError
        Where the table is none of even counts, the event lies outside it, or an argument is out of range.

    Notes
    -----
    Interrupted time series: Wagner et al. 2002, *J. Clin. Pharm. Ther.* 27, 299. What is expected in the window is the
    mean of the pre-period; half of it and the whole window have to be known. The placebo test does the same at every
    other date within 366 days (Abadie, Diamond & Hainmueller 2010, *J. Am. Stat. Assoc.* 105, 493): its p-value is
    ``(1 + as far or farther) / (1 + placebos)`` of the distances of the logarithm from its median over the placebos.
    With 39 placebos or more the interval is read off them as well (a conformal interval: Chernozhukov, Wüthrich & Zhu
    2021, *J. Am. Stat. Assoc.* 116, 1849), which presumes that the other dates are like this one. With fewer it is the
    model's: Student's t on the logarithm, its variance inflated by the dispersion and the autocorrelation of the
    pre-period. On 1,000 planted series a cell the 95% interval read off placebos held the ratio 93% to 97% of the time,
    the model's 95% to 97% (over 60 days).
    """
    series, event = even(counts), in_utc(event)
    position = _checked(series, event, after, chosen)
    effect = {"event": event, "posts": math.nan, "expected": math.nan, "ratio": math.nan, "low": math.nan}
    effect |= {"high": math.nan, "interval": "", "p": math.nan, "rank": "", "placebos": 0, "dispersion": math.nan}
    effect |= {"autocorrelation": math.nan, "chosen": chosen, "reason": ""}
    window = _estimate(series, position, after)
    if isinstance(window, str):
        return effect | {"reason": window}
    error, free, dispersion, autocorrelation = _error(series.posts[position - BEFORE : position], after)
    effect |= {"posts": int(window.came), "expected": window.expected, "ratio": math.exp(window.log_ratio)}
    effect |= {"dispersion": dispersion, "autocorrelation": autocorrelation}
    others = _placebos(series, position, after, avoid)["log_ratio"].to_numpy()
    effect["placebos"] = len(others)
    low, high, effect["interval"] = _ends(window.log_ratio, error, free, others)
    effect |= {"low": math.exp(low), "high": math.exp(min(high, 700))}
    if len(others):
        middle = np.median(others)
        farther = int((np.abs(others - middle) >= abs(window.log_ratio - middle)).sum())
        effect["rank"] = f"{farther + 1} of {len(others) + 1} dates, by how far off it is"
        if chosen == "record" and len(others) >= 19:
            effect["p"] = (1 + farther) / (1 + len(others))
    if window.came == 0:
        effect["reason"] = "nothing came in the window: a ratio of 0 has no interval"
        effect |= {"low": math.nan, "high": math.nan, "interval": ""}
    elif chosen == "curve":
        effect["reason"] = "the date was chosen because the curve peaks there: a p-value would mean nothing"
    elif len(others) < 19:
        effect["reason"] = f"{len(others)} placebo dates are too few for a p-value of 5%; 19 are needed"
    return effect


def placebo_effects(
    counts: pd.DataFrame, event: pd.Timestamp, *, after: int = 1, avoid: Sequence[pd.Timestamp] = ()
) -> pd.DataFrame:
    """Give the ratios at the dates where nothing is known to have happened, that :func:`effect_of` compares with.

    Parameters
    ----------
    counts, event, after, avoid
        As for :func:`effect_of`.

    Returns
    -------
    DataFrame
        A row a date: ``start`` (UTC) and ``ratio``. No window or pre-period of it holds the event.
    """
    series, event = even(counts), in_utc(event)
    position = _checked(series, event, after, "record")
    table = _placebos(series, position, after, avoid)
    return table.assign(ratio=np.exp(table["log_ratio"]))[["start", "ratio"]]


def _checked(series: Series, event, after, chosen):
    """Check the arguments; give the position of the event's interval."""
    if after < 1:
        raise ValueError(f"after is {after}; one interval is the least")
    if chosen not in ("record", "curve"):
        raise ValueError(f"chosen is {chosen!r}; it is 'record' or 'curve'")
    position = int((event - series.start[0]) // series.step)
    if not 0 <= position < len(series.posts):
        raise ValueError(f"the event, {event}, lies outside the counts, {series.start[0]} to {series.start[-1]}")
    return position


class _Window(NamedTuple):
    """Posts that came in a window and that were expected, and the logarithm of their ratio (-inf where none came)."""

    came: float
    expected: float
    log_ratio: float


def _estimate(series, position, after):
    """Hold the window that begins at a position to the intervals before it; text, saying why, where that cannot be."""
    if position < BEFORE:
        return f"{position} intervals were counted before it, and {BEFORE} are needed"
    if position + after > len(series.posts):
        return f"the counts end before the window of {after} intervals does"
    pre_period, window = series.posts[position - BEFORE : position], series.posts[position : position + after]
    if np.isnan(window).any():
        return "the window lies in a gap of the collection, or partly"
    known = pre_period[~np.isnan(pre_period)]
    if len(known) * 2 < BEFORE:
        return f"{len(known)} of {BEFORE} intervals before it were observed, the rest lies in a gap; half are needed"
    if known.sum() < 20 or np.count_nonzero(known) < 5:
        return f"{int(known.sum())} posts in the pre-period are too few; 20 in 5 intervals are needed"
    came, expected = float(window.sum()), float(after * known.mean())
    return _Window(came, expected, math.log(came / expected) if came else -math.inf)


def _error(pre_period, after):
    """Give the log ratio's standard error and degrees of freedom, and the pre-period's dispersion and autocorrelation.

    The variance of a count is ``m + dispersion * m**2`` about its mean m.
    """
    observed = np.flatnonzero(~np.isnan(pre_period))
    known, n = pre_period[observed], len(observed)
    mean = known.mean()
    autocorrelation, inflated = inflation((known - mean) / math.sqrt(mean), observed - observed[0])
    dispersion = max(float(np.sum((known - mean) ** 2 - mean) / (n * mean**2)), 0.0) * n / (n - 1)
    # the window's share of autocorrelation is bounded by its own length
    variance = (dispersion * inflated + 1 / mean) / n + (dispersion * min(inflated, after) + 1 / mean) / after
    return math.sqrt(variance), max(n / inflated - 1, 1.0), dispersion, autocorrelation


def _placebos(series, position, after, avoid):
    """Estimate at all dates that may serve as placebos and where something came: ``start`` (UTC) and ``log_ratio``."""
    far = int(FARTHEST // series.step)
    events = sorted({position, *(int((in_utc(when) - series.start[0]) // series.step) for when in avoid)})
    rows = []
    for other in range(max(BEFORE, position - far), min(len(series.posts) - after, position + far) + 1):
        if other - BEFORE <= position < other + after or position <= other < position + after:
            continue
        if any(other - BEFORE // 2 <= event < other + after for event in events):
            continue
        window = _estimate(series, other, after)
        if not isinstance(window, str) and window.came:
            rows.append((series.start[other], window.log_ratio))
    return pd.DataFrame(rows, columns=["start", "log_ratio"]).astype({"log_ratio": float})


def _ends(log_ratio, error, free, others):
    """Give the ends of the interval of the log ratio, and how they were found."""
    from scipy.stats import t

    n = len(others)
    if n >= ENOUGH:
        tail = (n + 1) * 0.025
        line = np.sort(others)
        low, high = (np.interp(rank, np.arange(1, n + 1), line) for rank in (tail, n + 1 - tail))
        return log_ratio - high, log_ratio - low, "placebo"
    half = float(t.ppf(0.975, free)) * error
    return log_ratio - half, log_ratio + half, "model"
