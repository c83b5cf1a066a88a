"""Compiled code that takes texts apart, from their UTF-8 bytes to numbered words, just as NLTK's VADER does.

Nothing is remembered from one text to the next. What is compiled stands on disk in a folder of its own for each state
of the files that go into it: numba alone would look at one file, and take what an older state of the others left there.

What the functions share, here and in :mod:`analysis.sentiment.weigh`:

- ``text``, uint8: the UTF-8 bytes of many texts, one after the other; ``start`` and ``end`` cut one, or a word, out.
- ``tables``: see :class:`analysis.sentiment.tables.Tables`; a word's number is its position there.
- ``low``, uint8: room for one word in small letters.
- of each token of the text at hand, int64: ``words``, its number or -1; ``exact``, the same where it is written in
  small letters, else -2; ``flags``, sums of ``CAPS`` and ``NEGATES``; ``starts`` and ``stops``, its bytes without
  punctuation.
"""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path

import numpy as np
from numba import config, njit

from analysis.sentiment.tables import LAST, LOWER, MARK, NAMED, SPACE, UPPER

BUT, KIND, OF, LEAST, AT, VERY, NEVER, SO, THIS, JUST, ENOUGH, SORT = range(len(NAMED))
#: What is known of a token: whether it is in capitals, and negates.
CAPS, NEGATES = 1, 2
SEED = np.uint64(14695981039346656037)


def compiled(function, inline="never"):
    """Compile a function, and keep it on disk where there is a place to.

    Nothing is allocated in there, so that nobody need count who refers to which array: half of the time went into that.
    Where numba no longer knows the option, the scores are the same. While it runs, other Python threads do.

    Parameters
    ----------
    function : callable
        In what numba knows of Python, allocating nothing.
    inline : {"never", "always"}
        As numba takes it, see :func:`inlined`.
    """
    before = config.CACHE_DIR
    config.CACHE_DIR = str(Path(before or Path(__file__).with_name("__pycache__")) / f"compiled-{_state()}")
    try:
        for options in ({"cache": True, "_nrt": False}, {"cache": True}, {}):
            try:
                return njit(function, nogil=True, inline=inline, **options)
            except (KeyError, NameError, TypeError, RuntimeError):  # no such option; no folder that may be written to
                continue
    finally:
        config.CACHE_DIR = before
    raise ImportError("this numba compiles nothing")


@cache
def _state() -> str:
    """Name the state of the files whose code or numbers are compiled."""
    sources = [Path(__file__).with_name(f"{name}.py").read_bytes() for name in ("rules", "tables", "split", "weigh")]
    return sha256(b"\0".join(sources)).hexdigest()[:16]


def inlined(function):
    """Compile a function into those that call it: a call costs more than what these small ones do."""
    return compiled(function, inline="always")


def works() -> bool:
    """Tell whether functions are compiled at all; numba can be told not to."""
    return not config.DISABLE_JIT


@inlined
def mix(code, byte):
    """Take one more byte into a hash (FNV-1a: Fowler, Noll & Vo)."""
    return (code ^ np.uint64(byte)) * np.uint64(1099511628211)


@inlined
def place(code, size):
    """Give the place of a hash in a table of `size`, a power of two."""
    return np.int64((code ^ (code >> np.uint64(32))) & np.uint64(size - 1))


@inlined
def same(one, i, other, j, length):
    """Tell whether two stretches of so many bytes, from one[i] and from other[j] on, are equal."""
    for k in range(length):  # noqa: SIM110 (loops are what numba compiles)
        if one[i + k] != other[j + k]:
            return False
    return True


@inlined
def find(text, start, end, tables, low):
    """Look a word up in lower case.

    Returns
    -------
    word : int64
        Its number, or -1: it is not in the tables, too long, or has a letter that is not ASCII.
    exact : bool
        Whether it was written in lower case.
    slot : int64
        Its place in ``tables.slots``, or the free one where it would stand.
    """
    if end - start > len(low):
        return -1, False, 0
    length, exact, i, code = 0, True, start, SEED
    while i < end:
        byte = text[i]
        if 65 <= byte <= 90:
            byte, exact = np.uint8(byte + 32), False
        elif byte > 127:
            if end - i < 3 or byte != 0xE2 or text[i + 1] != 0x84 or text[i + 2] != 0xAA:
                return -1, False, 0
            byte, exact = np.uint8(107), False  # the Kelvin sign: in lower case a plain k, as no other sign becomes
            i += 2
        low[length] = byte
        code = mix(code, byte)
        length += 1
        i += 1
    slot = place(code, len(tables.slots))
    while tables.slots[slot] >= 0:
        word = tables.slots[slot]
        first = tables.ends[word]
        if tables.ends[word + 1] - first == length and same(low, 0, tables.letters, first, length):
            return np.int64(word), exact, slot
        slot = (slot + 1) & (len(tables.slots) - 1)
    return -1, exact, slot


