"""All formats alike: each is recognised by its content, every record is accounted for, and no damage gets through."""

import gzip
import json
import random
import zipfile
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

from analysis.collect import formats
from analysis.collect.ingesting import ingest
from analysis.posts import load_posts
from analysis.schema import InputError

FIXTURES = sorted((Path(__file__).parent / "fixtures" / "sources").iterdir())
#: Files that are read without a module of their own.
PLAIN = {"ids": "ids"}
FILES = 1_000
RECORDS = 20_000
WORDS = ("@invented", "mail.example", "link.example", "555 010", "Invented Name", "Invented Place", "about oneself")

ODD = [
    *(b"\0", b"\xff\xfe", b'"', b"{", b"}", b"[", b"]", b",", b"\r", b"\n", b"\\", b"\\ud83d", b"9.19E+17", b"null"),
    *(
        b"1e999",
        b"-1",
        b"\xc3",
        b"[" * 3000,
        b'{"a":' * 3000,
        b"=1+1",
        b"<script>",
        b"\xef\xbb\xbf",
        b"9" * 5000,
        b";;;",
    ),
    *(b"NaN", b"true"),
]


def expected(path):
    """The format that a fixture is named after: the longest name of a format that its own begins with."""
    names = [name for name in (*formats.known(), *PLAIN) if path.name.startswith(name)]
    return max(names, key=len)


@pytest.fixture(scope="module")
def key(tmp_path_factory):
    path = tmp_path_factory.mktemp("settings") / "key"
    path.write_text("ab" * 32)
    return path


def taken_in(path, folder, key, **options):
    report = ingest(path, folder / "posts.parquet", key_file=key, **options)
    return report, pd.read_parquet(folder / "posts.parquet")


def adds_up(report):
    return report["read"] == report["kept"] + report["duplicates"] + report["refused"] + report["left_out"]


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.name)
def test_a_fixture_is_recognised_accounted_for_and_protected(path, tmp_path, key):
    copy = tmp_path / "named.wrongly"
    copy.write_bytes(path.read_bytes())
    report, posts = taken_in(copy, tmp_path, key)
    assert report["files"][0]["format"] == expected(path)
    assert adds_up(report)
    assert report["kept"] == len(posts) > 0
    refused = tmp_path / "posts.refused.jsonl"
    logged = [json.loads(line) for line in refused.read_text().splitlines()] if refused.exists() else []
    assert len(logged) == report["refused"] == sum(report["refused_by_reason"].values())
    assert all(set(entry) == {"file", "line", "reason", "record_hash"} for entry in logged)
    assert posts["author"].dropna().str.fullmatch("u-[0-9a-f]{20}").all()
    texts = " ".join(posts["text"].dropna())
    assert [word for word in WORDS if word in texts] == []
    again = load_posts(tmp_path / "posts.parquet")
    assert len(again) == len(posts)
    for beside in ("posts.report.json", "posts.refused.jsonl"):
        if (tmp_path / beside).exists():
            assert not [word for word in WORDS if word in (tmp_path / beside).read_text()]


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.name)
@pytest.mark.parametrize("how", ["gz", "zst", "zip"])
def test_packed_files_give_the_same_posts(path, how, tmp_path, key):
    _, plain = taken_in(path, tmp_path, key)
    packed = tmp_path / "packed"
    if how == "gz":
        packed.write_bytes(gzip.compress(path.read_bytes()))
    elif how == "zst":
        with pa.CompressedOutputStream(str(packed), "zstd") as stream:
            stream.write(path.read_bytes())
    else:
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("inside/" + path.name, path.read_bytes())
            archive.writestr("__MACOSX/._x", b"")
    _, unpacked = taken_in(packed, tmp_path, key)
    pd.testing.assert_frame_equal(plain, unpacked)


@pytest.mark.parametrize("path", [path for path in FIXTURES if path.suffix == ".csv"], ids=lambda path: path.name)
def test_a_header_that_comes_again_is_refused(path, tmp_path, key):
    if not formats.known().get(expected(path)) or "headerless" in path.name:
        return
    header = path.read_bytes().split(b"\n")[0]
    (tmp_path / "twice.csv").write_bytes(path.read_bytes() + b"\n" + header + b"\n")
    once, _ = taken_in(path, tmp_path, key)
    twice, _ = taken_in(tmp_path / "twice.csv", tmp_path, key)
    assert (twice["kept"], twice["refused"]) == (once["kept"], once["refused"] + 1)


