"""A sample is drawn, filled in, mangled as spreadsheets do, and read back."""

import csv
import io
import json
import re

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analysis.disclosure import fit, save_model
from analysis.posts import load_posts
from analysis.schema import InputError, find_root
from analysis.workshop import label_draw, label_read
from analysis.workshop.cli import main

WORDS = ["=1+1 is what he said", "@somebody I was there", "-- not again", "a line\r\nand another; with, signs", "plain"]

#: How a label may be typed.
WRITTEN = {"1": "Yes", "0": "no"}


@pytest.fixture
def mine(tmp_path):
    """Posts as a reader has them: with texts, not marked as invented, and what is true of them."""
    random = np.random.default_rng(1)
    ids = [str(919659437487030272 + 4194304 * 997 * i + i % 4096) for i in range(1200)]
    label = random.random(1200) < 0.3
    posts = pd.DataFrame({"post_id": ids, "author": [f"a{i}" for i in random.integers(0, 900, 1200)]})
    posts["text"] = [f"{WORDS[i % 5]} {i}" if i != 5 else None for i in range(1200)]
    posts["kind"] = np.where(random.random(1200) < 0.1, "repost", "original")
    posts.assign(platform="twitter").to_csv(tmp_path / "posts.csv", index=False)
    score = np.where(label, random.beta(5, 2, 1200), random.beta(1, 6, 1200))
    pd.DataFrame({"post_id": ids, "score": score}).to_csv(tmp_path / "scores.csv", index=False)
    return tmp_path, dict(zip(ids, label.astype(int), strict=True))


def rows_of(path):
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.reader(stream))


def written(path, rows, delimiter=",", encoding="utf-8"):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    path.write_bytes(out.getvalue().encode(encoding))


def draw(mine, *more, size=60):
    folder, truth = mine
    path = folder / "sample.csv"
    many = [] if size is None else ["--posts", str(size)]
    assert main(["label", "draw", str(folder / "posts.csv"), *many, "--out", str(path), *more]) == 0
    rows = rows_of(path)
    for row in rows[1:]:
        row[1] = str(truth[row[0].removeprefix("id:")])
    return path, rows


def drawn(mine, *more, size=60):
    """A sample that is labelled as it is true: its path and its rows."""
    path, rows = draw(mine, *more, size=size)
    written(path, rows)
    return path, rows


def posts_of(mine):
    return load_posts(mine[0] / "posts.csv")


def share_of(mine):
    """The true share among the posts that can be drawn."""
    return np.mean([mine[1][i] for i in posts_of(mine).dropna(subset="text")["post_id"]])


def design_of(mine):
    return json.loads((mine[0] / "sample.design.json").read_text())


def read(mine, path, *more):
    return main(["label", "read", str(path), "--data", str(mine[0] / "posts.csv"), *more])


def test_the_round_trip_gives_the_share(mine, capsys):
    path, rows = drawn(mine, size=300)
    assert path.stat().st_mode & 0o077 == 0
    assert {len(row) for row in rows} == {4}
    assert {row[0][:3] for row in rows[1:]} == {"id:"}
    assert {row[2][0] for row in rows[1:]} <= {"'", "a", "p"}  # no cell that a spreadsheet would calculate
    scores = mine[0] / "scores.csv"
    assert read(mine, path, "--scores", str(scores), "--out", str(mine[0] / "labels.csv")) == 0
    out = capsys.readouterr().out
    for words in ("300 posts labelled", "labels only", "PPI ", "PPI++", "Share of the 1,199 posts"):
        assert words in out
    assert not any(word in out for word in ("somebody", "plain"))
    labels = pd.read_csv(mine[0] / "labels.csv", dtype={"post_id": "str"})
    assert labels.columns.tolist() == ["post_id", "label"]
    assert (labels["post_id"].map(mine[1]) == labels["label"]).all()
    table = label_read.estimate_share(posts_of(mine), labels, design_of(mine), label_read.read_scores(scores))
    table = table.set_index("method")
    assert table["low"]["PPI++"] < share_of(mine) < table["high"]["PPI++"]
    width = table["high"] - table["low"]
    assert width["PPI++"] < width["labels only"]


