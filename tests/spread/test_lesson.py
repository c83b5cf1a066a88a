"""The spread lesson stops at no kind of data."""

import json
from itertools import cycle, islice

import pandas as pd
import pytest

import analysis.lesson
import analysis.methods.survival
from analysis.schema import find_root

#: What the cells hold that tell of invented data alone, the same whatever a reader brings.
INVENTED = ("plant(random)", "recovered = ", "load_sample", "first_seen", "bend(")


@pytest.fixture
def lesson(monkeypatch):
    """Give a function that executes the lesson's cells on a file; it gives the cells' names."""

    def execute(data, *, cells=lambda source: not any(part in source for part in INVENTED), names=None):
        names = {} if names is None else names
        monkeypatch.setattr(analysis.lesson, "show", lambda *args, **options: None)
        monkeypatch.setattr(analysis.lesson, "say", lambda words: None)
        notebook = json.loads((find_root() / "notebooks" / "03-spread.ipynb").read_text(encoding="utf-8"))
        for cell in notebook["cells"]:
            source = "".join(cell["source"])
            if cell["cell_type"] == "code" and cells(source):
                exec(compile(source, "lesson", "exec"), names)
                if "parameters" in cell["metadata"].get("tags", []):
                    names["data"] = data and str(data)
        return names

    return execute


WEEKS = "".join(f"2018-01-{day:02},{day},{day}\n" for day in range(1, 29))


@pytest.mark.parametrize("rows", ["id\n919670287361617920\n", f"date,posts,lang_en\n{WEEKS}"], ids=["one-id", "weeks"])
def test_the_least_of_data_stops_no_cell(lesson, tmp_path, rows):
    (tmp_path / "least.csv").write_text(rows, encoding="utf-8")
    names = lesson(tmp_path / "least.csv")
    assert not names["fits"] or all(fit["why"] for fit in names["fits"].values())
    assert names["sparks"] is None


def test_posts_without_a_language_are_no_language(lesson):
    posts = pd.DataFrame(
        {
            "created_at": pd.date_range("2017-10-15", periods=400, freq="30min", tz="UTC"),
            "author": [f"invented_{number:07}" for number in range(400)],
            "lang": pd.Series(list(islice(cycle([None, "und", "en"]), 400)), dtype="str"),
        }
    )
    names = {"pd": pd, "kept": posts, "gaps": None, "ready": False, "data": None}
    names = lesson(None, cells=lambda source: "import waves" in source, names=names)
    assert names["by_lang"]["lang"].tolist() == ["en"]
