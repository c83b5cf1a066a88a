"""The table of posts that everything else reads: how to load, check and save it, and what lies beside it.

:mod:`analysis.schema` explains the columns.
"""

import gzip
import io
import zlib
from pathlib import Path

import numpy as np
import pandas as pd

from analysis import snowflake
from analysis.schema import COLUMNS, KNOWN, InputError, check_columns, find_root, number_of, write_atomically

#: What the column of times of a table of counts may be called, and that of the counts of all posts.
TIMES = ("start", "date", "day", "time", "hour", "datetime", "timestamp")
COUNTS = ("posts", "tweets", "count", "counts", "tweet_count", "n", "total")
#: The columns that every truth.csv of an invented corpus has.
TRUTH = (
    *("post_id", "stance", "topic", "act", "place", "person", "life", "told", "often"),
    *("family", "seen", "account", "copy_group", "deleted"),
)
#: The columns of data/findings.csv.
FINDINGS = (
    *("id", "claim", "value", "unit", "low", "high", "population", "window_start", "window_end"),
    *("definition", "source", "reading"),
)
#: A pattern for ids of Twitter that hold a time and a worker number.
TWITTER_ID = "[0-9]{11,18}|[0-8][0-9]{18}"
_FIRST_TWEET = pd.Timestamp("2006-03-21", tz="UTC")
_LONGEST_HEADER = 2**10
_ROWS_AT_ONCE = 100_000


def load_posts(path=None, *, second=None):
    """Load posts from a file, whatever its name: the format is known by the content.

    It reads our own CSV and Parquet (:func:`save_posts`) and plain lists of ids, headed ``id``, ``tweet_id`` or not at
    all, with one more column perhaps: ``parent_id`` or ``in_reply_to_*`` holds parents, ``root_id`` or
    ``conversation_id`` holds roots. CSV and lists may be gzipped. Of a folder, all readable files are read as one. Of
    any other file, ``python -m analysis ingest`` first makes a table of posts.

    Parameters
    ----------
    path : str or Path, optional
        By default the sample corpus that is shipped, ``data/posts.csv``.
    second : {"parent_id", "root_id"}, optional
        What the second column of an id list without a header holds.

    Returns
    -------
    DataFrame
        The columns of :mod:`analysis.schema`, by created_at and then by id as a number, so that the order of the file
        never matters. Of the rows that share an id the most complete one is kept. ``attrs["account"]`` tells what was
        done: read, kept, duplicates (numbers of rows), format, time ("as written" or "from the ids") and notes (a list
        of sentences).

    Raises
    ------
    InputError
        If the file cannot be read as it stands: missing, empty, damaged, with unknown columns, or with ids that were
        rounded or are none.

    Notes
    -----
    Where a time is missing it is read from the id. That presumes Twitter: it is done for lists of ids, and for rows
    whose platform is "twitter" or missing. In an id list a post whose root is another post is taken for a reply.

    In a CSV an empty field is missing; ``""`` is the empty text. In columns other than text, empty is missing too.
    """
    path = find_root() / "data" / "posts.csv" if path is None else Path(path)
    posts, kind, notes = _read_own_csv(path), "csv", []
    if posts is None:
        from analysis.collect import readers

        posts, kind, notes = readers.read(path, second=second)
    posts, decoded = _with_times(posts)
    kept = _in_order(_without_duplicates(posts))
    kept.attrs["account"] = {
        "read": len(posts),
        "kept": len(kept),
        "duplicates": len(posts) - len(kept),
        "format": kind,
        "time": "from the ids" if decoded and decoded == posts["created_at"].notna().sum() else "as written",
        "notes": [*notes, *_notes(posts, decoded)],
    }
    return kept


