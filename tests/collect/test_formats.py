"""What all formats share: known by their content, accounted for, protected; damage is told."""

import csv
import gzip
import json
import random
import zipfile
from pathlib import Path

import pandas as pd
import pytest
import zstandard

from analysis.collect import formats
from analysis.collect.formats import FIELDS, Refused
from analysis.collect.ingesting import ingest
from analysis.posts import load_posts
from analysis.schema import InputError

FIXTURES = Path(__file__).parent / "fixtures"
#: Of each file: its format; read, kept, duplicates, refused; and what else the account says.
ACCOUNTS = {
    "bluesky-feed.json": ("bluesky", (6, 5, 0, 1), {}),
    "bluesky-jetstream.jsonl": ("bluesky", (10, 4, 1, 5), {"mended: client time": 1}),
    "bluesky-thread.json": ("bluesky", (5, 3, 0, 2), {}),
    "bluesky.jsonl": ("bluesky", (11, 9, 1, 1), {"mended: client time": 3}),
    "crowdtangle-facebook-groups.csv": ("crowdtangle-facebook", (2, 2, 0, 0), {}),
    "crowdtangle-facebook.csv": ("crowdtangle-facebook", (12, 9, 1, 2), {"rounded post_id": 1}),
    "crowdtangle-instagram.csv": ("crowdtangle-instagram", (8, 6, 0, 2), {}),
    "ids-pairs.csv": ("ids", (5, 4, 0, 1), {}),
    "ids.txt": ("ids", (6, 3, 1, 2), {}),
    "kaggle-metoo.csv": ("kaggle-metoo", (12, 10, 0, 2), {"mended: bytes literal": 9, "rounded post_id": 2}),
    "kaggle-metoohate.csv": ("kaggle-metoohate", (11, 8, 1, 2), {"mended: mojibake": 1, "rounded post_id": 1}),
    "mastodon-thread.json": ("mastodon", (4, 4, 0, 0), {"mended: HTML": 4}),
    "mastodon-timeline.json": ("mastodon", (2, 2, 0, 0), {"mended: HTML": 2}),
    "mastodon.jsonl": ("mastodon", (12, 8, 1, 3), {"mended: HTML": 8}),
    "metooma-headerless.csv": ("metooma", (8, 6, 1, 1), {"rounded post_id": 1}),
    "metooma.csv": ("metooma", (10, 6, 1, 3), {"rounded post_id": 1}),
    "posts.csv": ("posts", (4, 3, 0, 1), {}),
    "reddit.jsonl": ("reddit", (17, 10, 1, 6), {"mended: HTML": 2}),
    "twarc-csv-first.csv": ("twarc-csv", (5, 5, 0, 0), {}),
    "twarc-csv.csv": ("twarc-csv", (13, 10, 1, 2), {"mended: escaped line ends": 1, "rounded post_id": 1}),
    "twarc-json2csv.csv": ("twarc-json2csv", (10, 7, 1, 2), {"rounded post_id": 1}),
    "twitter-r.csv": ("twitter-r", (11, 8, 1, 2), {"mended: R's escapes": 1, "mended: cp1252": 2}),
    "twitter-v1.jsonl": ("twitter-v1", (17, 12, 1, 4), {"rounded post_id": 2, "mended: halves of characters": 1}),
    "twitter-v2-flat.jsonl": ("twitter-v2", (9, 7, 1, 1), {"rounded post_id": 1}),
    "twitter-v2.jsonl": ("twitter-v2", (15, 9, 0, 6), {}),
}
every_file = pytest.mark.parametrize("path", sorted(FIXTURES.iterdir()), ids=lambda path: path.name)
NAMING = ("@invented", "mail.example", "link.example", "555 010", "Invented Name", "Invented Place", "about oneself")
FILES = 3
RECORDS = 800

