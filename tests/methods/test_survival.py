"""What ids lose: snapshots are compared with an interval, a loss that picks is told from one by chance."""

import numpy as np
import pandas as pd
import pytest

from analysis.intervals import wilson_interval
from analysis.methods.survival import bend, survival
from analysis.posts import load_posts, load_truth


def snapshot(n=400, authors=None):
    """Posts of two days and languages."""
    random = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "post_id": [str(1000 + i) for i in range(n)],
            "created_at": pd.Timestamp("2017-10-15T23:00Z") + pd.to_timedelta(np.arange(n) % 2, unit="h"),
            "lang": np.where(np.arange(n) % 4 == 0, "sv", "en"),
            "author": pd.array(random.integers(0, authors, n).astype(str) if authors else [pd.NA] * n, dtype="str"),
        }
    )


def test_survival_counts_by_day_and_by_group_in_any_row_order():
    then = snapshot()
    now = then[(then["lang"] == "sv") | (np.arange(400) % 8 > 3)]
    days = survival(now, then, k=0)
    assert days["day"].tolist() == ["2017-10-15", "2017-10-16"]
    assert (days["posts"].sum(), days["gone"].sum()) == (400, 400 - len(now))
    langs = survival(now, then, "lang", k=0).set_index("lang")
    assert langs.loc["sv", ["gone", "share"]].tolist() == [0, 0]
    assert langs.loc["en", "share"] == pytest.approx(0.5)
    undated = then.assign(created_at=then["created_at"].mask(np.arange(400) < 50))
    assert survival(then.iloc[10:], undated, k=0)["day"].tolist() == ["2017-10-15", "2017-10-16", "missing"]
    mixed = survival(now.iloc[::-1], then.sample(frac=1, random_state=2), k=0)
    pd.testing.assert_frame_equal(days, mixed)


def test_without_authors_the_interval_is_wilsons_and_authors_who_delete_all_widen_it():
    then = snapshot(200)
    whole = survival(then.iloc[50:], then, None, k=0).iloc[0]
    assert (whole["share"], whole["low"], whole["high"]) == pytest.approx(tuple(wilson_interval(50, 200).values()))
    assert (whole["group"], whole["interval"], pd.isna(whole["authors"])) == ("all", "posts", True)
    then = snapshot(authors=40)
    alone = survival(then[then["author"].astype(int) >= 12], then, None, k=0).iloc[0]
    spread = survival(then.iloc[::2], then, None, k=0).iloc[0]
    assert (alone["interval"], alone["authors"]) == ("authors", then["author"].nunique())
    assert alone["high"] - alone["low"] > 2 * (spread["high"] - spread["low"])


def test_a_share_of_clustered_losses_holds_the_truth():
    inside = 0
    for seed in range(12):
        random = np.random.default_rng(seed)
        own = random.beta(0.35, 0.65, 100)
        who = np.repeat(np.arange(100), np.minimum(random.zipf(2.2, 100), 20))
        gone = random.random(len(who)) < own[who]
        then = pd.DataFrame({"post_id": np.arange(len(who)).astype(str), "author": who.astype(str)})
        whole = survival(then[~gone], then, None, k=0).iloc[0]
        inside += whole["low"] <= 0.35 <= whole["high"]
    assert inside >= 9  # of 11 that are promised


def test_small_groups_are_hidden_on_real_posts():
    then = snapshot(60, authors=1000)
    then.loc[:3, "lang"] = "fi"
    hidden = survival(then.iloc[::2], then, "lang").set_index("lang")
    assert hidden.loc["fi", ["posts", "gone", "share", "low", "high"]].isna().all()
    assert "fewer than 10 people" in hidden.loc["fi", "reason"]


@pytest.mark.parametrize(
    ("now", "then", "by", "message"),
    [
        (snapshot().assign(post_id=lambda d: d["post_id"] + "x"), snapshot(), None, "same collection"),
        (snapshot(), pd.concat([snapshot(), snapshot(1)]), None, "twice or missing"),
        (snapshot(), snapshot().iloc[:0], None, "no posts"),
        (snapshot(), snapshot(), "stance", "no column 'stance'"),
    ],
)
def test_survival_refuses_what_cannot_be_compared(now, then, by, message):
    with pytest.raises(ValueError, match=message):
        survival(now, then, by)


def test_what_is_planted_in_the_sample_is_found_and_a_loss_that_picks_is_told_from_one_by_chance():
    posts, truth = load_posts(), load_truth()
    then = posts.assign(detail=(truth["stance"] == "detail").to_numpy(), stance=truth["stance"].to_numpy())
    gone = (truth["deleted"] == "yes").to_numpy()
    own = (then["kind"] != "repost").to_numpy()
    shares = survival(then[own & ~gone], then[own], "stance").set_index("stance")
    for stance, planted in {"humour_spam": 0.58, "detail": 0.47, "news": 0.18}.items():
        assert shares.loc[stance, "low"] - 0.01 <= planted <= shares.loc[stance, "high"] + 0.01
    measures = {"share of details": lambda p: p["detail"].mean(), "posts": len, "none": lambda p: np.nan}
    table = bend(then[~gone], then, measures, draws=40, seed=1).set_index("measure")
    assert table.loc["share of details", "bent"]
    assert table.loc["share of details", "difference"] < table.loc["share of details", "low"]
    assert table.loc["posts", ["bent", "now"]].tolist() == [False, (~gone).sum()]
    assert survival(then[~gone], then)["share"].notna().all()  # nobody invented is hidden
    assert "cannot be told" in table.loc["none", "reason"]
    random = then[np.random.default_rng(1).permutation(~gone)]
    assert not bend(random, then, measures, draws=40)["bent"].iloc[0]
