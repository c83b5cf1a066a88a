"""Bursts, change points, jumps, gaps and effects find what was planted; a gap in the collection is no silence."""

import numpy as np
import pandas as pd
import pytest

from analysis import spread
from analysis.spread import bursts, change_points, effect_of, find_gaps, jumps, placebo_effects

START = pd.Timestamp("2017-11-01", tz="UTC")
HOUR, DAY = pd.Timedelta("1h"), pd.Timedelta("1D")


def table_of(posts, every="h", lost=None):
    """Give a table of counts; those of the slice `lost` are missing."""
    table = pd.DataFrame({"start": pd.date_range(START, periods=len(posts), freq=every, unit="us"), "posts": posts})
    table["posts"] = table["posts"].astype("Int64")
    if lost is not None:
        table.loc[np.arange(len(posts))[lost], "posts"] = pd.NA
    return table


def steady(seed):
    """Give hourly counts of 30 days with a rhythm of the day, and no change."""
    clock = np.arange(24 * 30)
    return np.random.default_rng(seed).poisson(60 * (1.5 + np.sin(clock * 2 * np.pi / 24)))


@pytest.mark.parametrize("scattered", [False, True])
def test_the_weight_of_a_burst_is_what_the_likelihood_gains(scattered):
    from scipy.stats import nbinom, poisson

    posts = np.random.default_rng(1).negative_binomial(8, 0.3, 60) if scattered else np.full(60, 20)
    posts[30:34] = 150
    found = bursts(table_of(posts, "7D"))  # weeks have no rhythm
    assert found[["start", "posts"]].to_numpy().tolist() == [[START + 30 * 7 * DAY, 600]]
    rates, size = posts.mean() * np.array([1.0, 2.0]), found.attrs["size"]
    assert np.isinf(size) != scattered
    chance = nbinom.logpmf(150, size, size / (size + rates)) if scattered else poisson.logpmf(150, rates)
    assert found["weight"].iloc[0] == pytest.approx(4 * (chance[1] - chance[0]))


def test_bursts_are_nested_and_a_gap_tells_nothing():
    posts = np.full(200, 30)
    posts[80:110], posts[90:100] = 90, 240
    found = bursts(table_of(posts, "7D"), states=4)  # weeks have no rhythm
    inner, outer = found[found["level"] == 2].iloc[0], found[found["level"] == 1].iloc[0]
    assert (outer["start"], outer["end"]) == (START + 80 * 7 * DAY, START + 110 * 7 * DAY)
    assert outer["start"] <= inner["start"] < inner["end"] <= outer["end"]
    cut = bursts(table_of(posts, "7D", lost=slice(95, 98)), states=4).iloc[0]
    assert (cut["start"], cut["end"]) == (outer["start"], outer["end"])


@pytest.mark.parametrize("size", [np.inf, 3])
def test_flat_series_change_nowhere_and_a_planted_step_is_found(size):
    false, near = 0, 0
    for seed in range(5):
        random = np.random.default_rng(seed)
        mean = 80 * (1 if np.isinf(size) else random.gamma(size, 1 / size, 200)) * np.ones(200)
        false += len(change_points(table_of(random.poisson(mean), "D"))) > 0
        found = change_points(table_of(random.poisson(mean * np.where(np.arange(200) < 90, 1, 3)), "D"))
        near += len(found) == 1 and abs(found["start"].iloc[0] - START - 90 * DAY) <= 4 * DAY
        near += len(found) == 1 and found["low"].iloc[0] <= START + 90 * DAY <= found["high"].iloc[0]
    assert false == 0
    assert near >= 9  # of 10
    week = np.tile([100, 110, 105, 100, 95, 40, 35], 30)
    assert change_points(table_of(np.random.default_rng(1).poisson(week), "D")).empty


@pytest.mark.parametrize(("days", "late"), [(0, 0), (1, 0), (11, 5)])
def test_a_planted_jump_is_found_to_the_hour_and_neither_a_rhythm_nor_a_gap_is_one(days, late):
    posts, back = steady(1), 240 + 24 * days
    assert jumps(table_of(posts, lost=slice(240, back))).empty
    posts[back + late :] *= 8
    table, rise = table_of(posts, lost=slice(240, back)), START + (back + late) * HOUR
    found = jumps(table)
    assert found["start"].tolist() == [rise]
    assert 6 < found["ratio"].iloc[0] < 11
    assert jumps(table, after=rise).empty
    assert jumps(table_of(np.where(np.arange(200) == 120, 900, 30))).empty  # one loud hour


def test_no_other_estimator_sees_a_silence_or_its_end():
    table = table_of(steady(1), lost=slice(240, 300))
    assert bursts(table).empty
    assert change_points(table).empty
    assert find_gaps(table).empty
    assert spread.onset(table, ["1h"], ["24h"])["start"].isna().all()
    fit = spread.growth(table, START + 200 * HOUR, START + 500 * HOUR)
    assert fit["intervals"] == 240
    assert abs(fit["rate"]) < 0.002
    assert spread.rhythm(table, draws=20)["days"].iloc[0] == 27


