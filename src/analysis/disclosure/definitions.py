"""One set of answers, many shares: what is counted as a disclosure, and out of what."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.disclosure.labels import OWN
from analysis.intervals import bootstrap_interval
from analysis.privacy import MIN_PEOPLE
from analysis.schema import InputError, find_root
from analysis.text import tokens

#: The acts that "an act told in detail" means.
PHYSICAL = ("touch", "assault", "rape", "online")


def definitions(
    posts: pd.DataFrame,
    answers: pd.Series,
    acts: pd.Series | None = None,
    *,
    draws: int = 500,
    seed: int = 0,
    k: int = MIN_PEOPLE,
) -> pd.DataFrame:
    """Give the share of disclosures under each definition that is in use: the lines of ``data/definitions.csv``.

    ``counts`` is any, detail or physical (detail with one of the acts in ``PHYSICAL``); ``of`` is authored (no
    reposts), with words (nor tags alone), all, or disclosures; ``first_day`` and ``last_day`` are dates in UTC, both
    inclusive, and empty for all days.

    Parameters
    ----------
    posts : DataFrame
        ``text``, and of ``created_at``, ``kind``, ``author`` what is there. Reposts belong in it: for some definitions
        they are in the denominator.
    answers : Series of str
        Of each post bare, detail or none, from a truth, from labels or from a model. Missing is none.
    acts : Series of str, optional
        What is told in detail; without it definitions that ask for an act are left out.
    draws, seed
        Of the bootstrap, which draws authors.
    k : int
        A share that rests on fewer people than this, or leaves out fewer, is missing. Only for invented posts 0.

    Returns
    -------
    DataFrame
        A row a definition that these posts can answer: ``definition``, ``counts``, ``of``, ``positive``, ``posts``
        (Int64, missing where hidden), ``share``, ``low``, ``high`` (0 to 1), ``published``, ``published_low``,
        ``published_high`` (0 to 1, missing where nothing is), ``source``, ``note``. The intervals are for other
        authors, not for the errors of whoever answered: see :mod:`analysis.estimate` for those.

    Examples
    --------
    >>> posts = pd.DataFrame({"text": ["me too", "he hit me", "a shop", "a shop"], "author": ["a", "b", "c", "d"]})
    >>> posts["kind"] = ["original", "original", "original", "repost"]
    >>> shares = definitions(posts, pd.Series(["bare", "detail", "none", "none"]), k=0, draws=20)
    >>> shares.set_index("definition")["share"].round(2).to_dict()  # doctest: +NORMALIZE_WHITESPACE
    {'any disclosure, tags alone left out': 0.67, 'any disclosure, reposts in the denominator': 0.5,
     'any disclosure, all days': 0.67, 'told with detail, all days': 0.33,
     'told with detail, reposts in the denominator': 0.25, 'detail, of all disclosures': 0.5}
    """
    table = pd.read_csv(find_root() / "data" / "definitions.csv")
    authored = posts["kind"].ne("repost").fillna(True) if "kind" in posts else pd.Series(True, posts.index)
    words = pd.Series([_has_words(text) for text in posts["text"]], index=posts.index)
    own = answers.isin(OWN) & authored
    detail = answers.eq("detail").fillna(False) & authored
    counted = {"any": own, "detail": detail, "physical": None if acts is None else detail & acts.isin(PHYSICAL)}
    among = {"authored": authored, "with words": authored & words, "all": authored | True, "disclosures": own}
    times = posts["created_at"] if "created_at" in posts else pd.Series(pd.NaT, posts.index).dt.tz_localize("UTC")
    rows = []
    for number, line in enumerate(table.to_dict("records"), start=2):
        for column, known in (("counts", counted), ("of", among)):
            if line[column] not in known:
                raise InputError(
                    f"definitions.csv, line {number}: {column} is {line[column]!r}; it is one of {', '.join(known)}"
                )
        yes, inside = counted[line["counts"]], among[line["of"]] & _within(times, line["first_day"], line["last_day"])
        if yes is None or not inside.any():
            continue
        row = {name: line[name] for name in ("definition", "counts", "of")}
        row |= _share(posts[inside], yes[inside], draws, seed, k)
        row |= {f"published{end}": line[name] / 100 for end, name in _PUBLISHED.items()}
        row |= {name: line[name] if isinstance(line[name], str) else "" for name in ("source", "note")}
        rows.append(row)
    kinds = {"positive": "Int64", "posts": "Int64"}
    return pd.DataFrame(rows, columns=_COLUMNS).astype(kinds)


_PUBLISHED = {"": "published", "_low": "low", "_high": "high"}
_COLUMNS = ["definition", "counts", "of", "positive", "posts", "share", "low", "high"]
_COLUMNS += ["published", "published_low", "published_high", "source", "note"]


def _share(posts, yes, draws, seed, k):
    who = posts["author"] if "author" in posts else pd.Series(None, posts.index, dtype="str")
    who = who.astype("str").where(who.notna(), "\0" + posts["text"].astype("str").fillna(""))
    each = pd.DataFrame({"yes": yes, "all": 1}).groupby(who).sum()
    people, others = (each["yes"] > 0).sum(), (each["all"] > each["yes"]).sum()
    if min(people, others) < k:
        return {"positive": pd.NA, "posts": len(posts), "share": np.nan, "low": np.nan, "high": np.nan}
    ends = bootstrap_interval(
        {"yes": each[["yes"]].to_numpy(float)}, each[["all"]].to_numpy(float), draws=draws, random_state=seed
    )
    low, high = ends["yes"].ravel()
    return {"positive": int(yes.sum()), "posts": len(posts), "share": yes.mean(), "low": low, "high": high}


def _within(times, first, last):
    if not isinstance(first, str):
        return pd.Series(True, times.index)
    end = pd.Timestamp(last, tz="UTC") + pd.Timedelta(days=1)
    return times.ge(pd.Timestamp(first, tz="UTC")) & times.lt(end)


def _has_words(text):
    return isinstance(text, str) and any(word[0] != "#" for word in tokens(text))
