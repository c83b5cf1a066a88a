"""twarc-csv: its columns in any order and choice, packed texts, and reposts whose counts are another's."""

import csv
import json
from pathlib import Path

import pytest

from analysis.collect import formats
from analysis.collect.formats.twarc_csv import SOURCE, recognise, rows
from analysis.collect.ingesting import ingest

FIXTURES = Path(__file__).parent / "fixtures" / "sources"
A, B, C = "919659437487030272", "919659437491224576", "919659437495418880"
REFERENCES = {kind: f"referenced_tweets.{kind}.id" for kind in ("replied_to", "retweeted", "quoted")}
RECORD = {
    "id": B,
    "conversation_id": B,
    **dict.fromkeys(REFERENCES.values(), ""),
    "author_id": "919701380531224576",
    "created_at": "2017-10-15T20:21:11.000Z",
    "text": "#MeToo as well",
    "lang": "en",
    "public_metrics.reply_count": "2",
    "public_metrics.retweet_count": "3",
    "public_metrics.like_count": "12",
    "author.username": "invented_1",
}
ROW = {
    "post_id": B,
    "created_at": "2017-10-15T20:21:11.000Z",
    "author": "919701380531224576",
    "text": "#MeToo as well",
    "lang": "en",
    "kind": "original",
    "parent_id": None,
    "root_id": B,
    "likes": "12",
    "reposts": "3",
    "replies": "2",
    "mended": (),
}


def header(name):
    with (FIXTURES / name).open(newline="") as file:
        return next(csv.reader(file))


def only(record):
    (row,) = rows(record)
    return row


def test_it_knows_the_headers_of_its_versions():
    assert len(header("twarc-csv.csv")) == 84
    for name in ("twarc-csv.csv", "twarc-csv-first.csv"):
        assert formats.recognised(header(name), "csv") is SOURCE
        assert formats.recognised(sorted(header(name)), "csv") is SOURCE
    assert formats.recognised(["id", "author.id", "text", "public_metrics.like_count"], "csv") is SOURCE


@pytest.mark.parametrize(
    "names",
    [
        [],
        ["id"],
        ["id", "text", "author_id"],
        ["id", "username", "public_metrics.tweet_count", "__twarc.version"],
        ["start", "end", "tweet_count", "__twarc.version"],
    ],
)
def test_it_leaves_other_headers_alone(names):
    assert not recognise(names)


def test_an_original():
    assert only(RECORD) == ROW


@pytest.mark.parametrize(
    ("given", "kind", "parent", "root"),
    [
        ({REFERENCES["replied_to"]: A, "conversation_id": C}, "reply", A, C),
        ({REFERENCES["quoted"]: A}, "quote", A, B),
        ({REFERENCES["quoted"]: C, REFERENCES["replied_to"]: A, "conversation_id": A}, "reply", A, A),
        ({REFERENCES["retweeted"]: A, REFERENCES["quoted"]: C}, "repost", A, A),
        ({"conversation_id": A}, "reply", None, A),
        ({"conversation_id": ""}, "original", None, ""),
        ({"id": "9.19659E+17"}, None, None, None),
        ({"id": "9.19659E+17", "conversation_id": "9.19659E+17"}, None, None, None),
    ],
)
def test_kind_parent_and_conversation(given, kind, parent, root):
    row = only(RECORD | given)
    assert (row["kind"], row["parent_id"], row["root_id"]) == (kind, parent, root)


def test_without_the_columns_of_references_the_kind_is_not_known():
    record = {name: value for name, value in RECORD.items() if name != REFERENCES["quoted"]}
    assert only(record)["kind"] is None


def test_likes_and_replies_of_a_repost_are_anothers():
    row = only(RECORD | {REFERENCES["retweeted"]: A})
    assert (row["likes"], row["replies"], row["reposts"]) == (None, None, "3")


def test_escaped_line_ends_are_undone_and_told():
    row = only(RECORD | {"text": r"one\n\ntwo"})
    assert (row["text"], row["mended"]) == ("one\n\ntwo", ("escaped line ends",))
    row = only(RECORD | {"text": "one\n\ntwo"})
    assert (row["text"], row["mended"]) == ("one\n\ntwo", ())


def test_fields_that_were_all_written_as_json():
    text = 'one\n"two" \\n'
    packed = {name: json.dumps(value) if value else "" for name, value in RECORD.items()} | {"text": json.dumps(text)}
    packed |= {"public_metrics.like_count": "12", "lang": '"en'}
    assert only(packed) == ROW | {"text": text, "lang": '"en', "reposts": "3", "replies": "2"}


def test_a_text_in_quotation_marks_keeps_them():
    assert only(RECORD | {"text": '"all of it"'})["text"] == '"all of it"'


def test_counts_with_a_point():
    assert only(RECORD | {"public_metrics.like_count": "12.0"})["likes"] == "12"


@pytest.mark.parametrize(
    ("told", "kind", "parent"),
    [
        ("", "original", None),
        (json.dumps([{"type": "replied_to", "id": A}]), "reply", A),
        (json.dumps([{"type": "quoted", "id": C}, {"type": "retweeted", "id": A}]), "repost", A),
    ],
)
def test_the_first_versions_had_references_in_one_column_and_packed_texts(told, kind, parent):
    record = {name: value for name, value in RECORD.items() if name not in REFERENCES.values()}
    row = only(record | {"referenced_tweets": told, "text": '"it\\u2019s\\nme"'})
    assert (row["kind"], row["parent_id"], row["text"]) == (kind, parent, "it’s\nme")


@pytest.mark.parametrize("told", ["[" * 100_000, "[7]", "7", '[{"type": []}]', "no JSON"])
def test_hostile_references_raise_nothing_else(told):
    with pytest.raises((ValueError, TypeError, KeyError)):
        list(rows(RECORD | {"referenced_tweets": told}))


def test_the_author_where_only_some_columns_were_chosen():
    record = RECORD | {"author_id": ""}
    assert only(record)["author"] == "invented_1"
    assert only(record | {"author.id": "9"})["author"] == "9"


def test_the_account_of_the_fixtures(tmp_path):
    files = [FIXTURES / name for name in ("twarc-csv.csv", "twarc-csv-first.csv")]
    report = ingest(files, tmp_path / "out.parquet", key_file=tmp_path / "keys" / "key")
    assert (report["read"], report["kept"], report["duplicates"], report["refused"]) == (18, 10, 6, 2)
    assert report["noticed"]["rounded post_id"] == 1
