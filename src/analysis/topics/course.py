"""How large topics are over time, with intervals that know which posts hang together."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.copies import voices
from analysis.estimate.intervals import quantile, shaped
from analysis.privacy import SMALLEST, small_groups
from analysis.topics.model import NONE

_MOST = 100_000  # stretches: more are a mistake in `every`, not a question
_COLUMNS = ["start", "topic", "posts", "people", "share", "low", "high"]


def over_time(
    found: pd.Series,
    created_at: pd.Series,
    author: pd.Series,
    every: str = "1D",
    *,
    text: pd.Series | None = None,
    zone: str = "UTC",
    level: float = 0.95,
    k: int = SMALLEST,
) -> pd.DataFrame:
    """Give the share of each topic in each stretch of time, with an interval.

    Parameters
    ----------
    found : Series of str, shape (posts,)
        The topic of each post, "none" among them. Posts without one (missing) are left out.
    created_at : Series of datetime64 with a zone
        When each was posted, in the same order. Posts without a time are left out.
    author : Series of str
        Who wrote each, in the same order. Posts without an author are independent of each other, but count as one
        person's where it is asked how many people there are: who can't be told apart is not taken for many.
    every : str
        The length of a stretch, such as "1D" or "6h". Stretches begin at multiples of it.
    text : Series of str, optional
        The texts, in the same order: then copies of one text (see :func:`analysis.copies.voices`) are not taken for
        independent of each other either.
    zone : str
        Of the stretches, such as "America/New_York"; other zones than UTC have whole days alone.
    level : float
        The confidence of the intervals.
    k : int
        Where fewer people wrote of a topic in a stretch, or it would give such a one away, all but its name is missing,
        see :func:`analysis.privacy.small_groups`. Only for invented posts should it be 0.

    Returns
    -------
    DataFrame
        A row for each stretch, from the first post to the last, and each topic, the largest first and "none" last:
        ``start`` (datetime64[us, zone]), ``topic``, ``posts`` and ``people`` (Int64), ``share``, ``low``, ``high`` (of
        all posts of the stretch that were sorted, "none" among them; 0 to 1). A stretch without any post has 0 posts
        and no share; a hidden row has no number at all.

    Raises
    ------
    ValueError
        If the columns are not equally long, times bear no zone, or `every`, `zone` or `level` is none.

    Notes
    -----
    The variance of a share is that of a ratio whose clusters are authors, each with all their posts of the stretch
    (Liang & Zeger 1986, *Biometrika* 73, 13), to which copied texts add (Cameron, Gelbach & Miller 2011, *J. Bus. Econ.
    Stat.* 29, 238); the interval is Wilson's (1927) at the number of posts that would give that variance, with at least
    the doubt that so many authors leave. It tells how the share would move with other authors, not with other topics.
    ``benchmarks/recovery_topics_time.py`` shows how often it covers.

    Examples
    --------
    >>> found = pd.Series(["topic 1"] * 30 + ["none"] * 10)
    >>> times = pd.Series(pd.Timestamp("2017-10-16T12:00Z")).repeat(40)
    >>> over_time(found, times, pd.Series(range(40)).astype("str"))[_COLUMNS[1:]].round(2).values.tolist()
    [['topic 1', 30, 30, 0.75, 0.59, 0.86], ['none', 10, 10, 0.25, 0.14, 0.41]]
    """
    quantile(level)
    table = _table(found, created_at, author, text, every, zone)
    counts = table["topic"].value_counts()
    names = sorted(counts.index, key=lambda name: (name == NONE, -counts[name], name))
    starts = _stretches(table["start"], every, zone)
    if table.empty:
        return _finished(pd.DataFrame(columns=_COLUMNS), zone)
    codes = pd.DataFrame({"start": starts.get_indexer(table["start"])})
    codes["topic"] = pd.Index(names).get_indexer(table["topic"])
    codes[["person", "author", "text"]] = table[["person", "author", "text"]].to_numpy()
    shape = (len(starts), len(names))
    posts = _tally(codes, shape)
    people = _tally(codes.drop_duplicates(["start", "topic", "person"]), shape)
    all_posts = posts.sum(axis=1)
    there = all_posts > 0
    share = np.divide(posts, all_posts[:, None], out=np.full(shape, np.nan), where=there[:, None])
    variance, authors = _variance(codes, share, all_posts)
    ends = np.full((*shape, 2), np.nan)
    for at in np.argwhere(np.broadcast_to(there[:, None], shape)):
        here = tuple(at)
        reach = quantile(level) * np.sqrt(variance[here])
        one = shaped(share[here], share[here] - reach, share[here] + reach, share[here], authors[here[0]], level)
        ends[here] = min(one["low"], share[here]), max(one["high"], share[here])
    shown = np.ones(shape, dtype=bool)
    counted = pd.DataFrame(people[there], index=starts[there].astype("str"), columns=names)
    shown[there] = small_groups(counted, k).notna().to_numpy()
    whole = {"start": np.repeat(starts, len(names)), "topic": np.tile(names, len(starts))}
    whole |= {"posts": posts.ravel(), "people": people.ravel(), "share": share.ravel()}
    whole = pd.DataFrame(whole | {"low": ends[..., 0].ravel(), "high": ends[..., 1].ravel()})
    whole = _finished(whole, zone)
    for name in _COLUMNS[2:]:
        whole[name] = whole[name].where(shown.ravel())
    return whole


def _table(found, created_at, author, text, every, zone):
    """Give the posts that have a topic and a time, in an order of their own, with the start of their stretch."""
    columns = {"topic": found, "at": created_at, "author": author} | ({} if text is None else {"text": text})
    if len({len(column) for column in columns.values()}) > 1:
        sizes = ", ".join(f"{len(column)} of {name}" for name, column in columns.items())
        raise ValueError(f"each post needs its own topic, time and author, but there are {sizes}")
    table = pd.DataFrame({name: np.asarray(column, dtype=object) for name, column in columns.items()})
    if getattr(pd.Series(created_at).dtype, "tz", None) is None:
        raise ValueError("created_at has no time zone; use times such as load_posts gives, in UTC")
    table["start"] = _floor(pd.Series(created_at).reset_index(drop=True), every, zone)
    if text is None:
        table["text"] = None
    table = table.dropna(subset=["topic", "start"]).sort_values(["start", "topic", "author", "text", "at"])
    table = table.reset_index(drop=True)
    return table.drop(columns=["author", "text"]).join(_voices(table, text is not None))


def _voices(table, copies):
    """Say whose each post is, as :func:`analysis.copies.voices` does; without texts, nothing is a copy."""
    if copies:
        return voices(table[["author", "text"]])
    person = pd.factorize(table["author"], sort=True)[0]
    alone = person < 0
    drawn = np.where(alone, person.max(initial=-1) + np.cumsum(alone), person)
    return pd.DataFrame({"person": person, "author": drawn, "text": -1})


def _floor(times, every, zone):
    """Give the start of each time's stretch."""
    try:
        step = pd.Timedelta(pd.tseries.frequencies.to_offset(every))
    except (ValueError, TypeError):
        raise ValueError(f"every={every!r} is no fixed length of time; write '1h' or '1D', say") from None
    if step <= pd.Timedelta(0):
        raise ValueError(f"every={every!r} must be longer than nothing")
    if zone == "UTC":
        return times.dt.tz_convert("UTC").dt.as_unit("us").dt.floor(every)
    if step % pd.Timedelta("1D"):
        raise ValueError(f"every={every!r} is no number of whole days; in another zone than UTC it must be")
    try:
        local = times.dt.as_unit("us").dt.tz_convert(zone)
    except (KeyError, ValueError, TypeError, OSError):
        raise ValueError(f"zone={zone!r} is no time zone; write 'UTC' or 'America/New_York', say") from None
    return _midnights(local.dt.tz_localize(None).dt.floor(every).dt, zone)


