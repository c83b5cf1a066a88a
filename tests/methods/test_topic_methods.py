"""Invented corpora hold what was planted; methods are compared with it alike, as scikit-learn measures."""

import pandas as pd
import pytest
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score

from analysis.methods.topic_methods import COMPARED, compare_methods
from analysis.methods.topic_recovery import plant, recover
from analysis.topics import NONE, fit

# Plain NMF stops after 200 rounds, its default.
pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


def test_methods_are_compared_as_scikit_learn_measures_whatever_the_order_of_the_texts():
    posts = plant(180, 3, common=0.1, noise=0.2, seed=5)
    table = compare_methods(posts["text"], posts["topic"], 3, people=posts["text"], seed=5)
    assert table["method"].tolist() == list(COMPARED)
    assigned, about = fit(posts["text"], 3, seed=5).assign(posts["text"]), posts["topic"] != NONE
    row = table.iloc[0]
    assert row["ami"] == pytest.approx(adjusted_mutual_info_score(posts["topic"][about], assigned["topic"][about]))
    assert row["ari"] == pytest.approx(adjusted_rand_score(posts["topic"][about], assigned["topic"][about]))
    shares = assigned.filter(regex="^topic .")
    likeliest = shares.idxmax(axis=1).where(shares.any(axis=1), NONE)
    assert row["forced"] == pytest.approx(adjusted_mutual_info_score(posts["topic"][about], likeliest[about]))
    assert row["none_right"] == (assigned["topic"][~about] == NONE).mean()
    assert row["none_lost"] == (assigned["topic"][about] == NONE).mean()
    assert row["low"] <= row["ami"] <= row["high"]
    assert row["npmi"] > 0
    assert (row["ami"] > table["ami"][1:]).all()
    mixed = posts.sample(frac=1, random_state=1)
    other = compare_methods(mixed["text"], mixed["topic"], 3, people=mixed["text"], seed=5)
    pd.testing.assert_frame_equal(table, other, check_exact=True)


LETTERS = pd.Series(list("abc"))


@pytest.mark.parametrize(
    ("planted", "k", "message"),
    [
        (LETTERS[:2], 2, "3 texts and 2 planted"),
        (pd.Series([NONE] * 3), 2, "nothing to be found"),
        (LETTERS, 0, "k is 0"),
    ],
)
def test_what_cannot_be_compared_is_refused(planted, k, message):
    with pytest.raises(ValueError, match=message):
        compare_methods(LETTERS, planted, k, people=LETTERS)


def test_planted_shares_are_as_asked():
    posts = plant(3_000, 4, imbalance=8, noise=0.2, seed=1)
    share = posts["topic"].value_counts(normalize=True)
    assert share["none"] == pytest.approx(0.2, abs=0.02)
    assert share["planted 1"] / share["planted 4"] == pytest.approx(8, rel=0.15)
    assert posts["text"].str.split().map(len).median() == 7
    assert posts["topic"].eq(posts["best"]).mean() > 0.8
    assert plant(500, 5, common=0)[["topic", "best"]].nunique(axis=1).eq(1).all()


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        ({"overlap": 1.5}, "overlap is 1.5"),
        ({"imbalance": 0.5}, "imbalance 0.5"),
        ({"topics": 900}, "words for 100 at most"),
        ({"length": -1}, "length is -1"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(plan, message):
    with pytest.raises(ValueError, match=message):
        plant(10, **plan)
    with pytest.raises(ValueError, match="2 are needed"):
        recover(1)


def test_recovery_gives_an_interval_and_stays_below_who_knows_the_plan():
    table = recover(3, 200, 3, noise=0.2, seed=7).set_index("method")
    assert table.index.tolist() == ["nmf", "plain NMF", "plan known"]
    assert table["ami"].between(table["low"], table["high"]).all()
    assert table.loc["nmf", "above_low"] > 0
    assert table["ami"].idxmax() == "plan known"
    assert table["above"].isna().tolist() == [False, True, False]
    assert table.loc["nmf", "above"] == pytest.approx(table.loc["nmf", "ami"] - table.loc["plain NMF", "ami"])
