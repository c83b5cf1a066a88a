"""The fast way with ids gives what the plain way gives, to the last digit and to the last error."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import snowflake
from analysis.collect.ids import Layout, _read_lines
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


PIECES = [
    str(CALL),
    "5",
    "007",
    " 5",
    "5 ",
    "0x1F",
    "-5",
    "+5",
    "9.19E+17",
    f"{CALL}.0",
    "",
    "abc",
    '"5"',
    '"',
    "9" * 19,
]


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.lists(st.sampled_from(PIECES), min_size=1, max_size=2), min_size=1, max_size=6),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
)
def test_what_is_parsed_at_once_is_what_is_read_line_by_line(rows, newline, quoted):
    columns = len(rows[0])
    rows = [(row * 2)[:columns] for row in rows]
    lines = [",".join(f'"{field}"' if quoted else field for field in row) for row in rows]
    data = "".join(line + newline for line in lines).encode()
    layout = Layout(columns, ",", newline.encode(), "root_id" if columns == 2 else None, 0, 1)
    fast = engine.parse_plain(data, columns, ",", newline.encode())
    plain = _read_lines(data, layout)
    sound = all(field in (str(CALL), "5") for row in rows for field in row)
    assert (fast is not None) or not sound
    if fast is not None:
        assert np.array_equal(fast[0], plain.ids)
        assert columns == 1 or np.array_equal(fast[1], plain.second)
        assert len(plain.rounded) == len(plain.malformed) == 0
