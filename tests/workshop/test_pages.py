import base64
import re
from html.parser import HTMLParser

import nbformat
import pytest

from analysis.workshop.pages import index_page, lesson_page

PIXEL = base64.b64encode(b"\x89PNG no real picture").decode()


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


def assert_offline(html):
    """Nothing that a browser would load by itself comes from elsewhere, and no script is there."""
    page = Page(html)
    for tag, attributes in page.tags:
        for name, value in attributes.items():
            if name in ("src", "srcset", "data", "poster", "background") or (name == "href" and tag != "a"):
                assert not re.match(r"\s*(https?:)?//", value or ""), (tag, name, value)
            assert not name.startswith("on"), (tag, name)
    assert not page.all("script")
    assert not page.all("link")
    styles = re.findall(r"<style[^>]*>(.*?)</style>", html, re.DOTALL)
    assert styles
    assert not re.search(r"url\(|@import", "".join(styles))


def entry(name="03-spread", state="done", **more):
    about = {"name": name, "title": f"Lesson {name}", "state": state, "needs": [], "input": "abc", "random_state": 1}
    ending = {"seconds": 3.4, "cell": None, "error": None, "why": None, "figures": [], "headlines": []}
    return {**about, **ending, **more}


def code(source, *outputs, number=1):
    return nbformat.v4.new_code_cell(source, outputs=list(outputs), execution_count=number)


def display(data, **metadata):
    return nbformat.v4.new_output("display_data", data, metadata=metadata)


def page_of(*cells, lesson=None, lessons=None):
    notebook = nbformat.v4.new_notebook(cells=list(cells))
    lesson = lesson or entry()
    return lesson_page(notebook, lesson, lessons or [lesson])


def test_a_page_shows_prose_code_and_outputs():
    html = page_of(
        nbformat.v4.new_markdown_cell("# Spread\n\n| a | b |\n|---|---|\n| 1 | 2 |"),
        code("x = 1  # a < b", nbformat.v4.new_output("stream", name="stdout", text="one\n"), number=3),
        code("say()", display({"text/markdown": "**7** posts"}), number=4),
    )
    page = Page(html)
    assert page.all("html") == [{"lang": "en"}]
    assert "Lesson 03-spread" in html.split("<title>")[1].split("</title>")[0]
    assert "x = 1  # a < b" in page.text
    assert "<table>" in html
    assert "<strong>7</strong> posts" in html
    assert {"class": "cell", "id": "cell-3"} in page.all("div")
    assert "[4]" in page.text
    assert_offline(html)


def test_a_picture_keeps_its_words_size_and_files():
    files = ["figures/a-b.png", "figures/a-b.svg", "tables/a-b.csv"]
    ours = {"figure": "a-b", "files": files, "sample": True}
    about = {"image/png": {"alt": 'A "line" & <more>', "width": 800}, "analysis": ours}
    html = page_of(code("show()", display({"image/png": PIXEL, "text/plain": "[figure]"}, **about)))
    image = Page(html).all("img")[0]
    assert image == {"src": f"data:image/png;base64,{PIXEL}", "alt": 'A "line" & <more>', "width": "800"}
    assert [link["href"] for link in Page(html).all("a")][-4:-1] == files
    assert "[figure]" not in html
    assert "On the invented sample" in html


def test_what_data_say_is_shown_and_not_obeyed():
    evil = "<script>alert(1)</script>"
    html = page_of(
        code("a", display({"text/markdown": f"the commonest word is {evil}"}), number=1),
        code("b", nbformat.v4.new_output("stream", name="stderr", text=evil), number=2),
        code("c", nbformat.v4.new_output("execute_result", {"text/plain": evil}, execution_count=3), number=3),
        code(
            "d", nbformat.v4.new_output("error", ename="E", evalue=evil, traceback=[f"\x1b[31m{evil}\x1b[0m"]), number=4
        ),
        code(f"x = '{evil}'", number=5),
        code("f", display({"text/markdown": f"```mermaid\n{evil}\n```"}), number=6),
        code("g", display({"text/markdown": "![x](attachment:x.png) ![y](http://x.example/y.png) [z](javascript:z)"})),
    )
    assert_offline(html)
    page = Page(html)
    assert page.text.count(evil) == 6
    assert not page.all("img")
    assert "javascript" not in str(page.all("a"))
    assert "\x1b" not in html


def test_a_browser_is_told_to_load_nothing():
    policy = Page(page_of()).all("meta")[1]
    assert policy["http-equiv"] == "Content-Security-Policy"
    assert "default-src 'none'" in policy["content"]
    assert "script-src" not in policy["content"]  # default-src holds for scripts as well


