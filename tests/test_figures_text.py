"""The figures of the text lessons can be read: nothing cut off, nothing left behind, intervals and gaps as they are."""

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from analysis.plots import sentiment, shift, topics

RANDOM = np.random.default_rng(1)


def shares(first, **more):
    """A table as ``sentiment.by_group`` gives it."""
    n = len(next(iter(first.values())))
    table = {**first, "posts": np.arange(n) + 1200, "authors": np.arange(n) + 40, "enough": np.ones(n, dtype=bool)}
    for name, value in (
        ("mean", 0.1),
        ("difference", 0.0),
        ("negative", 0.3),
        ("neutral", 0.4),
        ("positive", 0.3),
        ("zero", 0.38),
    ):
        table |= {name: value, f"{name}_low": value - 0.1, f"{name}_high": value + 0.1}
    return pd.DataFrame(table).assign(**more)


EDGES = np.linspace(-1, 1, 11)
COMPOUND = pd.DataFrame(
    {
        "low": [*EDGES[:-1], 0.0],
        "high": [*EDGES[1:], 0.0],
        "posts": pd.array([*RANDOM.integers(10, 900, 9), pd.NA, 2345], dtype="Int64"),
    }
)
DAYS = shares({"start": pd.date_range("2017-10-15", periods=20, tz="UTC")})
THIN = DAYS.assign(enough=DAYS.index < 12, authors=np.r_[np.full(12, 900), np.full(7, 12), 0])
GROUPS = shares({"stance": ["support_men", "detail", "a group with quite a long name"]})
WORDS = pd.DataFrame(
    [
        (f"topic {i}", rank, f"{'long' * (rank == 2)}word{rank}", 0.9 / rank)
        for i in range(1, 7)
        for rank in range(1, 9)
    ],
    columns=["topic", "rank", "word", "weight"],
)
SIZES = pd.DataFrame(
    {
        "topic": ["topic 1", "topic 2", "none"],
        "share": [0.4, np.nan, 0.3],
        "low": [0.35, np.nan, 0.2],
        "high": [0.45, np.nan, 0.4],
        "words": ["boss, office, meeting, promotion", "", ""],
    }
)
CROSS = pd.DataFrame(
    [[40, 10, 0], [3, 70, 12]],
    index=pd.Index(["work", "nightlife"], name="planted topic"),
    columns=pd.Index(["topic 1", "topic 2", "none"], name="topic found"),
)
SHIFT = pd.DataFrame(
    {
        "word": [f"{'long' * (i == 3)}word{i}" for i in range(30)],
        "share_1": 0.01,
        "share_2": [0.02, 0.005] * 15,
        "shift": np.tile([0.03, -0.02, -0.01], 10),
        "low": np.tile([0.01, -0.03, -0.02], 10),
        "high": np.tile([0.05, -0.01, 0.01], 10),
    }
)
STANCES = pd.DataFrame(
    {"stance": ["support"] * 2 + ["doubt"] * 2, "topic": ["topic 1", "none"] * 2, "share": [0.3, 0.7, np.nan, np.nan]}
)


def course(many, days):
    """A table as ``topics.over_time`` gives it, with a hidden and an empty stretch where there are more than four."""
    table = pd.DataFrame({"start": pd.date_range("2017-10-15", periods=days, tz="UTC").repeat(many)})
    table["topic"] = [f"topic {i}" for i in range(1, many + 1)] * days
    table["posts"] = pd.array([20] * len(table), dtype="Int64")
    table = table.assign(share=0.3, low=0.2, high=0.4)
    if days > 4:
        table.loc[many : 3 * many - 1, ["share", "low", "high"]] = np.nan
        table.loc[many : 2 * many - 1, "posts"] = pd.NA
        table.loc[2 * many : 3 * many - 1, "posts"] = 0
    return table


def atlas(many):
    """A table as ``topics.layout`` gives it; two topics at one place."""
    table = pd.DataFrame({"what": "topic", "topic": [f"topic {i}" for i in range(1, many + 1)], "x": 0.3, "y": 0.1})
    table.loc[2:, ["x", "y"]] = RANDOM.normal(size=(many - 2, 2)) / 4
    cells = pd.DataFrame(
        {"what": "hexagon", "topic": "topic 1", "x": [0.0, 0.1, 0.2], "y": 0.0, "posts": [12, 40, 900]}
    )
    table = pd.concat([table, cells, pd.DataFrame({"what": ["left out"]})], ignore_index=True)
    return table.assign(width=0.1, held=0.4).astype({"posts": "Int64"})


