"""How large topics are, and how well found topics agree with planted ones."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.intervals import bootstrap_interval
from analysis.privacy import MIN_PEOPLE, hide_small_groups


def agreement(found: pd.Series, planted: pd.Series, people: pd.Series, level: float = 0.95) -> dict[str, float]:
    """Tell how well found topics agree with planted ones, with an interval.

    Parameters
    ----------
    found, planted : Series of str
        For the same posts in the same order. "none" among the found is one more group.
    people : Series
        Who wrote each; the interval leaves out a twentieth of them at a time.
    level : float
        The confidence.

    Returns
    -------
    dict
        ``ami``, the adjusted mutual information: 1 where the two groupings are the same, 0 where they agree no more
        than by chance; ``low`` and ``high``, from the delete-a-group jackknife; ``posts``.

    Raises
    ------
    ValueError
        If there are no posts, or not one of each for every post, or `level` is none.

    Notes
    -----
    Vinh, Epps & Bailey (2010), *J. Mach. Learn. Res.* 11, 2837; Kott (2001), *J. Off. Stat.* 17, 521. A bootstrap won't
    do here: posts that are drawn twice agree with themselves.
    """
    from statistics import NormalDist

    from sklearn.metrics import adjusted_mutual_info_score

    if not len(found) == len(planted) == len(people):
        raise ValueError(
            f"{len(found)} found, {len(planted)} planted and {len(people)} people: each post needs all three"
        )
    if not len(found):
        raise ValueError("nothing was found and nothing planted: there is no agreement between two empty lists")
    if not 0 < level < 1:
        raise ValueError(f"level is {level}; it must lie between 0 and 1, such as 0.95")
    found, planted, people = (pd.Series(column) for column in (found, planted, people))
    if found.isna().any() or planted.isna().any():
        raise ValueError("some posts have no topic, found or planted: leave them out of all three first")
    table = pd.DataFrame({"found": found.to_numpy(), "planted": planted.to_numpy()})
    group = pd.factorize(people.astype("str").fillna("").to_numpy(), sort=True)[0] % 20

    def ami(part):
        return float(adjusted_mutual_info_score(part["planted"], part["found"]))

    left = np.array([ami(table[group != i]) for i in np.unique(group)])
    spread = np.sqrt((len(left) - 1) / len(left) * ((left - left.mean()) ** 2).sum()) if len(left) > 1 else np.nan
    reach = NormalDist().inv_cdf((1 + level) / 2) * float(spread)
    return {"ami": ami(table), "low": ami(table) - reach, "high": ami(table) + reach, "posts": len(table)}


def sizes(found: pd.Series, people: pd.Series, *, draws: int = 300, seed: int = 0, k: int = MIN_PEOPLE) -> pd.DataFrame:
    """Tell what share of the posts belongs to each topic, with an interval from drawing authors.

    Parameters
    ----------
    found : Series of str
        The topic of each post, "none" among them. Posts without one are left out.
    people : Series of str
        Who wrote each, in the same order. Posts without an author are drawn one by one, but count as one person's
        where it is asked how many people there are: who can't be told apart is not taken for many.
    draws, seed
        How often the authors are drawn, and how.
    k : int
        The smallest number of people whose topic is shown, see :func:`analysis.privacy.hide_small_groups`.

    Returns
    -------
    DataFrame
        ``topic``, ``posts`` (Int64), ``share``, ``low``, ``high`` (95%), the largest first and "none" last. Where fewer
        than `k` people wrote of a topic, or it would give such a one away, all but its name is missing.

    Raises
    ------
    ValueError
        If there is not one author for each post.

    Examples
    --------
    >>> found = pd.Series(["topic 1"] * 30 + ["none"] * 10)
    >>> sizes(found, pd.Series(range(40)).astype("str"))[["topic", "posts", "share"]].values.tolist()
    [['topic 1', 30, 0.75], ['none', 10, 0.25]]
    """
    if len(found) != len(people):
        raise ValueError(f"there are {len(found)} topics and {len(people)} authors: each post needs both")
    table = pd.DataFrame({"found": found.to_numpy(), "who": people.to_numpy()}).dropna(subset=["found"])
    alone = pd.Series([f"\0{i}" for i in range(len(table))], index=table.index)
    who = table["who"].where(table["who"].notna(), alone)
    by_person = pd.crosstab(who, table["found"])
    by_person = by_person.sort_values(list(by_person.columns))
    counts = by_person.sum()
    order = sorted(counts.index, key=lambda name: (name == "none", -counts[name], name))
    people = table.assign(who=table["who"].where(table["who"].notna(), "\0")).groupby("found")["who"].nunique()
    hidden = hide_small_groups(people[order], k).isna().to_numpy()
    by_topic, all_posts = by_person[order].to_numpy(float), by_person.sum(axis=1).to_numpy(float)[:, None]
    low, high = bootstrap_interval({"share": by_topic}, all_posts, draws=draws, random_state=seed)["share"]
    shares = {"posts": counts[order].astype("Int64"), "share": counts[order] / counts.sum(), "low": low, "high": high}
    table = pd.DataFrame(shares)[~hidden].reindex(order)
    return table.rename_axis("topic").reset_index().astype({"topic": "str", "posts": "Int64"})
