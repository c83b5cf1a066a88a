"""The figures of the lesson on the posts themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis.plots.axes import (
    PALETTE,
    finish,
    floats,
    listing,
    name_rows,
    note_beside,
    open_axes,
    open_panels,
    percent_axis,
    with_interval,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_shares(table: pd.DataFrame, *, ax: Axes | None = None, title: str | None = None) -> Axes:
    """Draw how often each value of some columns occurs, a panel a column.

    Parameters
    ----------
    table : DataFrame
        ``column``, ``value`` (str) and ``posts`` (Int64; missing where a group is too small to be shown), in the order
        in which they are drawn. Of more than eight values the last are summed up in one bar.
    ax : Axes, optional
        Whose place the panels take; it stays as their frame.
    title : str, optional
        By default, the commonest value of each column.
    """
    groups = [(name, _shortened(part)) for name, part in table.groupby("column", sort=False)]
    tallest = max((len(part) for _, part in groups), default=0)
    ax = open_axes(ax, table, 3.1 * len(groups), 1.4 + 0.3 * tallest)
    for panel, (name, part) in zip(open_panels(ax, 1, len(groups)), groups, strict=True):
        places, counts = name_rows(panel, part["value"]), part["posts"].fillna(0).astype(int)
        panel.barh(places, counts, color=PALETTE[0], height=0.7)
        for place, count in zip(places, part["posts"], strict=True):
            words, end = ("fewer than 10", 0) if pd.isna(count) else (f"{count:,}", count)
            note_beside(panel, words, end, place, 4)
        panel.set_ylim(len(part) - tallest - 0.6, len(part) - 0.4)
        panel.set_xlim(0, max(counts.max(), 1) * 1.35)
        finish(panel, title=name, x="posts", grid=None)
        panel.set_xticks([])
        panel.spines["bottom"].set_visible(False)
    first = [str(part["value"].iloc[0]) for _, part in groups if pd.notna(part["posts"].iloc[0])]
    heads = [
        f"{name}: {', '.join(f'{row.value} {row.posts:,}' for row in part.dropna().head(3).itertuples())}"
        for name, part in groups
    ]
    return finish(
        ax, title=title, result=f"Most common: {', '.join(first)}", grid=None,
        alt=f"Posts by {', '.join(name for name, _ in groups)}, as bars. The most common: {listing(heads)}.",
        table=table,
    )  # fmt: skip


def plot_stances(table: pd.DataFrame, *, ax: Axes | None = None, title: str | None = None) -> Axes:
    """Draw the share of each stance with its interval.

    Parameters
    ----------
    table : DataFrame
        ``stance`` (str), ``share``, ``low`` and ``high`` (0 to 1), in the order in which they are drawn from the top.
    ax : Axes, optional
    title : str, optional
        By default, the commonest stance.
    """
    ax = open_axes(ax, table, 7, 1.2 + 0.3 * len(table))
    places = name_rows(ax, table["stance"])
    ax.barh(places, table["share"], color=PALETTE[4], edgecolor=PALETTE[0], height=0.7)
    ax.hlines(places, table["low"], table["high"], color="black", linewidth=1.5)
    percent_axis(ax.xaxis)
    shares = [f"{row.stance} {with_interval(row.share, row.low, row.high)}" for row in table.itertuples()]
    top = table.iloc[floats(table["share"]).argmax()]
    result = f"The most common stance is {str(top['stance']).replace('_', ' ')}: {top['share']:.0%} of the posts"
    return finish(
        ax, title=title, result=result, x="share of the invented English posts, with 95% interval",
        grid=None, alt=f"The share of each stance among the invented English posts: {listing(shares)}.", table=table,
    )  # fmt: skip


def _shortened(part, most=8):
    """Keep the commonest values; sum up the others, leaving what is too small to be shown out of the sum."""
    if len(part) <= most:
        return part
    rest = part.iloc[most - 1 :]
    total = pd.array([rest["posts"].sum(min_count=1)], "Int64")
    others = pd.DataFrame({"value": [f"{len(rest)} others"], "posts": total})
    return pd.concat([part.iloc[: most - 1], others], ignore_index=True)
