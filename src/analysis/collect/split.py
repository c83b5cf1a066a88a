"""Split a stream into records with their line numbers: lines, objects of JSON, rows of a CSV.

None of them grows huge, and a quotation mark that went astray swallows no rows behind it.
"""

import csv
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

#: The longest record that is read; a longer one is refused. A page of 500 tweets has about 3 MB.
LONGEST = 2**24
BLOCK = 2**22
TOO_LONG = f"longer than {LONGEST // 2**20} MiB"
BROKEN_OFF = "breaks off before its end"
_LINES_OF_A_ROW = 500
_LONG_ROW = 2**19


@dataclass(frozen=True)
class Piece:
    """Whole lines of a file, or a record; of what is too long only the beginning, with the fault that it has."""

    data: bytes
    line: int
    fault: str | None = None


@dataclass(frozen=True)
class Row:
    """A row of a CSV: a ``Piece`` with its fields; `cp1252` if any bytes were read as Windows' Western letters."""

    fields: list[str]
    line: int
    data: bytes
    fault: str | None = None
    cp1252: bool = False


def blocks(stream, size: int = BLOCK, newline: bytes = b"\n") -> Iterator[Piece]:
    """Cut a stream into blocks of about so many bytes and whole lines; the last block may lack its line end.

    A line beyond ``LONGEST`` comes alone, with its fault.
    """
    parts, length, line, skipped = [], 0, 1, None
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
            length += len(more)
            if length > LONGEST:
                skipped, parts, length = b"".join(parts)[:1000], [], 0
            continue
        data = b"".join([*parts, memoryview(more)[:end]])
        parts, length = ([more[end:]], len(more) - end) if end < len(more) else ([], 0)
        if len(data) > LONGEST and (top := data.find(newline) + 1) > LONGEST:
            yield Piece(data[:1000], line, TOO_LONG)
            line, data = line + 1, data[top:]
        if data:
            yield Piece(data, line)
            line += data.count(newline)
    if skipped is not None:
        yield Piece(skipped, line, TOO_LONG)
    elif length:
        yield Piece(b"".join(parts), line)


def lines(pieces, newline: bytes = b"\n") -> Iterator[Piece]:
    """Cut blocks into lines without their ends; a piece with a fault stays as it is."""
    for piece in pieces:
        if piece.fault:
            yield piece
            continue
        for number, data in enumerate(piece.data.removesuffix(newline).split(newline)):
            yield Piece(data, piece.line + number)


_MARKS = re.compile(rb'\\.|["{}\[\]]', re.DOTALL)


class _Objects:
    """Cut JSON into objects, printed prettily or not, from blocks that are fed one after the other.

    Strings are followed, so that a bracket inside a text does not count. What stands between objects and is neither a
    comma nor a space is a record too, with a fault.
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


def json_objects(stream) -> Iterator[Piece]:
    """Cut a stream of JSON into the objects that stand alone or in a list; what is none comes with its fault."""
    cutter = _Objects()
    while data := stream.read(BLOCK):
        yield from cutter.feed(data)
    yield from cutter.end()


class _EndlessRow(Exception):
    """A row has swallowed too many lines: a quotation mark in it is never closed."""


class _CsvLines:
    """Give lines to a csv.reader, and remember which it took for a row."""

    def __init__(self, source):
        self._source, self._again, self.taken, self.size = source, deque(), [], 0

    def __iter__(self):
        return self

    def __next__(self):
        if len(self.taken) >= _LINES_OF_A_ROW or self.size > _LONG_ROW:
            raise _EndlessRow
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
    """Cut the lines of a CSV, whose header has `width` fields, into rows.

    Where one spans several lines and has another number of fields, a quotation mark went astray: its first line alone
    is refused, and the others are read again.
    """
    source = _CsvLines(iter(pieces))
    reader = csv.reader(source, delimiter=delimiter)
    while True:
        source.begin()
        fields, fault = [], None
        try:
            fields = next(reader)
            if len(source.taken) > 1 and len(fields) != width:
                fault = "a quotation mark is never closed, or another number of fields than the header"
        except StopIteration:
            if not source.taken:
                return
            fault = BROKEN_OFF
        except (csv.Error, _EndlessRow):
            fault = "cannot be cut into fields: a quotation mark is never closed, or a field is too long"
        if fault:
            source.give_back()
            reader = csv.reader(source, delimiter=delimiter)
        piece = source.taken[0][0]
        if piece.fault or fault:
            yield Row([], piece.line, piece.data, piece.fault or fault)
        elif any(field.strip() for field in fields):
            data = b"\n".join(taken.data for taken, _, _ in source.taken)
            yield Row(fields, piece.line, data, cp1252=any(odd for _, _, odd in source.taken))
