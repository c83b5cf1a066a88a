"""Which words move the mean valence between two groups, by a list that gives words a valence."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.shift.counts import Counts
from analysis.shift.spread import ENDS, Moments, table_of


def lexicon_weighted(
    counts: Counts,
    valences: Mapping[str, float],
    *,
    reference: float | None = None,
    neutral: tuple[float, float] | None = None,
) -> pd.DataFrame:
    """Say how much of the difference between two groups' mean valence is each word's doing.

    Parameters
    ----------
    counts : Counts
    valences : mapping of str to float
        A word's valence, such as labMT's happiness (1 to 9) or VADER's (-4 to 4). Other words don't count.
    reference : float, optional
        The valence from which a word counts as pleasant; the first group's mean by default.
    neutral : tuple of two float, optional
        Words whose valence lies between these (ends included) are left out, such as labMT's 4 to 6.

    Returns
    -------
    DataFrame
        As :func:`analysis.shift.jensen_shannon` gives it, with ``valence``; shares are of the words that the list
        knows. ``shift`` is in the list's units: above 0 if the word makes the second group's mean the higher one. A
        word can do so in two ways, being pleasant and commoner there, or unpleasant and rarer.

    Raises
    ------
    ValueError
        If a group has none of the list's words.

    Notes
    -----
    Gallagher et al. (2021), EPJ Data Science 10, 4: the shift of weighted averages, with one list for both groups;
    Dodds et al. (2011), PLoS ONE 6(12), e26752. With the first group's mean for reference, the shifts of all words,
    those that are not shown too, add up to the difference of :func:`means`. Only single words are looked up: rules,
    such as VADER's for "not", don't come in.

    Examples
    --------
    >>> from analysis.shift import count
    >>> posts = pd.DataFrame({"text": ["good day", "good", "bad day", "good"], "author": list("abcd")})
    >>> counts = count(posts, pd.Series(list("xxyy")), "x", "y", k=0)
    >>> lexicon_weighted(counts, {"good": 1.9, "bad": -2.5})[["word", "shift"]].round(3).values.tolist()
    [['bad', -2.2], ['good', 0.0]]
    """
    known, valence = _known(counts, valences, neutral)
    if reference is None:
        reference = float(known.totals[0] @ valence / known.totals[0].sum())
    away = valence[known.shown] - reference
    p, q = known.moments.shares
    error = known.moments.errors(np.array([-away, away]))
    return table_of(known, {"valence": valence[known.shown]}, (q - p) * away + 0.0, error)


def means(
    counts: Counts, valences: Mapping[str, float], *, neutral: tuple[float, float] | None = None
) -> dict[str, float]:
    """Give the mean valence of two groups' words and its difference, with an interval.

    Parameters
    ----------
    counts, valences, neutral
        As for :func:`lexicon_weighted`.

    Returns
    -------
    dict
        ``first``, ``second``, ``difference`` (second less first), ``low`` and ``high`` (95%) of it, all in the list's
        units; ``known_1`` and ``known_2``, the shares of each group's words that the list knows.
    """
    from scipy.sparse import csr_array

    known, valence = _known(counts, valences, neutral)
    sizes = known.totals.sum(axis=1)
    first, second = known.totals @ valence / sizes
    each = [csr_array((part @ valence)[:, None]) for part in known.each]
    lengths = [part.sum(axis=1) for part in known.each]
    error = float(Moments.of(each, lengths, known.author, known.text).errors(np.array([[-1.0], [1.0]]))[0])
    shares = sizes / counts.totals.sum(axis=1)
    return {
        "first": float(first),
        "second": float(second),
        "difference": float(second - first),
        "low": float(second - first - ENDS * error),
        "high": float(second - first + ENDS * error),
        "known_1": float(shares[0]),
        "known_2": float(shares[1]),
    }


def _known(counts, valences, neutral):
    """Keep the words that the list knows and that are not neutral; give their valences too."""
    valence = np.array([valences.get(word, np.nan) for word in counts.words], dtype=float)
    kept = ~np.isnan(valence)
    if neutral is not None:
        kept &= ~((valence >= min(neutral)) & (valence <= max(neutral)))
    known = counts.only(kept)
    for name, total in zip(known.names, known.totals.sum(axis=1), strict=True):
        if not total:
            raise ValueError(f"the list knows none of the words of the group {name!r}: its mean can't be told")
    return known, valence[kept]
