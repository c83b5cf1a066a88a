"""Do the intervals of topics' shares over time hold what was planted? By authors, by copies, and by posts alone.

Run it with ``.venv/bin/python benchmarks/recovery_topics_time.py [--seeds 500]``; it prints its rows
as they are done, and writes them where ``--out`` says (CSV).
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from tqdm import tqdm

from analysis.intervals import wilson_interval
from analysis.topics import over_time

TOPICS = np.array(["topic 1", "topic 2", "topic 3", "none"])
#: The share of each topic on the first and on the last of the days, for those who write one post; busy people write
#: more of topic 3.
FIRST, LAST = np.array([0.50, 0.30, 0.03, 0.17]), np.array([0.20, 0.45, 0.03, 0.32])
BUSY = np.array([0.20, 0.20, 0.20, 0.40])
DAYS = 5
LOYAL = 3.0  # the sum of the Dirichlet parameters of an author's own mixture: the smaller, the more alike their posts
#: What is taken for independent; the first only where texts are copied.
WAYS = ("authors and copies", "authors alone", "posts alone")


def plant(seed: int, authors: int, loyal: float = LOYAL, copies: bool = False) -> pd.DataFrame:
    """Invent sorted posts of five days: on each, authors with a mixture of topics of their own, some of them busy.

    Of every fifty authors some (4 and more) post one text a day that goes round, in a topic drawn for it.
    """
    random = np.random.default_rng([seed, authors])
    parts = []
    for day in range(DAYS):
        activity = np.minimum(random.zipf(2.2, authors), 20)
        shares = np.array([random.dirichlet(loyal * planted_for(day, many)) for many in activity])
        who = np.repeat(np.arange(authors), activity)
        topic = (random.random((len(who), 1)) > shares[who].cumsum(axis=1)).sum(axis=1).clip(max=len(TOPICS) - 1)
        text = [f"{day} own {i}" for i in range(len(who))]
        if copies:
            sizes = 3 + np.minimum(random.zipf(1.8, authors // 50), 36)
            copiers = [random.choice(authors, min(size, authors), replace=False) for size in sizes]
            who = np.concatenate([who, *copiers])
            drawn = random.choice(len(TOPICS), len(sizes), p=planted_for(day, 1))
            topic = np.concatenate([topic, *(np.full(len(c), one) for c, one in zip(copiers, drawn, strict=True))])
            text += [f"{day} a text that many copied {i}" for i, c in enumerate(copiers) for _ in c]
        parts.append(pd.DataFrame({"topic": TOPICS[topic], "author": who.astype(str), "text": text, "day": day}))
    posts = pd.concat(parts, ignore_index=True)
    at = pd.Timestamp("2017-10-16T12:00Z").as_unit("us") + pd.to_timedelta(posts["day"], unit="D")
    return posts.assign(created_at=at.astype("datetime64[us, UTC]"))


def planted_for(day: int, many: int) -> np.ndarray:
    """Give the mean mixture of those who write so many posts that day."""
    part = day / (DAYS - 1)
    return BUSY if many >= 4 else (1 - part) * FIRST + part * LAST


def truth(copies: bool, authors: int = 400_000) -> pd.DataFrame:
    """Give the planted share of each topic's posts on each day: days down, topics across."""
    activity = np.minimum(np.random.default_rng(7).zipf(2.2, authors), 20)
    busy = activity >= 4
    copied = 3 + np.minimum(np.random.default_rng(8).zipf(1.8, authors // 50), 36)
    rows = []
    for day in range(DAYS):
        posts = planted_for(day, 1) * activity[~busy].sum() + BUSY * activity[busy].sum()
        posts = posts + planted_for(day, 1) * copied.sum() * copies
        rows.append(posts / posts.sum())
    return pd.DataFrame(rows, columns=TOPICS)


def coverage(seeds: int, sizes=(30, 100, 1000)) -> pd.DataFrame:
    """Hold the intervals of shares over time to what was planted.

    Parameters
    ----------
    seeds : int
        How many sets of posts are invented for each row.
    sizes : sequence of int
        Authors a day.

    Returns
    -------
    DataFrame
        A row for copied texts or none, authors a day, what is taken for independent and topic: ``planted`` (mean over
        days), ``bias`` and ``rmse`` of the share, ``covered``: how often its 95% interval holds the planted share, with
        the interval that the Monte Carlo error leaves (``from``, ``to``; days of one set are independent here), and its
        mean ``width``.
    """
    kinds = [(copies, authors, way) for copies in (False, True) for authors in sizes for way in WAYS[not copies :]]
    rows = []
    with tqdm(total=len(kinds) * seeds, unit="set", disable=None) as bar:
        for copies, authors, way in kinds:
            planted, parts = truth(copies), []
            for seed in range(seeds):
                parts.append(course(plant(seed, authors, copies=copies), way))
                bar.update()
            found = pd.concat(parts, ignore_index=True)
            day = (found["start"] - found["start"].min()).dt.days
            found["planted"] = planted.to_numpy()[day, pd.Index(TOPICS).get_indexer(found["topic"])]
            row = {"copies": copies, "authors": authors, "independent": way}
            some = pd.DataFrame([row | {"topic": topic} | judged(part) for topic, part in found.groupby("topic")])
            tqdm.write(some.round(3).to_string(index=False))
            rows.append(some)
    return pd.concat(rows, ignore_index=True)


def course(posts: pd.DataFrame, way: str) -> pd.DataFrame:
    """Give the shares over time, with one of three things taken for independent."""
    author = posts["author"] if way != "posts alone" else pd.Series(range(len(posts))).astype("str")
    text = posts["text"] if way == "authors and copies" else None
    return over_time(posts["topic"], posts["created_at"], author, text=text, k=0)


def judged(found: pd.DataFrame) -> dict:
    """Say how far shares are off and how often their intervals hold what was planted."""
    off = found["share"] - found["planted"]
    inside = found["low"].le(found["planted"]) & found["high"].ge(found["planted"])
    ends = wilson_interval(int(inside.sum()), len(found))
    return {
        "planted": found["planted"].mean(),
        "bias": off.mean(),
        "rmse": (off**2).mean() ** 0.5,
        "covered": ends["share"],
        "from": ends["low"],
        "to": ends["high"],
        "width": (found["high"] - found["low"]).mean(),
        "intervals": len(found),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=500, help="invented sets of posts a row")
    parser.add_argument("--out", type=Path, help="where to write the table, as CSV")
    asked = parser.parse_args()
    print("Shares of topics on a day, 95% promised:\n")
    table = coverage(asked.seeds)
    if asked.out:
        asked.out.parent.mkdir(parents=True, exist_ok=True)
        table.to_csv(asked.out, index=False, lineterminator="\n")
    print("\n" + table.round(3).to_string(index=False))
