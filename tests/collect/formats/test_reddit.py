"""Reddit: full names, what is gone, and the parents of the archive's several ages."""

import pytest

from analysis.collect.formats import Refused, reddit

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
ROW = {
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
SUBMITTED = {"post_id": "t3_zzz001", "created_at": 1508098871, "author": None, "text": "One", "kind": "original"}
SUBMITTED |= {"parent_id": None, "root_id": "t3_zzz001", "likes": None, "replies": None}


@pytest.mark.parametrize(
    ("more", "differs"),
    [
        ({}, {}),
        ({"author": "[deleted]"}, {"author": None}),
        ({"name": "t1_yyy001"}, {}),
        ({"id": "t1_yyy001"}, {}),
        ({"body": "It says [removed] here"}, {"text": "It says [removed] here"}),
        (
            {"body": "&gt; Two &amp; three\n\n&amp;#x200B;\n\nFour &lt;3"},
            {"text": "> Two & three\n\n\n\nFour <3", "mended": ("HTML",)},
        ),
        # A score is a count of likes only where it can be one.
        ({"score": -5}, {"likes": None}),
        ({"score": 0}, {"likes": 0}),
        ({"score": 1, "score_hidden": True}, {"likes": None}),
        # Parents of all ages of the archive.
        ({"parent_id": "t1_yyy000"}, {"parent_id": "t1_yyy000"}),
        ({"parent_id": 41785179015}, {"parent_id": "t1_j71teh3"}),
        ({"parent_id": None}, {}),
        *(({"parent_id": odd}, {"parent_id": None}) for odd in ("yyy000", True, -1, "t1_", "t5_zzzz1", "")),
    ],
)
def test_a_comment(more, differs):
    assert list(reddit.rows(COMMENT | more)) == [ROW | differs]


@pytest.mark.parametrize(
    ("more", "differs"),
    [
        ({}, {}),
        ({"selftext": "More", "score": 0, "num_comments": 4}, {"text": "One\n\nMore", "likes": 0, "replies": 4}),
        ({"crosspost_parent": "t3_zzz009"}, {"kind": "quote", "parent_id": "t3_zzz009"}),
    ],
)
def test_a_submission(more, differs):
    assert list(reddit.rows(SUBMISSION | more)) == [SUBMITTED | differs]


@pytest.mark.parametrize("gone", ["[deleted]", "[removed]", "[ Removed by Reddit ]", " [deleted by user] "])
def test_what_is_gone_is_refused(gone):
    for record in ({**COMMENT, "body": gone}, {**SUBMISSION, "selftext": gone}, {**SUBMISSION, "title": gone}):
        assert list(reddit.rows(record)) == [Refused("deleted or removed")]


def test_what_its_author_took_back_is_refused_though_the_archive_has_it():
    assert list(reddit.rows({**SUBMISSION, "removed_by_category": "deleted"})) == [Refused("taken back by its author")]
