"""The decay after the peak: rate and exponent of planted waves, and how often the right law is named."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.methods.decay import relaxation
from analysis.methods.laws import LAWS, decay
from analysis.synthetic import Curve
from analysis.synthetic.clock import CALL, HOUR, times
from recovery.frame import Entry, Found
from recovery.planting import scattered, table_of

_START = pd.Timestamp("2017-10-16T03:00Z")
_HOUR = pd.Timedelta("1h")


def _named(found, law) -> list[Found]:
    """Hold the verdict to the law planted: right, and wrong."""
    verdict = found["verdict"].iloc[0]
    wrong = LAWS[1 - LAWS.index(law)]
    return [
        Found("law named right", 1.0, float(verdict == law)),
        Found("law named wrong", 0.0, float(verdict == wrong)),
    ]


def plant_decay(cell, random) -> list[Found]:
    """Plant a wave on a background with a rhythm of the day; its scatter negative binomial, or autocorrelated."""
    law, step, n = cell["law"], cell["step"], cell["intervals"]
    shape = np.log(2) / cell["half_life"] * step if law == "exponential" else cell["exponent"]
    wave = np.exp(decay(law, np.arange(n, dtype=float), shape, 1.0)[0])
    mean = cell["posts"] * ((1 - cell["background"]) * wave / wave.sum() + cell["background"] / n)
    if step < 12:
        mean = mean * np.exp(0.4 * np.cos(2 * np.pi * (np.arange(n) - 3) * step / 24))
    if cell["alike"]:
        z = random.normal(size=n)
        for i in range(1, n):
            z[i] = cell["alike"] * z[i - 1] + np.sqrt(1 - cell["alike"] ** 2) * z[i]
        width = np.sqrt(np.log1p(0.1))
        counts = random.poisson(mean * np.exp(width * z - width**2 / 2))
    else:
        counts = scattered(random, mean, 10)
    table = table_of(counts, f"{step}h", "2017-10-16T03:00Z")
    found = relaxation(table, _START, origin=_START - step * _HOUR, background="fitted" if cell["background"] else 0)
    row = found[found["law"] == law].iloc[0]
    per = step if law == "exponential" else 1
    what = "rate, per hour" if law == "exponential" else "exponent"
    return [Found(what, shape / per, row["estimate"], row["low"], row["high"], counts.sum()), *_named(found, law)]


def plant_open(cell, random) -> list[Found]:
    """Plant a wave with a half-life of a day on a fifth of background; ask how often an interval has an open end."""
    n, u = cell["intervals"], np.arange(cell["intervals"], dtype=float)
    wave = np.exp(decay("exponential", u, np.log(2) / 24, 1.0)[0])
    mean = cell["posts"] * (0.8 * wave / wave.sum() + 0.2 / n) * np.exp(0.4 * np.cos(2 * np.pi * (u - 3) / 24))
    table = table_of(scattered(random, mean, cell["size"]), "1h", "2017-10-16T03:00Z")
    rows = []
    for background in ("fitted", 0):
        found = relaxation(table, _START, background=background)
        ends = found["high"].eq(np.inf) | found["low"].eq(0)
        rows += [
            Found(f"open, {law}, background {background}", 0.0, float(end)) for law, end in zip(LAWS, ends, strict=True)
        ]
    return rows


def plant_curve(cell, random) -> list[Found]:
    """Draw the times of an invented corpus whose curve falls as planted; fit from the hour of its peak on."""
    law = "exponential" if "half_life" in cell else "power law"
    curve = Curve(half_life=cell["half_life"]) if law == "exponential" else Curve(decay=cell["exponent"])
    at, _ = times(cell["posts"], int(random.integers(2**31)), curve, 14)
    hours = pd.Timestamp("2017-10-15", tz="UTC") + pd.to_timedelta(np.arange(14 * 24), unit="h")
    table = pd.DataFrame({"start": hours, "posts": np.bincount(at // HOUR, minlength=14 * 24)})
    # the curve is (1 + hours after the peak) ** -exponent, read off at the middle of each hour
    peak = pd.Timestamp("2017-10-15", tz="UTC") + pd.Timedelta(CALL, "ms") + 6 * _HOUR
    start = peak.ceil("h")
    found = relaxation(table, start, origin=peak - _HOUR, background=0, daily=0)
    truth = np.log(2) / cell["half_life"] if law == "exponential" else cell["exponent"]
    row = found[found["law"] == law].iloc[0]
    what = "rate, per hour" if law == "exponential" else "exponent"
    return [Found(what, truth, row["estimate"], row["low"], row["high"], row["posts"]), *_named(found, law)]


_HOURLY = {"step": 1, "intervals": 336, "background": 0.2, "alike": 0}
_DAILY = {"step": 24, "intervals": 30, "background": 0.2, "alike": 0}
ENTRIES = [
    Entry(
        "relaxation, by the hour",
        [
            {"law": "exponential", "half_life": 24, "posts": 500, **_HOURLY},
            {"law": "exponential", "half_life": 24, "posts": 20000, **_HOURLY},
            {"law": "power law", "exponent": 1.0, "posts": 500, **_HOURLY},
            {"law": "power law", "exponent": 1.0, "posts": 20000, **_HOURLY},
            {"law": "exponential", "half_life": 24, "posts": 20000, **(_HOURLY | {"alike": 0.6})},
            {"law": "exponential", "half_life": 24, "posts": 20000, **(_HOURLY | {"alike": 0.9})},
        ],
        plant_decay,
        target="process",
        least="500 posts after the peak",
        slow=True,
    ),
    Entry(
        "relaxation, by the day",
        [
            {"law": "exponential", "half_life": 48, "posts": 20000, **_DAILY},
            {"law": "power law", "exponent": 1.0, "posts": 20000, **_DAILY},
            {"law": "exponential", "half_life": 48, "posts": 20000, **(_DAILY | {"intervals": 14})},
            {"law": "power law", "exponent": 1.5, "posts": 20000, **(_DAILY | {"intervals": 14, "background": 0})},
            {"law": "power law", "exponent": 1.0, "posts": 20000, **(_DAILY | {"intervals": 60, "alike": 0.6})},
        ],
        plant_decay,
        target="process",
        least="14 days after the peak",
        slow=True,
    ),
    Entry(
        "relaxation, open intervals",
        [
            {"intervals": n, "posts": posts, "size": size}
            for n in (168, 700)
            for posts in (500, 5000, 50000)
            for size in (2, np.inf)
        ],
        plant_open,
        target="process",
        least="a law that does not follow the counts: its interval is open, and says so",
        slow=True,
    ),
    Entry(
        "relaxation, invented corpus",
        [
            {"half_life": 24, "posts": 2000},
            {"half_life": 24, "posts": 20000},
            {"exponent": 1.0, "posts": 2000},
            {"exponent": 1.0, "posts": 20000},
        ],
        plant_curve,
        target="process",
        least="500 posts after the peak",
        slow=True,
    ),
]
