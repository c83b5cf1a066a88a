"""Each interval is held to its own promise: it covers the planted truth as often as it says."""

import numpy as np
import pytest
from scipy.sparse import csr_array

from analysis.intervals import bootstrap_interval, wilson_interval


def test_wilson_equals_published_values():
    # Newcombe 1998, table I: 81 of 263 and 0 of 20
    assert wilson_interval(81, 263) == pytest.approx({"share": 0.3080, "low": 0.2553, "high": 0.3662}, abs=1e-4)
    assert wilson_interval(0, 20) == pytest.approx({"share": 0, "low": 0, "high": 0.1611}, abs=1e-4)


@pytest.mark.parametrize("share", [0.02, 0.3, 0.97])
def test_wilson_covers_the_planted_share(share):
    k = np.random.default_rng(4).binomial(300, share, size=3000)
    inside = [(w := wilson_interval(int(i), 300))["low"] <= share <= w["high"] for i in k]
    assert abs(np.mean(inside) - 0.95) < 0.025


def test_wilson_of_nothing_is_missing_and_of_nonsense_refused():
    assert np.isnan(wilson_interval(0, 0)["share"])
    for wrong in [(3, 2), (-1, 4)]:
        with pytest.raises(ValueError, match="no share"):
            wilson_interval(*wrong)
    with pytest.raises(ValueError, match="level"):
        wilson_interval(1, 2, level=95)


def clustered(seed, authors=60):
    """Values of posts and who wrote each: an author's posts are alike."""
    random = np.random.default_rng(seed)
    size = random.integers(1, 12, authors).astype(float)
    return random.normal(0, 1, authors) * size, size


def covered(seeds, by_row):
    """How often the interval of the mean holds the planted 0."""
    inside = []
    for seed in range(seeds):
        top, size = clustered(seed)
        if by_row:
            top, size = np.repeat(top / size, size.astype(int)), np.ones(int(size.sum()))
        low, high = bootstrap_interval({"mean": top[:, None]}, size[:, None], draws=200, random_state=seed)[
            "mean"
        ].ravel()
        inside.append(low <= 0 <= high)
    return np.mean(inside)


def test_bootstrap_by_author_covers_where_by_row_it_does_not():
    assert covered(200, by_row=False) > 0.88
    assert covered(200, by_row=True) < 0.75


def test_bootstrap_takes_sparse_arrays_and_one_count_for_all_columns():
    tops = np.random.default_rng(1).integers(0, 3, (40, 3)).astype(float)
    size = tops.sum(axis=1, keepdims=True) + 1
    dense = bootstrap_interval({"a": tops}, size, draws=50, random_state=2)["a"]
    sparse = bootstrap_interval(
        {"a": csr_array(tops)}, csr_array(np.repeat(size, 3, axis=1)), draws=50, random_state=2
    )["a"]
    assert dense.shape == (2, 3)
    assert np.allclose(dense, sparse)
    wide = bootstrap_interval({"a": tops}, size, draws=50, random_state=2, level=0.99)["a"]
    assert (wide[0] <= dense[0]).all()
    assert (wide[1] >= dense[1]).all()


def test_bootstrap_of_nothing_is_missing_and_of_nonsense_refused():
    nothing = bootstrap_interval({"a": np.zeros((0, 2))}, np.zeros((0, 2)))["a"]
    empty = bootstrap_interval({"a": np.zeros((5, 1))}, np.zeros((5, 1)), draws=5)["a"]
    assert np.isnan(nothing).all()
    assert nothing.shape == (2, 2)
    assert np.isnan(empty).all()
    with pytest.raises(ValueError, match="draws"):
        bootstrap_interval({}, np.ones((3, 1)), draws=0)
    with pytest.raises(ValueError, match="level"):
        bootstrap_interval({}, np.ones((3, 1)), level=95)
