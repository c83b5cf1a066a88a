"""What a format is, and which ones there are: each module here that defines ``SOURCE`` or ``SOURCES`` is one.

How to add a format is told in the README of this folder; ``kaggle_metoo.py`` and ``reddit.py`` are short ones to read.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from analysis.schema import KNOWN, InputError

#: What a row may hold: the columns of posts, labels that others gave to the post, and what was mended in the text.
FIELDS = (*KNOWN, "labels", "mended")


@dataclass(frozen=True)
class Refused:
    """A record, or a part of one, that is no post we can take.

    The reason fits many records, so that they can be counted, and never repeats what the record holds.
    """

    reason: str


@dataclass(frozen=True)
class Source:
    """A format.

    Attributes
    ----------
    name, title, platform : str
        What ``--source`` takes and the report names; its line in ``site/formats.md``; "twitter", "reddit" and so on.
    container : {"json", "csv"}
        "json": each record is what ``json.loads`` gives for a line, or for an element of a file that is one array.
        "csv": each record is a dict from the header's names to texts; an empty field is "", a missing one None.
    recognise : callable
        Takes a record, which may be anything that ``json.loads`` gives; for "csv" the names of the header, stripped.
        True if it is in this format; exactly one source may say so. It must raise nothing.
    rows : callable
        Takes a record; gives, one for each post in it, a dict with any of ``FIELDS``, or a ``Refused``. Values are as
        the record has them. TypeError, ValueError, KeyError, IndexError and AttributeError refuse the record.
    headerless : callable, optional
        For "csv": takes the fields of a first line that is data, no header; gives the names to use, else None.
    ragged : bool
        For "csv": whether ``rows`` wants rows with more fields than the header (a list under None) or fewer (None).
    fast : callable, optional
        For "json": takes a block of whole lines (bytes) and gives a pyarrow Table with the rows that ``rows`` would
        give, one a line in their order; or None where the block is in any way unusual.
    """

    name: str
    title: str
    platform: str
    container: str
    recognise: Callable[[Any], bool]
    rows: Callable[[Any], Iterable[dict | Refused]]
    headerless: Callable[[list[str]], list[str] | None] | None = None
    ragged: bool = False
    fast: Callable[[bytes], Any] | None = None


def has_columns(*names: str) -> Callable[[list[str]], bool]:
    """Make a ``recognise`` for CSV headers that hold all of these names, in any order and with others among them."""
    return lambda header: set(names) <= set(header)


def dig(record: Any, path: str) -> Any:
    """Take a value from nested dicts by keys with dots between them, or None where the way ends."""
    for key in path.split("."):
        if not isinstance(record, dict):
            return None
        record = record.get(key)
    return record


def first(record: Any, *paths: str) -> Any:
    """Take the first value that is there, by the paths of :func:`dig`; None and "" are not there."""
    values = (dig(record, path) for path in paths)
    return next((value for value in values if value is not None and value != ""), None)


@cache
def known() -> dict[str, Source]:
    """Give all formats by name, in the order of the names."""
    sources = []
    for module in iter_modules(__path__):
        loaded = import_module(f"{__name__}.{module.name}")
        sources += [loaded.SOURCE] if hasattr(loaded, "SOURCE") else getattr(loaded, "SOURCES", ())
    return {source.name: source for source in sorted(sources, key=lambda source: source.name)}


def names() -> list[str]:
    """Give what ``--source`` takes: the names of all formats, and last "ids", which is told by its lines alone."""
    return [*known(), "ids"]


def by_name(name: str) -> Source:
    """Give the format of a name."""
    if name not in known():
        raise InputError(f"--source {name}: there is no such format; known are {', '.join(names())}")
    return known()[name]


def recognised(record: Any, container: str) -> Source | None:
    """Give the one format that a record, or a CSV's header, is in; None where it is in none, or several say so."""
    sources = [source for source in known().values() if source.container == container and source.recognise(record)]
    return sources[0] if len(sources) == 1 else None


def headerless(fields: list[str]) -> tuple[Source, list[str]] | None:
    """Give the format whose data, without a header, begin with these fields, and the names to use, or None."""
    for source in known().values():
        columns = source.headerless(fields) if source.headerless else None
        if columns:
            return source, columns
    return None
