"""What several tests share: tiny lessons, a tiny data set, and a way to cut the network."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from analysis.workshop.cli import main

PARAMETERS = "data = None  # None is the sample corpus; or the path of a file of yours\nrandom_state = 1"
IDS = ["919659437487030272", "919659438018920448", "919700000000000000"]


def pytest_configure(config):
    config.addinivalue_line("markers", "lane(number): takes minutes, so the worker of this number begins with it")


@pytest.hookimpl(trylast=True)  # after -k and the like have picked
def pytest_collection_modifyitems(config, items):
    """Let each worker begin with its lane: minutes that begin last leave the other workers with nothing to do.

    The scheduler deals the tests out in equal shares, one after the other, and a worker that is done takes from the
    end of the longest share that is left. So what needs one run of the lessons stays with the worker that does it.
    """
    workers = getattr(config, "workerinput", {}).get("workercount", 1)
    if workers == 1:
        return
    lanes, rest, dealt = [[] for _ in range(workers)], [], []
    for item in items:
        lane = item.get_closest_marker("lane")
        (lanes[lane.args[0] % workers] if lane else rest).append(item)
    for worker, lane in enumerate(lanes):
        room = max((len(items) - len(dealt)) // (workers - worker) - len(lane), 0)
        dealt += lane + rest[:room]
        del rest[:room]
    items[:] = dealt


@pytest.fixture
def parameters():
    """The code of the cell that every lesson begins with."""
    return PARAMETERS


@pytest.fixture(scope="session")
def put_lesson():
    """A function that writes a lesson of some code cells into a folder."""

    def put(folder, name, *cells, needs=(), title=None):
        notebook = nbformat.v4.new_notebook()
        parameters = nbformat.v4.new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]}, id="parameters")
        code = [nbformat.v4.new_code_cell(source, id=f"code-{i}") for i, source in enumerate(cells)]
        notebook.cells = [nbformat.v4.new_markdown_cell(f"# {title or name}", id="title"), parameters, *code]
        notebook.metadata = {"analysis": {"title": title or f"The lesson {name}", "needs": list(needs)}}
        path = Path(folder, f"{name}.ipynb")
        path.parent.mkdir(exist_ok=True)
        nbformat.write(notebook, path)
        return path

    return put


@pytest.fixture
def lessons_dir(tmp_path):
    return tmp_path / "lessons"


@pytest.fixture
def write_lesson(lessons_dir, put_lesson):
    """A function that writes a lesson of some code cells into lessons_dir."""
    return lambda name, *cells, **more: put_lesson(lessons_dir, name, *cells, **more)


@pytest.fixture
def out(tmp_path):
    return tmp_path / "results"


@pytest.fixture
def ids(tmp_path):
    """A list of ids: it has times and no text."""
    path = tmp_path / "private" / "ids.csv"
    path.parent.mkdir()
    path.write_text("\n".join(["id", *IDS]) + "\n")
    return path


@pytest.fixture
def manifest_of():
    """A function that reads the manifest of a results folder."""
    return lambda out: json.loads((Path(out) / "manifest.json").read_text(encoding="utf-8"))


@pytest.fixture
def refused(capsys):
    """A function that gives the one line by which a command is refused."""

    def call(*arguments):
        assert main([str(argument) for argument in arguments]) == 2
        said = capsys.readouterr()
        assert (said.out, said.err.count("\n"), said.err[:7]) == ("", 1, "error: ")
        return said.err

    return call


@pytest.fixture(scope="session")
def no_network():
    """An environment in which Python processes refuse the network, and what to put before a command to cut it."""
    hook = str(Path(__file__).parent / "no_network")
    environment = {**os.environ, "PYTHONPATH": hook}
    cut = []
    if shutil.which("unshare") and subprocess.run(["unshare", "-rn", "true"], capture_output=True).returncode == 0:
        loopback = 'ip link set lo up 2>/dev/null; exec "$@"'
        cut = ["unshare", "-rn", "sh", "-c", loopback, "sh"]
    return environment, cut


@pytest.fixture(scope="session")
def analyse():
    """A function that calls ``python -m analysis`` as a program of its own."""

    def call(*arguments, before=(), **options):
        command = [*before, sys.executable, "-m", "analysis", *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, timeout=1200, **options)

    return call
