"""Words and tags in any script, from whatever a platform calls a text, and who answers "me too"."""

import csv

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.posts import load_posts, load_truth
from analysis.schema import find_root
from analysis.text import clean, hashtags, present_texts, says_me_too, tokens


@pytest.mark.parametrize(
    ("function", "text", "found"),
    [
        (clean, "pic.twitter.com/xYz12 me too", "me too"),
        (clean, "見て https://t.co/abcです", "見て です"),
        (clean, "hi @one @two_2: and @name@example.org, @a.bsky.social!", "hi and , !"),
        (clean, "RT @someone: RTs welcome", "RTs welcome"),
        (clean, "mail a.b+c@example.org please", "mail please"),
        (clean, "one\n\ttwo\u00a0three #MeToo 💔 cafe\u0301", "one two three #MeToo 💔 café"),
        (tokens, "Don't; DON’T 'quoted' --- words-", ["don't", "don't", "quoted", "words"]),
        (tokens, "#MeToo#TimesUp #1 of ÉTÉ मैं ...!? 💔", ["#metoo", "#timesup", "1", "of", "été", "मैं"]),
        (tokens, "أنا_كمان أيضا", ["أنا", "كمان", "أيضا"]),
        (hashtags, "#1,abc #2017 #a1", ["a1"]),
        (hashtags, "#मैंभी #미투 #我也是 #גםאני #أنا_كمان", ["मैंभी", "미투", "我也是", "גםאני", "أنا_كمان"]),
        (hashtags, "https://example.org/#part #after, A&#39;s no#tag", ["after"]),
    ],
)
def test_words_and_tags_of_any_script_and_no_handle_link_or_address(function, text, found):
    assert function(text) == found


@settings(max_examples=50)
@given(st.text(max_size=300))
def test_any_text_is_taken_and_words_hold_no_space_or_link(text):
    assert clean(text) == clean(text).strip()
    for word in tokens(text):
        assert word
        assert not any(mark.isspace() for mark in word)
    assert all(any(letter.isalpha() for letter in tag) for tag in hashtags(text))


def test_present_texts_leave_out_missing_ones_and_refuse_what_is_no_text():
    assert present_texts(pd.Series(["a", None, float("nan"), pd.NA, ""], dtype=object)) == {0: "a", 4: ""}
    with pytest.raises(TypeError, match=r"row 1 \(index 'y'\) holds 3, a int"):
        present_texts(pd.Series(["a", 3], index=["x", "y"], dtype=object))
    for wrong, named in (("one text", "put it in a list"), (pd.DataFrame(), "DataFrame"), ({}, "dict"), (3, "int")):
        with pytest.raises(TypeError, match=named):
            present_texts(wrong)


ANSWERS = """
#MeToo|so tired #metoo2|#MeTooIndia|#meeToo|＃MeToo|#YoTambien|#YoTambién_|#미투|#أنا_كمان|Me too.|me too|ME TOO!
Me, too|me too 💔|Yes, me too.|And me too.|Me too, sadly|Obviously, me too|Me too. And again. And again.|Me too at work
@invented_1 me too https://link.example/1|[mention] Me too [link]|I never told anyone. Me too.|Moi aussi|Ich auch.
MOİ AUSSİ|Full bus, nobody said a word Me too|나도|मैं भी|أنا كمان
"""
OTHERS = """
He likes me too.|Take me too!|Me too, I also need coffee|Hungry? Me too|she told me too late|metoo||💔|#women|Come too
https://link.example/#metoo|you can trust me too much
"""


def test_what_is_an_answer_and_what_is_none():
    said, others = (text.strip().replace("\n", "|").split("|") for text in (ANSWERS, OTHERS))
    assert [text for text in said if not says_me_too(text)] == []
    assert [text for text in others if says_me_too(text)] == []
    assert not says_me_too("So brave. #MeToo", tag=False)
    assert says_me_too("Me too. #MeToo", tag=False)


def test_on_the_sample_the_words_are_found_with_the_precision_and_recall_that_we_claim():
    posts = load_posts().merge(load_truth()[["post_id", "stance"]], on="post_id")
    posts = posts[posts["text"].notna() & posts["kind"].ne("repost")]
    said = posts["text"].map(lambda text: says_me_too(text, tag=False)).astype(bool)
    answers = posts["stance"].isin(["bare", "detail"])
    words = r"(?i)\b(?:me,? too|moi aussi|yo tambi[eé]n|ich auch|jag (?:med|också)|anche (?:io|a me))\b"
    worded = posts["text"].str.replace(r"#\w+", "", regex=True).str.contains(words)
    assert said.sum() > 500
    assert answers[said].mean() > 0.93
    assert said[answers & worded].mean() > 0.92
    assert 0.3 < said[answers].mean() < 0.45
    hard = worded & ~answers
    assert hard.sum() > 200
    assert said[hard].mean() < 0.3


def test_each_form_of_the_table_is_an_answer():
    with (find_root() / "data" / "answers.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert rows
    for row in rows:
        assert says_me_too(f"#{row['form']}" if row["kind"] == "tag" else row["form"]), row
