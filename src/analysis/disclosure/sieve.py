"""Which patterns a text can match at all, told from its words: most texts then meet few of the slow patterns.

A pattern is read once for what no match can do without: "grabbed (?:me|my arm)" needs "grabbed", and "me" or "my". Such
a need is a set of pieces of words of which one must stand in the text, at the beginning or the end of a word where the
pattern says so. A word of a text is looked up once, however often it is written. Where a pattern cannot be read in this
way it is always tried, so no answer ever changes.
"""

from __future__ import annotations

import re
from functools import lru_cache

import regex

try:  # the standard library's reader of patterns; it is public in all but name
    from re import _constants as ops
    from re import _parser as reader
except ImportError:  # then every pattern is tried
    reader = None

_BEGINS, _ENDS = "\x02", "\x03"  # stand for the edges of a word
_PART = regex.compile(r"\w")
_BRACES = re.compile(r"\{[0-9]+(?:,[0-9]*)?\}")


class Sieve:
    """What is needed by all patterns that were added, and which needs a text meets."""

    def __init__(self):
        self._bits: dict[frozenset, int] = {}
        self._pieces: dict[str, int] = {}
        self._longest = 0
        self._word = lru_cache(maxsize=2**16)(self._of_word)

    def add(self, pattern: regex.Pattern, source: str) -> Sifted:
        """Add a pattern.

        Parameters
        ----------
        pattern : regex.Pattern
            Compiled from `source` with something around it that needs nothing.
        source : str

        Returns
        -------
        Sifted
            To be asked with what :meth:`met` gives from now on. Where nothing can be read off `source`, it is always
            tried.
        """
        ways = _ways(source)
        if not ways or not all(ways):
            return Sifted(pattern, None, ())
        needs = tuple({sum({self._bit(need) for need in way}) for way in ways})
        self._word.cache_clear()  # words that were looked up before know nothing of these needs
        return Sifted(pattern, self._bit(frozenset().union(*map(_best, ways))), needs)

    def _bit(self, need):
        if need not in self._bits:
            self._bits[need] = 1 << len(self._bits)
            for piece in need:
                self._pieces[piece] = self._pieces.get(piece, 0) | self._bits[need]
                self._longest = max(self._longest, len(piece))
        return self._bits[need]

    def met(self, text: str) -> int:
        """Give the needs that a text meets, a bit each: once a text, for all patterns that were added before."""
        found = 0
        for word in _folded(text).split():
            found |= self._word(word)
        return found

    def _of_word(self, word):
        plain = word.isascii() and word.isalnum()
        found, edge = 0, [True, *(not (plain or _PART.match(sign)) for sign in word), True]
        for begin in range(len(word)):
            for end in range(begin + 1, min(len(word), begin + self._longest) + 1):
                piece = word[begin:end]
                found |= self._pieces.get(piece, 0)
                if edge[begin]:
                    found |= self._pieces.get(_BEGINS + piece, 0)
                if edge[end + 1]:
                    found |= self._pieces.get(piece + _ENDS, 0)
                    found |= self._pieces.get(_BEGINS + piece + _ENDS, 0) if edge[begin] else 0
        return found


class Sifted:
    """A pattern that is tried only on texts that meet what it needs."""

    def __init__(self, pattern, first, needs):
        self.pattern, self._first, self._needs = pattern, first, needs

    def may(self, met: int) -> bool:
        """Say whether a text can match that meets these needs, as :meth:`Sieve.met` gives them; False is certain."""
        if self._first is None:
            return True
        if not self._first & met:
            return False
        for need in self._needs:  # noqa: SIM110 - this runs fifty times a text, and a generator takes twice as long
            if need & met == need:
                return True
        return False

    def within(self, text: str, met: int) -> bool:
        """Say whether it matches somewhere."""
        return self.may(met) and self.pattern.search(text) is not None

    def count(self, text: str, met: int) -> int:
        """Count its matches."""
        return len(self.pattern.findall(text)) if self.may(met) else 0


def _folded(text):
    """Bring to one form what counts as the same letter where capitals do not matter, the Turkish i among it."""
    return text.casefold().replace("\u0307", "").replace("ı", "i")


def _ways(source):
    """Give the ways to match a pattern, each as what it needs; nothing where the pattern cannot be read."""
    if reader is None or "{" in _BRACES.sub("", source):  # such as {e<=1}, which only the package regex knows
        return []
    try:
        return _parted(reader.parse(source))
    except (re.error, RecursionError):
        return []


def _parted(items):
    """Part a sequence that is nothing but a choice into what may be chosen."""
    if len(items) == 1 and items[0][0] is ops.BRANCH:
        return [need for way in items[0][1][1] for need in _parted(way)]
    if len(items) == 1 and items[0][0] is ops.SUBPATTERN:
        return _parted(items[0][1][3])
    return [_needs(items)]


def _needs(items, begins=True, ends=True):
    """Give what a sequence needs; `begins` and `ends` say whether it stands at the edges of a word."""
    found, run, edge = [], "", begins
    items = list(items)
    for place, (op, what) in enumerate(items):
        last = place + 1 == len(items)
        closes = ends if last else _space(items[place + 1])
        if op is ops.LITERAL and not _space((op, what)):
            run = run + chr(what) if run else (_BEGINS if edge else "") + chr(what)
            if last or items[place + 1][0] is not ops.LITERAL or closes:
                found.append(frozenset([_folded(run) + (_ENDS if closes else "")]))
                run = ""
        elif op is ops.SUBPATTERN:
            found += _needs(what[3], edge, closes)
        elif op is ops.BRANCH:
            ways = [_needs(way, edge, closes) for way in what[1]]
            found += [frozenset().union(*map(_best, ways))] if all(ways) else []
        elif op in (ops.MAX_REPEAT, ops.MIN_REPEAT) and what[0]:
            found += _needs(what[2], edge, False)
        edge = _space((op, what)) or (edge and op in (ops.MAX_REPEAT, ops.MIN_REPEAT) and _spaced(what[2]))
    return [need for need in found if not need & {"", _BEGINS, _ENDS, _BEGINS + _ENDS}]


def _space(item):
    return item[0] is ops.LITERAL and chr(item[1]).isspace()


def _spaced(items):
    """Say whether a sequence ends with a space, so that what stands behind it is at the edge of a word."""
    op, what = items[-1]
    return _spaced(what[3]) if op is ops.SUBPATTERN else _space((op, what))


def _best(needs):
    """Choose the need that the fewest texts are likely to meet: long pieces, and few of them."""
    return max(needs, key=lambda need: (min(map(len, need)), -len(need), sorted(need)))
