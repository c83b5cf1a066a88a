"""The frame of a recovery table: entries plant a truth many times, and what the estimators say is held to it.

An entry is one estimator: its planted cells, and a function that plants one of them with a random generator and
estimates. To add one, write a module in this folder with a list ``ENTRIES``; it is found by itself.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import numpy as np
import pandas as pd
from tqdm import tqdm

#: Coverage of a 95% interval is fine where it lies within this of 0.95, the Monte Carlo error (two of it) granted.
WITHIN = 0.03


@dataclass(frozen=True)
class Found:
    """What one replicate gave for one quantity: the truth, the estimate, its 95% interval, and the posts behind it.

    Without an estimate (NaN) it counts as withheld: it lowers ``given`` and nothing else. Without an interval
    (both ends NaN) the quantity has no coverage, such as the share of false alarms.
    """

    quantity: str
    truth: float
    estimate: float
    low: float = math.nan
    high: float = math.nan
    posts: float = math.nan


@dataclass(frozen=True)
class Entry:
    """One estimator with its planted cells.

    Parameters
    ----------
    name : str
        Of the estimator, as it is called: ``growth``.
    cells : sequence of mapping
        The planted settings, each a mapping of short names to values; they are written out in the table.
    plant : callable
        Takes a cell and a ``numpy.random.Generator``; plants, estimates and gives the :class:`Found` of a replicate.
    target : {"process", "corpus"}
        What the interval is for: the process behind the posts, or the finite set of posts itself.
    least : str
        The sample size below which it should not be used, in words; a cell at that size stands in the table.
    slow : bool
        200 replicates instead of 1,000.
    at_least : bool
        The interval promises 95% or more and not 95%, as that of a maximum does: more is fine too.
    """

    name: str
    cells: Sequence[Mapping]
    plant: Callable[[Mapping, np.random.Generator], Sequence[Found]]
    target: str
    least: str
    slow: bool = False
    at_least: bool = False


def entries(wanted: Sequence[str] = ()) -> list[Entry]:
    """Find all entries of this folder's modules, or those of the wanted names, in the order of modules."""
    here = Path(__file__).parent
    modules = sorted(found.name for found in iter_modules([str(here)]) if found.name not in ("frame", "planting"))
    found = [entry for name in modules for entry in import_module(f"recovery.{name}").ENTRIES]
    unknown = set(wanted) - {entry.name for entry in found}
    if unknown:
        raise SystemExit(f"no entry {', '.join(sorted(unknown))}; there are {', '.join(e.name for e in found)}")
    return [entry for entry in found if not wanted or entry.name in wanted]


def recover(chosen: Sequence[Entry], *, fast: int, slow: int, seed: int = 1) -> pd.DataFrame:
    """Plant every cell again and again and hold what is found to what was planted.

    Parameters
    ----------
    chosen : sequence of Entry
    fast, slow : int
        Replicates of a cell for fast and for slow estimators.
    seed : int
        Replicate r of a cell is drawn from its own generator, made of the seed, the entry's and cell's words, and r.

    Returns
    -------
    DataFrame
        One row for each estimator, cell and quantity, as :func:`row` gives it.
    """
    rows = []
    total = sum(len(entry.cells) * (slow if entry.slow else fast) for entry in chosen)
    with tqdm(total=total, disable=None, unit="replicate") as bar:
        for entry in chosen:
            for cell in entry.cells:
                words = " ".join(f"{name}={value}" for name, value in cell.items())
                found = []
                for replicate in range(slow if entry.slow else fast):
                    key = [seed, replicate, *f"{entry.name} {words}".encode()]
                    found += entry.plant(cell, np.random.default_rng(key))
                    bar.update()
                table = pd.DataFrame(found)
                for quantity, part in table.groupby("quantity", sort=False):
                    about = {"estimator": entry.name, "planted": words, "quantity": quantity}
                    promised = {"target": entry.target, "least": entry.least}
                    rows.append({**about, **row(part, entry.at_least), **promised})
    return pd.DataFrame(rows)


def row(found: pd.DataFrame, at_least: bool = False) -> dict:
    """Hold the replicates of one quantity to the truth.

    Returns
    -------
    dict
        ``posts`` (mean number of posts or events of a replicate), ``replicates``, ``given`` (share of them in which a
        number was given), ``truth`` (mean), ``bias`` and ``rmse`` (in the quantity's own unit), ``covered`` (share of
        the 95% intervals given that hold the truth), ``error`` (Monte Carlo standard error of that share), ``fine``
        ("yes" where it lies within 3 points of 95%, two Monte Carlo errors granted, or above where that is promised;
        "no"; or "" without intervals).
        An interval that reaches to infinity counts as it stands; ``open`` is the share of them.

    Examples
    --------
    >>> one = pd.DataFrame({"truth": [1.0, 1.0], "estimate": [1.5, 0.9], "low": [1.1, 0.5], "high": [2.0, 1.2]})
    >>> found = row(one.assign(posts=10.0))
    >>> round(found["bias"], 9), found["covered"], found["fine"]
    (0.2, 0.5, 'yes')
    """
    given = found[found["estimate"].notna()]
    miss = given["estimate"] - given["truth"]
    ends = given.dropna(subset=["low", "high"])
    n = len(ends)
    rmse = math.sqrt((miss**2).mean()) if len(given) else math.nan
    covered = float(ends["truth"].between(ends["low"], ends["high"]).mean()) if n else math.nan
    error = math.sqrt(max(covered * (1 - covered), 0.95 * 0.05 / n) / n) if n else math.nan
    off = max(0.95 - covered, 0.0) if at_least else abs(covered - 0.95)
    return {
        "posts": found["posts"].mean(), "replicates": len(found), "given": len(given) / len(found),
        "truth": given["truth"].mean(), "bias": miss.mean(), "rmse": rmse,
        "covered": covered, "error": error, "open": float(np.isinf(ends[["low", "high"]]).any(axis=1).mean()),
        "fine": "" if not n else "yes" if off <= WITHIN + 2 * error else "no",
    }  # fmt: skip
