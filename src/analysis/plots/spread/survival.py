"""What is gone of a collection, by group; and how far that bends estimates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.plots.axes import PALETTE, QUIET, canvas, finish, refuse

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_survival(table: pd.DataFrame, *, ax: Axes | None = None, title: str | None = None) -> Axes:
    """Draw the share of posts that are gone in each group, with its interval, and of all groups together.

    Parameters
    ----------
    table : DataFrame
        As ``spread.survival`` gives it; it is drawn from the top in this order. Hidden groups have a word in their row.
    ax : Axes, optional
        Where to draw; a new one without it.
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
    ax = canvas(ax, 8, 1.5 + 0.3 * len(table))
    y = np.arange(len(table))[::-1]
    share, low, high = (
        table[name].astype("Float64").to_numpy(float, na_value=np.nan) for name in ("share", "low", "high")
    )
    known = ~np.isnan(share)
    if known.any():
        posts, gone = (
            table[name].astype("Float64").to_numpy(float, na_value=0)[known].sum() for name in ("posts", "gone")
        )
        ax.axvline(gone / posts, color=QUIET, linewidth=1, linestyle=(0, (4, 3)))
        ax.annotate(
            "all that are shown", (gone / posts, 1), xycoords=ax.get_xaxis_transform(), xytext=(4, -2),
            textcoords="offset points", va="top", fontsize=8.5, color=QUIET,
        )  # fmt: skip
    ax.hlines(y[known], low[known], high[known], color=PALETTE[0], linewidth=1.8)
    ax.plot(share[known], y[known], "o", color=PALETTE[0], markersize=6)
    for at in y[~known]:
        ax.text(0.01, at, "hidden: too few people", va="center", fontsize=8.5, color=QUIET)
    names = table.iloc[:, 0].astype("str").str.replace("_", " ")
    counts = table["posts"].astype("Int64")
    ax.set_yticks(y, [n if pd.isna(c) else f"{n}  (n={c:,})" for n, c in zip(names, counts, strict=True)], fontsize=9)
    ax.set_ylim(-0.7, len(table) + 0.1)
    ax.set_xlim(0, max(0.1, 1.08 * np.nanmax(high) if known.any() else 1.0))
    _percent(ax)
    finish(ax, title=title, x="share of posts that are gone, with 95% interval")
    ax.grid(visible=False, axis="y")
    ax.grid(axis="x", color="#DDDDDD", linewidth=0.8)
    return ax


def plot_bend(table: pd.DataFrame, *, ax: Axes | None = None, title: str | None = None) -> Axes:
    """Draw by how much each estimate moved when posts were lost, beside what a loss by chance would do.

    Parameters
    ----------
    table : DataFrame
        As ``spread.bend`` gives it; measures without a number, or that are 0 before, are left out.
    ax, title
        As in :func:`plot_survival`.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        Where no measure has a number.
    """
    table = table[table["relative"].notna() & table["low"].notna()]
    refuse(table.empty, "no measure has a number")
    ax = canvas(ax, 8, 1.5 + 0.36 * len(table))
    y, whole = np.arange(len(table))[::-1], table["then"].to_numpy(float)
    ends = np.sort([table["low"] / whole, table["high"] / whole], axis=0)
    ax.hlines(y, *ends, color=PALETTE[4], linewidth=9, label="by chance, 95%")
    bent = table["bent"].to_numpy(bool)
    for of, fill, label in ((bent, PALETTE[5], "bent"), (~bent, "white", "no more than by chance")):
        if of.any():
            at = table["relative"].to_numpy(float)[of]
            ax.plot(at, y[of], "D", mfc=fill, mec=PALETTE[5], markersize=7, linestyle="none", label=label)
    ax.axvline(0, color=QUIET, linewidth=1)
    ax.set_yticks(y, table["measure"], fontsize=9)
    ax.set_ylim(-0.7, len(table) - 0.3)
    _percent(ax)
    finish(ax, title=title, x="change of the estimate when the lost posts are missing")
    ax.grid(visible=False, axis="y")
    ax.grid(axis="x", color="#DDDDDD", linewidth=0.8)
    ax.legend(frameon=False, fontsize=9, loc="lower left", bbox_to_anchor=(0, 1), ncols=3, borderaxespad=0)
    if title:
        ax.set_title(title, loc="left", fontsize=11, pad=22)
    return ax


def _percent(ax):
    """Write shares as per cent."""
    from matplotlib.ticker import PercentFormatter

    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=None))
