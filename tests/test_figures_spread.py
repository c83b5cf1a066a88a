"""The figures of the spread's models: drawn from tables, whole, readable in grey, and plain about what is not known."""

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from analysis.plots.spread import (
    plot_bend,
    plot_choices,
    plot_decay,
    plot_effect,
    plot_peaks,
    plot_survival,
    plot_widths,
)

START = pd.Timestamp("2017-10-16T03:00Z")
HOURS = np.arange(60.0)
CURVES = pd.DataFrame(
    {
        "start": pd.date_range(START, periods=60, freq="h"),
        "posts": np.where(HOURS == 50, 0, np.floor(900 / (1 + HOURS))),
        "exponential": 700 * np.exp(-HOURS / 12) + 5,
        "power law": 900 / (1 + HOURS),
        "low": 400 / (1 + HOURS),
        "high": 2000 / (1 + HOURS),
    }
).drop(index=range(20, 30))
CHOICE = {
    "from": START,
    "until": START + pd.Timedelta("20D"),
    "origin": "2017-10-16 00:00",
    "beneath": "0",
    "weekly": 0,
}
NUMBERS = {
    "half_life": 50.0,
    "half_low": 30.0,
    "half_high": np.inf,
    "estimate": 1.2,
    "low": 0.0,
    "high": 2.0,
    "reason": "",
}
CHOICES = pd.DataFrame(
    [
        {"law": law, "reason": ""} | CHOICE | NUMBERS | change
        for law in ("exponential", "power law")
        for change in (
            {},
            {"beneath": "fitted", "half_life": 30.0, "half_high": 60.0},
            {
                "beneath": "fitted",
                "weekly": 3,
                "origin": "fitted",
                "half_life": np.nan,
                "estimate": np.nan,
                "reason": "no fall: so it is",
            },
            {"weekly": 3, "half_low": 0.0, "half_high": np.inf, "high": np.inf, "reason": "the law misses"},
        )
    ]
)
EFFECT = {"ratio": 3.0, "low": 1.2, "high": 8.0, "p": 0.02, "placebos": 90, "chosen": "record", "reason": ""}
PLACEBOS = pd.DataFrame({"ratio": np.random.default_rng(1).lognormal(0, 0.3, 90)})
WIDTHS = pd.DataFrame(
    {
        "width": ["7D", "1D", "1h"], "per_step": [4000.0, 600, 25], "branching": [0.9, 0.5, np.nan],
        "low": [0.85, 0.4, np.nan], "high": [0.95, 0.6, np.nan],
    }
)  # fmt: skip
MOVED = {"verdict": "not identified", "widths": WIDTHS, "reason": "it runs", "branching": np.nan}
FOUND = {"verdict": "identified", "widths": WIDTHS.head(1), "reason": "", "branching": 0.9, "low": 0.85, "high": 0.95}
GONE = pd.DataFrame(
    {
        "lang": ["en", "sv", "fi"], "posts": pd.array([4000, 120, pd.NA], dtype="Int64"),
        "gone": pd.array([1000, 40, pd.NA], dtype="Int64"), "share": [0.25, 1 / 3, np.nan],
        "low": [0.24, 0.25, np.nan], "high": [0.26, 0.42, np.nan],
    }
)  # fmt: skip
BENT = pd.DataFrame(
    {
        "measure": ["share of details", "peak", "none"], "then": [0.1, 0.02, np.nan], "relative": [-0.2, 0.01, np.nan],
        "low": [-0.002, -0.001, np.nan], "high": [0.002, 0.001, np.nan], "bent": [True, False, False],
    }
)  # fmt: skip
FIGURES = {
    "decay": lambda: plot_decay(CURVES, origin=START - pd.Timedelta("1h"), title="After the peak"),
    "half-lives": lambda: plot_choices(CHOICES, title="Every choice"),
    "exponents": lambda: plot_choices(CHOICES, "exponent"),
    "effect": lambda: plot_effect(EFFECT, PLACEBOS, name="the verdict", title="Beside other dates"),
    "effect-picked": lambda: plot_effect(EFFECT | {"p": np.nan, "chosen": "curve"}, PLACEBOS.head(0)),
    "widths": lambda: plot_widths(MOVED, title="Every width"),
    "widths-one": lambda: plot_widths(FOUND),
    "survival": lambda: plot_survival(GONE, title="What is gone"),
    "bend": lambda: plot_bend(BENT, title="What it bends"),
}


