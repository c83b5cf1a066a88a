"""What ids lose, and what is published: snapshots are compared with an interval, claims are set beside counts."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.intervals import wilson_interval
from analysis.methods.survival import bend, survival
from analysis.posts import FINDINGS, load_findings, load_posts, load_truth
from analysis.schema import InputError
from analysis.spread import beside_published

DATA = Path(__file__).parents[2] / "shared" / "data"


def snapshot(n=400, authors=None, seed=0):
    """Posts of two days and languages."""
    random = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "post_id": [str(1000 + i) for i in range(n)],
            "created_at": pd.Timestamp("2017-10-15T23:00Z") + pd.to_timedelta(np.arange(n) % 2, unit="h"),
            "lang": np.where(np.arange(n) % 4 == 0, "sv", "en"),
            "author": pd.array(random.integers(0, authors, n).astype(str) if authors else [pd.NA] * n, dtype="str"),
        }
    )


def test_survival_counts_by_day_and_by_group():
    then = snapshot()
    now = then[(then["lang"] == "sv") | (np.arange(400) % 8 > 3)]
    days = survival(now, then, k=0)
    assert days["day"].tolist() == ["2017-10-15", "2017-10-16"]
    assert (days["posts"].sum(), days["gone"].sum()) == (400, 400 - len(now))
    langs = survival(now, then, "lang", k=0).set_index("lang")
    assert langs.loc["sv", ["gone", "share"]].tolist() == [0, 0]
    assert langs.loc["en", "share"] == pytest.approx(0.5)
    whole = survival(now, then, None, k=0)
    assert whole["group"].tolist() == ["all"]


def test_without_authors_the_interval_is_wilsons():
    then = snapshot()
    found = survival(then.iloc[100:], then, None, k=0).iloc[0]
    expected = wilson_interval(100, 400)
    assert (found["share"], found["low"], found["high"]) == pytest.approx(tuple(expected.values()))
    assert found["interval"] == "posts"
    assert pd.isna(found["authors"])


def test_authors_who_delete_all_they_wrote_widen_the_interval():
    then = snapshot(authors=40)
    alone = survival(then[then["author"].astype(int) >= 12], then, None, k=0).iloc[0]
    spread = survival(then.iloc[::2], then, None, k=0).iloc[0]
    assert alone["interval"] == "authors"
    assert alone["authors"] == then["author"].nunique()
    assert alone["high"] - alone["low"] > 2 * (spread["high"] - spread["low"])


def test_small_groups_are_hidden_on_real_posts_and_shown_on_invented_ones():
    then = snapshot(60, authors=1000)
    then.loc[:3, "lang"] = "fi"
    now = then.iloc[::2]
    hidden = survival(now, then, "lang").set_index("lang")
    assert hidden.loc["fi", ["posts", "gone", "share", "low", "high"]].isna().all()
    assert "fewer than 10 people" in hidden.loc["fi", "reason"]
    posts, truth = load_posts(), load_truth()
    shown = survival(posts[(truth["deleted"] == "no").to_numpy()], posts)
    assert shown["share"].notna().all()
    assert len(shown) >= 31


def test_survival_knows_no_row_order_and_changes_nothing():
    then = snapshot(authors=80)
    now, before = then.iloc[::3], then.copy()
    mixed = then.sample(frac=1, random_state=2)
    pd.testing.assert_frame_equal(survival(now, then, "lang", k=0), survival(now.iloc[::-1], mixed, "lang", k=0))
    pd.testing.assert_frame_equal(then, before)


def test_missing_days_are_a_group_of_their_own():
    then = snapshot().assign(created_at=lambda d: d["created_at"].mask(np.arange(400) < 50))
    assert survival(then.iloc[10:], then, k=0)["day"].tolist() == ["2017-10-15", "2017-10-16", "missing"]


@pytest.mark.parametrize(
    ("now", "then", "by", "message"),
    [
        (snapshot().assign(post_id=lambda d: d["post_id"] + "x"), snapshot(), None, "same collection"),
        (snapshot(), pd.concat([snapshot(), snapshot(1)]), None, "twice or missing"),
        (snapshot(), snapshot().assign(post_id=None), None, "twice or missing"),
        (snapshot(), snapshot().iloc[:0], None, "no posts"),
        (snapshot(), snapshot(), "stance", "no column 'stance'"),
        (snapshot().drop(columns="post_id"), snapshot(), None, "no column post_id"),
    ],
)
def test_survival_refuses_what_cannot_be_compared(now, then, by, message):
    with pytest.raises(ValueError, match=message):
        survival(now, then, by)


def test_bend_tells_a_loss_that_picks_from_one_by_chance():
    posts, truth = load_posts(), load_truth()
    then = posts.assign(detail=(truth["stance"] == "detail").to_numpy())
    gone = (truth["deleted"] == "yes").to_numpy()
    measures = {"share of details": lambda p: p["detail"].mean(), "posts": len, "none": lambda p: np.nan}
    found = bend(then[~gone], then, measures, draws=40, seed=1).set_index("measure")
    assert found.loc["share of details", "bent"]
    assert found.loc["share of details", "difference"] < found.loc["share of details", "low"]
    assert not found.loc["posts", "bent"]
    assert found.loc["posts", "now"] == (~gone).sum()
    assert "cannot be told" in found.loc["none", "reason"]
    random = then[np.random.default_rng(1).permutation(~gone)]
    assert not bend(random, then, {"d": lambda p: p["detail"].mean()}, draws=40)["bent"].iloc[0]
    with pytest.raises(ValueError, match="draws"):
        bend(then[~gone], then, measures, draws=3)


# published findings


def test_findings_are_a_table_of_claims_with_their_sources():
    found = load_findings()
    assert list(found) == list(FINDINGS)
    assert found["id"].is_unique
    windows = ["window_start", "window_end"]  # a measure of a method has none
    assert found.drop(columns=["value", "low", "high", *windows]).notna().all(axis=None)
    assert (found[windows[0]].isna() == found[windows[1]].isna()).all()
    assert set(found["reading"]) == {"first hand", "second hand"}
    assert (found["window_start"] <= found["window_end"])[found["window_start"].notna()].all()
    assert (found["value"].notna() | found["unit"].eq("direction")).all()
    one = found.set_index("id").loc["icpsr-mean"]
    assert (one["value"], one["low"], one["high"]) == (109_237, 16_074, 528_143)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t.drop(columns="source"), "no column source"),
        (lambda t: pd.concat([t, t.iloc[:1]]), "named before"),
        (lambda t: t.assign(value="many"), "it has to be a number"),
        (lambda t: t.assign(window_end="soon"), "day such as"),
    ],
)
def test_findings_that_are_none_name_the_file_and_what_to_do(tmp_path, change, message):
    path = tmp_path / "findings.csv"
    table = pd.read_csv(Path(__file__).parents[1] / "data" / "findings.csv", dtype="str")
    change(table).to_csv(path, index=False)
    with pytest.raises(InputError, match=message) as error:
        load_findings(path)
    assert str(path) in str(error.value)
    with pytest.raises(InputError, match="no such file"):
        load_findings(tmp_path / "nothing.csv")


def test_counts_stand_beside_what_is_published():
    days = pd.DataFrame({"start": pd.date_range("2017-10-15", periods=14, tz="UTC"), "posts": [10] * 7 + [5] * 7})
    found = beside_published(days, load_findings()).set_index("id")
    assert found.loc["icpsr-total", "ours"] == 105
    assert found.loc["icpsr-peak", "ours"] == pytest.approx(10 / 7.5)
    assert found.loc["icpsr-mean", "ratio"] == pytest.approx(7.5 / 109_237)
    assert "posts in English alone" in found.loc["week-two", "reason"]
    assert "days are missing" in found.loc["twitter-november", "reason"]
    english = beside_published(days, load_findings(), lang="en").set_index("id")
    assert english.loc["week-two", "ours"] == 0.5
    with pytest.raises(ValueError, match="by the day"):
        beside_published(
            days.assign(start=pd.date_range("2017-10-15", periods=14, freq="h", tz="UTC")), load_findings()
        )
    with pytest.raises(ValueError, match="lang"):
        beside_published(days, load_findings(), lang="sv")


@pytest.mark.skipif(not DATA.exists(), reason="the real counts are not on this machine")
def test_real_days_stand_beside_another_collection():
    days = pd.read_csv(DATA / "metoo_daily_2017_2020.csv").rename(columns={"date": "start", "tweets": "posts"})
    found = beside_published(days, load_findings()).set_index("id")
    assert found.loc["icpsr-mean", "ours"] == pytest.approx(92_102.9, abs=0.1)
    assert found.loc["icpsr-least", "ours"] == 16_430
    assert found.loc["icpsr-most", "ours"] == 395_030
