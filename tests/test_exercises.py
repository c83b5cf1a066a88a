"""Each solution passes its checks, each untouched exercise fails them with a hint, and the two come from one source."""

import nbformat
import pytest

from analysis.schema import find_root
from analysis.workshop.exercises import BLANK, exercise, write_exercises

FOLDER = find_root() / "notebooks" / "exercises"
SOLUTIONS = sorted((FOLDER / "solutions").glob("*.ipynb"))
CHECK = "### CHECK"
#: What somebody might answer at first: for each exercise in turn, code that its check has to refuse.
WRONG = {
    "00-start-here": [
        "n_written = int((posts['kind'] == 'repost').sum())",
        "mean_likes = posts['likes'].fillna(0).mean()",
        "busiest = posts['created_at'].dt.floor('D').mode()[0] + pd.Timedelta('25D')",
        "table = pd.read_csv(io.StringIO(saved))",
    ],
    "01-the-posts": [
        "of_all = of_written = sample['parent_id'].notna().mean()",
        "recall, precision = 0.5, 0.5",
        "share, low, high = written['stance'].eq('detail').mean(), 0, 1",
        "points = 0.0",
        "shown = sample['lang'].value_counts()",
    ],
}


@pytest.fixture(scope="module", params=SOLUTIONS, ids=lambda path: path.stem)
def path(request):
    return request.param


def code_of(notebook, random_state):
    """Give the code of each cell, with another random state in the place of the one that is set."""
    cells = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    assert any("random_state = 1" in source for source in cells)
    return [source.replace("random_state = 1", f"random_state = {random_state}") for source in cells]


def failed_checks(cells):
    """Run cells in turn, and give what each check that fails says, by its number."""
    names, said, number = {"__name__": "__main__"}, {}, 0
    for source in cells:
        number += source.startswith(CHECK)
        try:
            exec(compile(source, "exercise", "exec"), names)
        except AssertionError as error:
            assert source.startswith(CHECK)
            said[number] = str(error)
    return said


def test_the_students_versions_are_those_that_the_solutions_give(tmp_path):
    write_exercises(FOLDER / "solutions", tmp_path)
    assert SOLUTIONS
    assert {path.name: path.read_bytes() for path in FOLDER.glob("*.ipynb")} == {
        path.name: path.read_bytes() for path in tmp_path.iterdir()
    }
    assert all((FOLDER.parent / path.name).is_file() for path in SOLUTIONS)


@pytest.mark.parametrize("random_state", [1, 2])
def test_solutions_pass_and_untouched_exercises_fail_with_a_hint(path, random_state):
    notebook = nbformat.read(path, as_version=4)
    assert "Content note" in notebook.cells[0].source
    assert not any(cell.get("outputs") for cell in notebook.cells)
    solved = code_of(notebook, random_state)
    checks = sum(source.startswith(CHECK) for source in solved)
    assert 3 <= checks <= 5
    assert failed_checks(solved) == {}
    untouched = code_of(exercise(path), random_state)
    assert sum(BLANK in source for source in untouched) == checks
    hints = failed_checks(untouched)
    assert len(hints) == checks
    assert all(len(hint.split()) > 5 for hint in hints.values())


def test_likely_wrong_answers_are_refused_with_a_hint(path):
    wrong = iter(WRONG[path.stem])
    cells = [source.replace(BLANK, next(wrong)) if BLANK in source else source for source in code_of(exercise(path), 1)]
    hints = failed_checks(cells)
    assert len(hints) == len(WRONG[path.stem])
    assert min(len(hint.split()) for hint in hints.values()) > 5
