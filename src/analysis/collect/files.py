"""Find out what a file is, and give what reads its parts one after the other."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from analysis.collect import collecting, columns, containers, csv_rows, ids, reading, records, registry, sniff
from analysis.collect.blocks import BLOCK, cut
from analysis.schema import InputError

_PEEK = 20
_MARK = b"\xef\xbb\xbf"
_ADVICE = "say --source NAME if you know better"


class UnknownError(InputError):
    """A file is in no known format; in a folder of many it is passed over."""


@dataclass
class Opened:
    """A file whose format is known.

    Attributes
    ----------
    format : str
    platform : str
        Of posts that do not tell it themselves.
    parts : iterator of callables
        Each reads a part of the file and gives a ``reading.Part``.
    position : callable
        Tells how many bytes of the file were read so far.
    """

    format: str
    platform: str
    parts: Iterator
    position: callable


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
        start = stream.read(BLOCK)
        if not start.strip():
            raise UnknownError(f"{path}: the file is empty; give one that holds posts or ids")
        if start.startswith(b"PAR1"):
            if not isinstance(stream, containers.Counted):
                raise UnknownError(f"{path}: this is Parquet in a packed file; unpack it first")
            if source not in (None, "posts"):
                raise InputError(f"{path}: this is Parquet, which {source} is not; leave out --source")
            yield Opened("parquet", "twitter", columns.parquet(path), stream_position(stream))
            return
        _refuse_other_kinds(start, path)
        stream = _Rejoined(start.removeprefix(_MARK), stream)
        first = start.removeprefix(_MARK).lstrip()[:1]
        open_as = _open_json if first in (b"{", b"[", b"\x1e") else _open_table
        name, platform, parts = open_as(path, start.removeprefix(_MARK), stream, source, second)
        yield Opened(name, platform, parts, stream_position(stream))


def stream_position(stream):
    """Give a function that tells how far a stream was read, for a progress bar over the file's size.

    Parameters
    ----------
    stream : object
        With ``position``, as :func:`analysis.collect.containers.opened` yields it.

    Returns
    -------
    callable
        Takes nothing and gives an int: bytes of the file itself, packed as they are there, that were read until then.
    """
    return lambda: stream.position


class _Rejoined:
    """A stream of which the beginning was read already."""

    def __init__(self, start, stream):
        self._start, self._stream = start, stream

    @property
    def position(self):
        return self._stream.position

    def read(self, size):
        if self._start:
            data, self._start = self._start[:size], self._start[size:]
            return data
        return self._stream.read(size)


def _refuse_other_kinds(start, path):
    for magic, what in sniff.OTHER_KINDS.items():
        if start.startswith(magic) and magic not in (b"{", b"["):
            raise UnknownError(f"{path}: this is {what}")


def _open_json(path, start, stream, named, second):
    line = start.lstrip(b" \t\r\n").split(b"\n", 1)[0].strip()
    if line.startswith(b"[") or line == b"{":
        whole, pieces, cut_up = True, records.elements(stream), reading.json_elements
    else:
        whole, pieces, cut_up = False, records.blocks(stream, reading.BLOCK), reading.json_lines
    source, pieces = (_named(named, "json", path), pieces) if named else _recognise(pieces, path, whole)
    return source.name, source.platform, cut_up(pieces, source)


def _recognise(pieces, path, whole):
    """Ask which format the first records are in; the format, and all pieces again."""
    held, seen, keys = [], 0, []
    for piece in pieces:
        held.append(piece)
        candidates = [piece.data] if whole else piece.data.split(b"\n", _PEEK)[:_PEEK]
        for data in candidates if not piece.fault else []:
            record, fault, _ = collecting.load(data)
            source = None if fault else registry.recognised(record, "json")
            if source:
                return source, chain(held, pieces)
            if not fault:
                keys = keys or (sorted(map(str, record)) if isinstance(record, dict) else [type(record).__name__])
            seen += 1
        if seen >= _PEEK or len(held) >= _PEEK:
            break
    shown = [key for key in keys if re.fullmatch(r"[\w.@ :-]{1,40}", key)][:12]
    told = f"its records have {', '.join(shown)}" if shown else "no record of it could be read"
    raise UnknownError(f"{path}: JSON in no known format ({told}); {_ADVICE}; known are {', '.join(registry.names())}")


def _named(name, container, path):
    source = None if name == "ids" else registry.by_name(name)
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
    if "\0" in text or re.search(r"[\x01-\x08\x0e-\x1f]", text):
        raise UnknownError(f"{path}: this is a binary file; give text, JSON, CSV or Parquet")
    mark = sniff.delimiter(text)
    try:
        names = [field.strip() for field in next(csv.reader([text.strip()], delimiter=mark), [""])]
    except csv.Error:
        raise UnknownError(
            f"{path}, line 1: the header cannot be cut into names; mend it, or save the file as CSV anew"
        ) from None
    if named == "ids" or (not named and _is_id_list(names)):
        return "ids", "twitter", _id_parts(path, start, stream, second)
    if named:
        source, headed = _named(named, "csv", path), True
        told = source.headerless(names) if source.headerless else None
        names, headed = (told, False) if told else (names, True)
    else:
        source, headed = registry.recognised(names, "csv"), True
        if source is None:
            source, names = registry.headerless(names) or (None, names)
            headed = False
    if source is None:
        known = ", ".join(registry.names())
        raise UnknownError(f"{path}, line 1: {sniff.complaint(names)}; {_ADVICE}; known are {known}")
    lines = records.lines(records.blocks(stream, newline=newline), newline)
    rows = csv_rows.csv_rows(lines, mark, len(names))
    rows = islice(rows, 1, None) if headed else rows
    return source.name, source.platform, reading.csv_rows(rows, names, source)


def _is_id_list(names):
    return len(names) <= 2 and (names[0].lower() in sniff.ID_HEADERS or sniff.looks_like_id(names[0]))


def _id_parts(path, start, stream, second):
    layout = ids.layout_of(start, path, second)
    stream.read(layout.skip)
    return columns.ids(cut(b"", stream, layout.newline), layout, layout.top)
