"""Each estimate equals what is computed by hand, finds what was planted, and says what it cannot do."""

import numpy as np
import pandas as pd
import pytest

from analysis import estimate
from analysis.estimate.profiles import profiles
from analysis.intervals import wilson_interval
from analysis.methods.share_recovery import recover
from analysis.schema import InputError


def known(tp=90, fn=10, fp=20, tn=180):
    return pd.DataFrame(
        {"score": np.repeat([1.0, 0, 1, 0], [tp, fn, fp, tn]), "label": np.repeat([1, 0], [tp + fn, fp + tn])}
    )


def target(positive=30, negative=70):
    return pd.DataFrame({"score": np.repeat([1.0, 0.0], [positive, negative])})


def test_rogan_gladen_equals_the_formula_and_its_variance():
    found = estimate.rogan_gladen(target(), known())
    share, apart = (0.3 - 0.1) / (0.9 - 0.1), 0.8
    variance = (0.3 * 0.7 / 100 + share**2 * 0.9 * 0.1 / 100 + (1 - share) ** 2 * 0.1 * 0.9 / 200) / apart**2
    assert found["share"] == pytest.approx(share)
    assert found["high"] - found["low"] == pytest.approx(2 * 1.959964 * variance**0.5, rel=0.01)


def test_saerens_equals_two_steps_by_hand_and_its_fixed_point():
    p, prior = np.array([0.9, 0.4, 0.1]), 0.5
    first = p.mean()
    odds = p * first / prior, (1 - p) * (1 - first) / (1 - prior)
    assert estimate.saerens(p, prior, steps=1) == pytest.approx(first)
    assert estimate.saerens(p, prior, steps=2) == pytest.approx((odds[0] / sum(odds)).mean())
    share = estimate.saerens(p, prior)
    yes, no = p * share / prior, (1 - p) * (1 - share) / (1 - prior)
    assert share == pytest.approx((yes / (yes + no)).mean(), abs=1e-6)
    with pytest.raises(ValueError, match="prior"):
        estimate.saerens(p, 1.0)


def test_em_of_a_yes_or_no_score_is_rogan_gladen():
    both = [method(target(300, 700), known(900, 100, 200, 1800)) for method in (estimate.em, estimate.rogan_gladen)]
    assert both[0]["share"] == pytest.approx(both[1]["share"], abs=2e-3)
    assert both[0]["high"] - both[0]["low"] == pytest.approx(both[1]["high"] - both[1]["low"], rel=0.03)


def test_powered_equals_the_formulas():
    random = np.random.default_rng(3)
    labels = random.random(200) < 0.3
    scores, rest = np.clip(labels * 0.5 + random.random(200) / 2, 0, 1), random.random(1000)
    plain = estimate.powered(labels, scores, rest, power=1)
    share = rest.mean() + (labels - scores).mean()
    variance, seen = rest.var() / 1000 + (labels - scores).var() / 200 + 0.5 / 200**2, (labels.sum() + 0.5) / 201
    size = seen * (1 - seen) / variance
    ends = wilson_interval(size * share, size)
    assert [plain["share"], plain["low"], plain["high"]] == pytest.approx([share, ends["low"], ends["high"]], rel=2e-3)
    tuned = estimate.powered(labels, scores, rest)
    cov, var = np.cov(labels, scores, bias=True)[0, 1], np.concatenate([scores, rest]).var()
    assert tuned["power"] == pytest.approx(np.clip(cov / (1.2 * var), 0, 1))
    none = estimate.powered(labels, scores * 0, rest * 0)
    assert none["power"] == 0
    assert none["share"] == pytest.approx(labels.mean())


def test_strata_are_weighed_by_their_posts():
    labels, strata = [1, 1, 0, 0, 0, 0], ["a", "a", "b", "b", "b", "b"]
    found = estimate.powered_by_stratum(labels, np.zeros(6), strata, np.zeros(94), ["a"] * 18 + ["b"] * 76)
    assert found["share"] == pytest.approx(0.2)
    with pytest.raises(InputError, match="no label"):
        estimate.powered_by_stratum(labels, np.zeros(6), strata, np.zeros(1), ["c"])


