"""The figures of the sentiment lesson: explained scores, their spread, groups, days, and the shift graph of words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.plots import axes as base
from analysis.plots.axes import GRID, HATCHES, LINE_STYLES, MARKERS, PALETTE, QUIET

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Name, colour, marker and line style of each share, the same in every figure here.
_LOOKS = {
    "negative": ("negative", PALETTE[5], MARKERS[4], LINE_STYLES[0]),
    "zero": ("exactly 0", PALETTE[6], MARKERS[0], LINE_STYLES[3]),
    "positive": ("positive", PALETTE[0], MARKERS[2], LINE_STYLES[1]),
}
_MOST_WORDS = 20


def plot_explain(table: pd.DataFrame, *, ax: Axes | None = None, title: str | None = None) -> Axes:
    """Draw the steps to a score as a small table with bars: up is blue and +, down is orange, hatched and −.

    Parameters
    ----------
    table : DataFrame
        As :func:`analysis.sentiment.explain` gives it. Rounding is too small to be seen and left out.
    ax : Axes, optional
    title : str, optional
        By default, the compound score.
    """
    ax = base.open_axes(ax, table, 8, 1.5 + 0.32 * max(len(table) - 3, 1))
    compound = table.loc[table["rule"] == "compound", "running"].iloc[0]
    steps = table[~table["rule"].isin(["rounding", "sum", "compound"])]
    rows = base.name_rows(ax, [_step_name(step) for step in steps.itertuples()])
    up = (steps["effect"] > 0).to_numpy()
    for side, colour, hatch in ((up, PALETTE[0], HATCHES[0]), (~up, PALETTE[5], HATCHES[1])):
        bars = {"color": colour, "hatch": hatch, "edgecolor": "white", "height": 0.66}
        ax.barh(rows[side], steps.loc[side, "effect"], **bars)
    reach = max(steps["effect"].abs().max(), 1) if len(steps) else 1
    for row, step in zip(rows, steps.itertuples(), strict=True):
        side, way = ("left", 1) if step.effect > 0 else ("right", -1)
        ax.text(step.effect + 0.04 * reach * way, row, _signed(step.effect), va="center", ha=side, fontsize=9)
        ax.text(1.02, row, _signed(step.running), transform=ax.get_yaxis_transform(), va="center", fontsize=9)
    ax.text(1.02, 1, "sum so far", transform=ax.transAxes, va="bottom", fontsize=8.5, color=QUIET)
    if not len(steps):
        ax.set_ylim(-0.6, 0.6)
        base.note(ax, "no word of the lexicon")
    ax.axvline(0, color=QUIET, linewidth=0.8)
    ax.set_xlim(-1.35 * reach, 1.35 * reach)
    result = f"compound {_signed(compound, 4)}"
    effects = [f"{_step_name(step)} {step.effect:+.2f}" for step in steps.itertuples()]
    return base.finish(
        ax, title=title, result=result, x="what each step adds to the sum of valences", grid=None,
        alt=f"The steps to a score of {result}: {base.listing(effects)}.", table=table,
    )  # fmt: skip


def _step_name(step):
    """Name a step: its token, the rule, and what fired it."""
    said = isinstance(step.by, str) and step.rule != "word" and step.by != step.token and not step.rule.endswith(" but")
    return f"{step.token[:20]}: {step.rule}{f' ({step.by})' if said else ''}"


def _signed(value, digits=2):
    return f"{value:+.{digits}f}".replace("-", "−")


def plot_compound(table: pd.DataFrame, *, ax: Axes | None = None, title: str | None = None) -> Axes:
    """Draw how compound scores are spread out, those of exactly 0 apart.

    Parameters
    ----------
    table : DataFrame
        ``low`` and ``high``, the ends of a step on the scale from -1 to 1, both 0 for the scores of exactly 0; and
        ``posts``. A missing count is not drawn.
    ax : Axes, optional
    title : str, optional
        By default, the share of posts that score exactly 0.
    """
    ax = base.open_axes(ax, table)
    counts, zero = table["posts"].astype("float64").fillna(0), table["low"] == table["high"]
    steps, at_zero = table[~zero], counts[zero].sum()
    width = steps["high"] - steps["low"]
    ax.bar(steps["low"], counts[~zero], width=width, align="edge", color=PALETTE[4], edgecolor="white")
    ax.bar(0, at_zero, width=0.05, color=PALETTE[6])
    hidden = table.loc[zero, "posts"].isna().any()
    text = f"exactly 0:\n{'hidden' if hidden else f'{at_zero:,.0f}'}"
    where = {"xycoords": "data", "xytext": (8, -2), "ha": "left", "va": "top"}
    base.note(ax, text, 0, at_zero, fontsize=9, color="black", **where)
    ax.set_xlim(-1.02, 1.02)
    ax.yaxis.get_major_locator().set_params(integer=True)
    base.number_axis(ax.yaxis)
    result = "Compound scores of the posts"
    if not hidden and counts.sum():
        result = f"{base.percent(at_zero / counts.sum())} of the posts score exactly 0"
    return base.finish(
        ax, title=title, result=result, x="compound score (−1 negative … 1 positive)", y="posts",
        alt=f"Posts by compound score in {len(steps)} steps, those of exactly 0 apart. {result}.", table=table,
    )  # fmt: skip


def plot_groups(table: pd.DataFrame, *, ax: Axes | None = None, title: str | None = None) -> Axes:
    """Draw for each group the shares of posts that score negative, exactly 0 and positive, with their intervals.

    Parameters
    ----------
    table : DataFrame
        As :func:`analysis.sentiment.by_group` gives it; the first column names the group. It is drawn from the top in
        this order.
    ax : Axes, optional
    title : str, optional
        By default, the groups that score negative and positive most often.
    """
    ax = base.open_axes(ax, table, 8, 1.6 + 0.42 * len(table))
    groups = table.iloc[:, 0].astype("str").str.replace("_", " ")
    sizes = ["few" if pd.isna(posts) else f"n={posts:,}" for posts in table["posts"]]
    rows = base.name_rows(ax, [f"{group}  ({size})" for group, size in zip(groups, sizes, strict=True)])
    for name, shift in (("negative", 0.22), ("zero", 0), ("positive", -0.22)):
        label, colour, marker, _ = _LOOKS[name]
        ends = (table[f"{name}_low"], table[f"{name}_high"])
        base.dots(ax, rows + shift, table[name], *ends, color=colour, marker=marker, label=label)
    ax.hlines(rows[:-1] - 0.5, 0, 1, color=GRID, linewidth=0.8, zorder=0)
    ax.set_xlim(-0.02, 1.02)
    base.percent_axis(ax.xaxis)
    tops = []
    for name in ("negative", "positive"):
        shares = base.floats(table[name])
        if not np.isnan(shares).all():
            tops.append(f"{name}: {groups.iloc[np.nanargmax(shares)]} ({base.percent(np.nanmax(shares))})")
    words = [
        f"{group} {base.percent(row.negative)}, {base.percent(row.zero)}, {base.percent(row.positive)}"
        for group, row in zip(groups, table.itertuples(), strict=True)
        if pd.notna(row.negative)
    ]
    base.finish(
        ax, title=title, result=f"Most often {', '.join(tops) or 'hidden'}", grid=None, table=table,
        x="share of the group's posts, with 95% interval",
        alt=f"Shares of posts that score negative, exactly 0 and positive, by group: {base.listing(words)}.",
    )  # fmt: skip
    base.legend_above(ax)
    return ax


def plot_over_time(table: pd.DataFrame, *, ax: Axes | None = None, title: str | None = None) -> Axes:
    """Draw the shares of negative and of positive posts over time, with their intervals, and the sample size below.

    Parameters
    ----------
    table : DataFrame
        As :func:`analysis.sentiment.over_time` gives it. Stretches that are not ``enough`` are left blank. Markers are
        filled where the interval of ``difference`` leaves out 0, and hollow where there is no clear difference.
    ax : Axes, optional
        Whose place the two panels take; it stays as their frame.
    title : str, optional
        By default, at how many times the two shares differ.
    """
    from matplotlib.lines import Line2D

    ax = base.open_axes(ax, table, 8, 4.8)
    above, below = base.open_panels(ax, 2, 1, height_ratios=(3, 1), sharex=True)
    step, enough = base.step_of(table, "1D"), table["enough"].astype(bool)
    middle = table["start"] + step / 2
    differ = enough & ((table["difference_low"] > 0) | (table["difference_high"] < 0))
    for name in ("negative", "positive"):
        label, colour, marker, style = _LOOKS[name]
        share, low, high = (
            table[column].where(enough).astype("float64") for column in (name, f"{name}_low", f"{name}_high")
        )
        above.fill_between(middle, low, high, color=colour, alpha=0.18, linewidth=0)
        for end in (low, high):
            above.plot(middle, end, color=colour, linewidth=0.6, linestyle=style)
        look = {"linestyle": style, "marker": marker, "markersize": 5, "markerfacecolor": "white"}
        above.plot(middle, share, color=colour, label=label, **look)
        above.plot(middle[differ], share[differ], marker, color=colour, markersize=5)
    if enough.any():
        top = table.loc[enough, ["negative_high", "positive_high"]].max(axis=None)
        above.set_ylim(0, min(1, 1.15 * top))
    else:
        base.note(above, "too few authors at any time")
    base.percent_axis(above.yaxis)
    base.finish(above, y="share of posts")
    _authors(below, table, middle, step)
    handles = [*above.get_legend_handles_labels()[0], Line2D([], [], linestyle="none", marker=MARKERS[0], color=QUIET)]
    handles[-1].set_label("filled: the two differ")
    result = f"Negative and positive shares differ at {differ.sum()} of {len(table)} times"
    span = f"from {base.moment(table['start'].iloc[0])} to {base.moment(table['start'].iloc[-1])}"
    means = [
        f"{name} {base.percent(table.loc[enough, name].mean())}" for name in ("negative", "positive") if enough.any()
    ]
    base.finish(
        ax, title=title, result=result, grid=None, table=table,
        alt=f"Shares of negative and of positive posts per {base.interval_name(step)}, {span}, above the number "
        f"of authors; on average {base.listing(means)}. {result}; {(~enough).sum()} have too few authors.",
    )  # fmt: skip
    base.legend_above(ax, handles=handles)
    return ax


def _authors(ax, table, middle, step):
    """Draw the number of authors in each stretch; hatched where too few people stand behind a share."""
    for enough, colour, hatch, label in ((True, PALETTE[4], HATCHES[0], None), (False, "white", HATCHES[1], "too few")):
        rows = table["enough"] == enough
        if rows.any() and (table.loc[rows, "authors"] > 0).any():
            look = {"color": colour, "edgecolor": QUIET, "linewidth": 0.6, "hatch": hatch, "label": label}
            ax.bar(middle[rows], table.loc[rows, "authors"], width=step * 0.85, **look)
    ax.set_yscale("log")
    ax.set_ylim(bottom=0.7)
    base.number_axis(ax.yaxis)
    ax.set_yticks([10**i for i in range(len(str(table["authors"].max())))])
    ax.tick_params(axis="y", labelsize=8.5)
    base.dates(ax)
    base.finish(ax, x="time (UTC)", y="authors")
    if ax.get_legend_handles_labels()[1]:
        ax.legend(loc="upper right", frameon=False, fontsize=8.5)


def plot_shift(
    table, names: tuple[str, str], *, unit: str = "bits", ax: Axes | None = None, title: str | None = None
) -> Axes:
    """Draw the words with the largest shifts as bars, to the right for the second group and to the left for the first.

    Parameters
    ----------
    table : DataFrame
        As ``jensen_shannon``, ``lexicon_weighted`` or ``log_odds`` of :mod:`analysis.shift` gives it; drawn from the
        top in this order, 20 words at most. Bars are white where the interval includes 0. Where there is a ``valence``,
        a sign and an arrow behind each word say by which of four ways it moves the mean.
    names : tuple of str
        What the first and the second group are called.
    unit : str
        What the shift is in, for the axis.
    ax : Axes, optional
    title : str, optional
        By default, the word with the largest shift to either side.
    """
    ax = base.open_axes(ax, table, 8, 1.7 + 0.27 * min(len(table), _MOST_WORDS))
    drawn, weighted = table.head(_MOST_WORDS), "valence" in table
    rows = base.name_rows(ax, _signed_words(drawn) if weighted else drawn["word"])
    clear = (drawn["low"] > 0) | (drawn["high"] < 0)
    right = drawn["shift"] >= 0
    for side, colour, hatch in ((True, PALETTE[0], HATCHES[0]), (False, PALETTE[1], HATCHES[1])):
        for known in (True, False):
            here = ((right == side) & (clear == known)).to_numpy()
            look = {"facecolor": colour, "edgecolor": "black", "hatch": hatch}
            look = look if known else {"facecolor": "white", "edgecolor": colour}
            ax.barh(rows[here], drawn["shift"][here], height=0.72, linewidth=0.7, **look)
    for colour, width in (("white", 3), ("black", 1.1)):  # the white edge sets it off from the bar
        ax.hlines(rows, drawn["low"], drawn["high"], color=colour, linewidth=width, zorder=3)
    ax.axvline(0, color="black", linewidth=0.8)
    reach = 1.04 * np.abs(drawn[["low", "high", "shift"]].to_numpy(dtype=float)).max()
    ax.set_xlim(-reach, reach)
    key = "\n+ pleasant, − unpleasant word; ↑ commoner, ↓ rarer than in the first group" if weighted else ""
    first, second = names
    ways = (f"more in: {first}", f"more in: {second}")
    if weighted:
        ways = (f"lowers the mean in: {second}", f"raises it in: {second}")
    tops = [
        f"{way}: {drawn['word'][side].iloc[0]}"
        for way, side in zip(reversed(ways), (right, ~right), strict=True)
        if side.any()
    ]
    shifts = [f"{row.word} {row.shift:+.2g}" for row in drawn.itertuples()]
    result = "; ".join(tops)
    base.finish(
        ax, title=title, result=result[:1].upper() + result[1:], grid="x", table=table,
        x=f"shift in {unit}, with 95% interval; white bar: it includes 0{key}",
        alt=f"{f'{title}. ' if title else ''}The largest shifts, above 0 for {second}, below 0 for {first}, in {unit}: "
        f"{base.listing(shifts, 6)}.",
    )  # fmt: skip
    ax.set_title(ax.get_title(loc="left"), loc="left", fontsize=11, pad=24)
    for x, text, side in ((0, f"◀ {ways[0]}", "left"), (1, f"{ways[1]} ▶", "right")):
        base.note(ax, text, x, 1, xytext=(0, 6), ha=side, va="bottom", fontsize=9.5, color="black")
    return ax


def _signed_words(table):
    """Give the words, with a sign for their valence and an arrow for their share."""
    more = table["share_2"] > table["share_1"]
    pleasant = (table["shift"] >= 0) == more
    return [
        f"{word}  {'+' if good else '−'}{'↑' if up else '↓'}"
        for word, good, up in zip(table["word"], pleasant, more, strict=True)
    ]
