"""What a score is worth is measured as it should be, and what we bring along to measure it with is in order."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from analysis.sentiment import change, extension, probe, probes, score, separation, subject, valences, validity

EXPECTED = {"glad": "positive", "sad": "negative"}


def labelled(seed, posts=600, copies=0):
    """Posts of two labels whose scores differ by 0.4 on average; a fifth of them score exactly 0."""
    rng = np.random.default_rng(seed)
    who = rng.integers(0, 250, posts)
    kind = pd.Series(np.where(rng.random(posts) < 0.5, "glad", "sad"))
    compound = np.clip(rng.normal(np.where(kind == "glad", 0.2, -0.2), 0.4), -1, 1)
    compound = np.where(rng.random(posts) < 0.2, 0.0, compound)
    texts = [f"text {i}" for i in range(posts)]
    texts[:copies], compound[:copies], kind[:copies] = ["one text of five words"] * copies, 0.2, "glad"
    return pd.DataFrame({"author": who.astype(str), "text": texts}), kind, pd.DataFrame({"compound": compound})


def order(posts, kind, scores):
    return separation(posts, kind.eq("glad"), kind.eq("sad"), scores=scores)


def test_validity_counts_right_silent_and_wrong():
    posts, kind, scores = labelled(1)
    table = validity(posts, kind, EXPECTED, scores=scores, k=0, draws=50).set_index("label")
    for name, sign in (("glad", 1), ("sad", -1)):
        own, row = scores["compound"][kind == name] * sign, table.loc[name]
        shares = ((own >= 0.05).mean(), (own == 0).mean(), (own <= -0.05).mean())
        assert row[["right", "silent", "wrong"]].tolist() == pytest.approx(shares)
        assert row["right_low"] < row["right"] < row["right_high"]
    assert table["above"].tolist() == pytest.approx([order(posts, kind, scores)["above"]] * 2)


def test_separation_is_the_area_under_the_curve_and_copies_widen_its_interval():
    posts, kind, scores = labelled(2)
    assert order(posts, kind, scores)["above"] == pytest.approx(roc_auc_score(kind.eq("glad"), scores["compound"]))
    plain, copied = (order(*labelled(3, copies=copies)) for copies in (0, 200))
    assert copied["high"] - copied["low"] > 1.3 * (plain["high"] - plain["low"])


def test_validity_hides_what_few_people_wrote_and_refuses_other_signs():
    posts, kind, scores = labelled(4, posts=40)
    table = validity(posts, kind, EXPECTED, scores=scores, draws=5)
    assert not table["enough"].any()
    assert table[["right", "silent", "wrong", "above", "above_low"]].isna().all(axis=None)
    with pytest.raises(ValueError, match="neutral"):
        validity(posts, kind, {"glad": "neutral"}, scores=scores)


def test_change_compares_the_same_posts():
    posts, kind, before = labelled(5)
    right = np.where(kind == "glad", 0.3, -0.3)
    after = before.assign(compound=np.where(before["compound"] == 0, right, before["compound"]))
    table = change(posts, kind, EXPECTED, before, after).set_index(["label", "measure"])
    silent = table.loc[("all", "silent")]
    assert (silent["after"], silent["change"]) == pytest.approx((0, -(before["compound"] == 0).mean()))
    assert table.loc[("all", "above"), "low"] > 0
    same = change(posts, kind, EXPECTED, before, before)
    assert (same[["change", "low", "high"]] == 0).all(axis=None)


def test_our_words_are_not_on_the_list_already_and_count_only_where_they_are_asked_for():
    words = extension()
    assert not set(words["word"]) & set(valences())
    extra, text = words.set_index("word")["valence"], ["He groped me."]
    assert score(text)["compound"][0] == 0 > -0.05 > score(text, extra=extra)["compound"][0]
    assert subject(pd.Series(["I believe you, sisters.", None])) == "metoo"
    assert subject(pd.Series(["My boss shouted: unpaid!"])) == "neutral"


def test_probes_are_ours_by_the_dozen_and_say_what_is_meant():
    assert (probes("neutral")["kind"].value_counts() == 12).all()
    kinds = probe(probes()).set_index("kind")
    assert kinds.loc["plain", "share"] > 0.75 > 0.5 > kinds.loc["sarcasm", "share"]
