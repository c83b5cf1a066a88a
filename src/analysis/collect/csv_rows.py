"""Cut the lines of a CSV into rows, so that a quotation mark that went astray swallows none of the rows behind it."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from analysis.collect.records import BROKEN_OFF

_LINES_OF_A_ROW = 500
_LONG_ROW = 2**19


@dataclass(frozen=True)
class Row:
    """A row of a CSV.

    Attributes
    ----------
    fields : list of str
    line : int
        On which it begins.
    data : bytes
    fault : str or None
        What was amiss with it.
    cp1252 : bool
        Whether any of its bytes were read as Windows' Western letters.
    """

    fields: list[str]
    line: int
    data: bytes
    fault: str | None = None
    cp1252: bool = False


class _Runaway(Exception):
    """A row has swallowed too many lines: a quotation mark in it is never closed."""


class _Feed:
    """Give lines to a csv.reader, and remember which it took for a row."""

    def __init__(self, source):
        self._source, self._again, self.taken, self.size = source, deque(), [], 0

    def __iter__(self):
        return self

    def __next__(self):
        if len(self.taken) >= _LINES_OF_A_ROW or self.size > _LONG_ROW:
            raise _Runaway
        taken = self._again.popleft() if self._again else self._fresh()
        self.taken.append(taken)
        self.size += len(taken[1])
        return taken[1]

    def _fresh(self):
        piece = next(self._source)
        if piece.fault:
            return piece, "", False
        try:
            return piece, piece.data.decode("utf-8") + "\n", False
        except UnicodeDecodeError:
            return piece, piece.data.decode("cp1252", errors="replace") + "\n", True

    def give_back(self):
        """Let all lines but the first be read again."""
        self._again.extendleft(reversed(self.taken[1:]))
        del self.taken[1:]

    def begin(self):
        """Forget what was taken: a new row begins."""
        self.taken, self.size = [], 0


def csv_rows(pieces, delimiter: str, width: int) -> Iterator[Row]:
    """Cut the lines of a CSV into rows.

    Parameters
    ----------
    pieces : iterator of Piece
        From :func:`lines`.
    delimiter : str
    width : int
        How many fields the header has.

    Yields
    ------
    Row
        Where a row spans several lines and has not as many fields as the header, a quotation mark went astray: then
        its first line alone is refused, and the others are read again, so that it swallows none of them.
    """
    feed = _Feed(iter(pieces))
    reader = csv.reader(feed, delimiter=delimiter)
    while True:
        feed.begin()
        fields, fault = [], None
        try:
            fields = next(reader)
            if len(feed.taken) > 1 and len(fields) != width:
                fault = "a quotation mark is never closed, or another number of fields than the header"
        except StopIteration:
            if not feed.taken:
                return
            fault = BROKEN_OFF
        except (csv.Error, _Runaway):
            fault = "cannot be cut into fields: a quotation mark is never closed, or a field is too long"
        if fault:
            feed.give_back()
            reader = csv.reader(feed, delimiter=delimiter)
        piece = feed.taken[0][0]
        if piece.fault or fault:
            yield Row([], piece.line, piece.data, piece.fault or fault)
        elif any(field.strip() for field in fields):
            data = b"\n".join(taken.data for taken, _, _ in feed.taken)
            yield Row(fields, piece.line, data, cp1252=any(odd for _, _, odd in feed.taken))
