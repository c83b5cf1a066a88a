"""Take posts out of the files of a data set, each in its own way: tables, lists of ids, and what was refused."""

from __future__ import annotations

import gzip
import json
import os
import re
import zlib
from contextlib import contextmanager
from glob import escape
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analysis.ingest.finding import in_folder
from analysis.posts import COLUMNS, IDS, InputError, check_posts, load_posts, save_posts
from analysis.privacy import KEYED
from analysis.sources import containers, sniff

_BLOCK = 2**22
# What files raise that are damaged or no text; pandas' own errors are ValueErrors.
_UNREADABLE = (ValueError, OSError, EOFError, zlib.error, pa.ArrowException)
_WORD = re.compile(rb"[\w-]+")


def files_of(path: Path) -> list[Path]:
    """Give the files of a data set: all in a folder, or a file with those of its name that an ingest wrote beside it.

    Parameters
    ----------
    path : Path

    Returns
    -------
    list of Path
        In the order of their names; hidden ones are left alone.

    Raises
    ------
    InputError
        If there is no such file, or a folder is closed to the reader.
    """
    if not path.exists():
        raise InputError(f"{path}: there is no such file; check the path")
    stem = path.name.removesuffix(".gz").rpartition(".")[0] or path.name
    inside = in_folder(path) if path.is_dir() else [path, *sorted(path.parent.glob(f"{escape(stem)}.*"))]
    kept = [file for file in inside if file.is_file() and not file.name.startswith(".")]
    return list(dict.fromkeys(kept))


def holds_pseudonyms(path: Path) -> bool:
    """Tell whether a table has pseudonyms for ids; of what cannot be read it is told where it would be rewritten."""
    import pyarrow.parquet as pq

    kind = _kind(path)
    if kind == "parquet":
        try:
            file = pq.ParquetFile(path)
        except _UNREADABLE:
            return False
        if "post_id" not in file.schema_arrow.names:
            return False
        batches = file.iter_batches(2**17, columns=["post_id"])
        return any(pc.any(pc.starts_with(pc.cast(batch["post_id"], pa.string()), KEYED)).as_py() for batch in batches)
    if kind != "csv":
        return False
    try:
        some = pd.read_csv(path, dtype="str", usecols=lambda name: name == "post_id")
    except _UNREADABLE:
        return False
    return "post_id" in some and bool(some["post_id"].str.startswith(KEYED).any())


def remove(path: Path, gone: pa.Array) -> int | None:
    """Take posts out of a file, which is replaced as a whole or not at all.

    Parameters
    ----------
    path : Path
    gone : pyarrow.Array of str
        Ids, as they are in the file.

    Returns
    -------
    int or None
        How many records were removed; None where the file names a post but is of a kind that is not rewritten here.

    Raises
    ------
    InputError
        If it cannot be read, or not be written anew.
    """
    removers = {"parquet": _from_parquet, "csv": _from_csv, "refused": _from_refused, "ids": _from_ids}
    kind = _kind(path)
    try:
        return removers[kind](path, gone) if kind else (None if _names(path, gone) else 0)
    except InputError:
        raise
    except _UNREADABLE as error:
        told = getattr(error, "strerror", None) or type(error).__name__
        raise InputError(f"{path}: cannot be read or written anew ({told}); mend it or fetch it again") from None


def _kind(path):
    if path.name.endswith(".parquet"):
        return "parquet"
    if path.name.endswith(".refused.jsonl"):
        return "refused"
    if not path.name.endswith((".csv", ".txt", ".tsv", ".gz")):
        return None
    try:
        if sniff.detect(path) == "ids":
            return "ids"
    except InputError:
        pass  # empty, damaged, or another table; what it is matters where it holds one of the ids
    return "csv" if path.name.endswith((".csv", ".csv.gz")) and path.stat().st_size else None


