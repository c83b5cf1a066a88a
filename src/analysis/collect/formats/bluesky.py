"""Bluesky: posts as the interface shows them, alone, in feeds, searches and threads, and commits of the stream.

``createdAt`` is what the writer's client claims: an archive of another network carries its old times with it. So it
counts only where the network saw the post within a day after it; else the time counts at which the network saw it.
"""

from analysis.collect.formats import Refused, Source, dig, first
from analysis.collect.times import MISSING, UNREADABLE, read_time

_POST, _REPOST = "app.bsky.feed.post", "app.bsky.feed.repost"
_COUNTS = {"likes": "likeCount", "reposts": "repostCount", "replies": "replyCount"}
# What holds posts in pages and threads: one, or several.
_ONE, _LISTS = ("parent", "post", "thread", "value"), ("feed", "posts", "records", "thread", "replies")
_DAY = 86_400 * 10**6


def recognise(record):
    """Tell a post, an item of a feed, a thread, a page of any of them (its first entry decides), or an event."""
    if not isinstance(record, dict):
        return False
    if _is_event(record) or _is_node(record):
        return True
    if isinstance(record.get("thread"), dict):
        return _is_node(record["thread"])
    parts = next((record[name] for name in _LISTS if isinstance(record.get(name), list)), ())
    return len(parts) > 0 and _is_node(parts[0])


def rows(record):
    """Give the rows of all posts in a record, threads in their order, and of a feed's reposts that have an id."""
    if _is_event(record):
        yield _from_event(record)
        return
    waiting = [record]
    while waiting:
        part = waiting.pop()
        if not isinstance(part, dict):
            yield Refused("no post where one should be")
        elif _is_view(part):
            yield _from_view(part)
        elif part.get("notFound") or part.get("blocked"):
            yield Refused("a post of a thread that is deleted, or hidden from who asked")
        else:
            inner = [part[name] for name in _ONE if isinstance(part.get(name), dict)]
            inner += [piece for name in _LISTS if isinstance(part.get(name), list) for piece in part[name]]
            if isinstance(dig(part, "reason.by"), dict):
                yield _from_reason(part)
            elif not inner:
                yield Refused("no post")
            waiting += reversed(inner)


def _is_view(part):
    """Tell a post as the interface shows it, or as a repository lists it."""
    listed = dig(part, "value.$type") == _POST
    return str(part.get("uri")).startswith("at://") and (listed or isinstance(part.get("record"), dict))


def _is_node(part):
    """Tell what may stand in a list or a thread: a post, what wraps one, or what is left of one."""
    if not isinstance(part, dict):
        return False
    for wrapped in (part.get("post"), dig(part, "value.post")):
        if isinstance(wrapped, dict):
            return _is_view(wrapped)
    gone = part.get("notFound") is True or part.get("blocked") is True
    return _is_view(part) or (gone and str(part.get("uri")).startswith("at://"))


def _is_event(record):
    return str(record.get("did")).startswith("did:") and "time_us" in record


def _from_view(view):
    """Give the row of a post with what the network knows of it, or of the bare record as a repository lists it."""
    record = view["record"] if isinstance(view.get("record"), dict) else view["value"]
    if record.get("$type", _POST) != _POST:
        return Refused("a like, a follow or another thing that is no post")
    counts = {name: view.get(field) for name, field in _COUNTS.items()}
    author = first(view, "author.did", "author.handle") or view["uri"].split("/")[2]
    return {**_words(view["uri"], record), **_time(record, view.get("indexedAt")), "author": author, **counts}


def _from_reason(item):
    """Give the row of the repost for which a feed shows a post."""
    post, reason = item["post"], item["reason"]
    if not reason.get("uri"):
        return Refused("a repost without an id of its own")
    words = _words(post["uri"], post["record"])
    return {
        "post_id": reason["uri"],
        "created_at": reason.get("indexedAt"),
        "author": first(reason, "by.did", "by.handle"),
        "text": words["text"],
        "lang": words["lang"],
        "kind": "repost",
        "parent_id": post["uri"],
        "root_id": words["root_id"],
    }


def _from_event(event):
    """Give the row of a post or a repost out of a commit of the stream."""
    commit = event.get("commit")
    if not isinstance(commit, dict):
        return Refused("news of an account, not a post")
    if commit.get("collection") not in (_POST, _REPOST):
        return Refused("a like, a follow or another thing that is no post")
    record = commit.get("record")
    if not isinstance(record, dict):
        return Refused("a deletion, not a post")
    uri = f"at://{event['did']}/{commit['collection']}/{commit['rkey']}"
    if commit["collection"] == _POST:
        words = _words(uri, record)
    else:
        words = {"post_id": uri, "kind": "repost", "parent_id": record["subject"]["uri"]}
    return {**words, **_time(record, event["time_us"]), "author": event["did"]}


def _words(uri, record):
    """Take from a post's record what it says itself."""
    parent = dig(record, "reply.parent.uri")
    quoted = first(record, "embed.record.record.uri", "embed.record.uri")
    quoted = quoted if f"/{_POST}/" in str(quoted) else None
    langs = record.get("langs")
    return {
        "post_id": uri,
        "text": record.get("text") or None,
        "lang": langs[0] if isinstance(langs, list) and langs else None,
        "kind": "reply" if record.get("reply") else "quote" if quoted else "original",
        "parent_id": parent if record.get("reply") else quoted,
        "root_id": dig(record, "reply.root.uri") if record.get("reply") else uri,
    }


def _time(record, seen):
    """Choose between the time that the client claims and the one at which the network saw the post."""
    claimed = record.get("createdAt")
    claim, said = read_time(str(claimed or ""))
    sight, told = read_time(str(seen or ""))
    if told in (MISSING, UNREADABLE) or (said not in (MISSING, UNREADABLE) and sight - _DAY <= claim <= sight):
        return {"created_at": claimed}
    return {"created_at": seen, "mended": ("client time",)}


SOURCE = Source(
    name="bluesky",
    title="Bluesky posts, JSON (lines, feeds, searches, threads) and the Jetstream",
    platform="bluesky",
    container="json",
    recognise=recognise,
    rows=rows,
)
