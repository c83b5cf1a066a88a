"""From the text of a post to its words and tags in any script, and whether it answers "me too".

Posts hold links, handles, tags, HTML entities and two kinds of apostrophe. The functions take one text each; their
examples show what they do.
"""

from __future__ import annotations

import csv
import html
import unicodedata
from collections.abc import Iterable
from functools import cache

import numpy as np
import pandas as pd
import regex

# What may stand in a tag beside letters: marks, digits, the underscore, the joiners of Persian and Indic, a few dots.
_MORE = r"\p{M}\p{Nd}_\u200c\u200d\u00b7\u05f3\u05f4\u30fb"
_TAG = rf"[#＃][{_MORE}]*+\p{{L}}[\p{{L}}{_MORE}]*+"
_HASHTAG = regex.compile(rf"(?<![\p{{L}}{_MORE}&]){_TAG}(?![#＃])")
# A word: a whole tag, or letters with their marks and digits, joined by apostrophes or hyphens.
_RUN = r"[\p{L}\p{M}\p{N}\u200c\u200d]++"
_WORD = regex.compile(rf"{_TAG}|(?=[\p{{L}}\p{{N}}]){_RUN}(?:['’‑-]{_RUN})*+")
# A link ends at a space, or where a script without capitals begins: such scripts are often written without spaces.
_LINK = regex.compile(r"(?:https?://|www\.|pic\.twitter\.com/|\bt\.co/)[^\s\p{Lo}]*+", regex.IGNORECASE)
_MAIL = regex.compile(r"(?<![\p{L}\p{N}_.+-])[\p{L}\p{N}_.+-]++@[\p{L}\p{N}-]++(?:\.[\p{L}\p{N}-]++)++")
# Handles as on Twitter and Instagram (@name), Bluesky (@name.example.org) and Mastodon (@name@example.org).
_NAME = r"[\p{L}\p{N}_]++(?:[.-][\p{L}\p{N}_]++)*+"
_MENTION = regex.compile(rf"(?<![\p{{L}}\p{{N}}_@＠])[@＠]{_NAME}(?:@{_NAME})?+:?+")
# What stands for something that was masked, see analysis.privacy.
_MASK = regex.compile(r"\[(?:mention|link|mail|number)\]:?")
_REPOST = regex.compile(r"^\s*RT\s+(?=[@＠]|\[mention\])")


def clean(text: str) -> str:
    """Take out what is not the writer's words: links, handles, mail addresses, masks and the ``RT`` of a repost.

    Parameters
    ----------
    text : str
        As posted. HTML entities (``&amp;``) are undone first.

    Returns
    -------
    str
        In Unicode's composed form (NFC), with runs of white space folded into one space. Tags, emoji and
        capitals stay.

    Examples
    --------
    >>> clean("RT @someone: Women &amp; men,  read this https://example.org/a?b=c #MeToo")
    'Women & men, read this #MeToo'
    """
    text = unicodedata.normalize("NFC", html.unescape(text))
    text = _LINK.sub(" ", _MASK.sub(" ", _REPOST.sub("", text)))
    text = _MAIL.sub(" ", _MENTION.sub(" ", text))
    return " ".join(text.split())


def tokens(text: str) -> list[str]:
    """Give the words of a text in lower case; a tag counts as one word and keeps its ``#``.

    Parameters
    ----------
    text : str
        It is cleaned first, see :func:`clean`.

    Returns
    -------
    list of str
        In the order of the text. A word is a run of letters (with their accents and vowel signs) or digits;
        apostrophes and hyphens inside hold it together, and every apostrophe comes out straight. Punctuation and
        emoji are no words. Scripts that put no spaces between words (Chinese, Japanese, Thai) come out as long
        runs: they need a segmenter of their own.

    Examples
    --------
    >>> tokens("I didn’t know my boss's wife, @someone. Co-worker, 2017! #MeToo")
    ['i', "didn't", 'know', 'my', "boss's", 'wife', 'co-worker', '2017', '#metoo']
    """
    words = _WORD.findall(clean(text).lower())
    return [word.replace("’", "'").replace("‑", "-").replace("＃", "#") for word in words]


def hashtags(text: str) -> list[str]:
    """Give the tags of a text as they are written, without the ``#``.

    Parameters
    ----------
    text : str
        As posted. What stands after ``#`` inside a link is no tag, nor is a number (``#1``).

    Returns
    -------
    list of str
        In the order of the text, repeated where the text repeats them. Fold the case yourself where it does
        not matter: ``tag.casefold()``.

    Notes
    -----
    The characters follow Unicode Standard Annex 31, section "Hashtag identifiers", and Twitter's open twitter-text
    rules: letters and marks of any script, digits and ``_``, with at least one letter.

    Examples
    --------
    >>> hashtags("#MeToo, #YoTambién and #أنا_كمان: ticket #1 at https://example.org/#top")
    ['MeToo', 'YoTambién', 'أنا_كمان']
    """
    text = _LINK.sub(" ", unicodedata.normalize("NFC", html.unescape(text)))
    return [tag[1:] for tag in _HASHTAG.findall(text)]


def text_column(texts: Iterable[str]) -> pd.Series:
    """Give texts as a Series, with a TypeError for one text alone, a table, a dict or what is no sequence."""
    if isinstance(texts, str):
        raise TypeError("one text is given where a sequence of texts is needed: put it in a list")
    if isinstance(texts, pd.DataFrame | dict) or not hasattr(texts, "__iter__"):
        kind = type(texts).__name__
        raise TypeError(f"a {kind} is given where a sequence of texts is needed: give a list, or a column of a table")
    return texts if isinstance(texts, pd.Series) else pd.Series(list(texts), dtype=object)


