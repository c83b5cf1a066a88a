"""Self-excitation: the likelihood is the definition's, planted processes come back, confounded ones get no number."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.methods.excitation import excitation_table, self_excitation
from analysis.methods.fitting import fit_hawkes, interval
from analysis.methods.hawkes import compensator, excite, profile_loglik, simulate

DATA = Path(__file__).parents[2] / "shared" / "data"
START = pd.Timestamp("2017-10-16", tz="UTC")
EDGES = np.array([0.0, 5, 10])
EVENTS = simulate(EDGES, [5, 20], 0.5, 3.0, seed=1)


def likelihood(branching, decay, times=EVENTS, edges=EDGES):
    """The profile likelihood, its slopes, and the base rates."""
    first = np.searchsorted(times, edges)
    first[-1] = len(times)
    base = np.zeros(len(edges) - 1)
    kernel, slope = excite(times, decay)
    return *profile_loglik(times, first, np.diff(edges), edges[-1], branching, decay, kernel, slope, base), base


def quadratic_loglik(times, edges, base, branching, decay):
    """The log-likelihood as the definition has it, each event against all before it."""
    since = np.tril(times[:, None] - times[None, :], -1)
    kernel = np.tril(decay * np.exp(-decay * since), -1).sum(axis=1)
    spent = (base * np.diff(edges)).sum() + branching * (1 - np.exp(-decay * (edges[-1] - times))).sum()
    return np.log(base[np.searchsorted(edges, times, side="right") - 1] + branching * kernel).sum() - spent


@pytest.mark.parametrize(("branching", "decay"), [(0.5, 3.0), (0.0, 1.0), (0.9, 0.4), (0.2, 50.0)])
def test_the_recursion_gives_the_quadratic_likelihood(branching, decay):
    value, _, _, base = likelihood(branching, decay)
    assert value == pytest.approx(quadratic_loglik(EVENTS, EDGES, base, branching, decay), rel=1e-10)


def test_the_base_rate_is_at_its_best():
    value, _, _, base = likelihood(0.5, 3.0)
    for k in range(2):
        for factor in (0.98, 1.02):
            other = base.copy()
            other[k] *= factor
            assert quadratic_loglik(EVENTS, EDGES, other, 0.5, 3.0) < value


@pytest.mark.parametrize(("branching", "decay"), [(0.5, 3.0), (0.9, 0.4)])
def test_the_gradient_is_the_derivative(branching, decay):
    h = 1e-6
    _, by_branching, by_decay, _ = likelihood(branching, decay)
    numeric = (likelihood(branching + h, decay)[0] - likelihood(branching - h, decay)[0]) / (2 * h)
    assert by_branching == pytest.approx(numeric, rel=1e-4, abs=1e-4)
    numeric = (likelihood(branching, decay + h)[0] - likelihood(branching, decay - h)[0]) / (2 * h)
    assert by_decay == pytest.approx(numeric, rel=1e-4, abs=1e-4)


def test_the_compensator_is_the_integral_of_the_rate():
    base, branching, decay = np.array([5.0, 20.0]), 0.5, 3.0
    spent = compensator(EVENTS, np.array([0, np.searchsorted(EVENTS, 5), len(EVENTS)]), EDGES, base, branching, decay)
    for i in (0, 7, len(EVENTS) - 1):
        t = EVENTS[i]
        direct = base[0] * min(t, 5) + base[1] * max(t - 5, 0)
        direct += branching * (1 - np.exp(-decay * (t - EVENTS[:i]))).sum()
        assert spent[i] == pytest.approx(direct)


def test_the_fit_is_no_worse_than_a_search_over_a_grid():
    found = fit_hawkes(EVENTS, EDGES)
    grid = max(likelihood(n, d)[0] for n in np.linspace(0, 1, 21) for d in np.geomspace(0.5, 60, 25))
    assert found.loglik >= grid - 1e-6
    low, high = interval(EVENTS, EDGES, found, 1.92)
    assert 0 <= low < found.branching < high


def test_simulated_families_have_the_size_that_was_planted():
    events = simulate([0.0, 1000.0], [10.0], 0.6, 5.0, seed=2)
    assert len(events) == pytest.approx(10 * 1000 / (1 - 0.6), rel=0.1)
    assert (np.diff(events) >= 0).all()


def posts_of(hours):
    """Times of these hours, to the millisecond."""
    return pd.Series(START + pd.to_timedelta(np.floor(np.asarray(hours) * 3.6e6), unit="ms"))


def test_a_planted_ratio_is_found_where_the_base_stands_still():
    inside = 0
    for seed in range(8):
        at = simulate([0.0, 240.0], [6.0], 0.5, 20.0, seed=seed)
        found = self_excitation(posts_of(at), ["2D", "1D"], start=START, end=START + pd.Timedelta("10D"))
        assert found["verdict"] == "identified"
        inside += found["low"] <= 0.5 <= found["high"]
    assert inside >= 6
    assert 1 / 40 < found["memory"] < 1 / 10


def test_a_base_rate_that_moves_is_told_from_sparks_by_no_number():
    at = np.sort(np.random.default_rng(1).beta(2, 2, 4_000) * 240)
    found = self_excitation(posts_of(at), ["7D", "1D", "1h"])
    assert found["verdict"] == "not identified"
    assert np.isnan([found["branching"], found["low"], found["high"], found["memory"]]).all()
    assert found["moved"] > 0.1
    assert "steps of" in found["reason"]


def test_the_bootstrap_gives_a_smaller_p_value_than_the_textbook():
    at = posts_of(simulate([0.0, 48.0], [8.0], 0.4, 4.0, seed=3))
    kept = {"widths": ["1D"], "start": START, "end": START + pd.Timedelta("2D")}
    plain = excitation_table(at, **kept).iloc[0]
    drawn = excitation_table(at, **kept, draws=19, seed=1).iloc[0]
    assert plain["ks_by"].startswith("textbook")
    assert drawn["ks_by"] == "bootstrap"
    assert 0.05 <= drawn["ks_p"] <= 1
    again = excitation_table(at, **kept, draws=19, seed=1).iloc[0]
    pd.testing.assert_series_equal(drawn, again)


def test_a_process_that_is_no_such_one_fails_the_test_of_waits():
    even = np.arange(1_000) / 10
    assert excitation_table(posts_of(even), ["1D", "12h"])["ks_p"].max() < 1e-3


def test_ties_and_rounded_times_are_scattered_within_their_unit():
    at = simulate([0.0, 48.0], [30.0], 0.3, 4.0, seed=5)
    exact = excitation_table(posts_of(at), ["1D"]).iloc[0]
    seconds = excitation_table(posts_of(at).dt.floor("s"), ["1D"]).iloc[0]
    assert seconds["jittered"] == 1.0
    assert exact["jittered"] == 0.001
    assert seconds["branching"] == pytest.approx(exact["branching"], abs=0.02)


def test_row_order_and_the_kind_of_table_change_nothing():
    at = posts_of(EVENTS)
    one = excitation_table(at, ["5h"])
    pd.testing.assert_frame_equal(one, excitation_table(at.sample(frac=1, random_state=1), ["5h"]))
    pd.testing.assert_frame_equal(one, excitation_table(pd.DataFrame({"created_at": [*at, pd.NaT]}), ["5h"]))


def test_a_post_that_comes_twice_counts_once():
    table = pd.DataFrame({"created_at": posts_of(EVENTS), "post_id": [str(i) for i in range(len(EVENTS))]})
    twice = pd.concat([table, table.head(50)])
    pd.testing.assert_frame_equal(excitation_table(table, ["5h"]), excitation_table(twice, ["5h"]))


@pytest.mark.parametrize(
    ("times", "kept", "reason"),
    [
        (pd.Series([], dtype="datetime64[us, UTC]"), {}, "no post has a time"),
        (pd.Series([pd.NaT] * 300), {}, "no post has a time"),
        (posts_of(np.arange(50)), {}, "50 posts"),
        (posts_of(np.zeros(500)), {}, "one single instant"),
        (posts_of(np.arange(500) / 10), {"end": START - pd.Timedelta("1D")}, "no post has a time"),
        (
            posts_of(np.arange(500) / 10),
            {"gaps": pd.DataFrame({"start": [START], "end": [START + pd.Timedelta("1h")]})},
            "gap",
        ),
        (posts_of(np.arange(500) / 1000), {"widths": ["7D", "1D"]}, "shorter than one step"),
    ],
)
def test_nothing_is_fitted_without_a_reason(times, kept, reason):
    found = self_excitation(times, **({"widths": ["1D", "6h"]} | kept))
    assert found["verdict"] == "not fitted"
    assert reason in found["reason"]
    assert np.isnan(found["branching"])
    assert found["widths"]["branching"].isna().all()


@pytest.mark.parametrize(
    ("kept", "message"),
    [
        ({"widths": []}, "widths"),
        ({"widths": "1D"}, "widths"),
        ({"widths": ["soon"]}, "soon"),
        ({"widths": ["1us"]}, "take a longer one"),
        ({"start": START, "end": START}, "before it starts"),
    ],
)
def test_arguments_out_of_range_are_refused(kept, message):
    with pytest.raises(ValueError, match=message):
        excitation_table(posts_of(np.arange(500) / 10), **kept)


def test_one_width_identifies_nothing():
    found = self_excitation(posts_of(simulate([0.0, 240.0], [6.0], 0.5, 20.0, seed=1)), ["1D"])
    assert found["verdict"] == "not fitted"
    assert "two or more" in found["reason"]


@pytest.mark.skipif(not DATA.exists(), reason="the real ids are not on this machine")
def test_real_ids_do_not_identify_the_branching_ratio():
    from analysis.posts import load_posts

    posts = load_posts(DATA / "metoo_ids_2017.csv.gz")
    found = self_excitation(posts, ["7D", "1h", "15min"], end=pd.Timestamp("2017-11-14T10:00Z"))
    assert found["verdict"] == "not identified"
    assert np.isnan(found["branching"])
    weekly, hourly, quarter = found["widths"]["branching"]
    assert weekly > 0.95
    assert hourly < 0.2
    assert quarter < 0.02
