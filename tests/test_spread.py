"""The spread is counted as the docstrings say, and each estimate finds what was planted."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.spread import CALL, around, counts, growth, in_words, jumps, lasting, peak

REAL = Path(__file__).parents[2] / "shared" / "data" / "metoo_ids_2017.csv.gz"


def at(*times, **columns):
    """A posts table of these moments."""
    created_at = pd.to_datetime(list(times), utc=True, format="ISO8601").astype("datetime64[us, UTC]")
    return pd.DataFrame({"created_at": created_at, **columns})


def rising(seed, doubling=1.0, hours=4, posts=300, clump=1):
    """Posts that double every `doubling` hours; `clump` of them at a time, within ten minutes."""
    random = np.random.default_rng(seed)
    n = random.poisson(posts / clump)
    when = np.log2(1 + random.random(n) * (2 ** (hours / doubling) - 1)) * doubling
    when = np.floor(np.repeat(when, clump) * 6) / 6
    return pd.DataFrame({"created_at": CALL + pd.to_timedelta(when * 3600e6, unit="us").floor("us")})


# counts


def test_counts_shows_the_empty_intervals_as_zero():
    table = counts(at("2017-10-15T23:59:59.999Z", "2017-10-15T21:00Z", "2017-10-16T02:00Z"))
    assert table["posts"].tolist() == [1, 0, 1, 0, 0, 1]
    assert table["start"].iloc[0] == pd.Timestamp("2017-10-15T21:00Z")
    assert str(table["start"].dtype) == "datetime64[us, UTC]"
    assert table["authors"].isna().all()


def test_counts_tells_authors_from_posts():
    table = counts(at(*["2017-10-15T21:10Z"] * 4, "2017-10-15T23:10Z", author=["a", "b", "a", None, None]))
    assert table["posts"].tolist() == [4, 0, 1]
    assert table["authors"].tolist() == [2, 0, 0]


def test_counts_leaves_out_rows_without_a_time_and_gives_no_rows_for_none():
    assert counts(at("2017-10-15T21:10Z", None))["posts"].tolist() == [1]
    empty = counts(at(None))
    assert len(empty) == 0
    assert str(empty["start"].dtype) == "datetime64[us, UTC]"
    assert list(empty) == ["start", "posts", "authors", "cumulative"]


@settings(max_examples=60)
@given(st.lists(st.integers(0, 10**15), min_size=1, max_size=60), st.sampled_from(["1h", "1D", "7min"]), st.randoms())
def test_counts_keeps_every_post_and_knows_no_row_order(micros, every, shuffle):
    micros = [1_500_000_000_000_000 + m // 10_000 for m in micros]
    posts = pd.DataFrame({"created_at": pd.to_datetime(micros, unit="us", utc=True), "author": "a"})
    table = counts(posts, every)
    assert table["posts"].sum() == len(posts) == table["cumulative"].iloc[-1]
    assert table["posts"].iloc[0] > 0
    assert table["posts"].iloc[-1] > 0
    order = list(range(len(posts)))
    shuffle.shuffle(order)
    pd.testing.assert_frame_equal(table, counts(posts.take(order), every))


def test_counts_agrees_with_pandas():
    posts = rising(3)
    expected = posts.set_index("created_at").resample("10min").size()
    table = counts(posts, "10min")
    assert table["posts"].tolist() == expected.tolist()
    assert table["start"].tolist() == expected.index.tolist()


@pytest.mark.parametrize("every", ["1ME", "soon", "0min", "-1h"])
def test_counts_refuses_what_is_no_length_of_time(every):
    with pytest.raises(ValueError, match="every"):
        counts(at("2017-10-15T21:10Z"), every)


def test_counts_refuses_to_cut_years_into_milliseconds():
    with pytest.raises(ValueError, match="take a longer one"):
        counts(at("2017-10-15T21:10Z", "2019-10-15T21:10Z"), "1ms")


# peak, lasting, jumps


def test_peak_takes_the_first_of_equals_and_refuses_an_empty_table():
    table = counts(at("2017-10-15T21:10Z", "2017-10-15T23:10Z"))
    found = peak(table)
    assert (found["start"], found["posts"], found["share"]) == (pd.Timestamp("2017-10-15T21:00Z"), 1, 0.5)
    with pytest.raises(ValueError, match="no peak"):
        peak(counts(at(None)))


def test_lasting_names_the_moments_by_hand():
    days = ["2017-10-16"] * 20 + ["2017-10-17"] * 17 + ["2017-10-19"] * 2 + ["2017-10-20"]
    found = lasting(at(*days))
    assert found["posts"] == 40
    assert found["half_by"] == pd.Timestamp("2017-10-16", tz="UTC")
    assert found["most_by"] == pd.Timestamp("2017-10-17", tz="UTC")
    assert found["tenth_on"] == pd.Timestamp("2017-10-18", tz="UTC")
    cut = lasting(at(*days), pd.Timestamp("2017-10-17T12:00Z"))
    assert cut["posts"] == 37
    assert pd.isna(cut["tenth_on"])
    with pytest.raises(ValueError, match="no post has a time before"):
        lasting(at(*days), pd.Timestamp("2016-01-01T00:00Z"))


def hours_of(values):
    """A table of hourly counts."""
    return pd.DataFrame(
        {"start": pd.date_range("2017-10-20", periods=len(values), freq="h", tz="UTC"), "posts": values}
    )


def test_jumps_finds_a_planted_jump_to_the_hour_and_none_in_a_daily_rhythm():
    for seed in range(20):
        random = np.random.default_rng(seed)
        rhythm = 60 * (1.3 + np.sin(np.arange(240) * 2 * np.pi / 24))
        quiet = random.poisson(rhythm)
        assert jumps(hours_of(quiet)).empty
        loud = np.where(np.arange(240) >= 150, random.poisson(rhythm * 8), quiet)
        found = jumps(hours_of(loud))
        assert found["start"].tolist() == [pd.Timestamp("2017-10-26T06:00Z")]
        assert 5 < found["ratio"].iloc[0] < 12


def test_jumps_passes_over_a_single_loud_hour_and_short_series():
    loud = np.full(200, 30)
    loud[120] = 900
    assert jumps(hours_of(loud)).empty
    assert jumps(hours_of(np.full(30, 30))).empty
    assert list(jumps(counts(at(None)))) == ["start", "usual", "found", "ratio"]


def test_jumps_takes_the_rise_itself_for_none():
    quiet, wave = np.full(24 * 7, 2), 2000 * np.exp(-np.arange(200) / 40) + 30
    table = hours_of(np.concatenate([quiet, wave.astype(int)]))
    assert len(jumps(table)) == 1
    assert jumps(table, after=peak(table)["start"]).empty
    assert jumps(table, after=table["start"].iloc[-1]).empty


# around, growth


def test_around_counts_half_open_windows():
    posts = at(CALL - pd.Timedelta("1us"), CALL, CALL + pd.Timedelta("20min"), CALL - pd.Timedelta("20min"))
    found = around(posts)
    assert (found["before"], found["after"], round(found["ratio"], 9)) == (2, 1, 0.5)
    assert found["low"] < 0.5 < found["high"]


def test_around_of_nothing_is_missing_and_of_nothing_before_unbounded():
    assert np.isnan(around(at("2016-01-01"))["ratio"])
    assert around(at(CALL))["ratio"] == np.inf
    with pytest.raises(ValueError, match="minutes"):
        around(at(CALL), minutes=0)


def test_around_covers_the_planted_ratio():
    random = np.random.default_rng(1)
    inside = 0
    for _ in range(400):
        before, after = random.poisson(40), random.poisson(60)
        found = around(at(*[CALL - pd.Timedelta("1min")] * before, *[CALL] * after))
        inside += found["low"] <= 1.5 <= found["high"]
    assert 0.92 < inside / 400 < 0.98


@pytest.mark.parametrize(("doubling", "clump"), [(1.0, 1), (0.5, 1), (3.0, 1), (1.0, 6)])
def test_growth_covers_the_planted_doubling(doubling, clump):
    end = CALL + pd.Timedelta("4h")
    found = [growth(rising(s, doubling, clump=clump, posts=300 * clump), CALL, end) for s in range(300)]
    inside = np.mean([f["rate_low"] <= np.log(2) / doubling <= f["rate_high"] for f in found])
    assert 0.91 < inside < 0.98
    assert np.mean([f["rate"] for f in found]) == pytest.approx(np.log(2) / doubling, rel=0.03)


def test_growth_gives_the_curve_that_was_planted():
    found = growth(rising(1, posts=30_000), CALL, CALL + pd.Timedelta("4h"))
    planted = 30_000 * np.log(2) / (2**4 - 1)
    assert found["at_start"] == pytest.approx(planted, rel=0.05)
    assert found["doubling"] == pytest.approx(1, rel=0.05)
    assert found["low"] < found["doubling"] < found["high"]


def test_growth_of_falling_posts_is_a_halving_time():
    up = rising(1, posts=2000)
    down = at(*(CALL + pd.Timedelta("4h") - (up["created_at"] - CALL) - pd.Timedelta("1us")))
    found = growth(down, CALL, CALL + pd.Timedelta("4h"))
    assert found["low"] < 0
    assert found["doubling"] == pytest.approx(-1, rel=0.15)
    assert "halved every" in in_words(found)


@pytest.mark.parametrize("each", [1, 10])
def test_growth_of_equal_counts_is_no_number(each):
    level = at(*[CALL + pd.Timedelta("10min") * i for i in range(24) for _ in range(each)])
    found = growth(level, CALL, CALL + pd.Timedelta("4h"))
    assert np.isnan([found["doubling"], found["low"], found["high"]]).all()
    assert found["rate_low"] < 0 < found["rate_high"] or found["rate"] == pytest.approx(0)
    assert "do not tell growth from none" in in_words(found)


def test_growth_never_gives_an_interval_without_its_estimate():
    for seed in range(100):
        random = np.random.default_rng(seed)
        posts = at(*(CALL + pd.to_timedelta(random.random(random.integers(20, 60)) * 4, unit="h").floor("us")))
        found = growth(posts, CALL, CALL + pd.Timedelta("4h"))
        if not np.isnan(found["doubling"]):
            assert min(found["low"], found["high"]) <= found["doubling"] <= max(found["low"], found["high"])


def test_growth_says_why_it_gives_no_number():
    few = growth(at(CALL, CALL), CALL, CALL + pd.Timedelta("4h"))
    assert np.isnan(few["doubling"])
    assert "2 posts" in few["why"]
    assert "no growth can be told" in in_words(few)
    for end in (CALL, CALL - pd.Timedelta("1h"), CALL + pd.Timedelta("40min")):
        assert "intervals" in growth(rising(1), CALL, end)["why"]
    instant = growth(at(*[CALL] * 50), CALL, CALL + pd.Timedelta("4h"))
    assert np.isnan(instant["rate"])


def test_growth_in_words_says_the_interval_or_that_there_is_none():
    assert "95% interval" in in_words(growth(rising(1, posts=2000), CALL, CALL + pd.Timedelta("4h")))
    flat = at(*(CALL + pd.Timedelta("3min") * i for i in range(80)))
    assert "do not tell growth from none" in in_words(growth(flat, CALL, CALL + pd.Timedelta("4h")))


# the real ids


@pytest.mark.skipif(not REAL.exists(), reason="the real ids are not on this machine")
def test_real_ids_report_what_is_there_and_not_what_the_story_expects():
    from analysis.posts import load_posts

    posts = load_posts(REAL)
    hourly = counts(posts)
    assert peak(hourly)["start"] == pd.Timestamp("2017-10-16T02:00Z")
    found = around(posts)
    assert (found["before"], found["after"]) == (44, 48)
    assert found["low"] < 1 < found["high"]
    before = growth(posts, CALL - pd.Timedelta("3h"), CALL)
    assert 0.5 < before["low"] < before["doubling"] < 1.3
    last = jumps(hourly, after=peak(hourly)["start"]).iloc[-1]
    assert last["start"] == pd.Timestamp("2017-11-14T11:00Z")
    assert last["ratio"] > 5
