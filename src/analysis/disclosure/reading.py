"""What a model reads of a text: its n-grams, its sentence embedding (an optional extra), or both side by side."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.disclosure import features
from analysis.engines import embeddings
from analysis.schema import InputError

#: What can be read, and the inverse of the ridge penalty that does best with it, of those tried on phrase families of
#: the shipped sample (embeddings: 0.1 to 64).
PENALTIES = {"n-grams": 8.0, "embeddings": 1.0, "both": 8.0}
NO_TERMS = features.Terms((), (), np.zeros(0), np.zeros(0, dtype=np.int64))


def check_features(name: str) -> None:
    """Refuse what cannot be read.

    Raises
    ------
    InputError
        Where it is none of ``PENALTIES``, or asks for embeddings and the extra is not installed.

    Examples
    --------
    >>> check_features("n-grams")
    """
    if name not in PENALTIES:
        raise InputError(f"no model reads {name!r}: features is one of {', '.join(map(repr, PENALTIES))}")
    if name != "n-grams":
        embeddings.identity()


def numbers(texts: Sequence[str], terms: features.Terms, *, embedded: bool):
    """Give the numbers that stand for texts.

    Parameters
    ----------
    texts : sequence of str
    terms : analysis.disclosure.features.Terms
        ``NO_TERMS`` where n-grams are not read.
    embedded : bool
        Whether embeddings are read.

    Returns
    -------
    scipy.sparse.csr_array of float32, shape (texts, terms, and 512 more where embedded)
        The terms first. Zeros where a text has no word to embed.
    """
    from scipy.sparse import csr_array, hstack

    weighed = features.weigh(texts, terms)
    if not embedded:
        return weighed
    vectors = np.nan_to_num(embeddings.embed(texts, progress=True))
    return hstack([weighed, csr_array(vectors)], format="csr")


def features_compared() -> pd.DataFrame:
    """Give how well a model finds disclosures that reads n-grams, embeddings or both: kept, since it takes the extra.

    ``benchmarks/disclosure.py --only embeddings --out src/analysis/disclosure`` measures it again.

    Returns
    -------
    DataFrame
        ``posts``, which the model had not met: other phrase families of the shipped sample (English, five folds), those
        of the theme metoo-held-out, which another writer wrote, and those of the sample in other languages than
        English, by models that learnt from the English ones; ``features``; ``f1`` (bare or detail) with ``low`` and
        ``high``, from drawing phrase families, or authors where languages are other; ``above``, ``above_low``,
        ``above_high``, the difference from n-grams (missing for these); ``embedder``, and ``measured``, the day on
        which it was (ISO 8601).
    """
    return pd.read_csv(Path(__file__).with_name("compared.csv"))