def present_texts(texts: Iterable[str]) -> dict[int, str]:
    """Give the texts that are not missing, by their position.

    Parameters
    ----------
    texts : Series or other sequence of str
        Missing texts (None, NaN, NA) are left out.

    Raises
    ------
    TypeError
        If something is neither a text nor missing, the message names its row and index; or if no sequence of texts is
        given at all.
    """
    series = text_column(texts)
    values = series.to_numpy(dtype=object)
    present = {int(row): values[row] for row in np.flatnonzero(series.notna())}
    for row, text in present.items():
        if not isinstance(text, str):
            where = f"row {row} (index {series.index[row]!r})"
            raise TypeError(f"{where} holds {text!r:.40}, a {type(text).__name__} and not a text")
    return present


def says_me_too(text: str, *, tag: bool = True) -> bool:
    """Tell whether a post carries the call's tag or answers it in words, in any of the languages that are listed.

    Parameters
    ----------
    text : str
        As posted, or masked.
    tag : bool
        Whether the tag counts by itself. Whoever uses it takes part in the conversation, but need not say "me too".

    Notes
    -----
    The forms stand in ``data/answers.csv``. Against what is planted in the sample corpus, the words alone
    (``tag=False``) have a precision of 0.97, and a recall of 0.96 over the answers that say it in words; of all answers
    they find 0.37. Of posts that hold the words and are no answers, a quarter is taken for one.

    Examples
    --------
    >>> [says_me_too(text) for text in ("#MeToo", "Me too.", "Me, too", "so tired #metoo2", "Yo también")]
    [True, True, True, True, True]
    >>> [says_me_too(text) for text in ("He likes me too.", "Me too, I also need coffee", "Take me too!")]
    [False, False, False]
    """
    if tag and _has_tag(hashtags(text)):
        return True
    return _has_answer(clean(_HASHTAG.sub(" . ", html.unescape(text))))


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
    """Read the forms: the tags, the pattern of the answers, those that may be a whole text, and their rarest words."""
    from analysis.schema import find_root

    with (find_root() / "data" / "answers.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    tags = {_plain(row["form"]) for row in rows if row["kind"] == "tag"}
    answers = [row["form"] for row in rows if row["kind"] == "answer" and "whole text" not in row["note"]]
    whole = {_plain(row["form"]) for row in rows if row["kind"] == "answer"}
    words = sorted({_folded(max(form.split(), key=len)) for form in answers}, key=len)
    rare = tuple(word for i, word in enumerate(words) if not any(part in word for part in words[:i]))
    return tags, _answer_pattern(answers), whole, rare


def _folded(text: str) -> str:
    """Fold the case of a text as the patterns do, which take the Turkish i for an i."""
    return text.casefold().replace("\u0307", "").replace("ı", "i")


def _plain(text: str) -> str:
    """Fold a tag: no capitals, no accents, nothing at its end that only numbers it."""
    letters = unicodedata.normalize("NFD", text.casefold())
    text = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return text.rstrip("_0123456789") or text


def _answer_pattern(answers):
    """Make the pattern of an answer in words: a sentence of its own, or joined to another by "and" or a comma."""
    forms = [r"\s*[,،、]?\s+".join(map(regex.escape, form.split())) for form in sorted(answers, key=len, reverse=True)]
    said = "|".join(forms)
    # A sentence begins at the start, after a mark that ends one, after an emoji or a line end; or a capital shows it.
    begins = r"^|[.!…。！:;\n\p{So}\uFE0F\"“”*)(]\s*|(?<=[^?？\s]\s)(?=(?-i:\p{Lu}))"
    opening = rf"(?:(?:{_OPENING})\b[,.!…]*\s+){{0,2}}"
    aside = r"(?:[\w'’]+\s+){0,3}[\w'’]+\s*,\s*"
    joined = rf"(?:\b(?:{_AND})\s+|&\s*)"
    ends = r"\s*(?:$|[.!…。！\n\"“”*)(;~\p{So}\p{Sk}])|\s*[:<]+[3()/]|\s*[,،]\s*$"
    tail = rf"\s*[,،、–—-]*\s*(?:{_TAIL})\b|\s*,?\s+(?:{_AND})\b|\s*,(?:\s+[\w'’]+){{1,3}}\s*(?:$|[.!…\n\p{{So}}])"
    sentence = rf"(?:{begins}){opening}(?:{said})(?:{ends}|{tail})"
    joined_on = rf"(?:(?:{begins}){aside}|{joined})(?:{said})(?:{ends})"
    return regex.compile(f"{sentence}|{joined_on}", regex.IGNORECASE | regex.MULTILINE)


def _has_tag(tags) -> bool:
    """Tell whether one of a text's tags (without ``#``) is one of the call's."""
    call_tags = _forms()[0]
    return any(plain.startswith(_TAG_START) or plain in call_tags for plain in map(_plain, tags))


def _has_answer(text: str) -> bool:
    """Tell whether a text, cleaned and without tags, holds the answer in words.

    The pattern is slow, so it is tried only where a word that each answer needs stands in the text.
    """
    _, pattern, whole, rare = _forms()
    folded = _folded(text)
    if any(word in folded for word in rare) and pattern.search(text):
        return True
    return _plain(text.strip(" .!,…")) in whole