def test_links_among_lessons_lead_to_pages_and_others_lose_their_link():
    text = (
        "[next](04-sentiment.ipynb#a), [gone](09-x.ipynb), [data](../data/README.md), [a](https://example.org) [b](#a)"
    )
    lessons = [entry("03-spread"), entry("04-sentiment"), entry("09-x", state="skipped", why="no text")]
    html = page_of(nbformat.v4.new_markdown_cell(text), lesson=lessons[0], lessons=lessons)
    links = [link["href"] for link in Page(html.split("<main>")[1].split("</main>")[0]).all("a")]
    assert links == ["../04-sentiment/04-sentiment.html", "https://example.org", "#a"]
    assert "gone, data," in Page(html).text


def test_a_page_leads_to_the_index_and_its_neighbours():
    lessons = [entry("00-a"), entry("01-b", state="skipped", why="no"), entry("02-c"), entry("03-d", state="failed")]
    html = page_of(lesson=lessons[2], lessons=lessons)
    links = [link["href"] for link in Page(html.split("</nav>")[0]).all("a")]
    assert links == ["../00-a/00-a.html", "../index.html", "../03-d/03-d.html"]
    first = Page(page_of(lesson=lessons[0], lessons=lessons).split("</nav>")[0]).all("a")
    assert [link["href"] for link in first] == ["../index.html", "../02-c/02-c.html"]


def manifest(*lessons, **more):
    account = {"read": 5, "kept": 4, "duplicates": 1, "time": "from the ids", "notes": ["2 ids <were> odd"]}
    data = {
        "name": "my <posts>.csv",
        "key": "abc",
        "sha256": "f" * 64,
        "rows": 4000,
        "account": account,
        "sample": False,
    }
    span = {"first": "2017-10-15T01:11:39Z", "last": None, "truth": {"name": "truth.csv", "sha256": "d" * 64}}
    versions = {
        "python": "3.11.7",
        "packages": {"numpy": "2.4"},
        "lexicon": {"package": "lex", "version": "1", "sha256": "e" * 64, "scorer": "S 2"},
    }
    facts = {"input": {**data, **span}, "versions": versions, "git": None, "cite": "Us (2026).", "random_state": 1}
    return {**facts, "whole": True, "lessons": list(lessons), **more}


def test_the_index_leads_to_all_of_it():
    figure = {
        "name": "by-hour",
        "alt": "A <rise>",
        "files": ["figures/by-hour.png", "tables/by-hour.csv"],
        "sample": False,
    }
    html = index_page(
        manifest(
            entry("03-spread", figures=[figure]),
            entry("04-sentiment", state="skipped", why="it needs text"),
            entry("07-topics", state="failed", cell=7, error="KeyError: 'x'"),
        )
    )
    page = Page(html)
    links = [link["href"] for link in page.all("a")]
    for link in ("03-spread/03-spread.html", "03-spread/03-spread.ipynb", "03-spread/tables/by-hour.csv"):
        assert link in links
    assert {"07-topics/07-topics.html", "manifest.json"} <= set(links)
    assert "04-sentiment/04-sentiment.html" not in links
    assert page.all("img")[0]["src"] == "03-spread/figures/by-hour.png"
    assert page.all("img")[0]["alt"] == "A <rise>"
    words = [
        "done in 3 s",
        "skipped: it needs text",
        "failed at cell 7: KeyError: 'x'",
        "my <posts>.csv",
        "4,000 posts",
    ]
    words += ["2017-10-15 01:11:39", "2 ids <were> odd", "Content note", "Us (2026).", "numpy 2.4", "f" * 64, "d" * 64]
    assert [word for word in words if word not in page.text] == []
    assert "interrupted" not in page.text
    assert "invented" not in page.text
    facts = manifest(entry(state="not run", why="the run was interrupted"), whole=False)
    page = Page(index_page({**facts, "input": {**facts["input"], "sample": True}}))
    assert "interrupted before its end" in page.text
    assert "every post of it is invented" in page.text
    assert_offline(html)


def test_results_on_other_data_are_marked_and_are_no_headlines():
    headline = {
        "question": "Which?",
        "value": "this",
        "low": None,
        "high": None,
        "unit": "",
        "note": "",
        "sample": False,
    }
    old = index_page(manifest(entry(input="xyz", headlines=[headline])))
    assert "earlier run on other data" in old
    assert "Which?" not in old
    new = index_page(manifest(entry(headlines=[headline])))
    assert "earlier run on other data" not in new
    assert "Which?" in new


@pytest.mark.parametrize("changed", [True, False])
def test_the_index_says_whether_the_code_was_changed(changed):
    text = Page(index_page(manifest(git={"commit": "c" * 40, "changed": changed}))).text
    assert "c" * 40 in text
    assert ("not committed" in text) == changed
