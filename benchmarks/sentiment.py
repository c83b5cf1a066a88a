"""Measure what scoring posts takes: NLTK's VADER, the package vaderSentiment, and ours, in one run.

Run it as ``.venv/bin/python benchmarks/sentiment.py [--posts N] [--many N]``, best with nothing else running. Each
way goes through the same texts (the distinct ones of an invented corpus) in a process of its own, one after the other.

- posts per CPU-second: the time of all threads together, from the first text to the last score, after the imports;
- cold: the first call in the process: lexicon, tables and compiled code (kept on disk by an earlier run) are loaded
  within the time. With imports: loading numba (all of it, which it does late) or the other package, too;
- peak memory of the process, in MB, beside what it is with the texts loaded;
- differing: how many texts have at least one of four scores that is not NLTK's to the last digit.

Then `--many` distinct posts on two cores against the clock.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

WAYS = ("NLTK", "vaderSentiment", "ours, one core", "ours, two cores", "many")
COLUMNS = ["neg", "neu", "pos", "compound"]


def peak():
    """Peak memory of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


def load(path, many=None):
    """Load the texts; where many are asked for, each again and again with a number behind it, so that all differ."""
    import pandas as pd

    texts = pd.read_parquet(path)["text"]
    if many:
        times = -(-many // len(texts))
        texts = pd.Series([f"{text} {i}" for i in range(times) for text in texts][:many], dtype="str")
    return texts


def timed(work):
    """Run something; give CPU seconds, seconds by the clock, and what came out."""
    cpu, clock = time.process_time(), time.perf_counter()
    found = work()
    return time.process_time() - cpu, time.perf_counter() - clock, found


def analyzer(way):
    """Give the scorer of another package, with the same lexicon."""
    if way == "vaderSentiment":
        from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

        return SentimentIntensityAnalyzer()
    from analysis.sentiment.vader import nltk_vader

    return nltk_vader()


def write(path, posts):
    """Write the distinct texts of an invented corpus, and let the scorer be compiled for the disk."""
    from analysis.sentiment import score
    from analysis.synthetic import invent

    score(["compile once"])
    texts = invent(posts, seed=1)[0]["text"].dropna().drop_duplicates()
    texts.reset_index(drop=True).to_frame().to_parquet(path)


def load_compiler():
    """Let numba load its parts, and SciPy's linear algebra, which it puts off until a function is first called."""
    from numba.core.registry import cpu_target

    cpu_target.typing_context.refresh()
    cpu_target.target_context.refresh()


def take(way, path, out, many):
    """Go one way; print what it took as JSON, and keep the scores."""
    if way == "write":
        return write(path, many)
    texts = load(path, many if way == "many" else None)
    before, start = peak(), time.process_time()
    if way in ("NLTK", "vaderSentiment"):
        vader = analyzer(way)
        imports = time.process_time() - start
        plain = texts.tolist()
        cold, _, scores = timed(lambda: [vader.polarity_scores(text) for text in plain])
        scores = np.array([[score[name] for name in COLUMNS] for score in scores])
        took = {"cold": cold, "warm": cold, "whole": cold + imports}
    else:
        load_compiler()
        from analysis.sentiment import score

        imports = time.process_time() - start
        cores = 1 if way == "ours, one core" else 2
        cold, clock, table = timed(lambda: score(texts, threads=cores))
        warm = min(timed(lambda: score(texts, threads=cores))[0] for _ in range(1 if way == "many" else 5))
        took = {"cold": cold, "warm": warm, "whole": cold + imports, "clock": clock}
        scores = table.to_numpy()
    np.save(out, scores)
    print(json.dumps({**took, "texts": len(texts), "before": before, "peak": peak()}))


def main():
    """Measure all ways and print what each took."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--posts", type=int, default=100_000, help="invented posts whose distinct texts are scored")
    parser.add_argument("--many", type=int, default=1_000_000, help="distinct posts for the clock")
    parser.add_argument("--take", nargs=3, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.take:
        return take(*asked.take, asked.many)
    found, scores = {}, {}
    with tempfile.TemporaryDirectory() as folder:
        path, out = Path(folder, "texts.parquet"), Path(folder, "scores.npy")
        for way in ("write", *WAYS):  # each in a process of its own, from a parent that stays small
            many = asked.posts if way == "write" else asked.many
            command = [sys.executable, __file__, "--many", str(many), "--take", way, str(path), str(out)]
            quiet = {**os.environ, "OMP_NUM_THREADS": "1"}
            done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=quiet)
            if way != "write":
                found[way], scores[way] = json.loads(done.stdout), np.load(out)
    report(found, scores)


def report(found, scores):
    """Print the figures."""
    nltk, n = found["NLTK"], found["NLTK"]["texts"]
    print(f"{n:,} distinct texts, Python {sys.version.split()[0]}\n")
    print("| way | posts per CPU-second | times NLTK | peak MB | above the texts | differing |")
    print("|---|--:|--:|--:|--:|--:|")
    for way in WAYS[:4]:
        took = found[way]
        for state in ("cold", "warm", "whole") if way.startswith("ours") else ("cold", "whole"):
            name = way + (", with imports" if state == "whole" else f", {state}" if way.startswith("ours") else "")
            memory = f"{took['peak']:,.0f} | {took['peak'] - took['before']:,.0f}"
            differing = (scores[way] != scores["NLTK"]).any(axis=1).sum()
            times = nltk["cold" if state == "warm" else state] / took[state]
            print(f"| {name} | {n / took[state]:,.0f} | {times:.1f} | {memory} | {differing:,} |")
    many = found["many"]
    print(f"\n{many['texts']:,} distinct posts on two cores: {many['clock']:.1f} s, {many['peak']:,.0f} MB.")
    if (scores["ours, one core"] != scores["NLTK"]).any() or (scores["ours, two cores"] != scores["NLTK"]).any():
        raise SystemExit("scores differ from NLTK's")


if __name__ == "__main__":
    main()
