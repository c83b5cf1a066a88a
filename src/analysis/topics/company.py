"""What company the seed words of a theme keep, and what company words drawn at random would keep."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

#: Distinct texts: a seed word in fewer has no company to speak of.
FEWEST = 3
_POOL = 10  # words of like frequency among which a stand-in is drawn, at least


class Company(NamedTuple):
    """What goes with some seed words.

    Attributes
    ----------
    joined : ndarray of int
        The other words, as columns, that go with the seeds whichever of these is left out.
    together : ndarray of bool, shape (texts,)
        Which texts hold two or more different words of the theme, seeds or joined.
    kept : float
        Of the texts that hold a seed, the share that is among them, the mean over the seeds: a frequent one counts no
        more than a rare one.
    """

    joined: np.ndarray
    together: np.ndarray
    kept: float


def company(rows, seeds: np.ndarray, barred: np.ndarray) -> Company:
    """Find the words that join some seed words, and the texts in which words of the theme keep company.

    Parameters
    ----------
    rows : csc_array, shape (texts, words)
        1 where the text holds the word.
    seeds : ndarray of int
        Columns.
    barred : ndarray of bool, shape (words,)
        Words that must not join.

    Returns
    -------
    Company

    Notes
    -----
    A word joins if it stands more often in texts that hold a seed than chance would have it, and still does when any
    one of the seeds is left out: what goes with a single seed, in whatever sense of it, says nothing of a theme. More
    often is a one-sided binomial test at one in as many words as there are, so that by chance one word at most would
    pass; in three texts at least.
    """
    from scipy.special import bdtrc

    texts, size = rows.shape
    held = rows[:, seeds].toarray() > 0
    number = held.sum(axis=1)
    within = np.diff(rows.indptr)
    if len(seeds) < 2:
        return Company(np.zeros(0, dtype=np.int64), np.zeros(texts, dtype=bool), 0.0)
    left = (number[:, None] - held) > 0
    both = (rows.T @ left.astype(float)) if texts else np.zeros((size, len(seeds)))
    share = left.mean(axis=0)
    able = (both.min(axis=1) >= FEWEST) & ~barred
    able[seeds] = False
    which = np.flatnonzero(able)
    by_chance = bdtrc(both[which] - 1, within[which, None], share)
    joined = which[by_chance.max(axis=1, initial=0) <= 1 / size] if len(which) else which
    together = number + np.asarray(rows[:, joined].sum(axis=1)).ravel() >= 2
    kept = (together.astype(float) @ held) / np.maximum(within[seeds], 1)
    return Company(joined, together, float(kept.mean().round(12)))


def stand_ins(within: np.ndarray, seeds: np.ndarray, pool: np.ndarray, draws: int, random) -> np.ndarray:
    """Draw words of like frequency for each seed, none twice in a set.

    Parameters
    ----------
    within : ndarray of float, shape (words,)
        In how many texts each stands.
    seeds, pool : ndarray of int
        The columns of the seeds, and those that may stand in for them.
    draws : int
    random : numpy.random.Generator

    Returns
    -------
    ndarray of int, shape (draws, seeds)
        For each seed one of the words whose frequency is within a third of its own, or of the ten nearest.
    """
    sets = np.empty((draws, len(seeds)), dtype=np.int64)
    far = np.abs(np.log(within[pool][None] / within[seeds][:, None]))
    order = np.argsort(far.round(9), axis=1, kind="stable")
    near = [pool[order[i, : max(_POOL + len(seeds), int((far[i] <= np.log(4 / 3)).sum()))]] for i in range(len(seeds))]
    for draw in range(draws):
        taken: set[int] = set()
        for i, some in enumerate(near):
            free = [word for word in random.permutation(some) if word not in taken]
            sets[draw, i] = free[0]
            taken.add(sets[draw, i])
    return sets
