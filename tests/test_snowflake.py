"""Times from ids and back: exact, in UTC, and strict about what is no id."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.snowflake import EPOCH_MS, FIRST_ID, LAST_ID, count_ids, first_id, id_numbers, post_time

CALL = 919659437487030272
CALL_TIME = pd.Timestamp("2017-10-15 20:21:11", tz="UTC")
ids = st.integers(FIRST_ID + 2**22, LAST_ID)  # the very first lies within its millisecond


@given(ids)
def test_times_are_what_the_layout_says_and_lead_back_to_the_first_id(number):
    time = post_time(number)
    assert time == datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=number // 2**22 + EPOCH_MS)
    first = first_id(time)
    assert first <= number < first + 2**22
    assert post_time(first) == time


@given(st.datetimes(datetime(2010, 11, 4, 1, 43, 2), datetime(2080, 1, 1)))
def test_first_id_is_the_smallest_at_or_after_a_time(time):
    first = first_id(time)
    assert post_time(first - 1) < pd.Timestamp(time, tz="UTC") <= post_time(first)


@settings(max_examples=20)
@given(st.lists(st.one_of(st.none(), st.integers(1, LAST_ID))))
def test_all_ways_to_write_ids_give_the_same_times(numbers):
    texts = [None if number is None else str(number) for number in numbers]
    expected = post_time(numbers)
    assert post_time(texts).equals(expected)
    assert post_time(np.array(texts, dtype=object)).equals(expected)
    assert pd.Index(post_time(pd.Series(numbers, dtype="Int64"))).equals(expected)
    assert pd.Index(post_time(pd.Series(texts, dtype="str"))).equals(expected)
    assert post_time(np.array([number or 0 for number in numbers], dtype="uint64")).equals(expected)


def test_the_shape_of_what_comes_back_and_what_has_no_time():
    times = post_time(pd.Series([str(CALL), None], index=["a", "b"], name="post_id", dtype="str"))
    expected = pd.Series([CALL_TIME, pd.NaT], index=["a", "b"], name="created_at", dtype="datetime64[us, UTC]")
    pd.testing.assert_series_equal(times, expected)
    times = post_time([None, 0, FIRST_ID - 1, FIRST_ID])
    assert list(times.isna()) == [True, True, True, False]
    assert times[-1] == pd.Timestamp("2010-11-04 01:43:01.738", tz="UTC")
    assert post_time([str(CALL)]).dtype == post_time([]).dtype == "datetime64[us, UTC]"
    assert post_time(CALL) == post_time(str(CALL)) == CALL_TIME
    assert first_id(CALL_TIME) == first_id("2017-10-15 20:21:11") == first_id("2017-10-15T22:21:11+02:00") == CALL
    assert isinstance(first_id(CALL_TIME), int)
    assert first_id([CALL_TIME]).dtype == np.int64


def test_floats_and_other_types_are_refused():
    for floats in ([9.19e17], np.array([9.19e17]), pd.Series([1, None]), [1, 2.5]):
        with pytest.raises(TypeError, match="lost their last digits"):
            post_time(floats)
    for wrong in ([True], [b"12"], [CALL_TIME], [[CALL]]):
        with pytest.raises((TypeError, ValueError)):
            id_numbers(wrong)


@pytest.mark.parametrize(
    ("ids", "match"),
    [
        ([str(CALL), None, "9.19E+17"], "at position 2 .*rounded"),
        ([str(CALL), None, "919659437487030272.0"], "at position 2 .*rounded"),
        *[
            ([str(CALL), None, text], "is not a whole number")
            for text in ("abc", "", "-5", " 5", "007", "٣", str(2**63))
        ],
        (np.array([5, 2**63], dtype="uint64"), r"position 1 .* below 2\*\*63"),
        ([5, 2**70], r"position 1 .* below 2\*\*63"),
    ],
)
def test_what_is_no_id_is_refused_with_its_position(ids, match):
    with pytest.raises(ValueError, match=match):
        post_time(ids)


@pytest.mark.parametrize(
    ("time", "what"),
    [
        ("2010-11-04 01:42:54.656", "before the first Snowflake second"),
        ("9999-12-31", "9999-12-31 .* beyond the last id"),
        (["2017-10-15", None], "a missing time has no first id"),
        ("soon", "soon"),
    ],
)
def test_times_without_ids_are_refused(time, what):
    with pytest.raises(ValueError, match=what):
        first_id(time)


@pytest.mark.parametrize("minutes", [1, 7 * 1440])
def test_counts_are_those_of_whole_number_arithmetic(minutes):
    numbers = np.random.default_rng(1).integers(CALL, CALL + 2**44, 100).tolist()
    counts = count_ids(pd.Series([None, 20, *numbers], dtype="Int64"), pd.Timedelta(minutes, "min"))
    step = minutes * 60_000
    expected = Counter((number // 2**22 + EPOCH_MS) // step * step for number in numbers)
    starts = range(min(expected), max(expected) + step, step)
    assert counts["start"].to_list() == [pd.Timestamp(start, unit="ms", tz="UTC") for start in starts]
    assert counts["posts"].to_list() == [expected[start] for start in starts]
    assert counts.dtypes.astype("str").to_list() == ["datetime64[us, UTC]", "int64"]
    assert count_ids([20, None]).empty
