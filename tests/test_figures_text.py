"""The figures of the text lessons can be read: nothing cut off, nothing left behind, intervals and gaps as they are."""

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from analysis.plots import sentiment, shift

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
FIGURES = {
    "shift": lambda: shift.plot_shift(SHIFT, ("the first day", "later weeks"), title="Words").figure,
    "shift-of-valence": lambda: shift.plot_shift(SHIFT.assign(valence=1.0), ("support", "doubt"), unit="points").figure,
    "compound": lambda: sentiment.plot_compound(COMPOUND, title="Scores").figure,
    "groups": lambda: sentiment.plot_groups(GROUPS, title="By stance").figure,
    "over-time": lambda: sentiment.plot_over_time(THIN, title="Day by day").figure,
    "one-day": lambda: sentiment.plot_over_time(DAYS.iloc[:1]).figure,
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
