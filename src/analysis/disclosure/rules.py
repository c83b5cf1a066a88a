"""Rules that can be read: patterns of telling, in a file, and the order in which they decide.

The patterns and the order stand in ``rules.toml`` beside this module, in the words of somebody who had not read what
they would be tried on. They serve as the plain yardstick of the models: whatever a model does better, it must do better
than these.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import pandas as pd
import regex

from analysis.words import clean, hashtags, present, says_me_too

#: The rules that come with the package; their SHA-256 stands in ``tests/test_disclosure_rules.py``.
RULES = Path(__file__).with_name("rules.toml")
#: What a post's answer is made of.
COLUMNS = ["disclosure", "stance", "act", "place", "person", "rule"]

_TAG = regex.compile(r"[#＃](?=[\p{L}\p{N}_])")
_WHOLE_TAG = regex.compile(r"[#＃][\p{L}\p{M}\p{N}_]+")
_SENTENCE = regex.compile(r"[.!?…;\n]+(?=\s|$)|\s[-–—|]\s")
_QUOTED = regex.compile(r"[\"“”«»„]([^\"“”«»„]+)[\"“”«»„]")


def read_by_rules(texts, rules=RULES) -> pd.DataFrame:
    """Say of each post what the rules make of it, and which of them decided.

    Parameters
    ----------
    texts : Series or sequence of str
        As posted. A missing text gets a missing answer.
    rules : path
        A file of rules; its own head says how it is read.

    Returns
    -------
    DataFrame
        One row a text, on the index of `texts`: ``disclosure`` (none, bare, detail), ``stance``, and for a disclosure
        with detail ``act``, ``place`` and ``person`` (``unsaid`` where no word of the text tells, ``none`` for other
        posts); ``rule`` names what decided.

    Raises
    ------
    ValueError
        Where the file of rules cannot be read; the message names the entry.
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
    known = present(texts)
    index = texts.index if isinstance(texts, pd.Series) else pd.RangeIndex(len(texts))
    book = _book(str(rules), Path(rules).read_text(encoding="utf-8"))
    answers = {}
    for text in known.values():
        if text not in answers:
            answers[text] = _answer(text, book)
    rows = [answers[known[row]] if row in known else (None,) * len(COLUMNS) for row in range(len(index))]
    return pd.DataFrame(rows, columns=COLUMNS, index=index, dtype="str")


def _answer(text, book):
    """Decide one post; the numbers are those in the head of the file."""
    whole, sentences = _parts(text, book)
    tags = {tag.casefold() for tag in hashtags(text)}
    rule, disclosure, stance = _decide(text, whole, sentences, tags, book)
    about = [_first(book[part], whole) if disclosure == "detail" else "none" for part in ("act", "place", "person")]
    return disclosure, stance, *about, rule


def _decide(text, whole, sentences, tags, book):
    decision = book["decision"]
    free = [sentence for sentence in sentences if not _any(book["blocks"], sentence)]
    strong = _names(book["strong"], free)
    if strong:
        return f"own.strong.{strong[0]}", "detail", "detail"
    said = says_me_too(_unquoted(text, book), tag=False) and not book["blocks"]["negation"].search(whole)
    mine = [sentence for sentence in free if _of_me(sentence, decision["first_person"])]
    weak = _names(book["weak"], free if said else mine)
    counts = _counts(book["stance"], whole, tags)
    stance = max(counts, key=counts.get)
    if said and weak:
        return f"own.weak.{weak[0]}", "detail", "detail"
    if said and counts[stance] < decision["outweighs"] and not (counts["humour_spam"] or counts["unrelated"]):
        return "said", "bare", "bare"
    tagged = says_me_too(" ".join(f"#{tag}" for tag in tags))
    if tagged and weak and len(weak) >= counts[stance]:
        return f"own.weak.{weak[0]}", "detail", "detail"
    words = " ".join(sentences).split()
    if tagged and len(words) <= decision["alone"] and not counts[stance]:
        return "alone", "bare", "bare"
    if counts[stance]:
        return f"stance.{stance}", "none", stance
    if tagged and mine:
        return "first_person", "bare", "bare"
    return "nothing", "none", "unrelated"


def _parts(text, book):
    """Give the text without quotations and tag signs, and its sentences without the tags."""
    text = _unquoted(text, book)
    whole = _TAG.sub("", text)
    sentences = [part.strip(" ,:\"“”'") for part in _SENTENCE.split(_WHOLE_TAG.sub(" . ", text))]
    return whole, [part for part in sentences if regex.search(r"[\p{L}\p{N}]", part)]


def _unquoted(text, book):
    text = clean(text).replace("’", "'")
    text = _QUOTED.sub(lambda found: " . " if len(found[1].split()) >= book["quoted"] else found[0], text)
    return book["named"].sub(" . ", text)


def _of_me(sentence, first_person):
    return any(word.casefold().strip(",:()") in first_person for word in sentence.split())


def _names(patterns, sentences):
    return [name for sentence in sentences for name, pattern in patterns.items() if pattern.search(sentence)]


def _any(patterns, sentence):
    return any(pattern.search(sentence) for pattern in patterns.values())


def _counts(stances, whole, tags):
    return {name: len(pattern.findall(whole)) + 2 * len(known & tags) for name, (known, pattern) in stances.items()}


def _first(kinds, whole):
    return next((name for name, pattern in kinds.items() if pattern.search(whole)), "unsaid")


@cache
def _book(path, text):
    """Read and compile a file of rules."""
    try:
        rules = tomllib.loads(text)
        words = rules["words"]
        own = rules["own"]
        elsewhere = rules.get("stance_other_languages", {})
        return {
            "decision": rules["decision"],
            "strong": _compiled(own["strong"] | own.get("other_languages", {}), words, "own.strong"),
            "weak": _compiled(own["weak"], words, "own.weak"),
            "blocks": _compiled(rules["blocks"], words, "blocks"),
            "quoted": rules["quotation"]["words"],
            "named": _pattern(rules["quotation"]["named"], words, "quotation.named"),
            "stance": {
                name: (set(kind["tags"]), _pattern(kind["patterns"] + elsewhere.get(name, []), words, f"stance.{name}"))
                for name, kind in rules["stance"].items()
            },
            **{part: _compiled(rules[part], words, part) for part in ("act", "place", "person")},
        }
    except KeyError as gone:
        raise ValueError(
            f"{path}: the entry {gone} is missing; see rules.toml of the package for all of them"
        ) from gone
    except tomllib.TOMLDecodeError as wrong:
        raise ValueError(f"{path}: this is no TOML: {wrong}") from wrong


def _compiled(section, words, where):
    return {name: _pattern(patterns, words, f"{where}.{name}") for name, patterns in section.items()}


def _pattern(patterns, words, where):
    whole = "|".join(patterns)
    for _ in range(3):  # an entry of [words] may hold another
        for name, meaning in words.items():
            whole = whole.replace("{" + name + "}", meaning)
    try:
        return regex.compile(rf"(?<!\w)(?:{whole})(?!\w)", regex.IGNORECASE)
    except regex.error as wrong:
        raise ValueError(f"the pattern of {where} cannot be read: {wrong}") from wrong
