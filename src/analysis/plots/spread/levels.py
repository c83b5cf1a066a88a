"""Bursts as bars under the counts, and change points as steps over them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.plots.axes import HATCHES, PALETTE, finish, interval_name, step_of, time_axis, zone_label
from analysis.plots.spread.counted import plot_counts

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_bursts(
    table: pd.DataFrame,
    bursts: pd.DataFrame,
    *,
    ax: Axes | None = None,
    marks: Mapping[str, pd.Timestamp] | None = None,
    log: bool = True,
    title: str | None = None,
) -> Axes:
    """Draw counts with the bursts below them, a row of bars for each level, the lowest level lowest.

    Parameters
    ----------
    table : DataFrame
        As :func:`analysis.plots.spread.counted.plot_counts` takes it.
    bursts : DataFrame
        ``level``, ``start`` and ``end``, as ``spread.bursts`` gives them.
    ax, marks, log, title
        As for ``plot_counts``.

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax = plot_counts(table, ax=ax, marks=marks, log=log, title=title)
    if marks and not log:
        ax.set_ylim(top=1.07 * ax.get_ylim()[1])  # the words of a mark stand above the highest count
    levels = int(bursts["level"].max()) if len(bursts) else 0
    rows = []
    for level in range(1, levels + 1):
        own = bursts[bursts["level"] == level]
        look = {"facecolor": PALETTE[(4, 1, 6)[min(level, 3) - 1]], "hatch": HATCHES[(0, 1, 0)[min(level, 3) - 1]]}
        rows.append((own["start"], own["end"], look, f"burst, level {level}"))
    _bars_below(ax, rows)
    if ax.get_legend_handles_labels()[1]:
        ax.legend(loc="upper right", framealpha=0.85, edgecolor="none", fontsize=9, reverse=True)
    return ax


def _bars_below(ax, rows):
    """Draw rows of bars below the lowest count, the first row lowest; make room for them."""
    from matplotlib.dates import date2num
    from matplotlib.ticker import FuncFormatter

    if not rows:
        return
    low, high = ax.get_ylim()
    part = 0.06 * len(rows)
    log = ax.get_yscale() == "log"
    ax.set_ylim(low * (low / high) ** (part / (1 - part)) if log else low - part / (1 - part) * (high - low), high)
    if not log:
        ax.set_yticks([tick for tick in ax.get_yticks() if low <= tick <= high])  # no grid line behind the bars
    for i, (starts, ends, look, label) in enumerate(rows):
        spans = [(date2num(a), date2num(b) - date2num(a)) for a, b in zip(starts, ends, strict=True)]
        place = (0.06 * i + 0.01, 0.045)
        ax.broken_barh(
            spans, place, transform=ax.get_xaxis_transform(), edgecolor="black", linewidth=0.6, label=label, zorder=3,
            **look,
        )  # fmt: skip
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}" if value >= low else ""))
    ax.tick_params(axis="y", which="minor", left=False)


def plot_changes(
    table: pd.DataFrame,
    changes: pd.DataFrame,
    *,
    ax: Axes | None = None,
    marks: Mapping[str, pd.Timestamp] | None = None,
    title: str | None = None,
) -> Axes:
    """Draw counts on a logarithmic axis with the level between change points, and the interval of each change.

    Parameters
    ----------
    table : DataFrame
        As :func:`analysis.plots.spread.counted.plot_counts` takes it.
    changes : DataFrame
        ``start``, ``low``, ``high``, ``before`` and ``after``, as ``spread.change_points`` gives them.
    ax, marks, title
        As for ``plot_counts``.

    Returns
    -------
    matplotlib.axes.Axes
    """
    from matplotlib.patheffects import Normal, Stroke

    ax = plot_counts(table, ax=ax, marks=marks, log=True, title=title)
    end, step = table["start"].iloc[-1] + step_of(table), step_of(table)
    if len(changes):
        edges = [table["start"].iloc[0], *changes["start"], end]
        levels = np.maximum([changes["before"].iloc[0], *changes["after"]], 0.6)
        halo = [Stroke(linewidth=4, foreground="white"), Normal()]
        ax.stairs(
            levels, edges, baseline=None, color=PALETTE[5], linewidth=2, label="level", path_effects=halo, zorder=3
        )
        _bars_below(
            ax, [(changes["low"], changes["high"] + step, {"facecolor": PALETTE[1]}, "where a change may lie (95%)")]
        )
        ax.legend(loc="upper right", framealpha=0.85, edgecolor="none", fontsize=9)
    time_axis(ax, table)
    return finish(ax, x=zone_label(table), y=f"posts per {interval_name(step)}")
