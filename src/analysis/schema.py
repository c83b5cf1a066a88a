"""The columns of the table of posts, and how each is brought into its dtype or refused."""

import os
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
import pandas as pd

from analysis import snowflake

COLUMNS = {
    "post_id": "str",
    "created_at": "datetime64[us, UTC]",
    "platform": "str",
    "author": "str",
    "text": "str",
    "lang": "str",
    "kind": "str",
    "parent_id": "str",
    "root_id": "str",
    "likes": "Int64",
    "reposts": "Int64",
    "replies": "Int64",
}
KINDS = ("original", "reply", "repost", "quote")
IDS = ("post_id", "parent_id", "root_id")
_TOO_LATE = pd.Timestamp("2101-01-01", tz="UTC")
_TOO_LONG = pd.Timedelta(days=36_525)
#: How an id begins that was made a pseudonym.
KEYED = "keyed-"


class InputError(ValueError):
    """Something is wrong with what was read: one line that names the file, the line if there is one, and the remedy.

    Parameters
    ----------
    message : str
        The line.
    row : int, optional
        The row of the table that is meant, counted from 0; readers turn it into a line of the file.
    """

    def __init__(self, message, row=None):
        super().__init__(message)
        self.row = row


def number_of(count, one, many):
    """Write a number with its noun in singular or plural.

    >>> number_of(1, "row has", "rows have"), number_of(2000, "row has", "rows have")
    ('1 row has', '2,000 rows have')
    """
    return f"{count:,} {one if count == 1 else many}"


def typed(posts):
    """Give all of ``COLUMNS`` in their dtypes, see :func:`analysis.posts.check_posts`.

    Parameters
    ----------
    posts : DataFrame
        With ``post_id`` and any other of ``COLUMNS``, in any order; it is not changed.

    Returns
    -------
    DataFrame
        With a new index from 0; columns that were not there are missing throughout.

    Raises
    ------
    TypeError
        Where it is no DataFrame.
    InputError
        Where a column is unknown, comes twice, or holds what it may not. Its ``row`` is the position of the first such
        row, if there is one.
    """
    if not isinstance(posts, pd.DataFrame):
        raise TypeError(f"posts are a DataFrame with any of {', '.join(COLUMNS)}, not {type(posts).__name__}")
    unknown = [str(name) for name in posts.columns if name not in COLUMNS]
    if unknown:
        raise InputError(f"unknown columns {', '.join(unknown)}; known are {', '.join(COLUMNS)}")
    if "post_id" not in posts:
        raise InputError("there is no column post_id; it is the one column that every table of posts has")
    twice = posts.columns[posts.columns.duplicated()]
    if len(twice):
        raise InputError(f"the column {twice[0]} comes twice; keep one")
    return pd.DataFrame({name: _column(posts, name) for name in COLUMNS}, index=pd.RangeIndex(len(posts)))


def _column(posts, name):
    if name not in posts or posts[name].isna().all():
        return pd.Series(pd.NA, index=pd.RangeIndex(len(posts)), dtype=COLUMNS[name])
    given = posts[name].reset_index(drop=True)
    make = {"created_at": _time, "text": _text, "kind": _kind, "likes": _count, "reposts": _count, "replies": _count}
    if name in IDS:
        twitter = posts["platform"].eq("twitter").to_numpy() if "platform" in posts else False
        return _id(given, name, twitter)
    return make.get(name, _label)(given, name)


def _refuse(wrong, name, one, many, remedy):
    rows = np.flatnonzero(wrong)
    if len(rows):
        what = number_of(len(rows), f"value of {name} {one}", f"values of {name} {many}")
        raise InputError(f"{what}; {remedy}", row=int(rows[0]))


def _text(given, name):
    if given.dtype == "category":
        given = given.astype(given.cat.categories.dtype)
    kind = pd.api.types.infer_dtype(given, skipna=True)
    if kind not in ("string", "empty"):
        raise InputError(f"{name} holds {kind} values; it has to be text")
    return given.astype("str")


def _label(given, name):
    labels = _text(given, name)
    return labels.mask(labels == "")


def _kind(given, name):
    kinds = _label(given, name)
    _refuse(~(kinds.isna() | kinds.isin(KINDS)), name, "is none", "are none", f"known are {', '.join(KINDS)}")
    return kinds


