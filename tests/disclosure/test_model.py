"""Disclosures are learnt from labels, whatever their order; a model's file is checked before it answers."""

import json
import zipfile

import numpy as np
import pandas as pd
import pytest
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

from analysis import disclosure
from analysis.disclosure import disclosed, features, fit, saving
from analysis.privacy import PrivacyError
from analysis.schema import InputError


def tiny(n=40):
    """Posts of two kinds that one can tell apart by a word, each by another author."""
    texts = [f"my boss shouted at me on day {i}" if i % 2 else f"I believe you, friend {i}" for i in range(n)]
    posts = pd.DataFrame({"text": texts, "author": [f"somebody {i}" for i in range(n)], "lang": "en"})
    return posts, pd.Series(["detail" if i % 2 else "none" for i in range(n)], index=posts.index)


@pytest.fixture(scope="module")
def model(corpus):
    return fit(corpus, disclosed(corpus["stance"]), question="disclosure", k=0)


def test_terms_and_weights_are_those_of_scikit_learn():
    texts = ["me too at work", "he followed me home me", "too bad", "at home at work"]
    terms = features.learn(texts, least=1)
    runs = CountVectorizer(analyzer="char_wb", ngram_range=(2, 4)).fit(texts)
    assert set(terms.runs) == {run.replace(" ", "_") for run in runs.vocabulary_}
    plain = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"\S+")
    theirs = pd.DataFrame(plain.fit_transform(texts).toarray(), columns=plain.get_feature_names_out())
    ours = features.weigh(texts, terms).toarray()[:, : len(terms.words)]
    assert np.allclose(ours, theirs[list(terms.words)], atol=1e-6)


def test_the_order_of_the_posts_never_matters(corpus, model):
    mixed = corpus.sample(frac=1, random_state=1)
    again = fit(mixed, disclosed(corpus["stance"]).sample(frac=1, random_state=2), question="disclosure", k=0)
    assert again.terms.words == model.terms.words
    assert np.array_equal(again.weights, model.weights)


def test_answers_come_back_on_the_index_and_missing_texts_stay_missing(model):
    predicted = model.predict(pd.Series(["Me too", None, "Me too"], index=[9, 4, 7]))
    assert predicted.index.tolist() == [9, 4, 7]
    assert predicted["answer"].isna().tolist() == predicted["bare"].isna().tolist() == [False, True, False]
    assert predicted.loc[9].equals(predicted.loc[7])
    assert model.predict([]).empty


def test_two_processes_answer_the_same(model, corpus, monkeypatch):
    monkeypatch.setattr("analysis.disclosure.model._AT_ONCE", 20)
    texts = corpus["text"].head(40)
    assert model.predict(texts, processes=2).equals(model.predict(texts))


def test_what_cannot_be_learnt_from_is_refused_with_the_remedy():
    posts, answers = tiny()
    with pytest.raises(InputError, match=r"nothing to learn from: label a random sample"):
        fit(posts, answers.mask(answers.notna()), question="disclosure")
    with pytest.raises(InputError, match=r"all 40 labelled posts have the same label") as refused:
        fit(posts, pd.Series("somebody's words", index=posts.index), question="disclosure")
    assert "somebody" not in str(refused.value)  # what is in the column of labels may be anything


def test_terms_of_few_people_are_left_out_by_default(model):
    posts, answers = tiny()
    assert fit(posts, answers, question="disclosure").terms.people.min() >= 10
    nobody = posts.drop(columns="author")
    with pytest.raises(InputError, match="bring posts with authors, or choose a smaller k"):
        fit(nobody, answers, question="disclosure")
    shown = model.heaviest(5)
    people = dict(zip(model.terms.words, model.terms.people, strict=False))
    assert min(people[word] for word in shown["word"]) >= 10


def test_another_language_throughout_is_noted_with_the_remedy(model):
    posts = pd.DataFrame({"text": ["Tämä oli aivan muuta", "ei mitään tuttua"], "lang": ["fi", "fi"]})
    row = model.familiar(posts).iloc[0]
    assert (row["lang"], row["trained"], row["words"]) == ("fi", False, 0)
    assert "label a random sample of these posts by hand" in row["note"]
    english = model.familiar(pd.DataFrame({"text": ["It happened to me too, at work"], "lang": ["en"]}))
    assert english["note"].tolist() == [""]


