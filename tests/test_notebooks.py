"""Every lesson: how it is written, and that it executes whole, on the sample and on a small file of a reader's own."""

import ast
import json
import random
import re

import nbformat
import pytest

from analysis.lesson import find_lessons
from analysis.posts import load_posts
from analysis.schema import find_root
from analysis.workshop.results import hashes
from analysis.workshop.runs import find_advanced

FOLDER = find_root() / "notebooks"
LESSONS = [*find_lessons(FOLDER), *find_advanced(FOLDER / "advanced")]
BANNED_IMPORTS = {"aiohttp", "ftplib", "http", "httpx", "requests", "socket", "subprocess", "urllib", "urllib3"}
BANNED_NAMES = {"sys.path", "os.chdir", "os.system", "warnings.filterwarnings", "warnings.simplefilter", "get_ipython"}
#: The lessons that run a second time on a file of a reader's own.
AGAIN = "00,01,03,11"


@pytest.fixture(params=LESSONS, ids=lambda lesson: lesson.name)
def lesson(request):
    return request.param


@pytest.fixture
def notebook(lesson):
    return nbformat.read(lesson.path, as_version=4)


def sources(notebook, kind):
    return [cell.source for cell in notebook.cells if cell.cell_type == kind]


def test_the_file_is_a_notebook_in_which_nothing_that_was_executed_is_stored(lesson, notebook):
    nbformat.validate(notebook)
    raw = json.loads(lesson.path.read_text(encoding="utf-8"))
    assert (raw["nbformat"], raw["nbformat_minor"]) == (4, 5)
    assert notebook.metadata.kernelspec.name == "python3"
    assert len({cell["id"] for cell in raw["cells"]}) == len(raw["cells"])
    for cell in notebook.cells:
        assert cell.get("outputs", []) == []
        assert cell.get("execution_count") is None
        assert "execution" not in cell.metadata
        assert not cell.get("attachments")


def test_title_content_note_parameters_and_limits_stand_where_they_are_looked_for(lesson, notebook, parameters):
    assert {"title", "needs"} <= set(notebook.metadata.analysis) <= {"title", "needs", "takes"}
    assert f"# {lesson.title}" == notebook.cells[0].source.splitlines()[0]
    assert [cell.cell_type for cell in notebook.cells[:2] if "Content note" in cell.source] == ["markdown"]
    tagged = [i for i, cell in enumerate(notebook.cells) if "parameters" in cell.metadata.get("tags", [])]
    assert [notebook.cells[i].source for i in tagged] == [parameters]
    assert all(cell.cell_type == "markdown" for cell in notebook.cells[: tagged[0]])
    assert any("What this cannot show" in source for source in sources(notebook, "markdown"))
    assert all(len(source.splitlines()) <= 15 for source in sources(notebook, "code"))  # 12 once all are rewritten


def test_code_is_plain_python_and_asks_no_network(notebook):
    for node in (node for source in sources(notebook, "code") for node in ast.walk(ast.parse(source))):
        if isinstance(node, ast.Import | ast.ImportFrom):
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module]
            assert not {module.split(".")[0] for module in modules} & BANNED_IMPORTS
            assert not {f"{modules[0]}.{alias.name}" for alias in node.names} & BANNED_NAMES
        if isinstance(node, ast.Attribute | ast.Name):
            assert ast.unparse(node) not in BANNED_NAMES
        if isinstance(node, ast.Call):
            words = [word.value for word in ast.walk(node) if isinstance(word, ast.Constant)]
            assert not [word for word in words if re.match("(https?|ftp|file)://", str(word))]


def test_prose_can_be_read_without_a_network_and_its_links_lead_somewhere(lesson, notebook):
    for source in sources(notebook, "markdown"):
        assert not re.search(r"!\[|<img|<script|<iframe", source), source
        assert source.count("$") < 2, "JupyterLab takes what stands between two dollar signs for mathematics"
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", source):
            assert (lesson.path.parent / target).exists(), target


@pytest.mark.lane(0)
def test_all_lessons_execute_whole_on_the_sample_with_the_network_cut(tmp_path, analyse, no_network, manifest_of):
    environment, cut = no_network
    out = tmp_path / "results"
    done = analyse("run", "--advanced", "--out", out, env=environment, before=cut)
    assert done.returncode == 0, done.stdout + done.stderr
    manifest = manifest_of(out)
    assert manifest["ran"] == sorted(lesson.name for lesson in LESSONS)
    assert {lesson["error"] or lesson["why"] for lesson in manifest["lessons"]} == {None}
    check_pictures(out, manifest)
    check_pages(out)


