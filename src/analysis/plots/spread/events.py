"""Counts with the dated events numbered above them, and what each number stands for below."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING

import pandas as pd

from analysis.plots.axes import QUIET, canvas, refuse, step_of
from analysis.plots.spread.counted import plot_counts

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_WIDE = 132  # letters in a line of the key


def plot_events(table: pd.DataFrame, events: pd.DataFrame, *, ax: Axes | None = None, title: str | None = None) -> Axes:
    """Draw counts on a logarithmic axis with a line at each dated event, and name the events below.

    Parameters
    ----------
    table : DataFrame
        As :func:`analysis.plots.spread.counted.plot_counts` takes it.
    events : DataFrame
        ``date`` (with a zone), ``event`` (text) and ``chosen``: "curve" for a date that was picked because the curve
        peaks there, which has a dotted line and an asterisk, since its standing at a peak shows nothing. Those outside
        the table's span are left out.
    ax : Axes, optional
        Where to draw; without it a new one, as high as the key needs.
    title : str, optional

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        Where the table has no rows.
    """
    from matplotlib.dates import date2num

    refuse(table.empty)
    first, span = table["start"].iloc[0], table["start"].iloc[-1] + step_of(table) - table["start"].iloc[0]
    inside = events[events["date"].between(first, first + span, inclusive="left")].sort_values(
        ["date", "event"], ignore_index=True
    )
    lines = [_named(i, row) for i, row in enumerate(inside.itertuples(), 1)]
    height = sum(line.count("\n") + 1 for line in lines)
    ax = canvas(ax, 8, 3.8 + 0.145 * height)
    rows = _rows([(when - first) / span for when in inside["date"]])
    plot_counts(table, ax=ax, log=True, title=title)
    for i, row in enumerate(inside.itertuples()):
        picked, when = row.chosen == "curve", date2num(row.date)
        ax.axvline(when, color=QUIET if picked else "black", linestyle=":" if picked else "-", linewidth=0.8)
        ax.annotate(
            f"{i + 1}{'*' if picked else ''}", (when, 1), xycoords=ax.get_xaxis_transform(),
            xytext=(0, 3 + 10 * rows[i]), textcoords="offset points", ha="center", va="bottom", fontsize=8,
        )  # fmt: skip
    if title:
        ax.set_title(title, loc="left", fontsize=11, pad=4 + 10 * (1 + max(rows, default=-1)))
    if any(inside["chosen"] == "curve"):
        lines.append(" *   the date was picked because the curve peaks there")
    ax.annotate(
        "\n".join(lines), (0, 0), xycoords="axes fraction", xytext=(-30, -42), textcoords="offset points", va="top",
        fontsize=7.5, linespacing=1.3,
    )  # fmt: skip
    return ax


def _named(number, row):
    """Name an event in a line of the key, or in several that are set in."""
    words = f"{number:>2}   {row.date:%d %b %Y}   {row.event}"
    return fill(words, _WIDE, subsequent_indent=" " * 9, drop_whitespace=True, initial_indent="")


def _rows(places, apart=0.025):
    """Give each number a row in which it touches no other.

    >>> _rows([0.1, 0.11, 0.12, 0.5])
    [0, 1, 2, 0]
    """
    rows, last = [], []
    for place in places:
        free = next((row for row, end in enumerate(last) if place - end >= apart), len(last))
        last[free : free + 1] = [place]
        rows.append(free)
    return rows
