"""The figures of the lesson on the posts themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis.plots.axes import PALETTE, QUIET, canvas, finish, refuse

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def plot_shares(table: pd.DataFrame, *, most: int = 8) -> Figure:
    """Draw how often each value of some columns occurs, a panel a column.

    Parameters
    ----------
    table : DataFrame
        ``column``, ``value`` (str) and ``posts`` (Int64; missing where a group is too small to be shown), in the order
        in which they are drawn.
    most : int
        Values that a panel shows at the most; the others are summed up in one bar.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        Where the table has no rows.
    """
    from matplotlib.figure import Figure

    refuse(table.empty)
    panels = [(name, _shortened(part, most)) for name, part in table.groupby("column", sort=False)]
    tallest = max(len(part) for _, part in panels)
    figure = Figure(figsize=(3.1 * len(panels), 1.1 + 0.3 * tallest), layout="constrained")
    for ax, (name, part) in zip(figure.subplots(1, len(panels), squeeze=False)[0], panels, strict=True):
        places = range(len(part))
        known = part["posts"].fillna(0).astype(int)
        ax.barh(places, known, color=PALETTE[0], height=0.7)
        for place, count in zip(places, part["posts"], strict=True):
            said = "fewer than 10" if pd.isna(count) else f"{count:,}"
            at = (0 if pd.isna(count) else count, place)
            ax.annotate(said, at, xytext=(4, 0), textcoords="offset points", va="center", fontsize=8.5, color=QUIET)
        ax.set_yticks(places, part["value"])
        ax.set_ylim(tallest - 0.4, -0.6)
        ax.set_xlim(0, max(known.max(), 1) * 1.35)
        finish(ax, title=name, x="posts")
        ax.grid(visible=False)
        ax.set_xticks([])
        ax.spines["bottom"].set_visible(False)
        ax.tick_params(axis="y", length=0)
    return figure


def plot_stances(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the share of each stance with its interval.

    Parameters
    ----------
    table : DataFrame
        ``stance`` (str), ``share``, ``low`` and ``high`` (0 to 1), in the order in which they are drawn from the top.
    ax : Axes, optional
        Where to draw; a new one without it.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        Where the table has no rows.
    """
    refuse(table.empty)
    ax = canvas(ax, 7, 0.9 + 0.3 * len(table))
    places = list(range(len(table)))
    ax.barh(places, table["share"], color=PALETTE[4], edgecolor=PALETTE[0], height=0.7)
    ax.hlines(places, table["low"], table["high"], color="black", linewidth=1.5)
    ax.set_yticks(places, table["stance"].str.replace("_", " "))
    ax.invert_yaxis()
    ax.xaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    finish(ax, x="share of the invented English posts, with 95% interval")
    ax.grid(visible=False, axis="y")
    ax.tick_params(axis="y", length=0)
    return ax


def _shortened(part, most):
    """Keep the commonest values; sum up the others, leaving what is too small to be shown out of the sum."""
    if len(part) <= most:
        return part
    rest = part.iloc[most - 1 :]
    total = rest["posts"].sum(min_count=1)
    return pd.concat(
        [part.iloc[: most - 1], pd.DataFrame({"value": [f"{len(rest)} others"], "posts": pd.array([total], "Int64")})],
        ignore_index=True,
    )
