"""Waves side by side: the curve of each group, their peaks with intervals, and their shares over time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.plots.axes import (
    HATCHES,
    LINE_STYLES,
    MARKERS,
    PALETTE,
    canvas,
    dates,
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


def plot_waves(
    table: pd.DataFrame,
    by: str,
    groups: Sequence[str],
    *,
    ax: Axes | None = None,
    title: str | None = None,
) -> Axes:
    """Draw the counts of several groups, each as a part of its own highest interval, so that their times compare.

    Parameters
    ----------
    table : DataFrame
        ``start``, a column of groups and ``posts``, as ``spread.counts(posts, by=...)`` gives them.
    by : str
        The column of the groups.
    groups : sequence of str
        Which, six at most, in the order of the legend.
    ax : Axes, optional
    title : str, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    if not 0 < len(groups) <= 6:
        raise ValueError(f"{len(groups)} groups cannot be told apart in one figure; take one to six")
    ax = canvas(ax)
    for i, group in enumerate(groups):
        own = table[table[by] == group]
        counts = own["posts"].to_numpy(float, na_value=np.nan)
        if not np.nansum(counts):
            raise ValueError(f"there is nothing to draw of {group!r}: it holds no posts")
        when = own["start"] + step_of(own) / 2
        mark = {"marker": MARKERS[i], "markevery": max(len(own) // 12, 1), "markersize": 4}
        color = PALETTE[(0, 1, 2, 5, 3, 6)[i]]
        ax.plot(when, 100 * counts / np.nanmax(counts), color=color, linestyle=LINE_STYLES[i], label=group, **mark)
    own = table[table[by] == groups[0]]
    ax.set_ylim(0, 105)
    ax.legend(frameon=False, fontsize=9, title=by)
    time_axis(ax, own)
    what = f"posts per {interval_name(step_of(own))} (% of the group's highest)"
    return finish(ax, title=title, x=zone_label(own), y=what)


def plot_peaks(table: pd.DataFrame, by: str, *, ax: Axes | None = None, title: str | None = None) -> Axes:
    """Draw when each group had its peak, with the interval that the noise leaves open.

    Parameters
    ----------
    table : DataFrame
        A column of groups, ``peak``, ``low``, ``high`` and ``share_of_peak``, as ``spread.waves`` gives them. Groups
        without a peak are left out.
    by : str
        The column of the groups.
    ax : Axes, optional
    title : str, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    known = table[table["peak"].notna()].sort_values(["peak", by], ascending=[False, False])
    refuse(known.empty, "no group has a peak")
    ax = canvas(ax, 8, 1.2 + 0.32 * len(known))
    place = np.arange(len(known))
    ax.hlines(place, known["low"], known["high"], color=PALETTE[4], linewidth=5)
    ax.plot(known["peak"], place, "o", color=PALETTE[0], markersize=6)
    for y, row in zip(place, known.itertuples(), strict=True):
        text = f"{row.peak:%Y-%m-%d}, {_percent(row.share_of_peak)}"
        box = {"facecolor": "white", "edgecolor": "none", "pad": 1}  # no grid line through the words
        ax.annotate(text, (row.high, y), xytext=(8, 0), textcoords="offset points", va="center", fontsize=8, bbox=box)
    ax.set_yticks(place, known[by])
    ax.margins(x=0.02)
    left, right = ax.get_xlim()
    ax.set_xlim(left, right + 0.22 * (right - left))
    dates(ax, str(known["peak"].dt.tz))
    zone = str(known["peak"].dt.tz).replace("_", " ")
    return finish(ax, title=title, x=f"time ({zone}); beside each its peak, and its share of all posts then", y=by)


def _percent(share: float) -> str:
    """Say a share, a small one with a decimal, so that no share of something reads as nothing.

    >>> [_percent(share) for share in (0.64, 0.0952, 0.0048, 0.0002)]
    ['64%', '9.5%', '0.5%', '<0.1%']
    """
    return f"{share:.{0 if share >= 0.0995 else 1}%}" if share >= 0.0005 else "<0.1%"


def plot_falls(table: pd.DataFrame, *, ax: Axes | None = None, title: str | None = None) -> Axes:
    """Draw how several waves fell: what was left of each peak, by the days since, on a logarithmic axis.

    Parameters
    ----------
    table : DataFrame
        ``peak`` (the day of the peak), ``days`` (since it, from 0) and ``left`` (the part of the peak's posts, from 0
        to 1; missing in a gap). One row a wave and day; six waves at most, drawn in the order of their peaks.
    ax : Axes, optional
    title : str, optional

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        Where there are no waves, or more than six.
    """
    peaks = sorted(table["peak"].unique())
    refuse(not 0 < len(peaks) <= 6, f"{len(peaks)} waves; take one to six")
    ax = canvas(ax)
    for i, peak in enumerate(peaks):
        own = table[table["peak"] == peak]
        look = {"color": PALETTE[(0, 1, 2, 5, 3, 6)[i]], "linestyle": LINE_STYLES[i], "marker": MARKERS[i]}
        part = 100 * own["left"].to_numpy(float, na_value=np.nan)
        ax.plot(own["days"], np.where(part > 0, part, np.nan), label=f"{peak:%d %b %Y}", markersize=4, **look)
    ax.set_yscale("log")
    numbers(ax)
    ax.legend(frameon=False, fontsize=9, title="wave of", loc="upper left", bbox_to_anchor=(1.01, 1))
    return finish(ax, title=title, x="days since the highest day of the wave", y="posts (% of the highest day's)")


def plot_shares(
    table: pd.DataFrame, by: str, groups: Sequence[str], *, ax: Axes | None = None, title: str | None = None
) -> Axes:
    """Draw the shares of several groups over time, stacked, each with a hatch of its own.

    Parameters
    ----------
    table : DataFrame
        ``start``, a column of groups and ``share``, as ``spread.counts(posts, by=...)`` gives them.
    by : str
        The column of the groups.
    groups : sequence of str
        Which, seven at most, from below.
    ax : Axes, optional
    title : str, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    if not 0 < len(groups) <= 7:
        raise ValueError(f"{len(groups)} groups cannot be told apart in one figure; take one to seven")
    ax = canvas(ax)
    first = table[table[by] == groups[0]]
    edges = [*first["start"], first["start"].iloc[-1] + step_of(first)]
    below = np.zeros(len(first))
    for i, group in enumerate(groups):
        share = np.nan_to_num(100 * table.loc[table[by] == group, "share"].to_numpy(float, na_value=np.nan))
        style = {"facecolor": PALETTE[i], "hatch": HATCHES[i], "edgecolor": "black", "linewidth": 0.3}
        ax.stairs(below + share, edges, baseline=below, fill=True, label=group, **style)
        below = below + share
    ax.set_ylim(0, 100)
    ax.legend(loc="upper left", bbox_to_anchor=(1.01, 1), frameon=False, fontsize=9, title=by, reverse=True)
    time_axis(ax, first)
    return finish(ax, title=title, x=zone_label(first), y=f"share of the posts per {interval_name(step_of(first))} (%)")
