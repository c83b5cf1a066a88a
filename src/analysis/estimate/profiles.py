"""Shares from word profiles, with no post classified: Hopkins & King."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd

from analysis.estimate.rates import NOTHING, ONE_CLASS, ended
from analysis.schema import InputError
from analysis.text import clean, tokens

_AT_ONCE = 10_000  # texts


def hopkins_king(
    target: pd.DataFrame, known: pd.DataFrame, *, subsets: int = 100, size: int = 8, seed: int = 0, level: float = 0.95
) -> dict:
    """Estimate a share from how often combinations of words occur, without classifying any post.

    How often each combination occurs in the target is a mixture of how often it does in the two classes of known
    posts; the share is the weight at which the mixture fits best. It holds where each class is worded in the target as
    it is among the known posts.

    Parameters
    ----------
    target : DataFrame
        ``text``, perhaps ``author``. Missing texts are left out.
    known : DataFrame
        Posts labelled elsewhere: ``text``, ``label`` (0 or 1), perhaps ``author``.
    subsets : int
        How many sets of words are drawn; their estimates are averaged.
    size : int
        Words in each; a profile says which of them a post has.
    seed : int
    level : float

    Returns
    -------
    dict
        ``share``, ``low``, ``high`` (from 0 to 1) and ``note``: empty, or why they are missing (NaN).

    Raises
    ------
    InputError
        If a column or all texts are missing.

    Notes
    -----
    Hopkins & King (2010), *Am. J. Polit. Sci.* 54, 229, section 4.2, for two classes: least squares under the
    constraint that the shares add up to 1. Words in 1% to 99% of the known posts take part. The profiles' frequencies
    are themselves estimated, which draws the share towards the middle where known posts are few. The interval is
    linearised, over the target's and the known posts' chance.

    Examples
    --------
    >>> target = pd.DataFrame({"text": ["a b", "a", "c", "c d"] * 5})
    >>> known = pd.DataFrame({"text": ["a", "b a", "c", "d c"] * 5, "label": [1, 1, 0, 0] * 5})
    >>> round(hopkins_king(target, known, size=2)["share"], 2)
    0.5
    """
    for table, what in ((target, "target"), (known, "known")):
        if "text" not in table.columns or not table["text"].notna().any():
            raise InputError(f"the {what} table has no text; word profiles need the posts' words")
    target, known = target[target["text"].notna()], known[known["text"].notna() & known["label"].notna()]
    labels = known["label"].to_numpy(dtype=float)
    if not 0 < labels.sum() < len(labels):
        return NOTHING | {"note": ONE_CLASS}
    there, here = profiles(known["text"], [known["text"], target["text"]], subsets=subsets, size=size, seed=seed)
    if there.shape[1] == 0:
        return NOTHING | {"note": "no word is in 1% to 99% of the known posts"}
    who = [table["author"].to_numpy(dtype=object) if "author" in table.columns else None for table in (target, known)]
    return from_profiles(here, there, labels, who=who, level=level)


def profiles(chosen_on, texts, *, subsets: int = 100, size: int = 8, seed: int = 0) -> list[np.ndarray]:
    """Write each text as profiles: which words of each drawn set it has.

    Parameters
    ----------
    chosen_on : sequence of str
        The words in 1% to 99% of these take part, each with a chance that does not depend on how common it is.
    texts : sequence of sequences of str
    subsets, size, seed : int

    Returns
    -------
    list of ndarray of unsigned integers, shape (texts, subsets)
        One for each of `texts`; profile numbers from 0 to ``2**size - 1``, in as few bytes as these need. No columns
        where no word takes part.

    Examples
    --------
    >>> profiles(["a b", "a"], [["b", "c"]], subsets=1, size=3)[0].tolist()
    [[1], [0]]
    """
    counts = Counter(word for text in chosen_on for word in _words(text))
    many = len(chosen_on)
    vocabulary = sorted(word for word, count in counts.items() if 0.01 * many <= count <= 0.99 * many)
    if not vocabulary:
        return [np.zeros((len(some), 0), dtype=int) for some in texts]
    random, width = np.random.default_rng(seed), min(size, len(vocabulary))
    drawn = np.array([random.choice(len(vocabulary), width, replace=False) for _ in range(subsets)])
    return [_numbers(list(some), {word: i for i, word in enumerate(vocabulary)}, drawn) for some in texts]


def _words(text):
    return set(tokens(clean(text).lower()))


def _numbers(texts, place, drawn):
    """Give the profile of each text in each drawn set, some texts at a time: a million take no more memory at once."""
    powers = 1 << np.arange(drawn.shape[1])
    found = np.empty((len(texts), len(drawn)), dtype=np.min_scalar_type(powers.sum()))
    for begin in range(0, len(texts), _AT_ONCE):
        has = np.zeros((min(_AT_ONCE, len(texts) - begin), len(place)), dtype=np.int64)
        for row, text in enumerate(texts[begin : begin + _AT_ONCE]):
            has[row, [place[word] for word in _words(text) if word in place]] = 1
        for column, which in enumerate(drawn):
            found[begin : begin + len(has), column] = has[:, which] @ powers
    return found


def from_profiles(target, known, labels, *, who=(None, None), level: float = 0.95) -> dict:
    """Estimate a share from profiles, as :func:`hopkins_king` does.

    Parameters
    ----------
    target, known : array of int, shape (posts, subsets)
    labels : array of 0 and 1, shape (known posts,)
    who : pair of arrays, optional
        Who wrote the target's and the known posts.
    level : float

    Returns
    -------
    dict

    Examples
    --------
    >>> found = from_profiles(np.array([[1], [0], [0], [0]]), np.array([[1], [1], [0], [0]]), np.array([1, 1, 0, 0]))
    >>> round(found["share"], 2)
    0.25
    """
    yes = np.asarray(labels) == 1
    shares, at_target, at_known = [], np.zeros(len(target)), np.zeros(len(known))
    for here, there in zip(target.T, known.T, strict=True):
        size = int(max(here.max(), there.max())) + 1
        seen = np.bincount(here, minlength=size) / len(here)
        one = np.bincount(there[yes], minlength=size) / yes.sum()
        none = np.bincount(there[~yes], minlength=size) / (~yes).sum()
        apart, beyond = one - none, seen - none
        scale = apart @ apart
        if scale == 0:
            continue
        share = float(apart @ beyond / scale)
        shares.append(share)
        at_target += (apart / scale)[here]
        for label, slope in ((True, beyond - 2 * share * apart), (False, (2 * share - 1) * apart - beyond)):
            at_known[yes == label] += (slope / scale)[there[yes == label]]
    if not shares:
        return NOTHING | {"note": "no word tells the classes apart"}
    at_target = (at_target - at_target.mean()) / len(shares) / len(target)
    for label in (True, False):
        inside = yes == label
        at_known[inside] = (at_known[inside] - at_known[inside].mean()) / len(shares) / inside.sum()
    return ended(float(np.mean(shares)), [(at_target, who[0]), (at_known, who[1])], level)