def _midnights(days, zone):
    return days.tz_localize(zone, nonexistent="shift_forward", ambiguous=np.ones(len(days.date), dtype=bool))


def _stretches(start, every, zone):
    """Give every stretch from the first to the last, the empty ones too."""
    if start.empty:
        return pd.DatetimeIndex([], tz=zone)
    step = pd.Timedelta(pd.tseries.frequencies.to_offset(every))
    first, last = start.min(), start.max()
    if (last - first) / step > _MOST:
        raise ValueError(f"every={every!r} cuts these posts into more than {_MOST:,} stretches; take a longer one")
    if zone == "UTC":
        return pd.date_range(first, last, freq=step, unit="us")
    days = pd.date_range(*(end.tz_localize(None).normalize() for end in (first, last)), freq=step, unit="us")
    return _midnights(days, zone)


def _tally(codes, shape):
    return np.bincount(codes["start"] * shape[1] + codes["topic"], minlength=shape[0] * shape[1]).reshape(shape)


def _variance(codes, share, all_posts):
    """Give the variance of each share, shape of `share`, and how many equally busy authors each stretch is worth."""
    copies = codes[codes["text"] >= 0]
    pair = copies.assign(text=pd.factorize(copies["text"] * (codes["author"].max() + 1) + copies["author"])[0])
    by_author, busy, authors = _squares(codes, "author", share)
    by_text, by_both = _squares(copies, "text", share)[0], _squares(pair, "text", share)[0]
    total = by_author * (authors / np.maximum(authors - 1, 1))[:, None] + np.maximum(by_text - by_both, 0)
    size = np.maximum(all_posts, 1)
    return total / size[:, None] ** 2, size**2 / np.maximum(busy, 1)


def _squares(codes, unit, share):
    """Add up over units, authors say, the squares of what each adds to a share's error, and of its posts; count them.

    A unit with n posts in a stretch, t of them of the topic, adds ``t - share n``.
    """
    total = codes.groupby(["start", unit]).size().rename("n").reset_index()
    own = codes.groupby(["start", "topic", unit]).size().rename("t").reset_index().merge(total, on=["start", unit])
    rows, columns = share.shape
    cell = own["start"] * columns + own["topic"]
    upper, mixed = (np.bincount(cell, own["t"] * own[other], rows * columns).reshape(share.shape) for other in "tn")
    busy = np.bincount(total["start"], total["n"] ** 2, rows)
    units = np.bincount(total["start"], minlength=rows)
    filled = np.nan_to_num(share)
    return np.maximum(upper - 2 * filled * mixed + filled**2 * busy[:, None], 0), busy, units


def _finished(table, zone):
    kinds = {"start": f"datetime64[us, {zone}]", "topic": "str", "posts": "Int64", "people": "Int64"}
    return table[_COLUMNS].astype(kinds | dict.fromkeys(("share", "low", "high"), "float64"))
