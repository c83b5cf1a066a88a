"""Forget posts that were taken back, in every file of a data set: tables, lists of ids, and what was refused."""

import gzip
import json
import re
import shutil
import zlib
from collections.abc import Iterable
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analysis import snowflake
from analysis.collect import containers, files, parquet, readers, sniff
from analysis.collect.keys import keyed_ids, load_key
from analysis.posts import check_posts, load_posts, save_posts
from analysis.schema import IDS, KEYED, KNOWN, InputError, write_atomically

_PLATFORMS = ("twitter", "reddit", "mastodon", "bluesky", "facebook", "instagram")  # tables of labels name none
_BLOCK = 2**22
# What files raise that are damaged or no text; pandas' own errors are ValueErrors.
_UNREADABLE = (ValueError, OSError, EOFError, zlib.error, pa.ArrowException)
# What ids are made of: those of most platforms, and pseudonyms.
_WORDS = re.compile(rb"\w+"), re.compile(rb"[\w-]+")


def forget_posts(ids: Iterable[str], paths: Iterable[str | Path], *, key_file: str | Path | None = None) -> list[dict]:
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
        For each file that held any of them: file, and removed, how many records were taken out of it; None for a file
        that names a post but is not rewritten here, such as an archive as it was collected.

    Raises
    ------
    InputError
        If no id is given, one was rounded, the ids in the files are pseudonyms and their key is not there, a file
        cannot be read, or a folder holds a link to another. All other files are done before.

    Notes
    -----
    A repost holds the reposted words, so it goes too; a reply or a quote holds its own author's words and stays, but
    no longer names the post. An id that begins like another is not mistaken for it.
    """
    wanted = sorted({str(post).strip() for post in ids} - {""})
    if not wanted:
        raise InputError("forget: no ids are given; name them, or a file that lists them")
    rounded = snowflake.parse_ids(pa.array(wanted, pa.string()))[1] == snowflake.ROUNDED
    if rounded.any():
        raise InputError(
            f"forget: {wanted[int(rounded.argmax())]} was rounded, and nobody can tell which post it was; "
            "give the id with all its digits"
        )
    paths = [*map(Path, paths)]
    every = list(dict.fromkeys(file for path in paths for file in files.files_of(path)))
    if not every:
        raise InputError(
            f"{', '.join(map(str, paths))}: there is no file of posts; give the data set's files or its folder"
        )
    gone = pa.array([*wanted, *_pseudonyms(wanted, every, key_file)], pa.string())
    follow = "this is a link to a folder, which is not followed; give that folder too"
    touched, unread = [], [f"{link}: {follow}" for link in files.links_in(paths)]
    for file in every:
        try:
            removed = _remove(file, gone)
        except InputError as error:
            unread.append(str(error))
            continue
        if removed != 0:
            touched.append({"file": str(file), "removed": removed})
    if unread:
        done = sum(entry["removed"] or 0 for entry in touched)
        raise InputError(f"{'; '.join(unread)}; in the other files all is done ({done:,} records removed)")
    return touched


def _pseudonyms(wanted, every, key_file):
    """Give the ids' pseudonyms, if some file holds such; without their key nobody can find them."""
    plain = [post for post in wanted if not post.startswith(KEYED)]
    keyed = [platforms for platforms in map(_keyed_on, every if plain else []) if platforms is not None]
    if not plain or (key_file is None and not keyed):
        return []
    key = load_key(key_file, make=False)
    ids = pa.array(plain, pa.string())
    pseudonyms = []
    for platform in sorted(set().union(_PLATFORMS, *keyed)):
        pseudonyms += keyed_ids(ids, pa.repeat(pa.scalar(platform), len(ids)), key).to_pylist()
    return pseudonyms


def listed_ids(name: str) -> list[str]:
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
    >>> listed_ids("919659437487030272")
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
    return [name for name in ids if name and name.lower() not in (*sniff.ID_HEADERS, "post_id")]


def _keyed_on(path: Path) -> set[str] | None:
    """Give the platforms of a table that has pseudonyms for ids, as far as they are named; None if it has none.

    What cannot be read is told where it would be rewritten.
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
        platforms = None
        for table in tables:
            if "post_id" in table and (keyed := table["post_id"].astype("str").str.startswith(KEYED, na=False)).any():
                platforms = platforms or set()
                platforms |= set(table["platform"][keyed].dropna()) if "platform" in table else set()
    except _UNREADABLE:
        return None
    return platforms


def _remove(path: Path, gone: pa.Array) -> int | None:
    """Take posts out of a file; how many, or None where it names one but is of a kind that is not rewritten here."""
    removers = {"parquet": _from_parquet, "csv": _from_csv, "refused": _from_refused, "ids": _from_ids}
    kind = _kind(path)
    try:
        return removers[kind](path, gone) if kind else (None if _names(path, gone) else 0)
    except InputError:
        raise
    except _UNREADABLE as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise InputError(f"{path}: cannot be read or written anew ({reason}); mend it or fetch it again") from None


def _kind(path):
    if path.name.endswith(".parquet"):
        return "parquet"
    if path.name.endswith(".refused.jsonl"):
        return "refused"
    if not path.name.endswith((".csv", ".txt", ".tsv", ".gz")):
        return None
    try:
        if readers.detect(path) == "ids":
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
    with write_atomically(path) as beside:
        beside.touch(0o600)
        yield beside
        if beside.exists():
            shutil.copymode(path, beside)


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
    posts = load_posts(path) if set(names) <= set(KNOWN) else None
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
    gone, removed, touched, left = {post.encode() for post in gone.to_pylist()}, 0, False, []
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
    others, kinds = {post.encode() for post in gone.to_pylist()}, []
    for kind in _WORDS:
        if posts := {post for post in others if kind.fullmatch(post)}:
            kinds.append((kind, posts))
            others = others - posts

    def named(data):
        as_word = any(not posts.isdisjoint(kind.findall(data)) for kind, posts in kinds)
        return as_word or any(post in data for post in others)

    return named


def _names(path, gone):
    """Tell whether a file of any kind, packed or not, names one of the posts."""
    named, longest, rest = _finder(gone), max(len(post.encode()) for post in gone.to_pylist()), b""
    with containers.opened(path) as stream:
        while block := stream.read(_BLOCK):
            data = rest + block
            if named(data):
                return True
            rest = data[-longest - 1 :]
    return False
