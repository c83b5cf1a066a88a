"""The map tells what it holds, and hides the few."""

import numpy as np
import pandas as pd
import pytest

from analysis.topics import fit, layout


def test_the_map_tells_what_it_holds_and_hides_the_few(planted):
    posts = planted(1)
    texts, who = posts["text"], posts["author"]
    topics = fit(texts, k=3)
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


def test_what_makes_no_map_is_refused(planted):
    texts = planted(1)["text"]
    topics = fit(texts, k=3)
    with pytest.raises(ValueError, match="no map"):
        layout(fit(texts, k=1), texts)
    with pytest.raises(ValueError, match="across is 0"):
        layout(topics, texts, across=0)
