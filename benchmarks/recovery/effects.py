"""The effect of an event: a planted ratio and its interval; and how often nothing is called something."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.spread import effect_of
from recovery.frame import Entry, Found

_BASE = {"days": 200, "level": 500, "scatter": 0.1, "alike": 0.0, "ratio": 2.0, "after": 1, "missing": 0.0}


def plant_effect(cell, random) -> list[Found]:
    """Plant days that scatter and resemble the day before; multiply some in their midst; ask for the ratio."""
    n, at = cell["days"], cell["days"] // 2
    z = random.normal(size=n)
    for i in range(1, n):
        z[i] = cell["alike"] * z[i - 1] + np.sqrt(1 - cell["alike"] ** 2) * z[i]
    width = np.sqrt(np.log1p(cell["scatter"]))
    mean = cell["level"] * np.exp(width * z - width**2 / 2)
    mean[at : at + cell["after"]] *= cell["ratio"]
    posts = random.poisson(mean).astype(float)
    gone = random.random(n) < cell["missing"]
    gone[at : at + cell["after"]] = False
    table = pd.DataFrame(
        {"start": pd.date_range("2018-01-01", periods=n, tz="UTC"), "posts": np.where(gone, np.nan, posts)}
    )
    found = effect_of(table, table["start"].iloc[at], after=cell["after"])
    rows = [Found("ratio", cell["ratio"], found["ratio"], found["low"], found["high"], np.nansum(table["posts"]))]
    if cell["ratio"] == 1:
        rows.append(Found("called an effect at 5%", 0.05, float(found["p"] <= 0.05) if found["p"] >= 0 else np.nan))
    elif found["p"] >= 0:
        rows.append(Found("found at 5%", 1.0, float(found["p"] <= 0.05)))
    return rows


ENTRIES = [
    Entry(
        "effect_of",
        [
            _BASE,
            _BASE | {"level": 5},
            _BASE | {"ratio": 1.0},
            _BASE | {"ratio": 1.0, "alike": 0.6},
            _BASE | {"alike": 0.6},
            _BASE | {"alike": 0.6, "after": 3},
            _BASE | {"scatter": 0.5, "alike": 0.3, "ratio": 3.0},
            _BASE | {"missing": 0.2},
            _BASE | {"days": 60},
            _BASE | {"days": 60, "alike": 0.5},
            _BASE | {"days": 60, "alike": 0.5, "after": 3},
        ],
        plant_effect,
        target="process",
        least="28 intervals before with 20 posts in all; 39 placebo dates for its interval, 19 for a p-value",
    ),
]
