"""Draw a random sample of posts for a person to label, and write it where it stays with its owner."""

from __future__ import annotations

import csv
import io
import json
from hashlib import sha256
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.estimate import allocate
from analysis.schema import InputError, find_root, write_atomically

FORMAT, VERSION = "analysis-label-sample", 1
#: What stands before an id in the file, so that no spreadsheet takes it for a number and rounds it.
MARK = "id:"
_EDGES = (0.1, 0.5, 0.9)


def population(posts: pd.DataFrame, *, originals: bool = False, authors: bool = False) -> pd.DataFrame:
    """Give the posts that the share is asked of, by id: those with a text, an id and, where `authors`, an author.

    Reposts are left out where `originals`. InputError where no post is left.
    """
    kept = posts[posts["text"].notna() & posts["post_id"].notna()]
    if originals:
        kept = kept[kept["kind"].isna() | kept["kind"].ne("repost")]
    if kept.empty:
        raise InputError(
            "no post has both an id and a text, so there is nothing to label: bring posts with their texts"
        )
    if authors:
        kept = kept[kept["author"].notna()].astype({"author": "str"})
        if kept.empty:
            raise InputError("no post has an author, so people cannot be told apart: draw posts instead (--posts)")
    return kept.sort_values("post_id", ignore_index=True)


def draw_sample(
    posts: pd.DataFrame, size: int, *, random_state: int = 1, scores: pd.Series | None = None, originals: bool = False
) -> tuple[pd.DataFrame, dict]:
    """Draw a random sample: of all posts alike, or more of those whose score leaves most doubt.

    `scores` (by post_id) ask for strata of the score, up to 0.1, 0.5, 0.9 and 1, with sizes after Neyman. The sample is
    in random order, so that nothing in it tells a score; the order of `posts` does not matter. See
    :func:`analysis.workshop.label_read.load_design` for what the design holds.
    """
    frame = population(posts, originals=originals)
    size = min(size, len(frame))
    if size < 1:
        raise InputError(f"a sample of {size} posts is none: ask for at least 1")
    random = _generator(random_state)
    order = random.permutation(len(frame))
    if scores is None:
        drawn, sizes = order[:size], {"all": len(frame)}
        strata = np.full(len(frame), "all", dtype=object)
    else:
        score = scores_of(frame, scores)
        strata = strata_of(score)
        table = pd.DataFrame({"stratum": strata, "score": score}).groupby("stratum")["score"]
        try:
            table = allocate(table.agg(posts="size", share="mean"), size)
        except ValueError as error:
            raise InputError(f"{error}; ask for more, or draw without scores") from None
        drawn = np.concatenate([order[strata[order] == name][:many] for name, many in table["labels"].items()])
        drawn, sizes = random.permutation(drawn), {name: int(many) for name, many in table["posts"].items()}
    how = {"unit": "posts", "seed": random_state, "originals": originals}
    return _drawn(frame, drawn, strata[drawn], how | {"by_score": scores is not None, "sizes": sizes})


def draw_authors(
    posts: pd.DataFrame, size: int, *, random_state: int = 1, originals: bool = False
) -> tuple[pd.DataFrame, dict]:
    """Draw authors at random, and all posts of each: what the number of people is estimated from."""
    frame = population(posts, originals=originals, authors=True)
    authors = np.sort(frame["author"].unique())
    if size < 1:
        raise InputError(f"a sample of {size} authors is none: ask for at least 1")
    random = _generator(random_state)
    chosen = authors[random.permutation(len(authors))[:size]]
    drawn = random.permutation(np.flatnonzero(frame["author"].isin(chosen)))
    how = {"unit": "authors", "seed": random_state, "originals": originals}
    return _drawn(frame, drawn, ["all"] * len(drawn), how | {"by_score": False, "sizes": {"all": len(authors)}})


def _generator(random_state):
    if random_state < 0:
        raise InputError(f"--random-state {random_state}: it is a whole number from 0 on; give one of these")
    return np.random.default_rng(random_state)


def _drawn(frame, rows, strata, how):
    """Give the drawn posts, and how they were drawn."""
    sample = frame.loc[rows, ["post_id", "text"]].reset_index(drop=True)
    design = {"format": FORMAT, "version": VERSION, "posts": len(frame), "ids": digest(frame["post_id"]), **how}
    return sample, design | {"drawn": dict(zip(sample["post_id"], strata, strict=True))}


def scores_of(posts: pd.DataFrame, scores: pd.Series) -> np.ndarray:
    """Give the score of each post; refuse posts that have none, and count them."""
    by_post = posts["post_id"].map(scores).to_numpy(dtype=float)
    if np.isnan(by_post).any():
        raise InputError(
            f"{np.isnan(by_post).sum():,} of {len(posts):,} posts with a text have no score: predict them all first"
        )
    return by_post


def strata_of(scores: np.ndarray) -> np.ndarray:
    """Name the stratum of each score, "to 0.1" to "to 1"; one on an edge belongs to the stratum above it."""
    names = np.array([f"to {edge:g}" for edge in (*_EDGES, 1)], dtype=object)
    return names[np.searchsorted(_EDGES, scores, side="right")]


def digest(ids) -> str:
    """Give the SHA-256 of ids, in whatever order: by it a design knows the posts again that were drawn from."""
    return sha256("\n".join(sorted(ids)).encode()).hexdigest()


def write_sample(sample: pd.DataFrame, design: dict, path: str | Path, *, overwrite: bool = False) -> Path:
    """Write a sample to fill in, and beside it how it was drawn (whose path is given), for their owner alone."""
    path = private_path(path)
    beside = design_path(path)
    if path.suffix != ".csv":
        raise InputError(f"{path}: a sample is written as CSV; choose a name that ends in .csv")
    if not overwrite and (path.exists() or beside.exists()):
        raise InputError(f"{path}: there is a sample already, perhaps with labels in it; choose another name")
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(["post_id", "label", "text", "note"])
    for post_id, words in zip(sample["post_id"], sample["text"], strict=True):
        writer.writerow([f"{MARK}{post_id}", "", harmless(words), ""])
    described = json.dumps(design, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    # with a BOM, a spreadsheet reads the sample as UTF-8
    for place, content in ((path, text.getvalue().encode("utf-8-sig")), (beside, described.encode())):
        with write_atomically(place) as part:
            part.touch(0o600)
            part.write_bytes(content)
    return beside


def design_path(labels: str | Path) -> Path:
    """Say where the design of a sample lies: ``<name>.design.json`` beside it."""
    return Path(labels).with_name(f"{Path(labels).stem}.design.json")


def private_path(path: str | Path) -> Path:
    """Give a path whole; refuse places from which people's words would travel on: results, and the project."""
    absolute = Path(path).expanduser().resolve()
    try:
        root = find_root().resolve()
    except InputError:
        root = None
    if "results" in absolute.parts[:-1]:
        raise InputError(f"{path}: results are made to be passed on, and this holds people's words; keep it elsewhere")
    if root is not None and absolute.is_relative_to(root):
        raise InputError(
            f"{path}: this lies in the project, whose files are shared; keep people's words outside {root}"
        )
    if not absolute.parent.is_dir():
        raise InputError(f"{path}: there is no folder {absolute.parent}; make it first")
    return absolute


def harmless(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would calculate."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    return f"'{text}" if text.lstrip(" \n").startswith(("=", "+", "-", "@", "\t")) else text
