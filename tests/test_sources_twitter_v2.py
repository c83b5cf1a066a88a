"""Twitter API v2: pages, flattened and streamed tweets; kinds, conversations, whole texts, and what is no post."""

import contextlib
import copy
import json
from pathlib import Path

import pytest

from analysis.collect import formats
from analysis.collect.formats import Refused
from analysis.collect.formats.twitter_v2 import SOURCE, recognise, rows
from analysis.collect.ingesting import ingest

FIXTURES = Path(__file__).parent / "fixtures" / "sources"
A, B, C = "919659437487030272", "919659437491224576", "919659437495418880"
TWEET = {
    "id": B,
    "text": "#MeToo as well",
    "author_id": "919701380531224576",
    "conversation_id": B,
    "created_at": "2017-10-15T20:21:11.000Z",
    "lang": "en",
    "public_metrics": {"retweet_count": 3, "reply_count": 2, "like_count": 12, "quote_count": 1},
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
    "likes": 12,
    "reposts": 3,
    "replies": 2,
}


def records(name):
    for line in (FIXTURES / name).read_text().splitlines():
        with contextlib.suppress(ValueError):
            yield json.loads(line)


def refers(*pairs, **more):
    return TWEET | {"referenced_tweets": [{"type": kind, "id": post} for kind, post in pairs]} | more


def only(record):
    (row,) = rows(record)
    return row


@pytest.mark.parametrize("name", ["twitter-v2.jsonl", "twitter-v2-flat.jsonl"])
def test_it_knows_all_of_its_own_records(name):
    found = list(records(name))
    assert len(found) > 5
    assert all(formats.recognised(record, "json") is SOURCE for record in found)


@pytest.mark.parametrize(
    "record",
    [
        None,
        7,
        "text",
        [],
        {},
        {"id": B, "text": "no more than this could be anybody's"},
        {
            "created_at": "Sun Oct 15 20:21:11 +0000 2017",
            "id_str": B,
            "id": int(B),
            "text": "v1",
            "user": {"id_str": A},
        },
        {"kind": "Listing", "data": {"children": [], "after": None}},
        {"data": [{"id": "1", "message": "a post of another platform"}], "paging": {}},
        {"data": [], "paging": {}},
        {"data": [7]},
        {"data": 7},
        {"errors": [{"code": 34, "message": "of version 1.1"}]},
        {"errors": 7, "meta": 7},
        {"uri": "at://did:plc:invented/app.bsky.feed.post/1", "record": {"text": "x", "createdAt": "2024-01-01"}},
        {"id": "1", "uri": "https://example.org/1", "content": "<p>x</p>", "account": {}},
    ],
)
def test_it_leaves_other_records_alone(record):
    assert not recognise(record)


@pytest.mark.parametrize(
    "record",
    [
        TWEET,
        {"data": TWEET, "matching_rules": [{"id": "1", "tag": ""}]},
        {"data": [TWEET], "meta": {"result_count": 1}},
        {"data": [TWEET]},
        TWEET | {"author": {"id": TWEET["author_id"], "username": "invented_1"}},
    ],
)
def test_page_stream_and_flattened_give_the_same_row(record):
    assert recognise(record)
    assert only(record) == ROW


@pytest.mark.parametrize(
    ("tweet", "kind", "parent", "root"),
    [
        (refers(("replied_to", A), conversation_id=C), "reply", A, C),
        (refers(("quoted", A)), "quote", A, B),
        (refers(("quoted", C), ("replied_to", A), conversation_id=A), "reply", A, A),
        (refers(("retweeted", A)), "repost", A, A),
        (refers(("quoted", C), ("retweeted", A)), "repost", A, A),
        (TWEET | {"in_reply_to_user_id": "7"}, "original", None, B),
        (TWEET | {"in_reply_to_user_id": "7", "conversation_id": A}, "reply", None, A),
        (TWEET | {"conversation_id": None}, None, None, None),
        (TWEET | {"text": "RT @invented_1: cut …"}, None, None, None),
        (TWEET | {"id": float(B)}, None, None, None),
        (refers(("a new kind", A)), "original", None, B),
        (TWEET | {"referenced_tweets": None}, "original", None, B),
    ],
)
def test_kind_parent_and_conversation(tweet, kind, parent, root):
    row = only(tweet)
    assert (row["kind"], row["parent_id"], row["root_id"]) == (kind, parent, root)


