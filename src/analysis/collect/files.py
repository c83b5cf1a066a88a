"""Find the files that are meant, passing none over in silence; find out what each is, and what reads its parts."""

import csv
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from glob import escape
from itertools import chain, islice
from pathlib import Path

from analysis.collect import containers, formats, ids, parts, sniff, split
from analysis.schema import InputError

_LEFT_ALONE = (".report.json", ".refused.jsonl", ".labels.parquet")
_PEEK = 20
_MARK = b"\xef\xbb\xbf"
_ADVICE = "say --source NAME if you know better"


class UnknownError(InputError):
    """A file is in no known format; in a folder of many it is passed over."""


@dataclass
class Opened:
    """A file whose format is known.

    `platform` is that of posts that do not tell it; `parts` are callables that each read a ``parts.Part``; `stream` has
    a ``position``, the bytes of the file that were read so far.
    """

    format: str
    platform: str
    parts: Iterator[Callable]
    stream: object


def find_inputs(paths) -> list[Path]:
    """Give once each file that is named or in a folder that is, but hidden ones and what an ingest writes beside."""
    by_place = {}
    for path in map(Path, paths):
        if path.is_dir():
            for file in in_folder(path):
                hidden = any(name.startswith((".", "__MACOSX")) for name in file.relative_to(path).parts)
                if file.is_file() and not hidden and not file.name.endswith(_LEFT_ALONE):
                    by_place[file.resolve()] = file
        elif path.exists():
            by_place.setdefault(path.resolve(), path)
        else:
            raise InputError(f"{path}: there is no such file; check the path")
    if not by_place:
        raise InputError(f"{', '.join(map(str, paths))}: there is no file in it; give one that holds posts or ids")
    return list(by_place.values())


def files_of(path: Path) -> list[Path]:
    """Give the files of a data set, hidden ones not: all in a folder, or those that differ in the ending."""
    if not path.exists():
        raise InputError(f"{path}: there is no such file; check the path")
    stem = path.name.removesuffix(".gz").rpartition(".")[0] or path.name
    inside = in_folder(path) if path.is_dir() else [path, *sorted(path.parent.glob(f"{escape(stem)}.*"))]
    kept = [file for file in inside if file.is_file() and not file.name.startswith(".")]
    return list(dict.fromkeys(kept))


def in_folder(folder: Path) -> list[Path]:
    """Give the files of a folder and its subfolders, in the order of the names; links to folders are not followed."""

    def closed(error):
        if any(name.startswith(".") for name in Path(error.filename).relative_to(folder).parts):
            return  # hidden, and a system's own as a rule: the bin of a disk that was carried here, say
        raise InputError(f"{error.filename}: this folder cannot be read ({error.strerror}); check its rights") from None

    return sorted(Path(top, name) for top, _, names in os.walk(folder, onerror=closed) for name in names)


def links_in(paths) -> list[Path]:
    """Give the links, not hidden, that lead out of all these folders: they are told, and not followed."""
    paths = [*map(Path, paths)]
    given, links = [path.resolve() for path in paths], []
    for folder in paths:
        for top, inside, _ in os.walk(folder):
            inside[:] = [name for name in inside if not name.startswith(".")]
            links += [Path(top, name) for name in inside if Path(top, name).is_symlink()]
    return sorted(link for link in links if not any(link.resolve().is_relative_to(place) for place in given))


@contextmanager
def opened(path: Path, source: str | None = None, second: str | None = None):
    """Open a file and find out its format from its content.

    Parameters
    ----------
    path : Path
    source : str, optional
        The name of its format, if the reader knows better.
    second : {"parent_id", "root_id"}, optional
        What the second column of a list of ids without a header holds.

    Yields
    ------
    Opened

    Raises
    ------
    InputError
        If it cannot be opened, or is in no known format.
    """
    with containers.opened(path) as stream:
        start = stream.read(ids.BLOCK)
        if not start.strip():
            raise UnknownError(f"{path}: the file is empty; give one that holds posts or ids")
        if start.startswith(b"PAR1"):
            if not isinstance(stream, containers.Counted):
                raise UnknownError(f"{path}: this is Parquet in a packed file; unpack it first")
            if source not in (None, "posts"):
                raise InputError(f"{path}: this is Parquet, which {source} is not; leave out --source")
            yield Opened("parquet", "twitter", parts.from_parquet(path), stream)
            return
        for magic, what in sniff.OTHER_KINDS.items():
            if start.startswith(magic) and magic not in (b"{", b"["):
                raise UnknownError(f"{path}: this is {what}")
        start = start.removeprefix(_MARK)
        open_as = _open_json if start.lstrip()[:1] in (b"{", b"[", b"\x1e") else _open_table
        name, platform, read = open_as(path, start, _Rejoined(start, stream), source, second)
        yield Opened(name, platform, read, stream)


