"""The input of a run as its lessons read it."""

from __future__ import annotations

import shutil
from pathlib import Path

from analysis.posts import InputError
from analysis.sources import sniff

_START = 2**16  # enough for a line


def with_header(path: Path, second: str | None, folder: Path) -> Path:
    """Give lists of ids the header that they lack, in a copy: lessons only know the path of their input.

    Parameters
    ----------
    path : pathlib.Path
        A file or a folder that :func:`analysis.posts.load_posts` has read.
    second : {"parent_id", "root_id"} or None
        What it was told of a second column. If it was told nothing, there is nothing to do.
    folder : pathlib.Path
        Where to put the copy.

    Returns
    -------
    pathlib.Path
        Of the copy, which has the same name; or `path` itself.
    """
    if second is None:
        return path
    copy = folder / path.name
    if path.is_dir():
        copy.mkdir(parents=True)
        for file in sorted(path.iterdir()):
            if file.is_file():
                with_header(file, second, copy)
        return copy
    folder.mkdir(parents=True, exist_ok=True)
    line = _first_line(path)
    if line is None or not sniff.looks_like_id(line.fields[0]):
        shutil.copyfile(path, copy)
        return copy
    header = line.delimiter.join(["id", second][: len(line.fields)]).encode() + line.newline
    with sniff.opened(path) as stream, copy.open("wb") as plain:
        plain.write(header + stream.read(_START)[line.begin :])
        shutil.copyfileobj(stream, plain)
    return copy


def _first_line(path: Path) -> sniff.FirstLine | None:
    """Give the first line of a list of ids; None of any other file."""
    try:
        if sniff.detect(path) != "ids":
            return None
    except InputError:  # in a folder such a file is passed over
        return None
    with sniff.opened(path) as stream:
        return sniff.first_line(stream.read(_START), path)
