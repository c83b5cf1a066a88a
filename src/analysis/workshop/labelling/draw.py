"""Draw a random sample of posts for a person to label."""

from __future__ import annotations

from hashlib import sha256

import numpy as np
import pandas as pd

from analysis.estimate import allocate
from analysis.schema import InputError

FORMAT, VERSION = "analysis-label-sample", 1
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
        How it was drawn: what :func:`analysis.workshop.labelling.read.read_labels` needs to weigh the labels.

    Raises
    ------
    InputError
        If there is no text to label, posts have no score, the sample is too small for its strata, or the seed is
        below 0.
    """
    from_all = population(posts, originals=originals)
    size = min(size, len(from_all))
    if size < 1:
        raise InputError(f"a sample of {size} posts is none: ask for at least 1")
    random = _random(seed)
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
    how = {"unit": "posts", "seed": seed, "originals": originals, "by_score": scores is not None, "sizes": sizes}
    return _drawn(from_all, drawn, strata[drawn], how)


def draw_authors(
    posts: pd.DataFrame, size: int, *, seed: int = 1, originals: bool = False
) -> tuple[pd.DataFrame, dict]:
    """Draw authors at random, and all posts of each: what the number of people is estimated from.

    Parameters
    ----------
    posts : DataFrame
        As ``analysis.posts.load_posts`` gives them. Posts without an author are left out.
    size : int
        How many authors; all, if there are fewer.
    seed, originals
        As for :func:`draw_sample`.

    Returns
    -------
    sample : DataFrame
        ``post_id`` and ``text``, in random order, so that nothing in it tells what else somebody wrote.
    design : dict
        As :func:`draw_sample` gives it, with the unit "authors"; its sizes count authors.

    Raises
    ------
    InputError
        If no post has an author, an id and a text, no author is asked for, or the seed is below 0.
    """
    from_all = by_authors(posts, originals=originals)
    authors = np.sort(from_all["author"].unique())
    if size < 1:
        raise InputError(f"a sample of {size} authors is none: ask for at least 1")
    random = _random(seed)
    some = random.permutation(len(authors))[:size]
    drawn = random.permutation(np.flatnonzero(from_all["author"].isin(authors[some])))
    how = {"unit": "authors", "seed": seed, "originals": originals, "by_score": False, "sizes": {"all": len(authors)}}
    return _drawn(from_all, drawn, ["all"] * len(drawn), how)


def by_authors(posts: pd.DataFrame, *, originals: bool = False) -> pd.DataFrame:
    """Give the posts of :func:`population` whose author is known.

    Parameters
    ----------
    posts : DataFrame
        As ``analysis.posts.load_posts`` gives them.
    originals : bool
        As for :func:`draw_sample`.

    Returns
    -------
    DataFrame
        With ``author`` as str, and a new index from 0.

    Raises
    ------
    InputError
        If no post has an author beside an id and a text.
    """
    from_all = population(posts, originals=originals)
    from_all = from_all[from_all["author"].notna()].astype({"author": "str"}).reset_index(drop=True)
    if from_all.empty:
        raise InputError("no post has an author, so people cannot be told apart: draw posts instead (--posts)")
    return from_all


def _random(seed):
    if seed < 0:
        raise InputError(f"--seed {seed}: a seed is a whole number from 0 on; give one of these")
    return np.random.default_rng(seed)


def _drawn(from_all, rows, strata, how):
    """Give the drawn posts, and how they were drawn."""
    sample = from_all.loc[rows, ["post_id", "text"]].reset_index(drop=True)
    design = {"format": FORMAT, "version": VERSION, "posts": len(from_all), "ids": digest(from_all["post_id"]), **how}
    return sample, design | {"drawn": dict(zip(sample["post_id"], strata, strict=True))}


def scored(posts: pd.DataFrame, scores: pd.Series) -> np.ndarray:
    """Give the score of each post, or say that some have none.

    Parameters
    ----------
    posts : DataFrame
        With ``post_id``.
    scores : Series of float
        By post id (its index, where each comes once); ids of other posts do no harm.

    Returns
    -------
    ndarray of float64, shape (len(posts),)
        In the order of the posts; none is missing.

    Raises
    ------
    InputError
        If a post has no score or a missing one; the message counts them.

    Examples
    --------
    >>> scored(pd.DataFrame({"post_id": ["8", "7"]}), pd.Series({"7": 0.9, "8": 0.1})).tolist()
    [0.1, 0.9]
    """
    found = posts["post_id"].map(scores).to_numpy(dtype=float)
    if np.isnan(found).any():
        raise InputError(
            f"{np.isnan(found).sum():,} of {len(posts):,} posts with a text have no score: predict them all first"
        )
    return found


def strata_of(scores: np.ndarray) -> np.ndarray:
    """Name the stratum of each score.

    Parameters
    ----------
    scores : ndarray of float
        From 0 to 1.

    Returns
    -------
    ndarray of str (object), same shape
        A score on an edge belongs to the stratum above it.

    Examples
    --------
    >>> strata_of(np.array([0.05, 0.5, 1.0])).tolist()
    ['to 0.1', 'to 0.9', 'to 1']
    """
    names = np.array([f"to {edge:g}" for edge in (*_EDGES, 1)], dtype=object)
    return names[np.searchsorted(_EDGES, scores, side="right")]


def digest(ids) -> str:
    """Give the SHA-256 of ids, in whatever order: by it a design knows the posts again that were drawn from.

    Parameters
    ----------
    ids : iterable of str
        None missing.

    Returns
    -------
    str
        64 hexadecimal digits.

    Examples
    --------
    >>> digest(["7", "8"]) == digest(["8", "7"])
    True
    """
    return sha256("\n".join(sorted(ids)).encode()).hexdigest()
