"""How the answer about a decay moves with the choices that nobody can make for the data, and what of it survives."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
import pandas as pd

from analysis.methods.decay import relaxation
from analysis.methods.laws import LAWS
from analysis.spread.times import in_utc

#: An estimate survives where its largest is at most this many times its least.
APART = 1.5


def relaxation_table(
    counts: pd.DataFrame,
    *,
    starts: Sequence[pd.Timestamp],
    ends: Sequence[pd.Timestamp],
    origins: Sequence[pd.Timestamp],
    backgrounds: Sequence[float | str] = (0, "fitted"),
    weekly: Sequence[int] = (0,),
) -> pd.DataFrame:
    """Fit both laws of decay under every combination of choices.

    Parameters
    ----------
    counts, starts, ends, origins, backgrounds, weekly
        As for :func:`analysis.methods.decay.relaxation`, each choice with every other; but an origin that is not before
        a start is left out with it.

    Returns
    -------
    DataFrame
        As :func:`analysis.methods.decay.relaxation` gives it, two rows a combination, with the choices in front:
        ``choice`` (a number), ``from``, ``until``, ``origin``, ``beneath`` (text: the background) and ``weekly``.

    Raises
    ------
    ValueError
        As there; or where no origin comes before any start.
    """
    from tqdm import tqdm

    chosen = [
        (start, end, origin, background, week)
        for start, end, origin, background, week in product(starts, ends, origins, backgrounds, weekly)
        if in_utc(origin) < in_utc(start)
    ]
    if not chosen:
        raise ValueError("no origin comes before a start; give at least one that does")
    tables = []
    for number, (start, end, origin, background, week) in enumerate(
        tqdm(chosen, desc="fitting decays", unit=" choices", disable=None, delay=2)
    ):
        fits = relaxation(counts, start, end, origin=origin, background=background, weekly=week)
        fits = fits.rename(columns={"start": "from", "end": "until"})
        named = {"choice": number, "from": fits.pop("from"), "until": fits.pop("until")}
        named["origin"] = f"{in_utc(origin):%Y-%m-%d %H:%M}"
        named |= {"beneath": background if background == "fitted" else f"{background:g}", "weekly": week}
        tables.append(fits.assign(**named)[[*named, *fits]])
    return pd.concat(tables, ignore_index=True)


def survivors(table: pd.DataFrame) -> pd.DataFrame:
    """Say which statements about a decay hold under every choice that was tried; no others make a headline.

    Parameters
    ----------
    table : DataFrame
        As :func:`relaxation_table` gives it.

    Returns
    -------
    DataFrame
        Three rows, ``what``: "law", "exponent" (of the power law) and "half_life" (hours, of the exponential). With
        ``survives`` (bool), ``answer`` (text; the law), ``low`` and ``high`` (the ends of all the intervals together),
        ``least`` and ``most`` (of the estimates), ``choices`` (how many were fitted) and ``reason`` (text).

    Notes
    -----
    The law survives where every choice names the same one by an AIC that is better by 10. An exponent or a half-life
    survives where every choice has a number with a closed interval, and the largest number is at most 1.5 times the
    least; its interval then runs from the lowest low to the highest high. With fewer than four choices nothing
    survives. And what survives these choices may fall with others.
    """
    number = table["choice"].nunique()
    named = table.drop_duplicates("choice")["verdict"]
    rows = []
    same = number >= 4 and (named == named.iloc[0]).all() and named.iloc[0] in LAWS
    said = ", ".join(f"{name or 'no fit'} in {n}" for name, n in named.value_counts().sort_index().items())
    why = "" if same else _few(number) or f"of {number} choices: {said}"
    rows.append(
        {"what": "law", "survives": same, "answer": named.iloc[0] if same else "", "choices": number, "reason": why}
    )
    for what, law, names in (
        ("exponent", "power law", ("estimate", "low", "high")),
        ("half_life", "exponential", ("half_life", "half_low", "half_high")),
    ):
        middle, low, high = (table.loc[table["law"] == law, name].to_numpy(float) for name in names)
        known = middle[np.isfinite(middle)]
        row = {"what": what, "answer": "", "choices": number, "least": np.nan, "most": np.nan}
        if len(known):
            row |= {"least": known.min(), "most": known.max()}
        closed = len(known) == number and np.isfinite(high).all() and (low > 0).all()
        holds = number >= 4 and closed and known.max() <= APART * known.min()
        row |= {"survives": holds, "low": low.min() if holds else np.nan, "high": high.max() if holds else np.nan}
        if not holds:
            open_ended = table[(table["law"] == law) & (~np.isfinite(table[names[2]]) | ~(table[names[1]] > 0))]
            why = open_ended["reason"].value_counts(sort=False).sort_index()
            row["reason"] = _few(number) or _moves(known, number, why, what)
        rows.append({"reason": ""} | row)
    columns = ["what", "survives", "answer", "low", "high", "least", "most", "choices", "reason"]
    numbers = dict.fromkeys(["low", "high", "least", "most"], float)
    return pd.DataFrame(rows).reindex(columns=columns).astype({"survives": bool} | numbers)


def _few(number):
    """Say that too little was tried."""
    return f"{number} choices are too few to say that anything survives; try four or more" if number < 4 else ""


def _moves(known, number, why, what):
    """Say why an estimate does not survive."""
    if len(known) < number:
        return f"{number - len(known)} of {number} choices give no number"
    unit = " hours" if what == "half_life" else ""
    moved = f"it runs from {known.min():.3g} to {known.max():.3g}{unit} over {number} choices"
    if why.empty:
        return moved
    return f"{moved}, and {why.sum()} of {number} intervals are open: in {why.max()}, {why.idxmax()}"
