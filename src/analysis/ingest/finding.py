"""Find the files that are meant by the names of files and folders; none is passed over in silence."""

from __future__ import annotations

import os
from pathlib import Path

from analysis.posts import InputError

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
        If a folder is closed to the reader: what is in it would be lost in silence.
    """

    def closed(error):
        raise InputError(f"{error.filename}: this folder cannot be read ({error.strerror}); check its rights") from None

    return sorted(Path(top, name) for top, _, names in os.walk(folder, onerror=closed) for name in names)
