"""A gap in the collection is no silence: no estimator takes it for one, and none drops what lies behind it."""

import numpy as np
import pandas as pd
import pytest

from analysis import spread
from analysis.posts import load_findings

START = pd.Timestamp("2017-11-01", tz="UTC")
HOUR, DAY = pd.Timedelta("1h"), pd.Timedelta("1D")


def hourly(posts, lost=None):
    """Give a table of hourly counts; those of the slice `lost` are missing."""
    table = pd.DataFrame({"start": pd.date_range(START, periods=len(posts), freq="h", unit="us"), "posts": posts})
    table["posts"] = table["posts"].astype("Int64")
    if lost is not None:
        table.loc[np.arange(len(posts))[lost], "posts"] = pd.NA
    return table


def steady(seed, days=30):
    """Give hourly counts with a rhythm of the day, and no change."""
    clock = np.arange(24 * days)
    return np.random.default_rng(seed).poisson(60 * (1.5 + np.sin(clock * 2 * np.pi / 24)))


@pytest.mark.parametrize("days", [1, 2, 3, 5, 8, 13])
def test_a_steady_series_with_a_gap_has_no_jump(days):
    for seed in range(10):
        assert spread.jumps(hourly(steady(seed), slice(240, 240 + 24 * days))).empty


@pytest.mark.parametrize(("days", "late"), [(1, 0), (3, 0), (5, 5), (8, 0), (11, 0)])
def test_a_jump_right_behind_a_gap_is_found(days, late):
    back = 240 + 24 * days
    for seed in range(10):
        posts = steady(seed)
        posts[back + late :] *= 8
        found = spread.jumps(hourly(posts, slice(240, back)))
        assert found["start"].tolist() == [START + (back + late) * HOUR]
        assert 6 < found["ratio"].iloc[0] < 11


def test_behind_a_gap_of_weeks_a_jump_is_told_from_the_fourth_day_on():
    back = 240 + 24 * 12
    posts = steady(1, days=40)
    posts[back:] *= 8
    assert spread.jumps(hourly(posts, slice(240, back))).empty  # nothing is known of the days before it
    posts[back + 72 :] *= 8
    found = spread.jumps(hourly(posts, slice(240, back)))
    assert found["start"].tolist() == [START + (back + 72) * HOUR]


def test_a_jump_that_a_gap_cuts_is_told_by_half_a_day_that_is_known():
    posts = steady(2)
    posts[300:] *= 8
    assert spread.jumps(hourly(posts, slice(307, 400)))["start"].tolist() == [START + 300 * HOUR]
    assert START + 300 * HOUR not in spread.jumps(hourly(posts, slice(303, 400)))["start"].tolist()


def test_no_other_estimator_sees_a_silence_or_its_end():
    for seed in range(5):
        table = hourly(steady(seed), slice(240, 300))
        assert spread.bursts(table).empty
        assert spread.change_points(table).empty
        assert spread.change_points(table, every="1h").empty
        assert spread.find_gaps(table).empty
        assert spread.onset(table, ["1h"], ["24h"])["start"].isna().all()
        fit = spread.growth(table, START + 200 * HOUR, START + 500 * HOUR)
        assert fit["intervals"] == 240
        assert abs(fit["rate"]) < 0.002
        rhythm = spread.rhythm(table, draws=50)
        assert rhythm["days"].iloc[0] == 27
        assert rhythm["share"].sum() == pytest.approx(1)


def test_posts_and_usual_posts_of_a_burst_are_of_the_same_hours():
    posts = np.full(240, 30)
    posts[100:130] = 120
    options = {"rhythm": False, "size": np.inf}
    whole, cut = (spread.bursts(hourly(posts, lost), **options).iloc[0] for lost in (None, slice(110, 120)))
    assert (whole["start"], whole["end"]) == (cut["start"], cut["end"])
    assert whole["posts"] / whole["usual"] == pytest.approx(cut["posts"] / cut["usual"], rel=0.1)
    shares = hourly(posts, slice(110, 120)).assign(of=1000)
    cut = spread.bursts(shares, size=np.inf).iloc[0]
    assert cut["usual"] == pytest.approx(20 * shares["posts"].mean())


def test_a_scattered_share_bursts_alike_whether_lost_hours_are_missing_or_left_out():
    random = np.random.default_rng(3)
    posts = random.poisson(random.gamma(4, 10, 240))
    posts[100:130] *= 3
    table = hourly(posts).assign(of=pd.array([1000] * 240, dtype="Int64"))
    lost = table.assign(posts=table["posts"].mask(table.index >= 200), of=table["of"].mask(table.index >= 200))
    missing, left_out = spread.bursts(lost, size=2.0), spread.bursts(table[:200], size=2.0)
    assert len(left_out) == len(missing) >= 1
    assert missing["weight"].to_numpy() == pytest.approx(left_out["weight"].to_numpy())


def days_of(groups, of=None):
    """Give daily counts by language, one row a language and day."""
    parts = []
    for lang, posts in groups.items():
        start = pd.date_range(START, periods=len(posts), freq="D", unit="us")
        part = pd.DataFrame({"start": start, "lang": lang, "posts": pd.array(posts, dtype="Int64")})
        parts.append(part if of is None else part.assign(of=pd.array(of, dtype="Int64")))
    return pd.concat(parts, ignore_index=True)


def test_a_count_that_one_group_lacks_does_not_drop_the_day_of_the_others():
    groups = {"da": [9, 30, None, 9, 9], "sv": [20, 30, 400, 60, 20]}
    found = spread.waves(days_of(groups, of=[40, 70, 500, 80, 40]), "lang").set_index("lang")
    assert found.loc["sv", "peak"] == START + 2 * DAY
    assert found.loc["sv", "share_of_peak"] == 0.8
    assert found.loc["sv", "lag"] == 0
    unknown = spread.waves(days_of(groups), "lang").set_index("lang")
    assert unknown.loc["sv", "peak"] == START + 2 * DAY
    assert np.isnan(unknown.loc["sv", "share_of_peak"])  # nobody knows of how many
    assert unknown.loc["da", "share_of_peak"] == 0.5


def test_a_day_in_a_gap_is_no_quiet_day_and_what_follows_it_counts():
    daily = np.array([100, 40, 30, 25, 5, 5])
    times = START + pd.to_timedelta(np.repeat(np.arange(6), daily), unit="D") + HOUR
    posts = pd.DataFrame({"created_at": times.as_unit("us")})
    lost = posts[posts["created_at"].dt.day != 3]
    gap = [(START + 2 * DAY, START + 3 * DAY)]
    assert spread.lasting(lost)["tenth_on"] == START + 2 * DAY  # nobody said that it is a gap
    found = spread.lasting(lost, gaps=gap)
    assert found["tenth_on"] == spread.lasting(posts)["tenth_on"] == START + 4 * DAY
    assert found["posts"] == daily.sum() - 30
    counted = spread.lasting(spread.counts(lost, "1D", gaps=gap))
    assert (counted["tenth_on"], counted["posts"]) == (found["tenth_on"], found["posts"])


def test_a_ratio_of_weeks_needs_all_their_days():
    days = pd.DataFrame({"start": pd.date_range("2017-10-01", periods=120, tz="UTC"), "posts": 1000})
    days["posts"] = days["posts"].astype("Int64").mask(days["start"].isin(pd.to_datetime(["2017-12-04"], utc=True)))
    found = spread.beside_published(days, load_findings(), lang="en", gaps=0.2).set_index("id")
    assert np.isnan(found.loc["december-week", "ours"])
    assert "1 of 14 days are missing" in found.loc["december-week", "reason"]