@pytest.mark.parametrize("drawing", [label_draw.draw_sample, label_draw.draw_authors])
def test_the_same_seed_draws_the_same_whatever_the_order(mine, drawing):
    posts = posts_of(mine)
    first, design = drawing(posts, 100, random_state=3)
    again, same = drawing(posts[::-1], 100, random_state=3)
    pd.testing.assert_frame_equal(first, again)
    assert design == same
    assert set(drawing(posts, 100, random_state=4)[0]["post_id"]) != set(first["post_id"])
    originals, _ = drawing(posts, 5000, originals=True)
    assert len(originals) == (posts["text"].notna() & posts["kind"].ne("repost")).sum()


def test_what_spreadsheets_do_changes_nothing(mine, capsys):
    path, rows = drawn(mine)
    assert read(mine, path) == 0
    plain = capsys.readouterr().out
    moved = [[row[i] for i in (2, 0, 3, 1)] for row in rows]
    retyped = [[row[0].removeprefix("id:"), WRITTEN.get(row[1], row[1]), *row[2:]] for row in rows]
    turned, blank = [rows[0], *rows[:0:-1]], [*rows, [], [""] * 4]
    changes = [(turned, "\t", "utf-16"), (blank, ";", "cp1252"), (moved, ",", "utf-8-sig"), (retyped, ",", "utf-8")]
    for changed, delimiter, encoding in changes:
        written(path, changed, delimiter, encoding)
        assert read(mine, path) == 0
        assert capsys.readouterr().out.endswith(plain[plain.index("60 posts labelled") :])


def test_rows_that_came_twice_and_posts_left_out_are_told(mine, capsys):
    path, rows = draw(mine)
    rows[1][1], rows[2][1] = "", "?"
    written(path, [*rows, rows[10]])
    assert read(mine, path) == 0
    out = capsys.readouterr().out
    for words in ("1 rows repeat a post", "1 of 60 drawn posts have no label", "marked as unsure", "58 posts labelled"):
        assert words in out


def test_every_fault_is_told_with_its_line(mine, capsys):
    path, rows = draw(mine)
    rows = [[*row[:2], "text", ""] for row in rows]
    rows[0][2:] = ["text", "note"]
    rows[1][0], rows[2][0], rows[3][1] = "9.19E+17", "id:12345678901234567", "maybe"
    written(path, [*rows, [rows[5][0], "10"[int(rows[5][1])], "", ""]])
    assert read(mine, path) == 2
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].startswith(f"{path}:2: the id was rounded to 9.19E+17")
    assert lines[1].startswith(f"{path}:3: the post is not of this sample")
    assert lines[2].startswith(f"{path}:4: this is not a label; write 1 or yes")
    assert "maybe" not in "".join(lines)
    assert lines[3] == f"{path}:62: this post has another label in line 6; decide on one"
    assert lines[4].startswith("error: 4 to be mended")


def test_files_that_hold_no_labels_and_a_design_that_lacks_a_field_are_refused(mine, capsys):
    path, _ = drawn(mine)
    design = design_of(mine)
    for field in ("ids", "sizes", "drawn"):
        less = {name: value for name, value in design.items() if name != field}
        path.with_name("sample.design.json").write_text(json.dumps(less))
        assert read(mine, path) == 2
        assert "does not say how a sample was drawn" in capsys.readouterr().err
    for content, match in (
        (b"", "empty"),
        (b"PK\x03\x04", "spreadsheet's own format"),
        (b"post_id,text\nid:1,a\n", "no column 'label'"),
        (b"post_id,label\n", "no row has a label"),
    ):
        path.write_bytes(content)
        with pytest.raises(InputError, match=match):
            label_read.read_labels(path, design)


