"""The figures of the disclosures lesson on how good answers are: by split, by probability, by kind, by labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.plots.axes import LINE_STYLES, MARKERS, PALETTE, QUIET, canvas, finish, refuse

if TYPE_CHECKING:
    from matplotlib.axes import Axes


_MEASURES = {
    "f1": "F1 (1: nothing missed, nothing wrong)",
    "precision": "precision (share of those called so that are)",
    "recall": "recall (share of those that are so that are found)",
    "average_precision": "average precision (1: all that are so rank first)",
    "brier": "Brier score (0: certain and right)",
}


def plot_rates(table: pd.DataFrame, *, ax: Axes | None = None, title: str | None = None) -> Axes:
    """Draw a measure of several methods under several splits as dots with intervals.

    Parameters
    ----------
    table : DataFrame
        ``row`` (what stands at the side, in the order from the top), ``method`` (one marker each), ``value``, ``low``,
        ``high`` (0 to 1); ``measure``, such as "recall" (F1 without it), one throughout.
    ax : Axes, optional
        Where to draw; a new one without it.
    title : str, optional

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        Where there is nothing to draw, or the table holds several measures, which no one axis can name.
    """
    refuse(table.empty)
    measures = list(dict.fromkeys(table["measure"])) if "measure" in table else ["f1"]
    if len(measures) > 1:
        raise ValueError(f"the table holds {', '.join(measures)}: draw one measure at a time")
    rows, methods = list(dict.fromkeys(table["row"])), list(dict.fromkeys(table["method"]))
    ax = canvas(ax, 8, 1.3 + 0.5 * len(rows))
    apart = np.linspace(-0.18, 0.18, len(methods)) if len(methods) > 1 else [0.0]
    for i, method in enumerate(methods):
        part = table[table["method"] == method]
        places = np.array([len(rows) - 1 - rows.index(row) for row in part["row"]]) - apart[i]
        ax.hlines(places, part["low"], part["high"], color=PALETTE[i], linewidth=1.6)
        ax.plot(part["value"], places, MARKERS[i], color=PALETTE[i], markersize=7, label=method,
                markeredgecolor="black", markeredgewidth=0.6)  # fmt: skip
    ax.set_yticks(range(len(rows)), rows[::-1])
    ax.set_ylim(-0.6, len(rows) - 0.4)
    ax.set_xlim(right=1.0)
    finish(ax, title=title, x=f"{_MEASURES.get(measures[0], measures[0])}, with 95% interval")
    ax.grid(visible=False, axis="y")
    ax.grid(axis="x", color="#DDDDDD", linewidth=0.8)
    _legend(ax, len(methods))
    return ax


def plot_calibration(table: pd.DataFrame, *, ax: Axes | None = None, title: str | None = None) -> Axes:
    """Draw what was said to be probable against what was so, and how many posts each point stands for.

    Parameters
    ----------
    table : DataFrame
        ``said``, ``so``, ``low``, ``high`` (0 to 1), ``posts``, as :func:`analysis.disclosure.calibration` gives them.
    ax, title
        As in :func:`plot_rates`.

    Returns
    -------
    matplotlib.axes.Axes
    """
    from matplotlib.ticker import PercentFormatter

    refuse(table.empty)
    ax = canvas(ax, 5.6, 5.2)
    ax.plot([0, 1], [0, 1], color=QUIET, linestyle=LINE_STYLES[1], linewidth=1)
    ax.annotate("dashed: said as it is", (0.02, 0.98), xycoords="axes fraction", va="top", color=QUIET, fontsize=8.5)
    ax.vlines(table["said"], table["low"], table["high"], color=PALETTE[0], linewidth=1.6)
    size = 20 + 200 * np.sqrt(table["posts"] / table["posts"].max())
    ax.scatter(table["said"], table["so"], s=size, color=PALETTE[4], edgecolor="black", linewidth=0.8, zorder=3)
    for row in table.itertuples():
        left = row.said > 0.5
        ax.annotate(f"{row.posts:,}", (row.said, row.so), xytext=(-9 if left else 9, 0), textcoords="offset points",
                    ha="right" if left else "left", va="center", fontsize=8, color=QUIET)  # fmt: skip
    ax.set(xlim=(-0.03, 1.03), ylim=(-0.03, 1.09))
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(PercentFormatter(1, decimals=0))
    finish(ax, title=title, x="said to be a disclosure with a probability of", y="share that is one")
    return ax


def plot_confusion(table: pd.DataFrame, *, ax: Axes | None = None, title: str | None = None) -> Axes:
    """Draw how the posts of each true kind are answered: each row adds up to 100%.

    Parameters
    ----------
    table : DataFrame
        Counts of posts: a row a true kind, a column an answer; the names of its index and columns become axis labels.
    ax, title
        As in :func:`plot_rates`.

    Returns
    -------
    matplotlib.axes.Axes
        Each cell says in percent how much of its row has that answer, and is the darker the more.
    """
    refuse(table.empty)
    ax = canvas(ax, 2.6 + 0.66 * table.shape[1], 1.9 + 0.36 * table.shape[0])
    counts = table.astype("float64")
    shares = counts.div(counts.sum(axis=1).where(lambda total: total > 0), axis=0)
    ax.imshow(shares, cmap="Greys", vmin=0, vmax=1, aspect="auto")
    for row, column in np.argwhere(shares.notna().to_numpy()):
        share = shares.iloc[row, column]
        ink = "white" if share > 0.5 else "black"
        ax.text(column, row, f"{share:.0%}", ha="center", va="center", fontsize=8.5, color=ink)
    turned = {"rotation": 40, "ha": "right"} if table.shape[1] > 5 else {}
    ax.set_xticks(range(table.shape[1]), [str(name).replace("_", " ") for name in table.columns], **turned)
    ax.set_yticks(range(table.shape[0]), [str(name).replace("_", " ") for name in table.index])
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    ax.set_xlabel(str(table.columns.name or "answer"))
    ax.set_ylabel(str(table.index.name or "truth"))
    if title is not None:
        ax.set_title(title, loc="left", fontsize=11)
    return ax


def plot_learning(table: pd.DataFrame, *, lines=None, ax: Axes | None = None, title: str | None = None) -> Axes:
    """Draw how good a model gets with more labelled posts.

    Parameters
    ----------
    table : DataFrame
        ``labels``, ``f1``, ``low``, ``high``, as :func:`analysis.disclosure.learning_curve` gives them.
    lines : dict of str to float, optional
        What else reached which F1, drawn as level lines: the rules, an annotator.
    ax, title
        As in :func:`plot_rates`.

    Returns
    -------
    matplotlib.axes.Axes
    """
    refuse(table.empty)
    ax = canvas(ax, 7.5, 4)
    ax.fill_between(table["labels"], table["low"], table["high"], color=PALETTE[4], alpha=0.35, linewidth=0)
    ax.plot(table["labels"], table["f1"], MARKERS[0], linestyle="-", color=PALETTE[0])
    ax.set_xscale("log")
    ax.set_xticks(table["labels"], [f"{n:,}" for n in table["labels"]])
    ax.set_xticks([], minor=True)
    for i, (name, value) in enumerate((lines or {}).items(), start=1):
        ax.axhline(value, color=QUIET, linestyle=LINE_STYLES[i], linewidth=1.2)
        ax.annotate(name, (1, value), xycoords=ax.get_yaxis_transform(), xytext=(-2, 3), textcoords="offset points",
                    ha="right", fontsize=8.5, color=QUIET)  # fmt: skip
    ax.set_ylim(top=1.0)
    finish(ax, title=title, x="labelled posts that it learnt from", y="F1; band: the folds")
    return ax


def _legend(ax, many):
    if many > 1:
        where = {"loc": "lower right", "bbox_to_anchor": (1, 1.0), "borderaxespad": 0.2}
        ax.legend(frameon=False, fontsize=9, ncols=min(many, 4), **where)
