"""What people answered of posts, and which posts can be learnt from."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from analysis.schema import InputError, find_root

#: The answers that are disclosures of an own experience.
OWN = ("bare", "detail")


def disclosed(stance: pd.Series) -> pd.Series:
    """Give the answer to "disclosure" from a stance.

    Parameters
    ----------
    stance : Series of str
        Such as "detail", "bare", "support" or "news".

    Returns
    -------
    Series of str
        "detail", "bare" or "none", on the same index and called "disclosure"; missing where the stance is.

    Examples
    --------
    >>> disclosed(pd.Series(["detail", "news", "bare"])).tolist()
    ['detail', 'none', 'bare']
    """
    return stance.where(stance.isna() | stance.isin(OWN), "none").rename("disclosure")


def answers_of(posts: pd.DataFrame, labels: pd.DataFrame, question: str = "disclosure") -> pd.Series:
    """Give each post the answer that people gave: missing where nobody answered, or annotators differ.

    ``attrs["differ"]`` is the number of posts of which they do. InputError where a column or every label is missing, a
    label is of a post that is not among `posts`, or one person gave one post two answers; the message names the rows of
    the labels, never a post.
    """
    missing = [name for name in ("post_id", question) if name not in labels]
    if missing:
        raise InputError(f"the labels have no column {missing[0]!r}; they need post_id and {question}, and annotator")
    given = labels[labels[question].notna() & labels[question].ne("")].reset_index(drop=True)
    if given.empty:
        raise InputError(f"no post has a label for {question!r}: draw a sample and label it (python -m analysis label)")
    unknown = ~given["post_id"].isin(posts["post_id"])
    if unknown.any():
        raise InputError(
            f"{unknown.sum():,} of {len(given):,} labels are of posts that are not here (the first in row "
            f"{unknown.idxmax() + 2:,}): give the file that the labelled posts were drawn from; ids that a spreadsheet "
            "rounded fit no post any more"
        )
    by = ["post_id", "annotator"] if "annotator" in given else ["post_id"]
    twice = given.groupby(by)[question].transform("nunique").gt(1)
    if twice.any():
        rows = ", ".join(f"{row + 2:,}" for row in given.index[twice][:4])
        raise InputError(
            f"{twice.sum():,} labels contradict another that the same person gave the same post (rows {rows}): "
            "decide which holds and delete the other, or say in a column annotator who gave which"
        )
    by_post = given.groupby("post_id")[question].agg(["first", "nunique"])
    answers = posts["post_id"].map(by_post.loc[by_post["nunique"] == 1, "first"]).astype("str").rename(question)
    answers.attrs["differ"] = int((by_post["nunique"] > 1).sum())
    return answers


def labelled(posts: pd.DataFrame, answers: pd.Series) -> pd.DataFrame:
    """Give ``text``, ``answer`` and ``author`` (empty where not known) of the posts that can be learnt from.

    InputError where no post has both a text and an answer, or all have the same answer; the message says what to do.
    """
    table = pd.DataFrame({"text": posts["text"], "answer": answers.astype("str")})
    table["author"] = posts["author"].astype("str").fillna("") if "author" in posts else ""
    table = table.dropna(subset=["text", "answer"])
    if table.empty:
        raise InputError(
            "no post has both a text and a label, so there is nothing to learn from: label a random sample "
            "(python -m analysis label), or use the model that the invented posts give"
        )
    if (table["answer"] == table["answer"].iloc[0]).all():
        raise InputError(
            f"all {len(table):,} labelled posts have the same label: a model learns from posts of two kinds at "
            "least; label more posts, at random, until another kind is among them"
        )
    return table


def labels_beside(posts: pd.DataFrame, path=None) -> pd.DataFrame | None:
    """Read the hand-made labels that lie beside a file of posts, as ``labels.csv``, if there are any.

    Parameters
    ----------
    posts : DataFrame
        With ``post_id``: those that the labelled sample was drawn from.
    path : str or Path, optional
        The file of the posts; by default the shipped sample.

    Returns
    -------
    DataFrame or None
        ``post_id`` and ``label`` (1: a disclosure, 0: none), and ``drawn_in`` where the sample was drawn in strata.
        From ``label``, as ``python -m analysis label read --out labels.csv`` writes it, or from ``disclosure`` (bare,
        detail or none); of several annotators the first by name.

    Raises
    ------
    InputError
        Where the file cannot be read, holds other labels, or :func:`answers_of` refuses them.
    """
    beside = (find_root() / "data" / "posts.csv" if path is None else Path(path)).with_name("labels.csv")
    if not beside.is_file():
        return None
    try:
        labels = pd.read_csv(beside, dtype="str")
    except (ValueError, OSError):
        raise InputError(f"{beside}: this can't be read as a CSV in UTF-8; write it anew, or take it away") from None
    question = "label" if "label" in labels else "disclosure"
    labels = labels[labels["annotator"].eq(labels["annotator"].min())] if "annotator" in labels else labels
    try:
        answers = answers_of(posts, labels, question).dropna()
    except InputError as error:
        raise InputError(f"{beside}: {error}") from None
    plain = answers.replace({"1.0": "1", "0.0": "0"} | dict.fromkeys(OWN, "1") | {"none": "0"})
    if not plain.isin(["0", "1"]).all():
        raise InputError(f"{beside}: the column {question} holds more than 1 and 0, or bare, detail and none")
    table = pd.DataFrame({"post_id": posts.loc[plain.index, "post_id"], "label": plain.astype("int64")})
    return table.merge(labels[["post_id", "drawn_in"]], on="post_id") if "drawn_in" in labels else table
