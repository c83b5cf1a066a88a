"""A lesson that is named, in a lesson, a docstring or a table, is there."""

import csv
import re
from pathlib import Path

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


def test_each_lesson_that_is_named_exists():
    lost, seen = {}, set()
    for path in TEXTS:
        text = path.read_text(encoding="utf-8")
        numbers = {number.zfill(2) for listed in NUMBERED.findall(text) for number in re.findall(r"\d+", listed)}
        names = set(NAMED.findall(text)) - INVENTED
        seen |= numbers | names
        if unknown := (numbers - NUMBERS) | (names - NAMES):
            lost[path.relative_to(ROOT).as_posix()] = sorted(unknown)
    assert lost == {}
    assert seen & NUMBERS
    assert seen & NAMES


def test_the_catalogue_names_only_lessons_that_exist():
    with (ROOT / "data" / "catalogue.csv").open(encoding="utf-8", newline="") as stream:
        named = {number for row in csv.DictReader(stream) for number in row["lessons"].split(";") if number}
    assert named
    assert named <= NUMBERS
