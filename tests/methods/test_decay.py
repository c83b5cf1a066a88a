"""The decay of a wave: planted laws come back, choices are shown, bad input has a reason."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from scipy.stats import nbinom

from analysis.methods.choices import relaxation_table, survivors
from analysis.methods.decay import MISSES, relaxation
from analysis.methods.laws import LAWS, decay
from analysis.methods.negbin import fit, loglik, profile

START = pd.Timestamp("2017-10-16T00:00Z")
HOUR = pd.Timedelta("1h")
RATE = np.log(2) / 24  # per hour: a half-life of a day


def wave(law, shape, seed=0, n=240, posts=20_000, scatter=10.0, background=0.2, step="1h"):
    """Counts that fall by a law (`shape` per interval) on a background."""
    random = np.random.default_rng(seed)
    fall = np.exp(decay(law, np.arange(n, dtype=float), shape, 1.0)[0])
    mean = posts * ((1 - background) * fall / fall.sum() + background / n)
    drawn = random.poisson(mean * random.gamma(scatter, 1 / scatter, n))
    return pd.DataFrame({"start": pd.date_range(START, periods=n, freq=step, unit="us"), "posts": drawn})


def constant(n=48, posts=50, **columns):
    """Counts that are all alike."""
    return pd.DataFrame({"start": pd.date_range(START, periods=n, freq="h"), "posts": posts} | columns)


def test_fit_and_interval_agree_with_scipy_and_statsmodels():
    import statsmodels.api as sm

    random = np.random.default_rng(3)
    x = np.column_stack([np.ones(200), np.linspace(-1, 1, 200)])
    y = random.poisson(np.exp(x @ [3, 0.7]) * random.gamma(5, 1 / 5, 200)).astype(float)
    ours = fit(y, lambda theta: (np.exp(x @ theta), x), np.array([1.0, 0.0]))
    theirs = sm.NegativeBinomial(y, x).fit(disp=0)
    assert ours.settled
    np.testing.assert_allclose(ours.theta, theirs.params[:2], atol=1e-3)
    assert np.exp(ours.log_dispersion) == pytest.approx(theirs.params[2], rel=0.01)
    assert ours.loglik == pytest.approx(theirs.llf, abs=1e-3)
    low, high = profile(y, lambda theta: (np.exp(x @ theta), x), ours, 1, 1.92, (-5, 5))
    np.testing.assert_allclose([low, high], theirs.conf_int()[1], atol=0.01)
    posts, mean, size = np.array([0.0, 3, 17]), np.array([0.5, 4, 11]), 7.0
    logs = sum(float(np.log(np.arange(1, k + 1)).sum()) for k in posts)
    assert loglik(posts, mean, -np.log(size), logs) == pytest.approx(
        nbinom.logpmf(posts, size, size / (size + mean)).sum()
    )


def test_the_slope_of_a_law_is_its_derivative_and_the_power_law_is_integrated_over_each_interval():
    u, h = np.arange(20.0), 1e-6
    for law, shape in product(LAWS, [0.3, 1.0]):  # at 1 the power law has a limit
        _, by_shape = decay(law, u, shape, 1.7)
        numeric = (decay(law, u, shape + h, 1.7)[0] - decay(law, u, shape - h, 1.7)[0]) / (2 * h)
        np.testing.assert_allclose(by_shape, numeric, atol=1e-5)
    fine = (np.arange(2_000) / 1_000 + 0.0005 + 0.2) ** -1.3
    whole = fine.reshape(2, 1_000).sum(axis=1)
    assert np.exp(decay("power law", np.arange(2.0), 1.3, 0.2)[0])[1] == pytest.approx(whole[1] / whole[0], rel=1e-4)


@pytest.mark.parametrize(("law", "shape"), [("exponential", RATE), ("power law", 1.2)])
def test_relaxation_recovers_and_names_what_was_planted(law, shape):
    for seed in range(2):
        row = relaxation(wave(law, shape, seed), START, origin=START - HOUR).set_index("law").loc[law]
        assert row["verdict"] == law
        assert row["low"] <= shape <= row["high"] < 1.5 * row["low"]
        assert row["low"] < row["estimate"] < row["high"]
        assert row["half_low"] < row["half_life"] < row["half_high"]


def test_a_gap_is_left_out_and_never_taken_as_silence_and_row_order_changes_nothing():
    table = wave("exponential", RATE).astype({"posts": "Int64"})
    whole = relaxation(table, START).iloc[0]
    table.loc[30:60, "posts"] = pd.NA
    gapped, absent = relaxation(table, START), relaxation(table.dropna().sample(frac=1, random_state=1), START)
    pd.testing.assert_frame_equal(gapped, absent)
    assert gapped["intervals"].iloc[0] == whole["intervals"] - 31
    assert gapped["estimate"].iloc[0] == pytest.approx(whole["estimate"], rel=0.15)
    silent = relaxation(table.fillna({"posts": 0}), START).iloc[0]
    assert silent["dispersion"] > 3 * gapped["dispersion"].iloc[0]


@pytest.mark.parametrize(
    ("table", "options", "reason"),
    [
        (constant(posts=0), {}, "0 posts"),
        (constant(10), {}, "intervals were observed"),
        (constant(48), {"start": START + 60 * HOUR, "end": START + 90 * HOUR}, "no whole interval"),
        (constant(posts=pd.array([9] * 24 + [pd.NA] * 24, dtype="Int64")), {"start": START + 24 * HOUR}, "in a gap"),
    ],
)
def test_relaxation_gives_a_reason_and_no_number(table, options, reason):
    fits = relaxation(table, **({"start": START} | options))
    assert fits["reason"].str.contains(reason).all()
    assert fits[["estimate", "low", "high", "half_life", "aic"]].isna().all(axis=None)


def test_what_is_no_series_or_option_is_refused():
    with pytest.raises(ValueError, match="1 rows"):
        relaxation(constant(1), START)
    with pytest.raises(ValueError, match="no origin comes before"):
        relaxation_table(constant(), starts=[START], ends=[START + 40 * HOUR], origins=[START])
    for options in ({"origin": START + HOUR}, {"background": -1}):
        with pytest.raises(ValueError, match=next(iter(options))):
            relaxation(constant(), START, **options)


def test_a_clear_wave_survives_the_choices_and_a_law_that_is_not_there_does_not():
    table = wave("exponential", RATE, n=200, posts=60_000, scatter=50, background=0)
    ends = [START + 150 * HOUR, START + 200 * HOUR]
    fits = relaxation_table(table, starts=[START, START + 6 * HOUR], ends=ends, origins=[START - HOUR])
    assert len(fits) == 2 * 2 * 2 * 2
    kept = survivors(fits).set_index("what")
    assert kept.loc["law", ["survives", "answer"]].tolist() == [True, "exponential"]
    assert kept.loc["half_life", "low"] < 24 < kept.loc["half_life", "high"]
    assert not kept.loc["exponent", "survives"]
    few = survivors(fits[fits["choice"] < 3])
    assert not few["survives"].any()
    assert few["reason"].str.contains("too few").all()


def test_an_open_interval_says_why():
    random = np.random.default_rng(1)
    table = constant(400, random.poisson(20_000 * 2.0 ** (-np.arange(400) / 24) / 34 + 30))
    right = relaxation(table, START).set_index("law").loc["exponential"]
    assert (right["reason"], right["independent"]) == ("", pytest.approx(400, rel=0.3))
    missed = relaxation(table, START, background=0).set_index("law").loc["exponential"]  # there is a background
    assert (missed["low"], missed["high"], missed["reason"]) == (0, np.inf, MISSES)
    assert missed["independent"] < 10
