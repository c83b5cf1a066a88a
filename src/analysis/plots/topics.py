"""The figures of the topics lesson: their words, their sizes, how posts fall onto them, how many, and over time.

The map is drawn in :mod:`analysis.plots.topic_map`.
"""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.plots.axes import HATCHES, LINE_STYLES, MARKERS, PALETTE, QUIET, canvas, dates, finish, keep, refuse

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NONE = "none"
#: Each kind of evidence for a number of topics: its column, the panel's title, and what is better.
_PANELS = (
    ("stability", "stability over resamples", "higher is better"),
    ("held_out", "held-out fit (nats a word)", "higher is better"),
    ("c_v", "coherence C_v", "higher is better"),
    ("npmi", "coherence NPMI", "higher is better"),
    ("redundancy", "redundancy of top words", "lower is better"),
)


def plot_words(table: pd.DataFrame, *, columns: int = 4) -> Figure:
    """Draw the heaviest words of each topic as bars, a small panel a topic.

    Parameters
    ----------
    table : DataFrame
        ``topic``, ``rank``, ``word``, ``weight``, as ``Topics.top_words`` gives them.
    columns : int
        How many panels stand side by side.

    Returns
    -------
    matplotlib.figure.Figure
        All panels share one scale.

    Raises
    ------
    ValueError
        Where the table has no rows.
    """
    from matplotlib.figure import Figure
    from matplotlib.ticker import PercentFormatter

    refuse(table.empty)
    names, most = list(dict.fromkeys(table["topic"])), int(table["rank"].max())
    columns = min(columns, len(names))
    rows = -(-len(names) // columns)
    figure = Figure(figsize=(2.3 * columns + 0.4, (0.24 * most + 0.55) * rows + 0.4), layout="constrained")
    panels = figure.subplots(rows, columns, sharex=True, squeeze=False).ravel()
    for place, (panel, name) in enumerate(zip(panels, names, strict=False)):
        part = table[table["topic"] == name]
        panel.barh(part["rank"], part["weight"], color=PALETTE[4], edgecolor=PALETTE[0], linewidth=0.6)
        panel.set_yticks(part["rank"], part["word"], fontsize=9)
        panel.set_ylim(most + 0.6, 0.4)
        panel.tick_params(axis="y", length=0)
        panel.tick_params(axis="x", labelsize=8, labelbottom=place + columns >= len(names))
        panel.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        finish(panel, title=name)
        panel.grid(visible=False, axis="y")
    for panel in panels[len(names) :]:
        panel.set_visible(False)
    figure.supxlabel("share of the topic's texts that hold the word; the most telling word first", fontsize=10)
    heads = table[table["rank"] <= 4].groupby("topic", sort=False)["word"].agg(", ".join)
    words = "; ".join(f"{name}: {head}" for name, head in heads.items())
    return keep(figure, alt=f"The heaviest words of each topic, as bars. {words}.", table=table)


def plot_sizes(table: pd.DataFrame, *, ax: Axes | None = None, title: str | None = None) -> Axes:
    """Draw the share of posts that belongs to each topic, with its interval.

    Parameters
    ----------
    table : DataFrame
        ``topic``; ``share``, ``low``, ``high`` (0 to 1; missing where hidden); ``words``, what is written beside the
        topic's name. In the order from the top; the row "none" is hatched.
    ax : Axes, optional
        Where to draw; a new one without it.
    title : str, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    from matplotlib.ticker import PercentFormatter

    refuse(table.empty)
    ax = canvas(ax, 8, 1.2 + 0.36 * len(table))
    places = np.arange(len(table))[::-1]
    none = (table["topic"] == NONE).to_numpy()
    for which, colour, hatch in ((~none, PALETTE[4], HATCHES[0]), (none, "white", HATCHES[1])):
        shares = table.loc[which, "share"].fillna(0)
        ax.barh(places[which], shares, color=colour, edgecolor=QUIET, hatch=hatch, height=0.7)
    ax.hlines(places, table["low"], table["high"], color=PALETTE[6], linewidth=1.6)
    ax.plot(np.r_[table["low"], table["high"]], np.r_[places, places], "|", color=PALETTE[6], markersize=7)
    for place in places[table["share"].isna()]:
        ax.annotate("fewer than ten, or hidden with them", (0, place), xytext=(4, 0), textcoords="offset points",
                    va="center", fontsize=8.5, color=QUIET)  # fmt: skip
    labels = [f"{row.topic}: {row.words}" if row.words else row.topic for row in table.itertuples()]
    ax.set_yticks(places, labels)
    ax.set_ylim(-0.6, len(table) - 0.4)
    ax.set_xlim(left=0)
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    shares = "; ".join(f"{row.topic} {row.share:.0%}" for row in table.dropna(subset="share").itertuples())
    alt = f"Share of posts by topic, with intervals: {shares or 'all are hidden'}."
    finish(ax, title=title, x="share of posts, with 95% interval", alt=alt, table=table)
    ax.grid(visible=False, axis="y")
    return ax


def plot_cross(table: pd.DataFrame, *, ax: Axes | None = None, title: str | None = None) -> Axes:
    """Draw how the posts of each group, a stance or what was planted, fall onto the topics found.

    Parameters
    ----------
    table : DataFrame
        Counts of posts: a row a group, a column a topic; the names of its index and columns become the axis labels.
        Missing counts are left blank. Or a table as :func:`analysis.topics.by_group` gives it, with the group in its
        first column, ``topic`` and ``share``: then hidden cells are hatched, the others keep their true shares, and
        topics stand in the order of their numbers, "none" last.
    ax, title
        As in :func:`plot_sizes`.

    Returns
    -------
    matplotlib.axes.Axes
        Each cell says in percent how much of its row falls onto that topic, and is the darker the more.
    """
    refuse(table.empty)
    given = table
    if {"topic", "share"} <= set(table.columns):
        groups, names = (list(dict.fromkeys(table[name])) for name in (table.columns[0], "topic"))
        names = sorted(names, key=_number)
        table = table.pivot_table("share", table.columns[0], "topic", aggfunc="first")
        shares = table = table.reindex(index=groups, columns=names).astype("float64")
    else:
        counts = table.astype("float64")
        shares = counts.div(counts.sum(axis=1).where(lambda total: total > 0), axis=0)
    ax = canvas(ax, 2.4 + 0.62 * table.shape[1], 1.5 + 0.36 * table.shape[0])
    if shares is table:
        for row, column in np.argwhere(shares.isna().to_numpy()):
            ax.fill_between([column - 0.5, column + 0.5], row - 0.5, row + 0.5, facecolor="none", edgecolor="#AAAAAA",
                            hatch=HATCHES[1], linewidth=0)  # fmt: skip
    ax.imshow(shares, cmap="Greys", vmin=0, vmax=1, aspect="auto")
    for row, column in np.argwhere(shares.notna().to_numpy()):
        share = shares.iloc[row, column]
        ink = "white" if share > 0.5 else "black"
        ax.text(column, row, f"{share:.0%}", ha="center", va="center", fontsize=8.5, color=ink)
    ax.set_xticks(range(table.shape[1]), [str(name).removeprefix("topic ") for name in table.columns])
    ax.set_yticks(range(table.shape[0]), [str(name).replace("_", " ") for name in table.index])
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    ax.set_xticks(np.arange(table.shape[1] - 1) + 0.5, minor=True)
    ax.set_yticks(np.arange(table.shape[0] - 1) + 0.5, minor=True)
    ax.grid(which="minor", color="white", linewidth=1.5)
    ax.tick_params(which="minor", length=0)
    ax.set_xlabel(str(table.columns.name or ""))
    ax.set_ylabel(str(table.index.name or ""))
    if title is not None:
        ax.set_title(title, loc="left", fontsize=11)
    keep(ax.get_figure(root=True), alt=_largest(shares), table=given)
    return ax


def _largest(shares):
    """Say of each row onto which column most of it falls."""
    known = shares[shares.notna().any(axis=1)]
    rows = "; ".join(f"{name}: {row.idxmax()} {row.max():.0%}" for name, row in known.iterrows())
    return f"How each row's posts fall onto the topics; onto which most of them do: {rows or 'all are hidden'}."


def _number(name):
    """Give what topics are sorted by: their numbers; names without one stay in their order, and "none" is last.

    >>> sorted(["topic 10", "none", "topic 9"], key=_number)
    ['topic 9', 'topic 10', 'none']
    """
    number = str(name).removeprefix("topic ")
    return float(number) if number.isdecimal() else np.inf if name == NONE else 1e9


def plot_choice(table: pd.DataFrame, advice: Mapping, *, title: str | None = None) -> Figure:
    """Draw what speaks for each number of topics, and say which is recommended, if any.

    Parameters
    ----------
    table : DataFrame
        As :func:`analysis.topics.choose` gives it: ``k``; ``stability``, ``npmi``, ``c_v``, ``held_out``,
        ``redundancy``; ``stability_error`` and ``held_out_error``, drawn as bars of two standard errors either way.
    advice : mapping
        As :func:`analysis.topics.recommended` gives it: ``k`` (None where none is preferred), ``near``, ``use``,
        ``why``.
    title : str, optional

    Returns
    -------
    matplotlib.figure.Figure
        A panel for each kind of evidence, all over the same numbers of topics. The recommended number has a full line
        and a filled square, the numbers that are hardly worse have filled circles; where none is preferred, the line is
        broken and nothing but words names a number to go on with. The last panel says it in words.

    Raises
    ------
    ValueError
        Where the table has no rows.
    """
    from matplotlib.figure import Figure

    refuse(table.empty)
    figure = Figure(figsize=(8.6, 4.6), layout="constrained")
    panels = figure.subplots(2, 3).ravel()
    table = table.sort_values("k")
    for panel, (name, label, better) in zip(panels, _PANELS, strict=False):
        _evidence(panel, table, advice, name)
        finish(panel, title=label, x="number of topics")
        panel.set_title(label, loc="left", fontsize=10, pad=16)
        panel.annotate(better, (0, 1), xycoords="axes fraction", xytext=(0, 3), textcoords="offset points", fontsize=8,
                       color=QUIET)  # fmt: skip
    _recommendation(panels[-1], table, advice)
    if title is not None:
        figure.suptitle(title, x=0.01, ha="left", fontsize=11)
    head, rest = _advice(advice)
    return keep(figure, alt=f"Evidence for each number of topics. {head}. {rest}", table=table)


def _evidence(panel, table, advice, name):
    """Draw one kind of evidence; numbers of topics stand at equal steps, so that small ones are not crowded."""
    places = pd.Series(range(len(table)), index=table["k"].to_numpy(), dtype=float)
    values = table.set_index("k")[name].astype(float)
    error = table.set_index("k").get(f"{name}_error")
    if error is not None:
        panel.vlines(places, values - 2 * error, values + 2 * error, color=PALETTE[0], linewidth=1.4)
    panel.plot(places, values, LINE_STYLES[0], color=PALETTE[0], marker=MARKERS[0], markerfacecolor="white",
               markersize=5, linewidth=1.2)  # fmt: skip
    near = [k for k in advice["near"] if k in places.index]
    panel.plot(places[near], values[near], MARKERS[0], color=PALETTE[0], markersize=5)
    if advice["k"] in places.index:
        panel.axvline(places[advice["k"]], color=PALETTE[6], linewidth=1, zorder=1)
        panel.plot(places[[advice["k"]]], values[[advice["k"]]], MARKERS[1], color=PALETTE[6], markersize=8)
    if not values.notna().any():
        panel.annotate("not measured", (0.5, 0.5), xycoords="axes fraction", ha="center", color=QUIET, fontsize=9)
    panel.set_xticks(places, [str(k) for k in places.index], fontsize=8)
    panel.set_xlim(-0.5, len(table) - 0.5)
    panel.tick_params(axis="y", labelsize=8)
    panel.margins(y=0.15)


def _recommendation(panel, table, advice):
    """Write in the last panel what follows."""
    from matplotlib.lines import Line2D

    panel.set_axis_off()
    head, rest = _advice(advice)
    panel.text(0, 1.08, head, transform=panel.transAxes, fontsize=10.5, weight="bold", va="top")
    panel.text(0, 0.9, fill(rest, 38), transform=panel.transAxes, fontsize=9, va="top")
    handles = [Line2D([], [], linestyle="none", marker=MARKERS[0], color=PALETTE[0], label="best, or hardly worse")]
    if advice["k"] is not None:
        handles.insert(0, Line2D([], [], color=PALETTE[6], marker=MARKERS[1], markersize=8, label="recommended"))
    if f"{_PANELS[0][0]}_error" in table:
        handles.append(Line2D([], [], color=PALETTE[0], linewidth=1.4, label="bars: two standard errors"))
    panel.legend(handles=handles, loc="lower left", bbox_to_anchor=(-0.03, -0.12), frameon=False, fontsize=8.5)


def _advice(advice):
    """Say which number is recommended, and why."""
    why = f"{advice['why'][:1].upper()}{advice['why'][1:]}."
    if advice["k"] is None:
        return "No number is preferred", f"{why} To go on with: {advice['use']}, as good as others."
    others = ", ".join(str(k) for k in advice["near"] if k != advice["k"])
    return f"{advice['k']} topics are recommended", why + (f" Hardly worse: {others}." if others else "")


def plot_stream(
    table: pd.DataFrame, *, names: Mapping[str, str] | None = None, columns: int = 3, title: str | None = None
) -> Figure:
    """Draw the share of each topic over time with the band of its interval, a small panel a topic.

    Parameters
    ----------
    table : DataFrame
        As :func:`analysis.topics.over_time` gives it: ``start`` (with a zone), ``topic``, ``posts``, ``share``,
        ``low``, ``high``. A panel a topic, in the order of their first rows.
    names : mapping of str to str, optional
        What is written over the panel of each topic, instead of its name.
    columns : int
        How many panels stand side by side.
    title : str, optional

    Returns
    -------
    matplotlib.figure.Figure
        All panels share the scale of time and all topics that of shares; "none", which may be far larger than any of
        them, has one of its own, and says so. A line breaks where nothing is known: stretches without any post stay
        blank, those that are hidden are hatched at the foot.

    Raises
    ------
    ValueError
        Where the table has no rows.

    Notes
    -----
    Not layers on top of one another (a streamgraph, Byron & Wattenberg 2008, *IEEE TVCG* 14, 1245): only the lowest
    layer has a level foot, and lengths without one are hard to compare (Cleveland & McGill 1984, *J. Am. Stat. Assoc.*
    79, 531); more than four layers can't be told apart in grey; and a layer has no room for its interval.
    """
    from matplotlib.figure import Figure
    from matplotlib.ticker import PercentFormatter

    refuse(table.empty)
    topics = list(dict.fromkeys(table["topic"]))
    columns = min(columns, len(topics))
    rows = -(-len(topics) // columns)
    width = max(2.7 * columns + 0.4, 5.5)
    figure = Figure(figsize=(width, 1.5 * rows + 0.9), layout="constrained")
    panels = figure.subplots(rows, columns, sharex=True, squeeze=False).ravel()
    tops = table.groupby(table["topic"] == NONE)["high"].max()
    apart = len(tops) > 1
    for place, (panel, topic) in enumerate(zip(panels, topics, strict=False)):
        _over_time(panel, table[table["topic"] == topic])
        name = (names or {}).get(topic, topic)
        name = f"{name} (its own scale)" if apart and topic == NONE else name
        finish(panel)
        panel.set_title(_short(name, width / columns), loc="left", fontsize=9)
        panel.tick_params(labelsize=8, labelleft=place % columns == 0 or (apart and topic == NONE))
        top = tops[topic == NONE]
        panel.set_ylim(0, 1 if np.isnan(top) else min(1, 1.12 * top))
        panel.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    zone = str(pd.DatetimeIndex(table["start"]).tz)
    _times(panels, len(topics), columns, table, zone)
    figure.supylabel(
        "share of posts,\nwith 95% interval" if rows == 1 else "share of posts, with 95% interval", fontsize=9
    )
    hidden = "; hatched: too few people, or hidden with them" if table["posts"].isna().any() else ""
    figure.supxlabel(f"time ({zone}){hidden}", fontsize=9)
    if title is not None:
        figure.suptitle(title, x=0.01, ha="left", fontsize=11)
    if table["share"].isna().all():
        panels[0].annotate("too few people to show", (0.5, 0.5), xycoords="axes fraction", ha="center", color=QUIET)
    ends = table.groupby("topic", sort=False)["share"].agg(["min", "max"]).dropna()
    shares = "; ".join(f"{row.Index} {row.min:.0%} to {row.max:.0%}" for row in ends.itertuples())
    return keep(figure, alt=f"Share of each topic over time, with intervals: {shares or 'all hidden'}.", table=table)


def _over_time(panel, part):
    """Draw one topic; a stretch that stands alone between gaps is a dot with its interval."""
    step = _step(part["start"])
    middle = part["start"] + step / 2
    share, low, high = (part[name].astype(float).to_numpy() for name in ("share", "low", "high"))
    known = ~np.isnan(share)
    panel.fill_between(middle, low, high, color=PALETTE[4], alpha=0.45, linewidth=0)
    panel.plot(middle, share, color=PALETTE[0], linewidth=1.4)
    beside = np.r_[False, known[:-1]] | np.r_[known[1:], False]
    alone = known & ~beside
    panel.vlines(middle[alone], low[alone], high[alone], color=PALETTE[0], linewidth=1.4)
    panel.plot(middle[alone], share[alone], MARKERS[0], color=PALETTE[0], markersize=4)
    hidden = part["posts"].isna().to_numpy()
    if hidden.any():
        panel.bar(part["start"][hidden], 0.07, width=step, align="edge", facecolor="none", edgecolor=QUIET,
                  linewidth=0, hatch=HATCHES[1], transform=panel.get_xaxis_transform())  # fmt: skip


def _times(panels, many, columns, table, zone):
    """Write the times under the lowest panel of each column; leave out the places that no topic needs."""
    step = _step(table["start"].drop_duplicates().reset_index(drop=True))
    panels[0].set_xlim(table["start"].min(), table["start"].max() + step)
    dates(panels[0], zone)
    locator = panels[0].xaxis.get_major_locator()
    locator.minticks, locator.maxticks = 2, dict.fromkeys(locator.maxticks, 4)
    for place, panel in enumerate(panels):
        if place >= many:
            panel.set_visible(False)
        elif place + columns >= many:
            panel.tick_params(axis="x", labelbottom=True)
            panel.xaxis.get_offset_text().set(visible=True, fontsize=8, color=QUIET)


def _step(starts):
    """Give the usual length of the stretches; a day where there is only one."""
    return starts.diff().median() if len(starts) > 1 else pd.Timedelta("1D")


def _short(name, width):
    """Cut a name that is longer than its panel is wide."""
    most = int(width * 12)
    return name if len(name) <= most else f"{name[: most - 1].rstrip(' ,')}…"
