"""Every lesson: how it is written, and that it executes whole on the shipped data with the network cut."""

import ast
import json
import os
import re
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest

from analysis.lesson import NEEDS, find_lessons
from analysis.schema import find_root

LESSONS = find_lessons(find_root() / "notebooks")
BANNED_IMPORTS = {"aiohttp", "ftplib", "http", "httpx", "requests", "socket", "subprocess", "urllib", "urllib3"}
BANNED_NAMES = {"sys.path", "os.chdir", "os.system", "warnings.filterwarnings", "warnings.simplefilter", "get_ipython"}
#: The cell of a lesson that has been changed; those that have not still take `results` and `seed`.
PARAMETERS = "data = None  # None is the sample corpus; or the path of a file of yours\nrandom_state = 1"
PLAIN_OUTPUTS = {"index.html", "manifest.json"}  # these two tell how long it took


@pytest.fixture(params=LESSONS, ids=lambda lesson: lesson.name)
def lesson(request):
    return request.param


@pytest.fixture
def notebook(lesson):
    return nbformat.read(lesson.path, as_version=4)


def sources(notebook, kind):
    return [cell.source for cell in notebook.cells if cell.cell_type == kind]


def nodes(notebook):
    for source in sources(notebook, "code"):
        yield from ast.walk(ast.parse(source))


def test_the_file_is_a_valid_notebook(lesson, notebook):
    nbformat.validate(notebook)
    raw = json.loads(lesson.path.read_text(encoding="utf-8"))
    assert (raw["nbformat"], raw["nbformat_minor"]) == (4, 5)
    assert notebook.metadata.kernelspec.name == "python3"
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)


def test_nothing_that_was_executed_is_stored(notebook):
    for cell in notebook.cells:
        assert cell.get("outputs", []) == []
        assert cell.get("execution_count") is None
        assert "execution" not in cell.metadata
        assert not cell.get("attachments")


def test_needs_and_title_are_told(lesson, notebook):
    assert {"title", "needs"} <= set(notebook.metadata.analysis) <= {"title", "needs", "takes"}
    assert set(lesson.needs) <= set(NEEDS)
    assert f"# {lesson.title}" == notebook.cells[0].source.splitlines()[0]


def test_the_first_screen_holds_title_and_content_note(notebook):
    first = notebook.cells[:2]
    assert [cell.cell_type for cell in first if "Content note" in cell.source] == ["markdown"]


def test_each_cell_has_a_name_of_its_own(lesson):
    names = [cell["id"] for cell in json.loads(lesson.path.read_text(encoding="utf-8"))["cells"]]
    assert len(set(names)) == len(names)


def test_the_parameters_are_as_agreed(notebook, parameters):
    tagged = [i for i, cell in enumerate(notebook.cells) if "parameters" in cell.metadata.get("tags", [])]
    assert len(tagged) == 1
    assert notebook.cells[tagged[0]].source in (parameters, PARAMETERS)
    assert all(cell.cell_type == "markdown" for cell in notebook.cells[: tagged[0]])


def test_code_cells_are_short_and_prose_is_between(notebook):
    kinds = [cell.cell_type for cell in notebook.cells]
    assert ("code", "code") not in pairwise(kinds)
    for source in sources(notebook, "code"):
        assert len(source.splitlines()) <= 12, source


def test_code_is_as_ruff_formats_it(lesson):
    command = [sys.executable, "-m", "ruff", "format", "--check", str(lesson.path)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=find_root())
    assert done.returncode == 0, done.stdout + done.stderr


def test_code_is_plain_python(notebook):
    for source in sources(notebook, "code"):
        ast.parse(source)  # magics and shell commands are no Python
    for node in nodes(notebook):
        if isinstance(node, ast.Import):
            assert not {alias.name.split(".")[0] for alias in node.names} & BANNED_IMPORTS
        if isinstance(node, ast.ImportFrom):
            assert node.module.split(".")[0] not in BANNED_IMPORTS
            assert not {f"{node.module}.{alias.name}" for alias in node.names} & BANNED_NAMES
        if isinstance(node, ast.Attribute | ast.Name):
            assert ast.unparse(node) not in BANNED_NAMES
        if isinstance(node, ast.Call):
            words = [word.value for word in ast.walk(node) if isinstance(word, ast.Constant)]
            assert not [word for word in words if re.match("(https?|ftp|file)://", str(word))]


