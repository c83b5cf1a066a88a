"""Rules that can be read: patterns of telling, in a file, and the order in which they decide.

The patterns and the order stand in ``rules.toml`` beside this module, in the words of somebody who had not read what
they would be tried on. They serve as the plain yardstick of the models: whatever a model does better, it must do better
than these.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import regex

from analysis.text import clean, hashtags, present_texts, says_me_too

#: The rules that come with the package; their SHA-256 stands in ``tests/disclosure/test_rules.py``.
RULES = Path(__file__).with_name("rules.toml")
#: What a post's answer is made of.
COLUMNS = ["disclosure", "stance", "act", "place", "person", "rule"]

_TAG = regex.compile(r"[#＃](?=[\p{L}\p{N}_])")
_WHOLE_TAG = regex.compile(r"[#＃][\p{L}\p{M}\p{N}_]+")
_SENTENCE = regex.compile(r"[.!?…;\n]+(?=\s|$)|\s[-–—|]\s")
_SAID = regex.compile(r"[\p{L}\p{N}]")
_QUOTED = regex.compile(r"[\"“”«»„]([^\"“”«»„]+)[\"“”«»„]")


def read_by_rules(texts) -> pd.DataFrame:
    """Say of each post what the rules make of it, and which of them decided.

    Parameters
    ----------
    texts : Series or sequence of str
        As posted. A missing text gets a missing answer.

    Returns
    -------
    DataFrame
        One row a text, on the index of `texts`: ``disclosure`` (none, bare, detail), ``stance``, and for a disclosure
        with detail ``act``, ``place`` and ``person`` (``unsaid`` where no word of the text tells, ``none`` for other
        posts); ``rule`` names what decided.

    Raises
    ------
    TypeError
        Where something is neither a text nor missing.

    Examples
    --------
    >>> posts = ["Me too.", "My boss groped me when I was 19. #MeToo", "I believe you. You are not alone.",
    ...          "My sister was harassed at work.", "If someone groped me I would shout."]
    >>> read_by_rules(posts)[["disclosure", "stance", "act", "person"]].values.tolist()[:2]
    [['bare', 'bare', 'none', 'none'], ['detail', 'detail', 'touch', 'boss']]
    >>> read_by_rules(posts)["disclosure"].tolist()
    ['bare', 'detail', 'none', 'none', 'none']
    """
    known = present_texts(texts)
    index = texts.index if isinstance(texts, pd.Series) else pd.RangeIndex(len(texts))
    book = _book()
    answers = {}
    for text in known.values():
        if text not in answers:
            answers[text] = _answer(text, book)
    rows = [answers[known[row]] if row in known else (None,) * len(COLUMNS) for row in range(len(index))]
    return pd.DataFrame(rows, columns=COLUMNS, index=index, dtype="str")


class _Passage(NamedTuple):
    """A post or a sentence, as it is written and with capitals folded."""

    text: str
    folded: str


def _passage(text):
    return _Passage(text, text.casefold().replace("\u0307", "").replace("ı", "i"))  # the Turkish i among them


class _Rule(NamedTuple):
    """A compiled pattern, and whether it minds capitals. Few do: the others are far faster on a folded text."""

    pattern: re.Pattern | regex.Pattern
    minds_capitals: bool

    def matches(self, passage):
        """Say whether it matches somewhere."""
        return self.pattern.search(passage[not self.minds_capitals]) is not None

    def count(self, passage):
        """Count its matches."""
        return len(self.pattern.findall(passage[not self.minds_capitals]))


def _answer(text, book):
    """Decide one post; the numbers are those in the head of the file."""
    plain = _unquoted(text, book)
    whole = _passage(_TAG.sub("", plain))
    tags = {tag.casefold() for tag in hashtags(text)}
    rule, disclosure, stance = _decide(plain, whole, tags, book)
    about = ["none"] * 3
    if disclosure == "detail":
        about = [next(_matching(book[part], [whole]), "unsaid") for part in ("act", "place", "person")]
    return disclosure, stance, *about, rule


def _decide(plain, whole, tags, book):
    decision = book["decision"]
    sentences = [_passage(sentence) for sentence in _sentences(plain)]
    free = [sentence for sentence in sentences if not any(_matching(book["blocks"], [sentence]))]
    strong = next(_matching(book["strong"], free), None)
    if strong:
        return f"own.strong.{strong}", "detail", "detail"
    said = says_me_too(plain, tag=False) and not book["blocks"]["negation"].matches(whole)
    mine = [sentence for sentence in free if _of_me(sentence.text, decision["first_person"])]
    weak = list(_matching(book["weak"], free if said else mine))
    counts = {name: rule.count(whole) + 2 * len(known & tags) for name, (known, rule) in book["stance"].items()}
    stance = max(counts, key=counts.get)
    if said and weak:
        return f"own.weak.{weak[0]}", "detail", "detail"
    if said and counts[stance] < decision["outweighs"] and not (counts["humour_spam"] or counts["unrelated"]):
        return "said", "bare", "bare"
    tagged = _tagged(" ".join(f"#{tag}" for tag in sorted(tags)))
    if tagged and weak and len(weak) >= counts[stance]:
        return f"own.weak.{weak[0]}", "detail", "detail"
    words = sum(len(sentence.text.split()) for sentence in sentences)
    if tagged and words <= decision["alone"] and not counts[stance]:
        return "alone", "bare", "bare"
    if counts[stance]:
        return f"stance.{stance}", "none", stance
    if tagged and mine:
        return "first_person", "bare", "bare"
    return "nothing", "none", "unrelated"


def _sentences(plain):
    """Cut a text without quotations into its sentences, without the tags."""
    parts = [part.strip(" ,:\"“”'") for part in _SENTENCE.split(_WHOLE_TAG.sub(" . ", plain))]
    return [part for part in parts if _SAID.search(part)]


def _unquoted(text, book):
    text = clean(text).replace("’", "'")
    text = _QUOTED.sub(lambda quotation: " . " if len(quotation[1].split()) >= book["quoted"] else quotation[0], text)
    return book["named"].sub(" . ", text)


@lru_cache(maxsize=2**14)
def _tagged(tags):
    return says_me_too(tags)


def _of_me(sentence, first_person):
    return any(word.casefold().strip(",:()") in first_person for word in sentence.split())


def _matching(rules, passages):
    """Give the names of the rules that match, passage by passage."""
    return (name for passage in passages for name, rule in rules.items() if rule.matches(passage))


@cache
def _book():
    """Read and compile the file of rules."""
    rules = tomllib.loads(RULES.read_text(encoding="utf-8"))
    words, own = rules["words"], rules["own"]
    elsewhere = rules["stance_other_languages"]
    return {
        "decision": rules["decision"],
        "strong": _compiled(own["strong"] | own["other_languages"], words),
        "weak": _compiled(own["weak"], words),
        "quoted": rules["quotation"]["words"],
        "named": regex.compile(_source(rules["quotation"]["named"], words), regex.IGNORECASE),
        "stance": {
            name: (set(kind["tags"]), _rule(kind["patterns"] + elsewhere.get(name, []), words))
            for name, kind in rules["stance"].items()
        },
        **{part: _compiled(rules[part], words) for part in ("blocks", "act", "place", "person")},
    }


def _compiled(section, words):
    return {name: _rule(patterns, words) for name, patterns in section.items()}


def _rule(patterns, words):
    source = _source(patterns, words)
    if "(?-i:" in source:
        return _Rule(regex.compile(source, regex.IGNORECASE), minds_capitals=True)
    return _Rule(re.compile(source), minds_capitals=False)


def _source(patterns, words):
    """Write one pattern, which stands at the edge of a word on both sides, with the entries of [words] put in."""
    source = "|".join(patterns)
    for _ in range(3):  # an entry may hold another
        for name, meaning in words.items():
            source = source.replace("{" + name + "}", meaning)
    return rf"(?<!\w)(?:{source})(?!\w)"
