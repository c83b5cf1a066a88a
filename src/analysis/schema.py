"""The columns of the table of posts, and how each is brought into its dtype or refused.

A post is a row. Ids are text, so that nothing can round them; times are UTC. What a source does not tell is missing and
never invented; what it tells (the language ``und``, say) is kept.

Every table of posts has these twelve columns, in this order; only ``post_id`` has to be given:

=========== ===========================================================================================
post_id     the platform's own id; or a pseudonym made of it, which begins with ``keyed-``
created_at  when it was posted
platform    ``twitter``, ``reddit``, ``mastodon`` ...
author      who posted it: a pseudonym, or a name in the invented corpus
text        the words; empty text is text, not missing
lang        the language that the source gives, as ``en``
kind        ``original``, ``reply``, ``repost`` or ``quote``
parent_id   the post that this one answers, reposts or quotes
root_id     the post with which the conversation began; a conversation's first post may name itself
likes       how often it was liked, at the time of collection
reposts     how often it was reposted, likewise
replies     how often it was answered, likewise
=========== ===========================================================================================

These five follow in a table where at least one of their values is known, and are not there otherwise:

=========== ===========================================================================================
mentions    the people whom the text names with @: pseudonyms like those of ``author``, separated by blanks
campaign    the collection that the post belongs to, as ``metoo``
text_cut    true where the source cut the text off
date_only   true where the source gave a date without a time, so that the hour of ``created_at`` means nothing
id_made     true where the source gave no id and we made one
=========== ===========================================================================================

A missing flag says that nobody told, which is not the same as false.
"""

import os
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.snowflake import MISSING, ROUNDED, arrow_text, parse_ids

#: The columns that every table of posts has, and their dtypes.
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
#: The columns that are there only where something is known.
OPTIONAL = {
    "mentions": "str",
    "campaign": "str",
    "text_cut": "boolean",
    "date_only": "boolean",
    "id_made": "boolean",
}
KNOWN = COLUMNS | OPTIONAL
KINDS = ("original", "reply", "repost", "quote")
IDS = ("post_id", "parent_id", "root_id")
#: How an id begins that was made a pseudonym.
KEYED = "keyed-"
_TOO_LATE = pd.Timestamp("2101-01-01", tz="UTC")
_LONGEST_SPAN = pd.Timedelta(days=36_525)


class InputError(ValueError):
    """Something is wrong with what was read: one line that names the file, the line if there is one, and the remedy.

    `row` is the row of the table that is meant, counted from 0; readers turn it into a line of the file.
    """

    def __init__(self, message, row=None):
        super().__init__(message)
        self.row = row


def number_of(count, one, many):
    """Write a number with its noun in singular or plural."""
    return f"{count:,} {one if count == 1 else many}"


def check_names(names, place=None):
    """Raise an InputError, which begins with a place, unless these are columns of posts, each once, with post_id."""
    place = "" if place is None else f"{place}: "
    unknown = [str(name) or "(no name)" for name in names if name not in KNOWN]
    if unknown:
        raise InputError(f"{place}unknown columns {', '.join(unknown)}; known are {', '.join(KNOWN)}")
    if "post_id" not in names:
        raise InputError(f"{place}there is no column post_id; every table of posts has one")
    repeated = [name for name in names if names.count(name) > 1]
    if repeated:
        raise InputError(f"{place}the column {repeated[0]} comes twice; keep one")


def check_columns(posts):
    """Bring every column into its dtype, or say what is wrong with it; see :func:`analysis.posts.check_posts`.

    Returns
    -------
    DataFrame
        As there, but with a new index from 0, and ids that come twice are not looked for.

    Raises
    ------
    InputError
        Its ``row`` is the first row that holds what it cannot, if there is one.
    """
    if not isinstance(posts, pd.DataFrame):
        raise TypeError(f"posts are a DataFrame with any of {', '.join(COLUMNS)}, not {type(posts).__name__}")
    check_names(list(posts.columns))
    names = [*COLUMNS, *(name for name in OPTIONAL if name in posts and posts[name].notna().any())]
    return pd.DataFrame({name: _column(posts, name) for name in names}, index=pd.RangeIndex(len(posts)))


def _column(posts, name):
    if name not in posts or posts[name].isna().all():
        return pd.Series(pd.NA, index=pd.RangeIndex(len(posts)), dtype=KNOWN[name])
    values = posts[name].reset_index(drop=True)
    if name in IDS:
        twitter = posts["platform"].eq("twitter").to_numpy() if "platform" in posts else False
        return _id(values, name, twitter)
    make = {"created_at": _time, "text": _text, "kind": _kind}.get(name)
    if make is None:
        make = {"Int64": _count, "boolean": _flag, "str": _label}[KNOWN[name]]
    return make(values, name)


