"""Published claims are a table with sources, and stand beside counts of the same days."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.posts import FINDINGS, load_findings
from analysis.schema import InputError
from analysis.spread import beside_published


def days_of(posts, start="2017-10-15", freq="D"):
    return pd.DataFrame({"start": pd.date_range(start, periods=len(posts), freq=freq, tz="UTC"), "posts": posts})


def test_findings_are_a_table_of_claims_with_their_sources():
    claims = load_findings()
    assert list(claims) == list(FINDINGS)
    assert claims["id"].is_unique
    windows = ["window_start", "window_end"]  # a measure of a method has none
    assert claims.drop(columns=["value", "low", "high", *windows]).notna().all(axis=None)
    assert (claims["window_start"] <= claims["window_end"])[claims[windows].notna().any(axis=1)].all()
    assert (claims["value"].notna() | claims["unit"].eq("direction")).all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t.drop(columns="source"), "no column source"),
        (lambda t: pd.concat([t, t.iloc[:1]]), "named before"),
        (lambda t: t.assign(window_end="soon"), "day such as"),
    ],
)
def test_findings_that_are_none_name_the_file_and_what_to_do(tmp_path, change, message):
    path = tmp_path / "findings.csv"
    table = pd.read_csv(Path(__file__).parents[2] / "data" / "findings.csv", dtype="str")
    change(table).to_csv(path, index=False)
    with pytest.raises(InputError, match=message) as error:
        load_findings(path)
    assert str(path) in str(error.value)


def test_counts_stand_beside_what_is_published():
    days = days_of([10] * 7 + [5] * 7)
    beside = beside_published(days, load_findings()).set_index("id")
    assert beside.loc["icpsr-total", "ours"] == 105
    assert beside.loc["icpsr-mean", "ratio"] == pytest.approx(7.5 / 109_237)
    assert "posts in English alone" in beside.loc["week-two", "reason"]
    assert "days are missing" in beside.loc["twitter-november", "reason"]
    english = beside_published(days, load_findings(), lang="en").set_index("id")
    assert english.loc["week-two", "ours"] == 0.5
    with pytest.raises(ValueError, match="by the day"):
        beside_published(days_of([10] * 14, freq="h"), load_findings())
    with pytest.raises(ValueError, match="lang"):
        beside_published(days, load_findings(), lang="sv")
    gappy = days_of([1000] * 120, "2017-10-01")
    gappy["posts"] = gappy["posts"].mask(gappy["start"].eq("2017-12-04"))
    week = beside_published(gappy, load_findings(), lang="en").set_index("id").loc["december-week"]
    assert np.isnan(week["ours"])
    assert "1 of 14 days are missing" in week["reason"]
