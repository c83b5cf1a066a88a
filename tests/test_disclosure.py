"""Disclosures are learnt from labels, whatever their order; what cannot be learnt from is refused with the remedy."""

import json
import zipfile

import numpy as np
import pandas as pd
import pytest

from analysis import disclosure
from analysis.disclosure import OWN, chance_of, disclosed, features, fit, rates
from analysis.disclosure.saved import _CARD
from analysis.posts import load_posts
from analysis.privacy import PrivacyError
from analysis.schema import InputError
from analysis.synthetic import invent


def tiny(n=40):
    """Posts of two kinds that one can tell apart by a word, each by another author."""
    texts = [f"my boss shouted at me on day {i}" if i % 2 else f"I believe you, friend {i}" for i in range(n)]
    posts = pd.DataFrame({"text": texts, "author": [f"somebody {i}" for i in range(n)], "lang": "en"})
    answers = pd.Series(["detail" if i % 2 else "none" for i in range(n)], index=posts.index)
    return posts, answers


@pytest.fixture(scope="module")
def corpus():
    posts, truth = invent(2500, seed=3)
    posts = posts.merge(truth, on="post_id")
    return posts[posts["kind"].ne("repost") & posts["text"].notna() & posts["lang"].eq("en")]


@pytest.fixture(scope="module")
def model(corpus):
    return fit(corpus, disclosed(corpus["stance"]), question="disclosure", k=0)


# --- features


def test_runs_are_those_that_scikit_learn_counts():
    from sklearn.feature_extraction.text import CountVectorizer

    texts = ["Me too at work", "he followed me home", "too too bad"]
    plain = CountVectorizer(analyzer="char_wb", ngram_range=(2, 4), lowercase=True).fit(texts)
    theirs = {run.replace(" ", "_") for run in plain.vocabulary_}
    assert set(features.learn(texts, least=1).runs) == theirs


def test_weights_are_those_of_scikit_learn():
    from sklearn.feature_extraction.text import TfidfVectorizer

    texts = ["me too at work", "he followed me home me", "too bad", "at home at work"]
    plain = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"\S+")
    theirs = pd.DataFrame(plain.fit_transform(texts).toarray(), columns=plain.get_feature_names_out())
    terms = features.learn(texts, least=1)
    ours = features.weigh(texts, terms).toarray()[:, : len(terms.words)]
    pd.testing.assert_frame_equal(
        pd.DataFrame(ours, columns=list(terms.words)), theirs[list(terms.words)], check_dtype=False, atol=1e-6
    )


def test_a_term_counts_by_the_people_who_used_it():
    terms = features.learn(["boss one", "boss two", "shop one", "shop two"], ["a", "b", "c", "c"])
    people = dict(zip(terms.words, terms.people[: len(terms.words)], strict=True))
    assert people == {"boss": 2, "one": 2, "shop": 1, "two": 2}
    assert "shop" not in features.learn(["boss one", "boss two", "shop one", "shop two"], list("abcc"), k=2).words
    assert features.learn(["boss", "boss!"], [None, None]).people.max() == 1


def test_texts_without_a_known_word_have_no_weights():
    terms = features.learn(["me too", "me too!"])
    assert features.weigh(["", "🙂 ???", "xyz"], terms).nnz == 0


# --- learning


def test_the_order_of_the_posts_never_matters(corpus, model):
    mixed = corpus.sample(frac=1, random_state=1)
    again = fit(mixed, disclosed(corpus["stance"]).sample(frac=1, random_state=2), question="disclosure", k=0)
    assert again.terms.words == model.terms.words
    assert np.array_equal(again.weights, model.weights)
    assert again.card == model.card


def test_it_finds_what_was_planted_in_families_it_never_met(corpus):
    wanted = disclosed(corpus["stance"])
    said = disclosure.out_of_fold(corpus, wanted, corpus["family"], question="disclosure", folds=3, k=0)
    found = rates(wanted.isin(OWN), chance_of(said, OWN) >= 0.5, chance_of(said, OWN), corpus["family"], draws=50)
    assert found.set_index("measure").loc["f1", "value"] > 0.8
    assert np.allclose(said[["bare", "detail", "none"]].sum(axis=1), 1)


