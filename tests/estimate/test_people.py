"""People are counted right where counting whoever has a positive post is not."""

import numpy as np
import pandas as pd
import pytest

from analysis.estimate import people
from analysis.schema import InputError


def plant(seed, authors=1000):
    """Authors' posts, with what was planted; known posts; and whom a person has labelled."""
    random = np.random.default_rng(seed)
    posts = np.minimum(random.zipf(2.2, authors), 30)
    rate = np.where(random.random(authors) < 0.3, random.beta(2, 3, authors), 0)
    who = np.repeat(np.arange(authors), posts)

    def score(label):
        hit = np.where(label, random.random(len(label)) < 0.85, random.random(len(label)) < 0.05)
        return np.where(hit, random.uniform(0.5, 1, len(label)), random.uniform(0, 0.3, len(label)))

    label, other = random.random(len(who)) < rate[who], random.random(2000) < 0.3
    target = pd.DataFrame({"author": who.astype(str), "score": score(label), "label": label.astype(int)})
    known = pd.DataFrame({"score": score(other), "label": other.astype(int)})
    return target, known, target[target["author"].isin(random.choice(authors, authors // 6, replace=False).astype(str))]


def test_the_planted_people_are_found():
    wrong = []
    for seed in range(6):
        target, known, sample = plant(seed)
        true = target.groupby("author")["label"].max().mean()
        table = people(target.drop(columns="label"), known, sample, draws=20, seed=seed).set_index("method")
        wrong.append(table["share"] - true)
    bias = pd.DataFrame(wrong).mean()
    assert bias["any positive post"] > 0.04
    assert bias[["corrected", "labels only", "prediction-powered"]].abs().max() < 0.02


def test_people_is_the_same_in_any_order_and_says_what_was_left_out():
    target, known, sample = plant(1, authors=200)
    first = people(target, known, sample, draws=20)
    again = people(target[::-1], known, sample[::-1], draws=20)
    pd.testing.assert_frame_equal(first, again)
    anonymous = people(pd.concat([target, pd.DataFrame({"author": [None], "score": [0.9]})]), draws=20)
    assert anonymous.attrs["left_out"] == 1


def test_what_cannot_be_counted_is_said():
    target, known, _ = plant(2, authors=300)
    assert "one class" in people(target, known.query("label == 1"))["note"].iloc[1]
    assert "chance" in people(target, known.assign(score=1 - known["score"]))["note"].iloc[1]
    with pytest.raises(InputError, match="people cannot be told apart"):
        people(target.drop(columns="author"))
    with pytest.raises(InputError, match="label all posts of each drawn author"):
        busy = target["author"].value_counts().index[0]
        people(target, sample=target[target["author"] == busy][1:])
