"""Which posts are not independent of one another: those by one author, and copies of one text.

An interval that takes a campaign's hundred copies for a hundred opinions is too narrow, and so is one that takes an
account's hundred posts for a hundred people. Two posts may hang together in either way, so both are kept apart here,
as in two-way clustering. Joining all that are linked through any chain of authors and texts instead would make one
block of nearly everything, since people who copy also write.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

#: How posts can be weighted, see :func:`weights`.
WEIGHTS = ("post", "text", "author")
#: A wording of so many words is taken for copied where it comes again; shorter ones many people hit upon by themselves.
COPIED = 5

# What is no wording: links, masks, handles; then whatever is neither letter, mark, digit nor a tag's #.
_NO_WORDS = r"(?i)(?:https?://|www\.|pic\.twitter\.com/)\S+|\[(?:mention|link|mail|number)\]|[@＠][\p{L}\p{N}_.]+"
_NO_LETTERS = r"[^\p{L}\p{M}\p{N}#＃]+"


def wordings(texts: pd.Series) -> pd.Series:
    """Give the bare words of texts, so that copies come out alike whatever link, handle, emoji or capitals they carry.

    Parameters
    ----------
    texts : Series of str
        Missing texts stay missing.

    Returns
    -------
    Series of str
        The index of `texts`; lower case, words parted by one space. A text without a word gives the empty text.

    Examples
    --------
    >>> wordings(pd.Series(["Read THIS, @someone: https://link.example/1", "read this 🔥"])).tolist()
    ['read this', 'read this']
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    plain = pa.array(texts.astype(object), pa.string(), from_pandas=True)
    plain = pc.utf8_lower(pc.utf8_normalize(plain, "NFC"))
    plain = pc.replace_substring_regex(plain, "[’']", "")
    for pattern in (_NO_WORDS, _NO_LETTERS):
        plain = pc.replace_substring_regex(plain, pattern, " ")
    return pd.Series(pc.utf8_trim_whitespace(plain).to_pylist(), index=texts.index, dtype="str")


def voices(posts: pd.DataFrame, copied: int = COPIED) -> pd.DataFrame:
    """Say through what posts hang together: a common author, and copies of one text.

    Parameters
    ----------
    posts : DataFrame
        With ``author`` and ``text``.
    copied : int
        A wording (see :func:`wordings`) that comes more than once is taken for a copied text if it has at least so many
        words. That fifty people write "me too" does not make them one voice; that fifty write the same fifteen words
        does.

    Returns
    -------
    DataFrame of int64
        The index of `posts`. ``person``: who is counted; posts of one wording that name no author count as one
        person's, for who can't be told apart is not taken for many. ``author``: who is drawn; a post that names none
        is drawn alone, or with the copies of its text. ``text``: the copied text, -1 where there is none. The numbers
        follow the names and the wordings; only posts that nothing joins are numbered in the order of the rows.

    Examples
    --------
    >>> posts = pd.DataFrame({"author": ["b", "a", None, None], "text": ["one two", "one two", "me", "me"]})
    >>> voices(posts, copied=2).values.tolist()
    [[1, 1, 0], [0, 0, 0], [2, 2, -1], [2, 3, -1]]
    """
    wording = wordings(posts["text"]).fillna("")
    again = wording.duplicated(keep=False) & wording.str.count(" ").ge(copied - 1) & wording.ne("")
    text = pd.factorize(wording.where(again), sort=True)[0]
    author = pd.factorize(posts["author"], sort=True)[0]
    nameless = author < 0
    names = author.max(initial=-1) + 1
    person = np.where(nameless, names + pd.factorize(wording.where(nameless), sort=True)[0], author)
    texts = text.max(initial=-1) + 1
    alone = nameless & (text < 0)
    drawn = np.where(nameless, names + text, author)
    drawn = np.where(alone, names + texts + np.cumsum(alone) - 1, drawn)
    person, drawn = (pd.factorize(codes, sort=True)[0] for codes in (person, drawn))  # without gaps
    return pd.DataFrame({"person": person, "author": drawn, "text": text}, index=posts.index, dtype="int64")


def weights(posts: pd.DataFrame, groups: pd.Series, by: str = "post") -> pd.Series:
    """Say how much each post counts in its group: as one post, or shared with the others of its text or its author.

    Parameters
    ----------
    posts : DataFrame
        With ``author`` and ``text``.
    groups : Series
        The group of each post, with the same index; posts of no group (missing) have no weight.
    by : {"post", "text", "author"}
        "post": each counts 1. "text": the posts of one wording count 1 together in each group, so that a copied text
        counts once. "author": those of one author do, so that each person has one voice; posts without an author
        count 1 each.

    Returns
    -------
    Series of float64
        The index of `posts`.

    Raises
    ------
    ValueError
        If `by` is none of these.

    Examples
    --------
    >>> posts = pd.DataFrame({"author": ["a", "a", "b"], "text": ["hello", "Bye!", "bye"]})
    >>> weights(posts, pd.Series(["all"] * 3), by="text").tolist()
    [1.0, 0.5, 0.5]
    """
    if by not in WEIGHTS:
        raise ValueError(f"by is {by!r}; posts are weighted by one of {', '.join(WEIGHTS)}")
    there = groups.notna()
    weight = pd.Series(np.where(there, 1.0, np.nan), index=posts.index, name="weight")
    if by == "post" or not there.any():
        return weight
    unit = wordings(posts["text"]) if by == "text" else posts["author"]
    pairs = pd.DataFrame({"group": groups, "unit": unit})[there & unit.notna()]
    size = pairs.groupby(["group", "unit"], observed=True, sort=False)["unit"].transform("size")
    weight[size.index] = 1 / size.to_numpy(dtype=float)
    return weight


def two_way(rest: np.ndarray, voice: pd.DataFrame) -> float:
    """Give the variance of a sum over posts, clustered by author and by copied text.

    Parameters
    ----------
    rest : array of float, shape (posts,)
        What each post adds to the sum, less its mean.
    voice : DataFrame
        What :func:`voices` says of the same posts, in the same order.

    Returns
    -------
    float
        What authors add, plus what texts add, less what both have in common; never less than what authors add.

    Notes
    -----
    Cameron, Gelbach & Miller (2011), "Robust inference with multiway clustering", J. Bus. Econ. Stat. 29, 238.

    Examples
    --------
    >>> posts = pd.DataFrame({"author": list("aab"), "text": ["one", "two", "three"]})
    >>> two_way(np.array([1.0, 1.0, -2.0]), voices(posts))
    8.0
    """
    rest, author, text = (np.asarray(column) for column in (rest, voice["author"], voice["text"]))
    copy = text >= 0
    pair = np.unique(np.stack([text[copy], author[copy]]), axis=1, return_inverse=True)[1].ravel()
    by_author, by_text, by_both = (
        float((np.bincount(code, part) ** 2).sum()) if len(code) else 0.0
        for code, part in ((author, rest), (text[copy], rest[copy]), (pair, rest[copy]))
    )
    return by_author + max(by_text - by_both, 0.0)
