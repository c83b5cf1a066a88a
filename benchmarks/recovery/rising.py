"""How fast a rise doubles: planted curves of growth, with posts alone and in clumps."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.spread import CALL, growth
from recovery.frame import Entry, Found


def plant_growth(cell, random: np.random.Generator) -> list[Found]:
    """Invent posts that double steadily over four hours, `clump` of them at a time; ask for the doubling time."""
    doubling, clump = cell["doubling"], cell["clump"]
    n = random.poisson(cell["posts"] / clump)
    hours = np.log2(1 + random.random(n) * (2 ** (4 / doubling) - 1)) * doubling
    hours = (np.floor(np.repeat(hours, clump) * 6) + 0.5) / 6 if clump > 1 else hours
    posts = pd.DataFrame({"created_at": CALL + pd.to_timedelta(hours, unit="h").floor("us")})
    found = growth(posts, CALL, CALL + pd.Timedelta("4h"))
    rate = Found("rate an hour", np.log(2) / doubling, found["rate"], found["rate_low"], found["rate_high"], len(posts))
    return [rate, Found("doubling, hours", doubling, found["doubling"], found["low"], found["high"], len(posts))]


ENTRIES = [
    Entry(
        "growth",
        [
            {"posts": 60, "doubling": 1.0, "clump": 1},
            {"posts": 150, "doubling": 1.0, "clump": 1},
            {"posts": 1500, "doubling": 1.0, "clump": 1},
            {"posts": 1500, "doubling": 3.0, "clump": 1},
            {"posts": 1500, "doubling": 1.0, "clump": 6},
        ],
        plant_growth,
        target="process",
        least="50 posts",
    )
]
