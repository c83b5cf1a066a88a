"""Imports run one way, as the design draws them; and importing the package costs next to nothing."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import analysis

SOURCE = Path(analysis.__file__).parent
GROUND = {"posts", "snowflake", "words", "answers", "privacy", "estimate", "copies", "embeddings", "stored"}
SIDE_BY_SIDE = {"sources", "corpus", "spread", "sentiment", "shift", "disclosure", "topics"}
FIGURES = {"figures"}
ROOF = {"ingest", "commands", "label", "labelling", "lessons", "run", "pages", "cli", "terminal", "__main__"}
#: Of the ground floor, only this one reaches up: late, when a file asks for a reader.
LATE = {("posts", "sources")}

FILES = sorted(path for path in SOURCE.rglob("*.py") if path != SOURCE / "__init__.py")


def room(path):
    """The module or package of ``analysis`` that a file belongs to."""
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imports(tree):
    """Which rooms of the package some code imports."""
    found = set()
    for node in ast.walk(tree):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are written in full"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            names = [node.module] if node.module.count(".") else names
        found |= {
            name.split(".")[1] for name in names if name.startswith("analysis.") and name != "analysis.__version__"
        }
    return found


def allowed(where):
    """Which rooms a room may import, its own aside."""
    if where in GROUND:
        return GROUND
    if where in SIDE_BY_SIDE:
        return GROUND
    if where in FIGURES:
        return set()
    return GROUND | SIDE_BY_SIDE | FIGURES | ROOF


def test_every_room_has_its_floor():
    assert {room(path) for path in FILES} == GROUND | SIDE_BY_SIDE | FIGURES | ROOF


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_imports_run_one_way(path):
    tree = ast.parse(path.read_text())
    where = room(path)
    reaches = {(where, other) for other in imports(tree) - allowed(where) - {where}}
    assert reaches <= LATE
    at_once = {(where, other) for node in tree.body for other in _at_once(node)}
    assert not at_once & LATE


def _at_once(node):
    """What a top-level statement imports when the module is loaded."""
    return imports(node) if not isinstance(node, ast.FunctionDef | ast.ClassDef) else set()


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_module_is_understood_in_one_sitting(path):
    assert len(path.read_text().splitlines()) <= 260


def loaded_after(code):
    """The top-level modules that are loaded after some code ran in a fresh interpreter."""
    show = "import sys; print(*sorted({name.split('.')[0] for name in sys.modules}))"
    run = subprocess.run([sys.executable, "-c", f"{code}\n{show}"], capture_output=True, text=True, check=True)
    return set(run.stdout.split())


def test_importing_the_package_loads_nothing_heavy():
    heavy = {"numpy", "pandas", "pyarrow", "matplotlib", "sklearn", "scipy", "nltk", "IPython", "nbclient"}
    assert not loaded_after("import analysis") & heavy


def test_what_every_lesson_loads_leaves_the_heavy_parts_for_later():
    later = {"matplotlib", "sklearn", "scipy", "nltk", "nbclient", "nbconvert", "jupyterlab"}
    assert not loaded_after("import analysis.posts, analysis.snowflake, analysis.spread, analysis.lessons") & later


def test_the_package_finds_its_modules_by_name_and_refuses_others():
    assert set(dir(analysis)) >= {room(path) for path in FILES} - {"__main__"}
    assert analysis.snowflake.__name__ == "analysis.snowflake"
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = analysis.nothing


def test_times_are_written_so_that_every_platform_can():
    lessons = SOURCE.parents[1] / "notebooks"
    assert [
        path.name for path in [*FILES, *lessons.glob("*.ipynb")] if re.search("%[-#][dHIjmMSy]", path.read_text())
    ] == []