ODD = [
    *(b"\0", b"\xff\xfe", b'"', b"{", b"}", b"[", b"]", b",", b"\r", b"\n", b"\\", b"\\ud83d", b"9.19E+17", b"null"),
    *(b"1e999", b"-1", b"\xc3", b"[" * 3000, b'{"a":' * 3000, b"=1+1", b"<script>", b"\xef\xbb\xbf", b"9" * 5000),
    *(b";;;", b"NaN", b"true"),
]
#: Records and headers that are nobody's.
OTHERS = [None, 7, "text", [], {}, {"id": "7", "text": "me too"}, {"statuses": []}, {"data": []}, {"data": 7}]
OTHERS += [{"posts": []}, {"thread": {}}, {"uri": 7}, {"feed": [{"title": "x"}]}, {"did": 7, "time_us": 1}]
OTHERS += [{"created_at": "", "user": {}}, {"errors": 7, "meta": 7}, {"kind": "Listing", "data": {"children": []}}]
HEADERS = [[], [""], ["id", "text"], ["id", "created_at", "text"], ["TweetId"], ["Page Name", "Message"]]
HEADERS += [["id", "text", "author_id"], ["post_id", "length"], ["status_id", "text", "created_at"]]


def format_of(path):
    return ACCOUNTS[path.name][0]


def adds_up(report, posts):
    whole = report["read"] == report["kept"] + report["duplicates"] + report["refused"] + report["left_out"]
    return whole and report["kept"] == len(posts) and not posts["post_id"].dropna().duplicated().any()


def records_of(path):
    """The head of a file, which stays whole so that the format is known, and its records, a line each."""
    data = path.read_bytes()
    if path.suffix == ".json":
        whole = json.loads(data)
        return b"", [json.dumps(one).encode() for one in (whole if isinstance(whole, list) else [whole])]
    lines = [line for line in data.split(b"\n") if line.strip()]
    return (b"", lines) if path.suffix == ".jsonl" else (lines[0] + b"\n", lines[1:])


