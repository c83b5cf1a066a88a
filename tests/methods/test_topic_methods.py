"""Methods are compared with the planted truth alike, as scikit-learn measures it."""

import pandas as pd
import pytest
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score

from analysis.methods.topic_methods import COMPARED, compare_methods, measure
from analysis.methods.topic_recovery import plant
from analysis.topics import NONE, fit

# Plain NMF stops after 200 rounds, its default.
pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


def test_methods_are_compared_as_scikit_learn_measures():
    posts = plant(350, 4, common=0.2, noise=0.2, seed=5)
    table = compare_methods(posts["text"], posts["topic"], 4, people=posts["text"], seed=5)
    assert table["method"].tolist() == list(COMPARED)
    assigned, about = fit(posts["text"], 4, seed=5).assign(posts["text"]), posts["topic"] != NONE
    row = table.iloc[0]
    assert row["ami"] == pytest.approx(adjusted_mutual_info_score(posts["topic"][about], assigned["topic"][about]))
    assert row["ari"] == pytest.approx(adjusted_rand_score(posts["topic"][about], assigned["topic"][about]))
    assert row["none_right"] == (assigned["topic"][~about] == NONE).mean()
    assert row["none_lost"] == (assigned["topic"][about] == NONE).mean()
    assert row["low"] <= row["ami"] <= row["high"]
    assert row["npmi"] > 0
    assert (row["ami"] > table["ami"][1:]).all()


def test_the_order_of_the_texts_changes_nothing():
    posts = plant(120, 3, common=0.1, seed=6)
    one = compare_methods(posts["text"], posts["topic"], 3, people=posts["text"])
    mixed = posts.sample(frac=1, random_state=1)
    two = compare_methods(mixed["text"], mixed["topic"], 3, people=mixed["text"])
    pd.testing.assert_frame_equal(one, two, check_exact=True)
    assert one["none_right"].isna().all()


def test_a_perfect_assignment_and_a_forced_one():
    planted = pd.Series(["a", "a", "b", "b", "none"])
    assigned = pd.DataFrame({"topic": ["topic 1", NONE, "topic 2", "topic 2", NONE], "fit": 1.0, "margin": 1.0})
    assigned = assigned.assign(**{"topic 1": [1, 0.6, 0, 0, 0.5], "topic 2": [0, 0.4, 1, 1, 0.5]})
    measures = measure(assigned, planted)
    assert measures["forced"] == 1
    assert measures["ami"] < 1
    assert (measures["none_right"], measures["none_lost"]) == (1, 0.25)


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
