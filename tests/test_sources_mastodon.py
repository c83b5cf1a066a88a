"""Mastodon: HTML, boosts, numbers that are one server's own, and what was never public."""

import json
from pathlib import Path

import pytest

from analysis.collect.formats import Refused, mastodon

FIXTURES = Path(__file__).parent / "fixtures" / "sources"
STATUS = {
    "id": "1",
    "uri": "https://town.example/users/invented_marten/statuses/1",
    "created_at": "2017-10-15T20:21:11.000Z",
    "account": {"id": "1", "acct": "invented_marten", "url": "https://town.example/@invented_marten"},
    "content": "<p>One &amp; all<br>together</p>",
    "in_reply_to_id": None,
    "reblog": None,
    "language": "en",
    "visibility": "public",
    "favourites_count": 3,
    "reblogs_count": 2,
    "replies_count": 1,
}
REPLY = {**STATUS, "id": "2", "uri": "https://farm.example/objects/2", "in_reply_to_id": "1"}


def row(record):
    [found] = mastodon.rows(record)
    return found


def records():
    for line in (FIXTURES / "mastodon.jsonl").read_text(encoding="utf-8").splitlines():
        try:
            yield json.loads(line)
        except ValueError:
            continue


def test_a_status():
    assert row(STATUS) == {
        "post_id": "https://town.example/users/invented_marten/statuses/1",
        "created_at": "2017-10-15T20:21:11.000Z",
        "author": "https://town.example/@invented_marten",
        "text": "One & all\ntogether",
        "lang": "en",
        "kind": "original",
        "parent_id": None,
        "root_id": "https://town.example/users/invented_marten/statuses/1",
        "likes": 3,
        "reposts": 2,
        "replies": 1,
        "mended": ("HTML",),
    }


def test_a_reply_alone_names_no_parent_for_its_number_is_one_servers_own():
    found = row(REPLY)
    assert (found["kind"], found["parent_id"], found["root_id"]) == ("reply", None, None)


def test_a_thread_tells_the_parents_and_the_root():
    deep = {**REPLY, "id": "3", "uri": "https://town.example/3", "in_reply_to_id": "2"}
    astray = {**REPLY, "id": "4", "uri": "https://town.example/4", "in_reply_to_id": "99"}
    found = list(mastodon.rows({"ancestors": [STATUS, REPLY], "descendants": [deep, astray]}))
    assert [part["parent_id"] for part in found] == [None, STATUS["uri"], REPLY["uri"], None]
    assert {part["root_id"] for part in found} == {STATUS["uri"]}


def test_a_thread_that_begins_below_its_root_names_none():
    found = list(mastodon.rows({"ancestors": [REPLY], "descendants": []}))
    assert found[0]["root_id"] is None


def test_a_search_gives_its_statuses():
    found = list(mastodon.rows({"accounts": [], "statuses": [STATUS, 7], "hashtags": []}))
    assert [isinstance(part, Refused) for part in found] == [False, True]
    assert list(mastodon.rows({"accounts": [], "statuses": [], "hashtags": []})) == [
        Refused("a thread or a search without statuses")
    ]


def test_a_boost_has_the_boosted_words():
    boost = {
        **STATUS,
        "uri": "https://farm.example/9/activity",
        "reblog": {**STATUS, "language": "de"},
        "language": None,
    }
    found = row(boost)
    assert (found["kind"], found["parent_id"], found["lang"]) == ("repost", STATUS["uri"], "de")
    assert found["text"] == "One & all\ntogether"
    assert found["root_id"] == STATUS["uri"]
    assert row({**boost, "reblog": REPLY})["root_id"] is None


def test_a_quote_names_what_it_quotes_and_a_reply_comes_before_it():
    quote = {"state": "accepted", "quoted_status": {**STATUS, "uri": "https://farm.example/7"}}
    assert (row({**STATUS, "quote": quote})["kind"], row({**STATUS, "quote": quote})["parent_id"]) == (
        "quote",
        "https://farm.example/7",
    )
    assert row({**REPLY, "quote": quote})["kind"] == "reply"
    assert row({**STATUS, "quote": {"state": "deleted", "quoted_status": None}})["parent_id"] is None
    assert row({**STATUS, "quote": False})["kind"] == "original"


@pytest.mark.parametrize("seen_by", ["private", "direct"])
def test_what_was_not_public_is_refused(seen_by):
    assert row({**STATUS, "visibility": seen_by}) == Refused("not public")
    assert row({**STATUS, "reblog": {**STATUS, "visibility": seen_by}}) == Refused("not public")


def test_unlisted_is_public():
    assert row({**STATUS, "visibility": "unlisted"})["text"]


def test_what_a_link_hides_from_the_reader_is_left_out_and_a_picture_alone_has_no_text():
    hidden = '<p><a href="x"><span class="invisible">https://</span><span class="ellipsis">example.org</span></a></p>'
    assert row({**STATUS, "content": hidden})["text"] == "example.org"
    assert row({**STATUS, "content": ""})["text"] is None


def test_fixtures():
    found = [row(record) for record in records()]
    assert all(mastodon.recognise(record) for record in records())
    assert [part for part in found if isinstance(part, Refused)] == [Refused("not public")] * 2
    kinds = [part["kind"] for part in found if isinstance(part, dict)]
    assert sorted(set(kinds)) == ["original", "quote", "reply", "repost"]
    thread = json.loads((FIXTURES / "mastodon-thread.json").read_text(encoding="utf-8"))
    assert mastodon.recognise(thread)
    assert len(list(mastodon.rows(thread))) == 4
    timeline = json.loads((FIXTURES / "mastodon-timeline.json").read_text(encoding="utf-8"))
    assert all(mastodon.recognise(status) for status in timeline)


@pytest.mark.parametrize(
    "other", [None, [], "uri", 7, {"uri": "at://x", "author": {}, "record": {}}, {"statuses": []}, {"uri": 7}]
)
def test_others_are_not_taken(other):
    assert not mastodon.recognise(other)
