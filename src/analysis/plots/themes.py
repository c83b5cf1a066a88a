"""The figure of themes that were looked for by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.plots.axes import PALETTE, QUIET, canvas, finish, refuse

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_themes(table: pd.DataFrame, *, ax: Axes | None = None, title: str | None = None) -> Axes:
    """Draw the share of posts in which each theme's words keep company, beside words drawn at random.

    Parameters
    ----------
    table : DataFrame
        ``theme``, ``found`` (bool), ``why``; ``together``, ``together_low``, ``together_high``, ``placebo`` and
        ``seeded`` (0 to 1; missing where hidden or not to be told), as ``find_themes`` gives them.
    ax : Axes, optional
        Where to draw; a new one without it.
    title : str, optional

    Returns
    -------
    matplotlib.axes.Axes
        From the top as in the table. A filled dot is a theme that was found, an empty one another; the bar through it
        is the 95% interval, a cross the mean of words of like frequency, an upright line the share that holds any of
        the theme's words. Why a theme was not found stands under its name.

    Raises
    ------
    ValueError
        Where the table has no rows.
    """
    from matplotlib.ticker import PercentFormatter

    refuse(table.empty)
    ax = canvas(ax, 9, 1.7 + 0.52 * len(table))
    places = np.arange(len(table))[::-1].astype(float)
    yes = table["found"].to_numpy(bool)
    ax.hlines(places, table["together_low"], table["together_high"], color=PALETTE[6], linewidth=1.6)
    for which, face, name in ((yes, PALETTE[0], "found: its words together"), (~yes, "white", "not found")):
        ax.plot(table["together"][which], places[which], "o", markerfacecolor=face, markeredgecolor=PALETTE[0],
                markersize=8, markeredgewidth=1.6, label=name)  # fmt: skip
    ax.plot(table["placebo"], places, "x", color=PALETTE[5], markersize=7, markeredgewidth=2, label="words at random")
    ax.plot(table["seeded"], places, "|", color=QUIET, markersize=13, markeredgewidth=1.8, label="any of its words")
    ax.set_yticks(places, [""] * len(table))
    for place, row in zip(places, table.itertuples(), strict=True):
        ax.annotate(row.theme, (0, place), xycoords=("axes fraction", "data"), xytext=(-8, 5 if row.why else 0),
                    textcoords="offset points", ha="right", va="center", fontsize=10.5,
                    fontweight="bold" if row.found else "normal")  # fmt: skip
        ax.annotate(row.why, (0, place), xycoords=("axes fraction", "data"), xytext=(-8, -7), va="center",
                    textcoords="offset points", ha="right", fontsize=8, color=QUIET)  # fmt: skip
    ax.set_ylim(-0.6, len(table) - 0.4)
    reach = np.nanmax(table[["together_high", "seeded", "placebo"]].to_numpy(float), initial=0.001)
    ax.set_xlim(-0.02 * reach, 1.04 * reach)
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=None if reach > 0.05 else 1))
    ax.tick_params(axis="y", length=0)
    finish(ax, title=title, x="share of posts, with 95% interval")
    ax.grid(visible=False, axis="y")
    ax.grid(visible=True, axis="x", color="#DDDDDD", linewidth=0.8)
    below = -0.52 / (0.52 * len(table))
    ax.legend(loc="upper right", bbox_to_anchor=(1, below), ncols=2, frameon=False, fontsize=9, columnspacing=1.2,
              handletextpad=0.3)  # fmt: skip
    return ax
