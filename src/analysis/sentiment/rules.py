"""VADER's words and numbers: the lexicon, what negates, what strengthens, and by how much.

The lists and constants are those of Hutto & Gilbert (2014), in the form that NLTK gives them; a test holds them equal
to NLTK's. They stand here because loading NLTK takes longer than scoring 100,000 posts.
"""

from __future__ import annotations

from functools import cache
from importlib import metadata, resources

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
def lexicon_words() -> dict[str, float]:
    """Give VADER's word list: the valence of each entry, from -4 to 4.

    >>> lexicon_words()["love"]
    3.2
    """
    lines = lexicon_bytes().decode("utf-8").split("\n")
    return {word: float(valence) for word, valence in (line.strip().split("\t")[:2] for line in lines)}


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
        "entries": len(lexicon_words()),
        "scorer": f"NLTK {metadata.version('nltk')}",
    }


def valence(word: str) -> float:
    """Give the valence of a word in VADER's list.

    Parameters
    ----------
    word : str
        In small letters or large.

    Returns
    -------
    float
        From -4 to 4; NaN where the list does not know it.

    Examples
    --------
    >>> valence("love"), valence("groped")
    (3.2, nan)
    """
    return lexicon_words().get(word.lower(), float("nan"))


def valences() -> dict[str, float]:
    """Give VADER's whole list: each entry with its valence from -4 to 4.

    Examples
    --------
    >>> valences()["love"], "groped" in valences()
    (3.2, False)
    """
    return dict(lexicon_words())
