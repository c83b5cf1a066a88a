"""Rhythms of day and week: shares, where days differ in posts and rhythm; and what STL takes apart."""

from __future__ import annotations

import numpy as np

from analysis.spread import rhythm, seasonal
from recovery.frame import Entry, Found
from recovery.planting import scattered, table_of


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


def plant_seasonal(cell, random) -> list[Found]:
    """Plant days with a rhythm on a trend that triples; ask for the factor of the highest hour, and the trend."""
    hours = np.arange(24 * cell["days"])
    factor = np.exp(cell["depth"] * np.cos(2 * np.pi * (hours - 20) / 24))
    trend = cell["level"] * 3.0 ** (hours / hours[-1])
    counts = scattered(random, trend * factor, cell["size"])
    found = seasonal(table_of(counts))
    middle = slice(len(hours) // 2 - 12, len(hours) // 2 + 12)
    at = middle.start + int(np.argmax(factor[middle]))
    rows = [
        Found("factor of the highest hour", factor[at], found["rhythm"].iloc[at], posts=counts.sum()),
        Found("trend over the truth", 1.0, float((found["trend"].to_numpy()[middle] / trend[middle]).mean())),
    ]
    return rows if cell["depth"] else [*rows, Found("strength", 0.0, found.attrs["strength"])]


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
    Entry(
        "seasonal",
        [
            {"days": 14, "level": 5, "depth": 0.6, "size": np.inf},
            {"days": 14, "level": 100, "depth": 0.6, "size": np.inf},
            {"days": 28, "level": 100, "depth": 0.6, "size": 5},
            {"days": 28, "level": 100, "depth": 0.0, "size": 5},
        ],
        plant_seasonal,
        target="process",
        least="5 posts an interval and 14 rounds",
        slow=True,
    ),
]
