"""The pages of a run: each lesson as HTML, by nbconvert, and the index that leads to all of it.

A page loads nothing from elsewhere, and a browser is told to refuse to, whatever a lesson shows. So no template is
built on those that come with nbconvert, which load scripts.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

import nbformat
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from nbconvert.exporters import TemplateExporter
from nbconvert.filters.highlight import Highlight2HTML
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from analysis.lesson import answer
from analysis.workshop.progress import ending

_TEMPLATES = Path(__file__).with_name("templates")
#: The kinds of output that a page can show, the richest first.
_SHOWN = ("text/html", "text/markdown", "image/svg+xml", "image/png", "image/jpeg", "text/plain")


def lesson_page(notebook: nbformat.NotebookNode, lesson: Mapping, lessons: Sequence[Mapping]) -> str:
    """Give the page of an executed lesson.

    `lesson` is its entry in the manifest; `lessons` are all entries, for the links among them.
    """
    before, after = neighbours(lesson, lessons)
    exporter = _LessonExporter([other["name"] for other in lessons if has_page(other)])
    resources = {"lesson": dict(lesson), "before": _link(before), "after": _link(after)}
    html, _ = exporter.from_notebook_node(notebook, resources=resources)
    return html


def has_page(lesson: Mapping) -> bool:
    """Tell whether a lesson of the manifest has come far enough to have a page."""
    return lesson["state"] in ("done", "failed")


def neighbours(lesson: Mapping, lessons: Sequence[Mapping]) -> tuple[Mapping | None, Mapping | None]:
    """Give the lessons with a page before and after a lesson."""
    names = {other["name"]: other for other in lessons if has_page(other)}
    before = max((name for name in names if name < lesson["name"]), default=None)
    after = min((name for name in names if name > lesson["name"]), default=None)
    return names.get(before), names.get(after)


def _link(lesson: Mapping | None) -> dict | None:
    return lesson and {"title": lesson["title"], "page": f"../{lesson['name']}/{lesson['name']}.html"}


class _Renderer(IPythonRenderer):
    """Markdown as HTML, without pictures, and with links among lessons alone or to the web."""

    def __init__(self, pages: Sequence[str] = (), *, trusted: bool):
        super().__init__(escape=not trusted, allow_harmful_protocols=False, exclude_anchor_links=True)
        self._pages = pages

    def link(self, text: str, url: str, title: str | None = None) -> str:
        """Point links among notebooks to pages; of other links to files beside the notebook, keep the words alone."""
        if re.match(r"[a-z]+:|#", url):
            return super().link(text, url, title)
        path = Path(url.split("#")[0])
        if path.suffix == ".ipynb" and path.stem in self._pages:
            return super().link(text, f"../{path.stem}/{path.stem}.html", title)
        return text

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """Say what a picture shows: only those that a lesson draws are shown."""
        return escape(text)

    def block_code(self, code: str, info: str | None = None) -> str:
        """Show code as it is written, whatever language it says it is in."""
        return f"<pre><code>{escape(code)}</code></pre>\n"


class _LessonExporter(TemplateExporter):
    """Makes the page of a lesson by our template.

    nbconvert's HTMLExporter would read each page again to mend pictures without words, which a lesson has not: that
    takes three times as long.
    """

    def __init__(self, pages: Sequence[str]):
        self._pages = pages
        super().__init__(
            file_extension=".html",
            template_name="lesson",
            template_file="lesson/lesson.html.j2",
            extra_template_basedirs=[str(_TEMPLATES)],
            extra_loaders=[FileSystemLoader(_TEMPLATES)],
        )

    def default_filters(self):
        """Give the filters of the template: nbconvert's and ours."""
        yield from super().default_filters()
        yield "highlight_code", Highlight2HTML(pygments_lexer="python")
        yield "prose", lambda text: self._markdown(text, trusted=True)
        yield "untrusted_markdown", lambda text: self._markdown(text, trusted=False)
        yield "richest", lambda data: next((kind for kind in _SHOWN if kind in data), None)
        yield "as_base64", lambda text: b64encode(text.encode()).decode()
        yield "one_line", lambda text: "".join(text.split())
        yield "suffix", _suffix
        yield "ending", ending

    def _markdown(self, text: str, *, trusted: bool) -> str:
        """Give Markdown as HTML. What a lesson says of data is not trusted: HTML in it is shown, not obeyed."""
        return MarkdownWithMath(renderer=_Renderer(self._pages, trusted=trusted)).render(text)

    def _create_environment(self):
        environment = super()._create_environment()
        environment.autoescape = environment.trim_blocks = environment.lstrip_blocks = True
        return environment


def _suffix(path: str) -> str:
    """Name a file by its ending: SVG, PNG, CSV."""
    return Path(path).suffix[1:].upper()


def headlines_of(manifest: Mapping) -> list[dict]:
    """Give the headlines of a run's lessons in their order, each with the name and title of its lesson.

    Lessons that an earlier run did on other data are left out.
    """
    lessons = [lesson for lesson in manifest["lessons"] if lesson["input"] == manifest["input"]["key"]]
    return [
        {"lesson": lesson["name"], "title": lesson["title"], **headline}
        for lesson in lessons
        for headline in lesson["headlines"]
    ]


def index_page(manifest: Mapping) -> str:
    """Give the page that leads to all that a run has made; it begins with the headlines."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    environment.filters |= {"answer": answer, "suffix": _suffix, "has_page": has_page, "ending": ending}
    environment.filters["time"] = lambda time: (time or "").rstrip("Z").replace("T", " ")
    headlines = headlines_of(manifest)
    return environment.get_template("index.html.j2").render(
        **manifest,
        headlines=[headline for headline in headlines if not headline["sample"]],
        tried=[headline for headline in headlines if headline["sample"]],
        on_sample=[lesson for lesson in manifest["lessons"] if any(fig["sample"] for fig in lesson["figures"])],
        facts=_provenance(manifest),
    )


def _provenance(manifest: Mapping) -> dict[str, str]:
    """Give the facts that a reader needs to get the same results again."""
    data, versions, git = manifest["input"], manifest["versions"], manifest["git"]
    account = data["account"]
    changed = {True: ", with changes that were not committed", False: "", None: ""}
    return {
        "Input": f"{data['name']}, SHA-256 {data['sha256']}",
        **({"Planted": "{name}, SHA-256 {sha256}".format(**data["truth"])} if data["truth"] else {}),
        "Read": f"{account['read']:,} rows read, {account['kept']:,} kept, {account['duplicates']:,} duplicates "
        f"dropped; times {account['time']}",
        **({"Notes": "; ".join(account["notes"])} if account["notes"] else {}),
        "Random state": str(manifest["random_state"]),
        "Code": f"commit {git['commit']}{changed[git['changed']]}" if git else "not under git",
        "Versions": ", ".join(f"{name} {version}" for name, version in versions["packages"].items()),
        "Python": versions["python"],
        "Lexicon": "{package} {version}, SHA-256 {sha256}, scored by {scorer}".format(**versions["lexicon"]),
    }
