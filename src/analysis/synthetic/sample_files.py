"""Make the files of ``data/`` that follow from the generator, with a description of them for machines.

``python -m analysis.synthetic`` writes them anew.
"""

import json
from pathlib import Path

import pandas as pd

from analysis.posts import save_posts
from analysis.synthetic.arrange import PER_ORIGINAL
from analysis.synthetic.calibration import compare
from analysis.synthetic.generate import invent
from analysis.synthetic.label import annotate

POSTS, SEED = 20_000, 1
LICENCE = {
    "name": "CC-BY-4.0",
    "title": "Creative Commons Attribution 4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
}
TYPES = {"likes": "integer", "reposts": "integer", "replies": "integer", "seen": "integer", "created_at": "datetime"}
TYPES |= {"target": "number", "tolerance": "number", "planted": "number", "found": "number", "date": "date"}
TYPES |= {"added": "integer", "posts": "integer"}
WHAT = {
    "posts": "The sample corpus: invented posts, a row a post, by time.",
    "truth": "What was planted in each post, in the same order.",
    "labels": "What two simulated annotators answered, two rows a post.",
    "calibration": "Each figure that the corpus is calibrated on: target and source, planted, found.",
    "events": "Dated events around the hashtag, with sources.",
}
#: Tables made by hand; each is described where it stands in the folder.
BY_HAND = {
    "answers": "The forms in which people answered the call, by language: tags, and words.",
    "catalogue": "Data sets about the hashtag and earlier campaigns: where, when, how large, on what terms.",
    "definitions": "Ways of counting disclosures that are in use, with the share that is published for each.",
    "findings": "Published claims, in our words, with population, window, definition and source.",
    "sentiment_probes": "Sentences of ours with the sign that a reader would give them, to try a word list on.",
    "sentiment_words": "Words that VADER's list lacks, with a valence of ours, the reason and the date.",
}


def describe(columns: dict) -> dict:
    """Describe the files, name -> columns, as a Frictionless data package (version 1 of the specification)."""
    keys = {
        "posts": ["post_id"],
        "truth": ["post_id"],
        "labels": ["post_id", "annotator"],
        "calibration": ["figure", "key"],
    }
    resources = []
    what = {name: text for name, text in (WHAT | BY_HAND).items() if name in columns}
    for name, text in what.items():
        types = TYPES if name in WHAT else {}
        fields = [{"name": column, "type": types.get(column, "string")} for column in columns[name]]
        schema = {"fields": fields, "missingValues": [""]} | ({"primaryKey": keys[name]} if name in keys else {})
        if name in ("truth", "labels"):
            schema["foreignKeys"] = [{"fields": ["post_id"], "reference": {"resource": "posts", "fields": ["post_id"]}}]
        resources.append(
            {"name": name, "path": f"{name}.csv", "description": text, "profile": "tabular-data-resource"}
            | {"encoding": "utf-8", "format": "csv", "mediatype": "text/csv", "schema": schema}
        )
    return {
        "name": "invented-hashtag-posts",
        "title": "Invented posts under a hashtag, with what was planted in them",
        "description": f"{POSTS:,} authored posts (seed {SEED}) and one in ten of {PER_ORIGINAL / 10:g} reposts for "
        "each original, calibrated on published figures about #MeToo. No post is a real person's words. Content note: "
        "the posts are about sexual harassment and violence, which are named and never depicted. See README.md.",
        "profile": "tabular-data-package",
        "licenses": [LICENCE],
        "resources": resources,
    }


def write_sample_files(folder) -> pd.DataFrame:
    """Write posts.csv, truth.csv, labels.csv, calibration.csv and datapackage.json.

    The folder holds events.csv already. Gives the report of :func:`analysis.synthetic.calibration_report`.
    """
    folder = Path(folder)
    table, truth = invent(POSTS, SEED)
    found = compare(table, truth, SEED)
    save_posts(table, folder / "posts.csv")
    files = {"truth": truth, "labels": annotate(table, truth, seed=SEED), "calibration": found}
    for name, content in files.items():
        content.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")
    columns = {"posts": table.columns, "events": pd.read_csv(folder / "events.csv", nrows=0).columns}
    columns |= {name: content.columns for name, content in files.items()}
    hand = (name for name in BY_HAND if (folder / f"{name}.csv").is_file())
    columns |= {name: pd.read_csv(folder / f"{name}.csv", nrows=0).columns for name in hand}
    text = json.dumps(describe(columns), indent=2, ensure_ascii=False)
    (folder / "datapackage.json").write_text(text + "\n", encoding="utf-8")
    return found
