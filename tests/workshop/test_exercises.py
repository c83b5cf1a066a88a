import nbformat
import pytest

from analysis.schema import InputError
from analysis.workshop import cli
from analysis.workshop.exercises import write_exercises

SOLUTION = """def double(x):
    ### BEGIN SOLUTION
    y = x + x
    return y
    ### END SOLUTION"""
CHECK = "assert double(2) == 4, 'What is two and two?'"


def solve(folder, *cells):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Double", id="a")])
    for number, source in enumerate(cells):
        output = nbformat.v4.new_output("stream", name="stdout", text="4")
        notebook.cells.append(nbformat.v4.new_code_cell(source, id=f"c{number}", outputs=[output], execution_count=1))
    folder.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, folder / "02-words.ipynb")


def test_a_student_gets_the_cells_without_solutions_and_outputs(tmp_path, capsys):
    solve(tmp_path / "exercises" / "solutions", SOLUTION, CHECK)
    for _ in range(2):
        assert cli.main(["exercises", "--solutions", str(tmp_path / "exercises" / "solutions")]) == 0
        written = (tmp_path / "exercises" / "02-words.ipynb").read_bytes()
        notebook = nbformat.reads(written.decode(), as_version=4)
        assert [cell.source for cell in notebook.cells] == ["# Double", "def double(x):\n    ...  # your code", CHECK]
        assert not any(cell.get("outputs") or cell.get("execution_count") for cell in notebook.cells)
    assert str(tmp_path / "exercises" / "02-words.ipynb") in capsys.readouterr().out
    assert written.endswith(b"}\n")


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (CHECK, "no cell holds a solution"),
        ("### BEGIN SOLUTION\nx = 1", "cell 2: line 1: .* has no ### END"),
        ("x = 1\n### END SOLUTION", "cell 2: line 2: .* has no ### BEGIN"),
        ("### BEGIN SOLUTION\n### BEGIN SOLUTION\n### END SOLUTION", "cell 2: line 2: a solution begins in one"),
        ("### BEGIN SOLUTION\nx = (\n### END SOLUTION\n1)", "cell 2: .* is no Python"),
    ],
)
def test_markers_that_make_no_exercise_are_refused_and_nothing_is_written(tmp_path, source, message):
    solve(tmp_path / "solutions", source)
    with pytest.raises(InputError, match=message):
        write_exercises(tmp_path / "solutions", tmp_path / "out")
    with pytest.raises(InputError, match="no solutions are here"):
        write_exercises(tmp_path, tmp_path / "out")
    assert not (tmp_path / "out").exists()
