"""Write a sample where it stays with its owner: cells that no spreadsheet calculates, a file for one pair of eyes."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pandas as pd

from analysis.schema import InputError, find_root

#: What stands before an id in the file, so that no spreadsheet takes it for a number and rounds it.
MARK = "id:"


def write_sample(sample: pd.DataFrame, design: dict, path: str | Path, *, overwrite: bool = False) -> Path:
    """Write a sample for a person to fill in, and how it was drawn beside it.

    Parameters
    ----------
    sample, design
        As ``draw_sample`` or ``draw_authors`` gives them.
    path : str or Path
        Ends in .csv. The design goes to ``<name>.design.json`` beside it.
    overwrite : bool
        Whether a file that is there may be replaced: it may hold somebody's work.

    Returns
    -------
    Path
        Of the design.

    Raises
    ------
    InputError
        If the place is not fit for people's words (see :func:`fit_place`), or there is such a file already.
    """
    path = fit_place(path)
    beside = path.with_name(f"{path.stem}.design.json")
    if path.suffix != ".csv":
        raise InputError(f"{path}: a sample is written as CSV; choose a name that ends in .csv")
    if not overwrite and (path.exists() or beside.exists()):
        raise InputError(f"{path}: there is a sample already, perhaps with labels in it; choose another name")
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["post_id", "label", "text", "note"])
    for post_id, text in zip(sample["post_id"], sample["text"], strict=True):
        writer.writerow([f"{MARK}{post_id}", "", harmless(text), ""])
    _put(path, out.getvalue().encode("utf-8-sig"))  # with a BOM, a spreadsheet reads it as UTF-8
    _put(beside, (json.dumps(design, indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode())
    return beside


def fit_place(path: str | Path) -> Path:
    """Refuse places from which people's words would travel on: results, and the project's own folders.

    Returns
    -------
    Path
        Absolute.

    Raises
    ------
    InputError
        If the place lies in a folder called results or in the project, or there is no such folder.
    """
    whole = Path(path).expanduser().resolve()
    try:
        root = find_root().resolve()
    except InputError:
        root = None
    if "results" in whole.parts[:-1]:
        raise InputError(f"{path}: results are made to be passed on, and this holds people's words; keep it elsewhere")
    if root is not None and whole.is_relative_to(root):
        raise InputError(
            f"{path}: this lies in the project, whose files are shared; keep people's words outside {root}"
        )
    if not whole.parent.is_dir():
        raise InputError(f"{path}: there is no folder {whole.parent}; make it first")
    return whole


def harmless(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would calculate.

    >>> harmless("=1+1"), harmless("@somebody me too"), harmless("me too")
    ("'=1+1", "'@somebody me too", 'me too')
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    return f"'{text}" if text.lstrip(" \n").startswith(("=", "+", "-", "@", "\t")) else text


def _put(path, content):
    """Write a file whole or not at all, for its owner alone."""
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(content)
        part.chmod(0o600)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
