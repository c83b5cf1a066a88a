"""Where the project's own data lie, and what was planted in the sample corpus."""

from pathlib import Path

import pandas as pd

from analysis import snowflake
from analysis.posts.columns import COLUMNS, InputError

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
