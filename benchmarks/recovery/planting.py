"""What several scripts plant: counts around a known curve, independent or in clumps."""

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
