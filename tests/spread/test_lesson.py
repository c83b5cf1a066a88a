"""The spread lesson stops at no kind of data."""

import json

import pytest

import analysis.lesson
from analysis.schema import find_root

#: What the cells hold that tell of invented data alone, the same whatever a reader brings.
INVENTED = ("plant(random)", "recovered = ", "load_sample", "first_seen", "bend(")
WEEKS = "".join(f"2018-01-{day:02},{day},{day}\n" for day in range(1, 29))


@pytest.mark.parametrize("rows", ["id\n919670287361617920\n", f"date,posts,lang_en\n{WEEKS}"], ids=["one-id", "weeks"])
def test_the_least_of_data_stops_no_cell(monkeypatch, tmp_path, rows):
    (tmp_path / "least.csv").write_text(rows, encoding="utf-8")
    monkeypatch.setattr(analysis.lesson, "show", lambda *args, **options: None)
    monkeypatch.setattr(analysis.lesson, "say", lambda words: None)
    notebook = json.loads((find_root() / "notebooks" / "03-spread.ipynb").read_text(encoding="utf-8"))
    names = {}
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code" and not any(part in source for part in INVENTED):
            exec(compile(source, "lesson", "exec"), names)
            if "parameters" in cell["metadata"].get("tags", []):
                names["data"] = str(tmp_path / "least.csv")
    assert not names["fits"] or all(fit["why"] for fit in names["fits"].values())
    assert names["sparks"] is None
