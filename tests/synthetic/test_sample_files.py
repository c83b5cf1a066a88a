"""The shipped files are what the generator gives, within the tolerances of what is published."""

import numpy as np
import pandas as pd
import pytest

from analysis.schema import find_root
from analysis.synthetic import report_lines, sample_files
from analysis.synthetic.calibration import verdict
from analysis.synthetic.label import ANSWERS, agreement
from analysis.synthetic.sample_files import BY_HAND, write_sample_files

DATA = find_root() / "data"


def test_a_published_direction_is_a_bound_and_another_target_is_to_be_met():
    for unit, expected in (("above", "no no yes"), ("at most", "yes yes no"), ("at least", "no yes yes")):
        target = {"target": 1.0, "tolerance": 0.0, "unit": f"{unit}, ratio"}
        assert [verdict(target, value) for value in (0.9, 1.0, 1.1)] == expected.split()
    assert [verdict({"target": 27.0, "tolerance": 3.0, "unit": "percent"}, v) for v in (29.5, 31, None)] == [
        "yes",
        "no",
        "",
    ]


def test_every_calibrated_figure_is_within_its_tolerance(shipped, tmp_path, monkeypatch):
    # The two parameters are those of `invent()`: what it gives for them has been compared with the files above.
    monkeypatch.setattr(sample_files, "invent", lambda *asked: {(20_000, 1): shipped}[asked])
    for name in ("events", *BY_HAND):
        if (DATA / f"{name}.csv").is_file():
            (tmp_path / f"{name}.csv").write_bytes((DATA / f"{name}.csv").read_bytes())
    found = write_sample_files(tmp_path)
    for name in ("posts.csv", "truth.csv", "labels.csv", "datapackage.json"):
        assert (tmp_path / name).read_bytes() == (DATA / name).read_bytes()
    assert found["within"].ne("no").all(), report_lines(found[found["within"] == "no"])
    assert (found["within"] == "yes").sum() > 150
    kept = pd.read_csv(DATA / "calibration.csv")
    assert kept["figure"].tolist() == found["figure"].tolist()
    np.testing.assert_allclose(kept["found"], found["found"], rtol=0.1, atol=0.03)
    assert kept["source"].notna().all()
    assert "within tolerance" in report_lines(found)


def test_the_annotators_agree_as_published(shipped):
    labels = pd.read_csv(DATA / "labels.csv", dtype={"post_id": "str"})
    assert labels.groupby("post_id").size().eq(2).all()
    for question in ANSWERS:
        assert 0.78 <= agreement(labels, question) <= 0.92
    truth = shipped[1].set_index("post_id")["stance"][labels["post_id"]].to_numpy()
    assert ((labels["disclosure"] == "detail") == (truth == "detail")).mean() > 0.95


def test_the_descriptor_is_accepted_by_its_validator():
    frictionless = pytest.importorskip("frictionless")
    found = frictionless.validate(str(DATA / "datapackage.json"), limit_rows=2_000)
    assert found.valid, found.to_summary()
