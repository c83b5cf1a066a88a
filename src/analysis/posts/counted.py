"""Counts that came ready-made, in place of posts."""

from pathlib import Path

#: What the column of times of a table of counts may be called, and that of the counts of all posts.
TIMES = ("start", "date", "day", "time", "hour", "datetime", "timestamp")
COUNTS = ("posts", "tweets", "count", "counts", "tweet_count", "n", "total")


def holds_counts(path):
    """Tell whether a file is a table of counts, and not of posts.

    Parameters
    ----------
    path : str, Path or None
        None is the shipped sample, which holds posts.

    Returns
    -------
    bool
        True for a CSV (gzipped or not) with a column of times (``date``, ``start`` ...), one of counts (``posts``,
        ``tweets``, ``count`` ...), and nothing but whole numbers beside the time.
    """
    from analysis.sources import counts

    return path is not None and Path(path).is_file() and counts.are_counts(Path(path))


def load_counts(path):
    """Load a table of counts as it stands: a time and one count or more a row.

    Parameters
    ----------
    path : str or Path
        A CSV in UTF-8, gzipped or not.

    Returns
    -------
    DataFrame
        The columns of the file: the time as text, each other as Int64 and missing where it is empty.
        :func:`analysis.spread.from_table` makes counts of it that the estimators take.

    Raises
    ------
    InputError
        If it is no such table; the message names the line.
    """
    from analysis.sources import counts

    return counts.read(Path(path))
