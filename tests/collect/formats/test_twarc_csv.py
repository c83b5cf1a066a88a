"""twarc-csv: its columns in any order and choice, packed texts, and reposts whose counts are another's."""

import json

import pytest

from analysis.collect.formats.twarc_csv import recognise, rows

A, B, C = "919659437487030272", "919659437491224576", "919659437495418880"
REPLIED, RETWEETED, QUOTED = (f"referenced_tweets.{kind}.id" for kind in ("replied_to", "retweeted", "quoted"))
RECORD = {
    "id": B,
    "conversation_id": B,
    **dict.fromkeys((REPLIED, RETWEETED, QUOTED), ""),
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
UNKNOWN = {"kind": None, "root_id": None}


@pytest.mark.parametrize("chosen", [["author.id", "public_metrics.like_count"], ["author.username"]])
def test_some_columns_in_any_order_are_enough(chosen):
    assert recognise(["text", *chosen, "id"])
    assert not recognise(["text", *chosen])


@pytest.mark.parametrize(
    ("given", "differs"),
    [
        ({}, {}),
        ({REPLIED: A, "conversation_id": C}, {"kind": "reply", "parent_id": A, "root_id": C}),
        ({QUOTED: A}, {"kind": "quote", "parent_id": A}),
        ({QUOTED: C, REPLIED: A, "conversation_id": A}, {"kind": "reply", "parent_id": A, "root_id": A}),
        # Likes and replies of a repost are those of the post that it passes on.
        (
            {RETWEETED: A, QUOTED: C},
            {"kind": "repost", "parent_id": A, "root_id": A, "likes": None, "replies": None},
        ),
        ({"conversation_id": A}, {"kind": "reply", "root_id": A}),
        ({"conversation_id": ""}, {"root_id": ""}),
        ({"id": "9.19659E+17"}, {"post_id": "9.19659E+17", **UNKNOWN}),
        ({"text": r"one\n\ntwo"}, {"text": "one\n\ntwo", "mended": ("escaped line ends",)}),
        ({"text": "one\n\ntwo"}, {"text": "one\n\ntwo"}),
        ({"text": '"all of it"'}, {"text": '"all of it"'}),
        ({"public_metrics.like_count": "12.0"}, {}),
        ({"author_id": ""}, {"author": "invented_1"}),
        ({"author_id": "", "author.id": "9"}, {"author": "9"}),
    ],
)
def test_each_shape_gives_its_row(given, differs):
    assert list(rows(RECORD | given)) == [ROW | differs]


def test_without_the_columns_of_references_the_kind_is_not_known():
    assert list(rows({name: value for name, value in RECORD.items() if name != QUOTED})) == [ROW | UNKNOWN]


def test_fields_that_were_all_written_as_json():
    text = 'one\n"two" \\n'
    packed = {name: json.dumps(value) if value else "" for name, value in RECORD.items()} | {"text": json.dumps(text)}
    packed |= {"public_metrics.like_count": "12", "lang": '"en'}
    assert list(rows(packed)) == [ROW | {"text": text, "lang": '"en'}]


@pytest.mark.parametrize(
    ("references", "kind", "parent"),
    [
        ("", "original", None),
        (json.dumps([{"type": "replied_to", "id": A}]), "reply", A),
        (json.dumps([{"type": "quoted", "id": C}, {"type": "retweeted", "id": A}]), "repost", A),
    ],
)
def test_the_first_versions_had_references_in_one_column_and_packed_texts(references, kind, parent):
    [row] = rows(RECORD | {"referenced_tweets": references, "text": '"it\\u2019s\\nme"'})
    assert (row["kind"], row["parent_id"], row["text"]) == (kind, parent, "it’s\nme")


@pytest.mark.parametrize("references", ["[" * 100_000, "[7]", "7", '[{"type": []}]', "no JSON"])
def test_hostile_references_raise_nothing_else(references):
    with pytest.raises((ValueError, TypeError, KeyError)):
        list(rows(RECORD | {"referenced_tweets": references}))
