"""The figures of the topics lesson: words, sizes, groups, the number of topics, a map, and shares over time."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.plots import axes as base
from analysis.plots.axes import HATCHES, LINE_STYLES, MARKERS, PALETTE, QUIET

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NONE = "none"
#: Each kind of evidence for a number of topics: its column, the panel's title, and what is better.
_EVIDENCE = (
    ("stability", "stability over resamples", "higher is better"),
    ("held_out", "held-out fit (nats a word)", "higher is better"),
    ("c_v", "coherence C_v", "higher is better"),
    ("npmi", "coherence NPMI", "higher is better"),
    ("redundancy", "redundancy of top words", "lower is better"),
)


def plot_words(table: pd.DataFrame, *, ax: Axes | None = None, title: str | None = None) -> Axes:
    """Draw the heaviest words of each topic as bars, a small panel a topic, all on one scale.

    Parameters
    ----------
    table : DataFrame
        ``topic``, ``rank``, ``word``, ``weight``, as the ``top_words`` of a topic model gives them.
    ax : Axes, optional
        Whose place the panels take; it stays as their frame.
    title : str, optional
        By default, how many topics there are.
    """
    names, most = list(dict.fromkeys(table["topic"])), int(table["rank"].max()) if len(table) else 0
    columns = min(4, max(len(names), 1))
    rows = -(-len(names) // columns)
    ax = base.open_axes(ax, table, 2.3 * columns + 0.4, (0.24 * most + 0.55) * rows + 0.7)
    label = "share of the topic's texts that hold the word; the most telling word first"
    panels = base.open_panels(ax, rows, columns, sharex=True, x=label)
    for place, (panel, name) in enumerate(zip(panels, names, strict=False)):
        own = table[table["topic"] == name]
        panel.barh(own["rank"], own["weight"], color=PALETTE[4], edgecolor=PALETTE[0], linewidth=0.6)
        panel.set_yticks(own["rank"], own["word"], fontsize=9)
        panel.set_ylim(most + 0.6, 0.4)
        panel.tick_params(axis="y", length=0)
        panel.tick_params(axis="x", labelsize=8, labelbottom=place + columns >= len(names))
        base.percent_axis(panel.xaxis)
        base.finish(panel, title=name, grid=None)
    for panel in panels[len(names) :]:
        panel.set_visible(False)
    heads = table[table["rank"] <= 4].groupby("topic", sort=False)["word"].agg(", ".join)
    return base.finish(
        ax, title=title, result=f"{len(names)} topics by their most telling words", grid=None, table=table,
        alt=f"The heaviest words of each topic, as bars: {base.listing(heads.index + ': ' + heads, 20)}.",
    )  # fmt: skip


def plot_sizes(table: pd.DataFrame, *, ax: Axes | None = None, title: str | None = None) -> Axes:
    """Draw the share of posts that belongs to each topic, with its interval.

    Parameters
    ----------
    table : DataFrame
        ``topic``; ``share``, ``low``, ``high`` (0 to 1; missing where hidden); ``words``, what is written beside the
        topic's name. In the order from the top; the row "none" is hatched.
    ax : Axes, optional
    title : str, optional
        By default, the largest topic and the share of posts that fit none.
    """
    ax = base.open_axes(ax, table, 8, 1.4 + 0.36 * len(table))
    places = base.name_rows(ax, [f"{row.topic}: {row.words}" if row.words else row.topic for row in table.itertuples()])
    none, share = (table["topic"] == NONE).to_numpy(), base.floats(table["share"])
    for own, colour, hatch in ((~none, PALETTE[4], HATCHES[0]), (none, "white", HATCHES[1])):
        ax.barh(places[own], np.nan_to_num(share[own]), color=colour, edgecolor=QUIET, hatch=hatch, height=0.7)
    ax.hlines(places, table["low"], table["high"], color=PALETTE[6], linewidth=1.6)
    ax.plot(np.r_[table["low"], table["high"]], np.r_[places, places], "|", color=PALETTE[6], markersize=7)
    base.note_rows(ax, places[np.isnan(share)], "fewer than ten, or hidden with them")
    ax.set_xlim(left=0)
    base.percent_axis(ax.xaxis)
    known = table[table["share"].notna()]
    named, rest = known[known["topic"] != NONE], known[known["topic"] == NONE]
    largest = named.nlargest(1, "share").itertuples()
    results = [f"{row.topic} is the largest ({base.percent(row.share)})" for row in largest]
    results += [f"{base.percent(part)} fit none" for part in rest["share"]]
    shares = base.intervals(known["topic"], known)
    result = "; ".join(results)
    return base.finish(
        ax, title=title, result=result[:1].upper() + result[1:], x="share of posts, with 95% interval", grid=None,
        alt=f"Share of posts by topic: {base.listing(shares, 20)}.", table=table,
    )  # fmt: skip


def plot_cross(table: pd.DataFrame, *, ax: Axes | None = None, title: str | None = None) -> Axes:
    """Draw how the posts of each group, a stance or what was planted, fall onto the topics found.

    Parameters
    ----------
    table : DataFrame
        Counts of posts: a row a group, a column a topic; the names of its index and columns become the axis labels.
        Missing counts are left blank. Or a table as :func:`analysis.topics.by_group` gives it, with the group in its
        first column, ``topic`` and ``share``: then hidden cells are hatched, the others keep their true shares, and
        topics stand in the order of their numbers, "none" last. Each cell says in per cent how much of its row falls
        onto that topic, and is the darker the more.
    ax : Axes, optional
    title : str, optional
        By default, how many groups have more than half of their posts in one topic.
    """
    if {"topic", "share"} <= set(table.columns):
        groups, names = (list(dict.fromkeys(table[name])) for name in (table.columns[0], "topic"))
        shares = table.pivot_table("share", table.columns[0], "topic", aggfunc="first").astype("float64")
        shares = shares.reindex(index=groups, columns=sorted(names, key=_number))
        hidden = np.argwhere(shares.isna().to_numpy())
    else:
        counts, hidden = table.astype("float64"), []
        shares = counts.div(counts.sum(axis=1).where(lambda total: total > 0), axis=0)
    ax = base.open_axes(ax, table, max(2.4 + 0.62 * shares.shape[1], 6.5), 1.8 + 0.36 * shares.shape[0])
    base.draw_shares(ax, shares)
    for row, column in hidden:
        look = {"facecolor": "none", "edgecolor": "#AAAAAA", "hatch": HATCHES[1], "linewidth": 0}
        ax.fill_between([column - 0.5, column + 0.5], row - 0.5, row + 0.5, **look)
    ax.set_xticks(range(shares.shape[1]), [str(name).removeprefix("topic ") for name in shares.columns])
    top = shares.drop(columns=NONE, errors="ignore").dropna(how="all").agg(["idxmax", "max"], axis=1)
    tops = [f"{group}: {row['idxmax']} {base.percent(row['max'])}" for group, row in top.iterrows()]
    most = (top["max"] > 0.5).sum() if len(top) else 0
    return base.finish(
        ax, title=title, result=f"{most} of {len(shares)} groups have over half of their posts in one topic", grid=None,
        x=str(shares.columns.name or ""), y=str(shares.index.name or ""), table=table,
        alt="How the posts of each row fall onto topics, in per cent of the row; the largest: "
        f"{base.listing(tops, 20)}.",
    )  # fmt: skip


def _number(name):
    """Give what topics are sorted by: their numbers; names without one stay in their order, and "none" is last.

    >>> sorted(["topic 10", "none", "topic 9"], key=_number)
    ['topic 9', 'topic 10', 'none']
    """
    number = str(name).removeprefix("topic ")
    return float(number) if number.isdecimal() else np.inf if name == NONE else 1e9


def plot_choice(table: pd.DataFrame, advice: Mapping, *, ax: Axes | None = None, title: str | None = None) -> Axes:
    """Draw what speaks for each number of topics, and say which is recommended, if any.

    Parameters
    ----------
    table : DataFrame
        As :func:`analysis.topics.choose` gives it: ``k``; ``stability``, ``npmi``, ``c_v``, ``held_out``,
        ``redundancy``; ``stability_error`` and ``held_out_error``, drawn as bars of two standard errors either way.
    advice : mapping
        As :func:`analysis.topics.recommended` gives it: ``k`` (None where none is preferred), ``near``, ``use``,
        ``why``.
    ax : Axes, optional
        Whose place the panels take.
    title : str, optional
        By default, the advice.

    Notes
    -----
    A panel for each kind of evidence, all over the same numbers of topics. The recommended number has a full line and a
    filled square, the numbers that are hardly worse have filled circles. The last panel says it in words.
    """
    ax = base.open_axes(ax, table, 8.6, 4.8)
    panels, rows = base.open_panels(ax, 2, 3), table.sort_values("k").set_index("k")
    for panel, (name, label, better) in zip(panels, _EVIDENCE, strict=False):
        _evidence(panel, rows, advice, name)
        base.finish(panel, x="number of topics")
        panel.set_title(label, loc="left", fontsize=10, pad=16)
        base.note(panel, better, 0, 1, xytext=(0, 3), ha="left", va="bottom", fontsize=8)
    head = "No number is preferred" if advice["k"] is None else f"{advice['k']} topics are recommended"
    others = [str(k) for k in advice["near"] if k != advice["k"]]
    rest = f"{advice['why'][:1].upper()}{advice['why'][1:]}. "
    if advice["k"] is None:
        rest += f"To go on with: {advice['use']}, as good as others."
    elif others:
        rest += f"Hardly worse: {', '.join(others)}."
    _advice(panels[-1], rest, advice["k"] is not None, "stability_error" in table)
    return base.finish(ax, title=title, result=head, grid=None, alt=f"{head}: {rest}", table=table)


def _evidence(panel, rows, advice, name):
    """Draw one kind of evidence; numbers of topics stand at equal steps, so that small ones are not crowded."""
    places, values = pd.Series(range(len(rows)), index=rows.index, dtype=float), rows[name].astype(float)
    if f"{name}_error" in rows:
        error = 2 * rows[f"{name}_error"]
        panel.vlines(places, values - error, values + error, color=PALETTE[0], linewidth=1.4)
    look = {"marker": MARKERS[0], "markerfacecolor": "white", "markersize": 5, "linewidth": 1.2}
    panel.plot(places, values, LINE_STYLES[0], color=PALETTE[0], **look)
    near = [k for k in advice["near"] if k in places.index]
    panel.plot(places[near], values[near], MARKERS[0], color=PALETTE[0], markersize=5)
    if advice["k"] in places.index:
        panel.axvline(places[advice["k"]], color=PALETTE[6], linewidth=1, zorder=1)
        panel.plot(places[[advice["k"]]], values[[advice["k"]]], MARKERS[1], color=PALETTE[6], markersize=8)
    if not values.notna().any():
        base.note(panel, "not measured")
    panel.set_xticks(places, [str(k) for k in places.index], fontsize=8)
    panel.set_xlim(-0.5, len(rows) - 0.5)
    panel.tick_params(axis="y", labelsize=8)
    panel.margins(y=0.15)


def _advice(panel, words, recommended, errors):
    """Say in a panel without axes what follows, above the legend."""
    from matplotlib.lines import Line2D

    panel.set_axis_off()
    panel.text(0, 1.05, fill(words, 38), transform=panel.transAxes, fontsize=9, va="top")
    handles = [Line2D([], [], linestyle="none", marker=MARKERS[0], color=PALETTE[0], label="best, or hardly worse")]
    if recommended:
        handles.insert(0, Line2D([], [], color=PALETTE[6], marker=MARKERS[1], markersize=8, label="recommended"))
    if errors:
        handles.append(Line2D([], [], color=PALETTE[0], linewidth=1.4, label="bars: two standard errors"))
    panel.legend(handles=handles, loc="lower left", bbox_to_anchor=(-0.03, -0.12), frameon=False, fontsize=8.5)


def plot_stream(table: pd.DataFrame, *, ax: Axes | None = None, title: str | None = None) -> Axes:
    """Draw the share of each topic over time with the band of its interval, a small panel a topic.

    Parameters
    ----------
    table : DataFrame
        As :func:`analysis.topics.over_time` gives it: ``start`` (with a zone), ``topic``, ``posts``, ``share``,
        ``low``, ``high``. A panel a topic, in the order of their first rows.
    ax : Axes, optional
        Whose place the panels take.
    title : str, optional
        By default, the topic whose share varies most.

    Notes
    -----
    The panels share the scale of time, and all topics that of shares; "none", which may be far larger than any of them,
    has one of its own, and says so. A line breaks where nothing is known: stretches without any post stay blank, those
    that are hidden are hatched at the foot.

    Not layers on top of one another (a streamgraph, Byron & Wattenberg 2008, *IEEE TVCG* 14, 1245): only the lowest
    layer has a level foot, and lengths without one are hard to compare (Cleveland & McGill 1984, *J. Am. Stat. Assoc.*
    79, 531); more than four layers can't be told apart in grey; and a layer has no room for its interval.
    """
    topics = list(dict.fromkeys(table["topic"]))
    columns = min(3, max(len(topics), 1))
    rows = -(-len(topics) // columns)
    ax = base.open_axes(ax, table, max(2.7 * columns + 0.4, 5.5), 1.5 * rows + 1.2)
    hidden = "; hatched: too few people, or hidden with them" if table["posts"].isna().any() else ""
    share = "share of posts,\nwith 95% interval" if rows == 1 else "share of posts, with 95% interval"
    time = f"time ({base.zone_name(table['start'].dt.tz)}){hidden}"
    panels = base.open_panels(ax, rows, columns, sharex=True, x=time, y=share)
    tops = table.groupby(table["topic"] == NONE)["high"].max()
    own_scale = table["topic"].eq(NONE).any() and len(topics) > 1
    starts = table["start"].drop_duplicates()
    step = starts.diff().median() if len(starts) > 1 else pd.Timedelta("1D")
    for place, (panel, topic) in enumerate(zip(panels, topics, strict=False)):
        _share_over_time(panel, table[table["topic"] == topic], step)
        apart = own_scale and topic == NONE
        base.finish(panel)
        panel.set_title(f"{topic} (its own scale)" if apart else topic, loc="left", fontsize=9)
        panel.tick_params(labelsize=8, labelleft=place % columns == 0 or apart)
        top = tops[topic == NONE]
        panel.set_ylim(0, 1 if np.isnan(top) else min(1, 1.12 * top))
        base.percent_axis(panel.yaxis)
    panels[0].set_xlim(starts.min(), starts.max() + step)
    base.dates(panels[0], str(starts.dt.tz))
    locator = panels[0].xaxis.get_major_locator()
    locator.minticks, locator.maxticks = 2, dict.fromkeys(locator.maxticks, 4)
    for place, panel in enumerate(panels):
        panel.set_visible(place < len(topics))
        panel.tick_params(axis="x", labelbottom=place + columns >= len(topics))
        panel.xaxis.get_offset_text().set(visible=place + columns >= len(topics), fontsize=8, color=QUIET)
    spans = table.dropna(subset="share").groupby("topic", sort=False)["share"].agg(["min", "max"])
    result = "Too few people to show"
    words = [f"{topic} {base.percent(row['min'])} to {base.percent(row['max'])}" for topic, row in spans.iterrows()]
    if words:
        result = f"Varies most: {words[int((spans['max'] - spans['min']).argmax())]}"
    else:
        base.note(panels[0], "too few people to show")
    span = f"from {base.moment(starts.min())} to {base.moment(starts.max())}"
    alt = f"Share of each topic {span}, with intervals; from least to most: {base.listing(words, 20)}."
    return base.finish(ax, title=title, result=result, grid=None, table=table, alt=alt)


def _share_over_time(panel, own, step):
    """Draw one topic; a stretch that stands alone between gaps is a dot with its interval."""
    middle = own["start"] + step / 2
    share, low, high = (base.floats(own[name]) for name in ("share", "low", "high"))
    known = ~np.isnan(share)
    panel.fill_between(middle, low, high, color=PALETTE[4], alpha=0.45, linewidth=0)
    panel.plot(middle, share, color=PALETTE[0], linewidth=1.4)
    alone = known & ~(np.r_[False, known[:-1]] | np.r_[known[1:], False])
    panel.vlines(middle[alone], low[alone], high[alone], color=PALETTE[0], linewidth=1.4)
    panel.plot(middle[alone], share[alone], MARKERS[0], color=PALETTE[0], markersize=4)
    hidden = own["posts"].isna().to_numpy()
    if hidden.any():
        panel.bar(own["start"][hidden], 0.07, width=step, align="edge", facecolor="none", edgecolor=QUIET,
                  linewidth=0, hatch=HATCHES[1], transform=panel.get_xaxis_transform())  # fmt: skip


def plot_map(
    table: pd.DataFrame, *, names: Mapping[str, str] | None = None, ax: Axes | None = None, title: str | None = None
) -> Axes:
    """Draw where topics lie to each other, and over how many posts each hexagon of the map stands.

    Parameters
    ----------
    table : DataFrame
        As :func:`analysis.topics.layout` gives it.
    names : mapping of str to str, optional
        What stands beside each topic's number in the key.
    ax : Axes, optional
    title : str, optional
        By default, how much of the variance the plane holds.

    Notes
    -----
    The darker a hexagon, the more posts it holds, each step of the scale ten times as many; a number marks the
    place of each topic, with a thin line where it had to move aside. What distances mean and how many posts are not
    drawn stands below.
    """
    topics = table[table["what"] == "topic"].reset_index(drop=True)
    numbers = [str(name).removeprefix("topic ") for name in topics["topic"]]
    places, own_figure = table[["x", "y"]].dropna(), ax is None
    hexagon = table["width"].iloc[0] if len(table) else 0
    width, height = (places.max() - places.min()) + 2.5 * hexagon
    key = 0.6 + 0.16 * len(topics) if names else 0
    inches = 1.4 + max(key, 1.6, min(5.6, (4.4 if names else 6) * height / width)) if len(table) else 1
    ax = base.open_axes(ax, table, 8.4, inches)
    _hexagons(ax, table[(table["what"] == "hexagon") & table["posts"].notna()], hexagon)
    middle = (places.max() + places.min()) / 2
    ax.set(aspect="equal", xticks=[], yticks=[])
    ax.set_xlim(middle["x"] - 0.53 * width, middle["x"] + 0.53 * width)
    ax.set_ylim(middle["y"] - 0.53 * height, middle["y"] + 0.53 * height)
    _numbers(ax, topics[["x", "y"]].to_numpy(float), numbers)
    if names:
        lines = [f"{number}  {names.get(topic, '')}" for number, topic in zip(numbers, topics["topic"], strict=True)]
        words = "\n".join(fill(line, 34, subsequent_indent="     ") for line in lines)
        look = {"fontsize": 8, "linespacing": 1.25, "multialignment": "left", "color": "black"}
        base.note(ax, words, 0, 1, xytext=(-8, 0), ha="right", va="top", **look)
    caption = _caption(table)
    if own_figure:
        ax.figure.supxlabel(fill(caption, 125), x=0.01, ha="left", fontsize=8.5, color=QUIET)
    else:
        ax.set_xlabel(fill(caption, 80), fontsize=8.5, color=QUIET, loc="left")
    result = f"{len(topics)} topics on a plane that holds {table['held'].iloc[0]:.0%} of their variance"
    alt = f"A map of {result}, with the posts as hexagons. {caption}"
    base.finish(ax, title=title, result=result, grid=None, alt=alt, table=table)
    ax.spines[:].set(visible=True, color="#BBBBBB")
    return ax


def _hexagons(ax, cells, width):
    """Draw the hexagons, pointing up, in steps of grey by the logarithm of their posts, with a scale beside."""
    from matplotlib.collections import PolyCollection
    from matplotlib.colors import LinearSegmentedColormap, LogNorm

    if cells.empty:
        base.note(ax, "too few people to show where posts lie", 0.5, 0.03)
        return
    turn = np.pi / 3 * np.arange(6) + np.pi / 6
    corners = width / np.sqrt(3) * np.stack([np.cos(turn), np.sin(turn)], axis=1)
    counts = base.floats(cells["posts"])
    greys = LinearSegmentedColormap.from_list("lightness", ["#E4E4E4", "#8FA3B5", "#1D3349"])
    norm = LogNorm(counts.min(), max(counts.max(), counts.min() * 1.01))
    drawn = PolyCollection(cells[["x", "y"]].to_numpy(float)[:, None] + corners, cmap=greys, norm=norm)
    drawn.set(array=counts, edgecolor="face", linewidth=0.2)
    ax.add_collection(drawn)
    bar = ax.figure.colorbar(drawn, ax=ax, shrink=0.8, aspect=18, pad=0.02, label="posts in a hexagon")
    base.number_axis(bar.ax.yaxis)
    tens = [ten for ten in 10.0 ** np.arange(7) if counts.min() * 1.5 < ten < counts.max() / 1.5]
    bar.set_ticks(sorted({int(counts.min()), *tens, int(counts.max())}))
    bar.ax.tick_params(labelsize=8)


def _numbers(ax, places, numbers):
    """Write each topic's number at its place, or beside it where two would hide one another."""
    box = {"boxstyle": "round,pad=0.22", "facecolor": "white", "edgecolor": "black", "linewidth": 0.8}
    span = ax.viewLim.width
    moved = _apart(places / span, 0.05) * span
    for place, beside, number in zip(places, moved, numbers, strict=True):
        if np.linalg.norm(beside - place) > 0.004 * span:
            ax.plot(*zip(place, beside, strict=True), color="black", linewidth=0.8, zorder=3)
            ax.plot(*place, ".", color="black", markersize=4, zorder=3)
        ax.text(*beside, number, ha="center", va="center", fontsize=9.5, weight="bold", zorder=4, bbox=box)


