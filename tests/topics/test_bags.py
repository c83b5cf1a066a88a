"""Words are those of NLTK's TweetTokenizer, weights those of scikit-learn, and texts are grouped by their words."""

import unicodedata

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from nltk.tokenize import TweetTokenizer
from sklearn.feature_extraction.text import TfidfVectorizer

from analysis.topics import bags
from analysis.topics.bags import bag, content_words, distinct
from analysis.topics.weights import learn_vocabulary, tfidf

NLTK = TweetTokenizer(preserve_case=False, reduce_len=True, strip_handles=True)
ODD = """
@some_one @invented_0000123. @a_very_long_handle_indeed #MeToo #me-too https://t.co/a(b) soooo don't n't boss's
co-worker (800) 656-4673 555 1234abc a.b.com &amp; &lt;b&gt; <3 :-) XD né été didn’t 한국 u.s. 10:30 ... _x_ ❤ w/out
ok!!! 8D e-mail@x.org
"""
PIECES = ODD.split()


def as_nltk(text):
    """The content words of a whole text, by NLTK at once."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text).replace("’", "'").replace("‑", "-").replace("＃", "#")
    words, stop = NLTK.tokenize(bags._MASK.sub(" ", text)), bags._stop_words()
    return tuple(word for word in words if len(word) > 1 and bags._WORD.fullmatch(word) and word not in stop)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(PIECES) | st.text("aZé'-_.#@8 ", max_size=6), max_size=8))
def test_words_are_nltks(pieces):
    text = " ".join(pieces)
    assert content_words(text) == as_nltk(text)
    posts = bag([text, "an oven", text])
    assert [posts.words[i] for i in posts.ids] == [*as_nltk(text), "oven", *as_nltk(text)]


def test_texts_that_differ_by_a_word_are_one_from_eight_words_on(subjects):
    words = subjects["harbour"][:8]
    alike = [words, [*words, "rope"], [*words[:-1], "captain"], words[::-1]]
    texts = [" ".join(text) for text in [*alike, words[:5], [*words[:4], "oven"], ["#tag"]]]
    group, first = distinct(bag(texts))
    assert len(set(group[:4])) == 1
    assert len(set(group[3:6])) == len(first) == 3
    assert group[6] == -1
    assert distinct(bag(texts[::-1]))[0].tolist() == group[::-1].tolist()


def test_weights_equal_scikit_learns(posts):
    texts = posts["text"].tolist()
    counted = bag(texts)
    _, first = distinct(counted)
    theirs = TfidfVectorizer(analyzer=lambda text: set(content_words(text)), min_df=2)
    expected = theirs.fit_transform([texts[i] for i in first])
    known = learn_vocabulary(counted, first)
    assert list(known.words) == theirs.get_feature_names_out().tolist()
    assert np.allclose(tfidf(known.rows(counted)[first], known.idf).toarray(), expected.toarray())
