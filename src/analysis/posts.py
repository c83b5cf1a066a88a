"""The table of posts that everything else reads: its columns, and how to load, check and save it.

A post is a row. Ids are text, so that nothing can round them; times are UTC; what a source does not tell is missing
and never invented.
"""

import os
from pathlib import Path

import numpy as np
import pandas as pd

from analysis import snowflake
from analysis.schema import COLUMNS, InputError, arrow_text, find_root, number_of, typed


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
    from analysis.collect import readers as sources

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
    from analysis.collect import own

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
    from analysis.collect import counts

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
    from analysis.collect import counts

    return counts.read(Path(path))


#: The columns that every truth.csv of an invented corpus has.
TRUTH = (
    *("post_id", "stance", "topic", "act", "place", "person", "life", "told", "often"),
    *("family", "seen", "account", "campaign", "deleted"),
)
#: A pattern for ids of Twitter that hold a time and a worker number.
TWITTER_ID = "[0-9]{11,18}|[0-8][0-9]{18}"
#: The columns of data/findings.csv.
FINDINGS = (
    *("id", "claim", "value", "unit", "low", "high", "population", "window_start", "window_end"),
    *("definition", "source", "reading"),
)


def load_truth(path=None):
    """Load what was planted in the sample corpus.

    Parameters
    ----------
    path : str or Path, optional
        By default ``data/truth.csv``.

    Returns
    -------
    DataFrame
        post_id (str) and a column for each planted truth, in the order of the file.

    Raises
    ------
    InputError
        If the file is missing, is no CSV or has no post_id.
    """
    path = find_root() / "data" / "truth.csv" if path is None else Path(path)
    if not path.is_file():
        raise InputError(f"{path}: there is no such file; give the path of a truth.csv")
    try:
        truth = pd.read_csv(path, dtype={"post_id": "str"}, keep_default_na=False, na_values=[""])
    except (ValueError, OSError):
        raise InputError(f"{path}: this can't be read as a CSV in UTF-8; give the path of a truth.csv") from None
    if "post_id" not in truth:
        raise InputError(f"{path}, line 1: there is no column post_id; give the path of a truth.csv")
    return truth


def load_findings(path=None):
    """Load the published claims that lessons compare with.

    Parameters
    ----------
    path : str or Path, optional
        By default ``data/findings.csv``.

    Returns
    -------
    DataFrame
        The columns of ``FINDINGS``, a claim a row, in the order of the file: value, low and high are float64, missing
        where a direction alone is published; window_start and window_end (datetime64[us, UTC]) are the first and the
        last day; ``reading`` is "first hand" or "second hand".

    Raises
    ------
    InputError
        If the file is missing, is no CSV, lacks a column, names an id twice or holds a number or a day that is none.

    Examples
    --------
    >>> load_findings().set_index("id").loc["icpsr-mean", ["value", "reading"]].astype("str").tolist()
    ['109237.0', 'second hand']
    """
    path = find_root() / "data" / "findings.csv" if path is None else Path(path)
    if not path.is_file():
        raise InputError(f"{path}: there is no such file; give the path of a findings.csv")
    try:
        table = pd.read_csv(path, dtype="str", keep_default_na=False, na_values=[""])
    except (ValueError, OSError):
        raise InputError(f"{path}: this can't be read as a CSV in UTF-8; give the path of a findings.csv") from None
    lost = [name for name in FINDINGS if name not in table]
    if lost:
        raise InputError(f"{path}, line 1: there is no column {', '.join(lost)}; give the path of a findings.csv")
    again = table["id"].duplicated() | table["id"].isna()
    if again.any():
        raise InputError(f"{path}, row {int(again.idxmax()) + 1}: its id is missing or named before; give each its own")
    for name in ("value", "low", "high", "window_start", "window_end"):
        day = name.startswith("window")
        read = pd.to_datetime(table[name], utc=True, format="ISO8601", errors="coerce") if day else None
        read = pd.to_numeric(table[name], errors="coerce") if read is None else read.astype("datetime64[us, UTC]")
        wrong = read.isna() & table[name].notna()
        if wrong.any():
            row, what = int(wrong.idxmax()), "day such as 2017-10-15" if day else "number"
            raise InputError(f"{path}, row {row + 1}: what stands in {name} is none; it has to be a {what}")
        table[name] = read
    return table[list(FINDINGS)]


def are_invented(posts):
    """Tell which posts bear the marks of the invented corpus.

    On Twitter the id has worker number 0 (:func:`analysis.snowflake.is_invented`); elsewhere it begins with
    ``invented-``. A few real ids have worker number 0 too, so the authors count as well: where any is known, all names
    have to begin with ``invented_``.

    Parameters
    ----------
    posts : DataFrame
        Posts with ``post_id`` and ``platform``, and ``author`` perhaps.

    Returns
    -------
    ndarray of bool, shape (len(posts),)
        A post without an id bears no mark, nor does one without an author where others have one.

    Examples
    --------
    >>> ids = ["919659437487030272", "919659437487030272", "invented-1"]
    >>> platforms = ["twitter", "twitter", "instagram"]
    >>> authors = ["invented_0000001", "somebody", "invented_0000002"]
    >>> are_invented(pd.DataFrame({"post_id": ids, "platform": platforms, "author": authors}))
    array([ True, False,  True])
    """
    ids = posts["post_id"].astype("str").fillna("")
    twitter = (posts["platform"] == "twitter").to_numpy(bool)
    snowflakes = twitter & ids.str.fullmatch(TWITTER_ID).to_numpy(bool)
    marked = ids.str.startswith("invented-").to_numpy(bool) & ~twitter
    marked[snowflakes] = snowflake.is_invented(ids[snowflakes])
    if "author" in posts and posts["author"].notna().any():
        return marked & posts["author"].astype("str").str.startswith("invented_", na=False).to_numpy(bool)
    return marked


def own_truth(posts, path):
    """Load what was planted in posts that are all invented, if it lies beside their file.

    Parameters
    ----------
    posts : DataFrame
        As ``load_posts(path)`` gives them.
    path : str or Path
        Their file.

    Returns
    -------
    DataFrame or None
        As :func:`load_truth` gives it. None if a post may be real (:func:`are_invented`), or the ``truth.csv`` in the
        folder lacks a column of the shipped one or a post: what somebody keeps under that name is left alone.
    """
    try:
        truth = load_truth(Path(path).with_name("truth.csv"))
    except InputError:
        return None
    ours = set(TRUTH) <= set(truth) and set(truth) & set(COLUMNS) == {"post_id"} and truth["post_id"].is_unique
    matched = posts["post_id"].is_unique and posts["post_id"].isin(truth["post_id"]).all()
    return truth if ours and matched and are_invented(posts).all() else None
