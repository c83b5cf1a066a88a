"""Our counts beside published ones, and why two collections of one hashtag differ."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.spread.tables import even

_TOTALS = (
    *("icpsr-total", "pew-year", "pew-december", "pew-january", "pew-march", "pew-april"),
    *("day-one", "twitter-november", "september-week"),
)
#: What is measured for a claim, by its id: over the window's days, those of as long a window before it, and all.
MEASURES = dict.fromkeys(_TOTALS, lambda days, before: days.sum()) | {
    "icpsr-mean": lambda days, before: days.mean(),
    "icpsr-least": lambda days, before: days.min(),
    "icpsr-most": lambda days, before: days.max(),
    "icpsr-peak": lambda days, before: days.max() / days.mean(),
    "pew-mean": lambda days, before: days.mean(),
    "week-two": lambda days, before: days[7:].sum() / days[:7].sum(),
    "december-week": lambda days, before: days.sum() / before.sum(),
    "january-week": lambda days, before: days.sum() / before.sum(),
}
#: Of these the days before the window are asked for too.
_BEFORE = ("december-week", "january-week")
#: These count posts in English alone.
ENGLISH = ("pew-year", "pew-mean", "pew-december", "pew-january", "pew-march", "pew-april", "week-two", *_BEFORE)


def beside_published(counts: pd.DataFrame, findings: pd.DataFrame, *, lang: str = "all") -> pd.DataFrame:
    """Put what a table of daily counts gives beside what is published of the same days.

    Parameters
    ----------
    counts : DataFrame
        ``start`` (UTC) and ``posts`` by the day; posts are missing in a gap of the collection.
    findings : DataFrame
        As :func:`analysis.posts.load_findings` gives them; those that :data:`MEASURES` knows are compared.
    lang : {"all", "en"}
        Of which posts the counts are. A claim about the others is named, and not compared.

    Returns
    -------
    DataFrame
        A row a claim: ``id``, ``claim``, ``unit``, ``published``, ``ours``, ``ratio`` (ours over published),
        ``reading`` and ``reason`` (empty, or why there is no number of ours).

    Raises
    ------
    ValueError
        Where the counts are not by the day, or `lang` is neither of the two.

    Notes
    -----
    Where more than a twentieth of a window's days is missing, nothing is said; a ratio of days to other days needs them
    all. Different counters must not be spliced: each counts other posts, at another time. Volumes differ by what a
    collection asked for, took and lost until it was counted; ratios within one collection, such as a peak over a mean,
    bear more of a comparison, where what was lost was lost evenly.
    """
    if lang not in ("all", "en"):
        raise ValueError(f"lang is {lang!r}; the counts are of 'all' posts or of those in English, 'en'")
    series = even(counts)
    if series.step != pd.Timedelta("1D"):
        raise ValueError(
            f"published figures are by the day, these counts by {series.step}; count again with every='1D'"
        )
    days = pd.Series(series.posts, index=series.start)
    rows = []
    for claim in findings[findings["id"].isin(list(MEASURES))].itertuples():
        first, last = claim.window_start, claim.window_end
        length = (last - first) + pd.Timedelta("1D")
        parts = [days.reindex(pd.date_range(first, last, freq="D"))]
        parts.append(days.reindex(pd.date_range(first - length, last - length, freq="D")))
        asked = pd.concat(parts) if claim.id in _BEFORE else parts[0]
        missing = int(asked.isna().sum())
        row = {"id": claim.id, "claim": claim.claim, "unit": claim.unit, "published": claim.value, "ours": np.nan}
        row |= {"ratio": np.nan, "reading": claim.reading, "reason": ""}
        if (lang == "en") != (claim.id in ENGLISH):
            whom = "posts in English alone" if lang == "all" else "posts in all languages"
            rows.append(row | {"reason": f"it counts {whom}; give counts of those"})
            continue
        if missing > (0 if claim.unit == "ratio" else 0.05 * len(asked)):
            rows.append(row | {"reason": f"{missing} of {len(asked)} days are missing"})
            continue
        row["ours"] = float(MEASURES[claim.id](*(part.dropna().to_numpy() for part in parts)))
        rows.append(row | {"ratio": row["ours"] / claim.value})
    columns = ["id", "claim", "unit", "published", "ours", "ratio", "reading", "reason"]
    return pd.DataFrame(rows, columns=columns)
