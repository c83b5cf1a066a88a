"""Imports run one way, as CONTRIBUTING.md draws them, and importing the package costs next to nothing."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import analysis

SOURCE = Path(analysis.__file__).parent
#: The floors of the house. Whoever stands on one may import what stands on a lower one, and what stands beside it
#: where that makes no circle.
FLOORS = {
    **dict.fromkeys(("schema", "snowflake"), 0),
    **dict.fromkeys(("posts", "text", "privacy", "intervals", "lesson"), 1),
    **dict.fromkeys(("spread", "sentiment", "shift", "disclosure", "estimate", "topics"), 2),
    **dict.fromkeys(("methods", "engines", "collect", "synthetic"), 3),
    **dict.fromkeys(("workshop", "__main__"), 4),
}
#: Imports that reach up, each inside the function that needs it: a reader of foreign files, and fast twins.
LATE = {
    ("analysis.posts", "analysis.collect"),
}


def modules():
    """Every module of the package by its name, parsed."""
    names = {}
    for path in sorted(SOURCE.rglob("*.py")):
        parts = ("analysis", *path.relative_to(SOURCE).with_suffix("").parts)
        names[".".join(parts).removesuffix(".__init__")] = ast.parse(path.read_text(encoding="utf-8"))
    return names


MODULES = modules()


def imported(tree):
    """Which modules of the package some code imports, late imports too."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "write imports in full"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {name if name in MODULES else name.rpartition(".")[0] for name in names} & MODULES.keys()


def room(name):
    """The file or folder right below the package that a module belongs to."""
    return name.split(".")[1] if "." in name else ""


ARROWS = {(name, other) for name, tree in MODULES.items() for other in imported(tree) - {name, "analysis"}}
LISTED = {arrow for arrow in ARROWS if (arrow[0], f"analysis.{room(arrow[1])}") in LATE}


def test_every_room_has_its_floor():
    assert {room(name) for name in MODULES} - {"", "plots"} == FLOORS.keys()


def test_imports_reach_down_or_stand_in_the_list():
    up = {(a, b) for a, b in ARROWS - LISTED if room(a) != "plots" and FLOORS.get(room(b), 9) > FLOORS[room(a)]}
    assert up == set()


def test_plots_import_nothing_but_plots():
    assert {(a, b) for a, b in ARROWS if room(a) == "plots" and room(b) != "plots"} == set()


def test_what_reaches_up_is_imported_late():
    at_once = set()
    for name, tree in MODULES.items():
        body = [node for node in tree.body if not isinstance(node, ast.FunctionDef | ast.ClassDef)]
        at_once |= {(name, other) for other in imported(ast.Module(body=body, type_ignores=[]))}
    assert at_once & LISTED == set()


def test_every_late_import_that_is_listed_is_there():
    assert {(name, f"analysis.{room(other)}") for name, other in LISTED} == LATE


@pytest.mark.parametrize("level", ["modules", "rooms"])
def test_no_circles(level):
    arrows = ARROWS - LISTED
    if level == "rooms":
        arrows = {(room(a), room(b)) for a, b in arrows if room(a) != room(b)}
    left = {end for arrow in arrows for end in arrow}
    while True:  # take away whoever imports none of those left, or whom none of them imports: circles stay
        inner = {(a, b) for a, b in arrows if a in left and b in left}
        circled = {a for a, _ in inner} & {b for _, b in inner}
        if circled == left:
            break
        left = circled
    assert sorted(arrow for arrow in arrows if set(arrow) <= left) == []


def test_importing_the_package_loads_nothing_heavy():
    heavy = {"numpy", "pandas", "pyarrow", "matplotlib", "sklearn", "scipy", "nltk", "IPython", "nbclient"}
    show = "import sys, analysis; print(*sorted({name.split('.')[0] for name in sys.modules}))"
    run = subprocess.run([sys.executable, "-c", show], capture_output=True, text=True, check=True)
    assert not set(run.stdout.split()) & heavy


def test_the_package_finds_its_modules_by_name_and_refuses_others():
    assert set(dir(analysis)) >= {room(name) for name in MODULES} - {"", "__main__"}
    assert analysis.snowflake.__name__ == "analysis.snowflake"
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = analysis.nothing
