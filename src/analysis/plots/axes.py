"""What the figures share: opening Axes, colours and hatches, rows with intervals, axes of time and of counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Eight colours that people with any common colour vision tell apart (Okabe & Ito 2008, "Color Universal Design"),
#: ordered so that neighbours differ in lightness as well.
PALETTE = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#000000", "#F0E442")
#: What is said beside the data: reference lines, notes.
QUIET = "#5A5A5A"
GRID = "#DDDDDD"
#: One style a series, in the order of the palette.
LINE_STYLES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1, 1, 1)), "-", "--")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
HATCHES = ("", "///", "...", "xxx", "\\\\\\", "+++", "ooo", "|||")
#: The line of a reference value.
DASHED = (0, (4, 3))
#: Behind words that a line may cross.
WHITE_BOX = {"facecolor": "white", "edgecolor": "none", "pad": 1}


def new_axes(width: float = 8.0, height: float = 4.0) -> Axes:
    """Give an empty Axes on a figure of its own, in inches. Nothing global remembers it: it is not pyplot's."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained").subplots()


def refuse(nothing: bool, why: str = "the table has no rows") -> None:
    """Raise a ValueError that says `why` where there is nothing to draw: an empty figure would look like a result."""
    if nothing:
        raise ValueError(f"there is nothing to draw: {why}")


def open_axes(
    ax: Axes | None, table: pd.DataFrame, width: float = 8.0, height: float = 4.0, why: str = "the table has no rows"
) -> Axes:
    """Give the caller's Axes, or a new one in inches; a ValueError says `why` where the table has no rows."""
    refuse(len(table) == 0, why)
    return new_axes(width, height) if ax is None else ax


def open_panels(ax: Axes, rows: int, columns: int, *, x: str = "", y: str = "", **grid) -> np.ndarray:
    """Give small Axes, row by row, in the place of one, which stays above them with the title and legend of all.

    `x` and `y` are labels that all panels share; `grid` is for ``subplots``.
    """
    head, body = ax.get_subplotspec().subgridspec(2, 1, height_ratios=(0.001, 1), hspace=0)
    ax.set_subplotspec(head)
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set_visible(False)
    part = ax.get_figure(root=True).add_subfigure(body)
    part.supxlabel(x, fontsize=10)
    part.supylabel(y, fontsize=10)
    return part.subplots(rows, columns, squeeze=False, **grid).ravel()


