"""The results folder: what a run may remove there, what it believes of an earlier one, and one run at a time."""

import json
from pathlib import Path

import pytest

from analysis.schema import InputError
from analysis.workshop import lock, results
from analysis.workshop.earlier import read_manifest
from analysis.workshop.lock import LOCK, locked
from analysis.workshop.runs import run

OURS = {"made_by": results.MADE_BY, "layout": results.LAYOUT, "lessons": []}
TABLE = """\
import os, pathlib
folder = pathlib.Path(os.environ["ANALYSIS_RESULTS"], "tables")
folder.mkdir()
(folder / "a.csv").write_text("n")"""


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


def link(path, target):
    try:
        path.symlink_to(target, target_is_directory=True)
    except OSError:
        pytest.skip("links cannot be made here")


def test_a_manifest_that_points_elsewhere_removes_nothing_there(write_lesson, lessons_dir, ids, out, victim):
    write_lesson("01-a", TABLE)
    elsewhere = ["../victim/x", "01-a/../../victim/x", f"{victim.as_posix()}/x", f"02-b/{victim.as_posix()}/x"]
    elsewhere += ["..\\victim\\x", "02-b\\..\\..\\victim\\x", "thesis/x", "02-b"]
    through_links = ["04-d/x", "03-c/tables/x", "01-a/tables/x"]
    forge(out, [*elsewhere, *through_links])
    (out / "02-b" / "empty").mkdir(parents=True)
    (out / "thesis").mkdir()
    (out / "thesis" / "x").write_text("mine")
    link(out / "04-d", victim)
    for name in ("03-c", "01-a"):
        (out / name).mkdir()
        link(out / name / "tables", victim)
    manifest = run(ids, out=out, folder=lessons_dir)
    assert listing(victim) == {"x", "empty"}
    assert (out / "thesis" / "x").is_file()
    assert (out / "02-b" / "empty").is_dir()
    assert (out / "03-c" / "tables").is_symlink()
    assert (out / "01-a" / "tables" / "a.csv").read_text() == "n"
    assert (out / "01-a" / "tables.kept").is_symlink()
    assert {name.split("/")[0] for name in manifest["files"]} == {"01-a", "index.html", "headlines.csv"}


@pytest.mark.parametrize("name", ["/victim/x", "C:x", "a\\x", "a/../x", "./x", "a//x", ""])
def test_only_paths_that_lead_down_count(name):
    assert not results.is_plain(name)


def test_a_place_that_is_not_ours_is_refused(write_lesson, lessons_dir, ids, out, victim, refused):
    write_lesson("01-a")
    command = ["run", "--data", ids, "--lessons-dir", lessons_dir, "--out"]
    out.write_text("mine")
    for place in (out, out / "below"):
        assert "is a file, not a folder" in refused(*command, place)
    assert out.read_text() == "mine"
    out.unlink()
    out.mkdir()
    (out / "thesis.txt").write_text("mine")
    for manifest in (None, '{"made_by": "a packager"}', "[" * 100_000):
        if manifest:
            (out / "manifest.json").write_text(manifest)
        assert "holds files that no run of ours has made" in refused(*command, out)
    forge(out, ["01-a/x"])
    link(out / "01-a", victim)
    assert f"{out / '01-a'}: is a file or a link" in refused(*command, out)
    assert listing(victim) == {"x", "empty"}
    assert listing(out) == {"manifest.json", "01-a", "thesis.txt"}
    if Path("/proc/self").exists():  # a folder in which even root can make nothing
        assert "cannot be written" in refused(*command, "/proc/results")


def test_a_link_in_place_of_a_half_written_file_is_not_followed(tmp_path, victim):
    link(tmp_path / ".index.html.part", victim / "x")
    results.write_text(tmp_path / "index.html", "new")
    link(tmp_path / LOCK, victim / "x")
    with pytest.raises((OSError, InputError)), locked(tmp_path):
        pass
    assert (victim / "x").read_text() == "mine"


def test_what_is_not_ours_is_kept_under_another_name_and_a_folder_that_this_empties_goes(tmp_path):
    old, new = tmp_path / "01-a", tmp_path / "part"
    for folder in (new / "tables", old / "tables", old / "figures" / "deep", old / "empty"):
        folder.mkdir(parents=True)
    for file, content in ((new / "tables" / "n.csv", "part"), (old / "tables" / "n.csv", "01-a")):
        file.write_text(content)
    (old / "tables" / "n.kept.csv").write_text("older")
    (old / "figures" / "deep" / "f.png").touch()
    with pytest.raises(OSError, match="missing"):
        results.publish(tmp_path / "missing", old, ["figures/deep/f.png"])
    assert (old / "figures" / "deep" / "f.png").is_file()  # the older comes back where a newer cannot take its place
    results.publish(new, old, ["figures/deep/f.png", "empty/none.csv"])
    files = {path.name: path.read_text() for path in (old / "tables").iterdir()}
    assert files == {"n.csv": "part", "n.kept.csv": "01-a", "n.kept.kept.csv": "older"}
    assert listing(tmp_path) == {"01-a", "01-a/empty", "01-a/tables", *(f"01-a/tables/{name}" for name in files)}


ENTRY = {"name": "02-b", "title": "B", "needs": [], "state": "skipped", "input": "k", "random_state": 1}
ENTRY |= {"seconds": 0.0, "cell": None, "error": None, "why": "it needs text"}
FIGURE = {"name": "f", "alt": "An f.", "files": ["figures/f.png"], "sample": False}
HEADLINE = {"question": "?", "value": 1, "low": None, "high": 2.5, "unit": "", "note": "", "sample": False}
WHOLE = {**ENTRY, "figures": [FIGURE], "headlines": [HEADLINE]}


@pytest.mark.parametrize(
    "entry",
    [
        "02-b",
        {**WHOLE, "name": "../b"},
        {**WHOLE, "state": "fine"},
        {**WHOLE, "figures": [{**FIGURE, "name": '"><b>'}]},
        {**WHOLE, "figures": [{**FIGURE, "files": ["../x"]}]},
        {**WHOLE, "headlines": [{**HEADLINE, "value": [1]}]},
    ],
)
def test_a_manifest_is_believed_whole_or_not_at_all(out, entry):
    forge(out, ["02-b/x"], [WHOLE])
    assert read_manifest(out) == {"lessons": [WHOLE], "files": {"02-b/x": "0"}}
    forge(out, ["02-b/x", "zz/x"], [WHOLE, entry])
    assert read_manifest(out) == {"lessons": [], "files": {}}


def test_a_folder_is_held_without_a_lock_where_the_system_knows_none(tmp_path, monkeypatch):
    def none(descriptor):
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(lock, "_lock", none)
    with locked(tmp_path), locked(tmp_path):
        pass
    with pytest.raises(InputError), locked(tmp_path, sure=True):
        pass
