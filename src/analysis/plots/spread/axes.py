"""What the figures of the spread share: axes of time and of counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from analysis.plots import dates, mark

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def step_of(table: pd.DataFrame) -> pd.Timedelta:
    """Give the length of a table's intervals.

    Parameters
    ----------
    table : DataFrame
        With ``start``, in order.

    Returns
    -------
    Timedelta
        From the first start to the second; an hour where there is only one.
    """
    starts = table["start"]
    return starts.iloc[1] - starts.iloc[0] if len(starts) > 1 else pd.Timedelta("1h")


def interval_name(step: pd.Timedelta) -> str:
    """Say a length of time as one would.

    >>> [interval_name(pd.Timedelta(every)) for every in ("1h", "1D", "10min", "25h")]
    ['hour', 'day', '10 minutes', 'day']
    """
    known = {pd.Timedelta("1min"): "minute", pd.Timedelta("1h"): "hour", pd.Timedelta("1D"): "day"}
    if pd.Timedelta("23h") <= step <= pd.Timedelta("25h"):  # a day on which clocks change
        return "day"
    return known.get(step, f"{step / pd.Timedelta('1min'):g} minutes")


def zone_label(table: pd.DataFrame) -> str:
    """Give the label of an axis of time, with its zone.

    >>> zone_label(pd.DataFrame({"start": pd.date_range("2018", periods=1, tz="America/New_York")}))
    'time (America/New York)'
    """
    return f"time ({str(table['start'].dt.tz).replace('_', ' ')})"


def time_axis(
    ax: Axes, table: pd.DataFrame, marks: Mapping[str, pd.Timestamp] | None = None, tight: bool = True
) -> None:
    """Write the times of an x axis in the table's own zone, and mark moments within its span.

    Parameters
    ----------
    ax : Axes
    table : DataFrame
        With ``start`` (datetime64 with a zone), in order, not empty.
    marks : mapping of str to Timestamp, optional
        What is written at which moment (with a zone); those outside the span are left out.
    tight : bool
        Whether the axis ends where the table does: with the end of its last interval.
    """
    first, last = table["start"].iloc[0], table["start"].iloc[-1] + step_of(table)
    if tight:
        ax.set_xlim(first, last)
    for text, when in (marks or {}).items():
        if first <= when <= last:
            mark(ax, when, text)
    dates(ax, str(table["start"].dt.tz))


def numbers(ax: Axes) -> None:
    """Write the counts of a y axis in full, with a comma at the thousands.

    A logarithmic axis of few decades (its top below 300 times its bottom) is numbered at 2 and 5 too. Call it once the
    scale and the limits are set: it reads them.

    Parameters
    ----------
    ax : Axes
    """
    from matplotlib.ticker import LogLocator, NullFormatter, StrMethodFormatter

    if ax.get_yscale() == "log":
        low, high = ax.get_ylim()
        ax.yaxis.set_major_locator(LogLocator(10, subs=(1, 2, 5) if high < 300 * low else (1,), numticks=12))
        ax.yaxis.set_minor_formatter(NullFormatter())
    ax.yaxis.set_major_formatter(StrMethodFormatter("{x:,.10g}"))
