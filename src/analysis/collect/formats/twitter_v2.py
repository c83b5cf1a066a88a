"""Twitter's API v2, as twarc 2 has it: a page of answers a line, a flattened tweet a line, or a streamed one."""

from analysis.collect.formats import Refused, Source, dig, first

_KINDS = {"retweeted": "repost", "replied_to": "reply", "quoted": "quote"}
_COUNTS = {"likes": "like_count", "reposts": "retweet_count", "replies": "reply_count"}
_OF_A_TWEET = {"author_id", "conversation_id", "edit_history_tweet_ids", "public_metrics", "referenced_tweets"}
_OF_A_PAGE = {"includes", "meta", "errors", "matching_rules", "__twarc"}


def recognise(record):
    """Tell a tweet, alone or first under ``data``, and counts, accounts, empty pages and errors, which are no posts."""
    if not isinstance(record, dict):
        return False
    if not record.get("data"):
        return _is_tweet(record) or _is_empty(record)
    entry = next(iter(_entries(record["data"])), None)
    if not isinstance(entry, dict):
        return False
    page = not _OF_A_PAGE.isdisjoint(record)
    return _is_tweet(entry) or {"start", "end", "tweet_count"} <= set(entry) or (page and _is_entry(entry))


def rows(record):
    """Give the rows of the tweets of a page, or of the one tweet that there is.

    Of a repost the text is the reposted one, whole, where it is there. Tweets that a page only includes, because others
    refer to them, give no rows: the search or stream did not find them.
    """
    if not record.get("data"):
        if _is_tweet(record):
            yield _row(record, {})
        else:
            yield Refused("a message about an error" if _is_error(record) else "a page with no posts on it")
        return
    there = dig(record, "includes.tweets")
    around = {tweet["id"]: tweet for tweet in _dicts(there) if isinstance(tweet.get("id"), str)}
    for entry in _entries(record["data"]):
        if not isinstance(entry, dict):
            yield Refused("an entry of a page that is no object")
        elif "tweet_count" in entry:
            yield Refused("a count of posts, not a post")
        elif "id" not in entry or not ("text" in entry or _is_tweet(entry)):
            yield Refused("an account, a list or something else that is no post")
        else:
            yield _row(entry, around)


def _row(tweet, around):
    kind, told = _reference(tweet)
    parent = told.get("id")
    whole = around.get(parent, told) if isinstance(parent, str) else told
    own = first(tweet, "conversation_id")
    root = {None: None, "repost": first(whole, "conversation_id") or parent}.get(kind, own)
    reposted = first(whole, "note_tweet.text", "text") if kind == "repost" else None
    return {
        "post_id": tweet.get("id"),
        "created_at": tweet.get("created_at"),
        "author": first(tweet, "author_id", "author.id", "author.username"),
        "text": reposted or first(tweet, "note_tweet.text", "text"),
        "lang": first(tweet, "lang"),
        "kind": kind,
        "parent_id": parent,
        "root_id": root,
        **{name: dig(tweet, f"public_metrics.{field}") for name, field in _COUNTS.items()},
    }


def _reference(tweet):
    """Tell the kind of a tweet, and what it says of the tweet to which it refers.

    Where it refers to none, its conversation tells: it is its own in an original. Where that is missing, the id was
    rounded, or the text begins as reposts do, the kind is not known.
    """
    told = _dicts(tweet.get("referenced_tweets"))
    for name, kind in _KINDS.items():
        for reference in told:
            if reference.get("type") == name:
                return kind, reference
    post, conversation, text = (tweet.get(name) for name in ("id", "conversation_id", "text"))
    known = isinstance(post, str) and isinstance(conversation, str)
    if not known or (isinstance(text, str) and text.startswith("RT @")):
        return None, {}
    return ("original" if conversation == post else "reply"), {}


def _is_tweet(record):
    return {"id", "text"} <= set(record) and not _OF_A_TWEET.isdisjoint(record) and "user" not in record


def _is_entry(entry):
    """Tell an entry with nothing but the fields that every answer has: those of a tweet, or of an account."""
    return "id" in entry and ("text" in entry or {"name", "username"} <= set(entry))


def _is_empty(record):
    return _is_error(record) or (isinstance(record.get("meta"), dict) and "result_count" in record["meta"])


def _is_error(record):
    """Tell a message of the API in the form that it gives to problems, alone or in a list."""
    told = [record, *_dicts(record.get("errors"))]
    return any({"title", "detail", "type"} <= set(problem) and "id" not in problem for problem in told)


def _entries(data):
    return data if isinstance(data, list) else [data]


def _dicts(value):
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


SOURCE = Source(
    name="twitter-v2",
    title="Twitter API v2, JSON lines (twarc 2): pages, flattened or streamed",
    platform="twitter",
    container="json",
    recognise=recognise,
    rows=rows,
)