@compiled
def fill(tables, low):
    """Put the words into the hash table, which changes ``tables.slots``: once, before anything is scored.

    Parameters
    ----------
    tables : Tables
        As :func:`analysis.sentiment.tables.build` makes them.
    low : ndarray of uint8
        From :func:`analysis.sentiment.weigh.word_room`.
    """
    for word in range(len(tables.valence)):
        tables.slots[find(tables.letters, tables.ends[word], tables.ends[word + 1], tables, low)[2]] = word


@inlined
def read(text, i, end):
    """Give the code point at text[i] and its length in bytes; bytes that are no UTF-8 do no harm.

    What stands beyond ``LAST`` is given as ``LAST``, and a character that `end` cuts as U+FFFD.
    """
    byte = np.int64(text[i])
    if byte < 0x80 or byte < 0xC0:
        return byte, 1
    size = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
    if i + size > end:
        return np.int64(0xFFFD), end - i
    point = byte & (0x7F >> size)
    for k in range(1, size):
        point = (point << 6) | (np.int64(text[i + k]) & 0x3F)
    return min(point, np.int64(LAST)), size


@inlined
def bare(text, start, end, signs, marks, tables):
    """Give the ends of a token without its punctuation, which is taken off where it is all that there is.

    `signs` counts the token's characters, `marks` the punctuation among them.
    """
    if 0 < marks <= 4 and signs - marks > 1:
        for first, last in ((start, start + marks), (end - marks, end)):
            code = 0
            for i in range(first, last):
                code = code * 256 + np.int64(text[i])
            for mark in tables.marks:
                if mark == code:
                    return (last, end) if first == start else (start, first)
    return start, end


@inlined
def has_nt(text, start, end):
    """Tell whether a token has n't in it, in small letters or large."""
    for i in range(start, end - 2):  # noqa: SIM110
        if text[i + 1] == 39 and text[i] | 32 == 110 and text[i + 2] | 32 == 116:
            return True
    return False


@inlined
def split(text, start, end, tables, low, words, exact, flags, starts, stops):
    """Take a text apart at white space, leaving out tokens of one character.

    `words`, `exact`, `flags`, `starts` and `stops` are written, from their beginning.

    Returns
    -------
    count : int
        The number of tokens.
    differ : bool
        Whether some tokens, but not all, are in capitals.
    """
    kinds = tables.kind
    count = capitals = 0
    i = start
    while i < end:
        first, signs, marks, cases = i, 0, 0, 0
        size = 1
        while i < end:
            if text[i] < 128:
                point, size = np.int64(text[i]), 1
            else:
                point, size = read(text, i, end)
            kind = kinds[point]
            if kind & SPACE:
                break
            signs, marks, cases = signs + 1, marks + (kind & MARK != 0), cases | kind
            i += size
        last = i
        i += size
        if signs < 2:
            continue
        first, last = bare(text, first, last, signs, marks, tables)
        word, small, _ = find(text, first, last, tables, low)
        caps = cases & UPPER != 0 and cases & LOWER == 0
        negates = tables.negation[word] if word >= 0 else marks > 0 and has_nt(text, first, last)
        words[count], exact[count], starts[count], stops[count] = word, word if small and word >= 0 else -2, first, last
        flags[count] = CAPS * caps + NEGATES * negates
        capitals += caps
        count += 1
    return count, 0 < capitals < count


@inlined
def first_like(text, j, starts, stops, seen, stamps, stamp):
    """Give the first token of this text that is written just like token j, which may be j itself.

    `seen` and `stamps`, a power of two long, are a hash table of tokens. What bears another stamp than `stamp`, the
    number of the text, is free there, so that nothing need be emptied.
    """
    code, length = SEED, stops[j] - starts[j]
    for i in range(starts[j], stops[j]):
        code = mix(code, text[i])
    slot = place(code, len(seen))
    while stamps[slot] == stamp:
        other = seen[slot]
        if stops[other] - starts[other] == length and same(text, starts[other], text, starts[j], length):
            return np.int64(other)
        slot = (slot + 1) & (len(seen) - 1)
    seen[slot], stamps[slot] = j, stamp
    return j
