"""CSV that R wrote of tweets from the package twitteR, as the #MeToo sets on data.world are."""

import csv
import re

from analysis.collect.formats import Refused, Source, _mend, has_columns

# R's own first column has no name, or X, and the last columns are there or not.
_NAMES = ("text", "favoriteCount", "replyToSID", "id", "statusSource", "screenName", "retweetCount", "isRetweet")
# What R on Windows writes for a letter that its alphabet lacks: <U+2019>; and for one beyond 16 bits, such as an emoji,
# the bytes of its two surrogates, those of the alphabet as letters' numbers: <ed><U+00A0><U+00BD><ed><U+00B8><U+0082>.
_BYTE = r"<(?:[0-9a-f]{2}|U\+00[89AB][0-9A-F])>"
_ESCAPED = re.compile(rf"(?:<ed>(?:{_BYTE}){{2}}){{2}}|<U\+([0-9A-F]{{4}}|[0-9A-F]{{8}})>")
_HEX = re.compile(r"[0-9a-fA-F]{2}(?=>)")


def rows(record):
    """Give the row of a tweet, unpacked where it was quoted again as a whole; quotes are not told from originals."""
    fields = _unwrapped(record)
    if fields is None:
        yield Refused("another number of fields than the header")
        return
    if fields["id"] == "id":
        yield Refused("a header that comes again")
        return
    parent = None if fields["replyToSID"].strip() in ("", "NA") else fields["replyToSID"]
    reposted = fields["isRetweet"].strip("; ").upper() in ("TRUE", "1")
    kind = "repost" if reposted else "reply" if parent else "original"
    sound = _mend.mojibake(fields["text"])
    text = _ESCAPED.sub(_letter, sound)
    mended = {
        "row quoted twice": fields is not record,
        "mojibake": sound != fields["text"],
        "R's escapes": text != sound,
    }
    yield {
        "post_id": fields["id"],
        "created_at": fields.get("created"),
        "author": fields["screenName"] if fields["screenName"] != "NA" else None,
        "text": text,
        "kind": kind,
        "parent_id": None if reposted else parent,
        "likes": fields["favoriteCount"],
        "reposts": fields["retweetCount"],
        "mended": tuple(what for what, done in mended.items() if done),
    }


def _unwrapped(record):
    """Give the fields by their names, or None where a row has not as many of them as the header."""
    if None not in record and None not in record.values():
        torn = list(record.values())[-1].rstrip("; ").endswith('"')  # the end of a row that was quoted again
        return None if torn else record
    names = [name for name in record if name is not None]
    there = [record[name] for name in names if record[name] is not None]
    if None in record or len(there) != 1:
        return None
    try:
        inner = next(csv.reader([there[0].rstrip("; \t")], strict=True), [])
    except csv.Error:
        return None
    return dict(zip(names, inner, strict=True)) if len(inner) == len(names) else None


def _letter(match):
    """Give the letter for which R wrote an escape, or the escape where there is none."""
    if match[1]:
        number = int(match[1], 16)
        return chr(number) if number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF else match[0]
    data = bytes(int(byte, 16) for byte in _HEX.findall(match[0]))
    try:
        return data.decode("utf-8", "surrogatepass").encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        return match[0]


SOURCE = Source(
    name="twitter-r",
    title="CSV of R's twitteR (data.world's #MeToo sets)",
    platform="twitter",
    container="csv",
    recognise=has_columns(*_NAMES),
    rows=rows,
    ragged=True,
)