def test_answers_come_back_on_the_index_and_missing_texts_stay_missing(model):
    texts = pd.Series(["Me too", None, "Me too"], index=[9, 4, 7])
    found = model.predict(texts)
    assert found.index.tolist() == [9, 4, 7]
    assert found["answer"].isna().tolist() == found["bare"].isna().tolist() == [False, True, False]
    assert found.loc[9].equals(found.loc[7])
    assert model.predict([None]).isna().all(axis=None)
    assert model.predict([]).empty


def test_two_processes_say_the_same(model, corpus, monkeypatch):
    monkeypatch.setattr("analysis.disclosure.model._AT_ONCE", 400)
    assert model.predict(corpus["text"], processes=2).equals(model.predict(corpus["text"]))


def test_a_model_of_two_answers_gives_probabilities_of_both():
    posts, answers = tiny()
    found = fit(posts, answers, question="disclosure", k=0).predict(["my boss shouted"]).iloc[0]
    assert found["answer"] == "detail"
    assert found["detail"] + found["none"] == pytest.approx(1)


def test_posts_without_labels_are_refused():
    posts, answers = tiny()
    with pytest.raises(InputError, match=r"nothing to learn from: label a random sample \(python -m analysis label\)"):
        fit(posts, answers.mask(answers.notna()), question="disclosure")


def test_one_class_alone_is_refused():
    posts, _ = tiny()
    with pytest.raises(InputError, match=r"all 40 labelled posts have the label 'none'.*label more posts, at random"):
        fit(posts, pd.Series("none", index=posts.index), question="disclosure")


def test_terms_of_few_people_are_left_out_by_default():
    posts, answers = tiny()
    assert fit(posts, answers, question="disclosure").terms.people.min() >= 10
    nobody = posts.drop(columns="author")
    with pytest.raises(InputError, match="bring posts with authors, or choose a smaller k and keep the model to your"):
        fit(nobody, answers, question="disclosure")
    assert len(fit(nobody, answers, question="disclosure", k=0).terms)


def test_words_are_shown_that_ten_people_used(model):
    shown = model.heaviest(5)
    people = dict(zip(model.terms.words, model.terms.people, strict=False))
    assert shown.groupby("answer")["rank"].max().tolist() == [5, 5, 5]
    assert min(people[word] for word in shown["word"]) >= 10


def test_another_language_throughout_is_said_with_the_remedy(model):
    posts = pd.DataFrame({"text": ["Tämä oli aivan muuta", "ei mitään tuttua"], "lang": ["fi", "fi"]})
    found = model.familiar(posts).iloc[0]
    assert (found["lang"], found["trained"], found["words"]) == ("fi", False, 0)
    assert "label a random sample of these posts by hand" in found["note"]
    assert model.familiar(posts.assign(lang="en"))["note"].str.contains("guesses").all()
    english = model.familiar(pd.DataFrame({"text": ["It happened to me too, at work"], "lang": ["en"]}))
    assert english["note"].tolist() == [""]


# --- the file


def saved(model, folder):
    path = folder / "model.npz"
    digest = disclosure.save_model(model, path)
    return path, digest


def test_a_saved_model_says_the_same_and_has_the_same_bytes(model, corpus, tmp_path):
    path, digest = saved(model, tmp_path)
    first = path.read_bytes()
    again = disclosure.load_model(path)
    assert again.predict(corpus["text"]).equals(model.predict(corpus["text"]))
    assert again.card == model.card
    assert saved(again, tmp_path) == (path, digest)
    assert path.read_bytes() == first
    card = (tmp_path / "model.card.md").read_text()
    assert digest in card
    assert "Not for judging single people" in card


def rewritten(path, change):
    """Change the arrays of a model's file by hand."""
    with np.load(path) as file:
        arrays = {name: file[name].copy() for name in file.files}
    change(arrays)
    np.savez(path, **arrays)


def heavier(arrays):
    arrays["weights"][0, 0] += 1


def another_card(arrays):
    header = arrays["header"].tobytes().replace(b'"invented": true', b'"invented": null')
    arrays["header"] = np.frombuffer(header, dtype="u1")


