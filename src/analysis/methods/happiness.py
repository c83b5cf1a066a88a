"""A second yardstick beside VADER: the happiness of the words, by labMT's list; and how far the two agree."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import metadata

import numpy as np
import pandas as pd

from analysis.intervals import wilson_interval
from analysis.text import present_texts, tokens

#: Words between these two are neutral and left out, as Dodds et al. do.
BAND = (4.0, 6.0)


def happiness(texts: pd.Series) -> pd.DataFrame:
    """Give the mean happiness of the words of each text.

    Parameters
    ----------
    texts : Series of str, or any sequence of str
        A missing text has missing values; what is no text is refused with its row (TypeError).

    Returns
    -------
    DataFrame
        The index of `texts`: ``happiness`` (float64, from 1, sad, to 9, happy; missing where no word counts) and
        ``words_known`` (Int64, how many words count).

    Notes
    -----
    The mean of the happiness of the words, each as often as it stands there: equation 1 of Dodds, Harris, Kloumann,
    Bliss & Danforth (2011), PLoS ONE 6(12): e26752, doi:10.1371/journal.pone.0026752, with their band of one point on
    each side of the middle left out. The list was rated for large texts; over one post of a dozen words the mean is
    coarse. No rule minds a "not".

    Examples
    --------
    >>> happiness(["Laughter and love", "not a happy day", "of the"])
       happiness  words_known
    0   8.460000            2
    1   6.133333            3
    2        NaN            0
    """
    from tqdm import tqdm

    counted = {word: value for word, value in labmt_words().items() if not BAND[0] < value < BAND[1]}
    present = present_texts(texts)
    rows = {}
    for text in tqdm(dict.fromkeys(present.values()), desc="happiness", unit=" texts", disable=None, delay=2):
        values = [counted[word] for word in tokens(text) if word in counted]
        rows[text] = (sum(values) / len(values) if values else np.nan, len(values))
    table = np.full((len(texts), 2), np.nan)
    if present:
        table[list(present)] = [rows[text] for text in present.values()]
    index = texts.index if isinstance(texts, pd.Series) else None
    return pd.DataFrame(table, index=index, columns=["happiness", "words_known"]).astype({"words_known": "Int64"})


@cache
def labmt_words() -> Mapping[str, float]:
    """Give labMT's list: some 10,000 frequent words, each with its mean happiness from 1 to 9."""
    rows = (line.split("\t") for line in _path().read_text(encoding="utf-8").splitlines()[1:])
    return {row[0]: float(row[2]) for row in rows}


def labmt() -> dict[str, object]:
    """Tell which list it is: the package and version that it comes with, its SHA-256 and its number of entries."""
    from hashlib import sha256

    return {
        "package": "labMTsimple",
        "version": metadata.version("labMTsimple"),
        "sha256": sha256(_path().read_bytes()).hexdigest(),
        "entries": len(labmt_words()),
    }


def _path():
    """Find labMT's file in the installed package, which itself needs not be loaded."""
    from importlib.util import find_spec
    from pathlib import Path

    return Path(find_spec("labMTsimple").origin).parent / "data" / "LabMT" / "labMT1.txt"


def agreement(compound: pd.Series, happy: pd.Series) -> pd.DataFrame:
    """Tell how far VADER and labMT agree on the same texts.

    Parameters
    ----------
    compound : Series of float
        What :func:`analysis.sentiment.score` gives, -1 to 1.
    happy : Series of float
        What :func:`happiness` gives for the same texts in the same order, 1 to 9. Copies of a text count as often as
        they are given: give distinct texts.

    Returns
    -------
    DataFrame
        Two rows, with 95% intervals: ``measure``, ``texts`` (int64, how many it is over), ``value``, ``low``, ``high``.
        "rank correlation" is Spearman's, over the texts that have both; "same sign" the share of texts on the same side
        of the middle (5, on the raters' scale), over those that lie on a side for both: a text that either is silent on
        counts for neither. All missing for fewer than four texts, or where one of the two never changes.

    Raises
    ------
    ValueError
        If the two are not of the same length.

    Notes
    -----
    The interval of the correlation is by Fisher's z with the variance of Bonett & Wright (2000), Psychometrika 65,
    23-28, eq. 3: (1 + r²/2) / (n - 3). That of the share is Wilson's. Both take the texts for independent; texts by one
    author are not quite, so that the intervals are a little too narrow.
    """
    from scipy.stats import spearmanr

    if len(compound) != len(happy):
        raise ValueError(f"{len(compound)} compound scores and {len(happy)} of happiness are not of the same texts")
    both = pd.DataFrame({"vader": np.asarray(compound, float), "labmt": np.asarray(happy, float) - 5}).dropna()
    rank, low, high = np.nan, np.nan, np.nan
    if len(both) > 3 and (both.max() > both.min()).all():
        rank = float(spearmanr(both["vader"], both["labmt"]).statistic)
        if abs(rank) < 1:
            reach = 1.96 * np.sqrt((1 + rank**2 / 2) / (len(both) - 3))
            low, high = np.tanh(np.arctanh(rank) - reach), np.tanh(np.arctanh(rank) + reach)
        else:
            low = high = rank
    sided = both[(both["vader"] != 0) & (both["labmt"].abs() > 1e-9)]
    same = int((np.sign(sided["vader"]) == np.sign(sided["labmt"])).sum())
    share = wilson_interval(same, len(sided)) if len(sided) else dict.fromkeys(("share", "low", "high"), np.nan)
    return pd.DataFrame(
        {
            "measure": ["rank correlation", "same sign"],
            "texts": [len(both), len(sided)],
            "value": [rank, share["share"]],
            "low": [low, share["low"]],
            "high": [high, share["high"]],
        }
    )
