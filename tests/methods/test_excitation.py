"""Self-excitation: the likelihood is the definition's, planted processes come back, confounded ones get no number."""

import numpy as np
import pandas as pd
import pytest

from analysis.methods.excitation import excitation_table, self_excitation
from analysis.methods.fitting import fit_hawkes, interval
from analysis.methods.hawkes import compensator, excite, profile_loglik, simulate

START = pd.Timestamp("2017-10-16", tz="UTC")
EDGES = np.array([0.0, 5, 10])
EVENTS = simulate(EDGES, [5, 20], 0.5, 3.0, seed=1)


def likelihood(branching, decay):
    """The profile likelihood of the events, its slopes, and the base rates."""
    first = np.searchsorted(EVENTS, EDGES)
    base = np.zeros(2)
    kernel, slope = excite(EVENTS, decay)
    return *profile_loglik(EVENTS, first, np.diff(EDGES), EDGES[-1], branching, decay, kernel, slope, base), base


def quadratic_loglik(base, branching, decay):
    """The log-likelihood as the definition has it, each event against all before it."""
    since = np.tril(EVENTS[:, None] - EVENTS[None, :], -1)
    kernel = np.tril(decay * np.exp(-decay * since), -1).sum(axis=1)
    spent = (base * np.diff(EDGES)).sum() + branching * (1 - np.exp(-decay * (EDGES[-1] - EVENTS))).sum()
    return np.log(base[np.searchsorted(EDGES, EVENTS, side="right") - 1] + branching * kernel).sum() - spent


@pytest.mark.parametrize(("branching", "decay"), [(0.0, 1.0), (0.9, 0.4)])
def test_the_recursion_gives_the_quadratic_likelihood_its_derivatives_and_the_integral(branching, decay):
    value, by_branching, by_decay, base = likelihood(branching, decay)
    assert value == pytest.approx(quadratic_loglik(base, branching, decay), rel=1e-10)
    assert all(quadratic_loglik(base * factor, branching, decay) < value for factor in ([0.98, 1], [1, 1.02]))
    h = 1e-6
    if branching:
        numeric = (likelihood(branching + h, decay)[0] - likelihood(branching - h, decay)[0]) / (2 * h)
        assert by_branching == pytest.approx(numeric, rel=1e-4, abs=1e-4)
    numeric = (likelihood(branching, decay + h)[0] - likelihood(branching, decay - h)[0]) / (2 * h)
    assert by_decay == pytest.approx(numeric, rel=1e-4, abs=1e-4)
    expected = compensator(EVENTS, np.searchsorted(EVENTS, EDGES), EDGES, base, branching, decay)
    for i in (0, len(EVENTS) - 1):  # the integral of the rate
        t = EVENTS[i]
        direct = base[0] * min(t, 5) + base[1] * max(t - 5, 0)
        direct += branching * (1 - np.exp(-decay * (t - EVENTS[:i]))).sum()
        assert expected[i] == pytest.approx(direct)


def test_the_fit_is_no_worse_than_a_grid_and_its_interval_ends_where_the_likelihood_has_fallen():
    fitted = fit_hawkes(EVENTS, EDGES)
    decays = np.geomspace(0.5, 60, 120)
    grid = max(likelihood(branching, decay)[0] for branching in np.linspace(0, 1, 11) for decay in decays[::5])
    assert fitted.loglik >= grid - 1e-6
    low, high = interval(EVENTS, EDGES, fitted, 1.92)
    assert 0 <= low < fitted.branching < high
    fallen = [fitted.loglik - max(likelihood(end, decay)[0] for decay in decays) for end in (low, high) if end]
    assert fallen == pytest.approx([1.92] * len(fallen), abs=0.05)


def posts_of(hours):
    """Times of these hours, to the millisecond."""
    return pd.Series(START + pd.to_timedelta(np.floor(np.asarray(hours) * 3.6e6), unit="ms"))


def test_a_planted_ratio_is_found_where_the_base_stands_still():
    inside = 0
    for seed in range(3):
        events = simulate([0.0, 240.0], [6.0], 0.5, 20.0, seed=seed)
        answer = self_excitation(posts_of(events), ["2D", "1D"], start=START, end=START + pd.Timedelta("10D"))
        assert answer["verdict"] == "identified"
        chosen = answer["widths"].set_index("width").loc[answer["width"]]
        assert [answer[end] for end in ("low", "high")] == chosen[["low", "high"]].tolist()
        inside += answer["low"] <= 0.5 <= answer["high"]
    assert inside >= 2
    assert 1 / 40 < answer["memory"] < 1 / 10
    assert "two or more" in self_excitation(posts_of(events), ["1D"])["reason"]


def test_a_base_rate_that_moves_is_told_from_sparks_by_no_number():
    answer = self_excitation(posts_of(np.sort(np.random.default_rng(1).beta(2, 2, 4_000) * 240)), ["7D", "1D", "1h"])
    assert answer["verdict"] == "not identified"
    assert np.isnan([answer["branching"], answer["low"], answer["high"], answer["memory"]]).all()
    assert answer["moved"] > 0.1
    assert "steps of" in answer["reason"]


def test_ties_and_rounded_times_are_scattered_within_their_unit():
    times = posts_of(EVENTS)
    exact, seconds = (excitation_table(when, ["5h"]).iloc[0] for when in (times, times.dt.floor("s")))
    assert (exact["jittered"], seconds["jittered"]) == (0.001, 1.0)
    assert seconds["branching"] == pytest.approx(exact["branching"], abs=0.02)


def test_row_order_missing_times_and_posts_that_come_twice_change_nothing():
    times = posts_of(EVENTS)
    expected = excitation_table(times, ["5h"])
    table = pd.DataFrame({"created_at": [*times, pd.NaT], "post_id": np.arange(len(times) + 1).astype(str)})
    twice = pd.concat([table, table.head(50)])
    pd.testing.assert_frame_equal(expected, excitation_table(twice.sample(frac=1, random_state=1), ["5h"]))


@pytest.mark.parametrize(
    ("times", "options", "reason"),
    [
        (pd.Series([pd.NaT] * 300), {}, "no post has a time"),
        (posts_of(np.arange(50)), {}, "50 posts"),
        (posts_of(np.zeros(500)), {}, "one single instant"),
        (posts_of(np.arange(500) / 1000), {"widths": ["7D", "1D"]}, "shorter than one step"),
    ],
)
def test_nothing_is_fitted_without_a_reason(times, options, reason):
    answer = self_excitation(times, **({"widths": ["1D", "6h"]} | options))
    assert answer["verdict"] == "not fitted"
    assert reason in answer["reason"]
    assert np.isnan(answer["branching"])
    assert answer["widths"]["branching"].isna().all()


def test_arguments_out_of_range_are_refused():
    times = posts_of(np.arange(500) / 10)
    for widths, message in (([], "widths"), ("1D", "widths"), (["soon"], "soon"), (["1us"], "take a longer one")):
        with pytest.raises(ValueError, match=message):
            excitation_table(times, widths)
    with pytest.raises(ValueError, match="before it starts"):
        excitation_table(times, start=START, end=START)