def test_words_of_people_go_nowhere_they_would_travel_from(mine, tmp_path, capsys):
    (tmp_path / "results").mkdir()
    for folder in (tmp_path / "results", find_root(), find_root() / "data", tmp_path / "no"):
        place = folder / "s.csv"
        assert main(["label", "draw", str(mine[0] / "posts.csv"), "--out", str(place)]) == 2
        assert not place.exists()
    path, rows = drawn(mine)
    assert read(mine, path, "--out", str(find_root() / "labels.csv")) == 2
    assert main(["label", "draw", str(mine[0] / "posts.csv"), "--out", str(path)]) == 2
    assert "there is a sample already" in capsys.readouterr().err
    assert rows_of(path) == rows


def test_labels_that_are_written_replace_no_work(mine, capsys):
    path, rows = drawn(mine)
    (mine[0] / "own.csv").write_text("somebody's work")
    for out, words in ((path, "is read here"), (mine[0] / "own.csv", "such a file already"), (mine[0], "a folder")):
        assert read(mine, path, "--out", str(out)) == 2
        told = capsys.readouterr()
        assert words in told.err
        assert "labelled" not in told.out  # refused before anything is estimated
    design = path.with_name("sample.design.json")
    before = design.read_bytes()
    for out in (path, design):
        assert read(mine, path, "--out", str(out), "--overwrite") == 2
    assert rows_of(path) == rows
    assert design.read_bytes() == before
    assert (mine[0] / "own.csv").read_text() == "somebody's work"
    assert read(mine, path, "--out", str(mine[0] / "own.csv"), "--overwrite") == 0
    assert rows_of(mine[0] / "own.csv")[0] == ["post_id", "label"]


def test_a_sample_drawn_by_score_is_weighed(mine):
    path, _ = drawn(mine, "--by-score", str(mine[0] / "scores.csv"), size=400)
    design, scores = design_of(mine), label_read.read_scores(mine[0] / "scores.csv")
    assert sum(design["sizes"].values()) == 1199
    labels, _ = label_read.read_labels(path, design)
    for given in (None, scores):
        table = label_read.estimate_share(posts_of(mine), labels, design, given)
        assert (table["low"].max() <= share_of(mine)) & (share_of(mine) <= table["high"].min())
    with pytest.raises(InputError, match="not those that the sample was drawn with"):
        label_read.estimate_share(posts_of(mine), labels, design, 1 - scores)


def test_other_posts_or_scores_are_refused(mine):
    posts, scores = posts_of(mine), label_read.read_scores(mine[0] / "scores.csv")
    sample, design = label_draw.draw_sample(posts, 50)
    labels = sample.assign(label=1)
    for changed, given, match in ((posts[:-3], None, "not the posts that"), (posts, scores[:-3], "have no score")):
        with pytest.raises(InputError, match=match):
            label_read.estimate_share(changed, labels, design, given)
    for changed, given, match in ((posts.assign(text=None), None, "nothing to label"), (posts, scores, "too few")):
        with pytest.raises(InputError, match=match):
            label_draw.draw_sample(changed, 5, scores=given)
    for line, match in (("1,2", "not a number from 0 to 1"), ("1,0.5\n1,0.4", "score already")):
        (mine[0] / "bad.csv").write_text(f"post_id,score\n{line}\n")
        with pytest.raises(InputError, match=match):
            label_read.read_scores(mine[0] / "bad.csv")


@pytest.mark.parametrize("broken", ["ids", "scores", "words"])
def test_scores_in_parquet_that_are_none_are_refused_without_what_stands_there(tmp_path, broken):
    data = pa.py_buffer(b"somebody\xff\xfe")
    no_utf8 = pa.StringArray.from_buffers(1, pa.py_buffer(np.array([0, 10], np.int32)), data)
    columns = {"post_id": pa.array(["1"]), "score": pa.array([0.5])}
    columns |= {"ids": {"post_id": no_utf8}, "scores": {"score": no_utf8}, "words": {"score": ["somebody"]}}[broken]
    pq.write_table(pa.table(columns), tmp_path / "scores.parquet")
    with pytest.raises(InputError, match=r"scores\.parquet") as refused:
        label_read.read_scores(tmp_path / "scores.parquet")
    assert "somebody" not in str(refused.value)


