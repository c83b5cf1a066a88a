"""The lexicon and the rules as arrays that compiled code can read."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

import numpy as np

from analysis.sentiment.rules import BOOSTERS, IDIOMS, NEGATIONS, PUNCTUATION

#: Words that a rule names stand first, so that compiled code knows them by their number.
NAMED = ("but", "kind", "of", "least", "at", "very", "never", "so", "this", "just", "enough", "sort")
#: What a character is.
SPACE, UPPER, LOWER, MARK = 1, 2, 4, 8
#: Beyond this code point no character has a case or is white space; all there count as this one, which is unassigned.
LAST = 0x1FFFF
#: The longest word that is looked up, in bytes.
LONGEST = 64


class Tables(NamedTuple):
    """What the scorer knows: words by an open hash table, what each is, idioms, kinds of characters.

    ``listed``, ``valence``, ``booster`` and ``negation`` have an entry a word, at its number; ``NAMED`` stand first.
    """

    slots: np.ndarray  # int32: number of a word, or -1
    ends: np.ndarray  # int32: where the letters of each word end
    letters: np.ndarray  # uint8
    listed: np.ndarray  # bool: whether it is in the lexicon
    valence: np.ndarray  # float64
    booster: np.ndarray  # float64: 0 where it is none
    negation: np.ndarray  # bool
    idioms: np.ndarray  # int32, three words each, -1 where there is none
    worth: np.ndarray  # float64
    marks: np.ndarray  # int64: the bytes of what may be taken off a word, as one number
    kind: np.ndarray  # uint8, of each code point up to LAST


def build(lexicon: Mapping[str, float]) -> Tables | None:
    """Make the tables of a lexicon.

    Parameters
    ----------
    lexicon : mapping of str to float
        Word to valence. Words with capitals are left out: no text in lower case holds them.

    Returns
    -------
    Tables or None
        The hash table is still empty, see :func:`analysis.sentiment.split.fill`. None where the lexicon can reach words
        beyond ASCII, which compiled code does not fold, or words longer than ``LONGEST``.
    """
    reached = {word: valence for word, valence in lexicon.items() if word == word.lower()}
    if not all(word.isascii() and len(word) <= LONGEST for word in reached):
        return None
    in_idioms = [word for idiom in IDIOMS for word in idiom.split()]
    known = list(dict.fromkeys([*NAMED, *in_idioms, *sorted(BOOSTERS), *sorted(NEGATIONS), *reached]))
    number = {word: i for i, word in enumerate(known)}
    idioms = np.full((len(IDIOMS), 3), -1, np.int32)
    for row, idiom in zip(idioms, IDIOMS, strict=True):
        row[: idiom.count(" ") + 1] = [number[word] for word in idiom.split()]
    return Tables(
        slots=np.full(1 << (4 * len(known)).bit_length(), -1, np.int32),
        ends=np.cumsum([0, *map(len, known)], dtype=np.int32),
        letters=np.frombuffer("".join(known).encode(), np.uint8),
        listed=np.array([word in reached for word in known]),
        valence=np.array([reached.get(word, 0.0) for word in known]),
        booster=np.array([BOOSTERS.get(word, 0.0) for word in known]),
        negation=np.array([word in NEGATIONS or "n't" in word for word in known]),
        idioms=idioms,
        worth=np.array(list(IDIOMS.values())),
        marks=np.array([int.from_bytes(mark.encode(), "big") for mark in PUNCTUATION]),
        kind=kinds(),
    )


@cache
def kinds() -> np.ndarray:
    """Say of each code point, as this Python does, what it is: space, upper or lower case, punctuation.

    Title case counts as lower case here: a word with either is not written in capitals.
    """
    from string import punctuation

    points = np.arange(LAST + 1, dtype="<u4").view("<U1")
    cased = np.char.isupper(points) * UPPER + (np.char.islower(points) | np.char.istitle(points)) * LOWER
    cased[cased == UPPER + LOWER] = UPPER  # "istitle" holds for capitals too
    kind = (np.char.isspace(points) * SPACE + cased).astype(np.uint8)
    kind[list(punctuation.encode())] |= MARK
    return kind
