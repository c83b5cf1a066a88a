"""The shipped corpus is what the generator gives, can be no real person's, and holds what was planted."""

import errno
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from hashlib import sha256
from importlib import import_module
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.posts import check_posts, load_posts, load_truth, save_posts
from analysis.schema import COLUMNS, InputError
from analysis.synthetic import Curve, annotate, bank, generate, invent, invent_to, pen, ship, spelt
from analysis.synthetic.clock import CALL, HOUR, times
from analysis.synthetic.describe import BY_HAND
from analysis.synthetic.draws import below, chosen, chosen_by
from analysis.synthetic.label import ANSWERS, agreement
from analysis.synthetic.plan import STANCES
from analysis.synthetic.report import verdict

DATA = Path(__file__).parents[1] / "data"
EPOCH = 1_288_834_974_657
WRONG_CURVES = [{"branching": 1.0}, {"decay": 1.0, "half_life": 2.0}, {"growth": -1.0}, {"growth": float("nan")}]
WRONG_CURVES += [{"half_life": float("inf")}, {"climb": "six"}, {"memory": None}, {"memory": 1e9}]


@pytest.fixture(scope="module")
def shipped():
    return invent()


@pytest.fixture(scope="module")
def small():
    return invent(posts=3_000, seed=2)


def as_bytes(posts, truth, folder):
    save_posts(posts, folder / "p.csv")
    return (folder / "p.csv").read_bytes(), truth.to_csv(index=False, lineterminator="\n").encode()


def test_shipped_files_are_what_invent_gives(shipped, tmp_path):
    assert as_bytes(*shipped, tmp_path) == ((DATA / "posts.csv").read_bytes(), (DATA / "truth.csv").read_bytes())
    labels = annotate(*shipped).to_csv(index=False, lineterminator="\n")
    assert (DATA / "labels.csv").read_text() == labels


def test_shipped_files_load_as_they_were_invented(shipped):
    pd.testing.assert_frame_equal(load_posts().reset_index(drop=True), shipped[0], check_like=False)
    assert load_truth()["post_id"].tolist() == shipped[1]["post_id"].tolist()


@pytest.mark.parametrize(("chunk", "processes"), [(137, 1), (1_000, 2), (10**6, 1)])
def test_streamed_in_chunks_of_any_size_it_is_the_same(small, tmp_path, chunk, processes):
    planted = invent_to(tmp_path / "out", 3_000, 2, chunk=chunk, processes=processes)
    found = tuple((tmp_path / "out" / name).read_bytes() for name in ("posts.csv", "truth.csv"))
    assert found == as_bytes(*small, tmp_path)
    assert planted["rows"] == len(small[0])
    assert [planted["sha256_posts"], planted["sha256_truth"]] == [sha256(data).hexdigest() for data in found]
    record = pd.read_csv(tmp_path / "out" / "planted.csv", index_col="name", dtype="str")["value"]
    assert record["sha256_posts"] == sha256(found[0]).hexdigest()
    assert record["bursts"] == "none"
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["planted.csv", "posts.csv", "truth.csv"]


def test_another_seed_gives_another_corpus(small):
    other = invent(posts=3_000, seed=3)[0]
    assert (other["text"].iloc[:100].to_numpy() != small[0]["text"].iloc[:100].to_numpy()).mean() > 0.5


