"""Time cut into intervals: whole steps in UTC, or steps from each midnight of another zone on."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd

#: More intervals than this are a mistake in `every`, not a question.
MOST_INTERVALS = 10_000_000
_DAY = 86_400_000_000


def microseconds(every) -> int:
    """Give the length of an interval, written as pandas does ("10min", "1h", "1D"), in whole microseconds."""
    try:
        step = int(pd.Timedelta(pd.tseries.frequencies.to_offset(every)) / pd.Timedelta("1us"))
    except (ValueError, TypeError):
        raise ValueError(f"every={every!r} is no fixed length of time; write '10min', '1h' or '1D', say") from None
    if step < 1:
        raise ValueError(f"every={every!r} must be longer than nothing")
    return step


def utc(numbers, zone: str = "UTC") -> pd.DatetimeIndex:
    """Make times (datetime64[us, zone]) of microseconds since 1970 in UTC; see :func:`numbers_of` for the way back."""
    times = pd.DatetimeIndex(np.asarray(numbers, dtype=np.int64).view("M8[us]")).tz_localize("UTC")
    return times if zone == "UTC" else times.tz_convert(zone)


def numbers_of(times) -> np.ndarray:
    """Give times with a zone as microseconds since 1970. A missing one would be the earliest of all: ValueError."""
    times = pd.DatetimeIndex(times)
    if times.hasnans:
        raise ValueError(f"{times.isna().sum():,} of {len(times):,} times are missing; leave those rows out")
    return times.tz_convert("UTC").as_unit("us").asi8


def in_utc(moment) -> pd.Timestamp:
    """Give a moment in UTC; one without a zone is taken as UTC."""
    moment = pd.Timestamp(moment)
    return moment.tz_localize("UTC") if moment.tzinfo is None else moment.tz_convert("UTC")


def check_zone(zone: str) -> None:
    """Refuse what is not the name of a time zone, as the time zone database has it."""
    try:
        known = isinstance(zone, str) and zone != "" and pd.Timestamp(0, tz=zone) is not None
    except (KeyError, ValueError, OSError):
        known = False
    if not known:
        raise ValueError(f"zone={zone!r} is no time zone; write 'UTC' or 'America/New_York', say")


def cut(first: int, last: int, every: str, zone: str = "UTC") -> np.ndarray:
    """Give the edges of the intervals from the one that holds the first moment to the one that holds the last.

    All in microseconds since 1970. In UTC, edges are whole multiples of `every` since 1970. Elsewhere, steps of whole
    days go from midnight to midnight, 23 to 25 hours; shorter ones are cut from each midnight on, and must divide a
    day, whose last may be shorter where the clocks change. ValueError: more than ten million intervals, or no divisor.
    """
    step = microseconds(every)
    size = last // step - first // step + 1
    if size > MOST_INTERVALS:
        raise ValueError(f"every={every!r} cuts these posts into {size:,} intervals; take a longer one")
    if zone == "UTC":
        return (first // step + np.arange(size + 1)) * step
    check_zone(zone)
    days = max(step // _DAY, 1)
    if step % _DAY and _DAY % step:
        raise ValueError(f"every={every!r} neither divides a day nor is whole days; in another zone than UTC it must")
    ends = [pd.Timestamp(moment, unit="us", tz="UTC").tz_convert(zone).date() for moment in (first, last)]
    begin, end = ((np.datetime64(day, "D").astype(int)) // days for day in ends)
    dates = pd.DatetimeIndex((np.arange(begin, end + 2) * days).astype("M8[D]").astype("M8[us]"))
    local = dates.tz_localize(zone, nonexistent="shift_forward", ambiguous=np.ones(len(dates), dtype=bool))
    midnights = numbers_of(local)
    if step >= _DAY:
        return midnights
    parts = [np.arange(begin, end, step) for begin, end in pairwise(midnights)]
    edges = np.concatenate([*parts, midnights[-1:]])
    return edges[np.searchsorted(edges, first, "right") - 1 : np.searchsorted(edges, last, "right") + 1]


def lengths(starts: pd.Series) -> np.ndarray:
    """Give the hours that each interval of a table lasts; the last one is taken to be as long as is usual.

    Days of a zone whose clocks change last 23 or 25. A single interval is taken to last an hour.
    """
    if len(starts) < 2:
        return np.ones(len(starts))
    hours = np.diff(numbers_of(starts)) / 3.6e9
    usual, zone = float(np.median(hours)), pd.DatetimeIndex(starts).tz
    if usual >= 22 and str(zone) != "UTC":  # days, which the clocks may have cut or stretched
        end = starts.iloc[-1].tz_localize(None) + pd.Timedelta(round(usual / 24), "D")
        end = end.tz_localize(zone, nonexistent="shift_forward", ambiguous=True)
        usual = (end - starts.iloc[-1]) / pd.Timedelta("1h")
    return np.append(hours, usual)
