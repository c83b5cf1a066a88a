"""How large topics are in groups of posts, with intervals that know which posts hang together."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.intervals import cluster_ids, effective_wilson_interval, normal_quantile
from analysis.privacy import MIN_PEOPLE, hide_small_groups
from analysis.topics.model import NONE

#: What is told of each topic in each group.
SHOWN = ["posts", "people", "share", "low", "high"]


def by_group(
    found: pd.Series,
    groups: pd.Series,
    author: pd.Series,
    *,
    text: pd.Series | None = None,
    level: float = 0.95,
    k: int = MIN_PEOPLE,
) -> pd.DataFrame:
    """Give the share of each topic in each group of posts, such as their stances, with an interval.

    Parameters
    ----------
    found : Series of str, shape (posts,)
        The topic of each post, "none" among them. Posts without one (missing) are left out.
    groups : Series
        The group of each, in the same order. Posts without one are left out.
    author : Series of str
        Who wrote each, in the same order. Posts without an author are independent of each other, but count as one
        person's where it is asked how many people there are: who can't be told apart is not taken for many.
    text : Series of str, optional
        The texts, in the same order: then copies of one text (see :func:`analysis.intervals.cluster_ids`) are not
        taken for independent of each other either.
    level : float
        The confidence of the intervals.
    k : int
        Where fewer people wrote of a topic in a group, or it would give such a one away, all but the names is missing,
        see :func:`analysis.privacy.hide_small_groups`. Only for invented posts should it be 0.

    Returns
    -------
    DataFrame
        A row for each group, sorted, and each topic, the largest first and "none" last: the group, ``topic``, ``posts``
        and ``people`` (Int64), ``share``, ``low``, ``high`` (of the group's posts, "none" among them; 0 to 1).

    Raises
    ------
    ValueError
        If the columns are not equally long, or `level` is none.

    Notes
    -----
    The variance of a share is that of a ratio whose clusters are authors, each with all their posts of the group (Liang
    & Zeger 1986, *Biometrika* 73, 13), to which copied texts add (Cameron, Gelbach & Miller 2011, *J. Bus. Econ. Stat.*
    29, 238); the interval is Wilson's (1927) at the number of posts that would give that variance, with at least the
    doubt that so many authors leave. It tells how the share would move with other authors, not with other topics.

    Examples
    --------
    >>> found, stance = pd.Series(["topic 1", "none"] * 20), pd.Series(["support"] * 40, name="stance")
    >>> by_group(found, stance, pd.Series(range(40)).astype("str")).round(2).values.tolist()
    [['support', 'topic 1', 20, 20, 0.5, 0.35, 0.65], ['support', 'none', 20, 20, 0.5, 0.35, 0.65]]
    """
    name = groups.name if groups.name not in (None, "topic", "author", "text") else "group"
    table = columns_of(found, groups.rename(name), author, text)
    return shares(table, pd.Index(sorted(table[name].unique()), name=name), level, k)[[name, "topic", *SHOWN]]


def columns_of(found: pd.Series, groups: pd.Series, author: pd.Series, text: pd.Series | None) -> pd.DataFrame:
    """Give the posts that have a topic and a group, in an order of their own, and whose each is."""
    columns = {"topic": found, groups.name: groups, "author": author} | ({} if text is None else {"text": text})
    if len({len(column) for column in columns.values()}) > 1:
        sizes = ", ".join(f"{len(column)} of {name}" for name, column in columns.items())
        raise ValueError(f"each post needs its own topic, group and author, but there are {sizes}")
    table = pd.DataFrame({name: pd.Series(column).array for name, column in columns.items()})
    table = table.dropna(subset=["topic", groups.name]).sort_values(list(columns)).reset_index(drop=True)
    return table[["topic", groups.name]].join(_voices(table, text is not None))


def shares(table: pd.DataFrame, groups: pd.Index, level: float, k: int) -> pd.DataFrame:
    """Give the shares of topics in all the groups, of which some may be empty: a row each, see :func:`by_group`.

    Parameters
    ----------
    table : DataFrame
        From :func:`columns_of`.
    groups : Index
        In the order of the rows. An empty one has 0 posts and no share.
    """
    z, counts = normal_quantile(level), table["topic"].value_counts()
    names = sorted(counts.index, key=lambda name: (name == NONE, -counts[name], name))
    codes = table[["person", "author", "text"]].assign(
        group=groups.get_indexer(table.iloc[:, 1]), topic=pd.Index(names, dtype=object).get_indexer(table["topic"])
    )
    shape = (len(groups), len(names))
    posts = _tally(codes, shape)
    people = _tally(codes.drop_duplicates(["group", "topic", "person"]), shape)
    all_posts = posts.sum(axis=1)
    there = all_posts > 0
    share = np.divide(posts, all_posts[:, None], out=np.full(shape, np.nan), where=there[:, None])
    variance, authors = _variance(codes, share, all_posts)
    low, high = np.full((2, *shape), np.nan)
    for row, column in np.argwhere(~np.isnan(share)):
        value, reach = share[row, column], z * np.sqrt(variance[row, column])
        ends = effective_wilson_interval(value, value - reach, value + reach, value, authors[row], level)
        low[row, column], high[row, column] = min(ends["low"], value), max(ends["high"], value)
    shown = np.ones(shape, dtype=bool)
    counted = pd.DataFrame(people[there], index=groups[there].astype("str"), columns=names)
    shown[there] = hide_small_groups(counted, k).notna().to_numpy()
    whole = pd.DataFrame({table.columns[1]: np.repeat(groups, len(names)), "topic": np.tile(names, len(groups))})
    for name, values in zip(SHOWN, (posts, people, share, low, high), strict=True):
        column = pd.Series(values.ravel(), dtype="Int64" if name in ("posts", "people") else "float64")
        whole[name] = column.where(shown.ravel())
    return whole.astype({"topic": "str"})


def _voices(table, copies):
    """Say whose each post is, as :func:`analysis.intervals.cluster_ids` does; without texts, nothing is a copy."""
    if copies:
        told = cluster_ids(table[["author", "text"]])
        # One person's together, whatever they say: with the texts at hand no more is known of who wrote than without.
        return told.assign(person=told["person"].where(table["author"].notna(), -1))
    person = pd.factorize(table["author"], sort=True)[0]
    alone = person < 0
    drawn = np.where(alone, person.max(initial=-1) + np.cumsum(alone), person)
    return pd.DataFrame({"person": person, "author": drawn, "text": -1})


def _tally(codes, shape):
    return np.bincount(codes["group"] * shape[1] + codes["topic"], minlength=shape[0] * shape[1]).reshape(shape)


def _variance(codes, share, all_posts):
    """Give the variance of each share, shape of `share`, and how many equally busy authors each group is worth."""
    copies = codes[codes["text"] >= 0]
    pair = copies.assign(text=pd.factorize(copies["text"] * (codes["author"].max() + 1) + copies["author"])[0])
    by_author, busy, authors = _squares(codes, "author", share)
    by_text, by_both = _squares(copies, "text", share)[0], _squares(pair, "text", share)[0]
    total = by_author * (authors / np.maximum(authors - 1, 1))[:, None] + np.maximum(by_text - by_both, 0)
    size = np.maximum(all_posts, 1)
    return total / size[:, None] ** 2, size**2 / np.maximum(busy, 1)


def _squares(codes, unit, share):
    """Add up over units, authors say, the squares of what each adds to a share's error, and of its posts; count them.

    A unit with n posts in a group, t of them of the topic, adds ``t - share n``.
    """
    total = codes.groupby(["group", unit]).size().rename("n").reset_index()
    own = codes.groupby(["group", "topic", unit]).size().rename("t").reset_index().merge(total, on=["group", unit])
    rows, columns = share.shape
    cell = own["group"] * columns + own["topic"]
    upper, mixed = (np.bincount(cell, own["t"] * own[other], rows * columns).reshape(share.shape) for other in "tn")
    busy = np.bincount(total["group"], total["n"] ** 2, rows)
    units = np.bincount(total["group"], minlength=rows)
    filled = np.nan_to_num(share)
    return np.maximum(upper - 2 * filled * mixed + filled**2 * busy[:, None], 0), busy, units
