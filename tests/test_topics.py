"""Planted topics are found, the order of the texts plays no part, and what can't be done is refused."""

import inspect
import os
import subprocess
import sys
from hashlib import sha256

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from analysis import topics
from analysis.methods.topic_methods import compare_methods
from analysis.methods.topic_planting import plant
from analysis.schema import InputError
from analysis.topics import NONE, agreement, content_words, fit, model, prepare, sizes
from analysis.topics.evidence import floor
from analysis.topics.prepare import bag, distinct
from analysis.topics.weights import holds, learn, tfidf

SUBJECTS = {
    "harbour": ["ship", "harbour", "sail", "anchor", "mast", "crew", "tide", "deck", "rope", "captain"],
    "kitchen": ["oven", "flour", "bread", "butter", "knife", "recipe", "dough", "salt", "spoon", "baker"],
    "garden": ["seed", "soil", "rose", "weed", "spade", "hedge", "bloom", "petal", "compost", "lawn"],
}
COMMON = ["day", "morning", "week", "street", "people", "table", "window", "letter"]


def planted(seed=1, texts=240, mixed=2):
    """Texts of one subject each, with common words strewn in, and what was planted."""
    random = np.random.default_rng(seed)
    subject = random.choice(list(SUBJECTS), texts)
    lines = [" ".join([*random.choice(SUBJECTS[s], 4), *random.choice(COMMON, mixed)]) for s in subject]
    return pd.DataFrame({"text": lines, "topic": subject, "author": [f"a{i}" for i in range(texts)]})


@pytest.mark.parametrize("seed", range(5))
def test_planted_topics_are_found(seed):
    posts = planted(seed)
    found = fit(posts["text"], k=3, seed=seed)
    agreed = agreement(found.assign(posts["text"])["topic"], posts["topic"], posts["author"])
    assert agreed["ami"] > 0.85
    assert agreed["low"] <= agreed["ami"] <= agreed["high"]
    top = found.top_words(set(found.vocabulary), n=5)
    assert {
        frozenset(words) <= frozenset(SUBJECTS[s]) for _, words in top.groupby("topic")["word"] for s in SUBJECTS
    } > {False}
    for _, words in top.groupby("topic")["word"]:
        assert any(set(words) <= set(subject) for subject in SUBJECTS.values())


def test_labels_without_relation_agree_no_more_than_by_chance():
    posts = planted(texts=600)
    random = pd.Series(np.random.default_rng(3).permutation(posts["topic"]))
    agreed = agreement(random, posts["topic"], posts["author"])
    assert abs(agreed["ami"]) < 0.02
    assert agreed["low"] < 0.01 < agreed["high"] + 0.02
    assert agreement(posts["topic"], posts["topic"], posts["author"])["ami"] == pytest.approx(1)


def test_the_interval_covers_the_agreement_of_a_larger_sample():
    def noisy(seed, n):
        random = np.random.default_rng(seed)
        truth = random.choice(list("abc"), n)
        found = np.where(random.random(n) < 0.6, truth, random.choice(list("abc"), n))
        return pd.Series(found), pd.Series(truth), pd.Series(np.arange(n)).astype("str")

    large = agreement(*noisy(0, 20_000))["ami"]
    inside = [(a := agreement(*noisy(seed, 400)))["low"] <= large <= a["high"] for seed in range(1, 31)]
    assert np.mean(inside) > 0.85


def test_shuffling_changes_nothing():
    posts = planted(2)
    mixed = posts.sample(frac=1, random_state=5)
    one, two = fit(posts["text"], k=4), fit(mixed["text"], k=4)
    assert all(np.array_equal(one.arrays[name], two.arrays[name]) for name in one.arrays)
    assert np.array_equal(one.counts, two.counts)
    assert one.floor == two.floor
    pd.testing.assert_frame_equal(
        one.assign(posts["text"]), two.assign(mixed["text"]).loc[posts.index], check_exact=True
    )


def test_copies_and_what_is_not_words_change_nothing():
    posts = planted(3)
    copies = pd.concat([posts["text"], "RT @someone: " + posts["text"].iloc[:50] + " #MeToo https://t.co/abc"])
    assert np.array_equal(fit(posts["text"], k=3).counts, fit(copies, k=3).counts)


