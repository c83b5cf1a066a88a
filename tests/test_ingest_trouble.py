"""Where reading or writing goes wrong: told in one line that names the right file, and nothing is lost or left."""

import gzip
import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analysis.collect.forget import forget_posts as forget
from analysis.collect.ingesting import ingest
from analysis.collect.keys import load_key
from analysis.posts import load_posts
from analysis.schema import InputError
from analysis.workshop.cli import main
from analysis.workshop.labelling import read_scores

FIRST = 919659437487030272


def tweet(number=0, **more):
    about = {"id_str": str(FIRST + number * 2**22), "created_at": "Sun Oct 15 20:21:11 +0000 2017"}
    return json.dumps({**about, "user": {"id_str": f"{number}"}, "full_text": "#MeToo", **more}) + "\n"


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder to work in, with a file of two posts; the key is elsewhere."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    load_key()
    place = tmp_path / "place"
    place.mkdir()
    (place / "given.jsonl").write_text(tweet(0) + tweet(1))
    return place


def test_a_pipe_is_not_waited_for(place):
    os.mkfifo(place / "pipe")
    with pytest.raises(InputError, match="this is a pipe or a device"):
        ingest(place / "pipe", place / "posts.parquet")


@pytest.mark.parametrize("refused", [False, True])
def test_a_full_disk_is_told_of_the_output_and_leaves_nothing_behind(place, refused):
    """A limit on the size of files stands for the disk."""
    ingest(place / "given.jsonl", place / "posts.parquet")
    before = {path.name: path.read_bytes() for path in place.iterdir()}
    many = "".join(tweet(n, full_text=f"{n * 7919 % 10007:x} {n * 104729:x}") for n in range(3_000))
    (place / "many.jsonl").write_text(tweet() + "{broken\n" * 3_000 if refused else many)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2**14, limits[1]))
    try:
        with pytest.raises(InputError, match=r"posts\.(parquet|refused\.jsonl): cannot be written \(.*choose another"):
            ingest(place / "many.jsonl", place / "posts.parquet")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert {path.name: path.read_bytes() for path in place.iterdir() if path.name != "many.jsonl"} == before


def test_an_output_that_is_an_input_too_loses_nothing(place):
    out = place / "posts.parquet"
    ingest(place / "given.jsonl", out)
    before = out.read_bytes()
    (place / "more.jsonl").write_text(tweet(2))
    with pytest.raises(InputError, match="this is an input and the output too"):
        ingest([out, place / "more.jsonl"], out)
    assert out.read_bytes() == before
    report = ingest(place, out)
    assert (report["kept"], report["notes"]) == (3, ["posts.parquet was passed over: it is what is written anew"])


def test_a_table_that_was_ingested_is_joined_with_more_posts_of_the_same_people(place):
    ingest(place / "given.jsonl", place / "posts.parquet")
    (place / "more.jsonl").write_text(tweet(3, user={"id_str": "0"}))
    ingest([place / "posts.parquet", place / "more.jsonl"], place / "all.parquet")
    authors = load_posts(place / "all.parquet")["author"]
    assert authors[0] == authors[2] != authors[1]
    assert set(authors) == set(load_posts(place / "posts.parquet")["author"])


def test_a_format_that_does_not_fit_is_told_before_anything_is_read(place):
    ingest(place / "given.jsonl", place / "posts.parquet")
    for given, source, said in [
        ("nowhere", "nonsense", "there is no such format"),
        ("posts.parquet", "reddit", "this is Parquet, which reddit is not"),
        ("given.jsonl", "ids", "this is JSON, which ids is not"),
    ]:
        with pytest.raises(InputError, match=said):
            ingest(place / given, place / "out.parquet", source=source)
    (place / "packed.gz").write_bytes(gzip.compress((place / "posts.parquet").read_bytes()))
    with pytest.raises(InputError, match="this is Parquet in a packed file; unpack it first"):
        ingest(place / "packed.gz", place / "out.parquet")
    for header, said in [("text", "there is no column post_id"), ("post_id,text,text", "the column text comes twice")]:
        (place / "text.csv").write_text(f"{header}\nan invented post\n")
        with pytest.raises(InputError, match=rf"text\.csv, line 1: {said}"):
            ingest(place / "text.csv", place / "out.parquet")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_file_whose_name_is_no_text_is_named_as_well_as_can_be(place):
    given = Path(os.fsdecode(os.fsencode(place / "given-") + b"\xff.jsonl"))
    given.write_text(tweet() + "{broken\n")
    report = ingest(given, place / "posts.parquet")
    assert (report["read"], report["kept"], report["refused"]) == (2, 1, 1)
    with (place / "posts.report.json").open(encoding="utf-8") as stream:
        assert json.load(stream)["files"][0]["file"] == given.name
    assert json.loads((place / "posts.refused.jsonl").read_text("utf-8"))["file"] == given.name
    table = (place / "posts.parquet").rename(given.with_suffix(".parquet"))
    assert ingest(table, place / "posts.parquet")["kept"] == 1
    with pytest.raises(InputError, match=r"no text in UTF-8.*choose another"):
        ingest(given, given.with_suffix(".parquet"))


