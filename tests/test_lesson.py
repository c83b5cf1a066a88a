import json
import struct

import nbformat
import numpy as np
import pandas as pd
import pytest
from matplotlib import rcParams
from matplotlib.figure import Figure

from analysis import lesson as lessons
from analysis.schema import InputError


@pytest.fixture
def shown(monkeypatch):
    """What was displayed: a list of (what, options)."""
    calls = []
    monkeypatch.setattr("IPython.display.display", lambda what, **options: calls.append((what, options)))
    return calls


def axes():
    ax = Figure(figsize=(4, 2)).subplots()
    ax.plot([1, 2, 3], label="a line")
    ax.legend()
    return ax


def test_show_displays_the_picture_with_its_words_and_keeps_it_with_its_table(shown, tmp_path, monkeypatch):
    lessons.show(axes(), name="posts-by-hour", alt="  A line\n that rises. ")
    monkeypatch.setenv("ANALYSIS_RESULTS", str(tmp_path))
    ax = axes()
    ax.figure.alt_text, ax.figure.source_table = "A line.", pd.DataFrame({"posts": [1, 2]})
    lessons.show(ax, "a-b", sample=True)
    picture = shown[1][0]["image/png"]
    first, second = (options["metadata"] for _, options in shown)
    assert first["image/png"]["alt"] == "A line that rises."
    assert first["analysis"] == {"figure": "posts-by-hour", "files": [], "sample": False}
    assert second["image/png"]["alt"] == "A line."  # it goes with the plot, as its table does
    assert second["image/png"]["width"] == struct.unpack(">I", picture[16:20])[0] // 2  # twice as sharp as it is wide
    files = ["figures/a-b.png", "figures/a-b.svg", "tables/a-b.csv"]
    assert second["analysis"] == {"figure": "a-b", "files": files, "sample": True}
    assert (tmp_path / "tables" / "a-b.csv").read_text() == "posts\n1\n2\n"
    assert (tmp_path / "figures" / "a-b.png").read_bytes() == picture
    assert (tmp_path / "figures" / "a-b.svg").is_file()


def test_the_same_figure_gives_the_same_bytes(shown, tmp_path, monkeypatch):
    settings = dict(rcParams)
    for folder in ("one", "two"):
        monkeypatch.setenv("ANALYSIS_RESULTS", str(tmp_path / folder))
        lessons.show(axes(), name="a", alt="b")
    for file in ("a.png", "a.svg"):
        assert (tmp_path / "one" / "figures" / file).read_bytes() == (tmp_path / "two" / "figures" / file).read_bytes()
    svg = (tmp_path / "one" / "figures" / "a.svg").read_text()
    assert "<dc:date>" not in svg
    assert dict(rcParams) == settings


def test_show_refuses_a_figure_without_words_and_what_is_no_plain_name(shown):
    with pytest.raises(ValueError, match="alternative text"):
        lessons.show(axes(), name="a", alt="  \n")
    for name in ("", "A", "../a", "a.png"):
        with pytest.raises(ValueError, match="cannot name a figure"):
            lessons.show(axes(), name=name, alt="b")


def headlines(folder):
    return (folder / "headlines.csv").read_text(encoding="utf-8").splitlines()


def test_headlines_are_kept_in_order_one_a_question_with_the_same_bytes_again(shown, tmp_path, monkeypatch):
    monkeypatch.setenv("ANALYSIS_RESULTS", str(tmp_path))
    for _ in range(2):
        lessons.record("What share?", np.float64(28.4), 25, 31.25, "%", "Of posts.")
        lessons.record("How many?", 7)
        lessons.record("What share?", -0.5, low=-1, high=np.inf, note="Again;\n a comma, too", sample=True)
        lessons.record("When?", pd.Timestamp("2017-10-16T04:00+02:00"))
        assert headlines(tmp_path) == [
            "question,value,low,high,unit,note,sample",
            'What share?,-0.5,-1,,,"Again; a comma, too",yes',
            "How many?,7,,,,,no",
            "When?,2017-10-16 02:00 UTC,,,,,no",
        ]
    assert [path.name for path in tmp_path.iterdir()] == ["headlines.csv"]