def finish(
    ax: Axes,
    *,
    title: str | None = None,
    result: str | None = None,
    x: str | None = None,
    y: str | None = None,
    grid: str | None = "y",
    alt: str | None = None,
    table: pd.DataFrame | None = None,
) -> Axes:
    """Style an Axes, name its axes, and keep on its figure what :func:`analysis.lesson.show` needs.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    title : str, optional
        The caller's title; without it, `result` is the title.
    result : str, optional
        What the figure shows, as a short sentence.
    x, y : str, optional
        The labels of the two axes, units included.
    grid : {"x", "y"}, optional
        Which axis has grid lines; None asks for no lines.
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
    ax.grid(visible=False)
    if grid is not None:
        ax.grid(axis=grid, color=GRID, linewidth=0.8)
    ax.set_axisbelow(True)
    title = result if title is None else title
    if title is not None:
        ax.set_title(title, loc="left", fontsize=11)
    if x is not None:
        ax.set_xlabel(x)
    if y is not None:
        ax.set_ylabel(y)
    figure = ax.get_figure(root=True)
    if alt is not None:
        figure.alt_text = " ".join(alt.split())
    if table is not None:
        figure.source_table = table
    return ax


def legend_above(ax: Axes, ncols: int = 3, handles: list | None = None) -> None:
    """Put the legend between the title and the picture, where it hides nothing. Call it after :func:`finish`."""
    handles = ax.get_legend_handles_labels()[0] if handles is None else handles
    lines = -(-len(handles) // ncols)
    ax.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0, 1), ncols=ncols, frameon=False, fontsize=9,
        borderaxespad=0, columnspacing=1.2, handletextpad=0.4,
    )  # fmt: skip
    ax.set_title(ax.get_title(loc="left"), loc="left", fontsize=11, pad=10 + 14 * lines)


def name_rows(ax: Axes, names: Iterable, **text) -> np.ndarray:
    """Name the rows of a figure, the first on top, underscores as blanks; give their places on the y axis."""
    names = [str(name).replace("_", " ") for name in names]
    places = np.arange(len(names), dtype=float)[::-1]
    ax.set_yticks(places, names, parse_math=False, **text)
    ax.set_ylim(-0.6, len(names) - 0.4)
    ax.tick_params(axis="y", length=0)
    return places


def dots(ax: Axes, places, value, low, high, *, color: str, marker: str = "o", filled=None, label=None) -> None:
    """Draw a row of values as dots, white inside where not `filled`, on the lines of their intervals."""
    value, low, high = (floats(numbers) for numbers in (value, low, high))
    filled = np.ones(len(value), bool) if filled is None else np.asarray(filled, bool)
    ax.hlines(places, low, high, color=color, linewidth=1.8)
    look = {"linestyle": "none", "marker": marker, "markersize": 6.5, "markeredgecolor": color}
    ax.plot(value[filled], places[filled], markerfacecolor=color, label=label, **look)
    ax.plot(value[~filled], places[~filled], markerfacecolor="white", **look)


def draw_shares(ax: Axes, shares: pd.DataFrame) -> None:
    """Draw a table of shares (0 to 1) as grey cells, the darker the more, each with its per cent; name its rows."""
    ax.imshow(shares, cmap="Greys", vmin=0, vmax=1, aspect="auto")
    for row, column in np.argwhere(shares.notna().to_numpy()):
        share = shares.iloc[row, column]
        ink = "white" if share > 0.5 else "black"
        ax.text(column, row, f"{share:.0%}", ha="center", va="center", fontsize=8.5, color=ink)
    ax.set_yticks(range(len(shares)), [str(name).replace("_", " ") for name in shares.index])
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)


def note(ax: Axes, text: str, x: float = 0.5, y: float = 0.5, **where) -> None:
    """Write a remark in grey, in the middle of the picture unless `x` and `y` (from 0 to 1) say otherwise.

    An ``xytext`` shifts it, in points.
    """
    look = {"xycoords": "axes fraction", "ha": "center", "va": "center", "color": QUIET, "fontsize": 8.5}
    if "xytext" in where:
        look["textcoords"] = "offset points"
    ax.annotate(text, (x, y), **look | where)


def note_beside(ax: Axes, text: str, x, y, points: float = 6, **look) -> None:
    """Write a remark beside a point of the data: `points` to its right, or to its left where that is below 0."""
    side = "left" if points > 0 else "right"
    note(ax, text, x, y, ha=side, xycoords="data", xytext=(points, 0), **look)


def note_rows(ax: Axes, places, text: str) -> None:
    """Write one remark in several rows, at their left ends: why they show no number, say."""
    for place in places:
        note(ax, text, 0, place, ha="left", xycoords=ax.get_yaxis_transform(), xytext=(4, 0))


def percent_axis(axis, decimals: int | None = 0) -> None:
    """Write the shares of an axis (``ax.xaxis`` or ``ax.yaxis``) in per cent."""
    from matplotlib.ticker import PercentFormatter

    axis.set_major_formatter(PercentFormatter(1, decimals=decimals))


def number_axis(axis) -> None:
    """Write the numbers of an axis (``ax.xaxis`` or ``ax.yaxis``) in full, with a comma at the thousands.

    A logarithmic axis of few decades (its end below 300 times its beginning) is numbered at 2 and 5 too. Call it once
    the scale and the limits are set: it reads them.
    """
    from matplotlib.ticker import LogLocator, NullFormatter, StrMethodFormatter

    if axis.get_scale() == "log":
        low, high = axis.get_view_interval()
        axis.set_major_locator(LogLocator(10, subs=(1, 2, 5) if high < 300 * low else (1,), numticks=12))
        axis.set_minor_formatter(NullFormatter())
    axis.set_major_formatter(StrMethodFormatter("{x:,.10g}"))


def mark(ax: Axes, when, text: str) -> None:
    """Mark a moment (in UTC) on an axis of time by a line with words at its head, on the side that has room."""
    from matplotlib.dates import date2num

    when = date2num(when)
    ax.axvline(when, color=QUIET, linewidth=1, linestyle=DASHED, zorder=1)
    left, right = ax.get_xlim()
    points, side = (-4, "right") if left + 0.85 * (right - left) < when <= right else (4, "left")
    note(ax, text, when, 1, xycoords=ax.get_xaxis_transform(), xytext=(points, -2), va="top", ha=side)


def dates(ax: Axes, zone: str = "UTC") -> None:
    """Write the times of an x axis in `zone`, as briefly as their span allows, what they share once at its end."""
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    locator = AutoDateLocator(tz=zone, minticks=4, maxticks=9)
    formatter = ConciseDateFormatter(locator, tz=zone)
    formatter.formats = ["%Y", "%b", "%d %b", "%H:%M", "%H:%M", "%S.%f"]
    formatter.zero_formats = ["", "%Y", "%d %b", "%d %b", "%H:%M", "%H:%M"]
    formatter.offset_formats = ["", "%Y", "%Y", "%Y", "%d %b %Y", "%d %b %Y %H:%M"]
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(formatter)
    ax.xaxis.get_offset_text().set_color(QUIET)


def time_axis(
    ax: Axes, table: pd.DataFrame, marks: Mapping[str, pd.Timestamp] | None = None, tight: bool = True
) -> None:
    """Write the times of an x axis in the table's own zone, and mark moments within its span.

    `table` has ``start``, in order, with a zone. `tight` ends the axis where the last interval ends.
    """
    first, last = table["start"].iloc[0], table["start"].iloc[-1] + step_of(table)
    if tight:
        ax.set_xlim(first, last)
    for text, when in (marks or {}).items():
        if first <= when <= last:
            mark(ax, when, text)
    dates(ax, str(table["start"].dt.tz))
    ax.set_xlabel(f"time ({zone_name(table['start'].dt.tz)})")


def zone_name(zone) -> str:
    """Give the name of a time zone as it is written in a label."""
    return str(zone).replace("_", " ")


def step_of(table: pd.DataFrame, alone: str = "1h") -> pd.Timedelta:
    """Give the length of a table's intervals, from the first ``start`` to the second; `alone` where there is one."""
    starts = table["start"]
    return starts.iloc[1] - starts.iloc[0] if len(starts) > 1 else pd.Timedelta(alone)


