"""A lesson that is named, in a lesson, a docstring or a table, is there."""

import csv
import re
from pathlib import Path

import pytest

from analysis.lesson import find_lessons

ROOT = Path(__file__).parents[1]
LESSONS = find_lessons(ROOT / "notebooks")
NAMES = {lesson.name for lesson in LESSONS}
NUMBERS = {name[:2] for name in NAMES}
TEXTS = [*ROOT.glob("notebooks/**/*.ipynb"), ROOT / "README.md", ROOT / "data" / "README.md", ROOT / "Makefile"]
TEXTS += [path for suffix in ("py", "md", "toml", "css") for path in ROOT.glob(f"src/**/*.{suffix}")]
TEXTS += [path for suffix in ("csv", "json") for path in ROOT.glob(f"data/*.{suffix}") if path.stem != "posts"]
#: Doctests invent these two.
INVENTED = {"01-a", "02-b"}

LISTED = r"\d\d?(?!\d)(?:(?:, ?| and | or | to )\d\d?(?!\d))*"
NUMBERED = re.compile(rf"\b(?:lessons?|notebooks?)\b(?: numbers?| no\.)?[ -]{{1,2}}({LISTED})", re.IGNORECASE)
NAMED = re.compile(r"(?<![\w/.-])([01]\d-[a-z]+(?:-[a-z]+)*)(?![\w-])(?!\.(?!ipynb|html))")


def pointers(text):
    """Give the numbers and the full names of the lessons that a text names."""
    numbers = {number.zfill(2) for listed in NUMBERED.findall(text) for number in re.findall(r"\d+", listed)}
    return numbers, set(NAMED.findall(text))


def test_each_lesson_that_is_named_exists():
    lost = {}
    for path in TEXTS:
        numbers, names = pointers(path.read_text(encoding="utf-8"))
        if unknown := (numbers - NUMBERS) | (names - INVENTED - NAMES):
            lost[path.relative_to(ROOT).as_posix()] = sorted(unknown)
    assert lost == {}


def test_the_catalogue_of_data_sets_names_only_lessons_that_exist():
    with (ROOT / "data" / "catalogue.csv").open(encoding="utf-8", newline="") as stream:
        named = {number for row in csv.DictReader(stream) for number in row["lessons"].split(";") if number}
    assert named
    assert named <= NUMBERS


def test_a_choice_of_lesson_in_a_lesson_is_one_that_exists():
    chosen = {
        number
        for lesson in LESSONS
        for number in re.findall(r'wanted = \\"(\d\d)\\"', lesson.path.read_text(encoding="utf-8"))
    }
    assert chosen
    assert chosen <= NUMBERS


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("which lesson 03 needs", ({"03"}, set())),
        ("as in lessons 03, 07 and 08", ({"03", "07", "08"}, set())),
        ("which lesson 3 needs", ({"03"}, set())),
        ("run --lesson 03 on it, lesson 2017 is none", ({"03"}, set())),
        ("see [there](03-networks.ipynb), `07-word-shift`", (set(), {"03-networks", "07-word-shift"})),
        ("on 2017-10-15 between 03-04", (set(), set())),
    ],
)
def test_pointers_are_seen(text, named):
    assert pointers(text) == named
