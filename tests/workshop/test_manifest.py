"""What a run tells of itself: commit, citation, needs that are not met, and paths that are not told."""

import io
import os
import subprocess

import pandas as pd
import pytest

import analysis
from analysis.posts import load_posts, load_truth
from analysis.schema import find_root
from analysis.workshop.inputs import read_input
from analysis.workshop.manifest import citation, commit, describe, gather, lack
from analysis.workshop.paths import hide_in, names
from analysis.workshop.progress import Progress
from analysis.workshop.results import sha256


@pytest.fixture
def repository(tmp_path):
    """A git repository with one commit."""
    root = tmp_path / "project"
    root.mkdir()
    (root / "a").write_text("1")
    who = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    for command in (["init", "-q"], ["add", "a"], [*who, "commit", "-q", "-m", "first"]):
        subprocess.run(["git", "-C", root, *command], check=True, env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull})
    return root


def test_the_commit_is_told_of_a_repository_of_our_own_alone(repository, tmp_path, monkeypatch):
    clean = commit(repository)
    assert (len(clean["commit"]), clean["changed"]) == (40, False)
    (repository / "b").write_text("2")
    assert commit(repository) == {**clean, "changed": True}
    assert commit(tmp_path) is None
    (repository / "below").mkdir()
    assert commit(repository / "below") is None  # somebody else's repository
    monkeypatch.setenv("GIT_DIR", str(repository / ".git"))
    assert commit(tmp_path) is None  # a repository that the environment names is not ours
    monkeypatch.setenv("PATH", str(tmp_path))
    assert commit(repository) is None  # no git at all


def test_the_citation_is_made_from_its_file(tmp_path):
    (tmp_path / "CITATION.cff").write_text(
        'title: "A title: with more"\nauthors:\n  - name: "The makers"\ndate-released: 2026-11-23\n'
    )
    version = f"Version {analysis.__version__}"
    assert citation(tmp_path, None) == f"The makers (2026). A title: with more. {version}."
    assert citation(tmp_path, {"commit": "0123456789abcdef"}).endswith(f"{version}, commit 0123456789.")
    assert citation(tmp_path / "none", None) == f"hashtag-notebooks. {version}."


def test_the_truth_beside_the_input_is_told_where_it_is_used(ids):
    ids.write_text("id\n919659437487030272\n919659441681334272\n")  # of worker 0: invented
    truth = ids.with_name("truth.csv")

    def about(second=None):
        return describe(load_posts(ids), ids, second, names(ids, ids.parent))

    bare = about()
    assert bare["truth"] is None
    assert (bare["first"], bare["last"]) == ("2017-10-15T20:21:11Z", "2017-10-15T20:21:12Z")  # so that it tells no id
    columns = load_truth().columns
    rows = pd.DataFrame({"post_id": load_posts(ids)["post_id"]}).reindex(columns=columns, fill_value="x")
    rows.to_csv(truth, index=False)
    whole = about()
    assert whole["truth"] == {"name": "truth.csv", "sha256": sha256(truth)}
    assert whole["key"] != bare["key"]
    assert about("root_id")["truth"] is None
    for other in (rows.assign(post_id="1"), rows[["post_id", "topic"]]):  # of other posts; another truth
        other.to_csv(truth, index=False)
        assert about()["truth"] is None
    truth.write_text("")
    assert about()["truth"] is None


def test_in_a_notebook_paths_go_from_outputs_and_parameters_alone():
    path = "\x1b[32m/home/ann/x\x1b[0m"
    hidden_path = "\x1b[32m~/x\x1b[0m"
    shown = {"output_type": "display_data", "data": {"text/html": path, "image/png": path}, "metadata": {}}
    error = {"output_type": "error", "ename": "E", "evalue": path, "traceback": [path]}
    parameters = {"source": path, "metadata": {"tags": ["parameters"]}, "outputs": [shown, error]}
    notebook = {"cells": [parameters, {"source": path, "metadata": {}, "outputs": []}]}
    hidden = hide_in(notebook, {"/home/ann": "~"})["cells"]
    assert [cell["source"] for cell in hidden] == [hidden_path, path]
    assert hidden[0]["outputs"][0]["data"] == {"text/html": hidden_path, "image/png": path}
    assert hidden[0]["outputs"][1] == {**error, "evalue": hidden_path, "traceback": [hidden_path]}
    assert parameters["source"] == path


def test_counts_are_described_as_counts_and_read_as_they_are(tmp_path):
    path = tmp_path / "daily.csv"
    path.write_text("date,tweets\n2017-10-15,19\n2017-10-17,306\n", encoding="utf-8")
    reading = read_input(path, None, tmp_path / "copy")
    assert (reading.path, reading.counts) == (path, True)
    found = gather(reading, path, None, find_root())["input"]
    assert (found["rows"], found["offers"], found["first"]) == (2, ["counts"], "2017-10-15T00:00:00Z")
    assert lack(["time"], found, ("posts", "counts")) is None
    assert lack([], found) == "it needs posts, and daily.csv holds only counts"


def test_progress_is_a_bar_in_a_terminal_and_a_line_a_lesson_elsewhere():
    for terminal in (True, False):
        stream = io.StringIO()
        stream.isatty = lambda terminal=terminal: terminal
        progress = Progress(14, stream)
        progress.cell("03-spread", 5, 14)
        progress.lesson({"name": "03-spread", "state": "done", "seconds": 3.0})
        progress.close()
        assert ("03-spread, cell 5 of 14" in stream.getvalue()) == terminal
    assert stream.getvalue() == "03-spread done in 3.0 s\n"
