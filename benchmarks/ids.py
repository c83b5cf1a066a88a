"""Measure the way from a list of post ids to counts by minute: its time, its memory, and whether damage is found.

Run it as ``.venv/bin/python benchmarks/ids.py [--rows N] [--in-memory N] [--repeats N]``, best with nothing else
running. It makes files of invented ids in a temporary folder, and each route goes through them in a process of its
own, ``--repeats`` times in turn; the best time counts, imports aside, and the peak memory of the process.

From a CSV (10 million ids under a header, in no order) to counts by minute:

- ours: ``read_ids`` and ``count_ids``, which find and count every rounded or malformed id;
- as text: what is as safe in pandas, ``read_csv(dtype=str)``, two patterns, then whole numbers and counts in pandas;
- unsafe: ``read_csv`` straight into whole numbers, which turns all ids into floats when one is rounded, and counts in
  pandas; and once more with our counting, so that only the reading differs;
- pyarrow: ``read_csv(engine="pyarrow")``, unsafe too, with our counting.

The same for a file with one rounded and one malformed id in every million lines, for the two routes that are safe.

In memory (32 million ids as int64) to counts by minute: ``count_ids`` beside the plain pandas way.

All routes have to agree on the counts, and the safe ones on the damage, or the run fails.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
import zlib
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import csv

from analysis.collect.ids import read_ids
from analysis.engines.ids import count_ids
from analysis.snowflake import EPOCH_MS, first_id

ROUTES = {
    "file": ["ours", "as text", "unsafe", "unsafe, our counting", "pyarrow, our counting"],
    "damaged file": ["ours", "as text"],
    "memory": ["ours", "pandas"],
}


def count_in_pandas(ids):
    """Count by minute as one would in plain pandas."""
    times = pd.to_datetime(ids // 2**22 + EPOCH_MS, unit="ms", utc=True)
    counts = times.dt.floor("min").value_counts().sort_index()
    return pd.DataFrame({"start": counts.index, "posts": counts.to_numpy()})


def read_ours(path):
    """Read with our reader: the counts, and how many ids were rounded and malformed."""
    found = read_ids(path)
    return count_ids(found.ids), len(found.rounded), len(found.malformed)


def read_as_text(path):
    """Read as text and check each id: as safe, in plain pandas."""
    ids = pd.read_csv(path, dtype=str)["tweet_id"]
    sound = ids.str.fullmatch("[1-9][0-9]{0,18}")
    rounded = ids[~sound].str.fullmatch(r"[0-9]+([.,][0-9]*)?[eE]\+?[0-9]+|[0-9]+\.[0-9]*")
    return count_in_pandas(ids[sound].astype("int64")), int(rounded.sum()), int((~rounded).sum())


FROM_FILE = {
    "ours": read_ours,
    "as text": read_as_text,
    "unsafe": lambda path: (count_in_pandas(pd.read_csv(path)["tweet_id"]), 0, 0),
    "unsafe, our counting": lambda path: (count_ids(pd.read_csv(path)["tweet_id"]), 0, 0),
    "pyarrow, our counting": lambda path: (count_ids(pd.read_csv(path, engine="pyarrow")["tweet_id"]), 0, 0),
}
FROM_MEMORY = {"ours": count_ids, "pandas": lambda ids: count_in_pandas(pd.Series(ids))}


def invented_ids(rows, seed=1):
    """Invent ids of three months, worker number 0, in no order."""
    random = np.random.default_rng(seed)
    first, last = (first_id(time) // 2**22 for time in ("2017-10-15", "2018-01-15"))
    return random.integers(first, last, rows) * 2**22 + random.integers(0, 2**12, rows)


def write_files(folder, rows):
    """Write a sound file and a damaged one."""
    ids = invented_ids(rows)
    csv.write_csv(pa.table({"tweet_id": ids}), folder / "file.csv")
    texts = pa.array(ids).cast(pa.string()).to_numpy(zero_copy_only=False)
    texts[500_000::1_000_000] = "9.19E+17"
    texts[700_000::1_000_000] = "0" + texts[700_000::1_000_000]
    options = csv.WriteOptions(quoting_style="none")
    csv.write_csv(pa.table({"tweet_id": pa.array(texts, pa.string())}), folder / "damaged file.csv", options)


def take_route(stage, route, source):
    """Go one route in a process of its own, which starts small; print what it took and what it found, as JSON."""
    if stage == "write":
        return write_files(Path(source), int(route))
    if stage == "memory":
        ids = invented_ids(int(source))
        start = time.perf_counter()
        counts, rounded, malformed = FROM_MEMORY[route](ids), 0, 0
    else:
        start = time.perf_counter()
        counts, rounded, malformed = FROM_FILE[route](Path(source))
    seconds = time.perf_counter() - start
    counts = counts[counts["posts"] > 0]
    content = counts["start"].to_numpy("M8[us]").tobytes() + counts["posts"].to_numpy("int64").tobytes()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e9 if sys.platform == "darwin" else 1e6)
    found = {"counts": zlib.crc32(content), "rounded": rounded, "malformed": malformed}
    print(json.dumps({"seconds": seconds, "peak": peak, "found": found}))


def compare(stage, source, repeats):
    """Go all routes of a stage in turn, and print the best of each beside the others."""
    runs = {route: [] for route in ROUTES[stage]}
    for _ in range(repeats):
        for route, done in runs.items():
            command = [sys.executable, __file__, "--route", stage, route, str(source)]
            done.append(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))
    found = [run["found"] for done in runs.values() for run in done]
    if any(other != found[0] for other in found):
        raise SystemExit(f"the routes disagree: {found}")
    ours = min(run["seconds"] for run in runs["ours"])
    for route, done in runs.items():
        seconds = min(run["seconds"] for run in done)
        peak = min(run["peak"] for run in done)
        print(f"| {stage} | {route} | {seconds:.2f} | {peak:.2f} | {seconds / ours:.1f} |", flush=True)
    return found[0]


def main():
    """Measure all routes and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=10_000_000, help="ids in the file")
    parser.add_argument("--in-memory", type=int, default=32_000_000, help="ids in memory")
    parser.add_argument("--repeats", type=int, default=4)
    parser.add_argument("--route", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.route:
        return take_route(*options.route)
    print(f"{options.rows:,} ids in a file, {options.in_memory:,} in memory, to counts by minute\n")
    print("| from | route | seconds | peak GB | times ours |\n|---|---|---:|---:|---:|")
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, __file__, "--route", "write", str(options.rows), folder], check=True)
        compare("file", Path(folder, "file.csv"), options.repeats)
        damage = compare("damaged file", Path(folder, "damaged file.csv"), options.repeats)
    compare("memory", options.in_memory, options.repeats)
    print(f"\nAll routes agree. In the damaged file: {damage['rounded']} rounded, {damage['malformed']} malformed.")


if __name__ == "__main__":
    main()
