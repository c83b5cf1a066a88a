"""The rhythm of day and week in the posts, and the counts without it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.intervals import bootstrap
from analysis.spread.count import as_counts
from analysis.spread.tables import checked, is_counts, values
from analysis.spread.times import lengths

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def rhythm(
    data: pd.DataFrame,
    of: str = "day",
    *,
    draws: int = 1000,
    level: float = 0.95,
    least: int = 10,
    seed: int = 0,
    gaps=None,
    zone: str = "UTC",
) -> pd.DataFrame:
    """Tell how the posts of a day lie over its hours, or those of a week over its days.

    Parameters
    ----------
    data : DataFrame
        Posts, or counts: by the hour or finer for the rhythm of the day, by the day or finer for that of the week.
    of : {"day", "week"}
        Whose rhythm.
    draws, seed : int
        How often whole days (weeks) are drawn again for the interval.
    level : float
        The confidence, between 0 and 1.
    least : int
        A day (week) with fewer posts is left out; and fewer days than 14 (weeks than 8) give no rhythm.
    gaps
        See :func:`analysis.spread.counts`. A day (week) that a gap touches is left out.
    zone : str
        In which hours and days are told. A day on which the clocks change is left out.

    Returns
    -------
    DataFrame
        One row an hour (0 to 23) or weekday (Monday first): ``hour`` (int64) or ``weekday`` (str), ``share`` (float;
        of the posts of an average day or week, each counting alike however many posts it holds), its interval ``low``
        and ``high``, ``days`` or ``weeks`` (int64; how many were taken) and ``reason`` (empty, or why the shares are
        missing).

    Raises
    ------
    ValueError
        Where `of` is another word.

    Notes
    -----
    Posts of one day hang together, so whole days are drawn (:func:`analysis.intervals.bootstrap`), and the percentile
    interval is widened as Hesterberg (2015, *The American Statistician* 69, 371) has it for few groups. Days are taken
    as alike: where a wave rises or falls within days, its slope is in the rhythm too. On 1,000 planted series a cell
    the 95% interval held the share of an hour 91% to 95% of the time (lowest for the quietest hour), that of a weekday
    93% to 95%.
    """
    if of not in ("day", "week"):
        raise ValueError(f"of={of!r}: there is a rhythm of the 'day' and one of the 'week'")
    size, name, unit, fewest = (24, "hour", "days", 14) if of == "day" else (7, "weekday", "weeks", 8)
    labels = np.arange(24) if of == "day" else list(WEEKDAYS)
    result = pd.DataFrame({name: labels}).assign(share=np.nan, low=np.nan, high=np.nan)
    if is_counts(data):
        data = checked(data)
    try:
        table = as_counts(data, "1h" if of == "day" else "1D", gaps=gaps, zone=zone)
    except ValueError as error:
        return result.assign(**{unit: 0}, reason=str(error))
    shares = _rounds(table, of, size, least)
    n = len(shares)
    if n < fewest:
        return result.assign(**{unit: n}, reason=f"{n} whole {unit} with {least} posts or more; {fewest} are needed")
    wide = _wider(level, n)
    ends = bootstrap({"share": shares}, np.ones((n, 1)), draws=draws, seed=seed, level=wide)["share"]
    return result.assign(share=shares.mean(axis=0), low=ends[0], high=ends[1], **{unit: n}, reason="")


def _rounds(table, of, size, least):
    """Give the shares of whole days or weeks, shape (rounds, size)."""
    start = table["start"]
    if of == "day":
        key, place = start.dt.strftime("%Y-%m-%d"), start.dt.hour
    else:
        place = start.dt.day_of_week
        key = (start.dt.tz_localize(None) - pd.to_timedelta(place, unit="D")).dt.strftime("%Y-%m-%d")
    frame = pd.DataFrame({"key": key, "place": place, "posts": values(table)})
    per = frame.groupby("key")["place"].agg(["size", "nunique"])
    whole = per.index[(per["size"] == size) & (per["nunique"] == size)]
    wide = frame.loc[frame["key"].isin(whole), "posts"].to_numpy().reshape(-1, size)  # in order of time
    total = wide.sum(axis=1, keepdims=True)
    return (wide / np.where(total > 0, total, np.nan))[total[:, 0] >= least]


def _wider(level, n):
    """Widen a level, so that percentiles of n drawn groups reach as far as Student's t."""
    from scipy.stats import norm, t

    return float(2 * norm.cdf(np.sqrt(n / (n - 1)) * t.ppf((1 + level) / 2, n - 1)) - 1)


def seasonal(data: pd.DataFrame, every: str | None = None, *, period: int | None = None, gaps=None) -> pd.DataFrame:
    """Take the counts apart into trend, rhythm and rest.

    Parameters
    ----------
    data : DataFrame
        Posts, or counts, see :func:`analysis.spread.as_counts`.
    every : str, optional
        The length of an interval.
    period : int, optional
        How many intervals make a round; by default those of a day, and for days those of a week.
    gaps
        See :func:`analysis.spread.counts`.

    Returns
    -------
    DataFrame
        One row an interval: ``start``, ``posts`` (Int64, missing in gaps), ``trend`` (posts per interval without the
        rhythm), ``rhythm`` (a factor) and ``rest`` (a factor; missing in gaps, which are bridged before, from the same
        hour, or weekday, of the rounds on either side). ``attrs["strength"]`` is from 0 to 1: how much of what is not
        trend is rhythm; ``attrs["reason"]`` says why all is missing, if it is.

    Notes
    -----
    STL (Cleveland, Cleveland, McRae & Terpenning 1990, *J. Official Statistics* 6, 3; in statsmodels), robust, of
    ``ln(posts + 1)``. Strength after Wang, Smith & Hyndman (2006, *Data Mining and Knowledge Discovery* 13, 335).
    On 200 planted series a cell: the factor of the highest hour (1.82) came back with a root mean square error of 0.06
    for 100 posts an hour, 0.22 for 5, and 0.47 where their variance is 21 times chance; the trend lay 7% too low
    there. The strength is never 0: 0.22 of scattered counts that have no rhythm.
    """
    table = as_counts(data, every, gaps=gaps)[["start", "posts"]]
    x = values(table)
    hours = float(np.median(lengths(table["start"]))) if len(table) else 1.0
    period = period or (7 if hours >= 24 else max(2, round(24 / hours)))
    why = ""
    if len(x) < 3 * period:
        why = f"{len(x)} intervals are too few: three rounds of {period} are needed"
    elif np.isnan(x).mean() > 0.2 or np.nansum(x) < 30:
        why = f"{np.nansum(x):.0f} posts, {np.isnan(x).mean():.0%} of the time in gaps: too little to take apart"
    if why:
        table = table.assign(trend=np.nan, rhythm=np.nan, rest=np.nan)
        table.attrs |= {"strength": np.nan, "reason": why}
        return table
    from statsmodels.tsa.seasonal import STL

    places = pd.Series(np.log1p(x)).groupby(np.arange(len(x)) % period)
    bridged = places.transform(lambda same: same.interpolate(limit_direction="both"))
    found = STL(bridged.to_numpy(), period=period, robust=True).fit()
    rest = np.where(np.isnan(x), np.nan, found.resid)
    strength = max(0.0, 1 - np.nanvar(rest) / np.nanvar(np.where(np.isnan(x), np.nan, found.resid + found.seasonal)))
    trend = np.maximum(np.expm1(found.trend), 0)
    table = table.assign(trend=trend, rhythm=np.exp(found.seasonal), rest=np.exp(rest))
    table.attrs |= {"strength": float(strength), "reason": ""}
    return table
