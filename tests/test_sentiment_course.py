"""Shares over time and by group: what is hidden stays hidden, and the intervals cover what was planted."""

import numpy as np
import pandas as pd
import pytest

from analysis import sentiment
from analysis.sentiment import by_cut, label


def over_time(posts, scores, **how):
    """Call it with the posts and scores that :func:`planted` gives."""
    return sentiment.over_time(posts, scores=scores, **how)


def by_group(posts, scores, groups, **how):
    """Call it with the posts and scores that :func:`planted` gives."""
    return sentiment.by_group(posts, groups, scores=scores, **how)


def test_label_cuts_where_vaders_authors_do():
    compound = pd.Series([-1, -0.05, -0.0499, 0, 0.0499, 0.05, 1, np.nan], index=list("abcdefgh"))
    assert label(compound).tolist()[:7] == ["negative"] * 2 + ["neutral"] * 3 + ["positive"] * 2
    assert label(compound).isna().tolist() == [False] * 7 + [True]
    assert label(compound, 0)[list("bcdef")].tolist() == ["negative", "negative", "neutral", "positive", "positive"]
    with pytest.raises(ValueError, match="cut"):
        label(compound, 5)


def planted(seed, authors=160, days=4, share=0.35):
    """Posts of which `share` are negative: authors lean one way, and a few write much."""
    random = np.random.default_rng(seed)
    who = np.repeat(np.arange(authors), np.minimum(random.zipf(2.2, authors), 20))
    own = np.where(random.random(authors) < 0.5, share + 0.2, share - 0.2)[who]
    compound = np.where(random.random(len(who)) < own, -0.5, random.choice([0.0, 0.5], len(who)))
    day = pd.to_timedelta(random.integers(0, days, len(who)), unit="D")
    posts = pd.DataFrame(
        {
            "created_at": (pd.Timestamp("2017-10-15T08:00", tz="UTC") + day).as_unit("us"),
            "author": [f"a{i}" for i in who],
            "text": [f"text {i}" for i in range(len(who))],
        }
    )
    return posts, pd.DataFrame({"compound": compound})


def test_the_interval_covers_what_was_planted():
    inside = []
    for seed in range(60):
        days = over_time(*planted(seed), draws=200, seed=seed, k=0)
        inside += ((days["negative_low"] <= 0.35) & (days["negative_high"] >= 0.35))[days["enough"]].tolist()
    assert len(inside) > 200
    assert 0.88 < np.mean(inside) < 0.99


def test_the_difference_is_told_apart_from_nothing_as_seldom_as_promised():
    told, apart = [], []
    for seed in range(60):
        posts, scores = planted(seed)
        lot = np.random.default_rng([seed, 1]).choice([1.0, -1.0], len(posts))
        days = over_time(posts, scores.mul(lot, axis=0), draws=200, seed=seed, k=0)
        days = days[days["enough"]]
        assert np.allclose(days["difference"], days["positive"] - days["negative"])
        told += ((days["difference_low"] > 0) | (days["difference_high"] < 0)).tolist()
        apart += (
            (days["positive_low"] > days["negative_high"]) | (days["negative_low"] > days["positive_high"])
        ).tolist()
    assert 0.01 < np.mean(told) < 0.12
    assert np.mean(apart) < np.mean(told)  # that bands part is another test, with another promise


def crowd(negative, neutral, positive, day="2017-10-16"):
    """One post each by so many authors, of each kind, on a day."""
    compound = np.repeat([-0.5, 0.0, 0.5], [negative, neutral, positive])
    start = pd.Series(pd.to_datetime([day] * len(compound), utc=True)).dt.as_unit("us")
    names = [f"{day} {i}" for i in range(len(compound))]
    return pd.DataFrame({"created_at": start, "author": names, "text": names}), pd.DataFrame({"compound": compound})


@pytest.mark.parametrize("few", [(1, 14, 15), (25, 2, 20), (20, 30, 9), (0, 30, 30)])
def test_shares_that_would_tell_of_a_few_people_are_hidden(few):
    def shown(numbers, **how):
        row = over_time(*crowd(*numbers), draws=50, **how).iloc[0]
        return row.drop(["start", "posts", "authors", "enough"]).notna()

    assert not shown(few).any()
    assert shown(few, k=0).all()
    assert shown((10, 10, 10)).all()


def test_a_hidden_day_cannot_be_worked_out_from_the_others():
    parts = [crowd(3, 20, 20, "2017-10-16"), crowd(30, 40, 50, "2017-10-17"), crowd(60, 70, 80, "2017-10-18")]
    posts, scores = (pd.concat(tables, ignore_index=True) for tables in zip(*parts, strict=True))
    assert over_time(posts, scores, draws=20)["enough"].tolist() == [False, False, True]


