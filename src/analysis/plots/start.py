"""The figure of the first lesson."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis.plots.axes import PALETTE, finish, listing, name_rows, note_beside, open_axes, percent, percent_axis

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_filled(table: pd.DataFrame, *, ax: Axes | None = None, title: str | None = None) -> Axes:
    """Draw, for each column of a table of posts, the share of rows in which it is filled.

    Parameters
    ----------
    table : DataFrame
        ``column`` (str) and ``filled`` (float, 0 to 1), in the order in which they are drawn from the top.
    ax : Axes, optional
    title : str, optional
        By default, how many columns are filled everywhere, and how many nowhere.
    """
    ax = open_axes(ax, table, 7, 0.28 * len(table) + 1.1)
    places = name_rows(ax, table["column"])
    ax.barh(places, 1, color="white", edgecolor="#BBBBBB", height=0.7)
    ax.barh(places, table["filled"], color=PALETTE[0], height=0.7)
    for place, share in zip(places, table["filled"], strict=True):
        note_beside(ax, percent(share), 1, place)
    ax.set_xlim(0, 1)
    percent_axis(ax.xaxis)
    ax.spines["left"].set_visible(False)
    full, empty = (table["filled"] == 1).sum(), (table["filled"] == 0).sum()
    result = f"Of {len(table)} columns, {full} are filled in every post and {empty} in none"
    shares = listing((f"{row.column} {percent(row.filled)}" for row in table.itertuples()), most=20)
    return finish(
        ax, title=title, result=result, x="share of posts in which the column is filled", grid=None,
        alt=f"{result}. Share of posts in which each is filled: {shares}.", table=table,
    )  # fmt: skip
