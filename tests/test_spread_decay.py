"""The decay of a wave: planted laws come back, choices are shown, bad input has a reason."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import nbinom

from analysis.methods.choices import relaxation_table, survivors
from analysis.methods.decay import GONE, MISSES, RUNAWAY, relaxation
from analysis.methods.laws import LAWS, decay, inflation
from analysis.methods.negbin import fit, loglik, profile
from analysis.spread.series import even

DATA = Path(__file__).parents[2] / "shared" / "data"
START = pd.Timestamp("2017-10-16T00:00Z")
HOUR = pd.Timedelta("1h")


def wave(law, shape, seed=0, n=240, posts=20_000, scatter=10.0, background=0.2, step="1h"):
    """Counts that fall by a law (`shape` per interval) on a background."""
    random = np.random.default_rng(seed)
    fall = np.exp(decay(law, np.arange(n, dtype=float), shape, 1.0)[0])
    mean = posts * ((1 - background) * fall / fall.sum() + background / n)
    counts = random.poisson(mean * random.gamma(scatter, 1 / scatter, n))
    return pd.DataFrame({"start": pd.date_range(START, periods=n, freq=step, unit="us"), "posts": counts})


# the likelihood


def test_the_likelihood_is_the_negative_binomial_one():
    y, mean = np.array([0.0, 3, 17, 120]), np.array([0.5, 4, 11, 100])
    size = 7.0
    expected = nbinom.logpmf(y, size, size / (size + mean)).sum()
    fixed = sum(float(np.log(np.arange(1, k + 1)).sum()) for k in y)
    assert loglik(y, mean, -np.log(size), fixed) == pytest.approx(expected)


def test_fit_and_interval_agree_with_statsmodels():
    import statsmodels.api as sm

    random = np.random.default_rng(3)
    x = np.column_stack([np.ones(200), np.linspace(-1, 1, 200)])
    y = random.poisson(np.exp(x @ [3, 0.7]) * random.gamma(5, 1 / 5, 200)).astype(float)
    found = fit(y, lambda theta: (np.exp(x @ theta), x), np.array([1.0, 0.0]))
    theirs = sm.NegativeBinomial(y, x).fit(disp=0)
    assert found.settled
    np.testing.assert_allclose(found.theta, theirs.params[:2], atol=1e-3)
    assert np.exp(found.log_dispersion) == pytest.approx(theirs.params[2], rel=0.01)
    assert found.loglik == pytest.approx(theirs.llf, abs=1e-3)
    low, high = profile(y, lambda theta: (np.exp(x @ theta), x), found, 1, 1.92, (-5, 5))
    np.testing.assert_allclose([low, high], theirs.conf_int()[1], atol=0.01)


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("shape", [0.3, 1.0, 1.00001, 2.5])
def test_the_slopes_of_a_law_are_its_derivatives(law, shape):
    u, h = np.arange(20.0), 1e-6
    _, by_shape, by_delay = decay(law, u, shape, 1.7)
    numeric = (decay(law, u, shape + h, 1.7)[0] - decay(law, u, shape - h, 1.7)[0]) / (2 * h)
    np.testing.assert_allclose(by_shape, numeric, atol=1e-5)
    numeric = (decay(law, u, shape, 1.7 * np.exp(h))[0] - decay(law, u, shape, 1.7 * np.exp(-h))[0]) / (2 * h)
    np.testing.assert_allclose(by_delay, numeric, atol=1e-5)


def test_the_power_law_is_integrated_over_each_interval():
    fine = (np.arange(2_000) / 1_000 + 0.0005 + 0.2) ** -1.3
    whole = fine.reshape(2, 1_000).sum(axis=1)
    assert np.exp(decay("power law", np.arange(2.0), 1.3, 0.2)[0])[1] == pytest.approx(whole[1] / whole[0], rel=1e-4)


def test_autocorrelation_inflates_as_an_ar1_does():
    random = np.random.default_rng(1)
    z = random.normal(size=20_000)
    for i in range(1, len(z)):
        z[i] += 0.6 * z[i - 1]
    first, swell = inflation(z, np.arange(len(z)))
    assert first == pytest.approx(0.6, abs=0.03)
    assert swell == pytest.approx(4, rel=0.15)
    assert inflation(random.normal(size=500), np.arange(500))[1] == pytest.approx(1, abs=0.3)


# relaxation


@pytest.mark.parametrize(("law", "shape"), [("exponential", np.log(2) / 24), ("power law", 1.2)])
def test_relaxation_recovers_and_names_what_was_planted(law, shape):
    inside, named, away, wide = [], [], [], []
    for seed in range(12):
        found = relaxation(wave(law, shape, seed), START, origin=START - HOUR).set_index("law").loc[law]
        inside.append(found["low"] <= shape <= found["high"])
        away.append(found["estimate"] - shape)
        wide.append(found["high"] - found["low"])
        named.append(found["verdict"])
        assert found["low"] < found["estimate"] < found["high"]
        assert found["half_low"] < found["half_life"] < found["half_high"]
    assert sum(inside) >= 10
    due = 2 * 1.96 * np.sqrt(np.mean(np.square(away)))
    assert 0.65 < np.mean(wide) / due < 1.5  # what the estimates' own scatter asks for; twelve tell it to a fifth
    assert named.count(law) >= 10


def test_a_background_left_out_bends_the_answer_and_the_table_shows_it():
    counts = wave("exponential", np.log(2) / 24, background=0.4)
    found = [relaxation(counts, START, background=b)["half_life"].iloc[0] for b in ("fitted", 0)]
    assert found[0] == pytest.approx(24, rel=0.3)
    assert found[1] > 2 * found[0]


def test_a_daily_rhythm_is_fitted_with_it():
    counts = wave("exponential", np.log(2) / 24, background=0)
    swing = np.exp(np.cos(2 * np.pi * np.arange(240) / 24))
    counts["posts"] = np.random.default_rng(1).poisson(counts["posts"] * swing)
    with_it = relaxation(counts, START, background=0).iloc[0]
    without = relaxation(counts, START, background=0, daily=0).iloc[0]
    assert with_it["low"] <= np.log(2) / 24 <= with_it["high"]
    assert without["dispersion"] > 2 * with_it["dispersion"]


def test_two_laws_that_cannot_be_told_apart_are_said_so():
    found = relaxation(wave("power law", 1.0, n=10, step="1D"), START, background=0)
    assert found["verdict"].unique().tolist() == ["not distinguishable"]
    assert found["aic_over_best"].min() == 0


def test_a_gap_is_left_out_and_never_taken_as_silence():
    counts = wave("exponential", np.log(2) / 24).astype({"posts": "Int64"})
    whole = relaxation(counts, START).iloc[0]
    counts.loc[30:60, "posts"] = pd.NA
    gapped, absent = relaxation(counts, START).iloc[0], relaxation(counts.dropna(), START).iloc[0]
    zero = relaxation(counts.fillna({"posts": 0}), START).iloc[0]
    assert gapped["intervals"] == whole["intervals"] - 31
    assert gapped["estimate"] == pytest.approx(whole["estimate"], rel=0.15)
    assert absent["estimate"] == gapped["estimate"]
    assert zero["dispersion"] > 3 * gapped["dispersion"]


def test_row_order_changes_nothing_and_neither_does_fitting_the_table():
    counts = wave("power law", 1.0)
    before = counts.copy()
    pd.testing.assert_frame_equal(relaxation(counts), relaxation(counts.sample(frac=1, random_state=1)))
    pd.testing.assert_frame_equal(counts, before)


def constant(n=48, posts=50, **columns):
    """Even counts that do nothing."""
    return pd.DataFrame({"start": pd.date_range(START, periods=n, freq="h"), "posts": posts} | columns)


@pytest.mark.parametrize(
    ("counts", "kept", "reason"),
    [
        (constant(posts=0), {}, "no post"),
        (constant(posts=pd.array([pd.NA] * 48, dtype="Int64")), {}, "no post"),
        (constant(10), {}, "intervals were observed"),
        (constant(48, 1), {"start": START}, "too few"),
        (constant(48), {"start": START + 60 * HOUR, "end": START + 90 * HOUR}, "no whole interval"),
        (constant(), {"start": START + 47 * HOUR}, "1 intervals were observed"),
        (constant(posts=pd.array([9] * 24 + [pd.NA] * 24, dtype="Int64")), {"start": START + 24 * HOUR}, "in a gap"),
    ],
)
def test_relaxation_gives_a_reason_and_no_number(counts, kept, reason):
    found = relaxation(counts, **kept)
    assert found["reason"].str.contains(reason).all()
    assert found[["estimate", "low", "high", "half_life", "aic"]].isna().all(axis=None)


def test_counts_that_do_not_fall_give_no_half_life_that_ends():
    found = relaxation(constant(200), START)
    assert (found["reason"].ne("") | found["low"].eq(0) | found["half_high"].eq(np.inf)).all()


@pytest.mark.parametrize(
    ("counts", "kept", "message"),
    [
        (constant().drop(columns="posts"), {}, "no column posts"),
        (pd.concat([constant(), constant(1)]), {}, "two rows of the counts start at"),
        (constant(start=[pd.NaT] + [START] * 47), {}, "has no start"),
        (constant(posts=-1), {}, "no count"),
        (constant(posts=0.5), {}, "no count"),
        (constant(1), {}, "1 rows"),
        (constant(3, start=[START, START + HOUR, START + 1.6 * HOUR]), {}, "even distances"),
        (constant(), {"origin": START + 40 * HOUR, "start": START}, "not before the window"),
        (constant(), {"background": -1}, "background"),
        (constant(), {"level": 95}, "level"),
    ],
)
def test_relaxation_refuses_what_is_no_series(counts, kept, message):
    with pytest.raises(ValueError, match=message):
        relaxation(counts, **kept)


def test_even_keeps_text_days_as_utc():
    series = even(pd.DataFrame({"start": ["2017-10-16", "2017-10-15"], "posts": [2, 1]}))
    assert series.start[0] == pd.Timestamp("2017-10-15", tz="UTC")
    assert series.posts.tolist() == [1, 2]


# choices


def test_a_clear_wave_survives_the_choices_and_a_mixed_one_does_not():
    counts = wave("exponential", np.log(2) / 24, n=300, posts=60_000, scatter=50, background=0)
    table = relaxation_table(
        counts, starts=[START, START + 6 * HOUR], ends=[START + 200 * HOUR, START + 300 * HOUR], origins=[START - HOUR]
    )
    assert len(table) == 2 * 2 * 2 * 2
    kept = survivors(table).set_index("what")
    assert kept.loc["law", ["survives", "answer"]].tolist() == [True, "exponential"]
    assert kept.loc["half_life", "low"] < 24 < kept.loc["half_life", "high"]
    assert not kept.loc["exponent", "survives"]
    assert "runs from" in kept.loc["exponent", "reason"]


def test_nothing_survives_too_few_choices():
    counts = wave("exponential", np.log(2) / 24)
    kept = survivors(relaxation_table(counts, starts=[START], ends=[START + 200 * HOUR], origins=["fitted"]))
    assert not kept["survives"].any()
    assert kept["reason"].str.contains("too few").all()
    assert kept[["low", "high"]].isna().all(axis=None)


def test_origins_after_every_start_are_refused():
    with pytest.raises(ValueError, match="no origin comes before"):
        relaxation_table(constant(), starts=[START], ends=[START + 40 * HOUR], origins=[START])


def test_an_open_interval_says_why():
    random = np.random.default_rng(1)
    hours = np.arange(400)
    mean = 20_000 * 2.0 ** (-hours / 24) / 34 + 30
    counts = pd.DataFrame({"start": pd.date_range(START, periods=400, freq="h"), "posts": random.poisson(mean)})
    told = relaxation(counts, START).set_index("law").loc["exponential"]
    assert (told["reason"], told["independent"]) == ("", pytest.approx(400, rel=0.3))
    missed = relaxation(counts, START, background=0).set_index("law").loc["exponential"]  # there is a background
    assert (missed["low"], missed["high"], missed["reason"]) == (0, np.inf, MISSES)
    assert missed["independent"] < 10
    moving = relaxation(counts, START, origin="fitted").set_index("law").loc["power law"]  # the exponential, in the end
    assert moving["reason"] in (GONE, RUNAWAY)
    assert np.isnan(moving[["half_low", "half_high"]].astype(float)).all()
    table = relaxation_table(counts, starts=[START, START + HOUR], ends=[START + 400 * HOUR], origins=[START - HOUR])
    kept = survivors(table).set_index("what")
    assert f"2 of 4 intervals are open: in 2, {MISSES}" in kept.loc["half_life", "reason"]


def test_intervals_hold_the_truth_where_neighbouring_counts_are_alike():
    inside = 0
    for seed in range(40):
        random = np.random.default_rng(seed)
        z = random.normal(size=40)
        for i in range(1, 40):
            z[i] = 0.5 * z[i - 1] + np.sqrt(0.75) * z[i]
        mean = 5_000 * np.exp(-0.1 * np.arange(40.0) + 0.3 * z - 0.045)
        days = pd.DataFrame({"start": pd.date_range(START, periods=40), "posts": random.poisson(mean)})
        found = relaxation(days, START, background=0).iloc[0]
        inside += found["low"] <= 0.1 / 24 <= found["high"]
    assert inside >= 34  # of 38 that are promised


# the real daily file


@pytest.mark.skipif(not DATA.exists(), reason="the real counts are not on this machine")
def test_real_days_move_with_the_choices_and_no_number_survives():
    days = pd.read_csv(DATA / "metoo_daily_2017_2020.csv").rename(columns={"date": "start", "tweets": "posts"})
    days["posts"] = days["posts"].where(days["posts"] > 0)
    table = relaxation_table(
        days, starts=["2017-10-17"], ends=["2017-10-31", "2017-11-14", "2017-11-30"],
        origins=["2017-10-15", "2017-10-16"],
    )  # fmt: skip
    kept = survivors(table).set_index("what")
    assert not kept["survives"].any()
    assert kept.loc["exponent", "least"] < 0.7
    assert kept.loc["exponent", "most"] > 2.4
    assert kept.loc["half_life", "least"] < 30  # hours
    assert kept.loc["half_life", "most"] > 20 * 24
    later = relaxation(days, "2018-01-09", "2018-01-29", origin="2018-01-08")
    assert later["half_life"].iloc[0] < 72


@pytest.mark.skipif(not DATA.exists(), reason="the real ids are not on this machine")
def test_real_hours_end_before_the_crawls_own_artefact_and_hang_on_the_background():
    from analysis.posts import load_posts
    from analysis.spread import counts

    hourly = counts(load_posts(DATA / "metoo_ids_2017.csv.gz"))
    starts, ends = ["2017-10-16T03:00Z"], ["2017-10-30T03:00Z", "2017-11-14T10:00Z"]
    table = relaxation_table(hourly, starts=starts, ends=ends, origins=["2017-10-15T20:00Z", "2017-10-16T02:00Z"])
    assert not survivors(table)["survives"].any()
    halves = table[table["law"] == "exponential"].groupby("beneath")["half_life"].agg(["min", "max"])
    assert halves.loc["fitted", "max"] < 30
    assert halves.loc["0", "max"] > 120
