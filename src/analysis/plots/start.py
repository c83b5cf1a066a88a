"""The figure of the first lesson."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis.plots.axes import PALETTE, QUIET, canvas, finish

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_filled(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw, for each column of a table of posts, the share of rows in which it is filled.

    Parameters
    ----------
    table : DataFrame
        ``column`` (str) and ``filled`` (float, 0 to 1), in the order in which they are drawn from the top.
    ax : Axes, optional
        Where to draw; a new one without it.

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax = canvas(ax, 7, 0.28 * len(table) + 0.9)
    places = range(len(table))
    ax.barh(places, 1, color="white", edgecolor="#BBBBBB", height=0.7)
    ax.barh(places, table["filled"], color=PALETTE[0], height=0.7)
    for place, share in zip(places, table["filled"], strict=True):
        ax.annotate(_percent(share), (1, place), xytext=(6, 0), textcoords="offset points", va="center", color=QUIET)
    ax.set_yticks(places, table["column"])
    ax.invert_yaxis()
    ax.set_xlim(0, 1)
    ax.xaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    finish(ax, x="share of posts in which the column is filled")
    ax.grid(visible=False, axis="y")
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    return ax


def _percent(share):
    """Write a share so that nearly none is not none, and nearly all not all.

    >>> [_percent(share) for share in (0, 0.0004, 0.25, 0.9999, 1)]
    ['0%', '<1%', '25%', '>99%', '100%']
    """
    if 0 < share < 0.01:
        return "<1%"
    if 0.99 < share < 1:
        return ">99%"
    return f"{share:.0%}"
