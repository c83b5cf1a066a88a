"""Bluesky: its many wrappings, clocks that cannot be believed, and threads of any depth."""

import json
from pathlib import Path

import pytest

from analysis.collect.formats import Refused, bluesky

FIXTURES = Path(__file__).parent / "fixtures" / "sources"
DID = "did:plc:invented0000000000000001"
URI = f"at://{DID}/app.bsky.feed.post/3kinvent0001"
OTHER = "at://did:plc:invented0000000000000002/app.bsky.feed.post/3kinvent0002"
RECORD = {"$type": "app.bsky.feed.post", "createdAt": "2024-10-15T20:21:11.000Z", "langs": ["en", "de"], "text": "One"}
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
SEEN = 1729023671700000
EVENT = {
    "did": DID,
    "time_us": SEEN,
    "kind": "commit",
    "commit": {
        "rev": "r",
        "operation": "create",
        "collection": "app.bsky.feed.post",
        "rkey": "3kinvent0001",
        "record": RECORD,
        "cid": "bafy",
    },
}


def all_rows(record):
    return list(bluesky.rows(record))


def row(record):
    [found] = bluesky.rows(record)
    return found


def of(name):
    text = (FIXTURES / name).read_text(encoding="utf-8")
    if name.endswith(".json"):
        return [json.loads(text)]
    found = []
    for line in text.splitlines():
        try:
            found.append(json.loads(line))
        except ValueError:
            continue
    return found


def test_a_post_as_the_interface_shows_it():
    assert row(VIEW) == {
        "post_id": URI,
        "created_at": "2024-10-15T20:21:11.000Z",
        "author": DID,
        "text": "One",
        "lang": "en",
        "kind": "original",
        "parent_id": None,
        "root_id": URI,
        "likes": 3,
        "reposts": 2,
        "replies": 1,
    }


def test_a_post_as_a_repository_lists_it():
    found = row({"records": [{"uri": URI, "cid": "bafy", "value": RECORD}], "cursor": "x"})
    assert (found["post_id"], found["author"], found["likes"]) == (URI, DID, None)


def test_a_post_out_of_the_stream():
    assert row(EVENT) == {
        "post_id": URI,
        "created_at": "2024-10-15T20:21:11.000Z",
        "author": DID,
        "text": "One",
        "lang": "en",
        "kind": "original",
        "parent_id": None,
        "root_id": URI,
    }


def test_a_repost_out_of_the_stream_has_no_words_of_its_own():
    record = {"$type": "app.bsky.feed.repost", "createdAt": "2024-10-15T20:21:11.000Z", "subject": {"uri": URI}}
    commit = {"operation": "create", "collection": "app.bsky.feed.repost", "rkey": "3kx", "record": record}
    assert row({**EVENT, "commit": commit}) == {
        "post_id": f"at://{DID}/app.bsky.feed.repost/3kx",
        "created_at": "2024-10-15T20:21:11.000Z",
        "author": DID,
        "kind": "repost",
        "parent_id": URI,
    }


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"collection": "app.bsky.feed.like"}, "a like, a follow or another thing that is no post"),
        ({"record": None, "operation": "delete"}, "a deletion, not a post"),
    ],
)
def test_what_else_the_stream_carries_is_refused(change, reason):
    assert row({**EVENT, "commit": {**EVENT["commit"], **change}}) == Refused(reason)
    assert row({"did": DID, "time_us": SEEN, "kind": "identity"}) == Refused("news of an account, not a post")


def test_a_reply_names_its_parent_and_its_root_and_comes_before_a_quote():
    reply = {"parent": {"uri": OTHER}, "root": {"uri": URI}}
    quote = {"$type": "app.bsky.embed.record", "record": {"uri": URI}}
    found = row({**VIEW, "record": {**RECORD, "reply": reply, "embed": quote}})
    assert (found["kind"], found["parent_id"], found["root_id"]) == ("reply", OTHER, URI)


@pytest.mark.parametrize(
    ("embed", "kind", "parent"),
    [
        ({"record": {"uri": OTHER}}, "quote", OTHER),
        ({"record": {"record": {"uri": OTHER}}, "media": {}}, "quote", OTHER),
        ({"record": {"uri": "at://did:plc:x/app.bsky.feed.generator/birds"}}, "original", None),
        ({"external": {"uri": "https://example.org"}}, "original", None),
    ],
)
def test_a_quote_quotes_a_post(embed, kind, parent):
    found = row({**VIEW, "record": {**RECORD, "embed": embed}})
    assert (found["kind"], found["parent_id"], found["root_id"]) == (kind, parent, URI)


