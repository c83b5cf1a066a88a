"""Tell how far a run has come: a bar in a terminal, one plain line a lesson elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TextIO


class Progress:
    """The progress through the code cells of a run: in a terminal, a bar that names the lesson and its cell."""

    def __init__(self, total: int, stream: TextIO | None = None):
        self.stream = stream or sys.stderr
        self.bar = None
        if self.stream.isatty():
            from tqdm import tqdm

            form = "{desc} |{bar}| {percentage:3.0f}% [{elapsed}]"
            self.bar = tqdm(total=total, file=self.stream, leave=False, bar_format=form)

    def cell(self, lesson: str, number: int, of: int) -> None:
        """Tell that a cell begins."""
        if self.bar is not None:
            self.bar.set_description_str(f"{lesson}, cell {number} of {of}")
            self.bar.update()

    def lesson(self, entry: Mapping) -> None:
        """Tell how a lesson ended."""
        if self.bar is None:
            print(summary(entry), file=self.stream, flush=True)

    def close(self) -> None:
        """Take the bar away."""
        if self.bar is not None:
            self.bar.close()


def summary(entry: Mapping) -> str:
    """Say in one line how a lesson of the manifest ended.

    >>> summary({"name": "03-spread", "state": "done", "seconds": 3.21})
    '03-spread done in 3.2 s'
    """
    return f"{entry['name']} {ending(entry, digits=1)}"


def ending(entry: Mapping, digits: int = 0) -> str:
    """Say how a lesson ended, without its name; `digits` are those of the seconds."""
    if entry["state"] == "done":
        return f"done in {entry['seconds']:.{digits}f} s"
    if entry["state"] == "failed":
        where = f" at cell {entry['cell']}" if entry["cell"] else ""
        return f"failed{where}: {entry['error']}"
    return f"{entry['state']}: {entry['why']}"
