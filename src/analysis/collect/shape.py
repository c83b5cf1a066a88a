"""What a module that knows a format hands over: a ``Source``, which turns a record of a file into rows of posts.

How to add a format is told in the README of this folder; ``twitter_v1.py`` is the worked example.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

#: What a row may hold: the columns of posts, labels that others gave to the post, and what was mended in the text.
FIELDS = (
    "post_id",
    "created_at",
    "platform",
    "author",
    "text",
    "lang",
    "kind",
    "parent_id",
    "root_id",
    "likes",
    "reposts",
    "replies",
    "labels",
    "mended",
)


@dataclass(frozen=True)
class Refused:
    """A record, or a part of one, that is no post we can take.

    Attributes
    ----------
    reason : str
        A few words that fit for many records, so that they can be counted; never anything that the record holds.
    """

    reason: str


@dataclass(frozen=True)
class Source:
    """What the engine needs to know of a format.

    Attributes
    ----------
    name : str
        What ``--source`` takes, and the report names: small letters, digits and hyphens.
    title : str
        A line for the README's table.
    platform : str
        "twitter", "reddit", "mastodon", "bluesky", "facebook" or "instagram".
    container : {"json", "csv"}
        "json": each record is what ``json.loads`` gives for a line, or for an element where the whole file is one
        array. "csv": each record is a dict from the header's names to texts; an empty field is "", a missing one None.
    recognise : callable
        For "json": takes a record, which may be anything that ``json.loads`` gives. For "csv": takes the names of the
        header (a list of str, stripped, in the file's order). True if the record, or the header, is in this format;
        exactly one source may say so of any file. It must raise nothing, whatever it is given, for a file is shown to
        all formats.
    rows : callable
        Takes a record; gives, one for each post in it, a dict with any of ``FIELDS``, or a ``Refused``. Values are as
        the record has them: the engine reads ids, times and counts in all their dresses. Values of a wrong type may
        raise TypeError, ValueError, KeyError, IndexError or AttributeError: the record is refused then.
    headerless : callable, optional
        For "csv": takes the fields of the first line and gives the names to use where that line is no header but data
        in this format, else None.
    ragged : bool
        For "csv": whether ``rows`` wants to see rows that have more fields than the header (the further ones are a
        list under the key None) or fewer (None); else the engine refuses them.
    fast : callable, optional
        For "json": takes a block of whole lines (bytes) and gives a pyarrow Table with the same rows as ``rows`` would
        give for its lines, one a line in their order; or None where the block is in any way unusual. See
        :mod:`analysis.collect.columnar`.
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


def dig(record: Any, path: str) -> Any:
    """Take a value from nested dicts, or None where the way ends.

    Parameters
    ----------
    record : dict
    path : str
        Keys, with dots between them.

    Examples
    --------
    >>> dig({"user": {"id_str": "7"}}, "user.id_str")
    '7'
    >>> dig({"user": None}, "user.id_str") is None
    True
    """
    for key in path.split("."):
        if not isinstance(record, dict):
            return None
        record = record.get(key)
    return record


def first(record: Any, *paths: str) -> Any:
    """Take the first value that is there; None and "" are not there.

    Parameters
    ----------
    record : dict
    *paths : str
        As :func:`dig` takes them, the one that is wanted most first.

    Returns
    -------
    object
        None where no way leads to a value.

    Examples
    --------
    >>> first({"text": "cut ...", "full_text": "whole"}, "extended_tweet.full_text", "full_text", "text")
    'whole'
    """
    found = (dig(record, path) for path in paths)
    return next((value for value in found if value is not None and value != ""), None)
