"""Shares by expectation-maximisation over a classifier's probabilities."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.estimate.rates import NOTHING, ONE_CLASS, ended
from analysis.estimate.tables import rows_of

#: Bins of the score, and what is added to each: less leaves bins without a class, more draws small shares down.
_BINS, _ADDED = 10, 0.1


def saerens(probabilities, prior: float, *, weights=None, tolerance: float = 1e-10, steps: int = 10_000) -> float:
    """Adjust a share until it agrees with the mean of the probabilities that it implies.

    Parameters
    ----------
    probabilities : array, shape (n,)
        Calibrated probabilities for each target post, from a classifier trained where the share was `prior`.
    prior : float
        The share where it was trained.
    weights : array, shape (n,), optional
        How often each probability occurs.
    tolerance : float
        A change of the share at which to stop.
    steps : int
        At most so many.

    Returns
    -------
    float
        From 0 to 1.

    Raises
    ------
    ValueError
        If `prior` is not between 0 and 1.

    Notes
    -----
    Saerens, Latinne & Decaestecker (2002), *Neural Computation* 14, 21, equation 2.9.

    Examples
    --------
    Two posts, certain ones: nothing to adjust.

    >>> saerens([1.0, 0.0], 0.2)
    0.5
    """
    if not 0 < prior < 1:
        raise ValueError(f"the prior is {prior}; it must lie between 0 and 1")
    given = np.asarray(probabilities, dtype=float)
    many = np.ones(len(given)) if weights is None else np.asarray(weights, dtype=float)
    share, many = prior, many / many.sum()
    one, none = given / prior, (1 - given) / (1 - prior)
    for _ in range(steps):
        yes = share * one
        new = float(many @ (yes / (yes + (1 - share) * none)))
        if abs(new - share) < tolerance:
            return new
        share = new
    return share


def em(target: pd.DataFrame, known: pd.DataFrame, *, level: float = 0.95) -> dict:
    """Estimate a share by expectation-maximisation, on scores that are first calibrated on the known posts.

    It holds where the target's scores are distributed the same way within each class. It uses the whole score where
    :func:`analysis.estimate.rogan_gladen` uses one threshold, so its interval is shorter.

    Parameters
    ----------
    target : DataFrame
        ``score``, perhaps ``author``.
    known : DataFrame
        Posts labelled elsewhere: ``score``, ``label``, perhaps ``author``.
    level : float

    Returns
    -------
    dict
        ``share``, ``low``, ``high`` (from 0 to 1) and ``note``: empty, or why they are missing (NaN).

    Notes
    -----
    :func:`saerens`, where the probability of a score is the share of the kind in its bin among the known posts (ten
    bins, equally full over both classes; a tenth of a post is added to each, so that none is certain). Without
    calibration the method is biased (Alexandari, Kundaje & Shrikumar 2020, ICML). The fixed point is the maximum of a
    mixture's likelihood; the interval is linearised around it, over the target's and the known posts' chance.

    Examples
    --------
    >>> target = pd.DataFrame({"score": np.repeat([1, 0], [30, 70])})
    >>> known = pd.DataFrame({"score": np.repeat([1, 0, 1, 0], [90, 10, 10, 90]), "label": np.repeat([1, 0], 100)})
    >>> round(em(target, known)["share"], 2)
    0.25
    """
    rows, from_known = rows_of(target, "target"), rows_of(known, "known", labelled=True)
    yes = from_known.label == 1
    if yes.all() or not yes.any():
        return NOTHING | {"note": ONE_CLASS}
    edges = _edges(from_known.score, yes)
    here, there = np.searchsorted(edges, rows.score, "right"), np.searchsorted(edges, from_known.score, "right")
    size = len(edges) + 1
    told = {label: np.bincount(there[yes == label], minlength=size) + _ADDED for label in (True, False)}
    one, none = told[True] / told[True].sum(), told[False] / told[False].sum()
    if np.abs(one - none).sum() < 1e-9:
        return NOTHING | {"note": "on the known posts the score says nothing about the class"}
    seen = np.bincount(here, minlength=size) / len(here)
    share = saerens(one / (one + none), 0.5, weights=seen)
    mixed = share * one + (1 - share) * none
    slope = (one - none) / mixed
    information = np.sum(seen * slope**2)
    by_class = {True: seen * none / mixed**2 / information, False: -seen * one / mixed**2 / information}
    at_known = np.zeros(len(there))
    for label, density in ((True, one), (False, none)):
        inside = yes == label
        at_known[inside] = (by_class[label][there[inside]] - by_class[label] @ density) / inside.sum()
    at_target = (slope - seen @ slope)[here] / information / len(here)
    return ended(share, [(at_target, rows.who), (at_known, from_known.who)], level)


def _edges(scores, yes):
    """Give the inner ends of bins that are equally full, both classes counting the same; equal scores stay together."""
    order = np.argsort(scores, kind="stable")
    heavy = np.cumsum(np.where(yes, 0.5 / yes.sum(), 0.5 / (~yes).sum())[order])
    cut = scores[order][np.searchsorted(heavy, np.arange(1, _BINS) / _BINS)]
    return np.unique(cut[cut > scores.min()])
