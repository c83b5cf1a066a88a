"""The main job: execute the lessons in order against a data set, and write what comes of it into a folder."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import nbformat

from analysis.lesson import Lesson, find_lessons
from analysis.schema import InputError, find_root
from analysis.workshop.earlier import read_manifest
from analysis.workshop.execute import code_cells, execute, read_notebook, set_parameters
from analysis.workshop.inputs import input_path, read_input
from analysis.workshop.interrupts import Interrupts
from analysis.workshop.ledger import Ledger
from analysis.workshop.lock import locked, temporary
from analysis.workshop.manifest import gather, lack
from analysis.workshop.paths import hide, hide_in, names
from analysis.workshop.progress import Progress
from analysis.workshop.results import begun, check_place, clear


def run(
    data: str | Path | None = None,
    *,
    second: str | None = None,
    lessons: Iterable[str] = (),
    out: str | Path = "results",
    random_state: int = 1,
    folder: str | Path | None = None,
    advanced: bool = False,
) -> dict:
    """Execute lessons against a data set, write their results into a folder, and give the manifest as it is written.

    `data` is any input that can be read, the sample where it is None; real people's posts are protected first. `second`
    says what the second column of an id list without a header holds; `lessons`, which to run (see :func:`pick`; all
    where it is empty); `folder`, where they are; `advanced`, that those in its folder of that name run too. `out` is
    new, empty, or of an earlier run. `random_state`, from 0 to 2**32 - 1, is given to every lesson.

    Raises
    ------
    analysis.schema.InputError
        If something given is not as it must be, or another run writes there. Nothing has been written then.
    KeyboardInterrupt
        On SIGINT or SIGTERM. Finished lessons are whole then and the manifest tells of them.
    """
    if not 0 <= random_state < 2**32:
        raise InputError(f"--random-state {random_state}: give a whole number from 0 to {2**32 - 1}")
    root, out = find_root(), Path(out)
    path = input_path(data, root)
    folder = Path(folder or root / "notebooks").resolve()
    known, more = find_lessons(folder), find_advanced(folder / "advanced")
    if advanced and not more:
        sys.stderr.write(f"{folder / 'advanced'}: no lesson is here yet; the main lessons run alone\n")
    chosen = pick([*known, *more] if advanced else known, lessons)
    notebooks = {lesson: read_notebook(lesson.path) for lesson in chosen}
    read_manifest(out)  # so that a folder that is not ours is refused before a long reading
    for lesson in chosen:
        check_place(out / lesson.name)
    with Interrupts() as interrupts, temporary() as temp:
        reading = read_input(path, second, temp / "data")
        given = None if data is None else reading.path
        facts = {**gather(reading, path, second, root, sample=data is None), "random_state": random_state}
        del reading  # each lesson loads the posts anew, in a process of its own
        why = {lesson: lack(lesson.needs, facts["input"], lesson.takes) for lesson in chosen}
        job = _Job(root, path, given, facts, temp)
        with locked(out):
            return _run(out, chosen, why, notebooks, job, interrupts, [lesson.name for lesson in [*known, *more]])


def find_advanced(folder: Path) -> list[Lesson]:
    """Find the advanced lessons; none where there is no such folder, or nothing in it."""
    return find_lessons(folder) if any(folder.glob("[0-9][0-9]-*.ipynb")) else []


def pick(lessons: Iterable[Lesson], wanted: Iterable[str]) -> list[Lesson]:
    """Pick lessons by number (03), name (03-spread) or the name's end (spread), in the lessons' own order."""
    lessons = list(lessons)
    words = [word.strip() for part in wanted for word in part.split(",") if word.strip()]
    chosen = set()
    for word in words:
        named = {lesson.name for lesson in lessons if word.zfill(2) in (lesson.name, *lesson.name.split("-", 1))}
        if not named:
            raise InputError(f"no lesson {word!r}; there are {', '.join(lesson.name for lesson in lessons)}")
        chosen |= named
    return [lesson for lesson in lessons if not words or lesson.name in chosen]


def _run(out, chosen, why, notebooks, job, interrupts, known):
    """Execute the lessons into a folder that is ours alone, one after the other, and give the manifest."""
    earlier = read_manifest(out)
    clear(out, earlier["files"] if earlier else [])
    progress = Progress(sum(len(code_cells(notebooks[lesson])) + 1 for lesson in chosen if not why[lesson]))
    expected = [job.entry(lesson, "done") for lesson in chosen if not why[lesson]]
    ledger = Ledger(out, job.facts, earlier, expected)
    try:
        for lesson in chosen:
            with begun(out, lesson.name) as part:
                if why[lesson]:
                    notebook, entry = None, job.entry(lesson, "skipped", why=why[lesson])
                else:
                    notebook, entry = job.execute(lesson, notebooks[lesson], part, progress)
                with interrupts.held():
                    ledger.put(entry, notebook, part)
            progress.lesson(entry)
    except KeyboardInterrupt:
        with interrupts.held():
            ledger.interrupt(job.entry(lesson, "not run", why="the run was interrupted") for lesson in chosen)
        raise KeyboardInterrupt(f"the lessons that were finished are whole: {out / 'index.html'}") from None
    finally:
        progress.close()
    with interrupts.held():
        return ledger.finish(known)


@dataclass(frozen=True)
class _Job:
    """What the lessons of a run have in common: the project, the input as it was named, and as lessons read it."""

    root: Path
    path: Path
    given: Path | None
    facts: Mapping
    temp: Path

    def entry(self, lesson: Lesson, state: str, **more) -> dict:
        """Give what the manifest tells of a lesson."""
        about = {"name": lesson.name, "title": lesson.title, "needs": list(lesson.needs), "state": state}
        ran = {"input": self.facts["input"]["key"], "random_state": self.facts["random_state"], "seconds": 0.0}
        ending = {"cell": None, "error": None, "why": None, "figures": [], "headlines": []}
        return {**about, **ran, **ending, **more}

    def execute(
        self, lesson: Lesson, notebook: nbformat.NotebookNode, part: Path, progress: Progress
    ) -> tuple[nbformat.NotebookNode, dict]:
        """Execute a lesson, which keeps its figures and tables in `part`; give it with its entry."""
        given = None if self.given is None else str(self.given)
        ready = set_parameters(notebook, {"data": given, "random_state": self.facts["random_state"]})
        total = len(code_cells(ready))
        executed, outcome = execute(
            ready,
            folder=lesson.path.parent,
            temp=self.temp,
            results=part.resolve(),
            on_cell=lambda number: progress.cell(lesson.name, number, total),
        )
        own = {self.temp: "temp", part: "results"} | ({self.given: self.path.name} if self.given else {})
        said = names(self.path, self.root, own)
        executed = hide_in(executed, said)
        figures, headlines = _figures(executed), _headlines(executed)
        ending = {"state": outcome.state, "cell": outcome.cell, "error": outcome.error and hide(outcome.error, said)}
        twice = [name for name, times in Counter(figure["name"] for figure in figures).items() if times > 1]
        if twice and outcome.state == "done":
            ending = {"state": "failed", "cell": None, "error": f"two of its figures are called {twice[0]}"}
        kept = {"figures": figures, "headlines": headlines}
        return executed, self.entry(lesson, seconds=round(outcome.seconds, 2), **kept, **ending)


def _metadata(notebook: nbformat.NotebookNode, kind: str) -> list[Mapping]:
    """Give the metadata of each output of an executed lesson that is a figure or a headline."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    metadata = [output.get("metadata", {}) for output in outputs]
    return [about for about in metadata if kind in about.get("analysis", {})]


def _figures(notebook: nbformat.NotebookNode) -> list[dict]:
    """Give name, alternative text and files of each figure, and whether it is about the sample."""
    figures = [(about["analysis"], about["image/png"]["alt"]) for about in _metadata(notebook, "figure")]
    return [
        {"name": figure["figure"], "alt": alt, "files": list(figure["files"]), "sample": figure["sample"]}
        for figure, alt in figures
    ]


def _headlines(notebook: nbformat.NotebookNode) -> list[dict]:
    """Give the headlines; of those that answer the same question, the last."""
    headlines = [dict(about["analysis"]["headline"]) for about in _metadata(notebook, "headline")]
    return list({headline["question"]: headline for headline in headlines}.values())
