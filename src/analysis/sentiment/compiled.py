"""VADER in compiled code: from the UTF-8 bytes of many texts to their scores, just as NLTK comes to them.

Each function mirrors what NLTK does, step by step and addition by addition, so that every rounding error is the same.
Nothing is remembered from one text to the next. What is compiled stands on disk in a folder of its own for each state
of the two files that go into it: numba alone would look at one, and take what an older state of the other left there.

What the functions share:

- ``text``, uint8: the UTF-8 bytes of many texts, one after the other; ``start`` and ``end`` cut one, or a word, out.
- ``tables``: see :class:`analysis.sentiment.rules.Tables`; a word's number is its position there.
- ``low``, uint8: room for one word in small letters.
- of each token of the text at hand, int64: ``words``, its number or -1; ``exact``, the same where it is written in
  small letters, else -2; ``flags``, sums of ``CAPS`` and ``NEGATES``; ``starts`` and ``stops``, its bytes without
  punctuation.
"""

from __future__ import annotations

import math
from functools import cache
from hashlib import sha256
from pathlib import Path

import numpy as np
from numba import config, njit

from analysis.sentiment import rules

BUT, KIND, OF, LEAST, AT, VERY, NEVER, SO, THIS, JUST, ENOUGH, SORT = range(len(rules.NAMED))
#: What is known of a token: whether it is in capitals, and negates.
CAPS, NEGATES = 1, 2
SEED = np.uint64(14695981039346656037)


def compiled(function, inline="never"):
    """Compile a function, and keep it on disk where there is a place to. While it runs, other Python threads do.

    Nothing is allocated in there, so that nobody need count who refers to which array: half of the time went into that.
    Where numba no longer knows the option ``_nrt``, the scores are the same.
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
    sources = [Path(__file__).with_name(f"{name}.py").read_bytes() for name in ("rules", "compiled")]
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
def slot_of(code, size):
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
    """Look a word up in lower case: give its number, whether it was written so, and its place in ``tables.slots``.

    The number is -1 where it is not in the tables, too long, or has a letter that is not ASCII; the place is then the
    free one where it would stand.
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
    slot = slot_of(code, len(tables.slots))
    while tables.slots[slot] >= 0:
        word = tables.slots[slot]
        first = tables.ends[word]
        if tables.ends[word + 1] - first == length and same(low, 0, tables.letters, first, length):
            return np.int64(word), exact, slot
        slot = (slot + 1) & (len(tables.slots) - 1)
    return -1, exact, slot


@compiled
def fill(tables, low):
    """Put the words into the hash table, which changes ``tables.slots``: once, before anything is scored."""
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
    return min(point, np.int64(rules.LAST)), size


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

    `words`, `exact`, `flags`, `starts` and `stops` are written, from their beginning. Gives the number of tokens, and
    whether some of them, but not all, are in capitals.
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
            if kind & rules.SPACE:
                break
            signs, marks, cases = signs + 1, marks + (kind & rules.MARK != 0), cases | kind
            i += size
        last = i
        i += size
        if signs < 2:
            continue
        first, last = bare(text, first, last, signs, marks, tables)
        word, small, _ = find(text, first, last, tables, low)
        caps = cases & rules.UPPER != 0 and cases & rules.LOWER == 0
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
    slot = slot_of(code, len(seen))
    while stamps[slot] == stamp:
        other = seen[slot]
        if stops[other] - starts[other] == length and same(text, starts[other], text, starts[j], length):
            return np.int64(other)
        slot = (slot + 1) & (len(seen) - 1)
    seen[slot], stamps[slot] = j, stamp
    return j


#: Whether Python's own sum() makes up for rounding errors, as it does since 3.12.
COMPENSATES = sum([0.1] * 10) == 1.0


def make_room(longest: int) -> tuple[np.ndarray, ...]:
    """Give room to work in for texts of up to so many bytes, as :func:`score_texts` needs it; threads need one each."""
    tokens = (longest + 1) // 3 + 1  # a token has two bytes at least, and a space after it
    slots = 1 << (2 * tokens).bit_length()
    numbers = [np.empty(tokens, np.int64) for _ in range(5)]
    return *numbers, np.empty(tokens), np.empty(slots, np.int64), np.full(slots, -1, np.int64), word_room()


def word_room() -> np.ndarray:
    """Give room for a word in lower case; a Kelvin sign takes three bytes before and one after."""
    return np.empty(3 * rules.LONGEST, np.uint8)


@inlined
def after_idioms(exact, i, count, tables, value):
    """Give the valence that the idioms around token i leave, and take off what dampening pairs before it do.

    `value` is the valence so far. Three tokens at least stand before token i.
    """
    for first, size in ((i - 1, 2), (i - 2, 3), (i - 2, 2), (i - 3, 3), (i - 3, 2)):
        worth = idiom_worth(exact, first, size, tables)
        if not math.isnan(worth):
            value = worth
            break
    for size in (2, 3):
        if count >= i + size:
            worth = idiom_worth(exact, i, size, tables)
            if not math.isnan(worth):
                value = worth
    for first in (i - 3, i - 2):
        a, b = exact[first], exact[first + 1]
        if (a == JUST and b == ENOUGH) or (b == OF and a in (KIND, SORT)):
            return value - rules.BOOST
    return value


