"""Themes that were planted are found by name, and words that are only used are not taken for a theme."""

import importlib.util
import inspect
import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.plots.themes import plot_themes
from analysis.schema import InputError
from analysis.topics import anchor, find_themes, read_themes
from analysis.topics.themes import seeds_in

ROOT = Path(__file__).parents[1]
_spec = importlib.util.spec_from_file_location("recovery_themes", ROOT / "benchmarks" / "recovery_themes.py")
bench = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(bench)

QUICK = {"placebos": 60, "fits": 4, "draws": 60, "k": 0}


def looked_for(seed, share, how, **more):
    """Look for a planted theme; give the table's only row."""
    texts, people, themes, _ = bench.invented(seed, share, how, texts=600)
    return find_themes(anchor(texts, themes, seed=seed), texts, people, **(QUICK | more)).iloc[0]


@pytest.mark.parametrize("seed", range(2))
def test_a_planted_theme_is_found_with_its_words_and_its_share(seed):
    texts, people, themes, holds = bench.invented(seed, 0.08, None, texts=600)
    found = anchor(texts, themes, seed=seed)
    row = find_themes(found, texts, people, **QUICK).iloc[0]
    assert row["found"]
    assert row["why"] == ""
    words = set(found.top_words(set(found.vocabulary), n=8)["word"])
    assert len(words) >= 5
    assert words <= set(bench.COMPANY)
    told = found.assign(texts)["sea"] >= 0.5
    assert told[~holds].mean() < 0.02
    assert told[holds].mean() > 0.95
    assert row["together_low"] > row["placebo"]
    assert row["low"] <= row["share"] <= row["high"]


@pytest.mark.parametrize("how", ["strewn", "apart", "one"])
def test_words_that_keep_no_company_of_their_own_are_no_theme(how):
    rows = [looked_for(seed, 0.0, how) for seed in range(2)]
    assert not any(row["found"] for row in rows)
    assert all(row["why"] for row in rows)
    assert all(row["seeded"] > 0.03 for row in rows)


def test_a_word_must_go_with_the_seeds_whichever_is_left_out():
    """What goes with one seed alone does not join: here half of the posts with it speak of music."""
    random = np.random.default_rng(1)
    music = ["violin", "cello", "flute", "drum"]
    common = [f"{a}o{b}" for a in "bdfgklm" for b in "nrst"]
    lines = [[*random.choice(common, 4), *random.choice(music, 2), "anchor"] for _ in range(60)]
    lines += [[*random.choice(common, 4), random.choice(["rope", "mast"]), w] for w in ["ferry", "tide"] * 30]
    lines += [[*random.choice(common, 5)] for _ in range(200)]
    themes = pd.DataFrame({"theme": "sea", "word": ["anchor", "ferry", "tide"]})
    found = anchor([" ".join(line) for line in lines], themes)
    joined = {[*themes["word"], *found.vocabulary][i] for i in np.flatnonzero(found.joined[0])}
    assert not joined & set(music)


def test_a_text_may_hold_several_themes_or_none():
    texts, _, themes, _ = bench.invented(5, 0.1, None, texts=600)
    both = pd.concat([themes, pd.DataFrame({"theme": "music", "word": ["violin*", "cello", "at the organ"]})])
    texts = pd.concat([texts, pd.Series(["violins and a cello at the organ"] * 3)], ignore_index=True)
    shares = anchor(texts, both).assign(["The sailor, the tide, a violin, a cello.", "A dog!", "", None])
    assert (shares.iloc[0] > 0.5).all()
    assert (shares.iloc[1:3] < 0.5).all(axis=None)
    assert shares.iloc[3].isna().all()


def test_the_order_of_the_texts_and_copies_change_nothing():
    texts, people, themes, _ = bench.invented(6, 0.08, None, texts=400)
    mixed = np.random.default_rng(1).permutation(400)
    one, two = anchor(texts, themes), anchor(texts.iloc[mixed], themes)
    assert np.array_equal(one.weight, two.weight)
    pd.testing.assert_frame_equal(one.assign(texts).iloc[mixed], two.assign(texts.iloc[mixed]), check_exact=True)
    pd.testing.assert_frame_equal(
        find_themes(one, texts, people, **QUICK),
        find_themes(two, texts.iloc[mixed], people.iloc[mixed], **QUICK),
        check_exact=True,
    )
    copies = pd.concat([texts, "RT @someone: " + texts.iloc[:50] + " #MeToo"], ignore_index=True)
    assert np.array_equal(one.weight, anchor(copies, themes).weight)


def fingerprint():
    random = np.random.default_rng(1)
    every = [f"{a}{b}{c}" for a in "bdfgklmnpr" for b in "aeiou" for c in "bdfgkl"]
    themes = pd.DataFrame({"theme": ["one", "one", "two", "two"], "word": every[:4]})
    found = anchor([" ".join(random.choice(every, 12)) for _ in range(150)], themes, free=3)
    return sha256(found.weight.tobytes() + found.base.tobytes()).hexdigest()


