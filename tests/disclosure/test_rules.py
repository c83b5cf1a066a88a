"""The rules that can be read: frozen, and right about sentences that one can check by eye."""

import hashlib

import pandas as pd
import pytest
import regex

from analysis.disclosure import RULES, read_by_rules, rules
from analysis.posts import load_sample
from analysis.synthetic import invent

# The rules were written before anybody looked at what they would be tried on. Whoever changes this line changes what
# every figure about them means: give a better set a file and a version of its own, and report it beside this one.
FROZEN = "01cd30eafd237d3dc6f62480e7229ac35960ae6af6aa030e186879c7c2a2e950"


def test_the_rules_are_those_that_were_frozen():
    assert hashlib.sha256(RULES.read_bytes().replace(b"\r\n", b"\n")).hexdigest() == FROZEN


# Own experiences; then negation, quotation, "if", another's, news, a phrase that is named, a word in another sense;
# then an accusation, and the same without the capitals that make it one.
READ = [
    ("Me too.", "bare", "bare"),
    ("#MeToo", "bare", "bare"),
    ("My boss groped me when I was 19. #MeToo", "detail", "detail"),
    ("I was sexually harassed at my first job and HR did nothing. Me too", "detail", "detail"),
    ("Mi jefe me acosó. Yo también", "detail", "detail"),
    ("I have never been harassed, not once. #MeToo is overblown", "none", "unrelated"),
    ('"He groped me," she told reporters in an interview', "none", "news"),
    ("If someone groped me I would shout. #MeToo", "none", "unrelated"),
    ("My sister was harassed at work. My heart breaks for her. #MeToo", "none", "support"),
    ("Actress says producer assaulted her, according to reports #MeToo", "none", "news"),
    ('So many friends wrote "Me too" today. I believe you.', "none", "support"),
    ("I was touched by all your stories, so proud of you #MeToo", "none", "support"),
    ("Senator Smith is a creep. #MeToo", "none", "accusation"),
    ("the senator smith is a creep #metoo", "none", "action"),
]


@pytest.mark.parametrize(("text", "disclosure", "stance"), READ)
def test_own_experiences_are_found_and_others_told_apart(text, disclosure, stance):
    found = read_by_rules([text]).iloc[0]
    assert (found["disclosure"], found["stance"]) == (disclosure, stance)


def test_what_where_and_by_whom_are_given_where_they_are_said():
    found = read_by_rules(
        ["A stranger put his hand up my skirt on the train. #MeToo", "Me too", "I was abused. Me too"]
    )
    assert found[["act", "place", "person"]].values.tolist() == [
        ["touch", "transit", "stranger"],
        ["none", "none", "none"],
        ["assault", "unsaid", "unsaid"],
    ]


def test_each_answer_names_the_rule_and_keeps_the_place_of_its_post():
    texts = pd.Series(["Sign the petition #MeToo", None, "Me too"], index=[7, 3, 5])
    found = read_by_rules(texts)
    assert found.index.tolist() == [7, 3, 5]
    assert found["rule"].isna().tolist() == [False, True, False]
    assert found["rule"].dropna().tolist() == ["stance.action", "said"]


def test_folded_capitals_change_no_answer(monkeypatch):
    """Posts of the sample and of held-out phrases, in all languages, as they are and in capitals."""
    sample = load_sample()["text"].dropna().drop_duplicates().sample(100, random_state=1)
    texts = [*sample, *invent(50, seed=5, theme="metoo-held-out")[0]["text"].dropna()]
    texts += [text.upper() for text in texts[::3]]
    folded = read_by_rules(texts)
    assert folded["rule"].nunique() >= 15

    def as_written(patterns, words):
        return rules._Rule(regex.compile(rules._source(patterns, words), regex.IGNORECASE), minds_capitals=True)

    monkeypatch.setattr(rules, "_rule", as_written)
    rules._book.cache_clear()
    as_they_are = read_by_rules(texts)
    rules._book.cache_clear()
    pd.testing.assert_frame_equal(folded, as_they_are)
