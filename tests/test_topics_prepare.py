"""Words are those of NLTK's TweetTokenizer, texts are grouped by their words, other languages are noticed."""

import unicodedata

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nltk.tokenize import TweetTokenizer

from analysis.posts import load_posts
from analysis.topics.language import english
from analysis.topics.prepare import _MASK, _WORD, _stop, bag, content_words, distinct

NLTK = TweetTokenizer(preserve_case=False, reduce_len=True, strip_handles=True)
PIECES = [
    "@some_one",
    "@invented_0000123.",
    "@a_very_long_handle_indeed",
    "#MeToo",
    "#me-too",
    "https://t.co/a(b)",
    "soooo",
    "don't",
    "n't",
]
PIECES += [
    "boss's",
    "co-worker",
    "(800)",
    "656-4673",
    "555 1234abc",
    "a.b.com",
    "&amp;",
    "&lt;b&gt;",
    "<3",
    ":-)",
    "XD",
]
PIECES += [
    "né",
    "été",
    "didn\u2019t",
    "\ud55c\uad6d",
    "u.s.",
    "10:30",
    "...",
    "_x_",
    "\u2764",
    "w/out",
    "ok!!!",
    "8D",
    "e-mail@x.org",
]


def as_nltk(text):
    """The content words of a whole text, by NLTK at once."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text).replace("\u2019", "'").replace("\u2011", "-").replace("\uff03", "#")
    found = NLTK.tokenize(_MASK.sub(" ", text))
    return tuple(word for word in found if len(word) > 1 and _WORD.fullmatch(word) and word not in _stop())


def test_words_of_the_sample_are_nltks():
    texts = load_posts()["text"].dropna().drop_duplicates().iloc[::7].tolist()
    assert len(texts) > 1500
    assert [content_words(text) for text in texts] == [as_nltk(text) for text in texts]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES) | st.text("aZé'-_.#@8 ", max_size=6), max_size=8))
def test_words_of_odd_texts_are_nltks(pieces):
    text = " ".join(pieces)
    assert content_words(text) == as_nltk(text)
    found = bag([text, "an oven", text])
    assert [found.words[i] for i in found.ids] == [*as_nltk(text), "oven", *as_nltk(text)]


def test_a_bag_holds_the_same_words_in_order():
    texts = ["My boss, my BOSS!", "", "a strange boss @someone"]
    found = bag(texts)
    told = [[found.words[i] for i in found.ids[found.starts[j] : found.starts[j + 1]]] for j in range(3)]
    assert told == [list(content_words(text)) for text in texts]
    part = found.take(np.array([2, 0]))
    assert [len(part), part.starts.tolist()] == [2, [0, 2, 4]]
    assert [found.words[i] for i in part.ids] == ["strange", "boss", "boss", "boss"]


def test_texts_that_differ_by_a_word_are_one_from_eight_words_on():
    words = ["ship", "harbour", "sail", "anchor", "mast", "crew", "tide", "deck"]
    texts = [" ".join(words), " ".join([*words, "rope"]), " ".join([*words[:-1], "captain"]), " ".join(words[:5])]
    texts += [" ".join([*words[:4], "oven"]), "#tag", " ".join(words[::-1])]
    group, first = distinct(bag(texts))
    assert group[0] == group[1] == group[2] == group[6]
    assert len({group[0], group[3], group[4]}) == 3
    assert group[5] == -1
    assert len(first) == 3
    order = [4, 2, 6, 0, 5, 3, 1]
    assert distinct(bag([texts[i] for i in order]))[0].tolist() == group[order].tolist()


def foreign(texts):
    """The share of the texts with a word that are left out."""
    there = [text for text in texts if text and not text.isspace()]
    return (len(there) - len(english(there))) / len(there) if there else 0


@pytest.mark.parametrize(
    ("texts", "share"),
    [
        ([], 0),
        (["", " "], 0),
        (["only words", "ship harbour"], 0),
        (["\u3053\u308c\u306f\u79c1\u306e\u8a71"], 1),
        (["que la historia no es de ellos"], 1),
    ],
)
def test_other_languages_are_noticed(texts, share):
    assert foreign(texts) == share


def test_the_sample_speaks_the_language_that_is_planted():
    posts = load_posts()
    long = posts[posts["text"].fillna("").str.split().str.len() > 8]
    assert foreign(long.loc[long["lang"] == "en", "text"].iloc[:1500].tolist()) < 0.01
    other = long.loc[long["lang"].isin(["es", "fr", "de", "it", "pt", "nl", "sv", "ja", "hi", "ko"]), "text"]
    assert foreign(other.tolist()) > 0.6  # many short posts hold no small word
    assert foreign(pd.Series(["a b c"]).tolist()) == 0
