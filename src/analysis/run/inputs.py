"""The input of a run as its lessons read it."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from analysis.ingest import ingest
from analysis.posts import InputError, are_invented, holds_counts, load_posts
from analysis.privacy import Key
from analysis.run.results import sha256
from analysis.sources import sniff

_START = 2**16  # enough for a line


def input_path(data: str | Path | None, root: Path) -> Path:
    """Give the path of a run's input: the shipped sample of the project `root` where `data` is None.

    Raises
    ------
    analysis.posts.InputError
        If `data` is empty, or a pipe or a device: an input is read several times, by each lesson anew.
    """
    if data is None:
        return root / "data" / "posts.csv"
    if str(data) == "":
        raise InputError("--data is empty; name a file or a folder, or leave --data out for the shipped sample")
    path = Path(data).absolute()
    if path.exists() and not (path.is_file() or path.is_dir()):
        raise InputError(
            f"{path}: is neither a file nor a folder (a pipe or a device); save it as a file and name that"
        )
    return path


def readable(path: Path, second: str | None, folder: Path) -> tuple[Path, dict | None]:
    """Give what lessons may read of an input: never words or names of real people as they stand.

    Parameters
    ----------
    path : pathlib.Path
        Any input that :func:`analysis.posts.load_posts`, :func:`analysis.posts.load_counts` or
        :func:`analysis.ingest.ingest` reads.
    second : {"parent_id", "root_id"} or None
        What the second column of an id list without a header holds.
    folder : pathlib.Path
        Where to put a copy.

    Returns
    -------
    pathlib.Path
        Counts, ids alone and invented posts as they are (lists of ids with a header); of anything else a table in which
        authors and ids are pseudonyms and texts are masked.
    dict or None
        The report of that ingest.

    Notes
    -----
    The pseudonyms never leave the run, so their key is derived from the data: equal data give equal results.
    """
    if holds_counts(path):
        return path, None
    if _ours(path):
        posts = load_posts(path, second=second)
        if posts[["text", "author"]].isna().all(axis=None) or are_invented(posts).all():
            return with_header(path, second, folder), None
    folder.mkdir(parents=True, exist_ok=True)
    key = Key(hashlib.sha256(b"run\0" + sha256(path).encode()).digest())
    copy = folder / f"{path.name}.parquet"
    return copy, ingest(path, copy, second=second, key_file=key, key_ids=True)


def _ours(path: Path) -> bool:
    """Tell whether a file, or all files of a folder, are tables of posts or lists of ids."""
    files = [file for file in path.iterdir() if file.is_file()] if path.is_dir() else [path]
    kinds = [_kind(file) for file in files if not file.name.startswith(".")]
    return not path.exists() or any(kinds) > any(kind is None for kind in kinds)


def _kind(path: Path) -> str | None:
    try:
        return sniff.detect(path)
    except InputError:
        return None


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
