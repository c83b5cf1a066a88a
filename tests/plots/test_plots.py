"""All plots are alike: a table in, an Axes out, with an alternative text; nothing is cut off or left behind."""

from io import BytesIO

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from analysis.plots import axes, disclosures, methods, own_data, posts, sentiment, spread, start, topics

CALL = pd.Timestamp("2017-10-15T20:21Z")
HOURS = pd.DataFrame({"start": pd.date_range("2017-10-15T18:00", periods=12, freq="h", tz="UTC")})
HOURS["posts"] = pd.array([0, 3, *range(9, 109, 10)], "Int64")
GAPPED = HOURS.assign(posts=HOURS["posts"].mask(HOURS.index.isin([4, 5])))
FIT = {"start": HOURS["start"][0], "end": HOURS["start"][6], "doubling": 0.99, "at_start": 4.0, "why": "", "rate": 0.7}
BURSTS = pd.DataFrame({"level": [1, 2], "start": HOURS["start"][[6, 8]].array, "end": HOURS["start"][[11, 10]].array})
CHANGES = pd.DataFrame({"start": HOURS["start"][[6]].array, "before": [2.0], "after": [60.0]})
CHANGES = CHANGES.assign(low=HOURS["start"][5], high=HOURS["start"][7])
EVENTS = pd.DataFrame({"event": ["later", "a first " * 30, "second", "peak"], "chosen": ["record"] * 3 + ["curve"]})
EVENTS["date"] = HOURS["start"][[3, 2, 2, 9]].array + pd.Timedelta("5min")
SPANS = pd.DataFrame({"share": [0.1, 0.5, 0.4], "low": [0.05, 0.4, 0.3], "high": [0.15, 0.6, 0.5], "reason": ""})
WEEK = SPANS.assign(weekday=["Monday", "Tuesday", "Wednesday"])
AROUND = SPANS.assign(part=["before", "on the day", "after"], day=HOURS["start"][0])
PEAKS = pd.DataFrame({"lang": ["en", "sv"], "peak": HOURS["start"][[8, 9]].array, "share_of_peak": [0.64, 0.0048]})
PEAKS = PEAKS.assign(low=HOURS["start"][7], high=HOURS["start"][11])
FALLS = pd.DataFrame({"peak": HOURS["start"][[0, 0, 5, 5]].array, "days": [0, 7] * 2, "left": [1, 0.3, 1, np.nan]})
EFFECT = {"ratio": 3.0, "low": 1.2, "high": 8.0, "p": 0.02, "placebos": 90, "chosen": "record", "reason": ""}
PLACEBOS = pd.DataFrame({"ratio": np.random.default_rng(1).lognormal(0, 0.3, 90)})
CHOICES = pd.DataFrame(
    {
        "law": "exponential", "from": CALL, "until": CALL + pd.Timedelta("20D"), "origin": "", "weekly": [0, 0, 3],
        "beneath": ["0", "fitted", "fitted"], "half_life": [50.0, 30, np.nan], "half_low": [0.0, 20, np.nan],
        "half_high": [np.inf, 5e6, np.nan], "reason": ["", "", "no fall: so it is"],
    }
)  # fmt: skip
WIDTHS = pd.DataFrame({"width": ["7D", "1D", "1h"], "per_step": [4000.0, 600, 25], "branching": [0.9, 0.5, np.nan]})
WIDTHS = WIDTHS.assign(low=WIDTHS["branching"] - 0.05, high=WIDTHS["branching"] + 0.05)
EXCITED = {"verdict": "not identified", "widths": WIDTHS, "reason": "it runs", "branching": np.nan}
GONE = pd.DataFrame({"lang": ["en", "sv", "fi"], "share": [0.25, 0.33, np.nan], "low": [0.24, 0.25, np.nan]})
GONE = GONE.assign(high=GONE["share"] + 0.05, posts=pd.array([4000, 120, None], "Int64"))
GONE["gone"] = pd.array([1000, 40, None], "Int64")
BENT = pd.DataFrame({"measure": ["details", "peak", "none"], "then": [0.1, 0.02, np.nan], "bent": [True, False, False]})
BENT = BENT.assign(relative=[-0.2, 0.01, np.nan], low=[-0.002, -0.001, np.nan], high=[0.002, 0.001, np.nan])
SETS = pd.DataFrame({"name": ["small", "large", "a rather long name"], "size": [1200, 6_251_000_000, 75_526]})
SETS = SETS.assign(kind=["texts", "texts", "ids"], holds=["text, labels", "ids, text, replies, authors", "ids"])
VALUES = pd.DataFrame({"column": "lang", "value": list("abcd"), "posts": pd.array([90, 80, 70, None], "Int64")})
EDGES = np.linspace(-1, 1, 11)
SCORES = pd.DataFrame({"low": [*EDGES[:-1], 0.0], "high": [*EDGES[1:], 0.0]})
SCORES["posts"] = pd.array([*range(10, 100, 10), None, 2345], "Int64")
GROUPS = pd.DataFrame(
    {"stance": ["support_men", "detail"], "posts": pd.array([1200, None], "Int64"), "authors": [900, 9]}
)
for share, value in {"negative": 0.3, "zero": 0.38, "positive": 0.32, "difference": 0.02}.items():
    GROUPS = GROUPS.assign(**{share: value, f"{share}_low": value - 0.1, f"{share}_high": value + 0.1})
