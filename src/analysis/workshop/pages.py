"""The pages of a run: each lesson as HTML, and the index that leads to all of it.

A page needs nothing but its own file and, on the index, the pictures beside it: no script, no font and no picture is
fetched from anywhere, and a browser is told to refuse such things, whatever a lesson shows.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

import mistune
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_LINK = re.compile(r'<a href="(?![a-z]+:|#)([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
_CODE = HtmlFormatter(style="vs", nowrap=True)
_POLICY = "default-src 'none'; img-src 'self' data: file:; style-src 'unsafe-inline'"
_PLUGINS = ["table", "strikethrough", "footnotes", "url"]
_SHOWN = ("text/html", "text/markdown", "image/svg+xml", "image/png", "image/jpeg", "text/plain")


def lesson_page(notebook: Mapping, lesson: Mapping, lessons: Sequence[Mapping]) -> str:
    """Give the page of an executed lesson.

    Parameters
    ----------
    notebook : nbformat.NotebookNode or dict
        With its outputs, as far as it came.
    lesson : dict
        Its entry in the manifest.
    lessons : sequence of dict
        All entries, for the links to the lessons before and after, and among lessons.

    Returns
    -------
    str
        HTML.
    """
    pages = [other["name"] for other in lessons if has_page(other)]
    cells = [_cell(cell, pages) for cell in notebook["cells"]]
    links = _links(lesson["name"], [other for other in lessons if has_page(other) or other["name"] == lesson["name"]])
    notice = f'<p class="notice">{escape(_failure(lesson))}</p>' if lesson["state"] == "failed" else ""
    body = [f"<nav>{links}</nav>", notice, "<main>", *cells, "</main>", f'<nav class="foot">{links}</nav>']
    return _page(lesson["title"], body)


def has_page(lesson: Mapping) -> bool:
    """Tell whether a lesson of the manifest has come far enough to have a page."""
    return lesson["state"] in ("done", "failed")


def _failure(lesson: Mapping) -> str:
    where = f" at cell {lesson['cell']}" if lesson["cell"] else ""
    return f"This lesson failed{where}: {lesson['error']}"


def _links(name: str, lessons: Sequence[Mapping]) -> str:
    """Link the lesson before, the index and the lesson after."""
    place = [other["name"] for other in lessons].index(name)
    before = [_anchor(other, "← {}") for other in lessons[:place]][-1:] or ["<span></span>"]
    after = [_anchor(other, "{} →") for other in lessons[place + 1 :]][:1] or ["<span></span>"]
    return "".join([*before, '<a href="../index.html">All lessons</a>', *after])


def _anchor(lesson: Mapping, text: str) -> str:
    return f'<a href="../{lesson["name"]}/{lesson["name"]}.html">{escape(text.format(lesson["title"]))}</a>'


def _linked(html: str, pages: Sequence[str]) -> str:
    """Point links among notebooks to pages; of other links to files beside the notebook, keep the words alone."""

    def mend(match: re.Match) -> str:
        path = Path(match[1].split("#")[0])
        if path.suffix == ".ipynb" and path.stem in pages:
            return f'<a href="../{path.stem}/{path.stem}.html">{match[2]}</a>'
        return match[2]

    return _LINK.sub(mend, html)


def _cell(cell: Mapping, pages: Sequence[str]) -> str:
    if cell["cell_type"] == "markdown":
        return f'<div class="text">{_linked(_markdown(cell["source"]), pages)}</div>'
    if cell["cell_type"] != "code" or not cell["source"].strip():
        return ""
    code = f'<pre tabindex="0"><code>{highlight(cell["source"], PythonLexer(), _CODE)}</code></pre>'
    outputs = "".join(_output(output) for output in cell["outputs"])
    number = cell.get("execution_count")
    if number is None:  # it was never reached
        return f'<div class="cell"><div class="source">{code}</div>{outputs}</div>'
    source = f'<div class="source"><span class="prompt">[{number}]</span>{code}</div>'
    return f'<div class="cell" id="cell-{number}">{source}{outputs}</div>'


def _markdown(text: str, *, trusted: bool = True) -> str:
    """Give Markdown as HTML. What a lesson says of data is not trusted: HTML in it is shown, not obeyed."""
    return mistune.create_markdown(escape=not trusted, plugins=_PLUGINS)(text)


def _output(output: Mapping) -> str:
    if output["output_type"] == "stream":
        return _text(output["text"], "stderr" if output["name"] == "stderr" else "stdout")
    if output["output_type"] == "error":
        return _text("\n".join(output["traceback"]) or f"{output['ename']}: {output['evalue']}", "error")
    data, about = output["data"], output.get("metadata", {})
    kind = next((kind for kind in _SHOWN if kind in data), None)
    if kind is None:
        return ""
    if kind.startswith("image/"):
        return f'<div class="output">{_figure(kind, data[kind], about)}</div>'
    if kind == "text/html":
        return f'<div class="output scrolls" tabindex="0">{data[kind]}</div>'
    if kind == "text/markdown":
        return f'<div class="output">{_markdown(data[kind], trusted=False)}</div>'
    return _text(data[kind], "result")


def _text(text: str, kind: str) -> str:
    return f'<div class="output"><pre class="{kind}" tabindex="0">{escape(_ANSI.sub("", text))}</pre></div>'


def _figure(kind: str, data: str, about: Mapping) -> str:
    """Show a picture, with links to its files where they were kept."""
    size = "".join(f' {side}="{about[kind][side]}"' for side in ("width", "height") if side in about.get(kind, {}))
    alt = escape(about.get(kind, {}).get("alt", ""))
    encoded = b64encode(data.encode()).decode() if kind == "image/svg+xml" else "".join(data.split())
    files = _files(about.get("analysis", {}).get("files", []))
    caption = f"<figcaption>{files}</figcaption>" if files else ""
    return f'<figure><img src="data:{kind};base64,{encoded}" alt="{alt}"{size}>{caption}</figure>'


def _files(paths: Sequence[str], folder: str = "") -> str:
    """Link files by their endings: SVG, PNG, CSV."""
    return " · ".join(f'<a href="{folder}{path}">{Path(path).suffix[1:].upper()}</a>' for path in paths)


def index_page(manifest: Mapping) -> str:
    """Give the page that leads to all that a run has made.

    Parameters
    ----------
    manifest : dict
        As in ``manifest.json``.

    Returns
    -------
    str
        HTML.
    """
    lessons = [_entry(lesson, manifest["input"]) for lesson in manifest["lessons"]]
    notice = "" if manifest["whole"] else '<p class="notice">This run was interrupted before its end.</p>'
    body = [
        "<main><h1>What the lessons found</h1>",
        f"<p>{_summary(manifest['input'])}</p>{notice}",
        "<p><strong>Content note.</strong> These pages are about sexual harassment and assault, and about what people "
        "said of them in public. Nothing graphic is shown, and nobody's name. In the US, RAINN answers at "
        "800-656-4673 and online.rainn.org; elsewhere, findahelpline.com lists who does.</p>",
        *lessons,
        "<h2>How to cite</h2>",
        f"<p>{escape(manifest['cite'])}</p><p>Cite the data by their own publication, as well.</p>",
        "<h2>What this was made with</h2>",
        _facts(_provenance(manifest)),
        '<p>All of it, with the SHA-256 of each file: <a href="manifest.json">manifest.json</a></p></main>',
    ]
    return _page("What the lessons found", body)


def _summary(data: Mapping) -> str:
    first, last = ((data[end] or "").rstrip("Z").replace("T", " ") for end in ("first", "last"))
    span = f", from {first} to {last} UTC" if first else ""
    sample = " (the sample that is shipped; every post of it is invented)" if data["sample"] else ""
    return f"The data are <strong>{escape(data['name'])}</strong>{sample}: {data['rows']:,} posts{span}."


def _entry(lesson: Mapping, data: Mapping) -> str:
    """Give one lesson of the index: its state, figures and tables."""
    folder, title = f"{lesson['name']}/", escape(lesson["title"])
    heading = f'<a href="{folder}{lesson["name"]}.html">{title}</a>' if has_page(lesson) else title
    notebook = f' · <a href="{folder}{lesson["name"]}.ipynb">notebook</a>' if has_page(lesson) else ""
    older = "" if lesson["input"] == data["key"] else " · from an earlier run on other data"
    state = f'<p class="state {lesson["state"].split()[0]}">{escape(_state(lesson))}{older}{notebook}</p>'
    pictures = "".join(_thumbnail(figure, lesson["name"]) for figure in lesson["figures"])
    grid = f'<div class="thumbnails">{pictures}</div>' if pictures else ""
    return f'<section class="lesson"><h3>{escape(lesson["name"][:2])} · {heading}</h3>{state}{grid}</section>'


def _state(lesson: Mapping) -> str:
    if lesson["state"] == "failed":
        return _failure(lesson)
    if lesson["state"] == "done":
        return f"done in {lesson['seconds']:.0f} s"
    return f"{lesson['state']}: {lesson['why']}"


def _thumbnail(figure: Mapping, lesson: str) -> str:
    alt, page = escape(figure["alt"]), f"{lesson}/{lesson}.html"
    picture = f'<img src="{lesson}/figures/{figure["name"]}.png" alt="{alt}" loading="lazy">'
    name = escape(figure["name"].replace("-", " "))
    files = _files(figure["files"], f"{lesson}/")
    return f'<figure><a href="{page}">{picture}</a><figcaption>{name}: {files}</figcaption></figure>'


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
        "Seed": str(manifest["seed"]),
        "Code": f"commit {git['commit']}{changed[git['changed']]}" if git else "not under git",
        "Versions": ", ".join(f"{name} {version}" for name, version in versions["packages"].items()),
        "Python": versions["python"],
        "Lexicon": "{package} {version}, SHA-256 {sha256}, scored by {scorer}".format(**versions["lexicon"]),
    }


def _facts(facts: Mapping[str, str]) -> str:
    rows = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td>{escape(value)}</td></tr>' for name, value in facts.items()
    )
    return f'<table class="facts">{rows}</table>'


def _page(title: str, body: Sequence[str]) -> str:
    style = Path(__file__).with_name("page.css").read_text(encoding="utf-8") + _CODE.get_style_defs(".source")
    head = [
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(title)}</title>\n<style>\n{style}</style>\n</head>\n<body>",
    ]
    return "\n".join([*head, *(part for part in body if part), "</body>\n</html>\n"])
