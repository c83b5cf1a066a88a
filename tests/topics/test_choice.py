"""Numbers of topics are preferred only on evidence."""

import numpy as np
import pandas as pd
import pytest

from analysis.topics import choose, recommended


def test_the_planted_number_is_preferred_and_none_where_nothing_is_planted(planted, scattered):
    assert recommended(choose(planted(1, 250, 4, mixed=1)["text"], ks=(2, 4, 6), fits=2))["k"] == 4
    nothing = recommended(choose(scattered(1, 250), ks=(2, 4, 6), fits=2))
    assert nothing["k"] is None
    assert nothing["use"] in (2, 4, 6)


def test_the_order_of_the_texts_does_not_move_the_evidence(planted):
    texts = planted(2, 150)["text"].tolist()
    mixed = [texts[i] for i in np.random.default_rng(1).permutation(150)]
    pd.testing.assert_frame_equal(choose(texts, ks=(2, 4), fits=2), choose(mixed, ks=(2, 4), fits=2), check_exact=True)


@pytest.mark.parametrize(
    ("texts", "options", "message"),
    [
        (["ship sails"] * 5, {}, "1 distinct texts are too few"),
        (["ship sails"], {"fits": 1}, "fits is 1; 2 are needed"),
        (["ship sails", "ship anchors"] * 30, {"ks": ()}, "too few to compare"),
    ],
)
def test_what_cannot_be_compared_is_refused(texts, options, message):
    with pytest.raises(ValueError, match=message):
        choose(texts, **options)
