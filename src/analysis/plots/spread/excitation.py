"""The branching ratio over the widths of the base rate."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.plots.axes import PALETTE, QUIET, canvas, finish, refuse

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Behind a number that a line may cross.
CLEAR = {"facecolor": "white", "edgecolor": "none", "pad": 1}


def plot_widths(found: dict, *, ax: Axes | None = None, title: str | None = None) -> Axes:
    """Draw the branching ratio with its interval at each width of the base rate, and whether they agree.

    Parameters
    ----------
    found : dict
        As ``spread.self_excitation`` gives it. Widths at which nothing could be fitted are left out.
    ax : Axes, optional
        Where to draw; a new one without it.
    title : str, optional

    Returns
    -------
    matplotlib.axes.Axes
        With a band as wide as the rule allows (0.1), from the least ratio on: where points lie outside, the ratio is
        not identified, which stands there in words.

    Raises
    ------
    ValueError
        Where nothing was fitted at any width.
    """
    table = found["widths"]
    known = table[table["branching"].notna()]
    refuse(known.empty, found["reason"])
    ax = canvas(ax, 8, 4.0)
    x, least = np.arange(len(known)), float(known["branching"].min())
    ax.axhspan(least, least + 0.1, color=PALETTE[4], alpha=0.25, linewidth=0, label="as far as widths may disagree")
    ax.vlines(x, known["low"], known["high"], color=PALETTE[0], linewidth=2)
    ax.plot(x, known["branching"], "o", color=PALETTE[0], markersize=7, label="branching ratio, 95% interval")
    for at, row in zip(x, known.itertuples(), strict=True):
        ax.annotate(
            f"{row.branching:.2f}", (at, row.branching), xytext=(9, 0), textcoords="offset points", va="center",
            fontsize=9, bbox=CLEAR,
        )  # fmt: skip
    names = [f"{_width(row.width)}\n{row.per_step:,.0f} posts a step" for row in known.itertuples()]
    ax.set_xticks(x, names, fontsize=9)
    ax.set_xlim(-0.5, len(known) - 0.3)
    ax.set_ylim(-0.04, max(1.08, float(known["high"].max()) + 0.08))
    ax.axhline(1, color=QUIET, linewidth=1, linestyle=(0, (4, 3)))
    verdict = found["verdict"].upper()
    if found["verdict"] == "identified":
        verdict = f"identified: {found['branching']:.2f} ({found['low']:.2f} to {found['high']:.2f})"
    look = {"facecolor": "white", "edgecolor": QUIET, "boxstyle": "square,pad=0.4"}
    ax.text(0.98, 0.84, verdict, transform=ax.transAxes, ha="right", va="top", fontsize=12, weight="bold", bbox=look)
    finish(ax, title=title, x="length of a step of the base rate", y="further posts that a post sparks")
    ax.legend(frameon=False, fontsize=9, loc="lower left", bbox_to_anchor=(0, 1), ncols=2, borderaxespad=0)
    if title:
        ax.set_title(title, loc="left", fontsize=11, pad=22)
    return ax


def _width(width):
    """Say a width as one would.

    >>> [_width(width) for width in ("7D", "1D", "6h", "15min")]
    ['7 days', '1 day', '6 hours', '15 minutes']
    """
    for short, long in (("min", "minute"), ("D", "day"), ("h", "hour")):
        if width.endswith(short) and width.removesuffix(short).isdigit():
            number = int(width.removesuffix(short))
            return f"{number} {long}{'' if number == 1 else 's'}"
    return width
