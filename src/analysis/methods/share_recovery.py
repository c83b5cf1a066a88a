"""Does each estimate find what was planted? Posts are drawn again and again from pools whose truth is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.estimate.prevalence import METHODS, from_known, from_labels

#: The three kinds of shift between the known posts and the target.
SHIFTS = ("other shares", "other mix", "new phrasing")


def recover(
    pool: pd.DataFrame,
    planted: Sequence[float] = (0.02, 0.05, 0.1, 0.2, 0.4, 0.6),
    *,
    mix: Mapping[str, float] | None = None,
    shifts: Sequence[str] = SHIFTS,
    posts: int = 2000,
    known: int = 2000,
    labels: int = 500,
    replicates: int = 200,
    seed: int = 0,
    progress=None,
) -> pd.DataFrame:
    """Plant shares under each shift, and measure every estimate's bias and the coverage of its interval.

    Parameters
    ----------
    pool : DataFrame
        Scored posts whose truth is known: ``score`` (of a model that has not seen the post, nor the wording of a novel
        one), ``label`` (0 or 1), ``kind`` (the kinds that a class is a mix of), ``novel`` (bool: worded as no known
        post is), perhaps ``stratum``.
    planted : sequence of float
        Shares of the target.
    mix : mapping, optional
        For "other mix": the share of a kind within its class in the target; the kinds that are not named keep their
        proportions.
    shifts : sequence of str
        Known posts are never novel; the target is novel under "new phrasing" alone.
    posts, known, labels : int
        Target posts (the labelled ones among them), known posts, and posts labelled by hand, in each replicate.
    replicates : int
    seed : int
    progress : callable, optional
        Called with 1 after each replicate.

    Returns
    -------
    DataFrame
        A row for each shift, planted share and method: ``shift``, ``planted``, ``method``; ``stands`` (bool: whether
        the method is designed for the shift); ``bias``, ``bias_error`` (Monte Carlo standard error), ``rmse``,
        ``half_width`` (mean), all from 0 to 1; ``covered``, the share of 95% intervals that hold the planted share,
        ``covered_error``; ``replicates``, those in which there was an estimate.

    Notes
    -----
    Posts are drawn with replacement, so an interval is one for the source that the target came from.
    """
    rows = []
    fixed = pool.reset_index(drop=True)
    familiar = ~fixed["novel"].to_numpy(dtype=bool)
    prior = fixed.loc[familiar, "label"].mean()
    same = weights_of(fixed, familiar)
    for shift in shifts:
        novel = shift == "new phrasing"
        weights = weights_of(fixed, ~familiar if novel else familiar, mix if shift == "other mix" else None)
        for share in planted:
            random = np.random.default_rng([seed, SHIFTS.index(shift), round(1e6 * share)])
            estimates = []
            for _ in range(replicates):
                here, there = _draw(weights, share, posts, random), _draw(same, prior, known, random)
                estimates += _estimates(fixed, here, there, labels)
                if progress is not None:
                    progress(1)
            rows.append(_judged(pd.DataFrame(estimates), share).assign(shift=shift, planted=share))
    table = pd.concat(rows, ignore_index=True)
    claims = METHODS.set_index("method")
    names = table["shift"].str.replace(" ", "_")
    table["stands"] = [claims.loc[method, name] for method, name in zip(table["method"], names, strict=True)]
    return table[
        ["shift", "planted", "method", "stands", "bias", "bias_error", "rmse", "half_width", "covered", "covered_error",
         "replicates"]
    ]  # fmt: skip


def weights_of(pool: pd.DataFrame, inside: np.ndarray, mix: Mapping[str, float] | None = None) -> dict:
    """Give for each class which posts may be drawn, and how often."""
    drawn = {}
    for label in (1, 0):
        rows = np.flatnonzero(inside & (pool["label"] == label).to_numpy())
        kind = pool["kind"].to_numpy()[rows]
        weight = np.full(len(rows), 1 / max(len(rows), 1))
        wished = {name: part for name, part in (mix or {}).items() if (kind == name).any()}
        if wished:
            named = np.isin(kind, list(wished))
            weight[~named] *= (1 - sum(wished.values())) / max(weight[~named].sum(), 1e-12)
            for name, part in wished.items():
                weight[kind == name] = part / (kind == name).sum()
        drawn[label] = (rows, weight / weight.sum())
    return drawn


def _draw(weights, share, size, random):
    yes = random.random(size) < share
    drawn = np.empty(size, dtype=int)
    for label, inside in ((1, yes), (0, ~yes)):
        rows, weight = weights[label]
        drawn[inside] = random.choice(rows, inside.sum(), p=weight)
    return drawn


def _estimates(pool, here, there, labels):
    names = [name for name in ("score", "label", "stratum") if name in pool.columns]
    known, target = pool[names].take(there), pool[names].take(here)
    sample, rest = target[:labels], target[labels:]
    estimates = from_known(target, known) | from_labels(rest, sample)
    return [{"method": name, **estimate} for name, estimate in estimates.items()]


def _judged(estimates, share):
    """Measure bias and coverage of each method over its replicates."""
    known = estimates[estimates["share"].notna()]
    wrong = known["share"] - share
    inside = known["low"].le(share) & known["high"].ge(share)
    half = (known["high"] - known["low"]) / 2
    table = known.assign(wrong=wrong, square=wrong**2, half=half, inside=inside.astype(float))
    by = table.groupby("method", sort=False)
    means, many = by[["wrong", "square", "half", "inside"]].mean(), by.size()
    judged = pd.DataFrame(
        {
            "bias": means["wrong"],
            "bias_error": by["wrong"].std() / np.sqrt(many),
            "rmse": np.sqrt(means["square"]),
            "half_width": means["half"],
            "covered": means["inside"],
            "covered_error": np.sqrt(means["inside"] * (1 - means["inside"]) / many),
            "replicates": many,
        }
    )
    return judged.reset_index()
