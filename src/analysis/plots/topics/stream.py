"""Topics over time, a small panel each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.plots.axes import HATCHES, MARKERS, PALETTE, QUIET, dates, finish, refuse

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NONE = "none"


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
        _panel(panel, table[table["topic"] == topic])
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
    return figure


def _panel(panel, part):
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
