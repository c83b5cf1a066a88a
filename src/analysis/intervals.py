"""Intervals for shares and means, where posts of one author, or copies of one text, are not independent.

Plain numbers or arrays go in, plain numbers come out. :func:`cluster_ids` says which posts hang together,
:func:`post_weights` how much each counts.
"""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pandas as pd

#: How posts can be weighted, see :func:`post_weights`.
WEIGHTS = ("post", "text", "author")
#: A text of at least so many words counts as copied where it comes again; shorter ones many people write by themselves.
MIN_COPIED_WORDS = 5


def wilson_interval(count: float, n: float, level: float = 0.95) -> dict[str, float]:
    """Give a share with its interval by Wilson's score method.

    Parameters
    ----------
    count, n : int or float
        How many of how many, ``0 <= count <= n``. The n are independent draws; where draws are not independent,
        n may be an effective sample size.
    level : float
        The confidence, between 0 and 1.

    Returns
    -------
    dict
        ``share``, ``low``, ``high``, from 0 to 1; all missing (NaN) where `n` is 0.

    Raises
    ------
    ValueError
        If `count` is not between 0 and `n`, or `level` not between 0 and 1.

    Notes
    -----
    E. B. Wilson (1927), *J. Am. Stat. Assoc.* 22, 209. It keeps its coverage near 0 and 1. That of statsmodels is the
    same to 15 digits, but takes seconds to import, and its ends at 0 of n and n of n are not exactly 0 and 1.

    Examples
    --------
    >>> {name: round(value, 3) for name, value in wilson_interval(5243, 10546).items()}
    {'share': 0.497, 'low': 0.488, 'high': 0.507}
    """
    if not 0 <= count <= n:
        raise ValueError(f"{count} of {n} is no share: count must lie between 0 and n")
    z = normal_quantile(level)
    if n == 0:
        return {"share": float("nan"), "low": float("nan"), "high": float("nan")}
    p = count / n
    middle = (p + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    low, high = max(0.0, middle - half), min(1.0, middle + half)
    return {"share": p, "low": 0.0 if count == 0 else float(low), "high": 1.0 if count == n else float(high)}


def effective_wilson_interval(
    share: float, low: float, high: float, labelled_share: float, n_labels: int, level: float = 0.95
) -> dict[str, float]:
    """Turn a symmetric interval into Wilson's at the sample size that would give the same variance.

    Near 0 and 1 a symmetric interval leaves out too much on one side.

    Parameters
    ----------
    share, low, high : float
        An estimate with its symmetric interval, not clipped.
    labelled_share : float
        The share that the labels alone give.
    n_labels : int
        How many labels there are. The variance is at least that of half a label more on either side.
    level : float
        The confidence, between 0 and 1.

    Returns
    -------
    dict
        ``share``, ``low``, ``high``, from 0 to 1.

    Examples
    --------
    >>> {name: round(value, 3) for name, value in effective_wilson_interval(0.02, 0.0077, 0.0323, 0.02, 500).items()}
    {'share': 0.02, 'low': 0.011, 'high': 0.037}
    """
    variance = ((high - low) / 2 / normal_quantile(level)) ** 2 + 0.5 / n_labels**2
    share = float(np.clip(share, 0, 1))
    smoothed = (n_labels * labelled_share + 0.5) / (n_labels + 1)
    n = smoothed * (1 - smoothed) / variance
    interval = wilson_interval(n * share, n, level)
    return {name: float(value) for name, value in interval.items()} | {"share": share}


def clustered_interval(estimate: float, influences, level: float = 0.95) -> tuple[float, float]:
    """Give the interval of an estimate from the influence of each row, rows of one author taken together.

    Parameters
    ----------
    estimate : float
    influences : sequence of (array, array or None)
        For each independent table what every row adds to the estimate's error (float, shape (rows,)), and who wrote
        it (shape (rows,)). A row without an author (missing, or None for all) stands for itself; an author who is in
        several tables is one person.
    level : float
        The confidence, between 0 and 1.

    Returns
    -------
    low, high : float
        Not clipped. NaN where there are fewer than two authors.

    Notes
    -----
    The linearised (sandwich) variance with clusters: Liang & Zeger (1986), *Biometrika* 73, 13.
    """
    z = normal_quantile(level)
    sums = _sum_by_author(influences)
    clusters = len(sums)
    if clusters < 2:
        return float("nan"), float("nan")
    half = z * np.sqrt(clusters / (clusters - 1) * np.sum(sums**2))
    return float(estimate - half), float(estimate + half)


def _sum_by_author(influences):
    """Add up the influences of each author's rows over all tables; a row without an author is one of its own."""
    rows = np.concatenate([influence for influence, _ in influences])
    if all(authors is None for _, authors in influences):
        return rows
    names = [
        np.full(len(influence), None, dtype=object) if authors is None else np.asarray(authors).astype(object)
        for influence, authors in influences
    ]
    codes, known = pd.factorize(pd.Series(np.concatenate(names)))
    nameless = codes < 0
    codes[nameless] = len(known) + np.arange(nameless.sum())
    return np.bincount(codes, weights=rows, minlength=len(known) + nameless.sum())


def bootstrap_interval(
    numerators, denominator, *, draws: int = 1000, random_state: int = 0, level: float = 0.95
) -> dict[str, np.ndarray]:
    """Give the percentile intervals of shares and means, drawing whole groups, such as authors, again and again.

    Posts by one author are not independent, so authors are drawn, each with all their posts. Each statistic is a sum
    over a sum: the negative posts over all posts, say, or a score added up over the number of posts.

    Parameters
    ----------
    numerators : dict of str to array, shape (groups, columns)
        For each statistic what every group (row) adds to the upper sum of each column; numpy or scipy's sparse arrays.
        All statistics and columns are drawn together.
    denominator : array, shape (groups, columns) or (groups, 1)
        What every group adds to the lower sum.
    draws : int
        How often the groups are drawn.
    random_state : int
        The result depends on the order of the rows, so sort them first.
    level : float
        The confidence, between 0 and 1.

    Returns
    -------
    dict of str to ndarray, shape (2, columns)
        For each of `numerators` the low and the high ends. Draws whose lower sum is 0 in a column are left out of that
        column; where all are, its ends are missing (NaN).

    Raises
    ------
    ValueError
        If `draws` is less than 1, or `level` not between 0 and 1.

    Notes
    -----
    Davison & Hinkley (1997), *Bootstrap Methods and their Application*, section 3.8 (clusters); Efron & Tibshirani
    (1993), *An Introduction to the Bootstrap*, chapter 13 (percentiles). With fewer than some 20 groups it is too
    narrow.

    Examples
    --------
    >>> likes, posts = np.array([[18.0], [1.0], [1.0]]), np.array([[2.0], [1.0], [1.0]])
    >>> bootstrap_interval({"likes": likes}, posts, draws=200, random_state=1)["likes"].ravel().tolist()
    [1.0, 9.0]
    """
    if draws < 1:
        raise ValueError(f"draws is {draws}; at least one is needed")
    normal_quantile(level)  # refuses what is no level
    rng, groups = np.random.default_rng(random_state), denominator.shape[0]
    if not groups:
        return {name: np.full((2, numerator.shape[1]), np.nan) for name, numerator in numerators.items()}
    ratios: dict[str, list] = {name: [] for name in numerators}
    chunk = max(1, 2**24 // groups)  # at most 128 MiB of counts
    for begin in range(0, draws, chunk):
        times = rng.multinomial(groups, np.full(groups, 1 / groups), size=min(chunk, draws - begin)).astype(float)
        below = times @ denominator
        below = np.where(below == 0, np.nan, below)
        for name, numerator in numerators.items():
            ratios[name].append(times @ numerator / below)
    return {name: percentile_interval(np.concatenate(parts), level) for name, parts in ratios.items()}


def percentile_interval(draws: np.ndarray, level: float = 0.95) -> np.ndarray:
    """Give the ends between which the share `level` of each column of draws lies.

    Parameters
    ----------
    draws : ndarray of float64, shape (draws, columns)
        NaN where a draw gave none.

    Returns
    -------
    ndarray of float64, shape (2, columns)
        NaN for a column without draws.
    """
    known = ~np.isnan(draws).all(axis=0)
    interval = np.full((2, draws.shape[1]), np.nan)
    interval[:, known] = np.nanquantile(draws[:, known], [(1 - level) / 2, (1 + level) / 2], axis=0)
    return interval


def normal_quantile(level: float) -> float:
    """Give the normal quantile of a two-sided level; ValueError where it is not between 0 and 1."""
    if not 0 < level < 1:
        raise ValueError(f"level is {level}; it must lie between 0 and 1, such as 0.95")
    return NormalDist().inv_cdf((1 + level) / 2)


# What belongs to no word: links, masks, handles; then whatever is neither letter, mark, digit nor a tag's #.
_NO_WORDS = r"(?i)(?:https?://|www\.|pic\.twitter\.com/)\S+|\[(?:mention|link|mail|number)\]|[@＠][\p{L}\p{N}_.]+"
_NO_LETTERS = r"[^\p{L}\p{M}\p{N}#＃]+"


def normalized_texts(texts: pd.Series) -> pd.Series:
    """Give the bare words of texts, so that copies come out alike whatever link, handle, emoji or capitals they carry.

    Parameters
    ----------
    texts : Series of str
        Missing texts stay missing.

    Returns
    -------
    Series of str
        The index of `texts`; lower case, words parted by one space. A text without a word gives the empty text.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    plain = pa.array(texts.astype(object), pa.string(), from_pandas=True)
    plain = pc.utf8_lower(pc.utf8_normalize(plain, "NFC"))
    plain = pc.replace_substring_regex(plain, "[’']", "")
    for pattern in (_NO_WORDS, _NO_LETTERS):
        plain = pc.replace_substring_regex(plain, pattern, " ")
    return pd.Series(pc.utf8_trim_whitespace(plain).to_pylist(), index=texts.index, dtype="str")


def cluster_ids(posts: pd.DataFrame, min_copied_words: int = MIN_COPIED_WORDS) -> pd.DataFrame:
    """Say which posts are not independent: those of one author, and the copies of one text.

    Parameters
    ----------
    posts : DataFrame
        With ``author`` and ``text``.
    min_copied_words : int
        Posts of the same words (see :func:`normalized_texts`) are copies if they have at least so many. That fifty
        people write "me too" does not make them one; that fifty write the same fifteen words does.

    Returns
    -------
    DataFrame of int64
        The index of `posts`. ``person``: who is counted; posts of the same words that name no author count as one
        person's, for who can't be told apart is not taken for many. ``author``: who is drawn; a post that names none
        is drawn alone, or with the copies of its text. ``text``: the copied text, -1 where there is none. The numbers
        follow the names and the texts; only posts that nothing joins are numbered in the order of the rows.

    Examples
    --------
    >>> posts = pd.DataFrame({"author": ["b", "a", None, None], "text": ["one two", "one two", "me", "me"]})
    >>> cluster_ids(posts, min_copied_words=2).values.tolist()
    [[1, 1, 0], [0, 0, 0], [2, 2, -1], [2, 3, -1]]
    """
    words = normalized_texts(posts["text"]).fillna("")
    copied = words.duplicated(keep=False) & words.str.count(" ").ge(min_copied_words - 1) & words.ne("")
    text = pd.factorize(words.where(copied), sort=True)[0]
    author = pd.factorize(posts["author"], sort=True)[0]
    nameless = author < 0
    n_authors, n_texts = author.max(initial=-1) + 1, text.max(initial=-1) + 1
    person = np.where(nameless, n_authors + pd.factorize(words.where(nameless), sort=True)[0], author)
    alone = nameless & (text < 0)
    drawn = np.where(nameless, n_authors + text, author)
    drawn = np.where(alone, n_authors + n_texts + np.cumsum(alone) - 1, drawn)
    person, drawn = (pd.factorize(codes, sort=True)[0] for codes in (person, drawn))  # without gaps
    return pd.DataFrame({"person": person, "author": drawn, "text": text}, index=posts.index, dtype="int64")


def post_weights(posts: pd.DataFrame, groups: pd.Series, by: str = "post") -> pd.Series:
    """Say how much each post counts in its group: as one post, or shared with the others of its text or its author.

    Parameters
    ----------
    posts : DataFrame
        With ``author`` and ``text``.
    groups : Series
        The group of each post, with the same index; posts of no group (missing) have no weight.
    by : {"post", "text", "author"}
        "post": each counts 1. "text": the posts of the same words count 1 together in each group, so that a copied
        text counts once. "author": those of one author do, so that each person has one voice; posts without an author
        count 1 each.

    Returns
    -------
    Series of float64
        The index of `posts`.

    Raises
    ------
    ValueError
        If `by` is none of these.
    """
    if by not in WEIGHTS:
        raise ValueError(f"by is {by!r}; posts are weighted by one of {', '.join(WEIGHTS)}")
    grouped = groups.notna()
    weight = pd.Series(np.where(grouped, 1.0, np.nan), index=posts.index, name="weight")
    if by == "post" or not grouped.any():
        return weight
    unit = normalized_texts(posts["text"]) if by == "text" else posts["author"]
    pairs = pd.DataFrame({"group": groups, "unit": unit})[grouped & unit.notna()]
    size = pairs.groupby(["group", "unit"], observed=True, sort=False)["unit"].transform("size")
    weight[size.index] = 1 / size.to_numpy(dtype=float)
    return weight


def two_way_variance(residuals: np.ndarray, clusters: pd.DataFrame) -> float:
    """Give the variance of a sum over posts, clustered by author and by copied text.

    Parameters
    ----------
    residuals : array of float, shape (posts,)
        What each post adds to the sum, less its mean.
    clusters : DataFrame
        What :func:`cluster_ids` says of the same posts, in the same order.

    Returns
    -------
    float
        What authors add, plus what texts add, less what both have in common; never less than what authors add.

    Notes
    -----
    Cameron, Gelbach & Miller (2011), "Robust inference with multiway clustering", J. Bus. Econ. Stat. 29, 238.
    """
    residuals, author, text = (np.asarray(column) for column in (residuals, clusters["author"], clusters["text"]))
    copied = text >= 0
    pair = np.unique(np.stack([text[copied], author[copied]]), axis=1, return_inverse=True)[1].ravel()
    by_author, by_text, by_both = (
        float((np.bincount(codes, part) ** 2).sum()) if len(codes) else 0.0
        for codes, part in ((author, residuals), (text[copied], residuals[copied]), (pair, residuals[copied]))
    )
    return by_author + max(by_text - by_both, 0.0)
