"""The figures of estimates draw every row, and refuse what cannot be drawn."""

import pandas as pd
import pytest

from analysis.estimate import labels_needed
from analysis.plots.estimate import plot_design, plot_recovery


def recovery():
    rows = [
        (m, s, 0.01 * i, 0.03, 0.95, s == "other shares") for i, m in enumerate("ab") for s in ("other shares", "x")
    ]
    return pd.DataFrame(rows, columns=["method", "shift", "bias", "half_width", "covered", "stands"])


def test_recovery_is_drawn_in_points_and_filled_where_claimed():
    ax = plot_recovery(recovery())
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["a", "b"]
    filled = [line for line in ax.lines if line.get_markerfacecolor() not in ("white",) and len(line.get_xdata()) == 2]
    assert [list(line.get_xdata()) for line in filled if line.get_marker() == "o"] == [[0.0, 1.0]]
    assert "points" in ax.get_xlabel()


def test_design_is_drawn_for_both_ways():
    table = labels_needed([0.05, 0.02, 0.03], 0.2, sensitivity=0.8, false_positives=0.05)
    lines = plot_design(table).lines
    assert len(lines) == 2
    assert list(lines[0].get_xdata()) == [2, 3, 5]
    assert (lines[1].get_ydata() <= lines[0].get_ydata()).all()


def test_nothing_and_doubles_are_refused():
    for draw, table in (
        (plot_recovery, recovery()),
        (plot_design, labels_needed([0.05], 0.2, sensitivity=0.8, false_positives=0.1)),
    ):
        with pytest.raises(ValueError, match="no rows"):
            draw(table[:0])
    with pytest.raises(ValueError, match="twice"):
        plot_recovery(pd.concat([recovery(), recovery()]))