def test_a_count_that_one_group_lacks_does_not_drop_the_day_of_the_others():
    danish, swedish = (table_of(posts, "D") for posts in ([9, 30, None, 9, 9], [20, 30, 400, 60, 20]))
    waves = spread.waves(pd.concat([danish.assign(lang="da"), swedish.assign(lang="sv")]), "lang").set_index("lang")
    assert waves.loc["sv", "peak"] == START + 2 * DAY
    assert np.isnan(waves.loc["sv", "share_of_peak"])  # nobody knows of how many
    assert waves.loc["da", "share_of_peak"] == 0.5


def test_a_day_in_a_gap_is_no_quiet_day_and_what_follows_it_counts():
    daily = np.array([100, 40, 30, 25, 5, 5])
    posts = pd.DataFrame({"created_at": START + pd.to_timedelta(np.repeat(np.arange(6), daily), unit="D") + HOUR})
    lost, gap = posts[posts["created_at"].dt.day != 3], [(START + 2 * DAY, START + 3 * DAY)]
    for known in (spread.lasting(lost, gaps=gap), spread.lasting(spread.counts(lost, "1D", gaps=gap))):
        assert known["tenth_on"] == spread.lasting(posts)["tenth_on"] == START + 4 * DAY
        assert known["posts"] == daily.sum() - 30


def test_gaps_are_proposed_where_days_are_empty_and_nowhere_else():
    random = np.random.default_rng(1)
    assert find_gaps(table_of(random.poisson(20, 300))).empty
    assert find_gaps(table_of(random.poisson(2000 * np.exp(-np.arange(200) / 8)))).empty
    days = np.array([500, 450, 550, 480, 520] * 12)
    days[[26, 40]] = 150, 0  # the first was collected in part
    assert find_gaps(table_of(days, "D"))["start"].tolist() == [START + 40 * DAY]


EVENT = START + 80 * DAY


def wavering(seed=0, n=160, ratio=1.0, alike=0.0):
    """Days that scatter, one of them multiplied."""
    random = np.random.default_rng(seed)
    z = random.normal(size=n)
    for i in range(1, n):
        z[i] = alike * z[i - 1] + np.sqrt(1 - alike**2) * z[i]
    mean = 400 * np.exp(z / np.sqrt(10))
    mean[80] *= ratio
    return table_of(random.poisson(mean), "D")


def test_a_planted_ratio_is_covered_and_nothing_is_called_an_effect_seldom():
    effects = [effect_of(wavering(seed, ratio=3.0, alike=0.4), EVENT + 20 * HOUR) for seed in range(10)]
    assert sum(effect["low"] <= 3 <= effect["high"] for effect in effects) >= 8
    assert sum(effect["p"] <= 0.05 for effect in effects) >= 8
    assert all(effect["interval"] == "placebo" and effect["reason"] == "" for effect in effects)
    nothing = [effect_of(wavering(seed, alike=0.4), EVENT)["p"] for seed in range(10)]
    assert sum(p <= 0.05 for p in nothing) <= 2
    assert np.median(nothing) == pytest.approx(0.5, abs=0.3)


def test_rank_and_interval_are_read_off_the_other_dates_that_are_no_events():
    table = wavering(1, ratio=4.0)
    others = placebo_effects(table, EVENT)
    log = np.sort(np.log(others["ratio"]))
    effect, n = effect_of(table, EVENT), len(others)
    farther = (abs(log - np.median(log)) >= abs(np.log(effect["ratio"]) - np.median(log))).sum()
    assert (effect["placebos"], effect["p"]) == (n, (1 + farther) / (1 + n))
    ends = np.exp(np.interp([0.025 * (n + 1), 0.975 * (n + 1)], np.arange(1, n + 1), log))
    assert (effect["low"], effect["high"]) == pytest.approx((effect["ratio"] / ends[1], effect["ratio"] / ends[0]))
    assert effect == effect_of(table.sample(frac=1, random_state=1), EVENT)
    assert np.isnan(effect_of(table, EVENT, chosen="curve")["p"])
    avoid = START + 120 * DAY
    fewer = placebo_effects(table, EVENT, avoid=[avoid])["start"]
    assert len(fewer) == n - 15
    assert avoid not in fewer.tolist()


def test_without_other_dates_the_interval_is_the_models_and_gaps_are_left_out():
    table = wavering(ratio=3.0, n=90).iloc[40:]
    table.loc[60:70, "posts"] = pd.NA
    effect = effect_of(table, EVENT)
    assert effect["interval"] == "model"
    assert effect["low"] < 3 < effect["high"]
    assert np.isnan(effect["p"])


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        (wavering().assign(posts=0), "too few"),
        (wavering().iloc[60:], "needed"),
        (wavering().assign(posts=lambda t: t["posts"].mask(t["start"] == EVENT)), "gap"),
        (wavering().assign(posts=lambda t: t["posts"].where(t["start"] != EVENT, 0)), "nothing came"),
    ],
)
def test_an_effect_that_cannot_be_told_has_a_reason(table, reason):
    effect = effect_of(table, EVENT)
    assert reason in effect["reason"]
    assert np.isnan([effect["low"], effect["high"]]).all()


def test_arguments_out_of_range_are_refused():
    for when, wrong, why in (
        (START - DAY, {}, "outside"),
        (EVENT, {"after": 0}, "after"),
        (EVENT, {"chosen": "peak"}, "chosen"),
    ):
        with pytest.raises(ValueError, match=why):
            effect_of(wavering(), when, **wrong)
