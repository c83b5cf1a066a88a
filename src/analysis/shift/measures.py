"""Which words set two groups of posts apart: by divergence, by their valence, and by their log odds."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import NormalDist

import numpy as np
import pandas as pd

from analysis.shift.counts import Counts, Moments

#: Standard errors from the middle of a 95% interval to its ends.
ENDS = NormalDist().inv_cdf(0.975)


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
    >>> table = jensen_shannon(count(posts, pd.Series(list("xxyy")), "x", "y", k=0))
    >>> table[["word", "shift"]].round(3).values.tolist()
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
    return _table(counts, {}, sign * size, reach, ends)


def divergence(counts: Counts, *, draws: int = 200, seed: int = 0) -> dict[str, float]:
    """Tell how far the words of two groups lie apart, and how far those of shuffled authors do.

    Parameters
    ----------
    counts : Counts
    draws : int
        How often authors are shuffled between the two groups.
    seed : int

    Returns
    -------
    dict
        ``bits``, the Jensen-Shannon divergence, from 0 (the same words in the same shares) to 1 (no word in common);
        ``chance``, its mean where authors (with all they wrote in one of the groups; a copied text with all its
        copies) are shuffled, and ``chance_high``, what 95% of such draws stay below; ``p``, how often they lie as far
        apart as the groups do.

    Notes
    -----
    Small samples never have quite the same words, so the divergence of two of them is above 0 where nothing sets them
    apart: compare with ``chance``, not with 0.
    """
    if draws < 1:
        raise ValueError(f"draws is {draws}; at least one is needed")
    bits = float(_parts(*(counts.totals / counts.totals.sum(axis=1, keepdims=True))).sum())
    units = _units(counts)
    in_first = np.arange(units.shape[0]) < len(np.unique(_owner(counts, 0)))
    rng, total, shuffled = np.random.default_rng(seed), units.sum(axis=0), []
    for _ in range(draws):
        first = rng.permutation(in_first).astype(float) @ units
        second = total - first
        shuffled.append(_parts(first / max(first.sum(), 1), second / max(second.sum(), 1)).sum())
    return {
        "bits": bits,
        "chance": float(np.mean(shuffled)),
        "chance_high": float(np.quantile(shuffled, 0.95)),
        "p": float((1 + np.sum(np.array(shuffled) >= bits)) / (1 + draws)),
    }


def _parts(p, q):
    """Give what each word adds to the divergence, in bits."""
    from scipy.special import rel_entr

    middle = (p + q) / 2
    return np.maximum((rel_entr(p, middle) + rel_entr(q, middle)) / (2 * np.log(2)), 0)


def _owner(counts, group):
    """Give what each post is shuffled with: its copied text, or else its author."""
    text, author = counts.text[group], counts.author[group]
    return np.where(text >= 0, -1 - text, author)


def _units(counts):
    """Add words up by owner, the first group's above the second's."""
    from scipy.sparse import csr_array, vstack

    parts = []
    for group in (0, 1):
        names, row = np.unique(_owner(counts, group), return_inverse=True)
        owned = csr_array((np.ones(len(row)), (row, np.arange(len(row)))), shape=(len(names), len(row)))
        parts.append(owned @ counts.each[group])
    return vstack(parts).tocsr()


def lexicon_weighted(
    counts: Counts,
    valences: Mapping[str, float],
    *,
    neutral: tuple[float, float] | None = None,
) -> pd.DataFrame:
    """Say how much of the difference between two groups' mean valence is each word's doing.

    Parameters
    ----------
    counts : Counts
    valences : mapping of str to float
        A word's valence, such as labMT's happiness (1 to 9) or VADER's (-4 to 4). Other words don't count.
    neutral : tuple of two float, optional
        Words whose valence lies between these (ends included) are left out, such as labMT's 4 to 6.

    Returns
    -------
    DataFrame
        As :func:`analysis.shift.jensen_shannon` gives it, with ``valence``; shares are of the words that the list
        knows. ``shift`` is in the list's units: above 0 if the word makes the second group's mean the higher one. A
        word can do so in two ways: by a valence above the first group's mean and being commoner there, or by one below
        and being rarer.

    Raises
    ------
    ValueError
        If a group has none of the list's words.

    Notes
    -----
    Gallagher et al. (2021), EPJ Data Science 10, 4: the shift of weighted averages, with one list for both groups;
    Dodds et al. (2011), PLoS ONE 6(12), e26752. The shifts of all words, those that are not shown too,
    add up to the difference of :func:`means`. Only single words are looked up: rules,
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
    away = valence[known.shown] - float(known.totals[0] @ valence / known.totals[0].sum())
    p, q = known.moments.shares
    error = known.moments.errors(np.array([-away, away]))
    return _table(known, {"valence": valence[known.shown]}, (q - p) * away + 0.0, error)


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


