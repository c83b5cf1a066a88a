"""Compare the corpus with what is published: every figure with its target, its tolerance and what was found."""

import csv
from importlib.resources import files

import pandas as pd

from analysis.corpus import bank, generate, label, measure, trial
from analysis.corpus.clock import Curve
from analysis.corpus.plan import plan

OWN_SIZE = 75_526  # posts of the crawl that authors, threads and reach are compared with, at its own size
COLUMNS = ("figure", "key", "unit", "target", "tolerance", "found", "within", "source", "note")


def report(posts: int = 20_000, seed: int = 1, *, theme: str = "metoo") -> pd.DataFrame:
    """Invent the corpus, measure it and compare it with the targets.

    Parameters
    ----------
    posts, seed, theme
        As for :func:`analysis.corpus.invent`; the targets are meant for the defaults.

    Returns
    -------
    DataFrame
        A row a figure: figure, key, unit, target (missing where nothing is published), tolerance, found, within
        ("yes", "no", or "" where there is no tolerance), source, note.
    """
    table, truth = generate.invent(posts, seed, theme=theme)
    return compare(table, truth, seed, theme)


def compare(posts: pd.DataFrame, truth: pd.DataFrame, seed: int = 1, theme: str = "metoo") -> pd.DataFrame:
    """Compare a corpus with the targets; see :func:`report`."""
    found = figures(posts, truth, seed, theme)
    rows = []
    for target in targets():
        value = found.get((target["figure"], target["key"]))
        rows.append({**target, "found": value, "within": verdict(target, value)})
    table = pd.DataFrame(rows)[list(COLUMNS)]
    return table.assign(found=table["found"].astype("float64").round(3))


def figures(posts: pd.DataFrame, truth: pd.DataFrame, seed: int, theme: str) -> dict:
    """Measure everything that has a target: (figure, key) -> number."""
    rows = (posts["kind"] != "repost").to_numpy()
    authored, told = posts[rows].reset_index(drop=True), truth[rows].reset_index(drop=True)
    large = plan(OWN_SIZE, seed, bank.load(theme), days=31, curve=Curve())
    labels = label.annotate(posts, truth, seed=seed)
    found = measure.curve(authored) | measure.kinds(posts, authored) | measure.stances(authored, told)
    found |= measure.texts(authored) | measure.people(large)
    found |= {("agreement of the annotators", name): label.agreement(labels, name) for name in label.ANSWERS}
    found["odds of detail for each disclosure seen", ""] = trial.odds_of_detail(posts, truth)
    found["F1 of TF-IDF + logistic regression", "detail"] = trial.disclosures_found(posts, truth)
    both = trial.disclosures_found(posts, truth, stances=("bare", "detail"))
    found["F1 of TF-IDF + logistic regression", "bare or detail"] = both
    found["AMI of TF-IDF + NMF", ""] = trial.topics_found(posts, truth, seed)
    found["VADER exactly 0", ""] = measure.silent(authored.loc[authored["lang"] == "en", "text"])
    return found


def targets() -> list:
    """Read the targets: those of ``targets.csv``, and those that follow from the published counts over time."""
    with (files("analysis.corpus") / "targets.csv").open(encoding="utf-8") as lines:
        given = [{name: number(text, name) for name, text in row.items()} for row in csv.DictReader(lines)]
    rows, counted = [], measure.curve_targets()
    for row in given:
        if row["key"] != "each":
            rows.append(row)
            continue
        keys = [key for figure, key in counted if figure == row["figure"]]
        rows += [row | {"key": key, "target": round(counted[row["figure"], key], 3)} for key in keys]
    return rows


def number(text: str, column: str):
    """Read a field of ``targets.csv``: a number or nothing under target and tolerance, else the text."""
    if column not in ("target", "tolerance"):
        return text
    return float(text) if text else None


def verdict(target: dict, value: float | None) -> str:
    """Say whether a value is within its tolerance ("yes" or "no"); nothing where no tolerance is set.

    A tolerance in the unit "at least" means that the target is a floor.

    Examples
    --------
    >>> verdict({"target": 27.0, "tolerance": 3.0, "unit": "percent"}, 29.5)
    'yes'
    """
    if target["target"] is None or target["tolerance"] is None or value is None:
        return ""
    if target["unit"].startswith("at least"):
        return "yes" if value >= target["target"] - target["tolerance"] else "no"
    return "yes" if abs(value - target["target"]) <= target["tolerance"] + 1e-9 else "no"