NAMES = {f"topic {i}": "a name, rather long, of words and more words" for i in range(1, 21)}
KS = [2, 3, 4, 5, 6, 8, 10, 12, 15, 20]
EVIDENCE = pd.DataFrame({"k": KS, "stability": np.linspace(0.9, 0.5, 10), "stability_error": 0.02, "npmi": 0.1})
EVIDENCE = EVIDENCE.assign(c_v=0.5, held_out=np.linspace(0.2, 0.5, 10), held_out_error=0.03, redundancy=0.1)
PREFERRED = {"k": 10, "near": [8, 10, 12], "use": 10, "why": "it is best by stability, held-out fit and C_v together"}
NO_NUMBER = {"k": None, "near": KS, "use": 4, "why": "10 of 10 numbers are about equally good"}
FIGURES = {
    "choice": lambda: topics.plot_choice(EVIDENCE, PREFERRED, title="How many"),
    "choice-of-none": lambda: topics.plot_choice(EVIDENCE, NO_NUMBER),
    "stream-of-two": lambda: topics.plot_stream(course(2, 9), title="Day by day"),
    "stream-of-one-day": lambda: topics.plot_stream(course(3, 1)),
    "stream-of-twenty": lambda: topics.plot_stream(course(20, 9), names=NAMES),
    "map-of-two": lambda: topics.plot_map(atlas(2), title="Map").figure,
    "map-of-twenty": lambda: topics.plot_map(atlas(20), names=NAMES).figure,
    "stances": lambda: topics.plot_cross(STANCES).figure,
    "shift": lambda: shift.plot_shift(SHIFT, ("the first day", "later weeks"), title="Words").figure,
    "shift-of-valence": lambda: shift.plot_shift(SHIFT.assign(valence=1.0), ("support", "doubt"), unit="points").figure,
    "compound": lambda: sentiment.plot_compound(COMPOUND, title="Scores").figure,
    "groups": lambda: sentiment.plot_groups(GROUPS, title="By stance").figure,
    "over-time": lambda: sentiment.plot_over_time(THIN, title="Day by day").figure,
    "one-day": lambda: sentiment.plot_over_time(DAYS.iloc[:1]).figure,
    "words": lambda: topics.plot_words(WORDS),
    "sizes": lambda: topics.plot_sizes(SIZES, title="Sizes").figure,
    "cross": lambda: topics.plot_cross(CROSS, title="Where they fall").figure,
}


def written(ax):
    """The texts of an Axes that are to be read; ticks beyond its ends are not."""
    low, high = sorted(ax.get_ylim())
    names = [text for text in ax.get_yticklabels() if low <= text.get_position()[1] <= high]
    return [
        text for text in [*names, *ax.texts, ax.xaxis.label, ax.yaxis.label, ax._left_title] if text.get_text().strip()
    ]


@pytest.mark.parametrize("draw", FIGURES.values(), ids=FIGURES)
def test_nothing_is_cut_off_and_nothing_left_behind(draw):
    import matplotlib.pyplot as plt

    before = dict(mpl.rcParams)
    figure = draw()
    figure.draw_without_rendering()
    assert dict(mpl.rcParams) == before
    assert plt.get_fignums() == []
    for text in [text for ax in figure.axes if ax.get_visible() for text in written(ax)]:
        box, whole = text.get_window_extent(), figure.bbox
        inside = box.x0 >= -1 and box.y0 >= -1 and box.x1 <= whole.x1 + 1 and box.y1 <= whole.y1 + 1
        assert inside, text


@pytest.mark.parametrize("draw", FIGURES.values(), ids=FIGURES)
def test_axes_are_named(draw):
    figure = draw()
    named = figure._supxlabel is not None or any(ax.get_xlabel() for ax in figure.axes)
    assert named


@pytest.mark.parametrize(
    "draw",
    [
        lambda t: sentiment.plot_compound(t),
        lambda t: sentiment.plot_groups(t),
        lambda t: sentiment.plot_over_time(t),
        lambda t: topics.plot_words(t),
        lambda t: topics.plot_sizes(t),
        lambda t: topics.plot_cross(t),
        lambda t: topics.plot_choice(t, PREFERRED),
        lambda t: topics.plot_stream(t),
        lambda t: topics.plot_map(t),
        lambda t: shift.plot_shift(t, ("a", "b")),
    ],
)
def test_an_empty_table_is_refused(draw):
    with pytest.raises(ValueError, match="nothing to draw"):
        draw(DAYS.iloc[:0])


def test_thin_stretches_are_blank_above_and_hatched_below():
    above, below = FIGURES["over-time"]().axes
    drawn = next(line for line in above.lines if line.get_label() == "negative").get_ydata()
    assert np.isnan(drawn).tolist() == (~THIN["enough"]).tolist()
    assert sum(patch.get_hatch() == "///" for patch in below.patches) == 8


def test_a_group_whose_size_is_hidden_is_said_to_be_few():
    hidden = GROUPS.assign(posts=pd.array([1200, None, 9000], dtype="Int64"))
    names = [tick.get_text() for tick in sentiment.plot_groups(hidden).get_yticklabels()]
    assert {name.split("  ")[1] for name in names} == {"(n=1,200)", "(few)", "(n=9,000)"}


def test_markers_are_filled_where_the_two_shares_differ():
    differ = THIN.assign(difference_low=np.where(THIN.index.isin([2, 5, 15]), 0.1, -0.1))
    ax = sentiment.plot_over_time(differ)
    filled = [line.get_xdata() for line in ax.lines if line.get_linestyle() == "None"]
    hollow = [line for line in ax.lines if line.get_label() in ("negative", "positive")]
    assert [len(days) for days in filled] == [2, 2]  # the third is a thin day
    assert {line.get_markerfacecolor() for line in hollow} == {"white"}
    assert "differ" in ax.get_legend().get_texts()[2].get_text()


