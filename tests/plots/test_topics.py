"""The figures of topics can be read, say what is hidden, and propose their own alternative text."""

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from analysis.plots.topic_map import plot_map
from analysis.plots.topics import plot_choice, plot_cross, plot_sizes, plot_stream, plot_words

RANDOM = np.random.default_rng(1)
WORDS = [
    (f"topic {i}", rank, f"{'long' * (rank == 2)}word{rank}", 0.9 / rank) for i in range(1, 7) for rank in (1, 2, 3)
]
WORDS = pd.DataFrame(WORDS, columns=["topic", "rank", "word", "weight"])
SIZES = pd.DataFrame({"topic": ["topic 1", "topic 2", "none"], "share": [0.4, np.nan, 0.3], "low": [0.35, np.nan, 0.2]})
SIZES = SIZES.assign(high=SIZES["low"] + 0.1, words=["boss, office, meeting, promotion", "", ""])
CROSS = pd.DataFrame([[40, 10, 0], [3, 70, 12]], index=["work", "nightlife"], columns=["topic 1", "topic 2", "none"])
CROSS = CROSS.rename_axis(index="planted topic", columns="topic found")
STANCES = pd.DataFrame({"stance": ["support"] * 2 + ["doubt"] * 2, "topic": ["topic 1", "none"] * 2})
STANCES = STANCES.assign(share=[0.3, 0.7, np.nan, np.nan])
NAMES = {f"topic {i}": "a name, rather long, of words and more words" for i in range(1, 21)}
KS = [2, 3, 4, 5, 6, 8, 10, 12, 15, 20]
EVIDENCE = pd.DataFrame({"k": KS, "stability": np.linspace(0.9, 0.5, 10), "stability_error": 0.02, "npmi": 0.1})
EVIDENCE = EVIDENCE.assign(c_v=0.5, held_out=np.linspace(0.2, 0.5, 10), held_out_error=0.03, redundancy=0.1)
PREFERRED = {"k": 10, "near": [8, 10, 12], "use": 10, "why": "it is best by stability, held-out fit and C_v together"}
NO_NUMBER = {"k": None, "near": KS, "use": 4, "why": "10 of 10 numbers are about equally good"}


def over_time(many, days):
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


def laid_out(many):
    """A table as ``topics.layout`` gives it; two topics at one place."""
    table = pd.DataFrame({"what": "topic", "topic": [f"topic {i}" for i in range(1, many + 1)], "x": 0.3, "y": 0.1})
    table.loc[2:, ["x", "y"]] = RANDOM.normal(size=(many - 2, 2)) / 4
    cells = pd.DataFrame(
        {"what": "hexagon", "topic": "topic 1", "x": [0.0, 0.1, 0.2], "y": 0.0, "posts": [12, 40, 900]}
    )
    table = pd.concat([table, cells, pd.DataFrame({"what": ["left out"]})], ignore_index=True)
    return table.assign(width=0.1, held=0.4).astype({"posts": "Int64"})


FIGURES = {
    "words": lambda: plot_words(WORDS),
    "sizes": lambda: plot_sizes(SIZES, title="Sizes").figure,
    "cross": lambda: plot_cross(CROSS, title="Where they fall").figure,
    "stances": lambda: plot_cross(STANCES).figure,
    "choice": lambda: plot_choice(EVIDENCE, PREFERRED, title="How many"),
    "choice-of-none": lambda: plot_choice(EVIDENCE, NO_NUMBER),
    "stream-of-two": lambda: plot_stream(over_time(2, 9), title="Day by day"),
    "stream-of-one-day": lambda: plot_stream(over_time(3, 1)),
    "stream-of-twenty": lambda: plot_stream(over_time(20, 9), names=NAMES),
    "map-of-two": lambda: plot_map(laid_out(2), title="Map").figure,
    "map-of-twenty": lambda: plot_map(laid_out(20), names=NAMES).figure,
}


def written(ax):
    """The texts of an Axes that are to be read; ticks beyond its ends are not."""
    low, high = sorted(ax.get_ylim())
    names = [text for text in ax.get_yticklabels() if low <= text.get_position()[1] <= high]
    texts = [*names, *ax.texts, ax.xaxis.label, ax.yaxis.label, ax._left_title]
    return [text for text in texts if text.get_text().strip()]


@pytest.mark.parametrize("draw", FIGURES.values(), ids=FIGURES)
def test_nothing_is_cut_off_and_words_and_table_are_kept(draw):
    before = dict(mpl.rcParams)
    figure = draw()
    figure.draw_without_rendering()
    assert dict(mpl.rcParams) == before
    for text in [text for ax in figure.axes if ax.get_visible() for text in written(ax)]:
        box, whole = text.get_window_extent(), figure.bbox
        inside = box.x0 >= -1 and box.y0 >= -1 and box.x1 <= whole.x1 + 1 and box.y1 <= whole.y1 + 1
        assert inside, text
    assert figure._supxlabel is not None or any(ax.get_xlabel() for ax in figure.axes)
    assert len(figure.alt_text) > 30
    assert "nan" not in figure.alt_text
    assert len(figure.source_table)


DRAW = [plot_words, plot_sizes, plot_cross, plot_stream, plot_map, lambda table: plot_choice(table, PREFERRED)]


@pytest.mark.parametrize("draw", DRAW)
def test_an_empty_table_is_refused(draw):
    with pytest.raises(ValueError, match="nothing to draw"):
        draw(WORDS.iloc[:0])


def test_a_hidden_group_is_said_to_be_hidden():
    assert [text.get_text() for text in plot_sizes(SIZES).texts] == ["fewer than ten, or hidden with them"]


def test_cells_say_their_share_of_the_row():
    cells = [text.get_text() for text in plot_cross(CROSS).texts]
    assert cells == ["80%", "20%", "0%", "4%", "82%", "14%"]
    assert plot_cross(CROSS.mask(CROSS == 0)).texts[2].get_text() == "4%"


def test_a_hidden_stance_is_blank_and_the_others_keep_their_true_shares():
    assert [text.get_text() for text in plot_cross(STANCES).texts] == ["30%", "70%"]


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


def test_none_does_not_flatten_the_topics_and_columns_stand_in_order():
    """Where most posts fit none, topics keep a scale of their own; and topic 10 comes after topic 9."""
    days = over_time(2, 9)
    none = days[days["topic"] == "topic 1"].assign(topic="none", share=0.7, low=0.6, high=0.8)
    panels = plot_stream(pd.concat([days, none])).axes
    assert panels[0].get_ylim() == panels[1].get_ylim() == plot_stream(days).axes[0].get_ylim()
    assert panels[2].get_ylim()[1] > 0.8
    assert panels[2].get_title(loc="left") == "none (its own scale)"
    shares = pd.DataFrame({"stance": "support", "topic": ["topic 10", "topic 9", "none", "topic 1"], "share": 0.25})
    ticks = [tick.get_text() for tick in plot_cross(shares).get_xticklabels()]
    assert ticks == ["1", "9", "10", "none"]
