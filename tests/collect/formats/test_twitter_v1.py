"""Twitter API v1.1: whole texts, kinds and ids as text, what is no tweet; one by one and at once."""

import json

import pytest

from analysis.collect.formats import Refused
from analysis.collect.formats.twitter_v1 import fast, recognise, rows

A, B, C = "919659437487030272", "919659437491224576", "919659437495418880"
TWEET = {
    "created_at": "Sun Oct 15 20:21:11 +0000 2017",
    "id": int(B),
    "id_str": B,
    "text": "#MeToo as w…",
    "user": {"id": 7, "id_str": "7", "screen_name": "invented_seven"},
    "lang": "en",
    "favorite_count": 12,
    "retweet_count": 3,
    "reply_count": 2,
}
ROW = {
    "post_id": B,
    "created_at": "Sun Oct 15 20:21:11 +0000 2017",
    "author": "7",
    "text": "#MeToo as w…",
    "lang": "en",
    "kind": "original",
    "parent_id": None,
    "likes": 12,
    "reposts": 3,
    "replies": 2,
}
WHOLE = {"extended_tweet": {"full_text": "#MeToo as well"}}
REPLY = {"in_reply_to_status_id": int(A), "in_reply_to_status_id_str": A}
QUOTE = {"quoted_status_id": int(C), "quoted_status_id_str": C}
REPOST = {"retweeted_status": {"id_str": A, "full_text": "So brave #MeToo"}}


@pytest.mark.parametrize(
    ("more", "differs"),
    [
        ({}, {}),
        (WHOLE, {"text": "#MeToo as well"}),
        ({"full_text": "#MeToo as well"}, {"text": "#MeToo as well"}),
        (REPLY, {"kind": "reply", "parent_id": A}),
        (QUOTE, {"kind": "quote", "parent_id": C}),
        (REPLY | QUOTE, {"kind": "reply", "parent_id": A}),
        (REPOST | REPLY | QUOTE, {"kind": "repost", "parent_id": A, "text": "So brave #MeToo"}),
        ({"retweeted_status": {"id_str": A, **WHOLE}}, {"kind": "repost", "parent_id": A, "text": "#MeToo as well"}),
        ({"lang": None, "reply_count": None}, {"lang": None, "replies": None}),
    ],
)
def test_each_shape_gives_its_row_one_by_one_and_at_once(more, differs):
    assert list(rows(TWEET | more)) == [ROW | differs]
    at_once = fast((json.dumps(TWEET | more) + "\n").encode())
    assert at_once.select(list(ROW)).to_pylist() == [ROW | differs]


def test_an_id_is_taken_as_text_for_its_number_may_be_rounded():
    rounded = TWEET | {"id": 9.2e17, "user": {"id": 9.1e17, "id_str": "7"}, **REPLY, "in_reply_to_status_id": 9.2e17}
    assert list(rows(rounded)) == [ROW | {"kind": "reply", "parent_id": A}]


@pytest.mark.parametrize(
    ("more", "differs"),
    [
        ({"id_str": None}, {"post_id": int(B)}),
        ({"user": {"id": 7}}, {"author": 7}),
        ({"user": {"screen_name": "invented_seven"}}, {"author": "invented_seven"}),
        ({"in_reply_to_status_id": int(A)}, {"kind": "reply", "parent_id": int(A)}),
    ],
)
def test_what_has_an_id_as_a_number_alone_is_left_to_the_careful_reader(more, differs):
    assert list(rows(TWEET | more)) == [ROW | differs]
    assert fast((json.dumps(TWEET | more) + "\n").encode()) is None


@pytest.mark.parametrize("name", ["delete", "limit", "scrub_geo", "status_withheld", "user_withheld", "warning"])
def test_notices_of_a_stream_are_recognised_and_refused(name):
    assert recognise({name: {"status": {"id": 7}}})
    assert [type(row) for row in rows({name: {}})] == [Refused]
