"""Counts in other zones, by groups, ready-made and with gaps; and every estimator on bad input."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis import spread
from analysis.posts import load_counts
from analysis.spread import as_counts, counts, find_gaps, from_table
from analysis.spread.times import lengths, numbers_of

DATA = Path(__file__).parents[2] / "shared" / "data"
DAILY = DATA / "metoo_daily_2017_2020.csv"
needs_daily = pytest.mark.skipif(not DAILY.exists(), reason="the real daily counts are not on this machine")
START = pd.Timestamp("2017-10-15T00:00Z")


def posts_at(*times, **columns):
    created_at = pd.to_datetime(list(times), utc=True, format="ISO8601").astype("datetime64[us, UTC]")
    return pd.DataFrame({"created_at": created_at, **columns})


def hourly(values, every="h"):
    return pd.DataFrame({"start": pd.date_range(START, periods=len(values), freq=every), "posts": values})


# zones


def test_a_day_on_which_the_clocks_change_has_25_or_23_hours():
    autumn = posts_at("2017-11-04T12:00Z", "2017-11-05T04:00Z", "2017-11-06T04:59Z", "2017-11-06T05:00Z")
    table = counts(autumn, "1D", zone="America/New_York")
    assert table["posts"].tolist() == [1, 2, 1]
    assert lengths(table["start"]).tolist() == [24, 25, 24]
    assert str(table["start"].dtype) == "datetime64[us, America/New_York]"
    hours = counts(autumn, "1h", zone="America/New_York")
    assert len(hours) == 42
    assert (np.diff(hours["start"].astype("int64")) == 3_600_000_000).all()
    spring = counts(posts_at("2018-03-10T12:00Z", "2018-03-12T12:00Z"), "1D", zone="America/New_York")
    assert lengths(spring["start"]).tolist() == [24, 23, 24]


def test_a_day_without_a_midnight_begins_at_one():
    table = counts(posts_at("2017-10-14T12:00Z", "2017-10-15T12:00Z"), "1D", zone="America/Sao_Paulo")
    assert [f"{start:%d %H:%M}" for start in table["start"]] == ["14 00:00", "15 01:00"]


def test_hours_of_a_zone_that_lies_half_an_hour_off_begin_there():
    table = counts(posts_at("2017-10-15T18:29Z", "2017-10-15T18:31Z"), zone="Asia/Kolkata")
    assert table["posts"].tolist() == [1, 1]
    assert table["start"].dt.minute.eq(0).all()


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", 3])
def test_what_is_no_zone_is_refused(zone):
    with pytest.raises(ValueError, match="is no time zone"):
        counts(posts_at("2017-10-15"), zone=zone)


def test_steps_that_do_not_divide_a_day_are_refused_in_a_zone():
    with pytest.raises(ValueError, match="neither divides a day"):
        counts(posts_at("2017-10-15", "2017-10-16"), "7h", zone="Asia/Seoul")


# groups, gaps


def test_a_missing_time_is_no_number():
    with pytest.raises(ValueError, match="1 of 2 times are missing"):
        numbers_of(pd.to_datetime(["2017-10-15T20:21Z", None]))


def test_groups_are_counted_with_shares_that_add_up_and_no_order_shows():
    posts = posts_at(
        "2017-10-15T01:00Z", "2017-10-15T01:10Z", "2017-10-15T03:00Z", lang=["en", None, "sv"], author=["a", "a", None]
    )
    table = counts(posts, by="lang")
    assert table["posts"].tolist() == [1, 0, 1, 0, 0, 0, 0, 1, 0]
    assert table.groupby("start")["share"].sum().round(9).tolist() == [1, 0, 1]
    assert table["share"].isna().tolist() == [False] * 3 + [True] * 3 + [False] * 3
    assert (table["low"].dropna() <= table["share"].dropna()).all()
    assert table.loc[table["lang"] == "sv", "cumulative"].tolist() == [0, 0, 1]
    pd.testing.assert_frame_equal(table, counts(posts[::-1], by="lang"))
    assert len(counts(posts, by="lang", fill=False)) == 3
    with pytest.raises(ValueError, match="no column 'platform'"):
        counts(posts, by="platform")


def test_gaps_are_missing_and_never_silence():
    posts = posts_at("2017-10-15T00:10Z", "2017-10-15T01:10Z", "2017-10-15T04:10Z", author="a")
    table = counts(posts, gaps=[(START + pd.Timedelta("90min"), START + pd.Timedelta("3h"))])
    assert table["posts"].isna().tolist() == [False, True, True, False, False]
    assert table["authors"].isna().tolist() == table["posts"].isna().tolist()
    assert table["cumulative"].tolist() == [1, 1, 1, 1, 2]
    assert len(counts(posts, fill=False, gaps=[(START + pd.Timedelta("90min"), START + pd.Timedelta("3h"))])) == 4
    for gap, why in [((START, START), "after it begins"), (("2017-10-15", "2017-10-16"), "no time zone")]:
        with pytest.raises(ValueError, match=why):
            counts(posts, gaps=[gap])


def test_a_flat_series_has_no_gap_and_a_fading_one_none_at_its_end():
    for seed in range(8):
        random = np.random.default_rng(seed)
        assert find_gaps(hourly(random.poisson(20, 300))).empty
        assert find_gaps(hourly(random.poisson(2000 * np.exp(-np.arange(200) / 8)))).empty


# ready-made counts


def test_a_day_that_was_collected_in_part_is_not_proposed_and_an_empty_one_beside_it_is():
    days = np.array([500, 450, 550, 480, 520] * 12)
    days[[26, 40]] = 150, 0
    gaps = find_gaps(hourly(days, "D"))
    assert gaps["start"].tolist() == [START + pd.Timedelta("40D")]


def test_ready_made_counts_are_checked_and_put_in_order():
    table = from_table(pd.DataFrame({"date": ["2017-10-17", "2017-10-15", "2017-10-16"], "n": [3, 1, None]}))
    assert table["posts"].tolist()[::2] == [1, 3]
    assert table["posts"].isna().tolist() == [False, True, False]
    pd.testing.assert_frame_equal(as_counts(table), as_counts(table[::-1]))
    halved = as_counts(hourly([1, 2, 3, 4]), "2h")
    assert halved["posts"].tolist() == [3, 7]
    with pytest.raises(ValueError, match="no multiple"):
        as_counts(hourly([1, 2, 3]), "10min")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"posts": [1, -1, 2]}, "negative"),
        ({"posts": [1, 1.5, 2]}, "not whole"),
        ({"posts": ["1", "x", "2"]}, "no number"),
        ({"start": [START, START, START + pd.Timedelta("1h")]}, "comes twice"),
        ({"start": [START, None, START]}, "no start"),
        ({"start": pd.date_range("2017-10-15", periods=3, freq="h")}, "no zone"),
        ({"start": [START, START + pd.Timedelta("1h"), START + pd.Timedelta("100min")]}, "not of one length"),
    ],
)
def test_what_is_wrong_with_counts_is_said(change, why):
    with pytest.raises(ValueError, match=why):
        as_counts(hourly([1, 2, 3]).assign(**{name: pd.Series(value) for name, value in change.items()}))


# bad input

ONE = posts_at(*["2017-10-15T20:00Z"] * 3, lang="en")
INSTANT = posts_at(*["2017-10-15T20:00Z"] * 500, lang="en")
NONE = posts_at(None, None, lang="en")
ZEROS = hourly([0] * 200)
IN_A_GAP = as_counts(hourly([40] * 200), gaps=[(START, START + pd.Timedelta("300h"))])
BAD = {"few": ONE, "one instant": INSTANT, "no times": NONE, "zeros": ZEROS, "in a gap": IN_A_GAP}
WINDOW = (START, START + pd.Timedelta("30h"))
ESTIMATORS = {
    "peak": spread.peak,
    "lasting": spread.lasting,
    "growth": lambda data: spread.growth(data, *WINDOW),
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
TOLD = {("peak", "few"), ("peak", "one instant"), ("lasting", "few"), ("lasting", "one instant")}
TOLD |= {("waves", "one instant")}
NUMBERS = {
    "growth": ["doubling", "low", "high", "rate"], "onset": ["start", "posts", "p"], "waves": ["peak", "lag"],
    "attention_class": ["share", "low", "high"], "rhythm": ["share", "low", "high"],
    "rhythm of the week": ["share", "low", "high"],
}  # fmt: skip


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("name", ESTIMATORS)
def test_bad_input_gives_an_error_or_a_missing_value_with_its_reason(name, bad):
    if (name, bad) in TOLD:
        return
    try:
        found = ESTIMATORS[name](BAD[bad].copy())
    except ValueError as error:
        assert len(str(error)) > 15
        return
    if isinstance(found, dict):
        assert found["why"]
        assert all(pd.isna(found[key]) for key in NUMBERS[name])
    elif name in ("bursts", "change_points", "find_gaps"):
        assert len(found) == 0
        assert found.attrs["reason"] if name != "find_gaps" else True
    else:
        assert found["reason"].str.len().gt(10).all()
    if name in NUMBERS and not isinstance(found, dict):
        assert found[NUMBERS[name]].isna().all(axis=None)


@pytest.mark.parametrize("name", ESTIMATORS)
def test_no_order_of_rows_and_no_missing_time_changes_a_result(name):
    random = np.random.default_rng(5)
    hours = np.concatenate([random.random(200) * 240, 100 + random.exponential(20, 1800)])
    posts = pd.DataFrame({"created_at": START + pd.to_timedelta(hours, unit="h").floor("us"), "lang": "en"})
    mixed = pd.concat([posts, NONE]).sample(frac=1, random_state=1)
    one, other = ESTIMATORS[name](posts), ESTIMATORS[name](mixed)
    if isinstance(one, dict):
        assert str(one) == str(other)
    else:
        pd.testing.assert_frame_equal(one, other)


@pytest.mark.parametrize("name", ESTIMATORS)
def test_counts_twice_over_are_refused(name):
    table = hourly(list(range(1, 101)))
    twice = pd.concat([table, table[:1]])
    with pytest.raises(ValueError, match="comes twice"):
        ESTIMATORS[name](twice)


# the real daily counts


@needs_daily
def test_real_gaps_are_found_and_no_other_day():
    gaps = find_gaps(from_table(load_counts(DAILY)))
    days = {
        f"{day:%Y-%m-%d}" for gap in gaps.itertuples() for day in pd.date_range(gap.start, gap.end, inclusive="left")
    }
    zeros = {"2018-03-27", "2018-07-05", "2018-07-26", "2019-02-07", "2019-02-08", "2019-02-09", "2019-11-22"}
    last = {f"{day:%Y-%m-%d}" for day in pd.date_range("2020-05-22", "2020-06-01")}
    assert days == zeros | {"2019-11-21", "2020-05-17", "2020-05-18"} | last


@needs_daily
def test_real_highest_days_are_dated_events():
    table = from_table(load_counts(DAILY))
    assert len(table) == 961
    top = table.nlargest(12, "posts")["start"].dt.strftime("%Y-%m-%d").tolist()
    assert top[:2] == ["2018-01-08", "2017-10-16"]
    events = pd.read_csv(Path(__file__).parents[1] / "data" / "events.csv")["date"].tolist()
    assert {"2018-01-08", "2017-10-16", "2017-10-17", "2018-09-27"} <= set(top) & set(events)
    found = spread.peak(table)
    assert (found["start"], found["rivals"]) == (pd.Timestamp("2018-01-08T00:00Z"), 1)
    assert found["low"] == pd.Timestamp("2017-10-16T00:00Z")


@needs_daily
def test_real_levels_change_where_the_events_were():
    table = from_table(load_counts(DAILY))
    gaps = find_gaps(table)
    changes = spread.change_points(table, gaps=gaps)
    for day in ("2017-12-06", "2018-01-07", "2018-09-16"):
        near = changes[(changes["start"] - pd.Timestamp(day, tz="UTC")).abs() <= pd.Timedelta("1D")]
        assert len(near) == 1, day
        assert near["ratio"].iloc[0] > 2
    assert len(changes) < 30
    bursts = spread.bursts(table, gaps=gaps, states=3)
    assert bursts.nlargest(1, "weight")["start"].iloc[0] == pd.Timestamp("2018-09-16T00:00Z")


@needs_daily
def test_real_waves_by_language_peak_apart():
    table = from_table(load_counts(DAILY), groups="lang_", by="lang")
    found = spread.waves(table, "lang", gaps=find_gaps(from_table(load_counts(DAILY)))).set_index("lang")
    peaks = {lang: f"{found.loc[lang, 'peak']:%Y-%m-%d}" for lang in ("th", "ko", "sv", "en")}
    assert peaks == {"th": "2018-03-09", "ko": "2018-09-09", "sv": "2017-10-17", "en": "2018-01-08"}
    assert found.loc["th", "share_of_peak"] == pytest.approx(0.64, abs=0.005)
    assert found.loc["ko", "share_of_peak"] == pytest.approx(0.69, abs=0.005)
    first = table[table["start"] < pd.Timestamp("2017-11-15T00:00Z")]
    swedish = spread.waves(first, "lang").set_index("lang").loc["sv"]
    assert (swedish["lag_low"] <= 24) & (swedish["lag_high"] >= 24)
    assert swedish["lag"] == 24
