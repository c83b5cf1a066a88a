"""The CSV that json2csv of twarc 1 makes of Twitter's API v1.1 (Social Feed Manager's exports are alike)."""

from analysis.collect.formats import Source, first, has_columns

_NAMES = ("id", "created_at", "parsed_created_at", "user_screen_name", "text", "tweet_type")
_KINDS = {"original": "original", "reply": "reply", "retweet": "repost", "quote": "quote"}
_PARENTS = {"reply": "in_reply_to_status_id", "repost": "retweet_or_quote_id", "quote": "retweet_or_quote_id"}


def rows(record):
    """Give the row of a tweet; of a repost newer versions give the likes of the reposted tweet: they are left out."""
    kind = _KINDS.get(record["tweet_type"])
    yield {
        "post_id": record["id"],
        "created_at": first(record, "created_at", "parsed_created_at"),
        "author": first(record, "user_id", "user_screen_name"),
        "text": record["text"],
        "lang": first(record, "lang"),
        "kind": kind,
        "parent_id": first(record, _PARENTS[kind]) if kind in _PARENTS else None,
        "likes": None if kind == "repost" else record.get("favorite_count"),
        "reposts": record.get("retweet_count"),
    }


SOURCE = Source(
    name="twarc-json2csv",
    title="CSV of twarc 1 (json2csv)",
    platform="twitter",
    container="csv",
    recognise=has_columns(*_NAMES),
    rows=rows,
)
