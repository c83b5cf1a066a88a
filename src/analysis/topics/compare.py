"""How large topics are, and how well found topics agree with planted ones."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.privacy import SMALLEST, small_groups


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

    Notes
    -----
    Vinh, Epps & Bailey (2010), *J. Mach. Learn. Res.* 11, 2837; Kott (2001), *J. Off. Stat.* 17, 521. A bootstrap won't
    do here: posts that are drawn twice agree with themselves.
    """
    from statistics import NormalDist

    from sklearn.metrics import adjusted_mutual_info_score

    table = pd.DataFrame({"found": found.to_numpy(), "planted": planted.to_numpy()})
    group = pd.factorize(people.astype("str").fillna("").to_numpy(), sort=True)[0] % 20

    def ami(part):
        return float(adjusted_mutual_info_score(part["planted"], part["found"]))

    left = np.array([ami(table[group != i]) for i in np.unique(group)])
    spread = np.sqrt((len(left) - 1) / len(left) * ((left - left.mean()) ** 2).sum()) if len(left) > 1 else np.nan
    reach = NormalDist().inv_cdf((1 + level) / 2) * float(spread)
    return {"ami": ami(table), "low": ami(table) - reach, "high": ami(table) + reach, "posts": len(table)}


def sizes(found: pd.Series, people: pd.Series, *, draws: int = 300, seed: int = 0, k: int = SMALLEST) -> pd.DataFrame:
    """Tell what share of the posts belongs to each topic, with an interval from drawing authors.

    Parameters
    ----------
    found : Series of str
        The topic of each post, "none" among them. Posts without one are left out.
    people : Series of str
        Who wrote each, in the same order. Posts without an author are drawn one by one.
    draws, seed
        How often the authors are drawn, and how.
    k : int
        The smallest number of posts that is shown, see :func:`analysis.privacy.small_groups`.

    Returns
    -------
    DataFrame
        ``topic``, ``posts`` (Int64), ``share``, ``low``, ``high`` (95%), the largest first and "none" last. Where the
        count is hidden, so are share and interval.

    Examples
    --------
    >>> found = pd.Series(["topic 1"] * 30 + ["none"] * 10)
    >>> sizes(found, pd.Series(range(40)).astype("str"))[["topic", "posts", "share"]].values.tolist()
    [['topic 1', 30, 0.75], ['none', 10, 0.25]]
    """
    table = pd.DataFrame({"found": found.to_numpy(), "who": people.to_numpy()}).dropna(subset=["found"])
    alone = pd.Series([f"\0{i}" for i in range(len(table))], index=table.index)
    who = table["who"].where(table["who"].notna(), alone)
    by_person = pd.crosstab(who, table["found"])
    by_person = by_person.sort_values(list(by_person.columns))
    counts = by_person.sum()
    order = sorted(counts.index, key=lambda name: (name == "none", -counts[name], name))
    shown = small_groups(counts[order], k)
    ends = _interval(by_person[order].to_numpy(float), draws, seed)
    table = pd.DataFrame({"topic": order, "posts": shown.to_numpy(), "share": counts[order] / counts.sum()})
    table = table.assign(low=ends[0], high=ends[1]).reset_index(drop=True)
    table.loc[table["posts"].isna(), ["share", "low", "high"]] = np.nan
    return table.astype({"topic": "str", "posts": "Int64"})


def _interval(counts, draws, seed):
    """Draw people (rows) again and again; give the ends of each column's share of the sum, shape (2, columns)."""
    random, people = np.random.default_rng(seed), len(counts)
    shares = np.empty((draws, counts.shape[1]))
    for i in range(draws):
        drawn = np.bincount(random.integers(0, people, people), minlength=people) @ counts
        shares[i] = drawn / drawn.sum()
    return np.quantile(shares, [0.025, 0.975], axis=0)