def test_the_number_of_threads_changes_nothing():
    source = "import numpy as np, pandas as pd\nfrom hashlib import sha256\nfrom analysis.topics import anchor"
    code = f"{source}\n{inspect.getsource(fingerprint)}\nprint(fingerprint())"
    one = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    run = subprocess.run([sys.executable, "-c", code], env=one, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == fingerprint()


def test_what_few_people_wrote_is_not_told():
    row = looked_for(7, 0.08, None, k=10_000)
    assert not row["found"]
    assert row["why"] == "fewer than ten people wrote of it"
    assert row[["posts", "seeded", "share", "low", "high", "together", "together_low"]].isna().all()
    texts, _, themes, _ = bench.invented(7, 0.08, None, texts=600)
    assert anchor(texts, themes).top_words(set()).empty


def test_nameless_posts_are_one_persons():
    texts, people, themes, _ = bench.invented(8, 0.08, None, texts=400)
    table = find_themes(anchor(texts, themes), texts, people.where(people == ""), **(QUICK | {"k": 10}))
    assert table["share"].isna().all()


def test_seeds_are_phrases_and_endings_and_the_longest_takes_its_words():
    themes = pd.DataFrame({"theme": "x", "word": ["grop*", "my fault", "my own fault", "didn't ask"]})
    held = seeds_in(["My own fault. I didn’t ask", "groping, a grope", "agroped my faults", "#grope"], themes).toarray()
    assert held.tolist() == [[0, 0, 1, 1], [1, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]]


def test_our_themes_are_those_that_the_reports_named():
    themes = read_themes()
    assert list(dict.fromkeys(themes["theme"])) == [
        "remarks",
        "groping",
        "assault",
        "at work",
        "by a boss",
        "I thought I deserved it",
        "not believed",
    ]
    assert themes.groupby("theme").size().min() >= 5
    assert themes["word"].is_unique
    kept = pd.read_csv(ROOT / "data" / "themes.csv")
    assert kept["source"].str.len().gt(20).all()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("theme,seed\nsea,ship\n", "line 1: there is no column word; the header is theme,word"),
        ("theme,word\nsea,ship\nsea,\n", "line 3: the word is empty"),
        ("theme,word\n,ship\n", "line 2: the theme is empty"),
        ("theme,word\nsea,ship\n\nsea,tide\n", "line 3: the theme is empty"),
        ("theme,word\nsea,sh*p\n", r"line 2: 'sh\*p' can't be looked for"),
        ("theme,word\nsea,#ship\n", "line 2: '#ship' can't be looked for"),
        ("theme,word\nsea,ship\nsea,Ship\n", "line 3: 'ship' stands twice in its theme"),
        ("theme,word\n", "there is no theme in it"),
        ("", "this is no CSV in UTF-8"),
    ],
)
def test_a_file_of_themes_that_cannot_be_used_is_refused(tmp_path, content, message):
    path = tmp_path / "own.csv"
    path.write_text(content)
    with pytest.raises(InputError, match=message) as refused:
        read_themes(path)
    assert str(path) in str(refused.value)
    with pytest.raises(InputError, match="there is no such file"):
        read_themes(tmp_path / "other.csv")


def test_what_cannot_be_done_is_refused():
    texts, people, themes, _ = bench.invented(9, 0.08, None, texts=100)
    with pytest.raises(ValueError, match="none of the 2 texts"):
        anchor(["me too", "#MeToo"], themes)
    with pytest.raises(ValueError, match="100 texts and 99 authors"):
        find_themes(anchor(texts, themes), texts, people[1:])
    with pytest.raises(ValueError, match="placebos is 0"):
        find_themes(anchor(texts, themes), texts, people, placebos=0)
    never = pd.DataFrame({"theme": ["never", "never"], "word": ["zebra", "giraffe"]})
    row = find_themes(anchor(texts, never), texts, people, **QUICK).iloc[0]
    assert (row["found"], row["why"]) == (False, "fewer than two of its words stand in the texts")


def test_the_figure_tells_found_from_not_found_and_cuts_nothing_off():
    table = pd.DataFrame(
        {
            "theme": ["at work", "a theme with quite a long name", "hidden"],
            "found": [True, False, False],
            "why": [
                "",
                "words drawn at random keep as much company too often",
                "fewer than ten people wrote of it",
            ],
            "together": [0.04, 0.01, None],
            "together_low": [0.03, 0.0, None],
            "together_high": [0.05, 0.02, None],
            "placebo": [0.01, 0.01, 0.0],
            "seeded": [0.06, 0.03, None],
        }
    )
    ax = plot_themes(table, title="Themes")
    ax.figure.draw_without_rendering()
    inside = ax.figure.bbox
    boxes = [text.get_window_extent() for text in [*ax.texts, *ax.get_legend().get_texts()] if text.get_text()]
    assert min(box.x0 for box in boxes) >= inside.x0 - 1
    assert max(box.x1 for box in boxes) <= inside.x1 + 1
    assert min(box.y0 for box in boxes) >= inside.y0 - 1
    found, other = ax.lines[:2]
    assert found.get_markerfacecolor() != other.get_markerfacecolor() == "white"
    assert (len(found.get_xdata()), len(other.get_xdata())) == (1, 2)
    with pytest.raises(ValueError, match="nothing to draw"):
        plot_themes(table[:0])
