"""On bad input each estimator gives an error, or a missing value with its reason; row order changes nothing."""

import numpy as np
import pandas as pd
import pytest

from analysis import spread
from analysis.spread import as_counts

START = pd.Timestamp("2017-10-15T00:00Z")


def posts_at(*times):
    created_at = pd.to_datetime(list(times), utc=True).astype("datetime64[us, UTC]")
    return pd.DataFrame({"created_at": created_at, "lang": "en"})


def hourly(posts):
    return pd.DataFrame({"start": pd.date_range(START, periods=len(posts), freq="h"), "posts": posts})


NO_TIMES = posts_at(None, None)
BAD = {
    "one instant": posts_at(*["2017-10-15T20:00Z"] * 500),
    "no times": NO_TIMES,
    "zeros": hourly([0] * 200),
    "an hour twice": pd.concat([hourly(range(1, 101)), hourly([1])]),
    "in a gap": as_counts(hourly([40] * 200), gaps=[(START, START + pd.Timedelta("300h"))]),
}
ESTIMATORS = {
    "peak": spread.peak,
    "lasting": spread.lasting,
    "growth": lambda data: spread.growth(data, START, START + pd.Timedelta("30h")),
    "onset": spread.onset,
    "attention_class": spread.attention_class,
    "bursts": spread.bursts,
    "change_points": lambda data: spread.change_points(data, "1h"),
    "rhythm": spread.rhythm,
    "rhythm of the week": lambda data: spread.rhythm(data, "week"),
    "find_gaps": spread.find_gaps,
    "waves": lambda data: spread.waves(data if "lang" in data else data.assign(lang="en"), "lang"),
}
#: What these give is true of such input and no estimate: a count, and its place.
TRUE = {("peak", "one instant"), ("lasting", "one instant"), ("waves", "one instant")}
NUMBERS = {
    "growth": ["doubling", "low", "high", "rate"], "onset": ["start", "posts", "p"], "waves": ["peak", "lag"],
    "attention_class": ["share", "low", "high"], "rhythm": ["share", "low", "high"],
    "rhythm of the week": ["share", "low", "high"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "bad"), [(name, bad) for name in ESTIMATORS for bad in BAD if (name, bad) not in TRUE]
)
def test_bad_input_gives_an_error_or_a_missing_value_with_its_reason(name, bad):
    try:
        result = ESTIMATORS[name](BAD[bad].copy())
    except ValueError as error:
        assert "comes twice" in str(error) if bad == "an hour twice" else len(str(error)) > 15
        return
    assert bad != "an hour twice"
    if isinstance(result, dict):
        assert result["why"]
        assert all(pd.isna(result[key]) for key in NUMBERS[name])
    elif name in ("bursts", "change_points", "find_gaps"):
        assert len(result) == 0
        assert name == "find_gaps" or result.attrs["reason"]
    else:
        assert result["reason"].str.len().gt(10).all()
        assert result[NUMBERS[name]].isna().all(axis=None)


@pytest.mark.parametrize("name", ESTIMATORS)
def test_no_order_of_rows_and_no_missing_time_changes_a_result(name):
    random = np.random.default_rng(5)
    hours = np.concatenate([random.random(200) * 240, 100 + random.exponential(20, 1800)])
    posts = pd.DataFrame({"created_at": START + pd.to_timedelta(hours, unit="h").floor("us"), "lang": "en"})
    mixed = pd.concat([posts, NO_TIMES]).sample(frac=1, random_state=1)
    result, other = ESTIMATORS[name](posts), ESTIMATORS[name](mixed)
    if isinstance(result, dict):
        assert str(result) == str(other)
    else:
        pd.testing.assert_frame_equal(result, other)
