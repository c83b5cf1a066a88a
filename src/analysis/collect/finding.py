"""Find the files that are meant by the names of files and folders; none is passed over in silence."""

from __future__ import annotations

import os
from glob import escape
from pathlib import Path

from analysis.schema import InputError

_LEFT_ALONE = (".report.json", ".refused.jsonl", ".labels.parquet")


def find(paths) -> list[Path]:
    """Give the files that are meant: those named, and all in folders that are named.

    Parameters
    ----------
    paths : iterable of Path

    Returns
    -------
    list of Path
        Each once, in the order of the names within a folder, its subfolders too. Hidden files, and what an earlier
        ingest wrote beside its output, are left alone.

    Raises
    ------
    InputError
        If a file is missing, a folder is closed to the reader, or there is none.
    """
    found = {}
    for path in map(Path, paths):
        if path.is_dir():
            inside = (one for one in in_folder(path) if one.is_file())
            seen = [
                one
                for one in inside
                if not any(name.startswith((".", "__MACOSX")) for name in one.relative_to(path).parts)
            ]
            found |= {one.resolve(): one for one in seen if not one.name.endswith(_LEFT_ALONE)}
        elif path.exists():
            found.setdefault(path.resolve(), path)
        else:
            raise InputError(f"{path}: there is no such file; check the path")
    if not found:
        raise InputError(f"{', '.join(map(str, paths))}: there is no file in it; give one that holds posts or ids")
    return list(found.values())


def files_of(path: Path) -> list[Path]:
    """Give the files of a data set: all in a folder, or a file with those beside it that differ in the ending alone.

    Those are what an ingest writes beside its posts, and copies of the same posts as another kind of file.

    Parameters
    ----------
    path : Path

    Returns
    -------
    list of Path
        In the order of their names; hidden ones are left alone.

    Raises
    ------
    InputError
        If there is no such file, or a folder is closed to the reader.
    """
    if not path.exists():
        raise InputError(f"{path}: there is no such file; check the path")
    stem = path.name.removesuffix(".gz").rpartition(".")[0] or path.name
    inside = in_folder(path) if path.is_dir() else [path, *sorted(path.parent.glob(f"{escape(stem)}.*"))]
    kept = [file for file in inside if file.is_file() and not file.name.startswith(".")]
    return list(dict.fromkeys(kept))


def in_folder(folder: Path) -> list[Path]:
    """Give what is in a folder and its subfolders, in the order of the names; links to folders are not followed.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    list of Path
        Folders themselves are left out.

    Raises
    ------
    InputError
        If a folder that is not hidden is closed to the reader: what is in it would be lost in silence.
    """

    def closed(error):
        if any(name.startswith(".") for name in Path(error.filename).relative_to(folder).parts):
            return  # hidden, and a system's own as a rule: the bin of a disk that was carried here, say
        raise InputError(f"{error.filename}: this folder cannot be read ({error.strerror}); check its rights") from None

    return sorted(Path(top, name) for top, _, names in os.walk(folder, onerror=closed) for name in names)


def links_in(paths) -> list[Path]:
    """Give the links to folders that are met in folders and not followed: who follows them may get anywhere.

    Parameters
    ----------
    paths : iterable of Path
        Files and folders.

    Returns
    -------
    list of Path
        Without hidden ones, and those that lead into one of the folders anyhow.
    """
    paths, found = [*map(Path, paths)], []
    given = [path.resolve() for path in paths]
    for folder in paths:
        for top, inside, _ in os.walk(folder):
            inside[:] = [name for name in inside if not name.startswith(".")]
            found += [Path(top, name) for name in inside if Path(top, name).is_symlink()]
    return sorted(link for link in found if not any(link.resolve().is_relative_to(one) for one in given))
