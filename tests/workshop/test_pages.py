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
    assert not {"script", "link"} & {tag for tag, _ in page.tags}
    for tag, attributes in page.tags:
        for name, value in attributes.items():
            if name in ("src", "srcset", "data", "poster", "background") or (name == "href" and tag != "a"):
                assert not re.match(r"\s*(https?:)?//", value or ""), (tag, name, value)
            assert not name.startswith("on"), (tag, name)
    styles = "".join(re.findall(r"<style[^>]*>(.*?)</style>", html, re.DOTALL))
    assert styles
    assert not re.search(r"url\(|@import", styles)
    policy = page.all("meta")[1]
    assert policy["http-equiv"] == "Content-Security-Policy"
    assert "default-src 'none'" in policy["content"]
    assert "script-src" not in policy["content"]  # default-src holds for scripts as well


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


def test_a_page_shows_prose_code_and_outputs_and_a_picture_with_its_words_size_and_files():
    prose = nbformat.v4.new_markdown_cell("# Spread\n\n| a | b |\n|---|---|\n| 1 | 2 |")
    printed = nbformat.v4.new_output("stream", name="stdout", text="one\n")
    files = ["figures/a-b.png", "figures/a-b.svg", "tables/a-b.csv"]
    ours = {"figure": "a-b", "files": files, "sample": True}
    about = {"image/png": {"alt": 'A "line" & <more>', "width": 800}, "analysis": ours}
    picture = display({"image/png": PIXEL, "text/plain": "[figure]"}, **about)
    said = code("say()", display({"text/markdown": "**7** posts"}), picture, number=4)
    html = page_of(prose, code("x = 1  # a < b", printed, number=3), said)
    page = Page(html)
    assert_offline(html)
    assert page.all("html") == [{"lang": "en"}]
    assert "Lesson 03-spread" in html.split("<title>")[1].split("</title>")[0]
    assert [
        words for words in ("x = 1  # a < b", "one", "[4]", "On the invented sample") if words not in page.text
    ] == []
    assert [words for words in ("<table>", "<strong>7</strong> posts") if words not in html] == []
    assert "[figure]" not in html
    assert {"class": "cell", "id": "cell-3"} in page.all("div")
    image = {"src": f"data:image/png;base64,{PIXEL}", "alt": 'A "line" & <more>', "width": "800"}
    assert page.all("img") == [image]
    assert hrefs(html)[-4:-1] == files


def test_what_data_say_is_shown_and_not_obeyed():
    evil = "<script>alert(1)</script>"
    links = "![x](attachment:x.png) ![y](http://x.example/y.png) [z](javascript:z)"
    outputs = [
        display({"text/markdown": f"the commonest word is {evil}"}),
        display({"text/markdown": f"```mermaid\n{evil}\n```"}),
        display({"text/markdown": links}),
        nbformat.v4.new_output("stream", name="stderr", text=evil),
        nbformat.v4.new_output("execute_result", {"text/plain": evil}, execution_count=1),
        nbformat.v4.new_output("error", ename="E", evalue=evil, traceback=[f"\x1b[31m{evil}\x1b[0m"]),
    ]
    html = page_of(code(f"x = '{evil}'", *outputs))
    assert_offline(html)
    page = Page(html)
    assert page.text.count(evil) == 6
    assert not page.all("img")
    assert "javascript" not in str(page.all("a"))
    assert "\x1b" not in html


def hrefs(html):
    return [link["href"] for link in Page(html).all("a")]


def test_links_among_lessons_lead_to_pages_and_others_lose_their_link():
    text = "[next](04-d.ipynb#a), [gone](03-x.ipynb), [data](../data/README.md), [a](https://example.org) [b](#a)"
    lessons = [entry("00-a"), entry("02-c"), entry("03-x", state="skipped", why="no"), entry("04-d", state="failed")]
    html = page_of(nbformat.v4.new_markdown_cell(text), lesson=lessons[1], lessons=lessons)
    head, main = html.split("<main>")
    assert hrefs(head) == ["../00-a/00-a.html", "../index.html", "../04-d/04-d.html"]
    assert hrefs(main.split("</main>")[0]) == ["../04-d/04-d.html", "https://example.org", "#a"]
    assert "gone, data," in Page(html).text
    assert hrefs(page_of(lesson=lessons[0], lessons=lessons).split("<main>")[0])[0] == "../index.html"


def manifest(*lessons, **more):
    account = {"read": 5, "kept": 4, "duplicates": 1, "time": "from the ids", "notes": ["2 ids <were> odd"]}
    data = {"name": "my <posts>.csv", "key": "abc", "sha256": "f" * 64, "rows": 4000, "account": account}
    data |= {"first": "2017-10-15T01:11:39Z", "last": None, "truth": {"name": "truth.csv", "sha256": "d" * 64}}
    lexicon = {"package": "lex", "version": "1", "sha256": "e" * 64, "scorer": "S 2"}
    versions = {"python": "3.11.7", "packages": {"numpy": "2.4"}, "lexicon": lexicon}
    facts = {"versions": versions, "git": None, "cite": "Us (2026).", "random_state": 1, "whole": True}
    return {**facts, "input": {**data, "sample": False}, "lessons": list(lessons), **more}


def test_the_index_leads_to_all_of_it():
    files = ["figures/by-hour.png", "tables/by-hour.csv"]
    figure = {"name": "by-hour", "alt": "A <rise>", "files": files, "sample": False}
    skipped = entry("04-sentiment", state="skipped", why="it needs text")
    failed = entry("07-topics", state="failed", cell=7, error="KeyError: 'x'")
    html = index_page(manifest(entry("03-spread", figures=[figure]), skipped, failed))
    page, links = Page(html), set(hrefs(html))
    assert_offline(html)
    below = {f"03-spread/{name}" for name in ("03-spread.html", "03-spread.ipynb", *files)}
    assert {*below, "07-topics/07-topics.html", "manifest.json"} <= links
    assert "04-sentiment/04-sentiment.html" not in links
    image = page.all("img")[0]
    assert (image["src"], image["alt"]) == ("03-spread/figures/by-hour.png", "A <rise>")
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


@pytest.mark.parametrize("changed", [True, False])
def test_the_index_says_what_was_not_reached_or_committed_and_that_the_sample_is_invented(changed):
    facts = manifest(entry(state="not run", why="the run was interrupted"), whole=False)
    facts["input"]["sample"] = True
    text = Page(index_page({**facts, "git": {"commit": "c" * 40, "changed": changed}})).text
    for words in ("interrupted before its end", "every post of it is invented", "c" * 40):
        assert words in text
    assert ("not committed" in text) == changed


@pytest.mark.parametrize("key", ["abc", "xyz"])
def test_results_on_other_data_are_marked_and_are_no_headlines(key):
    headline = {"question": "Which?", "value": "this", "low": None, "high": None, "unit": "", "note": ""}
    page = index_page(manifest(entry(input=key, headlines=[{**headline, "sample": False}])))
    assert ("earlier run on other data" in page) == (key == "xyz")
    assert ("Which?" in page) == (key == "abc")
