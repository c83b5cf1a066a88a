"""A post is forgotten in whatever kind of file names it, or it is said which file names it still."""

import gzip
import json
import os

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analysis.collect.forget import forget_posts, listed_ids
from analysis.collect.ingesting import ingest
from analysis.collect.keys import keyed_ids, load_key
from analysis.posts import load_posts, save_posts
from analysis.schema import InputError
from analysis.workshop.cli import main

GONE, KEPT = "919659437487030272", "919659438018920448"


@pytest.fixture
def folder(tmp_path, key):
    """A data set of two posts."""
    folder = tmp_path / "data"
    folder.mkdir()
    save_posts(pd.DataFrame({"post_id": [GONE, KEPT]}), folder / "posts.parquet")
    return folder


def left(path):
    return load_posts(path)["post_id"].tolist()


def removed(ids, paths, **options):
    return {entry["file"].rsplit("/", 1)[-1]: entry["removed"] for entry in forget_posts(ids, paths, **options)}


def test_a_post_its_reposts_labels_and_refused_records_go_and_answers_no_longer_name_it(folder, tmp_path, key, tweet):
    reply = tweet(1, in_reply_to_status_id_str=GONE)
    broken = f'{{"id_str": "{GONE}", "text": "broken'
    given = tmp_path / "given.jsonl"
    given.write_text(tweet.lines(tweet(0), reply, tweet(2, retweeted_status=tweet(0)), tweet(3), broken, '{"x'))
    ingest(given, folder / "posts.parquet", key_file=key, keep_refused=True)
    pd.DataFrame({"post_id": [GONE, tweet.id(3)], "label": ["1", "0"]}).to_parquet(folder / "posts.labels.parquet")
    save_posts(load_posts(folder / "posts.parquet"), folder / "copy.csv.gz")
    assert removed([GONE[:-1]], [folder]) == {}  # an id that begins like another is not mistaken for it
    counts = {"posts.parquet": 2, "copy.csv.gz": 2, "posts.labels.parquet": 1, "posts.refused.jsonl": 1}
    assert removed([GONE], [folder]) == counts
    for name in ("posts.parquet", "copy.csv.gz"):
        assert left(folder / name) == [tweet.id(1), tweet.id(3)]
        assert load_posts(folder / name)["parent_id"].isna().all()
    refused = (folder / "posts.refused.jsonl").read_text()
    assert GONE not in refused and len(refused.splitlines()) == 2
    assert pd.read_parquet(folder / "posts.labels.parquet")["post_id"].tolist() == [tweet.id(3)]
    assert removed([GONE], [folder]) == {}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"tweet_id,in_reply_to_tweet_id\n{KEPT},{GONE}\n{GONE},\n", f"tweet_id,in_reply_to_tweet_id\n{KEPT},\n"),
        (f"post_id,text\n{KEPT},a\n{GONE},b\n{KEPT},c\n", f"post_id,text\n{KEPT},a\n{KEPT},c\n"),
        (
            f"post_id,kind,parent_id,root_id,score\n{KEPT},reply,{GONE},{GONE},1\n8,repost,{GONE},,2\n9,original,,,3\n",
            f"post_id,kind,parent_id,root_id,score\n{KEPT},reply,,,1\n9,original,,,3\n",
        ),
    ],
)
def test_of_other_tables_the_rows_and_the_pointers_go_and_all_else_stays(folder, before, after):
    (folder / "table.csv").write_text(before)
    assert removed([GONE], [folder])["table.csv"] == 1
    assert (folder / "table.csv").read_text() == after


