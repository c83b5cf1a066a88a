"""twitteR's CSV: rows that were quoted twice, R's escapes, cp1252, rounded ids."""

import csv
import io
from pathlib import Path

import pytest

from analysis.collect import formats
from analysis.collect.formats import Refused
from analysis.collect.formats.twitter_r import SOURCE, rows
from analysis.collect.ingesting import ingest

recognise = SOURCE.recognise

FIXTURE = Path(__file__).parent / "fixtures" / "sources" / "twitter-r.csv"
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


def only(record):
    (row,) = rows(record)
    return row


def quoted_again(record, behind=";;;"):
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(record.values())
    return dict.fromkeys(record) | {"": line.getvalue() + behind}


def test_it_knows_its_header_and_no_other():
    with FIXTURE.open(newline="", encoding="cp1252") as file:
        names = next(csv.reader(file))
    assert names == list(RECORD)
    assert formats.recognised(names, "csv") is SOURCE
    assert formats.recognised(["X", *names[1:-2]], "csv") is SOURCE
    assert not recognise(["text", "id", "created", "screenName"])
    assert not recognise([])


def test_an_original():
    assert only(RECORD) == ROW


@pytest.mark.parametrize(
    ("given", "kind", "parent"),
    [
        ({"replyToSID": A, "replyToSN": "invented_2"}, "reply", A),
        ({"replyToSN": "invented_2"}, "original", None),
        ({"replyToSID": ""}, "original", None),
        ({"replyToSID": "9.19659e+17"}, "reply", "9.19659e+17"),
        ({"isRetweet": "TRUE"}, "repost", None),
        ({"isRetweet": "TRUE;;;"}, "repost", None),
        ({"isRetweet": "True", "replyToSID": A}, "repost", None),
    ],
)
def test_kind_and_parent(given, kind, parent):
    row = only(RECORD | given)
    assert (row["kind"], row["parent_id"]) == (kind, parent)


@pytest.mark.parametrize("behind", [";;;", "", ";", "; "])
@pytest.mark.parametrize("text", ["#MeToo as well", 'She said "me too", and more; so did I.'])
def test_a_row_that_was_quoted_again_is_unpacked(text, behind):
    assert only(quoted_again(RECORD | {"text": text}, behind)) == ROW | {"text": text, "mended": ("row quoted twice",)}


@pytest.mark.parametrize(
    "record",
    [
        RECORD | {None: ["one too many"]},
        RECORD | {"latitude": None},
        RECORD | {"latitude": 'NA";;;'},
        dict.fromkeys(RECORD),
        dict.fromkeys(RECORD) | {"": "1,too,few;;;"},
        dict.fromkeys(RECORD) | {"": '1,"never closed;;;'},
        dict.fromkeys(RECORD) | {"": "1,\n" + "x," * 15 + "x"},
        dict.fromkeys(RECORD) | {"": "," * 10_000},
        dict.fromkeys(RECORD) | {"": ""},
    ],
)
def test_rows_that_cannot_be_unpacked_are_refused(record):
    assert isinstance(only(record), Refused)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("it<U+2019>s", "it’s"),
        ("<ed><U+00A0><U+00BD><ed><U+00B8><U+0082>!", "😂!"),
        ("<ed><a0><bd><ed><b8><82>!", "😂!"),
        ("<U+0001F602>", "😂"),
        ("<U+2764><U+FE0F>", "❤️"),
    ],
)
def test_escapes_of_r_are_undone_and_told(text, meant):
    row = only(RECORD | {"text": text})
    assert (row["text"], row["mended"]) == (meant, ("R's escapes",))


@pytest.mark.parametrize("text", ["<U+D83D>", "<U+FFFFFFFF>", "<U+20", "<ed> <3 <b>bold</b>", "<ed><U+00BD><U+00BD>x"])
def test_what_is_no_escape_of_r_stays_as_it_is(text):
    kept = only(RECORD | {"text": text})["text"]
    assert kept in (text, text.replace("<U+00BD>", "½"))


def test_mojibake_is_undone_and_told():
    row = only(RECORD | {"text": "itâ€™s"})
    assert (row["text"], row["mended"]) == ("it’s", ("mojibake",))


def test_a_handle_that_is_not_there_is_nobody():
    assert only(RECORD | {"screenName": "NA"})["author"] is None


def test_a_row_quoted_again_over_two_lines_is_refused_and_never_half_read(tmp_path):
    lines = FIXTURE.read_bytes().splitlines(keepends=True)
    torn = quoted_again(RECORD | {"text": 'one\ntwo, "three"'})[""].replace('"', '""')
    path = tmp_path / "torn.csv"
    path.write_bytes(lines[0] + lines[1] + f'"{torn.removesuffix(";;;")}";;;\n'.encode() + lines[2])
    report = ingest(path, tmp_path / "out.parquet", key_file=tmp_path / "keys" / "key")
    assert (report["read"], report["kept"], report["refused"]) == (4, 2, 2)


def test_the_account_of_the_fixture(tmp_path):
    report = ingest(FIXTURE, tmp_path / "out.parquet", key_file=tmp_path / "keys" / "key")
    assert (report["read"], report["kept"], report["duplicates"], report["refused"]) == (11, 8, 1, 2)
    noticed = report["noticed"]
    assert (noticed["rounded post_id"], noticed["rounded parent_id"], noticed["mended: cp1252"]) == (2, 1, 2)
    assert noticed["mended: row quoted twice"] == 1
