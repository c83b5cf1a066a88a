"""Care by default: whose words may be shown, and which numbers are too small to show.

Three rules hold in every lesson. No text is shown but an invented one. No count of fewer than ten is shown, nor the
cell beside it that would give it away. No word is shown that fewer than ten people used, for a rare word can be a name.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.posts import TWITTER_ID, are_invented
from analysis.snowflake import is_invented
from analysis.text import clean, tokens

#: The smallest group of people that is shown.
MIN_PEOPLE = 10
_ANY_ID = "[0-9]{15,18}|[0-8][0-9]{18}|t[13]_[a-z0-9]+|at://.*|https?://.*/statuses/.*"


def hide_small_groups(table: pd.Series | pd.DataFrame, min_people: int = MIN_PEOPLE) -> pd.Series | pd.DataFrame:
    """Hide the counts of fewer than `min_people` people, and those that would give them away.

    Parameters
    ----------
    table : Series or DataFrame
        Counts of people or posts (whole numbers, not negative): a Series of groups, or a DataFrame that crosses two
        groupings. Without row or column totals: those stay true, and are what a reader would subtract from.
    min_people : int
        The smallest count that is shown.

    Returns
    -------
    Series or DataFrame
        The same shape and labels, dtype Int64, hidden cells missing. In each line (the whole Series; every row and
        column of a DataFrame) that holds a hidden cell, at least two are hidden and together they are `min_people` or
        more, or the whole line is hidden: so the line's total gives none of them away. Zeros are hidden too.

    Raises
    ------
    ValueError
        If a count is missing, negative or no whole number.

    Notes
    -----
    Cell suppression as statistical offices do it; the second cells are the smallest that serve. In a DataFrame this
    stops subtraction along a line. It does not prove that no system of equations over all lines gives a range away.

    Examples
    --------
    >>> hide_small_groups(pd.Series({"work": 31, "school": 12, "street": 4, "club": 25}))
    work        31
    school    <NA>
    street    <NA>
    club        25
    dtype: Int64
    """
    counts = np.asarray(table, dtype=float)
    if counts.size == 0:
        return table.astype("Int64")
    if not np.all(np.isfinite(counts) & (counts >= 0) & (counts == np.floor(counts))):
        raise ValueError("a table of counts holds whole numbers from 0 up, none missing")
    if counts.ndim == 1:
        hidden = _hide_line(counts, counts < min_people, table.index, min_people)
    else:
        hidden, before = counts < min_people, None
        while before is None or (hidden != before).any():
            before = hidden
            rows = zip(counts, hidden, strict=True)
            hidden = np.array([_hide_line(*row, table.columns, min_people) for row in rows])
            columns = zip(counts.T, hidden.T, strict=True)
            hidden = np.array([_hide_line(*column, table.index, min_people) for column in columns]).T
    return table.astype("Int64").mask(hidden)


def _hide_line(counts: np.ndarray, hidden: np.ndarray, labels: pd.Index, min_people: int) -> np.ndarray:
    """Hide further cells of one line, smallest first (ties by label), until its total gives nothing away."""
    hidden = hidden.copy()
    names = labels.astype(str)
    for cell in sorted(np.flatnonzero(~hidden), key=lambda i: (counts[i], names[i])):
        if not hidden.any() or (hidden.sum() > 1 and counts[hidden].sum() >= min_people):
            break
        hidden[cell] = True
    return hidden


class PrivacyError(ValueError):
    """Raised where a call would show what belongs to a person. The message names the reason."""


def min_people_shown(posts: pd.DataFrame) -> int:
    """Give the smallest number of people that is shown of some posts: 0 where all are invented.

    Parameters
    ----------
    posts : DataFrame
        Without ``post_id`` and ``platform`` nobody can tell whether they are invented.

    Returns
    -------
    int
        ``MIN_PEOPLE`` for posts that may be real people's.

    Examples
    --------
    >>> min_people_shown(pd.DataFrame({"post_id": ["919659437487030272"], "platform": ["twitter"]}))
    0
    """
    invented = {"post_id", "platform"} <= set(posts) and bool(are_invented(posts).all())
    return 0 if invented else MIN_PEOPLE


def quote(posts: pd.DataFrame, n: int = 3, random_state: int = 0) -> pd.Series:
    """Draw some posts' texts to show, if they are invented.

    Parameters
    ----------
    posts : DataFrame
        Posts with ``post_id``, ``platform`` and ``text``. *All* of them must be invented, not only the drawn ones.
    n : int
        How many. Posts without a text are left out, and each distinct text is drawn once; where there are fewer,
        all of them are given.
    random_state : int
        The same number and posts give the same texts, whatever the order of the rows.

    Returns
    -------
    Series of str
        The texts, named "text", numbered from 1.

    Raises
    ------
    PrivacyError
        If a post may be a real person's: one that does not bear the marks of the invented corpus, in its id and in
        its author's name (see :func:`analysis.posts.are_invented`).

    Examples
    --------
    >>> post = {"post_id": ["919659437487030272"], "platform": ["twitter"], "text": ["An invented post."]}
    >>> quote(pd.DataFrame(post), 1).tolist()
    ['An invented post.']
    """
    real = ~are_invented(posts)
    if real.any():
        raise PrivacyError(
            f"{real.sum():,} of {len(real):,} posts may be a real person's words, and those are never shown: "
            "count or summarise them instead (only posts of the invented sample are quoted)"
        )
    texts = np.sort(posts["text"].dropna().unique().astype(object))
    picked = np.random.default_rng(random_state).permutation(len(texts))[:n]
    return pd.Series(texts[picked], index=range(1, len(picked) + 1), name="text", dtype="str")


def shared_words(texts: pd.Series, authors: pd.Series, min_people: int = MIN_PEOPLE) -> set[str]:
    """Give the words that at least `min_people` different people wrote.

    Parameters
    ----------
    texts : Series of str
        Missing texts are left out.
    authors : Series of str
        Who wrote each, in the same order. Posts without an author count as one person's together: who can't be told
        apart is not taken for many.
    min_people : int
        The smallest number of people.

    Returns
    -------
    set of str
        Words as :func:`analysis.text.tokens` gives them.

    Raises
    ------
    ValueError
        If there is not one author for each text.

    Notes
    -----
    A text that was copied counts for one of its authors (the first by name), so that ten who repost one person's
    sentence do not make its words common. This counts too few people rather than too many.

    Examples
    --------
    >>> texts = pd.Series(["My boss did", "my boss too", "a boss", "a boss"])
    >>> shared_words(texts, pd.Series(["a", "b", "c", "d"]), min_people=3)
    {'boss'}
    """
    if len(texts) != len(authors):
        raise ValueError(f"there are {len(texts)} texts and {len(authors)} authors: each text needs its own")
    table = pd.DataFrame({"text": np.asarray(texts, dtype=object), "author": np.asarray(authors, dtype=object)})
    table = table[table["text"].notna()]
    cleaned = [clean(text).lower() for text in table["text"]]
    table = table.assign(text=cleaned, author=table["author"].fillna(""))
    people: dict[str, set[str]] = {}
    for text, author in table.groupby("text")["author"].min().items():
        for word in set(tokens(text)):
            people.setdefault(word, set()).add(author)
    return {word for word, who in people.items() if len(who) >= min_people}


def refuse_real_ids(table: pd.DataFrame) -> pd.DataFrame:
    """Give a table back if it holds no id of a real post, so that it may stand among results.

    Raises
    ------
    PrivacyError
        If a column holds the id of a post that is not invented: an id leads to its author in one click.
    """
    for name in table.columns:
        column = table[name]
        if pd.api.types.is_integer_dtype(column.dtype):
            texts = column.dropna()[column.dropna() >= 10**14].astype("str")
        elif pd.api.types.is_numeric_dtype(column.dtype) or pd.api.types.is_datetime64_any_dtype(column.dtype):
            continue
        else:
            texts = column.dropna().astype("str")
            texts = texts[texts.str.fullmatch(_ANY_ID)]
        numbers = texts[texts.str.fullmatch(TWITTER_ID)]
        if len(texts) > len(numbers) or not is_invented(numbers).all():
            raise PrivacyError(
                f"the column {name!r} holds ids of posts that may be real, and those lead to their authors: "
                "summarise the posts, or make the ids pseudonyms first (ingest with --key-ids)"
            )
    return table
