"""What every estimate takes: tables of predictions, with or without labels, checked in one place."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.schema import InputError


class Rows(NamedTuple):
    """The columns of a checked table, see :func:`rows_of`.

    Attributes
    ----------
    score : ndarray of float64, shape (n,)
        From 0 to 1.
    label : ndarray of float64, shape (n,), or None
        0 and 1; None where labels were not asked for.
    who : ndarray of object, shape (n,), or None
        Who wrote each row, None where that is not known; None as a whole where it is known of no row.
    """

    score: np.ndarray
    label: np.ndarray | None
    who: np.ndarray | None

    def predicted(self, threshold: float) -> np.ndarray:
        """Say which scores count as positive, those at the threshold among them: float64, 0.0 and 1.0."""
        return (self.score >= threshold).astype(float)


def rows_of(table: pd.DataFrame, what: str, *, labelled: bool = False) -> Rows:
    """Check a table of predictions.

    Parameters
    ----------
    table : DataFrame
        ``score`` (from 0 to 1; a classifier's probability, or 0 and 1), with `labelled` also ``label`` (0 or 1, or
        booleans), and perhaps ``author``.
    what : str
        What a message calls it.
    labelled : bool
        Whether labels are needed.

    Returns
    -------
    Rows
        Without those rows whose label is missing.

    Raises
    ------
    InputError
        If a column is missing, a score is missing or outside 0 to 1, a label is neither 0 nor 1, a post is labelled
        both ways, or nothing is left.

    Examples
    --------
    >>> rows_of(pd.DataFrame({"score": [0.2, 0.9], "label": [0, None]}), "sample", labelled=True).score.tolist()
    [0.2]
    """
    needed = ["score", "label"] if labelled else ["score"]
    missing = [name for name in needed if name not in table.columns]
    if missing:
        raise InputError(f"the {what} table has no column {missing[0]!r}; it needs {' and '.join(needed)}")
    if labelled:
        _check_labels(table, what)
        table = table[table["label"].notna()]
    if table.empty:
        raise InputError(f"the {what} table has no {'labelled ' if labelled else ''}rows: nothing can be estimated")
    score = table["score"].to_numpy(dtype=float, na_value=np.nan)
    wrong = ~((score >= 0) & (score <= 1))
    if wrong.any():
        raise InputError(
            f"the {what} table has {wrong.sum():,} scores that are missing or not between 0 and 1 (first in row "
            f"{np.flatnonzero(wrong)[0] + 1:,}); give probabilities, or 0 and 1"
        )
    label = table["label"].to_numpy(dtype=float) if labelled else None
    who = table["author"] if "author" in table.columns and table["author"].notna().any() else None
    return Rows(score, label, None if who is None else who.to_numpy(dtype=object, na_value=None))


def check_authors(table: pd.DataFrame) -> None:
    """Refuse posts of which no author is known, where people are to be counted.

    Raises
    ------
    InputError

    Examples
    --------
    >>> check_authors(pd.DataFrame({"author": ["a", None]}))
    """
    if "author" not in table.columns or not table["author"].notna().any():
        raise InputError("no post has an author, so people cannot be told apart: only posts can be counted")


def _check_labels(table, what):
    """Refuse labels that are neither yes nor no, and a post that is both."""
    labels = pd.to_numeric(table["label"].astype(object), errors="coerce")
    wrong = ~(labels.isin([0, 1]) | table["label"].isna())
    if wrong.any():
        raise InputError(
            f"the {what} table has {wrong.sum():,} labels that are not 0 or 1; turn yes into 1 and no into 0"
        )
    if "post_id" in table.columns:
        known = labels.notna() & table["post_id"].notna()
        both = labels[known].groupby(table.loc[known, "post_id"]).nunique().gt(1).sum()
        if both:
            raise InputError(
                f"{both:,} posts of the {what} table are labelled both 0 and 1; decide each, then try again"
            )


def rest_of(target: pd.DataFrame, sample: pd.DataFrame) -> pd.DataFrame:
    """Give the posts of a target that were not labelled.

    Parameters
    ----------
    target, sample : DataFrame
        The sample was drawn from the target. Where both have ``post_id``, posts are matched by it; else the target is
        taken to hold the unlabelled posts alone.

    Returns
    -------
    DataFrame

    Raises
    ------
    InputError
        If a labelled post is not in the target.

    Examples
    --------
    >>> rest_of(pd.DataFrame({"post_id": ["1", "2"]}), pd.DataFrame({"post_id": ["2"]}))["post_id"].tolist()
    ['1']
    """
    if "post_id" not in target.columns or "post_id" not in sample.columns:
        return target
    unknown = ~sample["post_id"].isin(target["post_id"])
    if unknown.any():
        raise InputError(
            f"{unknown.sum():,} of {len(sample):,} labelled posts are not among the posts that the share is asked of; "
            "labels must come from a random sample of those very posts"
        )
    return target[~target["post_id"].isin(sample["post_id"])]
