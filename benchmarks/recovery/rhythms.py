"""The rhythm of the day: the share of an hour, with days that differ in their posts and in their own rhythm."""

from __future__ import annotations

import numpy as np

from analysis.spread import rhythm
from recovery.frame import Entry, Found
from recovery.planting import table_of


def plant_rhythm(cell, random) -> list[Found]:
    """Plant days whose rhythm is drawn around a common one; ask for the share of two hours, and of all at once."""
    common = 1 + 0.7 * np.sin(2 * np.pi * (np.arange(24) - 8) / 24)
    common /= common.sum()
    own = random.dirichlet(common * cell["alike"], cell["days"])
    volume = random.lognormal(np.log(cell["posts"]), 0.5, cell["days"])
    counts = random.poisson(own * volume[:, None])
    found = rhythm(table_of(counts.ravel()), draws=500, seed=int(random.integers(2**31)), least=1)
    rows = []
    for hour in (14, 2):
        row = found.iloc[hour]
        rows.append(Found(f"share of hour {hour}", common[hour], row["share"], row["low"], row["high"], counts.sum()))
    return rows


ENTRIES = [
    Entry(
        "rhythm",
        [
            {"days": 14, "posts": 200, "alike": 100},
            {"days": 30, "posts": 1000, "alike": 100},
            {"days": 30, "posts": 20, "alike": 1000},
        ],
        plant_rhythm,
        target="process",
        least="14 days (with 7, its interval holds the truth nine times in ten)",
    )
]
