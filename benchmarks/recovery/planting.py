"""What several scripts plant: counts around a known curve, independent or in clumps, and events that spark others."""

from __future__ import annotations

import numpy as np
import pandas as pd


def scattered(random: np.random.Generator, mean: np.ndarray, size: float = np.inf) -> np.ndarray:
    """Draw counts around a curve: Poisson, or negative binomial of a size (variance ``mean + mean**2 / size``)."""
    mean = np.asarray(mean, dtype=float)
    return random.poisson(mean if np.isinf(size) else mean * random.gamma(size, 1 / size, mean.shape))


def table_of(counts: np.ndarray, every: str = "1h", start: str = "2017-10-09T00:00Z") -> pd.DataFrame:
    """Make a table of counts."""
    return pd.DataFrame({"start": pd.date_range(start, periods=len(counts), freq=every, unit="us"), "posts": counts})


def simulate(edges, base, branching: float, decay: float, seed: int) -> np.ndarray:
    """Draw the events of a process on ``[edges[0], edges[-1])``, in order.

    By families (Hawkes & Oakes 1974, *J. Appl. Prob.* 11, 493): events of the base, whose rate is given for each step
    between two edges, and what each of them sparks after a mean delay of ``1 / decay``.
    """
    random, edges = np.random.default_rng(seed), np.asarray(edges, dtype=float)
    counts = random.poisson(np.asarray(base) * np.diff(edges))
    born = np.repeat(edges[:-1], counts) + random.random(counts.sum()) * np.repeat(np.diff(edges), counts)
    all_of = [born]
    while born.size:
        parent = np.repeat(born, random.poisson(branching, born.size))
        born = parent + random.exponential(1 / decay, parent.size)
        born = born[born < edges[-1]]
        all_of.append(born)
    return np.sort(np.concatenate(all_of))
