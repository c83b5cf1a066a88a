"""The results folder: what a run may remove there, and one run at a time."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from analysis.schema import InputError
from analysis.workshop import cli, lock, results
from analysis.workshop.earlier import read_manifest
from analysis.workshop.lock import LOCK, locked
from analysis.workshop.runs import run

OURS = {"made_by": results.MADE_BY, "layout": results.LAYOUT, "lessons": []}
TABLE = "from pathlib import Path\nPath(results, 'tables').mkdir()\nPath(results, 'tables', 'a.csv').write_text('n')"


@pytest.fixture
def lessons_dir(tmp_path):
    return tmp_path / "lessons"


@pytest.fixture
def out(tmp_path):
    return tmp_path / "results"


@pytest.fixture
def victim(tmp_path):
    """Somebody's folder beside the results, with an empty one in it."""
    (tmp_path / "victim" / "empty").mkdir(parents=True)
    (tmp_path / "victim" / "x").write_text("mine")
    return tmp_path / "victim"


def listing(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


def forge(out, files, lessons=()):
    out.mkdir(exist_ok=True)
    manifest = {**OURS, "lessons": list(lessons), "files": dict.fromkeys(files, "0")}
    (out / "manifest.json").write_text(json.dumps(manifest))


def refused(capsys, *arguments):
    """The one line by which a run is refused."""
    assert cli.main(["run", *map(str, arguments)]) == 2
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n"), said.err[:7]) == ("", 1, "error: ")
    return said.err


def test_a_manifest_that_points_out_of_its_folder_removes_nothing(write_lesson, lessons_dir, ids, out, victim):
    write_lesson("01-a", TABLE)
    forge(
        out,
        [
            "../victim/x",
            "01-a/../../victim/x",
            "02-b/../../victim/x",
            f"{victim.as_posix()}/x",
            f"02-b/{victim.as_posix()}/x",
            "..\\victim\\x",
            "02-b\\..\\..\\victim\\x",
            "thesis/x",
            "02-b",
        ],
    )
    (out / "02-b" / "empty").mkdir(parents=True)
    (out / "thesis").mkdir()
    (out / "thesis" / "x").write_text("mine")
    manifest = run(ids, out=out, folder=lessons_dir)
    assert listing(victim) == {"x", "empty"}
    assert (out / "thesis" / "x").is_file()
    assert (out / "02-b" / "empty").is_dir()
    assert {name.split("/")[0] for name in manifest["files"]} == {"01-a", "index.html"}


@pytest.mark.parametrize(
    "name", ["../victim/x", "/victim/x", "c:/victim/x", "C:x", "a\\x", "a/../x", "./x", "a//x", ""]
)
def test_only_paths_that_lead_down_count(name):
    assert not results.is_plain(name)


def test_results_are_removed_with_the_folders_that_this_empties_alone(tmp_path):
    for folder in ("01-a/tables", "01-a/mine", "01-a/figures/old"):
        (tmp_path / folder).mkdir(parents=True)
    for file in ("01-a/tables/n.csv", "01-a/figures/old/f.png", "01-a/01-a.html"):
        (tmp_path / file).touch()
    results.remove(tmp_path / "01-a", ["tables/n.csv", "figures/old/f.png", "01-a.html", "mine/none.csv"])
    assert listing(tmp_path) == {"01-a", "01-a/mine"}
    (tmp_path / "01-a" / "n.csv").touch()
    (tmp_path / "01-a" / "mine").rmdir()
    results.remove(tmp_path / "01-a", ["n.csv"])
    assert listing(tmp_path) == set()


def link(path, target):
    try:
        path.symlink_to(target, target_is_directory=True)
    except OSError:
        pytest.skip("links cannot be made here")


def test_nothing_is_removed_through_a_link(write_lesson, lessons_dir, ids, out, victim):
    write_lesson("01-a", TABLE)
    forge(out, ["02-b/x", "03-c/tables/x", "01-a/tables/x"])
    link(out / "02-b", victim)
    for name in ("03-c", "01-a"):
        (out / name).mkdir()
        link(out / name / "tables", victim)
    manifest = run(ids, out=out, folder=lessons_dir)
    assert listing(victim) == {"x", "empty"}
    assert (out / "03-c" / "tables").is_symlink()
    assert (out / "01-a" / "tables" / "a.csv").read_text() == "n"
    assert (out / "01-a" / "tables.kept").is_symlink()
    assert [lesson["name"] for lesson in manifest["lessons"]] == ["01-a"]


def test_a_lessons_folder_that_is_a_link_or_a_file_is_refused(write_lesson, lessons_dir, ids, out, victim, capsys):
    write_lesson("01-a", TABLE)
    forge(out, ["01-a/x"])
    link(out / "01-a", victim)
    command = ["--data", ids, "--out", out, "--lessons-dir", lessons_dir]
    assert f"{out / '01-a'}: is a file or a link" in refused(capsys, *command)
    (out / "01-a").unlink()
    (out / "01-a").write_text("mine")
    assert f"{out / '01-a'}: is a file or a link" in refused(capsys, *command)
    assert listing(victim) == {"x", "empty"}
    assert listing(out) == {"manifest.json", "01-a"}


def test_a_link_in_place_of_a_half_written_file_is_not_followed(tmp_path, victim):
    link(tmp_path / ".index.html.part", victim / "x")
    results.write_text(tmp_path / "index.html", "new")
    assert (victim / "x").read_text() == "mine"


def test_what_is_not_ours_is_kept_under_another_name(tmp_path):
    for folder in ("part", "01-a"):
        (tmp_path / folder / "tables").mkdir(parents=True)
        (tmp_path / folder / "tables" / "n.csv").write_text(folder)
    (tmp_path / "01-a" / "tables" / "n.kept.csv").write_text("older")
    (tmp_path / "01-a" / "empty").mkdir()
    results.publish(tmp_path / "part", tmp_path / "01-a", [])
    files = {path.relative_to(tmp_path).as_posix(): path.read_text() for path in tmp_path.rglob("*.csv")}
    assert sorted(files.items()) == [
        ("01-a/tables/n.csv", "part"),
        ("01-a/tables/n.kept.csv", "01-a"),
        ("01-a/tables/n.kept.kept.csv", "older"),
    ]
    assert listing(tmp_path) == {*files, "01-a", "01-a/tables", "01-a/empty"}


ENTRY = {"name": "02-b", "title": "B", "needs": [], "state": "skipped", "input": "k", "seed": 1, "seconds": 0.0}
ENTRY |= {"cell": None, "error": None, "why": "it needs text", "figures": []}
FIGURE = {"name": "f", "alt": "An f.", "files": ["figures/f.png"]}


@pytest.mark.parametrize(
    "entry",
    [
        {"name": "zz"},
        {"name": "02-b"},
        "02-b",
        {**ENTRY, "name": "../b"},
        {**ENTRY, "state": "fine"},
        {**ENTRY, "seconds": "1"},
        {**ENTRY, "figures": ["f"]},
        {**ENTRY, "figures": [{**FIGURE, "name": '"><b>'}]},
        {**ENTRY, "figures": [{**FIGURE, "files": ["../x"]}]},
    ],
)
def test_a_manifest_with_half_an_entry_is_not_believed(write_lesson, lessons_dir, ids, out, entry):
    forge(out, ["02-b/x", "zz/x"], [{**ENTRY, "figures": [FIGURE]}, entry])
    assert read_manifest(out) == {"lessons": [], "files": {}}


def test_a_manifest_with_half_an_entry_costs_nobody_a_file(write_lesson, lessons_dir, ids, out):
    write_lesson("01-a", TABLE)
    forge(out, ["02-b/x", "01-a/x"], [{"name": "zz"}])
    for name in ("01-a", "02-b"):
        (out / name).mkdir()
        (out / name / "x").write_text("mine")
    manifest = run(ids, out=out, folder=lessons_dir)
    assert [lesson["name"] for lesson in manifest["lessons"]] == ["01-a"]
    assert (out / "01-a" / "x").read_text() == (out / "02-b" / "x").read_text() == "mine"


def test_a_whole_entry_is_believed(out):
    forge(out, ["02-b/x"], [{**ENTRY, "figures": [FIGURE]}])
    assert read_manifest(out) == {"lessons": [{**ENTRY, "figures": [FIGURE]}], "files": {"02-b/x": "0"}}


def test_what_a_run_writes_is_believed_by_the_next(write_lesson, lessons_dir, ids, out):
    write_lesson("01-a", "1/0")
    write_lesson("02-b", TABLE)
    write_lesson("03-c", needs=["text"])
    manifest = run(ids, out=out, folder=lessons_dir)
    found = read_manifest(out)
    assert found["lessons"] == manifest["lessons"]
    assert found["files"].keys() == manifest["files"].keys() - {"index.html"}


def test_a_lesson_whose_notebook_was_spoiled_is_forgotten(write_lesson, lessons_dir, ids, out):
    for name in ("01-a", "02-b"):
        write_lesson(name, TABLE)
    run(ids, out=out, folder=lessons_dir)
    (out / "01-a" / "01-a.ipynb").write_text("{")
    assert [lesson["name"] for lesson in run(ids, out=out, lessons=["02"], folder=lessons_dir)["lessons"]] == ["02-b"]


@pytest.mark.parametrize("seed", [-1, 2**32])
def test_a_seed_that_no_lesson_could_use_is_refused(write_lesson, lessons_dir, ids, out, seed, capsys):
    write_lesson("01-a")
    line = refused(capsys, "--data", ids, "--out", out, "--lessons-dir", lessons_dir, "--seed", seed)
    assert f"--random-state {seed}: give a whole number from 0 to 4294967295" in line
    assert not out.exists()


def test_an_empty_path_is_not_the_current_folder(write_lesson, lessons_dir, ids, out, capsys, monkeypatch):
    write_lesson("01-a")
    monkeypatch.chdir(ids.parent)
    assert "--data is empty" in refused(capsys, "--data", "", "--out", out, "--lessons-dir", lessons_dir)
    assert not out.exists()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with a name here")
def test_a_pipe_or_a_device_is_refused_at_once(write_lesson, lessons_dir, tmp_path, out, capsys):
    write_lesson("01-a")
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", os.devnull):
        line = refused(capsys, "--data", path, "--out", out, "--lessons-dir", lessons_dir)
        assert f"{path}: is neither a file nor a folder" in line
    assert not out.exists()


def test_a_second_run_into_the_same_folder_is_refused(write_lesson, lessons_dir, ids, out, capsys):
    write_lesson("01-a", TABLE)
    with locked(out):
        line = refused(capsys, "--data", ids, "--out", out, "--lessons-dir", lessons_dir)
        assert f"{out}: another run is writing there" in line
        assert listing(out) == {LOCK}
    assert listing(out) == set()
    run(ids, out=out, folder=lessons_dir)
    assert not (out / LOCK).exists()


def test_a_lock_follows_no_link(tmp_path, victim):
    link(tmp_path / LOCK, victim / "x")
    with pytest.raises((OSError, InputError)), locked(tmp_path):
        pass
    assert (victim / "x").read_text() == "mine"


def test_a_folder_is_held_without_a_lock_where_the_system_knows_none(tmp_path, monkeypatch):
    def none(descriptor):
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(lock, "_lock", none)
    with locked(tmp_path), locked(tmp_path):
        pass
    with pytest.raises(InputError), locked(tmp_path, sure=True):
        pass


def wait_for(what):
    end = time.monotonic() + 60
    while not what():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no such signals")
def test_what_a_killed_run_leaves_goes_with_the_next(write_lesson, lessons_dir, ids, out, tmp_path, analyse):
    mark, temp = lessons_dir / "pid", tmp_path / "temp"
    temp.mkdir()
    (temp / "analysis-of-somebody").mkdir()
    write_lesson("01-a", TABLE)
    write_lesson("02-b", TABLE, f"import os, time\nopen({str(mark)!r}, 'w').write(str(os.getpid()))\ntime.sleep(60)")
    command = ["run", "--data", str(ids), "--out", str(out), "--lessons-dir", str(lessons_dir)]
    environment = {**os.environ, "TMPDIR": str(temp)}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen([sys.executable, "-m", "analysis", *command], env=environment, **quiet)
    try:
        wait_for(lambda: mark.exists() and mark.read_text())
        second = analyse(*command, "--lesson", "01", env=environment)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert (second.returncode, second.stdout) == (2, "")
    assert (
        second.stderr
        == f"error: {out}: another run is writing there; wait for its end, or name another folder by --out\n"
    )
    assert (out / ".02-b.part").is_dir()
    assert len(list(temp.iterdir())) == 2
    shutil.move(out / "01-a", out / ".01-a.old")  # as if it had been killed between two renamings
    wait_for(lambda: not Path(f"/proc/{mark.read_text()}").exists())
    third = analyse(*command, "--lesson", "01", env=environment)
    assert third.returncode == 0, third.stderr
    assert {path.name for path in out.iterdir()} == {"01-a", "index.html", "manifest.json"}
    assert {path.name for path in temp.iterdir()} == {"analysis-of-somebody"}