def _count(given, name):
    if pd.api.types.is_numeric_dtype(given.dtype):
        wrong = given.notna() & ((given < 0) | (given >= 2**63) | (given % 1 != 0))
        _refuse(wrong, name, "is no count", "are no counts", "counts are whole, from 0 up and below 2**63")
        return given.astype("Int64")
    texts = _label(given, name)
    _refuse(~texts.str.fullmatch("[0-9]{1,18}", na=True), name, "is no count", "are no counts", "write digits alone")
    numbers = arrow_text(texts).fill_null("0").cast("int64").to_numpy()
    return pd.Series(pd.arrays.IntegerArray(numbers.copy(), texts.isna().to_numpy()))


def _time(given, name):
    if isinstance(given.dtype, pd.DatetimeTZDtype):
        return _countable(given.dt.tz_convert("UTC").dt.as_unit("us"), name)
    if pd.api.types.is_datetime64_dtype(given.dtype):
        raise InputError(f"{name} has no time zone; tell it with dt.tz_localize")
    texts = _label(given, name)
    zoned = texts.str.contains(r"(?:Z|[+-]\d\d:?\d\d)$", na=True)
    times = pd.to_datetime(texts, format="ISO8601", utc=True, errors="coerce")
    wrong = texts.notna() & (times.isna() | ~zoned)
    _refuse(wrong, name, "is no time in UTC", "are no times in UTC", "write times as 2017-10-15T20:21:11Z")
    return _countable(times.dt.as_unit("us"), name)


def _countable(times, name):
    """Refuse times that no post can have, and those too far apart to be counted by the hour."""
    _refuse(
        times >= _TOO_LATE, name, "lies after the year 2100", "lie after the year 2100", "no post can; mend or omit"
    )
    if times.max() - times.min() > _TOO_LONG:
        raise InputError(
            f"{name} goes from the year {times.min().year} to {times.max().year}; a table of posts spans 100 years at "
            "most, so mend or omit the times that are too early, of which this is the first",
            row=int(times.argmin()),
        )
    return times


def _id(given, name, twitter):
    """Ids as text; where the platform is not Twitter they may be anything, but not a number with decimals."""
    if pd.api.types.is_float_dtype(given.dtype):
        raise InputError(f"{name} holds floating-point numbers, which round ids; read them as text")
    ids = given.astype("str") if pd.api.types.is_integer_dtype(given.dtype) else _label(given, name)
    state = snowflake.parse_ids(arrow_text(ids))[1]
    if (state <= snowflake.MISSING).all():
        return ids
    rounded = (state == snowflake.ROUNDED) & (twitter | ids.str.contains("[.+]", na=False).to_numpy())
    what = ("was rounded and cannot be mended", "were rounded and cannot be mended")
    _refuse(rounded, name, *what, "take ids as text from their source")
    malformed = (state >= snowflake.ROUNDED) & twitter & ~ids.str.startswith(KEYED, na=False).to_numpy()
    _refuse(malformed, name, "is no Twitter id", "are no Twitter ids", "such an id is digits alone, below 2**63")
    return ids


def arrow_text(texts):
    """Give a column of text as one pyarrow array.

    Parameters
    ----------
    texts : Series of str, or array

    Returns
    -------
    pyarrow.Array of large_string
        None, NaN and NA are null.
    """
    import pyarrow as pa

    texts = pa.array(texts, type=pa.large_string(), from_pandas=True)
    return texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts


def find_root():
    """Find the folder of the project: the one that holds ``notebooks`` and ``data``.

    Returns
    -------
    Path
        The nearest such folder above this file, else above the working folder or that folder itself.

    Raises
    ------
    InputError
        If there is none, as when the package is installed by itself.
    """
    for start in (Path(__file__).resolve(), Path.cwd()):
        for folder in (start, *start.parents):
            if (folder / "notebooks").is_dir() and (folder / "data").is_dir():
                return folder
    raise InputError(f"{Path.cwd()}: no folder with notebooks and data here or above; run this inside the project")


@contextmanager
def write_atomically(path):
    """Give the name of a file to write, which takes the place of another once it is whole.

    Parameters
    ----------
    path : Path
        Where the file belongs. If the block fails, what stands there stays as it was.

    Yields
    ------
    Path
        In the same folder, hidden, and of this process alone. Where nothing stands under it at the end of the block,
        nothing is replaced.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield beside
        if beside.exists():
            with suppress(OSError), beside.open("rb") as stream:
                os.fsync(stream.fileno())
            beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