def _apart(places, least):
    """Push points apart until none is nearer than `least` to another, each as little as may be.

    >>> _apart(np.array([[0.0, 0.0], [0.0, 0.0]]), 0.1).round(2).tolist()
    [[-0.05, 0.0], [0.05, 0.0]]
    """
    moved = np.array(places, dtype=float)
    for _ in range(200):
        distance = np.linalg.norm(moved[:, None] - moved[None], axis=2)
        near = np.argwhere(np.triu(distance < least * 0.999, 1))
        if not len(near):
            break
        for i, j in near:
            step = moved[j] - moved[i]
            size = np.linalg.norm(step)
            way = step / size if size > 1e-9 else np.array([1.0, 0.0])
            push = max(least - size, 0) / 2 * way
            moved[i], moved[j] = moved[i] - push, moved[j] + push
    return moved


def _caption(table):
    """Say what may be read from the map, and what is not on it."""
    parts = [
        "Near numbers: topics alike in their words, as far as a plane can show it. A post lies between the topics "
        "whose words it shares; in the middle it speaks for none."
    ]
    rest = table[table["what"].isin(["left out", "wordless"])].set_index("what")["posts"]
    for what, why in (("left out", "in hexagons of too few people"), ("wordless", "without a word that counts")):
        if what in rest:
            parts.append(f"Not drawn: {'some' if pd.isna(rest[what]) else f'{rest[what]:,}'} posts {why}.")
    return " ".join(parts)
