"""Read records one by one, and collect the rows that a format makes of them and what became of each."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from analysis.collect.shape import Refused

_WRONG_SHAPE = (TypeError, ValueError, KeyError, IndexError, AttributeError)
_VALUES = (str, int, float, type(None))


@dataclass
class Part:
    """What a part of a file holds.

    Attributes
    ----------
    raw : pyarrow.Table
        Rows as the format gave them.
    lines : ndarray of int64
        The line (or the number of the record) that each row comes from.
    records : sequence of bytes, or callable
        What each row was read from, by its place: for the hash of a row that is refused later.
    refused : list of (int, str, bytes)
        Line, reason and bytes of each record that was refused.
    read : int
        Records; a page of posts counts as many as it holds posts.
    labels : dict of int to dict
        What annotators said of a row, by its place.
    mended : Counter
    """

    raw: pa.Table
    lines: np.ndarray
    records: Callable[[int], bytes]
    refused: list = field(default_factory=list)
    read: int = 0
    labels: dict = field(default_factory=dict)
    mended: Counter = field(default_factory=Counter)


def load(data: bytes) -> tuple:
    """Read a record of JSON; it raises nothing.

    Parameters
    ----------
    data : bytes
        In UTF-8; what is none is replaced, and NUL bytes are taken out.

    Returns
    -------
    record : object
        What the JSON says, or None.
    fault : str or None
        Why it cannot be read.
    mended : tuple of str
        What was mended in it.

    Examples
    --------
    >>> load(b'{"id": 7}'), load(b'{"id": ')[1]
    (({'id': 7}, None, ()), 'no JSON')
    """
    mended = ()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text, mended = data.decode("utf-8", errors="replace"), ("bytes that are no UTF-8",)
    text = text.strip("\ufeff\x1e \t\r\n")
    if "\0" in text:
        text, mended = text.replace("\0", ""), (*mended, "NUL bytes")
    try:
        return json.loads(text, strict=False), None, mended
    except RecursionError:
        return None, "JSON that is nested too deep", mended
    except ValueError:
        return None, "no JSON", mended


class Collected:
    """Collect the rows of records, and what became of each record."""

    def __init__(self, source):
        self._source, self._rows, self._lines, self._records = source, [], [], []
        self._part = Part(pa.table({}), np.zeros(0, np.int64), self._records.__getitem__)

    def refuse(self, piece, reason):
        """Enter a record as refused."""
        self._part.refused.append((piece.line, reason, piece.data))
        self._part.read += 1

    def take(self, piece, record, mended):
        """Take what the format makes of a record; whatever goes wrong there is the record's fault."""
        found, before = 0, len(self._part.refused)
        try:
            for row in self._source.rows(record):
                found += 1
                if isinstance(row, Refused):
                    self.refuse(piece, row.reason)
                elif all(isinstance(row[name], _VALUES) for name in row if name not in ("labels", "mended")):
                    self._keep(piece, row, mended)
                else:
                    self.refuse(piece, "a value of the wrong kind")
        except RecursionError:
            self.refuse(piece, "nested too deep")
            found += 1
        except _WRONG_SHAPE:
            self.refuse(piece, f"not in the shape of {self._source.name}")
            found += 1
        if not found and len(self._part.refused) == before:
            self.refuse(piece, "holds no post")

    def _keep(self, piece, row, mended):
        labels = row.get("labels")
        if labels:
            self._part.labels[len(self._rows)] = labels
        self._part.mended.update({*mended, *row.get("mended", ())})
        self._part.read += 1
        self._rows.append(row)
        self._lines.append(piece.line)
        self._records.append(piece.data)

    def part(self):
        """Give what was collected."""
        names = {name: None for row in self._rows for name in row if name not in ("labels", "mended")}
        odd = Counter()
        columns = {name: _texts([row.get(name) for row in self._rows], odd) for name in names}
        self._part.raw = pa.table(columns) if columns else pa.table({"post_id": pa.nulls(len(self._rows), pa.string())})
        self._part.lines = np.array(self._lines, np.int64)
        self._part.mended.update(odd)
        return self._part


def _texts(values, odd):
    """Give values as a column of texts; halves of characters that JSON may hold are replaced."""
    texts = [value if value is None or isinstance(value, str) else _text(value) for value in values]
    try:
        return pa.array(texts, pa.string())
    except UnicodeEncodeError:
        whole = [text and text.encode("utf-8", "replace").decode("utf-8") for text in texts]
        odd["halves of characters"] += sum(one != other for one, other in zip(texts, whole, strict=True))
        return pa.array(whole, pa.string())


def _text(value):
    try:
        return str(value)
    except ValueError:  # a whole number of thousands of digits
        return "a number that is too long"
