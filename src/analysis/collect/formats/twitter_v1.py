"""Twitter's API v1.1, a tweet a line, as twarc 1 and most archives until 2021 have it."""

from analysis.collect.formats import Refused, Source, first

_TEXT = ("extended_tweet.full_text", "full_text", "text")
_NOTICES = ("delete", "limit", "scrub_geo", "status_withheld", "user_withheld", "warning", "disconnect")
_COUNTS = {"likes": "favorite_count", "reposts": "retweet_count", "replies": "reply_count"}


def recognise(record):
    """Tell a v1.1 tweet, or a notice of the stream, such as a deletion, which has one key alone."""
    if not isinstance(record, dict):
        return False
    tweet = "created_at" in record and "user" in record and ("id_str" in record or "id" in record)
    return tweet or (len(record) == 1 and next(iter(record)) in _NOTICES)


def rows(record):
    """Give the row of a tweet; the text of a repost is the reposted one, for its own is cut after 140 characters."""
    if not recognise(record):
        yield Refused("no tweet of API v1.1")
        return
    if "user" not in record:
        yield Refused("a notice of the stream (a deletion or a limit), not a post")
        return
    reposted, quoted = record.get("retweeted_status"), _id(record, "quoted_status_id")
    parent = _id(record, "in_reply_to_status_id")
    kind = "repost" if reposted else "reply" if parent else "quote" if quoted else "original"
    yield {
        "post_id": _id(record, "id"),
        "created_at": record.get("created_at"),
        "author": _id(record["user"], "id") or first(record, "user.screen_name"),
        "text": first(reposted, *_TEXT) or first(record, *_TEXT),
        "lang": first(record, "lang"),
        "kind": kind,
        "parent_id": {"repost": _id(reposted, "id"), "reply": parent, "quote": quoted}.get(kind),
        **{name: record.get(field) for name, field in _COUNTS.items()},
    }


def _id(record, name):
    """Take an id as text where there is one: as a number some writers have rounded it."""
    return first(record, f"{name}_str", name)


def fast(data):
    """Give the rows of a block of plain tweets at once; see :mod:`analysis.collect.formats._fast_json`."""
    import pyarrow as pa
    import pyarrow.compute as pc

    from analysis.collect.formats import _fast_json

    table = _fast_json.read_block(data, _schema())
    if table is None or table["id_str"].null_count or table["user"].null_count:
        return None
    if any(_only_number(table, name) for name in ("in_reply_to_status_id", "quoted_status_id", "user.id")):
        return None
    reposts = _fast_json.dig(table, "retweeted_status").is_valid()
    ids = {
        "repost": _fast_json.first(table, "retweeted_status.id_str"),
        "reply": _fast_json.first(table, "in_reply_to_status_id_str"),
        "quote": _fast_json.first(table, "quoted_status_id_str"),
    }
    author = _fast_json.first(table, "user.id_str")
    if author.null_count or pc.any(pc.and_(reposts, ids["repost"].is_null())).as_py():
        return None
    is_kind = pc.make_struct(reposts, ids["reply"].is_valid(), ids["quote"].is_valid(), field_names=list(ids))
    text = _fast_json.first(table, *_TEXT)
    whole = _fast_json.first(table, *(f"retweeted_status.{name}" for name in _TEXT))
    columns = {
        "post_id": _fast_json.first(table, "id_str"),
        "created_at": _fast_json.dig(table, "created_at"),
        "author": author,
        "text": pc.coalesce(whole, text),
        "lang": _fast_json.first(table, "lang"),
        "kind": pc.case_when(is_kind, *(pa.scalar(kind) for kind in ids), pa.scalar("original")),
        "parent_id": pc.case_when(is_kind, *ids.values()),
        **{name: _fast_json.dig(table, field) for name, field in _COUNTS.items()},
    }
    return None if columns["post_id"].null_count else pa.table(columns)


def _only_number(table, name):
    """Tell whether some row has an id as a number alone, which only the careful reader takes."""
    import pyarrow.compute as pc

    from analysis.collect.formats import _fast_json

    texts, numbers = _fast_json.first(table, f"{name}_str"), _fast_json.dig(table, name)
    return pc.any(pc.and_(texts.is_null(), numbers.is_valid())).as_py()


def _schema():
    import pyarrow as pa

    text = [
        ("text", pa.string()),
        ("full_text", pa.string()),
        ("extended_tweet", pa.struct([("full_text", pa.string())])),
    ]
    names = ("id_str", "created_at", "lang", "in_reply_to_status_id_str", "quoted_status_id_str")
    numbers = (*_COUNTS.values(), "in_reply_to_status_id", "quoted_status_id")
    return pa.schema([
        *((name, pa.string()) for name in names),
        *((name, pa.int64()) for name in numbers),
        *text,
        ("user", pa.struct([("id_str", pa.string()), ("id", pa.int64())])),
        ("retweeted_status", pa.struct([("id_str", pa.string()), *text])),
    ])  # fmt: skip


SOURCE = Source(
    name="twitter-v1",
    title="Twitter API v1.1, JSON lines (twarc 1)",
    platform="twitter",
    container="json",
    recognise=recognise,
    rows=rows,
    fast=fast,
)
