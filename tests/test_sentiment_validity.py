"""What a score is worth is measured as it should be, and what we bring along to measure it with is in order."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from analysis.sentiment import (
    change,
    extension,
    held_out,
    probe,
    probes,
    score,
    separation,
    subject,
    valences,
    validity,
)


def labelled(seed, posts=600, shift=0.4, copies=0):
    """Posts of two labels whose scores differ by `shift`; a fifth of them score exactly 0."""
    random = np.random.default_rng(seed)
    who = random.integers(0, 250, posts)
    kind = pd.Series(np.where(random.random(posts) < 0.5, "glad", "sad"))
    compound = np.clip(random.normal(np.where(kind == "glad", shift / 2, -shift / 2), 0.4), -1, 1)
    compound = np.where(random.random(posts) < 0.2, 0.0, compound)
    texts = [f"text {i}" for i in range(posts)]
    if copies:
        texts[:copies], compound[:copies], kind[:copies] = ["one text of five words"] * copies, 0.2, "glad"
    return pd.DataFrame({"author": who.astype(str), "text": texts}), kind, pd.DataFrame({"compound": compound})


def apart(made):
    """Separate the posts that :func:`labelled` made."""
    posts, kind, scores = made
    return separation(posts, kind.eq("glad"), kind.eq("sad"), scores=scores)


EXPECTED = {"glad": "positive", "sad": "negative"}


def test_validity_counts_right_silent_and_wrong():
    posts, kind, scores = labelled(1)
    found = validity(posts, kind, EXPECTED, scores=scores, k=0, draws=50).set_index("label")
    for name, sign in (("glad", 1), ("sad", -1)):
        own = scores["compound"][kind == name] * sign
        row = found.loc[name]
        assert (row["right"], row["wrong"]) == pytest.approx(((own >= 0.05).mean(), (own <= -0.05).mean()))
        assert row["silent"] == pytest.approx((own == 0).mean())
        assert row["right_low"] < row["right"] < row["right_high"]
    assert found["posts"].tolist() == [(kind == "glad").sum(), (kind == "sad").sum()]


def test_separation_is_the_area_under_the_curve():
    posts, kind, scores = labelled(2)
    found = separation(posts, kind.eq("glad"), kind.eq("sad"), scores=scores)
    assert found["above"] == pytest.approx(roc_auc_score(kind.eq("glad"), scores["compound"]))
    both = validity(posts, kind, EXPECTED, scores=scores, k=0, draws=5)
    assert both["above"].tolist() == pytest.approx([found["above"]] * 2)
    assert both["above_low"].tolist() == pytest.approx([found["low"]] * 2)
    nobody = separation(posts, kind.eq("nobody"), kind.eq("sad"), scores=scores)
    assert all(np.isnan(value) for value in nobody.values())


def test_the_interval_of_separation_covers_and_is_wider_where_texts_are_copied():
    true = apart(labelled(99, posts=60_000))["above"]
    inside = []
    for seed in range(100):
        found = apart(labelled(seed))
        inside.append(found["low"] <= true <= found["high"])
    assert 0.88 <= np.mean(inside) <= 0.99
    alone, copied = (apart(labelled(3, copies=n)) for n in (0, 200))
    assert copied["high"] - copied["low"] > 1.3 * (alone["high"] - alone["low"])


def test_validity_hides_what_few_people_wrote_and_refuses_other_signs():
    posts, kind, scores = labelled(4, posts=40)
    found = validity(posts, kind, EXPECTED, scores=scores, draws=5)
    assert not found["enough"].any()
    assert found[["right", "silent", "wrong", "above", "above_low"]].isna().all(axis=None)
    missing = validity(posts, kind, {"nobody": "positive"}, scores=scores, draws=5)
    assert missing["posts"].tolist() == [0]
    with pytest.raises(ValueError, match="neutral"):
        validity(posts, kind, {"glad": "neutral"}, scores=scores)


def test_change_compares_the_same_posts():
    posts, kind, before = labelled(5)
    right = np.where(kind == "glad", 0.3, -0.3)
    after = before.assign(compound=np.where(before["compound"] == 0, right, before["compound"]))
    found = change(posts, kind, EXPECTED, before, after).set_index(["label", "measure"])
    silent = found.loc[("all", "silent")]
    assert (silent["after"], silent["change"]) == pytest.approx((0, -(before["compound"] == 0).mean()))
    assert found.loc[("all", "right"), "change"] == pytest.approx(-silent["change"])
    assert found.loc[("all", "above"), "low"] > 0
    same = change(posts, kind, EXPECTED, before, before)
    assert (same[["change", "low", "high"]] == 0).all(axis=None)


def test_families_are_held_out_whole_and_for_ever():
    families = pd.Series(["bare/join", "work/promotion", "bare/join", None, "work/promotion"])
    assert held_out(families).tolist() == [False, True, False, False, True]
    many = held_out(pd.Series([f"family/{i}" for i in range(2000)]))
    assert 0.45 < many.mean() < 0.55


def test_our_words_are_dated_reasoned_and_not_on_the_list_already():
    words = extension()
    assert words["word"].is_unique
    assert words.notna().all(axis=None)
    assert not set(words["word"]) & set(valences())
    assert words["valence"].between(-4, 4).all()
    assert (words["word"] == words["word"].str.lower()).all()
    assert pd.to_datetime(words["added"], format="%Y-%m-%d").notna().all()
    assert set(words["theme"]) == {"metoo", "neutral"} == set(extension("metoo")["theme"]) | {"neutral"}


def test_our_words_count_only_where_they_are_asked_for():
    text = ["He groped me."]
    extra = extension().set_index("word")["valence"]
    assert score(text)["compound"].tolist() == [0]
    assert score(text, extra=extra)["compound"][0] < -0.05
    assert score(text)["compound"].tolist() == [0]


def test_probes_are_ours_by_the_dozen_and_say_what_is_meant():
    for theme in ("metoo", "neutral"):
        table = probes(theme)
        assert table["text"].is_unique
        assert set(table["meant"]) == {"positive", "negative"}
        assert (table["kind"].value_counts() == 12).all()
    found = probe(probes()).set_index("kind")
    assert (found[["right", "wrong"]].sum(axis=1) <= found["sentences"]).all()
    assert found.loc["plain", "share"] > 0.75 > 0.5 > found.loc["sarcasm", "share"]
    assert found.loc["kindness in plain words", "silent"] > 6


def test_the_subject_is_told_by_our_words():
    assert subject(pd.Series(["I believe you, sisters.", None])) == "metoo"
    assert subject(pd.Series(["My boss shouted: unpaid!"])) == "neutral"
