"""The rhythm of day and week, and counts taken apart into trend, rhythm and rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.plots.axes import (
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


def plot_rhythm(table: pd.DataFrame, *, zone: str = "UTC", ax: Axes | None = None, title: str | None = None) -> Axes:
    """Draw the share of each hour or weekday with its interval, beside what an even spread would be.

    Parameters
    ----------
    table : DataFrame
        ``hour`` or ``weekday``, ``share``, ``low`` and ``high``, as ``spread.rhythm`` gives them.
    zone : str
        In which hours and days are told; for the label.
    ax : Axes, optional
    title : str, optional

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        Where the shares are missing; the message says why.
    """
    refuse(table["share"].isna().any(), table["reason"].iloc[0])
    ax = canvas(ax, 7, 3.6)
    place, share, hours = np.arange(len(table)), 100 * table["share"].to_numpy(), "hour" in table
    whole = "day" if hours else "week"
    low, high = 100 * table["low"].to_numpy(), 100 * table["high"].to_numpy()
    ax.axhline(100 / len(table), color=QUIET, linestyle=(0, (4, 3)), linewidth=1, label="if all were alike")
    ax.fill_between(place, low, high, color=PALETTE[4], alpha=0.45, linewidth=0, label="95% interval")
    ax.plot(place, share, "o-", color=PALETTE[0], markersize=4, linewidth=1.6, label=f"share of an average {whole}")
    ax.set_xticks(
        place[::3] if hours else place, table["hour"][::3] if hours else [day[:3] for day in table["weekday"]]
    )
    ax.set_ylim(bottom=0)
    ax.legend(frameon=False, fontsize=9)
    what = f"hour of the day ({zone.replace('_', ' ')})" if hours else f"day of the week ({zone.replace('_', ' ')})"
    return finish(ax, title=title, x=what, y=f"share of a {whole}'s posts (%)")


def plot_seasonal(table: pd.DataFrame, *, ax: Axes | None = None, title: str | None = None) -> Axes:
    """Draw counts on a logarithmic axis with their trend, and their trend with the rhythm in it.

    Parameters
    ----------
    table : DataFrame
        ``start``, ``posts``, ``trend`` and ``rhythm``, as ``spread.seasonal`` gives them.
    ax : Axes, optional
    title : str, optional

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        Where there is no trend; the message says why.
    """
    refuse(table["trend"].isna().all(), table.attrs.get("reason", "the trend is missing"))
    ax = canvas(ax)
    trend = table["trend"].to_numpy()
    counted = table["posts"].to_numpy(float, na_value=np.nan)
    ax.plot(table["start"], np.maximum(counted, 0.5), ".", color=PALETTE[4], markersize=3, label="counted")
    with_rhythm = (trend + 1) * table["rhythm"].to_numpy() - 1
    ax.plot(table["start"], np.maximum(with_rhythm, 0.5), color=PALETTE[1], linewidth=1, label="trend with rhythm")
    ax.plot(table["start"], np.maximum(trend, 0.5), color=PALETTE[0], linewidth=2, linestyle="--", label="trend")
    ax.set_yscale("log")
    ax.legend(frameon=False, fontsize=9)
    time_axis(ax, table)
    numbers(ax)
    return finish(ax, title=title, x=zone_label(table), y=f"posts per {interval_name(step_of(table))}")