@contextmanager
def _anew(path):
    """Give the name under which a file is written anew; it takes the file's place if it is there and whole."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield beside
        if beside.exists():
            beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _from_parquet(path, gone):
    import pyarrow.parquet as pq

    file = pq.ParquetFile(path)
    if "post_id" not in file.schema_arrow.names:
        return 0
    removed, touched = 0, False
    with _anew(path) as beside:
        with pq.ParquetWriter(beside, file.schema_arrow, compression="zstd") as writer:
            for batch in file.iter_batches(2**17):
                table = pa.Table.from_batches([batch])
                left = _without(table, gone)
                removed += len(table) - len(left)
                touched = touched or not left.equals(table)
                writer.write_table(left)
        if not touched:
            beside.unlink()
    return removed


def _without(table, gone):
    """Take out posts, and reposts of them; in what stays, no post names them as parent or root."""
    wrong = _among(table["post_id"], gone)
    if {"kind", "parent_id"} <= set(table.column_names):
        reposts = pc.and_(pc.fill_null(pc.equal(table["kind"], "repost"), False), _among(table["parent_id"], gone))
        wrong = pc.or_(wrong, reposts)
    table = table.filter(pc.invert(wrong))
    for name in ("parent_id", "root_id"):
        if name in table.column_names:
            column = pc.if_else(_among(table[name], gone), pa.scalar(None, table[name].type), table[name])
            table = table.set_column(table.column_names.index(name), name, column)
    return table


def _among(column, gone):
    """Tell which values of a column, texts or whole numbers, are among the ids."""
    return pc.is_in(pc.cast(column, pa.string()), gone)


def _from_csv(path, gone):
    try:
        names = pd.read_csv(path, nrows=0, encoding_errors="replace").columns
    except pd.errors.EmptyDataError:
        return 0
    if "post_id" not in names:
        return None if _names(path, gone) else 0
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
        packed = "gzip" if path.suffix == ".gz" else None
        with _anew(path) as beside:
            table[~wrong].to_csv(beside, index=False, lineterminator="\n", compression=packed)
    return int(wrong.sum())


def _from_ids(path, gone):
    """Take out the lines of a list that begin with an id; where only the second field names it, that is emptied."""
    gone, removed, touched, left = {one.encode() for one in gone.to_pylist()}, 0, False, []
    with sniff.opened(path) as stream:
        lines = stream.read().splitlines(keepends=True)
    for line in lines:
        first, *second = re.split(rb"([,;\t])", line, maxsplit=1)
        if first.strip(b'\xef\xbb\xbf \r\n"') in gone:
            removed += 1
            continue
        if second and (named := second[1].strip(b' \r\n"')) in gone:
            line, touched = b"".join([first, second[0], second[1].replace(named, b"")]), True
        left.append(line)
    if removed or touched:
        with _anew(path) as beside:
            data = b"".join(left)
            beside.write_bytes(gzip.compress(data, mtime=0) if path.suffix == ".gz" else data)
    return removed


def _from_refused(path, gone):
    """Take out what refused records hold, where one names the post; their place and reason stay in the account."""
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, gone.to_pylist()))})(?!\w)")
    removed, lines = 0, []
    for line in path.read_text("utf-8").removesuffix("\n").split("\n"):  # not splitlines: texts hold other line ends
        entry = json.loads(line)
        if "record" in entry and pattern.search(entry["record"]):
            removed += 1
            entry = {name: value for name, value in entry.items() if name != "record"}
        lines.append(json.dumps(entry, ensure_ascii=False))
    if removed:
        with _anew(path) as beside:
            beside.write_text("".join(f"{line}\n" for line in lines), "utf-8", errors="backslashreplace")
    return removed


def _names(path, gone):
    """Tell whether a file of any kind, packed or not, names one of the posts."""
    ids = [one.encode() for one in gone.to_pylist()]
    plain = {one for one in ids if _WORD.fullmatch(one)}
    others, longest = [one for one in ids if one not in plain], max(map(len, ids))
    rest = b""
    with containers.opened(path) as stream:
        while block := stream.read(_BLOCK):
            data = rest + block
            if not plain.isdisjoint(_WORD.findall(data)) or any(one in data for one in others):
                return True
            rest = data[-longest - 1 :]
    return False