def test_the_share_of_exactly_0_does_not_tell_of_a_few_faint_ones():
    posts, scores = crowd(20, 30, 20)
    faint = scores.assign(compound=scores["compound"].where(scores.index != 30, 0.01))
    row = over_time(posts, faint, draws=20).iloc[0]
    assert row[["zero", "zero_low", "zero_high"]].isna().all()
    assert row["neutral"] == pytest.approx(30 / 70)
    assert over_time(posts, scores, draws=20)["zero"].iloc[0] == pytest.approx(30 / 70)


def width(table):
    return table["negative_high"].iloc[0] - table["negative_low"].iloc[0]


def test_the_interval_is_wider_where_one_author_wrote_much():
    posts, scores = planted(3, authors=100, days=1)
    loud = posts.assign(author=posts["author"].where(scores["compound"].ge(0), "one"))
    assert width(over_time(loud, scores, k=0)) > 1.5 * width(over_time(posts, scores, k=0))


def test_over_time_does_not_depend_on_row_order():
    posts, scores = planted(5)
    order = np.random.default_rng(1).permutation(len(posts))
    one = over_time(posts, scores, draws=50, seed=2)
    two = over_time(posts.iloc[order], scores.iloc[order], draws=50, seed=2)
    pd.testing.assert_frame_equal(one, two, check_exact=True)


def test_empty_days_are_rows_and_thin_days_have_no_interval():
    posts, scores = planted(6, days=1)
    late = posts.iloc[:3].assign(created_at=posts["created_at"].iloc[0] + pd.Timedelta(days=3))
    both, points = pd.concat([posts, late], ignore_index=True), pd.concat([scores, scores.iloc[:3]], ignore_index=True)
    days = over_time(both, points, draws=50, k=0)
    assert days["posts"].tolist() == [len(posts), 0, 0, 3]
    assert days["enough"].tolist() == [True, False, False, False]
    for name in ("mean", "negative", "zero_low"):
        assert days[name].notna().tolist() == days["enough"].tolist()
    assert str(days["start"].dtype) == "datetime64[us, UTC]"


def test_shares_add_up_and_follow_the_labels():
    posts, scores = planted(7, days=2)
    days = over_time(posts, scores, draws=20)
    assert np.allclose(days[["negative", "neutral", "positive"]].sum(axis=1), 1)
    assert np.allclose((days["negative"] * days["posts"]).sum(), (scores["compound"] <= -0.05).sum())
    assert np.allclose(days["zero"], days["neutral"])


def test_a_share_of_nothing_still_has_an_interval():
    posts, _ = planted(8, days=1)
    row = over_time(posts, pd.DataFrame({"compound": np.full(len(posts), 0.4)}), draws=50, k=0).iloc[0]
    assert (row["negative"], row["positive"], row["difference"]) == (0, 1, 1)
    assert 0.8 < row["difference_low"] < 1
    assert row["difference_high"] == 1
    assert 0 < row["negative_high"] < 0.1
    assert 0.9 < row["positive_low"] < 1


def test_posts_without_an_author_are_drawn_with_their_copies():
    posts, scores = planted(9, days=1, authors=200)
    alone = posts.assign(author=pd.Series([None] * len(posts), dtype="str"))
    copied = alone.assign(text=alone["text"].where(scores["compound"] >= 0, "one text of five words"))
    assert width(over_time(copied, scores, k=0)) > 2 * width(over_time(alone, scores, k=0))


def test_by_group_leaves_out_posts_of_no_group_and_posts_without_score():
    posts, scores = planted(10)
    groups = pd.Series(np.where(np.arange(len(posts)) % 3 == 0, "b", "a"), name="stance").where(posts.index != 0)
    scores.loc[1] = np.nan
    found = by_group(posts, scores, groups, draws=20)
    assert found.columns[0] == "stance"
    assert found["stance"].tolist() == ["a", "b"]
    assert found["posts"].sum() == len(posts) - 2
    with pytest.raises(ValueError, match="draws"):
        by_group(posts, scores, groups, draws=0)


def test_no_posts_give_an_empty_table():
    posts, scores = planted(11)
    for kept in (posts.iloc[:0], posts.iloc[:5].assign(created_at=pd.NaT)):
        days = over_time(kept, scores.loc[kept.index], draws=5)
        assert len(days) == 0
        assert "negative_low" in days


