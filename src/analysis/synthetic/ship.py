"""Make the files of ``data/`` that follow from the generator, with a description of them for machines."""

import json
from pathlib import Path

import pandas as pd

from analysis.posts import save_posts
from analysis.synthetic.describe import BY_HAND, describe
from analysis.synthetic.generate import invent
from analysis.synthetic.label import annotate
from analysis.synthetic.report import compare

SEED = 1


def ship(folder, posts: int = 20_000, seed: int = SEED) -> pd.DataFrame:
    """Write posts.csv, truth.csv, labels.csv, calibration.csv and datapackage.json.

    Parameters
    ----------
    folder
        Where the files go; it holds events.csv already.
    posts, seed
        As for :func:`analysis.synthetic.invent`.

    Returns
    -------
    DataFrame
        The report, see :func:`analysis.synthetic.report`.
    """
    folder = Path(folder)
    table, truth = invent(posts, seed)
    found = compare(table, truth, seed)
    save_posts(table, folder / "posts.csv")
    files = {"truth": truth, "labels": annotate(table, truth, seed=seed), "calibration": found}
    for name, content in files.items():
        content.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")
    columns = {"posts": table.columns, "events": pd.read_csv(folder / "events.csv", nrows=0).columns}
    columns |= {name: content.columns for name, content in files.items()}
    hand = (name for name in BY_HAND if (folder / f"{name}.csv").is_file())
    columns |= {name: pd.read_csv(folder / f"{name}.csv", nrows=0).columns for name in hand}
    text = json.dumps(describe(columns, posts, seed), indent=2, ensure_ascii=False)
    (folder / "datapackage.json").write_text(text + "\n", encoding="utf-8")
    return found