def test_days_that_are_all_too_thin_say_so():
    ax = sentiment.plot_over_time(DAYS.assign(enough=False))
    assert "too few" in ax.texts[0].get_text()


def test_series_differ_by_marker_and_line_too():
    lines = [line for line in FIGURES["over-time"]().axes[0].lines if not line.get_label().startswith("_")]
    assert (
        len({line.get_marker() for line in lines}) == len({line.get_linestyle() for line in lines}) == len(lines) == 2
    )
    markers = [line.get_marker() for line in FIGURES["groups"]().axes[0].lines if not line.get_label().startswith("_")]
    assert len(set(markers)) == 3


def test_the_count_at_exactly_zero_is_written():
    assert "2,345" in sentiment.plot_compound(COMPOUND).texts[0].get_text()


def test_a_hidden_group_is_said_to_be_hidden():
    assert [text.get_text() for text in topics.plot_sizes(SIZES).texts] == ["fewer than ten, or hidden with them"]


def test_cells_say_their_share_of_the_row():
    cells = [text.get_text() for text in topics.plot_cross(CROSS).texts]
    assert cells == ["80%", "20%", "0%", "4%", "82%", "14%"]
    assert topics.plot_cross(CROSS.mask(CROSS == 0)).texts[2].get_text() == "4%"


def test_a_hidden_stance_is_blank_and_the_others_keep_their_true_shares():
    assert [text.get_text() for text in topics.plot_cross(STANCES).texts] == ["30%", "70%"]


def test_the_figure_says_whether_a_number_of_topics_is_preferred():
    said = [
        " ".join(text.get_text() for text in FIGURES[name]().axes[-1].texts) for name in ("choice", "choice-of-none")
    ]
    assert "10 topics are recommended" in said[0]
    assert "No number is preferred" in said[1]
    assert FIGURES["choice-of-none"]().axes[0].lines[-1].get_marker() != "s"


def test_a_course_breaks_at_gaps_and_hatches_the_hidden():
    panel = FIGURES["stream-of-two"]().axes[0]
    assert np.isnan(panel.lines[0].get_ydata()).tolist() == [False, True, True] + [False] * 6
    assert [patch.get_hatch() for patch in panel.patches] == ["///"]


def test_numbers_on_the_map_do_not_hide_each_other_and_it_says_what_it_holds():
    figure = FIGURES["map-of-two"]()
    one, two = (text.get_position() for text in figure.axes[0].texts)
    assert np.hypot(one[0] - two[0], one[1] - two[1]) > 0.01
    assert "40% of their variance" in figure._supxlabel.get_text().replace("\n", " ")
    assert "some posts" in figure._supxlabel.get_text().replace("\n", " ")


def test_words_stand_from_the_heaviest_down():
    panel = FIGURES["words"]().axes[0]
    assert panel.get_yticklabels()[0].get_text() == "word1"
    assert panel.yaxis_inverted()


def test_the_shift_graph_tells_side_size_and_doubt_without_colour():
    ax = shift.plot_shift(SHIFT.head(3), ("early", "late"))
    bars = [bar for container in ax.containers for bar in container]
    seen = {round(bar.get_y() + bar.get_height() / 2): bar for bar in bars}
    first, second, third = seen[2], seen[1], seen[0]
    assert [bar.get_width() for bar in (first, second, third)] == [0.03, -0.02, -0.01]
    assert (first.get_hatch(), second.get_hatch()) == ("", "///")
    assert third.get_facecolor() == (1, 1, 1, 1)
    assert {text.get_text() for text in ax.texts} == {"◀ more in: early", "more in: late ▶"}
    named = shift.plot_shift(SHIFT.head(3).assign(valence=1), ("early", "late"))
    assert [label.get_text().split()[-1] for label in named.get_yticklabels()] == ["+↑", "+↓", "−↑"]


def test_none_does_not_flatten_the_topics_and_columns_stand_in_order():
    """Where most posts fit none, topics keep a scale of their own; and topic 10 comes after topic 9."""
    days = course(2, 9)
    none = days[days["topic"] == "topic 1"].assign(topic="none", share=0.7, low=0.6, high=0.8)
    panels = topics.plot_stream(pd.concat([days, none])).axes
    assert panels[0].get_ylim() == panels[1].get_ylim() == topics.plot_stream(days).axes[0].get_ylim()
    assert panels[2].get_ylim()[1] > 0.8
    assert panels[2].get_title(loc="left") == "none (its own scale)"
    shares = pd.DataFrame({"stance": "support", "topic": ["topic 10", "topic 9", "none", "topic 1"], "share": 0.25})
    ticks = [tick.get_text() for tick in topics.plot_cross(shares).get_xticklabels()]
    assert ticks == ["1", "9", "10", "none"]
