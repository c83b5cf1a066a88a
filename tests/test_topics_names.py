"""Names come from words that may be shown, a person's names find their topics again, real posts are never shown."""

import numpy as np
import pandas as pd
import pytest
from sklearn.feature_extraction.text import CountVectorizer

from analysis.privacy import PrivacyError
from analysis.schema import InputError
from analysis.topics import class_tfidf, examples, fit, name_template, named, phrases

SUBJECTS = {
    "harbour": "ship harbour sail anchor mast crew tide deck rope captain",
    "kitchen": "oven flour bread butter knife recipe dough salt spoon baker",
    "garden": "seed soil rose weed spade hedge bloom petal compost lawn",
}


def planted(seed=1, texts=150):
    random, names = np.random.default_rng(seed), list(SUBJECTS)
    return [" ".join(random.choice(SUBJECTS[names[i % 3]].split(), 5, replace=False)) for i in range(texts)]


@pytest.fixture(scope="module")
def found():
    return fit(planted(), 3)


@pytest.fixture(scope="module")
def shared(found):
    return set(found.vocabulary)


def subject(words):
    """Tell to which subject all of some words belong."""
    return [name for name, own in SUBJECTS.items() if set(words) <= set(own.split())]


def test_class_tfidf_is_its_formula(found, shared):
    texts = list({frozenset(text.split()): text for text in planted()}.values())
    topic = found.assign(texts)["topic"]
    assert (topic != "none").all()
    classes = [" ".join(np.array(texts)[topic == name]) for name in found.names]
    counted = CountVectorizer(vocabulary=found.vocabulary).fit_transform(classes).toarray()
    expected = counted / counted.sum(axis=1, keepdims=True) * np.log(1 + counted.sum() / 3 / counted.sum(axis=0))
    table = class_tfidf(found, shared, n=100)
    for i, name in enumerate(found.names):
        mine = table[table["topic"] == name].set_index("word")["weight"]
        np.testing.assert_allclose(mine, [expected[i, found.vocabulary.index(word)] for word in mine.index], atol=1e-8)
        assert len(mine) == (expected[i] > 0).sum()
        assert mine.is_monotonic_decreasing


def test_a_name_is_made_of_a_subjects_own_words(found, shared):
    table = named(found, shared)
    assert table["topic"].tolist() == found.names
    assert sorted(one for name in table["name"] for one in subject(name.split(", "))) == sorted(SUBJECTS)
    assert not table["given"].any()
    pd.testing.assert_frame_equal(table, named(found, sorted(shared)))


def test_only_shared_words_get_into_a_name_and_no_two_are_alike(found):
    table = named(found, {"ship", "oven"})
    assert sorted(table["name"]) == ["oven", "ship", table["topic"][table["words"] == ""].item()]
    assert named(found, set())["name"].tolist() == found.names
    everywhere = fit(["cats and dogs", "dogs and cats, birds", "cats, dogs, birds", "dogs, birds"], 2)
    assert named(everywhere, {"dogs"})["name"].is_unique


def test_a_phrase_stands_whole_and_a_plural_once():
    texts = [f"human resources {word}" for word in ("form", "desk", "letter", "call")] + ["ship ships sail"] * 1
    texts += [f"ship ships {word}" for word in ("sail", "mast", "crew")]
    found = fit(texts, 2)
    names = named(found, set(found.vocabulary), phrases={"human resources"})["name"].tolist()
    assert "human resources" in names
    assert "ship" in names


def test_a_persons_names_find_their_topics_after_another_fit(found, shared, tmp_path):
    file = tmp_path / "names.csv"
    name_template(found, shared, file)
    lines = file.read_text().splitlines()
    assert lines[0] == "words,name"
    assert named(found, shared, file).equals(named(found, shared))  # a template without names changes nothing
    whose = {tuple(line.rstrip(",").split()): subject(line.rstrip(",").split())[0] for line in lines[1:]}
    file.write_text("words,name\n" + "".join(f"{' '.join(own)},The {name}\n" for own, name in whose.items()))
    for seed in (1, 2, 3):
        other = fit(planted(seed + 10, 90 + 30 * seed), 3, seed=seed)
        table = named(other, set(other.vocabulary), file)
        assert table["given"].all()
        for name, own in zip(table["name"], table["words"], strict=True):
            assert [name] == [f"The {one}" for one in subject(own.split())]
    with pytest.raises(InputError, match=r"names.csv: this is there already"):
        name_template(found, shared, file)
    with pytest.raises(InputError, match="there is no folder"):
        name_template(found, shared, tmp_path / "none" / "names.csv")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("violin cello drum,Music", "line 2: no topic has most of its words"),
        ("ship oven,Both", "line 2: no topic has most"),
        ("ship,Boats", None),
    ],
)
def test_a_line_that_fits_no_topic_is_told_and_names_none(found, shared, tmp_path, line, said):
    (tmp_path / "names.csv").write_text(f"words,name\n{line}\n")
    if said:
        with pytest.warns(UserWarning, match=f"names.csv, {said}"):
            table = named(found, shared, tmp_path / "names.csv")
        assert not table["given"].any()
        assert table.equals(named(found, shared))
    else:
        assert named(found, shared, tmp_path / "names.csv")["given"].sum() == 1


