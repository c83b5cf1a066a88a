"""A page to browse topics: one file that needs no network and no script."""

from __future__ import annotations

from html import escape
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.privacy import quote
from analysis.schema import InputError, write_atomically
from analysis.topics.model import NONE

#: What stands first on the page.
NOTE = (
    "The posts behind these topics may tell of harassment and assault. What happened is named by a word and never "
    "depicted. If this subject is close to you: take the time that you need. In the US, RAINN answers at "
    "800-656-4673 and online.rainn.org; elsewhere, findahelpline.com lists who does."
)


def page(
    sizes: pd.DataFrame,
    words: pd.DataFrame,
    *,
    names: pd.DataFrame | None = None,
    over_time: pd.DataFrame | None = None,
    stability: pd.DataFrame | None = None,
    examples: pd.DataFrame | None = None,
    title: str = "Topics",
    note: str = NOTE,
) -> str:
    """Give a page to browse topics.

    Parameters
    ----------
    sizes : DataFrame
        As :func:`analysis.topics.sizes` gives it; a section a row, in this order.
    words : DataFrame
        As ``Topics.top_words`` gives it, which gives no word that few people used.
    names : DataFrame, optional
        ``topic`` and ``name``, what people call it.
    over_time, stability : DataFrame, optional
        As the functions of these names give them. All topics are drawn to one scale, and none to its own.
    examples : DataFrame, optional
        As :func:`analysis.topics.examples` gives them, or ``topic`` beside what :func:`analysis.privacy.quote` needs.
        Only invented posts are shown.
    title, note : str
        `note` stands before all else; without one, nothing does.

    Returns
    -------
    str
        HTML, whole in itself, without a script: nothing is fetched, and a browser is told to refuse such things.

    Raises
    ------
    ValueError
        Where there is no topic.
    PrivacyError
        If one of the examples may be a real person's post.
    """
    if sizes.empty:
        raise ValueError("there is nothing to browse: the table of sizes has no rows")
    if examples is not None:
        quote(examples, 0)  # all of them, or none
    called = {} if names is None else dict(zip(names["topic"], names["name"].astype(object), strict=True))
    places = {topic: f"t{i}" for i, topic in enumerate(sizes["topic"], start=1)}
    parts = {"words": words, "over_time": over_time, "stability": stability, "examples": examples}
    sections, ends = [], {} if over_time is None else over_time.groupby(over_time["topic"] == NONE)["high"].max()
    for row in sizes.to_dict("records"):
        own = {key: None if t is None else t[t["topic"] == row["topic"]] for key, t in parts.items()}
        sections.append(_section(row, own, called, places, ends.get(row["topic"] == NONE, np.nan)))
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    style = Path(__file__).with_name("topic_page.css").read_text(encoding="utf-8")
    listed = "".join(
        f'<li><a href="#{place}">{escape(_name(topic, called))}</a></li>' for topic, place in places.items()
    )
    return "\n".join(
        [
            '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(title)}</title>\n<style>\n{style}</style>\n</head>\n<body>",
            '<a class="skip" href="#topics">To the topics</a>\n<header>',
            f'<p class="note"><strong>Content note.</strong> {escape(note)}</p>' if note else "",
            f"<h1>{escape(title)}</h1>",
            '<p class="quiet">A topic is a set of words that stand together more often than chance would have it; what '
            "it is about is said by people. Intervals (95%) tell how a share would move with other authors.</p>",
            f'</header>\n<nav aria-label="Topics"><ul>{listed}</ul></nav>',
            '<main id="topics">',
            *sections,
            "</main>\n</body>\n</html>\n",
        ]
    )


def browse(path: str | Path, *tables: pd.DataFrame, **more) -> Path:
    """Write a page to browse topics, whole or not at all.

    Parameters
    ----------
    path : str or Path
        Ends in .html, in a folder that is there; else an InputError is raised.
    *tables, **more
        As for :func:`page`, which says what else is raised.
    """
    path = Path(path)
    if path.suffix != ".html":
        raise InputError(f"{path}: a page is written as .html; choose this ending")
    if not path.parent.is_dir():
        raise InputError(f"{path}: there is no folder {path.parent}; make it first")
    content = page(*tables, **more).encode("utf-8", "replace")
    with write_atomically(path) as beside:
        beside.write_bytes(content)
    return path


def _name(topic, called):
    name = called.get(topic)
    return str(topic) if name is None or pd.isna(name) or name == topic else f"{topic}: {name}"


