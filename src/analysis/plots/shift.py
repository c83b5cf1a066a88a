"""The shift graph: which words set two groups apart, which way each pulls, how far, and how sure that is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.plots.axes import HATCHES, PALETTE, canvas, finish, refuse

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_shift(
    table, names: tuple[str, str], *, n: int = 20, unit: str = "bits", ax: Axes | None = None, title: str | None = None
) -> Axes:
    """Draw the words with the largest shifts as bars, to the right for the second group and to the left for the first.

    Parameters
    ----------
    table : DataFrame
        As ``shift.jensen_shannon``, ``shift.lexicon_weighted`` or ``shift.log_odds`` gives it; drawn from the top in
        this order. Bars are full where the interval leaves out 0, and hollow where it doesn't. Where there is a
        ``valence``, a sign and an arrow behind each word say by which of four ways it moves the mean.
    names : tuple of str
        What the first and the second group are called.
    n : int
        How many words at most.
    unit : str
        What the shift is in, for the axis.
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
    drawn = table.head(n)
    ax = canvas(ax, 8, 1.7 + 0.27 * len(drawn))
    rows = np.arange(len(drawn))[::-1]
    sure = (drawn["low"] > 0) | (drawn["high"] < 0)
    right = drawn["shift"] >= 0
    for side, colour, hatch in ((True, PALETTE[0], HATCHES[0]), (False, PALETTE[1], HATCHES[1])):
        for known in (True, False):
            here = ((right == side) & (sure == known)).to_numpy()
            ax.barh(
                rows[here], drawn["shift"][here], height=0.72, facecolor=colour if known else "white",
                edgecolor="black" if known else colour, hatch=hatch if known else None, linewidth=0.7,
            )  # fmt: skip
    for colour, width in (("white", 3), ("black", 1.1)):  # the white edge sets it off from the bar
        ax.hlines(rows, drawn["low"], drawn["high"], color=colour, linewidth=width, zorder=3)
    ax.axvline(0, color="black", linewidth=0.8)
    ax.set_yticks(rows, _named(drawn))
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(-0.7, len(drawn) - 0.3)
    reach = 1.04 * np.abs(drawn[["low", "high", "shift"]].to_numpy(dtype=float)).max()
    ax.set_xlim(-reach, reach)
    weighted = "valence" in drawn
    finish(ax, title=title, x=f"shift in {unit}, with 95% interval; hollow: it holds 0" + (_KEY if weighted else ""))
    ax.grid(visible=True, axis="x", color="#DDDDDD", linewidth=0.8)
    ax.grid(visible=False, axis="y")
    ax.set_title(ax.get_title(loc="left"), loc="left", fontsize=11, pad=24)
    first, second = names
    ways = (f"◀ lowers the mean in: {second}", f"raises it in: {second} ▶") if weighted else None
    ways = ways or (f"◀ more in: {first}", f"more in: {second} ▶")
    for x, text, side in ((0, ways[0], "left"), (1, ways[1], "right")):
        ax.annotate(
            text, (x, 1), xycoords="axes fraction", xytext=(0, 6), textcoords="offset points", ha=side, fontsize=9.5
        )
    return ax


_KEY = "\n+ pleasant, − unpleasant word; ↑ commoner, ↓ rarer than in the first group"


def _named(table):
    """Give the words, with a sign for their valence and an arrow for their share where there are valences."""
    if "valence" not in table:
        return list(table["word"])
    more = table["share_2"] > table["share_1"]
    pleasant = (table["shift"] >= 0) == more
    return [
        f"{word}  {'+' if good else '−'}{'↑' if up else '↓'}"
        for word, good, up in zip(table["word"], pleasant, more, strict=True)
    ]
