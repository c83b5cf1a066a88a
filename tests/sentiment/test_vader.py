"""Scores are NLTK's, all four and to the last digit, by compiled code and without it, from any kind of column."""

import sys
import warnings
from pathlib import Path

import nltk
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import vaderSentiment
from hypothesis import given, settings
from hypothesis import strategies as st
from nltk.sentiment.vader import SentimentIntensityAnalyzer, VaderConstants

from analysis import sentiment
from analysis.posts import load_posts
from analysis.sentiment import SCORES, lexicon, rules, score, vader, valences

ODD = [
    "ß", "İ", "ŉ", "Σας ΑΣ", "ǅ", "ǄA", "Ⓐ", "\u212aIND", "\u212aISS", "हिन्दी", "عربي", "中文", "💔", "❤️", "\ud800",
    "\ud800\udc00", "\udfff!", "\x00", "good\x00", "a", "I", "", "é", "GOOD’", "n't", "xN'Tx", "isn’t", "#love", ":)",
    ":-Þ", ":D", "<3", "https://t.co/x", "@someone", "'", "!", "?", "--", "!?!?good", "good!?", "(good)", "'good'",
]  # fmt: skip
_RULED = """
    but kind of least at very never so this just enough sort the shit bomb bad ass yeah right cut mustard kiss death
    hand to mouth good GOOD great love hate without doubt isn't not groped
"""
RULED = _RULED.split()
SPACES = [" ", " ", " ", "\t", "\n", "\x1c", "\x85", "\xa0", "\u1680", "\u2003", "\u2028", "\u3000", "\u200b", ""]
PLAIN = [*RULED, *sorted(rules.BOOSTERS), *sorted(rules.NEGATIONS), *sorted(rules.valences())[::15]]
WORDS = st.sampled_from([*RULED, *RULED]) | st.sampled_from(PLAIN) | st.sampled_from(ODD) | st.text(max_size=9)
CASED = st.tuples(WORDS, st.sampled_from([str, str, str, str.upper, str.title])).map(lambda pair: pair[1](pair[0]))
MARKS = st.sampled_from(["", "", "", *rules.PUNCTUATION, "!!!!", "...", "?!"])
TOKENS = st.tuples(MARKS, CASED, MARKS, st.sampled_from(SPACES)).map("".join)


@pytest.fixture(scope="module")
def reference(tmp_path_factory):
    """NLTK's VADER by its own constructor, with the same lexicon."""
    folder = tmp_path_factory.mktemp("lexicon")
    copy = folder / "vader_lexicon.txt"
    copy.write_bytes((Path(vaderSentiment.__file__).parent / "vader_lexicon.txt").read_bytes())
    copy.chmod(0o600)  # NLTK refuses what others may write to
    nltk.data.path.insert(0, str(folder))
    try:
        return SentimentIntensityAnalyzer(lexicon_file="vader_lexicon.txt")
    finally:
        nltk.data.path.remove(str(folder))


def differ(reference, texts, scores=None):
    """The texts of which a score differs, in value or sign of zero."""
    ours = (score(texts) if scores is None else scores).to_numpy()
    found = [reference.polarity_scores(text) for text in texts]
    theirs = np.array([[each[name] for name in SCORES] for each in found])
    same = (ours == theirs) & (np.signbit(ours) == np.signbit(theirs))
    return [text for text, row in zip(texts, same, strict=True) if not row.all()]


def test_scores_equal_nltk_on_the_sample(reference):
    """On a part of it; benchmarks/sentiment.py compares 85,000 texts."""
    assert differ(reference, load_posts()["text"].dropna().drop_duplicates().iloc[::20]) == []


@settings(max_examples=30, deadline=None)
@given(st.lists(st.lists(TOKENS, max_size=14).map("".join), min_size=1, max_size=20))
def test_scores_equal_nltk_on_strings(reference, texts):
    assert differ(reference, texts) == []


def test_scores_equal_nltk_near_a_tie_and_in_long_texts(reference):
    texts = [" ".join(["love"] * a + ["word"] * b) + "!" * c for a in range(6) for b in range(40) for c in (0, 3)]
    texts += ["kind words kind of", "kind of kind", "GOOD good Good not good but good"]  # as where it first stands
    assert differ(reference, [*texts, "gOoD bad but " * 2_000, "x" * 100_000]) == []


