"""The spread lesson on counts and on very little: it says what is there, and stops at no kind of data."""

import json
from itertools import cycle, islice
from pathlib import Path

import pandas as pd
import pytest

import analysis.lesson
from analysis.posts import load_truth
from analysis.schema import find_root
from analysis.spread import counts

DAILY = Path(__file__).parents[2] / "shared" / "data" / "metoo_daily_2017_2020.csv"
#: Cells that tell of invented data alone, the same whatever a reader brings.
INVENTED = {"plant-10", "plant-12", "lost-02", "lost-03a", "lost-04", "3e9afa0d"}
NEEDED = """
import numpy as np, pandas as pd
from analysis.lesson import say, show
from analysis.spread import CALL, counts, growth, onset, peak, relaxation
windows = {"late": (CALL + pd.Timedelta("90min"), CALL + pd.Timedelta("330min"))}
data, ready, results, seed = None, False, None, 1
"""


@pytest.fixture
def lesson(monkeypatch):
    """Give a function that executes the lesson on a file; it gives what was said by cell, and the figures' words."""

    def execute(data):
        said, drawn = {}, {}
        notebook = json.loads((find_root() / "notebooks" / "03-spread.ipynb").read_text(encoding="utf-8"))
        monkeypatch.setattr(analysis.lesson, "show", lambda ax, *, name, alt, **rest: drawn.update({name: alt}))
        names = {}
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code" and cell["id"] not in INVENTED:
                names["say"] = lambda words, at=cell["id"]: said.update({at: words})
                monkeypatch.setattr(analysis.lesson, "say", names["say"])
                exec(compile("".join(cell["source"]), cell["id"], "exec"), names)
                if "parameters" in cell["metadata"].get("tags", []):
                    names["data"] = str(data)
        return said, drawn, names

    return execute


@pytest.mark.skipif(not DAILY.exists(), reason=f"{DAILY.name} is shared beside the project, and not part of it")
def test_real_days_hold_gaps_later_waves_and_peaks_of_one_language(lesson):
    said, drawn, names = lesson(DAILY)
    assert "**7 gaps** proposed, the first on 27 March 2018; 21 of 961 days" in said["whole-02"]
    assert names["days"]["posts"].isna().sum() == 21
    waves = [f"{crest:%Y-%m-%d}" for crest in names["crests"]]
    assert waves == ["2017-10-16", "2017-12-06", "2018-01-08", "2018-03-09", "2018-09-24"]
    beside = dict(zip(waves, said["wave-01"].splitlines(), strict=True))
    assert "the silence breakers" in beside["2017-12-06"]
    assert "Golden Globes" in beside["2018-01-08"]
    assert "heard by the US Senate" in beside["2018-09-24"]
    week = names["week"]
    assert week.idxmin() == pd.Timestamp("2017-10-16", tz="UTC")
    assert "7% of 16 October 2017" in said["wave-03"]
    assert "09 March 2018 is 64% th" in said["lang-02"]
    assert "09 September 2018 is 69% ko" in said["lang-02"]
    assert "first wave: sv" in said["lang-02"]
    assert "times 4 is **0.03**" in said["c-effects-3"]
    assert "Told apart: **06 December 2017 from 08 January 2018**" in said["wave-07"]
    assert "24 September 2018: a half-life of 1.8 days (with no interval that ends)" in said["wave-07"]
    assert "5 waves can be seen" in said["answer-04"]
    assert "1 of 4 that can be tested stand out" in said["answer-04"]
    assert "**17 figures**" in said["beside-02"]
    assert {"bursts", "posts-by-day", "changes", "half-lives", "falls", "effect", "languages"} <= set(drawn)


