"""Onset, gaps, bursts and change points: what was planted is found where it is, and nothing where there is nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.spread import bursts, change_points, find_gaps, onset
from recovery.frame import Entry, Found
from recovery.planting import scattered, table_of

_HOUR = pd.Timedelta("1h")


def _daily_rhythm(n: int, depth: float) -> np.ndarray:
    return 1 + depth * np.sin(2 * np.pi * np.arange(n) / 24)


def plant_onset(cell, random) -> list[Found]:
    """Plant a rate that doubles hourly from hour 72 on (or stays flat); ask for the first hour that breaks."""
    n = 72 + 8
    mean = cell["base"] * _daily_rhythm(n, cell["rhythm"])
    if cell["rises"] == "yes":
        mean[72:] = mean[72:] + cell["base"] * 2.0 ** np.arange(1, 9)
    counts = scattered(random, mean, cell["size"])
    table = table_of(counts)
    found = onset(table, ["1h"], ["24h"], until=table["start"].iloc[-1])["start"].iloc[0]
    hour = np.nan if pd.isna(found) else (found - table["start"].iloc[0]) / _HOUR
    early = float(hour < 72) if cell["rises"] == "yes" else float(not np.isnan(hour))
    rows = [Found("false alarm", 0.0, early, posts=counts.sum())]
    return [*rows, Found("delay, hours", 72, hour)] if cell["rises"] == "yes" else rows


def plant_gaps(cell, random) -> list[Found]:
    """Plant 120 days, three of them with next to nothing (or none); ask for the gaps."""
    counts = scattered(random, np.full(120, float(cell["base"])), cell["size"])
    if cell["lost"]:
        counts[60:63] = counts[60:63] * cell["left"] // 1
    found = find_gaps(table_of(counts.astype(int), "1D"))
    first = pd.Timestamp("2017-10-09T00:00Z") + pd.Timedelta("60D")
    right = found["start"].eq(first) & found["intervals"].eq(3)
    rows = [Found("false alarm", 0.0, float((~right).any()), posts=counts.sum())]
    return [*rows, Found("found", 1.0, float(right.any()))] if cell["lost"] else rows


def plant_bursts(cell, random) -> list[Found]:
    """Plant 240 hours with one burst of 12 (or none) at `times` the rate; ask for its edges."""
    mean = np.full(240, float(cell["base"])) * _daily_rhythm(240, cell["rhythm"])
    if cell["times"] > 1:
        mean[120:132] *= cell["times"]
    counts = scattered(random, mean, cell["size"])
    table = table_of(counts)
    found = bursts(table)
    zero = table["start"].iloc[0]
    inside = (found["start"] < zero + 132 * _HOUR) & (found["end"] > zero + 120 * _HOUR) & (cell["times"] > 1)
    rows = [Found("false alarm", 0.0, float((~inside).any()), posts=counts.sum())]
    if cell["times"] > 1:
        rows.append(Found("found", 1.0, float(inside.any())))
        ends = found[inside].agg({"start": "min", "end": "max"}) if inside.any() else None
        for name, truth, key in (("first hour", 120, "start"), ("end", 132, "end")):
            rows.append(Found(name, truth, np.nan if ends is None else (ends[key] - zero) / _HOUR))
    return rows


def plant_changes(cell, random) -> list[Found]:
    """Plant 200 days whose level changes once (or never) by a factor; ask for the place and the number of changes."""
    noise = np.zeros(200)
    for i in range(1, 200):
        noise[i] = cell["memory"] * noise[i - 1] + random.normal(0, 0.3)
    noise = noise if cell["memory"] else np.zeros(200)
    week = 1 + cell["week"] * np.sin(2 * np.pi * np.arange(200) / 7)
    mean = cell["base"] * np.where(np.arange(200) < 80, 1.0, cell["times"]) * week * np.exp(noise)
    counts = scattered(random, mean, cell["size"])
    table = table_of(counts, "1D")
    found = change_points(table)
    days = (found[["start", "low", "high"]] - table["start"].iloc[0]) / pd.Timedelta("1D")
    if cell["times"] == 1:
        return [Found("false alarm", 0.0, float(len(found) > 0), posts=counts.sum())]
    near = days[(days["start"] - 80).abs() <= 20]
    rows = [Found("further changes", 0.0, float(len(found) > max(len(near), 0) or len(near) > 1), posts=counts.sum())]
    rows.append(Found("found", 1.0, float(len(near) > 0)))
    if len(near):
        best = near.iloc[(near["start"] - 80).abs().argmin()]
        rows.append(Found("day of change", 80, best["start"], best["low"], best["high"], counts.sum()))
        ratio = found["ratio"].iloc[best.name]
        rows.append(Found("ratio", cell["times"], ratio))
    return rows


ENTRIES = [
    Entry(
        "onset",
        [
            {"base": 2, "rises": "no", "rhythm": 0.0, "size": np.inf},
            {"base": 30, "rises": "no", "rhythm": 0.0, "size": np.inf},
            {"base": 30, "rises": "no", "rhythm": 0.0, "size": 3},
            {"base": 30, "rises": "no", "rhythm": 0.6, "size": np.inf},
            {"base": 2, "rises": "yes", "rhythm": 0.0, "size": np.inf},
            {"base": 30, "rises": "yes", "rhythm": 0.0, "size": np.inf},
            {"base": 30, "rises": "yes", "rhythm": 0.6, "size": 3},
        ],
        plant_onset,
        target="process",
        least="1 post an interval before the onset, 12 intervals of baseline",
    ),
    Entry(
        "find_gaps",
        [
            {"base": 20, "size": np.inf, "lost": 0, "left": 0.0},
            {"base": 500, "size": np.inf, "lost": 0, "left": 0.0},
            {"base": 500, "size": 4, "lost": 0, "left": 0.0},
            {"base": 20, "size": np.inf, "lost": 1, "left": 0.0},
            {"base": 500, "size": 4, "lost": 1, "left": 0.0},
            {"base": 500, "size": 4, "lost": 1, "left": 0.01},
            {"base": 500, "size": 4, "lost": 1, "left": 0.3},
        ],
        plant_gaps,
        target="corpus",
        least="20 posts an interval; and never for intervals that were collected in part",
    ),
    Entry(
        "bursts",
        [
            {"base": 3, "times": 1, "rhythm": 0.0, "size": np.inf},
            {"base": 30, "times": 1, "rhythm": 0.0, "size": np.inf},
            {"base": 30, "times": 1, "rhythm": 0.0, "size": 3},
            {"base": 30, "times": 1, "rhythm": 0.6, "size": np.inf},
            {"base": 3, "times": 4, "rhythm": 0.0, "size": np.inf},
            {"base": 30, "times": 4, "rhythm": 0.0, "size": np.inf},
            {"base": 30, "times": 8, "rhythm": 0.0, "size": 3},
        ],
        plant_bursts,
        target="process",
        least="3 posts an interval",
    ),
    Entry(
        "change_points",
        [
            {"base": 5, "times": 1, "week": 0.0, "memory": 0.0, "size": np.inf},
            {"base": 100, "times": 1, "week": 0.0, "memory": 0.0, "size": np.inf},
            {"base": 100, "times": 1, "week": 0.0, "memory": 0.0, "size": 3},
            {"base": 100, "times": 1, "week": 0.5, "memory": 0.0, "size": np.inf},
            {"base": 100, "times": 1, "week": 0.0, "memory": 0.5, "size": np.inf},
            {"base": 5, "times": 2, "week": 0.0, "memory": 0.0, "size": np.inf},
            {"base": 100, "times": 2, "week": 0.0, "memory": 0.0, "size": 3},
            {"base": 100, "times": 2, "week": 0.5, "memory": 0.5, "size": np.inf},
        ],
        plant_changes,
        target="process",
        least="5 posts an interval and 30 intervals on either side",
        at_least=True,
    ),
]
