"""The table of posts that everything else reads: its columns, and how to load, check and save it.

A post is a row. Ids are text, so that nothing can round them; times are UTC; what a source does not tell is missing
and never invented.
"""

import os
from pathlib import Path

import numpy as np

from analysis.posts.arrange import in_order, notes_on, with_times, without_duplicates
from analysis.posts.columns import COLUMNS, IDS, KINDS, InputError, number_of, typed
from analysis.posts.counted import holds_counts, load_counts
from analysis.posts.shipped import are_invented, find_root, load_findings, load_truth, own_truth

__all__ = [
    "COLUMNS",
    "IDS",
    "KINDS",
    "InputError",
    "are_invented",
    "check_posts",
    "find_root",
    "holds_counts",
    "load_counts",
    "load_findings",
    "load_posts",
    "load_sample",
    "load_truth",
    "offers",
    "own_truth",
    "save_posts",
]


def load_posts(path=None, *, second=None):
    """Load posts from a file, whatever its name: the format is known by the content.

    Read are this project's own CSV and Parquet (:func:`save_posts`; any of ``COLUMNS``, post_id among them) and plain
    lists of ids, headed ``id``, ``tweet_id`` or not at all, with one more column perhaps: ``parent_id`` or
    ``in_reply_to_*`` holds parents, ``root_id`` or ``conversation_id`` holds roots. CSV and lists may be gzipped. Of
    a folder, all readable files are read as one.

    Parameters
    ----------
    path : str or Path, optional
        By default the sample corpus that is shipped, ``data/posts.csv``.
    second : {"parent_id", "root_id"}, optional
        What the second column of an id list without a header holds.

    Returns
    -------
    DataFrame
        All of ``COLUMNS``, by created_at and then by id as a number, so that the order of the file never matters. Of
        the rows that share an id the most complete one is kept. ``attrs["account"]`` tells what was done: read, kept,
        duplicates (numbers of rows), format, time ("as written" or "from the ids") and notes (a list of sentences).

    Raises
    ------
    InputError
        If the file cannot be read as it stands: missing, empty, damaged, with unknown columns, or with ids that were
        rounded or are none.

    Notes
    -----
    Where a time is missing it is read from the id. That presumes Twitter: it is done for lists of ids, which are taken
    to be Twitter's, and for rows whose platform is "twitter" or missing.

    In an id list a post whose root is another post is a reply, since on Twitter a post in another's conversation is
    one; a root is not a parent, and nothing else is presumed about a post's kind.

    In a CSV an empty field is missing; ``""`` is the empty text. In columns other than text, empty is missing too.
    """
    from analysis import sources

    path = find_root() / "data" / "posts.csv" if path is None else Path(path)
    reading = sources.read(path, second=second)
    try:
        posts = typed(reading.table)
    except InputError as error:
        raise InputError(f"{reading.place(error.row)}: {error}") from None
    posts, decoded = with_times(posts)
    kept = in_order(without_duplicates(posts))
    kept.attrs["account"] = {
        "read": reading.read,
        "kept": len(kept),
        "duplicates": len(posts) - len(kept),
        "format": reading.format,
        "time": "from the ids" if decoded and decoded == posts["created_at"].notna().sum() else "as written",
        "notes": [*reading.notes, *notes_on(posts, decoded)],
    }
    return kept


def check_posts(posts):
    """Bring a table into the dtypes and the column order of ``COLUMNS``, or say what is wrong with it.

    Parameters
    ----------
    posts : DataFrame
        Any of ``COLUMNS``, post_id among them. Ids may be whole numbers, times may be text in ISO 8601 with a zone.

    Returns
    -------
    DataFrame
        A new table with all of ``COLUMNS``, in the given order of rows; what was not there is missing.

    Raises
    ------
    InputError
        If a column is unknown, comes twice or holds what it cannot, or an id comes twice.
    TypeError
        If this is no DataFrame.

    Examples
    --------
    >>> import pandas as pd
    >>> check_posts(pd.DataFrame({"likes": [3], "post_id": [919659437487030272]})).dropna(axis="columns")
                  post_id  likes
    0  919659437487030272      3
    """
    table = typed(posts)
    again = np.flatnonzero((table["post_id"].duplicated() & table["post_id"].notna()).to_numpy())
    if len(again):
        rows = number_of(len(again), "row repeats", "rows repeat")
        raise InputError(f"{rows} the post_id of another; keep one row an id", row=int(again[0]))
    return table.set_axis(posts.index)


def save_posts(posts, path):
    """Save posts, whole or not at all: the same posts give the same bytes, whatever their order.

    Parameters
    ----------
    posts : DataFrame
        As for :func:`check_posts`.
    path : str or Path
        Ends in .csv, .csv.gz or .parquet. It is written beside and then renamed, so that a file that was there stays
        whole until the new one is.

    Raises
    ------
    InputError
        If the table does not pass :func:`check_posts`, or the path has another ending or no folder to be in.
    """
    from analysis.sources import own

    path = Path(path)
    if not path.parent.is_dir():
        raise InputError(f"{path}: there is no folder {path.parent}; make it first")
    writers = {".csv": own.write_csv, ".csv.gz": own.write_csv_gz, ".parquet": own.write_parquet}
    write = next((write for ending, write in writers.items() if path.name.endswith(ending)), None)
    if write is None:
        raise InputError(f"{path}: posts are saved as {', '.join(writers)}; choose one of these endings")
    table = in_order(check_posts(posts))
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with beside.open("wb") as stream:
            write(table, stream)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def load_sample(path=None):
    """Load invented posts with their truth beside them: those of a file, or the sample corpus that is shipped.

    A lesson proves its methods on these. So a reader who invents a corpus of their own, on another subject perhaps,
    sees it in the proofs too.

    Parameters
    ----------
    path : str or Path, optional
        A file of posts. It is the sample if its own truth lies beside it (:func:`own_truth`). Else the shipped sample
        is loaded, as it is without a path.

    Returns
    -------
    DataFrame
        A row a post, as :func:`load_posts` gives them, with a further column for each planted truth.

    Raises
    ------
    InputError
        If there is a ``truth.csv`` beside the file that could be its own, and the file cannot be read.
    """
    if path is not None and Path(path).with_name("truth.csv").is_file():
        posts = load_posts(path)
        truth = own_truth(posts, path)
        if truth is not None:
            return posts.merge(truth, on="post_id", validate="one_to_one")
    return load_posts().merge(load_truth(), on="post_id", validate="one_to_one")


def offers(posts):
    """Tell what a table of posts holds, in the words in which lessons say what they need.

    Parameters
    ----------
    posts : DataFrame

    Returns
    -------
    set of str
        Of "time", "text", "lang", "author", "kind", "replies" (parents), "roots" and "engagement" (likes, reposts or
        replies): those of which at least one value is there. "kind" asks for more than replies alone, which is all
        that a list of ids with roots can tell.

    Examples
    --------
    >>> import pandas as pd
    >>> offers(pd.DataFrame({"post_id": ["1", "2"], "text": ["a", None], "parent_id": [None, None]}))
    {'text'}
    """
    there = {name for name in posts.columns if posts[name].notna().any()}
    if "kind" in there and set(posts["kind"].dropna()) == {"reply"}:
        there.remove("kind")
    names = {"created_at": "time", "parent_id": "replies", "root_id": "roots"}
    names |= {name: name for name in ("text", "lang", "author", "kind")}
    names |= dict.fromkeys(("likes", "reposts", "replies"), "engagement")
    return {names[name] for name in there & names.keys()}
