"""Reddit as Pushshift's archives have it: a comment or a submission a line.

Ids are full names (``t1_`` a comment, ``t3_`` a submission), because a comment and a submission may share the bare one.
The author is the handle: on Reddit it cannot be changed, and the account's number is missing before 2018, so that it
would cut a person in two.
"""

import html
import re

from analysis.collect.formats import Refused, Source, first

_GONE = re.compile(r"\[\s*(?:deleted|removed)(?: by (?:user|reddit|moderators?))?\s*\]", re.IGNORECASE)
_BARE = re.compile(r"[0-9a-z]{1,13}")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def recognise(record):
    """Tell a comment or a submission."""
    if not isinstance(record, dict) or "subreddit" not in record or "created_utc" not in record:
        return False
    return any(name in record for name in ("body", "title", "selftext"))


def rows(record):
    """Give the row of a comment (a reply) or a submission (an original, or, as a crosspost, a quote).

    What its author took back after the archive had it is refused too. A score that is hidden, or below zero, is no
    count of likes.
    """
    comment = "link_id" in record or "title" not in record
    words = [record.get("body")] if comment else [record.get("title"), record.get("selftext")]
    if any(isinstance(part, str) and _GONE.fullmatch(part.strip()) for part in words):
        yield Refused("deleted or removed")
        return
    if record.get("removed_by_category") in ("author", "deleted"):
        yield Refused("taken back by its author")
        return
    raw = "\n\n".join(part for part in words if part and part.strip())
    text = _shown(raw)
    root = _full_name("t3_", record.get("link_id"))
    shared = _full_name("t3_", record.get("crosspost_parent"))
    post = _full_name("t1_" if comment else "t3_", first(record, "name", "id"))
    score = None if record.get("score_hidden") else record.get("score")
    author = record.get("author")
    yield {
        "post_id": post,
        "created_at": record.get("created_utc"),
        "author": None if _GONE.fullmatch(author or "") else author,
        "text": text or None,
        "kind": "reply" if comment else "quote" if shared else "original",
        "parent_id": _parent(record, root) if comment else shared,
        "root_id": root if comment else post,
        "likes": None if isinstance(score, int | float) and score < 0 else score,
        "replies": record.get("num_comments"),
        **({"mended": ("HTML",)} if text != raw else {}),
    }


def _full_name(prefix, name):
    """Put the kind before a bare id; what is neither bare nor of that kind is none."""
    if not isinstance(name, str):
        return None
    bare = name.strip().lower().removeprefix(prefix)
    return prefix + bare if _BARE.fullmatch(bare) else None


def _parent(record, root):
    """Read the parent of a comment.

    From 2022 on the archive has numbers for comments, and nothing right below the submission. Of a bare id in letters
    nobody can tell whether it names a comment or a submission.
    """
    parent = record.get("parent_id", "")
    if parent is None:
        return root
    if type(parent) is int and 0 < parent < 2**63:
        return "t1_" + _base_36(parent)
    prefix = str(parent)[:3]
    return _full_name(prefix, parent) if prefix in ("t1_", "t3_") else None


def _base_36(number):
    """Write a number as Reddit does."""
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits


def _shown(text):
    """Undo what the interface escapes, and then what the writer escaped for Markdown, as a reader sees it."""
    if "&" not in text:
        return text
    return html.unescape(html.unescape(text)).replace("\u200b", "").strip()


SOURCE = Source(
    name="reddit",
    title="Reddit comments and submissions, JSON lines (Pushshift), `.zst` too",
    platform="reddit",
    container="json",
    recognise=recognise,
    rows=rows,
)
