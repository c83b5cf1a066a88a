"""What is measured of answers is what others would compute; no model is tested on what it has learnt from."""

import numpy as np
import pandas as pd
import pytest
from sklearn import metrics

from analysis import disclosure
from analysis.disclosure import (
    OWN,
    agreement,
    annotators,
    answers_of,
    calibration,
    chance_of,
    disclosed,
    labels_beside,
    rates,
    rates_by,
)
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


def test_the_order_never_matters_and_the_seed_does_all():
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


def test_one_group_of_posts_has_no_interval():
    truth, said = [1, 1, 1, 0], [1, 1, 0, 0]
    for who, known in ((["a"] * 4, False), (["a", "a", "b", "b"], True)):
        found = rates(truth, said, who=who).set_index("measure").loc["f1"]
        assert found["value"] == 0.8
        assert found[["low", "high"]].notna().all() == known


def test_what_has_no_meaning_is_missing():
    found = rates([0, 0], [0, 0], draws=5).set_index("measure")["value"]
    assert found[["precision", "recall", "f1", "brier"]].isna().all()
    with pytest.raises(InputError, match="nothing to measure"):
        rates([], [])
    with pytest.raises(InputError, match="of the same posts"):
        rates([1, 0], [1])


def test_groups_are_measured_apart():
    truth, said, score = planted()
    groups = pd.Series(np.where(np.arange(400) % 2, "en", "fr"), name="lang")
    found = rates_by(groups, truth, said, score, draws=10).set_index("lang")
    english = np.arange(400) % 2 == 1
    assert found.loc["en", "f1"] == pytest.approx(metrics.f1_score(truth[english], said[english]))
    assert found.loc["fr", "false_positives"] == pytest.approx(said[~english][~truth[~english]].mean())
    assert found["posts"].tolist() == [200, 200]


def test_calibration_is_seen():
    random = np.random.default_rng(3)
    score = random.random(20_000)
    good = calibration(random.random(20_000) < score, score, draws=50)
    bold = calibration(random.random(20_000) < 0.5 + (score - 0.5) / 2, score, draws=50)
    assert good.attrs["error"] < 0.02 < 0.1 < bold.attrs["error"]
    assert (good["low"] <= good["so"]).all()
    assert good["posts"].sum() == 20_000


# --- splits


def test_folds_keep_groups_whole_and_do_not_depend_on_the_order(corpus):
    folds = disclosure.folds_of(corpus["family"])
    assert folds.groupby(corpus["family"]).nunique().eq(1).all()
    sizes = folds.value_counts()
    assert sizes.max() - sizes.min() < 0.1 * len(corpus)
    nameless = corpus["author"].where(np.arange(len(corpus)) % 5 > 0)
    for groups in (corpus["family"], nameless):
        mixed = groups.sample(frac=1, random_state=1)
        assert disclosure.folds_of(mixed)[corpus.index].equals(disclosure.folds_of(groups))
    with pytest.raises(InputError, match="1 groups cannot be dealt"):
        disclosure.folds_of(pd.Series(["a", "a"]))


def test_planted_disclosures_are_found_in_families_that_were_not_met(corpus):
    truth = disclosed(corpus["stance"])
    texts = corpus.assign(text=corpus["text"].where(np.arange(len(corpus)) > 2))
    predicted = disclosure.out_of_fold(texts, truth, corpus["family"], question="disclosure", folds=2, k=0)
    score = chance_of(predicted, OWN)
    assert score.isna().tolist() == predicted["none"].isna().tolist() == [True] * 3 + [False] * (len(corpus) - 3)
    assert np.allclose(predicted[["bare", "detail", "none"]].iloc[3:].sum(axis=1), 1)
    measured = rates(truth[3:].isin(OWN), score[3:] >= 0.5, score[3:], corpus["family"][3:], draws=20)
    assert measured.set_index("measure").loc["f1", "value"] > 0.8
    with pytest.raises(InputError, match="none of the 3 answers here is told"):
        chance_of(predicted, ["told"])


def test_later_days_are_scored_by_earlier_ones_alone(corpus):
    truth, until = disclosed(corpus["stance"]), "2017-10-20"
    early = corpus["created_at"] < until
    later = disclosure.ahead_of_time(corpus, truth, until, question="disclosure", k=0)
    assert later.index.equals(corpus.index[~early])
    other = truth.where(early, "none")  # later answers must not matter
    assert later.equals(disclosure.ahead_of_time(corpus, other, until, question="disclosure", k=0))
    with pytest.raises(InputError, match="nothing to test on"):
        disclosure.ahead_of_time(corpus, truth, "2030-01-01", question="disclosure", k=0)


def test_more_labels_help(corpus):
    how = {"question": "disclosure", "sizes": (100,), "folds": 2, "k": 0}
    curve = disclosure.learning_curve(corpus, disclosed(corpus["stance"]), corpus["family"], **how)
    assert curve["labels"].tolist()[0] == 100
    assert curve["f1"].is_monotonic_increasing
    assert len(curve) == 2


# --- labels

POSTS = pd.DataFrame({"post_id": ["1", "2", "3"], "author": ["a", "b", "c"]}, index=[5, 6, 7])


def labels(*rows):
    return pd.DataFrame(rows, columns=["post_id", "annotator", "disclosure"])


def test_labels_reach_their_posts_and_disputed_ones_are_left_out():
    given = labels(("1", "A", "bare"), ("1", "B", "bare"), ("2", "A", "none"), ("2", "B", "detail"))
    found = answers_of(POSTS, given)
    assert found.tolist()[0] == "bare"
    assert found.isna().tolist() == [False, True, True]
    assert found.attrs["differ"] == 1
    assert answers_of(POSTS, given[given["annotator"] == "B"]).tolist()[:2] == ["bare", "detail"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (labels(), "no post has a label for 'disclosure'.*python -m analysis label"),
        (labels(("1", "A", None)), "no post has a label"),
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
    table = annotators(sample, given, disclosed(sample["stance"]), draws=50)
    f1 = table[table["measure"] == "f1"].set_index("annotator")["value"]
    assert set(f1.index) == {"A", "B"}
    assert f1.between(0.93, 0.98).all()
    with pytest.raises(InputError, match="have a second person label"):
        agreement(given[given["annotator"] == "A"])


def test_labels_beside_a_file_are_found_and_others_refused(tmp_path):
    path = tmp_path / "posts.csv"
    assert labels_beside(POSTS, path) is None
    beside = tmp_path / "labels.csv"
    beside.write_text("post_id,label\n1,1\n3,0\n2,\n")
    assert labels_beside(POSTS, path).values.tolist() == [["1", 1], ["3", 0]]
    beside.write_text("post_id,annotator,disclosure\n1,B,none\n1,A,detail\n2,A,none\n")
    assert labels_beside(POSTS, path).values.tolist() == [["1", 1], ["2", 0]]
    beside.write_text("post_id,label\n1,maybe\n")
    with pytest.raises(InputError, match=r"labels\.csv: the column label holds more than 1 and 0"):
        labels_beside(POSTS, path)
    beside.write_text("post_id,label\n9,1\n")
    with pytest.raises(InputError, match=r"labels\.csv: 1 of 1 labels are of posts that are not here"):
        labels_beside(POSTS, path)
