"""What one format has and the others have not: threads, pages, packed rows, files without a header."""

import csv
import io
import json
from pathlib import Path

import pandas as pd
import pytest

from analysis.collect.formats import (
    Refused,
    bluesky,
    headerless,
    mastodon,
    metooma,
    twarc_csv,
    twitter_r,
    twitter_v2,
)

FIXTURES = Path(__file__).parents[1] / "fixtures"
A, B = "919659437487030272", "919659437491224576"
ANSWERS = list("1100000010")


def example(name):
    """The first record of a format's table."""
    records = json.loads((Path(__file__).parent / f"cases/{name}.json").read_text("utf-8"))["records"]
    return {key: records[value[1:]] if str(value).startswith("$") else value for key, value in records["post"].items()}


def are_refused(parts):
    return [isinstance(part, Refused) for part in parts]


def test_a_thread_of_any_depth_is_read_in_its_order_and_without_recursion():
    deep, view = 5_000, example("bluesky")
    node = {"post": view | {"uri": f"{view['uri']}-{deep}"}}
    for depth in range(deep - 1, -1, -1):
        node = {"post": view | {"uri": f"{view['uri']}-{depth}"}, "replies": [node]}
    posts = [post["post_id"] for post in bluesky.rows({"thread": node})]
    assert posts == [f"{view['uri']}-{depth}" for depth in range(deep + 1)]
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


def test_an_odd_entry_of_a_page_does_not_spoil_it_and_what_a_page_includes_is_no_post_of_it():
    tweet, view, status = (example(name) for name in ("twitter-v2", "bluesky", "mastodon"))
    page = {"data": [7, tweet, {"tweet_count": 1}, None, tweet], "includes": {"tweets": [tweet | {"id": A}]}}
    assert are_refused(twitter_v2.rows(page)) == [True, False, True, True, False]
    assert are_refused(bluesky.rows({"posts": [view, 7, {}, {"uri": view["uri"]}]})) == [False, True, True, True]
    for statuses, refused in (([status, 7], [False, True]), ([], [True])):
        assert are_refused(mastodon.rows({"accounts": [], "statuses": statuses, "hashtags": []})) == refused


def test_a_thread_tells_the_parents_and_the_root():
    top = example("mastodon")
    reply, deep, astray = (
        top | {"id": own, "uri": f"https://town.example/{own}", "in_reply_to_id": parent}
        for own, parent in [("2", "1"), ("3", "2"), ("4", "99")]
    )
    posts = list(mastodon.rows({"ancestors": [top, reply], "descendants": [deep, astray]}))
    assert [post["parent_id"] for post in posts] == [None, top["uri"], reply["uri"], None]
    assert {post["root_id"] for post in posts} == {top["uri"]}
    [first] = mastodon.rows({"ancestors": [reply], "descendants": []})  # which begins below its root
    assert first["root_id"] is None


def test_metooma_without_a_header_is_known_by_its_first_line():
    for fields in ([B, *ANSWERS], ["9.19659E+17", *ANSWERS], [B, *(f" {answer}" for answer in ANSWERS)]):
        assert headerless(fields) == (metooma.SOURCE, ["TweetId", *metooma.LABELS])
    for fields in ([], [B, *ANSWERS[1:]], [B, *ANSWERS, "0"], [B, *ANSWERS[1:], "2"], ["7", *ANSWERS]):
        assert headerless(fields) is None


@pytest.mark.parametrize(
    ("name", "posts", "expected"),
    [
        ("metooma-headerless.csv", 6, dict(zip(metooma.LABELS, ANSWERS, strict=True))),
        ("kaggle-metoohate.csv", 6, {"category": "0"}),
    ],
)
def test_labels_stand_beside_the_posts(name, posts, expected, take, tmp_path):
    take((FIXTURES / name).read_bytes())
    labels = pd.read_parquet(tmp_path / "posts.labels.parquet").set_index("post_id")
    assert len(labels) == posts and labels.index.is_unique
    assert labels.loc[B].to_dict() == expected


@pytest.mark.parametrize("chosen", [["author.id", "public_metrics.like_count"], ["author.username"]])
def test_some_columns_in_any_order_are_enough_for_twarc(chosen):
    assert twarc_csv.recognise(["text", *chosen, "id"])
    assert not twarc_csv.recognise(["text", *chosen])


@pytest.mark.parametrize("references", ["[" * 100_000, "[7]", "7", '[{"type": []}]', "no JSON"])
def test_hostile_references_raise_nothing_else(references):
    with pytest.raises((ValueError, TypeError, KeyError)):
        list(twarc_csv.rows(example("twarc-csv") | {"referenced_tweets": references}))


RECORD = example("twitter-r")


def quoted_again(record, behind=";;;"):
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(record.values())
    return dict.fromkeys(record) | {"": line.getvalue() + behind}


@pytest.mark.parametrize("behind", [";;;", "", "; "])
def test_a_row_that_was_quoted_again_is_unpacked(behind):
    record = RECORD | {"text": 'She said "me too", and more; so did I.'}
    [row], [again] = twitter_r.rows(record), twitter_r.rows(quoted_again(record, behind))
    assert again == row | {"mended": ("row quoted twice",)}


TORN = ("1,too,few;;;", '1,"never closed;;;', "1,\n" + "x," * 15 + "x", "," * 10_000, "")


@pytest.mark.parametrize(
    "record",
    [
        RECORD | {None: ["one too many"]},
        RECORD | {"latitude": None},
        RECORD | {"latitude": 'NA";;;'},
        quoted_again(dict(zip(RECORD, RECORD, strict=True))),  # a header
        dict.fromkeys(RECORD),
        *(dict.fromkeys(RECORD) | {"": torn} for torn in TORN),
    ],
)
def test_rows_that_cannot_be_unpacked_are_refused(record):
    assert are_refused(twitter_r.rows(record)) == [True]


def test_a_row_quoted_again_over_two_lines_is_refused_and_never_half_read(take):
    lines = (FIXTURES / "twitter-r.csv").read_bytes().splitlines(keepends=True)
    torn = quoted_again(RECORD | {"text": 'one\ntwo, "three"'})[""].replace('"', '""')
    report, _ = take(lines[0] + lines[1] + f'"{torn.removesuffix(";;;")}";;;\n'.encode() + lines[2])
    assert (report["read"], report["kept"], report["refused"]) == (4, 2, 2)
