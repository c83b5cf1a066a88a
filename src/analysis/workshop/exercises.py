"""The students' exercises, made from their solutions: one source for both.

A notebook of solutions marks what the student is to write by the lines ``### BEGIN SOLUTION`` and
``### END SOLUTION``, as nbgrader does. All else, such as the cells that check an answer, stands in both.
"""

from __future__ import annotations

import ast
from pathlib import Path

import nbformat

from analysis.schema import InputError
from analysis.workshop.execute import read_notebook
from analysis.workshop.results import write_text

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
#: What stands in the place of a solution.
BLANK = "...  # your code"


def write_exercises(solutions: str | Path, out: str | Path) -> list[Path]:
    """Write the student's version of each notebook of solutions."""
    paths = sorted(Path(solutions).glob("[0-9][0-9]-*.ipynb"))
    if not paths:
        raise InputError(f"{solutions}: no solutions are here; they are called 01-the-posts.ipynb and the like")
    exercises = {Path(out, path.name): nbformat.writes(exercise(path)) + "\n" for path in paths}
    Path(out).mkdir(parents=True, exist_ok=True)
    for path, text in exercises.items():
        write_text(path, text)
    return list(exercises)


def exercise(path: Path) -> nbformat.NotebookNode:
    """Give a notebook of solutions as the student gets it: without the solutions and without outputs."""
    notebook, blanks = read_notebook(path), 0
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type != "code":
            continue
        try:
            cell.source, more = without_solutions(cell.source)
        except ValueError as error:
            raise InputError(f"{path}, cell {number}: {error}") from None
        blanks += more
        cell.outputs, cell.execution_count = [], None
        cell.metadata.pop("execution", None)
    if not blanks:
        raise InputError(f"{path}: no cell holds a solution; set it between the lines {BEGIN} and {END}")
    return notebook


def without_solutions(source: str) -> tuple[str, int]:
    """Replace each solution in a cell by one blank to fill in, at the same indent; give how many there were, too."""
    kept, begun, blanks = [], None, 0
    for number, line in enumerate(source.splitlines(), start=1):
        if line.strip() == BEGIN:
            if begun is not None:
                raise ValueError(f"line {number}: a solution begins in one that began in line {begun}; end that first")
            begun, blanks = number, blanks + 1
            kept.append(line[: line.index(BEGIN)] + BLANK)
        elif line.strip() == END:
            if begun is None:
                raise ValueError(f"line {number}: {END} has no {BEGIN} before it; add that, or take this line out")
            begun = None
        elif begun is None:
            kept.append(line)
    if begun is not None:
        raise ValueError(f"line {begun}: {BEGIN} has no {END} after it; add that")
    try:
        ast.parse("\n".join(kept))
    except SyntaxError as error:
        raise ValueError(f"without its solutions the code is no Python ({error.msg}); move the markers") from None
    return "\n".join(kept), blanks