def test_a_file_that_names_a_post_and_is_not_rewritten_is_told(folder, capsys):
    archive = json.dumps({"id_str": GONE}).encode() + b"\n"
    (folder / "archive.jsonl").write_bytes(archive)
    (folder / "archive.json.gz").write_bytes(gzip.compress(archive))
    (folder / "media.json").write_text(json.dumps({"file": f"media-{GONE}-1.png"}))
    (folder / "table.csv").write_text(f"key,note\n1,see {GONE}\n")
    pd.DataFrame({"tweet_id": pd.array([int(GONE), None], "Int64")}).to_parquet(folder / "numbers.parquet")
    pd.DataFrame({"about": [[{"id": KEPT}], [{"id": GONE}]]}).to_parquet(folder / "nested.parquet")
    (folder / "other.jsonl").write_text(json.dumps({"id_str": GONE + "1", "text": "x" + GONE}) + "\n")
    (folder / "empty.csv").write_bytes(b"")
    (folder / "latin.csv").write_bytes(b"caf\xe9,b\n1,2\n")
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n")
    assert main(["forget", GONE, "--data", str(folder)]) == 0
    said = capsys.readouterr().out
    for name in ("archive.jsonl", "archive.json.gz", "media.json", "table.csv", "numbers.parquet", "nested.parquet"):
        assert f"{name}: names them still" in said
    assert "posts.parquet: 1 removed" in said
    assert not [name for name in ("other.jsonl", "empty.csv", "latin.csv", "picture.png") if name in said]


def test_a_name_that_lies_on_the_border_of_two_blocks_is_found(folder, monkeypatch):
    monkeypatch.setattr("analysis.collect.forget._BLOCK", 64)
    for before in range(44, 66):
        (folder / "archive.jsonl").write_text(" " * before + f'"{GONE}"')
        assert removed([GONE], [folder / "archive.jsonl"]) == {"archive.jsonl": None}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", b"post_id\ncaf\xe9\n"),
        ("a.csv", b"post_id,text\n1,a,b,c\n"),
        ("a.parquet", b"PAR1"),
        ("a.refused.jsonl", b"junk\n"),
        ("a.csv.gz", gzip.compress(b"post_id\n1\n" * 99, mtime=0)[:-9]),
    ],
)
def test_a_file_that_cannot_be_read_is_named_when_all_others_are_done(folder, name, content, capsys):
    (folder / name).write_bytes(content)
    assert main(["forget", GONE, "--data", str(folder)]) == 2
    said = capsys.readouterr().err
    assert said.startswith("error: ") and f"data/{name}" in said and "in the other files all is done (1 rec" in said
    assert left(folder / "posts.parquet") == [KEPT]
    assert (folder / name).read_bytes() == content


def test_records_that_hold_other_line_ends_are_read_whole(folder):
    entries = [
        {"line": 1, "record": f"{GONE} a\u2028b\u0085c"},
        {"line": 2, "record": f"{KEPT} d\u2029e", "file": "\udcff"},
    ]
    path = folder / "posts.refused.jsonl"
    lines = [json.dumps(entry, ensure_ascii=False) + "\n" for entry in entries]
    path.write_text("".join(lines), "utf-8", errors="backslashreplace")
    assert removed([GONE], [folder])["posts.refused.jsonl"] == 1
    assert [json.loads(line) for line in path.read_text("utf-8").split("\n")[:-1]] == [{"line": 1}, entries[1]]


