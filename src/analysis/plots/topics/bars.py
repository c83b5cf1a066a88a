"""Bars and tables of topics: their words, their sizes, and how groups of posts fall onto them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.plots.axes import HATCHES, PALETTE, QUIET, canvas, finish, refuse

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def plot_words(table: pd.DataFrame, *, columns: int = 4) -> Figure:
    """Draw the heaviest words of each topic as bars, a small panel a topic.

    Parameters
    ----------
    table : DataFrame
        ``topic``, ``rank``, ``word``, ``weight``, as ``Topics.top_words`` gives them.
    columns : int
        How many panels stand side by side.

    Returns
    -------
    matplotlib.figure.Figure
        All panels share one scale.

    Raises
    ------
    ValueError
        Where the table has no rows.
    """
    from matplotlib.figure import Figure
    from matplotlib.ticker import PercentFormatter

    refuse(table.empty)
    names, most = list(dict.fromkeys(table["topic"])), int(table["rank"].max())
    columns = min(columns, len(names))
    rows = -(-len(names) // columns)
    figure = Figure(figsize=(2.3 * columns + 0.4, (0.24 * most + 0.55) * rows + 0.4), layout="constrained")
    panels = figure.subplots(rows, columns, sharex=True, squeeze=False).ravel()
    for place, (panel, name) in enumerate(zip(panels, names, strict=False)):
        part = table[table["topic"] == name]
        panel.barh(part["rank"], part["weight"], color=PALETTE[4], edgecolor=PALETTE[0], linewidth=0.6)
        panel.set_yticks(part["rank"], part["word"], fontsize=9)
        panel.set_ylim(most + 0.6, 0.4)
        panel.tick_params(axis="y", length=0)
        panel.tick_params(axis="x", labelsize=8, labelbottom=place + columns >= len(names))
        panel.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        finish(panel, title=name)
        panel.grid(visible=False, axis="y")
    for panel in panels[len(names) :]:
        panel.set_visible(False)
    figure.supxlabel("share of the topic's texts that hold the word; the most telling word first", fontsize=10)
    return figure


def plot_sizes(table: pd.DataFrame, *, ax: Axes | None = None, title: str | None = None) -> Axes:
    """Draw the share of posts that belongs to each topic, with its interval.

    Parameters
    ----------
    table : DataFrame
        ``topic``; ``share``, ``low``, ``high`` (0 to 1; missing where hidden); ``words``, what is written beside the
        topic's name. In the order from the top; the row "none" is hatched.
    ax : Axes, optional
        Where to draw; a new one without it.
    title : str, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    from matplotlib.ticker import PercentFormatter

    refuse(table.empty)
    ax = canvas(ax, 8, 1.2 + 0.36 * len(table))
    places = np.arange(len(table))[::-1]
    none = (table["topic"] == "none").to_numpy()
    for which, colour, hatch in ((~none, PALETTE[4], HATCHES[0]), (none, "white", HATCHES[1])):
        shares = table.loc[which, "share"].fillna(0)
        ax.barh(places[which], shares, color=colour, edgecolor=QUIET, hatch=hatch, height=0.7)
    ax.hlines(places, table["low"], table["high"], color=PALETTE[6], linewidth=1.6)
    ax.plot(np.r_[table["low"], table["high"]], np.r_[places, places], "|", color=PALETTE[6], markersize=7)
    for place in places[table["share"].isna()]:
        ax.annotate("fewer than ten, or hidden with them", (0, place), xytext=(4, 0), textcoords="offset points",
                    va="center", fontsize=8.5, color=QUIET)  # fmt: skip
    labels = [f"{row.topic}: {row.words}" if row.words else row.topic for row in table.itertuples()]
    ax.set_yticks(places, labels)
    ax.set_ylim(-0.6, len(table) - 0.4)
    ax.set_xlim(left=0)
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    finish(ax, title=title, x="share of posts, with 95% interval")
    ax.grid(visible=False, axis="y")
    return ax


def plot_cross(table: pd.DataFrame, *, ax: Axes | None = None, title: str | None = None) -> Axes:
    """Draw how the posts of each group, a stance or what was planted, fall onto the topics found.

    Parameters
    ----------
    table : DataFrame
        Counts of posts: a row a group, a column a topic; the names of its index and columns become the axis labels.
        Missing counts are left blank. Or a table as :func:`analysis.topics.by_group` gives it, with the group in its
        first column, ``topic`` and ``share``: then hidden cells are hatched, the others keep their true shares, and
        topics stand in the order of their numbers, "none" last.
    ax, title
        As in :func:`plot_sizes`.

    Returns
    -------
    matplotlib.axes.Axes
        Each cell says in percent how much of its row falls onto that topic, and is the darker the more.
    """
    refuse(table.empty)
    if {"topic", "share"} <= set(table.columns):
        groups, names = (list(dict.fromkeys(table[name])) for name in (table.columns[0], "topic"))
        names = sorted(names, key=_number)
        table = table.pivot_table("share", table.columns[0], "topic", aggfunc="first")
        shares = table = table.reindex(index=groups, columns=names).astype("float64")
    else:
        counts = table.astype("float64")
        shares = counts.div(counts.sum(axis=1).where(lambda total: total > 0), axis=0)
    ax = canvas(ax, 2.4 + 0.62 * table.shape[1], 1.5 + 0.36 * table.shape[0])
    if shares is table:
        for row, column in np.argwhere(shares.isna().to_numpy()):
            ax.fill_between([column - 0.5, column + 0.5], row - 0.5, row + 0.5, facecolor="none", edgecolor="#AAAAAA",
                            hatch=HATCHES[1], linewidth=0)  # fmt: skip
    ax.imshow(shares, cmap="Greys", vmin=0, vmax=1, aspect="auto")
    for row, column in np.argwhere(shares.notna().to_numpy()):
        share = shares.iloc[row, column]
        ink = "white" if share > 0.5 else "black"
        ax.text(column, row, f"{share:.0%}", ha="center", va="center", fontsize=8.5, color=ink)
    ax.set_xticks(range(table.shape[1]), [str(name).removeprefix("topic ") for name in table.columns])
    ax.set_yticks(range(table.shape[0]), [str(name).replace("_", " ") for name in table.index])
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    ax.set_xticks(np.arange(table.shape[1] - 1) + 0.5, minor=True)
    ax.set_yticks(np.arange(table.shape[0] - 1) + 0.5, minor=True)
    ax.grid(which="minor", color="white", linewidth=1.5)
    ax.tick_params(which="minor", length=0)
    ax.set_xlabel(str(table.columns.name or ""))
    ax.set_ylabel(str(table.index.name or ""))
    if title is not None:
        ax.set_title(title, loc="left", fontsize=11)
    return ax


def _number(name):
    """Give what topics are sorted by: their numbers; names without one stay in their order, and "none" is last.

    >>> sorted(["topic 10", "none", "topic 9"], key=_number)
    ['topic 9', 'topic 10', 'none']
    """
    number = str(name).removeprefix("topic ")
    return float(number) if number.isdecimal() else np.inf if name == "none" else 1e9
