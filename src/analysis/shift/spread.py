"""How far chance may move a statistic of two word shares, where neither words nor posts are independent.

A post's words come together, an author's posts do, and so do the copies of a text. So the spread is clustered in two
ways, by author and by copied text (Cameron, Gelbach & Miller 2011, "Robust inference with multiway clustering",
J. Bus. Econ. Stat. 29, 238: what authors add, plus what texts add, less what both have in common), and taken from there
to any smooth statistic by its slopes (the delta method).
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

#: Standard errors from the middle of a 95% interval to its ends.
ENDS = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True)
class Moments:
    """Sums of squares and products over clusters, for the words that are shown.

    Attributes
    ----------
    words : ndarray, shape (2, 2, words)
        For each pair of groups, a word's counts in a cluster of posts multiplied and added up over clusters.
    mixed : ndarray, shape (2, 2, words)
        The word's counts of the one group (row) by the number of all words of the other (column).
    lengths : ndarray, shape (2, 2, 1)
        The numbers of all words.
    alone : Moments or None
        The same for authors alone, without what copied texts add.
    shares, sizes : ndarray, shape (2, words) and (2, 1)
        Each word's share in each group, and the group's number of words.
    """

    words: np.ndarray
    mixed: np.ndarray
    lengths: np.ndarray
    shares: np.ndarray
    sizes: np.ndarray
    alone: Moments | None = None

    @classmethod
    def of(cls, parts, lengths, author, text) -> Moments:
        """Add up over authors and over copied texts.

        Parameters
        ----------
        parts : tuple of two csr_array, shape (posts of the group, words)
        lengths : tuple of two ndarray, shape (posts of the group,)
            What the columns are shares of: the number of all words in each post.
        author, text : tuple of two ndarray of int
            See :class:`analysis.shift.Counts`.
        """
        sizes = np.array([[length.sum()] for length in lengths])
        shares = np.array([part.sum(axis=0) for part in parts]) / sizes
        authors = max(code.max(initial=-1) for code in author) + 1
        pair = [np.where(t >= 0, t * authors + a, -1) for a, t in zip(author, text, strict=True)]
        pair = np.split(np.unique(np.concatenate([[-1], *pair]), return_inverse=True)[1][1:] - 1, [len(pair[0])])
        by_author, by_text, by_both = (_products(parts, lengths, codes) for codes in (author, text, pair))
        both = [a + t - b for a, t, b in zip(by_author, by_text, by_both, strict=True)]
        return cls(*both, shares, sizes, cls(*by_author, shares, sizes))

    def errors(self, slopes: np.ndarray) -> np.ndarray:
        """Give the standard errors of statistics of the two shares, by their slopes (shape (2, words)).

        It is the larger of two: what the clusters show, and what they would show if the word fell on both groups
        alike. The second matters where a small group never used a word, which the first would take for certain.
        """
        factor = np.sqrt(np.maximum(1, self._alike() / np.maximum(self._shown([[-1], [1]]), 1e-300)))
        return np.sqrt(self._shown(slopes)) * factor

    def z(self) -> np.ndarray:
        """Give the difference of a word's two shares, second less first, in standard errors."""
        error = self.errors(np.array([[-1.0], [1.0]]))
        return np.divide(self.shares[1] - self.shares[0], error, out=np.full(error.shape, np.nan), where=error > 0)

    def _shown(self, slopes):
        """Give the variance that the clusters show; never less than that of authors alone."""
        up = np.asarray(slopes) / self.sizes * np.ones_like(self.shares)
        found = self._square(up, -up * self.shares)
        return np.maximum(found, self.alone._shown(slopes)) if self.alone else np.maximum(found, 0)

    def _square(self, up, down, cross=1):
        """Add up over clusters the square of ``up * word's count + down * words``, over both groups together."""
        total = 0
        for g in (0, 1):
            for h in (0, 1):
                part = up[g] * up[h] * self.words[g, h] + down[g] * down[h] * self.lengths[g, h]
                part = part + up[g] * down[h] * self.mixed[g, h] + up[h] * down[g] * self.mixed[h, g]
                total = total + part * (1 if g == h else cross)
        return total

    def _alike(self):
        """Give the variance of the difference if clusters fell on the two groups by lot, at their sizes."""
        all_words = self.sizes.sum()
        fraction = self.sizes[1, 0] / all_words
        common = (self.shares * self.sizes).sum(axis=0) / all_words
        ones = np.ones_like(self.shares)
        spread = self._square(ones, -ones * common, cross=0)
        return np.maximum(spread, 0) / (fraction * (1 - fraction) * all_words**2)


def _products(parts, lengths, codes):
    """Add posts up by cluster (code -1: none), then multiply and add up over clusters."""
    from scipy.sparse import csr_array

    clusters = max(code.max(initial=-1) for code in codes) + 1
    sums, sizes = [], []
    for part, length, code in zip(parts, lengths, codes, strict=True):
        inside = np.flatnonzero(code >= 0)
        lot = csr_array((np.ones(len(inside)), (code[inside], inside)), shape=(clusters, len(code)))
        sums.append(lot @ part)
        sizes.append(lot @ length)
    return (
        np.array([[one.multiply(two).sum(axis=0) for two in sums] for one in sums]),
        np.array([[one.T @ size for size in sizes] for one in sums]),
        np.array([[[one @ two] for two in sizes] for one in sizes]),
    )


def table_of(counts, values: dict, shift: np.ndarray, error: np.ndarray, ends=None, z=None):
    """Give the table of a statistic: its words, their shares, the shift with its interval, z and q, the largest first.

    Parameters
    ----------
    counts : Counts
    values : dict of str to ndarray
        Further columns, a value a word that is shown.
    shift, error : ndarray, shape (words that are shown,)
        The statistic and its standard error.
    ends : tuple of two ndarray, optional
        Its interval; 1.96 standard errors around it by default.
    z : ndarray, optional
        By default that of the difference of the shares.
    """
    import pandas as pd

    z = counts.moments.z() if z is None else z
    low, high = (shift - ENDS * error, shift + ENDS * error) if ends is None else ends
    totals, shares = counts.totals[:, counts.shown], counts.moments.shares
    plain = {"word": counts.words[counts.shown], "count_1": totals[0], "count_2": totals[1]}
    plain |= {"share_1": shares[0], "share_2": shares[1], **values}
    table = pd.DataFrame(plain | {"shift": shift, "low": low, "high": high, "z": z, "q": _false_discovery(z)})
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