def test_ids_are_unique_invented_and_carry_the_time(shipped):
    posts = shipped[0]
    assert posts["post_id"].is_unique
    twitter = posts[posts["platform"] == "twitter"]
    ids = twitter["post_id"].astype("int64")
    assert ids.is_monotonic_increasing
    assert (ids // 2**12 % 2**10 == 0).all()
    written = twitter["created_at"].dt.tz_localize(None).astype("datetime64[ms]").astype("int64")
    assert (ids // 2**22 + EPOCH == written).all()
    others = posts.loc[posts["platform"] != "twitter", "post_id"]
    assert others.str.fullmatch(r"invented-(?:instagram|facebook)-\d+").all()


def test_nobody_can_be_meant(shipped):
    posts = shipped[0]
    assert posts["author"].str.fullmatch(r"invented_\d{7,}").all()  # longer than the 15 letters that Twitter allows
    for handle in posts["text"].str.extractall(r"@(\w+)")[0].unique():
        assert re.fullmatch(r"invented_\d{7,}", handle)
    links = posts["text"].str.extractall(r"(https?://\S+)")[0]
    assert links.str.startswith("https://link.example/").all()
    assert not posts["text"].str.contains(r"\b\d{3}[- ]\d{4}\b|\w@\w").any()


def test_truth_has_one_row_a_post_and_tells_of_disclosures_only(shipped):
    posts, truth = shipped
    assert (posts["post_id"] == truth["post_id"]).all()
    assert truth.notna().all(axis=None)
    english = (truth["stance"] == "detail") & (posts["lang"] == "en")
    for column in ("topic", "act", "place", "person", "life", "told", "often"):
        assert ((truth[column] != "none") == english).all()
    assert set(truth["stance"]) == set(STANCES)
    assert truth["topic"].nunique() == 11


def test_parents_and_roots_precede(shipped):
    posts = shipped[0]
    place = pd.Series(range(len(posts)), index=posts["post_id"])
    linked = posts.dropna(subset=["parent_id"])
    assert (linked["kind"] != "original").all()
    assert (posts.loc[posts["kind"] != "original", "parent_id"].notna()).all()
    assert (place[linked["parent_id"]].to_numpy() < place[linked["post_id"]].to_numpy()).all()
    roots, kinds = posts.set_index("post_id")["root_id"], posts.set_index("post_id")["kind"]
    assert (place[roots].to_numpy() <= place[roots.index].to_numpy()).all()
    followers = posts[posts["kind"].isin(["reply", "repost"])]
    assert (roots[followers["parent_id"]].to_numpy() == followers["root_id"].to_numpy()).all()
    starts = posts[posts["kind"].isin(["original", "quote"])]
    assert (starts["root_id"] == starts["post_id"]).all()
    assert kinds[followers.loc[followers["kind"] == "repost", "parent_id"]].isin(["original", "quote"]).all()


def test_the_call_opens_the_largest_conversation(shipped):
    posts, truth = shipped
    call = posts.loc[truth["family"] == "the-call"].iloc[0]
    assert call["created_at"] == pd.Timestamp("2017-10-15 20:21:11", tz="UTC")
    replies = posts[posts["kind"] == "reply"]
    assert replies["root_id"].value_counts().index[0] == call["post_id"]
    under = replies[replies["root_id"] == call["post_id"]]
    assert 0.2 < (under["parent_id"] != call["post_id"]).mean() < 0.6  # replies to replies


def test_what_was_written_before_the_call_draws_no_crowd(shipped):
    posts = shipped[0].query("kind != 'repost'")
    early = posts.loc[posts["created_at"] < pd.Timestamp("2017-10-15 20:21:11", tz="UTC"), "post_id"]
    about = posts.loc[posts["kind"].isin(["reply", "quote"]), ["parent_id", "root_id"]]
    for column in about:
        assert about[column].value_counts().reindex(early, fill_value=0).max() <= 3


def test_a_post_has_wordings_of_one_family_alone(monkeypatch):
    phrases = bank.load("metoo")
    writer, lists = pen.Pen(phrases), {}
    for (stance, topic), parts in phrases.families.items():
        for name, variants in (family for part in parts.values() for family in part):
            lists |= {id(variant): f"{topic or stance}/{name}" for variant in variants}
    told = []
    filled = pen.Pen.fill

    def spy(self, pieces, post, draw):
        told.append(lists.get(id(pieces)))
        return filled(self, pieces, post, draw)

    monkeypatch.setattr(pen.Pen, "fill", spy)
    random = np.random.default_rng(1)
    codes = dict.fromkeys(("told", "often", "act_named", "place_named", "person_named", "life_named"), 0)
    twice = 0
    for _ in range(500):
        told.clear()
        post = codes | {"stance": 1, "lang": "en", "topic": int(random.integers(len(writer.topics)))}
        family = writer.attempt(post, lambda limit: int(random.integers(limit)))[0]
        used = [name for name in told if name]
        assert set(used) == {family}
        twice += len(used) > 1
    assert twice > 80  # of 500: three in ten


@pytest.mark.parametrize(
    ("unit", "value", "expected"),
    [
        ("above, ratio", 1.0, "no"),
        ("above, ratio", 1.1, "yes"),
        ("at most, ratio", 1.0, "yes"),
        ("at most, ratio", 1.1, "no"),
        ("at least, posts", 1.0, "yes"),
        ("at least, posts", 0.9, "no"),
    ],
)
def test_a_published_direction_is_a_bound(unit, value, expected):
    assert verdict({"target": 1.0, "tolerance": 0.0, "unit": unit}, value) == expected


def test_settings_are_what_is_found():
    table = pd.read_csv(DATA / "calibration.csv").dropna(subset=["planted"])
    assert len(table) > 120
    percent = table[table["unit"].str.startswith("percent") & (table["figure"] != "language")]
    assert (percent["planted"] - percent["found"]).abs().max() < 2.5


def test_reposts_repeat_their_original(shipped):
    posts, truth = shipped
    reposts = posts[posts["kind"] == "repost"]
    for table, column in ((posts, "text"), (posts, "lang"), (truth, "stance"), (truth, "family")):
        values = table.set_index("post_id")[column]
        assert (values[reposts["parent_id"]].to_numpy() == values[reposts["post_id"]].to_numpy()).all()
    stars = reposts["parent_id"].value_counts()
    assert (posts.set_index("post_id")["reposts"][stars.index] >= stars).all()
    assert reposts["likes"].isna().all()


def test_counts_of_replies_are_those_in_the_corpus(shipped):
    posts = shipped[0].set_index("post_id")
    replies = posts.loc[posts["kind"] == "reply", "parent_id"].value_counts()
    expected = replies.reindex(posts.index, fill_value=0)[(posts["kind"] != "repost").to_numpy()]
    assert (posts.loc[expected.index, "replies"] == expected).all()


def test_a_story_fits_the_time_of_life_that_is_planted_in_it(shipped):
    posts, truth = shipped
    unfit = {
        "child": r"\b(?:college|university|degree|thesis|my boss|honeymoon)\b",
        "teen": r"\b(?:university|degree|thesis|tenure|honeymoon|professors?)\b",
        "adult": r"\b(?:detention|school uniform|homework|school nurse|third grade)\b",
    }
    for life, pattern in unfit.items():
        told = posts.loc[(truth["topic"] != "none") & (truth["life"] == life), "text"]
        assert len(told) > 300
        assert not told.str.contains(pattern, case=False).any(), told[told.str.contains(pattern, case=False)].tolist()


def test_seen_counts_disclosures_earlier_in_the_conversation(shipped):
    posts, truth = shipped
    rows = posts["kind"] != "repost"
    told = truth.loc[rows, "stance"].isin(["bare", "detail"]).astype("int64")
    earlier = told.groupby(posts.loc[rows, "root_id"].to_numpy()).cumsum() - told
    assert (truth.loc[rows, "seen"] == earlier).all()
    assert truth["seen"].max() > 50  # under the call


def test_every_calibrated_figure_is_within_its_tolerance(shipped, tmp_path, monkeypatch):
    # The two parameters are those of `invent()`: what it gives for them has been compared with the files above.
    monkeypatch.setattr(
        import_module("analysis.synthetic.ship"), "invent", lambda *asked: {(20_000, 1): shipped}[asked]
    )
    for name in ("events", *BY_HAND):
        if (DATA / f"{name}.csv").is_file():
            (tmp_path / f"{name}.csv").write_bytes((DATA / f"{name}.csv").read_bytes())
    found = ship(tmp_path)
    for name in ("posts.csv", "truth.csv", "labels.csv", "datapackage.json"):
        assert (tmp_path / name).read_bytes() == (DATA / name).read_bytes()
    assert found["within"].ne("no").all(), spelt(found[found["within"] == "no"])
    assert (found["within"] == "yes").sum() > 150
    kept = pd.read_csv(DATA / "calibration.csv")
    assert kept["figure"].tolist() == found["figure"].tolist()
    np.testing.assert_allclose(kept["found"], found["found"], rtol=0.1, atol=0.03)
    assert kept["source"].notna().all()
    assert "within tolerance" in spelt(found)


def test_the_annotators_agree_as_published(shipped):
    labels = pd.read_csv(DATA / "labels.csv", dtype={"post_id": "str"})
    assert labels.groupby("post_id").size().eq(2).all()
    for question in ANSWERS:
        assert 0.78 <= agreement(labels, question) <= 0.92
    truth = shipped[1].set_index("post_id")["stance"][labels["post_id"]].to_numpy()
    assert ((labels["disclosure"] == "detail") == (truth == "detail")).mean() > 0.95


def test_agreement_is_krippendorffs_alpha(shipped):
    krippendorff = pytest.importorskip("krippendorff")
    labels = annotate(*shipped)
    for question in ANSWERS:
        wide = [labels.loc[labels["annotator"] == name, question].to_numpy().astype("U") for name in "AB"]
        expected = krippendorff.alpha(reliability_data=wide, level_of_measurement="nominal")
        assert agreement(labels, question) == pytest.approx(expected)


def test_the_descriptor_is_accepted_by_its_validator():
    frictionless = pytest.importorskip("frictionless")
    found = frictionless.validate(str(DATA / "datapackage.json"))
    assert found.valid, found.to_summary()


def test_the_neutral_theme_has_the_same_structure(small):
    posts, truth = invent(posts=3_000, seed=2, theme="neutral")
    assert posts["post_id"].tolist() == small[0]["post_id"].tolist()
    assert posts["created_at"].tolist() == small[0]["created_at"].tolist()
    assert list(truth.columns) == list(small[1].columns)
    assert set(truth["stance"]) == set(small[1]["stance"])
    assert posts["text"].str.contains("#MyFirstJob", case=False).mean() > 0.95
    assert not posts["text"].str.contains(r"metoo|harass|assault|\bgrop|\brape|abuse", case=False).any()


def test_stances_can_be_set():
    truth = invent(posts=4_000, seed=4, stances={"bare": 10, "detail": 40, "news": 50})[1]
    share = truth["stance"].value_counts(normalize=True)
    assert share["news"] > 0.3
    assert "opposition" not in share


@pytest.mark.parametrize("rate", [0.4, 0.9])
def test_a_planted_growth_rate_can_be_found_again(rate):
    hours = np.bincount(times(40_000, 1, Curve(growth=rate, climb=8), 31)[0] // HOUR)[23:28]
    slope = np.polyfit(np.arange(5), np.log(hours), 1)[0]
    assert slope == pytest.approx(rate, abs=0.05)


def test_a_planted_half_life_can_be_found_again():
    after = times(40_000, 1, Curve(half_life=12.0, climb=2), 31)[0] - CALL - 2 * HOUR
    assert np.median(after[after >= 0]) / HOUR == pytest.approx(12, abs=0.4)


def test_a_planted_decay_exponent_can_be_found_again():
    after = (times(60_000, 1, Curve(decay=2.5, climb=2), 31)[0] - CALL) / HOUR - 2
    tail = np.log1p(after[after > 5] - 0.5)
    assert 1 + 1 / (tail - np.log1p(4.5)).mean() == pytest.approx(2.5, abs=0.15)


def test_posts_that_spark_posts_are_recorded():
    posts, truth = invent(posts=5_000, seed=1, curve=Curve(branching=0.6, growth=0.5))
    place = pd.Series(range(len(posts)), index=posts["post_id"])
    sparked = truth[(truth["sparked_by"] != "none") & (posts["kind"] != "repost")]
    assert len(sparked) / 5_000 == pytest.approx(0.6, abs=0.06)
    assert (place[sparked["sparked_by"]].to_numpy() < place[sparked["post_id"]].to_numpy()).all()
    assert truth.attrs["planted"]["branching"] == 0.6


def test_a_longer_span_has_later_bursts():
    posts, truth = invent(posts=30_000, seed=1, days=90)
    assert truth.attrs["planted"]["bursts"] > 1
    days = posts["created_at"].dt.strftime("%Y-%m-%d").value_counts()
    assert days["2018-01-08"] > 3 * days["2018-01-02"]
    assert days["2017-12-06"] > 3 * days["2017-12-02"]


@pytest.mark.parametrize(
    ("start", "some"), [("15 October 2017", True), (pd.Timestamp("2017-10-15"), True), ("2017-10-16", False)]
)
def test_bursts_go_by_the_day_however_it_is_written(start, some):
    planted = invent(posts=200, start=start, days=90)[1].attrs["planted"]
    assert (planted["bursts"] != "none") == some


def test_a_single_post_is_the_call():
    posts, truth = invent(posts=1)
    assert truth["family"].eq("the-call").all()
    assert posts["kind"].iloc[0] == "original"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"posts": 10**9}, "to 100000000"),
        ({"days": 10**6}, "to 36500"),
        ({"start": "2500-01-01"}, "July 2080"),
        ({"start": "2079-01-01", "days": 900}, "July 2080"),
        ({"start": "9" * 30}, "start is '999"),
        ({"start": None}, "start is None"),
        ({"stances": {"bare": float("nan"), "news": 30}}, "the share of bare is nan"),
        ({"stances": {"bare": "many"}}, "the share of bare is 'many'"),
        ({"stances": ["bare"]}, "stances are ['bare']"),
        ({"posts": 0}, "posts is 0"),
        ({"posts": 2.5}, "whole number"),
        ({"days": 0}, "days is 0"),
        ({"seed": -1}, "seed is -1"),
        ({"thin": 0}, "thin is 0"),
        ({"start": "soon"}, "start is 'soon'"),
        ({"start": "2009-01-01"}, "2010-11-05"),
        ({"theme": "war"}, "no theme 'war'"),
        ({"stances": {"bare": 30, "news": 30}}, "add up to 60"),
        ({"stances": {"fury": 100}}, "no stance is called fury"),
    ],
)
def test_impossible_arguments_are_refused_in_one_line(arguments, words, tmp_path):
    for refused in (lambda: invent(**arguments), lambda: invent_to(tmp_path / "out", **arguments)):
        with pytest.raises(InputError, match=re.escape(words)) as caught:
            refused()
        assert "\n" not in str(caught.value)
    assert not list((tmp_path / "out").glob("*")) if (tmp_path / "out").exists() else True


