"""From posts to people: how many have disclosed by when, and where."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.estimate.people import check_authors, people
from analysis.privacy import MIN_PEOPLE, hide_small_groups

_NUMBERS = ("raw", "people", "low", "high")
_COLUMNS = ["authors", "raw", "people", "low", "high", "enough"]


def people_by_day(
    posts: pd.DataFrame,
    score: pd.Series,
    known: pd.DataFrame | None = None,
    *,
    every: str = "1D",
    k: int = MIN_PEOPLE,
    **how,
) -> pd.DataFrame:
    """Estimate how many people have disclosed until the end of each day, each person counted once.

    Parameters
    ----------
    posts : DataFrame
        ``author`` and ``created_at``; posts without either are left out.
    score : Series of float
        How probable it is that each is a disclosure, on the same index.
    known : DataFrame, optional
        Labelled posts with ``score`` and ``label``, perhaps ``author``, for the classifier's error rates: see
        :func:`analysis.estimate.people`. Without it only the raw count is given.
    every : str
        The length of a step, cut in UTC.
    k : int
        A step in which fewer people are counted, or not counted, is hidden. So is one to which the next
        shown one adds fewer: whoever subtracts the one from the other would have counted them.
    **how
        ``draws``, ``seed``, ``level``, ``threshold`` for :func:`analysis.estimate.people`.

    Returns
    -------
    DataFrame
        A row a step with posts: ``end`` (datetime64[us, UTC], exclusive), ``authors`` (people who posted), ``raw``
        (people with at least one positive post), ``people``, ``low``, ``high`` (corrected; missing without `known` or
        where hidden), ``enough``.

    Raises
    ------
    InputError
        Where no post has an author: people cannot be told apart then, and only posts can be counted.
    """
    check_authors(posts)
    table = pd.DataFrame({"author": posts["author"], "score": score, "start": posts["created_at"].dt.floor(every)})
    table = table.dropna()
    rows = []
    for start in sorted(table["start"].unique()):
        so_far = table[table["start"].le(start)]
        rows.append({"end": start + pd.Timedelta(every), **_counted(so_far, known, k, how)})
    if k:
        rows = _apart(rows, k)
    counts = pd.DataFrame(rows, columns=["end", *_COLUMNS])
    return counts.astype({"end": "datetime64[us, UTC]", "authors": "int64"})


def people_by_group(
    posts: pd.DataFrame, score: pd.Series, groups: pd.Series, known: pd.DataFrame | None = None, *, k=MIN_PEOPLE, **how
) -> pd.DataFrame:
    """Estimate how many people have disclosed in each group of posts, such as a platform or a language.

    Parameters
    ----------
    posts, score, known, k, **how
        As in :func:`people_by_day`. Where `known` has a column called as `groups`, each group is corrected by its own
        labelled posts, and is left without a correction where it has none.
    groups : Series
        The group of each post, on the same index. Who posts in two groups is counted in both.

    Returns
    -------
    DataFrame
        The group, then as in :func:`people_by_day`, and ``share``, ``share_low``, ``share_high`` of those who posted.
        A group of fewer people is hidden whole, ``authors`` (Int64) too; so is a second group where the first could be
        worked out from the total.
    """
    check_authors(posts)
    name = groups.name or "group"
    table = pd.DataFrame({"author": posts["author"], "score": score, "group": groups}).dropna()
    rows = []
    for group, members in table.groupby("group", observed=True):
        own = known if known is None or name not in known else known[known[name] == group]
        own = None if own is None or own.empty else own
        rows.append({name: group, **_counted(members, own, k, how)})
    counts = pd.DataFrame(rows, columns=[name, *_COLUMNS])
    counts["authors"] = hide_small_groups(counts["authors"], k)
    shown = hide_small_groups(counts["raw"].fillna(0), k).notna().to_numpy() & counts["enough"].to_numpy(bool)
    shown &= counts["authors"].notna().to_numpy()
    numbers = list(_NUMBERS)
    counts[numbers] = counts[numbers].astype("float64")
    counts.loc[~shown, numbers] = np.nan
    for of, column in (("share", "people"), ("share_low", "low"), ("share_high", "high")):
        counts[of] = counts[column] / counts["authors"].astype("float64")
    return counts.assign(enough=shown)


def _apart(rows, k):
    """Hide steps to which the next shown one adds fewer than `k` people; the last one stays."""
    kept, later = [], None
    for row in reversed(rows):
        if row["enough"] and later is not None:
            more, new = later["raw"] - row["raw"], later["authors"] - row["authors"]
            if (more or new) and more < k:
                row = row | {"enough": False} | dict.fromkeys(_NUMBERS, np.nan)
        later = row if row["enough"] else later
        kept.append(row)
    return kept[::-1]


def _counted(table, known, k, how):
    estimates = people(table, known=known, **how).set_index("method")
    authors, raw = int(estimates["authors"].iloc[0]), round(estimates.loc["any positive post", "people"])
    enough = min(raw, authors - raw) >= k
    row = {"authors": authors, "raw": raw, "people": np.nan, "low": np.nan, "high": np.nan, "enough": enough}
    if "corrected" in estimates.index:
        ends = estimates.loc["corrected", ["people", "people_low", "people_high"]]
        row |= dict(zip(("people", "low", "high"), ends, strict=True))
    return row if enough else row | dict.fromkeys(_NUMBERS, np.nan)