DAYS = pd.concat([GROUPS] * 4, ignore_index=True).assign(start=pd.date_range("2017-10-15", periods=8, tz="UTC"))
DAYS = DAYS.assign(enough=DAYS.index < 6, difference_low=np.where(DAYS.index.isin([2, 7]), 0.1, -0.1))
STEPS = pd.DataFrame({"token": ["brave", "VERY", None, None], "rule": ["word", "booster", "sum", "compound"]})
STEPS = STEPS.assign(by=None, effect=[2.0, -0.3, np.nan, np.nan], running=[2.0, 1.7, 1.7, 0.4])
SHIFT = pd.DataFrame({"word": ["boss", "thanks", "day"], "shift": [0.03, -0.02, -0.01], "low": [0.01, -0.03, -0.02]})
SHIFT = SHIFT.assign(high=[0.05, -0.01, 0.01], share_1=0.01, share_2=[0.02, 0.005, 0.02])
RATES = pd.DataFrame({"row": ["new phrases"] * 2, "method": ["model", "rules"], "value": [0.92, 0.79]})
RATES = RATES.assign(low=RATES["value"] - 0.05, high=RATES["value"] + 0.05)
BINS = pd.DataFrame({"said": [0.05, 0.5, 0.97], "so": [0.1, 0.4, 0.99], "posts": [9, 40, 7]}).assign(low=0.1, high=0.9)
CROSS = pd.DataFrame([[8, 2], [1, 9]], pd.Index(["bare", "topic 1"], name="planted"), ["bare", "topic 1"])
CURVE = pd.DataFrame({"labels": [250, 1000], "f1": [0.8, 0.9], "low": [0.7, 0.85], "high": [0.9, 0.95]})
DEFINED = pd.DataFrame({"definition": ["any disclosure", "with detail"], "share": [0.4, np.nan], "low": [0.38, np.nan]})
DEFINED = DEFINED.assign(high=DEFINED["share"] + 0.05, published=[0.5, np.nan], published_low=0.48, published_high=0.52)
ESTIMATES = pd.DataFrame(
    {"method": ["raw", "PPI++"], "share": [0.3, 0.35], "low": [np.nan, 0.3], "high": [np.nan, 0.4]}
)
PEOPLE = pd.DataFrame({"end": HOURS["start"][:4], "authors": [30, 60, 80, 95], "people": [np.nan, 22, 33, 39]})
PEOPLE = PEOPLE.assign(raw=PEOPLE["people"] - 3, low=PEOPLE["people"] - 5, high=PEOPLE["people"] + 6)
DESIGN = pd.DataFrame({"half_width": [0.05, 0.03], "labels_alone": [380, 1060], "with_predictions": [150, 400]})
RUNS = pd.DataFrame({"method": list("aabb"), "shift": ["other shares", "other mix"] * 2, "bias": [0, 0.01, 0.02, 0.03]})
RUNS = RUNS.assign(half_width=0.03, covered=[0.95, 0.9, 0.96, 0.4], stands=[True, False] * 2)
WORDS = pd.DataFrame({"topic": ["topic 1"] * 2 + ["topic 2"], "rank": [1, 2, 1], "word": ["boss", "office", "bus"]})
WORDS["weight"] = [0.9, 0.4, 0.8]
SIZES = pd.DataFrame({"topic": ["topic 1", "topic 2", "none"], "share": [0.4, np.nan, 0.3], "low": [0.35, np.nan, 0.2]})
SIZES = SIZES.assign(high=SIZES["share"] + 0.05, words=["boss, office", "", ""])
STANCES = pd.DataFrame({"stance": ["support"] * 3 + ["doubt"] * 3, "topic": ["topic 10", "none", "topic 9"] * 2})
STANCES["share"] = [0.2, 0.7, 0.1, np.nan, np.nan, np.nan]
EVIDENCE = pd.DataFrame({"k": [2, 4, 6], "stability": [0.9, 0.7, 0.6], "stability_error": 0.02, "npmi": np.nan})
EVIDENCE = EVIDENCE.assign(c_v=0.5, held_out=[0.2, 0.4, 0.5], held_out_error=0.03, redundancy=0.1)
ADVICE = {"k": 4, "near": [4, 6], "use": 4, "why": "it is best by stability and held-out fit together"}
COURSE = pd.DataFrame({"start": DAYS["start"].repeat(2), "topic": ["topic 1", "none"] * 8, "share": [0.2, 0.7] * 8})
COURSE = COURSE.assign(low=COURSE["share"] - 0.1, high=COURSE["share"] + 0.1, posts=pd.array([20] * 16, "Int64"))
COURSE.iloc[2:4, [2, 3, 4]], COURSE.iloc[2:4, 5] = np.nan, pd.NA
MAP = pd.DataFrame({"what": ["topic"] * 2 + ["hexagon"] * 2 + ["left out"], "topic": ["topic 1", "topic 2"] + [""] * 3})
MAP = MAP.assign(x=[0.3, 0.3, 0, 0.1, np.nan], y=[0.1, 0.1, 0, 0, np.nan], width=0.1, held=0.4)
MAP["posts"] = pd.array([None, None, 12, 900, None], "Int64")

