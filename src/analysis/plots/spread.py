"""The figures of the spread lesson: counts over time, growth, bursts, levels, waves, events, and what is lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.plots import axes as base
from analysis.plots.axes import DASHED, HATCHES, LINE_STYLES, MARKERS, PALETTE, QUIET, WHITE_BOX

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Marks = Mapping[str, pd.Timestamp]
#: The colours of waves and of curves that lie over others.
_WAVES = tuple(PALETTE[i] for i in (0, 1, 2, 5, 3, 6))


def plot_counts(
    table: pd.DataFrame,
    *,
    ax: Axes | None = None,
    marks: Marks | None = None,
    log: bool = False,
    title: str | None = None,
) -> Axes:
    """Draw posts per interval as steps, from a table of counts.

    Parameters
    ----------
    table : DataFrame
        ``start`` (with a zone) and ``posts``, as :func:`analysis.spread.counts` gives them. Missing counts are drawn as
        hatched bands over the whole height, never as zero.
    ax : Axes, optional
    marks : mapping of str to Timestamp, optional
        Moments to mark, by what is written beside them. Those outside the table's span are left out.
    log : bool
        Count on a logarithmic axis. It begins below the least count, and an empty interval lies on its floor.
    title : str, optional
        By default, the highest count and when it was.
    """
    ax = base.open_axes(ax, table)
    step, counts = base.step_of(table), base.floats(table["posts"])
    floor = _floor(counts) if log else 0
    edges = [*table["start"], table["start"].iloc[-1] + step]
    shown = np.where(np.isnan(counts), np.nan, np.maximum(counts, floor))
    shown = np.append(shown, shown[-1])
    ax.fill_between(edges, floor, shown, step="post", color=PALETTE[4], alpha=0.5, linewidth=0)
    width = 1.2 if len(table) <= 200 else 0.7  # of hundreds of steps a thick line would be a blot
    ax.plot(edges, shown, drawstyle="steps-post", color=PALETTE[0], linewidth=width)  # broken where counts are missing
    _shade_gaps(ax, counts, edges)
    if log:
        ax.set_yscale("log")
    ax.set_ylim(bottom=floor)
    base.time_axis(ax, table, marks)
    base.number_axis(ax.yaxis)
    result = _highest(table)
    return base.finish(
        ax, title=title, result=result, y=f"posts per {base.interval_name(step)}", table=table,
        alt=f"{_what(table) if log else _what(table, '')}. {result}.",
    )  # fmt: skip


def _floor(counts):
    """Give where a logarithmic axis of counts begins: below the least, so that an empty interval shows."""
    least = float(np.nanmin(counts)) if np.isfinite(counts).any() else 0.0
    return least / 3 if least >= 10 else 0.5


def _highest(table):
    """Say how many posts the highest interval has, and when that was."""
    counts, step = base.floats(table["posts"]), base.step_of(table)
    if np.isnan(counts).all():
        return "No interval was collected"
    when = table["start"].iloc[np.nanargmax(counts)]
    return f"Most posts per {base.interval_name(step)}: {np.nanmax(counts):,.0f}, on {base.moment(when, step)}"


def _what(table, how=" on a logarithmic axis"):
    """Begin an alternative text: posts per what, how they are drawn, from when to when."""
    step = base.step_of(table)
    span = f"from {base.moment(table['start'].iloc[0], step)} to {base.moment(table['start'].iloc[-1], step)}"
    return f"Posts per {base.interval_name(step)}{how}, {span}"


def _shade_gaps(ax, counts, edges):
    """Shade the intervals whose count is missing, as hatched bands, and say so in a legend."""
    missing = np.isnan(counts)
    if not missing.any():
        return
    starts = np.flatnonzero(missing & ~np.append(False, missing[:-1]))
    ends = np.flatnonzero(missing & ~np.append(missing[1:], False)) + 1
    for i, (start, end) in enumerate(zip(starts, ends, strict=True)):
        ax.axvspan(
            edges[start], edges[end], facecolor="white", edgecolor=QUIET, hatch="xxxx", linewidth=0.4, zorder=0.5,
            label=None if i else "not collected",
        )  # fmt: skip
    _legend_inside(ax)


def _legend_inside(ax, **look):
    ax.legend(loc="upper right", framealpha=0.85, edgecolor="none", fontsize=9, **look)


def plot_growth(
    table: pd.DataFrame,
    fits: Sequence[dict],
    *,
    ax: Axes | None = None,
    marks: Marks | None = None,
    title: str | None = None,
) -> Axes:
    """Draw counts as points on a logarithmic axis with the curves of growth that were fitted to them.

    Parameters
    ----------
    table : DataFrame
        ``start`` (UTC, at even distances) and ``posts``. Empty intervals are drawn hollow on the floor.
    fits : sequence of dict
        As :func:`analysis.spread.growth` gives them; those without a rate are left out.
    ax, marks
        As in :func:`plot_counts`.
    title : str, optional
        By default, the pace of each curve.
    """
    ax = base.open_axes(ax, table)
    step, counts, paces = base.step_of(table), base.floats(table["posts"]), []
    middle = table["start"] + step / 2
    empty, known = counts == 0, counts > 0
    ax.plot(middle[known], counts[known], "o", color=PALETTE[0], markersize=4, label="counted")
    if empty.any():
        floor = np.full(int(empty.sum()), 0.5)
        ax.plot(middle[empty], floor, "o", mfc="white", mec=PALETTE[0], markersize=4, label="none")
    for i, fit in enumerate(fit for fit in fits if not fit["why"]):
        hours = np.linspace(0, (fit["end"] - fit["start"]) / pd.Timedelta("1h"), 50)
        curve = fit["at_start"] * (step / pd.Timedelta("1h")) * np.exp(fit["rate"] * hours)
        when = fit["start"] + pd.to_timedelta(hours, unit="h")
        paces.append(_pace(fit["doubling"]))
        ax.plot(when, curve, color=PALETTE[(5, 6, 2)[i % 3]], linestyle=LINE_STYLES[i], linewidth=2, label=paces[-1])
    ax.set_yscale("log")
    ax.set_ylim(bottom=0.4)
    ax.legend(loc="lower right", frameon=False, fontsize=9)
    base.time_axis(ax, table, marks, tight=False)
    base.number_axis(ax.yaxis)
    result = f"Fitted curves: {', then '.join(paces) or 'none'}"
    return base.finish(
        ax, title=title, result=result, y=f"posts per {base.interval_name(step)}", table=table,
        alt=f"{_what(table, ' as points on a logarithmic axis')}. {result}.",
    )  # fmt: skip


def _pace(doubling):
    """Say how fast a curve grows, by the hours in which it doubles (or halves, below 0)."""
    if np.isnan(doubling):
        return "no clear growth"
    return f"{'doubling' if doubling > 0 else 'halving'} every {60 * abs(doubling):.0f} min"


def plot_bursts(
    table: pd.DataFrame,
    bursts: pd.DataFrame,
    *,
    ax: Axes | None = None,
    marks: Marks | None = None,
    log: bool = True,
    title: str | None = None,
) -> Axes:
    """Draw counts with the bursts below them, a row of bars for each level, the lowest level lowest.

    Parameters
    ----------
    table : DataFrame
        As :func:`plot_counts` takes it.
    bursts : DataFrame
        ``level``, ``start`` and ``end``, as :func:`analysis.spread.bursts` gives them: the figure's source table.
    ax, marks, log
        As for :func:`plot_counts`.
    title : str, optional
        By default, how many bursts there are, and when the first of the highest level begins.
    """
    ax = plot_counts(table, ax=ax, marks=marks, log=log)
    if marks and not log:
        ax.set_ylim(top=1.07 * ax.get_ylim()[1])  # the words of a mark stand above the highest count
    rows, result, spans = [], "No burst is found", []
    for level in sorted(bursts["level"].unique()):
        own, place = bursts[bursts["level"] == level], min(int(level), 3) - 1
        look = {"facecolor": PALETTE[(4, 1, 6)[place]], "hatch": HATCHES[(0, 1, 0)[place]]}
        rows.append((own["start"], own["end"], look, f"burst, level {level}"))
    _bars_below(ax, rows)
    if ax.get_legend_handles_labels()[1]:
        _legend_inside(ax, reverse=True)
    if len(bursts):
        deepest = bursts[bursts["level"] == bursts["level"].max()]
        spans = [f"{row.start:%d %b %Y %H:%M} to {row.end:%d %b %Y %H:%M}" for row in deepest.itertuples()]
        first = f"{deepest['start'].iloc[0]:%d %b %Y, %H:%M}"
        result = f"{len(bursts)} bursts; the first of the highest level begins {first}"
    alt = f"{_what(table, '')}. {result}. Highest level: {base.listing(spans)}."
    return base.finish(ax, title=title, result=result, alt=alt, table=bursts)


def _bars_below(ax, rows):
    """Draw rows of bars below the lowest count, the first row lowest; make room for them."""
    from matplotlib.dates import date2num
    from matplotlib.ticker import FuncFormatter

    if not rows:
        return
    low, high = ax.get_ylim()
    part = 0.06 * len(rows)
    log = ax.get_yscale() == "log"
    ax.set_ylim(low * (low / high) ** (part / (1 - part)) if log else low - part / (1 - part) * (high - low), high)
    if not log:
        ax.set_yticks([tick for tick in ax.get_yticks() if low <= tick <= high])  # no grid line behind the bars
    for i, (starts, ends, look, label) in enumerate(rows):
        spans = [(date2num(start), date2num(end) - date2num(start)) for start, end in zip(starts, ends, strict=True)]
        ax.broken_barh(
            spans, (0.06 * i + 0.01, 0.045), transform=ax.get_xaxis_transform(), edgecolor="black", linewidth=0.6,
            label=label, zorder=3, **look,
        )  # fmt: skip
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}" if value >= low else ""))
    ax.tick_params(axis="y", which="minor", left=False)


def plot_changes(
    table: pd.DataFrame, changes: pd.DataFrame, *, ax: Axes | None = None, title: str | None = None
) -> Axes:
    """Draw counts on a logarithmic axis with the level between change points, and the interval of each change.

    Parameters
    ----------
    table : DataFrame
        As :func:`plot_counts` takes it.
    changes : DataFrame
        ``start``, ``low``, ``high``, ``before`` and ``after``, as :func:`analysis.spread.change_points` gives them: the
        figure's source table.
    ax : Axes, optional
    title : str, optional
        By default, how many changes there are, and when the first is.
    """
    from matplotlib.patheffects import Normal, Stroke

    ax = plot_counts(table, ax=ax, log=True)
    step, result, words = base.step_of(table), "No change of level is found", []
    if len(changes):
        edges = [table["start"].iloc[0], *changes["start"], table["start"].iloc[-1] + step]
        levels = np.maximum([changes["before"].iloc[0], *changes["after"]], 0.6)
        halo = [Stroke(linewidth=4, foreground="white"), Normal()]
        look = {"baseline": None, "color": PALETTE[5], "linewidth": 2, "path_effects": halo, "zorder": 3}
        ax.stairs(levels, edges, label="level", **look)
        place = (changes["low"], changes["high"] + step, {"facecolor": PALETTE[1]}, "where a change may lie (95%)")
        _bars_below(ax, [place])
        _legend_inside(ax)
        number = f"{len(changes)} change{'s' if len(changes) > 1 else ''} of level"
        result = f"{number}, the first on {changes['start'].iloc[0]:%d %b %Y}"
        words = [f"{row.start:%d %b %Y}, from {row.before:,.3g} to {row.after:,.3g}" for row in changes.itertuples()]
    base.time_axis(ax, table)
    alt = f"{_what(table)}. {result}. {base.listing(words, 6)}."
    return base.finish(ax, title=title, result=result, alt=alt, table=changes)


def plot_events(table: pd.DataFrame, events: pd.DataFrame, *, ax: Axes | None = None, title: str | None = None) -> Axes:
    """Draw counts on a logarithmic axis with a line at each dated event, and name the events below.

    Parameters
    ----------
    table : DataFrame
        As :func:`plot_counts` takes it.
    events : DataFrame
        ``date`` (with a zone), ``event`` (text) and ``chosen``: "curve" for a date that was picked because the curve
        peaks there, which has a dotted line and an asterisk, since its standing at a peak shows nothing. Those outside
        the table's span are left out.
    ax : Axes, optional
    title : str, optional
        By default, the highest count and when it was.
    """
    from matplotlib.dates import date2num

    base.refuse(table.empty)
    first, span = table["start"].iloc[0], table["start"].iloc[-1] + base.step_of(table) - table["start"].iloc[0]
    inside = events[events["date"].between(first, first + span, inclusive="left")]
    inside = inside.sort_values(["date", "event"], ignore_index=True)
    key = [
        fill(f"{i:>2}   {row.date:%d %b %Y}   {row.event}", 132, subsequent_indent=" " * 9)
        for i, row in enumerate(inside.itertuples(), 1)
    ]
    ax = base.open_axes(ax, table, 8, 3.8 + 0.145 * sum(line.count("\n") + 1 for line in key))
    plot_counts(table, ax=ax, log=True, title=title)
    rows = _rows([(when - first) / span for when in inside["date"]])
    for i, row in enumerate(inside.itertuples()):
        picked, when = row.chosen == "curve", date2num(row.date)
        ax.axvline(when, color=QUIET if picked else "black", linestyle=":" if picked else "-", linewidth=0.8)
        where = {"xycoords": ax.get_xaxis_transform(), "xytext": (0, 3 + 10 * rows[i]), "va": "bottom"}
        base.note(ax, f"{i + 1}{'*' if picked else ''}", when, 1, fontsize=8, color="black", **where)
    ax.set_title(ax.get_title(loc="left"), loc="left", fontsize=11, pad=8 + 10 * (1 + max(rows, default=-1)))
    if any(inside["chosen"] == "curve"):
        key.append(" *   the date was picked because the curve peaks there")
    ax.annotate(
        "\n".join(key), (0, 0), xycoords="axes fraction", xytext=(-30, -42), textcoords="offset points", va="top",
        fontsize=7.5, linespacing=1.3,
    )  # fmt: skip
    known = table["posts"].dropna()
    last = f", {known.iloc[-1]:,} on the last" if len(known) else ""
    alt = f"{_what(table)}, with {len(inside)} dated events. {_highest(table)}{last}."
    return base.finish(ax, alt=alt, table=table)


def _rows(places, apart=0.025):
    """Give each number a row in which it touches no other."""
    rows, last = [], []
    for place in places:
        free = next((row for row, end in enumerate(last) if place - end >= apart), len(last))
        last[free : free + 1] = [place]
        rows.append(free)
    return rows


def plot_rhythm(table: pd.DataFrame, *, ax: Axes | None = None, title: str | None = None) -> Axes:
    """Draw the share of each hour or weekday with its interval, beside what an even spread would be.

    Parameters
    ----------
    table : DataFrame
        ``hour`` or ``weekday`` (UTC), ``share``, ``low`` and ``high``, as :func:`analysis.spread.rhythm` gives them.
    ax : Axes, optional
    title : str, optional
        By default, the hours or days with the most and with the fewest posts.
    """
    ax = base.open_axes(ax, table, 7, 3.6)
    base.refuse(table["share"].isna().any(), table["reason"].iloc[0])
    hours = "hour" in table
    whole, label = ("day", "hour") if hours else ("week", "weekday")
    place, share = np.arange(len(table)), 100 * base.floats(table["share"])
    ax.axhline(100 / len(table), color=QUIET, linestyle=DASHED, linewidth=1, label="if all were alike")
    ends = (100 * base.floats(table["low"]), 100 * base.floats(table["high"]))
    ax.fill_between(place, *ends, color=PALETTE[4], alpha=0.45, linewidth=0, label="95% interval")
    ax.plot(place, share, "o-", color=PALETTE[0], markersize=4, linewidth=1.6, label=f"share of an average {whole}")
    names = [f"{hour}:00" for hour in table["hour"]] if hours else list(table["weekday"])
    ax.set_xticks(place[::3] if hours else place, table["hour"][::3] if hours else [name[:3] for name in names])
    ax.set_ylim(bottom=0)
    ax.legend(frameon=False, fontsize=9)
    most, least = (f"{names[i]} ({share[i]:.1f}%)" for i in (share.argmax(), share.argmin()))
    result = f"Most posts: {most}; fewest: {least}"
    return base.finish(
        ax, title=title, result=result, x=f"{label} (UTC)", y=f"share of a {whole}'s posts (%)",
        alt=f"Share of the posts by {label}, UTC, with 95% intervals. {result}.", table=table,
    )  # fmt: skip


def plot_attention(table: pd.DataFrame, *, ax: Axes | None = None, title: str | None = None) -> Axes:
    """Draw the shares before, on and after the highest day as bars, with their intervals.

    Parameters
    ----------
    table : DataFrame
        ``part``, ``share``, ``low``, ``high`` and ``day``, as :func:`analysis.spread.attention_class` gives them.
    ax : Axes, optional
    title : str, optional
        By default, the three shares.
    """
    ax = base.open_axes(ax, table, 6, 3.6)
    base.refuse(table["share"].isna().any(), table["reason"].iloc[0])
    place, day = np.arange(len(table)), f"{table['day'].iloc[0]:%d %b %Y}"
    share, low, high = (100 * base.floats(table[name]) for name in ("share", "low", "high"))
    colors = [PALETTE[4], PALETTE[0], PALETTE[4]]
    ax.bar(place, share, width=0.6, color=colors, edgecolor="black", linewidth=0.6)
    ax.errorbar(place, share, yerr=[share - low, high - share], fmt="none", ecolor="black", capsize=4)
    for x, value, end in zip(place, share, high, strict=True):
        where = {"xycoords": "data", "xytext": (0, 4), "va": "bottom"}
        base.note(ax, f"{value:.0f}%", x, max(value, end), fontsize=9, color="black", **where)
    ax.set_xticks(place, [f"{part}\n({day})" if i == 1 else part for i, part in enumerate(table["part"])])
    ax.set_ylim(0, max(high.max() * 1.15, 10))
    shares = [f"{row.part} {base.percent(row.share)}" for row in table.itertuples()]
    ends = base.intervals(table["part"], table)
    return base.finish(
        ax, title=title, result=f"Around {day}: {', '.join(shares)}", x="days around the highest",
        y="share of the posts (%)", alt=f"Shares of the posts around {day}: {base.listing(ends)}.", table=table,
    )  # fmt: skip


def plot_falls(table: pd.DataFrame, *, ax: Axes | None = None, title: str | None = None) -> Axes:
    """Draw how several waves fell: what was left of each peak, by the days since, on a logarithmic axis.

    Parameters
    ----------
    table : DataFrame
        ``peak`` (the day of the peak), ``days`` (since it, from 0) and ``left`` (the part of the peak's posts, from 0
        to 1; missing in a gap). One row a wave and day; six waves at most, drawn in the order of their peaks.
    ax : Axes, optional
    title : str, optional
        By default, what was left after a week.
    """
    ax = base.open_axes(ax, table)
    peaks = sorted(table["peak"].unique())
    base.refuse(len(peaks) > len(_WAVES), f"{len(peaks)} waves; take one to {len(_WAVES)}")
    week = table[table["days"] == 7].set_index("peak")["left"].dropna()
    for i, peak in enumerate(peaks):
        own = table[table["peak"] == peak]
        part = 100 * base.floats(own["left"])
        look = {"color": _WAVES[i], "linestyle": LINE_STYLES[i], "marker": MARKERS[i], "markersize": 4}
        ax.plot(own["days"], np.where(part > 0, part, np.nan), label=f"{peak:%d %b %Y}", **look)
    ax.set_yscale("log")
    base.number_axis(ax.yaxis)
    ax.legend(frameon=False, fontsize=9, title="wave of", loc="upper left", bbox_to_anchor=(1.01, 1))
    span = f"{base.percent(week.min())} to {base.percent(week.max())}" if len(week) > 1 else base.percent(week.max())
    result = f"After a week {span} of the highest day is left"
    result = result if len(week) else "No wave is known a week after its highest day"
    parts = [f"{base.percent(left)} of {peak:%d %b %Y}" for peak, left in week.items()]
    return base.finish(
        ax, title=title, result=result, x="days since the highest day of the wave",
        y="posts (% of the highest day's)", table=table,
        alt=f"What was left of the highest day of {len(peaks)} waves, by days since; after a week: "
        f"{base.listing(parts)}.",
    )  # fmt: skip


def plot_peaks(table: pd.DataFrame, by: str, *, ax: Axes | None = None, title: str | None = None) -> Axes:
    """Draw when each group had its peak, with the interval that the noise leaves open.

    Parameters
    ----------
    table : DataFrame
        A column of groups, ``peak``, ``low``, ``high`` and ``share_of_peak``, as :func:`analysis.spread.waves` gives
        them. Groups without a peak are left out.
    by : str
        The column of the groups.
    ax : Axes, optional
    title : str, optional
        By default, the first and the last peak.
    """
    known = table[table["peak"].notna()].sort_values(["peak", by])
    ax = base.open_axes(ax, known, 8, 1.4 + 0.32 * len(known), why="no group has a peak")
    places = base.name_rows(ax, known[by])
    ax.hlines(places, known["low"], known["high"], color=PALETTE[4], linewidth=5)
    ax.plot(known["peak"], places, "o", color=PALETTE[0], markersize=6)
    for place, row in zip(places, known.itertuples(), strict=True):
        text = f"{row.peak:%Y-%m-%d}, {base.percent(row.share_of_peak)}"
        base.note_beside(ax, text, row.high, place, 8, color="black", bbox=WHITE_BOX)
    ax.margins(x=0.02)
    left, right = ax.get_xlim()
    ax.set_xlim(left, right + 0.22 * (right - left))
    zone = str(known["peak"].dt.tz)
    base.dates(ax, zone)
    first, last = (f"{row[by]}, {row['peak']:%d %b %Y}" for _, row in known.iloc[[0, -1]].iterrows())
    peaks = [f"{group} {peak:%d %b %Y}" for group, peak in zip(known[by], known["peak"], strict=True)]
    return base.finish(
        ax, title=title, result=f"First peak: {first}; last: {last}", y=by, grid="x",
        x=f"time ({base.zone_name(zone)}); beside each its peak, and its share of all posts then",
        alt=f"The highest day of each group ({by}), with its interval: {base.listing(peaks)}.", table=table,
    )  # fmt: skip


def plot_effect(
    found: dict, placebos: pd.DataFrame, *, name: str = "the event", ax: Axes | None = None, title: str | None = None
) -> Axes:
    """Draw the ratio of observed to expected posts at an event, among those of dates without a known event.

    Parameters
    ----------
    found : dict
        As :func:`analysis.spread.effect_of` gives it.
    placebos : DataFrame
        As :func:`analysis.spread.placebo_effects` gives it: the figure's source table.
    name : str
        What the event is called.
    ax : Axes, optional
    title : str, optional
        By default, the ratio and its p-value.
    """
    ratio, others = found["ratio"], base.floats(placebos["ratio"])
    base.refuse(not np.isfinite(ratio) or ratio <= 0, found["reason"] or "no ratio")
    ax = base.open_axes(ax, [found], 8, 3.6)
    ends = [end for end in (found["low"], found["high"]) if np.isfinite(end) and end > 0]
    known, top = np.concatenate([others, [ratio], ends]), 1.0
    if len(others):
        edges = np.geomspace(known.min() / 1.1, known.max() * 1.1, 41)
        label = f"{len(others):,} dates without a known event"
        bars, _, _ = ax.hist(others, edges, color=PALETTE[4], edgecolor="white", label=label)
        top = max(bars.max(), 1.0)
    ax.plot([1, 1], [0, 1.15 * top], color=QUIET, linewidth=1, linestyle=DASHED)
    label = f"{name}: {ratio:.3g} times what was expected"
    ax.plot([ratio, ratio], [0, 1.07 * top], "-", color=PALETTE[5], linewidth=2.2, label=label)
    if len(ends) == 2:
        ax.plot(ends, [1.07 * top] * 2, "-|", color=PALETTE[5], linewidth=2, markersize=10, label="its 95% interval")
        ax.plot(ratio, 1.07 * top, "D", color=PALETTE[5], markersize=6)
    ax.set_ylim(0, 1.75 * top)
    ax.set_xscale("log")
    base.number_axis(ax.xaxis)
    p_value = f"p = {found['p']:.3f}"
    remark = f"{p_value} (smallest possible: {1 / (1 + found['placebos']):.3f})"
    if not np.isfinite(found["p"]):
        p_value = "no p-value"
        remark = "no p-value: the date was picked by the curve" if found["chosen"] == "curve" else p_value
    ax.plot([], [], " ", label=remark)
    ax.legend(frameon=False, fontsize=9, loc="upper left", ncols=2)
    span = base.with_interval(ratio, found["low"], found["high"], "{:.3g}".format)
    return base.finish(
        ax, title=title, result=f"{ratio:.3g} times as many posts as expected, {p_value}", y="dates",
        x="observed over expected posts (logarithmic)", table=placebos,
        alt=f"Observed over expected posts at {name}, {span}, among {len(others)} dates without an event; {p_value}.",
    )  # fmt: skip