def _read_own_csv(path):
    """Read the CSV that :func:`save_posts` writes; None where the file is anything else, or has a fault."""
    from analysis.collect.csv_faults import unclosed_field

    if not path.is_file():
        return None
    try:
        with path.open("rb") as stream:
            packed = stream.read(2) == b"\x1f\x8b"
        with gzip.open(path) if packed else path.open("rb") as stream:
            header = stream.readline(_LONGEST_HEADER)
            names = header.decode("utf-8").rstrip("\r\n").split(",")
            if "post_id" not in names or not set(names) <= set(KNOWN):
                return None
            data = header + stream.read()
        if unclosed_field(data, len(header), ",") != (None, None):
            return None
        table = parse_csv(data, len(header), names)
        return check_columns(table) if len(table) else None
    except (OSError, EOFError, zlib.error, ValueError):  # whatever is wrong, collect reads it again and says what
        return None


def parse_csv(data, begin, names, delimiter=","):
    """Parse the rows of a CSV (bytes), which start at `begin`, as text; pyarrow.ArrowInvalid where they are damaged."""
    import pyarrow as pa
    from pyarrow import csv

    table = csv.read_csv(
        pa.BufferReader(pa.py_buffer(data).slice(begin)),
        parse_options=csv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
        read_options=csv.ReadOptions(column_names=names, block_size=2**22),
        convert_options=csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.large_string()),
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )
    return table.to_pandas()


def check_posts(posts):
    """Bring a table into the columns and dtypes of :mod:`analysis.schema`, or say what is wrong with it.

    Parameters
    ----------
    posts : DataFrame
        Any columns of posts, post_id among them. Ids may be whole numbers, times may be text in ISO 8601 with a zone.

    Returns
    -------
    DataFrame
        A new table with all of ``COLUMNS``, and those of ``OPTIONAL`` of which a value is known, in the given order of
        rows; what was not there is missing.

    Raises
    ------
    InputError
        If a column is unknown, comes twice or holds what it cannot, or an id comes twice.
    TypeError
        If this is no DataFrame.
    """
    table = check_columns(posts)
    repeated = np.flatnonzero((table["post_id"].duplicated() & table["post_id"].notna()).to_numpy())
    if len(repeated):
        rows = number_of(len(repeated), "row repeats", "rows repeat")
        raise InputError(f"{rows} the post_id of another; keep one row an id", row=int(repeated[0]))
    return table.set_axis(posts.index)


def save_posts(posts, path):
    """Save posts, whole or not at all: the same posts give the same bytes, whatever their order.

    Parameters
    ----------
    posts : DataFrame
        As for :func:`check_posts`. Columns of ``OPTIONAL`` of which no value is known are not written.
    path : str or Path
        Ends in .csv, .csv.gz or .parquet. A file that is there stays whole until the new one is.

    Raises
    ------
    InputError
        If the table does not pass :func:`check_posts`, or the path has another ending or no folder to be in.
    """
    path = Path(path)
    if not path.parent.is_dir():
        raise InputError(f"{path}: there is no folder {path.parent}; make it first")
    writers = {".csv": _write_csv, ".csv.gz": _write_csv_gz, ".parquet": _write_parquet}
    write = next((write for ending, write in writers.items() if path.name.endswith(ending)), None)
    if write is None:
        raise InputError(f"{path}: posts are saved as {', '.join(writers)}; choose one of these endings")
    table = _in_order(check_posts(posts))
    with write_atomically(path) as beside, beside.open("wb") as stream:
        write(table, stream)


def _write_csv(posts, stream):
    """Write UTF-8, a newline between rows, quotes only where they are needed."""
    import pyarrow as pa
    import pyarrow.compute as pc

    stream.write((",".join(posts) + "\n").encode())
    comma = pa.scalar(",", pa.large_string())
    for start in range(0, len(posts), _ROWS_AT_ONCE):
        fields = [_csv_fields(posts[name].iloc[start : start + _ROWS_AT_ONCE]) for name in posts]
        lines = pc.binary_join_element_wise(*fields, comma, null_handling="replace")
        stream.write("\n".join([*lines.to_pylist(), ""]).encode())


