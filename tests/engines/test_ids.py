"""The fast way with ids gives what the plain way gives, to the last digit and to the last error."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import snowflake
from analysis.engines import ids as engine
from analysis.snowflake import FIRST_ID, LAST_ID

CALL = 919659437487030272
several = st.lists(st.one_of(st.none(), st.integers(1, 10**9), st.integers(CALL, CALL + 2**44)), max_size=50)


@settings(max_examples=30, deadline=None)
@given(several, st.sampled_from(["1min", "1h", "1D", "7min", "7D", "90s", "250ms"]))
def test_counts_equal_the_plain_ones(numbers, freq):
    ids = pd.Series([number and CALL + number % 2**36 for number in numbers], dtype="Int64")
    pd.testing.assert_frame_equal(engine.count_ids(ids, freq), snowflake.count_ids(ids, freq))
    ids = pd.Series(numbers, dtype="Int64")
    pd.testing.assert_frame_equal(engine.count_ids(ids, "1D"), snowflake.count_ids(ids, "1D"))


def test_counts_of_many_chunks_add_up(monkeypatch):
    numbers = np.random.default_rng(1).integers(CALL, CALL + 2**42, 10_000)
    monkeypatch.setattr(engine, "_CHUNK", 100)
    counts = engine.count_ids(numbers)
    pd.testing.assert_frame_equal(counts, snowflake.count_ids(numbers))
    assert counts["posts"].sum() == 10_000


@pytest.mark.parametrize("count_ids", [engine.count_ids, snowflake.count_ids])
@pytest.mark.parametrize(
    ("freq", "what"),
    [
        *((freq, "is no fixed length of time; write '10min'") for freq in ("banana", "1ME", [], "9" * 30 + "D")),
        *((freq, "whole, positive number of milli") for freq in ("", None, "0s", "-1min", "1us", "1500us")),
        ("1s", "would make 2,199,023,250 rows; choose a longer step"),
    ],
)
def test_steps_that_cannot_be_are_refused(count_ids, freq, what):
    with pytest.raises(ValueError, match=what):
        count_ids([FIRST_ID, LAST_ID], freq)