#: Each plot, as a function of its table and of more; the table; and what its alternative text must hold.
PLOTS = {
    "filled": (start.plot_filled, pd.DataFrame({"column": ["a_b", "c"], "filled": [1.0, 0.004]}), ["0.4%"]),
    "shares": (posts.plot_shares, VALUES, ["a 90"]),
    "stances": (posts.plot_stances, SPANS.assign(stance=["a", "b_c", "d"]), ["50% (40% to 60%)"]),
    "counts": (lambda t, **more: spread.plot_counts(t, marks={"the call": CALL}, **more), GAPPED, ["99", "05:00"]),
    "growth": (lambda t, **more: spread.plot_growth(t, [FIT, FIT | {"why": "?"}], **more), HOURS, ["every 59 min"]),
    "bursts": (lambda t, **more: spread.plot_bursts(HOURS, t, **more), BURSTS, ["2 bursts", "16 Oct 2017 02:00"]),
    "changes": (lambda t, **more: spread.plot_changes(GAPPED, t, **more), CHANGES, ["1 change", "from 2 to 60"]),
    "events": (lambda t, **more: spread.plot_events(t, EVENTS, **more), HOURS, ["4 dated events", "99"]),
    "rhythm": (spread.plot_rhythm, WEEK, ["Tuesday (50.0%)"]),
    "attention": (spread.plot_attention, AROUND, ["on the day 50% (40% to 60%)"]),
    "falls": (spread.plot_falls, FALLS, ["30% of 15 Oct 2017"]),
    "peaks": (lambda t, **more: spread.plot_peaks(t, "lang", **more), PEAKS, ["en 16 Oct 2017"]),
    "effect": (lambda t, **more: spread.plot_effect(EFFECT, t, **more), PLACEBOS, ["3 (1.2 to 8)", "0.020"]),
    "choices": (methods.plot_choices, CHOICES, ["1.25 and 2.08 days", "3 choices"]),
    "widths": (lambda t, **more: methods.plot_widths(EXCITED | {"widths": t}, **more), WIDTHS, ["7D 0.90", "not"]),
    "survival": (methods.plot_survival, GONE, ["sv 33%"]),
    "bend": (methods.plot_bend, BENT, ["1 of 2", "details -20.0%"]),
    "recovery": (methods.plot_recovery, RUNS, ["+0.0 to +3.0", "40%"]),
    "explain": (sentiment.plot_explain, STEPS, ["brave: word +2.00", "+0.4000"]),
    "compound": (sentiment.plot_compound, SCORES, ["84%"]),
    "groups": (sentiment.plot_groups, GROUPS, ["support men 30%, 38%, 32%"]),
    "over-time": (sentiment.plot_over_time, DAYS, ["1 of 8 times", "2 have too few"]),
    "shift": (lambda t, **more: sentiment.plot_shift(t, ("one", "two"), **more), SHIFT, ["boss +0.03", "thanks -0.02"]),
    "rates": (disclosures.plot_rates, RATES, ["0.92 (0.87 to 0.97)"]),
    "calibration": (disclosures.plot_calibration, BINS, ["8.2 points", "predicted 50%, observed 40%"]),
    "confusion": (disclosures.plot_confusion, CROSS, ["bare: bare 80%"]),
    "learning": (lambda t, **more: disclosures.plot_learning(t, lines={"rules": 0.7}, **more), CURVE, ["0.90", "0.70"]),
    "definitions": (disclosures.plot_definitions, DEFINED, ["any disclosure 40%"]),
    "estimates": (lambda t, **more: disclosures.plot_estimates(t, truth=0.33, **more), ESTIMATES, ["35.0% (30", "33"]),
    "people": (disclosures.plot_people, PEOPLE, ["39 (34 to 45) people", "95"]),
    "design": (disclosures.plot_design, DESIGN, ["±3 points: 1,060 labels, 400 with"]),
    "words": (topics.plot_words, WORDS, ["topic 1: boss, office"]),
    "sizes": (topics.plot_sizes, SIZES, ["topic 1 40% (35% to 45%)"]),
    "cross": (topics.plot_cross, CROSS, ["bare 80%"]),
    "cross-hidden": (topics.plot_cross, STANCES, ["support: topic 10 20%"]),
    "choice": (lambda t, **more: topics.plot_choice(t, ADVICE, **more), EVIDENCE, ["4 topics", "Hardly worse: 6"]),
    "stream": (topics.plot_stream, COURSE, ["topic 1 20% to 20%"]),
    "map": (lambda t, **more: topics.plot_map(t, names={"topic 1": "boss"}, **more), MAP, ["2 topics", "40%", "some"]),
    "sets": (own_data.plot_sets, SETS, ["3 data sets", "6,251,000,000"]),
}  # fmt: skip


