"""What a reader owes people later on: to forget posts that were taken back, and to share nothing but ids."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa

from analysis import snowflake
from analysis.collect import finding, removing, sniff
from analysis.collect.keys import keyed_ids, load_key
from analysis.posts import load_posts
from analysis.schema import KEYED, InputError

__all__ = ["export_ids", "forget", "listed"]

_PLATFORMS = ("twitter", "reddit", "mastodon", "bluesky", "facebook", "instagram")  # tables of labels name none


def forget(ids: Iterable[str], paths: Iterable[str | Path], *, key_file: str | Path | None = None) -> list[dict]:
    """Remove posts from every file of a data set: the posts, their labels, their reposts, and what was refused of them.

    Parameters
    ----------
    ids : iterable of str
        Ids of posts as the platform gives them, or as pseudonyms.
    paths : iterable of paths
        Files that ``ingest`` or ``save_posts`` wrote, or folders of them.
    key_file : path, optional
        The key under which ids in the files are pseudonyms, if they are.

    Returns
    -------
    list of dict
        For each file that held any of them: file, and removed, how many records were taken out of it. None stands for a
        file that names a post but is of a kind that is not rewritten here, an archive as it was collected for one.

    Raises
    ------
    InputError
        If no id is given, one was rounded (then nobody can tell which post it was), the ids in the files are pseudonyms
        and their key is not there, a file cannot be read, or a folder holds a link to another. Each file is replaced as
        a whole or not at all; all files that can be read are done before one that cannot be is told.

    Notes
    -----
    A repost holds the reposted words, so it goes too; a reply or a quote holds its own author's words and stays, but
    no longer names the post. An id that begins like another is not mistaken for it.
    """
    wanted = sorted({str(one).strip() for one in ids} - {""})
    if not wanted:
        raise InputError("forget: no ids are given; name them, or a file that lists them")
    rounded = snowflake.parse_ids(pa.array(wanted, pa.string()))[1] == snowflake.ROUNDED
    if rounded.any():
        raise InputError(
            f"forget: {wanted[int(rounded.argmax())]} was rounded, and nobody can tell which post it was; "
            "give the id with all its digits"
        )
    paths = [*map(Path, paths)]
    files = list(dict.fromkeys(file for path in paths for file in finding.files_of(path)))
    if not files:
        raise InputError(
            f"{', '.join(map(str, paths))}: there is no file of posts; give the data set's files or its folder"
        )
    gone = pa.array([*wanted, *_pseudonyms(wanted, files, key_file)], pa.string())
    follow = "this is a link to a folder, which is not followed; give that folder too"
    found, unread = [], [f"{link}: {follow}" for link in finding.links_in(paths)]
    for file in files:
        try:
            removed = removing.remove(file, gone)
        except InputError as error:
            unread.append(str(error))
            continue
        if removed != 0:
            found.append({"file": str(file), "removed": removed})
    if unread:
        done = sum(one["removed"] or 0 for one in found)
        raise InputError(f"{'; '.join(unread)}; in the other files all is done ({done:,} records removed)")
    return found


def _pseudonyms(wanted, files, key_file):
    """Give the ids' pseudonyms, if some file holds such; without their key nobody can find them."""
    plain = [one for one in wanted if not one.startswith(KEYED)]
    keyed = [found for found in map(removing.keyed_on, files if plain else []) if found is not None]
    if not plain or (key_file is None and not keyed):
        return []
    key = load_key(key_file, make=False)
    ids = pa.array(plain, pa.string())
    platforms = sorted(set().union(_PLATFORMS, *keyed))
    return [one for name in platforms for one in keyed_ids(ids, pa.repeat(pa.scalar(name), len(ids)), key).to_pylist()]


def listed(name: str) -> list[str]:
    """Give the ids of a file, or the id itself where it is no file.

    Parameters
    ----------
    name : str
        An id; or the path of a file with an id a line, plain or gzipped, which other fields may follow.

    Returns
    -------
    list of str

    Raises
    ------
    InputError
        If the file cannot be read, or the name is plainly one of a file that is not there.

    Examples
    --------
    >>> listed("919659437487030272")
    ['919659437487030272']
    """
    path = Path(name)
    if not path.is_file():
        if path.suffix in (".txt", ".csv", ".tsv", ".gz", ".parquet", ".jsonl", ".json") and "://" not in name:
            raise InputError(f"{path}: there is no such file; check the path")
        return [name]
    with sniff.opened(path) as stream:
        data = stream.read()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(f"{path}: this is no text in UTF-8; give a list with an id a line") from None
    ids = [re.split(r"[,;\t]", line)[0].strip(' "') for line in text.splitlines()]
    return [one for one in ids if one and one.lower() not in (*sniff.ID_HEADERS, "post_id")]


def export_ids(path: str | Path, out: str | Path) -> tuple[int, int]:
    """Write the ids of a data set, and nothing else of it: what may be shared so that others can look the posts up.

    Parameters
    ----------
    path : path
        Posts, in a file that :func:`analysis.posts.load_posts` reads.
    out : path
        A list of ids with the header ``id``, in the order of the ids; with platforms beside them where there are
        several (then headed ``post_id,platform``). It is gzipped if the name ends in .gz.

    Returns
    -------
    written, left : int
        How many ids were written, and how many were left out because they are pseudonyms, as those of Mastodon and
        Bluesky are by default.

    Raises
    ------
    InputError
        If there is no id, or all are pseudonyms, which lead nobody anywhere; or if `out` is the data set itself, or has
        another ending.
    """
    path, out = Path(path), Path(out)
    if not out.parent.is_dir():
        raise InputError(f"{out}: there is no folder {out.parent}; make it first")
    if out.is_dir() or not out.name.endswith((".csv", ".txt", ".csv.gz", ".txt.gz")):
        raise InputError(f"{out}: ids are written as .csv or .txt, or with .gz behind; choose a name that ends so")
    if out.resolve() == path.resolve():
        raise InputError(f"{out}: this is the data set itself, of which only ids would be left; choose another name")
    posts = load_posts(path)[["post_id", "platform"]].dropna(subset="post_id")
    if posts.empty:
        raise InputError(f"{path}: no post in it has an id; there is nothing to share")
    keyed = posts["post_id"].str.startswith(KEYED)
    if keyed.all():
        raise InputError(
            f"{path}: its ids are pseudonyms, which lead nobody to a post; ingest again without --key-ids, or those of "
            "Mastodon and Bluesky, which name their writers, with --keep-ids-that-name-writers"
        )
    posts = posts[~keyed]
    formulas = posts["post_id"].str.match(r"[=+\-@]")  # no platform's, and a spreadsheet would run them
    posts = posts.assign(post_id=posts["post_id"].mask(formulas, "'" + posts["post_id"]))
    posts = posts.assign(width=posts["post_id"].str.len()).sort_values(["platform", "width", "post_id"])
    several = len(posts["platform"].unique()) > 1
    table = posts[["post_id", "platform"]] if several else posts[["post_id"]].set_axis(["id"], axis=1)
    beside = out.with_name(f".{out.name}.{os.getpid()}.part")
    packed = {"method": "gzip", "mtime": 0} if out.suffix == ".gz" else None
    try:
        table.to_csv(beside, index=False, lineterminator="\n", compression=packed)
        beside.replace(out)
    finally:
        beside.unlink(missing_ok=True)
    return len(table), int(keyed.sum())
