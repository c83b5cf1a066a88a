"""Keep a reader's own folders out of what is kept: paths become names."""

from __future__ import annotations

import copy
import re
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

_CELL = re.compile(r"[^\s\"'<>]*ipykernel_\d+[/\\]+\d+\.py")  # the file name that a kernel gives to a cell


def names(data: Path, root: Path, more: Mapping[Path, str] | None = None) -> dict[str, str]:
    """Say what to tell instead of each path of a run that nobody else should see, in each form in which it may be met.

    `more` says it for other paths than those of the input, the project and the system.
    """
    python = {Path(sys.prefix): "python", Path(sys.base_prefix): "python"}
    folders = {Path(tempfile.gettempdir()): "temp", **python, data.absolute().parent: ".", root: ".", Path.home(): "~"}
    said = {**folders, data.absolute(): data.absolute().name, **(more or {})}
    told_as = {}
    for path, name in said.items():
        for form in (path.absolute(), path.resolve()):
            if len(form.parts) > 1:  # a plain / would be met everywhere
                told_as |= dict.fromkeys(_forms(form), name)
    return told_as


def _forms(path: Path) -> list[str]:
    """Give the ways in which a path may be written: as it is, as in Python's repr, and from the home folder on."""
    forms = [str(path), repr(str(path))[1:-1], path.as_posix()]
    if path.is_relative_to(Path.home()) and path != Path.home():
        forms.append(str("~" / path.relative_to(Path.home())))
    return forms


def hide(text: str, said: Mapping[str, str]) -> str:
    """Give a text in which each path of `said` is told by its name.

    >>> hide("/home/ann/x.csv, /home/anna", {"/home/ann": "~", "/home/ann/x.csv": "x.csv"})
    'x.csv, /home/anna'
    """
    longest = sorted(said, key=len, reverse=True)
    pattern = re.compile(f"({'|'.join(map(re.escape, longest))})(?![\\w-])")
    return pattern.sub(lambda match: said[match[0]], _CELL.sub("cell", text))


def hide_in(notebook: Mapping, said: Mapping[str, str]) -> Mapping:
    """Give an executed notebook in whose parameters and outputs no path of `said` is left."""
    notebook = copy.deepcopy(notebook)
    for cell in notebook["cells"]:
        if "parameters" in cell["metadata"].get("tags", []):
            cell["source"] = hide(cell["source"], said)
        for output in cell.get("outputs", []):
            for key, value in output.items():
                output[key] = _hide_value(value, said)
    return notebook


def _hide_value(value, said: Mapping[str, str]):
    """Hide paths in a text, a list of texts, or a bundle of them; pictures are left as they are."""
    if isinstance(value, str):
        return hide(value, said)
    if isinstance(value, list):
        return [_hide_value(part, said) for part in value]
    if isinstance(value, Mapping):
        kept = {key: part if str(key).startswith("image/") else _hide_value(part, said) for key, part in value.items()}
        return type(value)(kept)
    return value