def test_two_labellers(mine, capsys):
    path, rows = drawn(mine, size=100)
    for row in rows[1:11]:
        row[1] = "10"[int(row[1])]
    written(mine[0] / "second.csv", rows)
    assert read(mine, path, "--second", str(mine[0] / "second.csv")) == 0
    assert "Both labelled 100 posts, 90.0% alike" in capsys.readouterr().out
    one = pd.DataFrame({"post_id": list("abc"), "label": [1, 1, 1]})
    assert np.isnan(label_read.agreement_of_two(one, one)["alpha"])


# --- a saved model


@pytest.fixture(scope="module")
def told():
    """Posts of two kinds by a word, as a reader has them, and which are disclosures."""
    own = np.random.default_rng(2).random(900) < 0.25
    texts = [f"{'it happened to me' if one else 'I read it in the paper'} {i % 70}" for i, one in enumerate(own)]
    columns = {"post_id": [str(10**15 + i) for i in range(900)], "author": [f"a{i // 3}" for i in range(900)]}
    return pd.DataFrame({**columns, "text": texts, "lang": "en", "kind": "original"}), own


@pytest.fixture(scope="module")
def model(told, tmp_path_factory):
    posts, own = told
    answers = pd.Series(np.where(own, "detail", "none"), index=posts.index)
    path = tmp_path_factory.mktemp("model") / "model.npz"
    save_model(fit(posts.head(400), answers.head(400), question="disclosure"), path)
    return path


@pytest.fixture
def theirs(told, tmp_path):
    posts, own = told
    posts.to_csv(tmp_path / "posts.csv", index=False)
    return tmp_path, dict(zip(posts["post_id"], own.astype(int), strict=True))


def test_posts_labels_and_a_model_give_the_estimate_in_one_command(theirs, model, capsys):
    path, _ = drawn(theirs, size=200)
    assert read(theirs, path) == 0
    alone = capsys.readouterr().out
    assert "--model" in alone
    assert read(theirs, path, "--model", str(model)) == 0
    ends = dict(re.findall(r"^  (labels only|PPI\+\+).*interval (.*% to .*)%$", capsys.readouterr().out, re.MULTILINE))
    (low, high), alone = ([float(end) for end in ends[name].split("% to ")] for name in ("PPI++", "labels only"))
    assert low - 0.1 <= 100 * np.mean(list(theirs[1].values())) <= high + 0.1
    assert high - low < (alone[1] - alone[0]) / 2


def test_a_model_that_cannot_be_used_is_refused_with_the_remedy(theirs, model, told, capsys, tmp_path):
    path, _ = drawn(theirs)
    posts, own = told
    save_model(fit(posts, pd.Series(np.where(own, "home", "work")), question="place"), tmp_path / "place.npz")
    (tmp_path / "cut.npz").write_bytes(model.read_bytes()[:-300])
    for name, match in (("place.npz", "bare or detail"), ("cut.npz", "damaged"), ("none.npz", "no such file")):
        assert read(theirs, path, "--model", str(tmp_path / name)) == 2
        assert re.search(f"{name}.*{match}", capsys.readouterr().err)
    assert read(theirs, path, "--model", str(model), "--scores", str(model)) == 2
    assert "give one of them" in capsys.readouterr().err
    posts.assign(lang="fi").to_csv(tmp_path / "posts.csv", index=False)
    assert read(theirs, path, "--model", str(model)) == 0
    assert "100% of the posts are in languages or words that this model was not taught" in capsys.readouterr().out


# --- authors, drawn whole


