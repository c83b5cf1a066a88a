"""Bursts, onset, change points, rhythm and waves find what was planted; bursts cost what all paths tried out cost."""

import itertools
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.posts import load_posts
from analysis.spread import (
    attention_class,
    bursts,
    change_points,
    counts,
    growth,
    onset,
    peak,
    rhythm,
    waves,
)
from analysis.spread.bursts import _binomial, _counted, cheapest_path

IDS = Path(__file__).parents[2] / "shared" / "data" / "metoo_ids_2017.csv.gz"
BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
START = pd.Timestamp("2017-10-15T00:00Z")


def hourly(values, every="h"):
    return pd.DataFrame({"start": pd.date_range(START, periods=len(values), freq=every), "posts": values})


def cost_of(path, cost, up):
    """What a path of states costs, from the definition."""
    steps = [max(b - a, 0) * up for a, b in itertools.pairwise([0, *path])]
    return sum(steps) + sum(cost[i, state] for i, state in enumerate(path))


@pytest.mark.parametrize("states", [2, 3])
@pytest.mark.parametrize("seed", range(12))
def test_the_cheapest_path_is_the_cheapest_of_all(states, seed):
    random = np.random.default_rng(seed)
    cost, up = random.normal(0, 2, (7, states)), random.random() * 3
    best = min(cost_of(path, cost, up) for path in itertools.product(range(states), repeat=7))
    assert cost_of(cheapest_path(cost, up), cost, up) == pytest.approx(best)


def test_the_costs_of_counts_and_shares_are_likelihoods():
    from scipy.stats import binom, nbinom, poisson

    x, of, even = np.array([3.0, 0, 9, 20]), np.array([10.0, 5, 20, 40]), np.ones(4)
    rates = x.mean() * np.array([1.0, 2.0])
    cost, usual = _counted(x, even, 2.0, 2, np.inf)
    assert np.diff(cost) == pytest.approx(-np.diff(poisson.logpmf(x[:, None], rates)))
    cost, _ = _counted(x, even, 2.0, 2, 4.0)
    assert np.diff(cost) == pytest.approx(-np.diff(nbinom.logpmf(x[:, None], 4, 4 / (4 + rates))))
    cost, usual = _binomial(x, of, 1.5, 2)
    p = x.sum() / of.sum() * np.array([1, 1.5])
    assert np.diff(cost) == pytest.approx(-np.diff(binom.logpmf(x[:, None], of[:, None], p)))
    assert usual == pytest.approx(of * p[0])


def test_bursts_are_nested_and_a_gap_tells_nothing():
    x = np.full(200, 30)
    x[80:110], x[90:100] = 90, 240
    table = hourly(x)
    found = bursts(table, states=4, rhythm=False, size=np.inf)
    inner, outer = found[found["level"] == 2].iloc[0], found[found["level"] == 1].iloc[0]
    assert outer["start"] == START + pd.Timedelta("80h")
    assert outer["end"] == START + pd.Timedelta("110h")
    assert outer["start"] <= inner["start"] < inner["end"] <= outer["end"]
    gap = [(START + pd.Timedelta("95h"), START + pd.Timedelta("97h"))]
    again = bursts(table, states=4, rhythm=False, size=np.inf, gaps=gap)
    assert (again["start"].iloc[0], again["end"].iloc[0]) == (outer["start"], outer["end"])


def test_a_share_may_burst_while_the_counts_do_not():
    of = np.full(120, 200)
    of[60:70] = 20
    x = np.full(120, 10)
    found = bursts(hourly(x).assign(of=of), size=np.inf)
    assert found[["start", "end"]].values.tolist() == [[START + pd.Timedelta("60h"), START + pd.Timedelta("70h")]]
    assert bursts(hourly(x)).empty


@pytest.mark.parametrize("size", [np.inf, 3])
def test_flat_series_change_nowhere_and_a_planted_step_is_found(size):
    false, near = 0, 0
    for seed in range(40):
        random = np.random.default_rng(seed)
        scatter = 1 if np.isinf(size) else random.gamma(size, 1 / size, 200)
        false += len(change_points(hourly(random.poisson(80 * scatter * np.ones(200)), "D"))) > 0
        found = change_points(hourly(random.poisson(80 * scatter * np.where(np.arange(200) < 90, 1, 3)), "D"))
        near += len(found) == 1 and abs(found["start"].iloc[0] - START - pd.Timedelta("90D")) <= pd.Timedelta("4D")
    assert false <= 5  # at most one in twenty, the chance of 40 draws granted
    assert near >= 34


def test_the_rhythm_of_the_week_is_no_change():
    for seed in range(20):
        random = np.random.default_rng(seed)
        week = np.tile([100, 110, 105, 100, 95, 40, 35], 30)
        assert change_points(hourly(random.poisson(week), "D")).empty