@inlined
def idiom_worth(exact, first, size, tables):
    """Give the worth of the idiom that the tokens from `first` on make; NaN where they make none."""
    one, two, three = exact[first], exact[first + 1], exact[first + 2] if size == 3 else -1
    for k in range(len(tables.worth)):
        if tables.idioms[k, 0] == one and tables.idioms[k, 1] == two and tables.idioms[k, 2] == three:
            return tables.worth[k]
    return math.nan


@inlined
def valence_in_context(i, count, differ, words, flags, exact, tables):
    """Give the valence of token i, which must be in the lexicon, mended by the tokens around it.

    `count` is the number of tokens, and `differ` whether some but not all of them are in capitals.
    """
    value = tables.valence[words[i]]
    if differ and flags[i] & CAPS:
        value = value + rules.CAPITALS if value > 0 else value - rules.CAPITALS
    for back in range(3):
        j = i - back - 1
        if j < 0 or (words[j] >= 0 and tables.listed[words[j]]):
            continue
        boost = tables.booster[words[j]] if words[j] >= 0 else 0.0
        if boost != 0:
            if value < 0:
                boost = -boost
            if differ and flags[j] & CAPS:
                boost = boost + rules.CAPITALS if value > 0 else boost - rules.CAPITALS
            value = value + boost * rules.FADING[back]
        if back == 1 and exact[i - 2] == NEVER and (exact[i - 1] == SO or exact[i - 1] == THIS):
            value = value * rules.NEVER_SO
        elif back == 2 and (
            (exact[i - 3] == NEVER and (exact[i - 2] == SO or exact[i - 2] == THIS))
            or exact[i - 1] == SO
            or exact[i - 1] == THIS
        ):
            value = value * rules.SO_THIS
        elif flags[j] & NEGATES:
            value = value * rules.NEGATION
        if back == 2:
            value = after_idioms(exact, i, count, tables, value)
    least = i > 0 and words[i - 1] == LEAST and not tables.listed[LEAST]
    if least and (i == 1 or (words[i - 2] != AT and words[i - 2] != VERY)):
        value = value * rules.NEGATION
    return value


@inlined
def total(values, count, but):
    """Add the valences of the tokens up, in their order; `but` is the position of the first "but", or -1.

    Gives the sum of all, weighed before and after "but"; the sums of those above and of those below 0, each valence 1
    further from 0, as VADER counts a word beside its valence; and how many are 0.
    """
    whole = lost = positive = negative = 0.0
    neutral = 0
    for i in range(count):
        value = values[i]
        if value == 0:
            neutral += 1
            continue
        if but >= 0 and i != but:
            value = value * (rules.BEFORE_BUT if i < but else rules.AFTER_BUT)
        if COMPENSATES:  # as Python: Neumaier 1974, doi:10.1002/zamm.19740540106
            more = whole + value
            lost += (whole - more) + value if abs(whole) >= abs(value) else (value - more) + whole
            whole = more
        else:
            whole += value
        if value > 0:
            positive += value + 1
        else:
            negative += value - 1
    return whole + lost, positive, negative, neutral


@inlined
def emphasis(text, start, end):
    """Give what the exclamation and question marks of a text add to its sum of valences, from 0 up."""
    shouts = asks = 0
    for i in range(start, end):
        shouts += text[i] == 33
        asks += text[i] == 63
    asked = 0.0 if asks < 2 else asks * rules.QUESTION if asks < 4 else rules.QUESTIONS
    return min(shouts, 4) * rules.EXCLAMATION + asked


@compiled
def score_texts(text, ends, begin, stop, tables, room, out, near):
    """Score the texts from `begin` to `stop` into `out`; mark in `near` what is too near a tie to round.

    Threads may score different texts at once, into the same arrays, each in a room of its own.
    """
    words, exact, flags, starts, stops, values, seen, stamps, low = room
    for k in range(begin, stop):
        start, end = ends[k], ends[k + 1]
        count, differ = split(text, start, end, tables, low, words, exact, flags, starts, stops)
        for column in range(4):
            out[k, column] = 0.0
        if count == 0:
            continue
        but = -1
        for i in range(count):
            word = words[i]
            if word == BUT and but < 0:
                but = i
            values[i] = 0.0
            if word < 0 or not tables.listed[word]:
                continue
            first = first_like(text, i, starts, stops, seen, stamps, k)
            if first < i:
                values[i] = values[first]
            elif tables.booster[word] == 0 and not (word == KIND and i + 1 < count and words[i + 1] == OF):
                values[i] = valence_in_context(i, count, differ, words, flags, exact, tables)
        whole, positive, negative, neutral = total(values, count, but)
        marks = emphasis(text, start, end)
        if whole != 0:
            whole += marks if whole > 0 else -marks
        if positive > -negative:
            positive += marks
        elif positive < -negative:
            negative -= marks
        parts = positive - negative + neutral
        out[k, 0], out[k, 1], out[k, 2] = abs(negative / parts), neutral / parts, positive / parts
        out[k, 3] = whole / math.sqrt(whole * whole + rules.ALPHA)
        for column in range(4):
            scale = 1000.0 if column < 3 else 10000.0
            steps = out[k, column] * scale
            if abs(steps - math.floor(steps) - 0.5) < 1e-6:
                near[k, column] = True
            else:
                out[k, column] = np.rint(steps) / scale
