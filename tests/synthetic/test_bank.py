"""The phrase bank is whole, its themes are kept apart, and a broken file is named."""

import re

import numpy as np
import pytest

from analysis.synthetic import bank, invent, sentences
from analysis.synthetic.plan import STANCES


def test_a_post_has_wordings_of_one_family_alone(monkeypatch):
    phrases = bank.load("metoo")
    writer, lists = sentences.SentenceWriter(phrases), {}
    for (stance, topic), parts in phrases.families.items():
        for name, variants in (family for part in parts.values() for family in part):
            lists |= {id(variant): f"{topic or stance}/{name}" for variant in variants}
    told = []
    filled = sentences.SentenceWriter.fill

    def spy(self, pieces, post, draw):
        told.append(lists.get(id(pieces)))
        return filled(self, pieces, post, draw)

    monkeypatch.setattr(sentences.SentenceWriter, "fill", spy)
    random = np.random.default_rng(1)
    codes = dict.fromkeys(("told", "often", "act_named", "place_named", "person_named", "life_named"), 0)
    twice = 0
    for _ in range(500):
        told.clear()
        post = codes | {"stance": 1, "lang": "en", "topic": int(random.integers(len(writer.topics)))}
        family = writer.thought(post, lambda limit: int(random.integers(limit)))[0]
        used = [name for name in told if name]
        assert set(used) == {family}
        twice += len(used) > 1
    assert twice > 40  # of 500


@pytest.mark.parametrize("theme", ["metoo", "neutral"])
def test_the_phrase_bank_is_whole(theme):
    phrases = bank.load(theme)
    assert {stance for stance, _ in phrases.families} == set(STANCES)
    assert {topic for stance, topic in phrases.families if stance == "detail"} == set(phrases.theme["topic"])
    families = [(key, name) for key, parts in phrases.families.items() for part in parts.values() for name, _ in part]
    assert len(families) == len(set(families))
    assert len(families) > (600 if theme == "metoo" else 250)
    for parts in phrases.families.values():
        for _, variants in (family for part in parts.values() for family in part):
            spelt_out = "".join(text for variant in variants for piece in variant for text in bank.spelt(piece))
            assert not re.search(r"https?:|@|#metoo", spelt_out, re.IGNORECASE)


def test_the_held_out_bank_shares_no_family_and_no_sentence_with_the_one_that_models_learn():
    def told(theme):
        parts = [part for sections in bank.load(theme).families.values() for part in sections.values()]
        names = {name for part in parts for name, _ in part}
        return names, {str(variant).casefold() for part in parts for _, variants in part for variant in variants}

    (names, sentences), (others, their_sentences) = told("metoo-held-out"), told("metoo")
    assert len(names) >= 60
    assert not names & others
    assert not sentences & their_sentences
    held_out, base = bank.load("metoo-held-out"), bank.load("metoo")
    assert {stance for stance, _ in held_out.families} == set(STANCES)
    assert {topic for stance, topic in held_out.families if stance == "detail"} == set(base.theme["topic"])
    shared = [{str(v) for variants in found.parts.values() for v in variants} for found in (held_out, base)]
    assert not shared[0] & shared[1]
    posts, truth = invent(300, seed=3, theme="metoo-held-out")
    own = truth.loc[posts["lang"].eq("en").to_numpy() & truth["family"].ne("the-call"), "family"]
    assert own.str.split("/").str[1].isin(names).all()
    assert set(posts["lang"]) <= {"en", "und"}


def test_a_broken_phrase_file_is_named(tmp_path):
    (tmp_path / "bad.toml").write_text('stance = "detail"\n[families]\na = ["{nosuch} thing"]\n')
    (tmp_path / "slots.toml").write_text('feel = ["sad"]\n')
    with pytest.raises(bank.PhraseError, match=r"bad\.toml \[a\].*nosuch"):
        bank.check([tmp_path / "bad.toml"])
    (tmp_path / "empty.toml").write_text('stance = "detail"\n[families]\nb = []\n')
    with pytest.raises(bank.PhraseError, match=r"empty\.toml.*family b"):
        bank.check([tmp_path / "empty.toml"])
    with pytest.raises(bank.PhraseError, match="without its partner"):
        bank.parse("half (a|b", {})
