"""Posts are counted over time; on bad input every estimator gives an error, or a missing value with its reason."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import spread
from analysis.intervals import wilson_interval
from analysis.spread import as_counts, counts, from_table
from analysis.spread.tables import even
from analysis.spread.times import lengths

START = pd.Timestamp("2017-10-15T00:00Z")


def posts_at(*times, **columns):
    """A posts table of these moments."""
    created_at = pd.to_datetime(list(times), utc=True, format="ISO8601").astype("datetime64[us, UTC]")
    return pd.DataFrame({"created_at": created_at, **columns})


def hourly(posts):
    """A table of hourly counts."""
    return pd.DataFrame({"start": pd.date_range(START, periods=len(posts), freq="h"), "posts": posts})


def test_empty_intervals_are_zero_and_authors_are_not_posts():
    times = ["2017-10-15T23:59:59.999Z", "2017-10-15T21:00Z", "2017-10-15T21:10Z", "2017-10-16T00:00Z", None]
    table = counts(posts_at(*times, author=["a", "b", "b", None, "c"]))
    assert table["posts"].tolist() == [2, 0, 1, 1]
    assert table["authors"].tolist() == [1, 0, 1, 0]
    assert table["start"].iloc[0] == pd.Timestamp("2017-10-15T21:00Z")
    assert str(table["start"].dtype) == "datetime64[us, UTC]"
    assert counts(posts_at("2017-10-15"))["authors"].isna().all()


@settings(max_examples=12, deadline=None)
@given(st.lists(st.integers(0, 10**11), min_size=1, max_size=60), st.sampled_from(["1h", "1D", "7min"]), st.randoms())
def test_every_post_is_kept_as_pandas_counts_it_and_no_row_order_shows(micros, every, shuffle):
    posts = pd.DataFrame({"created_at": pd.to_datetime(micros, unit="us", utc=True), "author": "a"})
    table = counts(posts, every)
    expected = posts.set_index("created_at").resample(pd.Timedelta(every), origin="epoch").size()
    assert table["posts"].tolist() == expected.tolist()
    assert table["start"].tolist() == expected.index.tolist()
    assert table["cumulative"].iloc[-1] == len(posts)
    order = list(range(len(posts)))
    shuffle.shuffle(order)
    pd.testing.assert_frame_equal(table, counts(posts.take(order), every))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"every": "soon"}, "every"),
        ({"zone": "Mars/Olympus"}, "is no time zone"),
        ({"every": "7h", "zone": "Asia/Seoul"}, "neither divides a day"),
        ({"every": "1ms"}, "take a longer one"),
        ({"by": "platform"}, "no column 'platform'"),
        ({"gaps": [(START, START)]}, "after it begins"),
        ({"gaps": [("2017-10-15", "2017-10-16")]}, "no time zone"),
    ],
)
def test_what_cannot_be_counted_is_refused(options, message):
    with pytest.raises(ValueError, match=message):
        counts(posts_at("2017-10-15T21:10Z", "2019-10-15T21:10Z"), **options)


def test_a_day_on_which_the_clocks_change_has_25_or_23_hours():
    autumn = posts_at("2017-11-04T12:00Z", "2017-11-05T04:00Z", "2017-11-06T04:59Z", "2017-11-06T05:00Z")
    table = counts(autumn, "1D", zone="America/New_York")
    assert table["posts"].tolist() == [1, 2, 1]
    assert lengths(table["start"]).tolist() == [24, 25, 24]
    assert str(table["start"].dtype) == "datetime64[us, America/New_York]"
    spring = counts(posts_at("2018-03-10T12:00Z", "2018-03-12T12:00Z"), "1D", zone="America/New_York")
    assert lengths(spring["start"]).tolist() == [24, 23, 24]


def test_a_day_without_a_midnight_begins_at_one_and_half_hours_are_cut_from_midnight():
    table = counts(posts_at("2017-10-14T12:00Z", "2017-10-15T12:00Z"), "1D", zone="America/Sao_Paulo")
    assert [f"{start:%d %H:%M}" for start in table["start"]] == ["14 00:00", "15 01:00"]
    table = counts(posts_at("2017-10-15T18:29Z", "2017-10-15T18:31Z"), zone="Asia/Kolkata")
    assert table["posts"].tolist() == [1, 1]
    assert table["start"].dt.minute.eq(0).all()


def test_groups_have_shares_that_add_up_with_wilsons_interval():
    times = ("2017-10-15T01:00Z", "2017-10-15T01:10Z", "2017-10-15T03:00Z")
    posts = posts_at(*times, lang=["en", None, "sv"], author=["a", "a", None])
    table = counts(posts, by="lang")
    assert table["posts"].tolist() == [1, 0, 1, 0, 0, 0, 0, 1, 0]
    assert table.groupby("start")["share"].sum().round(9).tolist() == [1, 0, 1]
    assert table.loc[table["lang"] == "sv", "cumulative"].tolist() == [0, 0, 1]
    pd.testing.assert_frame_equal(table, counts(posts[::-1], by="lang"))
    expected = pytest.approx(list(wilson_interval(1, 2).values()))
    assert table[["share", "low", "high"]].iloc[0].tolist() == expected


def test_gaps_are_missing_and_never_silence():
    posts = posts_at("2017-10-15T00:10Z", "2017-10-15T01:10Z", "2017-10-15T04:10Z", author="a")
    table = counts(posts, gaps=[(START + pd.Timedelta("90min"), START + pd.Timedelta("3h"))])
    assert table["posts"].isna().tolist() == [False, True, True, False, False]
    assert table["authors"].isna().tolist() == table["posts"].isna().tolist()
    assert table["cumulative"].tolist() == [1, 1, 1, 1, 2]


def test_ready_made_counts_are_put_in_order_and_added_up():
    table = from_table(pd.DataFrame({"date": ["2017-10-17", "2017-10-15", "2017-10-16"], "n": [3, 1, None]}))
    assert table["posts"].tolist()[::2] == [1, 3]
    assert table["posts"].isna().tolist() == [False, True, False]
    pd.testing.assert_frame_equal(as_counts(table), as_counts(table[::-1]))
    assert as_counts(hourly([1, 2, 3, 4]), "2h")["posts"].tolist() == [3, 7]
    assert np.isnan(even(hourly([1, 2, 3, 4]).drop(index=2)).posts[2])  # a row that is not there is a gap
    with pytest.raises(ValueError, match="no multiple"):
        as_counts(hourly([1, 2, 3]), "10min")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"posts": [1, 1.5, 2]}, "not whole"),
        ({"posts": ["1", "x", "2"]}, "no number"),
        ({"start": [START, START, START + pd.Timedelta("1h")]}, "comes twice"),
        ({"start": [START, None, START]}, "no start"),
        ({"start": pd.date_range("2017-10-15", periods=3, freq="h")}, "no zone"),
        ({"start": [START, START + pd.Timedelta("1h"), START + pd.Timedelta("100min")]}, "not of one length"),
    ],
)
def test_what_is_wrong_with_counts_is_said(change, why):
    table = hourly([1, 2, 3]).assign(**{name: pd.Series(value) for name, value in change.items()})
    for check in (as_counts, even):
        with pytest.raises(ValueError, match=why):
            check(table)


NO_TIMES = posts_at(None, None, lang="en")
BAD = {
    "one instant": posts_at(*["2017-10-15T20:00Z"] * 500, lang="en"),
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
NUMBERS = {"growth": ["doubling", "rate"], "onset": ["start", "posts", "p"], "waves": ["peak", "lag"]}


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
    numbers = NUMBERS.get(name, ["share", "low", "high"])
    if isinstance(result, dict):
        assert result["why"]
        assert all(pd.isna(result[key]) for key in numbers)
    elif name in ("bursts", "change_points", "find_gaps"):
        assert len(result) == 0
        assert name == "find_gaps" or result.attrs["reason"]
    else:
        assert result["reason"].str.len().gt(10).all()
        assert result[numbers].isna().all(axis=None)


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
