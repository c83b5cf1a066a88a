"""VADER's words and numbers, and the same as arrays that compiled code can read.

The lists and constants are those of Hutto & Gilbert (2014), in the form that NLTK gives them; a test holds them equal
to NLTK's. They stand here because loading NLTK takes longer than scoring 100,000 posts.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import metadata, resources
from string import punctuation
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

#: A booster adds this much in the direction of the word that it strengthens; a dampener takes as much away.
BOOST = 0.293
#: Written in capitals among words that are not, a word gains this much.
CAPITALS = 0.733
#: A negated valence is multiplied by this.
NEGATION = -0.74
#: The weight of a booster right before the word, two words before, and three.
FADING = (1.0, 0.95, 0.9)
#: What stands before "but" counts half, what follows one and a half times.
BEFORE_BUT, AFTER_BUT = 0.5, 1.5
#: The strengthening of "never so" two words before, and of "so" or "this" where it reaches three words back.
NEVER_SO, SO_THIS = 1.5, 1.25
#: An exclamation mark (at most 4) and a question mark (2 or 3 of them) add this; 4 question marks and more, the last.
EXCLAMATION, QUESTION, QUESTIONS = 0.292, 0.18, 0.96
#: The sum s of the valences becomes s / sqrt(s² + 15).
ALPHA = 15

_NEGATIONS = """
    aint arent cannot cant couldnt darent didnt doesnt ain't aren't can't couldn't daren't didn't doesn't dont hadnt
    hasnt havent isnt mightnt mustnt neither don't hadn't hasn't haven't isn't mightn't mustn't neednt needn't never
    none nope nor not nothing nowhere oughtnt shant shouldnt uhuh wasnt werent oughtn't shan't shouldn't uh-uh wasn't
    weren't without wont wouldnt won't wouldn't rarely seldom despite
"""
_BOOSTERS = """
    absolutely amazingly awfully completely considerably decidedly deeply effing enormously entirely especially
    exceptionally extremely fabulously flipping flippin fricking frickin frigging friggin fully fucking greatly hella
    highly hugely incredibly intensely majorly more most particularly purely quite really remarkably so substantially
    thoroughly totally tremendously uber unbelievably unusually utterly very
"""
_DAMPENERS = """
    almost barely hardly kinda kindof kind-of less little marginally occasionally partly scarcely slightly somewhat
    sorta sortof sort-of
"""
NEGATIONS = frozenset(_NEGATIONS.split())
#: Two words that dampen what follows them, in small letters only.
DAMPENING_PAIRS = ("just enough", "kind of", "sort of")
BOOSTERS = {
    **dict.fromkeys(_BOOSTERS.split(), BOOST),
    **dict.fromkeys([*_DAMPENERS.split(), *DAMPENING_PAIRS], -BOOST),
}
#: What some words are worth together, in small letters only.
IDIOMS = {
    "the shit": 3.0,
    "the bomb": 3.0,
    "bad ass": 1.5,
    "yeah right": -2.0,
    "cut the mustard": 2.0,
    "kiss of death": -1.5,
    "hand to mouth": -2.0,
}
#: What is taken off a word, in front or behind, where it is all the punctuation that the word has.
PUNCTUATION = (
    ".", "!", "?", ",", ";", ":", "-", "'", '"', "!!", "!!!", "??", "???", "?!?", "!?!", "?!?!", "!?!?",
)  # fmt: skip


@cache
def valences() -> Mapping[str, float]:
    """Give VADER's word list: each entry with its valence, from -4 to 4.

    Examples
    --------
    >>> valences()["love"], "groped" in valences()
    (3.2, False)
    """
    lines = lexicon_bytes().decode("utf-8").split("\n")
    return MappingProxyType(
        {word: float(valence) for word, valence in (line.strip().split("\t")[:2] for line in lines)}
    )


def lexicon_bytes() -> bytes:
    """Give the file of the word list as the installed package vaderSentiment brings it."""
    return (resources.files("vaderSentiment") / "vader_lexicon.txt").read_bytes()


def lexicon() -> dict[str, object]:
    """Tell which word list and which VADER the scores are from.

    Returns
    -------
    dict
        ``package`` and ``version`` that the list comes with, its ``sha256`` and number of ``entries``, and ``scorer``,
        the implementation that the scores equal, with its version.
    """
    from hashlib import sha256

    return {
        "package": "vaderSentiment",
        "version": metadata.version("vaderSentiment"),
        "sha256": sha256(lexicon_bytes()).hexdigest(),
        "entries": len(valences()),
        "scorer": f"NLTK {metadata.version('nltk')}",
    }


#: Words that a rule names stand first, so that compiled code knows them by their number.
NAMED = ("but", "kind", "of", "least", "at", "very", "never", "so", "this", "just", "enough", "sort")
#: What a character is.
SPACE, UPPER, LOWER, MARK = 1, 2, 4, 8
#: Beyond this code point no character has a case or is white space; all there count as this one, which is unassigned.
LAST = 0x1FFFF
#: The longest word that is looked up, in bytes.
LONGEST = 64


class Tables(NamedTuple):
    """The lexicon and the rules as arrays: words by an open hash table, what each is, idioms, kinds of characters.

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


def make_tables(lexicon: Mapping[str, float]) -> Tables | None:
    """Make the tables of a lexicon, which gives words their valence; the hash table is still empty.

    Words with capitals are left out: no text in lower case holds them. None where the lexicon can reach words beyond
    ASCII, which compiled code does not fold, or words longer than ``LONGEST``.
    """
    reached = {word: valence for word, valence in lexicon.items() if word == word.lower()}
    if not all(word.isascii() and len(word) <= LONGEST for word in reached):
        return None
    in_idioms = [word for idiom in IDIOMS for word in idiom.split()]
    words = list(dict.fromkeys([*NAMED, *in_idioms, *sorted(BOOSTERS), *sorted(NEGATIONS), *reached]))
    number = {word: i for i, word in enumerate(words)}
    idioms = np.full((len(IDIOMS), 3), -1, np.int32)
    for row, idiom in zip(idioms, IDIOMS, strict=True):
        row[: idiom.count(" ") + 1] = [number[word] for word in idiom.split()]
    return Tables(
        slots=np.full(1 << (4 * len(words)).bit_length(), -1, np.int32),
        ends=np.cumsum([0, *map(len, words)], dtype=np.int32),
        letters=np.frombuffer("".join(words).encode(), np.uint8),
        listed=np.array([word in reached for word in words]),
        valence=np.array([reached.get(word, 0.0) for word in words]),
        booster=np.array([BOOSTERS.get(word, 0.0) for word in words]),
        negation=np.array([word in NEGATIONS or "n't" in word for word in words]),
        idioms=idioms,
        worth=np.array(list(IDIOMS.values())),
        marks=np.array([int.from_bytes(mark.encode(), "big") for mark in PUNCTUATION]),
        kind=character_kinds(),
    )


@cache
def character_kinds() -> np.ndarray:
    """Say of each code point, as this Python does, what it is: space, upper or lower case, punctuation.

    Title case counts as lower case here: a word with either is not written in capitals.
    """
    points = np.arange(LAST + 1, dtype="<u4").view("<U1")
    cased = np.char.isupper(points) * UPPER + (np.char.islower(points) | np.char.istitle(points)) * LOWER
    cased[cased == UPPER + LOWER] = UPPER  # "istitle" holds for capitals too
    kind = (np.char.isspace(points) * SPACE + cased).astype(np.uint8)
    kind[list(punctuation.encode())] |= MARK
    return kind
