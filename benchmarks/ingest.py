"""Measure reading big files: one million v1.1 tweets beside the usual way, five million for memory, 32 million ids.

The usual way is a ``json.loads`` loop and ``pandas.json_normalize``, which protects nobody and accounts for nothing.
Everything is invented here and measured in processes of its own. Run with ``python benchmarks/ingest.py [--quick]``;
about 8 GB of disk and 10 GB of memory are needed (the memory for the usual way).
"""

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

FIRST = 919659437487030272
WORDS = "the of and to me too women men story work boss never again told voice street school friend power"
WORDS = WORDS.split()


def write_tweets(path, count):
    """Write invented tweets in the shape of v1.1, a gigabyte a million."""
    rng = random.Random(1)
    with path.open("w") as stream:
        for number in range(count):
            post_id, user = FIRST + (number * 3000 << 22), rng.randrange(300_000)
            text = " ".join(rng.choices(WORDS, k=rng.randrange(3, 25))) + " #MeToo"
            text = f"@invented_{user:07d} {text}" if rng.random() < 0.3 else text
            text = f"{text} https://link.example/{rng.randrange(10**7)}" if rng.random() < 0.3 else text
            parent = str(FIRST + (rng.randrange(number + 1) << 22)) if rng.random() < 0.2 else None
            tweet = {
                "created_at": time.strftime("%a %b %d %H:%M:%S +0000 %Y", time.gmtime(1508098871 + 3 * number)),
                "id": post_id, "id_str": str(post_id), "full_text": text, "truncated": False,
                "display_text_range": [0, len(text)],
                "entities": {"hashtags": [{"text": "MeToo", "indices": [3, 9]}], "symbols": [], "user_mentions": []},
                "source": '<a href="https://link.example" rel="nofollow">invented app</a>',
                "in_reply_to_status_id": parent and int(parent), "in_reply_to_status_id_str": parent,
                "in_reply_to_user_id": None, "in_reply_to_user_id_str": None, "in_reply_to_screen_name": None,
                "user": {
                    "id": user, "id_str": str(user), "name": "Invented 💜", "screen_name": f"invented_{user:07d}",
                    "location": "Invented", "description": "invented words about oneself", "followers_count": 10,
                    "friends_count": 5, "created_at": "Mon Nov 29 21:18:15 +0000 2010", "verified": False, "lang": "en",
                },
                "geo": None, "coordinates": None, "place": None, "contributors": None, "is_quote_status": False,
                "retweet_count": rng.randrange(50), "favorite_count": rng.randrange(100), "favorited": False,
                "retweeted": False, "lang": "en",
            }  # fmt: skip
            stream.write(json.dumps(tweet) + "\n")


def write_ids(path, count):
    """Write ids in no order, one a line."""
    import pyarrow as pa
    from pyarrow import csv

    rng = np.random.default_rng(1)
    ids = (rng.integers(0, 10**10, count) + (FIRST >> 22) << 22) + np.arange(count) % 4096
    csv.write_csv(pa.table({"id": ids}), path, csv.WriteOptions(quoting_style="none"))


def usual_way(path):
    """Read JSON lines as one would."""
    import pandas as pd

    with open(path, encoding="utf-8") as stream:  # noqa: PTH123
        return len(pd.json_normalize([json.loads(line) for line in stream]))


def our_way(path):
    """Read them with all protections on."""
    from analysis.collect.ingesting import ingest
    from analysis.collect.keys import Key

    report = ingest(path, Path(path).with_name("posts.parquet"), key_file=Key(b"k" * 32))
    assert report["read"] == report["kept"] + report["duplicates"] + report["refused"]
    return report["read"]


def measured(way, path):
    """Run a way in a process of its own: seconds of the clock and of the processors, and the most memory (GiB)."""
    run = subprocess.run(
        [sys.executable, __file__, "--way", way, str(path)], check=True, capture_output=True, text=True
    )
    return json.loads(run.stdout)


def report(name, found):
    """Print a line of the table."""
    times = f"{found['seconds']:8.1f} s {found['cpu']:8.1f} s cpu"
    print(f"{name:42} {times} {found['gib']:7.2f} GiB {found['rows']:12,} rows", flush=True)


def main():
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of everything")
    parser.add_argument("--way", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.way:
        way, path = options.way
        started = time.perf_counter()
        rows = {"usual": usual_way, "ours": our_way}[way](path)
        used = resource.getrusage(resource.RUSAGE_SELF)
        found = {"seconds": time.perf_counter() - started, "cpu": used.ru_utime + used.ru_stime}
        print(json.dumps({**found, "gib": used.ru_maxrss / 2**20, "rows": rows}))
        return
    share = 10 if options.quick else 1
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "tweets.jsonl")
        write_tweets(path, 1_000_000 // share)
        ours, usual = measured("ours", path), measured("usual", path)
        report("tweets, ours", ours)
        report("tweets, json.loads + json_normalize", usual)
        print(
            f"{usual['seconds'] / ours['seconds']:.1f} times as fast, in {ours['gib'] / usual['gib']:.0%} of the memory"
        )
        write_tweets(path, 5_000_000 // share)
        report("five times as many tweets, ours", measured("ours", path))
        path.unlink()
        path = Path(folder, "ids.txt")
        write_ids(path, 32_000_000 // share)
        report("ids, ours", measured("ours", path))


if __name__ == "__main__":
    main()
