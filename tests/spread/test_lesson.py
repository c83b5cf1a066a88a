"""The spread lesson finds what is planted in the sample, and stops at no kind of data."""

import json
from itertools import cycle, islice
from pathlib import Path

import pandas as pd
import pytest

import analysis.lesson
import analysis.methods.survival
from analysis.methods.survival import bend
from analysis.posts import load_truth
from analysis.schema import find_root

DATA = Path(__file__).parents[3] / "shared" / "data"
#: What the cells hold that tell of invented data alone, the same whatever a reader brings.
INVENTED = ("plant(random)", "recovered = ", "load_sample", "first_seen", "bend(")


@pytest.fixture
def lesson(monkeypatch):
    """Give a function that executes the lesson's cells on a file; it gives the tables shown and the cells' names."""

    def execute(data, *, cells=lambda source: not any(part in source for part in INVENTED), names=None):
        tables, names = {}, {} if names is None else names

        def show(ax, name, *, table=None, **rest):
            tables[name] = ax.figure.source_table if table is None else table

        monkeypatch.setattr(analysis.lesson, "show", show)
        monkeypatch.setattr(analysis.lesson, "say", lambda words: None)
        notebook = json.loads((find_root() / "notebooks" / "03-spread.ipynb").read_text(encoding="utf-8"))
        for cell in notebook["cells"]:
            source = "".join(cell["source"])
            if cell["cell_type"] == "code" and cells(source):
                exec(compile(source, "lesson", "exec"), names)
                if "parameters" in cell["metadata"].get("tags", []):
                    names["data"] = data and str(data)
        return tables, names

    return execute


def test_deletion_bends_what_those_who_delete_have_in_common_and_no_time(lesson, monkeypatch):
    def needed(source):
        return any(part in source for part in ("data = None", "load_sample", "first_seen", "bend("))

    begin = (
        "from analysis.spread import CALL, counts, growth, onset, peak\nfrom analysis.methods.decay import relaxation\n"
    )
    begin += "import pandas as pd, numpy as np\nready = False\n"
    names = {"show": lambda *args, **rest: analysis.lesson.show(*args, **rest), "say": lambda words: None}
    exec(begin + "windows = {'late': (CALL + pd.Timedelta('90min'), CALL + pd.Timedelta('330min'))}", names)

    def bend_fast(now, then, measures, **options):
        slow = ("half-life over ten days", "first seen, hour of the day")
        return bend(now, then, {name: of for name, of in measures.items() if name not in slow}, **options)

    monkeypatch.setattr(analysis.methods.survival, "bend", bend_fast)
    tables, _ = lesson(None, cells=needed, names=names)
    truth = load_truth()
    kept, disclosed = truth["deleted"].eq("no"), truth["stance"].isin(["bare", "detail"])
    gone = tables["gone"].set_index("stance")
    assert gone["share"].to_dict() == pytest.approx((~kept).groupby(truth["stance"]).mean().to_dict())
    planted = {"humour_spam": 0.58, "detail": 0.47, "news": 0.18}  # of what is no repost; of those, 33%
    for stance, share in planted.items():
        assert gone.loc[stance, "low"] - 0.01 <= share <= gone.loc[stance, "high"] + 0.01
    bent = tables["bend"].set_index("measure")
    assert bent["reason"].eq("").all()
    assert bent.index[bent["bent"]].tolist() == ["disclosures, share"]
    expected = disclosed[kept].mean() / disclosed.mean() - 1
    assert bent.loc["disclosures, share", "relative"] == pytest.approx(expected)


@pytest.mark.skipif(not DATA.exists(), reason="the real files are not on this machine")
def test_real_days_hold_gaps_later_waves_and_peaks_of_one_language(lesson):
    tables, names = lesson(DATA / "metoo_daily_2017_2020.csv")
    assert names["days"]["posts"].isna().sum() == 21
    waves = [f"{crest:%Y-%m-%d}" for crest in names["crests"]]
    assert waves == ["2017-10-16", "2017-12-06", "2018-01-08", "2018-03-09", "2018-09-24"]
    week_later = tables["falls"].query("days == 7").set_index("peak")["left"]
    assert week_later.idxmin() == pd.Timestamp("2017-10-16", tz="UTC")
    assert week_later.min() == pytest.approx(0.07, abs=0.005)
    languages = tables["languages"].set_index("lang")
    assert languages["share_of_peak"][["th", "ko"]].tolist() == pytest.approx([0.64, 0.69], abs=0.005)
    assert abs(languages["lag_days"]["sv"] - languages["lag_days"].min()) <= 1
    effects = names["effects"].dropna(subset="p")
    assert (len(effects), (effects["p"] * len(effects) <= 0.05).sum()) == (4, 1)
    assert len(names["beside"]) == 17


@pytest.mark.skipif(not DATA.exists(), reason="the real files are not on this machine")
def test_real_ids_end_before_the_crawls_own_artefact(lesson):
    tables, names = lesson(DATA / "metoo_ids_2017.csv.gz")
    assert names["end"] == pd.Timestamp("2017-11-14T10:00Z")
    assert tables["half-lives"]["until"].max() <= names["end"]
    assert names["sparks"]["verdict"] == "not identified"


@pytest.mark.parametrize(
    ("head", "rows"),
    [
        ("id", ["919670287361617920"]),
        ("date,posts", ["2018-01-01,5", "2018-01-02,9"]),
        ("date,posts,lang_en", [f"2018-{month:02}-{day:02},{day},{day}" for month in (1, 2) for day in range(1, 29)]),
    ],
    ids=["one-id", "two-days", "weeks"],
)
def test_the_least_of_data_stops_no_cell(lesson, tmp_path, head, rows):
    (tmp_path / "least.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    _, names = lesson(tmp_path / "least.csv")
    assert not names["fits"] or all(fit["why"] for fit in names["fits"].values())
    assert names["sparks"] is None


@pytest.mark.parametrize("missing", [None, "und"])
def test_posts_without_a_language_are_no_language(lesson, missing):
    posts = pd.DataFrame(
        {
            "created_at": pd.date_range("2017-10-15", periods=400, freq="30min", tz="UTC"),
            "author": [f"invented_{number:07}" for number in range(400)],
            "lang": pd.Series(list(islice(cycle([missing, missing, "en"]), 400)), dtype="str"),
        }
    )
    names = {"pd": pd, "kept": posts, "gaps": None, "ready": False, "data": None}
    _, names = lesson(None, cells=lambda source: "import waves" in source, names=names)
    assert names["by_lang"]["lang"].tolist() == ["en"]