@pytest.mark.parametrize(
    ("claimed", "seen", "believed"),
    [
        ("2024-10-15T20:21:11.000Z", "2024-10-16T20:21:11.000Z", True),
        ("2024-10-15T20:21:11.000Z", "2024-10-16T20:21:11.001Z", False),
        ("2017-10-15T20:21:11.000Z", "2024-10-16T20:21:11.000Z", False),
        ("2024-10-16T20:21:11.001Z", "2024-10-16T20:21:11.000Z", False),
        ("2024-10-16T22:21:11.000+02:00", "2024-10-16T20:21:12.000Z", True),
        ("soon", "2024-10-16T20:21:11.000Z", False),
        (None, "2024-10-16T20:21:11.000Z", False),
        ("2017-10-15T20:21:11.000Z", None, True),
        ("2017-10-15T20:21:11.000Z", "", True),
    ],
)
def test_a_client_is_believed_within_a_day_before_the_network_saw_the_post(claimed, seen, believed):
    found = row({**VIEW, "record": {**RECORD, "createdAt": claimed}, "indexedAt": seen})
    assert found["created_at"] == (claimed if believed else seen)
    assert found.get("mended") == (None if believed else ("client time",))


def test_the_stream_saw_a_post_at_its_own_time():
    old = {**RECORD, "createdAt": "2017-10-15T20:21:11.000Z"}
    assert row({**EVENT, "commit": {**EVENT["commit"], "record": old}})["created_at"] == SEEN


def test_a_thread_of_any_depth_is_read_in_its_order_and_without_recursion():
    deep = 5_000
    node = {"post": {**VIEW, "uri": f"{URI}-{deep}"}}
    for at in range(deep - 1, -1, -1):
        node = {"post": {**VIEW, "uri": f"{URI}-{at}"}, "replies": [node]}
    found = [part["post_id"] for part in bluesky.rows({"thread": node})]
    assert found == [f"{URI}-{at}" for at in range(deep + 1)]
    while node:
        node = node.pop("replies", [None])[0]


def test_a_thread_tells_what_is_gone():
    found = all_rows(of("bluesky-thread.json")[0])
    assert [part["kind"] for part in found if isinstance(part, dict)] == ["original", "reply", "reply"]
    assert len([part for part in found if isinstance(part, Refused)]) == 2


def test_a_thread_in_one_list():
    item = {"uri": URI, "depth": 0, "value": {"$type": "app.bsky.unspecced.defs#threadItemPost", "post": VIEW}}
    assert bluesky.recognise({"thread": [item]})
    assert row({"thread": [item]})["post_id"] == URI


def test_a_feed_gives_the_post_and_the_repost_where_that_has_an_id():
    found = all_rows(of("bluesky-feed.json")[0])
    assert [part["kind"] for part in found if isinstance(part, dict)] == [
        "repost",
        "original",
        "reply",
        "quote",
        "original",
    ]
    repost, original = found[:2]
    assert (repost["parent_id"], repost["root_id"], repost["text"]) == (
        original["post_id"],
        original["post_id"],
        original["text"],
    )
    assert repost["author"] != original["author"]
    assert Refused("a repost without an id of its own") in found


def test_a_page_holds_several_kinds_of_things():
    assert all_rows({"posts": [VIEW, 7, {}, {"uri": URI}]}) == [
        row(VIEW),
        Refused("no post where one should be"),
        Refused("no post"),
        Refused("no post"),
    ]
    assert row({"feed": []}) == Refused("no post")


@pytest.mark.parametrize(
    "name", ["bluesky.jsonl", "bluesky-thread.json", "bluesky-feed.json", "bluesky-jetstream.jsonl"]
)
def test_fixtures_are_recognised(name):
    assert of(name)
    assert all(bluesky.recognise(record) for record in of(name))
    assert all(all_rows(record) for record in of(name))


@pytest.mark.parametrize(
    "other",
    [
        None,
        [],
        "did",
        7,
        {"posts": []},
        {"feed": [{"title": "x"}]},
        {"thread": {}},
        {"did": 7, "time_us": 1},
        {"data": []},
    ],
)
def test_others_are_not_taken(other):
    assert not bluesky.recognise(other)
