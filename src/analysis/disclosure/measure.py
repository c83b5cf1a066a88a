"""How good answers are: precision, recall and their like with intervals, in all and group by group."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.schema import InputError

MEASURES = ("precision", "recall", "f1", "average_precision", "brier")


def rates(
    truth, predicted, score=None, who=None, *, draws: int = 500, seed: int = 0, level: float = 0.95
) -> pd.DataFrame:
    """Measure yes-or-no answers against the truth, with intervals from drawing whole groups of posts.

    Parameters
    ----------
    truth, predicted : array of bool, shape (posts,)
        What is so, and what is said.
    score : array of float, shape (posts,), optional
        The probability that is said to be so, 0 to 1. Without it there is no average precision and no Brier score.
    who : array, shape (posts,), optional
        Which posts go together, such as one author's or one phrase family's; each post alone without it.
    draws, seed, level
        Of the bootstrap.

    Returns
    -------
    DataFrame
        A row a measure: ``measure`` (precision, recall, f1, average_precision, brier), ``value``, ``low``, ``high``,
        all from 0 to 1 (a low Brier score is a good one); ``posts``, ``positive``. Missing where it has no meaning, and
        the interval also where all posts are of one group: it cannot tell how groups differ.

    Raises
    ------
    InputError
        Where there are no posts, or the arrays are not of one length.

    Notes
    -----
    Average precision is the area under the steps of the precision-recall curve, as scikit-learn defines it. Brier
    (1950), *Mon. Weather Rev.* 78, 1. Percentile bootstrap of clusters (Davison & Hinkley 1997, section 3.8).

    Examples
    --------
    >>> found = rates([1, 1, 0, 0], [1, 0, 1, 0], [0.9, 0.4, 0.6, 0.1], draws=50)
    >>> found.set_index("measure")["value"].round(3).to_dict()
    {'precision': 0.5, 'recall': 0.5, 'f1': 0.5, 'average_precision': 0.833, 'brier': 0.185}
    """
    truth, predicted = (np.asarray(values, dtype=bool) for values in (truth, predicted))
    score = None if score is None else np.asarray(score, dtype=float)
    lengths = {len(values) for values in (truth, predicted, score, who) if values is not None}
    if lengths == {0} or len(lengths) > 1:
        raise InputError("there is nothing to measure: give the truth, the answers and the groups of the same posts")
    group, names = pd.factorize(np.arange(len(truth)) if who is None else np.asarray(who, dtype=object), sort=True)
    random = np.random.default_rng(seed)
    times = np.vstack([np.ones(len(names)), random.multinomial(len(names), np.full(len(names), 1 / len(names)), draws)])
    parts = np.column_stack([truth & predicted, predicted, truth]).astype(float)
    sums = times @ _by_group(parts, group, len(names))
    values = {"precision": sums[:, 0] / _or_nan(sums[:, 1]), "recall": sums[:, 0] / _or_nan(sums[:, 2])}
    values["f1"] = 2 * sums[:, 0] / _or_nan(sums[:, 1] + sums[:, 2])
    if score is not None:
        values["average_precision"] = _average_precision(truth, score, group, times)
        wrong = _by_group(np.column_stack([(score - truth) ** 2, np.ones(len(truth))]), group, len(names))
        values["brier"] = np.divide(*(times @ wrong).T)
    rows = []
    for name in MEASURES:
        all_draws = values.get(name, np.full(2, np.nan))
        tail = [(1 - level) / 2, (1 + level) / 2]
        known = len(names) > 1 and not np.isnan(all_draws[1:]).all()  # of one group every draw is the same
        low, high = np.nanquantile(all_draws[1:], tail) if known else (np.nan, np.nan)
        rows.append((name, all_draws[0], low, high, len(truth), int(truth.sum())))
    return pd.DataFrame(rows, columns=["measure", "value", "low", "high", "posts", "positive"])


def rates_by(groups: pd.Series, truth, predicted, score=None, who=None, **how) -> pd.DataFrame:
    """Measure within each group of posts, such as a language or a length.

    Parameters
    ----------
    groups : Series
        The group of each post; posts without one are left out.
    truth, predicted, score, who, **how
        As in :func:`rates`.

    Returns
    -------
    DataFrame
        A row a group, sorted: the group, ``posts``, ``positive`` (truly), ``called`` (predicted), ``false_positives``
        (share of those not positive that are called so); then each of precision, recall and f1 with ``_low`` and
        ``_high``.

    Examples
    --------
    >>> lang = pd.Series(["en", "en", "fr"], name="lang")
    >>> rates_by(lang, [1, 0, 1], [1, 1, 0], draws=20)[["lang", "posts", "called", "recall"]].values.tolist()
    [['en', 2, 2, 1.0], ['fr', 1, 0, 0.0]]
    """
    truth, predicted = (np.asarray(values, dtype=bool) for values in (truth, predicted))
    rows = []
    for name, place in groups.reset_index(drop=True).groupby(groups.to_numpy(), observed=True).indices.items():
        some = [None if values is None else np.asarray(values)[place] for values in (score, who)]
        found = rates(truth[place], predicted[place], *some, **how).set_index("measure")
        row = {groups.name or "group": name, "posts": len(place), "positive": int(truth[place].sum())}
        row["called"] = int(predicted[place].sum())
        row["false_positives"] = float(predicted[place][~truth[place]].mean()) if (~truth[place]).any() else np.nan
        for measure in MEASURES[:3]:
            low, high = found.loc[measure, ["low", "high"]]
            row |= {measure: found.loc[measure, "value"], f"{measure}_low": low, f"{measure}_high": high}
        rows.append(row)
    return pd.DataFrame(rows)


def f1_difference(truth, one, other, who=None, *, draws: int = 500, seed: int = 0) -> dict[str, float]:
    """Say by how much the F1 of one set of answers is above that of another, for the same posts.

    Parameters
    ----------
    truth, one, other : array of bool, shape (posts,)
    who, draws, seed
        As in :func:`rates`; both are drawn together.

    Returns
    -------
    dict
        ``difference`` (of `one` minus `other`, -1 to 1), ``low``, ``high``.

    Examples
    --------
    >>> f1_difference([1, 1, 0, 0], [1, 1, 0, 0], [1, 1, 1, 1], draws=20)["difference"].round(2)
    np.float64(0.33)
    """
    truth, one, other = (np.asarray(values, dtype=bool) for values in (truth, one, other))
    group, names = pd.factorize(np.arange(len(truth)) if who is None else np.asarray(who, dtype=object), sort=True)
    random = np.random.default_rng(seed)
    times = np.vstack([np.ones(len(names)), random.multinomial(len(names), np.full(len(names), 1 / len(names)), draws)])
    parts = np.column_stack([truth & one, one, truth & other, other, truth]).astype(float)
    sums = times @ _by_group(parts, group, len(names))
    found = 2 * sums[:, 0] / _or_nan(sums[:, 1] + sums[:, 4]) - 2 * sums[:, 2] / _or_nan(sums[:, 3] + sums[:, 4])
    low, high = np.nanquantile(found[1:], [0.025, 0.975])
    return {"difference": found[0], "low": low, "high": high}


def calibration(truth, score, who=None, *, bins: int = 10, draws: int = 500, seed: int = 0) -> pd.DataFrame:
    """Compare what is said to be probable with what is so.

    Parameters
    ----------
    truth : array of bool, shape (posts,)
    score : array of float, shape (posts,)
        From 0 to 1.
    who, draws, seed
        As in :func:`rates`.
    bins : int
        Of equal width.

    Returns
    -------
    DataFrame
        A row a bin with posts: ``said`` (mean score), ``so`` (share that is), ``low``, ``high``, ``posts``.
        ``attrs["error"]``: the mean distance between the two, weighted by posts (the expected calibration error of
        Naeini, Cooper & Hauskrecht 2015, AAAI).

    Examples
    --------
    >>> calibration([0, 1, 1, 1], [0.1, 0.1, 0.9, 0.9], bins=2, draws=10)[["said", "so", "posts"]].values.tolist()
    [[0.1, 0.5, 2.0], [0.9, 1.0, 2.0]]
    """
    truth, score = np.asarray(truth, dtype=float), np.asarray(score, dtype=float)
    place = np.minimum((score * bins).astype(int), bins - 1)
    group, names = pd.factorize(np.arange(len(truth)) if who is None else np.asarray(who, dtype=object), sort=True)
    times = np.random.default_rng(seed).multinomial(len(names), np.full(len(names), 1 / len(names)), draws)
    rows = []
    for i in np.unique(place):
        inside = place == i
        sums = times @ _by_group(np.column_stack([truth * inside, inside]).astype(float), group, len(names))
        low, high = np.nanquantile(sums[:, 0] / _or_nan(sums[:, 1]), [0.025, 0.975])
        rows.append((score[inside].mean(), truth[inside].mean(), low, high, int(inside.sum())))
    table = pd.DataFrame(rows, columns=["said", "so", "low", "high", "posts"])
    table.attrs["error"] = float(((table["said"] - table["so"]).abs() * table["posts"]).sum() / len(truth))
    return table


def length_of(texts: pd.Series) -> pd.Series:
    """Call posts tags alone, short, middling or long by their words, tags not counted.

    Parameters
    ----------
    texts : Series of str
        None missing; words are what :func:`analysis.text.tokens` gives.

    Returns
    -------
    Series
        Ordered categorical, on the same index, called "length".

    Examples
    --------
    >>> length_of(pd.Series(["#MeToo", "me too", "I was at work when my boss said it again #MeToo"])).tolist()
    ['tags alone', '1 to 5 words', '6 to 15 words']
    """
    from analysis.text import tokens

    count = [sum(word[0] != "#" for word in tokens(text)) for text in texts]
    cut = pd.cut(count, [-1, 0, 5, 15, 10**9], labels=["tags alone", "1 to 5 words", "6 to 15 words", "more words"])
    return pd.Series(cut, index=texts.index, name="length")


def _by_group(parts, group, many):
    return np.column_stack([np.bincount(group, weights=part, minlength=many) for part in parts.T])


def _or_nan(values):
    return np.where(values > 0, values, np.nan)


def _average_precision(truth, score, group, times):
    """Give it for each row of weights, ties in the score taken together."""
    order = np.argsort(-score, kind="stable")
    last = np.flatnonzero(np.append(np.diff(score[order]) != 0, True))
    found = np.empty(len(times))
    for i, row in enumerate(times):
        weight = row[group[order]]
        hits, all_so_far = np.cumsum(weight * truth[order])[last], np.cumsum(weight)[last]
        total = hits[-1]
        gained = np.diff(np.append(0, hits))
        found[i] = (gained * hits / np.maximum(all_so_far, 1e-12)).sum() / total if total else np.nan
    return found