def shapes_in(path):
    """What the formats are asked about a file: its JSON records, or its header."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
            return "csv", [next(csv.reader(stream))]
    records = []
    for line in records_of(path)[1]:
        try:
            records.append(json.loads(line))
        except ValueError:
            continue
    return "json", [record for record in records if isinstance(record, dict)]


@every_file
def test_a_file_is_recognised_accounted_for_and_protected(path, tmp_path, take):
    name, account, noticed = ACCOUNTS[path.name]
    report, posts = take(path.read_bytes())
    assert report["files"][0]["format"] == name
    assert adds_up(report, posts)
    assert (report["read"], report["kept"], report["duplicates"], report["refused"]) == account
    assert noticed.items() <= report["noticed"].items()
    log = tmp_path / "posts.refused.jsonl"
    logged = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
    assert len(logged) == sum(report["refused_by_reason"].values()) == account[-1]
    assert all(set(entry) == {"file", "line", "reason", "record_hash"} for entry in logged)
    assert posts["author"].dropna().str.fullmatch("u-[0-9a-f]{20}").all()
    assert len(load_posts(tmp_path / "posts.parquet")) == len(posts)
    written = " ".join(posts["text"].dropna())
    written += "".join(file.read_text() for file in (log, tmp_path / "posts.report.json") if file.exists())
    assert [word for word in NAMING if word in written] == []


@every_file
def test_a_format_knows_all_its_own_records_and_none_of_the_others(path):
    container, shapes = shapes_in(path)
    own = formats.known().get(format_of(path))
    if own is None or "headerless" in path.name:
        return
    for shape in shapes:
        assert formats.recognised(shape, container) is own
        if container == "csv":
            assert formats.recognised([*shape[::-1], "one more"], container) in (own, None)
            continue
        assert {key for row in own.rows(shape) if not isinstance(row, Refused) for key in row} <= set(FIELDS)


def test_what_is_in_no_format_is_left_alone():
    assert [record for record in OTHERS if formats.recognised(record, "json")] == []
    assert [header for header in HEADERS if formats.recognised(header, "csv")] == []


def test_every_format_has_a_file_here_and_stands_in_the_readme():
    assert set(ACCOUNTS) == {path.name for path in FIXTURES.iterdir()}
    assert {format_of(path) for path in FIXTURES.iterdir()} == set(formats.names())
    assert all(source.title and source.platform for source in formats.known().values())


@pytest.mark.parametrize("name", ["bluesky-feed.json", "twitter-r.csv", "ids.txt"])
@pytest.mark.parametrize("how", ["gz", "zst", "zip"])
def test_packed_files_give_the_same_posts(name, how, tmp_path, take):
    path, packed = FIXTURES / name, tmp_path / "packed"
    if how != "zip":
        packed.write_bytes({"gz": gzip.compress, "zst": zstandard.compress}[how](path.read_bytes()))
    else:
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("inside/" + path.name, path.read_bytes())
            archive.writestr("__MACOSX/._x", b"")
    pd.testing.assert_frame_equal(take(path.read_bytes())[1], take(packed.read_bytes())[1])


def test_a_folder_of_all_formats_adds_up(tmp_path, key):
    report = ingest(FIXTURES, tmp_path / "posts.parquet", key_file=key)
    assert adds_up(report, pd.read_parquet(tmp_path / "posts.parquet"))
    assert len(report["files"]) == len(ACCOUNTS)
    assert report["read"] == sum(file["read"] for file in report["files"])


@pytest.mark.parametrize("name", ["twarc-json2csv.csv", "metooma.csv", "posts.csv", "twitter-r.csv"])
def test_a_header_that_comes_again_is_refused(name, take):
    data = (FIXTURES / name).read_bytes()
    header = data.split(b"\n")[0]
    once, twice = (take(content)[0] for content in (data, data.rstrip(b"\n") + b"\n\xef\xbb\xbf" + header + b"\n"))
    assert (twice["kept"], twice["refused"]) == (once["kept"], once["refused"] + 1)
    assert twice["refused_by_reason"]["a header that comes again"] >= 1


def mutate(data, rng):
    """Damage bytes in one of the ways in which files are damaged, or are made to do harm."""
    place, length = rng.randrange(len(data)), rng.randrange(1, 60)
    lines = data.split(b"\n")
    line = rng.randrange(len(lines))
    odd = rng.choice(ODD)
    where = {
        0: lambda: data[:place] + odd + data[place:],
        1: lambda: data[:place] + data[place + length :],
        2: lambda: data[:place] + bytes(rng.randrange(256) for _ in range(length)) + data[place + length :],
        3: lambda: b"\n".join([*lines[:line], *lines[line + 1 :]]),
        4: lambda: b"\n".join([*lines[:line], lines[line], *lines[line:]]),
        5: lambda: b"\n".join([*lines[:line], lines[line][: len(lines[line]) // 2], *lines[line + 1 :]]),
        6: lambda: data[:place],
        7: lambda: data.replace(b": ", rng.choice([b":", b": [", b': "', b": -"]), 1),
        8: lambda: data[:place] + data[place : place + length][::-1] + data[place + length :],
    }
    return where[rng.randrange(len(where))]() or b"x"


@every_file
def test_damage_to_a_file_is_told_in_a_line_or_accounted_for(path, take):
    """Whole files, in one to three places each: headers, ends and what lies between records are hit too."""
    rng, whole = random.Random(path.name), 0
    for _ in range(FILES):
        content = path.read_bytes()
        for _ in range(rng.randrange(1, 4)):
            content = mutate(content, rng)
        try:
            whole += adds_up(*take(content, source=rng.choice([None, format_of(path)])))
        except InputError as error:
            assert "\n" not in str(error)
            whole += 1
    assert whole == FILES


@every_file
def test_each_of_20_000_damaged_records_is_accounted_for(path, take):
    """Every record of every file is damaged, so that there are 20,000 over all formats; none is lost or stops it."""
    rng = random.Random(f"records of {path.name}")
    head, records = records_of(path)
    damaged = head + b"\n".join([records[0], *(mutate(rng.choice(records), rng) for _ in range(RECORDS))]) + b"\n"
    report, posts = take(damaged, source=format_of(path))
    assert adds_up(report, posts)
    if path.suffix.startswith(".json"):  # an honest count: each line is a record, or several
        assert report["read"] >= sum(bool(line.strip(b" \t\r\x1e\xef\xbb\xbf")) for line in damaged.split(b"\n"))
