"""twitteR's CSV: rows that were quoted twice, R's escapes, cp1252, rounded ids."""

import csv
import io
from pathlib import Path

import pytest

from analysis.collect.formats import Refused
from analysis.collect.formats.twitter_r import SOURCE, rows

FIXTURE = Path(__file__).parents[1] / "fixtures" / "twitter-r.csv"
A, B = "919659437487030272", "919659437491224576"
RECORD = {
    "": "1",
    "text": "#MeToo as well",
    "favorited": "FALSE",
    "favoriteCount": "12",
    "replyToSN": "NA",
    "created": "2017-10-15 20:21:11",
    "truncated": "FALSE",
    "replyToSID": "NA",
    "id": B,
    "replyToUID": "NA",
    "statusSource": '<a href="https://example.org" rel="nofollow">A client</a>',
    "screenName": "invented_1",
    "retweetCount": "3",
    "isRetweet": "FALSE",
    "retweeted": "FALSE",
    "longitude": "NA",
    "latitude": "NA",
}
ROW = {
    "post_id": B,
    "created_at": "2017-10-15 20:21:11",
    "author": "invented_1",
    "text": "#MeToo as well",
    "kind": "original",
    "parent_id": None,
    "likes": "12",
    "reposts": "3",
    "mended": (),
}


def quoted_again(record, behind=";;;"):
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(record.values())
    return dict.fromkeys(record) | {"": line.getvalue() + behind}


def escaped(text, meant):
    return {"text": text}, {"text": meant, "mended": ("R's escapes",)}


def test_the_first_and_the_last_columns_may_be_others():
    assert SOURCE.recognise(["X", *list(RECORD)[1:-2]])


@pytest.mark.parametrize(
    ("given", "differs"),
    [
        ({}, {}),
        ({"screenName": "NA"}, {"author": None}),
        ({"replyToSID": A, "replyToSN": "invented_2"}, {"kind": "reply", "parent_id": A}),
        ({"replyToSN": "invented_2"}, {}),
        ({"replyToSID": ""}, {}),
        ({"replyToSID": "9.19659e+17"}, {"kind": "reply", "parent_id": "9.19659e+17"}),
        ({"isRetweet": "TRUE;;;"}, {"kind": "repost"}),
        ({"isRetweet": "True", "replyToSID": A}, {"kind": "repost"}),
        ({"text": "itâ€™s"}, {"text": "it’s", "mended": ("mojibake",)}),
        escaped("it<U+2019>s", "it’s"),
        escaped("<ed><U+00A0><U+00BD><ed><U+00B8><U+0082>!", "😂!"),
        escaped("<ed><a0><bd><ed><b8><82>!", "😂!"),
        escaped("<U+0001F602>", "😂"),
        escaped("<U+2764><U+FE0F>", "❤️"),
        escaped("<ed><U+00BD><U+00BD>x", "<ed>½½x"),
        *(({"text": odd}, {"text": odd}) for odd in ("<U+D83D>", "<U+FFFFFFFF>", "<U+20", "<ed> <3 <b>bold</b>")),
    ],
)
def test_each_shape_gives_its_row(given, differs):
    assert list(rows(RECORD | given)) == [ROW | differs]


@pytest.mark.parametrize("behind", [";;;", "", "; "])
@pytest.mark.parametrize("text", ["#MeToo as well", 'She said "me too", and more; so did I.'])
def test_a_row_that_was_quoted_again_is_unpacked(text, behind):
    again = quoted_again(RECORD | {"text": text}, behind)
    assert list(rows(again)) == [ROW | {"text": text, "mended": ("row quoted twice",)}]


@pytest.mark.parametrize(
    "record",
    [
        RECORD | {None: ["one too many"]},
        RECORD | {"latitude": None},
        RECORD | {"latitude": 'NA";;;'},
        quoted_again(dict(zip(RECORD, RECORD, strict=True))),  # a header
        dict.fromkeys(RECORD),
        *(
            dict.fromkeys(RECORD) | {"": torn}
            for torn in ("1,too,few;;;", '1,"never closed;;;', "1,\n" + "x," * 15 + "x", "," * 10_000, "")
        ),
    ],
)
def test_rows_that_cannot_be_unpacked_are_refused(record):
    assert [type(row) for row in rows(record)] == [Refused]


def test_a_row_quoted_again_over_two_lines_is_refused_and_never_half_read(take):
    lines = FIXTURE.read_bytes().splitlines(keepends=True)
    torn = quoted_again(RECORD | {"text": 'one\ntwo, "three"'})[""].replace('"', '""')
    report, _ = take(lines[0] + lines[1] + f'"{torn.removesuffix(";;;")}";;;\n'.encode() + lines[2])
    assert (report["read"], report["kept"], report["refused"]) == (4, 2, 2)
