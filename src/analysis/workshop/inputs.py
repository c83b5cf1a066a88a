"""The input of a run as its lessons read it."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.collect import readers, sniff
from analysis.collect.ingesting import ingest
from analysis.collect.keys import Key
from analysis.posts import are_invented, holds_counts, load_counts, load_posts
from analysis.schema import InputError
from analysis.workshop.results import sha256

_START = 2**16  # enough for a line


def input_path(data: str | Path | None, root: Path) -> Path:
    """Give the path of a run's input: the shipped sample of the project `root` where `data` is None."""
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


@dataclass(frozen=True)
class Input:
    """What lessons read of an input, by its path or that of a copy, and the same loaded.

    `digest` is the SHA-256 of the input itself; the account of posts is that of the ingest where there was one.
    """

    path: Path
    table: pd.DataFrame
    counts: bool
    digest: str


def read_input(path: Path, second: str | None, folder: Path) -> Input:
    """Read an input once for all that a run asks of it; lessons get no words or names of real people as they stand.

    The pseudonyms never leave the run, so their key is derived from the data: equal data give equal results.
    """
    if holds_counts(path):
        return Input(path, load_counts(path), True, sha256(path))
    if _ours(path):
        posts = load_posts(path, second=second)
        if posts[["text", "author"]].isna().all(axis=None) or are_invented(posts).all():
            return Input(with_header(path, second, folder), posts, False, sha256(path))
        del posts  # the ingest needs the room
    folder.mkdir(parents=True, exist_ok=True)
    digest = sha256(path)
    key = Key(hashlib.sha256(b"run\0" + digest.encode()).digest())
    copy = folder / f"{path.name}.parquet"
    report = ingest(path, copy, second=second, key_file=key, key_ids=True)
    posts = load_posts(copy)
    account = posts.attrs["account"]
    account |= {name: report[name] for name in ("read", "duplicates")}
    account["format"] = "+".join(sorted({file["format"] for file in report["files"]}))
    account["notes"] = [*(line.strip() for line in report["lines"]), *account["notes"]]
    return Input(copy, posts, False, digest)


def _ours(path: Path) -> bool:
    """Tell whether a file, or all files of a folder, are tables of posts or lists of ids."""
    files = [file for file in path.iterdir() if file.is_file()] if path.is_dir() else [path]
    kinds = [_kind(file) for file in files if not file.name.startswith(".")]
    return not path.exists() or any(kinds) > any(kind is None for kind in kinds)


def _kind(path: Path) -> str | None:
    try:
        return readers.detect(path)
    except InputError:
        return None


def with_header(path: Path, second: str | None, folder: Path) -> Path:
    """Give lists of ids the header that they lack, in a copy: lessons only know the path of their input."""
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
    line = _first_line(path) if _kind(path) == "ids" else None
    if line is None or not sniff.looks_like_id(line.fields[0]):
        shutil.copyfile(path, copy)
        return copy
    header = line.delimiter.join(["id", second][: len(line.fields)]).encode() + line.newline
    with sniff.opened(path) as stream, copy.open("wb") as plain:
        plain.write(header + stream.read(_START)[line.begin :])
        shutil.copyfileobj(stream, plain)
    return copy


def _first_line(path: Path) -> sniff.FirstLine:
    with sniff.opened(path) as stream:
        return sniff.first_line(stream.read(_START), path)
