"""The CSV that twarc-csv makes of Twitter's API v2: 84 columns, or those of them that somebody chose."""

import json

from analysis.collect.formats import Source

_AUTHOR = ("author_id", "author.id", "author.username")
_OWN = ("referenced_tweets.replied_to.id", "public_metrics.like_count", "author.username", "__twarc.version")
_KINDS = {"retweeted": "repost", "replied_to": "reply", "quoted": "quote"}


def recognise(names):
    """Tell the header: ``id``, ``text``, one that names the author, and one with a name that twarc-csv alone gives."""
    return {"id", "text"} <= set(names) and any(n in names for n in _AUTHOR) and any(n in names for n in _OWN)


def rows(record):
    """Give the row of a tweet.

    Of a repost the file has the text and the counts of the reposted tweet, which it does not say: these counts are left
    out, or they would be counted with every repost.
    """
    old = "referenced_tweets" in record
    packed = record["id"].startswith('"')
    record = {name: _unpacked(value) if packed else value for name, value in record.items() if name is not None}
    kind, parent = _reference(record, _listed(record["referenced_tweets"]) if old else _columns(record))
    text = _unpacked(record["text"]) if old and not packed else record["text"]
    whole = text.replace(r"\n", "\n") if text == record["text"] and not packed else text
    counts = {name: (record.get(f"public_metrics.{name}_count") or "").removesuffix(".0") for name in ("like", "reply")}
    yield {
        "post_id": record["id"],
        "created_at": record.get("created_at"),
        "author": _first(record, *_AUTHOR),
        "text": whole,
        "lang": record.get("lang"),
        "kind": kind,
        "parent_id": parent,
        "root_id": {None: None, "repost": parent}.get(kind, record.get("conversation_id")),
        "likes": None if kind == "repost" else counts["like"],
        "reposts": (record.get("public_metrics.retweet_count") or "").removesuffix(".0"),
        "replies": None if kind == "repost" else counts["reply"],
        "mended": ("escaped line ends",) if whole != text else (),
    }


def _columns(record):
    """Give the ids to which a tweet refers, by the kind of reference; None where not all columns for them are there."""
    names = {name: f"referenced_tweets.{name}.id" for name in _KINDS}
    return {name: record[at] for name, at in names.items()} if set(names.values()) <= set(record) else None


def _listed(value):
    """Do so for the first versions, which had them in one column as a JSON list."""
    try:
        told = json.loads(value) if value else []
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return {one["type"]: one["id"] for one in told}


def _reference(record, told):
    """Tell kind and parent; where there is no reference, the conversation is its own in an original only."""
    if told is None:
        return None, None
    for name, kind in _KINDS.items():
        if told.get(name):
            return kind, told[name]
    post, conversation = record["id"], record.get("conversation_id")
    if not conversation:
        return "original", None
    if not (post.isdigit() and conversation.isdigit()):  # a spreadsheet has rounded them
        return None, None
    return ("original" if conversation == post else "reply"), None


def _unpacked(value):
    """Undo a text that was written as JSON (twarc-csv's choice ``--json-encode-all``), else give it as it is."""
    if not value or value[0] != '"' or value[-1] != '"':
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _first(record, *names):
    """Take the first value that is there: the names have dots in them, so the shared ``first`` does not find them."""
    return next((record[name] for name in names if record.get(name)), None)


SOURCE = Source(
    name="twarc-csv",
    title="CSV of twarc 2 (twarc-csv)",
    platform="twitter",
    container="csv",
    recognise=recognise,
    rows=rows,
)
