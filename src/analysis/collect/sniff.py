"""Open a file whatever its name, and tell from its first line what its lines look like."""

import csv
import gzip
import re
import zlib
from contextlib import contextmanager
from dataclasses import dataclass

from analysis.schema import COLUMNS, InputError

ID_HEADERS = ("id", "tweet_id", "tweetid", "id_str", "status_id")
_START = 2**16
OTHER_KINDS = {
    b"PK\x03\x04": "a zip archive or a spreadsheet; unpack it, or save the sheet as CSV in UTF-8",
    b"\x28\xb5\x2f\xfd": "compressed with zstd; make a table of posts of it first, with python -m analysis ingest",
    b"BZh": "compressed with bzip2; unpack it first",
    b"\xfd7zXZ": "compressed with xz; unpack it first",
    b"%PDF": "a PDF; give a CSV, a Parquet file or a list of ids",
    b"{": "JSON; make a table of posts of it first, with python -m analysis ingest",
    b"[": "JSON; make a table of posts of it first, with python -m analysis ingest",
    b"\xff\xfe": "text in UTF-16; save it in UTF-8",
    b"\xfe\xff": "text in UTF-16; save it in UTF-8",
}


@contextmanager
def opened(path):
    """Open a file for reading bytes, unpacked where it is gzipped; trouble in the block becomes an InputError."""
    check_there(path)
    try:
        with path.open("rb") as stream:
            packed = stream.read(2) == b"\x1f\x8b"
        with gzip.open(path) if packed else path.open("rb") as stream:
            yield stream
    except EOFError:
        raise InputError(f"{path}: the gzip file breaks off before its end; fetch or copy it again") from None
    except (gzip.BadGzipFile, zlib.error):
        raise InputError(f"{path}: the gzip file is damaged; fetch or copy it again") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror or error}); check the file and its rights") from None


def check_there(path):
    """Raise an InputError where there is no file or folder: nothing, or a pipe, which may never come to an end."""
    if not path.exists():
        raise InputError(f"{path}: there is no such file; check the path")
    if not path.is_file() and not path.is_dir():
        raise InputError(f"{path}: this is a pipe or a device, and no file; save what comes out of it and give that")


@dataclass(frozen=True)
class FirstLine:
    """The first line of a file that is not blank; without a header its fields are the first row's values.

    `number` counts from 1; `begin` and `end` tell where in the file it begins, and where the next line does.
    """

    fields: list
    delimiter: str
    newline: bytes
    number: int
    begin: int
    end: int


def first_line(start, path):
    """Find the first line that is not blank in the beginning of a file, or all of it; `path` is for the error."""
    match = re.compile(rb"(?:\xef\xbb\xbf)?(\s*)([^\r\n]*)(\r\n|\r|\n|$)").match(start, 0, _START)
    blank, line, newline = match.groups()
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        text = "\0"
    if re.search(r"[\0-\x08\x0e-\x1f]", text) or len(line) == _START:
        raise InputError(
            f"{path}: this is no text in UTF-8 (a binary file, or another encoding); save it as CSV in UTF-8"
        )
    if not text:
        raise InputError(f"{path}: the file holds nothing but blank lines; give one that holds posts or ids")
    mark = delimiter(text)
    return FirstLine(
        fields=[field.strip() for field in next(csv.reader([text], delimiter=mark))],
        delimiter=mark,
        newline=newline or b"\n",
        number=len(re.findall(rb"\r\n|\r|\n", blank)) + 1,
        begin=match.start(2),
        end=match.end(),
    )


def delimiter(line):
    """Tell what separates the fields of a line: a comma, unless there is none but a tab or a semicolon."""
    return next((mark for mark in ",\t;" if mark in line), ",")


def looks_like_id(field):
    """Tell whether a field begins as a number does, rounded or not."""
    return bool(re.match(r"[+-]?[0-9]", field))


def complaint(names):
    """Say which columns are unknown; where the line may be a person's words and no header, do not repeat it."""
    known = f"a table of posts has post_id and any of {', '.join(list(COLUMNS)[1:])}; a list of ids has id or tweet_id"
    if not all(re.fullmatch(r"(?=.{1,40}$)[\w.#/:()-]+( [\w.#/:()-]+){0,2}", name) for name in names):
        return f"no header that we know; {known}"
    if names[0].lower() in ID_HEADERS:
        known = f"a list of ids has one column more at most; for a table of posts, rename {names[0]} to post_id"
        names, twice = names[1:], []
    else:
        twice = [name for name in names if names.count(name) > 1]
        names = [name for name in names if name not in COLUMNS]
    if not names:
        return f"{f'the column {twice[0]} comes twice; keep one' if twice else 'there is no column post_id'}; {known}"
    return f"unknown columns {', '.join(names[:12])}{' ...' if len(names) > 12 else ''}; {known}"