def _write_csv_gz(posts, stream):
    """Leave name and time out of the gzip header, so that the same posts give the same bytes."""
    with gzip.GzipFile(filename="", fileobj=stream, mode="wb", mtime=0) as packed, io.BufferedWriter(packed) as buffer:
        _write_csv(posts, buffer)


def _write_parquet(posts, stream):
    """Leave out pandas' own metadata, of which others than pandas make nothing."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.Table.from_pandas(posts, preserve_index=False).replace_schema_metadata(None)
    pq.write_table(table, stream, compression="zstd")


def _csv_fields(column):
    import pyarrow as pa
    import pyarrow.compute as pc

    if column.name == "created_at":  # 2017-10-15T20:21:11.5Z, with as many decimals as the time has
        texts = pc.strftime(pa.array(column.dt.tz_localize(None)), "%Y-%m-%dT%H:%M:%S")
        texts = pc.replace_substring_regex(texts, r"\.?0*$", "Z")
    else:
        texts = pa.array(column, from_pandas=True)
    texts = pc.cast(texts, pa.large_string())
    special = pc.or_(pc.match_substring_regex(texts, '[",\r\n]'), pc.equal(texts, ""))
    mark, nothing = (pa.scalar(text, pa.large_string()) for text in ('"', ""))
    quoted = pc.binary_join_element_wise(mark, pc.replace_substring(texts, '"', '""'), mark, nothing)
    return pc.if_else(special, quoted, texts)


def _with_times(posts):
    """Fill missing times from the ids where those may be Twitter's; and count the times so found."""
    open_rows = (posts["created_at"].isna() & (posts["platform"].isna() | posts["platform"].eq("twitter"))).to_numpy()
    if not open_rows.any():
        return posts, 0
    times = snowflake.post_time(snowflake.parse_ids(snowflake.arrow_text(posts["post_id"]))[0])
    filled = posts["created_at"].where(~open_rows, pd.Series(times))
    return posts.assign(created_at=filled), int(filled[open_rows].notna().sum())


def _without_duplicates(posts):
    """Keep the most complete row of each id; among equals the choice hangs on the values, never on the order."""
    shared = posts["post_id"].duplicated(keep=False) & posts["post_id"].notna()
    if not shared.any():
        return posts
    rows = posts[shared].assign(_gaps=posts[shared].isna().sum(axis=1)).sort_values(["_gaps", *posts])
    chosen = rows.drop_duplicates("post_id").index
    return posts.drop(index=rows.index.difference(chosen))


def _in_order(posts):
    """Sort by time, then by id as a number, then by whatever is left; missing times last."""
    numbers, state = snowflake.parse_ids(snowflake.arrow_text(posts["post_id"]))
    if (state == snowflake.FINE).all():
        times = posts["created_at"].dt.tz_localize(None).to_numpy()
        times = np.where(np.isnat(times), np.iinfo(np.int64).max, times.view(np.int64))
        return posts.take(np.lexsort((numbers, times))).reset_index(drop=True)
    first = ["created_at", "_width", "post_id"]
    keys = posts.assign(_width=posts["post_id"].str.len())
    order = keys.sort_values([*first, *(name for name in posts if name not in first)], kind="stable").index
    return posts.loc[order].reset_index(drop=True)


def _notes(posts, decoded):
    """Say in sentences what a reader of these posts ought to know; `decoded` times were read from ids."""
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


def load_sample(path=None):
    """Load invented posts with their truth beside them: those of a file, or the sample corpus that is shipped.

    Parameters
    ----------
    path : str or Path, optional
        Posts that are the sample if their own truth lies beside them (:func:`own_truth`); else the shipped ones are.

    Returns
    -------
    DataFrame
        As :func:`load_posts` gives them, with a further column for each planted truth.
    """
    if path is not None and Path(path).with_name("truth.csv").is_file():
        posts = load_posts(path)
        truth = own_truth(posts, path)
        if truth is not None:
            return posts.merge(truth, on="post_id", validate="one_to_one")
    return load_posts().merge(load_truth(), on="post_id", validate="one_to_one")


