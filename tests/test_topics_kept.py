"""Topics are kept in a file without pickle, and no file that was damaged or made with ill intent is taken."""

import json
import zipfile
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.schema import InputError
from analysis.topics import fit, load, save, without_rare
from analysis.topics.methods import WAYS

SUBJECTS = [
    "ship harbour sail anchor mast crew tide deck rope captain",
    "oven flour bread butter knife recipe dough salt spoon baker",
    "seed soil rose weed spade hedge bloom petal compost lawn",
    "violin cello flute drum horn piano chord tempo choir organ",
]
DRAW = np.random.default_rng(1)
TEXTS = [" ".join(DRAW.choice(SUBJECTS[i % 4].split(), 5, replace=False)) for i in range(120)]


@pytest.fixture(scope="module")
def found():
    return fit(TEXTS, 4)


def kept(found, folder, shared=None):
    """Save topics with all their words, and give the path."""
    save(found, folder / "topics.npz", set(found.vocabulary) if shared is None else shared)
    return folder / "topics.npz"


@pytest.mark.parametrize("method", WAYS)
def test_what_is_loaded_says_the_same_to_the_last_digit(method, tmp_path):
    found = fit(TEXTS, 3, method)
    path = kept(found, tmp_path)
    again = load(path)
    asked = [*TEXTS[:40], "bus", "", None, "a ship in an oven"]
    pd.testing.assert_frame_equal(again.assign(asked), found.assign(asked), check_exact=True)
    pd.testing.assert_frame_equal(again.top_words(set(found.vocabulary)), found.top_words(set(found.vocabulary)))
    before = path.read_bytes()
    assert kept(again, tmp_path).read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["topics.npz"]


def test_why_there_are_so_many_is_kept(tmp_path):
    found = fit(TEXTS[:15])
    assert load(kept(found, tmp_path)).choice == found.choice != None  # noqa: E711


@pytest.mark.parametrize("method", WAYS)
def test_words_of_few_people_get_into_no_file(method, tmp_path):
    found = fit(TEXTS, 3, method)
    shared = set(found.vocabulary[::2])
    told = save(found, tmp_path / "topics.npz", shared)
    assert (told["words"], told["dropped"]) == (len(shared), len(found.vocabulary) - len(shared))
    again = load(tmp_path / "topics.npz")
    assert set(again.vocabulary) == shared
    with zipfile.ZipFile(tmp_path / "topics.npz") as inside:
        held = b"".join(inside.read(name) for name in inside.namelist())
    assert not any(word.encode() in held for word in found.vocabulary if not any(word in other for other in shared))
    pd.testing.assert_frame_equal(again.assign(TEXTS), without_rare(found, shared).assign(TEXTS), check_exact=True)
    # A word that was dropped is one never met: fits fall, and what was "none" for want of words stays so.
    assert again.assign(TEXTS)["fit"].mean() < found.assign(TEXTS)["fit"].mean()
    dropped = [word for word in found.vocabulary if word not in shared]
    assert again.assign([" ".join(dropped[:5])])["topic"].tolist() == ["none"]


def test_where_words_are_dropped_the_least_fit_is_set_anew_from_the_texts(found, tmp_path):
    shared = set(found.vocabulary[::3])
    save(found, tmp_path / "topics.npz", shared, pd.Series([*TEXTS, None]))
    anew = load(tmp_path / "topics.npz").assign(TEXTS)["topic"]
    as_it_was = load(kept(found, tmp_path, shared)).assign(TEXTS)["topic"]
    before = found.assign(TEXTS)["topic"]
    assert (anew == "none").sum() < 0.3 * (as_it_was == "none").sum()
    assert (anew == before).mean() > 0.7 > 0.3 > (as_it_was == before).mean()
    with pytest.raises(ValueError, match="none of the texts holds a word of these topics"):
        save(found, tmp_path / "topics.npz", shared, ["bus"])


def test_nothing_is_saved_where_no_word_may_be_or_the_path_is_none(found, tmp_path):
    with pytest.raises(ValueError, match=r"none of the 40 words .* may be kept"):
        save(found, tmp_path / "topics.npz", set())
    for path in (tmp_path / "topics.pickle", tmp_path / "none" / "topics.npz"):
        with pytest.raises(InputError, match=r"ending in \.npz, in a folder"):
            save(found, path, set(found.vocabulary))
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(ValueError, match="strange has no place"):
        save(replace(found, arrays={"strange": np.ones(4)}), tmp_path / "topics.npz", set(found.vocabulary))


