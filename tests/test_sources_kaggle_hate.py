"""Kaggle's MeTooHate: its label goes beside the posts, ids may be guarded by a letter."""

import csv
from pathlib import Path

import pandas as pd
import pytest

from analysis.collect import formats
from analysis.collect.formats.kaggle_hate import SOURCE, recognise, rows
from analysis.collect.ingesting import ingest

FIXTURE = Path(__file__).parent / "fixtures" / "sources" / "kaggle-metoohate.csv"
B = "919659437491224576"
RECORD = {
    "status_id": B,
    "text": "#MeToo as well",
    "created_at": "2017-10-15 20:21:11",
    "favorite_count": "12",
    "retweet_count": "3",
    "location": "Nowhere",
    "followers_count": "10",
    "friends_count": "20",
    "statuses_count": "30",
    "category": "0",
}
ROW = {
    "post_id": B,
    "created_at": "2017-10-15 20:21:11",
    "text": "#MeToo as well",
    "likes": "12",
    "reposts": "3",
    "labels": {"category": "0"},
    "mended": (),
}


def only(record):
    (row,) = rows(record)
    return row


def test_it_knows_its_header_and_no_other():
    with FIXTURE.open(newline="") as file:
        names = next(csv.reader(file))
    assert names == list(RECORD)
    assert formats.recognised(names, "csv") is SOURCE
    assert not recognise(["status_id", "text", "created_at"])
    assert not recognise([])


def test_a_row_has_its_label_and_no_place():
    assert only(RECORD) == ROW


def test_either_spelling_of_favourites_is_known():
    british = {"favourite_count" if name == "favorite_count" else name: value for name, value in RECORD.items()}
    assert formats.recognised(list(british), "csv") is SOURCE
    assert only(british) == ROW


@pytest.mark.parametrize(("given", "label"), [("1", {"category": "1"}), ("1.0", {"category": "1"}), (" ", {})])
def test_labels(given, label):
    assert only(RECORD | {"category": given})["labels"] == label


@pytest.mark.parametrize(("given", "post"), [(f"x{B}", B), ("x", "x"), ("9.19659E+17", "9.19659E+17")])
def test_a_guarded_id_is_freed(given, post):
    assert only(RECORD | {"status_id": given})["post_id"] == post


def test_mojibake_is_undone_and_told():
    row = only(RECORD | {"text": "itâ€™s"})
    assert (row["text"], row["mended"]) == ("it’s", ("mojibake",))


def test_the_account_of_the_fixture_and_its_labels(tmp_path):
    report = ingest(FIXTURE, tmp_path / "out.parquet", key_file=tmp_path / "keys" / "key")
    assert (report["read"], report["kept"], report["duplicates"], report["refused"]) == (11, 8, 1, 2)
    labels = pd.read_parquet(tmp_path / "out.labels.parquet").drop_duplicates().set_index("post_id")["category"]
    assert labels.value_counts().to_dict() == {"0": 3, "1": 3}
    assert labels[B] == "0"