def test_a_line_that_fits_two_topics_is_told(tmp_path):
    found = fit(["cats and dogs purr", "dogs and cats purr, birds", "cats, dogs, birds", "dogs, birds, cats"], 2)
    both = set.intersection(*(set(words.split()) for words in named(found, set(found.vocabulary))["words"]))
    assert both
    (tmp_path / "names.csv").write_text(f"words,name\n{min(both)},Pets\n")
    with pytest.warns(UserWarning, match="line 2: topic 1 and topic 2 have most of its words.*give it more"):
        named(found, set(found.vocabulary), tmp_path / "names.csv")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "line 1: its columns have to be words,name"),
        (b"topic,name\ntopic 1,Boats\n", "line 1: its columns"),
        (b"words,name\nship sail,Boats\nship mast,Vessels\n", "lines 2 and 3: both name topic"),
        (b"words,name\nship sail,Work\noven flour,Work\n", "line 3: the name 'Work' can't be told apart: line 2"),
        (b"words,name\n ,Boats\n", "line 2: there are no words"),
        (b"words,name\nship,Boats,and more\n", "line 2: this has 3 fields"),
        (b"words,name\n\nship," + b"x" * 81 + b"\n", "line 3: a name has at most 80 signs"),
        (b"words,name\nship,Bo\x1b[31mats\n", "line 2: a name has at most 80 signs, and none that can't be seen"),
        (b"words,name\nship,B\xe4te\n", r"not in UTF-8 \(byte 18\)"),
        (b"words,name\nship,Boats\n" * 60_000, "larger than 1 MiB"),
        (b"words,name\n" + b"a" * 140_000 + b",x\n", "line 2: this is no CSV"),
        (b'words,name\nship sail,Boats\n"oven flour,Bread\n', "line 3: this is no CSV .unexpected end"),
    ],
)
def test_a_file_that_can_name_nothing_is_refused_by_line(found, shared, tmp_path, content, said):
    (tmp_path / "names.csv").write_bytes(content)
    with pytest.raises(InputError, match=f"names.csv(, |: ).*{said}|names.csv, {said}"):
        named(found, shared, tmp_path / "names.csv")


def test_a_missing_file_of_names_is_told_with_the_remedy(found, shared, tmp_path):
    with pytest.raises(InputError, match=r"names.csv: there is no such file; .*name_template"):
        named(found, shared, tmp_path / "names.csv")


def posts(texts, author="invented_0000001"):
    ids = [str(919659437487030272 + (i << 22)) for i in range(len(texts))]
    return pd.DataFrame({"post_id": ids, "platform": "twitter", "author": author, "text": texts})


def test_typical_posts_are_of_their_topic_distinct_and_in_order(found):
    texts = planted()
    table = examples(found, posts(texts), n=4)
    assert table.groupby("topic")["rank"].agg(list).tolist() == [[1, 2, 3, 4]] * 3
    assert table["text"].is_unique
    for _, some in table.groupby("topic"):
        assert len({tuple(subject(text.split())) for text in some["text"]}) == 1
        assert (some["share"] * some["fit"]).round(9).is_monotonic_decreasing
    mixed = posts(texts).sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(examples(found, mixed, n=4), table, check_exact=True)


def test_copies_with_a_word_changed_are_one_example(found):
    long = SUBJECTS["harbour"].split()
    copies = [" ".join(long), " ".join(long[:-1]), " ".join(long[1:]), "ship sail"]
    assert len(examples(found, posts(copies), n=4)) == 2


def test_a_long_post_between_two_topics_is_typical_of_neither():
    random = np.random.default_rng(1)
    harbour, kitchen, garden = (words.split() for words in SUBJECTS.values())
    # these are in stories of two subjects
    outdoors = ["weather", "morning", "boots", "gloves", "rain", "sun", "wind", "cold", "wet", "mud"]
    texts = []
    for _ in range(60):
        for subject_words in (harbour, garden):
            words = [*random.choice(subject_words, 3, replace=False), *random.choice(outdoors, 2, replace=False)]
            texts.append(" ".join(words))
        texts += [" ".join(random.choice(kitchen, 5, replace=False)) for _ in range(2)]
    found = fit(texts, 3)
    clear, between = " ".join(harbour[:3]), " ".join([*harbour[:3], *outdoors])
    table = found.assign([clear, between])
    assert table["topic"][0] == table["topic"][1] != "none"
    typical = table["fit"] * table[found.names].max(axis=1)
    assert typical[1] > typical[0]  # many words that fit a little outweigh few that fit well
    assert examples(found, posts([clear, between]))["text"].tolist() == [clear]
    assert examples(found, posts([between])).empty


def test_a_post_that_may_be_real_is_never_shown(found):
    texts = planted()
    those = posts(texts).assign(author=["invented_0000001"] * 149 + ["somebody"])
    with pytest.raises(PrivacyError, match="1 of 150 posts may be a real person's") as told:
        examples(found, those)
    assert not any(text in str(told.value) for text in texts)


def test_phrases_are_firm_pairs_that_ten_people_wrote():
    texts = pd.Series(
        [f"they sent me to human resources in the year {i}" for i in range(12)] + ["a ship"] * 3 + ["an oven"]
    )
    authors = pd.Series([f"a{i}" for i in range(len(texts))])
    assert phrases(texts, authors) == {"human resources"}
    assert phrases(texts, pd.Series(["one"] * len(texts))) == set()  # one person's words
    assert phrases(pd.Series(["human resources"] * 20), pd.Series([f"a{i}" for i in range(20)])) == set()  # copies
    order = np.random.default_rng(1).permutation(len(texts))
    assert phrases(texts[order], authors[order]) == {"human resources"}
    assert phrases(pd.Series([None, ""], dtype="str"), pd.Series(["a", "b"])) == set()
    with pytest.raises(ValueError, match="each text needs its own"):
        phrases(texts, authors[:2])
