"""Self-excitation: a planted branching ratio under base rates that move or stand still, and what is not identified."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.methods.excitation import self_excitation
from analysis.methods.hawkes import simulate
from analysis.synthetic import Curve
from analysis.synthetic.clock import times
from recovery.frame import Entry, Found

_MIDNIGHT = pd.Timestamp("2017-10-16", tz="UTC")


def _ask(hours, widths, truth, each=False) -> list[Found]:
    """Ask for the branching ratio, and at each width."""
    when = pd.Series(_MIDNIGHT + pd.to_timedelta(np.floor(np.sort(hours) * 3.6e6), unit="ms"))
    end = _MIDNIGHT + pd.Timedelta(hours=np.ceil(hours.max()))
    found = self_excitation(when, widths, start=_MIDNIGHT, end=end)
    rows = [Found("branching", truth, found["branching"], found["low"], found["high"], len(hours))]
    table = found["widths"]
    if each:
        rows += [Found(f"at {row['width']}", truth, row["branching"], posts=len(hours)) for _, row in table.iterrows()]
    best = table.loc[table["aic"].idxmin()]
    return [*rows, Found("called a misfit at 5%", 0.05, float(best["ks_p"] < 0.05))]


def plant_hawkes(cell, random) -> list[Found]:
    """Plant a process whose base rate swings with the day by `swing` (0: it stands still), in steps of a minute."""
    length, n = cell["hours"], cell["branching"]
    edges = np.linspace(0, length, int(length * 60) + 1)
    middle = (edges[1:] + edges[:-1]) / 2
    base = 1 + cell["swing"] * np.sin(2 * np.pi * middle / cell["period"])
    base *= cell["posts"] * (1 - n) / length
    at = simulate(edges, base, n, 60 / cell["minutes"], seed=random.integers(2**31))
    return _ask(at, cell["widths"].split("/"), n)


def plant_branching(cell, random) -> list[Found]:
    """Draw the times of an invented corpus whose posts spark posts on the real curve, which moves by the hour."""
    at, _ = times(
        cell["posts"], int(random.integers(2**31)), Curve(branching=cell["branching"], memory=cell["memory"]), 7
    )
    rows = _ask(at / 3.6e6, cell["widths"].split("/"), cell["branching"], each=True)
    return [*rows, Found("not identified", 1.0, float(np.isnan(rows[0].estimate)))]


_STILL = {"hours": 240, "swing": 0.0, "period": 240, "minutes": 5, "widths": "2D/1D/12h/6h"}
_SWING = _STILL | {"swing": 0.6}
ENTRIES = [
    Entry(
        "self_excitation",
        [
            {"posts": 500, "branching": 0.5, **_STILL},
            {"posts": 3000, "branching": 0.5, **_STILL},
            {"posts": 3000, "branching": 0.0, **_STILL},
            {"posts": 3000, "branching": 0.9, **(_STILL | {"minutes": 2})},
            {"posts": 3000, "branching": 0.5, **(_SWING | {"widths": "1D/12h/6h"})},
            {"posts": 3000, "branching": 0.5, **(_SWING | {"period": 24})},
            {"posts": 3000, "branching": 0.5, **(_STILL | {"widths": "6h/3h/1h/15min"})},
            {"posts": 3000, "branching": 0.0, **(_SWING | {"period": 24, "widths": "2D/1D/6h/1h"})},
        ],
        plant_hawkes,
        target="process",
        least="500 posts; steps hundreds of memories long, or it is not identified",
        slow=True,
    ),
    Entry(
        "self_excitation, invented corpus",
        [
            {"posts": 10000, "branching": 0.0, "memory": 2.0, "widths": "7D/1D/6h/1h/15min"},
            {"posts": 10000, "branching": 0.6, "memory": 2.0, "widths": "7D/1D/6h/1h/15min"},
        ],
        plant_branching,
        target="process",
        least="never on a curve that moves within the memory of the posts: it then says so",
        slow=True,
    ),
]
