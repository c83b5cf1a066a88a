"""Tell the answer "me too" from other uses of these words; :func:`analysis.words.says_me_too` is the way in.

The forms and their languages stand in ``data/answers.csv``. The rules:

1. A tag counts if, without accents, capitals and the digits or underscores at its end, it is one that is listed, or if
   it begins with ``metoo``.
2. Words count if they are a sentence of their own, or nearly. They stand at the beginning of the text or of a sentence
   (or are written with a capital within it), after a short opening ("Yes, me too"), and what follows is the end,
   an emoji, a tag, three words at most behind a comma ("Me too, I'm afraid"), "and", or words that tell when, where or
   how often ("Me too at work"). Or they end a sentence, behind a comma ("Obviously, me too") or "and".
3. They do not count behind a question ("Hungry? Me too"), nor inside a sentence ("He likes me too", "Me too, I also
   need coffee").

What no rule here can tell: "She said she is tired. Me too." Such posts are found, and are wrong.
"""

from __future__ import annotations

import csv
import unicodedata
from functools import cache

import regex

_TAG_START = "metoo"
_OPENING = (
    "yes|yep|yeah|yup|and|so|but|well|ok|okay|oh|sadly|unfortunately|of course|same|also|absolutely|definitely|"
    "sí|y|si|claro|oui|et|ja|und|och|sì|e|eh|sim"
)
_AND = "and|et|mais|y|und|och|en|e|but"
_TAIL = (
    "sadly|unfortunately|always|again|and again|obviously|of course|sis(?:ter)?s?|girl|friends?|everyone|"
    "all of (?:it|us)|"
    "many|too many|so many|more|multiple|several|countless|twice|once|every|most|"
    "when|in|at|on|by|as|since|from|for|before|after|over|with|and (?:more|my|so|every)|"
    "muchas|trop|mehr|oft|sul|in|molte|muitas"
)


@cache
def _forms():
    from analysis.posts import find_root

    with (find_root() / "data" / "answers.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    tags = {_plain(row["form"]) for row in rows if row["kind"] == "tag"}
    answers = [row["form"] for row in rows if row["kind"] == "answer" and "whole text" not in row["note"]]
    whole = {_plain(row["form"]) for row in rows if row["kind"] == "answer"}
    words = sorted({_folded(max(form.split(), key=len)) for form in answers}, key=len)
    rare = tuple(word for i, word in enumerate(words) if not any(part in word for part in words[:i]))
    return tags, _pattern(answers), whole, rare


def _folded(text: str) -> str:
    """Bring to one form what a pattern takes for the same where capitals do not matter, the Turkish i among it."""
    return text.casefold().replace("\u0307", "").replace("ı", "i")


def _plain(text: str) -> str:
    """Fold a tag: no capitals, no accents, nothing at its end that only numbers it."""
    text = "".join(
        letter for letter in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(letter)
    )
    return text.rstrip("_0123456789") or text


def _pattern(answers):
    """Make the pattern of an answer in words; between its words a comma may stand."""
    forms = [r"\s*[,،、]?\s+".join(map(regex.escape, form.split())) for form in sorted(answers, key=len, reverse=True)]
    said = "|".join(forms)
    # A sentence begins at the start, after a mark that ends one, after an emoji or a line end; or a capital shows it.
    begins = r"^|[.!…。！:;\n\p{So}\uFE0F\"“”*)(]\s*|(?<=[^?？\s]\s)(?=(?-i:\p{Lu}))"
    opening = rf"(?:(?:{_OPENING})\b[,.!…]*\s+){{0,2}}"
    aside = r"(?:[\w'’]+\s+){0,3}[\w'’]+\s*,\s*"
    joined = rf"(?:\b(?:{_AND})\s+|&\s*)"
    ends = r"\s*(?:$|[.!…。！\n\"“”*)(;~\p{So}\p{Sk}])|\s*[:<]+[3()/]|\s*[,،]\s*$"
    tail = rf"\s*[,،、–—-]*\s*(?:{_TAIL})\b|\s*,?\s+(?:{_AND})\b|\s*,(?:\s+[\w'’]+){{1,3}}\s*(?:$|[.!…\n\p{{So}}])"
    alone = rf"(?:{begins}){opening}(?:{said})(?:{ends}|{tail})"
    behind = rf"(?:(?:{begins}){aside}|{joined})(?:{said})(?:{ends})"
    return regex.compile(f"{alone}|{behind}", regex.IGNORECASE | regex.MULTILINE)


def has_tag(tags) -> bool:
    """Tell whether one of a text's tags (without ``#``) is one of the call's."""
    known = _forms()[0]
    return any(plain.startswith(_TAG_START) or plain in known for plain in map(_plain, tags))


def has_answer(text: str) -> bool:
    """Tell whether a text, cleaned and without tags, holds the answer in words."""
    _, pattern, whole, rare = _forms()
    folded = _folded(text)
    if any(word in folded for word in rare) and pattern.search(text):
        return True
    return _plain(text.strip(" .!,…")) in whole
