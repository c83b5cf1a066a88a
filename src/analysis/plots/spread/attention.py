"""How the posts lie around the highest day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.plots.axes import PALETTE, canvas, finish, refuse

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_attention(table: pd.DataFrame, *, ax: Axes | None = None, title: str | None = None) -> Axes:
    """Draw the shares before, on and after the highest day as bars, with their intervals.

    Parameters
    ----------
    table : DataFrame
        ``part``, ``share``, ``low``, ``high`` and ``day``, as ``spread.attention_class`` gives them.
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
    ax = canvas(ax, 6, 3.6)
    place, share = np.arange(len(table)), 100 * table["share"].to_numpy()
    ends = 100 * table[["low", "high"]].to_numpy().T
    colors = [PALETTE[4], PALETTE[0], PALETTE[4]]
    ax.bar(place, share, width=0.6, color=colors, edgecolor="black", linewidth=0.6)
    ax.errorbar(place, share, yerr=[share - ends[0], ends[1] - share], fmt="none", ecolor="black", capsize=4)
    for x, y, high in zip(place, share, ends[1], strict=True):
        ax.annotate(f"{y:.0f}%", (x, max(y, high)), xytext=(0, 4), textcoords="offset points", ha="center", fontsize=9)
    ax.set_xticks(
        place,
        [f"{part}\n({table['day'].iloc[0]:%Y-%m-%d})" if i == 1 else part for i, part in enumerate(table["part"])],
    )
    ax.set_ylim(0, max(ends[1].max() * 1.15, 10))
    return finish(ax, title=title, x="days around the highest", y="share of the posts (%)")
