"""Cut a stream into records with their line numbers: lines, and objects of JSON; none grows huge."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

#: The longest record that is read; a longer one is refused. A page of 500 tweets has about 3 MB.
LONGEST = 2**24
BLOCK = 2**22


@dataclass(frozen=True)
class Piece:
    """Some bytes of a file.

    Attributes
    ----------
    data : bytes
        Whole lines, or a record; of what is too long only the beginning.
    line : int
        The line on which it begins, counted from 1.
    fault : str or None
        Why it cannot be read, if so.
    """

    data: bytes
    line: int
    fault: str | None = None


TOO_LONG = f"longer than {LONGEST // 2**20} MiB"
BROKEN_OFF = "breaks off before its end"


def blocks(stream, size: int = BLOCK, newline: bytes = b"\n") -> Iterator[Piece]:
    r"""Cut a stream into blocks of whole lines; a line beyond ``LONGEST`` comes alone, with its fault.

    Parameters
    ----------
    stream : binary file
    size : int
        About how many bytes a block has.
    newline : {b"\n", b"\r"}

    Yields
    ------
    Piece
        The last one may lack its line end; in all others the data end with one.
    """
    parts, held, line, skipped = [], 0, 1, None
    while more := stream.read(size):
        end = more.rfind(newline) + 1
        if skipped is not None:
            start = more.find(newline) + 1
            if not start:
                continue
            yield Piece(skipped, line, TOO_LONG)
            line, skipped, more, end = line + 1, None, more[start:], end - start
        if not end:
            parts.append(more)
            held += len(more)
            if held > LONGEST:
                skipped, parts, held = b"".join(parts)[:1000], [], 0
            continue
        data = b"".join([*parts, memoryview(more)[:end]])
        parts, held = ([more[end:]], len(more) - end) if end < len(more) else ([], 0)
        if len(data) > LONGEST and (top := data.find(newline) + 1) > LONGEST:
            yield Piece(data[:1000], line, TOO_LONG)
            line, data = line + 1, data[top:]
        if data:
            yield Piece(data, line)
            line += data.count(newline)
    if skipped is not None:
        yield Piece(skipped, line, TOO_LONG)
    elif held:
        yield Piece(b"".join(parts), line)


def lines(pieces, newline: bytes = b"\n") -> Iterator[Piece]:
    """Cut blocks into lines.

    Parameters
    ----------
    pieces : iterable of Piece
        Blocks of whole lines, each with the number of its first.
    newline : bytes

    Yields
    ------
    Piece
        A line without its end, with its number; a piece with a fault as it came.
    """
    for piece in pieces:
        if piece.fault:
            yield piece
            continue
        for number, data in enumerate(piece.data.removesuffix(newline).split(newline)):
            yield Piece(data, piece.line + number)


_MARKS = re.compile(rb'\\.|["{}\[\]]', re.DOTALL)


class Elements:
    """Cut JSON into the objects that stand alone or in a list, whether they are printed prettily or not.

    A piece at a time is fed; strings are followed, so that a bracket inside a text does not count. What stands between
    objects and is neither a comma nor a space is a record too, with a fault.
    """

    def __init__(self):
        self._text, self._depth, self._parts, self._length = False, 0, [], 0
        self._line, self._begun, self._rest = 1, 1, b""

    def feed(self, data: bytes) -> Iterator[Piece]:
        """Take some bytes of the stream and give the objects that end in them."""
        data = self._rest + data
        tail = len(data) - len(data.rstrip(b"\\"))
        data, self._rest = (data[:-1], data[-1:]) if tail % 2 else (data, b"")
        start = 0
        for match in _MARKS.finditer(data):
            mark, at = match[0], match.start()
            if mark[:1] == b"\\" or (self._text and mark != b'"'):
                continue
            if mark == b'"':
                self._text = not self._text
            elif mark in b"{[":
                if self._depth == 0:
                    yield from self._junk(data[start:at])
                    start = at if mark == b"{" else at + 1
                if mark == b"{" or self._depth:
                    self._depth += 1
            elif self._depth:
                self._depth -= 1
                if self._depth == 0:
                    yield self._piece(data[start : at + 1])
                    start = at + 1
            else:
                yield from self._junk(data[start:at])
                start = at + 1
        self._keep(data[start:])

    def end(self) -> Iterator[Piece]:
        """Give what is left over when the stream has ended."""
        if self._depth or self._text:
            self._keep(self._rest)
            piece = self._piece(b"")
            yield Piece(piece.data, piece.line, piece.fault or BROKEN_OFF)
        else:
            yield from self._junk(self._rest)

    def _keep(self, data):
        if self._length < LONGEST:
            self._parts.append(data)
        self._length += len(data)
        self._line += data.count(b"\n")

    def _piece(self, data):
        self._keep(data)
        whole, long = b"".join(self._parts), self._length > LONGEST
        line, self._begun = self._begun, self._line
        self._parts, self._length = [], 0
        blank = len(whole) - len(whole.lstrip())
        line += whole[:blank].count(b"\n")
        return Piece(whole[:1000], line, TOO_LONG) if long else Piece(whole.strip(), line)

    def _junk(self, data):
        """Pass over commas and spaces between objects; anything else is told."""
        piece = self._piece(data)
        if piece.fault or piece.data.strip(b", \t\r\n\x1e\xef\xbb\xbf"):
            yield Piece(piece.data, piece.line, piece.fault or "no JSON object")


def elements(stream) -> Iterator[Piece]:
    """Cut a stream of JSON into objects, see :class:`Elements`.

    Parameters
    ----------
    stream : binary file

    Yields
    ------
    Piece
        An object with the number of its first line; or what is none, with its fault.
    """
    cutter = Elements()
    while data := stream.read(BLOCK):
        yield from cutter.feed(data)
    yield from cutter.end()