class _Rejoined:
    """A stream of which the beginning was read already."""

    def __init__(self, start, stream):
        self._start, self._stream = start, stream

    def read(self, size):
        if self._start:
            data, self._start = self._start[:size], self._start[size:]
            return data
        return self._stream.read(size)


def _open_json(path, start, stream, named, second):
    line = start.lstrip(b" \t\r\n").split(b"\n", 1)[0].strip()
    whole = line.startswith(b"[") or line == b"{"
    pieces = split.json_objects(stream) if whole else split.blocks(stream, parts.BLOCK)
    source, pieces = (_named(named, "json", path), pieces) if named else _recognise(pieces, path, whole)
    read = parts.from_json_objects if whole else parts.from_json_lines
    return source.name, source.platform, read(pieces, source)


def _recognise(pieces, path, whole):
    """Ask which format the first records are in; the format, and all pieces again."""
    seen, records, keys = [], 0, []
    for piece in pieces:
        seen.append(piece)
        candidates = [piece.data] if whole else piece.data.split(b"\n", _PEEK)[:_PEEK]
        for data in candidates if not piece.fault else []:
            record, fault, _ = parts.load_json(data)
            source = None if fault else formats.recognised(record, "json")
            if source:
                return source, chain(seen, pieces)
            if not fault:
                keys = keys or (sorted(map(str, record)) if isinstance(record, dict) else [type(record).__name__])
            records += 1
        if records >= _PEEK or len(seen) >= _PEEK:
            break
    shown = [key for key in keys if re.fullmatch(r"[\w.@ :-]{1,40}", key)][:12]
    what = f"its records have {', '.join(shown)}" if shown else "no record of it could be read"
    raise UnknownError(f"{path}: JSON in no known format ({what}); {_ADVICE}; known are {', '.join(formats.names())}")


def _named(name, container, path):
    source = None if name == "ids" else formats.by_name(name)
    if source is None or source.container != container:
        raise InputError(f"{path}: this is {container.upper()}, which {name} is not; leave out --source")
    return source


def _open_table(path, start, stream, named, second):
    newline = b"\r" if b"\r" in start and b"\n" not in start else b"\n"
    line = start.lstrip(b" \t\r\n").split(newline, 1)[0][: 2**16]
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        text = line.decode("cp1252", errors="replace")
    if re.search(r"[\0-\x08\x0e-\x1f]", text):
        raise UnknownError(f"{path}: this is a binary file; give text, JSON, CSV or Parquet")
    delimiter = sniff.delimiter(text)
    try:
        fields = [field.strip() for field in next(csv.reader([text.strip()], delimiter=delimiter), [""])]
    except csv.Error:
        raise UnknownError(
            f"{path}, line 1: the header cannot be cut into names; mend it, or save the file as CSV anew"
        ) from None
    if named == "ids" or (not named and _is_id_list(fields)):
        layout = ids.layout_of(start, path, second)
        stream.read(layout.skip)
        return "ids", "twitter", parts.from_ids(ids.cut(b"", stream, layout.newline), layout, layout.top)
    source = _named(named, "csv", path) if named else formats.recognised(fields, "csv")
    names = None
    if source is None:
        source, names = formats.headerless(fields) or (None, None)
    elif named and source.headerless:
        names = source.headerless(fields)
    if source is None:
        known = ", ".join(formats.names())
        raise UnknownError(f"{path}, line 1: {sniff.complaint(fields)}; {_ADVICE}; known are {known}")
    lines = split.lines(split.blocks(stream, newline=newline), newline)
    rows = split.csv_rows(lines, delimiter, len(names or fields))
    rows = rows if names else islice(rows, 1, None)  # names of its own: the first line is no header
    return source.name, source.platform, parts.from_csv(rows, names or fields, source)


def _is_id_list(fields):
    return len(fields) <= 2 and (fields[0].lower() in sniff.ID_HEADERS or sniff.looks_like_id(fields[0]))