def test_each_figure_has_a_name_of_its_own(notebook):
    calls = [node for node in nodes(notebook) if isinstance(node, ast.Call) and ast.unparse(node.func) == "show"]
    names = [[*call.args[1:2], *(option.value for option in call.keywords if option.arg == "name")] for call in calls]
    assert len({ast.unparse(name) for (name,) in names}) == len(names)


def test_prose_can_be_read_without_a_network(notebook):
    for source in sources(notebook, "markdown"):
        assert not re.search(r"!\[|<img|<script|<iframe", source), source
        assert source.count("$") < 2, "JupyterLab takes what stands between two dollar signs for mathematics"


def test_links_among_lessons_lead_somewhere(lesson, notebook):
    for source in sources(notebook, "markdown"):
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", source):
            assert (lesson.path.parent / target).exists(), target


def test_the_end_says_what_it_cannot_show(notebook):
    last = notebook.cells[-1]
    assert last.cell_type == "markdown"
    assert "What this cannot show" in last.source
    assert "Going further" in last.source


@pytest.fixture(scope="session")
def whole_run(tmp_path_factory, analyse, no_network):
    """All lessons, executed on the shipped data with the network cut; once, where several workers share the tests."""
    workers = "PYTEST_XDIST_WORKER" in os.environ
    shared = tmp_path_factory.getbasetemp().parent if workers else tmp_path_factory.mktemp("whole")
    out, told = shared / "whole-run" / "results", shared / "whole-run" / "ended"
    try:
        out.parent.mkdir()
    except FileExistsError:  # another worker is at it
        while not told.exists():
            time.sleep(0.5)
    else:
        environment, cut = no_network
        try:
            done = analyse("run", "--out", out, env=environment, before=cut)
            said = f"{done.stdout}{done.stderr}" if done.returncode else ""
        except BaseException as error:
            said = f"it did not end: {error!r}"
            raise
        finally:
            told.with_suffix(".part").write_text(said, encoding="utf-8")
            told.with_suffix(".part").replace(told)
    assert told.read_text(encoding="utf-8") == ""
    return out


