"""Mastodon: HTML, boosts, numbers that are one server's own, and what was never public."""

import pytest

from analysis.collect.formats import Refused, mastodon

URI = "https://town.example/users/invented_marten/statuses/1"
STATUS = {
    "id": "1",
    "uri": URI,
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
ROW = {
    "post_id": URI,
    "created_at": "2017-10-15T20:21:11.000Z",
    "author": "https://town.example/@invented_marten",
    "text": "One & all\ntogether",
    "lang": "en",
    "kind": "original",
    "parent_id": None,
    "root_id": URI,
    "likes": 3,
    "reposts": 2,
    "replies": 1,
    "mended": ("HTML",),
}
REPLY = {**STATUS, "id": "2", "uri": "https://farm.example/objects/2", "in_reply_to_id": "1"}
REPLIED = {"post_id": REPLY["uri"], "kind": "reply", "root_id": None}
QUOTE = {"state": "accepted", "quoted_status": {**STATUS, "uri": "https://farm.example/7"}}
BOOST = {**STATUS, "uri": "https://farm.example/9/activity", "reblog": {**STATUS, "language": "de"}, "language": None}
BOOSTED = {"post_id": BOOST["uri"], "kind": "repost", "parent_id": URI}
HIDDEN = '<p><a href="x"><span class="invisible">https://</span><span class="ellipsis">example.org</span></a></p>'


@pytest.mark.parametrize(
    ("record", "differs"),
    [
        (STATUS, {}),
        ({**STATUS, "visibility": "unlisted"}, {}),
        ({**STATUS, "content": HIDDEN}, {"text": "example.org"}),
        (REPLY, REPLIED),  # alone it names no parent, for its number is one server's own
        (BOOST, {**BOOSTED, "lang": "de"}),
        ({**BOOST, "reblog": REPLY}, {**BOOSTED, "parent_id": REPLY["uri"], "root_id": None}),
        ({**STATUS, "quote": QUOTE}, {"kind": "quote", "parent_id": "https://farm.example/7"}),
        ({**STATUS, "quote": {"state": "deleted", "quoted_status": None}}, {"kind": "quote"}),
        ({**STATUS, "quote": False}, {}),
        ({**REPLY, "quote": QUOTE}, REPLIED),
    ],
)
def test_each_shape_gives_its_row(record, differs):
    assert mastodon.recognise(record)
    assert list(mastodon.rows(record)) == [ROW | differs]


def test_a_picture_alone_has_no_text():
    [post] = mastodon.rows({**STATUS, "content": ""})
    assert post["text"] is None and "mended" not in post


def test_a_thread_tells_the_parents_and_the_root():
    deep = {**REPLY, "id": "3", "uri": "https://town.example/3", "in_reply_to_id": "2"}
    astray = {**REPLY, "id": "4", "uri": "https://town.example/4", "in_reply_to_id": "99"}
    posts = list(mastodon.rows({"ancestors": [STATUS, REPLY], "descendants": [deep, astray]}))
    assert [post["parent_id"] for post in posts] == [None, URI, REPLY["uri"], None]
    assert {post["root_id"] for post in posts} == {URI}
    [first] = mastodon.rows({"ancestors": [REPLY], "descendants": []})  # which begins below its root
    assert first["root_id"] is None


def test_a_search_gives_its_statuses():
    search = {"accounts": [], "statuses": [STATUS, 7], "hashtags": []}
    assert [isinstance(part, Refused) for part in mastodon.rows(search)] == [False, True]
    assert [isinstance(part, Refused) for part in mastodon.rows({**search, "statuses": []})] == [True]


@pytest.mark.parametrize("seen_by", ["private", "direct"])
def test_what_was_not_public_is_refused(seen_by):
    for record in ({**STATUS, "visibility": seen_by}, {**STATUS, "reblog": {**STATUS, "visibility": seen_by}}):
        assert list(mastodon.rows(record)) == [Refused("not public")]
