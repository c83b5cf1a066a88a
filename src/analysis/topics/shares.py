"""How large topics are: in all posts, by group, over time; and how well they agree with planted ones."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.intervals import bootstrap_interval, cluster_ids, effective_wilson_interval, normal_quantile
from analysis.privacy import MIN_PEOPLE, hide_small_groups
from analysis.topics.model import NONE

_COLUMNS = ["posts", "people", "share", "low", "high"]
_MOST = 100_000  # stretches of time: more are a mistake in `every`, not a question


def sizes(
    topics: pd.Series, people: pd.Series, *, draws: int = 300, seed: int = 0, k: int = MIN_PEOPLE
) -> pd.DataFrame:
    """Tell what share of the posts belongs to each topic, with an interval from drawing authors.

    Parameters
    ----------
    topics : Series of str
        The topic of each post, "none" among them. Posts without one are left out.
    people : Series of str
        Who wrote each, in the same order. Posts without an author are drawn one by one, but count as one person's
        where it is asked how many people there are.
    draws, seed
        How often the authors are drawn, and how.
    k : int
        The smallest number of people whose topic is shown, see :func:`analysis.privacy.hide_small_groups`.

    Returns
    -------
    DataFrame
        ``topic``, ``posts`` (Int64), ``share``, ``low``, ``high`` (95%), the largest first and "none" last. Where fewer
        than `k` people wrote of a topic, or it would give such a one away, all but its name is missing.
    """
    if len(topics) != len(people):
        raise ValueError(f"there are {len(topics)} topics and {len(people)} authors: each post needs both")
    table = pd.DataFrame({"topic": topics.to_numpy(), "who": people.to_numpy()}).dropna(subset=["topic"])
    alone = pd.Series([f"\0{i}" for i in range(len(table))], index=table.index)
    who = table["who"].where(table["who"].notna(), alone)
    by_person = pd.crosstab(who, table["topic"])
    by_person = by_person.sort_values(list(by_person.columns))
    counts = by_person.sum()
    order = sorted(counts.index, key=lambda name: (name == NONE, -counts[name], name))
    people = table.assign(who=table["who"].where(table["who"].notna(), "\0")).groupby("topic")["who"].nunique()
    hidden = hide_small_groups(people[order], k).isna().to_numpy()
    by_topic, all_posts = by_person[order].to_numpy(float), by_person.sum(axis=1).to_numpy(float)[:, None]
    low, high = bootstrap_interval({"share": by_topic}, all_posts, draws=draws, random_state=seed)["share"]
    shares = {"posts": counts[order].astype("Int64"), "share": counts[order] / counts.sum(), "low": low, "high": high}
    table = pd.DataFrame(shares)[~hidden].reindex(order)
    return table.rename_axis("topic").reset_index().astype({"topic": "str", "posts": "Int64"})


def by_group(
    topics: pd.Series,
    groups: pd.Series,
    author: pd.Series,
    *,
    text: pd.Series | None = None,
    k: int = MIN_PEOPLE,
) -> pd.DataFrame:
    """Give the share of each topic in each group of posts, such as their stances, with an interval.

    Parameters
    ----------
    topics : Series of str, shape (posts,)
        The topic of each post, "none" among them. Posts without one (missing) are left out.
    groups : Series
        The group of each, in the same order. Posts without one are left out.
    author : Series of str
        Who wrote each, in the same order. Posts without an author are independent of each other, but count as one
        person's where it is asked how many people there are: who can't be told apart is not taken for many.
    text : Series of str, optional
        The texts, in the same order: then copies of one text (see :func:`analysis.intervals.cluster_ids`) are not
        taken for independent of each other either.
    k : int
        Where fewer people wrote of a topic in a group, or it would give such a one away, all but the names is missing,
        see :func:`analysis.privacy.hide_small_groups`. Only for invented posts should it be 0.

    Returns
    -------
    DataFrame
        A row for each group, sorted, and each topic, the largest first and "none" last: the group, ``topic``, ``posts``
        and ``people`` (Int64), ``share``, ``low``, ``high`` (95%; of the group's posts, "none" among them; 0 to 1).

    Notes
    -----
    The variance of a share is that of a ratio whose clusters are authors, each with all their posts of the group (Liang
    & Zeger 1986, *Biometrika* 73, 13), to which copied texts add (Cameron, Gelbach & Miller 2011, *J. Bus. Econ. Stat.*
    29, 238); the interval is Wilson's (1927) at the number of posts that would give that variance, with at least the
    doubt that so many authors leave. It tells how the share would move with other authors, not with other topics.
    """
    name = groups.name if groups.name not in (None, "topic", "author", "text") else "group"
    table = _posts_of(topics, groups.rename(name), author, text)
    return _shares(table, pd.Index(sorted(table[name].unique()), name=name), k)[[name, "topic", *_COLUMNS]]


def over_time(
    topics: pd.Series,
    created_at: pd.Series,
    author: pd.Series,
    every: str = "1D",
    *,
    text: pd.Series | None = None,
    k: int = MIN_PEOPLE,
) -> pd.DataFrame:
    """Give the share of each topic in each stretch of time, with an interval.

    Parameters
    ----------
    topics, author, text, k
        As for :func:`analysis.topics.by_group`; stretches are the groups.
    created_at : Series of datetime64 with a zone
        When each was posted, in the same order. Posts without a time are left out.
    every : str
        The length of a stretch, such as "1D" or "6h". Stretches begin at multiples of it, in UTC.

    Returns
    -------
    DataFrame
        A row for each stretch, from the first post to the last, and each topic, the largest first and "none" last:
        ``start`` (datetime64[us, UTC]), ``topic``, ``posts`` and ``people`` (Int64), ``share``, ``low``, ``high`` (of
        all posts of the stretch that were sorted, "none" among them; 0 to 1). A stretch without any post has 0 posts
        and no share; a hidden row has no number at all.

    Raises
    ------
    ValueError
        If the columns are not equally long, times bear no zone, or `every` is no fixed length.

    Notes
    -----
    The intervals are those of :func:`analysis.topics.by_group`, whose groups are the stretches here.
    In ``benchmarks/recovery_topics_time.py`` (150 sets of five days, Monte Carlo error 1.6 points) they covered 94% to
    96% where 100 or 1,000 authors write a day and 96% to 98% where 30 do, copied texts or not. Without the texts, where
    some are copied, it is 88% to 94%, and with posts taken for independent 69% to 84%.

    Examples
    --------
    >>> topics = pd.Series(["topic 1"] * 30 + ["none"] * 10)
    >>> times = pd.Series(pd.Timestamp("2017-10-16T12:00Z")).repeat(40)
    >>> over_time(topics, times, pd.Series(range(40)).astype("str")).iloc[:, 1:].round(2).values.tolist()
    [['topic 1', 30, 30, 0.75, 0.59, 0.86], ['none', 10, 10, 0.25, 0.14, 0.41]]
    """
    if getattr(pd.Series(created_at).dtype, "tz", None) is None:
        raise ValueError("created_at has no time zone; use times such as load_posts gives, in UTC")
    step = _length_of(every)
    start = pd.Series(created_at).reset_index(drop=True).dt.tz_convert("UTC").dt.as_unit("us").dt.floor(every)
    table = _posts_of(topics, start.rename("start"), author, text)
    whole = _shares(table, _stretches(table["start"], step), k)
    return whole.astype({"start": "datetime64[us, UTC]"})[["start", "topic", *_COLUMNS]]


def agreement(found: pd.Series, planted: pd.Series, people: pd.Series) -> dict[str, float]:
    """Tell how well found topics agree with planted ones, with an interval.

    Parameters
    ----------
    found, planted : Series of str
        For the same posts in the same order. "none" among the found is one more group.
    people : Series
        Who wrote each; the interval leaves out a twentieth of them at a time.

    Returns
    -------
    dict
        ``ami``, the adjusted mutual information: 1 where the two groupings are the same, 0 where they agree no more
        than by chance; ``low`` and ``high`` (95%), from the delete-a-group jackknife; ``posts``.

    Notes
    -----
    Vinh, Epps & Bailey (2010), *J. Mach. Learn. Res.* 11, 2837; Kott (2001), *J. Off. Stat.* 17, 521. A bootstrap won't
    do here: posts that are drawn twice agree with themselves.
    """
    from sklearn.metrics import adjusted_mutual_info_score

    if not len(found) == len(planted) == len(people):
        raise ValueError(
            f"{len(found)} found, {len(planted)} planted and {len(people)} people: each post needs all three"
        )
    if not len(found):
        raise ValueError("nothing was found and nothing planted: there is no agreement between two empty lists")
    found, planted, people = (pd.Series(column) for column in (found, planted, people))
    if found.isna().any() or planted.isna().any():
        raise ValueError("some posts have no topic, found or planted: leave them out of all three first")
    table = pd.DataFrame({"found": found.to_numpy(), "planted": planted.to_numpy()})
    group = pd.factorize(people.astype("str").fillna("").to_numpy(), sort=True)[0] % 20

    def ami(part):
        return float(adjusted_mutual_info_score(part["planted"], part["found"]))

    left = np.array([ami(table[group != i]) for i in np.unique(group)])
    spread = np.sqrt((len(left) - 1) / len(left) * ((left - left.mean()) ** 2).sum()) if len(left) > 1 else np.nan
    reach = normal_quantile(0.95) * float(spread)
    return {"ami": ami(table), "low": ami(table) - reach, "high": ami(table) + reach, "posts": len(table)}


def _posts_of(topics: pd.Series, groups: pd.Series, author: pd.Series, text: pd.Series | None) -> pd.DataFrame:
    """Give the posts that have a topic and a group, in an order of their own, and whose each is."""
    columns = {"topic": topics, groups.name: groups, "author": author} | ({} if text is None else {"text": text})
    if len({len(column) for column in columns.values()}) > 1:
        sizes = ", ".join(f"{len(column)} of {name}" for name, column in columns.items())
        raise ValueError(f"each post needs its own topic, group and author, but there are {sizes}")
    table = pd.DataFrame({name: pd.Series(column).array for name, column in columns.items()})
    table = table.dropna(subset=["topic", groups.name]).sort_values(list(columns)).reset_index(drop=True)
    return table[["topic", groups.name]].join(_who_wrote(table, text is not None))


def _shares(table: pd.DataFrame, groups: pd.Index, k: int) -> pd.DataFrame:
    """Give the shares of topics in groups, in their order: a row each; an empty group has 0 posts and no share."""
    z, counts = normal_quantile(0.95), table["topic"].value_counts()
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
        ends = effective_wilson_interval(value, value - reach, value + reach, value, authors[row])
        low[row, column], high[row, column] = min(ends["low"], value), max(ends["high"], value)
    shown = np.ones(shape, dtype=bool)
    counted = pd.DataFrame(people[there], index=groups[there].astype("str"), columns=names)
    shown[there] = hide_small_groups(counted, k).notna().to_numpy()
    whole = pd.DataFrame({table.columns[1]: np.repeat(groups, len(names)), "topic": np.tile(names, len(groups))})
    for name, values in zip(_COLUMNS, (posts, people, share, low, high), strict=True):
        column = pd.Series(values.ravel(), dtype="Int64" if name in ("posts", "people") else "float64")
        whole[name] = column.where(shown.ravel())
    return whole.astype({"topic": "str"})


def _who_wrote(table, copies):
    """Say whose each post is, as :func:`analysis.intervals.cluster_ids` does; without texts, nothing is a copy."""
    if copies:
        whose = cluster_ids(table[["author", "text"]])
        # One person's together, whatever they say: with the texts at hand no more is known of who wrote than without.
        return whose.assign(person=whose["person"].where(table["author"].notna(), -1))
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


def _length_of(every):
    """Read how long a stretch is."""
    try:
        step = pd.Timedelta(pd.tseries.frequencies.to_offset(every))
    except (ValueError, TypeError):
        raise ValueError(f"every={every!r} is no fixed length of time; write '1h' or '1D', say") from None
    if step <= pd.Timedelta(0):
        raise ValueError(f"every={every!r} must be longer than nothing")
    return step


def _stretches(start, step):
    """Give every stretch from the first to the last, the empty ones too."""
    if start.empty:
        return pd.DatetimeIndex([], tz="UTC")
    first, last = start.min(), start.max()
    if (last - first) / step > _MOST:
        raise ValueError(f"these posts would be cut into more than {_MOST:,} stretches; take longer ones")
    return pd.date_range(first, last, freq=step, unit="us")
