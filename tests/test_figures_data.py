"""The figure of data sets: each where its size is, told apart without colour, and nothing drawn that has no size."""

import matplotlib as mpl
import pandas as pd
import pytest

from analysis.plots.axes import new_axes
from analysis.plots.data import plot_sets

SETS = pd.DataFrame(
    {
        "name": ["a small one", "a large one with a name that is rather long for a label", "one between", "another"],
        "size": [1200, 6_251_000_000, 75_526, 75_526],
        "kind": ["with texts", "with texts", "ids without texts", "counts only"],
        "holds": ["text, labels", "ids, text, replies, authors, counts", "ids", "counts"],
    }
)


def points(ax):
    """The drawn points: kind -> (size, label of the row) of each."""
    names = [label.get_text() for label in ax.get_yticklabels()]
    return {
        line.get_label(): [(size, names[int(at)]) for size, at in zip(*line.get_data(), strict=True)]
        for line in ax.lines
    }


def test_each_set_stands_at_its_size_beside_its_name():
    drawn = [point for found in points(plot_sets(SETS)).values() for point in found]
    assert sorted(drawn) == sorted(zip(SETS["size"], SETS["name"], strict=True))
    assert plot_sets(SETS).get_xscale() == "log"


def test_what_a_set_holds_is_written_in_its_row():
    ax = plot_sets(SETS)
    names = [label.get_text() for label in ax.get_yticklabels()]
    written = {names[int(text.xy[1])]: text.get_text() for text in ax.texts}
    assert written == dict(zip(SETS["name"], SETS["holds"], strict=True))


def test_the_largest_is_on_top_and_the_order_of_rows_changes_nothing():
    names = [[label.get_text() for label in plot_sets(t).get_yticklabels()] for t in (SETS, SETS.iloc[::-1])]
    assert names[0] == names[1]
    assert names[0] == [SETS["name"][i] for i in (0, 2, 3, 1)]
    assert points(plot_sets(SETS)) == points(plot_sets(SETS.iloc[::-1]))


def test_kinds_differ_without_colour_and_are_named():
    ax = plot_sets(SETS)
    assert len({line.get_marker() for line in ax.lines}) == len(ax.lines) == 3
    assert [text.get_text() for text in ax.get_legend().get_texts()] == sorted(set(SETS["kind"]))


def test_nothing_is_cut_off_and_nothing_is_left_behind():
    import matplotlib.pyplot as plt

    before = dict(mpl.rcParams)
    ax = plot_sets(SETS, title="Data sets")
    ax.figure.draw_without_rendering()
    whole, inside = ax.figure.bbox, ax.get_window_extent()
    for text in [*ax.texts, *ax.get_yticklabels(), ax.xaxis.label, ax.title]:
        box = text.get_window_extent()
        assert box.x0 >= -1
        assert box.x1 <= whole.x1 + 1
    assert all(text.get_window_extent().x0 >= inside.x0 - 1 for text in ax.texts)
    assert ax.get_xlabel()
    assert dict(mpl.rcParams) == before
    assert plt.get_fignums() == []


def test_it_draws_where_it_is_told_and_one_set_alone():
    ax = new_axes()
    assert plot_sets(SETS.iloc[:1], ax=ax) is ax
    assert len(points(ax)) == 1


@pytest.mark.parametrize(
    ("table", "says"),
    [
        (SETS.iloc[:0], "nothing to draw"),
        (SETS.assign(size=pd.array([1, 2, None, 3], dtype="Int64")), "a size above 0"),
        (SETS.assign(size=[1, 2, 0, 3]), "a size above 0"),
        (SETS.assign(name="the same"), "a name of its own"),
        (pd.concat([SETS.iloc[:1].assign(name=str(i), kind=str(i)) for i in range(9)]), "told apart"),
    ],
)
def test_what_cannot_be_drawn_is_refused(table, says):
    with pytest.raises(ValueError, match=says):
        plot_sets(table)
