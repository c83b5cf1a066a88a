"""Do the intervals of the sentiment lesson hold what was planted? Shares by three weights, and the shift of words.

Run it with ``.venv/bin/python benchmarks/recovery_sentiment.py [--seeds 200]``; it prints three tables.
"""

from __future__ import annotations

import argparse

import numpy as np
import pandas as pd

from analysis.intervals import wilson_interval
from analysis.sentiment import over_time
from analysis.shift import count, jensen_shannon, lexicon_weighted, log_odds

CAMPAIGN = 0.6  # how many campaigns have a negative text


def plant(seed: int, authors: int, copies: bool = True) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Invent scored posts of one day: authors lean one way, the busy ones to the negative, and some texts are copied.

    A negative post scores -0.5; of the others half score 0 and half 0.5. For each hundred authors two texts go round,
    each copied once by 5 to 40 of the authors.
    """
    random = np.random.default_rng(seed)
    activity = np.minimum(random.zipf(2.2, authors), 20)
    leaning = np.where(random.random(authors) < 0.5, 0.4, 0.1) + 0.3 * (activity >= 4)
    who = np.repeat(np.arange(authors), activity)
    negative = random.random(len(who)) < leaning[who]
    text = [f"own {i}" for i in range(len(who))]
    if copies:
        sizes = 5 + np.minimum(random.zipf(1.8, authors // 50), 36) - 1
        copiers = [random.choice(authors, min(size, authors), replace=False) for size in sizes]
        bad = random.random(len(sizes)) < CAMPAIGN
        who = np.concatenate([who, *copiers])
        negative = np.concatenate([negative, *(np.full(len(c), b) for c, b in zip(copiers, bad, strict=True))])
        text += [f"a text that many copied {i}" for i, c in enumerate(copiers) for _ in c]
    glad = np.zeros(len(who), dtype=bool)
    glad[~negative] = _by_text(random, np.array(text)[~negative])
    posts = pd.DataFrame({"author": who.astype(str), "text": text})
    posts["created_at"] = pd.Timestamp("2017-10-16", tz="UTC").as_unit("us")
    return posts, pd.DataFrame({"compound": np.select([negative, glad], [-0.5, 0.5], 0.0)})


def _by_text(random, texts):
    """Toss a coin for each text, the same one for all its copies."""
    names, which = np.unique(texts, return_inverse=True)
    return (random.random(len(names)) < 0.5)[which]


def truths(copies: bool) -> dict[str, float]:
    """Give the planted share of negative posts by each weight, from a population of four hundred thousand authors."""
    posts, scores = plant(12345, 400_000, copies)
    bad = scores["compound"].lt(0)
    text = posts["text"]
    return {
        "post": bad.mean(),
        "text": bad.groupby(text.to_numpy()).first().mean(),
        "author": bad.groupby(posts["author"].to_numpy()).mean().mean(),
    }


def shares(seeds: int) -> pd.DataFrame:
    """Hold the interval of the share of negative posts to what was planted.

    Returns
    -------
    DataFrame
        ``bias`` and ``rmse`` of the share; ``covered``: how often its 95% interval holds the planted share, with the
        interval that so many seeds leave (``from``, ``to``); ``width`` of it on average.
    """
    rows = []
    ways = [(by, "authors, copies") for by in ("post", "text", "author")]
    ways += [("post", "authors alone"), ("post", "posts alone")]
    for copies in (False, True):
        planted = truths(copies)
        for authors in (100, 300, 1000):
            sets = [plant(seed, authors, copies) for seed in range(seeds)]
            for by, way in ways if copies else ways[:1]:
                found = pd.concat([_negative(*one, by, way, seed) for seed, one in enumerate(sets)])
                inside = found["negative_low"].le(planted[by]) & found["negative_high"].ge(planted[by])
                ends = wilson_interval(int(inside.sum()), len(found))
                off = found["negative"] - planted[by]
                width = (found["negative_high"] - found["negative_low"]).mean()
                row = ("yes" if copies else "no", authors, by, way, planted[by], off.mean(), (off**2).mean() ** 0.5)
                rows.append((*row, ends["share"], ends["low"], ends["high"], width))
    names = ["copies", "authors", "by", "drawn", "planted", "bias", "rmse", "covered", "from", "to", "width"]
    return pd.DataFrame(rows, columns=names)


def _negative(posts, scores, by, way, seed):
    if way == "posts alone":
        posts = posts.assign(author=[str(i) for i in range(len(posts))])
    if way != "authors, copies":
        posts = posts.assign(text=[f"own {i}" for i in range(len(posts))])
    return over_time(posts, "1D", by, scores=scores, draws=400, seed=seed, k=0).query("enough")


def differences(seeds: int) -> pd.DataFrame:
    """Say how often days on which positive and negative posts are equally common are called different.

    Returns
    -------
    DataFrame
        ``differ``: by the interval of the difference, with its own interval; ``bands part``: by two intervals that
        don't overlap.
    """
    rows = []
    for authors in (100, 300, 1000):
        differ, part = [], []
        for seed in range(seeds):
            posts, scores = plant(seed, authors)
            lot = np.where(_by_text(np.random.default_rng([seed, 1]), posts["text"].to_numpy()), 1, -1)
            row = over_time(posts, scores=scores.mul(lot, axis=0), draws=400, seed=seed, k=0).iloc[0]
            differ.append(row["difference_low"] > 0 or row["difference_high"] < 0)
            part.append(row["positive_low"] > row["negative_high"] or row["negative_low"] > row["positive_high"])
        ends = wilson_interval(sum(differ), len(differ))
        rows.append((authors, len(differ), ends["share"], ends["low"], ends["high"], np.mean(part)))
    return pd.DataFrame(rows, columns=["authors", "days", "differ", "from", "to", "bands part"])


WORDS = np.array([f"w{i:02d}" for i in range(40)])
COMMON = 1 / np.arange(1, 41) / (1 / np.arange(1, 41)).sum()  # Zipf's law


def plant_words(seed: int, authors: int, tilt: float, second: float = 0.5) -> tuple[pd.DataFrame, pd.Series]:
    """Invent posts of two groups of authors who have favourite words; a tenth of the posts of each copies one text.

    In the second group the odds of every fourth word are e**tilt times higher.
    """
    random = np.random.default_rng([seed, authors])
    after = random.random(authors) < second
    lift = np.exp(tilt * (np.arange(40) % 4 == 0))
    who = np.repeat(np.arange(authors), np.minimum(random.zipf(2.2, authors), 20))
    own = [random.dirichlet(40 * _shares(COMMON * (lift if late else 1))) for late in after]
    texts = [" ".join(random.choice(WORDS, 8, p=own[one])) for one in who]
    posts = pd.DataFrame({"author": who.astype(str), "text": texts})
    groups = pd.Series(np.where(after[who], "after", "before"))
    for name in ("before", "after"):
        here = np.flatnonzero(groups == name)
        if len(here) > 10:
            posts.loc[random.choice(here, len(here) // 10, replace=False), "text"] = texts[here[0]]
    return posts, groups


def _shares(weights):
    return weights / weights.sum()


def planted_shift(verb, tilt: float) -> np.ndarray:
    """Give the shift that was planted in each word, from the shares themselves."""
    p, q = COMMON, _shares(COMMON * np.exp(tilt * (np.arange(40) % 4 == 0)))
    if verb == "log_odds":
        return np.log(q / (1 - q)) - np.log(p / (1 - p))
    if verb == "lexicon_weighted":
        return (q - p) * (VALENCE - p @ VALENCE)
    m = (p + q) / 2
    return np.sign(q - p) * (p * np.log2(p / m) + q * np.log2(q / m)) / 2


VALENCE = np.linspace(2, 8, 40)
VERBS = {
    "jensen_shannon": jensen_shannon,
    "lexicon_weighted": lambda counts: lexicon_weighted(counts, dict(zip(WORDS, VALENCE, strict=True))),
    "log_odds": lambda counts: log_odds(counts, strength=50),
}


def shifts(seeds: int) -> pd.DataFrame:
    """Hold the intervals of words' shifts to what was planted.

    Returns
    -------
    DataFrame
        ``covered``: how often the interval of a word holds the planted shift, averaged over words; ``called``: how
        often it leaves out 0, where nothing was planted that is how often it errs (the z of single words: ``words'
        z``). ``error`` is the Monte Carlo error of both, from the spread over seeds.
    """
    rows = []
    for authors, second in ((200, 0.5), (200, 0.15), (800, 0.5)):
        for tilt in (0.0, 1.0):
            sets = [count(*plant_words(seed, authors, tilt, second), "before", "after") for seed in range(seeds)]
            for name, verb in VERBS.items():
                planted = dict(zip(WORDS, planted_shift(name, tilt), strict=True))
                inside, called, naive = [], [], []
                for counts in sets:
                    table = verb(counts)
                    true = table["word"].map(planted)
                    inside.append((table["low"].le(true + 1e-12) & table["high"].ge(true - 1e-12)).mean())
                    called.append((table["low"].gt(0) | table["high"].lt(0)).mean())
                    naive.append(table["z_words"].abs().gt(1.96).mean() if "z_words" in table else np.nan)
                error = 1.96 * max(np.std(inside), np.std(called)) / seeds**0.5
                row = (authors, f"{second:.0%}", tilt, name, np.mean(inside), np.mean(called), np.mean(naive), error)
                rows.append(row)
    names = ["authors", "in second", "tilt", "shift", "covered", "called", "words' z", "error"]
    return pd.DataFrame(rows, columns=names)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=200, help="invented sets of posts a row")
    asked = parser.parse_args()
    print("The share of negative posts on a day, 95% promised:\n")
    print(shares(asked.seeds).round(3).to_string(index=False))
    print("\nDays on which negative and positive posts are equally common, 5% promised:\n")
    print(differences(asked.seeds).round(3).to_string(index=False))
    print("\nThe shift of 40 words between two groups of posts (tilt 0: nothing planted), 95% promised:\n")
    print(shifts(max(1, asked.seeds // 4)).round(3).to_string(index=False))
