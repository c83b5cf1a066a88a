"""Mastodon's statuses, and those of its kin that speak the same interface: one a line, in lists, threads or searches.

A status is named by its URI, and an account by the address of its page: their numbers are those of the server that was
asked, so that another server gives the same ones to others.
"""

from analysis.collect.formats import Refused, Source, dig, first
from analysis.collect.formats._mend import from_html

_COUNTS = {"likes": "favourites_count", "reposts": "reblogs_count", "replies": "replies_count"}
# What the interface gives around statuses: a thread (without the one that was asked for), and a search.
_THREAD = {"ancestors", "descendants"}
_SEARCH = {"accounts", "statuses", "hashtags"}


def recognise(record):
    """Tell a status, a thread or the result of a search; the latter have just the keys of the interface."""
    if not isinstance(record, dict):
        return False
    if set(record) in (_THREAD, _SEARCH):
        return True
    return isinstance(record.get("uri"), str) and isinstance(record.get("account"), dict) and "content" in record


def rows(record):
    """Give the row of a status, or those of a thread or a search.

    Whoever logs in also gets what was meant for followers or for one reader: that is refused.
    """
    if set(record) in (_THREAD, _SEARCH):
        yield from _several(record)
    else:
        yield _row(record)


def _several(record):
    statuses = [status for name in ("ancestors", "statuses", "descendants") for status in record.get(name) or ()]
    if not statuses:
        yield Refused("a thread or a search without statuses")
    uris = {status["id"]: status["uri"] for status in statuses if recognise(status) and "id" in status}
    top = next(iter(record.get("ancestors") or ()), None)
    root = top["uri"] if recognise(top) and not top.get("in_reply_to_id") else None
    for status in statuses:
        yield _row(status, uris, root) if recognise(status) else Refused("no status where one should be")


def _row(status, uris=None, root=None):
    """Give the row of a status; `uris` holds those of the thread by number, the only name of a status replied to."""
    boosted, quote = status.get("reblog"), status.get("quote")
    if any(part.get("visibility") in ("private", "direct") for part in (status, boosted or {})):
        return Refused("not public")
    head = boosted or status
    raw = head.get("content") or ""
    parents = {
        "repost": dig(boosted, "uri"),
        "reply": (uris or {}).get(status.get("in_reply_to_id")),
        "quote": first(quote, "quoted_status.uri", "uri"),
    }
    replies, quotes = status.get("in_reply_to_id"), isinstance(quote, dict)
    kind = "repost" if boosted else "reply" if replies else "quote" if quotes else "original"
    alone = None if head.get("in_reply_to_id") else head["uri"]
    text = from_html(raw)
    return {
        "post_id": status["uri"],
        "created_at": status.get("created_at"),
        "author": first(status, "account.url", "account.acct"),
        "text": text or None,
        "lang": head.get("language"),
        "kind": kind,
        "parent_id": parents.get(kind),
        "root_id": alone or root,
        **{name: status.get(field) for name, field in _COUNTS.items()},
        **({"mended": ("HTML",)} if text != raw else {}),
    }


SOURCE = Source(
    name="mastodon",
    title="Mastodon statuses, JSON (lines, timelines, threads, searches)",
    platform="mastodon",
    container="json",
    recognise=recognise,
    rows=rows,
)
