"""Invented corpora hold what was planted, and a search for it stays below who knows the plan."""

import pytest

from analysis.methods.topic_recovery import plant, recover


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


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")  # plain NMF stops after 200 rounds
def test_recovery_gives_an_interval_and_stays_below_who_knows_the_plan():
    table = recover(3, 200, 3, noise=0.2, seed=7).set_index("method")
    assert table.index.tolist() == ["nmf", "plain NMF", "plan known"]
    assert table["ami"].between(table["low"], table["high"]).all()
    assert table.loc["nmf", "above_low"] > 0
    assert table["ami"].idxmax() == "plan known"
    assert table["above"].isna().tolist() == [False, True, False]
    assert table.loc["nmf", "above"] == pytest.approx(table.loc["nmf", "ami"] - table.loc["plain NMF", "ami"])