def another_version(arrays):
    header = arrays["header"].tobytes().replace(b'"version": 1', b'"version": 2')
    arrays["header"] = np.frombuffer(header, dtype="u1")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (heavier, "changed after it was saved.*fit it again"),
        (another_card, "changed after it was saved.*fit it again"),
        (another_version, "version 2 of the format.*fit it again with this version"),
        (lambda arrays: arrays.pop("offsets"), "lacks offsets; fit it again"),
        (lambda arrays: arrays.update(header=np.frombuffer(b"[]", "u1")), "not a model of disclosures"),
        (lambda arrays: arrays.pop("header"), "not a model, or a damaged one"),
    ],
)
def test_a_file_that_was_changed_is_refused_with_the_remedy(model, tmp_path, change, said):
    path, _ = saved(model, tmp_path)
    rewritten(path, change)
    with pytest.raises(InputError, match=f"model.npz: .*{said}"):
        disclosure.load_model(path)


def resigned(path, arrays=None, **header):
    """Change a model's file and give it the hash that fits: damage that no hash tells."""
    from analysis.disclosure import stored as file_format

    with np.load(path) as file:
        kept = {name: file[name].copy() for name in file.files}
    kept |= arrays or {}
    told = json.loads(kept.pop("header").tobytes()) | header
    told["sha256"] = file_format._digest({name: told[name] for name in told if name != "sha256"}, kept)
    np.savez(path, header=np.frombuffer(json.dumps(told, ensure_ascii=False, sort_keys=True).encode(), "u1"), **kept)


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ({"version": 1.5}, "version 1.5 of the format"),
        ({"version": "1"}, "version '1' of the format"),
        ({"classes": ["none"]}, "does not name two answers"),
        ({"classes": ["bare", "bare", "none"]}, "does not name two answers"),
        ({"classes": {"bare": 1, "none": 2}}, "does not name two answers"),
        ({"classes": ["bare", "none"]}, "parts do not fit"),
        ({"question": None}, "does not name two answers"),
        ({"card": []}, "card does not say"),
        ({"card": {"posts": 1}}, "card does not say"),
        ({"card": dict.fromkeys(_CARD)}, "card does not say"),
    ],
)
def test_a_header_that_says_nonsense_is_refused_though_its_hash_fits(model, tmp_path, header, said):
    path, _ = saved(model, tmp_path)
    resigned(path, **header)
    with pytest.raises(InputError, match=f"model.npz: .*{said}.*fit it again"):
        disclosure.load_model(path)


def test_numbers_that_are_none_and_words_that_are_none_are_refused_though_the_hash_fits(model, tmp_path):
    path, _ = saved(model, tmp_path)
    for name, value in (("weights", np.nan), ("offsets", np.inf), ("rarity", np.nan)):
        values = {"weights": model.weights, "offsets": model.offsets, "rarity": model.terms.rarity}[name].copy()
        values.flat[0] = value
        saved(model, tmp_path)
        resigned(path, {name: values})
        with pytest.raises(InputError, match="missing or infinite"):
            disclosure.load_model(path)
    saved(model, tmp_path)
    resigned(path, {"words": np.frombuffer(b"\xff\xfe", "u1")})
    with pytest.raises(InputError, match="no UTF-8"):
        disclosure.load_model(path)


def test_a_file_that_claims_to_be_huge_takes_no_memory(model, tmp_path, monkeypatch):
    path, _ = saved(model, tmp_path)
    monkeypatch.setattr("analysis.disclosure.stored._LARGEST", 2**10)
    with pytest.raises(InputError, match=r"model\.npz: this unpacks to more than 0 MiB"):
        disclosure.load_model(path)
    monkeypatch.undo()
    claim = "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 1099511627776), }"
    head = b"\x93NUMPY\x01\x00" + (118).to_bytes(2, "little") + claim.ljust(117).encode() + b"\n"
    with zipfile.ZipFile(path, "w") as inside:
        inside.writestr("header.npy", head)
    with pytest.raises(InputError, match="not a model, or a damaged one"):
        disclosure.load_model(path)


def test_a_pickle_or_a_cut_file_never_runs(model, tmp_path):
    path, _ = saved(model, tmp_path)
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(InputError, match="damaged"):
        disclosure.load_model(path)
    np.savez(path, header=np.array([print], dtype=object))
    with pytest.raises(InputError, match="damaged"):
        disclosure.load_model(path)
    with pytest.raises(InputError, match="no such file"):
        disclosure.load_model(tmp_path / "none.npz")