def faults(ax):
    """The texts of a figure that its picture cuts off, or that lie over its title; ticks aside, not all are drawn."""
    figure = ax.figure
    figure.draw_without_rendering()
    ticks = {text for ax in figure.axes for axis in (ax.xaxis, ax.yaxis) for text in axis.get_ticklabels()}
    texts = [text for text in figure.findobj(mpl.text.Text) if text.get_text().strip() and text not in ticks]
    boxes = [(text.get_text(), text.get_window_extent()) for text in texts if text.get_visible()]
    title, width, height = ax.get_title(loc="left"), figure.bbox.x1, figure.bbox.y1
    above = next(box for text, box in boxes if text == title)
    cut = [text for text, b in boxes if b.x0 < -1 or b.y0 < -1 or b.x1 > width + 1 or b.y1 > height + 1]
    return cut + [text for text, box in boxes if text != title and above.overlaps(box)]


@pytest.mark.parametrize(("draw", "table", "said"), PLOTS.values(), ids=PLOTS)
def test_a_plot_is_whole_and_says_what_it_shows_and_is_drawn_where_it_is_told(draw, table, said):
    import matplotlib.pyplot as plt

    before, given = dict(mpl.rcParams), table.copy(deep=True)
    ax = draw(table)
    assert isinstance(ax, mpl.axes.Axes)
    assert [part for part in said if part not in ax.figure.alt_text] == []
    assert not [part for part in ("nan", "<NA>") if part in ax.figure.alt_text]
    assert ax.figure.source_table is table
    assert faults(ax) == []
    mine = axes.new_axes()
    assert draw(table, ax=mine, title="Mine") is mine
    assert mine.get_title(loc="left") == "Mine"
    pd.testing.assert_frame_equal(table, given)
    assert (dict(mpl.rcParams), plt.get_fignums()) == (before, [])


