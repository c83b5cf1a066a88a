"""Coherence is gensim's."""

import numpy as np
import pytest

from analysis.topics import c_v, npmi
from analysis.topics.bags import Bag, bag


@pytest.mark.parametrize("size", [6, 40])
def test_coherence_is_gensims(subjects, size):
    from gensim.corpora import Dictionary
    from gensim.models import CoherenceModel

    random = np.random.default_rng(size)
    every = sorted({word for words in subjects.values() for word in words})
    texts = [random.permutation(every)[: random.integers(1, size)].tolist() for _ in range(100)]
    top_words = [random.permutation(every)[:7].tolist() for _ in range(5)]
    place = {word: i for i, word in enumerate(every)}
    starts = np.r_[0, np.cumsum([len(text) for text in texts])]
    posts = Bag(tuple(every), starts, np.array([place[word] for text in texts for word in text], dtype=np.int32))
    for name, measure in (("c_npmi", npmi), ("c_v", c_v)):
        theirs = CoherenceModel(
            topics=top_words, texts=texts, dictionary=Dictionary(texts), coherence=name, processes=1, topn=7
        ).get_coherence_per_topic()
        np.testing.assert_allclose(measure(top_words, posts), theirs, atol=1e-9)


def test_coherence_asks_for_words_that_are_there():
    with pytest.raises(ValueError, match="'cheese' stands in none of the posts"):
        npmi([["bread", "cheese"]], bag(["bread butter"]))