@pytest.mark.parametrize("wrong", [{"chunk": 0}, {"processes": 0}, {"chunk": 1.5}])
def test_impossible_chunks_are_refused(wrong, tmp_path):
    with pytest.raises(InputError, match="has to be a whole number"):
        invent_to(tmp_path / "out", 100, **wrong)
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(os.name == "nt", reason="these are POSIX signals")
@pytest.mark.parametrize(
    ("number", "group"),
    [(signal.SIGINT, True), (signal.SIGINT, False), (signal.SIGTERM, True), (signal.SIGTERM, False)],
)
@pytest.mark.parametrize("moment", [".invent-*", ".invent-*/posts.csv"])
def test_an_interrupted_command_ends_at_once_and_leaves_what_was_there(tmp_path, number, group, moment):
    for name in ("posts.csv", "planted.csv"):
        (tmp_path / name).write_text("old")
    process = started(tmp_path, moment)
    (os.killpg if group else os.kill)(process.pid, number)
    _, said = process.communicate(timeout=20)
    assert process.returncode == 130, said
    assert said.splitlines() == ["interrupted; nothing of it was kept"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["planted.csv", "posts.csv"]
    assert (tmp_path / "posts.csv").read_text() == "old"
    with pytest.raises(ProcessLookupError):  # no process of the group is left
        for _ in range(100):
            os.killpg(process.pid, 0)
            time.sleep(0.05)


@pytest.mark.skipif(os.name == "nt", reason="this needs POSIX locks")
def test_an_interrupt_while_the_hidden_folder_is_made_leaves_none(tmp_path, monkeypatch):
    def interrupted(dir, prefix, **_):
        tempfile.mkdtemp(dir=dir, prefix=prefix)
        raise KeyboardInterrupt

    monkeypatch.setattr("analysis.synthetic.folder.TemporaryDirectory", interrupted)
    with pytest.raises(KeyboardInterrupt):
        invent_to(tmp_path, 100)
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(os.name == "nt", reason="these are POSIX signals and locks")
def test_what_a_killed_command_left_is_swept_by_the_next_one_alone(tmp_path):
    process = started(tmp_path, ".invent-*")
    with pytest.raises(InputError, match="another call is writing there"):
        invent_to(tmp_path, 100)
    assert list(tmp_path.glob(".invent-*"))
    process.kill()
    process.communicate(timeout=20)
    (tmp_path / ".invent-notes").mkdir()
    invent_to(tmp_path, 100)
    kept = [".invent-notes", "planted.csv", "posts.csv", "truth.csv"]
    assert sorted(path.name for path in tmp_path.iterdir()) == kept


def started(folder, moment):
    """Start a call that takes seconds yet in a group of its own, and wait until there is what `moment` matches."""
    command = [sys.executable, "-m", "analysis", "invent", "--posts", "60000", "--out", str(folder)]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    while not list(folder.glob(moment)):
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)
    return process


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()])
def test_a_full_disk_or_an_interrupt_leaves_no_half_file(tmp_path, monkeypatch, error):
    written = []

    def fail(*arguments):
        if written:
            raise error
        written.append(True)
        return b"a\n1\n", b"a\n1\n"

    monkeypatch.setattr(generate, "_bytes", fail)
    for name in ("posts.csv", "planted.csv"):
        (tmp_path / name).write_text("old")
    expected = InputError if isinstance(error, OSError) else KeyboardInterrupt
    with pytest.raises(expected, match=r"No space left on device; nothing was kept|^$"):
        invent_to(tmp_path, 500, chunk=100)
    assert written
    assert sorted(path.name for path in tmp_path.iterdir()) == ["planted.csv", "posts.csv"]
    assert (tmp_path / "posts.csv").read_text() == "old"