def test_profiles_are_the_same_read_a_few_texts_at_a_time(monkeypatch):
    random = np.random.default_rng(1)
    texts = [" ".join(random.choice(list("abcdefghijkl"), 4)) for _ in range(50)]
    whole = profiles(texts, [texts, texts[:7]], subsets=5)
    monkeypatch.setattr("analysis.estimate.profiles._AT_ONCE", 8)
    again = profiles(texts, [texts, texts[:7]], subsets=5)
    assert [found.shape for found in whole] == [(50, 5), (7, 5)]
    assert whole[0].dtype == np.uint8
    assert all(np.array_equal(*pair) for pair in zip(whole, again, strict=True))


def test_hopkins_king_finds_the_mixture_of_words():
    one, none = ["red blue", "red", "red green"], ["grey", "grey blue", "green grey"]
    there = pd.DataFrame({"text": (one + none) * 20, "label": [1, 1, 1, 0, 0, 0] * 20})
    here = pd.DataFrame({"text": one * 10 + none * 40})
    found = estimate.hopkins_king(here, there, seed=1)
    assert found["share"] == pytest.approx(0.2, abs=0.01)
    assert found["low"] < 0.2 < found["high"]


def test_known_posts_that_cannot_correct_leave_a_reason():
    one_class, chance = known().query("label == 1"), known(10, 90, 20, 180)
    methods = (estimate.rogan_gladen, lambda *t: estimate.by_stratum(*(one.assign(stratum="a") for one in t)))
    for method in methods:
        assert "one class" in method(target(), one_class)["note"]
        assert "chance" in method(target(), chance)["note"]
        assert np.isnan(method(target(), chance)["share"])
    assert "one class" in estimate.em(target(), one_class)["note"]
    assert "nothing about the class" in estimate.em(target(), known().assign(score=0.5))["note"]
    barely = estimate.rogan_gladen(target(), known(3, 7, 2, 8))
    assert (barely["low"], barely["high"]) == (0, 1)


def test_a_share_outside_of_0_and_1_is_clipped_and_said():
    found = estimate.rogan_gladen(target(2, 98), known())
    assert found["share"] == 0
    assert "clipped" in found["note"]


@pytest.mark.parametrize(
    ("table", "match"),
    [
        (pd.DataFrame({"score": [0.5]}), "no column 'label'"),
        (pd.DataFrame({"score": [0.5], "label": [None]}), "no labelled rows"),
        (pd.DataFrame({"score": [1.5], "label": [1]}), "between 0 and 1"),
        (pd.DataFrame({"score": [0.5, 0.5], "label": [1, 2]}), "not 0 or 1"),
        (pd.DataFrame({"score": [0.5, 0.5], "label": [1, 0], "post_id": ["7", "7"]}), "both 0 and 1"),
    ],
)
def test_bad_labels_are_refused(table, match):
    with pytest.raises(InputError, match=match):
        estimate.rogan_gladen(target(), table)


def test_labels_for_unknown_posts_are_refused():
    posts = pd.DataFrame({"post_id": ["1", "2"], "score": [0.1, 0.9]})
    with pytest.raises(InputError, match="1 of 1 labelled posts are not among"):
        estimate.shares(posts, sample=pd.DataFrame({"post_id": ["3"], "score": [0.9], "label": [1]}))


def test_shares_gives_a_row_a_method_in_any_order_of_rows():
    random = np.random.default_rng(2)
    posts = pd.DataFrame({"post_id": np.arange(400).astype(str), "score": random.random(400), "stratum": "a"})
    sample = posts[:100].assign(label=(posts["score"][:100] > 0.6).astype(int))
    table = estimate.shares(posts, known().assign(stratum="a"), sample)
    assert table["method"].tolist() == [name for name in estimate.METHODS["method"] if name != "Hopkins-King"]
    again = estimate.shares(posts[::-1], known()[::-1].assign(stratum="a"), sample[::-1])
    pd.testing.assert_frame_equal(table, again)
    few = estimate.shares(posts, sample=sample[:12])
    assert few.set_index("method")["note"]["PPI++"].startswith("fewer than 10 labels")


