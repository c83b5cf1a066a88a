"""The figures of what only the deeper lessons use: half-lives, self-excitation, what is lost, simulated estimates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.plots import axes as base
from analysis.plots.axes import DASHED, GRID, MARKERS, PALETTE, QUIET, WHITE_BOX

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_choices(table: pd.DataFrame, *, ax: Axes | None = None, title: str | None = None) -> Axes:
    """Draw the half-life of a wave under every choice that was tried, a row a choice.

    Parameters
    ----------
    table : DataFrame
        As :func:`analysis.methods.relaxation.relaxation_table` gives it; the rows of the exponential are drawn.
    ax : Axes, optional
    title : str, optional
        By default, from which half-life to which the choices lead.

    Notes
    -----
    Choices without a number have a row with the reason in it; an interval that lacks one end has an arrow; where it
    lacks both, the estimate is a hollow mark alone.
    """
    rows = table[table["law"] == "exponential"].drop_duplicates(["from", "until", "beneath", "weekly"])
    rows = rows.sort_values(["beneath", "until", "from", "origin"], kind="stable", ignore_index=True)
    ax = base.open_axes(ax, rows, 9, 1.9 + 0.3 * len(rows))
    places = base.name_rows(
        ax, [_choice(row) for row in rows.rename(columns={"from": "since"}).itertuples()], fontsize=8.5
    )
    days, low, high = (base.floats(rows[name]) / 24 for name in ("half_life", "half_low", "half_high"))
    known = np.isfinite(days)
    open_ended = known & (low <= 0) & np.isinf(high)
    left, right = _limits(days[known], low[known], high[known])
    low, high = (np.where(open_ended, np.nan, end) for end in (low, high))
    background = np.where(rows["beneath"] == "fitted", "fitted", "set")
    for name, marker, colour in (("fitted", MARKERS[0], PALETTE[0]), ("set", MARKERS[1], PALETTE[5])):
        own = known & (background == name)
        if own.any():
            ends = (np.maximum(low[own], left), np.minimum(high[own], right))
            base.dots(ax, places[own], days[own], *ends, color=colour, marker=marker, filled=~open_ended[own])
            ax.plot([], [], marker, color=colour, label=f"background {name}")
    if open_ended.any():
        ax.plot([], [], MARKERS[0], mfc="white", mec=QUIET, linestyle="none", label="hollow: no interval")
    ax.plot(np.full((low < left).sum(), left), places[low < left], "<", color=QUIET, clip_on=False)
    ax.plot(np.full((high > right).sum(), right), places[high > right], ">", color=QUIET, clip_on=False)
    for i in np.flatnonzero(~known):
        base.note_rows(ax, [places[i]], rows["reason"][i].partition(":")[0])
    ax.set_xscale("log")
    ax.set_xlim(left, right)
    base.number_axis(ax.xaxis)
    result = "No half-life is known"
    if known.any():
        result = f"Half-life between {days[known].min():.3g} and {days[known].max():.3g} days"
    base.finish(
        ax, title=title, result=f"{result}, depending on the choice", grid="x", table=table,
        x="half-life of the exponential, days (95% interval; arrow: open)",
        alt=f"The half-life of the wave under {len(rows)} choices of beginning, end and background. {result}.",
    )  # fmt: skip
    base.legend_above(ax)
    return ax


def _choice(row):
    """Name a choice."""
    background = "background fitted" if row.beneath == "fitted" else f"background {float(row.beneath):,.0f}"
    hour = "" if row.since == row.since.normalize() else f" {row.since:%H:%M}"
    return f"{row.since:%d %b}{hour} to {row.until:%d %b %y}, {background}{', week' if row.weekly else ''}"


def _limits(middle, low, high):
    """Give the ends of the axis: the estimates with room, and of the intervals what is near."""
    if not len(middle):
        return 0.1, 10.0
    near = [end for end in (*low, *high) if middle.min() / 4 < end < middle.max() * 4]
    return min([middle.min(), *near]) / 1.2, max([middle.max(), *near]) * 1.2


def plot_widths(found: dict, *, ax: Axes | None = None, title: str | None = None) -> Axes:
    """Draw the branching ratio with its interval at each width of the base rate, and whether they agree.

    Parameters
    ----------
    found : dict
        As :func:`analysis.methods.excitation.self_excitation` gives it. Widths at which nothing could be fitted are
        left out. Its ``widths`` are the figure's source table.
    ax : Axes, optional
    title : str, optional
        By default, the verdict.

    Notes
    -----
    The band is as wide as the rule allows (0.1), from the least ratio on: where points lie outside, the ratio is not
    identified, which stands there in words.
    """
    known = found["widths"][found["widths"]["branching"].notna()]
    ax = base.open_axes(ax, known, 8, 4.2, why=found["reason"])
    place, ratio = np.arange(len(known)), base.floats(known["branching"])
    band = {"color": PALETTE[4], "alpha": 0.25, "linewidth": 0, "label": "as far as widths may disagree"}
    ax.axhspan(ratio.min(), ratio.min() + 0.1, **band)
    ax.vlines(place, known["low"], known["high"], color=PALETTE[0], linewidth=2)
    ax.plot(place, ratio, "o", color=PALETTE[0], markersize=7, label="branching ratio, 95% interval")
    for x, value in zip(place, ratio, strict=True):
        base.note_beside(ax, f"{value:.2f}", x, value, 9, fontsize=9, color="black", bbox=WHITE_BOX)
    names = [f"{_width(row.width)}\n{row.per_step:,.0f} posts a step" for row in known.itertuples()]
    ax.set_xticks(place, names, fontsize=9)
    ax.set_xlim(-0.5, len(known) - 0.3)
    ax.set_ylim(-0.04, max(1.08, float(known["high"].max()) + 0.08))
    ax.axhline(1, color=QUIET, linewidth=1, linestyle=DASHED)
    verdict = found["verdict"].upper()
    if found["verdict"] == "identified":
        verdict = f"identified: {base.with_interval(found['branching'], found['low'], found['high'], '{:.2f}'.format)}"
    box = {"facecolor": "white", "edgecolor": QUIET, "boxstyle": "square,pad=0.4"}
    base.note(ax, verdict, 0.98, 0.84, ha="right", va="top", fontsize=12, weight="bold", color="black", bbox=box)
    ratios = base.intervals(known["width"], known, "branching", "{:.2f}".format)
    base.finish(
        ax, title=title, result=f"Branching ratio: {verdict.lower()}", table=found["widths"],
        x="length of a step of the base rate", y="further posts that a post sets off",
        alt=f"Branching ratio by the width of the base rate: {base.listing(ratios)}. Verdict: {found['verdict']}.",
    )  # fmt: skip
    base.legend_above(ax, 2)
    return ax


def _width(width):
    """Say a width as one would: "7D" as 7 days."""
    for short, long in (("min", "minute"), ("D", "day"), ("h", "hour")):
        number = width.removesuffix(short)
        if number != width and number.isdigit():
            return f"{number} {long}{'' if number == '1' else 's'}"
    return width


def plot_survival(table: pd.DataFrame, *, ax: Axes | None = None, title: str | None = None) -> Axes:
    """Draw the share of posts that are gone in each group, with its interval, and of all groups together.

    Parameters
    ----------
    table : DataFrame
        As :func:`analysis.methods.survival.survival` gives it; it is drawn from the top in this order. Hidden groups
        have a word in their row.
    ax : Axes, optional
    title : str, optional
        By default, the groups with the largest and the smallest share.
    """
    ax = base.open_axes(ax, table, 8, 1.5 + 0.3 * len(table))
    names = table.iloc[:, 0].astype("str")
    sizes = ["" if pd.isna(posts) else f"  (n={posts:,})" for posts in table["posts"].astype("Int64")]
    places = base.name_rows(ax, names + sizes, fontsize=9)
    share, high, result = base.floats(table["share"]), base.floats(table["high"]), "All groups are hidden"
    known = ~np.isnan(share)
    if known.any():
        total = base.floats(table["gone"])[known].sum() / base.floats(table["posts"])[known].sum()
        ax.axvline(total, color=QUIET, linewidth=1, linestyle=DASHED)
        where = {"xycoords": ax.get_xaxis_transform(), "xytext": (4, -2), "ha": "left", "va": "top"}
        base.note(ax, "all that are shown", total, 1, **where)
        most, least = (
            f"{names.iloc[i]} ({base.percent(share[i])})" for i in (np.nanargmax(share), np.nanargmin(share))
        )
        result = f"Most posts are gone of {most}, fewest of {least}".replace("_", " ")
    base.dots(ax, places, share, table["low"], high, color=PALETTE[0])
    base.note_rows(ax, places[~known], "hidden: too few people")
    ax.set_ylim(top=len(table) + 0.1)
    ax.set_xlim(0, max(0.1, 1.08 * np.nanmax(high) if known.any() else 1.0))
    base.percent_axis(ax.xaxis, None)
    shares = [f"{name} {base.percent(part)}" for name, part in zip(names[known], share[known], strict=True)]
    return base.finish(
        ax, title=title, result=result, x="share of posts that are gone, with 95% interval", grid="x",
        alt=f"Share of posts that are gone, by group: {base.listing(shares)}.", table=table,
    )  # fmt: skip


def plot_bend(table: pd.DataFrame, *, ax: Axes | None = None, title: str | None = None) -> Axes:
    """Draw by how much each estimate moved when posts were lost, beside what a loss by chance would do.

    Parameters
    ----------
    table : DataFrame
        As :func:`analysis.methods.survival.bend` gives it; measures without a number, or that are 0 before, are left
        out.
    ax : Axes, optional
    title : str, optional
        By default, how many estimates moved by more than chance.
    """
    known = table[table["relative"].notna() & table["low"].notna()]
    ax = base.open_axes(ax, known, 8, 1.8 + 0.36 * len(known), why="no measure has a number")
    places, whole = base.name_rows(ax, known["measure"], fontsize=9), base.floats(known["then"])
    change, biased = base.floats(known["relative"]), known["bent"].to_numpy(bool)
    by_chance = np.sort([known["low"] / whole, known["high"] / whole], axis=0)
    ax.hlines(places, *by_chance, color=PALETTE[4], linewidth=9, label="by chance, 95%")
    for own, face, label in ((biased, PALETTE[5], "more than by chance"), (~biased, "white", "no more than by chance")):
        if own.any():
            ax.plot(change[own], places[own], "D", mfc=face, mec=PALETTE[5], markersize=7, label=label)
    ax.axvline(0, color=QUIET, linewidth=1)
    base.percent_axis(ax.xaxis, None)
    result = f"{biased.sum()} of {len(known)} estimates change by more than chance"
    changes = [f"{name} {move:+.1%}" for name, move in zip(known["measure"], change, strict=True)]
    base.finish(
        ax, title=title, result=result, x="change of the estimate when the lost posts are missing",
        grid="x", alt=f"{result} when the lost posts are missing: {base.listing(changes)}.", table=table,
    )  # fmt: skip
    base.legend_above(ax)
    return ax


def plot_recovery(table: pd.DataFrame, *, ax: Axes | None = None, title: str | None = None) -> Axes:
    """Draw the bias of each estimate of a planted share in a simulation, and the mean length of its interval.

    Parameters
    ----------
    table : DataFrame
        ``method`` (str, in the order from the top), ``shift`` (str: how the posts differ from the known ones),
        ``bias``, ``half_width`` and ``covered`` (from 0 to 1) and ``stands`` (bool): as
        :func:`analysis.methods.share_recovery.recover` gives it, for one planted share.
    ax : Axes, optional
    title : str, optional
        By default, the range of the bias.

    Raises
    ------
    ValueError
        Where a method comes twice under one shift.
    """
    if table.duplicated(["method", "shift"]).any():
        raise ValueError("a method comes twice under one shift: give one planted share at a time")
    methods, shifts = list(dict.fromkeys(table["method"])), list(dict.fromkeys(table["shift"]))
    ax = base.open_axes(ax, table, 8, 1.8 + 0.5 * len(methods))
    ax.axvline(0, color=QUIET, linewidth=1)
    places = pd.Series(base.name_rows(ax, methods), index=methods)
    offsets = np.linspace(0.25, -0.25, len(shifts)) if len(shifts) > 1 else [0]
    for i, (shift, offset) in enumerate(zip(shifts, offsets, strict=True)):
        own = table[table["shift"] == shift]
        bias, half = 100 * base.floats(own["bias"]), 100 * base.floats(own["half_width"])
        look = {"color": PALETTE[(0, 5, 2)[i % 3]], "marker": MARKERS[i], "filled": own["stands"]}
        base.dots(ax, places[own["method"]].to_numpy() + offset, bias, bias - half, bias + half, **look)
        ax.plot([], [], MARKERS[i], color=look["color"], label=shift)
    for place in places[1:]:
        ax.axhline(place + 0.5, color=GRID, linewidth=0.8, zorder=0)
    ax.plot([], [], MARKERS[0], color=QUIET, label="filled: designed to be unbiased here")
    result = f"Bias from {100 * table['bias'].min():+.1f} to {100 * table['bias'].max():+.1f} points"
    worst = table.loc[table["covered"].idxmin()]
    base.finish(
        ax, title=title, result=result, table=table, grid=None,
        x="estimate minus planted share (points), with the mean 95% interval",
        alt=f"A simulation of {len(methods)} estimates under {len(shifts)} ways in which posts differ from the known "
        f"ones. {result}. The worst interval, of {worst['method']} under {worst['shift']}, holds the truth in "
        f"{worst['covered']:.0%} of the runs.",
    )  # fmt: skip
    base.legend_above(ax, 2)
    return ax
