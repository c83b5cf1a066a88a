"""The tables of what each estimate was found to do are whole, and are renewed piece by piece."""

import pandas as pd
import pytest

from analysis.estimate import DEFAULT, METHODS
from analysis.methods.share_recovered import KEYS, keep, recovered
from analysis.methods.share_recovery import SHIFTS
from analysis.schema import find_root


def test_the_table_of_shares_holds_every_cell_once():
    found = recovered("shares")
    assert not found.duplicated(KEYS["shares"]).any()
    usual = found[found["known"] == 2000].groupby(["shift", "planted"])["method"].agg(set)
    assert len(usual) == 18
    assert {shift for shift, _ in usual.index} == set(SHIFTS)
    assert set(usual.index.get_level_values("planted")) == {0.02, 0.05, 0.1, 0.2, 0.4, 0.6}
    assert usual.map(lambda methods: methods == set(METHODS["method"])).all()
    assert found["covered"].dropna().between(0, 1).all()
    assert found["measured"].str.fullmatch(r"20\d\d-\d\d-\d\d").all()
    assert (found.loc[found["known"] == 2000, "replicates"] >= 1000).all()
    assert found["seed"].eq(1).all()
    more = found[found["known"] == 32_000]
    assert set(more["planted"]) == {0.02}


def test_the_default_keeps_its_promise_in_the_table():
    default = recovered("shares").query("method == @DEFAULT and known == 2000")
    assert default["covered"].between(0.92, 0.98).all()
    assert default.loc[default["planted"] >= 0.05, "bias"].abs().max() < 0.01
    assert DEFAULT == "PPI++"


def test_the_readme_says_what_the_table_holds():
    default = recovered("shares").query("method == @DEFAULT and known == 2000")
    worst, covered = 100 * default["bias"].abs().max(), default["covered"]
    said = (find_root() / "README.md").read_text(encoding="utf-8")
    assert f"off by at most {worst:.2f} points" in said
    assert f"covered {covered.min():.1%} to {covered.max():.1%}" in said


def test_the_table_of_people_holds_every_cell_once():
    found = recovered("people")
    assert not found.duplicated(KEYS["people"]).any()
    cells = found.groupby("planted")["method"].agg(set)
    assert cells.index.tolist() == [0.05, 0.2, 0.5]
    methods = {"any positive post", "corrected", "labels only", "prediction-powered"}
    assert cells.map(lambda of: of == methods).all()
    assert found.loc[found["covered"].isna(), "method"].eq("any positive post").all()
    assert (found["replicates"] >= 1000).all()


@pytest.mark.parametrize("what", KEYS)
def test_a_piece_renews_its_own_rows_and_no_others(what, tmp_path):
    whole = recovered(what)
    path = keep(what, whole.sample(frac=1, random_state=1), tmp_path)
    assert path == tmp_path / f"recovered_{what}.csv"
    pd.testing.assert_frame_equal(recovered(what, tmp_path), whole)
    piece = whole[whole["planted"] == 0.2].assign(bias=0.5)
    keep(what, piece, tmp_path)
    again = recovered(what, tmp_path)
    assert len(again) == len(whole)
    assert again.loc[again["planted"] == 0.2, "bias"].eq(0.5).all()
    assert again.loc[again["planted"] != 0.2, "bias"].equals(whole.loc[whole["planted"] != 0.2, "bias"])
