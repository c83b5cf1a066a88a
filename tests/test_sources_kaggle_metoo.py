"""Kaggle's #MeToo tweets: bytes literals as texts, and ids that a spreadsheet rounded."""

import csv
from pathlib import Path

import pandas as pd
import pytest

from analysis.collect import formats
from analysis.collect.formats.kaggle_metoo import SOURCE, rows
from analysis.collect.ingesting import ingest

recognise = SOURCE.recognise

FIXTURE = Path(__file__).parent / "fixtures" / "sources" / "kaggle-metoo.csv"
B = "919659437491224576"
RECORD = {
    "Text": r"b'#MeToo as well\xe2\x80\xa6'",
    "Id": B,
    "Lenght": "15",
    "Created_at": "2017-10-15 20:21:11",
    "Source": "Twitter for iPhone",
    "Favorite_count": "12",
    "Retweet_count": "3",
    "Lang": "en",
}


def only(record):
    (row,) = rows(record)
    return row


def test_it_knows_its_header_and_no_other():
    with FIXTURE.open(newline="") as file:
        names = next(csv.reader(file))
    assert names == list(RECORD)
    assert formats.recognised(names, "csv") is SOURCE
    assert formats.recognised(["", *names], "csv") is SOURCE
    assert not recognise(["Text", "Id", "Length", "Created_at"])
    assert not recognise([])


def test_a_row():
    assert only(RECORD) == {
        "post_id": B,
        "created_at": "2017-10-15 20:21:11",
        "text": "#MeToo as well…",
        "lang": "en",
        "likes": "12",
        "reposts": "3",
        "mended": ("bytes literal",),
    }


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        (r"""b'He said "it\'s late"'""", 'He said "it\'s late"'),
        (r'''b"it's late"''', "it's late"),
        (r"b'one\ntwo \xf0\x9f\x92\x9c'", "one\ntwo 💜"),
        (r"b'cut off in a letter \xe2\x80", "cut off in a letter \ufffd"),
    ],
)
def test_bytes_literals_are_undone_and_told(text, meant):
    row = only(RECORD | {"Text": text})
    assert (row["text"], row["mended"]) == (meant, ("bytes literal",))


def test_what_is_no_bytes_literal_stays_as_it_is():
    row = only(RECORD | {"Text": "b is a letter"})
    assert (row["text"], row["mended"]) == ("b is a letter", ())


def test_rows_whose_ids_fell_onto_one_are_all_kept(tmp_path):
    report = ingest(FIXTURE, tmp_path / "out.parquet", key_file=tmp_path / "keys" / "key")
    assert (report["read"], report["kept"], report["duplicates"], report["refused"]) == (12, 10, 0, 2)
    assert report["noticed"]["rounded post_id"] == 2
    posts = pd.read_parquet(tmp_path / "out.parquet")
    assert posts["post_id"].isna().sum() == 2
    assert posts["text"].str.contains("Rounded").sum() == 2