@pytest.fixture
def second_run(tmp_path, analyse):
    """The same again, in the other lane; it is asked for before the first, so that two workers do one each."""
    done = analyse("run", "--out", tmp_path / "again", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    return tmp_path / "again"


@pytest.mark.lane(0)
def test_all_lessons_execute_whole_with_the_network_cut(whole_run, manifest_of):
    manifest = manifest_of(whole_run)
    assert manifest["ran"] == [lesson.name for lesson in LESSONS]
    assert {lesson["name"]: lesson["error"] or lesson["why"] for lesson in manifest["lessons"]} == dict.fromkeys(
        manifest["ran"]
    )
    for lesson in LESSONS:
        notebook = nbformat.read(whole_run / lesson.name / f"{lesson.name}.ipynb", as_version=4)
        assert all(cell.execution_count for cell in notebook.cells if cell.cell_type == "code")


@pytest.mark.lane(0)
def test_every_picture_has_words(whole_run):
    for path in whole_run.glob("*/*.ipynb"):
        outputs = [output for cell in nbformat.read(path, as_version=4).cells for output in cell.get("outputs", [])]
        for output in outputs:
            for kind in output.get("data", {}):
                if kind.startswith("image/"):
                    assert output.metadata[kind]["alt"].strip(), path
        assert not [output for output in outputs if output.get("name") == "stderr"], path
    for path in whole_run.glob("**/*.html"):
        images = re.findall(r"<img[^>]*>", path.read_text(encoding="utf-8"))
        assert all(re.search(r'alt="[^"]+"', image) for image in images), path


@pytest.mark.lane(0)
def test_every_figure_is_kept_with_its_numbers(whole_run, manifest_of):
    figures = [(lesson["name"], figure) for lesson in manifest_of(whole_run)["lessons"] for figure in lesson["figures"]]
    assert figures
    for name, figure in figures:
        expected = {f"figures/{figure['name']}.{ending}" for ending in ("png", "svg")} | {
            f"tables/{figure['name']}.csv"
        }
        assert set(figure["files"]) == expected
        assert all((whole_run / name / file).stat().st_size for file in expected)


@pytest.mark.lane(0)
def test_pages_ask_for_nothing_from_elsewhere(whole_run):
    for path in whole_run.glob("**/*.html"):
        html = path.read_text(encoding="utf-8")
        if path.name == "topics.html":  # it can be searched, by one script of its own; its policy lets nothing else in
            assert "default-src 'none'" in html
            html, scripts = re.subn(r"<script>.*?</script>", "", html, flags=re.DOTALL)
            assert scripts == 1
        assert "<script" not in html
        assert not re.search(r'(src|srcset|data)="(?!data:|[\w./-]+")', html)
        assert not re.search(r"<link|@import|url\(", html)


@pytest.mark.lane(1)
def test_a_second_run_gives_the_same_bytes(request):
    again = request.getfixturevalue("second_run")
    whole_run = request.getfixturevalue("whole_run")
    first, second = (
        {path.relative_to(out).as_posix(): path for path in out.rglob("*") if path.is_file()}
        for out in (whole_run, again)
    )
    assert first.keys() == second.keys()
    differing = [name for name in first.keys() - PLAIN_OUTPUTS if first[name].read_bytes() != second[name].read_bytes()]
    assert differing == []


def test_the_cut_refuses_the_network_and_lets_loopback_pass(no_network):
    code = (
        "import socket\nserver = socket.create_server(('127.0.0.1', 0))\n"
        "socket.create_connection(server.getsockname()).close()\n"
        "for host in ('192.0.2.1', 'example.org'):\n"
        "    try:\n        socket.create_connection((host, 80), timeout=1)\n"
        "    except RuntimeError as error:\n        print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], env=no_network[0], capture_output=True, text=True, check=True)
    assert done.stdout.count("the network is cut in this test") == 2


def said_in(path):
    """Give what each cell of an executed notebook says, by the cell's id."""
    cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    outputs = {cell.id: [output.get("data", {}) for output in cell.outputs] for cell in cells}
    return {name: "".join(data.get("text/markdown", "") for data in found) for name, found in outputs.items()}


@pytest.mark.lane(0)
def test_real_ids_do_the_spread_lesson_and_skip_what_needs_text(tmp_path, analyse, manifest_of):
    data = Path(__file__).parents[2] / "shared" / "data" / "metoo_ids_2017.csv.gz"
    if not data.is_file():
        pytest.skip(f"{data.name} is not here: it is shared beside the project, and not part of it")
    done = analyse("run", "--data", data, "--out", tmp_path / "results", "--lesson", "03,04,06")
    assert done.returncode == 0, done.stdout + done.stderr
    manifest = manifest_of(tmp_path / "results")
    assert {lesson["name"]: lesson["state"] for lesson in manifest["lessons"]} == {
        "03-spread": "done",
        "04-sentiment": "skipped",
        "07-topics": "skipped",
    }
    assert "04-sentiment skipped: it needs text, and metoo_ids_2017.csv.gz holds only ids (roots, time)" in done.stdout
    assert (manifest["input"]["rows"], manifest["input"]["first"]) == (75526, "2017-10-15T03:40:31Z")
    said = said_in(tmp_path / "results" / "03-spread" / "03-spread.ipynb")
    assert "We end at 10:00 UTC on 14 November 2017" in said["whole-06"]  # where the crawl's own artefact begins
    assert "02:00 UTC on 16 October 2017" in said["spread-12"]
    assert "1.09 times as many (95% interval 0.73 to 1.64): no jump can be told" in said["spread-15"]
    assert "the 127 posts doubled every 50 minutes (95% interval 37 to 78 minutes)" in said["spread-23"]
    assert "6 of 9 choices find an onset, between **17:00 on 15 October** and **19:20" in said["03911f98"]
    assert "for 6 of them that interval was over before the call" in said["03911f98"]
    assert "**no more than a day's breath**" in said["day-03c"]
    assert "15 Oct 2017 23:00 to 17 Oct 2017 07:00" in said["day-05"]  # one burst over the night and the next day
    assert said["dda7eeee"].count("**does not survive**") == 3
    assert "**Not identified**" in said["1105feb2"]
    assert "not break" in said["day-07"]
    told = (
        "Not it alone: posts were doubling every 50 minutes before it (95% interval 37 to 78; 127 posts in three hours)"
    )
    assert told in said["answer-02"]
    assert "the 3,429 posts doubled every 96 minutes (95% interval 89 to 105 minutes)" in said["answer-02"]