def pool():
    random = np.random.default_rng(5)
    label = np.repeat([1, 0], [2000, 4000])
    kind = np.where(label == 1, np.where(np.arange(6000) % 4 == 0, "detail", "bare"), "none")
    hard = kind == "detail"
    score = np.where(label == 1, random.beta(np.where(hard, 2, 6), 2), random.beta(1, 5, 6000))
    novel = np.arange(6000) % 3 == 0
    score = np.where(novel, 0.7 * score, score)
    return pd.DataFrame({"score": score, "label": label, "kind": kind, "novel": novel})


def test_the_default_stands_every_shift_and_the_corrections_only_the_first():
    table = recover(pool(), [0.3], mix={"detail": 0.7}, replicates=60, seed=4)
    by = table.set_index(["shift", "method"])
    for shift in estimate.SHIFTS:
        assert abs(by.loc[(shift, "PPI++"), "bias"]) < 0.01
        assert by.loc[(shift, "PPI++"), "covered"] > 0.89
    for method in ("Rogan-Gladen", "expectation-maximisation"):
        assert abs(by.loc[("other shares", method), "bias"]) < 0.01
        assert by.loc[("other shares", method), "covered"] > 0.89
    assert by.loc[("other mix", "Rogan-Gladen"), "bias"] < -0.03
    assert by.loc[("new phrasing", "Rogan-Gladen"), "covered"] < 0.5
    assert by.loc[("other shares", "PPI++"), "half_width"] < 0.8 * by.loc[("other shares", "labels only"), "half_width"]


def test_posts_of_one_author_are_taken_together():
    covered = {True: [], False: []}
    for seed in range(150):
        random = np.random.default_rng(seed)
        who = np.repeat(np.arange(150), random.integers(1, 12, 150))
        label = (random.random(150) < 0.3)[who].astype(float)
        score = np.clip(0.4 * label + 0.6 * random.random(150)[who], 0, 1)
        some = random.random(150)[who] < 0.4
        for told in covered:
            names = {"who": who[some].astype(str), "rest_who": who[~some].astype(str)} if told else {}
            found = estimate.powered(label[some], score[some], score[~some], **names)
            covered[told].append(found["low"] <= 0.3 <= found["high"])
    assert np.mean(covered[True]) > 0.88
    assert np.mean(covered[False]) < 0.85


def test_the_design_keeps_its_promise():
    table = estimate.labels_needed([0.03], 0.2, sensitivity=0.9, false_positives=0.05, posts=10_000)
    n = int(table["with_predictions"].iloc[0])
    assert n < table["labels_alone"].iloc[0]
    widths = []
    for seed in range(30):
        random = np.random.default_rng(seed)
        label = random.random(n + 10_000) < 0.2
        hit = np.where(label, random.random(len(label)) < 0.9, random.random(len(label)) < 0.05)
        found = estimate.powered(label[:n], hit[:n], hit[n:])
        widths.append((found["high"] - found["low"]) / 2)
    assert np.mean(widths) == pytest.approx(0.03, rel=0.1)
    assert estimate.half_width(500, 0.11) == pytest.approx(0.0274, abs=1e-4)
    with pytest.raises(ValueError, match="how good"):
        estimate.labels_needed([0.03], 0.2)


def test_labels_are_divided_after_neyman_within_what_there_is():
    strata = pd.DataFrame({"posts": [1000, 1000, 5], "share": [0.5, 0.02, 0.5]})
    given = estimate.allocate(strata, 300)["labels"]
    assert given.sum() == 300
    assert given[2] == 5
    assert given[0] / given[1] == pytest.approx(0.5 / (0.02 * 0.98) ** 0.5, rel=0.05)
    assert estimate.allocate(strata, 5000)["labels"].tolist() == [1000, 1000, 5]
    with pytest.raises(ValueError, match="too few"):
        estimate.allocate(strata, 5)
