"""Bring posts that were read into their final shape: times from ids, one row an id, one order."""

import numpy as np
import pandas as pd

from analysis import snowflake
from analysis.posts.columns import COLUMNS, arrow_text, number_of

_FIRST_TWEET = pd.Timestamp("2006-03-21", tz="UTC")


def with_times(posts):
    """Fill missing times from the ids where those may be Twitter's.

    Parameters
    ----------
    posts : DataFrame
        All of ``COLUMNS`` in their dtypes.

    Returns
    -------
    posts : DataFrame
        Where the platform is Twitter or missing, a missing ``created_at`` (UTC) is the one that the id carries, if any.
    decoded : int
        How many times were so found.
    """
    open_rows = (posts["created_at"].isna() & (posts["platform"].isna() | posts["platform"].eq("twitter"))).to_numpy()
    if not open_rows.any():
        return posts, 0
    times = snowflake.post_time(snowflake.parse_ids(arrow_text(posts["post_id"]))[0])
    filled = posts["created_at"].where(~open_rows, pd.Series(times))
    return posts.assign(created_at=filled), int(filled[open_rows].notna().sum())


def without_duplicates(posts):
    """Keep the most complete row of each id; among equals the choice hangs on the values, never on the order.

    Parameters
    ----------
    posts : DataFrame
        All of ``COLUMNS`` in their dtypes. Rows without an id all stay.

    Returns
    -------
    DataFrame
        The rows that are kept, in their order, with the index that they had.
    """
    shared = posts["post_id"].duplicated(keep=False) & posts["post_id"].notna()
    if not shared.any():
        return posts
    rows = posts[shared].assign(_gaps=posts[shared].isna().sum(axis=1)).sort_values(["_gaps", *COLUMNS])
    chosen = rows.drop_duplicates("post_id").index
    return posts.drop(index=rows.index.difference(chosen))


def in_order(posts):
    """Sort by time, then by id as a number, then by whatever is left, so that no order of rows shows through.

    Parameters
    ----------
    posts : DataFrame
        All of ``COLUMNS`` in their dtypes.

    Returns
    -------
    DataFrame
        With a new index from 0; missing times last.
    """
    numbers, state = snowflake.parse_ids(arrow_text(posts["post_id"]))
    if (state == snowflake.FINE).all():
        times = posts["created_at"].dt.tz_localize(None).to_numpy()
        times = np.where(np.isnat(times), np.iinfo(np.int64).max, times.view(np.int64))
        return posts.take(np.lexsort((numbers, times))).reset_index(drop=True)
    first = ["created_at", "_width", "post_id"]
    keys = posts.assign(_width=posts["post_id"].str.len())
    order = keys.sort_values([*first, *(name for name in COLUMNS if name not in first)], kind="stable").index
    return posts.loc[order].reset_index(drop=True)


def notes_on(posts, decoded):
    """Say in sentences what a reader of these posts ought to know.

    Parameters
    ----------
    posts : DataFrame
        All of ``COLUMNS`` in their dtypes.
    decoded : int
        The number of times that :func:`with_times` found.

    Returns
    -------
    list of str
        On ids that look rounded or are missing, times from ids, and times before Twitter; empty where all is well.
    """
    notes = []
    ids = posts["post_id"].dropna()
    zeros = ids.str.endswith("000").sum()
    if len(ids) >= 100 and zeros > 0.05 * len(ids):
        notes.append(
            f"{zeros / len(ids):.0%} of the ids end in 000, where one in 200 would by chance: a spreadsheet may have "
            "rounded them, and the posts they name may be others"
        )
    if len(ids) < len(posts):
        rows = number_of(len(posts) - len(ids), "row has no id", "rows have no id")
        notes.append(f"{rows}, and can't be matched with another row")
    if decoded:
        times = number_of(decoded, "time was", "times were")
        notes.append(f"{times} read from the ids, which presumes that they are Twitter's")
    early = int((posts["created_at"] < _FIRST_TWEET).sum())
    if early:
        times = number_of(early, "time lies", "times lie")
        notes.append(f"{times} before 21 March 2006, the day of the first post on Twitter, and may be wrong")
    return notes
