import subprocess
import sys
from pathlib import Path

import pytest

import analysis
from analysis.posts import load_posts, load_truth
from analysis.schema import find_root
from analysis.workshop import cli


@pytest.fixture
def called(monkeypatch):
    """The programs that were called: a list of (command, folder, environment)."""
    calls = []

    def call(command, folder, **environment):
        calls.append((command, folder, environment))
        return 7

    monkeypatch.setattr(cli, "_call", call)
    return calls


def test_help_answers_at_once_and_loads_nothing_heavy(capsys):
    heavy = {"pandas", "numpy", "matplotlib", "nbclient", "sklearn"}
    code = "import sys; from analysis.workshop.cli import main\nmain(['--help'])\n"
    code += f"print({{name.split('.')[0] for name in sys.modules}} & {heavy})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("set()\n")
    starts = [line.strip()[:28] for line in done.stdout.splitlines()]  # examples keep their lines
    assert starts.count("python -m analysis run --dat") == 1
    assert "\\b" not in done.stdout
    assert cli.main([]) == 0
    assert "Commands:" in capsys.readouterr().out
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out == f"hashtag-notebooks {analysis.__version__}\n"


@pytest.mark.parametrize("line", ["fly", "run --fast", "run extra", "run --seed x"])
def test_what_is_not_known_is_refused_in_one_line(line, refused):
    assert "--help" in refused(*line.split())


def test_options_reach_the_run(monkeypatch, capsys):
    lessons = [
        {"name": "02-a", "state": "done", "seconds": 1.0},
        {"name": "03-b", "state": "failed", "cell": 4, "error": "E: no"},
        {"name": "01-old", "state": "failed", "cell": 1, "error": "E: not of this run"},
    ]
    given = []

    def run(data, **options):
        given.append({"data": data, **options})
        return {"lessons": lessons, "ran": ["02-a", "03-b"]}

    monkeypatch.setattr("analysis.workshop.runs.run", run)
    line = "run --data x.csv --second parent_id --lesson 03 --lesson 03,04 --out o --seed 3 --lessons-dir d"
    assert cli.main(line.split()) == 1
    said = [
        "1 of 2 lessons done: 02-a",
        "03-b failed at cell 4: E: no",
        f"Open {Path('o', 'index.html')} in a browser.",
    ]
    assert capsys.readouterr().out.splitlines() == said
    del lessons[1]
    assert cli.main(["run", "--random-state", "3", "--advanced"]) == 0
    asked = {"data": "x.csv", "second": "parent_id", "lessons": ("03", "03,04"), "out": "o", "folder": "d"}
    plain = {"data": None, "second": None, "lessons": (), "out": "results", "folder": None}
    assert given == [{**asked, "random_state": 3, "advanced": False}, {**plain, "random_state": 3, "advanced": True}]


def test_invent_writes_posts_and_what_was_planted_in_them(tmp_path, capsys):
    assert cli.main(["invent", "--posts", "300", "--theme", "neutral", "--out", str(tmp_path / "new")]) == 0
    assert {path.name for path in (tmp_path / "new").iterdir()} == {"posts.csv", "truth.csv", "planted.csv"}
    posts, truth = load_posts(tmp_path / "new" / "posts.csv"), load_truth(tmp_path / "new" / "truth.csv")
    assert len(posts) >= 300
    assert sorted(posts["post_id"]) == sorted(truth["post_id"])
    said = capsys.readouterr().out
    assert f"{len(posts):,} posts are in {tmp_path / 'new' / 'posts.csv'}" in said
    assert f"python -m analysis run --data {tmp_path / 'new' / 'posts.csv'}" in said


def test_invent_writes_over_nothing_that_it_did_not_make(tmp_path, refused):
    (tmp_path / "posts.csv").write_text("mine")
    assert str(tmp_path) in refused("invent", "--posts", 300, "--out", tmp_path)
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("posts.csv", "mine")]


def test_what_cannot_be_invented_leaves_no_folder(tmp_path, refused, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for line in ("--posts 0 --out x", "--days 0 --out x", "--start yesterday --out x", "--seed -1 --out x", ""):
        refused("invent", *line.split())
        assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_told_in_one_line_and_a_fault_of_ours_keeps_its_traceback(monkeypatch, refused):
    faults = [OSError(28, "No space left on device", "results/x"), ValueError("a fault of ours")]

    def run(*arguments, **options):
        raise faults.pop(0)

    monkeypatch.setattr("analysis.workshop.runs.run", run)
    assert "No space left on device: 'results/x'" in refused("run")
    with pytest.raises(ValueError, match="a fault of ours"):
        cli.main(["run"])


def test_what_follows_test_goes_to_pytest_and_lab_opens_the_lessons_and_asks_no_network(called):
    from jupyterlab.labapp import LabApp

    assert cli.main(["test", "tests/test_cli.py", "-k", "spread", "-x", "--lf"]) == 7
    command, folder, _ = called.pop()
    assert command == [sys.executable, "-m", "pytest", "tests/test_cli.py", "-k", "spread", "-x", "--lf"]
    assert folder == find_root()
    assert cli.main(["lab", "--no-browser", "--port", "9999"]) == 7
    command, folder, environment = called[0]
    assert command[-3:] == ["--no-browser", "--port", "9999"]
    flags = dict(flag.removeprefix("--").split("=", 1) for flag in command[3:-3])
    quiet = [flags[f"LabApp.{name}"] for name in ("news_url", "check_for_updates_class", "extension_manager")]
    assert quiet == ["None", "jupyterlab.NeverCheckForUpdate", "readonly"]
    assert flags["LabApp.default_url"] == "/lab/tree/notebooks/00-start-here.ipynb"
    assert all(LabApp.class_traits().get(name.split(".")[1]) for name in flags if name.startswith("LabApp"))
    assert environment["JUPYTER_PREFER_ENV_PATH"] == "1"  # the kernel of this environment, not of the user's home
    assert folder == find_root()
