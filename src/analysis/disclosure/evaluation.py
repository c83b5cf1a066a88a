"""How good answers are: scores for posts that a model has not learnt from, and measures with intervals."""

from __future__ import annotations

from hashlib import sha256

import numpy as np
import pandas as pd

from analysis.disclosure.labels import OWN, answers_of
from analysis.disclosure.model import fit
from analysis.schema import InputError
from analysis.text import tokens

MEASURES = ("precision", "recall", "f1", "average_precision", "brier")


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
        predicted = model.predict(posts.loc[test, "text"])
        lacking = dict.fromkeys(set(classes) - set(model.classes), 0.0)
        parts.append(predicted.assign(**lacking)[["answer", *classes]])
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
        f1 = []
        for i in range(folds):
            train = order[fold != i].sort_values().index[:size]
            test = posts.index[fold == i]
            model = fit(posts.loc[train], answers[train], question=question, **how)
            hit = chance_of(model.predict(posts.loc[test, "text"]), OWN) >= 0.5
            truth = answers[test].isin(OWN)
            f1.append(2 * (hit & truth).sum() / max(hit.sum() + truth.sum(), 1))
        rows.append((size, np.mean(f1), min(f1), max(f1)))
    return pd.DataFrame(rows, columns=["labels", "f1", "low", "high"])


def chance_of(predicted: pd.DataFrame, positive) -> pd.Series:
    """Add up the probabilities of the answers that are looked for; a post is predicted to be one from 0.5 on.

    Parameters
    ----------
    predicted : DataFrame
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
    >>> predicted = pd.DataFrame({"answer": ["bare"], "bare": [0.5], "detail": [0.25], "none": [0.25]})
    >>> chance_of(predicted, ["bare", "detail"])
    0    0.75
    Name: score, dtype: float64
    """
    known = [name for name in positive if name in predicted]
    if not known:
        raise InputError(
            f"none of the {len(predicted.columns) - 1} answers here is {' or '.join(positive)}; name one of them"
        )
    return predicted[known].sum(axis=1, skipna=False).clip(0, 1).rename("score")


def rates(
    truth, predicted, score=None, who=None, *, draws: int = 500, seed: int = 0, level: float = 0.95
) -> pd.DataFrame:
    """Measure yes-or-no answers against the truth, with intervals from drawing whole groups of posts.

    Parameters
    ----------
    truth, predicted : array of bool, shape (posts,)
        What is so, and what is predicted.
    score : array of float, shape (posts,), optional
        The predicted probability, 0 to 1. Without it there is no average precision and no Brier score.
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
    >>> table = rates([1, 1, 0, 0], [1, 0, 1, 0], [0.9, 0.4, 0.6, 0.1], draws=50)
    >>> table.set_index("measure")["value"].round(3).to_dict()
    {'precision': 0.5, 'recall': 0.5, 'f1': 0.5, 'average_precision': 0.833, 'brier': 0.185}
    """
    truth, predicted = (np.asarray(values, dtype=bool) for values in (truth, predicted))
    score = None if score is None else np.asarray(score, dtype=float)
    lengths = {len(values) for values in (truth, predicted, score, who) if values is not None}
    if lengths == {0} or len(lengths) > 1:
        raise InputError("there is nothing to measure: give the truth, the answers and the groups of the same posts")
    group, names = _grouped(who, len(truth))
    times = np.vstack([np.ones(len(names)), _draws(len(names), draws, seed)])  # the first row: the posts as they are
    sums = times @ _by_group([truth & predicted, predicted, truth], group, len(names))
    values = {"precision": sums[:, 0] / _or_nan(sums[:, 1]), "recall": sums[:, 0] / _or_nan(sums[:, 2])}
    values["f1"] = 2 * sums[:, 0] / _or_nan(sums[:, 1] + sums[:, 2])
    if score is not None:
        values["average_precision"] = _average_precision(truth, score, group, times)
        wrong = _by_group([(score - truth) ** 2, np.ones(len(truth))], group, len(names))
        values["brier"] = np.divide(*(times @ wrong).T)
    rows = []
    for name in MEASURES:
        drawn = values.get(name, np.full(2, np.nan))
        known = len(names) > 1 and not np.isnan(drawn[1:]).all()  # of one group every draw is the same
        low, high = np.nanquantile(drawn[1:], [(1 - level) / 2, (1 + level) / 2]) if known else (np.nan, np.nan)
        rows.append((name, drawn[0], low, high, len(truth), int(truth.sum())))
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
        more = [None if values is None else np.asarray(values)[place] for values in (score, who)]
        measured = rates(truth[place], predicted[place], *more, **how).set_index("measure")
        row = {groups.name or "group": name, "posts": len(place), "positive": int(truth[place].sum())}
        row["called"] = int(predicted[place].sum())
        row["false_positives"] = float(predicted[place][~truth[place]].mean()) if (~truth[place]).any() else np.nan
        for measure in MEASURES[:3]:
            low, high = measured.loc[measure, ["low", "high"]]
            row |= {measure: measured.loc[measure, "value"], f"{measure}_low": low, f"{measure}_high": high}
        rows.append(row)
    return pd.DataFrame(rows)


