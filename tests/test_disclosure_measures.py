"""What is measured of answers is what others would compute, and its intervals cover; labels are read with care."""

import numpy as np
import pandas as pd
import pytest
from sklearn import metrics

from analysis.disclosure import (
    agreement,
    annotators,
    answers_of,
    calibration,
    definitions,
    disclosed,
    f1_difference,
    labels_beside,
    people_by_day,
    people_by_group,
    rates,
    rates_by,
)
from analysis.posts import load_sample
from analysis.schema import InputError, find_root

RANDOM = np.random.default_rng(1)


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
    mixed = RANDOM.permutation(400)
    first, second = rates(truth, said, score, who), rates(truth[mixed], said[mixed], score[mixed], who[mixed])
    pd.testing.assert_frame_equal(first, second)


def test_groups_that_err_together_widen_the_interval():
    truth = np.tile([True, False], 200)
    who = np.repeat(np.arange(20), 20)
    said = np.where(who % 4 == 0, ~truth, truth)  # five of twenty authors are misread throughout
    wide, narrow = (rates(truth, said, who=w).set_index("measure").loc["f1"] for w in (who, None))
    assert wide["high"] - wide["low"] > 2 * (narrow["high"] - narrow["low"])


def test_the_interval_of_f1_covers_what_was_planted():
    inside, exact = [], 2 * 0.4 * 0.8 / (0.4 + 0.4 * 0.8 + 0.6 * 0.1)
    for seed in range(120):
        random = np.random.default_rng(seed)
        truth = random.random(500) < 0.4
        said = random.random(500) < np.where(truth, 0.8, 0.1)
        row = rates(truth, said, draws=200, seed=seed).set_index("measure").loc["f1"]
        inside.append(row["low"] <= exact <= row["high"])
    assert 0.95 - 3 * np.sqrt(0.05 * 0.95 / 120) <= np.mean(inside)


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


def test_two_sets_of_answers_are_compared_on_the_same_draws():
    truth, said, _ = planted()
    same = f1_difference(truth, said, said, draws=50)
    assert same == {"difference": 0, "low": 0, "high": 0}
    better = f1_difference(truth, truth, said, draws=200)
    assert 0 < better["low"] < better["difference"] < better["high"]


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


# --- shares and people


def everyday(n=60):
    posts = pd.DataFrame({"text": [f"text {i}" for i in range(n)], "author": [f"a{i // 2}" for i in range(n)]})
    posts["created_at"] = pd.Timestamp("2017-10-16", tz="UTC") + pd.to_timedelta(np.arange(n), unit="h")
    posts["kind"] = np.where(np.arange(n) % 6 == 5, "repost", "original")
    return posts


def test_each_definition_counts_what_it_says():
    posts = everyday()
    answers = pd.Series(np.where(np.arange(60) < 20, "bare", np.where(np.arange(60) < 30, "detail", "none")))
    acts = pd.Series(np.where(np.arange(60) < 25, "touch", "remarks"))
    found = definitions(posts, answers, acts, k=0, draws=50).set_index("definition")
    authored = posts["kind"] != "repost"
    assert found.loc["any disclosure, all days", "share"] == pytest.approx(25 / 50)
    assert found.loc["any disclosure, reposts in the denominator", "share"] == pytest.approx(25 / 60)
    first_day = authored & (posts["created_at"] < "2017-10-17")
    assert found.loc["any disclosure on the first full day", "posts"] == first_day.sum()
    detailed = (answers == "detail") & authored
    assert found.loc["detail, of all disclosures", "share"] == pytest.approx(detailed.sum() / 25)
    assert found.loc["an act told in detail, first week", "positive"] == (detailed & (acts == "touch")).sum()
    assert found["low"].le(found["share"]).all()
    assert found["high"].ge(found["share"]).all()
    assert found.loc["an act told in detail, first week", "published"] == pytest.approx(0.11)


def test_without_acts_or_times_only_what_can_be_answered_is():
    posts = everyday().drop(columns=["created_at", "kind"])
    answers = pd.Series(["bare", "none"] * 30)
    found = definitions(posts, answers, k=0, draws=20)
    assert "an act told in detail, first week" not in set(found["definition"])
    assert "any disclosure on the first full day" not in set(found["definition"])
    assert "any disclosure, all days" in set(found["definition"])


