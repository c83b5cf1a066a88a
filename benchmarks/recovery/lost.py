"""What ids lose: the share of deleted posts, where authors delete much or little of what they wrote."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.methods.survival import bend, survival
from recovery.frame import Entry, Found


def plant_survival(cell, random) -> list[Found]:
    """Plant authors with one post or many, who delete each with a chance of their own; ask for the share gone."""
    many = np.minimum(random.zipf(2.2, cell["authors"]), 50)
    alike, share = cell["alike"], cell["share"]
    if alike:
        own = random.beta(share * (1 / alike - 1), (1 - share) * (1 / alike - 1), cell["authors"])
    else:
        own = np.full(cell["authors"], share)
    who = np.repeat(np.arange(cell["authors"]), many)
    gone = random.random(len(who)) < own[who]
    if gone.all():
        gone[0] = False
    then = pd.DataFrame({"post_id": np.arange(len(who)).astype(str), "author": who.astype(str)})
    found = survival(then[~gone], then, None, k=0).iloc[0]
    return [Found("share gone", share, found["share"], found["low"], found["high"], len(who))]


def plant_bend(cell, random) -> list[Found]:
    """Plant a loss that strikes one kind of post `odds` times as often; ask whether its share is called bent."""
    told = random.random(cell["posts"]) < 0.3
    chance = np.where(told, 0.3 * cell["odds"], 0.3)
    gone = random.random(cell["posts"]) < chance
    then = pd.DataFrame({"post_id": np.arange(cell["posts"]).astype(str), "told": told})
    found = bend(
        then[~gone], then, {"share": lambda posts: posts["told"].mean()}, seed=int(random.integers(2**31))
    ).iloc[0]
    even = cell["odds"] == 1
    return [Found("called bent by chance" if even else "called bent", 0.05 if even else 1.0, float(found["bent"]))]


ENTRIES = [
    Entry(
        "survival",
        [
            {"authors": 30, "share": 0.35, "alike": 0.5},
            {"authors": 100, "share": 0.35, "alike": 0.5},
            {"authors": 1000, "share": 0.35, "alike": 0.5},
            {"authors": 100, "share": 0.35, "alike": 0},
            {"authors": 100, "share": 0.05, "alike": 0.3},
            {"authors": 300, "share": 0.05, "alike": 0.3},
        ],
        plant_survival,
        target="process",
        least="30 authors in a group",
    ),
    Entry(
        "bend",
        [{"posts": 1000, "odds": 1.0}, {"posts": 1000, "odds": 1.5}],
        plant_bend,
        target="corpus",
        least="200 posts",
        slow=True,
    ),
]