def offers(posts):
    """Tell what a table of posts holds, in the words in which lessons say what they need.

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


def holds_counts(path):
    """Tell whether a file is a table of counts, and not of posts; None is the shipped sample, which holds posts.

    Returns
    -------
    bool
        True for a CSV (gzipped or not) with a column of times (one of ``TIMES``), one of counts (one of ``COUNTS``),
        and nothing but whole numbers beside the time.
    """
    from analysis.collect import counts

    return path is not None and Path(path).is_file() and counts.are_counts(Path(path))


def load_counts(path):
    """Load a table of counts, a CSV in UTF-8 (gzipped or not), as it stands: a time and one count or more a row.

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

    return counts.read_counts(Path(path))


def load_truth(path=None):
    """Load what was planted in the sample corpus, ``data/truth.csv``, or in another: post_id (str) and its truths.

    Raises
    ------
    InputError
        If the file is missing, is no CSV or has no post_id.
    """
    return _read_table(path, "truth.csv", ["post_id"], {"post_id": "str"})


def load_findings(path=None):
    """Load the published claims that lessons compare with, ``data/findings.csv``, or others.

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
    """
    table = _read_table(path, "findings.csv", FINDINGS, "str")
    place = "data/findings.csv" if path is None else path
    again = table["id"].duplicated() | table["id"].isna()
    if again.any():
        row = int(again.idxmax()) + 1
        raise InputError(f"{place}, row {row}: its id is missing or named before; give each its own")
    for name in ("value", "low", "high", "window_start", "window_end"):
        if name.startswith("window"):
            times = pd.to_datetime(table[name], utc=True, format="ISO8601", errors="coerce")
            values, expected = times.astype("datetime64[us, UTC]"), "day such as 2017-10-15"
        else:
            values, expected = pd.to_numeric(table[name], errors="coerce"), "number"
        wrong = values.isna() & table[name].notna()
        if wrong.any():
            row = int(wrong.idxmax()) + 1
            raise InputError(f"{place}, row {row}: what stands in {name} is none; it has to be a {expected}")
        table[name] = values
    return table[list(FINDINGS)]


def _read_table(path, name, columns, dtype):
    """Read a CSV that lies in data/, or at a path, and has at least these columns."""
    path = find_root() / "data" / name if path is None else Path(path)
    if not path.is_file():
        raise InputError(f"{path}: there is no such file; give the path of a {name}")
    try:
        table = pd.read_csv(path, dtype=dtype, keep_default_na=False, na_values=[""])
    except (ValueError, OSError):
        raise InputError(f"{path}: this can't be read as a CSV in UTF-8; give the path of a {name}") from None
    missing = [column for column in columns if column not in table]
    if missing:
        raise InputError(f"{path}, line 1: there is no column {', '.join(missing)}; give the path of a {name}")
    return table


def are_invented(posts):
    """Tell which posts bear the marks of the invented corpus, in the id and, where any author is known, in the author.

    On Twitter the id has worker number 0 (:func:`analysis.snowflake.is_invented`), as a few real ones have too;
    elsewhere it begins with ``invented-``. Authors begin with ``invented_``.

    Parameters
    ----------
    posts : DataFrame
        Posts with ``post_id`` and ``platform``, and ``author`` perhaps.

    Returns
    -------
    ndarray of bool, shape (len(posts),)
        A post without an id bears no mark, nor does one without an author where others have one.
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
    """Load what was planted in posts that are all invented, if it lies beside the file from which they were loaded.

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
    ours = set(TRUTH) <= set(truth) and set(truth) & {*COLUMNS, *posts} == {"post_id"} and truth["post_id"].is_unique
    matched = posts["post_id"].is_unique and posts["post_id"].isin(truth["post_id"]).all()
    return truth if ours and matched and are_invented(posts).all() else None
