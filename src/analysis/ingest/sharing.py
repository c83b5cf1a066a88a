"""What a reader owes people later on: to forget posts that were taken back, and to share nothing but ids."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analysis.posts import COLUMNS, IDS, InputError, check_posts, load_posts, save_posts
from analysis.privacy import KEYED, keyed_ids, load_key

__all__ = ["export_ids", "forget"]


def forget(ids: Iterable[str], paths: Iterable[str | Path], *, key_file: str | Path | None = None) -> list[dict]:
    """Remove posts from every file of a data set: the posts, their labels, their reposts, and what was refused of them.

    Parameters
    ----------
    ids : iterable of str
        Ids of posts as the platform gives them, or as pseudonyms.
    paths : iterable of paths
        Files that :func:`analysis.ingest.ingest` or :func:`analysis.posts.save_posts` wrote, or folders of them.
    key_file : path, optional
        The key under which ids in the files are pseudonyms, if they are.

    Returns
    -------
    list of dict
        For each file that held any of them: file, and how many records were removed from it.

    Raises
    ------
    InputError
        If no id is given, or a file cannot be read. Each file is replaced as a whole or not at all.

    Notes
    -----
    A repost holds the reposted words, so it goes too; a reply or a quote holds its own author's words and stays, but
    no longer names the post. An id that begins like another is not mistaken for it.
    """
    wanted = sorted({str(one).strip() for one in ids} - {""})
    if not wanted:
        raise InputError("forget: no ids are given; name them, or a file that lists them")
    files = [file for path in map(Path, paths) for file in _files_of(path)]
    if not files:
        raise InputError(
            f"{', '.join(map(str, paths))}: there is no file of posts; give the data set's files or its folder"
        )
    gone = pa.array([*wanted, *_pseudonyms(wanted, files, key_file)], pa.string())
    found = []
    for file in files:
        removed = _REMOVERS[file.suffix if file.suffix != ".gz" else ".csv"](file, gone)
        if removed:
            found.append({"file": str(file), "removed": removed})
    return found


def _files_of(path):
    if not path.exists():
        raise InputError(f"{path}: there is no such file; check the path")
    inside = sorted(path.rglob("*")) if path.is_dir() else [path, *sorted(path.parent.glob(f"{path.stem}.*"))]
    kept = [file for file in inside if file.is_file() and not file.name.startswith(".")]
    known = [file for file in kept if file.name.endswith((".parquet", ".csv", ".csv.gz", ".refused.jsonl"))]
    return list(dict.fromkeys(known))


def _pseudonyms(wanted, files, key_file):
    """Give the ids' pseudonyms, if some file holds such and the key is there."""
    if key_file is None and not any(map(_holds_pseudonyms, files)):
        return []
    key = load_key(key_file)
    ids = pa.array(wanted, pa.string())
    platforms = ("twitter", "reddit", "mastodon", "bluesky", "facebook", "instagram")
    return [one for name in platforms for one in keyed_ids(ids, pa.repeat(pa.scalar(name), len(ids)), key).to_pylist()]


def _holds_pseudonyms(path):
    import pyarrow.parquet as pq

    if path.suffix == ".jsonl":
        return False
    if path.suffix == ".parquet":
        try:
            file = pq.ParquetFile(path)
        except (pa.ArrowException, OSError):
            return False  # told where it is rewritten
        if "post_id" not in file.schema_arrow.names:
            return False
        batches = file.iter_batches(2**17, columns=["post_id"])
        return any(pc.any(pc.starts_with(batch["post_id"], KEYED)).as_py() for batch in batches)
    some = pd.read_csv(path, dtype="str", usecols=lambda name: name == "post_id")
    return "post_id" in some and bool(some["post_id"].str.startswith(KEYED).any())


def _from_parquet(path, gone):
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path)
        if "post_id" not in file.schema_arrow.names:
            return 0
        removed, beside, touched = 0, path.with_name(f".{path.name}.{os.getpid()}.part"), False
        try:
            with pq.ParquetWriter(beside, file.schema_arrow, compression="zstd") as writer:
                for batch in file.iter_batches(2**17):
                    table = pa.Table.from_batches([batch])
                    left = _without(table, gone)
                    removed += len(table) - len(left)
                    touched = touched or not left.equals(table)
                    writer.write_table(left)
            if touched:
                beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
    except (pa.ArrowException, OSError) as error:
        raise InputError(
            f"{path}: cannot be read as Parquet ({type(error).__name__}); fetch or copy it again"
        ) from None
    return removed


def _without(table, gone):
    """Take out posts, and reposts of them; in what stays, no post names them as parent or root."""
    wrong = pc.is_in(table["post_id"], gone)
    if {"kind", "parent_id"} <= set(table.column_names):
        reposts = pc.and_(pc.fill_null(pc.equal(table["kind"], "repost"), False), pc.is_in(table["parent_id"], gone))
        wrong = pc.or_(wrong, reposts)
    table = table.filter(pc.invert(wrong))
    for name in ("parent_id", "root_id"):
        if name in table.column_names:
            column = pc.if_else(pc.is_in(table[name], gone), pa.scalar(None, table[name].type), table[name])
            table = table.set_column(table.column_names.index(name), name, column)
    return table


def _from_csv(path, gone):
    names = pd.read_csv(path, nrows=0).columns
    if "post_id" not in names:
        return 0
    gone = set(gone.to_pylist())
    if set(names) <= set(COLUMNS):
        posts = load_posts(path)
        wrong = posts["post_id"].isin(gone) | (posts["kind"].eq("repost") & posts["parent_id"].isin(gone))
        left = posts[~wrong]
        left = left.assign(**{name: left[name].mask(left[name].isin(gone)) for name in IDS if name != "post_id"})
        if wrong.any() or not left.equals(posts):
            save_posts(check_posts(left), path)
        return int(wrong.sum())
    table = pd.read_csv(path, dtype="str", keep_default_na=False)
    wrong = table["post_id"].isin(gone)
    if wrong.any():
        beside = path.with_name(f".{path.name}.{os.getpid()}.part")
        table[~wrong].to_csv(
            beside, index=False, lineterminator="\n", compression="gzip" if path.suffix == ".gz" else None
        )
        beside.replace(path)
    return int(wrong.sum())


def _from_refused(path, gone):
    """Take out what refused records hold, where one names the post; their place and reason stay in the account."""
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, gone.to_pylist()))})(?!\w)")
    removed, lines = 0, []
    for line in path.read_text("utf-8").splitlines():
        entry = json.loads(line)
        if "record" in entry and pattern.search(entry["record"]):
            removed += 1
            entry = {name: value for name, value in entry.items() if name != "record"}
        lines.append(json.dumps(entry, ensure_ascii=False))
    if removed:
        beside = path.with_name(f".{path.name}.{os.getpid()}.part")
        beside.write_text("".join(f"{line}\n" for line in lines), "utf-8")
        beside.replace(path)
    return removed


_REMOVERS = {".parquet": _from_parquet, ".csv": _from_csv, ".jsonl": _from_refused}


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
        If there is no id, or all are pseudonyms, which lead nobody anywhere.
    """
    path, out = Path(path), Path(out)
    if not out.parent.is_dir():
        raise InputError(f"{out}: there is no folder {out.parent}; make it first")
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