def test_authors_are_drawn_whole_and_give_people(theirs, model, capsys):
    truth = theirs[1]
    path, rows = drawn(theirs, "--authors", "80", size=None)
    assert "All 240 posts with a text by 80 of 300 authors" in capsys.readouterr().out
    assert rows[0] == ["post_id", "label", "text", "note"]
    numbers = [int(row[0].removeprefix("id:")) for row in rows[1:]]
    assert numbers != sorted(numbers)  # what one author wrote does not stand together
    assert {(number - 10**15) // 3 * 3 + 10**15 + i for number in numbers for i in range(3)} == set(numbers)
    people = pd.Series(truth).groupby(np.arange(900) // 3).max().sum()
    for more in ([], ["--model", str(model)]):
        assert read(theirs, path, *more) == 0
        out = capsys.readouterr().out
        assert "People with at least one such post, of 300 authors" in out
        line = next(line for line in out.splitlines() if ("prediction-powered" if more else "labels only") in line)
        low, high = (int(line.split("(")[1].split(")")[0].split(" to ")[i]) for i in (0, 1))
        assert low <= people <= high
    assert "any positive post" not in out
    bare = theirs[0] / "bare.csv"
    pd.read_csv(theirs[0] / "posts.csv", dtype="str").assign(author=None).to_csv(bare, index=False)
    assert main(["label", "read", str(path), "--data", str(bare)]) == 2
    told = capsys.readouterr()
    assert told.out == ""  # no heading of what does not follow
    assert "give the file that it was drawn from, with its authors" in told.err


def test_what_cannot_give_people_is_refused(theirs, told, capsys):
    posts, out = told[0], str(theirs[0] / "s.csv")
    for more in (["--posts", "5"], ["--by-score", "scores.csv"], ["--seed", "-1"]):
        assert main(["label", "draw", str(theirs[0] / "posts.csv"), "--out", out, "--authors", "5", *more]) == 2
        assert more[0].replace("seed", "random-state") in capsys.readouterr().err
    for changed, size, match in ((posts.assign(author=None), 5, "draw posts instead"), (posts, 0, "at least 1")):
        with pytest.raises(InputError, match=match):
            label_draw.draw_authors(changed, size)
    some = posts.assign(author=posts["author"].where(posts.index < 600))
    assert label_draw.draw_authors(some, 5000)[1]["sizes"] == {"all": 200}
    sample, design = label_draw.draw_authors(posts, 50)
    labels = sample[["post_id"]].assign(label=pd.array([0] * len(sample), dtype="Int64"))
    shuffled = posts["author"].sample(frac=1, random_state=1).array
    for changed, answers, match in (
        (posts.assign(author=None), labels, "no post here has one: give the file"),
        (posts.assign(author=shuffled), labels, "authors here are not those"),
        (posts, labels.assign(label=labels["label"].mask(labels["label"].eq(0))), "label the posts that are left"),
        (posts[6:], labels, "not the posts that the sample was drawn from"),
    ):
        with pytest.raises(InputError, match=match):
            label_read.estimate_people(changed, answers, design)


def test_an_author_is_decided_by_one_yes_or_by_all_labels(told):
    posts, own = told
    sample, design = label_draw.draw_authors(posts, 60, random_state=5)
    about = pd.DataFrame({"author": posts["author"].array, "label": own}, index=posts["post_id"]).loc[sample["post_id"]]
    labels = pd.DataFrame({"post_id": about.index, "label": about["label"].astype("Int64").array})
    said_yes = about.groupby("author")["label"].transform("max").to_numpy()
    whole, notes = label_read.estimate_people(posts, labels, design)
    assert notes == []
    unsure = labels.assign(label=labels["label"].mask(said_yes & labels["label"].eq(0)))
    same, notes = label_read.estimate_people(posts, unsure, design)
    pd.testing.assert_frame_equal(same, whole)
    assert notes == []
    missing = labels.assign(label=labels["label"].mask(labels.index == labels.index[~said_yes][0]))
    found, notes = label_read.estimate_people(posts, missing, design)
    assert notes[0].startswith("1 drawn authors are left out")
    assert found["share"][0] == pytest.approx(whole["share"][0] * 60 / 59)
