"""Measure how fast the corpus is invented, in how much memory, and that the bytes never depend on the way.

Run it as ``.venv/bin/python benchmarks/corpus.py [--posts N] [--processes N]``, best with nothing else running. It
writes into a temporary folder.

- whole: ``invent_to`` a million authored posts (and the reposts on top) to disk on two processes: seconds, and the
  memory of all processes together, polled every tenth of a second as the proportional share of each (Linux alone);
- beside: what one would write instead, a loop that picks a template for each post with one random stream, and
  ``DataFrame.to_csv``: no threads, no ids, no truth but the template's name, and it holds everything in memory;
- bytes: a smaller corpus in memory, and streamed in chunks of several sizes by one process and by two, compared.
"""

import argparse
import hashlib
import random
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd
from memory import Memory

from analysis.posts import save_posts
from analysis.synthetic import bank, invent, invent_to


def plain_loop(path: Path, posts: int) -> None:
    """Write posts as one would without the generator: a template and a tag each, all in memory, one to_csv."""
    templates = [
        (f"{stance}/{name}", bank.spelt(variant[0])[0] if variant else "")
        for (stance, _), parts in bank.load().families.items()
        for families in parts.values()
        for name, variants in families
        for variant in variants
    ]
    draw = random.Random(1)
    rows = []
    for number in range(posts):
        name, text = draw.choice(templates)
        when = 1_508_025_600_000 + draw.randrange(31 * 86_400_000)
        rows.append({"post_id": number, "created_at": when, "text": f"{text} #MeToo", "family": name})
    pd.DataFrame(rows).sort_values("created_at").to_csv(path, index=False)


def digest(folder: Path) -> str:
    """Return the SHA-256 of posts.csv and truth.csv together."""
    return hashlib.sha256(b"".join((folder / name).read_bytes() for name in ("posts.csv", "truth.csv"))).hexdigest()


def main() -> int:
    """Measure, print, and fail where the bytes differ."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--posts", type=int, default=1_000_000)
    asked.add_argument("--processes", type=int, default=2)
    asked = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        with Memory() as memory:
            began = time.perf_counter()
            planted = invent_to(folder / "whole", asked.posts, processes=asked.processes)
            seconds = time.perf_counter() - began
        print(f"whole: {asked.posts:,} authored posts, {planted['rows']:,} rows, {asked.processes} processes: ", end="")
        print(f"{seconds:.1f} s, {memory.peak:,.0f} MiB")
        began = time.perf_counter()
        plain_loop(folder / "plain.csv", asked.posts)
        print(f"beside: a plain loop over templates: {time.perf_counter() - began:.1f} s")
        posts, truth = invent(7_000)
        (folder / "memory").mkdir()
        save_posts(posts, folder / "memory" / "posts.csv")
        truth.to_csv(folder / "memory" / "truth.csv", index=False, lineterminator="\n")
        digests = {digest(folder / "memory")}
        for chunk, processes in ((100, 1), (999, 2), (10**6, 1)):
            invent_to(folder / "again", 7_000, chunk=chunk, processes=processes)
            digests.add(digest(folder / "again"))
        print(
            f"bytes: {'the same' if len(digests) == 1 else 'DIFFERENT'} in memory and in chunks of 100, 999, 1,000,000"
        )
    return int(len(digests) > 1)


if __name__ == "__main__":
    sys.exit(main())
