"""The results folder: which of it is ours, and how a lesson's folder is replaced without losing what is not.

A results folder is known by its ``manifest.json``, which lists every file that a run has made. Files that it does
not list are somebody's own: they are never changed or removed, and move along when a lesson's folder is replaced.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from analysis.posts import InputError

MANIFEST = "manifest.json"
MADE_BY = "python -m analysis run"
LAYOUT = 1  # of the manifest; raise it when an entry changes its fields


def read_manifest(out: Path) -> dict | None:
    """Read what an earlier run left in a folder.

    Parameters
    ----------
    out : pathlib.Path

    Returns
    -------
    dict or None
        The manifest, without lessons where it is of another layout; None where the folder is missing or empty.

    Raises
    ------
    analysis.posts.InputError
        If it is not a folder, cannot be written, or holds files but no manifest of ours.
    """
    if not out.exists():
        return _writable(next(parent for parent in out.absolute().parents if parent.exists()), out)
    _writable(out, out)
    names = {path.name for path in out.iterdir()}
    try:
        manifest = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
        if manifest["made_by"] == MADE_BY:
            return manifest if manifest["layout"] == LAYOUT else {**manifest, "lessons": []}
    except (OSError, ValueError, KeyError, TypeError):
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


def write_text(path: Path, text: str) -> None:
    """Write a text file (UTF-8, LF) whole or not at all: beside its place, then renamed."""
    part = path.with_name(f".{path.name}.part")
    part.write_text(text, encoding="utf-8", newline="\n")
    part.replace(path)


def write_manifest(out: Path, manifest: dict) -> None:
    """Write the manifest: sorted keys, UTF-8, a newline at the end."""
    content = {"made_by": MADE_BY, "layout": LAYOUT, **manifest}
    write_text(out / MANIFEST, json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False) + "\n")


def hashes(folder: Path, prefix: str = "") -> dict[str, str]:
    """Give the SHA-256 of each file below a folder, by its path there with `prefix` in front."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {prefix + path.relative_to(folder).as_posix(): sha256(path) for path in paths}


def sha256(path: Path) -> str:
    """Give the SHA-256 of a file, or of a folder's files and their names, as 64 hexadecimal digits."""
    if path.is_dir():
        return hashlib.sha256(json.dumps(hashes(path), sort_keys=True).encode()).hexdigest()
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def begun(out: Path, name: str) -> Iterator[Path]:
    """Make the hidden folder in which a lesson's results are made, beside its later place; what is left of it goes."""
    part = out / f".{name}.part"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    try:
        yield part
    finally:
        shutil.rmtree(part, ignore_errors=True)


def publish(part: Path, target: Path, ours: Iterable[str]) -> None:
    """Put a finished folder in its place, instead of an older one.

    Parameters
    ----------
    part : pathlib.Path
        The finished folder; it is renamed.
    target : pathlib.Path
        Its place. A failure or an interruption on the way leaves the older one there, or the new one.
    ours : iterable of str
        The files of the older one that a run has made, as paths in it. Others move into the new one, where it has
        no file of that name.
    """
    old, ours = target.with_name(f".{target.name}.old"), list(ours)
    _settle(old, target, ours)
    try:
        if target.exists():
            target.rename(old)
        part.rename(target)
    finally:
        _settle(old, target, ours)


def _settle(old: Path, target: Path, ours: list[str]) -> None:
    """Bring the older folder back where there is no newer one; else keep of it only what is not ours."""
    if not old.exists():
        return
    if not target.exists():
        old.rename(target)
        return
    _remove(old, ours)
    for path in sorted(path for path in old.rglob("*") if path.is_file()):
        place = target / path.relative_to(old)
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            path.rename(place)
    _prune(old)


def remove(target: Path, ours: Iterable[str]) -> None:
    """Remove the files that are ours from a lesson's folder, and the folder if nothing else is in it."""
    if target.exists():
        _remove(target, ours)
        _prune(target)


def _remove(folder: Path, ours: Iterable[str]) -> None:
    for name in ours:
        (folder / name).unlink(missing_ok=True)


def _prune(folder: Path) -> None:
    """Remove the empty folders from `folder` down."""
    for path in sorted((path for path in folder.rglob("*") if path.is_dir()), reverse=True):
        if not any(path.iterdir()):
            path.rmdir()
    if not any(folder.iterdir()):
        folder.rmdir()
