"""The effect of an event beside what other dates show."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.plots.axes import PALETTE, QUIET, canvas, finish, refuse

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_effect(
    found: dict, placebos: pd.DataFrame, *, name: str = "the event", ax: Axes | None = None, title: str | None = None
) -> Axes:
    """Draw the ratio of what came to what was expected, among those of dates without a known event.

    Parameters
    ----------
    found : dict
        As ``spread.effect_of`` gives it.
    placebos : DataFrame
        As ``spread.placebo_effects`` gives it.
    name : str
        What the event is called.
    ax : Axes, optional
        Where to draw; a new one without it.
    title : str, optional

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        Where there is no ratio to draw.
    """
    ratio = found["ratio"]
    refuse(not np.isfinite(ratio) or ratio <= 0, found["reason"] or "no ratio")
    ax = canvas(ax, 8, 3.6)
    others = placebos["ratio"].to_numpy(float)
    ends = [x for x in (found["low"], found["high"]) if np.isfinite(x) and x > 0]
    known = np.concatenate([others, [ratio], ends])
    edges = np.geomspace(known.min() / 1.1, known.max() * 1.1, 41)
    top = 1.0
    if len(others):
        label = f"{len(others):,} dates without a known event"
        bars, _, _ = ax.hist(others, edges, color=PALETTE[4], edgecolor="white", label=label)
        top = max(bars.max(), 1.0)
    ax.plot([1, 1], [0, 1.15 * top], color=QUIET, linewidth=1, linestyle=(0, (4, 3)))
    label = f"{name}: {ratio:.3g} times what was expected"
    ax.plot([ratio, ratio], [0, 1.07 * top], "-", color=PALETTE[5], linewidth=2.2, label=label)
    if len(ends) == 2:
        ax.plot(ends, [1.07 * top] * 2, "-|", color=PALETTE[5], linewidth=2, markersize=10, label="its 95% interval")
        ax.plot(ratio, 1.07 * top, "D", color=PALETTE[5], markersize=6)
    ax.set_ylim(0, 1.75 * top)
    ax.set_xscale("log")
    _ratios(ax)
    said = (
        f"p = {found['p']:.3f}, the smallest that {found['placebos']} dates allow is {1 / (1 + found['placebos']):.3f}"
    )
    if not np.isfinite(found["p"]):
        said = "no p-value: the date was picked by the curve" if found["chosen"] == "curve" else "no p-value"
    ax.plot([], [], " ", label=said)
    finish(ax, title=title, x="posts that came, over posts expected (logarithmic)", y="dates")
    ax.legend(frameon=False, fontsize=9, loc="upper left", ncols=2)
    return ax


def _ratios(ax):
    """Write ratios in full on a logarithmic axis."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    ax.xaxis.set_major_locator(LogLocator(10, subs=(1, 2, 5), numticks=12))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:.10g}"))
    ax.xaxis.set_minor_formatter(NullFormatter())