def test_a_folder_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="file"):
        invent_to(tmp_path / "file", 100)


@pytest.mark.parametrize("arguments", WRONG_CURVES)
def test_impossible_curves_are_refused(arguments):
    with pytest.raises(InputError, match=r"has to be|give one"):
        Curve(**arguments)


def test_draws_are_even_and_independent():
    index = np.arange(120_000)
    counts = np.bincount(below(6, 1, "dice", index))
    assert np.abs(counts - 20_000).max() < 600
    other = below(6, 1, "other dice", index)
    assert abs(np.corrcoef(below(6, 1, "dice", index), other)[0, 1]) < 0.01
    assert (below(6, 1, "dice", index[50_000:]) == below(6, 1, "dice", index)[50_000:]).all()
    assert np.bincount(chosen([1, 0, 3], 1, "w", index))[[0, 2]] / index.size == pytest.approx([0.25, 0.75], abs=0.01)
    rows = chosen_by([[1, 0], [1, 9]], index % 2, 1, "t", index)
    assert rows[::2].max() == 0
    assert rows[1::2].mean() == pytest.approx(0.9, abs=0.01)


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
    with pytest.raises(bank.PhraseError, match="without its partner"):
        bank.parse("half (a|b", {})


def test_the_table_is_a_posts_table(small):
    assert list(small[0].columns) == list(COLUMNS)
    pd.testing.assert_frame_equal(check_posts(small[0]), small[0])
