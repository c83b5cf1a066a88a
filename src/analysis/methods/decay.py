"""The decay of a wave: how the posts fell after their peak, by two laws, and which of them fits better."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from analysis.methods.laws import FLOOR, HEIGHT, LAWS, SHAPE, fit_law, harmonics
from analysis.spread.tables import even
from analysis.spread.times import in_utc

#: From this difference of AIC on a law is called better (Burnham & Anderson 2002, section 2.6).
CLEAR = 10.0
#: Why an end of an interval is open.
MISSES = (
    "the law does not follow the counts, or they waver slowly: its residuals stay alike so long that the window is "
    "worth too few independent intervals for its parameters"
)
LEVEL = "no fall at all lies within the interval"
STEEP = "a fall within the first interval of time lies within the interval"
_NUMBERS = (
    *("estimate", "low", "high", "half_life", "half_low", "half_high", "aic", "aic_over_best", "at_start"),
    *("background", "delay", "dispersion", "autocorrelation", "independent"),
)


def relaxation(
    counts: pd.DataFrame,
    start: pd.Timestamp,
    end: pd.Timestamp | None = None,
    *,
    origin: pd.Timestamp | None = None,
    background: float | str = "fitted",
    daily: int | None = None,
    weekly: int = 0,
) -> pd.DataFrame:
    """Fit an exponential and a power law to the counts after the peak, together with background and rhythm.

    Parameters
    ----------
    counts : DataFrame
        ``start`` (UTC) and ``posts`` at even distances, hours or days say; posts are missing in a gap of the
        collection, which is left out and never taken as silence.
    start, end : Timestamp
        The window, in UTC, half-open; by default to the end of the table.
    origin : Timestamp, optional
        The moment from which the power law counts its time, before `start`; by default one interval before it. The
        exponential has no use for it.
    background : float or "fitted"
        Posts per interval on which the wave rides: known from the time before it (0 for none), or fitted.
    daily, weekly : int, optional
        Waves of the day and of the week in the rhythm, which multiplies all of it. By default 2 of the day for
        intervals of less than twelve hours, else none; and none of the week (3 tell all days apart).

    Returns
    -------
    DataFrame
        A row a law:

        - ``law``; ``estimate`` with ``low`` and ``high`` (95%): rate per hour, or exponent; an end that the data leave
          open is 0 or infinite;
        - ``half_life``, ``half_low``, ``half_high`` (hours): after them the exponential has halved; for the power law,
          after which it first halved, counted from `start` (each later halving takes longer);
        - ``aic``, ``aic_over_best`` (0 for the better one; divided by what its autocorrelation inflates a variance by);
        - ``verdict``: the better law where it is better by 10 or more, else "not distinguishable";
        - ``at_start``, ``background`` (posts per interval), ``delay`` (hours from origin to start), ``dispersion``
          (variance beyond chance, over the squared mean), ``autocorrelation`` (of neighbouring residuals),
          ``independent`` (how many independent intervals those fitted are worth);
        - ``intervals``, ``posts``: what was fitted; ``start``, ``end``;
        - ``reason``: empty, or why the numbers are missing (NaN) or an end of the interval is open.

    Raises
    ------
    ValueError
        Where the table is none of even counts, or the arguments contradict each other.

    Notes
    -----
    Crane & Sornette 2008, *PNAS* 105, 15649 (a power law after the peak; its exponent tells what kind of peak it was).
    Fitted by negative binomial likelihood (:mod:`analysis.methods.negbin`), for a line through log-log points weighs a
    count of 3 like one of 3,000, and can have no zeros. Profile intervals (:func:`analysis.methods.laws.fit_law`). The
    answer depends on the choices: see :func:`analysis.methods.choices.relaxation_table` before saying any of it aloud.

    On planted waves (``benchmarks/recovery_spread.py``, seed 3, 200 replicates a cell, so within 1.4 to 2.2 points)
    the 95% interval of the planted law held the truth 90% to 96% of the time, least often where neighbouring counts are
    alike. By the hour over 336 hours the law was rightly named in 93% or more (61% at an autocorrelation of 0.9), never
    wrongly; by the day over 14 to 60 days in 1% to 55%, wrongly in 1% at most. An interval is open (0 to infinity)
    where the law does not follow the counts: with a half-life of a day on a fifth of background, never in 12 x 30 fits
    of the right law with the background fitted, but in 29 of 30 or more over 700 hours with the background set to 0.

    Examples
    --------
    >>> hours = pd.date_range("2017-10-16", periods=48, freq="h", tz="UTC")
    >>> halving = pd.DataFrame({"start": hours, "posts": (4096 * 2.0 ** (-np.arange(48) / 6)).round()})
    >>> float(relaxation(halving, hours[1], background=0, daily=0)["half_life"].iloc[0].round(2))
    6.0
    """
    series = even(counts)
    step = series.step / pd.Timedelta("1h")
    if background != "fitted" and not (isinstance(background, int | float) and 0 <= background < math.inf):
        raise ValueError(f"background is {background!r}; give posts per interval, 0 or more, or 'fitted'")
    start = in_utc(start)
    end = series.start[-1] + series.step if end is None else in_utc(end)
    begin = start - series.step if origin is None else in_utc(origin)
    if begin >= start:
        raise ValueError(f"the origin, {begin}, is not before the window, which starts at {start}")
    inside = np.asarray((series.start >= start) & (series.start + series.step <= end))
    observed = inside & ~np.isnan(series.posts)
    y, when = series.posts[observed], series.start[observed]
    daily = (2 if step < 12 else 0) if daily is None else daily
    reason = _why_not(y, int(inside.sum()), 4 + 2 * (daily + weekly))
    about = {"verdict": "", "intervals": len(y), "posts": int(y.sum()), "start": start, "end": end, "reason": reason}
    if reason:
        return pd.DataFrame([{"law": law, **dict.fromkeys(_NUMBERS, math.nan), **about} for law in LAWS])
    u = np.flatnonzero(observed).astype(float)
    # the first interval of the window may lie in a gap: time runs from the first that was seen
    delay = (start - begin) / series.step + (when[0] - start) / series.step
    waves = harmonics((when - pd.Timestamp("2017-10-16T00:00Z")) / pd.Timedelta("1h") + step / 2, daily, weekly)
    floor = None if background == "fitted" else float(background)
    laws = [fit_law(law, y, u, waves, delay, floor) for law in LAWS]
    rows = [_row(law, fitted, step, delay) for law, fitted in zip(LAWS, laws, strict=True)]
    best = int(np.argmin([row["aic"] for row in rows]))
    least, spread = rows[best]["aic"], laws[best].spread  # a law that misses leaves residuals that agree
    for row in rows:
        row["aic_over_best"] = (row["aic"] - least) / spread
    clear = max(row["aic_over_best"] for row in rows) >= CLEAR
    about["verdict"] = rows[best]["law"] if clear else "not distinguishable"
    return pd.DataFrame([row | about | {"reason": row["reason"]} for row in rows])


def _why_not(y, wide, free):
    """Say why a window cannot be fitted; empty where it can."""
    if wide == 0:
        return "the window holds no whole interval"
    if len(y) == 0:
        return "the whole window lies in a gap of the collection"
    if len(y) < 2 * free:
        return f"{len(y)} intervals were observed in the window, and {2 * free} are needed"
    if y.sum() < 100 or np.count_nonzero(y) < free:
        return f"{int(y.sum())} posts in {np.count_nonzero(y)} intervals are too few to fit; 100 in {free} are needed"
    return ""


def _row(law, fitted, step, delay):
    """Make a row of a fitted law, in hours."""
    theta, low, high = fitted.fit.theta, max(fitted.low, 0.0), fitted.high
    halves = [_half(law, shape, delay) * step for shape in (theta[SHAPE], high, low)]
    per = step if law == "exponential" else 1.0
    row = {"law": law} | dict.fromkeys(_NUMBERS, math.nan)
    row |= {"aic": 2 * fitted.parameters - 2 * fitted.fit.loglik, "reason": ""}
    row |= {"background": math.exp(theta[FLOOR]), "dispersion": math.exp(fitted.fit.log_dispersion)}
    row |= {"autocorrelation": fitted.autocorrelation, "at_start": math.exp(theta[HEIGHT])}
    row["independent"] = len(fitted.fit.mean) / fitted.spread
    row["delay"] = math.nan if law == "exponential" else delay * step
    if not fitted.fit.settled or not 0 < theta[SHAPE] < 20:
        return row | {"reason": "the counts show no fall that this law could follow"}
    row |= {"estimate": theta[SHAPE] / per, "low": low / per, "high": high / per, "half_life": halves[0]}
    row |= {"half_low": halves[1], "half_high": halves[2]}
    if low > 0 and high < math.inf:
        return row
    if row["independent"] - (fitted.parameters - 1) < 1:
        return row | {"reason": MISSES}
    return row | {"reason": LEVEL if low == 0 else STEEP}


def _half(law, shape, delay):
    """Give the intervals in which a law first halves: 0 for an endless rate, endless for none."""
    if not 0 < shape < math.inf:
        return 0.0 if shape == math.inf else math.inf
    half = math.log(2) / shape
    if law == "exponential":
        return half
    return delay * math.expm1(half) if half < 700 else math.inf
