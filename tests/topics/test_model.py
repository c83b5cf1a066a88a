"""Planted topics are found, the order of the texts plays no part, and what can't be done is refused."""

import os
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.topics import NONE, agreement, bags, fit, model, stability


def same(one, two):
    """Whether two fits are the same, byte for byte."""
    arrays = all(np.array_equal(getattr(one, name), getattr(two, name)) for name in ("reach", "gram", "counts"))
    return arrays and one.threshold == two.threshold and one.vocabulary == two.vocabulary


def test_planted_topics_are_found(posts, topics, subjects):
    assigned = topics.assign(posts["text"])["topic"]
    assert agreement(assigned, posts["topic"], posts["author"])["ami"] > 0.85
    assert (assigned == NONE).mean() <= 0.16
    top = topics.top_words(set(topics.vocabulary), n=5).groupby("topic")["word"].agg(set)
    assert all(any(words <= set(subject) for subject in subjects.values()) for words in top)
    assert topics.assign(["a violin", "#MeToo https://t.co/x @someone", "", "me too"])["topic"].tolist() == [NONE] * 4


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@settings(max_examples=4, deadline=None)
@given(st.permutations(range(24)), st.integers(1, 3))
def test_neither_the_order_of_the_rows_nor_copies_nor_missing_texts_move_anything(order, k):
    subjects = [["ship", "sail", "mast", "crew"], ["oven", "salt", "flour", "dough"], ["rose", "soil", "weed", "lawn"]]
    texts = [f"{words[i % 4]} {words[i // 4]} {words[i % 3]} day" for words in subjects for i in range(8)]
    copies = ["RT @someone: " + text + " #MeToo https://t.co/abc" for text in texts[:5]]
    one, two = fit(texts, k), fit([*(texts[i] for i in order), *copies, None], k)
    assert same(one, two)
    whole = two.assign([texts[i] for i in order]).set_axis(list(order)).sort_index()
    pd.testing.assert_frame_equal(one.assign(texts), whole, check_exact=True)


def test_what_is_said_of_a_text_does_not_depend_on_the_others(posts, topics, monkeypatch):
    whole = topics.assign(posts["text"])
    parts = pd.concat([topics.assign(posts["text"].iloc[:1]), topics.assign(posts["text"].iloc[1:])])
    pd.testing.assert_frame_equal(whole, parts, check_exact=True)
    for room, name in ((bags, "_BATCH"), (model, "_BATCH"), (model, "_MIXED")):
        monkeypatch.setattr(room, name, 7)
    pd.testing.assert_frame_equal(whole, topics.assign(posts["text"]), check_exact=True)
    odd = topics.assign(pd.Series(["ship harbour sail", None, "oven flour"], index=["x", "y", "x"], dtype="str"))
    assert odd.index.tolist() == ["x", "y", "x"]
    assert odd["topic"].isna().tolist() == [False, True, False]


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")  # of random words nothing converges
def test_the_number_of_threads_changes_nothing():
    random = np.random.default_rng(1)
    vocabulary = [f"{a}{b}{c}" for a in "bdfgklmnpr" for b in "aeiou" for c in "bdfgkl"]
    texts = [" ".join(random.choice(vocabulary, 12)) for _ in range(400)]
    code = "import sys; from analysis.topics import fit; print(fit(sys.argv[1].split(';'), k=3).reach.tobytes().hex())"
    one = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, "-c", code, ";".join(texts)]
    run = subprocess.run(command, env=one, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == fit(texts, k=3).reach.tobytes().hex()


TWO = ["ship sails", "ship anchors"]


@pytest.mark.parametrize(
    ("texts", "k", "message"),
    [
        ([], 2, "there are no texts"),
        (TWO, 5, "k is 5, but 2 distinct texts, with 1 words .* can give 1 to 1 topics"),
        (["ship", "oven"], 1, "2 of them differ, and no word stands in two"),
        (["ich habe es auch erlebt, und nicht nur einmal"] * 60, 2, "100% of these texts seem"),
        (TWO, "many", "k is 'many'; it has"),
        (["ship", 3], 1, "row 1"),
    ],
)
def test_what_cannot_be_done_is_refused(texts, k, message):
    with pytest.raises((ValueError, TypeError), match=message):
        fit(texts, k)


def test_posts_of_many_thousand_words_are_read(posts, subjects):
    long = [" ".join(subjects[name] * 3_000) for name in ("harbour", "kitchen", "garden")]
    odd = ["x" * 100_000, "1 2 " * 15_000, "\0 ship \0" * 1_000, "@" * 100_000]
    topics = fit([*posts["text"], *long, *odd], k=3)
    assert topics.assign(long)["topic"].nunique() == 3
    assert topics.assign(odd)["topic"].tolist()[:2] == [NONE, NONE]


def test_other_languages_are_set_apart_and_not_mixed_in(posts, topics, subjects):
    foreign = [f"Ich habe das auch erlebt und nicht nur in der {word}" for word in subjects["garden"]] * 7
    foreign += ["나도 그렇다", "que no se lo dije a mi jefe por miedo"] * 20
    mixed = pd.concat([posts["text"], pd.Series(foreign)], ignore_index=True).sample(frac=1, random_state=1)
    beside = fit(mixed, k=3)
    assert (beside.apart, topics.apart) == (110, 0)
    assert same(beside, topics)
    pd.testing.assert_frame_equal(stability(beside, mixed, fits=1), stability(topics, posts["text"], fits=1))
