"""Figures: a table in, an Axes out. Each lesson has a module here; what they share stands in this one.

No function changes matplotlib's global state. Every figure must read in grey too: beside its colour, each series
has a line style, marker or hatch of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes

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


def finish(ax: Axes, *, title: str | None = None, x: str | None = None, y: str | None = None) -> Axes:
    """Give an Axes the house's plain dress: no box, a light grid behind, a title on the left.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    title, x, y : str, optional
        The title and the labels of the two axes, units included.

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
    return ax


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