def test_the_interval_is_the_two_way_clustered_one_where_texts_are_copied():
    """Against the standard error worked out slowly: by author, plus by copied text, less by both."""
    posts, scores = planted(12, days=1, authors=300)
    random = np.random.default_rng(1)
    copied = pd.Series(random.random(len(posts)) < 0.3)
    which = random.integers(0, 6, len(posts))
    posts["text"] = posts["text"].where(~copied, [f"a text that many copied {i}" for i in which])
    scores["compound"] = scores["compound"].where(~copied, np.where(which < 3, -0.5, 0.5))
    negative = (scores["compound"] <= -0.05).astype(float)
    rest = negative - negative.mean()
    total = (rest.groupby(posts["author"]).sum() ** 2).sum()
    one_way = total
    for columns, sign in ((["text"], 1), (["text", "author"], -1)):
        total += sign * (rest[copied].groupby([posts.loc[copied, name] for name in columns]).sum() ** 2).sum()
    assert total > 2 * one_way
    found = over_time(posts, scores, k=0, draws=4000, seed=1)
    assert width(found) == pytest.approx(2 * 1.96 * total**0.5 / len(posts), rel=0.06)
    apart = over_time(posts, scores, k=0, draws=4000, seed=1, copied=7)
    assert width(apart) == pytest.approx(2 * 1.96 * one_way**0.5 / len(posts), rel=0.06)


def test_copies_of_one_text_alone_are_too_few_however_many_copied_it():
    posts, scores = planted(13, days=1, authors=200)
    same = posts.assign(text="one text of five words")
    assert over_time(posts, scores, k=0)["enough"].tolist() == [True]
    assert over_time(same, scores, k=0)["enough"].tolist() == [False]


def test_weights_give_a_text_or_an_author_one_voice():
    compound = np.repeat([-0.5, 0.5, 0.0], [40, 40, 40])
    loud = ["loud"] * 30 + [f"n{i}" for i in range(10)] + [f"p{i}" for i in range(40)] + [f"z{i}" for i in range(40)]
    texts = [f"text {i}" for i in range(80)] + ["Me too", "me too!"] * 20
    posts = pd.DataFrame({"author": loud, "text": texts})
    groups = pd.Series(["all"] * 120)
    scores = pd.DataFrame({"compound": compound})

    def shares(by):
        row = sentiment.by_group(posts, groups, by, scores=scores, k=0, draws=50).iloc[0]
        return row[["negative", "neutral", "positive"]].tolist()

    assert shares("post") == pytest.approx([1 / 3, 1 / 3, 1 / 3])
    assert shares("author") == pytest.approx([11 / 91, 40 / 91, 40 / 91])
    assert shares("text") == pytest.approx([40 / 81, 1 / 81, 40 / 81])
    with pytest.raises(ValueError, match="by is 'person'"):
        shares("person")


def test_posts_are_scored_where_no_scores_are_given():
    posts = pd.DataFrame(
        {
            "author": [f"a{i}" for i in range(90)],
            "text": ["I love it", "I hate it", "It is"] * 30,
            "created_at": pd.Timestamp("2017-10-16", tz="UTC"),
        }
    )
    days = sentiment.over_time(posts, "1D", "author", k=0, draws=20)
    assert days[["negative", "neutral", "positive"]].iloc[0].tolist() == pytest.approx([1 / 3] * 3)
    scores = pd.DataFrame({"compound": np.full(90, 0.3)})
    assert sentiment.over_time(posts, scores=scores, k=0, draws=20)["positive"].tolist() == [1]


def test_other_cuts_are_rows_unless_a_few_people_lie_between_them():
    compound = np.repeat([-0.5, -0.15, 0.0, 0.15, 0.5], 20)
    posts = pd.DataFrame({"author": [f"a{i}" for i in range(100)], "text": [f"t{i}" for i in range(100)]})
    scores = pd.DataFrame({"compound": compound})
    found = by_cut(posts, (0, 0.05, 0.2), scores=scores, draws=20)
    assert found["cut"].tolist() == [0, 0.05, 0.2]
    assert found["negative"].tolist() == pytest.approx([0.4, 0.4, 0.2])
    assert found["enough"].all()
    few = scores.assign(compound=scores["compound"].mask(scores.index == 50, 0.03))
    found = by_cut(posts, (0, 0.05, 0.2), scores=few, draws=20)
    assert found["enough"].tolist() == [False, True, False]
    assert found["negative"].notna().tolist() == [False, True, False]
    assert by_cut(posts, (0, 0.05, 0.2), scores=few, draws=20, k=0)["enough"].all()
