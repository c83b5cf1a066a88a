"""The figure of the lesson on data of one's own: which data sets there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.plots.axes import MARKERS, PALETTE, WHITE_BOX, finish, floats, listing, name_rows, note_beside, open_axes

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
    title : str, optional
        By default, how many data sets there are and which is the largest.

    Raises
    ------
    ValueError
        Where a name comes twice, a size is missing or not above 0, or there are more kinds than markers.
    """
    ax = open_axes(ax, table, 8.5, 1.4 + 0.29 * len(table))
    sizes = floats(table["size"])
    if table["name"].duplicated().any() or not (np.isfinite(sizes) & (sizes > 0)).all():
        raise ValueError("each data set needs a name of its own and a size above 0: leave out those without")
    kinds = table["kind"].value_counts().sort_index()
    if len(kinds) > len(MARKERS):
        raise ValueError(f"there are {len(kinds)} kinds, and only {len(MARKERS)} can be told apart")
    rows = table.sort_values(["size", "name"], ascending=[False, True], ignore_index=True)
    places = name_rows(ax, rows["name"], fontsize=8.5)
    for kind, colour, marker in zip(kinds.index, PALETTE, MARKERS, strict=False):
        own = (rows["kind"] == kind).to_numpy()
        ax.plot(rows["size"][own].astype(float), places[own], marker, color=colour, markersize=7, label=kind)
    ax.set_xscale("log")
    ax.set_xlim(sizes.min() / 4, sizes.max() * 4)
    middle = np.sqrt(sizes.min() * sizes.max())
    for place, row in zip(places, rows.itertuples(), strict=True):
        side = -8 if row.size > middle else 8
        note_beside(ax, row.holds, float(row.size), place, side, fontsize=8, bbox=WHITE_BOX)
    ax.legend(loc="lower right", frameon=False, fontsize=9)
    largest = f"the largest is {rows['name'].iloc[0]} with {rows['size'].iloc[0]:,}"
    counted = listing(f"{kind}: {number}" for kind, number in kinds.items())
    return finish(
        ax, title=title, result=f"{len(rows)} data sets, from {sizes.min():,.0f} to {sizes.max():,.0f}",
        grid="x", table=table, x="size (posts, stories or sentences; logarithmic)",
        alt=f"{len(rows)} data sets by size, as points ({counted}); {largest}.",
    )  # fmt: skip
