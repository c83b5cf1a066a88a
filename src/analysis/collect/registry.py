"""Which formats there are: each module of ``formats`` that defines ``SOURCE`` or ``SOURCES`` is one."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from analysis.collect.shape import Source
from analysis.schema import InputError


@cache
def known() -> dict[str, Source]:
    """Give all formats.

    Returns
    -------
    dict of str to Source
        By name, in the order of the names.
    """
    import analysis.collect.formats as here

    found = []
    for module in iter_modules(here.__path__):
        loaded = import_module(f"{here.__name__}.{module.name}")
        found += [loaded.SOURCE] if hasattr(loaded, "SOURCE") else getattr(loaded, "SOURCES", ())
    return {source.name: source for source in sorted(found, key=lambda source: source.name)}


def names() -> list[str]:
    """Give what ``--source`` takes: the names of all formats, and "ids", which is told by its lines and no record.

    Returns
    -------
    list of str
        In the order of the names, "ids" last.
    """
    return [*known(), "ids"]


def by_name(name: str) -> Source:
    """Give the format of a name.

    Parameters
    ----------
    name : str
        What ``--source`` takes.

    Returns
    -------
    Source

    Raises
    ------
    InputError
        If there is none; the message names those that there are.
    """
    if name not in known():
        raise InputError(f"--source {name}: there is no such format; known are {', '.join(names())}")
    return known()[name]


def recognised(shape, container: str) -> Source | None:
    """Give the one format that a record (or a CSV's header) is in.

    Parameters
    ----------
    shape : object
        A record as ``json.loads`` gives it, or the list of a header's names.
    container : {"json", "csv"}

    Returns
    -------
    Source or None
        None where no format, or more than one, says that it is.
    """
    found = [source for source in known().values() if source.container == container and source.recognise(shape)]
    return found[0] if len(found) == 1 else None


def headerless(fields: list[str]) -> tuple[Source, list[str]] | None:
    """Give the format whose data, without a header, begin with these fields, and the names to use, or None."""
    for source in known().values():
        columns = source.headerless(fields) if source.headerless else None
        if columns:
            return source, columns
    return None
