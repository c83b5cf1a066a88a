"""Invented corpora hold what was planted, and methods are held to it alike."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score

from analysis.methods.topic_methods import COMPARED, compare_methods, held_to
from analysis.methods.topic_planting import plant
from analysis.methods.topic_recovery import recover
from analysis.topics import NONE, fit


def test_planted_shares_are_as_asked():
    posts = plant(20_000, 4, imbalance=8, noise=0.2, seed=1)
    share = posts["topic"].value_counts(normalize=True)
    assert share["none"] == pytest.approx(0.2, abs=0.01)
    assert share["planted 1"] / share["planted 4"] == pytest.approx(8, rel=0.15)
    length = posts["text"].str.split().map(len)
    assert length.median() == 7
    assert length.between(1, 40).all()


def test_topics_share_words_as_asked():
    def shared(overlap):
        posts = plant(6_000, 2, common=0, overlap=overlap, seed=2)
        one, two = (
            set(posts.loc[posts["topic"] == name, "text"].str.split().explode()) for name in ("planted 1", "planted 2")
        )
        return len(one & two) / len(one | two)

    assert shared(0) == 0
    assert 0 < shared(0.3) < shared(1)


def test_who_knows_the_plan_finds_nearly_all_and_less_where_it_is_harder():
    def right(**plan):
        posts = plant(3_000, 5, seed=3, **plan)
        return posts["topic"].eq(posts["best"]).mean()

    assert right(common=0) == 1
    assert right(common=0.2) > right() > right(common=0.7) > right(common=0.7, length=3) > 0.2


def test_the_same_seed_plants_the_same_and_another_something_else():
    assert plant(200, seed=4).equals(plant(200, seed=4))
    assert not plant(200, seed=4).equals(plant(200, seed=5))
    assert plant(200, topics=3, seed=4)["text"].is_unique


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"overlap": 1.5}, "overlap is 1.5"),
        ({"noise": -0.1}, "noise is -0.1"),
        ({"imbalance": 0.5}, "imbalance 0.5"),
        ({"topics": 0}, "topics 0"),
        ({"topics": 900}, "words for 100 at most"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(wrong, message):
    with pytest.raises(ValueError, match=message):
        plant(10, **wrong)


def test_methods_are_held_to_the_truth_as_scikit_learn_measures_it():
    posts = plant(500, 4, common=0.2, noise=0.2, seed=5)
    table = compare_methods(posts["text"], posts["topic"], 4, methods=["nmf", "plain NMF"], fits=1, seed=5)
    assert table["method"].tolist() == ["nmf", "plain NMF"]
    said, about = fit(posts["text"], 4, seed=5).assign(posts["text"]), posts["topic"] != NONE
    row = table.iloc[0]
    assert row["ami"] == pytest.approx(adjusted_mutual_info_score(posts["topic"][about], said["topic"][about]))
    assert row["ari"] == pytest.approx(adjusted_rand_score(posts["topic"][about], said["topic"][about]))
    assert row["none_right"] == (said["topic"][~about] == NONE).mean()
    assert row["none_lost"] == (said["topic"][about] == NONE).mean()
    assert row["low"] <= row["ami"] <= row["high"]
    assert row["stability"] > 0.4
    assert row["npmi"] > 0
    assert row["ami"] > table["ami"][1]
    assert "seconds" not in table


def test_the_order_of_the_texts_changes_nothing_and_the_clock_is_asked_for():
    posts = plant(150, 3, common=0.1, seed=6)
    asked = {"methods": ["nmf", "kmeans", "plain NMF"], "fits": 0}
    one = compare_methods(posts["text"], posts["topic"], 3, people=posts["text"], **asked)
    mixed = posts.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(
        one, compare_methods(mixed["text"], mixed["topic"], 3, people=mixed["text"], **asked), check_exact=True
    )
    assert set(one["method"]) < set(COMPARED)
    assert one["none_right"].isna().all()
    timed = compare_methods(posts["text"], posts["topic"], 3, methods=["plain NMF"], fits=0, clock=True)
    assert timed["seconds"][0] > 0
    assert timed["mib"][0] > 0


def test_a_perfect_assignment_and_a_forced_one():
    planted = pd.Series(["a", "a", "b", "b", "none"])
    said = pd.DataFrame({"topic": ["topic 1", NONE, "topic 2", "topic 2", NONE], "fit": 1.0, "margin": 1.0})
    said = said.assign(**{"topic 1": [1, 0.6, 0, 0, 0.5], "topic 2": [0, 0.4, 1, 1, 0.5]})
    held = held_to(said, planted)
    assert held["forced"] == 1
    assert held["ami"] < 1
    assert (held["none_right"], held["none_lost"]) == (1, 0.25)


def test_recovery_gives_an_interval_and_stays_below_who_knows_the_plan():
    seen = []
    table = recover(4, 300, 3, noise=0.2, seed=7, tell=seen.append).set_index("method")
    assert seen == [1] * 4
    assert table.index.tolist() == ["nmf", "plain NMF", "plan known"]
    assert table["ami"].between(table["low"], table["high"]).all()
    assert table.loc["nmf", "above_low"] > 0
    assert table["ami"].idxmax() == "plan known"
    assert table["above"].isna().tolist() == [False, True, False]
    difference = table.loc["nmf", "ami"] - table.loc["plain NMF", "ami"]
    assert table.loc["nmf", "above"] == pytest.approx(difference)


def test_texts_without_planted_topics_are_not_found_to_have_any():
    random = np.random.default_rng(8)
    posts = plant(400, 4, common=0.2, seed=8)
    shuffled = pd.Series(random.permutation(posts["topic"]))
    table = compare_methods(posts["text"], shuffled, 4, methods=["nmf"], fits=0)
    assert abs(table["ami"][0]) < 0.03


def test_what_cannot_be_compared_is_refused():
    posts = plant(50, 2, seed=9)
    with pytest.raises(ValueError, match="method is 'guess'"):
        compare_methods(posts["text"], posts["topic"], 2, methods=["guess"])
    with pytest.raises(ValueError, match="50 texts and 49 planted"):
        compare_methods(posts["text"], posts["topic"][:49], 2)
    with pytest.raises(ValueError, match="nothing to be found again"):
        compare_methods(posts["text"], pd.Series([NONE] * 50), 2)
    with pytest.raises(ValueError, match="2 are needed"):
        recover(1)
    with pytest.raises(ValueError, match="method is 'guess'"):
        recover(2, methods=["guess"])
