"""Posts and authors counted over time, the empty intervals too, and gaps as missing."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.spread.tables import checked, is_counts, masked, regrouped
from analysis.spread.times import check_zone, cut, microseconds, utc


def counts(posts: pd.DataFrame, every: str = "1h", by: str | None = None, gaps=None, zone: str = "UTC") -> pd.DataFrame:
    """Count posts and distinct authors in each interval of time, the empty intervals too.

    Parameters
    ----------
    posts : DataFrame
        A posts table: ``created_at`` (datetime64[us, UTC]), ``author`` where there is one; rows without a time are left
        out. A table that is counted already is added up to `every`.
    every : str
        The length of an interval, as pandas writes it: ``"1min"``, ``"1h"``, ``"1D"``. In UTC, intervals are cut at
        whole multiples counted from 1 January 1970, 00:00; in another zone from each midnight on.
    by : str, optional
        A column, such as ``"kind"``, ``"lang"`` or ``"platform"``, of which each value is counted by itself.
    gaps : DataFrame or iterable of pairs, optional
        Start and end (with a zone) of each gap in collection, see :func:`analysis.spread.find_gaps`. Intervals that a
        gap touches are missing: nobody knows what was posted then.
    zone : str
        In which days begin and ``start`` is written. A day on which the clocks change has 23 or 25 hours.

    Returns
    -------
    DataFrame
        One row an interval from the first post to the last, in order: ``start`` (datetime64[us, zone]), ``posts``
        (Int64; 0 where nothing was posted, missing in gaps), ``authors`` (Int64; distinct ones, missing where no
        author is known and in gaps) and ``cumulative`` (Int64; posts up to the end of the interval, those in gaps not
        among them). With `by`, a row for each group and interval, by interval and then by group: the group (missing
        where the posts' own is), and ``share`` (float) of the interval's posts with Wilson's 95% interval ``low`` and
        ``high``; missing where the interval holds none.

    Raises
    ------
    ValueError
        Where `every` is no fixed length of time or too short, `by` no column, `zone` no zone, or a gap no gap.

    Examples
    --------
    >>> times = pd.to_datetime(["2017-10-15T20:05Z", "2017-10-15T20:50Z", "2017-10-15T22:10Z"])
    >>> posts = pd.DataFrame({"created_at": times, "author": ["a", "a", "b"], "lang": ["en", "sv", "en"]})
    >>> counts(posts)[["posts", "authors", "cumulative"]]
       posts  authors  cumulative
    0      2        1           2
    1      0        0           2
    2      1        1           3
    """
    microseconds(every)
    check_zone(zone)
    if is_counts(posts):
        return _finished(regrouped(posts, every), None, gaps)
    if "created_at" not in posts:
        raise ValueError("there is no column created_at: give a table of posts, or counts with start and posts")
    if by is not None and by not in posts:
        raise ValueError(f"there is no column {by!r} to count by; there are {', '.join(posts)}")
    known = posts[posts["created_at"].notna()] if posts["created_at"].hasnans else posts
    times = known["created_at"].astype("datetime64[us, UTC]").astype("int64").to_numpy()
    if not len(times):
        return _empty(by, zone)
    edges = cut(int(times.min()), int(times.max()), every, zone)
    size = len(edges) - 1
    table, cells = pd.DataFrame({"start": utc(edges[:-1], zone)}), _bins(times, edges)
    if by is not None:
        codes, labels = pd.factorize(known[by], sort=True, use_na_sentinel=False)
        cells = cells * len(labels) + codes
        if size * len(labels) > 10_000_000:
            raise ValueError(f"{size:,} intervals of {len(labels):,} values of {by!r} are too many; take longer ones")
        table = pd.DataFrame({"start": table["start"].repeat(len(labels)).array, by: np.tile(labels, size)})
    table["posts"] = np.bincount(cells, minlength=len(table))
    table["authors"] = _distinct(known, cells, len(table))
    return _finished(table, by, gaps)


def as_counts(data: pd.DataFrame, every: str | None = None, *, gaps=None) -> pd.DataFrame:
    """Give counts of whatever an estimator was given: posts are counted, counts are checked and added up.

    `data` is a posts table, or counts: ``start`` (with a zone) and ``posts``, see :func:`analysis.spread.from_table`.
    Without `every`, posts are counted by the hour and counts stay as they are. It gives ``start`` and ``posts`` (Int64,
    missing in gaps) at least, in order, every interval there; errors are those of :func:`counts`.
    """
    if is_counts(data) and every is None:
        return masked(checked(data), gaps)
    if "created_at" in data:
        data = data[["created_at"]]  # who posted is asked by counts alone
    return counts(data, every or "1h", gaps=gaps)


def _bins(times, edges):
    """Tell in which interval each time lies."""
    widths = np.diff(edges)
    if (widths == widths[0]).all():
        return (times - edges[0]) // widths[0]
    return np.searchsorted(edges, times, "right") - 1


def _finished(table, by, gaps):
    """Make gaps missing, and add sums and shares."""
    table = table.assign(posts=table["posts"].astype("Int64"))
    table = masked(table, gaps)
    known = table["posts"].fillna(0)
    table["cumulative"] = known.cumsum() if by is None else known.groupby(table[by], dropna=False).cumsum()
    if by is not None:
        total = table["posts"].groupby(table["start"]).transform("sum")
        table = table.assign(**_shares(table["posts"], total))
    return table


def _shares(posts, total, z=1.959963984540054):
    """Give shares with Wilson's 95% interval, as :func:`analysis.intervals.wilson_interval` does, for whole columns."""
    k, n = (column.astype("Float64").to_numpy(float, na_value=np.nan) for column in (posts, total))
    n = np.where(n > 0, n, np.nan)
    middle = (k / n + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(k / n * (1 - k / n) / n + z**2 / (4 * n**2))
    return {
        "share": k / n,
        "low": np.where(k == 0, 0.0 * n, np.maximum(middle - half, 0)),
        "high": np.where(k == n, 1.0 * n / n, np.minimum(middle + half, 1)),
    }


def _distinct(posts, cells, size):
    """Count the distinct authors in each cell; missing throughout where none is known."""
    if "author" not in posts or posts["author"].isna().all():
        return pd.array([pd.NA] * size, dtype="Int64")
    there = posts["author"].notna().to_numpy()
    codes, labels = pd.factorize(posts["author"][there])
    pairs = pd.unique(cells[there] * len(labels) + codes)  # a tenth of the time of np.unique
    return pd.array(np.bincount(pairs // len(labels), minlength=size), dtype="Int64")


def _empty(by, zone):
    """Give a table of no intervals."""
    table = pd.DataFrame({"start": utc([], zone), **({} if by is None else {by: pd.Series([], dtype="str")})})
    table = table.assign(**{name: pd.array([], dtype="Int64") for name in ("posts", "authors", "cumulative")})
    return table if by is None else table.assign(share=[], low=[], high=[]).astype({"share": float})
