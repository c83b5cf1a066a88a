"""Found or not found: whether the texts hold a theme, by a rule that was fixed before it was tried."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.intervals import bootstrap_interval
from analysis.privacy import MIN_PEOPLE
from analysis.text import present_texts
from analysis.topics.anchored import Anchored, features
from analysis.topics.company import company, stand_ins
from analysis.topics.steady import draws as fifths

_ALPHA = 0.05
_SEEN = ["posts", "seeded", "share", "low", "high", "together", "together_low", "together_high"]
_PLACEBO = ["placebo", "kept", "placebo_kept"]


def find_themes(
    found: Anchored,
    texts: pd.Series,
    people: pd.Series,
    *,
    placebos: int = 499,
    fits: int = 10,
    draws: int = 300,
    seed: int = 0,
    k: int = MIN_PEOPLE,
    progress: bool = False,
) -> pd.DataFrame:
    """Say of each theme whether it was found, and why not.

    Parameters
    ----------
    found : Anchored
        From these texts.
    texts : Series of str
        Missing ones are left out.
    people : Series of str
        Who wrote each, in the same order. Posts without an author are drawn one by one, and count as one person's.
    placebos : int
        How many times words of like frequency are drawn in place of a theme's seeds; at least twenty for each theme.
    fits : int
        How often four fifths of the distinct texts are drawn to see which words join again.
    draws, seed
        How often authors are drawn for the intervals, and how chance begins.
    k : int
        A share that rests on fewer people than this, or leaves out fewer, is missing. Only for invented posts 0.
    progress : bool
        Whether to draw a progress bar on standard error.

    Returns
    -------
    DataFrame
        A row a theme: ``theme``; ``found`` (bool); ``why`` (str: the first condition that fails, or empty); ``seeds``
        (int: those that stand in three distinct texts or more) of ``asked``; ``joined`` (int: other words that go with
        them); ``posts`` (Int64) that hold the theme, ``share`` of all with ``low`` and ``high``; ``seeded``, the share
        that holds a seed; ``together``, the share that holds two or more of the theme's words, seeds or joined, with
        ``together_low`` and ``together_high``; ``placebo``, the same share for words of like frequency drawn in place
        of the seeds (the mean over all draws; of distinct texts); ``kept``, of the texts that hold a seed the share
        that holds another word of the theme, mean over the seeds, and ``placebo_kept``; ``p``, how often words drawn
        by chance keep as much, by Holm's method over all themes; ``again`` (0 to 1: how much of the joined words joins
        again, mean over the fits). Intervals are 95%, from drawing authors.

    Raises
    ------
    ValueError
        If there is not one author for each text, or `placebos`, `fits` or `draws` is less than 1.

    Notes
    -----
    A theme is found if all of this holds: two of its seeds stand in the texts, and another word goes with them; its
    seeds keep more company (`kept`) than words of like frequency drawn in their place, which did not join it, do once
    in twenty times (a permutation test, over all themes together by Holm 1979, *Scand. J. Stat.* 6, 65); the low end
    of `together` lies above the placebo; and at least half of the joined words join again. A theme whose words are
    used, but in no company of their own, is not found: `seeded` says how often they are used. That a theme is found
    does not say that its seeds are used in the sense that was meant; the joined words hint at it.

    False and missed findings on invented texts, ``benchmarks/recovery_themes.py``: of 1,000 texts a theme in 3% or more
    was found in 120 of 120 corpora, one in 2% in 35 of 40, one in 1% in 10 of 40; words strewn without a theme in 0 of
    120. Six words drawn from all words passed for a theme in 8 of 200 (4%; 2 to 8%), where one in twenty was meant;
    drawn from the words of topics alone, in 15 of 200 (7.5%; 5 to 12%): these keep company within their topics, and
    their stand-ins, among which are words of no topic, keep less. The interval of `share` held the planted one in 37 of
    40 corpora where it was 10% or 5% (92%; 80 to 97%), in 34 of 40 where it was 3%, which is below the 95% promised.
    """
    from tqdm import tqdm

    if not len(texts) == len(people):
        raise ValueError(f"there are {len(texts)} texts and {len(people)} authors: each text needs its own")
    for name, value in (("placebos", placebos), ("fits", fits), ("draws", draws)):
        if value < 1:
            raise ValueError(f"{name} is {value}; at least one is needed")
    there = present_texts(texts)
    at = np.array(list(there), dtype=np.int64)
    who = pd.Series(people).reset_index(drop=True)[at].reset_index(drop=True)
    held = features(list(there.values()), found.themes, found.vocabulary)
    probable = found.assign(list(there.values())).to_numpy()
    lots = max(placebos, 20 * len(found.names))
    rows = []
    with tqdm(total=len(found.names) * lots, unit="theme", disable=None if progress else True) as bar:
        for i, name in enumerate(found.names):
            row, own = _stand(found, i, held, lots, fits, [seed, i], bar)
            shown = np.column_stack([probable[:, i] >= 0.5, own, _any(held, found, name)]).astype(float)
            rows.append({"theme": name, **row, **_shares(shown, who, draws, seed, k)})
    table = pd.DataFrame(rows)
    table["p"] = _holm(table["p"].to_numpy())
    told = [_why(row) for row in table.to_dict("records")]
    table.insert(1, "found", [not one for one in told])
    table.insert(2, "why", pd.Series(told, dtype="str"))
    columns = ["theme", "found", "why", "seeds", "asked", "joined", *_SEEN, *_PLACEBO, "p", "again"]
    return table[columns].astype({"posts": "Int64", "theme": "str"})


def _stand(found, i, held, lots, fits, lot, bar):
    """Set a theme beside themes of random words, and tell in which texts its words keep company."""
    name = found.names[i]
    seeds, asked = found.seeds(name), int((found.themes["theme"] == name).sum())
    joined = np.flatnonzero(found.joined[i])
    row = {"seeds": len(seeds), "asked": asked, "joined": len(joined), "p": 1.0}
    row |= dict.fromkeys([*_PLACEBO, "again"], np.nan)
    pool = np.setdiff1d(np.arange(len(found.themes), found.rows.shape[1]), joined)
    if len(seeds) < 2 or len(pool) <= 2 * len(seeds):
        bar.update(lots)
        return row, np.zeros(held.shape[0], dtype=bool)
    nobody = np.zeros(found.rows.shape[1], dtype=bool)
    others, within = [], np.diff(found.rows.indptr)
    for some in stand_ins(within, seeds, pool, lots, np.random.default_rng(lot)):
        other = company(found.rows, some, nobody)
        others.append((other.kept, other.together.mean()))
        bar.update()
    barred = ~found.joined[i]
    row["kept"] = company(found.rows, seeds, barred).kept
    row["p"] = (1 + np.sum(np.array(others)[:, 0] >= row["kept"])) / (lots + 1)
    row["placebo_kept"], row["placebo"] = np.mean(others, axis=0)
    if len(joined):
        parts = (found.rows[kept] for kept in fifths(np.arange(found.rows.shape[0]), fits, lot[0]))
        row["again"] = float(np.mean([len(company(part, seeds, barred).joined) / len(joined) for part in parts]))
    return row, np.asarray(held[:, np.r_[seeds, joined]].sum(axis=1)).ravel() >= 2


def _any(rows, found, name):
    own = np.flatnonzero((found.themes["theme"] == name).to_numpy())
    return np.asarray(rows[:, own].sum(axis=1)).ravel() > 0


def _shares(shown, who, draws, seed, k):
    """Give the shares of posts, with intervals from drawing authors; missing where fewer than k wrote so, or not so."""
    alone = pd.Series([f"\0{i}" for i in range(len(who))])
    each = pd.DataFrame({"holds": shown[:, 0], "together": shown[:, 1], "posts": 1.0}).groupby(
        who.where(who.notna(), alone)
    )
    each = each.sum().sort_values(["posts", "holds", "together"])
    ends = bootstrap_interval(
        {"all": each[["holds", "together"]].to_numpy()}, each[["posts"]].to_numpy(), draws=draws, random_state=seed
    )["all"]
    share, together, seeded = shown.mean(axis=0) if len(shown) else [np.nan] * 3
    row = {"posts": int(shown[:, 0].sum()), "seeded": seeded, "share": share, "low": ends[0, 0], "high": ends[1, 0]}
    row |= {"together": together, "together_low": ends[0, 1], "together_high": ends[1, 1]}
    person = who.fillna("\0")
    for column, names in enumerate((_SEEN[:1] + _SEEN[2:5], _SEEN[5:], ["seeded"])):
        if min(person[shown[:, column] == yes].nunique() for yes in (0, 1)) < k:
            row |= dict.fromkeys(names, None)
    return row


def _holm(p):
    """Adjust p-values for their number (Holm 1979).

    >>> _holm(np.array([0.01, 0.04, 0.03])).round(2).tolist()
    [0.03, 0.06, 0.06]
    """
    order = np.argsort(p, kind="stable")
    stepped = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1)).clip(0, 1)
    return stepped[np.argsort(order, kind="stable")]


def _why(row):
    if row["seeds"] < 2:
        return "fewer than two of its words stand in the texts"
    if not row["joined"]:
        return "no other word goes with its words"
    if not row["p"] <= _ALPHA:
        return "words drawn at random keep as much company too often"
    if row["together_low"] is None or np.isnan(row["together_low"]):
        return "fewer than ten people wrote of it"
    if row["together_low"] <= row["placebo"]:
        return "its share can't be told from that of words drawn at random"
    if row["again"] < 0.5:
        return "the words that joined do not join again"
    return ""