def test_a_headline_is_a_sentence_and_is_known_to_the_run(shown, monkeypatch):
    monkeypatch.delenv("ANALYSIS_RESULTS", raising=False)
    lessons.record("What share?", 28.4, 25, 31.25, "%", "Of posts.")
    lessons.record("How long?", None, 1, 11, "days", "It depends on the window.", sample=True)
    lessons.record("Who?", np.nan, note="Nobody is named.")
    share, long, who = (what.data for what, _ in shown)
    assert share == "**What share?** 28.4% (25.0% to 31.2%). Of posts."
    assert ("invented" in long, "between 1 and 11 days. It depends" in long) == (True, True)
    assert who == "**Who?** No answer. Nobody is named."
    kept = [options["metadata"]["analysis"]["headline"] for _, options in shown]
    assert [headline["value"] for headline in json.loads(json.dumps(kept))] == [28.4, None, None]


def test_a_headline_that_answers_nothing_is_refused(shown):
    wrong = {"needs a question": (" ", 1), "say why": ("How many?", None), "is no answer": ("How many?", [1])}
    for message, headline in (wrong | {"above high": ("How many?", 2, 3, 1)}).items():
        with pytest.raises(ValueError, match=message):
            lessons.record(*headline)
    assert shown == []


def written(table, tmp_path):
    lessons.write_table(table, tmp_path / "t.csv")
    return (tmp_path / "t.csv").read_bytes().decode()


def test_numbers_texts_and_the_index_come_back_and_formulas_are_made_harmless(tmp_path):
    values = np.random.default_rng(1).random(50) / 3
    assert [float(line) for line in written(pd.DataFrame({"x": values}), tmp_path).split()[1:]] == values.tolist()
    table = pd.DataFrame({"n": pd.array([1, None], dtype="Int64"), "b": [True, False], "x": [0.5, np.nan]})
    assert written(table, tmp_path) == "n,b,x\n1,True,0.5\n,False,\n"
    assert written(pd.DataFrame({"w": ["a\r\nb\rc"], "n": [1]}, index=[7]), tmp_path) == 'w,n\n"a\nb\nc",1\n'
    assert written(pd.Series([1], name="n", index=pd.Index([7], name="hour")), tmp_path) == "hour,n\n7,1\n"
    for text in ("=1+1", "+1", "-1", "@name", "\tx"):
        assert written(pd.DataFrame({text: [text], "n": [-1]}), tmp_path) == f"'{text},n\n'{text},-1\n"


def test_times_are_written_in_utc_with_z_and_refused_without_a_zone(tmp_path):
    with pytest.raises(ValueError, match="'at' have no time zone"):
        written(pd.DataFrame({"at": pd.to_datetime(["2017-10-15"])}), tmp_path)
    assert not (tmp_path / "t.csv").exists()
    times = pd.to_datetime(["2017-10-15T22:21:11+02:00", None]).tz_convert("Europe/Paris")
    assert written(pd.DataFrame({"at": times}), tmp_path) == 'at\n2017-10-15T20:21:11Z\n""\n'
    finer = pd.to_datetime(["2017-10-15T20:21:11.25Z"])
    assert written(pd.DataFrame({"at": finer}), tmp_path) == "at\n2017-10-15T20:21:11.250000Z\n"


def test_lessons_are_found_in_order(write_lesson, lessons_dir):
    for name in ("10-late", "03-spread", "00-start-here"):
        write_lesson(name, needs=["time"], title=f"On {name}")
    write_lesson("draft")
    found = lessons.find_lessons(lessons_dir)
    assert [lesson.name for lesson in found] == ["00-start-here", "03-spread", "10-late"]
    assert (found[1].title, found[1].needs) == ("On 03-spread", ("time",))


def test_a_folder_without_lessons_an_unknown_need_and_what_is_no_lesson_are_refused(tmp_path, put_lesson):
    def refused(match):
        with pytest.raises(InputError, match=match):
            lessons.find_lessons(tmp_path)

    refused("no lesson is here")
    path = put_lesson(tmp_path, "01-a", needs=["time", "labels"])
    refused(r"01-a.ipynb: needs 'labels', but a lesson can need time, text")
    nbformat.write(nbformat.v4.new_notebook(), path)
    refused(r"01-a.ipynb: not a lesson")
    path.write_text("{")
    refused(r"01-a.ipynb: not a lesson")
