"""Take posts out of the files of a data set, each in its own way: tables, lists of ids, and what was refused."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import zlib
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analysis.collect import containers, parquet, sniff
from analysis.posts import check_posts, load_posts, save_posts
from analysis.schema import COLUMNS, IDS, KEYED, InputError

_BLOCK = 2**22
# What files raise that are damaged or no text; pandas' own errors are ValueErrors.
_UNREADABLE = (ValueError, OSError, EOFError, zlib.error, pa.ArrowException)
# What ids are made of: those of most platforms, and pseudonyms.
_WORDS = re.compile(rb"\w+"), re.compile(rb"[\w-]+")


def keyed_on(path: Path) -> set[str] | None:
    """Give the platforms of a table that has pseudonyms for ids, as far as they are named; None if it has none.

    Of what cannot be read it is told where it would be rewritten.
    """
    import pyarrow.parquet as pq

    kind, wanted = _kind(path), ("post_id", "platform")
    try:
        if kind == "parquet":
            file = pq.ParquetFile(path)
            names = [name for name in wanted if name in file.schema_arrow.names]
            tables = (batch.to_pandas() for batch in file.iter_batches(2**17, columns=names)) if names else ()
        else:
            tables = [pd.read_csv(path, dtype="str", usecols=lambda name: name in wanted)] if kind == "csv" else []
        found = None
        for table in tables:
            if "post_id" in table and (keyed := table["post_id"].astype("str").str.startswith(KEYED, na=False)).any():
                found = (found or set()) | (set(table["platform"][keyed].dropna()) if "platform" in table else set())
    except _UNREADABLE:
        return None
    return found


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
    """Give the name under which a file is written anew; it takes the file's place, and its rights, once it is whole.

    Of a link what it leads to is replaced: the post would be there still.
    """
    path = path.resolve()
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        beside.touch(0o600)
        yield beside
        if beside.exists():
            shutil.copymode(path, beside)
            beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _from_parquet(path, gone):
    import pyarrow.parquet as pq

    file = pq.ParquetFile(path)
    if "post_id" not in file.schema_arrow.names:
        named = _finder(gone)
        return None if any(named(str(batch.to_pylist()).encode()) for batch in file.iter_batches(2**14)) else 0
    removed, touched, named = 0, False, [name for name in IDS if name in file.schema_arrow.names]
    parquet.check_kinds(pa.schema([file.schema_arrow.field(name) for name in named]), path)
    with _anew(path) as beside:
        with pq.ParquetWriter(beside, file.schema_arrow, compression="zstd") as writer:
            for batch in file.iter_batches(2**17):
                table = pa.Table.from_batches([batch])
                left = _without(table, gone)
                removed += len(table) - len(left)
                touched = touched or not left.select(named).equals(table.select(named))
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
    posts = load_posts(path) if set(names) <= set(COLUMNS) else None
    if posts is not None and not posts.attrs["account"]["duplicates"]:  # of rows that share an id it would lose some
        wrong = posts["post_id"].isin(gone) | (posts["kind"].eq("repost") & posts["parent_id"].isin(gone))
        left = posts[~wrong]
        left = left.assign(**{name: left[name].mask(left[name].isin(gone)) for name in IDS if name != "post_id"})
        if wrong.any() or not left.equals(posts):
            place, rights = path.resolve(), path.stat().st_mode
            save_posts(check_posts(left), place)
            place.chmod(rights)
        return int(wrong.sum())
    table = pd.read_csv(path, dtype="str", keep_default_na=False)
    named = {name: table[name].isin(gone) for name in IDS if name in names}
    wrong = named["post_id"]
    if {"kind", "parent_id"} <= set(names):
        wrong = wrong | (table["kind"].eq("repost") & named["parent_id"])
    if any(where.any() for where in named.values()):
        left = table.assign(**{name: table[name].mask(where, "") for name, where in named.items()})[~wrong]
        packed = {"method": "gzip", "mtime": 0} if path.suffix == ".gz" else None
        with _anew(path) as beside:
            left.to_csv(beside, index=False, lineterminator="\n", compression=packed)
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


def _finder(gone):
    """Give what tells whether some bytes name one of the posts."""
    others, kinds = {one.encode() for one in gone.to_pylist()}, []
    for kind in _WORDS:
        if some := {one for one in others if kind.fullmatch(one)}:
            kinds.append((kind, some))
            others = others - some

    def named(data):
        found = any(not some.isdisjoint(kind.findall(data)) for kind, some in kinds)
        return found or any(one in data for one in others)

    return named


def _names(path, gone):
    """Tell whether a file of any kind, packed or not, names one of the posts."""
    named, longest, rest = _finder(gone), max(len(one.encode()) for one in gone.to_pylist()), b""
    with containers.opened(path) as stream:
        while block := stream.read(_BLOCK):
            data = rest + block
            if named(data):
                return True
            rest = data[-longest - 1 :]
    return False
