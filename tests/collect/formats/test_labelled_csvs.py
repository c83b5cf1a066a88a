"""CSVs whose columns are mapped and little more: Kaggle's two, MeTooMA with its labels, twarc 1's json2csv."""

from pathlib import Path

import pandas as pd
import pytest

from analysis.collect.formats import headerless, json2csv, kaggle_hate, kaggle_metoo, metooma

FIXTURES = Path(__file__).parents[1] / "fixtures"
A, B, C = "919659437487030272", "919659437491224576", "919659437495418880"

HATE = {"status_id": B, "text": "#MeToo as well", "created_at": "2017-10-15 20:21:11", "retweet_count": "3"}
HATE |= {"location": "Nowhere", "followers_count": "10", "category": "0"}
HATE_ROW = {"post_id": B, "created_at": "2017-10-15 20:21:11", "text": "#MeToo as well", "likes": "12", "reposts": "3"}
HATE_ROW |= {"labels": {"category": "0"}, "mended": ()}


@pytest.mark.parametrize("likes", ["favorite_count", "favourite_count"])
@pytest.mark.parametrize(
    ("given", "differs"),
    [
        ({}, {}),
        ({"category": "1.0"}, {"labels": {"category": "1"}}),
        ({"category": " "}, {"labels": {}}),
        ({"status_id": f"x{B}"}, {}),  # guarded from spreadsheets
        ({"status_id": "x"}, {"post_id": "x"}),
        ({"status_id": "9.19659E+17"}, {"post_id": "9.19659E+17"}),
        ({"text": "itâ€™s"}, {"text": "it’s", "mended": ("mojibake",)}),
    ],
)
def test_kaggles_metoohate(likes, given, differs):
    record = HATE | {likes: "12"} | given
    assert kaggle_hate.recognise(list(record))
    assert list(kaggle_hate.rows(record)) == [HATE_ROW | differs]


KAGGLE = {"Text": "b is a letter", "Id": B, "Lenght": "15", "Created_at": "2017-10-15 20:21:11", "Source": "a client"}
KAGGLE |= {"Favorite_count": "12", "Retweet_count": "3", "Lang": "en"}
KAGGLE_ROW = {"post_id": B, "created_at": "2017-10-15 20:21:11", "lang": "en", "likes": "12", "reposts": "3"}


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        (r"""b'He said "it\'s late"'""", 'He said "it\'s late"'),
        (r'''b"it's late"''', "it's late"),
        (r"b'one\ntwo \xf0\x9f\x92\x9c'", "one\ntwo 💜"),
        (r"b'cut off in a letter \xe2\x80", "cut off in a letter \ufffd"),
        ("b is a letter", "b is a letter"),
    ],
)
def test_kaggles_bytes_literals_are_undone_and_told(text, meant):
    mended = ("bytes literal",) if text != meant else ()
    assert list(kaggle_metoo.rows(KAGGLE | {"Text": text})) == [KAGGLE_ROW | {"text": meant, "mended": mended}]


ANSWERS = list("1100000010")
LABELLED = {"TweetId": B, **dict(zip(metooma.LABELS, ANSWERS, strict=True))}


def test_metoomas_labels_are_as_the_file_has_them_and_an_empty_one_is_left_out():
    assert list(metooma.rows(LABELLED)) == [{"post_id": B, "labels": dict(zip(metooma.LABELS, ANSWERS, strict=True))}]
    [row] = metooma.rows(LABELLED | {"Sarcasm": "", "Support": "1.0", "Oppose": " 0 "})
    assert "Sarcasm" not in row["labels"]
    assert (row["labels"]["Support"], row["labels"]["Oppose"]) == ("1", "0")


@pytest.mark.parametrize("fields", [[B, *ANSWERS], ["9.19659E+17", *ANSWERS], [B, *(f" {one}" for one in ANSWERS)]])
def test_metooma_without_a_header_is_known_by_its_first_line(fields):
    assert headerless(fields) == (metooma.SOURCE, list(LABELLED))


@pytest.mark.parametrize(
    "fields",
    [[], [B], [B, B], [B, *ANSWERS[1:]], [B, *ANSWERS, "0"], [B, *ANSWERS[1:], "2"], ["7", *ANSWERS], list(LABELLED)],
)
def test_other_first_lines_are_left_alone(fields):
    assert headerless(fields) is None


@pytest.mark.parametrize(
    ("name", "posts", "expected"),
    [
        ("metooma.csv", 6, dict(zip(metooma.LABELS, ANSWERS, strict=True))),
        ("metooma-headerless.csv", 6, dict(zip(metooma.LABELS, ANSWERS, strict=True))),
        ("kaggle-metoohate.csv", 6, {"category": "0"}),
    ],
)
def test_labels_stand_beside_the_posts(name, posts, expected, take, tmp_path):
    take((FIXTURES / name).read_bytes())
    labels = pd.read_parquet(tmp_path / "posts.labels.parquet").set_index("post_id")
    assert len(labels) == posts and labels.index.is_unique
    assert labels.loc[B].to_dict() == expected


TWEET = {"id": B, "created_at": "Sun Oct 15 20:21:11 +0000 2017", "parsed_created_at": "2017-10-15 20:21:11+00:00"}
TWEET |= {"user_screen_name": "invented_1", "text": "#MeToo as well", "tweet_type": "original", "favorite_count": "12"}
TWEET |= {"in_reply_to_status_id": "", "lang": "en", "retweet_count": "3", "retweet_or_quote_id": "", "user_id": "9"}
TWEET_ROW = {"post_id": B, "created_at": "Sun Oct 15 20:21:11 +0000 2017", "author": "9", "text": "#MeToo as well"}
TWEET_ROW |= {"lang": "en", "kind": "original", "parent_id": None, "likes": "12", "reposts": "3"}


@pytest.mark.parametrize(
    ("given", "differs"),
    [
        ({}, {}),
        ({"user_id": "", "created_at": ""}, {"author": "invented_1", "created_at": "2017-10-15 20:21:11+00:00"}),
        (
            {"tweet_type": "reply", "in_reply_to_status_id": A, "retweet_or_quote_id": C},
            {"kind": "reply", "parent_id": A},
        ),
        ({"tweet_type": "quote", "retweet_or_quote_id": A}, {"kind": "quote", "parent_id": A}),
        ({"tweet_type": "retweet", "retweet_or_quote_id": A}, {"kind": "repost", "parent_id": A, "likes": None}),
        ({"tweet_type": ""}, {"kind": None}),
        ({"tweet_type": "something new", "retweet_or_quote_id": A}, {"kind": None}),
    ],
)
def test_json2csv_tells_the_kind_and_the_likes_of_a_repost_are_anothers(given, differs):
    assert list(json2csv.rows(TWEET | given)) == [TWEET_ROW | differs]
