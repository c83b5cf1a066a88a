"""Counts over time, gaps in collection as bands, and curves of growth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.plots.axes import (
    LINE_STYLES,
    PALETTE,
    QUIET,
    canvas,
    finish,
    interval_name,
    numbers,
    refuse,
    step_of,
    time_axis,
    zone_label,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_counts(
    table: pd.DataFrame,
    *,
    ax: Axes | None = None,
    marks: Mapping[str, pd.Timestamp] | None = None,
    log: bool = False,
    title: str | None = None,
) -> Axes:
    """Draw posts per interval as steps, from a table of counts.

    Parameters
    ----------
    table : DataFrame
        ``start`` (with a zone) and ``posts``, as ``spread.counts`` gives them. Missing counts are drawn as hatched
        bands over the whole height, never as zero.
    ax : Axes, optional
        Where to draw; a new one without it.
    marks : mapping of str to Timestamp, optional
        Moments to mark, by what is written beside them. Those outside the table's span are left out.
    log : bool
        Count on a logarithmic axis. It begins below the least count, and an empty interval lies on its floor.
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
    step, counts = step_of(table), table["posts"].to_numpy(float, na_value=np.nan)
    floor = _floor(counts) if log else 0
    edges = [*table["start"], table["start"].iloc[-1] + step]
    shown = np.where(np.isnan(counts), np.nan, np.maximum(counts, floor))
    shown = np.append(shown, shown[-1])
    ax.fill_between(edges, floor, shown, step="post", color=PALETTE[4], alpha=0.5, linewidth=0)
    width = 1.2 if len(table) <= 200 else 0.7  # of hundreds of steps a thick line would be a blot
    ax.plot(edges, shown, drawstyle="steps-post", color=PALETTE[0], linewidth=width)  # broken where counts are missing
    shade_gaps(ax, table)
    if log:
        ax.set_yscale("log")
    ax.set_ylim(bottom=floor)
    time_axis(ax, table, marks)
    numbers(ax)
    return finish(ax, title=title, x=zone_label(table), y=f"posts per {interval_name(step)}")


def _floor(counts):
    """Give where a logarithmic axis of counts begins.

    >>> _floor(np.array([0.0, 40.0])), _floor(np.array([90.0, np.nan]))
    (0.5, 30.0)
    """
    least = float(np.nanmin(counts)) if np.isfinite(counts).any() else 0.0
    return least / 3 if least >= 10 else 0.5


def shade_gaps(ax: Axes, table: pd.DataFrame) -> None:
    """Shade the intervals whose count is missing, as hatched bands, and say so in a legend.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    table : DataFrame
        As :func:`plot_counts` takes it.
    """
    missing = np.isnan(table["posts"].to_numpy(float, na_value=np.nan))
    if not missing.any():
        return
    edges = [*table["start"], table["start"].iloc[-1] + step_of(table)]
    starts = np.flatnonzero(missing & ~np.append(False, missing[:-1]))
    ends = np.flatnonzero(missing & ~np.append(missing[1:], False)) + 1
    for i, (start, end) in enumerate(zip(starts, ends, strict=True)):
        ax.axvspan(
            edges[start], edges[end], facecolor="white", edgecolor=QUIET, hatch="xxxx", linewidth=0.4, zorder=0.5,
            label=None if i else "not collected",
        )  # fmt: skip
    ax.legend(loc="upper right", framealpha=0.85, edgecolor="none", fontsize=9)


def plot_growth(
    table: pd.DataFrame,
    fits: Sequence[dict],
    *,
    ax: Axes | None = None,
    marks: Mapping[str, pd.Timestamp] | None = None,
    title: str | None = None,
) -> Axes:
    """Draw counts as points on a logarithmic axis with the curves of growth that were fitted to them.

    Parameters
    ----------
    table : DataFrame
        ``start`` (UTC, at even distances) and ``posts``. Empty intervals are drawn hollow on the floor.
    fits : sequence of dict
        As ``spread.growth`` gives them; those without a rate are left out.
    ax, marks, title
        As in :func:`plot_counts`.

    Returns
    -------
    matplotlib.axes.Axes
    """
    refuse(table.empty)
    ax = canvas(ax)
    step = step_of(table)
    middle = table["start"] + step / 2
    counts = table["posts"].to_numpy(float, na_value=np.nan)
    empty, known = counts == 0, counts > 0
    ax.plot(middle[known], counts[known], "o", color=PALETTE[0], markersize=4, label="counted")
    if empty.any():
        floor = np.full(int(empty.sum()), 0.5)
        ax.plot(middle[empty], floor, "o", mfc="white", mec=PALETTE[0], markersize=4, label="none")
    for i, fit in enumerate(fit for fit in fits if not fit["why"]):
        hours = np.linspace(0, (fit["end"] - fit["start"]) / pd.Timedelta("1h"), 50)
        curve = fit["at_start"] * (step / pd.Timedelta("1h")) * np.exp(fit["rate"] * hours)
        label = _pace(fit["doubling"])
        when = fit["start"] + pd.to_timedelta(hours, unit="h")
        ax.plot(when, curve, color=PALETTE[(5, 6, 2)[i % 3]], linestyle=LINE_STYLES[i], linewidth=2, label=label)
    ax.set_yscale("log")
    ax.set_ylim(bottom=0.4)
    ax.legend(loc="lower right", frameon=False, fontsize=9)
    time_axis(ax, table, marks, tight=False)
    numbers(ax)
    return finish(ax, title=title, x=zone_label(table), y=f"posts per {interval_name(step)}")


def _pace(doubling):
    """Say how fast a curve grows, for a legend.

    >>> [_pace(hours) for hours in (0.5, -0.5, float("nan"))]
    ['doubling every 30 min', 'halving every 30 min', 'no growth told']
    """
    if np.isnan(doubling):
        return "no growth told"
    return f"{'doubling' if doubling > 0 else 'halving'} every {60 * abs(doubling):.0f} min"
