"""The page to browse topics: whole in itself, safe against hostile words, and silent about real people's posts."""

import re
from html import escape
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest

from analysis.posts import load_posts
from analysis.privacy import PrivacyError
from analysis.schema import InputError
from analysis.topics import examples, fit
from analysis.topics.browse import browse, page

EVIL = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\"'&"
SIZES = pd.DataFrame(
    {
        "topic": ["topic 1", "topic 2", "none"],
        "posts": pd.array([40, pd.NA, 30], dtype="Int64"),
        "share": [0.4, np.nan, 0.3],
        "low": [0.35, np.nan, 0.2],
        "high": [0.45, np.nan, 0.4],
    }
)
WORDS = pd.DataFrame({"topic": "topic 1", "rank": [1, 2], "word": ["boss", EVIL], "weight": [0.5, 0.2]})
NAMES = pd.DataFrame({"topic": ["topic 1", "topic 2"], "name": [EVIL, "school"]})
ALIKE = pd.DataFrame({"topic": ["topic 1"], "rank": [1], "other": ["topic 2"], "likeness": [0.3]})
STEADY = pd.DataFrame({"topic": ["topic 1"], "back": [9], "fits": [10]})
COURSE = pd.DataFrame(
    {
        "start": pd.date_range("2017-10-15", periods=5, tz="UTC"),
        "topic": "topic 1",
        "share": [0.2, 0.3, np.nan, 0.1, np.nan],
        "low": [0.1, 0.2, np.nan, 0.05, np.nan],
        "high": [0.3, 0.4, np.nan, 0.2, np.nan],
    }
)
ALL = {"names": NAMES, "over_time": COURSE, "stability": STEADY, "alike": ALIKE}


class Page(HTMLParser):
    """What a page holds: its tags with their attributes, and its text."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.text = [], ""
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_data(self, data):
        self.text += data

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


def test_hostile_words_and_names_stay_words():
    found = Page(page(SIZES, WORDS, **ALL, title=EVIL, note=EVIL))
    assert len(found.all("script")) == 1
    assert not found.all("img")
    assert not [name for _, attributes in found.tags for name in attributes if name.startswith("on")]
    assert found.text.count("<img src=x onerror=alert(1)>") == 6  # title twice, note, list, heading, word


def test_nothing_is_fetched_and_it_can_be_read_without_scripts():
    html = page(SIZES, WORDS, **ALL)
    found = Page(html)
    assert "http" not in html.replace("http-equiv", "")
    assert "url(" not in html
    assert not found.all("link")
    assert "default-src 'none'" in found.all("meta")[1]["content"]
    assert found.all("html") == [{"lang": "en"}]
    targets = {attributes.get("id") for _, attributes in found.tags}
    assert all(link["href"][1:] in targets for link in found.all("a"))
    assert "hidden" in next(p for p in found.all("p") if p.get("class") == "search")
    assert any(svg.get("role") == "img" and svg["aria-label"] for svg in found.all("svg"))
    assert found.text.index("Content note") < found.text.index("A topic is a set")
    for said in (
        "40.0% of posts (35.0% to 45.0%)",
        "9 of 10 fits",
        "Its share is hidden",
        "No word of it may be shown",
    ):
        assert said in found.text
    assert html == page(SIZES, WORDS, **ALL)


def test_a_gap_breaks_the_line_and_a_lone_stretch_is_a_dot():
    found = Page(page(SIZES, WORDS, **ALL))
    assert len(found.all("polyline")) == len(found.all("polygon")) == len(found.all("circle")) == 1


def test_none_takes_no_room_from_the_topics():
    """Most posts fit none: on its scale no topic would be seen to move."""
    none = COURSE.assign(topic="none", share=0.7, low=0.6, high=0.8)
    html = page(SIZES, WORDS, over_time=pd.concat([COURSE, none]))
    assert [text in html for text in (">40%</text>", ">80%</text>")] == [True, True]
    assert html.count("to a scale of its own") == 1
    assert "00:00" not in html
    assert "06:00" in page(SIZES, WORDS, over_time=COURSE.assign(start=COURSE["start"] + pd.Timedelta("6h")))
    flat = COURSE.assign(share=0.0, low=0.0, high=0.0)
    assert "cannot be shown" in page(SIZES, WORDS, over_time=flat)


def test_typical_posts_go_onto_the_page_as_they_are_given():
    posts = load_posts().query("text.notna() & lang == 'en'").head(400)
    found = fit(posts["text"], k=2)
    typical = examples(found, posts, n=1)
    html = page(SIZES, WORDS, examples=typical)
    assert all(escape(text) in html for text in typical["text"][typical["topic"].isin(SIZES["topic"])])


def test_only_invented_posts_are_shown():
    posts = load_posts().query("text.notna()").head(3).assign(topic="topic 1")
    assert "all invented" in page(SIZES, WORDS, examples=posts)
    real = posts.assign(post_id=["919659437487030273", *posts["post_id"][1:]], author="somebody")
    with pytest.raises(PrivacyError):
        page(SIZES, WORDS, examples=real)


def test_the_page_is_written_whole_or_not_at_all(tmp_path):
    path = browse(tmp_path / "topics.html", SIZES, WORDS)
    assert path.read_text(encoding="utf-8") == page(SIZES, WORDS)
    with pytest.raises(ValueError, match="nothing to browse"):
        browse(path, SIZES.iloc[:0], WORDS)
    assert [one.name for one in tmp_path.iterdir()] == ["topics.html"]
    for wrong in (tmp_path / "topics.txt", tmp_path / "nowhere" / "topics.html"):
        with pytest.raises(InputError):
            browse(wrong, SIZES, WORDS)


def luminance(colour):
    """Relative luminance, as the Web Content Accessibility Guidelines define it."""
    colour = "".join(2 * sign for sign in colour) if len(colour) == 3 else colour
    parts = [int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def test_it_can_be_read_by_day_by_night_and_on_paper():
    style = page(SIZES, WORDS).split("<style>")[1].split("</style>")[0]
    sets = [dict(re.findall(r"--(\w+): #(\w+)", some)) for some in re.findall(r":root \{([^}]*)\}", style)]
    assert len(sets) == 3
    for colours in sets:
        back = luminance(colours["back"])
        for name in ("ink", "quiet", "link"):
            light, dark = sorted([luminance(colours[name]), back], reverse=True)
            assert (light + 0.05) / (dark + 0.05) > 4.5, name


def test_a_long_word_or_one_that_turns_the_direction_moves_nothing_else():
    style = page(SIZES, WORDS).split("<style>")[1].split("</style>")[0]
    assert "a, h1, h2, th, blockquote { unicode-bidi: isolate; }" in style
    assert "table-layout: fixed" in style  # else a long word leaves its bar no room
    assert "This is no topic: it has no words of its own" in page(SIZES, WORDS)
