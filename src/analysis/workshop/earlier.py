"""What an earlier run left in a results folder: its ``manifest.json`` lists the files that may be replaced and removed.

A manifest may come from anybody, in an archive say, so only what a run could have written counts.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path

from analysis.schema import InputError
from analysis.workshop.lock import LOCK
from analysis.workshop.results import LAYOUT, MADE_BY, MANIFEST, is_plain

_LESSON = re.compile(r"\d\d-[a-z0-9-]+")
_FIELDS = {"name": str, "title": str, "needs": list, "state": str, "input": str, "random_state": int}
_FIELDS |= {"seconds": float, "cell": int | None, "error": str | None, "why": str | None}
_FIELDS |= {"figures": list, "headlines": list}
_FIGURE = {"name": str, "alt": str, "files": list, "sample": bool}
_HEADLINE = {"question": str, "unit": str, "note": str, "sample": bool}
_HEADLINE |= dict.fromkeys(("value", "low", "high"), int | float | str | None)
_STATES = ("done", "failed", "skipped", "not run")


def read_manifest(out: Path) -> dict | None:
    """Read what an earlier run left in a folder.

    None where the folder is missing or empty. No lessons where the manifest is of another layout; of files, those in
    lessons' folders alone, whatever it says.
    """
    if not out.exists():
        return _writable(next(parent for parent in out.absolute().parents if parent.exists()), out)
    _writable(out, out)
    names = {path.name for path in out.iterdir()} - {LOCK}
    try:
        manifest = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
        if manifest["made_by"] == MADE_BY:
            return _believed(manifest)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        pass
    if names:
        raise InputError(f"{out}: holds files that no run of ours has made; name an empty or a new folder by --out")
    return None


def _writable(folder: Path, out: Path) -> None:
    """Raise InputError unless `folder` is a folder in which something can be made."""
    if not folder.is_dir():
        raise InputError(
            f"{out}: {'is' if folder == out else f'{folder} is'} a file, not a folder; name another by --out"
        )
    probe = folder / f".writable-{os.getpid()}"
    try:
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise InputError(f"{out}: cannot be written ({error.strerror}); name another folder by --out") from None


def _believed(manifest: Mapping) -> dict:
    """Give what can be believed of a manifest: all lessons if each is whole, and the files that a run can have made."""
    lessons = manifest.get("lessons", []) if manifest["layout"] == LAYOUT else []
    files = manifest.get("files", {})
    if not isinstance(lessons, list) or not all(map(_is_entry, lessons)) or not isinstance(files, dict):
        return {"lessons": [], "files": {}}  # no run has written this: nothing of it is ours to remove
    return {"lessons": lessons, "files": {name: sha for name, sha in files.items() if _is_ours(name)}}


def _is_ours(name: str) -> bool:
    """Tell whether a path can be that of a file in a lesson's folder."""
    lesson, *rest = name.split("/")
    return bool(rest) and is_plain(name) and bool(_LESSON.fullmatch(lesson))


def _is_entry(entry: object) -> bool:
    """Tell whether this is a lesson's entry, with all that later pages tell of it."""
    if not _has(entry, _FIELDS):
        return False
    figures = all(
        _has(figure, _FIGURE) and _are_plain([figure["name"], *figure["files"]]) for figure in entry["figures"]
    )
    headlines = all(_has(headline, _HEADLINE) for headline in entry["headlines"])
    return bool(_LESSON.fullmatch(entry["name"])) and entry["state"] in _STATES and figures and headlines


def _has(table: object, fields: Mapping) -> bool:
    return isinstance(table, dict) and all(
        name in table and isinstance(table[name], kind) for name, kind in fields.items()
    )


def _are_plain(names: list) -> bool:
    """Tell whether all are paths that can stand in a page as they are."""
    return all(isinstance(name, str) and re.fullmatch(r"[\w./-]+", name) and is_plain(name) for name in names)
