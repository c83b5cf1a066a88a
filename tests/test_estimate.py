"""Each interval is held to its own promise: it covers the planted truth as often as it says."""

import numpy as np
import pandas as pd
import pytest

from analysis.estimate import bootstrap, wilson


def test_wilson_equals_published_values():
    # Newcombe 1998, table I: 81 of 263 and 0 of 20
    assert wilson(81, 263) == pytest.approx({"share": 0.3080, "low": 0.2553, "high": 0.3662}, abs=1e-4)
    assert wilson(0, 20) == pytest.approx({"share": 0, "low": 0, "high": 0.1611}, abs=1e-4)


@pytest.mark.parametrize("share", [0.02, 0.3, 0.97])
def test_wilson_covers_the_planted_share(share):
    k = np.random.default_rng(4).binomial(300, share, size=3000)
    inside = [(w := wilson(int(i), 300))["low"] <= share <= w["high"] for i in k]
    assert abs(np.mean(inside) - 0.95) < 0.025


def test_wilson_of_nothing_is_missing_and_of_nonsense_refused():
    assert np.isnan(wilson(0, 0)["share"])
    for wrong in [(3, 2), (-1, 4)]:
        with pytest.raises(ValueError, match="no share"):
            wilson(*wrong)
    with pytest.raises(ValueError, match="level"):
        wilson(1, 2, level=95)


def clustered(seed, authors=60):
    """Posts whose authors differ: an author's posts are alike."""
    random = np.random.default_rng(seed)
    size = random.integers(1, 12, authors)
    own = random.normal(0, 1, authors)
    return pd.DataFrame(
        {"author": np.repeat([f"a{i:03}" for i in range(authors)], size), "value": np.repeat(own, size)}
    )


def test_bootstrap_by_author_covers_where_by_row_it_does_not():
    def covered(by):
        found = [
            bootstrap(clustered(seed), lambda t: t["value"].mean(), by=by, draws=150, seed=seed) for seed in range(150)
        ]
        return np.mean([f["low"] <= 0 <= f["high"] for f in found])

    assert covered("author") > 0.87
    assert covered(None) < 0.75


def test_bootstrap_does_not_depend_on_row_order():
    table = clustered(7)
    shuffled = table.sample(frac=1, random_state=3)
    one, two = (bootstrap(t, lambda t: t["value"].mean(), by="author", draws=50, seed=1) for t in (table, shuffled))
    assert one == pytest.approx(two)


def test_bootstrap_takes_rows_without_an_author_one_by_one():
    table = pd.DataFrame({"author": pd.Series([None] * 40, dtype="str"), "value": np.arange(40.0)})
    found = bootstrap(table, lambda t: t["value"].mean(), by="author", draws=300, seed=1)
    assert 10 < found["low"] < 19.5 < found["high"] < 30


def test_bootstrap_refuses_what_it_cannot_do():
    with pytest.raises(ValueError, match="no rows"):
        bootstrap(pd.DataFrame({"value": []}), lambda t: 0.0)
    with pytest.raises(ValueError, match="draws"):
        bootstrap(clustered(1), lambda t: 0.0, draws=0)
    assert np.isnan(bootstrap(clustered(1), lambda t: float("nan"), draws=5)["low"])
