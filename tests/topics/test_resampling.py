"""Topics that are there come back; topics of nothing do not."""

import pytest

from analysis.topics import fit, stability
from analysis.topics.resampling import match


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")  # of random words nothing converges
def test_planted_topics_come_back_and_chance_ones_do_not(planted, scattered):
    texts = planted(4, 300, 4)["text"]
    topics = fit(texts, 4)
    assert match(topics, topics) == pytest.approx([1, 1, 1, 1])
    table = stability(topics, texts, fits=3)
    assert table["topic"].tolist() == topics.names
    assert (table["likeness"] > 0.9).all()
    assert (table["share"] == 1).all()
    chance = scattered(4, 300)
    assert stability(fit(chance, 8), chance, fits=3)["likeness"].mean() < 0.85


def test_a_draw_that_cannot_give_the_topics_brings_none_back():
    texts = ["ship sails", "ship anchors", "oven bakes", "oven cools", "rose blooms", "rose wilts"]
    topics = fit(texts, k=3)
    # Of six texts four are drawn, which hold two pairs at most: two words that stand in more than one.
    assert stability(topics, texts, fits=4)["back"].tolist() == [0, 0, 0]
    with pytest.raises(ValueError, match="1 distinct texts can't give 3 topics"):
        stability(topics, texts[:1])
