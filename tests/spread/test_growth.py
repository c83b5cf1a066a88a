"""The rise and the peak: growth, onset, the highest interval and what lies around it find what was planted."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.posts import load_posts
from analysis.spread import CALL, around, attention_class, counts, growth, in_words, lasting, onset, peak, rhythm, waves

IDS = Path(__file__).parents[3] / "shared" / "data" / "metoo_ids_2017.csv.gz"
START = pd.Timestamp("2017-10-15T00:00Z")
HOUR = pd.Timedelta("1h")
WINDOW = (CALL, CALL + 4 * HOUR)


def at(*times):
    """A posts table of these moments."""
    return pd.DataFrame({"created_at": pd.to_datetime(list(times), utc=True).astype("datetime64[us, UTC]")})


def table_of(posts, every="h"):
    """A table of counts."""
    return pd.DataFrame({"start": pd.date_range(START, periods=len(posts), freq=every), "posts": posts})


def rising(seed, doubling=1.0, posts=300, clump=1):
    """Posts that double every `doubling` hours; `clump` of them at a time."""
    random = np.random.default_rng(seed)
    n = random.poisson(posts / clump)
    when = np.log2(1 + random.random(n) * (2 ** (4 / doubling) - 1)) * doubling
    when = np.floor(np.repeat(when, clump) * 6) / 6
    return pd.DataFrame({"created_at": CALL + pd.to_timedelta(when * 3600e6, unit="us").floor("us")})


def test_around_counts_half_open_windows():
    fit = around(at(CALL - pd.Timedelta("1us"), CALL, CALL + pd.Timedelta("20min"), CALL - pd.Timedelta("20min")))
    assert (fit["before"], fit["after"], round(fit["ratio"], 9)) == (2, 1, 0.5)
    assert fit["low"] < 0.5 < fit["high"]
    assert np.isnan(around(at("2016-01-01"))["ratio"])
    with pytest.raises(ValueError, match="minutes"):
        around(at(CALL), minutes=0)


@pytest.mark.parametrize(("doubling", "clump"), [(0.5, 1), (1.0, 6)])
def test_growth_covers_the_planted_doubling(doubling, clump):
    fits = [growth(rising(seed, doubling, 300 * clump, clump), *WINDOW) for seed in range(20)]
    inside = sum(fit["rate_low"] <= np.log(2) / doubling <= fit["rate_high"] for fit in fits)
    assert inside >= 17  # of 19 that are promised
    assert np.mean([fit["rate"] for fit in fits]) == pytest.approx(np.log(2) / doubling, rel=0.05)


def test_growth_is_the_quasi_poisson_fit():
    import statsmodels.api as sm
    from scipy.stats import t

    posts = rising(1, posts=30_000)
    fit = growth(posts, *WINDOW)
    y = counts(posts.assign(created_at=posts["created_at"] - (CALL - START)), "10min")["posts"].astype(float)
    x = sm.add_constant((np.arange(len(y)) + 0.5) / 6)
    theirs = sm.GLM(y.to_numpy(), x, family=sm.families.Poisson()).fit(scale="X2")
    half = t.ppf(0.975, len(y) - 2) * theirs.bse[1]
    expected = [theirs.params[1], theirs.params[1] - half, theirs.params[1] + half]
    assert [fit[name] for name in ("rate", "rate_low", "rate_high")] == pytest.approx(expected)
    assert fit["at_start"] == pytest.approx(6 * np.exp(theirs.params[0]))


def test_growth_of_falling_posts_is_a_halving_time_and_of_level_or_few_ones_no_number():
    up = rising(1, posts=2000)
    fit = growth(at(*(CALL + 4 * HOUR - (up["created_at"] - CALL) - pd.Timedelta("1us"))), *WINDOW)
    assert fit["doubling"] == pytest.approx(-1, rel=0.15)
    assert "halved every" in in_words(fit)
    level = growth(at(*[CALL + pd.Timedelta("10min") * (i // 10) for i in range(240)]), *WINDOW)
    assert np.isnan([level["doubling"], level["low"], level["high"]]).all()
    assert "do not tell growth from none" in in_words(level)
    for fit in (growth(at(CALL, CALL), *WINDOW), growth(up, CALL, CALL - HOUR)):
        assert fit["why"] in in_words(fit)
        assert np.isnan([fit["doubling"], fit["rate"]]).all()


def test_onset_finds_a_planted_rise_and_says_where_the_data_begin_too_late():
    posts = np.random.default_rng(1).poisson(30 * np.r_[np.ones(72), 2.0 ** np.arange(1, 9)])
    assert onset(table_of(posts), ["1h"], ["24h"])["start"].iloc[0] in (START + 72 * HOUR, START + 73 * HOUR)
    late = onset(table_of([1, 0, 2, 1, 0, 1, 1, 0, 30, 60, 120]), ["1h"], ["6h", "2h"])
    assert late["start"].isna().all()
    assert "began earlier" in late["reason"].iloc[0]
    assert "six are needed" in late["reason"].iloc[1]


def test_attention_holds_the_planted_shares_and_needs_days_on_both_sides():
    daily = np.array([70] * 7 + [2450] + [980, 490, 270, 110, 50, 30, 30])
    shares = attention_class(table_of(np.random.default_rng(1).poisson(np.repeat(daily, 24) / 24)), draws=200)
    truth = np.array([daily[:7].sum(), daily[7], daily[8:].sum()]) / daily.sum()
    assert (shares["low"].lt(truth) & shares["high"].gt(truth)).all()
    assert shares["share"].sum() == pytest.approx(1)
    assert "end 2 days after" in attention_class(table_of(daily[:10], "D"))["reason"].iloc[0]


def test_rhythm_gives_the_planted_shares_in_the_zone_of_the_counts():
    hours = table_of(np.tile(np.r_[np.full(12, 10), np.full(12, 50)], 20))
    assert rhythm(hours, draws=20)["share"].iloc[[0, 20]].round(4).tolist() == [0.0139, 0.0694]
    seoul = rhythm(hours.assign(start=hours["start"].dt.tz_convert("Asia/Seoul")), draws=20)
    assert seoul["share"].iloc[[0, 20]].round(4).tolist() == [0.0694, 0.0139]
    assert rhythm(table_of([9] * 24 * 3))["reason"].str.contains("14 are needed").all()


def test_peak_takes_the_first_of_equals_and_lasting_names_the_moments():
    top = peak(counts(at("2017-10-15T21:10Z", "2017-10-15T23:10Z")))
    assert (top["start"], top["posts"], top["share"]) == (pd.Timestamp("2017-10-15T21:00Z"), 1, 0.5)
    days = ["2017-10-16"] * 20 + ["2017-10-17"] * 17 + ["2017-10-19"] * 2 + ["2017-10-20"]
    whole = lasting(at(*days))
    assert whole["posts"] == 40
    moments = [f"{whole[name]:%m-%d}" for name in ("half_by", "most_by", "tenth_on")]
    assert moments == ["10-16", "10-17", "10-18"]
    assert pd.isna(lasting(at(*days), pd.Timestamp("2017-10-17T12:00Z"))["tenth_on"])
    with pytest.raises(ValueError, match="no post has a time before"):
        lasting(at(*days), pd.Timestamp("2016-01-01T00:00Z"))


def test_waves_count_their_lag_from_all_or_from_one_with_both_intervals_at_their_farthest():
    one = table_of([1, 5, 90, 40, 9, 3, 1, 1, 1, 1]).assign(lang="a")
    other = table_of([1, 1, 1, 1, 2, 4, 60, 20, 3, 1]).assign(lang="b")
    both = pd.concat([one, other])
    assert waves(both, "lang").set_index("lang")["lag"].to_dict() == {"a": 0, "b": 4}
    beside = waves(both, "lang", beside="b").set_index("lang").loc["a"]
    assert beside["lag"] == -4
    assert beside["lag_low"] == (peak(one)["low"] - peak(other)["high"]) / HOUR
    assert beside["lag_high"] == (peak(one)["high"] - peak(other)["low"]) / HOUR
    with pytest.raises(ValueError, match="none of the groups"):
        waves(one, "lang", beside="c")


@pytest.mark.skipif(not IDS.exists(), reason="the real ids are not on this machine")
def test_real_ids_report_what_is_there_and_not_what_the_story_expects():
    posts = load_posts(IDS)
    assert peak(counts(posts))["start"] == pd.Timestamp("2017-10-16T02:00Z")
    near = around(posts)
    assert (near["before"], near["after"]) == (44, 48)
    starts = onset(posts)["start"].dropna()
    assert starts.between("2017-10-15T17:00Z", "2017-10-15T19:30Z").all()  # all before the call of 20:21
