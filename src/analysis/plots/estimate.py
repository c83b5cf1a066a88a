"""The figures of estimates: what was found beside what was planted, and how many posts to label."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.plots.axes import LINE_STYLES, MARKERS, PALETTE, QUIET, canvas, finish, refuse

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_recovery(table: pd.DataFrame, *, ax: Axes | None = None, title: str | None = None) -> Axes:
    """Draw how far each estimate lies from what was planted, and the mean length of its interval.

    Parameters
    ----------
    table : DataFrame
        ``method`` (str), ``shift`` (str), ``bias`` and ``half_width`` (from 0 to 1), ``covered`` (from 0 to 1) and
        ``stands`` (bool): as ``estimate.recover`` gives it, for one planted share. Methods are drawn from the top in
        this order.
    ax : Axes, optional
        Where to draw; a new one without it.
    title : str, optional

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        Where the table has no rows, or a method comes twice under one shift.
    """
    refuse(table.empty)
    if table.duplicated(["method", "shift"]).any():
        raise ValueError("a method comes twice under one shift: give one planted share at a time")
    methods, shifts = list(dict.fromkeys(table["method"])), list(dict.fromkeys(table["shift"]))
    ax = canvas(ax, 8, 1.6 + 0.5 * len(methods))
    ax.axvline(0, color=QUIET, linewidth=1)
    offsets = np.linspace(0.25, -0.25, len(shifts)) if len(shifts) > 1 else [0]
    for i, (shift, offset) in enumerate(zip(shifts, offsets, strict=True)):
        rows = table[table["shift"] == shift]
        place = len(methods) - 1 - rows["method"].map(methods.index) + offset
        colour = PALETTE[(0, 5, 2)[i % 3]]
        bias, half = 100 * rows["bias"], 100 * rows["half_width"]
        ax.hlines(place, bias - half, bias + half, color=colour, linewidth=1.6, linestyle=LINE_STYLES[i % 3])
        ax.plot(bias, place, MARKERS[i], color=colour, mfc="white", markersize=6, label=shift)
        stands = rows["stands"].to_numpy(dtype=bool)
        ax.plot(bias[stands], place[stands], MARKERS[i], color=colour, markersize=6)
    ax.set_yticks(np.arange(len(methods))[::-1], methods)
    ax.set_ylim(-0.6, len(methods) - 0.4)
    for place in range(len(methods) - 1):
        ax.axhline(place + 0.5, color="#DDDDDD", linewidth=0.8, zorder=0)
    finish(ax, title=title, x="estimate minus planted share (points), with the mean 95% interval")
    ax.grid(visible=False, axis="y")
    ax.plot([], [], MARKERS[0], color=QUIET, label="filled: claims to stand this shift")
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2, frameon=False, fontsize=9, borderaxespad=0)
    ax.set_title(ax.get_title(loc="left"), loc="left", fontsize=11, pad=38)
    return ax


def plot_design(table: pd.DataFrame, *, ax: Axes | None = None, title: str | None = None) -> Axes:
    """Draw how many posts to label by hand for an interval of a wished width.

    Parameters
    ----------
    table : DataFrame
        ``half_width`` (from 0 to 1), ``labels_alone`` and ``with_predictions`` (posts), as ``estimate.labels_needed``
        gives them.
    ax, title
        As in :func:`plot_recovery`.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        Where the table has no rows.
    """
    from matplotlib.ticker import LogLocator, NullFormatter, StrMethodFormatter

    refuse(table.empty)
    ax = canvas(ax)
    rows = table.sort_values("half_width")
    for i, (name, label) in enumerate(
        [("labels_alone", "labels alone"), ("with_predictions", "labels and predictions")]
    ):
        ax.plot(
            100 * rows["half_width"], rows[name], color=PALETTE[(5, 0)[i]], linestyle=LINE_STYLES[i],
            marker=MARKERS[i], markersize=5, label=label,
        )  # fmt: skip
    ax.set_yscale("log")
    ax.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    ax.yaxis.set_minor_formatter(NullFormatter())
    ax.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    ax.xaxis.set_major_formatter(StrMethodFormatter("±{x:g}"))
    ax.legend(frameon=False, fontsize=9)
    return finish(ax, title=title, x="95% interval (points either way)", y="posts to label by hand")
