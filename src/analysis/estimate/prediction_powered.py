"""Shares from a small hand-labelled random sample: alone, and with the predictions for all other posts (PPI)."""

from __future__ import annotations

import numpy as np

from analysis.intervals import clustered_interval, effective_wilson_interval, normal_quantile, wilson_interval
from analysis.schema import InputError


def labels_only(labels, *, who=None, level: float = 0.95) -> dict[str, float]:
    """Estimate a share from a random sample's labels alone: the classical estimate.

    Wilson's interval; where `who` wrote each is known, at the effective sample size ``p(1-p)/variance`` (Korn &
    Graubard 1998, *Survey Methodology* 24, 193), if that is smaller than n.
    """
    labels = np.asarray(labels, dtype=float)
    share = labels.mean()
    low, high = clustered_interval(share, [((labels - share) / len(labels), who)], level)
    variance = ((high - low) / 2 / normal_quantile(level)) ** 2
    n = len(labels) if not variance > 0 else min(len(labels), share * (1 - share) / variance)
    return {name: float(value) for name, value in wilson_interval(n * share, n, level).items()}


def prediction_powered(
    labels, scores, rest, *, power=None, who=None, rest_who=None, level: float = 0.95
) -> dict[str, float]:
    """Estimate a share from a random sample's labels and the predictions for all posts (PPI, PPI++).

    The predictions' mean is corrected by what the labelled sample shows them to be wrong by: ``mean(rest) + mean(labels
    - scores)`` (Angelopoulos, Bates, Fannjiang, Jordan & Zrnic 2023, *Science* 382, 669). It holds whatever the
    classifier is like, as long as the sample is random. `power` is the weight of the predictions: 1 is PPI, 0 the
    labels alone; by default it is tuned (PPI++; Angelopoulos, Duchi & Zrnic 2023, arXiv:2311.01453, equation 8 and
    section 6): ``cov(labels, scores) / ((1 + n/N) var(scores))``, kept between 0 and 1. Their interval is symmetric,
    and too often below a share of 5% or less; here it has their variance and the shape of Wilson's
    (:func:`analysis.intervals.effective_wilson_interval`).
    """
    labels, scores, rest = (np.asarray(values, dtype=float) for values in (labels, scores, rest))
    n, m = len(labels), len(rest)
    if m == 0:
        return labels_only(labels, who=who, level=level) | {"power": 0.0}
    power = _tuned_power(labels, scores, rest) if power is None else power
    wrong = labels - power * scores
    share = power * rest.mean() + wrong.mean()
    parts = [((wrong - wrong.mean()) / n, who), (power * (rest - rest.mean()) / m, rest_who)]
    low, high = clustered_interval(share, parts, level)
    return effective_wilson_interval(share, low, high, labels.mean(), n, level) | {"power": float(power)}


def _tuned_power(labels, scores, rest) -> float:
    """Give the power of the shortest interval, between 0 and 1: 0 where few are labelled or scores alike."""
    if len(labels) < 3:
        return 0.0
    spread = np.concatenate([scores, rest]).var()
    if spread == 0:
        return 0.0
    joint = np.mean((labels - labels.mean()) * (scores - scores.mean()))
    return float(np.clip(joint / ((1 + len(labels) / len(rest)) * spread), 0, 1))


def prediction_powered_by_stratum(
    labels, scores, strata, rest, rest_strata, *, who=None, rest_who=None, level: float = 0.95
) -> dict[str, float]:
    """Estimate a share as :func:`prediction_powered` does, from a sample that was drawn within strata.

    Parameters
    ----------
    labels, scores, rest, who, rest_who, level
        As for :func:`prediction_powered`.
    strata, rest_strata : array, shapes (n,) and (N,)
        The stratum of each labelled post and of each other one. Within a stratum the sample is random.

    Returns
    -------
    dict
        ``share``, ``low``, ``high``, from 0 to 1, and ``power``, the mean over posts.

    Raises
    ------
    InputError
        If a stratum has no labelled post.

    Notes
    -----
    Fisch, Maynez, Hofer, Dhingra, Globerson & Cohen (2024), arXiv:2406.04291: each stratum with a power of its own,
    weighted by its posts. The strata's sizes are taken as known.

    Examples
    --------
    >>> labels, scores, strata = [0, 0, 1, 1], [0.1, 0.1, 0.8, 0.8], ["low", "low", "high", "high"]
    >>> estimate = prediction_powered_by_stratum(labels, scores, strata, np.full(6, 0.1), ["low"] * 6)
    >>> round(estimate["share"], 2)
    0.2
    """
    labels, scores, rest = (np.asarray(values, dtype=float) for values in (labels, scores, rest))
    strata, rest_strata = np.asarray(strata, dtype=object), np.asarray(rest_strata, dtype=object)
    names = sorted(set(strata) | set(rest_strata), key=str)
    in_sample, in_rest = np.zeros(len(labels)), np.zeros(len(rest))  # what each post adds to the estimate's error
    share, labelled_share, mean_power = 0.0, 0.0, 0.0
    for name in names:
        inside, beyond = strata == name, rest_strata == name
        n, m = inside.sum(), beyond.sum()
        if not n:
            raise InputError(f"stratum {name} has {m:,} posts and no label; label some of them")
        weight = (n + m) / (len(labels) + len(rest))
        power = _tuned_power(labels[inside], scores[inside], rest[beyond]) if m else 0.0
        wrong = labels[inside] - power * scores[inside]
        share += weight * (wrong.mean() + (power * rest[beyond].mean() if m else 0))
        mean_power, labelled_share = mean_power + weight * power, labelled_share + weight * labels[inside].mean()
        in_sample[inside] = weight * (wrong - wrong.mean()) / n
        if m:
            in_rest[beyond] = weight * power * (rest[beyond] - rest[beyond].mean()) / m
    low, high = clustered_interval(share, [(in_sample, who), (in_rest, rest_who)], level)
    return effective_wilson_interval(share, low, high, labelled_share, len(labels), level) | {
        "power": float(mean_power)
    }
