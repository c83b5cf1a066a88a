"""Shares corrected for a classifier's error rates: Rogan & Gladen, for all posts and by stratum."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.estimate.powered import labels_only
from analysis.estimate.tables import Rows, rows_of
from analysis.intervals import clustered_interval, normal_quantile, wilson_interval

#: A stratum has error rates of its own where so many known posts of each class are in it.
_ENOUGH = 20
NOTHING = dict.fromkeys(("share", "low", "high"), float("nan"))
ONE_CLASS = "the known posts are all of one class, so one of the two error rates is not known"
CHANCE = "on the known posts the classifier is no better than chance, so its errors cannot be taken out"


def raw_count(target: pd.DataFrame, *, threshold: float = 0.5, level: float = 0.95) -> dict:
    """Count the positive predictions and believe them.

    Parameters
    ----------
    target : DataFrame
        ``score``, perhaps ``author``.
    threshold : float
        A score from here on is positive.
    level : float

    Returns
    -------
    dict
        ``share``, ``low``, ``high`` (from 0 to 1; the interval knows only that the posts are a sample, nothing of the
        classifier's errors) and ``note``.

    Examples
    --------
    >>> raw_count(pd.DataFrame({"score": [0.9, 0.2, 0.1, 0.3]}))["share"]
    0.25
    """
    rows = rows_of(target, "target")
    return labels_only(rows.predicted(threshold), who=rows.who, level=level) | {"note": ""}


def error_rates(known: pd.DataFrame, *, threshold: float = 0.5, level: float = 0.95) -> pd.DataFrame:
    """Tell how often a classifier finds what is of the kind, and how often it takes for it what is not.

    Parameters
    ----------
    known : DataFrame
        ``score`` and ``label``.
    threshold, level : float

    Returns
    -------
    DataFrame
        Two rows, ``rate`` being "sensitivity" and "false positives", with ``share``, ``low``, ``high`` (Wilson) and
        ``posts``, the number of posts it rests on.

    Examples
    --------
    >>> known = pd.DataFrame({"score": [0.9, 0.4, 0.1, 0.2, 0.7], "label": [1, 1, 0, 0, 0]})
    >>> error_rates(known)[["rate", "share", "posts"]].round(2).values.tolist()
    [['sensitivity', 0.5, 2], ['false positives', 0.33, 3]]
    """
    rows = rows_of(known, "known", labelled=True)
    hits = rows.predicted(threshold)
    table = []
    for rate, label in (("sensitivity", 1), ("false positives", 0)):
        inside = hits[rows.label == label]
        table.append({"rate": rate, **wilson_interval(int(inside.sum()), len(inside), level), "posts": len(inside)})
    return pd.DataFrame(table)


def rogan_gladen(target: pd.DataFrame, known: pd.DataFrame, *, threshold: float = 0.5, level: float = 0.95) -> dict:
    """Correct a count for the error rates on known posts.

    ``(counted - false positives) / (sensitivity - false positives)``. It holds where the target has the same error
    rates within each class: other shares of the same classes, and nothing else.

    Parameters
    ----------
    target : DataFrame
        ``score``, perhaps ``author``.
    known : DataFrame
        Posts labelled elsewhere: ``score``, ``label`` (0 or 1), perhaps ``author``.
    threshold, level : float

    Returns
    -------
    dict
        ``share``, ``low``, ``high`` (from 0 to 1) and ``note``: empty, or why they are missing (NaN), or that the
        share came out below 0 or above 1 and was clipped.

    Raises
    ------
    InputError
        As :func:`analysis.estimate.tables.rows_of`.

    Notes
    -----
    Rogan & Gladen (1978), *Am. J. Epidemiol.* 107, 71. The interval is linearised, over the sample's and the known
    posts' chance; rates that are exactly 0 or 1 are taken as half an error in n + 1 for their variance. Where the two
    rates cannot be told apart at this level, the interval is all from 0 to 1.

    Examples
    --------
    >>> target = pd.DataFrame({"score": np.repeat([1, 0], [30, 70])})
    >>> known = pd.DataFrame({"score": np.repeat([1, 0, 1, 0], [90, 10, 10, 90]), "label": np.repeat([1, 0], 100)})
    >>> round(rogan_gladen(target, known)["share"], 3)  # (0.3 - 0.1) / (0.9 - 0.1)
    0.25
    """
    rows, from_known = rows_of(target, "target"), rows_of(known, "known", labelled=True)
    why = useless(from_known, threshold)
    if why:
        return NOTHING | {"note": why}
    one = _linear(rows, from_known, threshold)
    return ended(one["share"], [(one["target"], rows.who), (one["known"], from_known.who), one["slack"]], level, one)


def by_stratum(target: pd.DataFrame, known: pd.DataFrame, *, threshold: float = 0.5, level: float = 0.95) -> dict:
    """Correct the count within strata, such as languages, each with its own error rates, and add up.

    It also holds where the strata have other sizes in the target than among the known posts.

    Parameters
    ----------
    target, known : DataFrame
        As for :func:`rogan_gladen`, and ``stratum`` (missing is a stratum too). A stratum with fewer than 20 known
        posts of a class, or where the classifier is no better than chance, gets the error rates of all known posts.
    threshold, level : float

    Returns
    -------
    dict
        As :func:`rogan_gladen`; ``note`` also says how many strata had no rates of their own.

    Examples
    --------
    >>> target = pd.DataFrame({"score": np.repeat([1, 0], [30, 70]), "stratum": "en"})
    >>> known = pd.DataFrame({"score": np.repeat([1, 0, 1, 0], [90, 10, 10, 90]), "label": np.repeat([1, 0], 100)})
    >>> round(by_stratum(target, known.assign(stratum="en"))["share"], 3)
    0.25
    """
    rows, from_known = rows_of(target, "target"), rows_of(known, "known", labelled=True)
    why = useless(from_known, threshold)
    if why:
        return NOTHING | {"note": why}
    here = target["stratum"].astype(object).fillna("").to_numpy()
    there = known.loc[known["label"].notna(), "stratum"].astype(object).fillna("").to_numpy()
    share, at_target, at_known, slack, pooled, apart = 0.0, np.zeros(len(here)), np.zeros(len(there)), [], 0, True
    names = sorted(set(here), key=str)
    for name in names:
        inside, own = here == name, there == name
        few = min(from_known.label[own].sum(), (1 - from_known.label[own]).sum()) < _ENOUGH
        if few or useless(_part(from_known, own), threshold):
            own, pooled = np.ones(len(there), dtype=bool), pooled + 1
        one = _linear(_part(rows, inside), _part(from_known, own), threshold)
        weight = inside.mean()
        share += weight * one["share"]
        at_target[inside] = weight * one["target"] + one["share"] / len(here)
        at_known[own] += weight * one["known"]
        slack.append(weight * one["slack"][0])
        apart &= one["apart"]
    at_target -= share / len(here)
    parts = [(at_target, rows.who), (at_known, from_known.who), (np.concatenate(slack), None)]
    found = ended(share, parts, level, {"apart": apart})
    if pooled:
        more = f"{pooled} of {len(names)} strata had too few known posts for error rates of their own"
        found["note"] = "; ".join(filter(None, [found["note"], more]))
    return found


def ended(share, parts, level, told=None) -> dict:
    """Give an estimate its interval, clipped to 0 and 1, and say so."""
    low, high = clustered_interval(share, parts, level)
    if told is not None and not told["apart"]:
        low, high = 0.0, 1.0
    note = "" if 0 <= share <= 1 else f"the estimate came out as {share:.3f} and was clipped"
    share, low, high = np.clip([share, low, high], 0, 1).tolist()
    return {"share": share, "low": low, "high": high, "note": note}


def _part(rows, which):
    return Rows(*(None if column is None else column[which] for column in rows))


def useless(known, threshold):
    """Say why known posts, as :class:`analysis.estimate.tables.Rows`, cannot correct anything, if they cannot."""
    yes, hit = known.label == 1, known.predicted(threshold)
    if yes.all() or not yes.any():
        return ONE_CLASS
    return CHANCE if hit[yes].mean() <= hit[~yes].mean() else ""


def _linear(rows, known, threshold):
    """Give the corrected share, and what each row of the two tables adds to its error."""
    counted, hit, yes = rows.predicted(threshold), known.predicted(threshold), known.label == 1
    rate = {True: hit[yes].mean(), False: hit[~yes].mean()}
    many = {True: yes.sum(), False: (~yes).sum()}
    apart = rate[True] - rate[False]
    share = (counted.mean() - rate[False]) / apart
    at_known = np.where(yes, -share * (hit - rate[True]) / many[True], -(1 - share) * (hit - rate[False]) / many[False])
    slack = [
        part * np.sqrt(max(0, _smooth(rate[label], many[label]) - rate[label] * (1 - rate[label]) / many[label]))
        for label, part in ((True, share), (False, 1 - share))
    ]
    error = np.sqrt(sum(_smooth(rate[label], many[label]) for label in (True, False)))
    return {
        "share": share,
        "target": (counted - counted.mean()) / len(counted) / apart,
        "known": at_known / apart,
        "slack": (np.array(slack) / apart, None),
        "apart": apart > normal_quantile(0.95) * error,
    }


def _smooth(rate, many):
    """Give the variance of a rate, as if it had been seen half a time more on either side."""
    shrunk = (rate * many + 0.5) / (many + 1)
    return shrunk * (1 - shrunk) / (many + 1)
