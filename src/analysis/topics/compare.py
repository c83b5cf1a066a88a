"""How well found topics agree with planted ones."""

from __future__ import annotations

import numpy as np
import pandas as pd


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
