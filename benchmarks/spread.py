"""Measure the estimates of the spread: counting beside pandas, and all that the lesson asks of a million posts.

Run it as ``.venv/bin/python benchmarks/spread.py [--ids N] [--posts N] [--repeats N]``, best with nothing else
running; the best of the repeats counts.

- 32 million times in memory (int64 microseconds behind ``created_at``) to counts by minute: ``spread.counts`` beside
  ``dt.floor`` with ``value_counts``, and ``count_ids`` on as many ids beside the same in pandas. All must agree.
- A million invented posts with authors, languages and kinds, over two months with a wave in it, one in ten of them
  deleted since: each estimate that lesson 03 makes of its posts, in turn, and the sum.
"""

import argparse
import time

import numpy as np
import pandas as pd

from analysis import spread
from analysis.engines.ids import count_ids
from analysis.methods.choices import relaxation_table, survivors
from analysis.methods.decay import relaxation
from analysis.methods.excitation import self_excitation
from analysis.methods.survival import bend, survival
from analysis.snowflake import first_id, post_time


def in_pandas(times):
    """Count by minute as one would in plain pandas."""
    counts = times.dt.floor("min").value_counts().sort_index()
    return pd.DataFrame({"start": counts.index, "posts": counts.to_numpy()})


def invented_ids(rows, seed=1):
    """Invent ids of three months, worker number 0, in no order."""
    random = np.random.default_rng(seed)
    first, last = (first_id(moment) // 2**22 for moment in ("2017-10-15", "2018-01-15"))
    return random.integers(first, last, rows) * 2**22 + random.integers(0, 2**12, rows)


def invented_posts(rows, seed=1):
    """Invent posts of two months: next to none for a month, a steep rise, a slow decay with a rhythm of the day."""
    random = np.random.default_rng(seed)
    hours = np.arange(-31 * 24, 31 * 24)
    rate = np.where(hours < 20, 0.002, np.where(hours < 28, 2.0 ** (hours - 28), 12 / np.maximum(hours - 16, 1)))
    rate = rate * (1 + 0.6 * np.sin(2 * np.pi * (hours - 9) / 24))
    hour = random.choice(hours, rows, p=rate / rate.sum())
    micros = hour * 3_600_000_000 + random.integers(0, 3_600_000_000, rows)
    created_at = pd.Series(pd.Timestamp("2017-10-15T00:00Z").as_unit("us") + pd.to_timedelta(micros, unit="us"))
    languages, kinds = ["en", "es", "fr", "sv"], ["original", "repost", "reply", "quote"]
    return pd.DataFrame(
        {
            "post_id": np.arange(rows).astype(str),
            "created_at": created_at.astype("datetime64[us, UTC]"),
            "author": random.integers(0, rows // 2, rows).astype(str),
            "lang": random.choice(languages, rows, p=[0.8, 0.1, 0.07, 0.03]),
            "kind": random.choice(kinds, rows),
        }
    )


def estimates(posts):
    """Give what the lesson asks, by name, each to be called."""
    hourly, daily = spread.counts(posts), spread.counts(posts, "1D")
    call, top, day = spread.CALL, spread.peak(hourly)["start"], pd.Timedelta("1D")
    first = top - day
    moments = posts["created_at"][posts["created_at"].between(first, first + 10 * day)].sort_values().iloc[:20_000]
    after = top + pd.Timedelta("1h")
    choices = {"starts": [after, after + day], "ends": [after + d * day for d in (10, 20, 30)], "origins": [top]}
    stayed = posts[np.random.default_rng(2).random(len(posts)) < 0.9]
    needed = ["post_id", "created_at", "kind", "lang"]
    measures = {
        "highest hour, share": lambda some: spread.peak(spread.counts(some[["created_at"]]))["share"],
        "half had come": lambda some: (some["created_at"].median() - call) / pd.Timedelta("1h"),
        "doubling": lambda some: spread.growth(some, call, call + pd.Timedelta("6h"))["doubling"],
        "14:00 to 20:00": lambda some: some["created_at"].dt.hour.between(14, 19).mean(),
        "replies": lambda some: some["kind"].eq("reply").mean(),
        "of two languages": lambda some: some["lang"].isin(["es", "sv"]).mean(),
    }
    return {
        "counts by minute": lambda: spread.counts(posts, "1min"),
        "counts by hour": lambda: spread.counts(posts),
        "counts by day, New York": lambda: spread.counts(posts, "1D", zone="America/New_York"),
        "counts by language": lambda: spread.counts(posts, by="lang"),
        "counts by kind": lambda: spread.counts(posts, by="kind"),
        "find_gaps": lambda: spread.find_gaps(hourly),
        "onset": lambda: spread.onset(posts),
        "peak": lambda: spread.peak(hourly),
        "around": lambda: spread.around(posts),
        "growth": lambda: spread.growth(posts, call, call + pd.Timedelta("6h")),
        "lasting": lambda: spread.lasting(posts),
        "jumps": lambda: spread.jumps(hourly, after=spread.peak(hourly)["start"]),
        "attention_class": lambda: spread.attention_class(posts),
        "bursts": lambda: spread.bursts(hourly, states=3),
        "change_points": lambda: spread.change_points(hourly, None),
        "rhythm of the day": lambda: spread.rhythm(hourly),
        "rhythm of the week": lambda: spread.rhythm(hourly, "week"),
        "waves": lambda: spread.waves(posts, "lang"),
        "relaxation_table, 24 fits": lambda: survivors(relaxation_table(hourly, **choices)),
        "self_excitation, its 20,000 posts": lambda: self_excitation(moments, ["7D", "1D", "6h", "1h"]),
        "relaxation by day": lambda: relaxation(daily, top.floor("D") + day, top.floor("D") + 22 * day),
        "effect_of, 10 events": lambda: [spread.effect_of(daily, call.floor("D") + d * day) for d in range(-1, 9)],
        "placebo_effects": lambda: spread.placebo_effects(daily, call.floor("D") + 3 * day),
        "survival": lambda: survival(stayed, posts, by="lang"),
        "bend, 6 measures, 40 draws": lambda: bend(stayed[needed], posts[needed], measures, draws=40),
    }


def best(function, repeats):
    """Give the least seconds of several calls, and what the last one gave."""
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        found = function()
        seconds.append(time.perf_counter() - start)
    return min(seconds), found


def main():
    """Measure and print two tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ids", type=int, default=32_000_000, help="ids and times in memory")
    parser.add_argument("--posts", type=int, default=1_000_000, help="posts for the estimates")
    parser.add_argument("--repeats", type=int, default=3)
    asked = parser.parse_args()
    ids = invented_ids(asked.ids)
    posts = pd.DataFrame({"created_at": post_time(ids)})
    routes = {
        "ids, count_ids": lambda: count_ids(ids),
        "times, spread.counts": lambda: spread.counts(posts, "1min"),
        "times, pandas": lambda: in_pandas(posts["created_at"]),
    }
    print(f"{asked.ids:,} in memory to counts by minute\n\n| from, by | seconds | times count_ids |\n|---|---:|---:|")
    sums, first = set(), None
    for route, function in routes.items():
        seconds, found = best(function, asked.repeats)
        first = first or seconds
        found = found[found["posts"] > 0]
        sums.add((len(found), int(found["posts"].sum()), int((found["posts"].astype("int64") ** 2).sum())))
        print(f"| {route} | {seconds:.2f} | {seconds / first:.1f} |", flush=True)
    if len(sums) > 1:
        raise SystemExit(f"the routes disagree: {sums}")
    million = invented_posts(asked.posts)
    print(f"\n{asked.posts:,} posts, each estimate\n\n| estimate | seconds |\n|---|---:|")
    total = 0.0
    for name, function in estimates(million).items():
        seconds, _ = best(function, 1)
        total += seconds
        print(f"| {name} | {seconds:.2f} |", flush=True)
    print(f"| all | {total:.2f} |")


if __name__ == "__main__":
    main()
