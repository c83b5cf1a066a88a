"""The catalogue of data sets: every row complete, every format one that is read here, every reading owned up to."""

import csv
import re
from datetime import date
from pathlib import Path

import pytest

from analysis.collect.formats import names

PATH = Path(__file__).parents[2] / "data" / "catalogue.csv"
COLUMNS = ["name", "where", "begins", "ends", "size", "unit", "holds", "terms", "access", "format", "lessons"]
COLUMNS += ["read", "caveat"]
HOLDS = {"ids", "text", "labels", "counts", "replies", "authors"}
# What a lesson needs a data set to hold, any of these.
NEEDS = {"03": {"ids"}, "04": {"text", "counts"}, "05": {"text", "labels"}, "07": {"text"}}

with PATH.open(encoding="utf-8", newline="") as stream:
    HEADER, *ROWS = csv.reader(stream)
SETS = [dict(zip(HEADER, row, strict=True)) for row in ROWS]
every = pytest.mark.parametrize("row", SETS, ids=[row["name"][:30] for row in SETS])


def parts(field):
    return field.split(";") if field else []


def test_each_set_stands_there_once_under_the_columns_that_the_lesson_explains():
    assert HEADER == COLUMNS
    assert len({row["name"] for row in SETS}) == len({row["where"] for row in SETS}) == len(SETS) > 20


@every
def test_a_row_answers_what_everybody_asks_first(row):
    must = ("name", "where", "holds", "terms", "access", "read", "caveat")
    assert all(row[name].strip() == row[name] != "" for name in must)
    assert re.fullmatch(r"https?://\S+", row["where"])
    assert row["read"] in ("first hand", "second hand")
    days = [date.fromisoformat(row[name]) for name in ("begins", "ends") if row[name]]
    assert days == sorted(days)
    assert row["size"].isdecimal() == bool(row["unit"])
    assert row["unit"] in ("posts", "sentences", "stories", "days", "")
    assert set(parts(row["format"])) <= {*names()}


@every
def test_a_lesson_that_is_named_has_what_it_needs(row):
    holds, lessons = set(parts(row["holds"])), parts(row["lessons"])
    assert holds <= HOLDS
    assert lessons == sorted(set(lessons)) and set(lessons) <= set(NEEDS)
    counts_only = holds == {"counts"}
    assert counts_only or [lesson for lesson in lessons if not holds & NEEDS[lesson]] == []
    assert not (counts_only and row["format"])


def test_some_set_supports_each_lesson_and_of_a_closed_platform_it_is_said():
    assert {lesson for row in SETS if row["format"] for lesson in parts(row["lessons"])} == set(NEEDS)
    assert all("paid" in row["access"] for row in SETS if set(parts(row["holds"])) <= {"ids", "labels", "replies"})