def test_every_format_has_a_fixture_and_a_title():
    assert {expected(path) for path in FIXTURES} >= set(formats.known())
    assert all(source.title and source.platform for source in formats.known().values())


def test_a_folder_of_all_formats_adds_up(tmp_path, key):
    folder = tmp_path / "many"
    for path in FIXTURES:
        (folder / path.stem).mkdir(parents=True, exist_ok=True)
        (folder / path.stem / path.name).write_bytes(path.read_bytes())
    report, posts = taken_in(folder, tmp_path, key)
    assert adds_up(report)
    assert len(report["files"]) == len(FIXTURES)
    assert report["read"] == sum(file["read"] for file in report["files"])
    assert not posts["post_id"].dropna().duplicated().any()


def mutate(data, rng):
    """Damage a file in one of the ways in which files are damaged, or are made to do harm."""
    at, length = rng.randrange(len(data)), rng.randrange(1, 60)
    lines = data.split(b"\n")
    line = rng.randrange(len(lines))
    odd = rng.choice(ODD)
    where = {
        0: lambda: data[:at] + odd + data[at:],
        1: lambda: data[:at] + data[at + length :],
        2: lambda: data[:at] + bytes(rng.randrange(256) for _ in range(length)) + data[at + length :],
        3: lambda: b"\n".join([*lines[:line], *lines[line + 1 :]]),
        4: lambda: b"\n".join([*lines[:line], lines[line], *lines[line:]]),
        5: lambda: b"\n".join([*lines[:line], lines[line][: len(lines[line]) // 2], *lines[line + 1 :]]),
        6: lambda: data[:at],
        7: lambda: data.replace(b": ", rng.choice([b":", b": [", b': "', b": -"]), 1),
        8: lambda: data[:at] + data[at : at + length][::-1] + data[at + length :],
    }
    return where[rng.randrange(len(where))]()


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.name)
def test_damage_of_any_kind_is_refused_or_accounted_for(path, tmp_path, key):
    """Whole files, in one to three places each: headers, ends and what lies between records are hit too."""
    rng = random.Random(path.name)
    data, whole = path.read_bytes(), 0
    damaged = tmp_path / "damaged"
    for _ in range(FILES // len(FIXTURES)):
        content = data
        for _ in range(rng.randrange(1, 4)):
            content = mutate(content, rng) or b"x"
        damaged.write_bytes(content)
        source = expected(path) if expected(path) not in PLAIN else None
        try:
            report, posts = taken_in(damaged, tmp_path, key, source=rng.choice([None, source]))
        except InputError as error:
            assert "\n" not in str(error)
            continue
        whole += 1
        assert adds_up(report)
        assert report["kept"] == len(posts)
        assert not posts["post_id"].dropna().duplicated().any()
    assert whole


def records_of(path):
    """The head of a fixture, which stays whole so that the format is known, and its records, a line each."""
    data = path.read_bytes()
    if path.suffix == ".json":
        whole = json.loads(data)
        return b"", [json.dumps(one).encode() for one in (whole if isinstance(whole, list) else [whole])]
    lines = [line for line in data.split(b"\n") if line.strip()]
    return (b"", lines) if path.suffix == ".jsonl" else (lines[0] + b"\n", lines[1:])


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.name)
def test_each_of_20_000_mutated_records_is_accounted_for(path, tmp_path, key):
    """Every record of every file is damaged, so that there are 20,000 over all formats; none is lost or stops it."""
    rng = random.Random(f"records of {path.name}")
    head, records = records_of(path)
    damaged, due = tmp_path / "damaged", -(-RECORDS // len(FIXTURES))
    source = expected(path) if expected(path) not in PLAIN else None
    while due > 0:
        mutated = [mutate(rng.choice(records), rng) or b"x" for _ in range(200)]
        due -= len(mutated)
        damaged.write_bytes(head + b"\n".join([records[0], *mutated]) + b"\n")
        report, posts = taken_in(damaged, tmp_path, key, source=source)
        assert adds_up(report)
        assert report["kept"] == len(posts)
        assert not posts["post_id"].dropna().duplicated().any()
        if path.suffix.startswith(".json"):  # an honest count: each line is a record, or several
            lines = damaged.read_bytes().split(b"\n")
            assert report["read"] >= sum(bool(line.strip(b" \t\r\x1e\xef\xbb\xbf")) for line in lines)


def test_the_readme_lists_every_format():
    text = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
    assert [name for name, source in formats.known().items() if f"| `{name}` | {source.title} |" not in text] == []
