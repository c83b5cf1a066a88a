"""The figure of the lesson on data of one's own: which data sets there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.plots.axes import MARKERS, PALETTE, QUIET, canvas, finish, refuse

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_sets(table: pd.DataFrame, *, ax: Axes | None = None, title: str | None = None) -> Axes:
    """Draw data sets by their size on a logarithmic axis, the largest on top, and write what they hold beside.

    Parameters
    ----------
    table : DataFrame
        A row a data set: ``name`` (str, no name twice), ``size`` (a number above 0), ``kind`` (str; each kind gets a
        colour and a marker, in the order of their names) and ``holds`` (str, what is written beside the point).
    ax : Axes, optional
        Where to draw; a new one without it.
    title : str, optional

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        Where the table has no rows, a name comes twice, a size is missing or not above 0, or there are more kinds than
        markers.
    """
    refuse(table.empty)
    sizes = table["size"].to_numpy(dtype=float, na_value=np.nan)
    if table["name"].duplicated().any() or not (np.isfinite(sizes) & (sizes > 0)).all():
        raise ValueError("each data set needs a name of its own and a size above 0: leave out those without")
    kinds = sorted(table["kind"].unique())
    if len(kinds) > len(MARKERS):
        raise ValueError(f"there are {len(kinds)} kinds, and only {len(MARKERS)} can be told apart")
    ax = canvas(ax, 8.5, 1.4 + 0.29 * len(table))
    rows = table.sort_values(["size", "name"], ascending=[True, False], ignore_index=True)
    for kind, colour, marker in zip(kinds, PALETTE, MARKERS, strict=False):
        here = rows[rows["kind"] == kind]
        ax.plot(here["size"].astype(float), here.index, marker, color=colour, markersize=7, label=kind)
    ax.set_xscale("log")
    ax.set_xlim(sizes.min() / 4, sizes.max() * 4)
    middle = np.sqrt(sizes.min() * sizes.max())
    for at, row in rows.iterrows():
        left = float(row["size"]) > middle
        ax.annotate(
            row["holds"], (float(row["size"]), at), xytext=(-8 if left else 8, 0), textcoords="offset points",
            ha="right" if left else "left", va="center", fontsize=8, color=QUIET,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
        )  # fmt: skip
    ax.set_yticks(rows.index, rows["name"], fontsize=8.5)
    ax.set_ylim(-0.8, len(rows) - 0.2)
    ax.legend(loc="lower right", frameon=False, fontsize=9)
    finish(ax, title=title, x="size (posts, stories or sentences; logarithmic)")
    ax.grid(axis="x", color="#DDDDDD", linewidth=0.8)
    return ax
