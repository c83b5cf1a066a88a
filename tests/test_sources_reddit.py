"""Reddit: full names, what is gone, and the parents of the archive's several ages."""

import json
from pathlib import Path

import pytest

from analysis.collect.formats import Refused, reddit

FIXTURE = Path(__file__).parent / "fixtures" / "sources" / "reddit.jsonl"
SUBMISSION = {"subreddit": "InventedTalk", "created_utc": 1508098871, "id": "zzz001", "title": "One", "selftext": ""}
COMMENT = {
    "subreddit": "InventedTalk",
    "created_utc": 1508099000,
    "id": "yyy001",
    "body": "Two",
    "author": "invented_otter",
    "link_id": "t3_zzz001",
    "parent_id": "t3_zzz001",
    "score": 3,
}


def row(record):
    [found] = reddit.rows(record)
    return found


def records():
    for line in FIXTURE.read_text(encoding="utf-8").splitlines():
        try:
            yield json.loads(line)
        except ValueError:
            continue


def test_a_comment():
    assert row(COMMENT) == {
        "post_id": "t1_yyy001",
        "created_at": 1508099000,
        "author": "invented_otter",
        "text": "Two",
        "kind": "reply",
        "parent_id": "t3_zzz001",
        "root_id": "t3_zzz001",
        "likes": 3,
        "replies": None,
    }


def test_a_submission():
    record = {**SUBMISSION, "selftext": "More", "author": "invented_wren", "score": 0, "num_comments": 4}
    assert row(record) == {
        "post_id": "t3_zzz001",
        "created_at": 1508098871,
        "author": "invented_wren",
        "text": "One\n\nMore",
        "kind": "original",
        "parent_id": None,
        "root_id": "t3_zzz001",
        "likes": 0,
        "replies": 4,
    }


def test_a_crosspost_is_a_quote_with_a_conversation_of_its_own():
    found = row({**SUBMISSION, "crosspost_parent": "t3_zzz009"})
    assert (found["kind"], found["parent_id"], found["root_id"]) == ("quote", "t3_zzz009", "t3_zzz001")


@pytest.mark.parametrize(
    "gone", ["[deleted]", "[removed]", "[ Removed by Reddit ]", "[deleted by user]", " [removed] "]
)
def test_what_is_gone_is_refused(gone):
    assert row({**COMMENT, "body": gone}) == Refused("deleted or removed")
    assert row({**SUBMISSION, "selftext": gone}) == Refused("deleted or removed")
    assert row({**SUBMISSION, "title": gone}) == Refused("deleted or removed")


def test_words_about_what_is_gone_are_kept():
    assert row({**COMMENT, "body": "It says [removed] here"})["text"] == "It says [removed] here"


def test_what_its_author_took_back_is_refused_though_the_archive_has_it():
    assert row({**SUBMISSION, "removed_by_category": "deleted"}) == Refused("taken back by its author")


def test_a_comment_outlives_its_account():
    found = row({**COMMENT, "author": "[deleted]"})
    assert (found["author"], found["text"]) == (None, "Two")


@pytest.mark.parametrize(
    ("parent", "expected"),
    [
        ("t1_yyy000", "t1_yyy000"),
        ("t3_zzz001", "t3_zzz001"),
        (41785179015, "t1_j71teh3"),
        (None, "t3_zzz001"),
        ("yyy000", None),
        (True, None),
        (-1, None),
        ("t1_", None),
        ("t5_zzzz1", None),
    ],
)
def test_parents_of_all_ages(parent, expected):
    assert row({**COMMENT, "parent_id": parent})["parent_id"] == expected


def test_a_comment_without_a_field_for_the_parent_has_none():
    assert row({name: value for name, value in COMMENT.items() if name != "parent_id"})["parent_id"] is None


def test_a_full_name_is_not_given_its_kind_twice():
    assert (
        row({**COMMENT, "name": "t1_yyy001"})["post_id"]
        == row({**COMMENT, "id": "t1_yyy001"})["post_id"]
        == "t1_yyy001"
    )


@pytest.mark.parametrize(
    ("score", "hidden", "likes"), [(-5, False, None), (0, False, 0), (1, True, None), (7, False, 7)]
)
def test_a_score_is_a_count_of_likes_only_where_it_can_be(score, hidden, likes):
    assert row({**COMMENT, "score": score, "score_hidden": hidden})["likes"] == likes


def test_what_the_interface_escaped_is_undone_and_told():
    found = row({**COMMENT, "body": "&gt; Two &amp; three\n\n&amp;#x200B;\n\nFour &lt;3"})
    assert found["text"] == "> Two & three\n\n\n\nFour <3"
    assert found["mended"] == ("HTML",)


def test_fixture():
    found = [list(reddit.rows(record)) for record in records()]
    refused = [part.reason for [part] in found if isinstance(part, Refused)]
    assert all(reddit.recognise(record) for record in records())
    assert len(found) == 16
    assert sorted(refused) == ["deleted or removed"] * 4 + ["taken back by its author"]


@pytest.mark.parametrize(
    "other", [None, [], "subreddit", 7, {"id_str": "7", "created_at": "", "user": {}}, {"data": []}]
)
def test_others_are_not_taken(other):
    assert not reddit.recognise(other)
