"""What was measured of each estimate by planting a known share, or known people, a thousand times: kept as tables.

``benchmarks/recovery_disclosure.py --out src/analysis/methods`` measures them again, in some fifteen minutes.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd


def recovered(what: str = "shares") -> pd.DataFrame:
    """Give the bias and the coverage that were measured of each estimate.

    Parameters
    ----------
    what : {"shares", "people"}
        Estimates of a share of posts under three shifts, or of the number of people.

    Returns
    -------
    DataFrame
        Of shares: ``known``, how many posts with known answers there were, and then as
        :func:`analysis.methods.share_recovery.recover` gives it. Of people: ``planted`` (of the authors write
        disclosures now and then, 0 to 1), ``method``, ``true`` (have at least one, 0 to 1, on average), ``bias``,
        ``bias_error`` (its Monte Carlo standard error, all of these as shares of the authors), ``covered`` (missing
        where there is no interval), ``replicates``. Both: ``seed``, and ``measured``, the day on which it was (ISO
        8601).
    """
    return pd.read_csv(Path(__file__).with_name(f"recovered_{what}.csv"))