def test_the_same_table_gives_the_same_bytes():
    draw, table, _ = PLOTS["map"]
    pictures = [BytesIO(), BytesIO()]
    for file in pictures:
        draw(table).figure.savefig(file, format="png", dpi="figure", metadata={"Software": None})
    assert pictures[0].getvalue() == pictures[1].getvalue()


@pytest.mark.parametrize("name", sorted(PLOTS.keys() - {"bursts", "changes", "effect"}))
def test_an_empty_table_is_refused(name):
    draw, table, _ = PLOTS[name]
    with pytest.raises(ValueError, match="nothing to draw"):
        draw(table.iloc[:0])


@pytest.mark.parametrize("name", ["growth", "falls", "over-time", "groups", "rates", "design"])
def test_series_differ_by_more_than_colour(name):
    draw, table, _ = PLOTS[name]
    lines = [line for ax in draw(table).figure.axes for line in ax.lines]
    drawn = [line for line in lines if not line.get_label().startswith(("_", "filled"))]
    looks = [(line.get_marker(), line.get_linestyle(), line.get_markerfacecolor() == "white") for line in drawn]
    assert len(looks) == len(set(looks)) > 1


def test_what_was_not_collected_is_a_band_and_no_count_of_zero():
    ax = spread.plot_counts(GAPPED)
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["not collected"]
    assert np.flatnonzero(np.isnan(ax.lines[0].get_ydata())).tolist() == [4, 5]
    assert spread.plot_counts(HOURS).get_legend() is None


def test_marks_stand_within_the_span_and_on_the_side_that_has_room():
    moments = {"early": HOURS["start"][1], "late": HOURS["start"][11], "outside": CALL + pd.Timedelta("900D")}
    ax = spread.plot_counts(HOURS, marks=moments)
    assert {text.get_text(): text.get_ha() for text in ax.texts} == {"early": "left", "late": "right"}


def test_events_are_numbered_by_date_and_those_picked_by_the_curve_are_marked():
    ax = spread.plot_events(HOURS, pd.concat([EVENTS, EVENTS.head(1).assign(date=CALL + pd.Timedelta("900D"))]))
    heights = {text.get_text(): text.xyann[1] for text in ax.texts if text.get_text().rstrip("*").isdigit()}
    assert list(heights) == ["1", "2", "3", "4*"]
    assert heights["1"] < heights["2"]  # two at one moment stand above one another
    assert any("picked because the curve peaks there" in text.get_text() for text in ax.texts)


@pytest.mark.parametrize(
    "draw",
    [
        lambda: spread.plot_rhythm(WEEK.assign(share=np.nan, reason="too few")),
        lambda: spread.plot_effect(EFFECT | {"ratio": np.nan, "reason": "too few"}, PLACEBOS),
        lambda: spread.plot_falls(pd.concat([FALLS.assign(peak=CALL + pd.Timedelta(days=i)) for i in range(7)])),
        lambda: methods.plot_widths(EXCITED | {"widths": WIDTHS.tail(1)}),
    ],
)
def test_a_figure_of_nothing_says_so(draw):
    with pytest.raises(ValueError, match="nothing to draw"):
        draw()


