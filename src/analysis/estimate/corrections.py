"""Shares of posts of a kind from predictions, corrected for the errors that known posts show."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.estimate.prediction_powered import labels_only
from analysis.intervals import clustered_interval, normal_quantile, wilson_interval
from analysis.schema import InputError

NOTHING = dict.fromkeys(("share", "low", "high"), float("nan"))
_ONE_CLASS = "the known posts are all of one class, so one of the two error rates is not known"
_CHANCE = "on the known posts the classifier is no better than chance, so its errors cannot be taken out"
#: A stratum has error rates of its own where so many known posts of each class are in it.
_ENOUGH = 20
#: Bins of the score, and what is added to each: less leaves bins without a class, more draws small shares down.
_BINS, _ADDED = 10, 0.1


class Rows(NamedTuple):
    """The columns of a checked table, as :func:`rows_of` gives them; `label` is None where none was asked for.

    `who` wrote each row, None where that is not known; None as a whole where it is known of no row.
    """

    score: np.ndarray
    label: np.ndarray | None
    who: np.ndarray | None

    def predicted(self, threshold: float) -> np.ndarray:
        """Say which scores count as positive, those at the threshold among them: float64, 0.0 and 1.0."""
        return (self.score >= threshold).astype(float)


def rows_of(table: pd.DataFrame, what: str, *, labelled: bool = False) -> Rows:
    """Check a table of predictions: ``score``, with `labelled` also ``label``, perhaps ``author``.

    Rows whose label is missing are left out. InputError where a column or a score is missing, a score lies outside 0 to
    1, a label is neither 0 nor 1, a post is labelled both ways, or nothing is left; `what` names the table.
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


def raw_count(target: pd.DataFrame, *, threshold: float = 0.5, level: float = 0.95) -> dict:
    """Count the positive predictions and believe them.

    The interval knows only that the posts are a sample, nothing of the classifier's errors.
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

    ``(counted - false positives) / (sensitivity - false positives)``: Rogan & Gladen (1978), *Am. J. Epidemiol.* 107,
    71. It holds where the target has the same error rates within each class: other shares of the same classes, and
    nothing else. ``note`` says why the share is missing, or that it was clipped. The interval is linearised, over the
    sample's and the known posts' chance; rates that are exactly 0 or 1 are taken as half an error in n + 1 for their
    variance. Where the two rates cannot be told apart at this level, the interval is all from 0 to 1.
    """
    rows, from_known = rows_of(target, "target"), rows_of(known, "known", labelled=True)
    why = cannot_correct(from_known, threshold)
    if why:
        return NOTHING | {"note": why}
    corrected = _linear(rows, from_known, threshold)
    parts = [(corrected["target"], rows.who), (corrected["known"], from_known.who), corrected["slack"]]
    return _with_interval(corrected["share"], parts, level, apart=corrected["apart"])


def by_stratum(target: pd.DataFrame, known: pd.DataFrame, *, threshold: float = 0.5, level: float = 0.95) -> dict:
    """Correct the count within strata, such as languages, each with its own error rates, and add up.

    It also holds where the strata have other sizes in the target than among the known posts. ``stratum`` may be
    missing. A stratum with fewer than 20 known posts of a class, or where the classifier is no better than chance, gets
    the error rates of all known posts; ``note`` says how many did.
    """
    rows, from_known = rows_of(target, "target"), rows_of(known, "known", labelled=True)
    why = cannot_correct(from_known, threshold)
    if why:
        return NOTHING | {"note": why}
    here = target["stratum"].astype(object).fillna("").to_numpy()
    there = known.loc[known["label"].notna(), "stratum"].astype(object).fillna("").to_numpy()
    share, at_target, at_known, slack, pooled, apart = 0.0, np.zeros(len(here)), np.zeros(len(there)), [], 0, True
    names = sorted(set(here), key=str)
    for name in names:
        inside, own = here == name, there == name
        few = min(from_known.label[own].sum(), (1 - from_known.label[own]).sum()) < _ENOUGH
        if few or cannot_correct(_part(from_known, own), threshold):
            own, pooled = np.ones(len(there), dtype=bool), pooled + 1
        corrected = _linear(_part(rows, inside), _part(from_known, own), threshold)
        weight = inside.mean()
        share += weight * corrected["share"]
        at_target[inside] = weight * corrected["target"] + corrected["share"] / len(here)
        at_known[own] += weight * corrected["known"]
        slack.append(weight * corrected["slack"][0])
        apart &= corrected["apart"]
    at_target -= share / len(here)
    parts = [(at_target, rows.who), (at_known, from_known.who), (np.concatenate(slack), None)]
    estimate = _with_interval(share, parts, level, apart=apart)
    if pooled:
        more = f"{pooled} of {len(names)} strata had too few known posts for error rates of their own"
        estimate["note"] = "; ".join(filter(None, [estimate["note"], more]))
    return estimate


