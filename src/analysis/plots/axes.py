"""What the figures share: opening Axes, colours and hatches, axes of time and of counts, and the last touches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Eight colours that people with any common colour vision tell apart (Okabe & Ito 2008, "Color Universal Design"),
#: ordered so that neighbours differ in lightness as well.
PALETTE = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#000000", "#F0E442")
#: What is said beside the data: intervals, reference lines, notes.
QUIET = "#5A5A5A"
#: One style a series, in the order of the palette.
LINE_STYLES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1, 1, 1)), "-", "--")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
HATCHES = ("", "///", "...", "xxx", "\\\\\\", "+++", "ooo", "|||")


def new_axes(width: float = 8.0, height: float = 4.0) -> Axes:
    """Give an empty Axes on a figure of its own.

    Parameters
    ----------
    width, height : float
        Inches.

    Returns
    -------
    matplotlib.axes.Axes
        On a figure with constrained layout, so that labels are not cut off. The figure is not registered with
        pyplot: nothing global remembers it.
    """
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained").subplots()


def canvas(ax: Axes | None, width: float = 8.0, height: float = 4.0) -> Axes:
    """Give the Axes to draw on: the caller's, or, where none was given, one of :func:`new_axes`.

    Parameters
    ----------
    ax : matplotlib.axes.Axes or None
    width, height : float
        Inches, of a new one.

    Returns
    -------
    matplotlib.axes.Axes
    """
    return new_axes(width, height) if ax is None else ax


def refuse(nothing: bool, why: str = "the table has no rows") -> None:
    """Refuse to draw where there is nothing, as an empty figure would look like a result.

    Parameters
    ----------
    nothing : bool
        Whether there is nothing to draw.
    why : str

    Raises
    ------
    ValueError
        Where there is nothing.
    """
    if nothing:
        raise ValueError(f"there is nothing to draw: {why}")


def finish(
    ax: Axes,
    *,
    title: str | None = None,
    x: str | None = None,
    y: str | None = None,
    alt: str | None = None,
    table: pd.DataFrame | None = None,
) -> Axes:
    """Style an Axes, name its axes, and keep on its figure what :func:`analysis.lesson.show` needs.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    title, x, y : str, optional
        The title and the labels of the two axes, units included.
    alt : str, optional
        What the figure shows, for those who do not see it; kept as ``ax.figure.alt_text``.
    table : DataFrame, optional
        The numbers behind the figure; kept as ``ax.figure.source_table``.

    Returns
    -------
    matplotlib.axes.Axes
        The same Axes.
    """
    ax.spines[["top", "right"]].set_visible(False)
    ax.grid(axis="y", color="#DDDDDD", linewidth=0.8)
    ax.set_axisbelow(True)
    if title is not None:
        ax.set_title(title, loc="left", fontsize=11)
    if x is not None:
        ax.set_xlabel(x)
    if y is not None:
        ax.set_ylabel(y)
    keep(ax.get_figure(root=True), alt=alt, table=table)
    return ax


def keep(figure: Figure, *, alt: str | None = None, table: pd.DataFrame | None = None) -> Figure:
    """Keep the alternative text and the table of a figure on it, as ``alt_text`` and ``source_table``.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    alt : str, optional
    table : DataFrame, optional
        What is not given stays as it is.

    Returns
    -------
    matplotlib.figure.Figure
        The same figure.
    """
    if alt is not None:
        figure.alt_text = " ".join(alt.split())
    if table is not None:
        figure.source_table = table
    return figure


def mark(ax: Axes, when, text: str) -> None:
    """Mark a moment by a thin vertical line with words at its head, on its left where little room is on its right.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        With time on its x axis.
    when : datetime-like
        In UTC.
    text : str
        What happened then.
    """
    from matplotlib.dates import date2num

    when = date2num(when)
    ax.axvline(when, color=QUIET, linewidth=1, linestyle=(0, (4, 3)), zorder=1)
    left, right = ax.get_xlim()
    side = -1 if left + 0.85 * (right - left) < when <= right else 1
    ax.annotate(
        text, (when, 1), xycoords=ax.get_xaxis_transform(), xytext=(4 * side, -2), textcoords="offset points", va="top",
        ha="left" if side == 1 else "right", fontsize=8.5, color=QUIET,
    )  # fmt: skip


def dates(ax: Axes, zone: str = "UTC") -> None:
    """Write the times of an x axis as briefly as their span allows, what they share once at its end.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        With time on its x axis.
    zone : str
        In which they are written.
    """
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    locator = AutoDateLocator(tz=zone, minticks=4, maxticks=9)
    formatter = ConciseDateFormatter(locator, tz=zone)
    formatter.formats = ["%Y", "%b", "%d %b", "%H:%M", "%H:%M", "%S.%f"]
    formatter.zero_formats = ["", "%Y", "%d %b", "%d %b", "%H:%M", "%H:%M"]
    formatter.offset_formats = ["", "%Y", "%Y", "%Y", "%d %b %Y", "%d %b %Y %H:%M"]
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(formatter)
    ax.xaxis.get_offset_text().set_color(QUIET)


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
