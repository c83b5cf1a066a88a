"""What is wrong with a CSV of posts, and on which line.

Parsers say nothing of a quotation mark that is missing: a field that is never closed swallows the posts after it. So
these marks are checked first. One within a field that no mark opened (``5" tall``) does no harm.
"""

import csv
import io
import itertools

from analysis.schema import InputError, number_of


def check_quotes(data, header, path):
    """Refuse a CSV in which a field that a quotation mark opens is not closed where it ends."""
    opened, closed = unclosed_field(data, header.end, header.delimiter)
    if opened is None:
        return
    what = f"is closed in line {_line(data, closed)}, where more text follows" if closed else "is never closed"
    raise InputError(
        f"{path}, line {_line(data, opened)}: the quotation mark that opens a field here {what}; close the field at "
        'its end, and double the marks that belong to the text ("")'
    )


def unclosed_field(data, begin, delimiter):
    """Find the first field, from `begin` on, that a quotation mark opens and none closes where the field ends.

    A field that is closed by the mark that opens a later one, with a delimiter or a line end behind it by chance,
    cannot be told from a text of several lines.

    Returns
    -------
    opened, closed : int or None
        Where in `data` (bytes) its first mark lies, and the one that closes it too early; None if there is none.
    """
    ends = delimiter.encode() + b"\r\n"
    mark = data.find(b'"', begin)
    while mark >= 0:
        close = mark
        if data[mark - 1] in ends:
            close = data.find(b'"', mark + 1)
            while close >= 0 and data[close + 1 : close + 2] == b'"':
                close = data.find(b'"', close + 2)
            if close < 0:
                return mark, None
            if close + 1 < len(data) and data[close + 1] not in ends:
                return mark, close
        mark = data.find(b'"', close + 1)
    return None, None


def _line(data, position):
    """Count the lines up to a position; they end in a newline, a carriage return, or both."""
    before = data[:position]
    return before.count(b"\n") + before.count(b"\r") - before.count(b"\r\n") + 1


def find_fault(data, header, path):
    """Find out why a CSV could not be read, as an InputError that repeats nothing of what it holds."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return InputError(f"{path}, line {_line(data, error.start)}: this is not UTF-8; save the file in UTF-8")
    width = len(header.fields)
    for line, row in _records(data, header):
        if len(row) != width:
            fields = number_of(len(row), "field", "fields")
            return InputError(f"{path}, line {line}: {fields} where the header has {width}; mend the line")
    return InputError(f"{path}: the CSV is damaged; look for a quotation mark that is never closed")


def line_of(data, header, row):
    """Tell on which line a row of the table begins; that of the header for None."""
    return header.number if row is None else next(itertools.islice(_records(data, header), row, None))[0]


def _records(data, header):
    """Go through the rows below the header: the line on which each begins, and its fields."""
    rows = csv.reader(io.StringIO(data[header.end :].decode("utf-8"), newline=""), delimiter=header.delimiter)
    start = header.number + 1
    for row in rows:
        if row:
            yield start, row
        start = header.number + 1 + rows.line_num