def test_added_words_count_as_nltk_would_count_them(reference):
    extra = {"groped": -2.5, "#metoo": 0.4, "love": 1.0, "isn't": -1.0, "least": 0.1}
    texts = ["He groped me", "not GROPED so #MeToo!", "love isn't at least bad", "least good"]
    plain = score(texts)
    other = SentimentIntensityAnalyzer.__new__(SentimentIntensityAnalyzer)
    other.constants, other.lexicon = VaderConstants(), {**reference.lexicon, **extra}
    assert differ(other, texts, score(texts, extra)) == []
    pd.testing.assert_frame_equal(score(texts), plain)


def test_the_lists_and_numbers_are_nltks(reference):
    theirs = VaderConstants
    assert valences() == reference.lexicon
    assert (rules.NEGATIONS, rules.BOOSTERS) == (theirs.NEGATE, theirs.BOOSTER_DICT)
    assert (rules.IDIOMS, list(rules.PUNCTUATION)) == (theirs.SPECIAL_CASE_IDIOMS, theirs.PUNC_LIST)
    assert (rules.BOOST, rules.CAPITALS, rules.NEGATION) == (theirs.B_INCR, theirs.C_INCR, theirs.N_SCALAR)
    assert lexicon()["sha256"] == "1ec9c6e9ee19aade328f8beb393a6afa71a5bb3acf7d3cc22d4ef568df374bf5"


def test_characters_are_what_this_python_says():
    kind = rules.character_kinds()
    for point in range(rules.LAST):
        sign, known = chr(point), kind[point]
        told = (bool(known & rules.SPACE), bool(known & rules.UPPER), not known & rules.LOWER)
        assert told == (sign.isspace(), sign.isupper(), ("A" + sign).isupper()), hex(point)
    folded = [point for point in range(128, rules.LAST) if chr(point).lower().isascii()]
    assert folded == [0x212A]  # the Kelvin sign, as the compiled code has it


def test_without_numba_the_scores_are_the_same_and_it_says_once_that_it_is_slower(monkeypatch):
    texts = ["I LOVE it, but...", None, "so-so", "\ud800 not good", ""]
    fast = score(texts)
    monkeypatch.delattr(sentiment, "compiled")
    monkeypatch.setitem(sys.modules, "analysis.sentiment.compiled", None)
    vader._compiled.cache_clear()
    try:
        with pytest.warns(UserWarning, match="slower: numba .*cannot be loaded"):
            slow = score(texts)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            score(texts)
    finally:
        vader._compiled.cache_clear()
    pd.testing.assert_frame_equal(slow, fast, check_exact=True)


def test_words_that_compiled_code_cannot_fold_are_scored_by_nltk():
    with pytest.warns(UserWarning, match="plain letters"):
        scores = score(["was für ein glück", "GLÜCK"], {"glück": 3.0})
    assert (scores["compound"] > 0.5).all()


def test_more_threads_change_no_score(monkeypatch):
    monkeypatch.setattr(vader, "_MANY", 500)
    texts = load_posts()["text"].dropna().iloc[:2000]
    pd.testing.assert_frame_equal(score(texts, threads=1), score(texts, threads=3), check_exact=True)


TEXTS = ["I love it", "awful", None, "I love it", ""]
COLUMNS = {
    **{dtype: pd.Series(TEXTS, dtype=dtype) for dtype in ("str", "object", "string", "string[python]", "category")},
    "arrow": pd.Series(TEXTS, dtype=pd.ArrowDtype(pa.large_string())),
    "arrow dictionary": pd.Series(pd.arrays.ArrowExtensionArray(pa.array(TEXTS).dictionary_encode())),
    "chunked": pd.Series(pd.arrays.ArrowExtensionArray(pa.chunked_array([TEXTS[:1], [], TEXTS[1:]], pa.string()))),
    "slice": pd.Series(["not this", *TEXTS, "nor this"], dtype="str").iloc[1:-1],
}


@pytest.mark.parametrize("texts", COLUMNS.values(), ids=COLUMNS)
def test_any_kind_of_column_will_do(texts):
    scores = score(texts)
    assert scores["compound"].fillna(9).tolist() == [0.6369, -0.4588, 9, 0.6369, 0]
    assert scores.index.equals(texts.index)


@pytest.mark.parametrize("texts", [[], pd.Series([], dtype="category"), [None, None], pd.Series([np.nan, pd.NA])])
def test_nothing_in_is_nothing_out(texts):
    assert score(texts).shape == (len(texts), 4)
    assert score(texts).isna().all(axis=None)


@pytest.mark.parametrize("wrong", [2.5, b"bytes", ["list"]])
def test_what_is_no_text_is_refused_with_its_row(wrong):
    with pytest.raises(TypeError, match=r"row 1 \(index 'b'\) holds .* a (float|bytes|list) "):
        score(pd.Series(["fine", wrong], index=["a", "b"], dtype=object))