def test_a_share_of_few_people_is_hidden():
    posts, answers = everyday(), pd.Series(["detail"] * 6 + ["none"] * 54)
    found = definitions(posts, answers, draws=20)
    assert found["share"].isna().all()
    assert found["positive"].isna().all()


def crowd(seed, authors=400, rate=0.3, wrong=0.05, sensitivity=0.85):
    """Authors who post one to twelve times over five days, some of whom disclose, read with errors."""
    random = np.random.default_rng(seed)
    posts = pd.DataFrame({"author": np.repeat([f"a{i}" for i in range(authors)], random.integers(1, 13, authors))})
    telling = np.isin(posts["author"], [f"a{i}" for i in range(int(rate * authors))])
    label = telling & (random.random(len(posts)) < 0.5)
    score = (random.random(len(posts)) < np.where(label, sensitivity, wrong)).astype(float)
    days = pd.to_timedelta(random.integers(0, 120, len(posts)), unit="h")
    posts["created_at"] = pd.Timestamp("2017-10-16", tz="UTC") + days
    return posts, pd.Series(score), pd.Series(label)


def test_one_group_of_posts_has_no_interval():
    truth, said = [1, 1, 1, 0], [1, 1, 0, 0]
    for who, known in ((["a"] * 4, False), (["a", "a", "b", "b"], True)):
        found = rates(truth, said, who=who).set_index("measure").loc["f1"]
        assert found["value"] == 0.8
        assert found[["low", "high"]].notna().all() == known


def test_people_are_corrected_day_by_day_and_counted_once():
    posts, score, label = crowd(1)
    other, said, so = crowd(2, authors=2000)
    known = pd.DataFrame({"author": other["author"], "score": said, "label": so.astype(int)})
    found = people_by_day(posts, score, known, draws=60, seed=1)
    truth = [posts["author"][label & (posts["created_at"] < end)].nunique() for end in found["end"]]
    assert found["raw"].iloc[-1] > 1.3 * truth[-1]  # one false positive in many posts is enough
    assert abs(found["people"].iloc[-1] - truth[-1]) < 0.2 * truth[-1]
    assert found["authors"].is_monotonic_increasing
    assert len(found) == 5
    alone = people_by_day(posts, score, known, cumulated=False, draws=20)
    assert alone["authors"].sum() > found["authors"].iloc[-1]
    bare = people_by_day(posts, score)
    assert bare["people"].isna().all()
    assert bare["raw"].tolist() == found["raw"].tolist()


def test_no_two_days_tell_of_a_few_people_when_subtracted():
    new = [(30, 30), (2, 40), (12, 12), (12, 0), (15, 15)]  # people a day who are called so, and others
    flags = np.concatenate([[1.0] * yes + [0.0] * no for yes, no in new])
    days = np.repeat(np.arange(len(new)), [yes + no for yes, no in new])
    posts = pd.DataFrame({"author": [f"a{i}" for i in range(len(flags))]})
    posts["created_at"] = pd.Timestamp("2017-10-16", tz="UTC") + pd.to_timedelta(days, unit="D")
    found = people_by_day(posts, pd.Series(flags)).set_index("end")
    shown = found.loc[found["enough"]]
    assert shown["raw"].tolist() == [32, 44, 56, 71]  # the last day stays; that to which two were added goes
    assert found.loc[~found["enough"], ["raw", "people"]].isna().all(axis=None)
    assert people_by_day(posts, pd.Series(flags), k=0)["enough"].all()


def test_people_of_small_groups_are_hidden():
    posts, score, _ = crowd(1)
    platform = pd.Series(np.where(posts["author"].isin(["a0", "a1", "a2"]), "facebook", "twitter"), name="platform")
    found = people_by_group(posts, score, platform).set_index("platform")
    assert found["raw"].isna().all()  # the other one would be given away by the total
    assert people_by_group(posts, score, platform, k=0)["raw"].notna().all()


def test_without_authors_nobody_is_counted():
    posts, score, _ = crowd(1)
    for one in (posts.drop(columns="author"), posts.assign(author=None)):
        with pytest.raises(InputError, match="people cannot be told apart"):
            people_by_day(one, score)
        with pytest.raises(InputError, match="people cannot be told apart"):
            people_by_group(one, score, posts["created_at"].dt.day)


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
