"""A map of topics and their posts."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.plots.axes import QUIET, keep, new_axes, refuse

if TYPE_CHECKING:
    from matplotlib.axes import Axes


_BOX = {"boxstyle": "round,pad=0.22", "facecolor": "white", "edgecolor": "black", "linewidth": 0.8}


def plot_map(
    table: pd.DataFrame, *, names: Mapping[str, str] | None = None, ax: Axes | None = None, title: str | None = None
) -> Axes:
    """Draw where topics lie to each other, and over how many posts each hexagon of the map stands.

    Parameters
    ----------
    table : DataFrame
        As :func:`analysis.topics.layout` gives it.
    names : mapping of str to str, optional
        What stands beside each topic's number in the key.
    ax : Axes, optional
        Where to draw; a new one without it.
    title : str, optional

    Returns
    -------
    matplotlib.axes.Axes
        The darker a hexagon, the more posts it holds, each step of the scale ten times as many; a number marks the
        place of each topic, with a thin line where it had to move aside. What distances mean, how much of the variance
        the plane holds and how many posts are not drawn stands below.

    Raises
    ------
    ValueError
        Where the table has no rows.
    """
    refuse(table.empty)
    topics = table[table["what"] == "topic"].reset_index(drop=True)
    numbers = [str(name).removeprefix("topic ") for name in topics["topic"]]
    cells = table[(table["what"] == "hexagon") & table["posts"].notna()]
    places = table[["x", "y"]].dropna()
    width, height = (places.max() - places.min()) + 2.5 * table["width"].iloc[0]
    own = ax is None
    if own:
        key = 0.6 + 0.16 * (1 + _key(topics, numbers, names).count("\n")) if names else 0
        ax = new_axes(8.4, 1.1 + max(key, 1.6, min(5.6, (4.4 if names else 6) * height / width)))
    _hexagons(ax, cells, table["width"].iloc[0])
    ax.set_aspect("equal")
    middle = (places.max() + places.min()) / 2
    ax.set_xlim(middle["x"] - 0.53 * width, middle["x"] + 0.53 * width)
    ax.set_ylim(middle["y"] - 0.53 * height, middle["y"] + 0.53 * height)
    _numbers(ax, topics[["x", "y"]].to_numpy(float), numbers)
    ax.set_xticks([])
    ax.set_yticks([])
    ax.spines[:].set_color("#BBBBBB")
    if names:
        key = _key(topics, numbers, names)
        ax.annotate(key, (0, 1), xycoords="axes fraction", xytext=(-8, 0), ha="right", va="top",
                    textcoords="offset points", fontsize=8, linespacing=1.25, multialignment="left")  # fmt: skip
    if own:
        ax.figure.supxlabel(fill(_caption(table), 125), x=0.01, ha="left", fontsize=8.5, color=QUIET)
    else:
        ax.set_xlabel(fill(_caption(table), 80), fontsize=8.5, color=QUIET, loc="left")
    if title is not None:
        ax.set_title(title, loc="left", fontsize=11)
    alt = (
        f"A map of {len(topics)} topics and their posts; the plane holds {table['held'].iloc[0]:.0%} of what sets the "
    )
    keep(ax.get_figure(root=True), alt=f"{alt}topics apart.", table=table)
    return ax


def _hexagons(ax, cells, width):
    """Draw the hexagons, pointing up, in steps of grey by the logarithm of their posts, with a scale beside."""
    from matplotlib.collections import PolyCollection
    from matplotlib.colors import LinearSegmentedColormap, LogNorm
    from matplotlib.ticker import StrMethodFormatter

    if cells.empty:
        ax.annotate("too few people to show where posts lie", (0.5, 0.03), xycoords="axes fraction", ha="center",
                    color=QUIET)  # fmt: skip
        return
    turn = np.pi / 3 * np.arange(6) + np.pi / 6
    corners = width / np.sqrt(3) * np.stack([np.cos(turn), np.sin(turn)], axis=1)
    counts = cells["posts"].astype(float).to_numpy()
    greys = LinearSegmentedColormap.from_list("lightness", ["#E4E4E4", "#8FA3B5", "#1D3349"])
    norm = LogNorm(counts.min(), max(counts.max(), counts.min() * 1.01))
    drawn = PolyCollection(cells[["x", "y"]].to_numpy(float)[:, None] + corners, cmap=greys, norm=norm)
    drawn.set(array=counts, edgecolor="face", linewidth=0.2)
    ax.add_collection(drawn)
    bar = ax.figure.colorbar(drawn, ax=ax, shrink=0.8, aspect=18, pad=0.02, label="posts in a hexagon")
    bar.ax.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    bar.ax.yaxis.set_minor_formatter("")
    bar.set_ticks(sorted({int(counts.min()), *(n for n in 10.0 ** np.arange(7) if counts.min() * 1.5 < n <
                                               counts.max() / 1.5), int(counts.max())}))  # fmt: skip
    bar.ax.tick_params(labelsize=8)


def _numbers(ax, places, numbers):
    """Write each topic's number at its place, or beside it where two would hide one another."""
    span = ax.viewLim.width
    moved = _apart(places / span, 0.05) * span
    for place, beside, number in zip(places, moved, numbers, strict=True):
        if np.linalg.norm(beside - place) > 0.004 * span:
            ax.plot(*zip(place, beside, strict=True), color="black", linewidth=0.8, zorder=3)
            ax.plot(*place, ".", color="black", markersize=4, zorder=3)
        ax.text(*beside, number, ha="center", va="center", fontsize=9.5, weight="bold", zorder=4, bbox=_BOX)


def _apart(places, least):
    """Push points apart until none is nearer than `least` to another, each as little as may be.

    >>> _apart(np.array([[0.0, 0.0], [0.0, 0.0]]), 0.1).round(2).tolist()
    [[-0.05, 0.0], [0.05, 0.0]]
    """
    moved = np.array(places, dtype=float)
    for _ in range(200):
        gap = moved[:, None] - moved[None]
        far = np.linalg.norm(gap, axis=2)
        one, two = np.nonzero(np.triu(far < least * 0.999, 1))
        if not len(one):
            break
        for i, j in zip(one, two, strict=True):
            step = moved[j] - moved[i]
            size = np.linalg.norm(step)
            way = step / size if size > 1e-9 else np.array([1.0, 0.0])
            push = max(least - size, 0) / 2 * way
            moved[i], moved[j] = moved[i] - push, moved[j] + push
    return moved


def _key(topics, numbers, names):
    """Say what each number stands for."""
    lines = [f"{number}  {names.get(topic, '')}" for number, topic in zip(numbers, topics["topic"], strict=True)]
    return "\n".join(fill(line, 34, subsequent_indent="     ") for line in lines)


def _caption(table):
    """Say what may be read from the map, and what is not on it."""
    parts = [
        f"Near numbers: topics alike in their words, as far as a plane can show it (it holds "
        f"{table['held'].iloc[0]:.0%} of their variance). A post lies between the topics whose words it shares; in the "
        "middle it speaks for none."
    ]
    rest = table[table["what"].isin(["left out", "wordless"])].set_index("what")["posts"]
    reasons = {"left out": "in hexagons of too few people", "wordless": "without a word that counts"}
    parts += [
        f"Not drawn: {'some' if pd.isna(rest[what]) else f'{rest[what]:,}'} posts {reason}."
        for what, reason in reasons.items()
        if what in rest
    ]
    return " ".join(parts)
