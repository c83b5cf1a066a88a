"""What a share is a share of, and how many people disclosed by when and where; few people are hidden."""

import numpy as np
import pandas as pd
import pytest

from analysis.disclosure import definitions, people_by_day, people_by_group
from analysis.schema import InputError


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
    assert found["share"].between(found["low"], found["high"]).all()
    timeless = definitions(posts.drop(columns=["created_at", "kind"]), answers, k=0, draws=20)
    assert {"any disclosure, all days"} <= set(timeless["definition"]) < set(found.index)
    few = definitions(posts, pd.Series(["detail"] * 6 + ["none"] * 54), draws=20)
    assert few[["share", "positive"]].isna().all(axis=None)  # what few people wrote is hidden


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


def test_people_are_corrected_day_by_day_and_counted_once():
    posts, score, label = crowd(1)
    other, said, so = crowd(2, authors=1000)
    known = pd.DataFrame({"author": other["author"], "score": said, "label": so.astype(int)})
    found = people_by_day(posts, score, known, draws=10, seed=1)
    truth = [posts["author"][label & (posts["created_at"] < end)].nunique() for end in found["end"]]
    assert found["raw"].iloc[-1] > 1.3 * truth[-1]  # one false positive in many posts is enough
    assert abs(found["people"].iloc[-1] - truth[-1]) < 0.2 * truth[-1]
    assert people_by_day(posts, score)["people"].isna().all()  # nothing is known to correct with


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


def test_a_definition_that_cannot_be_counted_is_named_with_its_line(monkeypatch):
    table = pd.DataFrame([{"definition": "a", "counts": "most", "of": "all", "first_day": None, "last_day": None}])
    monkeypatch.setattr(pd, "read_csv", lambda path: table)
    with pytest.raises(InputError, match="line 2: counts is 'most'"):
        definitions(pd.DataFrame({"text": ["me too"]}), pd.Series(["bare"]))