HOSTILE = {
    "not a number": (lambda f: replace(f, floor=float("nan")), "a number that is none"),
    "infinite": (lambda f: replace(f, counts=f.counts + np.inf), "a number that is none"),
    "more texts than there are": (lambda f: replace(f, lexis=replace(f.lexis, texts=1)), "a count that can't be"),
    "negative": (lambda f: replace(f, sizes=-f.sizes), "a count that can't be"),
    "two topics in one place": (lambda f: replace(f, order=f.order * 0), "not in order"),
    "words unsorted": (lambda f: replace(f, lexis=replace(f.lexis, vocabulary=f.vocabulary[::-1])), "not in order"),
    "parts of another size": (lambda f: replace(f, sizes=f.sizes[:-1]), "do not fit each other"),
    "a part too few": (lambda f: replace(f, arrays={"reach": f.arrays["reach"]}), "do not fit each other"),
    "no method": (lambda f: replace(f, method="os.system"), "its method is 'os.system'"),
    "no reason": (lambda f: replace(f, choice=["k"]), "does not say why"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_whole_file_that_no_fit_could_have_made_is_refused(found, tmp_path, what):
    change, said = HOSTILE[what]
    path = kept(change(found), tmp_path, shared=set(found.vocabulary))
    with pytest.raises(InputError, match=f"topics.npz: .*{said}.*; find the topics again"):
        load(path)


def rewritten(path, change):
    """Change some of a file's arrays, their hash left as it was."""
    with np.load(path) as file:
        arrays = {name: file[name] for name in file.files}
    change(arrays)
    np.savez(path, **arrays)


def header(**values):
    def change(arrays):
        told = json.loads(arrays["header"].tobytes()) | values
        arrays["header"] = np.frombuffer(json.dumps(told, sort_keys=True, ensure_ascii=False).encode(), "u1")

    return change


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda arrays: arrays["counts"].__setitem__((0, 0), 1e6), "changed after it was saved.*find the topics again"),
        (header(floor=0.0), "changed after it was saved"),
        (header(version=2), "version 2 of the format, and here version 1 is read"),
        (header(format="analysis-disclosure-model"), "not a model of topics"),
        (lambda arrays: arrays.pop("within"), "lacks within"),
        (lambda arrays: arrays.update(header=np.frombuffer(b"{", "u1")), "not a model, or a damaged one"),
        (lambda arrays: arrays.update(counts=arrays["counts"].astype("<f4")), "changed after it was saved"),
        (lambda arrays: arrays.update(words=np.array(["a"], dtype=object)), "not a model, or a damaged one"),
    ],
)
def test_a_file_that_was_changed_is_refused_with_the_remedy(found, tmp_path, change, said):
    path = kept(found, tmp_path)
    rewritten(path, change)
    with pytest.raises(InputError, match=f"topics.npz: .*{said}"):
        load(path)


def test_a_cut_a_huge_and_a_missing_file_are_refused(found, tmp_path, monkeypatch):
    path = kept(found, tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError, match="damaged one; find the topics again"):
        load(path)
    path.write_bytes(b"words,name\n")
    with pytest.raises(InputError, match="not a model"):
        load(path)
    # An array that says that it holds 10**13 numbers, and holds none.
    says = np.lib.format.magic(1, 0)
    about = b"{'descr': '<f8', 'fortran_order': False, 'shape': (10000000000000,), }"
    about += b" " * (64 - (len(says) + 2 + len(about) + 1) % 64) + b"\n"
    with zipfile.ZipFile(path, "w") as inside:
        inside.writestr("header.npy", says + len(about).to_bytes(2, "little") + about)
    with pytest.raises(InputError, match="damaged"):
        load(path)
    path.write_bytes(whole)
    monkeypatch.setattr("analysis.disclosure.stored._LARGEST", 2**10)
    with pytest.raises(InputError, match="unpacks to more than"):
        load(path)
    with pytest.raises(InputError, match=r"none.npz: there is no such file; find the topics again"):
        load(tmp_path / "none.npz")


def test_parts_that_are_not_asked_for_are_never_read(found, tmp_path):
    path = kept(found, tmp_path)
    with zipfile.ZipFile(path, "a") as inside:
        inside.writestr("../../outside.npy", b"anything")
    assert load(path).names == found.names
    assert [file.name for file in tmp_path.iterdir()] == ["topics.npz"]


def test_texts_in_other_languages_do_not_move_the_floor_that_is_set_anew(found):
    strange = [f"Ich habe das auch nicht in der {word} und nicht im ship harbour" for word in SUBJECTS[2].split()] * 12
    shared = set(found.vocabulary[::2])
    assert without_rare(found, shared, [*TEXTS, *strange]).floor == without_rare(found, shared, TEXTS).floor


@pytest.mark.parametrize("name", ["order", "sizes", "way-gram", "words"])
def test_a_single_number_in_the_place_of_many_is_refused(found, tmp_path, name):
    from analysis.disclosure import stored

    path = kept(found, tmp_path)
    with np.load(path) as file:
        arrays = {name: file[name].copy() for name in file.files}
    header = json.loads(arrays.pop("header").tobytes())
    arrays[name] = arrays[name].ravel()[0].reshape(())
    header["sha256"] = stored._digest({key: header[key] for key in header if key != "sha256"}, arrays)
    np.savez(path, header=np.frombuffer(json.dumps(header).encode(), "u1"), **arrays)
    with pytest.raises(InputError, match="do not fit each other"):
        load(path)