def test_a_terminal_that_lacks_letters_stops_nothing(place):
    (place / "métoo.jsonl").write_text(tweet() + "{broken\n")
    command = [sys.executable, "-m", "analysis", "ingest", "métoo.jsonl", "--out", "posts.parquet"]
    bare = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    run = subprocess.run(command, cwd=place, env={**os.environ, **bare}, capture_output=True)
    assert (run.returncode, run.stderr) == (0, b"")
    assert b"2 records read = 1 kept" in run.stdout
    assert len(pd.read_parquet(place / "posts.parquet")) == 1


def test_a_key_that_others_can_read_is_noted(place, tmp_path):
    assert ingest(place / "given.jsonl", place / "posts.parquet")["notes"] == []
    (tmp_path / "config" / "hashtag-notebooks" / "key").chmod(0o644)
    assert (
        "others on this machine can read the key" in ingest(place / "given.jsonl", place / "posts.parquet")["notes"][0]
    )


def test_without_a_home_the_remedy_is_told(place, monkeypatch):
    def none():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("XDG_CONFIG_HOME")
    monkeypatch.setattr("analysis.collect.keys.Path.home", none)
    with pytest.raises(InputError, match="give --key-file"):
        ingest(place / "given.jsonl", place / "posts.parquet")


def test_a_folder_that_is_closed_is_told_and_nothing_in_it_is_passed_over_in_silence(place, monkeypatch):
    (place / "many" / "closed").mkdir(parents=True)
    (place / "given.jsonl").rename(place / "many" / "given.jsonl")
    scandir = os.scandir

    def guarded(path="."):
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", guarded)
    with pytest.raises(InputError, match="closed: this folder cannot be read"):
        ingest(place / "many", place / "posts.parquet")
    with pytest.raises(InputError, match="closed: this folder cannot be read"):
        forget(["7"], [place / "many"])
    (place / "many" / "closed").rename(place / "many" / ".closed")  # a system's own, and left alone as all hidden ones
    assert ingest(place / "many", place / "posts.parquet")["kept"] == 2


def test_a_link_to_a_folder_is_not_followed_and_told(place, tmp_path):
    (place / "many").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (place / "given.jsonl").rename(place / "many" / "given.jsonl")
    (tmp_path / "elsewhere" / "more.jsonl").write_text(tweet(2))
    (place / "many" / "link").symlink_to(tmp_path / "elsewhere")
    (place / "many" / "loop").symlink_to(place / "many")
    report = ingest(place / "many", place / "posts.parquet")
    told = f"{place / 'many' / 'link'} was passed over: it is a link to a folder; give that folder too to read it"
    assert (report["kept"], report["notes"]) == (2, [told])
    report = ingest([place / "many", tmp_path / "elsewhere"], place / "posts.parquet")
    assert (report["kept"], report["notes"]) == (3, [])
    with pytest.raises(InputError, match=r"link: this is a link to a folder.*in the other files all is done"):
        forget([str(FIRST)], [place / "many"])
    assert len(forget([str(FIRST)], [place / "many", tmp_path / "elsewhere"])) == 1


