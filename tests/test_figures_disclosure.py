"""The figures of the disclosures lesson can be read: nothing cut off, hidden rows said to be hidden, grey is enough."""

import numpy as np
import pandas as pd
import pytest

from analysis.plots import disclosure, disclosure_counts

RATES = pd.DataFrame(
    [("other phrases", "model", 0.92, 0.88, 0.95), ("other phrases", "rules", 0.79, 0.74, 0.84)],
    columns=["row", "method", "value", "low", "high"],
)
BINS = pd.DataFrame(
    {
        "said": [0.05, 0.5, 0.97],
        "so": [0.1, 0.4, 0.99],
        "low": [0, 0.2, 0.9],
        "high": [0.2, 0.6, 1],
        "posts": [9, 40, 7],
    }
)
CROSS = pd.DataFrame(
    [[8, 2], [1, 9]], index=pd.Index(["bare", "humour_spam"], name="planted"), columns=["bare", "none"]
)
CURVE = pd.DataFrame({"labels": [250, 1000], "f1": [0.8, 0.9], "low": [0.7, 0.85], "high": [0.9, 0.95]})
SHARES = pd.DataFrame(
    {
        "definition": ["any disclosure, all days", "told with detail, reposts in the denominator"],
        "share": [0.4, np.nan], "low": [0.38, np.nan], "high": [0.42, np.nan],
        "published": [0.5, np.nan], "published_low": [0.48, np.nan], "published_high": [0.52, np.nan],
    }
)  # fmt: skip
ESTIMATES = pd.DataFrame(
    {"method": ["raw count", "PPI++"], "share": [0.3, 0.35], "low": [np.nan, 0.3], "high": [np.nan, 0.4]}
)
PEOPLE = pd.DataFrame(
    {
        "end": pd.date_range("2017-10-16", periods=4, tz="UTC"), "authors": [30, 60, 80, 95],
        "raw": [np.nan, 20, 30, 35], "people": [np.nan, 22, 33, 39], "low": [np.nan, 18, 29, 33],
        "high": [np.nan, 26, 37, 45],
    }
)  # fmt: skip
FIGURES = {
    "rates": (disclosure.plot_rates, RATES),
    "calibration": (disclosure.plot_calibration, BINS),
    "confusion": (disclosure.plot_confusion, CROSS),
    "learning": (disclosure.plot_learning, CURVE),
    "definitions": (disclosure_counts.plot_definitions, SHARES),
    "estimates": (disclosure_counts.plot_estimates, ESTIMATES),
    "people": (disclosure_counts.plot_people, PEOPLE),
}


def test_the_axis_names_the_measure_that_is_drawn():
    assert disclosure.plot_rates(RATES).get_xlabel().startswith("F1 (")
    assert disclosure.plot_rates(RATES.assign(measure="recall")).get_xlabel().startswith("recall (")
    with pytest.raises(ValueError, match="recall, f1: draw one measure at a time"):
        disclosure.plot_rates(RATES.assign(measure=["recall", "f1"]))


@pytest.mark.parametrize(("draw", "table"), FIGURES.values(), ids=FIGURES)
def test_nothing_is_cut_off_and_axes_are_named(draw, table):
    ax = draw(table, title="A title")
    ax.figure.draw_without_rendering()
    assert ax.get_xlabel()
    ticks = [*ax.get_xticklabels(), *ax.get_yticklabels()] if draw is disclosure.plot_confusion else []
    for text in [*ax.texts, *ticks, ax.xaxis.label, ax.yaxis.label, ax._left_title]:
        box, whole = text.get_window_extent(), ax.figure.bbox
        assert not text.get_text() or (box.x0 >= -1 and box.y0 >= -1 and box.x1 <= whole.x1 + 1), text


@pytest.mark.parametrize(("draw", "table"), FIGURES.values(), ids=FIGURES)
def test_an_empty_table_is_refused(draw, table):
    with pytest.raises(ValueError, match="nothing to draw"):
        draw(table.iloc[:0])


def test_methods_differ_by_marker_and_a_hidden_share_says_so():
    lines = [line for line in disclosure.plot_rates(RATES).lines if not line.get_label().startswith("_")]
    assert len({line.get_marker() for line in lines}) == 2
    texts = [text.get_text() for text in disclosure_counts.plot_definitions(SHARES).texts]
    assert texts == ["fewer than ten people"]


def test_an_estimate_without_an_interval_is_hollow_and_the_truth_is_a_line():
    ax = disclosure_counts.plot_estimates(ESTIMATES, truth=0.33)
    faces = [line.get_markerfacecolor() for line in ax.lines if line.get_marker() == "o"]
    assert faces[-1] == "white"
    assert "planted: 33.0%" in ax.get_legend().get_texts()[0].get_text()


def test_days_that_are_all_hidden_say_so():
    hidden = PEOPLE.assign(raw=np.nan, people=np.nan, low=np.nan, high=np.nan)
    assert "too few people" in disclosure_counts.plot_people(hidden).texts[0].get_text()
