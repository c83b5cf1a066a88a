"""The page to browse topics: whole in itself, safe against hostile words, and silent about real people's posts."""

from html import escape
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest

from analysis.posts import load_posts
from analysis.privacy import PrivacyError
from analysis.schema import InputError
from analysis.topics import browse, examples, fit, page

EVIL = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\"'&"
SIZES = pd.DataFrame({"topic": ["topic 1", "topic 2", "none"], "posts": pd.array([40, pd.NA, 30], dtype="Int64")})
SIZES = SIZES.assign(share=[0.4, np.nan, 0.3], low=[0.35, np.nan, 0.2], high=[0.45, np.nan, 0.4])
WORDS = pd.DataFrame({"topic": "topic 1", "rank": [1, 2], "word": ["boss", EVIL], "weight": [0.5, 0.2]})
NAMES = pd.DataFrame({"topic": ["topic 1", "topic 2"], "name": [EVIL, "school"]})
STEADY = pd.DataFrame({"topic": ["topic 1"], "back": [9], "fits": [10]})
DAYS = pd.DataFrame({"start": pd.date_range("2017-10-15", periods=5, tz="UTC"), "topic": "topic 1"})
DAYS = DAYS.assign(share=[0.2, 0.3, np.nan, 0.1, np.nan])
DAYS = DAYS.assign(low=DAYS["share"] / 2, high=DAYS["share"] + 0.1)
ALL = {"names": NAMES, "over_time": DAYS, "stability": STEADY}


class Page(HTMLParser):
    """What a page holds: its tags with their attributes, and its text."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.text = [], ""
        self.handle_starttag = lambda tag, attributes: self.tags.append((tag, dict(attributes)))
        self.feed(html)

    def handle_data(self, data):
        self.text += data

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


def test_hostile_words_and_names_stay_words():
    html = Page(page(SIZES, WORDS, **ALL, title=EVIL, note=EVIL))
    assert not html.all("script")
    assert not html.all("img")
    assert not [name for _, attributes in html.tags for name in attributes if name.startswith("on")]
    assert html.text.count("<img src=x onerror=alert(1)>") == 6  # title twice, note, list, heading, word


def test_nothing_is_fetched():
    source = page(SIZES, WORDS, **ALL)
    html = Page(source)
    assert "http" not in source.replace("http-equiv", "")
    assert "url(" not in source
    assert not html.all("link")
    assert "default-src 'none'" in html.all("meta")[1]["content"]
    assert any(svg.get("role") == "img" and svg["aria-label"] for svg in html.all("svg"))
    assert len(html.all("polyline")) == len(html.all("circle")) == 1  # a gap breaks the line
    assert html.text.index("Content note") < html.text.index("A topic is a set")
    assert all(part in html.text for part in ("40.0% of posts (35.0% to 45.0%)", "9 of 10", "hidden", "No word of it"))
    assert source == page(SIZES, WORDS, **ALL)


def test_only_invented_posts_are_shown_and_they_as_they_are():
    posts = load_posts().query("text.notna() & lang == 'en'").head(400)
    typical = examples(fit(posts["text"], k=2), posts, n=1)
    source = page(SIZES, WORDS, examples=typical)
    assert all(escape(text) in source for text in typical["text"][typical["topic"].isin(SIZES["topic"])])
    real = typical.assign(post_id=["919659437487030273", *typical["post_id"][1:]], author="somebody")
    with pytest.raises(PrivacyError):
        page(SIZES, WORDS, examples=real)


def test_the_page_is_written_whole_or_not_at_all(tmp_path):
    path = browse(tmp_path / "topics.html", SIZES, WORDS)
    assert path.read_text(encoding="utf-8") == page(SIZES, WORDS)
    with pytest.raises(ValueError, match="nothing to browse"):
        browse(path, SIZES.iloc[:0], WORDS)
    assert [file.name for file in tmp_path.iterdir()] == ["topics.html"]
    with pytest.raises(InputError):
        browse(tmp_path / "nowhere" / "topics.html", SIZES, WORDS)
