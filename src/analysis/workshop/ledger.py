"""What a results folder holds: an entry for each lesson, and every file that a run has made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import nbformat

from analysis.lesson import headlines_table, write_table
from analysis.schema import InputError, write_atomically
from analysis.workshop import results
from analysis.workshop.execute import read_notebook
from analysis.workshop.pages import has_page, headlines_of, index_page, lesson_page


class Ledger:
    """The results folder of a run and the account of it, which is written anew whenever something is put in.

    `facts` is what the manifest tells of the run as a whole. `expected` are the entries of the lessons that this run
    will do, as they are if all goes well: pages link to them.
    """

    def __init__(self, out: Path, facts: Mapping, earlier: Mapping | None, expected: Iterable[Mapping] = ()):
        self.out, self.facts, self.ran = out, facts, []
        self._expected = {entry["name"]: entry for entry in expected}
        self._links = {}  # of each page that was written: the pages that it could link to
        earlier = earlier or {"lessons": [], "files": {}}
        there = [entry for entry in earlier["lessons"] if self._is_there(entry)]
        self.entries = {entry["name"]: entry for entry in there}
        self.files = dict(earlier["files"])
        self._write(whole=False)

    def put(self, entry: Mapping, notebook: nbformat.NotebookNode | None = None, part: Path | None = None) -> None:
        """Take in a lesson that has come to its end; one that was skipped has no notebook.

        `part` is the folder of its figures and tables, which becomes the lesson's folder.
        """
        name, made = entry["name"], {}
        ours = results.below(name, self.files)
        self.entries[name] = entry
        self.ran.append(name)
        self._expected.pop(name, None)
        if notebook is None:
            results.remove(self.out / name, ours)
        else:
            results.write_text(part / f"{name}.ipynb", nbformat.writes(notebook) + "\n")
            results.write_text(part / f"{name}.html", self._page(entry, notebook))
            made = results.hashes(part, f"{name}/")
            results.publish(part, self.out / name, ours)
        self.files = {file: sha for file, sha in self.files.items() if not file.startswith(f"{name}/")} | made
        self._write(whole=False)

    def finish(self, known: Iterable[str]) -> dict:
        """End a whole run and give its manifest.

        What an earlier run left of other data, or of lessons that are no longer among the `known`, goes.
        """
        key, names = self.facts["input"]["key"], set(known)
        kept = [entry["name"] for entry in self._lessons() if entry["input"] == key and entry["name"] in names]
        for name in {file.split("/")[0] for file in self.files if "/" in file} - set(kept):
            results.remove(self.out / name, results.below(name, self.files))
        self.files = {file: sha for file, sha in self.files.items() if "/" not in file or file.split("/")[0] in kept}
        self.entries = {name: self.entries[name] for name in kept}
        self._link()
        return self._write(whole=True)

    def interrupt(self, unreached: Iterable[Mapping]) -> None:
        """End a run that was interrupted: what is there stays, and what was not reached is told."""
        self.entries = {entry["name"]: entry for entry in unreached} | self.entries
        self._link()
        self._write(whole=False)

    def _is_there(self, entry: Mapping) -> bool:
        """Tell whether nobody has removed or spoiled a lesson's notebook by hand since."""
        if not has_page(entry):
            return True
        folder = self.out / entry["name"]
        try:
            read_notebook(folder / f"{entry['name']}.ipynb")
        except InputError:
            return False
        return results.is_folder(folder)

    def _lessons(self) -> list[dict]:
        return [self.entries[name] for name in sorted(self.entries)]

    def _page(self, entry: Mapping, notebook: nbformat.NotebookNode) -> str:
        """Give the page of a lesson, with links to those that are there and those that are to come."""
        lessons = self.entries | self._expected
        lessons = [lessons[name] for name in sorted(lessons)]
        self._links[entry["name"]] = list(filter(has_page, lessons))
        return lesson_page(notebook, entry, lessons)

    def _link(self) -> None:
        """Write those pages again whose links lead to lessons that are not there, or lack some that are."""
        self._expected = {}
        there = [lesson["name"] for lesson in filter(has_page, self._lessons())]
        for name in there:
            if [lesson["name"] for lesson in self._links.get(name, [])] == there:
                continue
            page = self.out / name / f"{name}.html"
            notebook = nbformat.read(page.with_suffix(".ipynb"), as_version=4)
            results.write_text(page, self._page(self.entries[name], notebook))
            self.files[page.relative_to(self.out).as_posix()] = results.sha256(page)

    def _write(self, *, whole: bool) -> dict:
        manifest = {**self.facts, "whole": whole, "ran": self.ran, "lessons": self._lessons()}
        results.write_text(self.out / "index.html", index_page(manifest))
        headlines = headlines_of(manifest)
        table = headlines_table(headlines)
        table.insert(0, "lesson", [headline["lesson"] for headline in headlines])
        with write_atomically(self.out / "headlines.csv") as part:
            write_table(table, part)
        self.files |= {name: results.sha256(self.out / name) for name in ("index.html", "headlines.csv")}
        manifest["files"] = self.files
        results.write_manifest(self.out, manifest)
        return manifest
