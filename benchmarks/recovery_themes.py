"""Are themes found that were planted, and only these? Anchored topics on invented texts.

Run it with ``.venv/bin/python benchmarks/recovery_themes.py [--corpora 50]``; it prints a table.
"""

from __future__ import annotations

import argparse

import numpy as np
import pandas as pd
from tqdm import tqdm

from analysis.estimate import wilson
from analysis.topics import anchor, find_themes

SEEDS = ["harbour", "sailor", "anchor", "ferry", "tide", "lighthouse"]
COMPANY = ["rope", "gull", "mast", "captain", "deck", "storm", "island", "net"]
#: What is planted: the share of texts with the theme; where there is none, what its seeds do.
CASES = {
    "theme in 10% of the texts": (0.10, None),
    "theme in 5%": (0.05, None),
    "theme in 3%": (0.03, None),
    "theme in 2%": (0.02, None),
    "theme in 1%": (0.01, None),
    "no theme: its words strewn by chance": (0.0, "strewn"),
    "no theme: each word from a topic of its own": (0.0, "apart"),
    "no theme: one word at home in a topic, the others strewn": (0.0, "one"),
    "no theme: its words drawn from all words": (0.0, "drawn"),
}


def invented(seed: int, share: float, how: str | None, texts: int = 1_000, topics: int = 8):
    """Invent texts of seven words around topics, with or without a theme in some.

    Returns
    -------
    texts : Series of str
    people : Series of str
    themes : DataFrame
        The theme's seed words.
    holds : ndarray of bool
        Which texts were given the theme.
    """
    random = np.random.default_rng(seed)
    bank = [[f"{'bcdfghklmn'[t]}a{'prstvz'[i % 6]}o{'bdgklm'[i // 6]}" for i in range(24)] for t in range(topics)]
    common = [f"{a}u{b}{c}" for a in "bdfgklmpst" for b in "nrs" for c in "to"]
    zipf = 1 / np.arange(1, 25)
    subject = random.integers(topics, size=texts)
    lines = [
        [*random.choice(bank[s], 4, p=zipf / zipf.sum(), replace=False), *random.choice(common, 3)] for s in subject
    ]
    holds = random.random(texts) < share
    for i in np.flatnonzero(holds):
        lines[i] = [
            *random.choice(SEEDS, random.integers(1, 3), replace=False),
            *random.choice(COMPANY, 2),
            *lines[i][2:],
        ]
    seeds = SEEDS
    if how == "drawn":
        seeds = list(random.choice([word for words in bank for word in words], 6, replace=False))
    elif not share:
        for i in np.flatnonzero(random.random(texts) < 0.08):
            lines[i].append(SEEDS[random.integers(6)])
        for j, home in enumerate(random.permutation(topics)[: {"strewn": 0, "apart": 6, "one": 1}[how]]):
            for i in np.flatnonzero((subject == home) & (random.random(texts) < 0.15)):
                lines[i].append(SEEDS[j])
    people = pd.Series([f"a{i}" for i in random.integers(texts * 4 // 5, size=texts)])
    themes = pd.DataFrame({"theme": "sea", "word": seeds})
    return pd.Series([" ".join(line) for line in lines]), people, themes, holds


def recovery(corpora: int = 50, *, placebos: int = 199, progress: bool = True) -> pd.DataFrame:
    """Tell how often a theme is found, and how far the share of texts that is reported lies from the planted one."""
    rows = []
    for case, (share, how) in CASES.items():
        for seed in tqdm(range(corpora), desc=case, disable=None if progress else True):
            texts, people, themes, holds = invented(seed, share, how)
            found = anchor(texts, themes, free=5, seed=seed)
            row = find_themes(found, texts, people, placebos=placebos, draws=200, seed=seed, k=0).iloc[0]
            told = found.assign(texts)["sea"] >= 0.5
            real = {"precision": holds[told].mean(), "recall": told[holds].mean()} if share else {}
            # The intervals are for other authors: they must cover the share that was planted.
            off = {"bias": row["share"] - share, "covered": row["low"] <= share <= row["high"]} if share else {}
            rows.append({"case": case, "found": row["found"], "joined": row["joined"], **off, **real})
    table = pd.DataFrame(rows).groupby("case", sort=False)
    spans = pd.DataFrame([wilson(int(n), corpora) for n in table["found"].sum()], index=list(CASES))
    out = spans.rename(columns={"share": "found"})
    for name in ("joined", "bias", "covered", "precision", "recall"):
        out[name] = table[name].apply(lambda values: values.astype(float).mean())
    out["rmse"] = table["bias"].apply(lambda values: float(np.sqrt((values.astype(float) ** 2).mean())))
    return out


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=int, default=50, help="invented corpora of 1,000 texts for each case")
    asked = parser.parse_args()
    print(f"How often a theme is found (95% interval), {asked.corpora} corpora of 1,000 texts each:\n")
    print(recovery(asked.corpora).round(3).to_string())
