"""Twitter API v2: pages, flattened and streamed tweets; kinds, conversations, whole texts, and what is no post."""

import copy

import pytest

from analysis.collect.formats import Refused
from analysis.collect.formats.twitter_v2 import recognise, rows

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


def refers(*pairs, **more):
    return TWEET | {"referenced_tweets": [{"type": kind, "id": post} for kind, post in pairs]} | more


WHOLE = TWEET | {"id": A, "text": "#MeToo whole", "conversation_id": C, "author_id": "8"}
NOTE = {"note_tweet": {"text": "#MeToo long", "entities": {}}}
REPOST = refers(("retweeted", A), text="RT @invented_8: #MeToo who…")
REPOSTED = {"kind": "repost", "parent_id": A}
ERROR = {"title": "Not Found Error", "detail": "x", "type": "about:blank"}


@pytest.mark.parametrize(
    ("record", "differs"),
    [
        (TWEET, {}),
        ({"data": TWEET, "matching_rules": [{"id": "1", "tag": ""}]}, {}),
        ({"data": [TWEET], "meta": {"result_count": 1}}, {}),
        ({"data": [TWEET]}, {}),
        ({"data": [TWEET], "errors": [ERROR]}, {}),
        (TWEET | {"author": {"id": TWEET["author_id"], "username": "invented_1"}}, {}),
        (TWEET | NOTE, {"text": "#MeToo long"}),
        ({"data": [refers(("quoted", A))], "includes": {"tweets": [WHOLE]}}, {"kind": "quote", "parent_id": A}),
        ({"data": [REPOST], "includes": {"tweets": [WHOLE]}}, {**REPOSTED, "text": "#MeToo whole", "root_id": C}),
        ({"data": REPOST, "includes": {"tweets": [WHOLE | NOTE]}}, {**REPOSTED, "text": "#MeToo long", "root_id": C}),
        (
            {"data": REPOST, "includes": {"tweets": [7, None, {"id": []}, WHOLE]}},
            {**REPOSTED, "text": "#MeToo whole", "root_id": C},
        ),
        (
            REPOST | {"referenced_tweets": [{"type": "retweeted"} | WHOLE]},
            {**REPOSTED, "text": "#MeToo whole", "root_id": C},
        ),
        ({"data": [REPOST], "includes": {"users": []}}, {**REPOSTED, "text": REPOST["text"], "root_id": A}),
        (refers(("replied_to", A), conversation_id=C), {"kind": "reply", "parent_id": A, "root_id": C}),
        (
            refers(("quoted", C), ("replied_to", A), conversation_id=A),
            {"kind": "reply", "parent_id": A, "root_id": A},
        ),
        (refers(("quoted", C), ("retweeted", A)), {**REPOSTED, "root_id": A}),
        (refers(("a new kind", A)), {}),
        (TWEET | {"in_reply_to_user_id": "7"}, {}),
        (TWEET | {"conversation_id": A}, {"kind": "reply", "root_id": A}),
        (TWEET | {"conversation_id": None}, {"kind": None, "root_id": None}),
        (TWEET | {"text": "RT @invented_1: …"}, {"text": "RT @invented_1: …", "kind": None, "root_id": None}),
        (TWEET | {"id": float(B)}, {"post_id": float(B), "kind": None, "root_id": None}),
        (TWEET | {"author_id": None, "author": {"id": "9", "username": "invented_9"}}, {"author": "9"}),
        (TWEET | {"author_id": None, "author": {"username": "invented_9"}}, {"author": "invented_9"}),
    ],
)
def test_each_shape_gives_its_row(record, differs):
    before = copy.deepcopy(record)
    assert recognise(record)
    assert list(rows(record)) == [ROW | differs]
    assert record == before


def test_tweets_that_a_page_includes_are_no_posts_of_it_and_an_odd_entry_does_not_spoil_it():
    page = {"data": [7, TWEET, {"tweet_count": 1}, None, REPOST], "includes": {"tweets": [WHOLE]}, "meta": {}}
    assert [isinstance(row, Refused) for row in rows(page)] == [True, False, True, True, False]


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({"data": [{"start": "a", "end": "b", "tweet_count": 5}], "meta": {"total_tweet_count": 5}}, "count"),
        ({"data": [{"id": A, "name": "Invented", "username": "invented_1"}], "meta": {}}, "account"),
        ({"meta": {"result_count": 0}}, "page with no posts"),
        ({"data": [], "meta": {"result_count": 0}}, "page with no posts"),
        ({"data": None, "errors": [ERROR]}, "error"),
        ({"title": "Unauthorized", "type": "about:blank", "status": 401, "detail": "Unauthorized"}, "error"),
    ],
)
def test_what_is_no_post_is_refused_with_a_reason(record, reason):
    assert recognise(record)
    [refused] = rows(record)
    assert reason in refused.reason