def _with_interval(share, parts, level, *, apart=True):
    """Give an estimate its interval, clipped to 0 and 1, and say so; all of it where the rates are not told apart."""
    low, high = clustered_interval(share, parts, level) if apart else (0.0, 1.0)
    note = "" if 0 <= share <= 1 else f"the estimate came out as {share:.3f} and was clipped"
    share, low, high = np.clip([share, low, high], 0, 1).tolist()
    return {"share": share, "low": low, "high": high, "note": note}


def _part(rows, which):
    return Rows(*(None if column is None else column[which] for column in rows))


def cannot_correct(known: Rows, threshold: float) -> str:
    """Say why known posts cannot correct anything; nothing, if they can."""
    yes, hit = known.label == 1, known.predicted(threshold)
    if yes.all() or not yes.any():
        return _ONE_CLASS
    return _CHANCE if hit[yes].mean() <= hit[~yes].mean() else ""


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


def saerens(probabilities, weights, prior: float = 0.5, *, steps: int = 10_000) -> float:
    """Adjust a share until it agrees with the mean of the calibrated probabilities that it implies.

    The probabilities are of a classifier trained where the share was `prior`; `weights` says how often each occurs.
    Saerens, Latinne & Decaestecker (2002), *Neural Computation* 14, 21, equation 2.9.
    """
    given = np.asarray(probabilities, dtype=float)
    many = np.asarray(weights, dtype=float)
    share, many = prior, many / many.sum()
    for_kind, for_others = given / prior, (1 - given) / (1 - prior)
    for _ in range(steps):
        yes = share * for_kind
        new = float(many @ (yes / (yes + (1 - share) * for_others)))
        if abs(new - share) < 1e-10:
            return new
        share = new
    return share


def em(target: pd.DataFrame, known: pd.DataFrame, *, level: float = 0.95) -> dict:
    """Estimate a share by expectation-maximisation, on scores that are first calibrated on the known posts.

    It holds where the target's scores are distributed the same way within each class. It uses the whole score where
    :func:`rogan_gladen` uses one threshold, so its interval is shorter. The probability of a score is the share of the
    kind in its bin among the known posts (ten bins, equally full over both classes; a tenth of a post is added to each,
    so that none is certain). Without calibration it is biased (Alexandari, Kundaje & Shrikumar 2020, ICML). The
    interval is linearised around the fixed point, the maximum of a mixture's likelihood.
    """
    rows, from_known = rows_of(target, "target"), rows_of(known, "known", labelled=True)
    yes = from_known.label == 1
    if yes.all() or not yes.any():
        return NOTHING | {"note": _ONE_CLASS}
    edges = _edges(from_known.score, yes)
    here, there = np.searchsorted(edges, rows.score, "right"), np.searchsorted(edges, from_known.score, "right")
    size = len(edges) + 1
    counts = {label: np.bincount(there[yes == label], minlength=size) + _ADDED for label in (True, False)}
    kind, others = counts[True] / counts[True].sum(), counts[False] / counts[False].sum()
    if np.abs(kind - others).sum() < 1e-9:
        return NOTHING | {"note": "on the known posts the score says nothing about the class"}
    seen = np.bincount(here, minlength=size) / len(here)
    share = saerens(kind / (kind + others), seen)
    mixed = share * kind + (1 - share) * others
    slope = (kind - others) / mixed
    information = np.sum(seen * slope**2)
    by_class = {True: seen * others / mixed**2 / information, False: -seen * kind / mixed**2 / information}
    at_known = np.zeros(len(there))
    for label, density in ((True, kind), (False, others)):
        inside = yes == label
        at_known[inside] = (by_class[label][there[inside]] - by_class[label] @ density) / inside.sum()
    at_target = (slope - seen @ slope)[here] / information / len(here)
    return _with_interval(share, [(at_target, rows.who), (at_known, from_known.who)], level)


def _edges(scores, yes):
    """Give the inner ends of bins that are equally full, both classes counting the same; equal scores stay together."""
    order = np.argsort(scores, kind="stable")
    heavy = np.cumsum(np.where(yes, 0.5 / yes.sum(), 0.5 / (~yes).sum())[order])
    cut = scores[order][np.searchsorted(heavy, np.arange(1, _BINS) / _BINS)]
    return np.unique(cut[cut > scores.min()])
