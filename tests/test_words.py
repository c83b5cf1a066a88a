"""Words and tags, in any script, from whatever a platform calls a text."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.text import clean, hashtags, tokens


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("see https://t.co/abcDEF1 now", "see now"),
        ("pic.twitter.com/xYz12 me too", "me too"),
        ("見て https://t.co/abcです", "見て です"),
        ("hi @one @two_2: and @name@example.org, @a.bsky.social!", "hi and , !"),
        ("RT @someone: me too", "me too"),
        ("RTs welcome", "RTs welcome"),
        ("mail a.b+c@example.org please", "mail please"),
        ("5 &gt; 3 &amp; me", "5 > 3 & me"),
        ("one\n\ttwo\u00a0three", "one two three"),
        ("Me, too. #MeToo 💔", "Me, too. #MeToo 💔"),
        ("cafe\u0301", "café"),
        ("", ""),
    ],
)
def test_clean(text, cleaned):
    assert clean(text) == cleaned


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Don't; DON’T", ["don't", "don't"]),
        ("'quoted' --- words-", ["quoted", "words"]),
        ("#MeToo#TimesUp", ["#metoo", "#timesup"]),
        ("#1 of 2", ["1", "of", "2"]),
        ("Ünïcode Straße ÉTÉ", ["ünïcode", "straße", "été"]),
        ("मैं भी", ["मैं", "भी"]),
        ("أنا_كمان أيضا", ["أنا", "كمان", "أيضا"]),
        ("...!? 💔", []),
    ],
)
def test_tokens(text, words):
    assert tokens(text) == words


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("#MeToo/#TimesUp", ["MeToo", "TimesUp"]),
        ("#1,abc #2017 #a1", ["a1"]),
        ("#मैंभी #미투 #我也是 #גםאני #أنا_كمان", ["मैंभी", "미투", "我也是", "גםאני", "أنا_كمان"]),
        ("https://example.org/#part #after", ["after"]),
        ("A&#39;s no#tag", []),
        ("#BalanceTonPorc, #quellavoltache.", ["BalanceTonPorc", "quellavoltache"]),
    ],
)
def test_hashtags(text, tags):
    assert hashtags(text) == tags


@given(st.text(max_size=300))
def test_any_text_is_taken_and_words_hold_no_space_or_link(text):
    assert clean(text) == clean(text).strip()
    for word in tokens(text):
        assert word
        assert not any(mark.isspace() for mark in word)
    assert all(any(letter.isalpha() for letter in tag) for tag in hashtags(text))


@pytest.mark.parametrize("part", ["a", "@a", "#1", "a.", "&amp;", "https://", "a@", "-'", "#a"])
def test_long_texts_take_time_in_proportion(part):
    begin = time.perf_counter()
    text = part * (200_000 // len(part))
    tokens(text)
    hashtags(text)
    assert time.perf_counter() - begin < 5
