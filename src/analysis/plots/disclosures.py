"""The figures of the disclosures lesson: how good the answers are, and how many posts and people there are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.plots import axes as base
from analysis.plots.axes import LINE_STYLES, MARKERS, PALETTE, QUIET

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_rates(table: pd.DataFrame, *, ax: Axes | None = None, title: str | None = None) -> Axes:
    """Draw a measure of several methods under several splits as dots with intervals.

    Parameters
    ----------
    table : DataFrame
        ``row`` (the split, in the order from the top), ``method`` (one marker each), ``value``, ``low``, ``high`` (0 to
        1); ``measure``, such as "recall" ("f1" without it), one throughout.
    ax : Axes, optional
    title : str, optional
        By default, the lowest and the highest value.

    Raises
    ------
    ValueError
        Where the table holds several measures, which no one axis can name.
    """
    measures = list(dict.fromkeys(table["measure"])) if "measure" in table else ["f1"]
    if len(measures) > 1:
        raise ValueError(f"the table holds {', '.join(measures)}: draw one measure at a time")
    rows, methods = list(dict.fromkeys(table["row"])), list(dict.fromkeys(table["method"]))
    ax = base.open_axes(ax, table, 8, 1.6 + 0.5 * len(rows))
    places = pd.Series(base.name_rows(ax, rows), index=rows)
    offsets = np.linspace(0.18, -0.18, len(methods)) if len(methods) > 1 else [0.0]
    for i, (method, offset) in enumerate(zip(methods, offsets, strict=True)):
        own = table[table["method"] == method]
        look = {"color": PALETTE[i], "marker": MARKERS[i], "label": method}
        base.dots(ax, places[own["row"]].to_numpy() + offset, own["value"], own["low"], own["high"], **look)
    ax.set_xlim(right=1.0)
    name = {"f1": "F1", "average_precision": "average precision", "brier": "Brier score"}.get(measures[0], measures[0])
    spans = base.intervals(table["method"] + ", " + table["row"] + ":", table, "value", "{:.2f}".format)
    result = f"{name} between {table['value'].min():.2f} and {table['value'].max():.2f}"
    base.finish(
        ax, title=title, result=result, x=f"{name}, with 95% interval (1 is the best)", grid="x",
        alt=f"{name} by method and split of the data: {base.listing(spans)}.", table=table,
    )  # fmt: skip
    base.legend_above(ax, 4)
    return ax


def plot_calibration(table: pd.DataFrame, *, ax: Axes | None = None, title: str | None = None) -> Axes:
    """Draw a calibration curve: predicted probability against observed share, and how many posts stand behind a point.

    Parameters
    ----------
    table : DataFrame
        ``said`` (predicted), ``so`` (observed), ``low``, ``high`` (0 to 1) and ``posts``, as
        :func:`analysis.disclosure.calibration` gives them.
    ax : Axes, optional
    title : str, optional
        By default, how far the two are apart, averaged over the posts.
    """
    ax = base.open_axes(ax, table, 5.6, 5.4)
    predicted, observed, posts = (base.floats(table[name]) for name in ("said", "so", "posts"))
    ax.plot([0, 1], [0, 1], color=QUIET, linestyle=LINE_STYLES[1], linewidth=1)
    base.note(ax, "dashed: predicted = observed", 0.02, 0.98, ha="left", va="top")
    ax.vlines(predicted, table["low"], table["high"], color=PALETTE[0], linewidth=1.6)
    size = 20 + 200 * np.sqrt(posts / posts.max())
    ax.scatter(predicted, observed, s=size, color=PALETTE[4], edgecolor="black", linewidth=0.8, zorder=3)
    for x, y, number in zip(predicted, observed, posts, strict=True):
        base.note_beside(ax, f"{number:,.0f}", x, y, -9 if x > 0.5 else 9, fontsize=8)
    ax.set(xlim=(-0.03, 1.03), ylim=(-0.03, 1.09))
    base.percent_axis(ax.xaxis)
    base.percent_axis(ax.yaxis)
    error = (posts * np.abs(predicted - observed)).sum() / posts.sum()
    result = f"Predicted and observed differ by {100 * error:.1f} points on average"
    points = [
        f"predicted {base.percent(x)}, observed {base.percent(y)}" for x, y in zip(predicted, observed, strict=True)
    ]
    return base.finish(
        ax, title=title, result=result, x="predicted probability (numbers: posts)", y="observed share",
        alt=f"A calibration curve. {result}: {base.listing(points)}.", table=table,
    )  # fmt: skip


def plot_confusion(table: pd.DataFrame, *, ax: Axes | None = None, title: str | None = None) -> Axes:
    """Draw a confusion matrix, each row in per cent of its posts.

    Parameters
    ----------
    table : DataFrame
        Counts of posts: a row a true kind, a column a predicted one; the names of its index and columns become axis
        labels. Each cell says in per cent how much of its row has that answer, and is the darker the more.
    ax : Axes, optional
    title : str, optional
        By default, which kinds are answered right most and least often, where the columns have their names.
    """
    ax = base.open_axes(ax, table, max(2.6 + 0.66 * table.shape[1], 6.5), 2.2 + 0.36 * table.shape[0])
    counts = table.astype("float64")
    shares = counts.div(counts.sum(axis=1).where(lambda total: total > 0), axis=0)
    base.draw_shares(ax, shares)
    columns = [str(name).replace("_", " ") for name in table.columns]
    ax.set_xticks(range(len(columns)), columns, **({"rotation": 40, "ha": "right"} if len(columns) > 5 else {}))
    right = pd.Series({name: shares.loc[name, name] for name in shares.index.intersection(shares.columns)}, dtype=float)
    result, right = "Answers by true kind", right.dropna().sort_values()
    if len(right):
        best, worst = (f"{str(name).replace('_', ' ')} {base.percent(right[name])}" for name in right.index[[-1, 0]])
        result = f"Answered right most often: {best}; least: {worst}"
    top = [f"{name}: {row.idxmax()} {base.percent(row.max())}" for name, row in shares.dropna().iterrows()]
    return base.finish(
        ax, title=title, result=result, x=str(table.columns.name or "answer"), grid=None, table=table,
        y=str(table.index.name or "truth"),
        alt="A table of answers by true kind, in per cent of each row; the most frequent answer of each: "
        f"{base.listing(top)}.",
    )  # fmt: skip


def plot_learning(
    table: pd.DataFrame, *, lines: Mapping[str, float] | None = None, ax: Axes | None = None, title: str | None = None
) -> Axes:
    """Draw a learning curve: how good a model gets with more labelled posts.

    Parameters
    ----------
    table : DataFrame
        ``labels``, ``f1``, ``low``, ``high``, as :func:`analysis.disclosure.learning_curve` gives them.
    lines : mapping of str to float, optional
        What else reached which F1, drawn as level lines: the rules, an annotator.
    ax : Axes, optional
    title : str, optional
        By default, F1 with the fewest and with the most labels.
    """
    ax = base.open_axes(ax, table, 7.5, 4)
    ax.fill_between(table["labels"], table["low"], table["high"], color=PALETTE[4], alpha=0.35, linewidth=0)
    ax.plot(table["labels"], table["f1"], MARKERS[0], linestyle="-", color=PALETTE[0])
    ax.set_xscale("log")
    ax.set_xticks(table["labels"], [f"{labels:,}" for labels in table["labels"]])
    ax.set_xticks([], minor=True)
    for i, (name, value) in enumerate((lines or {}).items(), start=1):
        ax.axhline(value, color=QUIET, linestyle=LINE_STYLES[i], linewidth=1.2)
        where = {"xycoords": ax.get_yaxis_transform(), "xytext": (-2, 3), "ha": "right", "va": "bottom"}
        base.note(ax, name, 1, value, **where)
    ax.set_ylim(top=1.0)
    values = [f"{row.f1:.2f} with {row.labels:,} labelled posts" for row in table.itertuples()]
    level = "".join(f"; {name} {value:.2f}" for name, value in (lines or {}).items())
    return base.finish(
        ax, title=title, result=f"F1 {', '.join(values[:: max(len(values) - 1, 1)])}", table=table,
        x="labelled posts to learn from (logarithmic)", y="F1; band: the folds",
        alt=f"F1 by the number of labelled posts: {base.listing(values)}{level}.",
    )  # fmt: skip


def plot_definitions(table: pd.DataFrame, *, ax: Axes | None = None, title: str | None = None) -> Axes:
    """Draw the share under each definition as a dot with its interval, and what was published beside it.

    Parameters
    ----------
    table : DataFrame
        As :func:`analysis.disclosure.definitions` gives it: ``definition``, ``share``, ``low``, ``high``,
        ``published``, ``published_low``, ``published_high`` (0 to 1; missing where hidden or not published).
    ax : Axes, optional
    title : str, optional
        By default, the smallest and the largest share.
    """
    ax = base.open_axes(ax, table, 8.5, 1.6 + 0.42 * len(table))
    places = base.name_rows(ax, table["definition"])
    ours = {"color": PALETTE[0], "label": "these posts"}
    base.dots(ax, places + 0.12, table["share"], table["low"], table["high"], **ours)
    theirs, ends = {"color": PALETTE[6], "marker": MARKERS[3]}, (table["published_low"], table["published_high"])
    base.dots(ax, places - 0.16, table["published"], *ends, filled=np.zeros(len(table), bool), **theirs)
    hollow = {"mfc": "white", "mec": PALETTE[6], "linestyle": "none", "label": "published, of other posts"}
    ax.plot([], [], MARKERS[3], **hollow)
    base.note_rows(ax, places[table["share"].isna()], "fewer than ten people")
    highest = np.nanmax(np.r_[table[["high", "share", "published"]].to_numpy(float).ravel(), 0.05])
    ax.set_xlim(0, min(1.0, 1.12 * highest))
    base.percent_axis(ax.xaxis)
    shares = [f"{row.definition} {base.percent(row.share)}" for row in table.itertuples() if pd.notna(row.share)]
    result = (
        f"{base.percent(table['share'].min())} to {base.percent(table['share'].max())}, depending on the definition"
    )
    result = result if shares else "All shares are hidden"
    base.finish(
        ax, title=title, result=result, x="share called a disclosure, with 95% interval", grid="x",
        alt=f"Share of disclosures by definition: {base.listing(shares)}.", table=table,
    )  # fmt: skip
    base.legend_above(ax)
    return ax


def plot_estimates(
    table: pd.DataFrame, *, truth: float | None = None, ax: Axes | None = None, title: str | None = None
) -> Axes:
    """Draw the share that each estimator gives, with its interval.

    Parameters
    ----------
    table : DataFrame
        ``method`` (in the order from the top), ``share``, ``low``, ``high`` (0 to 1; an estimate without an interval
        is hollow).
    truth : float, optional
        What was planted, as a line.
    ax : Axes, optional
    title : str, optional
        By default, the smallest and the largest estimate.
    """
    ax = base.open_axes(ax, table, 8, 1.5 + 0.4 * len(table))
    places = base.name_rows(ax, table["method"])
    planted = "" if truth is None else f"planted: {truth:.1%}"
    if truth is not None:
        ax.axvline(truth, color=PALETTE[6], linewidth=1.4, linestyle=LINE_STYLES[1], label=planted)
    base.dots(ax, places, table["share"], table["low"], table["high"], color=PALETTE[0], filled=table["low"].notna())
    base.percent_axis(ax.xaxis)
    spans = base.intervals(table["method"], table, write="{:.1%}".format)
    spans += [f"planted {truth:.1%}"] if truth is not None else []
    result = f"From {table['share'].min():.1%} to {table['share'].max():.1%}, depending on the method"
    base.finish(
        ax, title=title, result=result, x="share of posts, with 95% interval (hollow: no interval)",
        grid="x", table=table, alt=f"Share of disclosures by method: {base.listing(spans)}.",
    )  # fmt: skip
    if truth is not None:
        base.legend_above(ax)
    return ax


def plot_people(table: pd.DataFrame, *, ax: Axes | None = None, title: str | None = None) -> Axes:
    """Draw how many people have disclosed by when: corrected, with its band, beside the raw count.

    Parameters
    ----------
    table : DataFrame
        ``end`` (datetime, UTC), ``authors``, ``raw``, ``people``, ``low``, ``high``, as
        :func:`analysis.disclosure.people_by_day` gives them. Missing where hidden.
    ax : Axes, optional
    title : str, optional
        By default, the corrected number at the end.
    """
    ax = base.open_axes(ax, table, 8, 4.2)
    ax.plot(table["end"], table["authors"], color=QUIET, linestyle=LINE_STYLES[3], label="people who posted at all")
    known = table[table[["raw", "people"]].notna().any(axis=1)]  # a line runs on over steps that are hidden
    result = "Too few people to show"
    if len(known):
        band = {"color": PALETTE[4], "alpha": 0.45, "linewidth": 0, "label": "corrected, 95% interval"}
        ax.fill_between(known["end"], base.floats(known["low"]), base.floats(known["high"]), **band)
        look = {"color": PALETTE[0], "linewidth": 1.8, "label": "corrected for the model's errors"}
        ax.plot(known["end"], known["people"], **look)
        look = {"color": PALETTE[5], "linestyle": LINE_STYLES[1], "label": "at least one post called so"}
        ax.plot(known["end"], known["raw"], **look)
        last = known.iloc[-1]
        number = base.with_interval(last["people"], last["low"], last["high"], "{:,.0f}".format)
        result = f"{number} people have disclosed by {base.moment(last['end'])}"
    else:
        base.note(ax, "too few people to show")
    ax.set_ylim(0, 1.3 * table["authors"].max() + 1)
    base.dates(ax)
    base.number_axis(ax.yaxis)
    ax.legend(frameon=False, fontsize=8.5, loc="upper left", ncols=2)
    posted = f"of {table['authors'].iloc[-1]:,} who posted at all"
    return base.finish(
        ax, title=title, result=result, x="until (UTC)", y="people",
        alt=f"People who have disclosed, by the end of each day. {result}, {posted}.", table=table,
    )  # fmt: skip


def plot_design(table: pd.DataFrame, *, ax: Axes | None = None, title: str | None = None) -> Axes:
    """Draw how many posts to label by hand for an interval of a wished width.

    Parameters
    ----------
    table : DataFrame
        ``half_width`` (from 0 to 1), ``labels_alone`` and ``with_predictions`` (posts), as
        :func:`analysis.estimate.labels_needed` gives them.
    ax : Axes, optional
    title : str, optional
        By default, the two numbers for the width next to 3 points.
    """
    from matplotlib.ticker import StrMethodFormatter

    ax, rows = base.open_axes(ax, table), table.sort_values("half_width")
    for i, name in enumerate(("labels_alone", "with_predictions")):
        look = {"color": PALETTE[(5, 0)[i]], "linestyle": LINE_STYLES[i], "marker": MARKERS[i], "markersize": 5}
        ax.plot(100 * rows["half_width"], rows[name], label=("labels alone", "labels and predictions")[i], **look)
    ax.set_yscale("log")
    base.number_axis(ax.yaxis)
    ax.xaxis.set_major_formatter(StrMethodFormatter("±{x:g}"))
    ax.legend(frameon=False, fontsize=9)
    needs = [
        f"±{100 * row.half_width:g} points: {row.labels_alone:,.0f} labels, {row.with_predictions:,.0f} with a model"
        for row in rows.itertuples()
    ]
    return base.finish(
        ax, title=title, result=needs[int((rows["half_width"] - 0.03).abs().argmin())], table=table,
        x="95% interval (points either way)", y="posts to label by hand",
        alt=f"Posts to label by hand, by the width of the 95% interval: {base.listing(needs)}.",
    )  # fmt: skip
