"""Every estimate of a share beside the others, and which kinds of shift each of them allows for."""

from __future__ import annotations

import pandas as pd

from analysis.estimate.corrections import by_stratum, em, raw_count, rogan_gladen, rows_of
from analysis.estimate.prediction_powered import labels_only, prediction_powered, prediction_powered_by_stratum
from analysis.schema import InputError

#: What each estimate needs beside the target's predictions, and whether it allows for each kind of shift between the
#: known posts and the target: other shares of the same classes, another mix within a class, new phrasing.
METHODS = pd.DataFrame(
    [
        ("raw count", "nothing", False, False, False),
        ("Rogan-Gladen", "known posts", True, False, False),
        ("by stratum", "known posts in strata", True, False, False),
        ("expectation-maximisation", "known posts", True, False, False),
        ("labels only", "a labelled random sample of the target", True, True, True),
        ("PPI", "a labelled random sample of the target", True, True, True),
        ("PPI++", "a labelled random sample of the target", True, True, True),
    ],
    columns=["method", "needs", "other_shares", "other_mix", "new_phrasing"],
)
#: The estimate for a reader's own posts.
DEFAULT = "PPI++"
_FEW = "fewer than 10 labels of one class: the interval may be too short; label more"


def shares(
    target: pd.DataFrame,
    known: pd.DataFrame | None = None,
    sample: pd.DataFrame | None = None,
    *,
    threshold: float = 0.5,
    level: float = 0.95,
) -> pd.DataFrame:
    """Estimate a share by every method that the given tables allow.

    Parameters
    ----------
    target : DataFrame
        The posts that the share is asked of: ``score`` (0 to 1), perhaps ``post_id``, ``author`` and ``stratum``.
    known : DataFrame, optional
        Posts labelled elsewhere: the same columns and ``label`` (0 or 1).
    sample : DataFrame, optional
        A random sample of the target, labelled by hand: ``score``, ``label``, perhaps ``post_id``, ``author``. With
        ``post_id`` in both, the target may hold these posts too; without, it holds only the others. With a column
        ``drawn_in`` in both tables it was drawn within those strata.
    threshold, level

    Returns
    -------
    DataFrame
        The rows of ``METHODS`` that could be tried, with ``share``, ``low``, ``high`` (from 0 to 1) and ``note``:
        empty, or why they are missing (NaN), or that the estimate was clipped.

    Raises
    ------
    InputError
        As :func:`analysis.estimate.corrections.rows_of` and :func:`rest_of`.

    Examples
    --------
    >>> target = pd.DataFrame({"score": [0.9, 0.2, 0.1, 0.3]})
    >>> shares(target)[["method", "share"]].values.tolist()
    [['raw count', 0.25]]
    """
    estimates = from_known(target, known, threshold=threshold, level=level)
    if sample is not None:
        estimates |= from_labels(target, sample, level=level)
    rows = [{"method": method, **estimate} for method, estimate in estimates.items()]
    table = pd.DataFrame(rows)[["method", "share", "low", "high", "note"]]
    return METHODS.merge(table, on="method", how="inner", validate="one_to_one")


def from_known(
    target: pd.DataFrame, known: pd.DataFrame | None, *, threshold: float = 0.5, level: float = 0.95
) -> dict[str, dict]:
    """Estimate a share from the predictions, and from what known posts say of their errors: a dict by method."""
    how = {"threshold": threshold, "level": level}
    estimates = {"raw count": raw_count(target, **how)}
    if known is not None:
        estimates["Rogan-Gladen"] = rogan_gladen(target, known, **how)
        if "stratum" in target.columns and "stratum" in known.columns:
            estimates["by stratum"] = by_stratum(target, known, **how)
        estimates["expectation-maximisation"] = em(target, known, level=level)
    return estimates


def from_labels(target: pd.DataFrame, sample: pd.DataFrame, *, level: float = 0.95) -> dict[str, dict]:
    """Estimate a share from a labelled random sample, alone and with the predictions for all other posts.

    Parameters
    ----------
    target, sample : DataFrame
        As for :func:`shares`.
    level : float

    Returns
    -------
    dict
        By method, "labels only", "PPI" and "PPI++" (the default), a dict with ``share``, ``low``, ``high``, ``note``.
    """
    sample = sample[sample["label"].notna()]
    rest = rest_of(target, sample)
    drawn = rows_of(sample, "sample", labelled=True)
    others = (
        rows_of(rest, "target") if len(rest) else rows_of(sample, "sample")._replace(score=drawn.score[:0], who=None)
    )
    who = {"who": drawn.who, "rest_who": others.who, "level": level}
    few = "" if min(drawn.label.sum(), len(drawn.label) - drawn.label.sum()) >= 10 else _FEW
    if "drawn_in" in sample.columns and "drawn_in" in rest.columns:
        strata, beyond = sample["drawn_in"].to_numpy(), rest["drawn_in"].to_numpy()
        none = [values * 0 for values in (drawn.score, others.score)]
        alone = prediction_powered_by_stratum(drawn.label, none[0], strata, none[1], beyond, **who)
        tuned = prediction_powered_by_stratum(drawn.label, drawn.score, strata, others.score, beyond, **who)
        estimates = {"labels only": alone, "PPI++": tuned}
    else:
        estimates = {
            "labels only": labels_only(drawn.label, who=drawn.who, level=level),
            "PPI": prediction_powered(drawn.label, drawn.score, others.score, power=1, **who),
            "PPI++": prediction_powered(drawn.label, drawn.score, others.score, **who),
        }
    return {
        name: {key: estimate[key] for key in ("share", "low", "high")} | {"note": few}
        for name, estimate in estimates.items()
    }


def rest_of(target: pd.DataFrame, sample: pd.DataFrame) -> pd.DataFrame:
    """Give the posts of a target that are not in the labelled sample; without ids in both, the target is the rest."""
    if "post_id" not in target.columns or "post_id" not in sample.columns:
        return target
    unknown = ~sample["post_id"].isin(target["post_id"])
    if unknown.any():
        raise InputError(
            f"{unknown.sum():,} of {len(sample):,} labelled posts are not among the posts that the share is asked of; "
            "labels must come from a random sample of those very posts"
        )
    return target[~target["post_id"].isin(sample["post_id"])]