def test_onset_says_where_the_data_begin_too_late():
    rising = hourly([1, 0, 2, 1, 0, 1, 1, 0, 30, 60, 120])
    found = onset(rising, ["1h"], ["6h", "2h"])
    assert found["start"].isna().all()
    assert "began earlier" in found["reason"].iloc[0]
    assert "six are needed" in found["reason"].iloc[1]


def test_a_rhythm_is_told_in_the_zone_that_is_asked_for():
    hours = np.tile(np.r_[np.full(12, 10), np.full(12, 50)], 20)
    table = rhythm(hourly(hours), draws=200)
    assert table["share"].iloc[[0, 20]].round(4).tolist() == [0.0139, 0.0694]
    seoul = rhythm(hourly(hours), zone="Asia/Seoul")
    assert "are needed" not in seoul["reason"].iloc[0]
    assert (rhythm(hourly([9] * 24 * 3))["reason"].str.contains("14 are needed")).all()
    with pytest.raises(ValueError, match="rhythm of the 'day'"):
        rhythm(hourly(hours), "month")


def test_attention_needs_days_on_both_sides():
    days = [1] * 7 + [400] + [300, 200, 100, 60, 40, 30, 20]
    found = attention_class(hourly(days, "D"))
    assert found["class"].iloc[0] == "on the day and after"
    assert found["share"].sum() == pytest.approx(1)
    assert "end 2 days after" in attention_class(hourly(days[:10], "D"))["reason"].iloc[0]
    with pytest.raises(ValueError, match="days is 0"):
        attention_class(hourly(days, "D"), days=0)


def test_waves_count_their_lag_from_all_or_from_one():
    a = hourly([1, 5, 90, 40, 9, 3, 1, 1, 1, 1]).assign(lang="a")
    b = hourly([1, 1, 1, 1, 2, 4, 60, 20, 3, 1]).assign(lang="b")
    found = waves(pd.concat([a, b]), "lang").set_index("lang")
    assert found["lag"].to_dict() == {"a": 0, "b": 4}
    beside = waves(pd.concat([a, b]), "lang", beside="b").set_index("lang")
    assert beside.loc["a", "lag"] == -4
    assert (beside["lag_low"] <= beside["lag"]).all()
    with pytest.raises(ValueError, match="none of the groups"):
        waves(a, "lang", beside="c")


def test_growth_takes_counts_and_leaves_gaps_out():
    random = np.random.default_rng(1)
    x = random.poisson(20 * 2.0 ** np.arange(10))
    window = (START, START + pd.Timedelta("10h"))
    found = growth(hourly(x), *window)
    assert found["low"] < 1 < found["high"]
    x[4] = 0
    masked = growth(hourly(x), *window, gaps=[(START + pd.Timedelta("4h"), START + pd.Timedelta("5h"))])
    assert masked["intervals"] == 9
    assert masked["low"] < 1 < masked["high"]


def test_the_recovery_table_runs(tmp_path):
    command = [sys.executable, BENCHMARKS / "recovery_spread.py", "--quick", "--only", "growth", "onset"]
    run = subprocess.run([*command, "--out", tmp_path / "found.csv"], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    table = pd.read_csv(tmp_path / "found.csv")
    assert set(table["estimator"]) == {"growth", "onset"}
    assert table["replicates"].eq(3).all()
    assert "Not to be used below" in run.stdout


# the real ids


@pytest.mark.skipif(not IDS.exists(), reason="the real ids are not on this machine")
def test_real_onset_is_reported_as_found_and_the_second_day_has_its_wave():
    posts = load_posts(IDS)
    posts = posts[posts["created_at"] < pd.Timestamp("2017-11-14T10:00Z")]
    found = onset(posts).set_index(["every", "baseline"])
    told = found[found["start"].notna()]
    assert told["start"].between("2017-10-15T17:00Z", "2017-10-15T19:30Z").all()  # all before the call of 20:21
    assert len(told) == 6
    assert found.xs("24h", level="baseline")["reason"].str.contains("half of").all()
    hours = counts(posts)
    assert peak(hours)["start"] == pd.Timestamp("2017-10-16T02:00Z")
    deep = bursts(hours, states=4)
    assert deep["start"].min() == pd.Timestamp("2017-10-15T22:00Z")
    second = hours[hours["start"].between("2017-10-16T09:00Z", "2017-10-17T05:00Z")]
    assert peak(second)["start"] >= pd.Timestamp("2017-10-16T12:00Z")
    assert second["posts"].max() > 2 * hours.set_index("start").loc[pd.Timestamp("2017-10-16T09:00Z"), "posts"]
    assert attention_class(posts)["class"].iloc[0] == "on the day and after"