def check_pictures(out, manifest):
    """Every picture has words, and every figure is kept with the numbers behind it; nothing is warned of."""
    figures = [(lesson["name"], figure) for lesson in manifest["lessons"] for figure in lesson["figures"]]
    assert figures
    for name, figure in figures:
        drawn = {f"figures/{figure['name']}.{ending}" for ending in ("png", "svg")}
        assert set(figure["files"]) == {*drawn, f"tables/{figure['name']}.csv"}, (name, figure["name"])
        assert all((out / name / file).stat().st_size for file in figure["files"])
    for path in out.glob("*/*.ipynb"):
        cells = nbformat.read(path, as_version=4).cells
        assert all(cell.execution_count for cell in cells if cell.cell_type == "code"), path
        for output in (output for cell in cells for output in cell.get("outputs", [])):
            assert output.get("name") != "stderr", (path, output)
            pictures = [kind for kind in output.get("data", {}) if kind.startswith("image/")]
            assert all(output.metadata[kind]["alt"].strip() for kind in pictures), path


def check_pages(out):
    """No page asks for anything from elsewhere."""
    for path in out.glob("**/*.html"):
        html = path.read_text(encoding="utf-8")
        assert "default-src 'none'" in html
        assert "<script" not in html
        assert not re.search(r'(src|srcset|data)="(?!data:|[\w./-]+")', html)
        assert not re.search(r"<link|@import|url\(", html)
        assert all(re.search(r'alt="[^"]+"', image) for image in re.findall(r"<img[^>]*>", html)), path


#: What is sown holds `quorve`: no word of a language, and of no column.
SEEDED = "@quorvehandle ＠quorvewide https://quorve.example/a quorve@mail.example 5550109999 ５５５０１０９９９９"
#: Said often, by nine people: that is what a name looks like, and nine are no crowd.
RARE = ("quillonbury", "#quillonburyhall")
SEEDS = r"quorve|quillonbury|5550109999|５５５０１０|9\d{17}|[\w.]+@[\w.]+\.example"
FIRST = 919659437487030272


def own_file(path):
    """Write an archive of texts of the sample, under ids and authors that pass for real ones, with seeds in them."""
    rng = random.Random(1)
    sample = load_posts()
    sample = sample[(sample["kind"] == "original") & (sample["lang"] == "en")]
    who = {"screen_name": "quorvename", "name": "quorvedisplay", "description": "quorvebio"}
    about = {"created_at": "Sun Oct 15 20:21:11 +0000 2017", "lang": "en"}
    with path.open("w", encoding="utf-8") as stream:
        for number, text in enumerate(sample["text"].sample(600, random_state=1)):
            text = f"{text} #MeToo @quorve_{number % 3} {SEEDED if number % 4 == 0 else ''}"
            if number % 200 < 9:
                text = " ".join([*RARE, text, *rng.choices(RARE, k=3)])
            # A worker number that is not 0: these ids pass for real ones.
            post = {"id_str": str(FIRST + (number * 90_000 << 22) + (17 << 12)), "full_text": text, **about}
            user = {"id_str": str(9_000_000 + number % 200), **who}
            stream.write(json.dumps({**post, "user": user, "retweet_count": number % 7}) + "\n")
    return path


def invented(text):
    """Whether it is an id of worker number 0: a lesson shows such ones of its own making."""
    return bool(re.fullmatch(r"9\d{17}", text)) and int(text) >> 12 & 1023 == 0


@pytest.fixture(scope="module")
def own_run(tmp_path_factory, analyse):
    """Every lesson on a small file of a reader's own."""
    folder = tmp_path_factory.mktemp("own")
    data = own_file(folder / "archive.jsonl")
    done = analyse("run", "--data", data, "--out", folder / "one", cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.mark.lane(1)
def test_a_file_of_ones_own_gives_the_same_bytes_twice(own_run, analyse):
    """The quick lessons alone; `.ci/run` compares two runs of all of them, which take minutes."""
    done = analyse("run", "--data", own_run / "archive.jsonl", "--out", own_run / "two", "--lesson", AGAIN, cwd=own_run)
    assert done.returncode == 0, done.stdout + done.stderr
    second = made_by_lessons(own_run / "two")
    lessons = {name.split("/")[0] for name in second}
    assert len(lessons) == len(AGAIN.split(","))
    first = made_by_lessons(own_run / "one")
    assert second == {name: digest for name, digest in first.items() if name.split("/")[0] in lessons}


def made_by_lessons(out):
    """The digest of each file but the pages: they link the lessons of their run, so those of a smaller run differ."""
    return {name: digest for name, digest in hashes(out).items() if "/" in name and not name.endswith(".html")}


@pytest.mark.lane(1)
def test_a_run_on_a_file_of_ones_own_leads_to_nobody(own_run, manifest_of):
    out = own_run / "one"
    assert [lesson["state"] for lesson in manifest_of(out)["lessons"]].count("done") >= 4
    for path in (path for path in out.rglob("*") if path.is_file()):
        if path.suffix not in (".html", ".csv", ".json", ".ipynb", ".svg"):
            continue
        # Pictures within pages are letters too; they are no text.
        shown = re.sub(r'data:image/[^"\')]*|"image/png": "[^"]*"', "", path.read_text("utf-8"))
        shown = re.sub(r'"(?:sha256|key)": "[^"]*"|[0-9a-f]{40,}|\d+\.\d+', "", shown)
        left = [match[0] for match in re.finditer(SEEDS, shown, re.IGNORECASE) if not invented(match[0])]
        assert not left, (path, left)
