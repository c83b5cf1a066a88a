"""The highest interval, its rivals, the lag between two waves, and the shares around the highest day."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.spread import attention_class, peak, waves
from recovery.frame import Entry, Found
from recovery.planting import scattered, table_of

_HOUR = pd.Timedelta("1h")


def _hump(hours: np.ndarray, at: float, width: float) -> np.ndarray:
    """Give a wave that rises as a normal curve and falls half as fast."""
    away = hours - at
    return np.exp(-0.5 * (away / np.where(away < 0, width, 2 * width)) ** 2)


def plant_peak(cell, random) -> list[Found]:
    """Plant a wave whose rate is highest at hour 40; ask for the highest hour and those that might be it."""
    rate = _hump(np.arange(96), 40, cell["width"])
    counts = scattered(random, cell["posts"] * rate / rate.sum(), cell["size"])
    table = table_of(counts)
    found = peak(table)
    truth, zero = 40.0, table["start"].iloc[0]
    at, low, high = ((found[name] - zero) / _HOUR for name in ("start", "low", "high"))
    return [Found("highest hour", truth, at, low, high - 1, counts.sum())]


def plant_lag(cell, random) -> list[Found]:
    """Plant two waves, one `lag` hours after the other, in two languages."""
    hours, tables = np.arange(120), []
    for group, at in (("a", 40), ("b", 40 + cell["lag"])):
        rate = _hump(hours, at, 5)
        tables.append(table_of(scattered(random, cell["posts"] * rate / rate.sum())).assign(lang=group))
    found = waves(pd.concat(tables), "lang", beside="a").set_index("lang").loc["b"]
    return [Found("lag, hours", cell["lag"], found["lag"], found["lag_low"], found["lag_high"], cell["posts"] * 2)]


def plant_attention(cell, random) -> list[Found]:
    """Plant shares before, on and after the day, by the hour; ask for the three shares and the class."""
    parts = np.array([float(word) for word in cell["shares"].split("/")])
    parts /= parts.sum()
    fall = 0.7 ** np.arange(7)
    fall /= fall.sum()
    days = np.concatenate([np.full(10, 1e-3), parts[0] * fall[::-1], [parts[1]], parts[2] * fall, np.full(10, 1e-3)])
    days[:10] = days[-10:] = 0.02 / 20
    counts = scattered(random, np.repeat(cell["posts"] * days / 24, 24), cell["size"])
    found = attention_class(table_of(counts), draws=500, seed=int(random.integers(2**31)))
    rows = [
        Found(f"share {part}", truth, row["share"], row["low"], row["high"], counts.sum())
        for part, truth, (_, row) in zip(("before", "on it", "after"), parts, found.iterrows(), strict=True)
    ]
    named = found["class"].iloc[0]
    return [*rows, Found("named right", 1.0, np.nan if pd.isna(named) else float(named == cell["class"]))]


ENTRIES = [
    Entry(
        "peak",
        [
            {"posts": 300, "width": 5, "size": np.inf},
            {"posts": 3000, "width": 5, "size": np.inf},
            {"posts": 30000, "width": 5, "size": np.inf},
            {"posts": 3000, "width": 1, "size": np.inf},
            {"posts": 30000, "width": 5, "size": 20},
        ],
        plant_peak,
        target="process",
        least="300 posts",
        at_least=True,
    ),
    Entry(
        "waves",
        [{"posts": 300, "lag": 12}, {"posts": 3000, "lag": 12}, {"posts": 3000, "lag": 0}],
        plant_lag,
        target="process",
        least="300 posts in each group",
        at_least=True,
    ),
    Entry(
        "attention_class",
        [
            {"posts": 1100, "shares": "1/5/4", "size": np.inf, "class": "on the day and after"},
            {"posts": 5000, "shares": "1/5/4", "size": np.inf, "class": "on the day and after"},
            {"posts": 5000, "shares": "1/12/2", "size": np.inf, "class": "on the day"},
            {"posts": 5000, "shares": "3/4/3", "size": 5, "class": "before, on the day and after"},
        ],
        plant_attention,
        target="process",
        least="1,000 posts (with 200, the interval is too wide: 99%)",
    ),
]
