"""Read labels that a person has filled in: what a spreadsheet does to a file is mended or told, line by line."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd

from analysis.schema import InputError
from analysis.workshop.labelling.draw import FORMAT, VERSION
from analysis.workshop.labelling.tables import small_table
from analysis.workshop.labelling.write import MARK

_YES, _NO, _UNSURE = ("1", "1.0", "1,0", "yes", "y", "true"), ("0", "0.0", "0,0", "no", "n", "false"), ("?", "unsure")
_ROUNDED = re.compile(r"[0-9]([.,][0-9]+)?[eE]\+?[0-9]+")
_FIELDS = {"posts", "ids", "originals", "by_score", "sizes", "drawn"}  # without which labels cannot be weighed
_ALLOWED = "1 or yes, 0 or no, ? where you cannot tell"


class LabelError(InputError):
    """Raised where labels cannot be used as they are. ``problems`` holds a line for each, with file and line."""

    def __init__(self, path, problems):
        more = f" (and {len(problems) - 1:,} more)" if len(problems) > 1 else ""
        super().__init__(f"{problems[0]}{more}")
        self.path, self.problems = path, problems


def read_design(path: str | Path) -> dict:
    """Read how the sample in a file was drawn, from ``<name>.design.json`` beside it.

    Parameters
    ----------
    path : str or Path
        Of the sample; see :func:`load_design` for the path of a design itself.

    Returns
    -------
    dict
        As :func:`load_design` gives it.

    Raises
    ------
    InputError
        If it is missing, damaged or of another version.
    """
    path = Path(path)
    beside = path.with_name(f"{path.stem}.design.json")
    if not beside.is_file():
        raise InputError(
            f"{beside}: there is no such file, and without it nobody knows how the sample was drawn; put it back "
            "beside the labels, under the same name (--design FILE says where it is)"
        )
    return load_design(beside)


def load_design(path: str | Path) -> dict:
    """Read a design file itself, wherever it lies.

    Parameters
    ----------
    path : str or Path
        JSON, as :func:`analysis.workshop.labelling.write.write_sample` writes it beside a sample.

    Returns
    -------
    dict
        What ``draw_sample`` gave: ``format`` and ``version``, ``unit`` ("posts" or "authors"; a
        file that names none is of posts), ``posts`` (how many were drawn from), ``ids`` (their digest), ``seed``,
        ``originals``, ``by_score``, ``sizes`` (stratum to size) and ``drawn`` (post id to stratum).

    Raises
    ------
    InputError
        If the file is missing or no JSON, has another format, version or unit, or lacks one of these.
    """
    try:
        design = json.loads(Path(path).read_text("utf-8"))
        design = {"unit": "posts", **design}
        good = design["format"] == FORMAT and design["version"] == VERSION and design["unit"] in ("posts", "authors")
        good = good and design.keys() >= _FIELDS
        good = good and all(design[name] and isinstance(design[name], dict) for name in ("drawn", "sizes"))
    except (OSError, ValueError, KeyError, TypeError):
        good = False
    if not good:
        raise InputError(f"{path}: this does not say how a sample was drawn; draw it again with the same seed")
    return design


def read_labels(path: str | Path, design: dict) -> tuple[pd.DataFrame, list[str]]:
    """Read a filled-in sample, in any order of rows and columns, with any usual delimiter.

    Parameters
    ----------
    path : str or Path
        CSV with ``post_id`` and ``label`` in its first row; UTF-8, UTF-16 or a Western single-byte encoding.
    design : dict
        As :func:`read_design` gives it.

    Returns
    -------
    labels : DataFrame
        ``post_id`` (str) and ``label`` (Int64: 1, 0 or missing), a row for each drawn post, by id.
    notes : list of str
        What a reader should know: posts not labelled, rows that came twice.

    Raises
    ------
    LabelError
        With a line for each: ids that were rounded or are not of the sample, labels that are none, posts that are
        labelled twice and differently, or no label at all.
    InputError
        If the file cannot be read.
    """
    path = Path(path)
    rows = small_table(path, ("post_id", "label"))
    problems, notes, given, lines, again = [], [], {}, {}, 0
    for line, row in rows:
        post_id, label = row["post_id"], row["label"]
        where, plain = f"{path}:{line}", post_id.strip().lstrip("'").removeprefix(MARK).strip()
        if plain not in design["drawn"]:
            problems.append(f"{where}: {_unknown(plain)}")
            continue
        value = _value(label)
        if value == "wrong":
            shown = f" {label.strip()!r}" if len(label.strip()) <= 12 else ""
            problems.append(f"{where}: the label{shown} is none; write {_ALLOWED}")
        elif plain in given and given[plain] != value and "" not in (given[plain], value):
            problems.append(f"{where}: this post has another label in line {lines[plain]}; decide on one")
        else:
            again += plain in given
            if plain not in given or value != "":
                given[plain], lines[plain] = value, line
    if not problems and not any(value in (0, 1) for value in given.values()):
        problems.append(f"{path}:1: no row has a label; write {_ALLOWED} into the column label")
    if problems:
        raise LabelError(path, problems)
    labels = pd.DataFrame({"post_id": sorted(design["drawn"])}, dtype="str")
    found = [given.get(post_id, "") for post_id in labels["post_id"]]
    labels["label"] = pd.array([value if value in (0, 1) else None for value in found], dtype="Int64")
    if again:
        notes.append(f"{path.name}: {again:,} rows repeat a post and say the same; each counts once")
    for state, words in (("", "have no label"), ("?", "are marked as unsure")):
        many = sum(value == state for value in found)
        if many:
            notes.append(f"{path.name}: {many:,} of {len(labels):,} drawn posts {words}; they are left out")
    return labels, notes


def _unknown(plain):
    if _ROUNDED.fullmatch(plain):
        return (
            f"the id was rounded to {plain} by a spreadsheet and cannot be mended; copy your labels into the file as "
            "it was drawn (the same seed draws it again), and keep what stands before each id"
        )
    return "the post is not of this sample; label those that were drawn, and no others"


def _value(label):
    """Give 1, 0, "?" (unsure), "" (empty) or "wrong".

    >>> [_value(label) for label in ("1", " Yes ", "0.0", "?", "", "maybe")]
    [1, 1, 0, '?', '', 'wrong']
    """
    plain = label.strip().lstrip("'").casefold()
    named = {**dict.fromkeys(_YES, 1), **dict.fromkeys(_NO, 0), **dict.fromkeys(_UNSURE, "?"), "": ""}
    return named.get(plain, "wrong")


def agreement(one: pd.DataFrame, two: pd.DataFrame) -> dict:
    """Tell how well two labellers agree.

    Parameters
    ----------
    one, two : DataFrame
        ``post_id`` and ``label``, as :func:`read_labels` gives them.

    Returns
    -------
    dict
        ``posts``, labelled by both; ``same``, the share that they labelled alike; ``alpha``, Krippendorff's for nominal
        labels (missing, NaN, where fewer than two posts were labelled by both, or all alike in one class).

    Examples
    --------
    >>> one = pd.DataFrame({"post_id": list("abcd"), "label": [1, 0, 1, 0]})
    >>> {name: round(value, 2) for name, value in agreement(one, one.assign(label=[1, 0, 0, 0])).items()}
    {'posts': 4, 'same': 0.75, 'alpha': 0.53}
    """
    import krippendorff

    both = one.merge(two, on="post_id", suffixes=("_one", "_two")).dropna()
    first, second = both["label_one"].astype(float), both["label_two"].astype(float)
    alpha = float("nan")
    if len(both) > 1 and len({*first, *second}) > 1:
        alpha = float(krippendorff.alpha([first, second], level_of_measurement="nominal"))
    return {"posts": len(both), "same": float((first == second).mean()) if len(both) else alpha, "alpha": alpha}
