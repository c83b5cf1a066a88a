"""The #MeToo tweets on Kaggle whose texts are Python bytes literals and whose ids a spreadsheet has rounded."""

from analysis.collect.formats import Source, _mend, has_columns

# "Lenght" is how the file spells it.
_NAMES = ("Text", "Id", "Lenght", "Created_at", "Source", "Favorite_count", "Retweet_count", "Lang")


def rows(record):
    """Give the row of a tweet. The format tells neither authors nor kinds; a text cut by 140 letters stays cut."""
    text = _mend.bytes_literal(record["Text"])
    yield {
        "post_id": record["Id"],
        "created_at": record["Created_at"],
        "text": text,
        "lang": record["Lang"],
        "likes": record["Favorite_count"],
        "reposts": record["Retweet_count"],
        "mended": ("bytes literal",) if text != record["Text"] else (),
    }


SOURCE = Source(
    name="kaggle-metoo",
    title="CSV of #MeToo tweets on Kaggle (Text, Id, Lenght, …)",
    platform="twitter",
    container="csv",
    recognise=has_columns(*_NAMES),
    rows=rows,
)
