"""The figure of an explanation."""

import pandas as pd
import pytest

from analysis.plots.explained import plot_explain
from analysis.sentiment import explain


@pytest.mark.parametrize("text", ["Not a GOOD day, but very HAPPY!", "the bus leaves at nine", "$x$ $y$ awful?? bad"])
def test_the_figure_tells_direction_by_sign_and_hatch_too(text):
    steps = explain(text)
    ax = plot_explain(steps)
    ax.figure.draw_without_rendering()
    bars = steps[~steps["rule"].isin(["sum", "compound", "rounding"])]
    assert len(ax.patches) == len(bars)
    assert sum(bool(patch.get_hatch()) for patch in ax.patches) == (bars["effect"] < 0).sum()
    written = [text.get_text() for text in ax.texts]
    assert sum(text.startswith("−") for text in written) >= (bars["effect"] < 0).sum()
    assert "compound" in ax.get_title(loc="left")
    for label in ax.get_yticklabels() + ax.texts:
        box = label.get_window_extent()
        assert box.x0 >= -1
        assert box.x1 <= ax.figure.bbox.x1 + 1


def test_an_empty_explanation_is_refused():
    with pytest.raises(ValueError, match="nothing to draw"):
        plot_explain(pd.DataFrame(columns=["rule"]))
