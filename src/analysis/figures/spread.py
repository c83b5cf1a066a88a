"""The figures of the spread lesson."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.figures import LINE_STYLES, PALETTE, dates, finish, mark, new_axes

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
        ``start`` (UTC, at even distances) and ``posts``, as ``spread.counts`` gives them.
    ax : Axes, optional
        Where to draw; a new one without it.
    marks : mapping of str to Timestamp, optional
        Moments to mark, by what is written beside them. Those outside the table's span are left out.
    log : bool
        Count on a logarithmic axis, on which an empty interval lies on the floor.
    title : str, optional

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        Where the table has no rows.
    """
    if table.empty:
        raise ValueError("there is nothing to draw: the table has no rows")
    ax = new_axes() if ax is None else ax
    step = _step(table)
    edges = [*table["start"], table["start"].iloc[-1] + step]
    floor = 0.5 if log else 0
    ax.stairs(table["posts"].clip(lower=floor), edges, baseline=floor, fill=True, color=PALETTE[4], alpha=0.5)
    ax.stairs(table["posts"].clip(lower=floor), edges, baseline=floor, color=PALETTE[0], linewidth=1.2)
    if log:
        ax.set_yscale("log")
        ax.set_ylim(bottom=floor)
    ax.set_xlim(edges[0], edges[-1])
    for text, when in (marks or {}).items():
        if edges[0] <= when <= edges[-1]:
            mark(ax, when, text)
    dates(ax)
    _numbers(ax)
    return finish(ax, title=title, x="time (UTC)", y=f"posts per {_name(step)}")


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
    if table.empty:
        raise ValueError("there is nothing to draw: the table has no rows")
    ax = new_axes() if ax is None else ax
    step = _step(table)
    middle = table["start"] + step / 2
    empty = table["posts"] == 0
    ax.plot(middle[~empty], table.loc[~empty, "posts"], "o", color=PALETTE[0], markersize=4, label="counted")
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
    for text, when in (marks or {}).items():
        if table["start"].iloc[0] <= when <= table["start"].iloc[-1] + step:
            mark(ax, when, text)
    ax.legend(loc="lower right", frameon=False, fontsize=9)
    dates(ax)
    _numbers(ax)
    return finish(ax, title=title, x="time (UTC)", y=f"posts per {_name(step)}")


def _pace(doubling):
    """Say how fast a curve grows, for a legend.

    >>> [_pace(hours) for hours in (0.5, -0.5, float("nan"))]
    ['doubling every 30 min', 'halving every 30 min', 'no growth told']
    """
    if np.isnan(doubling):
        return "no growth told"
    return f"{'doubling' if doubling > 0 else 'halving'} every {60 * abs(doubling):.0f} min"


def _step(table):
    """Length of the table's intervals; an hour where there is only one."""
    starts = table["start"]
    return starts.iloc[1] - starts.iloc[0] if len(starts) > 1 else pd.Timedelta("1h")


def _name(step):
    """Say a length of time as one would: an hour, a day, 10 minutes."""
    known = {pd.Timedelta("1min"): "minute", pd.Timedelta("1h"): "hour", pd.Timedelta("1D"): "day"}
    return known.get(step, f"{step / pd.Timedelta('1min'):g} minutes")


def _numbers(ax):
    """Write counts in full, with a comma at the thousands."""
    from matplotlib.ticker import StrMethodFormatter

    ax.yaxis.set_major_formatter(StrMethodFormatter("{x:,.10g}"))
