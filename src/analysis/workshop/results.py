"""The results folder: how a lesson's folder is written and replaced without losing what is not ours.

Files that the manifest does not list are somebody's own: they are never changed or removed, and move along when a
lesson's folder is replaced. Nothing is removed or replaced through a link.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from analysis.schema import InputError

MANIFEST = "manifest.json"
MADE_BY = "python -m analysis run"
LAYOUT = 2  # of the manifest; raise it when an entry changes its fields
_LEFT = re.compile(r"\.(\d\d-[a-z0-9-]+)\.(part|old)")
_PLAIN = re.compile(r"[^/\\:\0]+(/[^/\\:\0]+)*")


def write_text(path: Path, text: str) -> None:
    """Write a text file (UTF-8, LF) whole or not at all: beside its place, then renamed."""
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)  # it might be a link
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


def clear(out: Path, files: Iterable[str]) -> None:
    """Clear away what a run that was killed has left half done; `files` are those that a run has made."""
    for path in list(out.iterdir()):
        left = _LEFT.fullmatch(path.name)
        if not left or not is_folder(path):
            continue
        if left[2] == "part":
            shutil.rmtree(path, ignore_errors=True)
        else:
            _settle(path, out / left[1], below(left[1], files))


def below(name: str, files: Iterable[str]) -> list[str]:
    """Give the files of a lesson as paths in its folder."""
    return [file.removeprefix(f"{name}/") for file in files if file.startswith(f"{name}/")]


def is_plain(name: str) -> bool:
    """Tell whether a path leads down from where it is read, on every platform."""
    return bool(_PLAIN.fullmatch(name)) and not {".", ".."} & set(name.split("/"))


def is_folder(path: Path) -> bool:
    """Tell whether a path is a folder itself, not a link to one."""
    return path.is_dir() and not path.is_symlink() and path.resolve() == path.parent.resolve() / path.name


def check_place(target: Path) -> None:
    """Raise InputError unless a lesson's folder can be made or replaced there."""
    if (target.exists() or target.is_symlink()) and not is_folder(target):
        raise InputError(f"{target}: is a file or a link, not a folder; move it away or name another folder by --out")


def publish(part: Path, target: Path, ours: Iterable[str]) -> None:
    """Put a finished folder in its place; a failure on the way leaves the older one there, or the new one.

    Files of the older one that are not `ours` move into the new one; where it has a file of that name, as
    ``name.kept.csv``.
    """
    old, ours = target.with_name(f".{target.name}.old"), list(ours)
    check_place(target)
    _settle(old, target, ours)
    try:
        if target.exists():
            target.rename(old)
        part.rename(target)
    finally:
        _settle(old, target, ours)


def _settle(old: Path, target: Path, ours: list[str]) -> None:
    """Bring the older folder back where there is no newer one; else keep of it only what is not ours."""
    if not is_folder(old):
        return
    if not target.exists():
        old.rename(target)
        return
    remove(old, ours)
    if old.exists():
        _merge(old, target)


def _merge(source: Path, target: Path) -> None:
    """Move all that is in a folder into another, in which nothing is replaced."""
    for path in sorted(source.iterdir()):
        place = target / path.name
        if is_folder(path) and is_folder(place):
            _merge(path, place)
        else:
            path.rename(_free(place))
    source.rmdir()


def _free(place: Path) -> Path:
    """Give a path at which there is nothing: this one, or one that says that it was kept."""
    others = (place.with_name(f"{place.stem}.kept{number or ''}{place.suffix}") for number in count())
    while place.exists() or place.is_symlink():
        place = next(others)
    return place


def remove(target: Path, ours: Iterable[str]) -> None:
    """Remove the files that are ours from a lesson's folder, and each folder that this leaves empty.

    A path that leads out of the folder, or through a link, is left alone.
    """
    real = target.parent.resolve() / target.name
    for path in [target / name for name in ours if is_plain(name)]:
        if path.parent.resolve() != real / path.parent.relative_to(target) or not path.is_file():
            continue
        path.unlink()
        for folder in [path.parent, *path.parent.parents]:
            if not folder.is_relative_to(target) or any(folder.iterdir()):
                break
            folder.rmdir()