WHOLE = TWEET | {"id": A, "text": "#MeToo whole", "conversation_id": C, "author_id": "8"}
REPOST = refers(("retweeted", A), text="RT @invented_8: #MeToo who…")


@pytest.mark.parametrize(
    "record",
    [
        {"data": [REPOST], "includes": {"tweets": [WHOLE]}},
        {"data": REPOST, "includes": {"tweets": [7, None, {"id": []}, WHOLE]}},
        REPOST | {"referenced_tweets": [{"type": "retweeted"} | WHOLE]},
    ],
)
def test_a_repost_has_the_whole_text_and_the_conversation_of_the_other(record):
    assert only(record) == ROW | {"text": "#MeToo whole", "kind": "repost", "parent_id": A, "root_id": C}


def test_a_repost_keeps_its_own_text_where_the_other_is_gone():
    assert only({"data": [REPOST], "includes": {"users": []}})["text"] == "RT @invented_8: #MeToo who…"


def test_a_quote_keeps_its_own_text():
    record = {"data": [refers(("quoted", A))], "includes": {"tweets": [WHOLE]}}
    assert only(record)["text"] == "#MeToo as well"


def test_the_text_of_a_long_tweet_is_in_its_note():
    note = {"note_tweet": {"text": "#MeToo long", "entities": {}}}
    assert only(TWEET | note)["text"] == "#MeToo long"
    assert only({"data": REPOST, "includes": {"tweets": [WHOLE | note]}})["text"] == "#MeToo long"


def test_tweets_that_a_page_includes_are_no_posts_of_it():
    assert len(list(rows({"data": [TWEET, REPOST], "includes": {"tweets": [WHOLE]}}))) == 2


def test_the_author_is_the_number_then_the_handle():
    bare = {name: value for name, value in TWEET.items() if name != "author_id"}
    assert only(bare | {"author": {"id": "9", "username": "invented_9"}})["author"] == "9"
    assert only(bare | {"author": {"username": "invented_9"}})["author"] == "invented_9"
    assert only(bare)["author"] is None


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({"data": [{"start": "a", "end": "b", "tweet_count": 5}], "meta": {"total_tweet_count": 5}}, "count"),
        ({"data": [{"id": A, "name": "Invented", "username": "invented_1"}], "meta": {}}, "account"),
        ({"meta": {"result_count": 0}}, "page with no posts"),
        ({"data": [], "meta": {"result_count": 0}}, "page with no posts"),
        ({"errors": [{"title": "Not Found Error", "detail": "x", "type": "about:blank"}]}, "error"),
        ({"data": None, "errors": [{"title": "Not Found Error", "detail": "x", "type": "about:blank"}]}, "error"),
        ({"title": "Unauthorized", "type": "about:blank", "status": 401, "detail": "Unauthorized"}, "error"),
    ],
)
def test_what_is_no_post_is_refused_with_a_reason(record, reason):
    assert recognise(record)
    refused = only(record)
    assert isinstance(refused, Refused)
    assert reason in refused.reason


def test_an_odd_entry_does_not_spoil_its_page():
    found = list(rows({"data": [7, TWEET, {"tweet_count": 1}, None, TWEET], "meta": {}}))
    assert [isinstance(row, Refused) for row in found] == [True, False, True, True, False]


def test_errors_beside_posts_are_about_others_and_cost_nothing():
    assert only({"data": [TWEET], "errors": [{"title": "Not Found Error", "detail": "x", "type": "y"}]}) == ROW


def test_nothing_is_changed_in_the_record():
    record = {"data": [REPOST], "includes": {"tweets": [WHOLE]}}
    before = copy.deepcopy(record)
    list(rows(record))
    assert record == before


def test_the_account_of_the_fixtures(tmp_path):
    files = [FIXTURES / name for name in ("twitter-v2.jsonl", "twitter-v2-flat.jsonl")]
    report = ingest(files, tmp_path / "out.parquet", key_file=tmp_path / "keys" / "key")
    assert (report["read"], report["kept"], report["duplicates"], report["refused"]) == (24, 13, 4, 7)
    assert report["refused_by_reason"]["a count of posts, not a post"] == 2
    assert report["noticed"]["rounded post_id"] == 1
