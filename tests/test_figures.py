"""Figures are drawn from tables, leave nothing behind, and can be read: every label inside the picture, in grey too."""

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgb

from analysis.plots.axes import PALETTE, finish, mark, new_axes
from analysis.plots.spread import (
    plot_attention,
    plot_bursts,
    plot_changes,
    plot_counts,
    plot_events,
    plot_falls,
    plot_growth,
    plot_peaks,
    plot_rhythm,
    plot_seasonal,
    plot_shares,
    plot_waves,
)
from analysis.plots.start import plot_filled

HOURS = pd.DataFrame(
    {
        "start": pd.date_range("2017-10-15T18:00", periods=12, freq="h", tz="UTC"),
        "posts": [0, 3, *range(9, 109, 10)],
    }
)
FIT = {
    "start": HOURS["start"].iloc[0], "end": HOURS["start"].iloc[6], "doubling": 0.99, "at_start": 4.0, "why": "",
    "rate": 0.7,
}  # fmt: skip
GAPPED = HOURS.assign(posts=HOURS["posts"].astype("Int64").mask(HOURS.index.isin([4, 5])))
BURSTS = pd.DataFrame(
    {"level": [1, 2], "start": HOURS["start"].iloc[[6, 8]].array, "end": HOURS["start"].iloc[[11, 10]].array}
)
CHANGES = pd.DataFrame({"start": HOURS["start"].iloc[[6]].array, "before": [2.0], "after": [60.0]}).assign(
    low=HOURS["start"].iloc[5], high=HOURS["start"].iloc[7]
)
GROUPS = pd.concat([HOURS.assign(lang=lang, share=share) for lang, share in (("en", 0.75), ("sv", 0.25))])
PEAKS = pd.DataFrame({"lang": ["en", "sv"], "peak": HOURS["start"].iloc[[8, 9]].array, "share_of_peak": [0.7, 0.3]})
PEAKS = PEAKS.assign(low=HOURS["start"].iloc[7], high=HOURS["start"].iloc[11])
SHARES = pd.DataFrame({"share": [0.1, 0.5, 0.4], "low": [0.05, 0.4, 0.3], "high": [0.15, 0.6, 0.5], "reason": ""})
WEEK = pd.DataFrame({"weekday": ["Monday", "Tuesday", "Wednesday"], "reason": ""}).join(
    SHARES[["share", "low", "high"]]
)
FALLS = pd.DataFrame({"peak": HOURS["start"].iloc[[0, 0, 5, 5]].array, "days": [0, 1] * 2, "left": [1, 0.3, 1, np.nan]})
EVENTS = pd.DataFrame(
    {
        "date": HOURS["start"].iloc[[3, 2, 2, 9]].array + pd.Timedelta("5min"),
        "event": ["later", "a first " * 30, "a second", "the peak"],
        "chosen": ["record", "record", "record", "curve"],
    }
)
FALLING = FIT | {"rate": -0.7, "doubling": -0.99}
FIGURES = {
    "counts": lambda: plot_counts(HOURS, marks={"the call": pd.Timestamp("2017-10-15T20:21:11Z")}, title="By the hour"),
    "counts-log": lambda: plot_counts(HOURS, log=True),
    "growth": lambda: plot_growth(
        HOURS,
        [FIT, FALLING, FIT | {"doubling": np.nan}, FIT | {"why": "?"}],
    ),
    "counts-gaps": lambda: plot_counts(GAPPED, log=True),
    "bursts": lambda: plot_bursts(HOURS, BURSTS, marks={"the call": HOURS["start"].iloc[2]}, title="Bursts"),
    "bursts-none": lambda: plot_bursts(HOURS, BURSTS[:0], log=False),
    "changes": lambda: plot_changes(GAPPED, CHANGES, title="Levels"),
    "rhythm": lambda: plot_rhythm(WEEK, title="A week"),
    "rhythm-day": lambda: plot_rhythm(
        pd.DataFrame({"hour": range(24), "share": 1 / 24, "low": 0.02, "high": 0.06, "reason": ""}), zone="Asia/Seoul"
    ),
    "seasonal": lambda: plot_seasonal(HOURS.assign(trend=20.0, rhythm=1.2)),
    "attention": lambda: plot_attention(
        SHARES.assign(part=["before", "on the day", "after"], day=HOURS["start"].iloc[0]), title="Around the day"
    ),
    "waves": lambda: plot_waves(GROUPS, "lang", ["en", "sv"]),
    "peaks": lambda: plot_peaks(PEAKS, "lang", title="Peaks"),
    "falls": lambda: plot_falls(FALLS, title="Side by side"),
    "events": lambda: plot_events(GAPPED, EVENTS, title="What happened"),
    "events-none": lambda: plot_events(HOURS, EVENTS[:0]),
    "shares": lambda: plot_shares(GROUPS, "lang", ["en", "sv"]),
    "filled": lambda: plot_filled(pd.DataFrame({"column": ["post_id", "in_reply_to"], "filled": [1.0, 0.004]})),
}


def texts_outside(figure):
    """The texts of a figure that its picture cuts off."""
    figure.draw_without_rendering()
    whole = figure.bbox
    found = [text for text in figure.findobj(mpl.text.Text) if text.get_text().strip() and text.get_visible()]
    boxes = {text.get_text(): text.get_window_extent() for text in found}
    return [t for t, b in boxes.items() if b.x0 < -1 or b.y0 < -1 or b.x1 > whole.x1 + 1 or b.y1 > whole.y1 + 1]


