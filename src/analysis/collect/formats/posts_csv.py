"""Our own tables of posts as CSV, as ``save_posts`` writes them."""

from analysis.collect.formats import Source
from analysis.schema import KNOWN


def recognise(names):
    """Tell our own header: ``post_id`` and any other columns of posts, none twice."""
    return "post_id" in names and set(names) <= set(KNOWN) and len(set(names)) == len(names)


def rows(record):
    """Give the row as it is; an empty field is None."""
    yield {name: value or None for name, value in record.items()}


SOURCE = Source(
    name="posts",
    title="this project's own tables, CSV (Parquet is read too)",
    platform="twitter",
    container="csv",
    recognise=recognise,
    rows=rows,
)
