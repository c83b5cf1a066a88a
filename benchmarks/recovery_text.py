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

SHARE = 0.35  # planted share of negative posts, and of positive ones
NOT_NEGATIVE = (1 - SHARE / (1 - SHARE), SHARE / (1 - SHARE))  # of the others, how many are neutral and positive


def plant_moods(seed: int, authors: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Invent scored posts of four days: authors lean one way, and a few of them write much."""
    random = np.random.default_rng(seed)
    who = np.repeat(np.arange(authors), np.minimum(random.zipf(2.2, authors), 20))
    leaning = np.where(random.random(authors) < 0.5, SHARE + 0.2, SHARE - 0.2)[who]
    compound = np.where(random.random(len(who)) < leaning, -0.5, random.choice([0.0, 0.5], len(who), p=NOT_NEGATIVE))
    day = pd.to_timedelta(random.integers(0, 4, len(who)), unit="D")
    start = pd.Timestamp("2017-10-15T08:00", tz="UTC").as_unit("us")
    posts = pd.DataFrame(
        {"created_at": start + day, "author": who.astype(str), "text": np.arange(len(who)).astype(str)}
    )
    return posts, pd.DataFrame({"compound": compound})


def coverage(seeds: int) -> pd.DataFrame:
    """Hold a day's intervals to what was planted, drawing authors or posts.

    Returns
    -------
    DataFrame
        ``covered``: how often the 95% interval of the negative share holds the planted one, with its own interval;
        ``differ`` and ``bands part``: how often positive and negative posts, planted alike, are called different by the
        interval of their difference, and by two intervals that don't overlap.
    """
    rows = []
    for authors in (100, 200, 800):
        for drawn in ("authors", "posts"):
            parts, active = [], []
            for seed in range(seeds):
                posts, scores = plant_moods(seed, authors)
                who = posts["author"] if drawn == "authors" else posts["text"]
                parts.append(over_time(posts.assign(author=who), scores, draws=400, seed=seed, k=0))
                active += over_time(posts, scores, draws=1, seed=seed)["authors"].tolist()
            days = pd.concat(parts).query("enough")
            inside = days["negative_low"].le(SHARE) & days["negative_high"].ge(SHARE)
            differ = days["difference_low"].gt(0) | days["difference_high"].lt(0)
            part = (days["positive_low"] > days["negative_high"]) | (days["negative_low"] > days["positive_high"])
            ends = wilson(int(inside.sum()), len(days))
            shares = (ends["share"], ends["low"], ends["high"], differ.mean(), part.mean())
            rows.append((round(np.mean(active)), drawn, len(days), *shares))
    names = ["authors a day", "drawn", "intervals", "covered", "low", "high", "differ", "bands part"]
    return pd.DataFrame(rows, columns=names)


def recovery(corpora: int, k: int = 10) -> pd.DataFrame:
    """Agree (AMI) with each thing planted in the detailed disclosures of new corpora, ours beside the plain route."""
    rows = []
    for seed in range(1, corpora + 1):
        posts, truth = invent(4000, seed=seed)
        told = posts[posts["kind"] != "repost"].merge(truth, on="post_id")
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
        other = told.loc[told["stance"] != "detail", "text"].dropna()
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
    print(f"A day's posts, {SHARE:.0%} planted negative and as many positive, 95% promised:\n")
    print(coverage(asked.seeds).round(3).to_string(index=False))
    print(f"\nTen topics in the detailed disclosures of {asked.corpora} corpora, mean AMI or share, 95% interval:\n")
    print(recovery(asked.corpora).round(3).to_string())
