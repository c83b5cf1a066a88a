"""Does the topic lesson find what was planted? Topics on invented corpora; for sentiment see recovery_sentiment.py.

Run it with ``.venv/bin/python benchmarks/recovery_text.py [--corpora 20]``; it prints a table.
"""

from __future__ import annotations

import argparse

import numpy as np
import pandas as pd
from sklearn.decomposition import NMF
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import adjusted_mutual_info_score

from analysis.synthetic import invent
from analysis.topics import NONE, content_words, fit


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
    parser.add_argument("--corpora", type=int, default=20, help="invented corpora of 4,000 posts")
    asked = parser.parse_args()
    print(f"Ten topics in the detailed disclosures of {asked.corpora} corpora, mean AMI or share, 95% interval:\n")
    print(recovery(asked.corpora).round(3).to_string())