@pytest.mark.parametrize(
    ("ax", "says"),
    [
        (lambda: methods.plot_widths(EXCITED), "NOT IDENTIFIED"),
        (lambda: spread.plot_effect(EFFECT | {"p": np.nan, "chosen": "curve"}, PLACEBOS[:0]), "picked by the curve"),
        (lambda: methods.plot_choices(CHOICES), "no fall"),
        (lambda: methods.plot_survival(GONE), "hidden"),
        (lambda: posts.plot_shares(VALUES), "fewer than 10"),
        (lambda: sentiment.plot_groups(GROUPS), "detail  (few)"),
        (lambda: sentiment.plot_compound(SCORES.assign(posts=pd.array([None] * 11, "Int64"))), "hidden"),
        (lambda: disclosures.plot_definitions(DEFINED), "fewer than ten people"),
        (lambda: disclosures.plot_people(PEOPLE.assign(raw=np.nan, people=np.nan)), "too few people"),
        (lambda: topics.plot_sizes(SIZES), "fewer than ten"),
        (lambda: topics.plot_map(MAP[MAP["what"] != "hexagon"]), "too few people"),
    ],
)  # fmt: skip
def test_what_is_hidden_or_not_known_stands_there_in_words(ax, says):
    texts = ax().figure.findobj(mpl.text.Text)
    assert any(says in text.get_text() for text in texts)


def test_estimates_without_an_interval_are_hollow_and_filled_where_designed_to_be_unbiased():
    for ax, values in ((disclosures.plot_estimates(ESTIMATES), [0.3]), (methods.plot_recovery(RUNS), [1.0, 3.0])):
        hollow = [line.get_xdata() for line in ax.lines if line.get_markerfacecolor() == "white"]
        assert [list(drawn) for drawn in hollow if len(drawn)] == [values]


def test_thin_days_are_blank_above_and_hatched_below_and_clear_differences_filled():
    above, below = sentiment.plot_over_time(DAYS).figure.axes[-2:]
    drawn = next(line for line in above.lines if line.get_label() == "negative").get_ydata()
    assert np.isnan(drawn).tolist() == (~DAYS["enough"]).tolist()
    assert sum(patch.get_hatch() == "///" for patch in below.patches) == 2
    filled = [len(line.get_xdata()) for line in above.lines if line.get_linestyle() == "None"]
    assert filled == [1, 1]  # of the two days on which they differ, one is thin


def test_the_shift_graph_tells_side_size_and_doubt_without_colour():
    bars = [bar for container in PLOTS["shift"][0](SHIFT).containers for bar in container]
    first, second, third = sorted(bars, key=lambda bar: -bar.get_y())
    assert [bar.get_width() for bar in (first, second, third)] == [0.03, -0.02, -0.01]
    assert (first.get_hatch(), second.get_hatch(), third.get_facecolor()) == ("", "///", (1, 1, 1, 1))
    ax = PLOTS["shift"][0](SHIFT.assign(valence=1.0))
    assert [label.get_text().split()[-1] for label in ax.get_yticklabels()] == ["+↑", "+↓", "−↑"]


def test_a_topic_breaks_at_gaps_and_none_has_a_scale_of_its_own():
    _, topic, none = (ax for ax in topics.plot_stream(COURSE).figure.axes if ax.get_visible())
    assert np.flatnonzero(np.isnan(topic.lines[0].get_ydata())).tolist() == [1]
    assert [patch.get_hatch() for patch in topic.patches] == ["///"]
    assert topic.get_ylim()[1] < 0.5 < none.get_ylim()[1]


def test_cells_say_their_share_of_the_row_hidden_ones_nothing_and_topics_stand_in_order():
    assert [text.get_text() for text in topics.plot_cross(CROSS).texts] == ["80%", "20%", "10%", "90%"]
    ax = topics.plot_cross(STANCES)
    assert [text.get_text() for text in ax.texts] == ["10%", "20%", "70%"]
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["9", "10", "none"]


def test_data_sets_stand_by_size():
    names = [label.get_text() for label in own_data.plot_sets(SETS).get_yticklabels()]
    assert names == ["large", "a rather long name", "small"]


def test_one_figure_shows_one_measure_and_one_planted_share_and_sizes_above_0():
    with pytest.raises(ValueError, match="a size above 0"):
        own_data.plot_sets(SETS.assign(size=[1, 2, 0]))
    with pytest.raises(ValueError, match="one measure at a time"):
        disclosures.plot_rates(RATES.assign(measure=["recall", "f1"]))
    with pytest.raises(ValueError, match="twice"):
        methods.plot_recovery(pd.concat([RUNS, RUNS]))
