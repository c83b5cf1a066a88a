"""Every estimate of a share beside the others, and what each of them stands."""

from __future__ import annotations

import pandas as pd

from analysis.estimate.powered import labels_only, powered, powered_by_stratum
from analysis.estimate.profiles import hopkins_king
from analysis.estimate.rates import by_stratum, raw_count, rogan_gladen
from analysis.estimate.saerens import em
from analysis.estimate.tables import rest_of, rows_of

#: What each estimate needs beside the target's predictions, and whether it stands each kind of shift between the known
#: posts and the target: other shares of the same classes, another mix within a class, new phrasing.
METHODS = pd.DataFrame(
    [
        ("raw count", "nothing", False, False, False),
        ("Rogan-Gladen", "known posts", True, False, False),
        ("by stratum", "known posts in strata", True, False, False),
        ("expectation-maximisation", "known posts", True, False, False),
        ("Hopkins-King", "known posts and texts", True, False, False),
        ("labels only", "a labelled random sample of the target", True, True, True),
        ("PPI", "a labelled random sample of the target", True, True, True),
        ("PPI++", "a labelled random sample of the target", True, True, True),
    ],
    columns=["method", "needs", "other_shares", "other_mix", "new_phrasing"],
)
#: The estimate for a reader's own posts.
DEFAULT = "PPI++"


def shares(
    target: pd.DataFrame,
    known: pd.DataFrame | None = None,
    sample: pd.DataFrame | None = None,
    *,
    threshold: float = 0.5,
    level: float = 0.95,
    seed: int = 0,
) -> pd.DataFrame:
    """Estimate a share by every method that the given tables allow.

    Parameters
    ----------
    target : DataFrame
        The posts that the share is asked of: ``score`` (0 to 1), perhaps ``post_id``, ``author``, ``text`` (for
        Hopkins-King) and ``stratum``.
    known : DataFrame, optional
        Posts labelled elsewhere: the same columns and ``label`` (0 or 1).
    sample : DataFrame, optional
        A random sample of the target, labelled by hand: ``score``, ``label``, perhaps ``post_id``, ``author``. With
        ``post_id`` in both, the target may hold these posts too; without, it holds only the others. With a column
        ``drawn_in`` in both tables it was drawn within those strata.
    threshold, level, seed

    Returns
    -------
    DataFrame
        The rows of ``METHODS`` that could be tried, with ``share``, ``low``, ``high`` (from 0 to 1) and ``note``:
        empty, or why they are missing (NaN), or that the estimate was clipped.

    Raises
    ------
    InputError
        As :func:`analysis.estimate.tables.rows_of` and :func:`analysis.estimate.tables.rest_of`.

    Examples
    --------
    >>> target = pd.DataFrame({"score": [0.9, 0.2, 0.1, 0.3]})
    >>> shares(target)[["method", "share"]].values.tolist()
    [['raw count', 0.25]]
    """
    found = from_known(target, known, threshold=threshold, level=level, seed=seed)
    if sample is not None:
        found |= from_labels(target, sample, level=level)
    rows = [{"method": method, **one} for method, one in found.items()]
    table = pd.DataFrame(rows)[["method", "share", "low", "high", "note"]]
    return METHODS.merge(table, on="method", how="inner", validate="one_to_one")


def from_known(
    target: pd.DataFrame, known: pd.DataFrame | None, *, threshold: float = 0.5, level: float = 0.95, seed: int = 0
) -> dict[str, dict]:
    """Estimate a share from the predictions, and from what posts labelled elsewhere say of their errors.

    Parameters
    ----------
    target, known, threshold, level, seed
        As for :func:`shares`.

    Returns
    -------
    dict
        By method a dict with ``share``, ``low``, ``high``, ``note``.

    Examples
    --------
    >>> list(from_known(pd.DataFrame({"score": [0.9, 0.2]}), None))
    ['raw count']
    """
    how = {"threshold": threshold, "level": level}
    found = {"raw count": raw_count(target, **how)}
    if known is not None:
        found["Rogan-Gladen"] = rogan_gladen(target, known, **how)
        if "stratum" in target.columns and "stratum" in known.columns:
            found["by stratum"] = by_stratum(target, known, **how)
        found["expectation-maximisation"] = em(target, known, level=level)
        if all("text" in table.columns and table["text"].notna().any() for table in (target, known)):
            found["Hopkins-King"] = hopkins_king(target, known, level=level, seed=seed)
    return found


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

    Examples
    --------
    >>> target = pd.DataFrame({"score": [0.3] * 100})
    >>> sample = pd.DataFrame({"score": [0.9, 0.1, 0.2], "label": [1, 0, 0]})
    >>> round(from_labels(target, sample)["PPI"]["share"], 2)
    0.23
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
        alone = powered_by_stratum(drawn.label, none[0], strata, none[1], beyond, **who)
        tuned = powered_by_stratum(drawn.label, drawn.score, strata, others.score, beyond, **who)
        found = {"labels only": alone, "PPI++": tuned}
    else:
        found = {
            "labels only": labels_only(drawn.label, who=drawn.who, level=level),
            "PPI": powered(drawn.label, drawn.score, others.score, power=1, **who),
            "PPI++": powered(drawn.label, drawn.score, others.score, **who),
        }
    return {name: {key: one[key] for key in ("share", "low", "high")} | {"note": few} for name, one in found.items()}


_FEW = "fewer than 10 labels of one class: the interval may be too short; label more"