@pytest.mark.parametrize("draw", FIGURES.values(), ids=FIGURES)
def test_figures_name_their_axes_cut_no_label_off_and_leave_nothing_behind(draw):
    import matplotlib.pyplot as plt

    before = dict(mpl.rcParams)
    ax = draw()
    assert ax.get_xlabel()
    assert ax.get_ylabel() or ax.get_yticklabels()[0].get_text()
    ax.figure.draw_without_rendering()
    ticks = {label.get_text() for axis in (ax.xaxis, ax.yaxis) for label in axis.get_ticklabels()}
    whole = ax.figure.bbox
    for text in ax.figure.findobj(mpl.text.Text):
        if text.get_visible() and text.get_text().strip() and text.get_text() not in ticks:
            box = text.get_window_extent()
            assert box.x0 > -1 and box.y0 > -1 and box.x1 < whole.x1 + 1 and box.y1 < whole.y1 + 1, text.get_text()
    assert dict(mpl.rcParams) == before
    assert plt.get_fignums() == []


def words(ax):
    """All that is written in a figure."""
    legend = ax.get_legend()
    inside = [text.get_text() for text in ax.texts] + ([t.get_text() for t in legend.get_texts()] if legend else [])
    return " | ".join(inside + [label.get_text() for label in ax.get_yticklabels()])


def test_what_is_not_known_stands_there_in_words():
    assert "NOT IDENTIFIED" in words(FIGURES["widths"]())
    assert "identified: 0.90 (0.85 to 0.95)" in words(FIGURES["widths-one"]())
    assert "picked by the curve" in words(FIGURES["effect-picked"]())
    assert "no fall" in words(FIGURES["half-lives"]())
    assert "hollow: no interval" in words(FIGURES["half-lives"]())
    assert "hidden" in words(FIGURES["survival"]())


def test_backgrounds_are_named_though_all_of_one_are_hollow():
    hollow = CHOICES.assign(half_low=CHOICES["half_low"].where(CHOICES["beneath"] == "fitted", 0.0))
    hollow["half_high"] = hollow["half_high"].where(CHOICES["beneath"] == "fitted", np.inf)
    found = words(plot_choices(hollow))
    assert "background fitted" in found
    assert "background set" in found


def test_both_laws_differ_in_more_than_colour():
    lines = {line.get_label(): line.get_linestyle() for line in FIGURES["decay"]().get_lines()}
    assert lines["exponential"] != lines["power law"]


def test_a_small_share_of_a_peak_is_not_written_as_none():
    ends = {name: START + pd.to_timedelta([0, 24, 48], unit="h") for name in ("peak", "low", "high")}
    found = words(
        plot_peaks(pd.DataFrame({"lang": ["en", "sv", "fi"], "share_of_peak": [0.64, 0.0048, 0.0002]} | ends), "lang")
    )
    assert "2017-10-16, 64%" in found
    assert "2017-10-17, 0.5%" in found
    assert "2017-10-18, <0.1%" in found


def test_a_gap_is_drawn_as_no_line():
    lines = [line for line in FIGURES["decay"]().get_lines() if line.get_linestyle() == "--"]
    assert [len(line.get_xdata()) for line in lines] == [20, 30]


@pytest.mark.parametrize(
    "draw",
    [
        lambda: plot_decay(CURVES.head(0), origin=START),
        lambda: plot_decay(CURVES, origin=START + pd.Timedelta("5h")),
        lambda: plot_choices(CHOICES, "law"),
        lambda: plot_effect(EFFECT | {"ratio": np.nan}, PLACEBOS),
        lambda: plot_widths(MOVED | {"widths": WIDTHS.tail(1)}),
        lambda: plot_survival(GONE.head(0)),
        lambda: plot_bend(BENT.tail(1)),
    ],
)
def test_nothing_to_draw_is_said(draw):
    with pytest.raises(ValueError, match=r"nothing to draw|before the origin"):
        draw()
