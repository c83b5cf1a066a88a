"""Do the estimators of the spread find what was planted? Bias, root mean square error, coverage of the 95% intervals.

Run it with ``.venv/bin/python benchmarks/recovery_spread.py [--only growth peak] [--fast 1000] [--slow 200]``; it
prints one table and writes it where ``--out`` says (CSV). ``--quick`` plants a few of each, to see that it runs.
The entries stand in ``benchmarks/recovery/``, a small module for each group of estimators.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd
from recovery.frame import entries, recover


def main() -> None:
    """Plant, estimate, print and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="*", default=[], metavar="NAME", help="these estimators alone")
    parser.add_argument("--fast", type=int, default=1000, help="replicates of a cell for fast estimators")
    parser.add_argument("--slow", type=int, default=200, help="replicates of a cell for slow ones")
    parser.add_argument("--quick", action="store_true", help="three replicates of each cell")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, help="where to write the table, as CSV")
    asked = parser.parse_args()
    fast, slow = (3, 3) if asked.quick else (asked.fast, asked.slow)
    table = recover(entries(asked.only), fast=fast, slow=slow, seed=asked.seed)
    if asked.out:
        asked.out.parent.mkdir(parents=True, exist_ok=True)
        table.to_csv(asked.out, index=False, lineterminator="\n")
    shown = table.drop(columns="least").round({"posts": 0, "given": 3, "truth": 3, "covered": 3, "error": 3, "open": 3})
    with pd.option_context("display.width", 250, "display.max_colwidth", 60, "display.max_rows", None):
        print(shown.round({"bias": 4, "rmse": 4}).to_string(index=False))
    least = table.drop_duplicates("estimator").set_index("estimator")["least"]
    print("\nNot to be used below:", "; ".join(f"{name}: {words}" for name, words in least.items()))
    missed = table[table["fine"] == "no"]
    print(f"\n{(table['fine'] == 'yes').sum()} coverages within 3 points of 95% (two Monte Carlo errors granted), "
          f"{len(missed)} not: {'; '.join(missed['estimator'] + ' ' + missed['planted'])}")  # fmt: skip


if __name__ == "__main__":
    main()
