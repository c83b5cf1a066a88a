"""Rhythms of day and week: shares, where days differ in posts and rhythm."""

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


def plant_week(cell, random) -> list[Found]:
    """Plant weeks whose rhythm is drawn around a common one; ask for the share of Monday and of Saturday."""
    common = np.array([1.2, 1.2, 1.1, 1.1, 1.0, 0.7, 0.7]) / 7
    own = random.dirichlet(common * cell["alike"], cell["weeks"])
    volume = random.lognormal(np.log(cell["posts"]), 0.5, cell["weeks"])
    counts = random.poisson(own * volume[:, None]).ravel()  # 9 October 2017 was a Monday
    found = rhythm(table_of(counts, "1D"), "week", draws=500, seed=int(random.integers(2**31)), least=1)
    rows = []
    for at, day in ((0, "Monday"), (5, "Saturday")):
        row = found.iloc[at]
        rows.append(Found(f"share of {day}", common[at], row["share"], row["low"], row["high"], counts.sum()))
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
    ),
    Entry(
        "rhythm, of the week",
        [{"weeks": 8, "posts": 1000, "alike": 100}, {"weeks": 26, "posts": 1000, "alike": 100}],
        plant_week,
        target="process",
        least="8 weeks",
    ),
]
