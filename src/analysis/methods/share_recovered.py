"""What was measured of each estimate by planting a known share, or known people, a thousand times: kept as tables.

``benchmarks/recovery_disclosure.py --out src/analysis/methods`` measures them again. It takes some fifteen minutes, or
less in pieces (``--shift``, ``--people``), each of which renews its own rows.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

#: What tells the rows of each table apart.
KEYS = {"shares": ["known", "shift", "planted", "method"], "people": ["planted", "method"]}


def recovered(what: str = "shares", folder: str | Path | None = None) -> pd.DataFrame:
    """Give the bias and the coverage that were measured of each estimate.

    Parameters
    ----------
    what : {"shares", "people"}
        Estimates of a share of posts under three shifts, or of the number of people.
    folder : str or Path, optional
        Where ``recovered_shares.csv`` and ``recovered_people.csv`` lie; by default those of the package.

    Returns
    -------
    DataFrame
        Of shares: ``known``, how many posts with known answers there were, and then as
        :func:`analysis.methods.share_recovery.recover` gives it. Of people: ``planted`` (of the authors write
        disclosures now and then, 0 to 1), ``method``, ``true`` (have at least one, 0 to 1, on average), ``bias``,
        ``bias_error`` (its Monte Carlo standard error, all of these as shares of the authors), ``covered`` (missing
        where there is no interval), ``replicates``. Both: ``seed``, and ``measured``, the day on which it was (ISO
        8601).

    Examples
    --------
    >>> shares = recovered("shares")
    >>> sorted(set(shares["shift"]))
    ['new phrasing', 'other mix', 'other shares']
    """
    folder = Path(__file__).parent if folder is None else Path(folder)
    return pd.read_csv(folder / f"recovered_{what}.csv")


def keep(what: str, measured: pd.DataFrame, folder: str | Path) -> Path:
    """Write what was measured into its table, in the place of what stood there for the same cells.

    The file is sorted, so that the order in which pieces were measured does not matter.
    """
    path, keys = Path(folder) / f"recovered_{what}.csv", KEYS[what]
    table = measured
    if path.is_file():
        old = recovered(what, folder)
        again = old.set_index(keys).index.isin(measured.set_index(keys).index)
        table = pd.concat([old[~again], measured])
    order = [*keys, *measured.columns.difference(keys, sort=False)]
    table[order].sort_values(keys).round(6).to_csv(path, index=False, lineterminator="\n")
    return path
