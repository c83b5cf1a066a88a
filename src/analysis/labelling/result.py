"""From labels that were read back to a share."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.estimate import from_labels, powered_by_stratum
from analysis.labelling.draw import digest, population, scored, strata_of
from analysis.posts import InputError


def estimate_from(
    posts: pd.DataFrame, labels: pd.DataFrame, design: dict, scores: pd.Series | None = None, *, level: float = 0.95
) -> pd.DataFrame:
    """Estimate the share from a labelled sample, and with predictions where there are any.

    Parameters
    ----------
    posts : DataFrame
        Those that the sample was drawn from.
    labels : DataFrame
        ``post_id`` and ``label``, as :func:`analysis.labelling.read_labels` gives them.
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
    target = population(posts, originals=design["originals"])
    if digest(target["post_id"]) != design["ids"]:
        raise InputError(
            f"these are not the posts that the sample was drawn from ({len(target):,} with a text here, "
            f"{design['posts']:,} there); give the same file, or draw again"
        )
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
    found = powered_by_stratum(labels, labels * 0, strata, none, beyond, who=sample["author"].to_numpy(), level=level)
    return {"method": "labels only", **{name: found[name] for name in ("share", "low", "high")}, "note": ""}
