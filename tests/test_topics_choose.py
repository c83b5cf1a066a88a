"""Coherence is gensim's, numbers of topics are preferred only on evidence, and topics come back or do not."""

import numpy as np
import pandas as pd
import pytest

from analysis.topics import c_v, choose, fit, npmi, recommended, stability
from analysis.topics.prepare import Bag, bag
from analysis.topics.steady import matched

SUBJECTS = [
    "ship harbour sail anchor mast crew tide deck rope captain",
    "oven flour bread butter knife recipe dough salt spoon baker",
    "seed soil rose weed spade hedge bloom petal compost lawn",
    "violin cello flute drum horn piano chord tempo choir organ",
]


def planted(seed, texts, subjects=4):
    """Texts of six words, five of them of one subject."""
    random = np.random.default_rng(seed)
    rows = [SUBJECTS[i].split() for i in random.integers(subjects, size=texts)]
    other = [word for subject in SUBJECTS for word in subject.split()]
    return [" ".join([*random.choice(row, 5, replace=False), random.choice(other)]) for row in rows]


def scattered(seed, texts):
    """Texts of six words drawn at random."""
    every = [word for subject in SUBJECTS for word in subject.split()]
    return [" ".join(np.random.default_rng([seed, i]).choice(every, 6, replace=False)) for i in range(texts)]


@pytest.mark.parametrize("size", [6, 40])
def test_coherence_is_gensims(size):
    from gensim.corpora import Dictionary
    from gensim.models import CoherenceModel

    random = np.random.default_rng(size)
    every = sorted({word for subject in SUBJECTS for word in subject.split()})
    posts = [random.permutation(every)[: random.integers(1, size)].tolist() for _ in range(200)]
    tops = [random.permutation(every)[:7].tolist() for _ in range(5)]
    place = {word: i for i, word in enumerate(every)}
    starts = np.r_[0, np.cumsum([len(post) for post in posts])]
    found = Bag(tuple(every), starts, np.array([place[word] for post in posts for word in post], dtype=np.int32))
    for name, measure in (("c_npmi", npmi), ("c_v", c_v)):
        theirs = CoherenceModel(
            topics=tops, texts=posts, dictionary=Dictionary(posts), coherence=name, processes=1, topn=7
        ).get_coherence_per_topic()
        np.testing.assert_allclose(measure(tops, found), theirs, atol=1e-9)


def test_coherence_asks_for_words_that_are_there():
    found = Bag(("bread", "butter"), np.array([0, 2]), np.array([0, 1], dtype=np.int32))
    with pytest.raises(ValueError, match="'cheese' stands in none of the posts"):
        npmi([["bread", "cheese"]], found)
    assert np.isnan(npmi([["bread"]], found)).all()


def test_the_planted_number_is_preferred_and_none_where_nothing_is_planted():
    table = choose(planted(1, 400), ks=(2, 3, 4, 6, 8), fits=3)
    assert table["k"].tolist() == [2, 3, 4, 6, 8]
    assert recommended(table)["k"] == 4
    nothing = recommended(choose(scattered(1, 400), ks=(2, 3, 4, 6, 8), fits=3))
    assert nothing["k"] is None
    assert nothing["why"]
    assert nothing["use"] in (2, 3, 4, 6, 8)


def test_the_order_of_the_texts_does_not_move_the_evidence():
    texts = planted(2, 200)
    mixed = [texts[i] for i in np.random.default_rng(1).permutation(200)]
    pd.testing.assert_frame_equal(choose(texts, ks=(2, 4), fits=2), choose(mixed, ks=(2, 4), fits=2), check_exact=True)


@pytest.mark.parametrize(
    ("texts", "options", "message"),
    [
        (["ship sails"] * 5, {}, "1 distinct texts are too few"),
        ([], {}, "0 distinct texts are too few"),
        (planted(3, 100), {"fits": 1}, "fits is 1; 2 are needed"),
        (planted(3, 100), {"ks": ()}, "too few to compare"),
    ],
)
def test_what_cannot_be_compared_is_refused(texts, options, message):
    with pytest.raises(ValueError, match=message):
        choose(texts, **options)


def test_planted_topics_come_back_and_chance_ones_do_not():
    texts = planted(4, 400)
    found = fit(texts, 4)
    table = stability(found, texts, fits=6)
    assert table["topic"].tolist() == found.names
    assert (table["likeness"] > 0.9).all()
    assert (table["share"] == 1).all()
    chance = scattered(4, 400)
    assert stability(fit(chance, 8), chance, fits=6)["likeness"].mean() < 0.85


def test_a_fit_matches_itself():
    found = fit(planted(5, 200), 4)
    partner, likeness = matched(found, found)
    assert partner.tolist() == [0, 1, 2, 3]
    np.testing.assert_allclose(likeness, 1)


def test_a_draw_that_cannot_give_the_topics_brings_none_back():
    texts = ["ship sails", "ship anchors", "oven bakes", "oven cools", "rose blooms", "rose wilts"]
    found = fit(texts, k=3)
    # Of six texts four are drawn, which hold two pairs at most: two words that stand in more than one.
    assert stability(found, texts, fits=4)["back"].tolist() == [0, 0, 0]
    with pytest.raises(ValueError, match="1 distinct texts can't give 3 topics: give those of the fit"):
        stability(found, texts[:1])


def test_topics_without_words_have_no_coherence_each():
    counted = bag(["ship sails", "ship anchors"])
    for measure in (npmi, c_v):
        assert np.isnan(measure([[], []], counted)).tolist() == [True, True]
