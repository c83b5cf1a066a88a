"""MeTooMA, which MeTooMMD is too: what annotators said of #MeToo tweets, by id and without a text."""

import re

from analysis.collect.formats import Source, has_columns

LABELS = (
    "Text_Only_Informative",
    "Image_Only_Informative",
    "Directed_Hate",
    "Generalized_Hate",
    "Sarcasm",
    "Allegation",
    "Justification",
    "Refutation",
    "Support",
    "Oppose",
)
_ID = re.compile(r"\d{15,19}|\d(?:\.\d+)?[eE]\+?1[5-9]", re.ASCII)
_ANSWER = re.compile(r"[01](?:\.0)?")


def headerless(fields):
    """Name the fields of a first line of data (an id, rounded perhaps, and 0 or 1 for each label), else None."""
    sure = len(fields) == 1 + len(LABELS) and _ID.fullmatch(fields[0].strip())
    return ["TweetId", *LABELS] if sure and all(_ANSWER.fullmatch(field.strip()) for field in fields[1:]) else None


def rows(record):
    """Give the row of an id: "1" where a label applies, "0" where it does not; an empty one is left out."""
    answers = {name: record.get(name, "").strip().removesuffix(".0") for name in LABELS}
    yield {"post_id": record["TweetId"], "labels": {name: answer for name, answer in answers.items() if answer}}


SOURCE = Source(
    name="metooma",
    title="CSV of MeTooMA / MeTooMMD: ids with labels",
    platform="twitter",
    container="csv",
    recognise=has_columns("TweetId", "Directed_Hate", "Generalized_Hate"),
    rows=rows,
    headerless=headerless,
)
