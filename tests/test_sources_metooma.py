"""MeTooMA: labels by id, with a header or without one."""

import csv
from pathlib import Path

import pandas as pd
import pytest

from analysis.collect import formats
from analysis.collect.formats.metooma import LABELS, SOURCE, headerless, rows
from analysis.collect.ingesting import ingest

recognise = SOURCE.recognise

FIXTURES = Path(__file__).parent / "fixtures" / "sources"
B = "919659437491224576"
ANSWERS = list("1100000010")
RECORD = {"TweetId": B, **dict(zip(LABELS, ANSWERS, strict=True))}


def only(record):
    (row,) = rows(record)
    return row


def first_line(name):
    with (FIXTURES / name).open(newline="") as file:
        return next(csv.reader(file))


def test_it_knows_its_header_and_no_other():
    assert first_line("metooma.csv") == list(RECORD)
    assert formats.recognised(first_line("metooma.csv"), "csv") is SOURCE
    assert not recognise(["TweetId"])
    assert not recognise(list(LABELS))
    assert not recognise(first_line("metooma-headerless.csv"))
    assert not recognise([])


@pytest.mark.parametrize(
    "fields", [[B, *ANSWERS], ["9.19659E+17", *ANSWERS], [B, *[f" {answer}" for answer in ANSWERS]]]
)
def test_a_file_without_a_header_is_known_by_its_first_line(fields):
    assert formats.headerless(fields) == (SOURCE, list(RECORD))


@pytest.mark.parametrize(
    "fields",
    [
        [],
        [B],
        [B, B],
        [B, *ANSWERS[1:]],
        [B, *ANSWERS, "0"],
        [B, *ANSWERS[1:], "2"],
        [B, *ANSWERS[1:], ""],
        ["7", *ANSWERS],
        list(RECORD),
    ],
)
def test_other_first_lines_are_left_alone(fields):
    assert headerless(fields) is None


def test_a_row_has_its_labels_as_the_file_has_them():
    assert only(RECORD) == {"post_id": B, "labels": dict(zip(LABELS, ANSWERS, strict=True))}


def test_an_empty_label_is_left_out_and_a_point_is_cut():
    labels = only(RECORD | {"Sarcasm": "", "Support": "1.0", "Oppose": " 0 "})["labels"]
    assert "Sarcasm" not in labels
    assert (labels["Support"], labels["Oppose"]) == ("1", "0")


@pytest.mark.parametrize(("name", "read", "refused"), [("metooma.csv", 10, 3), ("metooma-headerless.csv", 8, 1)])
def test_the_account_of_the_fixtures_and_their_labels(tmp_path, name, read, refused):
    report = ingest(FIXTURES / name, tmp_path / "out.parquet", key_file=tmp_path / "keys" / "key")
    assert (report["read"], report["kept"], report["duplicates"], report["refused"]) == (read, 6, 1, refused)
    labels = pd.read_parquet(tmp_path / "out.labels.parquet").drop_duplicates().set_index("post_id")
    assert labels.loc[B, list(LABELS)].to_list() == ANSWERS
    assert len(labels) == 6