def test_pseudonyms_are_found_under_their_key_on_any_platform_and_no_key_is_made(folder, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    key = load_key(tmp_path / "key")
    ids = keyed_ids(pa.array([GONE, "ab1"]), pa.array(["twitter", "weibo"]), key).to_pylist()
    save_posts(pd.DataFrame({"post_id": ids, "platform": ["twitter", "weibo"]}), folder / "keyed.csv")
    for given in (None, tmp_path / "mistyped"):
        with pytest.raises(InputError, match="there is no key here"):
            forget_posts([GONE], [folder], key_file=given)
    assert not (tmp_path / "config").exists() and not (tmp_path / "mistyped").exists()
    assert left(folder / "posts.parquet") == [GONE, KEPT]
    assert removed(ids[:1], [folder]) == {"keyed.csv": 1}  # whoever gives the pseudonym itself needs no key
    assert removed(["ab1"], [folder / "keyed.csv"], key_file=tmp_path / "key") == {"keyed.csv": 1}


def test_ids_as_whole_numbers_are_found_and_a_table_without_them_is_not_written_anew(folder):
    pd.DataFrame({"post_id": [int(GONE), int(KEPT)], "label": [1, 0]}).to_parquet(folder / "labels.parquet")
    pd.DataFrame({"post_id": [KEPT, "8"], "score": [0.5, float("nan")]}).to_parquet(
        folder / "b.parquet", compression="gzip"
    )
    before = (folder / "b.parquet").read_bytes()
    assert removed([GONE], [folder]) == {"posts.parquet": 1, "labels.parquet": 1}
    assert pd.read_parquet(folder / "labels.parquet")["post_id"].tolist() == [int(KEPT)]
    assert (folder / "b.parquet").read_bytes() == before


def test_a_name_with_brackets_is_no_pattern(tmp_path):
    for name in ("p[1].csv", "p1.csv", "p[1].csv.gz"):
        save_posts(pd.DataFrame({"post_id": [GONE, KEPT]}), tmp_path / name)
    forget_posts([GONE], [tmp_path / "p[1].csv.gz"])
    assert [left(tmp_path / name) for name in ("p[1].csv", "p[1].csv.gz")] == [[KEPT], [KEPT]]
    assert left(tmp_path / "p1.csv") == [GONE, KEPT]


@pytest.mark.parametrize("given", ["9.19659437487030272E17", "919659437487030272.0", "gone.txt", "gone.csv.gz"])
def test_what_is_no_id_is_told_and_not_just_not_found(folder, given):
    with pytest.raises(InputError, match=r"was rounded|no such file"):
        forget_posts(listed_ids(given), [folder])


@pytest.mark.parametrize(
    "content",
    [
        f"status_id;x\n{GONE};1\n",
        f'\ufeff"{GONE}"\r\n',
        f"post_id\t\n{GONE}\t\n",
        gzip.compress(GONE.encode(), mtime=0),
    ],
)
def test_a_list_of_what_to_forget_is_read_however_it_is_written(tmp_path, content):
    (tmp_path / "gone").write_bytes(content if isinstance(content, bytes) else content.encode())
    assert listed_ids(str(tmp_path / "gone")) == [GONE]
    (tmp_path / "gone").write_bytes(GONE.encode("utf-16"))
    with pytest.raises(InputError, match="no text in UTF-8"):
        listed_ids(str(tmp_path / "gone"))


@pytest.mark.parametrize("name", ["posts.parquet", "posts.csv", "scored.csv", "ids.txt"])
def test_of_a_link_the_file_itself_forgets_and_its_rights_stay(tmp_path, name):
    (tmp_path / "kept").mkdir()
    (tmp_path / "data").mkdir()
    path, link = tmp_path / "kept" / name, tmp_path / "data" / name
    if name.startswith("posts"):
        save_posts(pd.DataFrame({"post_id": [GONE, KEPT]}), path)
    else:
        path.write_text(f"{GONE}\n{KEPT}\n" if name == "ids.txt" else f"post_id,score\n{GONE},1\n{KEPT},1\n")
    path.chmod(0o640)
    link.symlink_to(path)
    assert forget_posts([GONE], [tmp_path / "data"]) == [{"file": str(link), "removed": 1}]
    assert link.is_symlink()
    assert path.stat().st_mode & 0o777 == 0o640
    assert GONE.encode() not in path.read_bytes() and [file.name for file in path.parent.iterdir()] == [name]


def test_a_folder_that_is_closed_is_told_and_nothing_in_it_is_passed_over_in_silence(folder, tmp_path, monkeypatch):
    (folder / "closed").mkdir()
    scandir = os.scandir

    def guarded(path="."):
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", guarded)
    for read in (lambda: ingest(folder, tmp_path / "out.parquet"), lambda: forget_posts(["7"], [folder])):
        with pytest.raises(InputError, match="closed: this folder cannot be read"):
            read()
    (folder / "closed").rename(folder / ".closed")  # a system's own, and left alone as all hidden ones
    assert ingest(folder, tmp_path / "out.parquet")["kept"] == 2


def test_a_link_to_a_folder_is_not_followed_and_told(folder, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "more.txt").write_text("919659439999999999\n")
    (folder / "link").symlink_to(elsewhere)
    (folder / "loop").symlink_to(folder)
    report = ingest(folder, tmp_path / "out.parquet")
    note = f"{folder / 'link'} was passed over: it is a link to a folder; give that folder too to read it"
    assert (report["kept"], report["notes"]) == (2, [note])
    report = ingest([folder, elsewhere], tmp_path / "out.parquet")
    assert (report["kept"], report["notes"]) == (3, [])
    with pytest.raises(InputError, match=r"link: this is a link to a folder.*in the other files all is done"):
        forget_posts([GONE], [folder])
    assert removed([KEPT], [folder, elsewhere]) == {"posts.parquet": 1}


BAD = b"what somebody wrote \xff\xfe"


def unchecked(kind=None):
    """Three texts of which the second is no UTF-8, as pyarrow takes them from whoever does not check."""
    large = kind is not None and pa.types.is_large_string(kind)
    stored = pa.array([b"fine", BAD, b"fine"], pa.large_binary() if large else pa.binary())
    return pa.Array.from_buffers(kind or pa.string(), 3, stored.buffers())


ODD_COLUMNS = {
    "text": unchecked(),
    "large text": unchecked(pa.large_string()),
    "categories": pa.DictionaryArray.from_arrays(pa.array([0, 1, 2]), unchecked()),
    "bytes": pa.array([b"fine", BAD, b"fine"]),
    "records": pa.StructArray.from_arrays([unchecked()], ["a"]),
    "lists": pa.ListArray.from_arrays(pa.array([0, 1, 2, 3], pa.int32()), unchecked()),
}


def parquet_with(path, name, column):
    columns = {"post_id": pa.array([GONE, KEPT, "919659440000000000"]), "text": pa.array(["what somebody wrote"] * 3)}
    pq.write_table(pa.table(columns | {name: column}), path)
    return str(path)


@pytest.mark.parametrize("kind", ODD_COLUMNS)
@pytest.mark.parametrize("name", ["post_id", "created_at", "text"])
def test_bytes_that_are_no_text_in_parquet_are_told_in_one_line_without_them(tmp_path, key, capsys, name, kind):
    path = parquet_with(tmp_path / "odd.parquet", name, ODD_COLUMNS[kind])
    for command in (
        ["ingest", path, "--out", str(tmp_path / "out.parquet")],
        ["export", path, "--ids-only", "--out", str(tmp_path / "ids.csv")],
    ):
        assert main(command) == 2
        said = "".join(capsys.readouterr())
        assert said.count("\n") == 1 and "somebody" not in said
        assert said.startswith(f"error: {path}") and "UTF-8" in said
        assert ", row 2: " in said or kind not in ("text", "large text")
        assert name in said or kind == "categories"
    assert not (tmp_path / "out.parquet").exists()


@pytest.mark.parametrize("kind", ODD_COLUMNS)
def test_forget_finds_its_way_around_bytes_that_are_no_text(tmp_path, capsys, kind):
    path = parquet_with(tmp_path / "ids.parquet", "post_id", ODD_COLUMNS[kind])
    assert main(["forget", GONE, "--data", path]) == (0 if "text" in kind else 2)
    said = "".join(capsys.readouterr())
    assert "somebody" not in said and "Traceback" not in said
    if kind != "categories":
        path = parquet_with(tmp_path / "texts.parquet", "text", ODD_COLUMNS[kind])
        assert removed([GONE], [path]) == {"texts.parquet": 1}
        assert pq.ParquetFile(path).metadata.num_rows == 2


def test_a_csv_with_bytes_that_are_no_text_is_told_without_them(tmp_path, capsys):
    path = tmp_path / "odd.csv"
    path.write_bytes(f"post_id,text\n{GONE},".encode() + BAD + b"\n")
    export = ["export", str(path), "--ids-only", "--out", str(tmp_path / "ids.csv")]
    for command in (export, ["forget", GONE, "--data", str(path)]):
        assert main(command) == 2
        said = "".join(capsys.readouterr())
        assert f"{path}, line 2: this is not UTF-8" in said and said.count("\n") == 1 and "somebody" not in said
