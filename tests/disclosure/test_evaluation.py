"""What is measured of answers is what others would compute; no model is tested on what it has learnt from."""

import numpy as np
import pandas as pd
import pytest
from sklearn import metrics

from analysis import disclosure
from analysis.disclosure import OWN, agreement, answers_of, chance_of, disclosed, rates
from analysis.posts import load_sample
from analysis.schema import InputError, find_root


def planted(n=400, seed=1):
    """Truth, a score that knows something of it, and its decision."""
    random = np.random.default_rng(seed)
    truth = random.random(n) < 0.4
    score = np.clip(0.3 + 0.4 * truth + random.normal(0, 0.2, n), 0, 1).round(2)
    return truth, score >= 0.5, score


def test_rates_are_those_of_scikit_learn():
    truth, said, score = planted()
    found = rates(truth, said, score, draws=5).set_index("measure")["value"]
    theirs = {
        "precision": metrics.precision_score(truth, said),
        "recall": metrics.recall_score(truth, said),
        "f1": metrics.f1_score(truth, said),
        "average_precision": metrics.average_precision_score(truth, score),
        "brier": metrics.brier_score_loss(truth, score),
    }
    assert found.to_dict() == pytest.approx(theirs)
    english = np.arange(400) % 2 == 1
    groups = pd.Series(np.where(english, "en", "fr"), name="lang")
    apart = disclosure.rates_by(groups, truth, said, score, draws=10).set_index("lang")
    assert apart.loc["en", "f1"] == pytest.approx(metrics.f1_score(truth[english], said[english]))
    assert apart.loc["fr", "false_positives"] == pytest.approx(said[~english][~truth[~english]].mean())


def test_the_order_never_matters():
    truth, said, score = planted()
    who = np.repeat(np.arange(100), 4)
    mixed = np.random.default_rng(1).permutation(400)
    first, second = rates(truth, said, score, who), rates(truth[mixed], said[mixed], score[mixed], who[mixed])
    pd.testing.assert_frame_equal(first, second)


def test_groups_that_err_together_widen_the_interval():
    truth = np.tile([True, False], 200)
    who = np.repeat(np.arange(20), 20)
    said = np.where(who % 4 == 0, ~truth, truth)  # five of twenty authors are misread throughout
    wide, narrow = (rates(truth, said, who=w).set_index("measure").loc["f1"] for w in (who, None))
    assert wide["high"] - wide["low"] > 2 * (narrow["high"] - narrow["low"])
    assert rates(truth, said, who=["one"] * 400)[["low", "high"]].isna().all(axis=None)


def test_what_has_no_meaning_is_missing():
    found = rates([0, 0], [0, 0], draws=5).set_index("measure")["value"]
    assert found[["precision", "recall", "f1", "brier"]].isna().all()
    with pytest.raises(InputError, match="nothing to measure"):
        rates([], [])


def test_calibration_is_seen():
    score, chance = np.random.default_rng(3).random((2, 10_000))
    good, bold = (disclosure.calibration(chance < truth, score, draws=20) for truth in (score, score / 2 + 0.25))
    assert good.attrs["error"] < 0.02 < 0.1 < bold.attrs["error"]


def test_folds_keep_groups_whole_and_do_not_depend_on_the_order(corpus):
    folds = disclosure.folds_of(corpus["family"])
    assert folds.groupby(corpus["family"]).nunique().eq(1).all()
    nameless = corpus["author"].where(np.arange(len(corpus)) % 5 > 0)
    for groups in (corpus["family"], nameless):
        mixed = groups.sample(frac=1, random_state=1)
        assert disclosure.folds_of(mixed)[corpus.index].equals(disclosure.folds_of(groups))


def test_planted_disclosures_are_found_in_families_that_were_not_met(corpus):
    truth = disclosed(corpus["stance"])
    texts = corpus.assign(text=corpus["text"].where(np.arange(len(corpus)) > 2))
    predicted = disclosure.out_of_fold(texts, truth, corpus["family"], question="disclosure", folds=2, k=0)
    score = chance_of(predicted, OWN)
    assert score.isna().tolist() == predicted["none"].isna().tolist() == [True] * 3 + [False] * (len(corpus) - 3)
    measured = rates(truth[3:].isin(OWN), score[3:] >= 0.5, score[3:], corpus["family"][3:], draws=20)
    assert measured.set_index("measure").loc["f1", "value"] > 0.8


def test_later_days_are_scored_by_earlier_ones_alone(corpus):
    truth, until = disclosed(corpus["stance"]), "2017-10-20"
    early = corpus["created_at"] < until
    later = disclosure.ahead_of_time(corpus, truth, until, question="disclosure", k=0)
    assert later.index.equals(corpus.index[~early])
    other = truth.where(early, "none")  # later answers must not matter
    assert later.equals(disclosure.ahead_of_time(corpus, other, until, question="disclosure", k=0))


POSTS = pd.DataFrame({"post_id": ["1", "2", "3"], "author": ["a", "b", "c"]}, index=[5, 6, 7])


def labels(*rows):
    return pd.DataFrame(rows, columns=["post_id", "annotator", "disclosure"])


def test_labels_reach_their_posts_and_disputed_ones_are_left_out():
    found = answers_of(POSTS, labels(("1", "A", "bare"), ("1", "B", "bare"), ("2", "A", "none"), ("2", "B", "detail")))
    assert found.tolist()[0] == "bare"
    assert found.isna().tolist() == [False, True, True]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (labels(), "no post has a label for 'disclosure'.*python -m analysis label"),
        (labels(("1", "A", "bare"), ("77", "A", "none")), r"1 of 2 labels are of posts that are not here .*row 3\)"),
        (labels(("1", "A", "bare"), ("1", "A", "none")), r"2 labels contradict .*\(rows 2, 3\): decide which holds"),
        (labels(("1", "A", "bare")).rename(columns={"disclosure": "told"}), "no column 'disclosure'"),
    ],
)
def test_labels_that_cannot_be_used_are_refused_with_the_remedy(given, said):
    with pytest.raises(InputError, match=said) as refused:
        answers_of(POSTS, given)
    assert "77" not in str(refused.value)  # a post's id leads to its author


def test_alpha_is_that_of_the_sample_and_the_annotators_are_the_yardstick():
    sample = load_sample().drop_duplicates("post_id")
    given = pd.read_csv(find_root() / "data" / "labels.csv", dtype={"post_id": "str"})
    figures = pd.read_csv(find_root() / "data" / "calibration.csv").set_index(["figure", "key"])["found"]
    found = agreement(given, draws=50)
    assert round(found["alpha"], 3) == float(figures["agreement of the annotators", "disclosure"])
    assert found["low"] < found["alpha"] < found["high"]
    table = disclosure.annotators(sample, given, disclosed(sample["stance"]), draws=50)
    f1 = table[table["measure"] == "f1"].set_index("annotator")["value"]
    assert f1[["A", "B"]].between(0.93, 0.98).all()


def test_labels_beside_a_file_are_found_and_others_refused(tmp_path):
    path = tmp_path / "posts.csv"
    assert disclosure.labels_beside(POSTS, path) is None
    beside = tmp_path / "labels.csv"
    beside.write_text("post_id,label\n1,1\n3,0\n2,\n")
    assert disclosure.labels_beside(POSTS, path).values.tolist() == [["1", 1], ["3", 0]]
    for row, said in (("1,maybe", "the column label holds more"), ("9,1", "1 of 1 labels are of posts that")):
        beside.write_text(f"post_id,label\n{row}\n")
        with pytest.raises(InputError, match=rf"labels\.csv: {said}"):
            disclosure.labels_beside(POSTS, path)
