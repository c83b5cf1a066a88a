"""Draw a random sample of posts for a person to label."""

from __future__ import annotations

import csv
import io
import json
from hashlib import sha256
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.estimate import allocate
from analysis.posts import InputError, find_root

FORMAT, VERSION = "analysis-label-sample", 1
#: What stands before an id in the file, so that no spreadsheet takes it for a number and rounds it.
MARK = "id:"
_EDGES = (0.1, 0.5, 0.9)


def population(posts: pd.DataFrame, *, originals: bool = False) -> pd.DataFrame:
    """Give the posts that the share is asked of: those with a text and an id, by id.

    Parameters
    ----------
    posts : DataFrame
        As ``analysis.posts.load_posts`` gives them.
    originals : bool
        Leave out reposts.

    Returns
    -------
    DataFrame

    Raises
    ------
    InputError
        If no post is left.
    """
    kept = posts[posts["text"].notna() & posts["post_id"].notna()]
    if originals:
        kept = kept[kept["kind"].isna() | kept["kind"].ne("repost")]
    if kept.empty:
        raise InputError(
            "no post has both an id and a text, so there is nothing to label: bring posts with their texts"
        )
    return kept.sort_values("post_id", ignore_index=True)


def draw_sample(
    posts: pd.DataFrame, size: int, *, seed: int = 1, scores: pd.Series | None = None, originals: bool = False
) -> tuple[pd.DataFrame, dict]:
    """Draw a random sample: of all posts alike, or more of those whose score leaves most doubt.

    Parameters
    ----------
    posts : DataFrame
        As ``analysis.posts.load_posts`` gives them.
    size : int
        How many posts; all, if there are fewer.
    seed : int
        The same posts and seed give the same sample, whatever the order of the rows.
    scores : Series of float, optional
        By post_id. The sample is then drawn within strata of the score (to 0.1, 0.5, 0.9 and 1) after Neyman.
    originals : bool
        Leave out reposts.

    Returns
    -------
    sample : DataFrame
        ``post_id`` and ``text``, in random order, so that nothing in it tells a score.
    design : dict
        How it was drawn: what :func:`analysis.labelling.read_labels` needs to weigh the labels.

    Raises
    ------
    InputError
        If there is no text to label, posts have no score, or the sample is too small for its strata.
    """
    from_all = population(posts, originals=originals)
    size = min(size, len(from_all))
    if size < 1:
        raise InputError(f"a sample of {size} posts is none: ask for at least 1")
    random = np.random.default_rng(seed)
    order = random.permutation(len(from_all))
    if scores is None:
        drawn, sizes = order[:size], {"all": len(from_all)}
        strata = np.full(len(from_all), "all", dtype=object)
    else:
        strata = strata_of(scored(from_all, scores))
        table = pd.DataFrame({"stratum": strata, "score": from_all["post_id"].map(scores).to_numpy(float)})
        each = table.groupby("stratum")["score"].agg(posts="size", share="mean")
        try:
            each = allocate(each, size)
        except ValueError as error:
            raise InputError(f"{error}; ask for more, or draw without scores") from None
        drawn = np.concatenate([order[strata[order] == name][:many] for name, many in each["labels"].items()])
        drawn, sizes = random.permutation(drawn), {name: int(many) for name, many in each["posts"].items()}
    sample = from_all.loc[drawn, ["post_id", "text"]].reset_index(drop=True)
    design = {
        "format": FORMAT, "version": VERSION, "seed": seed, "originals": originals, "by_score": scores is not None,
        "posts": len(from_all), "ids": digest(from_all["post_id"]), "sizes": sizes,
        "drawn": dict(zip(sample["post_id"], strata[drawn], strict=True)),
    }  # fmt: skip
    return sample, design


def scored(posts: pd.DataFrame, scores: pd.Series) -> np.ndarray:
    """Give the score of each post, or say that some have none."""
    found = posts["post_id"].map(scores).to_numpy(dtype=float)
    if np.isnan(found).any():
        raise InputError(
            f"{np.isnan(found).sum():,} of {len(posts):,} posts with a text have no score: predict them all first"
        )
    return found


def strata_of(scores: np.ndarray) -> np.ndarray:
    """Name the stratum of each score.

    >>> strata_of(np.array([0.05, 0.5, 1.0])).tolist()
    ['to 0.1', 'to 0.9', 'to 1']
    """
    names = np.array([f"to {edge:g}" for edge in (*_EDGES, 1)], dtype=object)
    return names[np.searchsorted(_EDGES, scores, side="right")]


def digest(ids) -> str:
    """Give the SHA-256 of ids, sorted."""
    return sha256("\n".join(sorted(ids)).encode()).hexdigest()


def write_sample(sample: pd.DataFrame, design: dict, path: str | Path, *, overwrite: bool = False) -> Path:
    """Write a sample for a person to fill in, and how it was drawn beside it.

    Parameters
    ----------
    sample, design
        As :func:`draw_sample` gives them.
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
