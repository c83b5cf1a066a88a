"""Each estimate equals what is computed by hand, finds what was planted, and says what it cannot do."""

import numpy as np
import pandas as pd
import pytest

from analysis import estimate
from analysis.estimate.corrections import by_stratum, em, rogan_gladen, saerens
from analysis.estimate.prediction_powered import prediction_powered, prediction_powered_by_stratum
from analysis.intervals import wilson_interval
from analysis.schema import InputError


def known(tp=90, fn=10, fp=20, tn=180):
    return pd.DataFrame(
        {"score": np.repeat([1.0, 0, 1, 0], [tp, fn, fp, tn]), "label": np.repeat([1, 0], [tp + fn, fp + tn])}
    )


def target(positive=30, negative=70):
    return pd.DataFrame({"score": np.repeat([1.0, 0.0], [positive, negative])})


def test_rogan_gladen_equals_the_formula_and_its_variance():
    found = rogan_gladen(target(), known())
    share, apart = (0.3 - 0.1) / (0.9 - 0.1), 0.8
    variance = (0.3 * 0.7 / 100 + share**2 * 0.9 * 0.1 / 100 + (1 - share) ** 2 * 0.1 * 0.9 / 200) / apart**2
    assert found["share"] == pytest.approx(share)
    assert found["high"] - found["low"] == pytest.approx(2 * 1.959964 * variance**0.5, rel=0.01)


def test_em_of_a_yes_or_no_score_is_rogan_gladen():
    found = [method(target(300, 700), known(900, 100, 200, 1800))["share"] for method in (em, rogan_gladen)]
    assert found[0] == pytest.approx(found[1], abs=2e-3)


def test_saerens_equals_two_steps_by_hand_and_its_fixed_point():
    p, each, prior = np.array([0.9, 0.4, 0.1]), np.ones(3), 0.5
    first = p.mean()
    odds = p * first / prior, (1 - p) * (1 - first) / (1 - prior)
    assert saerens(p, each, steps=2) == pytest.approx((odds[0] / sum(odds)).mean())
    share = saerens(p, each)
    yes, no = p * share / prior, (1 - p) * (1 - share) / (1 - prior)
    assert share == pytest.approx((yes / (yes + no)).mean(), abs=1e-6)


def test_prediction_powered_equals_the_formulas():
    random = np.random.default_rng(3)
    labels = random.random(200) < 0.3
    scores, rest = np.clip(labels * 0.5 + random.random(200) / 2, 0, 1), random.random(1000)
    plain = prediction_powered(labels, scores, rest, power=1)
    share = rest.mean() + (labels - scores).mean()
    variance, seen = rest.var() / 1000 + (labels - scores).var() / 200 + 0.5 / 200**2, (labels.sum() + 0.5) / 201
    size = seen * (1 - seen) / variance
    ends = wilson_interval(size * share, size)
    assert [plain["share"], plain["low"], plain["high"]] == pytest.approx([share, ends["low"], ends["high"]], rel=2e-3)
    tuned = prediction_powered(labels, scores, rest)
    cov, var = np.cov(labels, scores, bias=True)[0, 1], np.concatenate([scores, rest]).var()
    assert tuned["power"] == pytest.approx(np.clip(cov / (1.2 * var), 0, 1))


def test_strata_are_weighed_by_their_posts():
    labels, strata = [1, 1, 0, 0, 0, 0], ["a", "a", "b", "b", "b", "b"]
    found = prediction_powered_by_stratum(labels, np.zeros(6), strata, np.zeros(94), ["a"] * 18 + ["b"] * 76)
    assert found["share"] == pytest.approx(0.2)


def test_known_posts_that_cannot_correct_leave_a_reason():
    one_class, chance = known().query("label == 1"), known(10, 90, 20, 180)
    for method in (rogan_gladen, lambda *t: by_stratum(*(one.assign(stratum="a") for one in t))):
        assert "one class" in method(target(), one_class)["note"]
        assert "chance" in method(target(), chance)["note"]
    assert "one class" in em(target(), one_class)["note"]
    assert "nothing about the class" in em(target(), known().assign(score=0.5))["note"]
    barely = rogan_gladen(target(), known(3, 7, 2, 8))
    assert (barely["low"], barely["high"]) == (0, 1)
    below = rogan_gladen(target(2, 98), known())
    assert below["share"] == 0
    assert "clipped" in below["note"]


@pytest.mark.parametrize(
    ("table", "match"),
    [
        (pd.DataFrame({"score": [0.5]}), "no column 'label'"),
        (pd.DataFrame({"score": [1.5], "label": [1]}), "between 0 and 1"),
        (pd.DataFrame({"score": [0.5, 0.5], "label": [1, 2]}), "not 0 or 1"),
        (pd.DataFrame({"score": [0.5, 0.5], "label": [1, 0], "post_id": ["7", "7"]}), "both 0 and 1"),
    ],
)
def test_bad_labels_are_refused(table, match):
    with pytest.raises(InputError, match=match):
        rogan_gladen(target(), table)


def test_shares_gives_a_row_a_method_in_any_order_of_rows():
    random = np.random.default_rng(2)
    posts = pd.DataFrame({"post_id": np.arange(400).astype(str), "score": random.random(400), "stratum": "a"})
    sample = posts[:100].assign(label=(posts["score"][:100] > 0.6).astype(int))
    table = estimate.shares(posts, known().assign(stratum="a"), sample)
    assert table["method"].tolist() == estimate.METHODS["method"].tolist()
    again = estimate.shares(posts[::-1], known()[::-1].assign(stratum="a"), sample[::-1])
    pd.testing.assert_frame_equal(table, again)
    few = estimate.shares(posts, sample=sample[:12])
    assert few.set_index("method")["note"]["PPI++"].startswith("fewer than 10 labels")
    with pytest.raises(InputError, match="1 of 100 labelled posts are not among"):
        estimate.shares(posts[1:], sample=sample)


def test_posts_of_one_author_are_taken_together():
    labels, scores, rest = np.repeat([0.0, 1], 100), np.repeat([0.2, 0.8], 100), np.tile([0.8, 0.3], 400)
    scores[::4] = 0.5
    apart = prediction_powered(labels, scores, rest, who=np.arange(200).astype(str))
    by_ten = prediction_powered(labels, scores, rest, who=np.repeat(np.arange(20), 10).astype(str))
    assert by_ten["share"] == pytest.approx(apart["share"])
    assert by_ten["high"] - by_ten["low"] > 1.5 * (apart["high"] - apart["low"])


def test_labels_are_divided_after_neyman_within_what_there_is():
    strata = pd.DataFrame({"posts": [1000, 1000, 5], "share": [0.5, 0.02, 0.5]})
    given = estimate.allocate(strata, 300)["labels"]
    assert given.sum() == 300
    assert given[2] == 5
    assert given[0] / given[1] == pytest.approx(0.5 / (0.02 * 0.98) ** 0.5, rel=0.05)
    assert estimate.allocate(strata, 5000)["labels"].tolist() == [1000, 1000, 5]
    with pytest.raises(ValueError, match="too few"):
        estimate.allocate(strata, 5)
