"""Bluesky: its many wrappings, clocks that cannot be believed, and threads of any depth."""

import json
from pathlib import Path

import pytest

from analysis.collect.formats import Refused, bluesky

FIXTURES = Path(__file__).parents[1] / "fixtures"
DID = "did:plc:invented0000000000000001"
URI = f"at://{DID}/app.bsky.feed.post/3kinvent0001"
OTHER = "at://did:plc:invented0000000000000002/app.bsky.feed.post/3kinvent0002"
TIME = "2024-10-15T20:21:11.000Z"
RECORD = {"$type": "app.bsky.feed.post", "createdAt": TIME, "langs": ["en", "de"], "text": "One"}
VIEW = {
    "uri": URI,
    "cid": "bafy",
    "author": {"did": DID, "handle": "invented-1.example"},
    "record": RECORD,
    "indexedAt": "2024-10-15T20:21:11.512Z",
    "likeCount": 3,
    "repostCount": 2,
    "replyCount": 1,
}
WORDS = {"text": "One", "lang": "en", "kind": "original", "parent_id": None, "root_id": URI}
ROW = {"post_id": URI, "created_at": TIME, "author": DID, **WORDS}
COUNTS = {"likes": 3, "reposts": 2, "replies": 1}
SEEN = 1729023671700000


def event(**commit):
    about = {"operation": "create", "collection": "app.bsky.feed.post", "rkey": "3kinvent0001", "record": RECORD}
    return {"did": DID, "time_us": SEEN, "kind": "commit", "commit": about | commit}


def view(**record):
    return {**VIEW, "record": RECORD | record}


def row(record):
    [only] = bluesky.rows(record)
    return only


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (VIEW, ROW | COUNTS),
        ({"records": [{"uri": URI, "value": RECORD}], "cursor": "x"}, ROW | dict.fromkeys(COUNTS)),
        ({"thread": [{"uri": URI, "depth": 0, "value": {"$type": "threadItemPost", "post": VIEW}}]}, ROW | COUNTS),
        (event(), ROW),
        (event(record=RECORD | {"createdAt": "2017-10-15T20:21:11Z"}), ROW | {"created_at": SEEN}),
        (
            event(collection="app.bsky.feed.repost", rkey="3kx", record={"createdAt": TIME, "subject": {"uri": URI}}),
            {
                "post_id": f"at://{DID}/app.bsky.feed.repost/3kx",
                "created_at": TIME,
                "author": DID,
                "kind": "repost",
                "parent_id": URI,
            },
        ),
    ],
)
def test_each_wrapping_gives_its_row(record, expected):
    assert bluesky.recognise(record)
    assert {name: value for name, value in row(record).items() if name != "mended"} == expected


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (event(collection="app.bsky.feed.like"), "no post"),
        (event(record=None, operation="delete"), "deletion"),
        ({"did": DID, "time_us": SEEN, "kind": "identity"}, "news of an account"),
        ({"feed": []}, "no post"),
    ],
)
def test_what_else_there_is_is_refused(record, reason):
    assert reason in row(record).reason


@pytest.mark.parametrize(
    ("record", "kind", "parent", "root"),
    [
        ({"embed": {"record": {"uri": OTHER}}}, "quote", OTHER, URI),
        ({"embed": {"record": {"record": {"uri": OTHER}}, "media": {}}}, "quote", OTHER, URI),
        ({"embed": {"record": {"uri": "at://did:plc:x/app.bsky.feed.generator/birds"}}}, "original", None, URI),
        ({"embed": {"external": {"uri": "https://example.org"}}}, "original", None, URI),
        (
            {"reply": {"parent": {"uri": OTHER}, "root": {"uri": "at://r"}}, "embed": {"record": {"uri": URI}}},
            "reply",
            OTHER,
            "at://r",
        ),
    ],
)
def test_kind_parent_and_root(record, kind, parent, root):
    post = row(view(**record))
    assert (post["kind"], post["parent_id"], post["root_id"]) == (kind, parent, root)


@pytest.mark.parametrize(
    ("claimed", "seen", "believed"),
    [
        ("2024-10-15T20:21:11.000Z", "2024-10-16T20:21:11.000Z", True),
        ("2024-10-15T20:21:11.000Z", "2024-10-16T20:21:11.001Z", False),
        ("2024-10-16T20:21:11.001Z", "2024-10-16T20:21:11.000Z", False),
        ("2024-10-16T22:21:11.000+02:00", "2024-10-16T20:21:12.000Z", True),
        ("soon", "2024-10-16T20:21:11.000Z", False),
        (None, "2024-10-16T20:21:11.000Z", False),
        ("2017-10-15T20:21:11.000Z", None, True),
        ("2017-10-15T20:21:11.000Z", "", True),
    ],
)
def test_a_client_is_believed_within_a_day_before_the_network_saw_the_post(claimed, seen, believed):
    post = row({**view(createdAt=claimed), "indexedAt": seen})
    assert post["created_at"] == (claimed if believed else seen)
    assert post.get("mended") == (None if believed else ("client time",))


def test_a_thread_of_any_depth_is_read_in_its_order_and_without_recursion():
    deep = 5_000
    node = {"post": {**VIEW, "uri": f"{URI}-{deep}"}}
    for depth in range(deep - 1, -1, -1):
        node = {"post": {**VIEW, "uri": f"{URI}-{depth}"}, "replies": [node]}
    posts = [post["post_id"] for post in bluesky.rows({"thread": node})]
    assert posts == [f"{URI}-{depth}" for depth in range(deep + 1)]
    while node:  # or taking it apart would be too deep
        node = node.pop("replies", [None])[0]


def test_a_feed_gives_the_post_and_the_repost_where_that_has_an_id():
    parts = list(bluesky.rows(json.loads((FIXTURES / "bluesky-feed.json").read_text("utf-8"))))
    posts = [part for part in parts if isinstance(part, dict)]
    assert [post["kind"] for post in posts] == ["repost", "original", "reply", "quote", "original"]
    repost, original = posts[:2]
    assert repost["parent_id"] == repost["root_id"] == original["post_id"]
    assert repost["text"] == original["text"] and repost["author"] != original["author"]
    assert Refused("a repost without an id of its own") in parts


def test_a_page_holds_several_kinds_of_things():
    parts = list(bluesky.rows({"posts": [VIEW, 7, {}, {"uri": URI}]}))
    assert parts[0] == row(VIEW)
    assert [type(part) for part in parts[1:]] == [Refused] * 3
