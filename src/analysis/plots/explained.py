"""The figure of an explained score: each step with its sign, its size and what it leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.plots.axes import HATCHES, PALETTE, QUIET, canvas, finish, refuse

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


def plot_explain(table: pd.DataFrame, *, ax: Axes | None = None, title: str | None = None) -> Axes:
    """Draw the steps to a score as a small table with bars: up is blue and +, down is orange, hatched and −.

    Parameters
    ----------
    table : DataFrame
        As ``sentiment.explain`` gives it. Rounding is too small to be seen and left out.
    ax : Axes, optional
        Where to draw; a new one without it.
    title : str, optional
        By default, the compound score.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        Where the table has no rows.
    """
    refuse(table.empty)
    compound = table.loc[table["rule"] == "compound", "running"].iloc[0]
    steps = table[~table["rule"].isin(["rounding", "sum", "compound"])]
    ax = canvas(ax, 8, 1.5 + 0.32 * max(len(steps), 1))
    rows = np.arange(len(steps))[::-1]
    up = (steps["effect"] > 0).to_numpy()
    for side, colour, hatch in ((up, PALETTE[0], HATCHES[0]), (~up, PALETTE[5], HATCHES[1])):
        bars = {"color": colour, "hatch": hatch, "edgecolor": "white", "height": 0.66}
        ax.barh(rows[side], steps.loc[side, "effect"], **bars)
    reach = max(steps["effect"].abs().max(), 1) if len(steps) else 1
    for row, step in zip(rows, steps.itertuples(), strict=True):
        beyond = 0.04 * reach * (1 if step.effect > 0 else -1)
        side = "left" if step.effect > 0 else "right"
        ax.text(step.effect + beyond, row, _signed(step.effect), va="center", ha=side, fontsize=9)
        ax.text(1.02, row, _signed(step.running), transform=ax.get_yaxis_transform(), va="center", fontsize=9)
    ax.text(1.02, 1, "sum so far", transform=ax.transAxes, va="bottom", fontsize=8.5, color=QUIET)
    if not len(steps):
        ax.text(0.5, 0.5, "no word of the list", transform=ax.transAxes, ha="center", va="center", color=QUIET)
    ax.axvline(0, color=QUIET, linewidth=0.8)
    ax.set_yticks(rows, [_named(step) for step in steps.itertuples()], parse_math=False)
    ax.set_xlim(-1.35 * reach, 1.35 * reach)
    ax.set_ylim(-0.6, max(len(steps), 1) - 0.4)
    finish(ax, title=title or f"compound {_signed(compound, 4)}", x="what each step adds to the sum of valences")
    ax.grid(visible=False)
    return ax


def _named(step):
    """Name a step: its token, the rule, and what fired it."""
    by = "" if not isinstance(step.by, str) or step.rule == "word" or step.by == step.token else f" ({step.by})"
    by = "" if step.rule.endswith(" but") else by
    return f"{step.token[:20]}: {step.rule}{by}"


def _signed(value, digits=2):
    return f"{value:+.{digits}f}".replace("-", "−")
