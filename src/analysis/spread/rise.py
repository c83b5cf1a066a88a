"""The rise of a hashtag: before and after a moment, and how fast the posts multiplied."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pandas as pd

from analysis.intervals import wilson_interval
from analysis.spread.count import as_counts
from analysis.spread.tables import is_counts, masked, values
from analysis.spread.times import lengths, microseconds, numbers_of, utc

#: The call of 15 October 2017 that asked for "me too" as an answer; the time stands in the id of the post itself.
CALL = pd.Timestamp("2017-10-15T20:21:11Z")


def around(posts: pd.DataFrame, moment: pd.Timestamp = CALL, minutes: int = 20) -> dict:
    """Compare the posts just before a moment with those just after it.

    Parameters
    ----------
    posts : DataFrame
        A posts table; ``created_at`` is needed.
    moment : Timestamp
    minutes : int
        The length of each window, 1 or more.

    Returns
    -------
    dict
        ``before`` and ``after`` (int; posts in the half-open windows on either side), ``ratio`` (after over before)
        with its 95% interval ``low`` and ``high``; NaN where no window holds a post, inf where nothing came before.

    Notes
    -----
    Given their sum, the later of two Poisson counts is binomial (Przyborowski & Wilenski 1940, *Biometrika* 31, 313);
    the interval is Wilson's for that share, turned into a ratio, and too narrow for posts that come in clumps.
    """
    if minutes < 1:
        raise ValueError(f"minutes is {minutes}; a window of at least one minute is needed")
    width = pd.Timedelta(minutes=minutes)
    times = posts["created_at"]
    before = int(((times >= moment - width) & (times < moment)).sum())
    after = int(((times >= moment) & (times < moment + width)).sum())
    share = wilson_interval(after, before + after)
    odds = {name: math.inf if share[name] == 1 else share[name] / (1 - share[name]) for name in share}
    return {"before": before, "after": after, "ratio": odds["share"], "low": odds["low"], "high": odds["high"]}


def growth(data: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp, every: str = "10min", *, gaps=None) -> dict:
    """Estimate how fast the posts multiplied between two moments.

    Parameters
    ----------
    data : DataFrame
        A posts table (``created_at`` is needed), or counts, see :func:`analysis.spread.from_table`.
    start, end : Timestamp
        The window, with a zone; half-open. It is cut into whole intervals from `start`, a rest at its end is left out;
        of counts, the intervals that lie within it whole are taken as they are.
    every : str
        The length of an interval, of posts.
    gaps : DataFrame or pairs, optional
        See :func:`analysis.spread.counts`; intervals in gaps tell nothing.

    Returns
    -------
    dict
        - ``start``, ``end`` (Timestamp): the window as it was cut; ``posts``, ``intervals`` (int): what it held, gaps
          aside;
        - ``doubling`` (hours), with its 95% interval ``low`` and ``high``; negative, it is a halving time; missing
          (NaN) where growth cannot be told from none;
        - ``rate``, ``rate_low``, ``rate_high`` (per hour): the exponent; ``at_start`` (posts per hour): the curve at
          `start`; ``dispersion``: 1 for independent posts, more where they come in clumps;
        - ``why`` (str): empty, or the reason why the estimates are missing (NaN).

    Notes
    -----
    Counts follow ``exp(a + rate * t)``, fitted by Poisson likelihood (statsmodels); the standard error is multiplied by
    the square root of the Pearson dispersion, and Student's t with ``intervals - 2`` degrees of freedom gives the
    interval (quasi-likelihood: McCullagh & Nelder 1989, *Generalized Linear Models*, section 6.2). The dispersion is
    taken as it comes, but never below a half. The growth is taken as steady over the window.
    """
    begin, hours, counted = _windowed(data, start, end, every, gaps)
    known = ~np.isnan(counted)
    n, posts = int(known.sum()), int(np.nansum(counted))
    last = begin + pd.Timedelta(float(hours.sum()), "h").round("us")
    result = {"start": begin, "end": last, "posts": posts, "intervals": n}
    names = ["doubling", "low", "high", "rate", "rate_low", "rate_high", "at_start", "dispersion"]
    missing = dict.fromkeys(names, math.nan)
    if n < 5:
        return result | missing | {"why": f"the window holds {n} known intervals, and five are needed"}
    if posts < 20 or np.count_nonzero(counted[known]) < 3:
        return result | missing | {"why": f"{posts} posts in the window are too few to fit; 20 are needed"}
    middle = np.cumsum(hours) - hours / 2
    rate, error, at_start, dispersion = _log_linear(middle[known], counted[known], hours[known])
    from scipy.stats import t

    half = float(t.ppf(0.975, n - 2)) * error
    low, high = rate - half, rate + half
    times = [math.log(2) / r if low * high > 0 else math.nan for r in (rate, high, low)]
    return result | {
        "doubling": times[0], "low": times[1], "high": times[2], "rate": rate, "rate_low": low, "rate_high": high,
        "at_start": at_start, "dispersion": dispersion, "why": "",
    }  # fmt: skip


def in_words(fit: dict) -> str:
    """Say in a sentence, without a full stop, what :func:`growth` gave, its interval included."""
    start, end = fit["start"], fit["end"]
    first = f"{start:%H:%M}" if start.date() == end.date() else f"{start:%H:%M} on {start.day} {start:%B}"
    window = f"between {first} and {end:%H:%M} UTC on {end.day} {end:%B %Y}"
    if fit["why"]:
        return f"{window}, no growth can be told: {fit['why']}"
    if math.isnan(fit["doubling"]):
        return f"{window}, {fit['posts']:,} posts do not tell growth from none"
    ends = sorted(60 * abs(fit[name]) for name in ("low", "high"))
    verb = "doubled" if fit["doubling"] > 0 else "halved"
    every = f"every {60 * abs(fit['doubling']):.0f} minutes (95% interval {ends[0]:.0f} to {ends[1]:.0f} minutes)"
    return f"{window}, the {fit['posts']:,} posts {verb} {every}"


def _windowed(data, start, end, every, gaps):
    """Give the beginning of a window, the hours of its intervals and their counts, missing ones as NaN."""
    if is_counts(data):
        table = as_counts(data, gaps=gaps)
        hours = lengths(table["start"])
        inside = (table["start"] >= start) & (table["start"] + pd.to_timedelta(hours, unit="h") <= end)
        table, hours = table[inside], hours[inside.to_numpy()]
        return (table["start"].iloc[0] if len(table) else start), hours, values(table)
    step = microseconds(every)
    n = max(int((end - start) / pd.Timedelta(step, "us")), 0)
    since = (data["created_at"] - start).to_numpy("timedelta64[us]").astype("int64")
    inside = data["created_at"].notna().to_numpy() & (since >= 0) & (since < n * step)
    posts = np.bincount(since[inside] // step, minlength=n) if n else np.zeros(0, dtype=int)
    edges = numbers_of([start])[0] + np.arange(n) * step
    table = masked(pd.DataFrame({"start": utc(edges), "posts": pd.array(posts, dtype="Int64")}), gaps)
    return start, np.full(n, step / 3.6e9), values(table)


def _log_linear(x, y, hours):
    """Fit ``log E[y] = log hours + a + b x``; give b, its standard error, exp(a) and the dispersion."""
    from statsmodels.genmod.families import Poisson
    from statsmodels.genmod.generalized_linear_model import GLM
    from statsmodels.tools.sm_exceptions import PerfectSeparationWarning

    design = np.column_stack([np.ones_like(x), x - x.mean()])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PerfectSeparationWarning)  # counts that are all alike are no mistake
        fitted = GLM(y, design, family=Poisson(), exposure=hours).fit(tol=1e-12)
    dispersion = max(0.5, float(fitted.pearson_chi2 / fitted.df_resid))
    error = math.sqrt(dispersion * fitted.cov_params(scale=1.0)[1, 1])
    level, slope = (float(value) for value in fitted.params)
    return slope, error, math.exp(level - slope * x.mean()), dispersion
