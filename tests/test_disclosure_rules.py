"""The rules that can be read: frozen, and right about sentences that one can check by eye."""

import hashlib

import pandas as pd
import pytest

from analysis import text as answers
from analysis.disclosure import RULES, read_by_rules, rules, sieve
from analysis.posts import load_sample
from analysis.synthetic import invent

# The rules were written before anybody looked at what they would be tried on. Whoever changes this line changes what
# every figure about them means: give a better set a file and a version of its own, and report it beside this one.
FROZEN = "01cd30eafd237d3dc6f62480e7229ac35960ae6af6aa030e186879c7c2a2e950"


def test_the_rules_are_those_that_were_frozen():
    assert hashlib.sha256(RULES.read_bytes().replace(b"\r\n", b"\n")).hexdigest() == FROZEN


OWN = [
    ("Me too.", "bare", "bare"),
    ("#MeToo", "bare", "bare"),
    ("Me too. And every woman I know.", "bare", "bare"),
    ("My boss groped me when I was 19. #MeToo", "detail", "detail"),
    ("I was sexually harassed at my first job and HR did nothing. Me too", "detail", "detail"),
    ("I was 12. He was my uncle. #MeToo", "detail", "detail"),
    ("Mi jefe me acosó. Yo también", "detail", "detail"),
]
NOT_OWN = [
    ("negation", "I have never been harassed, not once. #MeToo is overblown", "unrelated"),
    ("quotation", '"He groped me," she told reporters in an interview', "news"),
    ("hypothetical", "If someone groped me I would shout. #MeToo", "unrelated"),
    ("another's", "My sister was harassed at work. My heart breaks for her. #MeToo", "support"),
    ("news", "Actress says producer assaulted her, according to reports #MeToo", "news"),
    ("named, not said", 'So many friends wrote "Me too" today. I believe you.', "support"),
    ("touched by", "I was touched by all your stories, so proud of you #MeToo", "support"),
]


@pytest.mark.parametrize(("text", "disclosure", "stance"), OWN)
def test_an_own_experience_is_found(text, disclosure, stance):
    found = read_by_rules([text]).iloc[0]
    assert (found["disclosure"], found["stance"]) == (disclosure, stance)


@pytest.mark.parametrize(("why", "text", "stance"), NOT_OWN)
def test_what_is_no_own_experience_is_told_apart(why, text, stance):
    found = read_by_rules([text]).iloc[0]
    assert (found["disclosure"], found["stance"]) == ("none", stance)


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


def test_a_file_of_rules_that_cannot_be_read_is_refused_by_name(tmp_path):
    broken = tmp_path / "mine.toml"
    broken.write_text(RULES.read_text().replace("[quotation]", "[quotations]"))
    with pytest.raises(ValueError, match=r"mine\.toml: the entry 'quotation' is missing"):
        read_by_rules(["Me too"], broken)
    broken.write_text("version = ")
    with pytest.raises(ValueError, match="this is no TOML"):
        read_by_rules(["Me too"], broken)
    broken.write_text(RULES.read_text().replace("harassment|harrassment|assaults?", "harassment(|assaults?"))
    with pytest.raises(ValueError, match=r"the pattern of own\.strong\.mine cannot be read"):
        read_by_rules(["Me too"], broken)


# --- the sieve: which patterns are not even tried


def texts_of_all_kinds():
    """Posts of the sample and of held-out phrases, in all languages, and again in letters that count as alike."""
    sample = load_sample()["text"].dropna().drop_duplicates().sample(700, random_state=1)
    held_out = invent(300, seed=5, theme="metoo-held-out")[0]["text"].dropna()
    texts = [*sample, *held_out]
    alike = str.maketrans({"i": "İ", "I": "ı", "s": "ſ", "k": "\u212a", " ": "\u00a0", "'": "’"})
    return texts + [text.upper() for text in texts[::3]] + [text.translate(alike) for text in texts[::3]]


def test_no_answer_changes_where_every_pattern_is_tried(monkeypatch):
    texts = texts_of_all_kinds()
    found = read_by_rules(texts)
    assert found["rule"].nunique() >= 25
    monkeypatch.setattr(sieve.Sifted, "may", lambda self, met: True)
    pd.testing.assert_frame_equal(found, read_by_rules(texts))
    _, pattern, whole, _ = answers._forms()
    plain = [bool(pattern.search(text)) or answers._plain(text.strip(" .!,…")) in whole for text in texts]
    assert [answers.has_answer(text) for text in texts] == plain


def test_few_patterns_are_tried_and_none_that_matches_is_missed():
    book, tried, hits = rules._book(str(RULES), RULES.read_text(encoding="utf-8")), 0, 0
    patterns = [kind for part in ("strong", "weak", "blocks", "act", "place", "person") for kind in book[part].values()]
    patterns += [kind for _, kind in book["stance"].values()]
    texts = texts_of_all_kinds()[::4]
    for text in texts:
        met = book["sieve"].met(text)
        for kind in patterns:
            may, does = kind.may(met), kind.pattern.search(text) is not None
            assert may or not does
            tried, hits = tried + may, hits + does
    assert hits > 300
    assert tried < len(texts) * len(patterns) / 8


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("(?:a|bc?)d", "say ad"),
        ("sign(?:ed|ing)?", "signed"),
        ("(?:very )?(?:good|bad)", "very bad"),
        (r"\w+ed me", "he hurted me"),
        (r"(?:\w+ ){1,2}end", "to the end"),
        ("(?-i:Bob) left", "Bob left"),
        ("straße|mañana", "STRASSE STRAßE MAÑANA"),
        ("(?:colour){e<=1}", "color"),
        (r"\p{Lu}+", "ABC"),
        ("x(?=y)y|1[0-9]?", "xy"),
    ],
)
def test_a_pattern_of_any_make_is_never_missed(source, text):
    import regex

    one = sieve.Sieve()
    pattern = one.add(regex.compile(rf"(?<!\w)(?:{source})(?!\w)", regex.IGNORECASE), source)
    assert pattern.pattern.search(text)
    assert pattern.within(text, one.met(text))
    assert not pattern.within("? !", one.met("? !"))


def test_a_pattern_that_is_added_later_finds_words_that_were_met_before():
    import regex

    one = sieve.Sieve()
    one.add(regex.compile("hit"), "hit")
    assert one.met("he shouted") == 0
    later = one.add(regex.compile("shouted"), "shouted")
    assert later.within("he shouted", one.met("he shouted"))
