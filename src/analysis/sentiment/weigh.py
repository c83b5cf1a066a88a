"""VADER's rules in compiled code, over the numbered words of many texts.

Each function mirrors what NLTK does, step by step and addition by addition, so that every rounding error is the same.
What is said of numba's cache in :mod:`analysis.sentiment.split` holds here, and of that module's functions, too.
"""

from __future__ import annotations

import math

import numpy as np

from analysis.sentiment.rules import (
    AFTER_BUT,
    ALPHA,
    BEFORE_BUT,
    BOOST,
    CAPITALS,
    EXCLAMATION,
    FADING,
    NEGATION,
    NEVER_SO,
    QUESTION,
    QUESTIONS,
    SO_THIS,
)
from analysis.sentiment.split import (
    AT,
    BUT,
    CAPS,
    ENOUGH,
    JUST,
    KIND,
    LEAST,
    NEGATES,
    NEVER,
    OF,
    SO,
    SORT,
    THIS,
    VERY,
    compiled,
    fill,
    first_like,
    inlined,
    split,
    works,
)
from analysis.sentiment.tables import LONGEST

__all__ = ["fill", "make_room", "score", "word_room", "works"]

#: Whether Python's own sum() makes up for rounding errors, as it does since 3.12.
COMPENSATES = sum([0.1] * 10) == 1.0


def make_room(longest: int) -> tuple[np.ndarray, ...]:
    """Give room to work in for texts of up to so many bytes; threads need one each.

    Parameters
    ----------
    longest : int
        Bytes of the longest text.

    Returns
    -------
    tuple of ndarray
        ``words``, ``exact``, ``flags``, ``starts``, ``stops`` (int64) and ``values`` (float64), of the same length;
        ``seen`` and ``stamps`` (int64; a power of two); ``low`` (uint8). Only :func:`score` need know them.
    """
    tokens = (longest + 1) // 3 + 1  # a token has two bytes at least, and a space after it
    slots = 1 << (2 * tokens).bit_length()
    numbers = [np.empty(tokens, np.int64) for _ in range(5)]
    return *numbers, np.empty(tokens), np.empty(slots, np.int64), np.full(slots, -1, np.int64), word_room()


def word_room() -> np.ndarray:
    """Give room for a word in lower case; a Kelvin sign takes three bytes before and one after."""
    return np.empty(3 * LONGEST, np.uint8)


@inlined
def together(exact, i, count, tables, value):
    """Give the valence that the idioms around token i leave, and take off what dampening pairs before it do.

    `value` is the valence so far. Three tokens at least stand before token i.
    """
    for first, size in ((i - 1, 2), (i - 2, 3), (i - 2, 2), (i - 3, 3), (i - 3, 2)):
        worth = idiom(exact, first, size, tables)
        if not math.isnan(worth):
            value = worth
            break
    for size in (2, 3):
        if count >= i + size:
            worth = idiom(exact, i, size, tables)
            if not math.isnan(worth):
                value = worth
    for first in (i - 3, i - 2):
        a, b = exact[first], exact[first + 1]
        if (a == JUST and b == ENOUGH) or (b == OF and a in (KIND, SORT)):
            return value - BOOST
    return value


@inlined
def idiom(exact, first, size, tables):
    """Give the worth of the idiom that the tokens from `first` on make; NaN where they make none."""
    one, two, three = exact[first], exact[first + 1], exact[first + 2] if size == 3 else -1
    for k in range(len(tables.worth)):
        if tables.idioms[k, 0] == one and tables.idioms[k, 1] == two and tables.idioms[k, 2] == three:
            return tables.worth[k]
    return math.nan


@inlined
def weigh(i, count, differ, words, flags, exact, tables):
    """Give the valence of token i, which must be in the lexicon, mended by the tokens around it.

    `count` is the number of tokens, and `differ` whether some but not all of them are in capitals.
    """
    value = tables.valence[words[i]]
    if differ and flags[i] & CAPS:
        value = value + CAPITALS if value > 0 else value - CAPITALS
    for back in range(3):
        j = i - back - 1
        if j < 0 or (words[j] >= 0 and tables.listed[words[j]]):
            continue
        boost = tables.booster[words[j]] if words[j] >= 0 else 0.0
        if boost != 0:
            if value < 0:
                boost = -boost
            if differ and flags[j] & CAPS:
                boost = boost + CAPITALS if value > 0 else boost - CAPITALS
            value = value + boost * FADING[back]
        if back == 1 and exact[i - 2] == NEVER and (exact[i - 1] == SO or exact[i - 1] == THIS):
            value = value * NEVER_SO
        elif back == 2 and (
            (exact[i - 3] == NEVER and (exact[i - 2] == SO or exact[i - 2] == THIS))
            or exact[i - 1] == SO
            or exact[i - 1] == THIS
        ):
            value = value * SO_THIS
        elif flags[j] & NEGATES:
            value = value * NEGATION
        if back == 2:
            value = together(exact, i, count, tables, value)
    least = i > 0 and words[i - 1] == LEAST and not tables.listed[LEAST]
    if least and (i == 1 or (words[i - 2] != AT and words[i - 2] != VERY)):
        value = value * NEGATION
    return value


@inlined
def total(values, count, but):
    """Add the valences of the tokens up, in their order; `but` is the position of the first "but", or -1.

    Returns
    -------
    whole : float
        The sum of all, weighed before and after "but".
    positive, negative : float
        The sums of those above and below 0, each valence 1 further from 0, as VADER counts a word beside its valence.
    neutral : int
        How many are 0.
    """
    whole = lost = positive = negative = 0.0
    neutral = 0
    for i in range(count):
        value = values[i]
        if value == 0:
            neutral += 1
            continue
        if but >= 0 and i != but:
            value = value * (BEFORE_BUT if i < but else AFTER_BUT)
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
    return min(shouts, 4) * EXCLAMATION + (0.0 if asks < 2 else asks * QUESTION if asks < 4 else QUESTIONS)


@compiled
def score(text, ends, begin, stop, tables, room, out, near):
    """Score the texts from `begin` to `stop` into `out`; mark in `near` what is too near a tie to round.

    Threads may score different texts at once, into the same arrays, each in a room of its own.

    Parameters
    ----------
    text : ndarray of uint8
        UTF-8 bytes.
    ends : ndarray of int64, shape (texts + 1,)
        Text k is ``text[ends[k]:ends[k + 1]]``.
    begin, stop : int
        The first text, and the one after the last.
    tables : Tables
        After :func:`analysis.sentiment.split.fill`.
    room : tuple of ndarray
        From :func:`make_room`, for the longest of these texts; fresh for each call.
    out : ndarray of float64, shape (texts, 4)
        Is written: neg, neu, pos, rounded to 3 digits, and compound, to 4. All are 0 in a text without tokens.
    near : ndarray of bool, shape (texts, 4)
        False before; True afterwards where a score was left as it is, for Python to round.
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
                values[i] = weigh(i, count, differ, words, flags, exact, tables)
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
        out[k, 3] = whole / math.sqrt(whole * whole + ALPHA)
        for column in range(4):
            scale = 1000.0 if column < 3 else 10000.0
            steps = out[k, column] * scale
            if abs(steps - math.floor(steps) - 0.5) < 1e-6:
                near[k, column] = True
            else:
                out[k, column] = np.rint(steps) / scale