def log_odds(counts: Counts, *, strength: float = 500) -> pd.DataFrame:
    """Give each word's log-odds ratio between two groups, with an informative Dirichlet prior.

    Parameters
    ----------
    counts : Counts
    strength : float
        How many words the prior, the two groups together, is worth: the sum of its parameters. The more, the nearer to
        0 are rare words pulled.

    Returns
    -------
    DataFrame
        As :func:`analysis.shift.jensen_shannon` gives it; ``shift`` is the difference of the log-odds, above 0 where
        the word is likelier in the second group. ``z_words`` is the paper's z, which takes every single word for a
        draw of its own, and ``z`` is in standard errors that don't. They are ordered by ``z``.

    Raises
    ------
    ValueError
        If `strength` is not above 0.

    Notes
    -----
    Monroe, Colaresi & Quinn (2008), "Fightin' Words", Political Analysis 16, 372, section 3.5.1: with y of a group's n
    words and a of the prior's a0, the log-odds are log((y + a) / (n + a0 - y - a)), and the variance of a difference is
    1 / (y + a) of the one plus that of the other. The error behind ``low``, ``high`` and ``z`` is the larger of this
    one and that which authors and copied texts show.

    Examples
    --------
    >>> from analysis.shift import count
    >>> posts = pd.DataFrame({"text": ["good day", "good", "bad day", "bad"], "author": list("abcd")})
    >>> table = log_odds(count(posts, pd.Series(list("xxyy")), "x", "y", k=0), strength=6)
    >>> table[["word", "shift", "z_words"]].round(2).values.tolist()
    [['bad', 1.03, 1.19], ['good', -1.03, -1.19], ['day', 0.0, 0.0]]
    """
    if strength <= 0:
        raise ValueError(f"strength is {strength}; the prior must be worth some words, 500 say")
    sizes = counts.totals.sum(axis=1, keepdims=True)
    share = counts.totals.sum(axis=0)
    a = (strength * share / share.sum())[counts.shown]
    y = counts.totals[:, counts.shown]
    with_prior, others = y + a, sizes + strength - y - a
    first, second = np.log(with_prior / others)
    shift = second - first
    by_words = np.sqrt((1 / with_prior).sum(axis=0))
    slopes = sizes * (1 / with_prior + 1 / others)
    error = np.maximum(counts.moments.errors(np.array([-slopes[0], slopes[1]])), by_words)
    table = _table(counts, {"z_words": shift / by_words}, shift, error, z=shift / error)
    order = np.lexsort((table["word"].to_numpy(str), -table["z"].abs()))
    return table.iloc[order].reset_index(drop=True)


def _table(counts, values, shift, error, ends=None, z=None):
    """Give the table of a statistic: its words, their shares, the shift with its interval, z and q, the largest first.

    `values` are further columns; by default the interval is 1.96 standard errors around the shift, and z that of the
    difference of the shares.
    """
    z = counts.moments.z() if z is None else z
    low, high = (shift - ENDS * error, shift + ENDS * error) if ends is None else ends
    totals, shares = counts.totals[:, counts.shown], counts.moments.shares
    columns = {"word": counts.words[counts.shown], "count_1": totals[0], "count_2": totals[1]}
    columns |= {"share_1": shares[0], "share_2": shares[1], **values}
    table = pd.DataFrame(columns | {"shift": shift, "low": low, "high": high, "z": z, "q": _false_discovery(z)})
    order = np.lexsort((table["word"].to_numpy(str), -np.abs(shift)))
    return table.iloc[order].reset_index(drop=True).astype({"word": "str"})


def _false_discovery(z):
    """Give each z its q: the share of false ones to expect among all words with a z as large (Benjamini & Hochberg)."""
    from scipy.stats import false_discovery_control, norm

    known = ~np.isnan(z)
    q = np.full(len(z), np.nan)
    if known.any():
        q[known] = false_discovery_control(2 * norm.sf(np.abs(z[known])))
    return q
