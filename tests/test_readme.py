"""What the README says is so: its commands exist, its lessons are all of them, its picture is the one that is drawn."""

import re
import tomllib
from pathlib import Path

import pandas as pd
import yaml
from matplotlib.testing.compare import compare_images

import analysis
from analysis.lesson import find_lessons, show
from analysis.plots.spread import plot_counts
from analysis.posts import load_posts
from analysis.spread import CALL, counts
from analysis.workshop.cli import PICTURE, commands

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
MAKEFILE = (ROOT / "Makefile").read_text()


def test_every_command_that_is_named_exists():
    assert set(re.findall(r"`make ([a-z]+)", README)) <= set(re.findall(r"^([a-z]+):", MAKEFILE, flags=re.M))
    assert set(re.findall(r"-m analysis ([a-z]+)", README)) <= set(commands.commands)


def test_the_table_of_lessons_names_all_of_them():
    rows = re.findall(r"^\| `(\d\d-[a-z-]+)` \|", README, flags=re.M)
    assert rows == [lesson.name for lesson in find_lessons(ROOT / "notebooks")]


def test_the_picture_is_the_one_that_the_shipped_posts_give(tmp_path, monkeypatch):
    hours = counts(load_posts(), every="1h")
    day = CALL.normalize()
    view = hours[hours["start"].between(day, day + pd.Timedelta("71h"))]
    monkeypatch.setenv("ANALYSIS_RESULTS", str(tmp_path))
    ax = plot_counts(view, marks={"the call": CALL}, title="The first three days")
    show(ax, name=PICTURE[1], alt="the README's picture")
    kept, drawn = ROOT / PICTURE[2], tmp_path / "figures" / f"{PICTURE[1]}.png"
    assert str(PICTURE[2].as_posix()) in README
    assert compare_images(str(kept), str(drawn), tol=5) is None, "make picture draws it again"


def test_what_is_linked_is_there():
    for target in re.findall(r"\]\((?!http|#)([^)#]+)\)", README):
        assert (ROOT / target).exists(), target


def test_the_version_is_the_same_everywhere():
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"] == analysis.__version__
    assert yaml.safe_load((ROOT / "CITATION.cff").read_text())["version"] == analysis.__version__