def _section(row, own, called, places, top):
    topic = row["topic"]
    share = "Its share is hidden: fewer than ten people wrote of it, or it would give such a topic away."
    if not pd.isna(row["share"]):
        share = f"{row['share']:.1%} of posts ({row['low']:.1%} to {row['high']:.1%}), {int(row['posts']):,} posts."
    if own["stability"] is not None and len(own["stability"]):
        steady = own["stability"].iloc[0]
        share += f" It came back in {steady['back']} of {steady['fits']} fits to other draws of the texts."
    left, right = _words(own["words"]), _over_time(own["over_time"], top)
    left = '<p class="quiet">This is no topic: it has no words of its own.</p>' if topic == NONE else left
    texts = [] if own["examples"] is None else own["examples"]["text"].dropna().astype(str)
    quotes = "".join(f"<blockquote>{escape(text)}</blockquote>" for text in texts)
    return "\n".join(
        [
            f'<section id="{places[topic]}" aria-labelledby="{places[topic]}h">',
            f'<h2 id="{places[topic]}h">{escape(_name(topic, called))}</h2>\n<p>{escape(share)}</p>',
            f'<div class="two"><div>{left}</div><div>{right}</div></div>',
            f"<h3>Typical posts, all invented</h3>{quotes}" if quotes else "",
            "</section>",
        ]
    )


def _words(table):
    """Give the top words as a table with bars."""
    if table.empty:
        return '<p class="quiet">No word of it may be shown.</p>'
    rows = "".join(
        f'<tr><th scope="row">{escape(str(word))}</th><td><svg viewBox="0 0 100 9" preserveAspectRatio="none" '
        f'aria-hidden="true"><rect x="0" y="0.5" width="{100 * weight:.1f}" height="8"/></svg></td>'
        f'<td class="number">{weight:.0%}</td></tr>'
        for word, weight in zip(table["word"], table["weight"], strict=True)
    )
    head = '<thead><tr><th scope="col">word</th><th scope="col">share of its texts</th><td></td></tr></thead>'
    return f"<table>{head}<tbody>{rows}</tbody></table>"


def _over_time(table, top):
    """Draw the share over time with its interval; it breaks where nothing is known."""
    if table is None or table.empty or not top > 0 or table["share"].isna().all():
        return "" if table is None else '<p class="quiet">Its share over time cannot be shown.</p>'
    start, share = table["start"], table["share"].to_numpy(float)
    x = 34 + 276 * (np.arange(len(table)) + 0.5) / len(table)
    low, mid, high = (100 - 88 * table[name].to_numpy(float) / top for name in ("low", "share", "high"))
    known, drawn = np.flatnonzero(~np.isnan(share)), []
    for run in np.split(known, np.flatnonzero(np.diff(known) > 1) + 1):
        upper = [f"{x[i]:.1f},{high[i]:.1f}" for i in run]
        lower = [f"{x[i]:.1f},{low[i]:.1f}" for i in run[::-1]]
        if len(run) == 1:
            i = run[0]
            drawn.append(f'<path class="line" d="M{x[i]:.1f} {high[i]:.1f}V{low[i]:.1f}"/>')
            drawn.append(f'<circle class="dot" cx="{x[i]:.1f}" cy="{mid[i]:.1f}" r="3"/>')
        else:
            drawn.append(f'<polygon class="band" points="{" ".join([*upper, *lower])}"/>')
            points = " ".join(f"{x[i]:.1f},{mid[i]:.1f}" for i in run)
            drawn.append(f'<polyline class="line" points="{points}"/>')
    form = "%d %b %Y" if start.eq(start.dt.normalize()).all() else "%d %b %Y %H:%M"
    first, last, peak = (start.iloc[i].strftime(form) for i in (0, -1, int(np.nanargmax(share))))
    caption = f"Share over time, in stretches that begin from {first} to {last}; largest in that of {peak}: "
    caption += f"{np.nanmax(share):.0%}."
    zone = escape(str(pd.DatetimeIndex(start).tz))
    more = f"Band: 95% interval; gaps: nothing known, or hidden. {zone}."
    more += " Drawn to a scale of its own." if table["topic"].iloc[0] == NONE else ""
    return (
        f'<figure><svg viewBox="0 0 320 118" role="img" aria-label="{escape(caption)}">{"".join(drawn)}'
        f'<path class="axis" d="M34 100H310M34 100V10"/><text x="30" y="16" text-anchor="end">{top:.0%}</text>'
        f'<text x="30" y="103" text-anchor="end">0</text><text x="34" y="114">{first[:11]}</text>'
        f'<text x="310" y="114" text-anchor="end">{last[:11]}</text></svg>'
        f"<figcaption>{escape(caption)} {more}</figcaption></figure>"
    )
