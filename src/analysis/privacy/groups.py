"""Which numbers are too small to show, and which others would give them away."""

from __future__ import annotations

import numpy as np
import pandas as pd

#: The smallest group of people that is shown.
SMALLEST = 10


def small_groups(table: pd.Series | pd.DataFrame, k: int = SMALLEST) -> pd.Series | pd.DataFrame:
    """Hide the counts of fewer than `k` people, and those that would give them away.

    Parameters
    ----------
    table : Series or DataFrame
        Counts of people or posts (whole numbers, not negative): a Series of groups, or a DataFrame that crosses two
        groupings. Without row or column totals: those stay true, and are what a reader would subtract from.
    k : int
        The smallest count that is shown.

    Returns
    -------
    Series or DataFrame
        The same shape and labels, dtype Int64, hidden cells missing. In each line (the whole Series; every row and
        column of a DataFrame) that holds a hidden cell, at least two are hidden and together they are `k` or more, or
        the whole line is hidden: so the line's total gives none of them away. Zeros are hidden too.

    Raises
    ------
    ValueError
        If a count is missing, negative or no whole number.

    Notes
    -----
    Cell suppression as statistical offices do it; the second cells are the smallest that serve. In a DataFrame this
    stops subtraction along a line. It does not prove that no system of equations over all lines gives a range away.

    Examples
    --------
    >>> small_groups(pd.Series({"work": 31, "school": 12, "street": 4, "club": 25}))
    work        31
    school    <NA>
    street    <NA>
    club        25
    dtype: Int64
    """
    counts = np.asarray(table, dtype=float)
    if counts.size == 0:
        return table.astype("Int64")
    if not np.all(np.isfinite(counts) & (counts >= 0) & (counts == np.floor(counts))):
        raise ValueError("a table of counts holds whole numbers from 0 up, none missing")
    if counts.ndim == 1:
        hidden = _hide(counts, counts < k, table.index, k)
    else:
        hidden, before = counts < k, None
        while before is None or (hidden != before).any():
            before = hidden
            hidden = np.array([_hide(c, h, table.columns, k) for c, h in zip(counts, hidden, strict=True)])
            hidden = np.array([_hide(c, h, table.index, k) for c, h in zip(counts.T, hidden.T, strict=True)]).T
    return table.astype("Int64").mask(hidden)


def _hide(counts: np.ndarray, hidden: np.ndarray, labels: pd.Index, k: int) -> np.ndarray:
    """Hide further cells of one line, smallest first (ties by label), until its total gives nothing away."""
    hidden = hidden.copy()
    names = labels.astype(str)
    for cell in sorted(np.flatnonzero(~hidden), key=lambda i: (counts[i], names[i])):
        if not hidden.any() or (hidden.sum() > 1 and counts[hidden].sum() >= k):
            break
        hidden[cell] = True
    return hidden
