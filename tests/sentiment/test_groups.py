"""Shares over time and by group: what is hidden stays hidden, and intervals know which posts hang together.

How often the intervals cover what was planted is measured by benchmarks/recovery_sentiment.py.
"""

import numpy as np
import pandas as pd
import pytest

from analysis.sentiment import by_cut, by_group, label, over_time


def planted(seed, authors=160, days=4, share=0.35):
    """Posts of which `share` are negative: authors lean one way, and a few write much."""
    rng = np.random.default_rng(seed)
    who = np.repeat(np.arange(authors), np.minimum(rng.zipf(2.2, authors), 20))
    own = np.where(rng.random(authors) < 0.5, share + 0.2, share - 0.2)[who]
    compound = np.where(rng.random(len(who)) < own, -0.5, rng.choice([0.0, 0.5], len(who)))
    day = pd.to_timedelta(rng.integers(0, days, len(who)), unit="D")
    posts = pd.DataFrame({"author": [f"a{i}" for i in who], "text": [f"text {i}" for i in range(len(who))]})
    posts["created_at"] = (pd.Timestamp("2017-10-15T08:00", tz="UTC") + day).as_unit("us")
    return posts, pd.DataFrame({"compound": compound})


def crowd(negative, neutral, positive, day="2017-10-16"):
    """One post each by so many authors, of each kind, on a day."""
    compound = np.repeat([-0.5, 0.0, 0.5], [negative, neutral, positive])
    names = [f"{day} {i}" for i in range(len(compound))]
    posts = pd.DataFrame({"created_at": pd.Timestamp(day, tz="UTC").as_unit("us"), "author": names, "text": names})
    return posts, pd.DataFrame({"compound": compound})


def daily(posts, scores, **how):
    return over_time(posts, scores=scores, **{"draws": 50, **how})


def test_label_cuts_where_vaders_authors_do():
    compound = pd.Series([-1, -0.05, -0.0499, 0, 0.0499, 0.05, 1, np.nan], index=list("abcdefgh"))
    assert label(compound).tolist()[:7] == ["negative"] * 2 + ["neutral"] * 3 + ["positive"] * 2
    assert label(compound).isna().tolist() == [False] * 7 + [True]
    assert label(compound, 0)[list("bcdef")].tolist() == ["negative", "negative", "neutral", "positive", "positive"]


@pytest.mark.parametrize("few", [(1, 14, 15), (25, 2, 20), (20, 30, 9), (0, 30, 30)])
def test_shares_that_would_tell_of_a_few_people_are_hidden(few):
    def shown(numbers, **how):
        return daily(*crowd(*numbers), **how).iloc[0].drop(["start", "posts", "authors", "enough"]).notna()

    assert not shown(few).any()
    assert shown(few, k=0).all()
    assert shown((10, 10, 10)).all()


def test_a_hidden_day_cannot_be_worked_out_from_the_others():
    parts = [crowd(3, 20, 20, "2017-10-16"), crowd(30, 40, 50, "2017-10-17"), crowd(60, 70, 80, "2017-10-18")]
    posts, scores = (pd.concat(tables, ignore_index=True) for tables in zip(*parts, strict=True))
    assert daily(posts, scores)["enough"].tolist() == [False, False, True]


def test_the_share_of_exactly_0_does_not_tell_of_a_few_faint_ones():
    posts, scores = crowd(20, 30, 20)
    faint = scores.assign(compound=scores["compound"].where(scores.index != 30, 0.01))
    row = daily(posts, faint).iloc[0]
    assert row[["zero", "zero_low", "zero_high"]].isna().all()
    assert row["neutral"] == daily(posts, scores)["zero"].iloc[0] == pytest.approx(30 / 70)


def test_the_order_of_rows_makes_no_difference():
    posts, scores = planted(5)
    order = np.random.default_rng(1).permutation(len(posts))
    shuffled = daily(posts.iloc[order], scores.iloc[order], seed=2)
    pd.testing.assert_frame_equal(daily(posts, scores, seed=2), shuffled, check_exact=True)


def test_empty_days_are_rows_and_thin_days_and_copies_of_one_text_have_no_interval():
    posts, scores = planted(6, days=1)
    late = posts.iloc[:3].assign(created_at=posts["created_at"].iloc[0] + pd.Timedelta(days=3))
    both, points = pd.concat([posts, late], ignore_index=True), pd.concat([scores, scores.iloc[:3]], ignore_index=True)
    days = daily(both, points, k=0)
    assert days["posts"].tolist() == [len(posts), 0, 0, 3]
    assert days["enough"].tolist() == [True, False, False, False]
    assert days["mean"].notna().tolist() == days["enough"].tolist()
    assert daily(posts.assign(text="one text of five words"), scores, k=0)["enough"].tolist() == [False]


def test_the_interval_is_the_two_way_clustered_one_where_texts_are_copied():
    """Against the standard error worked out slowly: by author, plus by copied text, less by both."""
    posts, scores = planted(12, days=1, authors=300)
    rng = np.random.default_rng(1)
    copied = pd.Series(rng.random(len(posts)) < 0.3)
    which = rng.integers(0, 6, len(posts))
    scores["compound"] = scores["compound"].where(~copied, np.where(which < 3, -0.5, 0.5))
    posts["text"] = posts["text"].where(~copied, [f"a text that many copied {i}" for i in which])
    negative = (scores["compound"] <= -0.05).astype(float)
    residuals = negative - negative.mean()
    one_way = two_way = (residuals.groupby(posts["author"]).sum() ** 2).sum()
    for columns, sign in ((["text"], 1), (["text", "author"], -1)):
        two_way += sign * (residuals[copied].groupby([posts.loc[copied, name] for name in columns]).sum() ** 2).sum()
    assert two_way > 2 * one_way
    row = daily(posts, scores, k=0, draws=1000, seed=1).iloc[0]
    width = 2 * 1.96 * two_way**0.5 / len(posts)
    assert row["negative_high"] - row["negative_low"] == pytest.approx(width, rel=0.1)


def test_an_author_can_have_one_voice_and_posts_of_no_group_are_left_out():
    posts, scores = crowd(30, 30, 31)
    posts["author"] = posts["author"].where(posts.index >= 30, "loud")
    groups = pd.Series(["all"] * 90 + [None], name="stance")
    row = by_group(posts, groups, "author", scores=scores, k=0, draws=50).iloc[0]
    assert (row["stance"], row["posts"]) == ("all", 90)
    assert row[["negative", "neutral", "positive"]].tolist() == pytest.approx([1 / 61, 30 / 61, 30 / 61])


def test_other_cuts_are_rows_unless_a_few_people_lie_between_them():
    posts = pd.DataFrame({"author": [f"a{i}" for i in range(100)], "text": [f"t{i}" for i in range(100)]})
    scores = pd.DataFrame({"compound": np.repeat([-0.5, -0.15, 0.0, 0.15, 0.5], 20)})
    table = by_cut(posts, (0, 0.05, 0.2), scores=scores, draws=20)
    assert table["cut"].tolist() == [0, 0.05, 0.2]
    assert table["negative"].tolist() == pytest.approx([0.4, 0.4, 0.2])
    assert table["enough"].all()
    few = scores.assign(compound=scores["compound"].mask(scores.index == 50, 0.03))
    table = by_cut(posts, (0, 0.05, 0.2), scores=few, draws=20)
    assert table["enough"].tolist() == table["negative"].notna().tolist() == [False, True, False]
