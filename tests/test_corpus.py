"""The shipped corpus is what the generator gives, and can be no real person's."""

from pathlib import Path

import pandas as pd
import pytest

from analysis.corpus import invent
from analysis.corpus.clock import CALL_MS, EPOCH_MS

DATA = Path(__file__).parents[1] / "data"


@pytest.fixture(scope="module")
def corpus():
    return invent(posts=4000, seed=1)


def as_csv(table):
    return table.to_csv(index=False, lineterminator="\n").encode("utf-8")


def test_shipped_files_are_what_invent_gives(corpus):
    posts, truth = corpus
    assert (DATA / "posts.csv").read_bytes() == as_csv(posts)
    assert (DATA / "truth.csv").read_bytes() == as_csv(truth)


def test_another_seed_gives_another_corpus(corpus):
    assert not invent(posts=200, seed=2)[0].equals(invent(posts=200, seed=1)[0])


def test_ids_are_unique_invented_and_carry_the_time(corpus):
    ids = corpus[0]["post_id"].astype("int64")
    assert ids.is_unique
    assert ids.is_monotonic_increasing
    assert (ids // 2**12 % 2**10 == 0).all()
    written = pd.to_datetime(corpus[0]["created_at"]).astype("datetime64[ms, UTC]").astype("int64")
    assert (ids // 2**22 + EPOCH_MS == written).all()


def test_truth_has_one_row_a_post(corpus):
    posts, truth = corpus
    assert (posts["post_id"] == truth["post_id"]).all()
    assert truth.notna().all(axis=None)
    assert ((truth["topic"] != "none") == (truth["stance"] == "detail")).all()


def test_parents_and_roots_precede(corpus):
    posts, _ = corpus
    place = pd.Series(range(len(posts)), index=posts["post_id"])
    linked = posts.dropna(subset=["parent_id"])
    assert set(linked["kind"]) == {"reply", "quote", "repost"}
    assert (place[linked["parent_id"]].to_numpy() < place[linked["post_id"]].to_numpy()).all()
    roots = posts.set_index("post_id")["root_id"]
    assert (place[roots].to_numpy() <= place[roots.index].to_numpy()).all()
    replies = posts[posts["kind"] == "reply"]
    assert (roots[replies["parent_id"]].to_numpy() == replies["root_id"].to_numpy()).all()


def test_reposts_repeat_their_original(corpus):
    posts, truth = corpus
    text, stance = posts.set_index("post_id")["text"], truth.set_index("post_id")["stance"]
    reposts = posts[posts["kind"] == "repost"]
    assert (text[reposts["parent_id"]].to_numpy() == reposts["text"].to_numpy()).all()
    assert (stance[reposts["parent_id"]].to_numpy() == stance[reposts["post_id"]].to_numpy()).all()


def test_the_shape_over_time(corpus):
    times = pd.to_datetime(corpus[0]["created_at"])
    hours = times.dt.floor("h").value_counts()
    assert hours.index[0] == pd.Timestamp("2017-10-16 02:00", tz="UTC")
    call = pd.Timestamp(CALL_MS, unit="ms", tz="UTC")
    assert (times == call).sum() == 1
    assert 0 < (times < call).mean() < 0.01
    assert times.max() < pd.Timestamp("2017-11-15", tz="UTC")


def test_enough_to_learn_from(corpus):
    posts, truth = corpus
    told = truth[(posts["kind"] != "repost") & (truth["stance"] == "detail")]
    assert len(told) >= 400
    assert told["topic"].value_counts().min() >= 40
    assert truth["stance"].nunique() == 11
