"""Why a text has its score: each word that counts, each rule that fired, adding up to the compound."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from analysis.sentiment import rules
from analysis.sentiment.rules import BOOSTERS, IDIOMS, NEGATIONS

#: The columns of an explanation.
COLUMNS = ("position", "token", "rule", "by", "effect", "running")


def explain(text: str, extra: Mapping[str, float] | None = None) -> pd.DataFrame:
    """Tell step by step how VADER comes to the compound score of a text.

    Parameters
    ----------
    text : str
        As posted.
    extra : mapping of str to float, optional
        Words that are added to the list, as in :func:`analysis.sentiment.score`.

    Returns
    -------
    DataFrame
        A row a step: ``position`` (Int64, of the token in the text, from 0; missing for what concerns the whole text),
        ``token``, ``rule``, ``by`` (the word that fired it), ``effect`` (float64, what the step adds) and ``running``
        (the sum of all effects so far). The rules: ``word`` (a valence from the list), ``capitals``, ``booster``,
        ``dampener``, ``negation``, ``never so``, ``so or this``, ``idiom``, ``least``, ``before but``, ``after but``,
        ``punctuation``, ``rounding`` (where effects do not add up to the last digit in floats) and at last ``sum``,
        with the effect 0, whose ``running`` is s; ``compound``, whose ``running`` is s / sqrt(s² + 15), rounded to
        four digits: what :func:`analysis.sentiment.score` gives. Its ``effect`` is the step from s to there, so that
        all effects together are the compound.

    Raises
    ------
    TypeError
        If it is no text.

    Notes
    -----
    The rules are applied in the order in which NLTK applies them; a negation is the difference that multiplying by
    -0.74 makes. So the effect of a rule depends on those before it, as it does in VADER.

    Examples
    --------
    >>> steps = explain("It was not a good day!")
    >>> [f"{step.rule} {step.effect:+.3f}" for step in steps.itertuples() if step.rule != "rounding"]
    ['word +1.900', 'negation -3.306', 'punctuation -0.292', 'sum +0.000', 'compound +1.296']
    >>> float(steps["running"].iloc[-1])
    -0.4015
    """
    if not isinstance(text, str):
        raise TypeError(f"{text!r:.40} is a {type(text).__name__} and not a text")
    table = pd.DataFrame(_steps(text, {**rules.valences(), **(extra or {})}), columns=list(COLUMNS))
    return table.astype({"position": "Int64", "token": "str", "rule": "str", "by": "str"})


def _steps(text, lexicon):
    """Give the steps of an explanation as tuples of :data:`COLUMNS`."""
    tokens = [_bare(token) for token in text.split() if len(token) > 1]
    low = [token.lower() for token in tokens]
    capitals = sum(map(str.isupper, tokens))
    differ = 0 < capitals < len(tokens)
    but = low.index("but") if "but" in low else None
    steps, first, values = [], {}, []
    for position, (token, word) in enumerate(zip(tokens, low, strict=True)):
        i = first.setdefault(token, position)
        kind_of = word == "kind" and low[i + 1 : i + 2] == ["of"]
        if word not in lexicon or word in BOOSTERS or kind_of:
            continue
        value = 0.0
        for rule, by, after in [*_word_rules(i, tokens, low, lexicon, differ), *_but(position, but)]:
            after = value * after if rule.endswith(" but") else after
            if after != value:
                steps.append((position, token, rule, by, after - value))
            value = after
        values.append(value)
    return _finish(steps, text, values)


def _finish(steps, text, values):
    """Add what concerns the whole text, and the running sum."""
    total = float(sum(values))
    shouts, asks = min(text.count("!"), 4), text.count("?")
    shouted = shouts * rules.EXCLAMATION
    asked = 0.0 if asks < 2 else asks * rules.QUESTION if asks < 4 else rules.QUESTIONS
    for marks, adds in (("!" * shouts, shouted), ("?" * min(asks, 4), asked)):
        if total and adds:
            steps.append((None, marks, "punctuation", None, math.copysign(adds, total)))
    total = total + math.copysign(shouted + asked, total) if total else total
    running, rows = 0.0, []
    for step in steps:
        running += step[-1]
        rows.append((*step, running))
    if running != total:
        rows.append((None, None, "rounding", None, total - running, total))
    compound = round(total / math.sqrt(total * total + rules.ALPHA), 4)
    rows.append((None, None, "sum", None, 0.0, total))
    rows.append((None, None, "compound", None, compound - total, compound))
    return rows


def _word_rules(i, tokens, low, lexicon, differ):
    """Give for the token at i each rule that speaks of it, what fired it, and the valence that it leaves."""
    value = lexicon[low[i]]
    yield "word", tokens[i], value
    if differ and tokens[i].isupper():
        value = value + rules.CAPITALS if value > 0 else value - rules.CAPITALS
        yield "capitals", tokens[i], value
    for back in range(min(i, 3)):
        by, word = tokens[i - back - 1], low[i - back - 1]
        if word in lexicon:
            continue
        boost = BOOSTERS.get(word, 0.0)
        if boost:
            rule = "booster" if boost > 0 else "dampener"
            boost = -boost if value < 0 else boost
            if differ and by.isupper():
                boost = boost + rules.CAPITALS if value > 0 else boost - rules.CAPITALS
            value = value + boost * rules.FADING[back]
            yield rule, by, value
        before = tokens[i - back - 1 : i]
        if back == 1 and before[0] == "never" and before[1] in ("so", "this"):
            value = value * rules.NEVER_SO
            yield "never so", " ".join(before), value
        elif back == 2 and ((before[0] == "never" and before[1] in ("so", "this")) or before[2] in ("so", "this")):
            value = value * rules.SO_THIS
            yield "so or this", " ".join(before), value
        elif word in NEGATIONS or "n't" in word:
            value = value * rules.NEGATION
            yield "negation", by, value
        if back == 2:
            for rule, phrase, after in _idioms(i, tokens, value):
                value = after
                yield rule, phrase, value
    if i and low[i - 1] == "least" and "least" not in lexicon and not (i > 1 and low[i - 2] in ("at", "very")):
        yield "least", tokens[i - 1], value * rules.NEGATION


def _idioms(i, tokens, value):
    """Give the idioms around token i and the dampening pairs before it."""
    phrases = [
        " ".join(tokens[a : a + size]) for a, size in ((i - 1, 2), (i - 2, 3), (i - 2, 2), (i - 3, 3), (i - 3, 2))
    ]
    ahead = [" ".join(tokens[i : i + size]) for size in (2, 3)]
    for phrase in [*[phrase for phrase in phrases if phrase in IDIOMS][:1], *ahead]:
        if phrase in IDIOMS:
            value = IDIOMS[phrase]
            yield "idiom", phrase, value
    for phrase in (phrases[4], phrases[2]):
        if phrase in rules.DAMPENING_PAIRS:
            yield "dampener", phrase, value - rules.BOOST
            return


def _but(position, but):
    """Give what a "but" does to the token at a position, as a factor."""
    if but is not None and position < but:
        yield "before but", "but", rules.BEFORE_BUT
    elif but is not None and position > but:
        yield "after but", "but", rules.AFTER_BUT


def _bare(token):
    """Take the punctuation off a token, where it is all that there is and a rule names it."""
    kept = token.translate(_NOTHING)
    if len(kept) < 2 or kept == token or not (token.startswith(kept) or token.endswith(kept)):
        return token
    return kept if token.replace(kept, "", 1) in rules.PUNCTUATION else token


_NOTHING = dict.fromkeys(map(ord, "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"))
