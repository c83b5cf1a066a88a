"""Shares over time and by group: intervals hold what was planted, gaps stay gaps, few people stay hidden."""

import numpy as np
import pandas as pd
import pytest

from analysis.topics import alike, by_group, fit, layout, over_time


def plant(seed, authors=80, shares=(0.5, 0.3, 0.2), each=12):
    """Posts of two days by authors who keep to a mixture of their own."""
    random = np.random.default_rng(seed)
    own = random.dirichlet(shares, 2 * authors)
    many = np.minimum(random.zipf(2.0, 2 * authors), each)
    who = np.repeat(np.arange(2 * authors), many)
    topic = (random.random((len(who), 1)) > own[who].cumsum(axis=1)).sum(axis=1).clip(max=2)
    at = pd.Timestamp("2017-10-15T09:00Z").as_unit("us") + pd.to_timedelta(who // authors, unit="D")
    return pd.DataFrame({"topic": np.array(["a", "b", "none"])[topic], "at": pd.Series(at), "who": who.astype(str)})


def test_intervals_hold_what_was_planted_where_posts_alone_do_not():
    inside, alone = [], []
    for seed in range(25):
        posts = plant(seed)
        for kept, who in ((inside, posts["who"]), (alone, pd.Series(range(len(posts))).astype("str"))):
            found = over_time(posts["topic"], posts["at"], who, k=0)
            planted = found["topic"].map({"a": 0.5, "b": 0.3, "none": 0.2})
            kept.append((found["low"].le(planted) & found["high"].ge(planted)).mean())
    assert 0.91 <= np.mean(inside) <= 0.99
    assert np.mean(alone) < 0.9


def test_copies_widen_the_interval_and_row_order_changes_nothing():
    posts = plant(1)
    text = pd.Series([f"own words of number {i}" for i in range(len(posts))])
    copied = posts["topic"].eq("a") & (np.arange(len(posts)) % 2 == 0)
    text[copied] = "one text that very many people copied"
    plain = over_time(posts["topic"], posts["at"], posts["who"])
    wide = over_time(posts["topic"], posts["at"], posts["who"], text=text)
    width = {name: (t["high"] - t["low"])[t["topic"] == "a"].mean() for name, t in (("p", plain), ("w", wide))}
    assert width["w"] > 1.3 * width["p"]
    order = np.random.default_rng(2).permutation(len(posts))
    mixed = posts.iloc[order]
    again = over_time(mixed["topic"], mixed["at"], mixed["who"], text=text.iloc[order])
    pd.testing.assert_frame_equal(wide, again, check_exact=True)


def test_empty_stretches_are_there_and_few_people_are_hidden():
    posts = plant(3)
    late = posts["who"].astype(int) >= 80
    posts.loc[late, "at"] += pd.Timedelta("2D")
    found = over_time(posts["topic"], posts["at"], posts["who"])
    days = found.groupby("start")
    assert len(days) == 4
    assert days["posts"].sum().tolist()[1:3] == [0, 0]
    assert found[found["posts"] == 0]["share"].isna().all()
    assert days["share"].sum().round(9).tolist() == [1, 0, 0, 1]
    few = ~((posts["topic"] == "none") & ~late) | (posts["who"].astype(int) < 6)
    thin = over_time(posts["topic"][few], posts["at"][few], posts["who"][few]).iloc[:3]
    assert thin["posts"].isna().sum() >= 2  # with the one, a second that would give it away
    assert thin[["people", "share", "low", "high"]][thin["posts"].isna()].isna().all(axis=None)
    nameless = over_time(posts["topic"], posts["at"], pd.Series(None, index=posts.index, dtype="str"))
    assert nameless.loc[nameless["posts"].ne(0).fillna(True), "share"].isna().all()


def test_days_of_another_zone_and_what_cannot_be_done():
    times = pd.Series(pd.to_datetime(["2017-11-05T03:30Z", "2017-11-06T04:59Z"] * 20)).dt.as_unit("us")
    found = over_time(pd.Series(["a"] * 40), times, pd.Series(range(40)).astype("str"), zone="America/New_York", k=0)
    assert found["start"].astype("str").tolist() == ["2017-11-04 00:00:00-04:00", "2017-11-05 00:00:00-04:00"]
    assert (found["posts"] == 20).all()
    for wrong, words in (
        ({"every": "1M"}, "no fixed length"),
        ({"every": "6h", "zone": "Asia/Tokyo"}, "whole days"),
        ({"zone": "Mars"}, "no time zone"),
        ({"level": 2}, "level"),
    ):
        with pytest.raises(ValueError, match=words):
            over_time(pd.Series(["a"] * 40), times, pd.Series(range(40)).astype("str"), **wrong)
    with pytest.raises(ValueError, match="no time zone"):
        over_time(pd.Series(["a"]), pd.Series(pd.to_datetime(["2017-11-05"])), pd.Series(["x"]))
    with pytest.raises(ValueError, match="each post needs"):
        over_time(pd.Series(["a"] * 3), times, pd.Series(["x"] * 40))
    empty = over_time(pd.Series([], dtype="str"), times[:0], pd.Series([], dtype="str"))
    assert empty.empty
    assert str(empty["start"].dtype) == "datetime64[us, UTC]"


def test_shares_by_group():
    posts = plant(4)
    stance = pd.Series(np.where(posts["who"].astype(int) < 80, "support", "doubt"), name="stance")
    found = by_group(posts["topic"], stance, posts["who"])
    assert found["stance"].tolist() == ["doubt"] * 3 + ["support"] * 3
    assert found.groupby("stance")["share"].sum().round(9).tolist() == [1, 1]


WORDS = ("ship sail mast", "oven bread flour", "rose soil seed")


def texts(n=240, seed=1):
    random = np.random.default_rng(seed)
    lines = [[*random.choice(WORDS[i % 3].split(), 2).tolist(), str(random.choice(["day", "week"]))] for i in range(n)]
    return pd.Series([" ".join(line) + f" extra{i % 40}" for i, line in enumerate(lines)])


def test_the_map_tells_what_it_holds_and_hides_the_few():
    posts = texts()
    found, who = fit(posts, k=3), pd.Series(range(240)).astype("str")
    table = layout(found, posts, who, k=0)
    assert table["posts"][table["what"] == "hexagon"].sum() == 240
    assert table["held"].unique() == pytest.approx([1.0])  # three topics lie on a plane
    order = np.random.default_rng(3).permutation(240)
    pd.testing.assert_frame_equal(table, layout(found, posts.iloc[order], who.iloc[order], k=0), check_exact=True)
    hidden = layout(found, posts, who)
    shown = hidden["posts"][hidden["what"] == "hexagon"]
    assert shown.min() >= 10
    assert shown.sum() + hidden["posts"][hidden["what"] == "left out"].sum() == 240
    assert (layout(found, posts)["what"] != "hexagon").all()  # who can't be told apart is not taken for many
    near = alike(found)
    assert near["likeness"].between(0, 1).all()
    assert len(near) == 6
    with pytest.raises(ValueError, match="no map"):
        layout(fit(posts, k=1), posts)


def test_posts_that_name_nobody_are_one_persons_with_their_texts_too():
    """Forty texts without an author may all be by one: giving the texts makes them no more people."""
    topic, group = pd.Series(["topic 1"] * 40), pd.Series(["support"] * 40, name="stance")
    nobody, texts = pd.Series([None] * 40, dtype="str"), pd.Series([f"ship {i} sails" for i in range(40)])
    for text in (None, texts):
        assert by_group(topic, group, nobody, text=text)["posts"].isna().all()
        assert by_group(topic, group, nobody, text=text, k=0)["people"].tolist() == [1]
