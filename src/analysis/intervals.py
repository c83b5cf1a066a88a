"""Intervals that several analyses share: plain numbers or arrays in, plain numbers out."""

from __future__ import annotations

import numpy as np
import pandas as pd


def wilson(k: float, n: float, level: float = 0.95) -> dict[str, float]:
    """Give a share with its interval by Wilson's score method.

    Parameters
    ----------
    k, n : int or float
        How many of how many, ``0 <= k <= n``. The n are taken as independent draws; where draws are not independent,
        n may be an effective size.
    level : float
        The confidence, between 0 and 1.

    Returns
    -------
    dict
        ``share``, ``low``, ``high``, from 0 to 1; all missing (NaN) where `n` is 0.

    Raises
    ------
    ValueError
        Where `k` is not between 0 and `n`, or `level` not between 0 and 1.

    Notes
    -----
    E. B. Wilson (1927), *J. Am. Stat. Assoc.* 22, 209. It keeps its coverage near 0 and 1, where the textbook
    ``p ± 1.96 sqrt(p(1-p)/n)`` fails.

    Examples
    --------
    >>> {name: round(value, 3) for name, value in wilson(5243, 10546).items()}
    {'share': 0.497, 'low': 0.488, 'high': 0.507}
    """
    if not 0 <= k <= n:
        raise ValueError(f"{k} of {n} is no share: k must lie between 0 and n")
    z = quantile(level)
    if n == 0:
        return {"share": float("nan"), "low": float("nan"), "high": float("nan")}
    p = k / n
    middle = (p + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    low, high = max(0.0, middle - half), min(1.0, middle + half)
    return {"share": p, "low": 0.0 if k == 0 else float(low), "high": 1.0 if k == n else float(high)}


def bootstrap(tops, bottom, *, draws: int = 1000, seed: int = 0, level: float = 0.95) -> dict[str, np.ndarray]:
    """Give the percentile intervals of shares and means, drawing whole groups, such as authors, again and again.

    Posts by one author are not independent, so authors are drawn, each with all their posts. What is wanted is a sum
    over a sum: the negative posts over all posts, say, or a score added up over the number of posts.

    Parameters
    ----------
    tops : dict of str to array, shape (groups, columns)
        For each statistic what every group (row) adds to the upper sum of each column; numpy or scipy's sparse arrays.
        All statistics and columns are drawn together.
    bottom : array, shape (groups, columns) or (groups, 1)
        What every group adds to the lower sum.
    draws : int
        How often the groups are drawn.
    seed : int
        The result depends on the order of the rows, so sort them first.
    level : float
        The confidence, between 0 and 1.

    Returns
    -------
    dict of str to ndarray, shape (2, columns)
        For each of `tops` the low and the high ends. Draws that meet nothing in a column are left out of that column;
        where none meets anything, its ends are missing (NaN).

    Raises
    ------
    ValueError
        Where `draws` is less than 1, or `level` not between 0 and 1.

    Notes
    -----
    Davison & Hinkley (1997), *Bootstrap Methods and their Application*, section 3.8 (clusters); Efron & Tibshirani
    (1993), *An Introduction to the Bootstrap*, chapter 13 (percentiles). With fewer than some 20 groups it is too
    narrow.

    Examples
    --------
    >>> likes, posts = np.array([[18.0], [1.0], [1.0]]), np.array([[2.0], [1.0], [1.0]])
    >>> bootstrap({"likes": likes}, posts, draws=200, seed=1)["likes"].ravel().tolist()
    [1.0, 9.0]
    """
    if draws < 1:
        raise ValueError(f"draws is {draws}; at least one is needed")
    quantile(level)
    random, groups = np.random.default_rng(seed), bottom.shape[0]
    if not groups:
        return {name: np.full((2, top.shape[1]), np.nan) for name, top in tops.items()}
    drawn: dict[str, list] = {name: [] for name in tops}
    at_once = max(1, 2**24 // groups)  # at most 128 MiB of counts
    for begin in range(0, draws, at_once):
        size = min(at_once, draws - begin)
        times = random.multinomial(groups, np.full(groups, 1 / groups), size=size).astype(float)
        below = times @ bottom
        below = np.where(below == 0, np.nan, below)
        for name, top in tops.items():
            drawn[name].append(times @ top / below)
    return {name: ends(np.concatenate(parts), level) for name, parts in drawn.items()}


def around(value: float, parts, level: float = 0.95) -> tuple[float, float]:
    """Give the interval of an estimate from what every row adds to its error, rows of one person taken together.

    Parameters
    ----------
    value : float
        The estimate.
    parts : sequence of (array, array or None)
        For each independent table the influence of every row on the estimate, and who wrote it. A row without a
        writer (missing, or None for all) stands for itself; a writer who is in several tables is one person.
    level : float
        The confidence, between 0 and 1.

    Returns
    -------
    low, high : float
        Not clipped.

    Notes
    -----
    The linearised (sandwich) variance with clusters: Liang & Zeger (1986), *Biometrika* 73, 13.

    Examples
    --------
    >>> value, rows = 0.5, np.array([0.5, -0.5, 0.5, -0.5]) / 4
    >>> [round(end, 2) for end in around(value, [(rows, None)])]
    [-0.07, 1.07]
    >>> [round(end, 2) for end in around(value, [(rows, np.array(["a", "b", "a", "b"]))])]
    [-0.48, 1.48]
    """
    z = quantile(level)
    sums = by_person(parts)
    groups = len(sums)
    if groups < 2:
        return float("nan"), float("nan")
    half = z * np.sqrt(groups / (groups - 1) * np.sum(sums**2))
    return float(value - half), float(value + half)


def clipped(share: float, low: float, high: float) -> dict[str, float]:
    """Keep a share and its interval between 0 and 1.

    >>> clipped(-0.01, -0.03, 0.01)
    {'share': 0.0, 'low': 0.0, 'high': 0.01}
    """
    ends = {"share": share, "low": low, "high": high}
    return {name: float(np.clip(value, 0, 1)) for name, value in ends.items()}


def shaped(share: float, low: float, high: float, seen: float, labels: int, level: float = 0.95) -> dict[str, float]:
    """Give an interval the shape of Wilson's near 0 and 1, where a symmetric one leaves out too much on one side.

    Parameters
    ----------
    share, low, high : float
        An estimate with its symmetric interval, not clipped.
    seen : float
        The share that the labels alone give.
    labels : int
        How many there are. Half a label more on either side is as much doubt as there is at least.
    level : float

    Returns
    -------
    dict
        ``share``, ``low``, ``high``, from 0 to 1: Wilson's at the sample size that would give the same variance, if the
        share were the one that the labels give.

    Examples
    --------
    >>> {name: round(value, 3) for name, value in shaped(0.02, 0.0077, 0.0323, 0.02, 500).items()}
    {'share': 0.02, 'low': 0.011, 'high': 0.037}
    """
    variance = ((high - low) / 2 / quantile(level)) ** 2 + 0.5 / labels**2
    inside, seen = float(np.clip(share, 0, 1)), (labels * seen + 0.5) / (labels + 1)
    size = seen * (1 - seen) / variance
    return {name: float(value) for name, value in wilson(size * inside, size, level).items()} | {"share": inside}


def by_person(parts):
    """Add up the influences of each person's rows over all tables.

    Parameters
    ----------
    parts : sequence of pairs
        Of each table: what each row adds to the estimate's error (float, shape (rows,)), and who wrote it (shape
        (rows,); None of a row, or of the table, where nobody knows).

    Returns
    -------
    ndarray of float64
        A sum for each person; a row of which nobody knows who wrote it is a person of its own.

    Examples
    --------
    >>> by_person([(np.array([1.0, 2.0]), None), (np.array([3.0, 4.0]), np.array(["a", "a"]))]).tolist()
    [7.0, 1.0, 2.0]
    """
    if all(who is None for _, who in parts):
        return np.concatenate([rows for rows, _ in parts])
    import pandas as pd

    names = [np.full(len(rows), None, dtype=object) if who is None else np.asarray(who) for rows, who in parts]
    found, people = pd.factorize(pd.Series(np.concatenate([one.astype(object) for one in names])))
    alone = found < 0
    own = len(people) + np.arange(alone.sum())
    found[alone] = own
    return np.bincount(found, weights=np.concatenate([rows for rows, _ in parts]), minlength=len(people) + len(own))


def ends(values, level):
    """Give the low and high ends of the middle of each column.

    Parameters
    ----------
    values : ndarray of float64, shape (draws, columns)
        NaN where a draw gave none.
    level : float
        The share of the draws between the ends.

    Returns
    -------
    ndarray of float64, shape (2, columns)
        NaN for a column without draws.
    """
    known = ~np.isnan(values).all(axis=0)
    ends = np.full((2, values.shape[1]), np.nan)
    ends[:, known] = np.nanquantile(values[:, known], [(1 - level) / 2, (1 + level) / 2], axis=0)
    return ends


def quantile(level):
    """Give the normal quantile of a two-sided level.

    >>> round(quantile(0.95), 2)
    1.96
    """
    if not 0 < level < 1:
        raise ValueError(f"level is {level}; it must lie between 0 and 1, such as 0.95")
    from statistics import NormalDist

    return NormalDist().inv_cdf((1 + level) / 2)


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
