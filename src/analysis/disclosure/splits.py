"""Scores for posts that a model has not learnt from: split by group (phrase family, author) or by time."""

from __future__ import annotations

from hashlib import sha256

import numpy as np
import pandas as pd

from analysis.disclosure.model import fit
from analysis.schema import InputError


def folds_of(groups: pd.Series, folds: int = 5, seed: int = 0) -> pd.Series:
    """Deal groups into folds of about the same number of posts, no group into two.

    Parameters
    ----------
    groups : Series of str
        The group of each post, on an index of which no label comes twice; a missing group is one of its own.
    folds : int
        At least 2.
    seed : int
        Another seed deals otherwise.

    Returns
    -------
    Series of int
        From 0 to `folds` - 1. It does not depend on the order of the posts.

    Raises
    ------
    InputError
        Where there are fewer groups than folds.

    Examples
    --------
    >>> folds_of(pd.Series(["a", "a", "b", "c", "c"]), folds=2).groupby(["a", "a", "b", "c", "c"]).nunique().tolist()
    [1, 1, 1]
    """
    alone = pd.Series([f"\0{label}" for label in groups.index], index=groups.index)
    names = groups.astype("str").where(groups.notna(), alone)
    sizes = names.value_counts()
    if folds < 2 or len(sizes) < folds:
        raise InputError(
            f"{len(sizes)} groups cannot be dealt into {folds} folds: take 2 folds or more, and more groups"
        )
    order = sorted(sizes.index, key=lambda name: (-sizes[name], sha256(f"{seed} {name}".encode()).digest()))
    filled, fold = np.zeros(folds), {}
    for name in order:
        fold[name] = int(filled.argmin())
        filled[fold[name]] += sizes[name]
    return names.map(fold).astype("int64")


def out_of_fold(
    posts: pd.DataFrame, answers: pd.Series, groups: pd.Series, *, question: str, folds: int = 5, seed: int = 0, **how
) -> pd.DataFrame:
    """Score every post by a model that has met nothing of its group.

    Parameters
    ----------
    posts, answers
        As for :func:`analysis.disclosure.fit`. Posts without an answer are scored and not learnt from.
    groups : Series of str
        By what to split: phrase families, so that no telling wording is met again, or authors.
    question : str
    folds, seed
        As in :func:`folds_of`.
    **how
        For :func:`analysis.disclosure.fit`.

    Returns
    -------
    DataFrame
        As ``Model.predict`` gives it, on the index of `posts`. A class that a fold's training posts lack has 0 there.
    """
    from tqdm import tqdm

    fold, classes = folds_of(groups, folds, seed), sorted(set(answers.dropna()))
    parts = []
    for i in tqdm(range(folds), desc=f"learning without one in {folds}", disable=None, leave=False):
        test = (fold == i).to_numpy()
        model = fit(posts[~test], answers[~test], question=question, **how)
        said = model.predict(posts.loc[test, "text"])
        lacking = dict.fromkeys(set(classes) - set(model.classes), 0.0)
        parts.append(said.assign(**lacking)[["answer", *classes]])
    return pd.concat(parts).reindex(posts.index)


def ahead_of_time(posts: pd.DataFrame, answers: pd.Series, until, *, question: str, **how) -> pd.DataFrame:
    """Score the posts from a moment on by a model that has learnt from those before alone.

    Parameters
    ----------
    posts, answers
        As for :func:`analysis.disclosure.fit`, with ``created_at``. Posts without a time are left out.
    until : str or Timestamp
        In UTC.
    question, **how
        As in :func:`out_of_fold`.

    Returns
    -------
    DataFrame
        As ``Model.predict`` gives it, for the later posts.

    Raises
    ------
    InputError
        Where nothing lies after `until`, or what lies before cannot be learnt from.
    """
    until = pd.Timestamp(until)
    until = until.tz_localize("UTC") if until.tz is None else until
    late = posts["created_at"] >= until
    if not late.any():
        raise InputError(f"no post is from {until:%Y-%m-%d %H:%M} UTC or later, so there is nothing to test on")
    early = posts["created_at"] < until
    return fit(posts[early], answers[early], question=question, **how).predict(posts.loc[late, "text"])


def learning_curve(
    posts: pd.DataFrame,
    answers: pd.Series,
    groups: pd.Series,
    *,
    question: str,
    positive=("bare", "detail"),
    sizes=(250, 500, 1000, 2000, 4000, 8000),
    folds: int = 5,
    seed: int = 0,
    **how,
) -> pd.DataFrame:
    """Say how good a model gets with more labelled posts, tested on groups that it has not met.

    Parameters
    ----------
    posts, answers, groups, question, folds, seed, **how
        As in :func:`out_of_fold`, with ``post_id``: it decides which posts are labelled first.
    positive : tuple of str
        The answers that are looked for.
    sizes : sequence of int
        Numbers of labelled posts; those beyond what a fold leaves are left out.

    Returns
    -------
    DataFrame
        ``labels``, ``f1`` (the mean over the folds), ``low``, ``high`` (the least and the largest of the folds).
    """
    from tqdm import tqdm

    fold = folds_of(groups, folds, seed)
    order = pd.Series([sha256(f"{seed} {name}".encode()).digest() for name in posts["post_id"]], index=posts.index)
    rows, most = [], int(len(posts) - fold.value_counts().max())
    sizes = [size for size in sizes if size < most] + [most]
    for size in tqdm(sizes, desc="learning from more and more", disable=None, leave=False):
        found = []
        for i in range(folds):
            train = order[fold != i].sort_values().index[:size]
            test = posts.index[fold == i]
            model = fit(posts.loc[train], answers[train], question=question, **how)
            said = model.predict(posts.loc[test, "text"])
            hit = chance_of(said, positive) >= 0.5
            truth = answers[test].isin(positive)
            found.append(2 * (hit & truth).sum() / max(hit.sum() + truth.sum(), 1))
        rows.append((size, np.mean(found), min(found), max(found)))
    return pd.DataFrame(rows, columns=["labels", "f1", "low", "high"])


def chance_of(said: pd.DataFrame, positive) -> pd.Series:
    """Add up the probabilities of the answers that are looked for; a post is predicted to be one from 0.5 on.

    Parameters
    ----------
    said : DataFrame
        As ``Model.predict`` gives it.
    positive : sequence of str

    Returns
    -------
    Series of float64
        From 0 to 1, called "score"; missing where the text is.

    Raises
    ------
    InputError
        Where none of them is an answer that was given.

    Examples
    --------
    >>> said = pd.DataFrame({"answer": ["bare"], "bare": [0.5], "detail": [0.25], "none": [0.25]})
    >>> chance_of(said, ["bare", "detail"])
    0    0.75
    Name: score, dtype: float64
    """
    there = [name for name in positive if name in said]
    if not there:
        raise InputError(
            f"none of {', '.join(positive)} is an answer here; they are {', '.join(said.columns.drop('answer'))}"
        )
    return said[there].sum(axis=1, skipna=False).clip(0, 1).rename("score")