def interval_name(step: pd.Timedelta) -> str:
    """Say a length of time as one would.

    >>> [interval_name(pd.Timedelta(every)) for every in ("1h", "1D", "10min", "25h")]
    ['hour', 'day', '10 minutes', 'day']
    """
    known = {pd.Timedelta("1min"): "minute", pd.Timedelta("1h"): "hour", pd.Timedelta("1D"): "day"}
    if pd.Timedelta("23h") <= step <= pd.Timedelta("25h"):  # a day on which clocks change
        return "day"
    return known.get(step, f"{step / pd.Timedelta('1min'):g} minutes")


def moment(when: pd.Timestamp, step: pd.Timedelta | None = None) -> str:
    """Write a date, with the time of day where intervals are shorter than a day."""
    return f"{when:%d %b %Y, %H:%M}" if step is not None and step < pd.Timedelta("23h") else f"{when:%d %b %Y}"


def percent(share: float) -> str:
    """Write a share in per cent so that a small one is not nothing, and nearly all is not all.

    >>> [percent(share) for share in (0, 0.0002, 0.0048, 0.25, 0.993, 0.9999, 1)]
    ['0%', '<0.1%', '0.5%', '25%', '99.3%', '>99.9%', '100%']
    """
    if 0 < share < 0.0005:
        return "<0.1%"
    if 0.9995 < share < 1:
        return ">99.9%"
    return f"{share:.0%}" if share in (0, 1) or 0.0995 <= share <= 0.9905 else f"{share:.1%}"


def with_interval(value: float, low: float, high: float, write=percent) -> str:
    """Write a number with its interval, where it has one."""
    return write(value) if pd.isna(low) or pd.isna(high) else f"{write(value)} ({write(low)} to {write(high)})"


def intervals(names: Iterable, table: pd.DataFrame, value: str = "share", write=percent) -> list[str]:
    """Say for each row its name and its number with ``low`` and ``high``; rows without a number are left out."""
    columns = zip(names, table[value], table["low"], table["high"], strict=True)
    return [f"{name} {with_interval(*ends, write)}" for name, *ends in columns if pd.notna(ends[0])]


def listing(parts: Iterable[str], most: int = 12) -> str:
    """Join the parts of an alternative text; of a long list the first, and how many more there are.

    >>> listing(["a 1", "b 2", "c 3"], most=2)
    'a 1; b 2; and 1 more'
    """
    parts = list(parts)
    more = [f"and {len(parts) - most} more"] if len(parts) > most else []
    return "; ".join(parts[:most] + more) or "nothing"


def floats(column) -> np.ndarray:
    """Give a column as an array of floats, whatever its dtype; missing values become NaN."""
    return pd.array(column, "Float64").to_numpy(float, na_value=np.nan)
