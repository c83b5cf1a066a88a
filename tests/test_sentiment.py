"""Scores are NLTK's to the last digit, and missing stays missing."""

from pathlib import Path

import nltk
import numpy as np
import pandas as pd
import pytest
import vaderSentiment
from hypothesis import given, settings
from hypothesis import strategies as st
from nltk.sentiment.vader import SentimentIntensityAnalyzer

from analysis.posts import load_posts
from analysis.sentiment import SCORES, lexicon, score, vader, valence


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


def expected(reference, texts):
    return [[reference.polarity_scores(text)[name] for name in SCORES] for text in texts]


def test_scores_equal_nltk_on_the_sample(reference):
    texts = load_posts()["text"].dropna().drop_duplicates().iloc[::4]
    assert len(texts) > 500
    assert score(texts).to_numpy().tolist() == expected(reference, texts)


WORDS = "not very never but love HATE bad least without doubt kind of the bomb me too groped isn't n't good, 'good'"
PARTS = st.sampled_from([*WORDS.split(), ":)", "💔", "!!!", "??", "#love", "https://t.co/x", "ह", "", chr(0xD800)])


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.lists(PARTS, max_size=12).map(" ".join), st.text(max_size=60)))
def test_scores_equal_nltk_on_strings(reference, text):
    assert score([text]).to_numpy().tolist() == expected(reference, [text])


def test_a_fresh_scorer_leaves_nltks_search_path_alone():
    before = list(nltk.data.path)
    vader._vader.__wrapped__()
    assert nltk.data.path == before


def test_missing_in_is_missing_out_and_the_index_is_kept():
    texts = pd.Series(["I love it", None, np.nan, pd.NA, ""], index=["a", "a", 3, None, "z"], dtype=object)
    scores = score(texts)
    assert scores.index.equals(texts.index)
    assert scores["compound"].isna().tolist() == [False, True, True, True, False]
    assert scores.dtypes.unique().tolist() == [np.dtype("float64")]


@pytest.mark.parametrize("dtype", ["str", "category", "string", object, "string[pyarrow]"])
def test_any_kind_of_text_column_will_do(dtype):
    texts = pd.Series(["I love it", "awful", None, "I love it"], dtype=dtype)
    assert score(texts)["compound"].round(4).tolist()[:2] == [0.6369, -0.4588]
    assert score(texts)["compound"].isna().tolist() == [False, False, True, False]


def test_nothing_in_is_nothing_out():
    assert score(pd.Series([], dtype="str")).shape == (0, 4)
    assert score(pd.Series([None, None], dtype="str")).isna().all(axis=None)


@pytest.mark.parametrize("wrong", [3, 2.5, b"bytes", ["list"], True])
def test_what_is_no_text_is_refused_with_its_row(wrong):
    with pytest.raises(TypeError, match=r"row 1 \(index 'b'\) holds .* a (int|float|bytes|list|bool) "):
        score(pd.Series(["fine", wrong], index=["a", "b"], dtype=object))


def test_each_distinct_text_is_scored_once(monkeypatch):
    asked = []
    monkeypatch.setattr(vader, "_polarity", vader._polarity.__wrapped__)
    scorer = type("Scorer", (), {"polarity_scores": lambda _, text: asked.append(text) or dict.fromkeys(SCORES, 0.0)})()
    monkeypatch.setattr(vader, "_vader", lambda: scorer)
    score(["one", "two", "one", "one"])
    assert asked == ["one", "two"]


def test_lexicon_says_which():
    found = lexicon()
    assert found["sha256"] == "1ec9c6e9ee19aade328f8beb393a6afa71a5bb3acf7d3cc22d4ef568df374bf5"
    assert found["entries"] == 7506
    assert (found["package"], found["scorer"][:4]) == ("vaderSentiment", "NLTK")
    assert valence("LOVE") == 3.2
    assert np.isnan(valence("groped"))
