"""The catalogue of data sets: every row complete, every format one that is read here, every reading owned up to."""

import csv
import re
from datetime import date
from pathlib import Path

import pytest

from analysis.collect.formats import known

PATH = Path(__file__).parents[1] / "data" / "catalogue.csv"
COLUMNS = [
    "name",
    "where",
    "begins",
    "ends",
    "size",
    "unit",
    "holds",
    "terms",
    "access",
    "format",
    "lessons",
    "read",
    "caveat",
]
HOLDS = {"ids", "text", "labels", "counts", "replies", "authors"}
# What a lesson needs a data set to hold, any of these.
NEEDS = {"03": {"ids"}, "04": {"text", "counts"}, "05": {"text", "labels"}, "07": {"text"}}

with PATH.open(encoding="utf-8", newline="") as stream:
    HEADER, *ROWS = csv.reader(stream)
SETS = [dict(zip(HEADER, row, strict=True)) for row in ROWS]
every = pytest.mark.parametrize("row", SETS, ids=[row["name"][:30] for row in SETS])


def parts(field):
    return field.split(";") if field else []


def test_columns():
    assert HEADER == COLUMNS
    assert len({row["name"] for row in SETS}) == len({row["where"] for row in SETS}) == len(SETS) > 20


@every
def test_what_everybody_asks_first_is_answered(row):
    must = ("name", "where", "holds", "terms", "access", "read", "caveat")
    assert all(row[name].strip() == row[name] != "" for name in must)
    assert re.fullmatch(r"https?://\S+", row["where"])
    assert row["read"] in ("first hand", "second hand")


@every
def test_dates_and_sizes_can_be_computed_with(row):
    days = [date.fromisoformat(row[name]) for name in ("begins", "ends") if row[name]]
    assert days == sorted(days)
    assert row["size"].isdecimal() == bool(row["unit"])
    assert row["unit"] in ("posts", "sentences", "stories", "days", "")


@every
def test_a_format_that_is_named_is_one_that_is_read(row):
    assert set(parts(row["format"])) <= {"ids", *known()}


@every
def test_a_lesson_that_is_named_has_what_it_needs(row):
    holds, lessons = set(parts(row["holds"])), parts(row["lessons"])
    assert holds <= HOLDS
    assert lessons == sorted(set(lessons)) and set(lessons) <= set(NEEDS)
    counts_only = holds == {"counts"}
    lacking = [lesson for lesson in lessons if lesson in NEEDS and not holds & NEEDS[lesson]]
    assert not lacking or counts_only
    assert not (counts_only and row["format"])


def test_some_set_supports_each_lesson_that_takes_data_of_yours():
    read = {lesson for row in SETS if row["format"] for lesson in parts(row["lessons"])}
    assert read == set(NEEDS)


def test_the_platform_of_most_sets_is_closed_and_said_to_be():
    assert all("paid" in row["access"] for row in SETS if set(parts(row["holds"])) <= {"ids", "labels", "replies"})