def calibration(truth, score, who=None, *, bins: int = 10, draws: int = 500, seed: int = 0) -> pd.DataFrame:
    """Compare predicted probabilities with observed shares.

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
    group, names = _grouped(who, len(truth))
    times = _draws(len(names), draws, seed)
    rows = []
    for i in np.unique(place):
        inside = place == i
        sums = times @ _by_group([truth * inside, inside], group, len(names))
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
    count = [sum(word[0] != "#" for word in tokens(text)) for text in texts]
    cut = pd.cut(count, [-1, 0, 5, 15, 10**9], labels=["tags alone", "1 to 5 words", "6 to 15 words", "more words"])
    return pd.Series(cut, index=texts.index, name="length")


def agreement(
    labels: pd.DataFrame, question: str = "disclosure", *, draws: int = 500, seed: int = 0
) -> dict[str, float]:
    """Say how far annotators agree beyond chance: Krippendorff's alpha for names, with an interval from drawing posts.

    Parameters
    ----------
    labels : DataFrame
        ``post_id``, ``annotator`` and the question's column.
    question : str
    draws, seed
        Of the bootstrap.

    Returns
    -------
    dict
        ``alpha`` (1: always, 0: as by chance), ``low``, ``high``, ``posts`` (with two answers or more).

    Raises
    ------
    InputError
        Where there is one annotator alone, or everybody gave the same answer everywhere.

    Notes
    -----
    Krippendorff (2004), *Content Analysis*, 2nd edition, chapter 11, as the package `krippendorff` computes it.
    """
    import krippendorff

    wide = labels.pivot_table(index="post_id", columns="annotator", values=question, aggfunc="first").sort_index()
    wide = wide[wide.notna().sum(axis=1) > 1]
    kinds = sorted(pd.unique(wide.to_numpy().ravel()[pd.notna(wide.to_numpy().ravel())]))
    if wide.shape[1] < 2 or len(kinds) < 2:
        raise InputError(
            "agreement needs posts that two people labelled, and more than one answer among them: have a second "
            "person label some of the same posts"
        )
    counts = np.column_stack([(wide == kind).sum(axis=1) for kind in kinds])
    random, alphas = np.random.default_rng(seed), []
    for draw in range(draws + 1):
        drawn = counts if draw == 0 else counts[random.integers(len(counts), size=len(counts))]
        several = (drawn.sum(axis=0) > 0).sum() > 1
        alphas.append(krippendorff.alpha(value_counts=drawn, level_of_measurement="nominal") if several else np.nan)
    low, high = np.nanquantile(alphas[1:], [0.025, 0.975])
    return {"alpha": float(alphas[0]), "low": float(low), "high": float(high), "posts": len(wide)}


def annotators(posts: pd.DataFrame, labels: pd.DataFrame, truth: pd.Series, **how) -> pd.DataFrame:
    """Measure each annotator against the truth: the yardstick, since no model can be trusted further than people.

    Parameters
    ----------
    posts, labels
        As in :func:`analysis.disclosure.answers_of`; the question is the name of `truth`.
    truth : Series of str
        The true answer of each post, on the index of `posts`.
    **how
        For :func:`rates`.

    Returns
    -------
    DataFrame
        ``annotator``, and then as :func:`rates` gives it.
    """
    parts = []
    for name, own in labels.groupby("annotator"):
        given = answers_of(posts, own, truth.name).dropna()
        who = posts.loc[given.index, "author"] if "author" in posts else None
        measured = rates(truth[given.index].isin(OWN), given.isin(OWN), who=who, **how)
        parts.append(measured.dropna(subset="value").assign(annotator=name))
    table = pd.concat(parts, ignore_index=True)
    return table[["annotator", *table.columns.drop("annotator")]]


def _grouped(who, posts):
    """Give the number of the group of each post, and the names of all; without `who` each post is a group."""
    return pd.factorize(np.arange(posts) if who is None else np.asarray(who, dtype=object), sort=True)


def _draws(groups, draws, seed):
    """Say how often each group is drawn, shape (draws, groups)."""
    return np.random.default_rng(seed).multinomial(groups, np.full(groups, 1 / groups), draws)


def _by_group(parts, group, many):
    return np.column_stack(
        [np.bincount(group, weights=np.asarray(part, dtype=float), minlength=many) for part in parts]
    )


def _or_nan(values):
    return np.where(values > 0, values, np.nan)


def _average_precision(truth, score, group, times):
    """Give it for each row of weights, ties in the score taken together."""
    order = np.argsort(-score, kind="stable")
    last = np.flatnonzero(np.append(np.diff(score[order]) != 0, True))
    precision = np.empty(len(times))
    for i, row in enumerate(times):
        weight = row[group[order]]
        hits, so_far = np.cumsum(weight * truth[order])[last], np.cumsum(weight)[last]
        gained = np.diff(np.append(0, hits))
        precision[i] = (gained * hits / np.maximum(so_far, 1e-12)).sum() / hits[-1] if hits[-1] else np.nan
    return precision
