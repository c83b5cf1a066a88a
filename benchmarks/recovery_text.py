"""Do the text lessons find what was planted? Coverage of the sentiment intervals, and topics on invented corpora.

Run it with ``.venv/bin/python benchmarks/recovery_text.py [--seeds 200] [--corpora 20]``; it prints two tables.
"""

from __future__ import annotations

import argparse

import numpy as np
import pandas as pd
from sklearn.decomposition import NMF
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import adjusted_mutual_info_score

from analysis.corpus import invent
from analysis.estimate import wilson
from analysis.sentiment import over_time
from analysis.topics import NONE, content_words, fit

SHARE = 0.35  # planted share of negative posts


def plant_moods(seed: int, authors: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Invent scored posts of four days: authors lean one way, and a few of them write much."""
    random = np.random.default_rng(seed)
    who = np.repeat(np.arange(authors), np.minimum(random.zipf(2.2, authors), 20))
    leaning = np.where(random.random(authors) < 0.5, SHARE + 0.2, SHARE - 0.2)[who]
    compound = np.where(random.random(len(who)) < leaning, -0.5, random.choice([0.0, 0.5], len(who)))
    day = pd.to_timedelta(random.integers(0, 4, len(who)), unit="D")
    start = pd.Timestamp("2017-10-15T08:00", tz="UTC").as_unit("us")
    posts = pd.DataFrame(
        {"created_at": start + day, "author": who.astype(str), "text": np.arange(len(who)).astype(str)}
    )
    return posts, pd.DataFrame({"compound": compound})


def coverage(seeds: int) -> pd.DataFrame:
    """Count how often the 95% interval of a day's negative share holds the planted one, drawing authors or posts."""
    rows = []
    for authors in (100, 200, 800):
        for drawn in ("authors", "posts"):
            inside, active = [], []
            for seed in range(seeds):
                posts, scores = plant_moods(seed, authors)
                who = posts["author"] if drawn == "authors" else posts["text"]
                days = over_time(posts.assign(author=who), scores, draws=400, seed=seed)
                active += over_time(posts, scores, draws=1, seed=seed)["authors"].tolist()
                days = days[days["enough"]]
                inside += ((days["negative_low"] <= SHARE) & (days["negative_high"] >= SHARE)).tolist()
            ends = wilson(sum(inside), len(inside))
            rows.append((round(np.mean(active)), drawn, len(inside), ends["share"], ends["low"], ends["high"]))
    return pd.DataFrame(rows, columns=["authors a day", "drawn", "intervals", "covered", "low", "high"])


def recovery(corpora: int, k: int = 8) -> pd.DataFrame:
    """Agree (AMI) with each thing planted in the detailed disclosures of new corpora, ours beside the plain route."""
    rows = []
    for seed in range(1, corpora + 1):
        posts, truth = invent(4000, seed=seed)
        told = posts.merge(truth, on="post_id")
        detail = told[told["stance"] == "detail"]
        detail = detail[~detail["text"].map(content_words).duplicated()]
        found = fit(detail["text"], k, seed=seed)
        ours = found.assign(detail["text"])["topic"]
        plain = NMF(k, init="nndsvda", random_state=seed, max_iter=2000).fit_transform(
            TfidfVectorizer(stop_words="english").fit_transform(detail["text"])
        )
        for method, groups in (("ours", ours), ("plain TF-IDF + NMF", plain.argmax(axis=1))):
            for planted in ("topic", "act", "place", "person"):
                rows.append((method, planted, adjusted_mutual_info_score(detail[planted], groups)))
        other = told.loc[told["stance"] != "detail", "text"]
        rows.append(("ours", "none, of detailed disclosures", (ours == NONE).mean()))
        rows.append(("ours", "none, of all other posts", (found.assign(other)["topic"] == NONE).mean()))
    table = pd.DataFrame(rows, columns=["method", "against", "value"]).groupby(["against", "method"])["value"]
    spread = 1.96 * table.std() / np.sqrt(corpora)
    return pd.DataFrame({"mean": table.mean(), "low": table.mean() - spread, "high": table.mean() + spread})


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=200, help="invented sets of posts a row of the first table")
    parser.add_argument("--corpora", type=int, default=20, help="invented corpora of 4,000 posts for the second table")
    asked = parser.parse_args()
    print(f"A day's share of negative posts, {SHARE:.0%} planted, 95% promised:\n")
    print(coverage(asked.seeds).round(3).to_string(index=False))
    print(f"\nEight topics in the detailed disclosures of {asked.corpora} corpora, mean AMI or share, 95% interval:\n")
    print(recovery(asked.corpora).round(3).to_string())