@pytest.mark.parametrize(
    ("head", "rows"),
    [
        ("id", ["919670287361617920"]),
        ("date,posts", ["2018-01-01,5", "2018-01-02,9"]),
        ("date,posts,lang_en", [f"2018-{month:02}-{day:02},{day},{day}" for month in (1, 2) for day in range(1, 29)]),
    ],
    ids=["one-id", "two-days", "weeks"],
)
def test_the_least_of_data_is_told_what_it_cannot_answer(lesson, tmp_path, head, rows):
    (tmp_path / "least.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    said, _, _ = lesson(tmp_path / "least.csv")
    assert "cannot answer" in said["spread-15"]
    assert "These cannot tell." in said["answer-02"]


def test_of_a_single_post_the_hour_alone_is_told():
    notebook = json.loads((find_root() / "notebooks" / "03-spread.ipynb").read_text(encoding="utf-8"))
    first = next(cell for cell in notebook["cells"] if "times.min()" in "".join(cell["source"]))
    [told] = [line for line in "".join(first["source"]).split("say(")[1:] if "times.min()" in line]
    times, said = pd.Series(pd.to_datetime(["2017-10-15T20:21:11.093Z", "2017-10-16T07:34:56.012Z"])), []
    exec(f"say({told}", {"times": times, "held": "2 posts", "say": said.append})
    assert "2017-10-15 20:00" in said[0] and "2017-10-16 07:00" in said[0]
    assert not any(part in said[0] for part in (":21", ":11", ":34", ":56"))


def test_deletion_bends_what_those_who_delete_have_in_common_and_no_time(monkeypatch):
    notebook = json.loads((find_root() / "notebooks" / "03-spread.ipynb").read_text(encoding="utf-8"))
    cells, said, names = {cell["id"]: "".join(cell["source"]) for cell in notebook["cells"]}, [], {}
    monkeypatch.setattr(analysis.lesson, "say", said.append)
    monkeypatch.setattr(analysis.lesson, "show", lambda *_, **__: None)
    for source in (NEEDED, *(cells[name] for name in ("lost-02", "lost-03a", "lost-04", "3e9afa0d"))):
        exec(source, names)
    truth = load_truth()
    kept, told = truth["deleted"].eq("no"), truth["stance"].isin(["bare", "detail"])
    gone = names["gone"].set_index("stance")
    assert gone["share"].to_dict() == pytest.approx((~kept).groupby(truth["stance"]).mean().to_dict())
    assert (gone["low"] < gone["share"]).all() and (gone["share"] < gone["high"]).all()
    planted = {"humour_spam": 0.58, "detail": 0.47, "news": 0.18}  # of what is no repost; of those, 33%
    for stance, share in planted.items():
        assert gone.loc[stance, "low"] - 0.01 <= share <= gone.loc[stance, "high"] + 0.01
    bent = names["bent"].set_index("measure")
    assert len(bent) == 9
    assert bent["reason"].eq("").all()
    assert bent.index[bent["bent"]].tolist() == ["disclosures, share"]
    expected = told[kept].mean() / told.mean() - 1
    assert bent.loc["disclosures, share", "relative"] == pytest.approx(expected)
    assert said == [f"Bent beyond chance: **disclosures, share ({expected:+.1%})**."]
    assert bent.loc["doubling time, late evening", ["low", "high"]].abs().max() > 0.05  # hours: chance alone moves it


@pytest.mark.parametrize("missing", [None, "und"])
def test_posts_without_a_language_are_no_language(monkeypatch, missing):
    notebook = json.loads((find_root() / "notebooks" / "03-spread.ipynb").read_text(encoding="utf-8"))
    cells = {cell["id"]: "".join(cell["source"]) for cell in notebook["cells"]}
    size, said = 400, []
    posts = pd.DataFrame(
        {
            "created_at": pd.date_range("2017-10-15", periods=size, freq="30min", tz="UTC"),
            "author": [f"invented_{number:07}" for number in range(size)],
            "lang": pd.Series(list(islice(cycle([missing, missing, "en"]), size)), dtype="str"),
        }
    )
    monkeypatch.setattr(analysis.lesson, "show", lambda *_, **__: None)
    names = {"pd": pd, "kept": posts, "gaps": None, "ready": False, "data": None, "results": None, "say": said.append}
    names |= {"top": {"start": posts["created_at"].iloc[0]}, "show": lambda *_, **__: None}
    exec(cells["1d7657c3"], names)
    assert names["by_lang"]["lang"].tolist() == ["en"]
    exec(cells["lang-02"], names)
    assert "first wave" in said[-1] or "Highest within a day" in said[-1]


@pytest.mark.parametrize("shown", [["sv"], ["sv", "en"]])
def test_no_ratio_is_told_of_a_language_that_few_people_wrote_in(monkeypatch, shown):
    notebook = json.loads((find_root() / "notebooks" / "03-spread.ipynb").read_text(encoding="utf-8"))
    cell = next(cell for cell in notebook["cells"] if cell["id"] == "bfa2d62c")
    asked = []

    def beside(side, findings, lang):
        asked.append(lang)
        return pd.DataFrame({"unit": ["ratio"], "ours": [1.0], "ratio": [1.0]})

    monkeypatch.setattr("analysis.spread.beside_published", beside)
    start = pd.date_range("2017-10-15", periods=15, tz="UTC")
    names = {"pd": pd, "counts": counts, "gaps": None, "ready": False, "by_lang": pd.DataFrame({"lang": shown})}
    names |= {"spoken": pd.DataFrame({"created_at": start, "lang": "en"}), "days": pd.DataFrame({"start": start})}
    exec("".join(cell["source"]), names)
    assert asked == ["all", "en"][: len(shown)]


def test_a_half_life_that_survives_is_told_with_both_ends_and_its_unit():
    notebook = json.loads((find_root() / "notebooks" / "03-spread.ipynb").read_text(encoding="utf-8"))
    cell = next(cell for cell in notebook["cells"] if cell["id"] == "dda7eeee")
    row = {"what": "half_life", "survives": True, "answer": "", "least": 30.0, "most": 40.0, "low": 25.0, "high": 55.0}
    law = row | {"what": "law", "answer": "exponential"}
    held, said = pd.DataFrame([law, row]).assign(reason=""), []
    exec("".join(cell["source"]), {"fades": held, "survivors": lambda fades: fades, "pd": pd, "say": said.append})
    assert "half-life: **survives: 30 to 40, with the intervals 25 to 55 hours**" in said[0]
    assert "law: **survives: exponential**" in said[0]
