"""From labels that were read back to a share."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.estimate import from_labels, labels_only, people, prediction_powered_by_stratum
from analysis.schema import InputError
from analysis.workshop.labelling.draw import by_authors, digest, population, scored, strata_of


def estimate_from(
    posts: pd.DataFrame, labels: pd.DataFrame, design: dict, scores: pd.Series | None = None, *, level: float = 0.95
) -> pd.DataFrame:
    """Estimate the share from a labelled sample, and with predictions where there are any.

    Parameters
    ----------
    posts : DataFrame
        Those that the sample was drawn from.
    labels : DataFrame
        ``post_id`` and ``label``, as :func:`analysis.workshop.labelling.read.read_labels` gives them.
    design : dict
    scores : Series of float, optional
        By post_id.
    level : float

    Returns
    -------
    DataFrame
        ``method`` ("labels only"; with scores "PPI" too, if the sample is simple, and "PPI++"), ``share``, ``low``,
        ``high`` (from 0 to 1), ``note``.

    Raises
    ------
    InputError
        If these are not the posts that the sample was drawn from, or posts have no score, or a stratum no label.
    """
    target = _same(population(posts, originals=design["originals"]), design)
    table = target[["post_id"]].assign(author=target["author"].to_numpy(dtype=object))
    known = labels.dropna(subset="label")
    if scores is None:
        return pd.DataFrame([_alone(table, known, design, level)])
    table["score"] = scored(target, scores)
    if design["by_score"]:
        table["drawn_in"] = strata_of(table["score"].to_numpy())
        drawn = table.set_index("post_id")["drawn_in"]
        if any(drawn[post_id] != name for post_id, name in design["drawn"].items()):
            raise InputError("the scores are not those that the sample was drawn with; give the same file of scores")
    sample = table.merge(known, on="post_id")
    found = from_labels(table, sample, level=level)
    return pd.DataFrame([{"method": name, **one} for name, one in found.items()])


def people_from(
    posts: pd.DataFrame, labels: pd.DataFrame, design: dict, scores: pd.Series | None = None, *, level: float = 0.95
) -> tuple[pd.DataFrame, list[str]]:
    """Estimate how many people have written at least one such post, from authors who were drawn whole.

    Parameters
    ----------
    posts, labels, scores, level
        As for :func:`estimate_from`.
    design : dict
        Of :func:`analysis.workshop.labelling.draw.draw_authors`.

    Returns
    -------
    people : DataFrame
        ``method`` ("labels only"; with scores "prediction-powered" too), ``share``, ``low``, ``high`` of the authors
        (from 0 to 1), ``people``, ``people_low``, ``people_high``, ``authors``, ``note``.
    notes : list of str
        How many authors were left out, since none of their labels says yes and not all of them are there.

    Raises
    ------
    InputError
        As :func:`estimate_from`; or if the authors are not those that were drawn, or none can be told.

    Notes
    -----
    An author with a yes is one, whatever their other labels. To leave out those who are not decided raises the share,
    since nobody with a yes is left out. The interval is for people like these; for these very
    authors alone it is too long if most of them were drawn.
    """
    if population(posts, originals=design["originals"])["author"].isna().all():
        raise InputError(
            "the sample was drawn by authors, and no post here has one: give the file that it was drawn from, with its "
            "authors"
        )
    target = _same(by_authors(posts, originals=design["originals"]), design)
    table = target[["post_id", "author"]].assign(drawn=target["post_id"].isin(design["drawn"]))
    if table.groupby("author")["drawn"].nunique().gt(1).any():
        raise InputError(
            "the authors here are not those that the sample was drawn by: it does not hold all posts of each; give the "
            "file as it was then (another key makes other pseudonyms, yet keeps who wrote what)"
        )
    sample = table[table["drawn"]].merge(labels, on="post_id")
    sample["label"] = sample["label"].astype("float64")
    by = sample.groupby("author")["label"]
    known = by.transform("max").eq(1) | by.transform("count").eq(by.transform("size"))
    open_, sample = sample.loc[~known, "author"].nunique(), sample[known].fillna({"label": 0.0})
    if sample.empty:
        raise InputError("of no author all posts are labelled, and no label says yes: label the posts that are left")
    notes = [] if not open_ else [_OPEN.format(open_)]
    if scores is None:
        one = labels_only(sample.groupby("author")["label"].max(), level=level)
        found = pd.DataFrame([{"method": "labels only", **one, "note": ""}])
        found = found.assign(authors=target["author"].nunique())
        for name, column in (("people", "share"), ("people_low", "low"), ("people_high", "high")):
            found[name] = found[column] * found["authors"]
        return found, notes
    table["score"] = scored(target, scores)
    found = people(table, sample=sample.merge(table[["post_id", "score"]], on="post_id"), level=level)
    return found[found["method"].ne("any positive post")].reset_index(drop=True), notes


_OPEN = (
    "{:,} drawn authors are left out: no label of theirs says yes, and some are missing or unsure. Where they are "
    "many, the share comes out too high: label their posts"
)


def _same(target, design):
    """Give the posts back if they are those that the sample was drawn from."""
    if digest(target["post_id"]) != design["ids"]:
        raise InputError(
            f"these are not the posts that the sample was drawn from ({len(target):,} that could be drawn here, "
            f"{design['posts']:,} there); give the same file, or draw again"
        )
    return target


def _alone(table, known, design, level):
    """Estimate from the labels alone, weighing strata by their sizes."""
    if not design["by_score"]:
        sample = table.merge(known, on="post_id").assign(score=0.0)
        return {"method": "labels only", **from_labels(table.assign(score=0.0), sample, level=level)["labels only"]}
    sample = table.merge(known, on="post_id")
    strata = sample["post_id"].map(design["drawn"]).to_numpy(dtype=object)
    left = [np.repeat(name, size - (strata == name).sum()) for name, size in design["sizes"].items()]
    beyond = np.concatenate(left).astype(object)
    labels, none = sample["label"].to_numpy(dtype=float), np.zeros(len(beyond))
    found = prediction_powered_by_stratum(
        labels, labels * 0, strata, none, beyond, who=sample["author"].to_numpy(), level=level
    )
    return {"method": "labels only", **{name: found[name] for name in ("share", "low", "high")}, "note": ""}
