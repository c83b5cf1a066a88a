"""Methods are compared with the planted truth alike, as scikit-learn measures it."""

import pandas as pd
import pytest
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score

from analysis.methods.topic_methods import COMPARED, compare_methods
from analysis.methods.topic_recovery import plant
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
