"""The figures of the sentiment lesson."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.plots.axes import HATCHES, LINE_STYLES, MARKERS, PALETTE, QUIET, canvas, dates, finish, refuse

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Colour, marker and line style of each share, the same in every figure here.
_LOOK = {
    "negative": (PALETTE[5], MARKERS[4], LINE_STYLES[0]),
    "zero": (PALETTE[6], MARKERS[0], LINE_STYLES[3]),
    "positive": (PALETTE[0], MARKERS[2], LINE_STYLES[1]),
}
_CALLED = {"negative": "negative", "zero": "exactly 0", "positive": "positive"}


def plot_compound(table: pd.DataFrame, *, ax: Axes | None = None, title: str | None = None) -> Axes:
    """Draw how compound scores are spread out, those of exactly 0 apart.

    Parameters
    ----------
    table : DataFrame
        ``low`` and ``high``, the ends of a step on the scale from -1 to 1, both 0 for the scores of exactly 0; and
        ``posts``. A missing count is not drawn.
    ax : Axes, optional
        Where to draw; a new one without it.
    title : str, optional

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        Where the table has no rows.
    """
    refuse(table.empty)
    ax = canvas(ax)
    counts = table["posts"].astype("float64").fillna(0)
    zero = table["low"] == table["high"]
    steps = table[~zero]
    wide = steps["high"] - steps["low"]
    ax.bar(steps["low"], counts[~zero], width=wide, align="edge", color=PALETTE[4], edgecolor="white")
    at_zero = counts[zero].sum()
    ax.bar(0, at_zero, width=0.05, color=PALETTE[6])
    note = "hidden" if table.loc[zero, "posts"].isna().any() else f"{at_zero:,.0f}"
    ax.annotate(f"exactly 0:\n{note}", (0, at_zero), xytext=(8, -2), textcoords="offset points", va="top", fontsize=9)
    ax.set_xlim(-1.02, 1.02)
    ax.yaxis.get_major_locator().set_params(integer=True)
    _thousands(ax)
    return finish(ax, title=title, x="compound score (−1 negative … 1 positive)", y="posts")


def plot_groups(table: pd.DataFrame, *, ax: Axes | None = None, title: str | None = None) -> Axes:
    """Draw for each group the shares of posts that score negative, exactly 0 and positive, with their intervals.

    Parameters
    ----------
    table : DataFrame
        As ``sentiment.by_group`` gives it; the first column names the group. It is drawn from the top in this order.
    ax, title
        As in :func:`plot_compound`.

    Returns
    -------
    matplotlib.axes.Axes
    """
    refuse(table.empty)
    ax = canvas(ax, 8, 1.6 + 0.42 * len(table))
    rows = np.arange(len(table))[::-1]
    for name, shift in (("negative", 0.22), ("zero", 0), ("positive", -0.22)):
        colour, marker, _ = _LOOK[name]
        ax.hlines(rows + shift, table[f"{name}_low"], table[f"{name}_high"], color=colour, linewidth=1.6)
        ax.plot(table[name], rows + shift, marker, color=colour, markersize=6, label=_CALLED[name])
    names = table.iloc[:, 0].astype("str").str.replace("_", " ")
    sizes = ["few" if pd.isna(n) else f"n={n:,}" for n in table["posts"]]
    ax.set_yticks(rows, [f"{name}  ({size})" for name, size in zip(names, sizes, strict=True)])
    ax.set_ylim(-0.6, len(table) - 0.4)
    ax.hlines(rows[:-1] - 0.5, 0, 1, color="#DDDDDD", linewidth=0.8, zorder=0)
    ax.set_xlim(-0.02, 1.02)
    _percent(ax.xaxis)
    finish(ax, title=title, x="share of the group's posts, with 95% interval")
    ax.grid(visible=False, axis="y")
    _legend(ax)
    return ax


def plot_over_time(table: pd.DataFrame, *, ax: Axes | None = None, title: str | None = None) -> Axes:
    """Draw the shares of negative and of positive posts over time, with their intervals, and the sample size below.

    Parameters
    ----------
    table : DataFrame
        As ``sentiment.over_time`` gives it. Stretches that are not ``enough`` are left blank. Markers are filled where
        the interval of ``difference`` leaves out 0, and hollow where the two shares can't be told apart.
    ax : Axes, optional
        Where to draw; without it, a new figure that has the number of authors in a second Axes below.
    title : str, optional

    Returns
    -------
    matplotlib.axes.Axes
        The upper one.
    """
    refuse(table.empty)
    if ax is None:
        ax = canvas(None, 8, 4.8)
        below = ax.figure.add_gridspec(2, 1, height_ratios=(3, 1))
        ax.set_subplotspec(below[0])
        _authors(ax.figure.add_subplot(below[1], sharex=ax), table)
        ax.tick_params(labelbottom=False)
        bottom = None
    else:
        bottom = "time (UTC)"
    middle = _middle(table)
    apart = table["enough"] & ((table["difference_low"] > 0) | (table["difference_high"] < 0))
    for name in ("negative", "positive"):
        colour, marker, style = _LOOK[name]
        drawn = table[[name, f"{name}_low", f"{name}_high"]].where(table["enough"]).astype("float64")
        ax.fill_between(middle, drawn[f"{name}_low"], drawn[f"{name}_high"], color=colour, alpha=0.18, linewidth=0)
        for end in ("low", "high"):
            ax.plot(middle, drawn[f"{name}_{end}"], color=colour, linewidth=0.6, linestyle=style)
        ax.plot(
            middle, drawn[name], color=colour, linestyle=style, marker=marker, markersize=5, mfc="white", label=name
        )
        ax.plot(middle[apart], drawn.loc[apart, name], marker, color=colour, markersize=5)
    if table["enough"].any():
        top = table.loc[table["enough"], ["negative_high", "positive_high"]].max(axis=None)
        ax.set_ylim(0, min(1, 1.15 * top))
    else:
        ax.annotate("too few authors at any time", (0.5, 0.5), xycoords="axes fraction", ha="center", color=QUIET)
    _percent(ax.yaxis)
    finish(ax, title=title, x=bottom, y="share of posts")
    _legend(ax, "filled: the two differ")
    return ax


def _authors(ax, table):
    """Draw the number of authors in each stretch; hatched where too few people stand behind a share."""
    middle, width = _middle(table), _step(table) * 0.85
    for enough, colour, hatch, label in ((True, PALETTE[4], HATCHES[0], None), (False, "white", HATCHES[1], "too few")):
        rows = table["enough"] == enough
        if rows.any() and (table.loc[rows, "authors"] > 0).any():
            ax.bar(
                middle[rows], table.loc[rows, "authors"], width=width, color=colour, edgecolor=QUIET, linewidth=0.6,
                hatch=hatch, label=label,
            )  # fmt: skip
    ax.set_yscale("log")
    ax.set_ylim(bottom=0.7)
    ax.set_yticks([10**i for i in range(len(str(table["authors"].max())))])
    ax.tick_params(axis="y", labelsize=8.5)
    _thousands(ax)
    dates(ax)
    finish(ax, x="time (UTC)", y="authors")
    if ax.get_legend_handles_labels()[1]:
        ax.legend(loc="upper right", frameon=False, fontsize=8.5)


def _legend(ax, filled=None):
    """Name the series, and what a filled marker says, between the title and the picture, where they hide nothing."""
    from matplotlib.lines import Line2D

    handles = ax.get_legend_handles_labels()[0]
    if filled:
        handles.append(Line2D([], [], linestyle="none", marker=MARKERS[0], color=QUIET, label=filled))
    ax.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0, 1), ncols=3, frameon=False, fontsize=9, borderaxespad=0
    )
    ax.set_title(ax.get_title(loc="left"), loc="left", fontsize=11, pad=24)


def _middle(table):
    """Give the middle of each stretch."""
    return table["start"] + _step(table) / 2


def _step(table):
    """Length of the table's stretches; a day where there is only one."""
    return table["start"].iloc[1] - table["start"].iloc[0] if len(table) > 1 else pd.Timedelta("1D")


def _percent(axis):
    from matplotlib.ticker import PercentFormatter

    axis.set_major_formatter(PercentFormatter(1, decimals=0))


def _thousands(ax):
    from matplotlib.ticker import StrMethodFormatter

    ax.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
