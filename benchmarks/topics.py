"""Measure how fast topics are found, in how much memory, beside what one would write with scikit-learn.

Run it as ``.venv/bin/python benchmarks/topics.py [--posts N] [--many N]``, best with nothing else running. Each turn
has a fresh process; its clock starts when the texts are in memory, and stops when each has its topic. Imports and what
is compiled at the first call count.

- 100,000 invented posts, no two with the same text: ten topics, text to assigned topic; and the memory of the process
  with the texts in it (polled, Linux alone);
- beside, on the same texts: ``CountVectorizer`` and online ``LatentDirichletAllocation``, and ``TfidfVectorizer`` and
  ``NMF``, with English stop words, words of fewer than two texts left out, and scikit-learn's defaults else (LDA in its
  ten rounds; ``--rounds`` for fewer, which is then said);
- a million invented posts (copies among them, as posts have);
- choosing the number of topics on the shipped disclosures.

It fails where a figure that the project promises is missed.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd
from memory import Memory

TOPICS, SECONDS, MEMORY, RATIO, SECONDS_MANY, MEMORY_MANY, SECONDS_CHOOSING = 10, 6, 1536, 15, 90, 4096, 30


def ours(texts, rounds):
    """Find topics and give each post its own."""
    from analysis.topics import fit

    return fit(texts, k=TOPICS).assign(texts)["topic"]


def lda(texts, rounds):
    """Do it with scikit-learn's online LDA."""
    from sklearn.decomposition import LatentDirichletAllocation
    from sklearn.feature_extraction.text import CountVectorizer

    rows = CountVectorizer(stop_words="english", min_df=2).fit_transform(texts)
    model = LatentDirichletAllocation(TOPICS, learning_method="online", max_iter=rounds, random_state=0)
    return model.fit_transform(rows).argmax(axis=1)


def nmf(texts, rounds):
    """Do it with scikit-learn's NMF."""
    from sklearn.decomposition import NMF
    from sklearn.feature_extraction.text import TfidfVectorizer

    rows = TfidfVectorizer(stop_words="english", min_df=2).fit_transform(texts)
    return NMF(TOPICS, random_state=0).fit_transform(rows).argmax(axis=1)


def choosing(texts, rounds):
    """Choose the number of topics as one would, with a progress bar."""
    from analysis.topics import choose

    return choose(texts)


def turn(work, path, rounds) -> None:
    """Do one thing in this process, and print its seconds and memory."""
    texts = pd.read_parquet(path)["text"]
    with Memory() as memory:
        began = time.perf_counter()
        globals()[work](texts, rounds)
        seconds = time.perf_counter() - began
        time.sleep(0.15)
    print(json.dumps({"seconds": seconds, "mib": memory.peak}))


def fresh(work, path, rounds) -> dict:
    """Do one thing in a process of its own."""
    command = [sys.executable, __file__, "--turn", work, str(path), "--rounds", str(rounds)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return json.loads(done.splitlines()[-1])


def invented(folder, posts, distinct) -> Path:
    """Write the texts of English posts, each one once or with its copies."""
    from analysis.synthetic import invent_to

    invent_to(folder / "invented", int(posts * (3.2 if distinct else 1.7)), seed=2, processes=2)
    table = pd.read_csv(folder / "invented" / "posts.csv", usecols=["text", "lang"], dtype="str")
    texts = table.loc[table["lang"] == "en", ["text"]].dropna()
    texts = (texts.drop_duplicates() if distinct else texts).head(posts).reset_index(drop=True)
    if len(texts) < posts:
        sys.exit(f"only {len(texts):,} texts came out where {posts:,} were wanted")
    path = folder / f"{posts}.parquet"
    texts.to_parquet(path)
    print(f"{posts:,} invented posts, {texts['text'].nunique():,} texts that differ")
    return path


def shipped(folder) -> Path:
    """Write the texts of the shipped disclosures."""
    from analysis.posts import load_sample

    posts = load_sample()
    told = posts[
        posts["kind"].ne("repost") & posts["text"].notna() & posts["lang"].eq("en") & posts["topic"].ne("none")
    ]
    told[["text"]].reset_index(drop=True).to_parquet(folder / "shipped.parquet")
    return folder / "shipped.parquet"


def main() -> int:
    """Measure, print, and fail where a promised figure is missed."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--posts", type=int, default=100_000, help="posts that all differ")
    asked.add_argument("--many", type=int, default=1_000_000, help="posts of the large turn; 0 leaves it out")
    asked.add_argument("--rounds", type=int, default=10, help="rounds of online LDA (10, scikit-learn's default)")
    asked.add_argument("--turn", nargs=2, help=argparse.SUPPRESS)
    asked = asked.parse_args()
    if asked.turn:
        turn(*asked.turn, asked.rounds)
        return 0
    promised = {}
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        path = invented(folder, asked.posts, distinct=True)
        found = {}
        for work in ("ours", "nmf", "lda", "ours"):
            found[work] = fresh(work, path, asked.rounds)
            print(f"  {work}: {found[work]['seconds']:.1f} s, {found[work]['mib']:,.0f} MiB", flush=True)
        took = found["ours"]["seconds"]
        times, plain = found["lda"]["seconds"] / took, found["nmf"]["seconds"] / took
        print(f"  {times:.1f} times as fast as online LDA in {asked.rounds} rounds, {plain:.1f} times as plain NMF")
        promised[f"{asked.posts:,} posts in under {SECONDS} s"] = took < SECONDS
        promised[f"in under {MEMORY:,} MiB"] = found["ours"]["mib"] < MEMORY
        promised[f"{RATIO} times as fast as online LDA"] = times >= RATIO
        if asked.many:
            many = fresh("ours", invented(folder, asked.many, distinct=False), asked.rounds)
            print(f"  ours: {many['seconds']:.1f} s, {many['mib']:,.0f} MiB")
            promised[f"{asked.many:,} posts in under {SECONDS_MANY} s"] = many["seconds"] < SECONDS_MANY
            promised[f"in under {MEMORY_MANY:,} MiB"] = many["mib"] < MEMORY_MANY
        chosen = fresh("choosing", shipped(folder), asked.rounds)
        print(f"choosing k on the shipped disclosures: {chosen['seconds']:.1f} s")
        promised[f"choosing in under {SECONDS_CHOOSING} s"] = chosen["seconds"] < SECONDS_CHOOSING
    print("\n" + "\n".join(f"{'kept' if kept else 'MISSED'}: {what}" for what, kept in promised.items()))
    return int(not all(promised.values()))


if __name__ == "__main__":
    sys.exit(main())
