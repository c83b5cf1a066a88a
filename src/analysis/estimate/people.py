"""From posts to people: how many authors have written at least one post of a kind."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.estimate.corrections import NOTHING, cannot_correct, rows_of
from analysis.estimate.prediction_powered import labels_only, prediction_powered
from analysis.intervals import percentile_interval
from analysis.schema import InputError

#: Shares of somebody's posts that may be of the kind.
_RATES = np.array([0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0])
#: Where groups of authors begin, by number of posts.
_GROUPS = (1, 2, 3, 4, 6, 11, 31)


def any_positive(posts, false_positives: float):
    """Say how probable it is that somebody who wrote none of the kind is counted, since one positive post is enough.

    Parameters
    ----------
    posts : int or array
        How many posts somebody wrote.
    false_positives : float
        The probability that a post which is not of the kind is predicted to be, posts taken as independent.

    Returns
    -------
    float or ndarray

    Examples
    --------
    >>> round(float(any_positive(10, 0.05)), 2)
    0.4
    """
    return 1 - (1 - false_positives) ** np.asarray(posts)


def check_authors(table: pd.DataFrame) -> None:
    """Refuse posts of which no author is known, where people are to be counted."""
    if "author" not in table.columns or not table["author"].notna().any():
        raise InputError("no post has an author, so people cannot be told apart: only posts can be counted")


def people(
    target: pd.DataFrame,
    known: pd.DataFrame | None = None,
    sample: pd.DataFrame | None = None,
    *,
    threshold: float = 0.5,
    draws: int = 200,
    level: float = 0.95,
    seed: int = 0,
) -> pd.DataFrame:
    """Estimate how many of the authors have written at least one post of the kind (such as a disclosure).

    Parameters
    ----------
    target : DataFrame
        A row a post: ``author`` and ``score`` (0 to 1). Posts without an author are left out.
    known : DataFrame, optional
        Posts labelled elsewhere: ``score``, ``label`` (0 or 1), perhaps ``author``. They give the classifier's error
        rates, which must be the same in the target.
    sample : DataFrame, optional
        *All* posts of some of the target's authors, who were drawn at random: ``author``, ``score``, ``label``.
    threshold : float
        A score from here on is a positive prediction.
    draws : int
        Bootstrap draws for the corrected count: of the target's authors, and of the known posts' (or posts, where
        their authors are not known).
    level, seed

    Returns
    -------
    DataFrame
        A row a method, in this order:

        - ``any positive post``: authors with at least one positive prediction. No interval: its error is not chance.
        - ``corrected`` (with `known`): authors' numbers of positive posts as a mixture over how often people write of
          the kind, seen through the error rates.
        - ``labels only`` and ``prediction-powered`` (with `sample`): the labelled authors alone, and with the
          predictions for all others. These two hold whatever the error rates are.

        Columns: ``method``; ``people``, ``people_low``, ``people_high`` (float); ``share``, ``low``, ``high`` of the
        target's authors; ``authors`` (int); ``note``: empty, or why a number is missing. ``attrs["left_out"]`` is the
        number of posts without an author.

    Raises
    ------
    InputError
        As :func:`analysis.estimate.corrections.rows_of`; or if no author is known; or if a sampled author is not in the
        target or has another number of posts there, or posts without a label.

    Notes
    -----
    The mixture is fitted by maximum likelihood without a form given (Kiefer & Wolfowitz 1956, *Ann. Math. Stat.* 27,
    887; by EM after Laird 1978, *J. Am. Stat. Assoc.* 73, 805) within groups of authors with about as many posts. It
    takes errors as independent, given what a post is: where one author's posts are misread alike, it is biased. The
    prediction-powered count takes authors as units; the prediction for an author is the probability of at least one
    post of the kind, ``1 - prod(1 - score)``.

    Examples
    --------
    >>> posts = pd.DataFrame({"author": ["a", "a", "b", "c"], "score": [0.1, 0.8, 0.2, 0.3]})
    >>> people(posts)[["method", "people", "authors"]].values.tolist()
    [['any positive post', 1.0, 3]]
    """
    check_authors(target)
    authored = target[target["author"].notna()]
    scores = rows_of(authored, "target")
    given = authored.assign(positive=scores.predicted(threshold), miss=np.log1p(-np.minimum(scores.score, 1 - 1e-12)))
    each = given.groupby("author").agg(posts=("score", "size"), positive=("positive", "sum"), miss=("miss", "sum"))
    missing = float("nan")
    rows = [("any positive post", {"share": each["positive"].gt(0).mean(), "low": missing, "high": missing}, "")]
    if known is not None:
        rows.append(("corrected", *_corrected(each, known, threshold, draws, level, seed)))
    if sample is not None:
        rows += _labelled(each, sample, level)
    table = pd.DataFrame([{"method": method, **estimate, "note": note} for method, estimate, note in rows])
    for name, column in (("people", "share"), ("people_low", "low"), ("people_high", "high")):
        table[name] = table[column] * len(each)
    table["authors"] = len(each)
    table = table[["method", "people", "people_low", "people_high", "share", "low", "high", "authors", "note"]]
    table.attrs["left_out"] = len(target) - len(authored)
    return table


def _corrected(each, known, threshold, draws, level, seed):
    """Correct the count for the error rates that the known posts show."""
    rows = rows_of(known, "known", labelled=True)
    why = cannot_correct(rows, threshold)
    if why:
        return NOTHING, why
    yes, hit = rows.label == 1, rows.predicted(threshold)
    random = np.random.default_rng(seed)
    counts = pd.DataFrame({"tp": hit * yes, "p": yes, "fp": hit * ~yes, "n": ~yes}, dtype=float)
    if rows.who is not None:
        alone = pd.Series(np.arange(len(counts)).astype(str)).radd("alone ")
        counts = counts.groupby(pd.Series(rows.who).where(pd.notna(rows.who), alone)).sum()
    errors = _drawn(counts.to_numpy(), draws, random)
    sensitivity, wrong = (errors[:, 0] + 0.5) / (errors[:, 1] + 1), (errors[:, 2] + 0.5) / (errors[:, 3] + 1)
    sensitivity[0], wrong[0] = hit[yes].mean(), hit[~yes].mean()
    cells = each.groupby(["posts", "positive"]).size().reset_index(name="authors")
    many = cells["authors"].to_numpy()
    times = np.vstack([many, random.multinomial(many.sum(), many / many.sum(), size=draws)]).astype(float)
    shares = any_of_kind(cells["posts"].to_numpy(), cells["positive"].to_numpy(), times, sensitivity, wrong)
    low, high = percentile_interval(shares[1:, None], level).ravel()
    return {"share": shares[0], "low": min(low, shares[0]), "high": max(high, shares[0])}, ""


def _drawn(table, draws, random):
    """Give the sums of a table as it is, and of its rows drawn again and again."""
    groups, total = len(table), [table.sum(axis=0)]
    at_once = max(1, 2**23 // groups)
    for begin in range(0, draws, at_once):
        size = min(at_once, draws - begin)
        total.extend(random.multinomial(groups, np.full(groups, 1 / groups), size=size) @ table)
    return np.array(total)


def _labelled(each, sample, level):
    """Estimate from authors whose posts were all labelled, alone and with the predictions for the others."""
    rows_of(sample, "sample", labelled=True)
    if "author" not in sample.columns or sample["author"].isna().any():
        raise InputError("the sample table has posts without an author; people are estimated from authors drawn whole")
    own = sample.groupby("author").agg(posts=("label", "count"), any=("label", "max"))
    unknown = ~own.index.isin(each.index)
    if unknown.any():
        raise InputError(f"{unknown.sum():,} authors of the sample have no post in the target; draw them from there")
    part = own["posts"] != each["posts"].reindex(own.index)
    if part.any():
        raise InputError(
            f"{part.sum():,} authors of the sample have fewer labelled posts than posts in the target (or more); "
            "label all posts of each drawn author"
        )
    guess = -np.expm1(each["miss"])
    labels, rest = own["any"].astype(float), guess[~guess.index.isin(own.index)]
    combined = prediction_powered(labels, guess[own.index], rest, level=level)
    return [
        ("labels only", labels_only(labels, level=level), ""),
        ("prediction-powered", {name: combined[name] for name in ("share", "low", "high")}, ""),
    ]


def any_of_kind(posts, positive, times, sensitivity, false_positives, *, steps: int = 300) -> np.ndarray:
    """Estimate the share of authors with at least one post of the kind, in many draws at once.

    `times` (draws, cells) says how many authors wrote so many `posts`, so many of them `positive`. Authors with one
    post have a closed form (Rogan & Gladen 1978, *Am. J. Epidemiol.* 107, 71); elsewhere the weights of a grid of rates
    are fitted by maximum likelihood.
    """
    authors = np.zeros(len(times))
    for i, begin in enumerate(_GROUPS):
        end = _GROUPS[i + 1] if i + 1 < len(_GROUPS) else np.inf
        inside = (posts >= begin) & (posts < end)
        if not inside.any():
            continue
        group, hits, many = posts[inside], positive[inside], times[:, inside]
        if begin == 1:
            rate = many @ hits / np.maximum(many.sum(axis=1), 1)
            apart = sensitivity - false_positives
            apart = np.where(np.abs(apart) < 1e-12, 1e-12, apart)  # a draw in which the two rates are equal: 0 or all
            authors += many.sum(axis=1) * np.clip((rate - false_positives) / apart, 0, 1)
        else:
            weights = _weights(group, hits, many, sensitivity, false_positives, steps)
            none = (1 - _RATES)[None, :] ** group[:, None]
            authors += many.sum(axis=1) - np.einsum("dc,cr,dr->d", many, none, weights)
    return authors / times.sum(axis=1)


def _weights(posts, positive, times, sensitivity, false_positives, steps):
    """Fit how common each rate is in a group, shape (draws, rates)."""
    chance = _RATES[None, :] * sensitivity[:, None] + (1 - _RATES)[None, :] * false_positives[:, None]
    chance = np.clip(chance, 1e-9, 1 - 1e-9)[:, None, :]
    log = positive[None, :, None] * np.log(chance) + (posts - positive)[None, :, None] * np.log1p(-chance)
    likely = np.exp(log - log.max(axis=2, keepdims=True))
    weights = np.full((len(times), len(_RATES)), 1 / len(_RATES))
    part = times / np.maximum(times.sum(axis=1, keepdims=True), 1)
    for _ in range(steps):
        mixed = np.matmul(likely, weights[:, :, None])[:, :, 0]
        weights = weights * np.matmul((part / np.maximum(mixed, 1e-300))[:, None, :], likely)[:, 0, :]
        weights /= np.maximum(weights.sum(axis=1, keepdims=True), 1e-300)
    return weights