def test_a_model_of_real_posts_with_rare_words_is_not_saved(tmp_path):
    posts, answers = tiny()
    with pytest.raises(PrivacyError, match=r"fewer than 10 people: a rare word can be a name\. Fit it with k=10"):
        disclosure.save_model(fit(posts, answers, question="disclosure", k=0), tmp_path / "mine.npz")
    disclosure.save_model(fit(posts, answers, question="disclosure"), tmp_path / "mine.npz")
    with pytest.raises(InputError, match=r"ending in \.npz"):
        disclosure.save_model(fit(posts, answers, question="disclosure"), tmp_path / "mine.pickle")


# --- splits


def test_folds_keep_groups_whole_and_do_not_depend_on_the_order(corpus):
    folds = disclosure.folds_of(corpus["family"])
    assert folds.groupby(corpus["family"]).nunique().eq(1).all()
    sizes = folds.value_counts()
    assert sizes.max() - sizes.min() < 0.1 * len(corpus)
    mixed = corpus.sample(frac=1, random_state=1)
    assert disclosure.folds_of(mixed["family"])[corpus.index].equals(folds)
    with pytest.raises(InputError, match="1 groups cannot be dealt"):
        disclosure.folds_of(pd.Series(["a", "a"]))


def test_later_days_are_scored_by_earlier_ones_alone(corpus):
    wanted = disclosed(corpus["stance"])
    planted = wanted.where(corpus["created_at"] < "2017-10-20", "none")  # what is said later must not matter
    later = disclosure.ahead_of_time(corpus, planted, "2017-10-20", question="disclosure", k=0)
    assert later.index.equals(corpus.index[corpus["created_at"] >= "2017-10-20"])
    assert later.equals(disclosure.ahead_of_time(corpus, wanted, "2017-10-20", question="disclosure", k=0))
    with pytest.raises(InputError, match="nothing to test on"):
        disclosure.ahead_of_time(corpus, wanted, "2030-01-01", question="disclosure", k=0)


def test_posts_without_group_time_or_text_change_nothing_for_the_others(corpus):
    some = corpus.head(400)
    wanted, groups = disclosed(some["stance"]), some["author"].where(np.arange(400) % 5 > 0)
    mixed = groups.sample(frac=1, random_state=1)
    assert disclosure.folds_of(mixed)[some.index].equals(disclosure.folds_of(groups))
    texts = some.assign(text=some["text"].where(np.arange(400) > 2))
    said = disclosure.out_of_fold(texts, wanted, groups, question="disclosure", folds=2, k=0)
    assert said["none"].isna().tolist() == [True] * 3 + [False] * 397
    assert chance_of(said, OWN).isna().sum() == 3
    when = some["created_at"].sort_values().iloc[300]
    untimed = some.assign(created_at=some["created_at"].where(np.arange(400) % 7 > 0))
    known = untimed[untimed["created_at"].notna()]
    late = disclosure.ahead_of_time(untimed, wanted, when, question="disclosure", k=0)
    assert late.equals(disclosure.ahead_of_time(known, wanted[known.index], when, question="disclosure", k=0))
    with pytest.raises(InputError, match="none of told is an answer here; they are bare, detail, none"):
        chance_of(said, ["told"])


def test_more_labels_help(corpus):
    curve = disclosure.learning_curve(
        corpus, disclosed(corpus["stance"]), corpus["family"], question="disclosure", sizes=(100,), folds=2, k=0
    )
    assert curve["labels"].tolist()[0] == 100
    assert curve["f1"].is_monotonic_increasing
    assert len(curve) == 2


def test_another_invented_corpus_can_be_the_test(model):
    posts, truth = invent(300, seed=8, theme="neutral")
    said = model.predict(posts["text"])
    found = rates(truth["stance"].isin(OWN), chance_of(said, OWN) >= 0.5, who=truth["family"], draws=20)
    assert found.set_index("measure").loc["f1", "value"] < 0.8  # it was never trained for telling of first jobs


def test_the_shipped_sample_is_as_it_was_evaluated():
    assert load_posts()["kind"].ne("repost").sum() == 20_000
