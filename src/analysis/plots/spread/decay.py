"""The decay of a wave, and how the answer moves with the choices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.plots.axes import LINE_STYLES, MARKERS, PALETTE, QUIET, canvas, finish, refuse

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: What each law looks like, in every figure.
LOOKS = {"exponential": (PALETTE[5], LINE_STYLES[1]), "power law": (PALETTE[0], LINE_STYLES[0])}


def plot_decay(curves: pd.DataFrame, *, origin: pd.Timestamp, ax: Axes | None = None, title: str | None = None) -> Axes:
    """Draw the counts after a peak on two logarithmic axes, with both laws that were fitted and the band of one.

    Parameters
    ----------
    curves : DataFrame
        As ``spread.relaxation_curves`` gives it. An interval without a post is drawn hollow on the floor.
    origin : Timestamp
        The moment from which time is counted (UTC), before the first interval.
    ax : Axes, optional
        Where to draw; a new one without it.
    title : str, optional

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        Where the table has no rows, or begins before the origin.
    """
    refuse(curves.empty, "no decay could be fitted")
    ax = canvas(ax, 8, 4.4)
    starts = pd.DatetimeIndex(curves["start"])
    step = (starts[1:] - starts[:-1]).min() if len(starts) > 1 else pd.Timedelta("1h")
    hours = np.asarray((starts + step / 2 - origin) / pd.Timedelta("1h"), dtype=float)
    if hours[0] <= 0:
        raise ValueError(f"the counts begin before the origin, {origin}; time since it has no logarithm there")
    unit, called = (24.0, "days") if step >= pd.Timedelta("12h") else (1.0, "hours")
    x, floor = hours / unit, 0.5
    parts = np.split(np.arange(len(x)), np.flatnonzero(np.diff(hours) > 1.5 * step / pd.Timedelta("1h")) + 1)
    for i, part in enumerate(parts):  # a gap is no line
        low, high = (curves[name].to_numpy(float)[part].clip(floor) for name in ("low", "high"))
        label = "where 95% of counts are to lie" if i == 0 else None
        ax.fill_between(x[part], low, high, color=PALETTE[4], alpha=0.25, linewidth=0, label=label)
        for law, (colour, style) in LOOKS.items():
            mean = curves[law].to_numpy(float)[part]
            ax.plot(x[part], mean, color=colour, linestyle=style, linewidth=2, label=law if i == 0 else None)
    posts = curves["posts"].to_numpy(float)
    some = posts > 0
    ax.plot(x[some], posts[some], "o", color="black", markersize=3, zorder=3, label="counted")
    if not some.all():
        ax.plot(x[~some], np.full((~some).sum(), floor), "o", mfc="white", mec="black", markersize=3, label="none")
    ax.set_xscale("log")
    ax.set_yscale("log")
    _plain(ax.xaxis)
    _plain(ax.yaxis)
    finish(ax, title=title, x=f"{called} since {origin:%d %B %Y, %H:%M} UTC", y=f"posts per {called[:-1]}")
    ax.legend(frameon=False, fontsize=9, loc="lower left")
    return ax


def plot_choices(
    table: pd.DataFrame, what: str = "half_life", *, ax: Axes | None = None, title: str | None = None
) -> Axes:
    """Draw an estimate of a decay under every choice that was tried, a row a choice.

    Parameters
    ----------
    table : DataFrame
        As ``spread.relaxation_table`` gives it.
    what : {"half_life", "exponent"}
        The half-life of the exponential (in days), or the exponent of the power law.
    ax, title
        As in :func:`plot_decay`.

    Returns
    -------
    matplotlib.axes.Axes
        Choices without a number have a row with the reason in it; an interval that lacks one end has an arrow; where
        it lacks both, the estimate is a hollow mark alone.

    Raises
    ------
    ValueError
        Where the table has no rows, or `what` is neither of the two.
    """
    if table.empty or what not in ("half_life", "exponent"):
        raise ValueError("there is nothing to draw: no rows, or `what` is neither 'half_life' nor 'exponent'")
    law, names, unit = ("exponential", ("half_life", "half_low", "half_high"), 24.0)
    if what == "exponent":
        law, names, unit = "power law", ("estimate", "low", "high"), 1.0
    rows = table[table["law"] == law]
    if what == "half_life":  # the exponential has no use for an origin
        rows = rows.drop_duplicates(["from", "until", "beneath", "weekly"])
    rows = rows.sort_values(["beneath", "until", "from", "origin"], kind="stable", ignore_index=True)
    middle, low, high = (rows[name].to_numpy(float) / unit for name in names)
    ax = canvas(ax, 9, 1.5 + 0.3 * len(rows))
    known = np.isfinite(middle)
    none = known & (low <= 0) & np.isinf(high)
    left, right = _limits(middle[known], low[known], high[known])
    y = np.arange(len(rows))[::-1]
    for fitted, marker, colour in ((True, MARKERS[0], PALETTE[0]), (False, MARKERS[1], PALETTE[5])):
        of = known & ((rows["beneath"] == "fitted").to_numpy() == fitted)
        told, label = of & ~none, f"background {'fitted' if fitted else 'set'}"
        ax.hlines(y[told], np.maximum(low[told], left), np.minimum(high[told], right), color=colour, linewidth=1.5)
        ax.plot(middle[told], y[told], marker, color=colour, linestyle="none", markersize=6)
        if of.any():  # a law that is drawn hollow alone has its marker in the legend, too
            ax.plot([], [], marker, color=colour, linestyle="none", markersize=6, label=label)
        ax.plot(middle[of & none], y[of & none], marker, mfc="white", mec=colour, linestyle="none", markersize=6)
    if none.any():
        ax.plot([], [], MARKERS[0], mfc="white", mec=QUIET, linestyle="none", label="hollow: no interval")
    for i in np.flatnonzero(known & ~none):
        for end, edge, arrow in ((low[i], left, "<"), (high[i], right, ">")):
            if (end < edge) if arrow == "<" else (end > edge):
                ax.plot(edge, y[i], arrow, color=QUIET, markersize=6, clip_on=False)
    for i in np.flatnonzero(~known):
        ax.text(left, y[i], f"  {rows['reason'][i].partition(':')[0]}", va="center", fontsize=8.5, color=QUIET)
    ax.set_xscale("log")
    ax.set_xlim(left, right)
    ax.set_ylim(-0.7, len(rows) - 0.3)
    ax.set_yticks(y, [_words(row, what) for row in rows.rename(columns={"from": "since"}).itertuples()], fontsize=8.5)
    _plain(ax.xaxis)
    label = "half-life of the exponential, days" if what == "half_life" else "exponent of the power law"
    finish(ax, title=title, x=f"{label} (95% interval; arrow: open)")
    ax.grid(visible=False, axis="y")
    ax.grid(axis="x", color="#DDDDDD", linewidth=0.8)
    ax.legend(frameon=False, fontsize=8.5, loc="lower left", bbox_to_anchor=(0, 1), ncols=3, borderaxespad=0,
              columnspacing=1, handletextpad=0.2)  # fmt: skip
    if title:
        ax.set_title(title, loc="left", fontsize=11, pad=22)
    return ax


def _words(row, what):
    """Name a choice."""
    beneath = "background fitted" if row.beneath == "fitted" else f"background {float(row.beneath):,.0f}"
    hour = "" if row.since == row.since.normalize() else f" {row.since:%H:%M}"
    words = f"{row.since:%d %b}{hour} to {row.until:%d %b %y}, {beneath}"
    if what == "exponent":
        words += ", origin fitted" if row.origin == "fitted" else f", from {pd.Timestamp(row.origin):%d %b %H:%M}"
    return words + (", week" if row.weekly else "")


def _limits(middle, low, high):
    """Give the ends of the axis: the estimates with room, and of the intervals what is near."""
    if not len(middle):
        return 0.1, 10.0
    near = [x for x in (*low, *high) if middle.min() / 4 < x < middle.max() * 4]
    return min([middle.min(), *near]) / 1.2, max([middle.max(), *near]) * 1.2


def _plain(axis):
    """Write the numbers of a logarithmic axis in full."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    axis.set_major_locator(LogLocator(10, subs=(1, 2, 5), numticks=12))
    axis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:,.10g}"))
    axis.set_minor_formatter(NullFormatter())
