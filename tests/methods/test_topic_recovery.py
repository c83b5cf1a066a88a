"""Invented corpora hold what was planted, and a search for it stays below who knows the plan."""

import pytest

from analysis.methods.topic_recovery import plant, recover


def test_planted_shares_are_as_asked():
    posts = plant(20_000, 4, imbalance=8, noise=0.2, seed=1)
    share = posts["topic"].value_counts(normalize=True)
    assert share["none"] == pytest.approx(0.2, abs=0.01)
    assert share["planted 1"] / share["planted 4"] == pytest.approx(8, rel=0.15)
    length = posts["text"].str.split().map(len)
    assert length.median() == 7
    assert length.between(1, 40).all()


def test_who_knows_the_plan_finds_nearly_all_and_less_where_it_is_harder():
    def right(**plan):
        posts = plant(3_000, 5, seed=3, **plan)
        return posts["topic"].eq(posts["best"]).mean()

    assert right(common=0) == 1
    assert right(common=0.2) > right() > right(common=0.7) > right(common=0.7, length=3) > 0.2


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        ({"overlap": 1.5}, "overlap is 1.5"),
        ({"noise": -0.1}, "noise is -0.1"),
        ({"imbalance": 0.5}, "imbalance 0.5"),
        ({"topics": 0}, "topics 0"),
        ({"topics": 900}, "words for 100 at most"),
        ({"topics": 1.5}, "topics is 1.5; it has to be a whole number"),
        ({"length": -1}, "length is -1"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(plan, message):
    with pytest.raises(ValueError, match=message):
        plant(10, **plan)


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")  # plain NMF stops after 200 rounds
def test_recovery_gives_an_interval_and_stays_below_who_knows_the_plan():
    table = recover(3, 200, 3, noise=0.2, seed=7).set_index("method")
    assert table.index.tolist() == ["nmf", "plain NMF", "plan known"]
    assert table["ami"].between(table["low"], table["high"]).all()
    assert table.loc["nmf", "above_low"] > 0
    assert table["ami"].idxmax() == "plan known"
    assert table["above"].isna().tolist() == [False, True, False]
    assert table.loc["nmf", "above"] == pytest.approx(table.loc["nmf", "ami"] - table.loc["plain NMF", "ami"])


def test_what_cannot_be_recovered_is_refused():
    with pytest.raises(ValueError, match="2 are needed"):
        recover(1)
    with pytest.raises(ValueError, match="method is 'guess'"):
        recover(2, methods=["guess"])