@pytest.mark.parametrize("draw", FIGURES.values(), ids=FIGURES)
def test_figures_leave_nothing_behind(draw):
    import matplotlib.pyplot as plt

    before = dict(mpl.rcParams)
    draw()
    assert dict(mpl.rcParams) == before
    assert plt.get_fignums() == []


@pytest.mark.parametrize("draw", FIGURES.values(), ids=FIGURES)
def test_figures_name_their_axes_and_cut_no_label_off(draw):
    ax = draw()
    assert ax.get_xlabel()
    assert ax.get_ylabel() or ax.get_yticklabels()[0].get_text()
    ticks = {label.get_text() for axis in (ax.xaxis, ax.yaxis) for label in axis.get_ticklabels()}
    assert [text for text in texts_outside(ax.figure) if text not in ticks] == []


def test_figures_draw_where_they_are_told():
    ax = new_axes()
    assert plot_counts(HOURS, ax=ax) is ax
    assert plot_filled(pd.DataFrame({"column": ["a"], "filled": [0.5]}), ax=ax) is ax


def test_figures_refuse_an_empty_table():
    for draw in (lambda t: plot_counts(t), lambda t: plot_growth(t, [])):
        with pytest.raises(ValueError, match="nothing to draw"):
            draw(HOURS.iloc[:0])


def test_counts_are_drawn_as_they_stand():
    steps = plot_counts(HOURS).patches
    assert all(np.array_equal(patch.get_data().values, HOURS["posts"]) for patch in steps)


def test_marks_outside_the_span_are_left_out():
    assert len(plot_counts(HOURS, marks={"much later": pd.Timestamp("2019-01-01", tz="UTC")}).texts) == 0
    assert len(plot_counts(HOURS, marks={"then": HOURS["start"].iloc[3]}).texts) == 1


def test_each_fitted_curve_has_a_line_style_of_its_own_and_failed_fits_none():
    lines = [line for line in FIGURES["growth"]().lines if line.get_label().startswith(("doubling", "halving", "no"))]
    lines = [line for line in lines if line.get_label() != "none"]
    assert [line.get_label() for line in lines] == ["doubling every 59 min", "halving every 59 min", "no growth told"]
    assert len({line.get_linestyle() for line in lines}) == 3


def test_neighbours_in_the_palette_differ_in_grey():
    grey = [np.dot(to_rgb(colour), [0.2126, 0.7152, 0.0722]) for colour in PALETTE]
    assert min(abs(np.diff(grey[:4]))) > 0.08


def test_finish_and_mark_dress_the_axes_they_get():
    ax = finish(new_axes(), title="a", x="b (UTC)", y="c")
    assert (ax.get_title(loc="left"), ax.get_xlabel(), ax.get_ylabel()) == ("a", "b (UTC)", "c")
    ax.plot(HOURS["start"], HOURS["posts"])
    mark(ax, HOURS["start"].iloc[2], "here")
    assert ax.texts[0].get_text() == "here"


def test_what_was_not_collected_is_a_band_and_no_count_of_zero():
    ax = plot_counts(GAPPED)
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["not collected"]
    assert np.isnan(ax.lines[0].get_ydata()[4:6]).all()
    assert np.isfinite(ax.lines[0].get_ydata()[[3, 6]]).all()
    assert plot_counts(HOURS).get_legend() is None


@pytest.mark.parametrize(
    "draw",
    [
        lambda: plot_attention(SHARES.assign(share=np.nan, reason="too few", part="", day=HOURS["start"].iloc[0])),
        lambda: plot_rhythm(WEEK.assign(share=np.nan, reason="too few")),
        lambda: plot_seasonal(HOURS.assign(trend=np.nan, rhythm=np.nan)),
        lambda: plot_peaks(PEAKS.assign(peak=pd.NaT), "lang"),
        lambda: plot_waves(GROUPS.assign(posts=0), "lang", ["en"]),
    ],
)
def test_a_figure_of_nothing_says_so(draw):
    with pytest.raises(ValueError, match="nothing to draw"):
        draw()


def test_events_are_numbered_by_date_and_those_picked_by_the_curve_are_marked():
    ax = plot_events(HOURS, pd.concat([EVENTS, EVENTS.head(1).assign(date=pd.Timestamp("2019-01-01", tz="UTC"))]))
    numbers = {text.get_text(): text.xyann[1] for text in ax.texts if text.get_text().rstrip("*").isdigit()}
    assert list(numbers) == ["1", "2", "3", "4*"]  # the one outside has none
    assert numbers["1"] < numbers["2"]  # two at one moment stand above one another
    key = next(text.get_text() for text in ax.texts if "picked" in text.get_text()).splitlines()
    assert [line.split()[0] for line in key if line.strip()[0] in "1234*" and "Oct 2017" in line] == [
        "1",
        "2",
        "3",
        "4",
    ]
    assert [line.get_linestyle() for line in ax.get_lines()].count(":") == 1
    with pytest.raises(ValueError, match="nothing to draw"):
        plot_events(HOURS[:0], EVENTS)


def test_a_mark_near_the_right_end_is_written_on_its_left():
    ax = plot_counts(HOURS, marks={"early": HOURS["start"].iloc[1], "late": HOURS["start"].iloc[11]})
    assert {text.get_text(): text.get_ha() for text in ax.texts} == {"early": "left", "late": "right"}


def test_a_logarithmic_axis_begins_below_the_least_count():
    assert plot_counts(HOURS, log=True).get_ylim()[0] == 0.5
    assert plot_counts(HOURS.assign(posts=range(90, 102)), log=True).get_ylim()[0] == 30


def test_no_more_waves_are_drawn_than_can_be_told_apart():
    with pytest.raises(ValueError, match="one to six"):
        plot_falls(FALLS[:0])
