"""Density clustering on sentence embeddings beside the other methods, on the shipped disclosures with detail.

Run it with ``.venv/bin/python benchmarks/density.py`` where the extra ``embeddings`` is installed; it prints a table.
"""

from __future__ import annotations

import pandas as pd

from analysis.posts import load_sample
from analysis.topics import METHODS, NONE, agreement, content_words, fit


def compared(k: int = 10, seed: int = 1) -> pd.DataFrame:
    """Give the AMI of each method with what was planted; ``sure`` is that of the posts which are not called none."""
    posts = load_sample(None)
    told = posts[posts["text"].notna() & (posts["kind"] != "repost") & (posts["topic"] != "none")]
    told = told[told["lang"] == "en"]
    told = told[~told["text"].map(content_words).duplicated()]
    rows = []
    for method in METHODS:
        found = fit(told["text"], "auto" if method == "density" else k, method, seed)
        topic = found.assign(told["text"])["topic"]
        row = {"method": method, "topics": len(found.names), "none": (topic == NONE).mean()}
        row |= {
            name: agreement(topic, told[name], told["author"])["ami"] for name in ("topic", "act", "place", "person")
        }
        sure = topic != NONE
        rows.append(row | {"sure": agreement(topic[sure], told["topic"][sure], told["author"][sure])["ami"]})
    return pd.DataFrame(rows).set_index("method")


if __name__ == "__main__":
    print(compared().round(3).to_string())
