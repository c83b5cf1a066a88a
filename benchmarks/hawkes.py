"""How long the fit of a self-exciting process takes, beside the likelihood as its definition has it.

Run it with ``.venv/bin/python benchmarks/hawkes.py [--events 100000]``; it prints one table. The plain route is what
one would write first: the sum over all earlier events, in numpy, under a maximiser without slopes; its time grows with
the square of the events, so it is run on few.
"""

from __future__ import annotations

import argparse
from time import perf_counter

import numpy as np
import pandas as pd
from scipy.optimize import minimize

from analysis.methods.excitation import excitation_table
from analysis.methods.hawkes import simulate

BRANCHING, MEMORY = 0.5, 0.5  # hours
START = pd.Timestamp("2017-10-16", tz="UTC")


def planted(events: int) -> tuple[np.ndarray, float]:
    """Draw about so many events over days in which the base rate stands still; give them and the hours."""
    hours = 24.0 * 30
    return simulate([0.0, hours], [events * (1 - BRANCHING) / hours], BRANCHING, 1 / MEMORY, seed=1), hours


def quadratic_loglik(times, edges, base, branching, decay):
    """Give the log-likelihood as the definition has it, each event against all before it."""
    gaps = times[:, None] - times[None, :]
    earlier = np.tril(np.ones(gaps.shape, dtype=bool), -1)
    kernel = np.where(earlier, decay * np.exp(-decay * np.where(earlier, gaps, 0)), 0).sum(axis=1)
    step = np.clip(np.searchsorted(edges, times, side="right") - 1, 0, len(base) - 1)
    spent = (base * np.diff(edges)).sum() + branching * (1 - np.exp(-decay * (edges[-1] - times))).sum()
    return np.log(base[step] + branching * kernel).sum() - spent


def plain(at: np.ndarray, hours: float) -> np.ndarray:
    """Maximise the quadratic likelihood over base, branching and decay."""

    def down(x):
        base, branching, decay = np.exp(x)
        return -quadratic_loglik(at, np.array([0, hours]), np.array([base]), branching, decay)

    begin = np.log([len(at) / hours / 2, 0.3, 1.0])
    return np.exp(minimize(down, begin, method="Nelder-Mead", options={"xatol": 1e-3, "fatol": 1e-3}).x)


def timed(events: int, widths: list[str], quadratic: bool) -> list[dict]:
    """Fit one size by ours, and by the plain route where asked."""
    at, hours = planted(events)
    when = pd.Series(START + pd.to_timedelta(np.floor(at * 3.6e6), unit="ms"))
    window = {"start": START, "end": START + pd.Timedelta(hours=hours)}
    rows = []
    for width in widths:
        begun = perf_counter()
        row = excitation_table(when, [width], **window).iloc[0]
        seconds = perf_counter() - begun
        rows.append({"route": f"recursive, steps of {width}, with interval", "events": len(at), "seconds": seconds})
        rows[-1] |= {"branching": row["branching"], "memory, hours": row["memory"]}
    if quadratic:
        begun = perf_counter()
        _, branching, decay = plain(at, hours)
        rows.append({"route": "quadratic, one step, no interval", "events": len(at), "seconds": perf_counter() - begun})
        rows[-1] |= {"branching": branching, "memory, hours": 1 / decay}
    return rows


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--few", type=int, default=2_000, help="events for the quadratic likelihood")
    asked = parser.parse_args()
    timed(500, ["30D"], quadratic=False)  # numba compiles once
    table = timed(asked.few, ["30D"], quadratic=True) + timed(asked.events, ["30D", "1D", "1h"], quadratic=False)
    print(pd.DataFrame(table).round(3).to_string(index=False))