@pytest.fixture
def saved(model, tmp_path):
    path = tmp_path / "model.npz"
    disclosure.save_model(model, path)
    return path


def test_a_saved_model_answers_the_same_and_has_the_same_bytes(model, corpus, tmp_path):
    path = tmp_path / "model.npz"
    digest = disclosure.save_model(model, path)
    first = path.read_bytes()
    again = disclosure.load_model(path)
    assert again.predict(corpus["text"]).equals(model.predict(corpus["text"]))
    assert disclosure.save_model(again, path) == digest
    assert path.read_bytes() == first
    assert (tmp_path / "model.card.md").read_text() == model.card(digest)


def rewritten(path, change, *, sign):
    """Change header and arrays of a model's file by hand; where `sign`, with the hash that fits."""
    with np.load(path) as file:
        arrays = {name: file[name].copy() for name in file.files}
    header = json.loads(arrays.pop("header").tobytes())
    change(header, arrays)
    if sign:
        header["sha256"] = saving._digest({name: header[name] for name in header if name != "sha256"}, arrays)
    np.savez(path, header=np.frombuffer(json.dumps(header).encode(), "u1"), **arrays)


def first_number(name, value):
    return lambda header, arrays: arrays[name].put(0, value)


def changed_header(**changes):
    return lambda header, arrays: header.update(changes)


@pytest.mark.parametrize(
    ("change", "sign", "match"),
    [
        (first_number("weights", 7), False, "changed after it was saved"),
        (changed_header(card={}), False, "changed after it was saved"),
        (changed_header(version=2), False, "version 2 of the format"),
        (lambda header, arrays: arrays.pop("offsets"), False, "lacks offsets"),
        (lambda header, arrays: header.clear(), False, "not a model of disclosures"),
        (changed_header(version="1"), True, "version '1' of the format"),
        (changed_header(classes=["bare", "bare", "none"]), True, "does not name two answers"),
        (changed_header(classes={"bare": 1, "none": 2}), True, "does not name two answers"),
        (changed_header(classes=["bare", "none"]), True, "parts do not fit"),
        (changed_header(question=None), True, "does not name two answers"),
        (changed_header(card=dict.fromkeys(saving._FACTS)), True, "card does not say"),
        (first_number("weights", np.nan), True, "missing or infinite"),
        (lambda header, arrays: arrays.update(words=np.frombuffer(b"\xff\xfe", "u1")), True, "no UTF-8"),
    ],
)
def test_a_changed_file_and_nonsense_whose_hash_fits_are_refused(saved, change, sign, match):
    rewritten(saved, change, sign=sign)
    with pytest.raises(InputError, match=f"model.npz: .*{match}.*fit it again"):
        disclosure.load_model(saved)


def test_a_file_that_claims_to_be_huge_takes_no_memory(saved, monkeypatch):
    monkeypatch.setattr("analysis.disclosure.saving._LARGEST", 2**10)
    with pytest.raises(InputError, match=r"model\.npz: this unpacks to more than 0 MiB"):
        disclosure.load_model(saved)
    monkeypatch.undo()
    claim = "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 1099511627776), }"
    head = b"\x93NUMPY\x01\x00" + (118).to_bytes(2, "little") + claim.ljust(117).encode() + b"\n"
    with zipfile.ZipFile(saved, "w") as archive:
        archive.writestr("header.npy", head)
    with pytest.raises(InputError, match="not a model, or a damaged one"):
        disclosure.load_model(saved)


def test_a_pickle_or_a_cut_file_never_runs(saved):
    saved.write_bytes(saved.read_bytes()[:-200])
    with pytest.raises(InputError, match="damaged"):
        disclosure.load_model(saved)
    np.savez(saved, header=np.array([print], dtype=object))
    with pytest.raises(InputError, match="damaged"):
        disclosure.load_model(saved)


def test_a_model_of_real_posts_with_rare_words_is_not_saved(tmp_path):
    posts, answers = tiny()
    with pytest.raises(PrivacyError, match=r"fewer than 10 people: a rare word can be a name\. Fit it with k=10"):
        disclosure.save_model(fit(posts, answers, question="disclosure", k=0), tmp_path / "mine.npz")
    disclosure.save_model(fit(posts, answers, question="disclosure"), tmp_path / "mine.npz")
