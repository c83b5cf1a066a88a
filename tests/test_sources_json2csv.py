"""twarc 1's json2csv: kinds as it tells them, and likes of reposts that are another's."""

import csv
from pathlib import Path

import pytest

from analysis.collect import formats
from analysis.collect.formats.json2csv import SOURCE, rows
from analysis.collect.ingesting import ingest

recognise = SOURCE.recognise

FIXTURE = Path(__file__).parent / "fixtures" / "sources" / "twarc-json2csv.csv"
A, B, C = "919659437487030272", "919659437491224576", "919659437495418880"
RECORD = {
    "id": B,
    "created_at": "Sun Oct 15 20:21:11 +0000 2017",
    "parsed_created_at": "2017-10-15 20:21:11+00:00",
    "user_screen_name": "invented_1",
    "text": "#MeToo as well",
    "tweet_type": "original",
    "favorite_count": "12",
    "in_reply_to_status_id": "",
    "lang": "en",
    "retweet_count": "3",
    "retweet_or_quote_id": "",
    "user_id": "919701380531224576",
}
ROW = {
    "post_id": B,
    "created_at": "Sun Oct 15 20:21:11 +0000 2017",
    "author": "919701380531224576",
    "text": "#MeToo as well",
    "lang": "en",
    "kind": "original",
    "parent_id": None,
    "likes": "12",
    "reposts": "3",
}


def only(record):
    (row,) = rows(record)
    return row


def test_it_knows_its_header_and_no_other():
    with FIXTURE.open(newline="") as file:
        names = next(csv.reader(file))
    assert len(names) == 37
    assert formats.recognised(names, "csv") is SOURCE
    assert formats.recognised([*names, "an extra field"], "csv") is SOURCE
    assert not recognise(["id", "created_at", "text"])
    assert not recognise([])


def test_an_original():
    assert only(RECORD) == ROW


@pytest.mark.parametrize(
    ("given", "kind", "parent", "likes"),
    [
        ({"tweet_type": "reply", "in_reply_to_status_id": A}, "reply", A, "12"),
        ({"tweet_type": "reply", "in_reply_to_status_id": A, "retweet_or_quote_id": C}, "reply", A, "12"),
        ({"tweet_type": "quote", "retweet_or_quote_id": A}, "quote", A, "12"),
        ({"tweet_type": "retweet", "retweet_or_quote_id": A}, "repost", A, None),
        ({"tweet_type": "retweet"}, "repost", None, None),
        ({"tweet_type": ""}, None, None, "12"),
        ({"tweet_type": "something new", "retweet_or_quote_id": A}, None, None, "12"),
    ],
)
def test_kind_parent_and_likes(given, kind, parent, likes):
    row = only(RECORD | given)
    assert (row["kind"], row["parent_id"], row["likes"]) == (kind, parent, likes)


def test_author_and_time_have_a_second_choice():
    row = only(RECORD | {"user_id": "", "created_at": ""})
    assert (row["author"], row["created_at"]) == ("invented_1", "2017-10-15 20:21:11+00:00")


def test_the_account_of_the_fixture(tmp_path):
    report = ingest(FIXTURE, tmp_path / "out.parquet", key_file=tmp_path / "keys" / "key")
    assert (report["read"], report["kept"], report["duplicates"], report["refused"]) == (10, 7, 1, 2)
    assert report["noticed"]["rounded post_id"] == 1
