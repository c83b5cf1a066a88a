"""Shares of topics: intervals hold what was planted, gaps stay gaps, few people stay hidden."""

import numpy as np
import pandas as pd
import pytest

from analysis.topics import NONE, agreement, by_group, over_time, sizes


def plant(seed, authors=80, shares=(0.5, 0.3, 0.2), each=12):
    """Posts of two days by authors who keep to a mixture of their own."""
    random = np.random.default_rng(seed)
    own = random.dirichlet(shares, 2 * authors)
    many = np.minimum(random.zipf(2.0, 2 * authors), each)
    who = np.repeat(np.arange(2 * authors), many)
    topic = (random.random((len(who), 1)) > own[who].cumsum(axis=1)).sum(axis=1).clip(max=2)
    at = pd.Timestamp("2017-10-15T09:00Z").as_unit("us") + pd.to_timedelta(who // authors, unit="D")
    return pd.DataFrame({"topic": np.array(["a", "b", NONE])[topic], "at": pd.Series(at), "who": who.astype(str)})


def test_agreement_tells_chance_from_sameness():
    truth = pd.Series(np.random.default_rng(1).choice(list("abc"), 600))
    people = pd.Series(np.arange(600)).astype("str")
    random = pd.Series(np.random.default_rng(3).permutation(truth))
    agreed = agreement(random, truth, people)
    assert abs(agreed["ami"]) < 0.02
    assert agreement(truth, truth, people)["ami"] == pytest.approx(1)


def test_sizes_draw_people_and_not_posts():
    topics = pd.Series(["topic 1"] * 100 + [NONE] * 100)
    alone, few = pd.Series([f"a{i}" for i in range(200)]), pd.Series([f"a{i // 20}" for i in range(200)])
    one, ten = (sizes(topics, who, k=0).iloc[0] for who in (alone, few))
    assert ten["high"] - ten["low"] > 2 * (one["high"] - one["low"])
    order = np.random.default_rng(2).permutation(200)
    pd.testing.assert_frame_equal(sizes(topics[order], few[order]), sizes(topics, few), check_exact=True)


def test_sizes_hide_topics_of_few_people_and_not_of_few_posts():
    topics = pd.Series(["topic 1"] * 50 + ["topic 2"] * 60 + ["topic 3"] * 70 + [NONE] * 80)
    people = pd.Series(["one"] * 50 + [f"a{i}" for i in range(210)])
    hidden = sizes(topics, people).set_index("topic")["posts"].isna()
    assert hidden[hidden].index.tolist() == ["topic 2", "topic 1"]  # and a second one, for the sum would tell
    assert sizes(topics, people.where(topics != "topic 1")).isna().equals(sizes(topics, people).isna())


def test_authors_and_copies_widen_the_interval_and_row_order_changes_nothing():
    posts = plant(1)
    text = pd.Series([f"own words of number {i}" for i in range(len(posts))])
    text[posts["topic"].eq("a") & (np.arange(len(posts)) % 2 == 0)] = "one text that very many people copied"
    alone = pd.Series(range(len(posts))).astype("str")
    whole = over_time(posts["topic"], posts["at"], posts["who"], text=text)
    tables = [*(over_time(posts["topic"], posts["at"], who) for who in (alone, posts["who"])), whole]
    by_post, by_author, by_both = ((table["high"] - table["low"])[table["topic"] == "a"].mean() for table in tables)
    assert by_author > 1.2 * by_post
    assert by_both > 1.3 * by_author
    mixed = posts.assign(text=text).sample(frac=1, random_state=2)
    again = over_time(mixed["topic"], mixed["at"], mixed["who"], text=mixed["text"])
    pd.testing.assert_frame_equal(whole, again, check_exact=True)


def test_empty_stretches_are_there_and_few_people_are_hidden():
    posts = plant(3)
    late = posts["who"].astype(int) >= 80
    posts.loc[late, "at"] += pd.Timedelta("2D")
    table = over_time(posts["topic"], posts["at"], posts["who"])
    days = table.groupby("start")
    assert days["posts"].sum().tolist()[1:3] == [0, 0]
    assert table[table["posts"] == 0]["share"].isna().all()
    assert days["share"].sum().round(9).tolist() == [1, 0, 0, 1]
    few = ~((posts["topic"] == NONE) & ~late) | (posts["who"].astype(int) < 6)
    thin = over_time(posts["topic"][few], posts["at"][few], posts["who"][few]).iloc[:3]
    assert thin["posts"].isna().sum() >= 2  # with the one, a second that would give it away
    assert thin[["people", "share", "low", "high"]][thin["posts"].isna()].isna().all(axis=None)


TIMES = pd.Series(pd.to_datetime(["2017-11-05T03:30Z", "2017-11-06T04:59Z"] * 20)).dt.as_unit("us")
ALL_A, FORTY = pd.Series(["a"] * 40), pd.Series(range(40)).astype("str")


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda: over_time(ALL_A, TIMES, FORTY, every="1M"), "no fixed length"),
        (lambda: over_time(ALL_A, TIMES.dt.tz_localize(None), FORTY), "no time zone"),
        (lambda: sizes(ALL_A, FORTY[:2]), "40 topics and 2 authors"),
    ],
)
def test_what_cannot_be_done_is_refused(ask, message):
    with pytest.raises(ValueError, match=message):
        ask()


def test_shares_by_group_and_posts_that_name_nobody_are_one_persons():
    posts = plant(4)
    stance = pd.Series(np.where(posts["who"].astype(int) < 80, "support", "doubt"), name="stance")
    table = by_group(posts["topic"], stance, posts["who"])
    assert table.groupby("stance")["share"].sum().round(9).tolist() == [1, 1]
    nobody, texts = pd.Series([None] * 40, dtype="str"), pd.Series([f"ship {i} sails" for i in range(40)])
    assert by_group(ALL_A, ALL_A, nobody, text=texts)["posts"].isna().all()
    assert by_group(ALL_A, ALL_A, nobody, text=texts, k=0)["people"].tolist() == [1]
