"""Each explanation ends at the score that it explains, and names the rules that fired."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.sentiment import explain, rules, score

RULED = """
    but BUT kind of least at very never so this just enough sort the bomb bad ass yeah right cut mustard kiss death
    hand to mouth good GOOD GREAT love hate isn't not VERY barely groped 'good' good?! !?!?bad :) <3 İ \u212aind \ud800
"""
TOKENS = st.sampled_from(RULED.split()) | st.sampled_from(sorted(rules.valences())[::20]) | st.text(max_size=6)


def fired(text):
    """The rules of an explanation with the words that fired them."""
    steps = explain(text)
    return [(step.rule, step.by) for step in steps.itertuples() if step.rule not in ("sum", "compound", "rounding")]


def adds_up(steps):
    """Whether the effects of one explanation add up, one after the other, to each running sum and to the compound."""
    effects, running = steps["effect"].tolist(), steps["running"].tolist()
    inner = list(itertools.accumulate(effects[:-1]))
    return inner == running[:-1] and sum(effects) == pytest.approx(running[-1], abs=1e-9)


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("It was good", [("word", "good")]),
        ("It was GOOD", [("word", "GOOD"), ("capitals", "GOOD")]),
        ("not good", [("word", "good"), ("negation", "not")]),
        ("very good", [("word", "good"), ("booster", "very")]),
        ("slightly good", [("word", "good"), ("dampener", "slightly")]),
        ("bad, but calm", [("word", "bad"), ("before but", "but"), ("word", "calm"), ("after but", "but")]),
        ("least good", [("word", "good"), ("least", "least")]),
        ("They say it was the bomb", [("word", "bomb"), ("idiom", "the bomb")]),
        ("never so good", [("word", "good"), ("booster", "so"), ("never so", "never so")]),
    ],
)
def test_the_rules_that_fired_are_named(text, rules):
    assert fired(text) == rules


def test_marks_are_named_with_what_they_add():
    marks = explain("good!! really?? ok").query("rule == 'punctuation'")
    assert marks["token"].tolist() == ["!!", "??"]
    assert marks["effect"].tolist() == pytest.approx([0.584, 0.36])


@settings(max_examples=15, deadline=None)
@given(st.lists(TOKENS, max_size=14).map(" ".join))
def test_explanations_of_strings_end_at_their_scores(text):
    for extra in ({}, {"groped": -2.5}):
        steps = explain(text, extra)
        assert steps["running"].iloc[-1] == score([text], extra)["compound"].iloc[0]
        assert adds_up(steps)


def test_what_is_no_text_is_refused():
    with pytest.raises(TypeError, match="NoneType"):
        explain(None)
