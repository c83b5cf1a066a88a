"""Are themes found that were planted, and only these? Anchored topics on invented texts.

Run it with ``.venv/bin/python benchmarks/recovery_themes.py [--corpora 50] [--cases drawn]``; it prints a row for each
case as it is done, and writes them where ``--out`` says (CSV).
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from tqdm import tqdm

from analysis.intervals import wilson_interval
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
    "no theme: its words drawn from those of the topics": (0.0, "topical"),
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
    if how in ("drawn", "topical"):
        pool = [word for words in bank for word in words] + (common if how == "drawn" else [])
        seeds = list(random.choice(pool, 6, replace=False))
    elif not share:
        for i in np.flatnonzero(random.random(texts) < 0.08):
            lines[i].append(SEEDS[random.integers(6)])
        for j, home in enumerate(random.permutation(topics)[: {"strewn": 0, "apart": 6, "one": 1}[how]]):
            for i in np.flatnonzero((subject == home) & (random.random(texts) < 0.15)):
                lines[i].append(SEEDS[j])
    people = pd.Series([f"a{i}" for i in random.integers(texts * 4 // 5, size=texts)])
    themes = pd.DataFrame({"theme": "sea", "word": seeds})
    return pd.Series([" ".join(line) for line in lines]), people, themes, holds


def recovery(corpora: int = 50, cases=tuple(CASES), *, placebos: int = 199, progress: bool = True) -> pd.DataFrame:
    """Tell how often a theme is found, and how far the share of texts that is reported lies from the planted one.

    Returns
    -------
    DataFrame
        A row a case: ``found``, the share of corpora, with ``low`` and ``high`` (Wilson's 95%); ``joined``, how many
        words go with the seeds; and where a theme is planted, of the share of texts: ``bias``, ``rmse``, ``covered``
        (how often its interval holds the planted one); of the texts: ``precision``, ``recall``.
    """
    table = []
    with tqdm(total=corpora * len(cases), unit="corpus", disable=None if progress else True) as bar:
        for case in cases:
            share, how = CASES[case]
            rows = []
            for seed in range(corpora):
                rows.append(searched(seed, share, how, placebos))
                bar.update()
            table.append(summed(case, pd.DataFrame(rows)))
            if progress:
                tqdm.write(pd.DataFrame(table[-1:]).round(3).to_string(index=False))
    return pd.DataFrame(table)


def searched(seed, share, how, placebos) -> dict:
    """Invent texts and look for the theme."""
    texts, people, themes, holds = invented(seed, share, how)
    found = anchor(texts, themes, free=5, seed=seed)
    row = find_themes(found, texts, people, placebos=placebos, draws=200, seed=seed, k=0).iloc[0]
    told = found.assign(texts)["sea"] >= 0.5
    real = {"precision": holds[told].mean(), "recall": told[holds].mean()} if share else {}
    # The intervals are for other authors: they must cover the share that was planted.
    off = {"bias": row["share"] - share, "covered": row["low"] <= share <= row["high"]} if share else {}
    return {"found": row["found"], "joined": row["joined"], **off, **real}


def summed(case, rows) -> dict:
    """Sum up over corpora."""
    ends = wilson_interval(int(rows["found"].sum()), len(rows))
    row = {"case": case, "found": ends["share"], "low": ends["low"], "high": ends["high"]}
    for name in ("joined", "bias", "covered", "precision", "recall"):
        row[name] = rows[name].astype(float).mean() if name in rows else np.nan
    row["rmse"] = float(np.sqrt((rows["bias"].astype(float) ** 2).mean())) if "bias" in rows else np.nan
    return row | {"corpora": len(rows)}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=int, default=50, help="invented corpora of 1,000 texts for each case")
    parser.add_argument(
        "--cases", nargs="*", default=[""], metavar="WORD", help="only cases in whose name a word stands"
    )
    parser.add_argument("--out", type=Path, help="where to write the table, as CSV")
    asked = parser.parse_args()
    print(f"How often a theme is found (95% interval), {asked.corpora} corpora of 1,000 texts each:\n")
    table = recovery(asked.corpora, [case for case in CASES if any(word in case for word in asked.cases)])
    if asked.out:
        asked.out.parent.mkdir(parents=True, exist_ok=True)
        table.to_csv(asked.out, index=False, lineterminator="\n")
    print("\n" + table.round(3).to_string(index=False))
