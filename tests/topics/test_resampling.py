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
