"""MeTooHate on Kaggle: #MeToo tweets with a label that says whether annotators found hate in them."""

import re

from analysis.collect.formats import Source, _mend

_NAMES = {"status_id", "text", "created_at", "retweet_count", "category"}
# The copy at OpenML is described with the British spelling.
_LIKES = ("favorite_count", "favourite_count")
# R's rtweet writes an x before ids, so that no spreadsheet rounds them.
_GUARDED = re.compile(r"x\d+")


def recognise(names):
    """Tell the header, likes in American or British spelling."""
    return set(names) >= _NAMES and not set(names).isdisjoint(_LIKES)


def rows(record):
    """Give the row of a tweet; its place and what is told of its author's account are left out."""
    text, label = _mend.mojibake(record["text"]), record["category"].strip().removesuffix(".0")
    guarded = _GUARDED.fullmatch(record["status_id"].strip())
    yield {
        "post_id": guarded[0][1:] if guarded else record["status_id"],
        "created_at": record["created_at"],
        "text": text,
        "likes": next(record[name] for name in _LIKES if name in record),
        "reposts": record["retweet_count"],
        "labels": {"category": label} if label else {},
        "mended": ("mojibake",) if text != record["text"] else (),
    }


SOURCE = Source(
    name="kaggle-metoohate",
    title="CSV of MeTooHate on Kaggle, with its label",
    platform="twitter",
    container="csv",
    recognise=recognise,
    rows=rows,
)
