"""The effect of an event: a planted ratio is found, other dates are its measure, a peak picked has no p-value."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.spread import effect_of, placebo_effects

DATA = Path(__file__).parents[2] / "shared" / "data"
EVENTS = Path(__file__).parents[1] / "data" / "events.csv"


def days(seed=0, n=160, level=400, scatter=10, ratio=1.0, at=80, after=1, alike=0.0):
    """Days that scatter, with some multiplied."""
    random = np.random.default_rng(seed)
    z = random.normal(size=n)
    for i in range(1, n):
        z[i] = alike * z[i - 1] + np.sqrt(1 - alike**2) * z[i]
    mean = level * np.exp(z / np.sqrt(scatter))
    mean[at : at + after] *= ratio
    return pd.DataFrame({"start": pd.date_range("2018-01-01", periods=n, tz="UTC"), "posts": random.poisson(mean)})


EVENT = pd.Timestamp("2018-01-01", tz="UTC") + pd.Timedelta("80D")


def test_a_planted_ratio_is_covered_and_found():
    found = [effect_of(days(seed, ratio=3.0, alike=0.4), EVENT + pd.Timedelta("20h")) for seed in range(25)]
    assert sum(f["low"] <= 3 <= f["high"] for f in found) >= 22
    assert sum(f["p"] <= 0.05 for f in found) >= 20
    assert all(f["interval"] == "placebo" and f["reason"] == "" for f in found)


def test_nothing_is_called_an_effect_about_once_in_twenty():
    p = [effect_of(days(seed, alike=0.4), EVENT)["p"] for seed in range(60)]
    assert sum(value <= 0.05 for value in p) <= 8
    assert np.median(p) == pytest.approx(0.5, abs=0.2)


def test_the_rank_is_counted_by_hand():
    table = days(1, ratio=4.0)
    others = placebo_effects(table, EVENT)
    found = effect_of(table, EVENT)
    log = np.log(others["ratio"])
    farther = (abs(log - log.median()) >= abs(np.log(found["ratio"]) - log.median())).sum()
    assert found["placebos"] == len(others)
    assert found["p"] == (1 + farther) / (1 + len(others))
    assert not others["start"].between(EVENT, EVENT + pd.Timedelta("28D")).any()


def test_a_date_chosen_by_the_curve_has_no_p_value():
    found = effect_of(days(ratio=5.0), EVENT, chosen="curve")
    assert np.isnan(found["p"])
    assert found["ratio"] > 3
    assert "curve peaks there" in found["reason"]


def test_other_events_are_no_placebos():
    table = days()
    all_of = placebo_effects(table, EVENT)
    avoid = EVENT + pd.Timedelta("40D")
    fewer = placebo_effects(table, EVENT, avoid=[avoid])
    assert len(fewer) == len(all_of) - 15
    assert avoid not in fewer["start"].tolist()
    near = placebo_effects(table, EVENT, within="40D")["start"]
    assert (near - EVENT).abs().max() <= pd.Timedelta("40D")


def test_the_days_of_the_week_and_a_trend_are_taken_out():
    table = days(scatter=1000, n=200)
    swing = np.where(table["start"].dt.day_of_week >= 5, 0.4, 1.0) * np.exp(-0.01 * np.arange(200))
    table["posts"] = np.random.default_rng(1).poisson(table["posts"] * swing)
    plain = effect_of(table, EVENT)
    both = effect_of(table, EVENT, weekly=True, trend=True)
    assert both["high"] / both["low"] < 0.5 * plain["high"] / plain["low"]
    assert both["low"] <= 1 <= both["high"]


def test_gaps_are_left_out_and_the_model_stands_in_for_missing_placebos():
    table = days(ratio=3.0, n=90).astype({"posts": "Int64"})
    table.loc[60:70, "posts"] = pd.NA
    found = effect_of(table, EVENT, within="20D")
    assert found["interval"] == "model"
    assert found["low"] < 3 < found["high"]
    assert np.isnan(found["p"])
    assert "placebo dates are too few" in found["reason"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda t: t.assign(posts=0), "too few"),
        (lambda t: t.iloc[60:], "needed"),
        (lambda t: t.iloc[:80].iloc[::-1].assign(start=lambda d: d["start"] + pd.Timedelta("20D")), "ends|needed|28"),
        (lambda t: t.assign(posts=t["posts"].astype("Int64").mask(t["start"] == EVENT)), "gap"),
        (lambda t: t.assign(posts=t["posts"].astype("Int64").mask(t["start"] < EVENT)), "gap"),
        (lambda t: t.assign(posts=t["posts"].where(t["start"] != EVENT, 0)), "nothing came"),
    ],
)
def test_an_effect_that_cannot_be_told_has_a_reason(change, reason):
    table = change(days())
    if reason == "ends|needed|28":
        found = effect_of(table, table["start"].max(), after=3)
        assert "end before the window" in found["reason"]
        return
    found = effect_of(table, EVENT)
    assert reason in found["reason"]
    assert np.isnan([found["low"], found["high"]]).all()


@pytest.mark.parametrize(
    ("kept", "message"),
    [
        ({"event": pd.Timestamp("2020-01-01", tz="UTC")}, "outside the counts"),
        ({"before": 3}, "before is 3"),
        ({"after": 0}, "after is 0"),
        ({"weekly": True, "before": 14}, "days of the week"),
        ({"chosen": "peak"}, "chosen"),
        ({"level": 95}, "level"),
    ],
)
def test_arguments_out_of_range_are_refused(kept, message):
    with pytest.raises(ValueError, match=message):
        effect_of(days(), **({"event": EVENT} | kept))


def test_row_order_changes_nothing():
    table = days(ratio=2.0)
    assert effect_of(table, EVENT) == effect_of(table.sample(frac=1, random_state=1), EVENT)


def test_every_dated_event_says_why_it_was_chosen():
    events = pd.read_csv(EVENTS)
    assert set(events["chosen"]) == {"record", "curve"}
    assert (events.loc[events["kind"] == "peak", "chosen"] == "curve").all()


@pytest.mark.skipif(not DATA.exists(), reason="the real counts are not on this machine")
def test_real_events_stand_out_or_do_not():
    table = pd.read_csv(DATA / "metoo_daily_2017_2020.csv").rename(columns={"date": "start", "tweets": "posts"})
    table["posts"] = table["posts"].where(table["posts"] > 0)
    avoid = pd.read_csv(EVENTS)["date"].tolist()
    globes = effect_of(table, "2018-01-08", chosen="curve", avoid=avoid)
    assert globes["ratio"] > 8
    assert globes["low"] > 1
    assert np.isnan(globes["p"])
    arrest = effect_of(table, "2018-05-25", avoid=avoid)
    assert arrest["p"] > 0.05
    assert arrest["low"] < 1 < arrest["high"]
