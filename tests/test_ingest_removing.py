"""A post is forgotten in whatever kind of file names it, or it is said which file names it still."""

import gzip
import json

import pandas as pd
import pyarrow as pa
import pytest

from analysis.collect.export import export_ids
from analysis.collect.forget import forget_posts as forget
from analysis.collect.forget import listed_ids as listed
from analysis.collect.keys import keyed_ids, load_key
from analysis.posts import load_posts, save_posts
from analysis.schema import InputError
from analysis.workshop.cli import main

GONE, KEPT = "919659437487030272", "919659438018920448"


@pytest.fixture
def folder(tmp_path):
    """A data set of two posts."""
    folder = tmp_path / "data"
    folder.mkdir()
    save_posts(pd.DataFrame({"post_id": [GONE, KEPT]}), folder / "posts.parquet")
    return folder


def left(path):
    return load_posts(path)["post_id"].tolist()


@pytest.mark.parametrize("name", ["ids.csv", "ids.txt", "ids.csv.gz", "ids.gz"])
@pytest.mark.parametrize(
    "content", [f"id\n{GONE}\n{KEPT}\n", f'"{GONE}"\r\n"{KEPT}"', f"\ufefftweet_id\n{KEPT}\n{GONE}"]
)
def test_lists_of_ids_forget_too(folder, name, content):
    data = content.encode()
    (folder / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    assert forget([GONE], [folder / name]) == [{"file": str(folder / name), "removed": 1}]
    assert left(folder / name) == [KEPT]


def test_in_a_list_of_pairs_an_answer_no_longer_names_what_it_answered(folder):
    pairs = folder / "pairs.csv"
    pairs.write_text(f"tweet_id,in_reply_to_tweet_id\n{KEPT},{GONE}\n{GONE},\n")
    assert forget([GONE], [pairs]) == [{"file": str(pairs), "removed": 1}]
    assert pairs.read_text() == f"tweet_id,in_reply_to_tweet_id\n{KEPT},\n"


def test_a_file_that_names_a_post_and_is_not_rewritten_is_told(folder, capsys):
    archive = json.dumps({"id_str": GONE}).encode() + b"\n"
    (folder / "archive.jsonl").write_bytes(archive)
    (folder / "archive.json.gz").write_bytes(gzip.compress(archive))
    (folder / "media.json").write_text(json.dumps({"file": f"media-{GONE}-1.png"}))
    (folder / "other.jsonl").write_text(json.dumps({"id_str": GONE + "1", "text": "x" + GONE}) + "\n")
    (folder / "table.csv").write_text(f"key,note\n1,see {GONE}\n")
    assert main(["forget", GONE, "--data", str(folder)]) == 0
    said = capsys.readouterr().out
    for name in ("archive.jsonl", "archive.json.gz", "media.json", "table.csv"):
        assert f"{name}: names them still" in said
    assert "other.jsonl" not in said
    assert "posts.parquet: 1 removed" in said


def test_a_name_that_lies_on_the_border_of_two_blocks_is_found(folder, monkeypatch):
    monkeypatch.setattr("analysis.collect.forget._BLOCK", 64)
    for before in range(40, 70):
        (folder / "archive.jsonl").write_text(" " * before + f'"{GONE}"')
        assert {"file": str(folder / "archive.jsonl"), "removed": None} in forget([GONE], [folder])


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


def test_files_without_posts_are_in_nobodys_way(folder):
    (folder / "empty.csv").write_bytes(b"")
    (folder / "latin.csv").write_bytes(b"caf\xe9,b\n1,2\n")
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n")
    assert [one["removed"] for one in forget([GONE], [folder])] == [1]


def test_records_that_hold_other_line_ends_are_read_whole(folder):
    entries = [
        {"line": 1, "record": f"{GONE} a\u2028b\u0085c"},
        {"line": 2, "record": f"{KEPT} d\u2029e", "file": "\udcff"},
    ]
    path = folder / "posts.refused.jsonl"
    lines = [json.dumps(one, ensure_ascii=False) + "\n" for one in entries]
    path.write_text("".join(lines), "utf-8", errors="backslashreplace")
    assert {"file": str(path), "removed": 1} in forget([GONE], [folder])
    assert [json.loads(line) for line in path.read_text("utf-8").split("\n")[:-1]] == [{"line": 1}, entries[1]]


def test_pseudonyms_without_their_key_are_told_and_no_key_is_made(folder, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    key = load_key(tmp_path / "key")
    ids = keyed_ids(pa.array([GONE]), pa.array(["twitter"]), key)
    save_posts(pd.DataFrame({"post_id": ids.to_pylist(), "platform": "twitter"}), folder / "keyed.parquet")
    for given in (None, tmp_path / "mistyped"):
        with pytest.raises(InputError, match="there is no key here"):
            forget([GONE], [folder], key_file=given)
    assert not (tmp_path / "config").exists() and not (tmp_path / "mistyped").exists()
    assert left(folder / "posts.parquet") == [GONE, KEPT]
    assert len(forget([ids[0].as_py()], [folder])) == 1  # whoever gives the pseudonym itself needs no key


def test_ids_as_whole_numbers_are_found(folder):
    pd.DataFrame({"post_id": [int(GONE), int(KEPT)], "label": [1, 0]}).to_parquet(folder / "labels.parquet")
    assert {"file": str(folder / "labels.parquet"), "removed": 1} in forget([GONE], [folder])
    assert pd.read_parquet(folder / "labels.parquet")["post_id"].tolist() == [int(KEPT)]


def test_a_name_with_brackets_is_no_pattern(tmp_path):
    for name in ("p[1].csv", "p1.csv"):
        save_posts(pd.DataFrame({"post_id": [GONE, KEPT]}), tmp_path / name)
    save_posts(pd.DataFrame({"post_id": [GONE, KEPT]}), tmp_path / "p[1].csv.gz")
    forget([GONE], [tmp_path / "p[1].csv.gz"])
    assert [left(tmp_path / name) for name in ("p[1].csv", "p[1].csv.gz")] == [[KEPT], [KEPT]]
    assert left(tmp_path / "p1.csv") == [GONE, KEPT]


@pytest.mark.parametrize("given", ["9.19659437487030272E17", "919659437487030272.0", "gone.txt", "gone.csv.gz"])
def test_what_is_no_id_is_told_and_not_just_not_found(folder, given):
    with pytest.raises(InputError, match=r"was rounded|no such file"):
        forget(listed(given), [folder])


def test_a_list_of_what_to_forget_is_read_in_its_dresses(tmp_path):
    path = tmp_path / "gone"
    for content in (f"status_id;x\n{GONE};1\n", f'\ufeff"{GONE}"\r\n', f"post_id\t\n{GONE}\t\n"):
        path.write_text(content)
        assert listed(str(path)) == [GONE]
    path.write_bytes(gzip.compress(GONE.encode()))
    assert listed(str(path)) == [GONE]
    path.write_bytes(GONE.encode("utf-16"))
    with pytest.raises(InputError, match="no text in UTF-8"):
        listed(str(path))


def test_an_export_never_takes_the_place_of_the_posts(folder, tmp_path):
    whole = folder / "whole.csv"
    save_posts(load_posts(folder / "posts.parquet"), whole)
    for out in (folder / "posts.parquet", tmp_path / "ids.json", folder):
        with pytest.raises(InputError, match="choose a name that ends so"):
            export_ids(folder / "posts.parquet", out)
    before = whole.read_bytes()
    with pytest.raises(InputError, match="this is the data set itself"):
        export_ids(whole, folder / ".." / "data" / "whole.csv")
    assert whole.read_bytes() == before


def test_ids_that_a_spreadsheet_would_run_are_made_harmless(tmp_path):
    (tmp_path / "posts.csv").write_text("post_id,platform\n=1+1,reddit\n@SUM(A1),reddit\nt1_ab,reddit\n")
    export_ids(tmp_path / "posts.csv", tmp_path / "ids.csv")
    assert sorted((tmp_path / "ids.csv").read_text().split()[1:]) == ["'=1+1", "'@SUM(A1)", "t1_ab"]


def test_a_table_with_a_column_of_its_own_forgets_reposts_and_answers_too(folder):
    path = folder / "scored.csv"
    rows = [f"{GONE},original,,,0.5", f"{KEPT},reply,{GONE},{GONE},0.1", f"8,repost,{GONE},,0.5", "9,original,,,0.2"]
    path.write_text("\n".join(["post_id,kind,parent_id,root_id,score", *rows, ""]))
    assert {"file": str(path), "removed": 2} in forget([GONE], [folder])
    assert path.read_text().splitlines()[1:] == [f"{KEPT},reply,,,0.1", "9,original,,,0.2"]


def test_a_parquet_of_other_columns_that_names_a_post_is_told(folder):
    numbers = pd.array([int(GONE), None], "Int64")
    pd.DataFrame({"tweet_id": numbers}).to_parquet(folder / "numbers.parquet")
    pd.DataFrame({"about": [[{"id": KEPT}], [{"id": GONE}]]}).to_parquet(folder / "nested.parquet")
    pd.DataFrame({"tweet_id": [GONE + "1", "x" + GONE]}).to_parquet(folder / "other.parquet")
    found = {one["file"].rsplit("/")[-1]: one["removed"] for one in forget([GONE], [folder])}
    assert found == {"nested.parquet": None, "numbers.parquet": None, "posts.parquet": 1}


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
    assert forget([GONE], [tmp_path / "data"]) == [{"file": str(link), "removed": 1}]
    assert link.is_symlink()
    assert path.stat().st_mode & 0o777 == 0o640
    assert GONE.encode() not in path.read_bytes() and [one.name for one in path.parent.iterdir()] == [name]


def test_ids_that_were_made_pseudonyms_are_found_on_any_platform(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    (tmp_path / "data").mkdir()
    own, out = tmp_path / "own.csv", tmp_path / "data" / "posts.parquet"
    own.write_text("post_id,platform\nab1,weibo\nab2,weibo\n")
    assert main(["ingest", str(own), "--out", str(out), "--key-ids"]) == 0
    assert [one["removed"] for one in forget(["ab1"], [out])] == [1]
    assert len(left(out)) == 1


def test_rows_of_other_posts_that_share_an_id_stay(folder):
    path = folder / "twice.csv"
    path.write_text(f"post_id,text\n{KEPT},a\n{GONE},b\n{KEPT},c\n")
    assert {"file": str(path), "removed": 1} in forget([GONE], [folder])
    assert path.read_text() == f"post_id,text\n{KEPT},a\n{KEPT},c\n"


def test_a_table_that_names_nobody_to_be_forgotten_is_not_written_anew(folder):
    path = folder / "scores.parquet"
    pd.DataFrame({"post_id": [KEPT, "8"], "score": [0.5, float("nan")]}).to_parquet(path, compression="gzip")
    before = path.read_bytes()
    forget([GONE], [folder])
    assert path.read_bytes() == before
