"""Find the quotation mark that opens a field of a CSV and is never closed: unseen, it swallows the posts after it.

Parsers take the end of the file, or the next quotation mark that comes, for the one that is missing, and say nothing.
A mark within a field that no mark opened (``5" tall``) does no harm.
"""

import numpy as np

from analysis.schema import InputError

_MARK, _BLOCK = ord('"'), 2**24


def check_quotes(data, begin, delimiter, path):
    """Refuse a CSV in which a field that a quotation mark opens is not closed where it ends.

    Parameters
    ----------
    data : bytes
        The file.
    begin : int
        Where the first line below the header begins.
    delimiter : str
    path : Path
        For the error.

    Raises
    ------
    InputError
        Naming the line on which the first such field begins. A field that is closed by the mark that opens a later
        one, with a delimiter or a line end behind it by chance, cannot be told from a text of several lines.
    """
    if data.find(b'"', begin) < 0 or _paired(data, begin, delimiter):
        return
    opened, closed = _first_fault(data, begin, delimiter)
    if opened is None:
        return
    what = f"is closed in line {_line(data, closed)}, where more text follows" if closed else "is never closed"
    raise InputError(
        f"{path}, line {_line(data, opened)}: the quotation mark that opens a field here {what}; close the field at "
        'its end, and double the marks that belong to the text ("")'
    )


def _paired(data, begin, delimiter):
    """Tell quickly whether all marks come in pairs around whole fields; where not, they may still do no harm.

    Of such marks every first one stands behind a delimiter, a line end or (as the second of a doubled one) a mark, and
    every second one before such or at the end.
    """
    view = np.frombuffer(data, dtype=np.uint8)
    borders = np.isin(np.arange(256), [_MARK, *_ends(delimiter)])
    seen = 0
    for at in range(begin, len(view), _BLOCK):
        marks = np.flatnonzero(view[at : at + _BLOCK] == _MARK) + at
        first, second = marks[seen % 2 :: 2], marks[1 - seen % 2 :: 2]
        behind = second[second < len(view) - 1] + 1
        if not (borders[view[first - 1]].all() and borders[view[behind]].all()):
            return False
        seen += len(marks)
    return seen % 2 == 0


def _first_fault(data, begin, delimiter):
    """Go from mark to mark: where the first faulty field is opened, and where closed (None: never, or no fault)."""
    ends = _ends(delimiter)
    at = data.find(b'"', begin)
    while at >= 0:
        close = at
        if data[at - 1] in ends:
            close = data.find(b'"', at + 1)
            while close >= 0 and data[close + 1 : close + 2] == b'"':
                close = data.find(b'"', close + 2)
            if close < 0:
                return at, None
            if close + 1 < len(data) and data[close + 1] not in ends:
                return at, close
        at = data.find(b'"', close + 1)
    return None, None


def _ends(delimiter):
    return [ord(delimiter), ord("\n"), ord("\r")]


def _line(data, at):
    """Count the lines up to a place; they end in a newline, a carriage return, or both."""
    return data.count(b"\n", 0, at) + data.count(b"\r", 0, at) - data.count(b"\r\n", 0, at) + 1