def _refuse(wrong, name, one, many, remedy):
    """Raise an InputError where any row is wrong; it counts them, and knows the first."""
    rows = np.flatnonzero(wrong)
    if len(rows):
        what = number_of(len(rows), f"value of {name} {one}", f"values of {name} {many}")
        raise InputError(f"{what}; {remedy}", row=int(rows[0]))


def _text(values, name):
    if values.dtype == "category":
        values = values.astype(values.cat.categories.dtype)
    kind = pd.api.types.infer_dtype(values, skipna=True)
    if kind not in ("string", "empty"):
        raise InputError(f"{name} holds {kind} values; it has to be text")
    return values.astype("str")


def _label(values, name):
    labels = _text(values, name)
    return labels.mask(labels == "")


def _kind(values, name):
    kinds = _label(values, name)
    _refuse(~(kinds.isna() | kinds.isin(KINDS)), name, "is none", "are none", f"known are {', '.join(KINDS)}")
    return kinds


def _flag(values, name):
    if pd.api.types.is_bool_dtype(values.dtype) or pd.api.types.infer_dtype(values, skipna=True) == "boolean":
        return values.astype("boolean")
    texts = _label(values, name).str.lower()
    _refuse(~texts.isin(["true", "false"]) & texts.notna(), name, "is no flag", "are no flags", "write true or false")
    return texts.eq("true").astype("boolean").mask(texts.isna())


def _count(values, name):
    if pd.api.types.is_numeric_dtype(values.dtype):
        wrong = values.notna() & ((values < 0) | (values >= 2**63) | (values % 1 != 0))
        _refuse(wrong, name, "is no count", "are no counts", "counts are whole, from 0 up and below 2**63")
        return values.astype("Int64")
    texts = _label(values, name)
    _refuse(~texts.str.fullmatch("[0-9]{1,18}", na=True), name, "is no count", "are no counts", "write digits alone")
    numbers = arrow_text(texts).fill_null("0").cast("int64").to_numpy()
    return pd.Series(pd.arrays.IntegerArray(numbers.copy(), texts.isna().to_numpy()))


def _time(values, name):
    if isinstance(values.dtype, pd.DatetimeTZDtype):
        return _countable(values.dt.tz_convert("UTC").dt.as_unit("us"), name)
    if pd.api.types.is_datetime64_dtype(values.dtype):
        raise InputError(f"{name} has no time zone; tell it with dt.tz_localize")
    texts = _label(values, name)
    zoned = texts.str.contains(r"(?:Z|[+-]\d\d:?\d\d)$", na=True)
    times = pd.to_datetime(texts, format="ISO8601", utc=True, errors="coerce")
    wrong = texts.notna() & (times.isna() | ~zoned)
    _refuse(wrong, name, "is no time in UTC", "are no times in UTC", "write times as 2017-10-15T20:21:11Z")
    return _countable(times.dt.as_unit("us"), name)


def _countable(times, name):
    """Refuse times that no post can have, and those too far apart to be counted by the hour."""
    late = "after the year 2100"
    _refuse(times >= _TOO_LATE, name, f"lies {late}", f"lie {late}", "no post can; mend or omit")
    if times.max() - times.min() > _LONGEST_SPAN:
        raise InputError(
            f"{name} goes from the year {times.min().year} to {times.max().year}; a table of posts spans 100 years at "
            "most, so mend or omit the times that are too early, of which this is the first",
            row=int(times.argmin()),
        )
    return times


def _id(values, name, twitter):
    """Ids as text; where the platform is not Twitter they may be anything, but not a number with decimals."""
    if pd.api.types.is_float_dtype(values.dtype):
        raise InputError(f"{name} holds floating-point numbers, which round ids; read them as text")
    ids = values.astype("str") if pd.api.types.is_integer_dtype(values.dtype) else _label(values, name)
    state = parse_ids(arrow_text(ids))[1]
    if (state <= MISSING).all():
        return ids
    rounded = (state == ROUNDED) & (twitter | ids.str.contains("[.+]", na=False).to_numpy())
    what = ("was rounded and cannot be mended", "were rounded and cannot be mended")
    _refuse(rounded, name, *what, "take ids as text from their source")
    malformed = (state >= ROUNDED) & twitter & ~ids.str.startswith(KEYED, na=False).to_numpy()
    _refuse(malformed, name, "is no Twitter id", "are no Twitter ids", "such an id is digits alone, below 2**63")
    return ids


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
