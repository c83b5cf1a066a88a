"""How many people wrote of a kind at all, from a mixture of how often each did, seen through a classifier's errors."""

from __future__ import annotations

import numpy as np

#: Shares of somebody's posts that may be of the kind.
_RATES = np.array([0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0])
#: Where groups of authors begin, by number of posts.
_GROUPS = (1, 2, 3, 4, 6, 11, 31)


def any_of_kind(posts, positive, times, sensitivity, false_positives, *, steps: int = 300) -> np.ndarray:
    """Estimate the share of authors with at least one post of the kind, in many draws at once.

    Parameters
    ----------
    posts, positive : array, shape (cells,)
        Authors with so many posts, so many of them predicted positive.
    times : array, shape (draws, cells)
        How many authors there are in each cell.
    sensitivity, false_positives : array, shape (draws,)
        The probability that a post is predicted positive where it is of the kind, and where it is not.
    steps : int
        Of expectation-maximisation.

    Returns
    -------
    ndarray, shape (draws,)

    Notes
    -----
    Authors with one post have a closed form (Rogan & Gladen 1978, *Am. J. Epidemiol.* 107, 71). In the other groups the
    weights of a grid of rates are fitted by maximum likelihood, by expectation-maximisation (Laird 1978, *J. Am. Stat.
    Assoc.* 73, 805).

    Examples
    --------
    >>> posts, positive, times = np.array([1, 1]), np.array([0, 1]), np.array([[70.0, 30.0]])
    >>> any_of_kind(posts, positive, times, np.array([0.9]), np.array([0.1])).round(3).tolist()
    [0.25]
    """
    found = np.zeros(len(times))
    for i, begin in enumerate(_GROUPS):
        end = _GROUPS[i + 1] if i + 1 < len(_GROUPS) else np.inf
        inside = (posts >= begin) & (posts < end)
        if not inside.any():
            continue
        group, hits, many = posts[inside], positive[inside], times[:, inside]
        if begin == 1:
            rate = _share(many @ hits, many.sum(axis=1))
            apart = sensitivity - false_positives
            apart = np.where(np.abs(apart) < 1e-12, 1e-12, apart)  # a draw in which the two rates are equal: 0 or all
            found += many.sum(axis=1) * np.clip((rate - false_positives) / apart, 0, 1)
        else:
            weights = _weights(group, hits, many, sensitivity, false_positives, steps)
            none = (1 - _RATES)[None, :] ** group[:, None]
            found += many.sum(axis=1) - np.einsum("dc,cr,dr->d", many, none, weights)
    return found / times.sum(axis=1)


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


def _share(top, bottom):
    return top / np.maximum(bottom, 1)
