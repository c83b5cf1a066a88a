"""The evidence for a number of topics, as small panels beside what follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import fill
from typing import TYPE_CHECKING

import pandas as pd

from analysis.plots.axes import LINE_STYLES, MARKERS, PALETTE, QUIET, finish, refuse

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Each kind of evidence: its column, the panel's title, and what is better.
_PANELS = (
    ("stability", "stability over resamples", "higher is better"),
    ("held_out", "held-out fit (nats a word)", "higher is better"),
    ("c_v", "coherence C_v", "higher is better"),
    ("npmi", "coherence NPMI", "higher is better"),
    ("redundancy", "redundancy of top words", "lower is better"),
)


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
        _panel(panel, table, advice, name)
        finish(panel, title=label, x="number of topics")
        panel.set_title(label, loc="left", fontsize=10, pad=16)
        panel.annotate(better, (0, 1), xycoords="axes fraction", xytext=(0, 3), textcoords="offset points", fontsize=8,
                       color=QUIET)  # fmt: skip
    _words(panels[-1], table, advice)
    if title is not None:
        figure.suptitle(title, x=0.01, ha="left", fontsize=11)
    return figure


def _panel(panel, table, advice, name):
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


def _words(panel, table, advice):
    """Say in the last panel what follows."""
    from matplotlib.lines import Line2D

    panel.set_axis_off()
    if advice["k"] is None:
        head = "No number is preferred"
        rest = f"{_sentence(advice['why'])} To go on with: {advice['use']}, as good as others."
    else:
        head = f"{advice['k']} topics are recommended"
        others = [str(k) for k in advice["near"] if k != advice["k"]]
        rest = _sentence(advice["why"]) + (f" Hardly worse: {', '.join(others)}." if others else "")
    panel.text(0, 1.08, head, transform=panel.transAxes, fontsize=10.5, weight="bold", va="top")
    panel.text(0, 0.9, fill(rest, 38), transform=panel.transAxes, fontsize=9, va="top")
    handles = [Line2D([], [], linestyle="none", marker=MARKERS[0], color=PALETTE[0], label="best, or hardly worse")]
    if advice["k"] is not None:
        handles.insert(0, Line2D([], [], color=PALETTE[6], marker=MARKERS[1], markersize=8, label="recommended"))
    if f"{_PANELS[0][0]}_error" in table:
        handles.append(Line2D([], [], color=PALETTE[0], linewidth=1.4, label="bars: two standard errors"))
    panel.legend(handles=handles, loc="lower left", bbox_to_anchor=(-0.03, -0.12), frameon=False, fontsize=8.5)


def _sentence(words):
    return f"{words[:1].upper()}{words[1:]}."
