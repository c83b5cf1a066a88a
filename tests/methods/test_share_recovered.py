"""Each estimate finds what was planted where it is designed to; the tables of a thousand trials are whole."""

import numpy as np
import pandas as pd

from analysis.estimate import DEFAULT
from analysis.methods.share_recovered import recovered
from analysis.methods.share_recovery import SHIFTS, recover
from analysis.schema import find_root


def pool():
    random = np.random.default_rng(5)
    label = np.repeat([1, 0], [2000, 4000])
    kind = np.where(label == 1, np.where(np.arange(6000) % 4 == 0, "detail", "bare"), "none")
    score = np.where(label == 1, random.beta(np.where(kind == "detail", 2, 6), 2), random.beta(1, 5, 6000))
    novel = np.arange(6000) % 3 == 0
    return pd.DataFrame({"score": np.where(novel, 0.7 * score, score), "label": label, "kind": kind, "novel": novel})


def test_labels_of_the_target_bear_every_shift_and_corrections_only_the_first():
    sizes = {"posts": 1000, "known": 1000, "labels": 250, "replicates": 25}
    by = recover(pool(), [0.3], mix={"detail": 0.7}, seed=4, **sizes).set_index(["shift", "method"])
    for shift in SHIFTS:
        assert abs(by.loc[(shift, DEFAULT), "bias"]) < 0.015
        assert by.loc[(shift, DEFAULT), "covered"] > 0.8
    for method in ("Rogan-Gladen", "expectation-maximisation"):
        assert abs(by.loc[("other shares", method), "bias"]) < 0.015
        assert by.loc[("other shares", method), "covered"] > 0.8
    assert by.loc[("other mix", "Rogan-Gladen"), "bias"] < -0.03
    assert by.loc[("new phrasing", "Rogan-Gladen"), "covered"] < 0.6
    assert by.loc[("other shares", DEFAULT), "half_width"] < 0.8 * by.loc[("other shares", "labels only"), "half_width"]


def test_what_is_written_of_the_table_is_what_it_holds():
    assert all((recovered(name)["replicates"] >= 1000).all() for name in ("shares", "people"))
    default = recovered("shares").query("method == @DEFAULT")
    assert set(default["shift"]) == set(SHIFTS)
    assert default["covered"].between(0.92, 0.98).all()
    worst, covered = 100 * default["bias"].abs().max(), default["covered"]
    root = find_root()
    pages = "".join(page.read_text(encoding="utf-8") for page in (root / "README.md", *root.glob("site/*.md")))
    assert f"off by at most {worst:.2f} points" in pages
    assert f"covered {covered.min():.1%} to {covered.max():.1%}" in pages