def test_what_is_said_of_a_text_does_not_depend_on_the_others():
    posts = planted(4)
    found = fit(posts["text"], k=3)
    whole = found.assign(posts["text"])
    parts = pd.concat([found.assign(posts["text"].iloc[:1]), found.assign(posts["text"].iloc[1:])])
    pd.testing.assert_frame_equal(whole, parts, check_exact=True)


def fingerprint():
    random, vocabulary = (
        np.random.default_rng(1),
        [f"{a}{b}{c}" for a in "bdfgklmnpr" for b in "aeiou" for c in "bdfgkl"],
    )
    found = fit([" ".join(random.choice(vocabulary, 12)) for _ in range(600)], k=8)
    return sha256(found.arrays["reach"].tobytes() + found.counts.tobytes()).hexdigest()


def test_the_number_of_threads_changes_nothing():
    source = "\n".join(["import numpy as np", "from hashlib import sha256", "from analysis.topics import fit"])
    code = f"{source}\n{inspect.getsource(fingerprint)}\nprint(fingerprint())"
    one = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    run = subprocess.run([sys.executable, "-c", code], env=one, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == fingerprint()


def test_unrelated_texts_fit_no_topic():
    posts = planted(5)
    found = fit(posts["text"], k=3)
    odd = found.assign(["a violin and a cello", "#MeToo https://t.co/x @someone", "", "me too"])
    assert odd["topic"].tolist() == [NONE] * 4
    assert (odd[found.names] == 0).all(axis=None)
    assert (found.assign(posts["text"])["topic"] == NONE).mean() <= 0.16


def test_shares_add_up_and_the_topic_is_the_largest():
    posts = planted(6)
    table = fit(posts["text"], k=5).assign(posts["text"])
    shares = table.drop(columns=["topic", "fit", "margin"])
    assert np.allclose(shares.sum(axis=1), 1)
    assert table["margin"].between(0, 1 + 1e-9).all()
    assert (shares.idxmax(axis=1) == table["topic"])[table["topic"] != NONE].all()


def test_missing_in_is_missing_out_and_the_index_is_kept():
    posts = planted(7)
    found = fit(posts["text"], k=3)
    texts = pd.Series(["ship harbour sail", None, "oven flour"], index=["x", "y", "x"], dtype="str")
    table = found.assign(texts)
    assert table.index.equals(texts.index)
    assert table["topic"].isna().tolist() == [False, True, False]
    assert len(found.assign([])) == 0
    assert fit(pd.concat([posts["text"], pd.Series([None] * 9)]), k=3).texts == found.texts


def test_only_shared_words_are_shown():
    posts = planted(8)
    found = fit(posts["text"], k=3)
    assert set(found.top_words({"ship", "oven"})["word"]) == {"ship", "oven"}
    assert found.top_words(set()).empty
    assert found.top_words(set(found.vocabulary), n=3).groupby("topic")["rank"].max().eq(3).all()


def test_weights_equal_scikit_learns():
    texts = planted(9)["text"].tolist()
    found = bag(texts)
    _, first = distinct(found)
    keys = [sorted(set(content_words(texts[i]))) for i in first]
    theirs = TfidfVectorizer(analyzer=lambda key: key, min_df=2)
    expected = theirs.fit_transform(keys)
    lexis = learn(found, first)
    assert len(first) == len(set(map(tuple, keys)))
    assert list(lexis.vocabulary) == theirs.get_feature_names_out().tolist()
    assert np.allclose(tfidf(holds(found, lexis.vocabulary)[first], lexis.rarity).toarray(), expected.toarray())


@pytest.mark.parametrize(
    ("texts", "k", "message"),
    [
        ([], 2, "there are no texts"),
        (["me too", "#MeToo", None, "https://t.co/x"], 2, "none of the 3 texts holds a word"),
        (["ship sails", "ship anchors"], 5, "k is 5, but 2 distinct texts, with 1 words .* can give 1 to 1 topics"),
        (["ship", "oven"], 1, "2 of them differ, and no word stands in two"),
        (["ship harbour"] * 50, 1, "no topic can be found in 50 texts: 1 of them differ"),
        (
            ["ich habe es auch erlebt, und nicht nur einmal"] * 60,
            2,
            "100% of these texts seem",
        ),
        (["ship sails", "ship anchors"], 0, "k is 0"),
        (["ship sails", "ship anchors"], 2.0, "k is 2.0; it has to be a whole number, or 'auto'"),
        (["ship sails", "ship anchors"], True, "k is True; it has"),
        (["ship sails", "ship anchors"], "many", "k is 'many'; it has"),
        (["ship"] * 30, "auto", "30 texts: 1 of them differ.*bring more texts"),
        (["ship"], "auto", "no topic can be found in 1 texts"),
        ([], "auto", "there are no texts, or all of them are missing"),
        ([None, float("nan")], 2, "there are no texts"),
        (["", "  ", "#MeToo 1234"], "auto", "none of the 3 texts holds a word"),
        (["\ub098\ub3c4 \uadf8\ub807\ub2e4"] * 30, "auto", "100% of these texts seem"),
        (["ship sails", "ship anchors", "ship sinks"], 10**12, "k is 1000000000000, but 3 distinct texts"),
    ],
)
def test_what_cannot_be_done_is_refused(texts, k, message):
    with pytest.raises(ValueError, match=message):
        fit(texts, k)


def test_too_few_texts_to_compare_give_a_smaller_answer_that_says_so():
    few = fit(["cats purr", "cats purr, cats sleep", "ships sail", "ships sail, ships sink"])
    assert few.choice == {"k": None, "near": [], "use": 2, "why": few.choice["why"]}
    assert "no number is preferred: 4 distinct texts are too few to compare numbers; 2 is used" in repr(few)
    assert len(fit(["ship sails", "ship anchors"]).names) == 1
    for method in ("magic", ["nmf"]):
        with pytest.raises(ValueError, match=r"method is .*; there are nmf, kmeans, lda, mixture, density"):
            fit(["ship sails", "ship anchors"], method=method)
    for seed in (-1, 1.5, "one", None, 2**40):
        with pytest.raises(ValueError, match=r"seed is .*; it has to be a whole number from 0"):
            fit(["ship sails", "ship anchors"], k=1, seed=seed)


def test_the_number_of_topics_is_chosen_and_the_choice_told():
    posts = planted(1, mixed=0, texts=120)
    found = fit(posts["text"])
    assert len(found.names) == found.choice["use"] == found.choice["k"] == 3
    assert repr(found).startswith("<3 topics by nmf in")
    assert "3 is preferred: it is best by stability" in repr(found)
    given = fit(posts["text"], k=3)
    assert given.choice is None
    assert np.array_equal(given.counts, found.counts)


def test_where_nothing_is_planted_no_number_is_preferred_and_it_is_said():
    every = [word for subject in SUBJECTS.values() for word in subject]
    texts = [" ".join(np.random.default_rng([1, i]).choice(every, 6, replace=False)) for i in range(100)]
    found = fit(texts)
    assert found.choice["k"] is None
    assert found.choice["why"].startswith("no number is preferred: ")
    assert found.choice["why"].endswith(f"; {len(found.names)} is used")


def test_posts_of_a_hundred_thousand_words_are_read():
    posts = planted(2)["text"].tolist()
    long = [" ".join(SUBJECTS[subject] * 10_000) for subject in SUBJECTS]
    odd = ["x" * 100_000, "1 2 " * 50_000, "\0 ship \0" * 1_000, "@" * 100_000]
    found = fit([*posts, *long, *odd], k=3)
    assert found.assign(long)["topic"].nunique() == 3
    assert found.assign(odd)["topic"].tolist()[:2] == [NONE, NONE]


@settings(max_examples=25, deadline=None)
@given(st.permutations(range(24)), st.integers(1, 4))
def test_the_order_of_the_rows_never_moves_anything(order, k):
    texts = planted(3, texts=24)["text"].tolist()
    one, two = fit(texts, k), fit([texts[i] for i in order], k)
    assert one.vocabulary == two.vocabulary
    assert one.floor == two.floor
    assert all(np.array_equal(one.arrays[name], two.arrays[name]) for name in one.arrays)
    whole = two.assign([texts[i] for i in order]).set_axis(list(order)).sort_index()
    pd.testing.assert_frame_equal(one.assign(texts), whole, check_exact=True)


def test_how_many_texts_are_cut_at_once_changes_nothing(monkeypatch):
    texts = [*planted(4)["text"], "call 555 1234", "\0", "\u00e9t\u00e9 ship", "", "ship 1 2"]
    found = fit(texts, 3)
    whole = found.assign(texts)
    for module, name in ((prepare, "_AT_ONCE"), (model, "_AT_ONCE"), (model, "_MIXED")):
        monkeypatch.setattr(module, name, 7)
    assert np.array_equal(fit(texts, 3).counts, found.counts)
    pd.testing.assert_frame_equal(found.assign(texts), whole, check_exact=True)


def test_what_is_no_text_is_refused():
    with pytest.raises(TypeError, match="row 1"):
        fit(["ship", 3], 1)
    with pytest.raises(TypeError, match="in a list"):
        fit("ship harbour", 1)


def test_texts_that_are_all_alike_but_for_a_word_give_an_answer():
    texts = [f"ship harbour {'x' * 2}{chr(97 + i)}" for i in range(26)]
    assert fit(texts, k=2).assign(texts)["topic"].nunique() <= 2


def test_sizes_hide_small_topics_and_cover_the_planted_share():
    people = pd.Series([f"a{i}" for i in range(400)])
    inside = []
    for seed in range(25):
        found = pd.Series(np.random.default_rng(seed).choice(["topic 1", "topic 2", NONE], 400, p=[0.5, 0.3, 0.2]))
        row = sizes(found, people, draws=100, seed=seed).iloc[0]
        inside.append(row["low"] <= 0.5 <= row["high"])
    assert np.mean(inside) > 0.85
    few = sizes(pd.Series(["topic 1"] * 380 + ["topic 2"] * 5 + [NONE] * 15), people)
    assert few["topic"].tolist() == ["topic 1", "topic 2", NONE]
    assert few["posts"].isna().tolist() == few["share"].isna().tolist() == [False, True, True]


def test_sizes_draw_people_and_not_posts():
    found = pd.Series(["topic 1"] * 100 + [NONE] * 100)
    alone = pd.Series([f"a{i}" for i in range(200)])
    few = pd.Series([f"a{i // 20}" for i in range(200)])
    none = pd.Series([None] * 200, dtype="str")
    wide = [float((s := sizes(found, who, k=0).iloc[0])["high"] - s["low"]) for who in (alone, none, few)]
    assert wide[0] == pytest.approx(wide[1], rel=0.3)
    assert wide[2] > 2 * wide[0]
    order = np.random.default_rng(2).permutation(200)
    pd.testing.assert_frame_equal(sizes(found[order], few[order]), sizes(found, few), check_exact=True)
    pd.testing.assert_frame_equal(sizes(found[order], none[order]), sizes(found, none), check_exact=True)


def test_sizes_count_people_and_not_posts():
    found = pd.Series(["topic 1"] * 50 + ["topic 2"] * 60 + ["topic 3"] * 70 + [NONE] * 80)
    people = pd.Series(["one"] * 50 + [f"a{i}" for i in range(210)])
    hidden = sizes(found, people).set_index("topic")["posts"].isna()
    assert hidden[hidden].index.tolist() == ["topic 2", "topic 1"]  # and a second one, for the sum would tell
    assert not sizes(found, pd.Series([f"a{i}" for i in range(260)])).isna().any(axis=None)
    nameless = people.where(found != "topic 1")
    assert sizes(found, nameless).isna().equals(sizes(found, people).isna())


@pytest.mark.parametrize(("found", "people", "message"), [([], [], "no agreement"), (["a"], ["x", "y"], "each post")])
def test_agreement_on_nothing_is_refused(found, people, message):
    with pytest.raises(ValueError, match=message):
        agreement(pd.Series(found, dtype="str"), pd.Series(found, dtype="str"), pd.Series(people, dtype="str"))


def test_the_floor_keeps_short_texts_where_texts_and_chance_are_apart():
    own, length = np.linspace(1.0, 9.0, 401), np.repeat([2, 6], 200)
    apart = np.repeat([2.5, -8.0], 200)
    together = np.repeat([2.5, 3.0], 200)
    assert floor(own, together, length) == pytest.approx(2.2)  # as before: 15% of the texts at most
    assert floor(own, apart, length) == pytest.approx(0.75)  # 15% of the median; midway, 0.7, is less
    assert floor(own, apart, np.full(400, 2)) == pytest.approx(2.2)  # short chance texts can't tell them apart
    assert floor(own[:40], apart, length) == pytest.approx(np.median(own[:40]) / 4)
    assert floor(own + 5, apart, length) == pytest.approx(2.5)  # never more than chance


def test_easy_topics_lose_few_of_their_posts_and_refuse_others():
    posts = plant(2_800, topics=3, common=0.2, noise=0.3, seed=77)
    about = posts["topic"].ne(NONE)
    found = fit(posts.loc[about, "text"], 3)
    assert found.assign(posts.loc[about, "text"])["topic"].eq(NONE).mean() < 0.05
    assert found.assign(posts.loc[~about, "text"])["topic"].eq(NONE).mean() > 0.95


NOBODY = pd.Series(["a", "b", "c"])
PETS_TEXTS = ["cats purr", "cats purr, cats sleep", "ships sail", "ships sail, ships sink"]
PETS = fit(PETS_TEXTS, k=2)
TABLE = pd.DataFrame({"theme": ["sea"], "word": ["ship*"]})


@pytest.mark.parametrize(
    ("do", "message"),
    [
        (lambda: fit(pd.DataFrame({"text": ["ship sails"]})), "a DataFrame is given where a sequence of texts"),
        (lambda: fit(None), "a NoneType is given where a sequence of texts"),
        (lambda: topics.content_words(None), "None is a NoneType and not a text"),
        (lambda: topics.stability(PETS, PETS_TEXTS, fits=0), "fits is 0; at least one"),
        (lambda: topics.layout(PETS, PETS_TEXTS, across=0), "across is 0; a map is at least one hexagon wide"),
        (lambda: topics.sizes(NOBODY, NOBODY[:2]), "3 topics and 2 authors"),
        (lambda: agreement(NOBODY, pd.Series(["a", None, "b"]), NOBODY), "some posts have no topic"),
        (lambda: agreement(NOBODY, NOBODY, NOBODY, level=95), "level is 95; it must lie between 0 and 1"),
        (lambda: topics.phrases(pd.Series([1, 2, 3]), NOBODY), "holds 1, a int and not a text"),
        (lambda: topics.examples(PETS, pd.DataFrame({"text": ["ship"]})), "posts have no column platform"),
        (lambda: topics.anchor(PETS_TEXTS, TABLE, free=-1), "free is -1; it has to be a whole number from 0"),
        (lambda: topics.anchor(PETS_TEXTS, pd.DataFrame({"theme": ["sea"]})), "columns theme and word is needed"),
        (lambda: topics.anchor(PETS_TEXTS, TABLE.assign(word=None)), "line 2: the word is empty"),
        (lambda: topics.recommended(pd.DataFrame({"k": [2]})), "no column c_v: give one as choose makes it"),
        (lambda: plant(1.5), "posts is 1.5; it has to be a whole number"),
        (lambda: plant(5, length=-1), "length is -1; texts have more than 0 words"),
        (lambda: compare_methods(NOBODY, NOBODY, 0), "k is 0; it has to be a whole number from 1"),
        (lambda: compare_methods(NOBODY, NOBODY, 1, methods=["plain NMF"]), "no word stands in two of 3 texts"),
    ],
)
def test_what_cannot_be_used_is_refused_before_it_fails_inside(do, message):
    with pytest.raises((ValueError, TypeError, InputError), match=message):
        do()


def test_what_is_shown_of_topics_is_no_list_of_their_words():
    """A rare word can be a name: the last line of a cell shows none."""
    assert "ship" not in repr(PETS) + repr(topics.anchor(PETS_TEXTS, TABLE))


def test_other_languages_are_set_apart_and_not_mixed_in():
    posts = planted(5)
    strange = [f"Ich habe das auch erlebt und nicht nur in der {word}" for word in SUBJECTS["garden"]] * 7
    strange += ["나도 그렇다", "que no se lo dije a mi jefe por miedo"] * 20
    mixed = pd.concat([posts["text"], pd.Series(strange)], ignore_index=True).sample(frac=1, random_state=1)
    found, alone = fit(mixed, k=3), fit(posts["text"], k=3)
    assert found.apart == len(strange) and alone.apart == 0
    assert "110 in other languages set apart" in repr(found)
    assert found.vocabulary == alone.vocabulary and "habe" not in found.vocabulary
    assert np.array_equal(found.counts, alone.counts)
    same = topics.stability(alone, posts["text"], fits=2)
    pd.testing.assert_frame_equal(topics.stability(found, mixed, fits=2), same, check_exact=True)