def test_a_disk_that_is_full_at_the_labels_leaves_what_stood_there(place, monkeypatch):
    header = "TweetId,Text_Only_Informative,Image_Only_Informative,Directed_Hate,Generalized_Hate,Sarcasm,Allegation"
    header += ",Justification,Refutation,Support,Oppose"
    (place / "labels.csv").write_text(f"{header}\n{FIRST},1,0,0,0,0,0,0,0,1,0\n")
    ingest(place / "labels.csv", place / "posts.parquet")
    before = {path.name: path.read_bytes() for path in place.iterdir()}

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("analysis.collect.writing.write_labels", full)
    with pytest.raises(InputError, match="what stood there is as it was"):
        ingest([place / "labels.csv", place / "given.jsonl"], place / "posts.parquet")
    assert {path.name: path.read_bytes() for path in place.iterdir()} == before


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
    "bytes that are text": pa.array([b"what somebody wrote"] * 3),
    "records": pa.StructArray.from_arrays([unchecked()], ["a"]),
    "lists": pa.ListArray.from_arrays(pa.array([0, 1, 2, 3], pa.int32()), unchecked()),
}


def parquet_with(path, name, column):
    texts = ["what somebody wrote"] * 3
    columns = {"post_id": pa.array([str(FIRST + number * 2**22) for number in range(3)]), "text": pa.array(texts)}
    pq.write_table(pa.table(columns | {name: column}), path)
    return str(path)


@pytest.mark.parametrize("kind", ODD_COLUMNS)
@pytest.mark.parametrize("name", ["post_id", "created_at", "author", "text", "lang", "kind", "root_id", "likes"])
def test_bytes_that_are_no_text_in_parquet_are_told_in_one_line_without_them(place, capsys, name, kind):
    path = parquet_with(place / "odd.parquet", name, ODD_COLUMNS[kind])
    for command in (
        ["ingest", path, "--out", str(place / "out.parquet")],
        ["export", path, "--ids-only", "--out", str(place / "ids.csv")],
        ["run", "--data", path, "--lesson", "00", "--out", str(place / "results")],
    ):
        assert main(command) == 2
        told = "".join(capsys.readouterr())
        assert told.count("\n") == 1 and "somebody" not in told
        assert told.startswith(f"error: {path}") and "UTF-8" in told
        assert ", row 2: " in told or kind not in ("text", "large text")
        assert name in told or kind == "categories"
    assert not (place / "out.parquet").exists()


@pytest.mark.parametrize("kind", ["text", "large text", "bytes", "records", "lists"])
def test_a_post_is_forgotten_where_another_ones_text_is_no_text(place, capsys, kind):
    path = parquet_with(place / "odd.parquet", "text", ODD_COLUMNS[kind])
    assert main(["forget", str(FIRST), "--data", path]) == 0
    assert "1 removed" in capsys.readouterr().out
    assert pq.ParquetFile(path).metadata.num_rows == 2


@pytest.mark.parametrize("kind", ODD_COLUMNS)
def test_ids_that_are_no_text_are_told_by_forget_without_them(place, capsys, kind):
    path = parquet_with(place / "odd.parquet", "post_id", ODD_COLUMNS[kind])
    status, told = main(["forget", str(FIRST), "--data", path]), "".join(capsys.readouterr())
    assert status == (0 if kind in ("text", "large text") else 2)
    assert "somebody" not in told and "Traceback" not in told


@pytest.mark.parametrize(
    ("ids", "scores"),
    [(unchecked(), [0.1, 0.2, 0.3]), (pa.array(["1", "2", "3"]), unchecked()), (pa.array(["1"]), ["what somebody"])],
    ids=["ids", "scores", "words"],
)
def test_scores_that_are_none_are_told_without_what_stands_there(tmp_path, ids, scores):
    pq.write_table(pa.table({"post_id": ids, "score": scores}), tmp_path / "scores.parquet")
    with pytest.raises(InputError, match=r"scores\.parquet") as error:
        read_scores(tmp_path / "scores.parquet")
    assert "somebody" not in str(error.value)


def test_a_csv_with_bytes_that_are_no_text_is_told_without_them(place, capsys):
    path = place / "odd.csv"
    path.write_bytes(f"post_id,text\n{FIRST},".encode() + BAD + b"\n")
    for command in (
        ["export", str(path), "--ids-only", "--out", str(place / "ids.csv")],
        ["run", "--data", str(path), "--lesson", "00", "--out", str(place / "results")],
        ["forget", str(FIRST), "--data", str(path)],
    ):
        assert main(command) == 2
        told = "".join(capsys.readouterr())
        assert f"{path}, line 2: this is not UTF-8" in told and told.count("\n") == 1 and "somebody" not in told
