"""How far the words of two groups lie apart, and what each word adds to it: the Jensen-Shannon divergence."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.shift.counts import Counts
from analysis.shift.spread import ENDS, table_of


def jensen_shannon(counts: Counts) -> pd.DataFrame:
    """Say what each word adds to the Jensen-Shannon divergence of two groups of posts.

    Parameters
    ----------
    counts : Counts

    Returns
    -------
    DataFrame
        A row a word that may be shown, the largest shift first: ``word``; ``count_1``, ``count_2`` (weighted counts);
        ``share_1``, ``share_2`` (of all words of the group, 0 to 1); ``shift``, in bits: what the word adds to the
        divergence, above 0 if it has the larger share in the second group and below if in the first; ``low``,
        ``high``, its 95% interval; ``z``, the difference of the shares in standard errors; ``q``, the share of false
        ones to expect among all words with so large a z (Benjamini & Hochberg 1995).

    Notes
    -----
    Gallagher, Frank, Mitchell, Schwartz, Reagan, Danforth & Dodds (2021), "Generalized word shift graphs", EPJ Data
    Science 10, 4: with m the mean of the two shares, a word adds (p log2(p/m) + q log2(q/m)) / 2. The
    absolute values of all words, those that are not shown too, add up to :func:`divergence`. The interval is worked out
    for the signed root, which is nearly straight where the two shares are nearly the same, and squared; where it and z
    would disagree on whether 0 is left out, the root is taken for straight, so that z decides.

    Examples
    --------
    >>> from analysis.shift import count
    >>> posts = pd.DataFrame({"text": ["good day", "good", "bad day", "bad"], "author": list("abcd")})
    >>> found = jensen_shannon(count(posts, pd.Series(list("xxyy")), "x", "y", k=0))
    >>> found[["word", "shift"]].round(3).values.tolist()
    [['bad', 0.333], ['good', -0.333], ['day', 0.0]]
    """
    p, q = counts.moments.shares
    size = _parts(p, q)
    sign = np.sign(q - p)
    root = sign * np.sqrt(size)
    # The slopes of the root; where the shares are the same its limit is (q - p) / sqrt(8 m ln 2).
    middle = (p + q) / 2
    flat = 1 / np.sqrt(8 * np.log(2) * np.maximum(middle, 1e-300))
    near = np.abs(q - p) < 1e-6 * middle
    with np.errstate(divide="ignore", invalid="ignore"):
        slopes = [np.where(x > 0, sign * np.log2(x / middle) / (4 * np.sqrt(size)), 0) for x in (p, q)]
    slopes = np.array([np.where(near, -flat, slopes[0]), np.where(near, flat, slopes[1])])
    error, z = counts.moments.errors(slopes), np.abs(counts.moments.z())
    straight = np.abs(root) / np.maximum(z, 1e-300)
    reach = ENDS * np.where((z > ENDS) == (np.abs(root) > ENDS * error), error, straight)
    ends = tuple(np.sign(end) * end**2 for end in (root - reach, root + reach))
    return table_of(counts, {}, sign * size, reach, ends)


def divergence(counts: Counts, *, draws: int = 200, seed: int = 0) -> dict[str, float]:
    """Tell how far the words of two groups lie apart, and how far chance alone would put them.

    Parameters
    ----------
    counts : Counts
    draws : int
        How often authors are dealt out to the two groups by lot.
    seed : int

    Returns
    -------
    dict
        ``bits``, the Jensen-Shannon divergence, from 0 (the same words in the same shares) to 1 (no word in common);
        ``chance``, its mean where authors (with all they wrote in one of the groups; a copied text with all its
        copies) fall to either group by lot, and ``chance_high``, what 95% of such lots stay below; ``p``, how often
        chance puts them as far apart as they are.

    Notes
    -----
    Small samples never have quite the same words, so the divergence of two of them is above 0 where nothing sets them
    apart: compare with ``chance``, not with 0.
    """
    if draws < 1:
        raise ValueError(f"draws is {draws}; at least one is needed")
    found = float(_parts(*(counts.totals / counts.totals.sum(axis=1, keepdims=True))).sum())
    units = _units(counts)
    first = np.arange(units.shape[0]) < len(np.unique(_owner(counts, 0)))
    random, whole, lots = np.random.default_rng(seed), units.sum(axis=0), []
    for _ in range(draws):
        one = random.permutation(first).astype(float) @ units
        lots.append(_parts(one / max(one.sum(), 1), (whole - one) / max((whole - one).sum(), 1)).sum())
    as_far = (1 + np.sum(np.array(lots) >= found)) / (1 + draws)
    return {
        "bits": found,
        "chance": float(np.mean(lots)),
        "chance_high": float(np.quantile(lots, 0.95)),
        "p": float(as_far),
    }


def _parts(p, q):
    """Give what each word adds to the divergence, in bits."""
    from scipy.special import rel_entr

    middle = (p + q) / 2
    return np.maximum((rel_entr(p, middle) + rel_entr(q, middle)) / (2 * np.log(2)), 0)


def _owner(counts, group):
    """Give what each post is dealt out with: its copied text, or else its author."""
    text, author = counts.text[group], counts.author[group]
    return np.where(text >= 0, -1 - text, author)


def _units(counts):
    """Add words up by owner, the first group's above the second's."""
    from scipy.sparse import csr_array, vstack

    parts = []
    for group in (0, 1):
        names, row = np.unique(_owner(counts, group), return_inverse=True)
        lot = csr_array((np.ones(len(row)), (row, np.arange(len(row)))), shape=(len(names), len(row)))
        parts.append(lot @ counts.each[group])
    return vstack(parts).tocsr()
