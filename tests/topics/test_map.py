"""The map tells what it holds, and hides the few."""

import numpy as np
import pandas as pd
import pytest

from analysis.topics import layout


def test_the_map_tells_what_it_holds_and_hides_the_few(posts, topics):
    texts, who = posts["text"], posts["author"]
    table = layout(topics, texts, who, k=0)
    assert table["posts"][table["what"] == "hexagon"].sum() == 240
    assert table["held"].unique() == pytest.approx([1.0])  # three topics lie on a plane
    order = np.random.default_rng(3).permutation(240)
    pd.testing.assert_frame_equal(table, layout(topics, texts.iloc[order], who.iloc[order], k=0), check_exact=True)
    hidden = layout(topics, texts, who, across=4)
    shown = hidden["posts"][hidden["what"] == "hexagon"]
    assert shown.min() >= 10
    assert shown.sum() + hidden["posts"][hidden["what"] == "left out"].sum() == 240
    assert (layout(topics, texts)["what"] != "hexagon").all()  # who can't be told apart is not taken for many
