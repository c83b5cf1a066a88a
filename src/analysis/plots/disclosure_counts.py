"""The figures of the disclosures lesson on how many: shares by definition and by estimator, people day by day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.plots.axes import LINE_STYLES, MARKERS, PALETTE, QUIET, canvas, dates, finish, refuse

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_definitions(table: pd.DataFrame, *, ax: Axes | None = None, title: str | None = None) -> Axes:
    """Draw the share under each definition as a dot with its interval, and what was published beside it.

    Parameters
    ----------
    table : DataFrame
        As :func:`analysis.disclosure.definitions` gives it: ``definition``, ``share``, ``low``, ``high``,
        ``published``, ``published_low``, ``published_high`` (0 to 1; missing where hidden or not published).
    ax : Axes, optional
        Where to draw; a new one without it.
    title : str, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    from matplotlib.ticker import PercentFormatter

    refuse(table.empty)
    ax = canvas(ax, 8.5, 1.4 + 0.42 * len(table))
    places = np.arange(len(table))[::-1].astype(float)
    ax.hlines(places + 0.12, table["low"], table["high"], color=PALETTE[0], linewidth=1.8)
    ax.plot(table["share"], places + 0.12, MARKERS[0], color=PALETTE[0], markersize=7, label="these posts")
    ax.hlines(places - 0.16, table["published_low"], table["published_high"], color=PALETTE[6], linewidth=1.4)
    ax.plot(table["published"], places - 0.16, MARKERS[3], markerfacecolor="white", markeredgecolor=PALETTE[6],
            markersize=7, linestyle="none", label="published, of other posts")  # fmt: skip
    for place in places[table["share"].isna()]:
        ax.annotate("fewer than ten people", (0, place), xytext=(4, 0), textcoords="offset points", va="center",
                    fontsize=8.5, color=QUIET)  # fmt: skip
    ax.set_yticks(places, table["definition"])
    ax.set_ylim(-0.7, len(table) - 0.3)
    ends = [table[name].max() for name in ("high", "share", "published") if table[name].notna().any()]
    ax.set_xlim(0, min(1.0, 1.12 * max(ends, default=0.9)))
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    finish(ax, title=title, x="share called a disclosure, with 95% interval")
    ax.grid(visible=False, axis="y")
    ax.grid(axis="x", color="#DDDDDD", linewidth=0.8)
    ax.legend(frameon=False, fontsize=9, loc="lower right", bbox_to_anchor=(1, 1.0), ncols=2, borderaxespad=0.2)
    return ax


def plot_estimates(
    table: pd.DataFrame, *, truth: float | None = None, ax: Axes | None = None, title: str | None = None
) -> Axes:
    """Draw the share that each estimator gives, with its interval.

    Parameters
    ----------
    table : DataFrame
        ``method`` (in the order from the top), ``share``, ``low``, ``high`` (0 to 1; an estimate without an interval
        has none).
    truth : float, optional
        What was planted, as a line.
    ax, title
        As in :func:`plot_definitions`.

    Returns
    -------
    matplotlib.axes.Axes
    """
    from matplotlib.ticker import PercentFormatter

    refuse(table.empty)
    ax = canvas(ax, 8, 1.3 + 0.4 * len(table))
    places = np.arange(len(table))[::-1]
    if truth is not None:
        ax.axvline(truth, color=PALETTE[6], linewidth=1.4, linestyle=LINE_STYLES[1], label=f"planted: {truth:.1%}")
        ax.legend(frameon=False, fontsize=9, loc="lower right", bbox_to_anchor=(1, 1.0), borderaxespad=0.2)
    ax.hlines(places, table["low"], table["high"], color=PALETTE[0], linewidth=1.8)
    bare = table["low"].isna().to_numpy()
    for which, fill in ((~bare, PALETTE[0]), (bare, "white")):
        ax.plot(table["share"][which], places[which], MARKERS[0], color=PALETTE[0], markerfacecolor=fill, markersize=7)
    ax.set_yticks(places, table["method"])
    ax.set_ylim(-0.6, len(table) - 0.4)
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    finish(ax, title=title, x="share of posts, with 95% interval (hollow: has none)")
    ax.grid(visible=False, axis="y")
    ax.grid(axis="x", color="#DDDDDD", linewidth=0.8)
    return ax


def plot_people(
    table: pd.DataFrame, *, truth: pd.Series | None = None, ax: Axes | None = None, title: str | None = None
) -> Axes:
    """Draw how many people have disclosed by when: corrected, with its band, beside the raw count.

    Parameters
    ----------
    table : DataFrame
        ``end`` (datetime, UTC), ``authors``, ``raw``, ``people``, ``low``, ``high``, as
        :func:`analysis.disclosure.people_by_day` gives them. Missing where hidden.
    truth : Series of float, optional
        What was planted, by position.
    ax, title
        As in :func:`plot_definitions`.

    Returns
    -------
    matplotlib.axes.Axes
    """
    from matplotlib.ticker import StrMethodFormatter

    refuse(table.empty)
    ax = canvas(ax, 8, 4.2)
    ax.plot(table["end"], table["authors"], color=QUIET, linestyle=LINE_STYLES[3], label="people who posted at all")
    known = table[table[["raw", "people"]].notna().any(axis=1)]  # a line runs on over steps that are hidden
    if len(known):
        band = {"color": PALETTE[4], "alpha": 0.45, "linewidth": 0, "label": "corrected, 95% interval"}
        ax.fill_between(known["end"], known["low"].astype(float), known["high"].astype(float), **band)
        look = {"color": PALETTE[0], "linewidth": 1.8, "label": "corrected for the model's errors"}
        ax.plot(known["end"], known["people"], **look)
        look = {"color": PALETTE[5], "linestyle": LINE_STYLES[1], "label": "at least one post called so"}
        ax.plot(known["end"], known["raw"], **look)
    else:
        ax.annotate("too few people to show", (0.5, 0.5), xycoords="axes fraction", ha="center", color=QUIET)
    if truth is not None:
        ax.plot(table["end"], np.asarray(truth), MARKERS[6], color=PALETTE[6], markersize=4, label="planted")
    ax.set_ylim(bottom=0)
    dates(ax)
    ax.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    finish(ax, title=title, x="until (UTC)", y="people")
    ax.set_ylim(top=1.3 * table["authors"].max() + 1)
    ax.legend(frameon=False, fontsize=8.5, loc="upper left", ncols=2)
    return ax
