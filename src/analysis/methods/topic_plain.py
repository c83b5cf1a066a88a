"""What one would write without this package: scikit-learn's own, as a user would set it, behind the face of Topics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.text import present_texts
from analysis.topics.model import NONE
from analysis.topics.prepare import content_words


@dataclass(frozen=True)
class Plain:
    """A vectorizer and a decomposition of scikit-learn that were fitted.

    Attributes
    ----------
    vectorizer, model
        scikit-learn's objects.
    """

    vectorizer: object
    model: object

    def assign(self, texts: Sequence[str]) -> pd.DataFrame:
        """Say which topic has the largest share in each text: ``topic``; "none" where the text has no known word."""
        there = present_texts(texts)
        rows = self.vectorizer.transform(there.values())
        best = self.model.transform(rows).argmax(axis=1) + 1 if rows.shape[0] else np.zeros(0, dtype=int)
        named = [f"topic {i}" if some else NONE for i, some in zip(best, np.diff(rows.indptr), strict=True)]
        topic = pd.Series(named, index=list(there), dtype="str").reindex(range(len(texts)))
        return topic.set_axis(texts.index if isinstance(texts, pd.Series) else topic.index).to_frame("topic")

    def tops(self, n: int = 10) -> list[list[str]]:
        """Give each topic's `n` heaviest words."""
        names = self.vectorizer.get_feature_names_out()
        order = np.argsort(-self.model.components_, axis=1, kind="stable")[:, :n]
        return [names[some].tolist() for some in order]


def nmf(texts: Sequence[str], k: int, seed: int = 0) -> Plain:
    """Fit ``TfidfVectorizer`` and ``NMF`` with scikit-learn's defaults; words as this package takes them."""
    from sklearn.decomposition import NMF
    from sklearn.feature_extraction.text import TfidfVectorizer

    return _fitted(TfidfVectorizer, NMF(k, random_state=seed), texts)


def lda(texts: Sequence[str], k: int, seed: int = 0) -> Plain:
    """Fit ``CountVectorizer`` and ``LatentDirichletAllocation`` with scikit-learn's defaults (batch, ten rounds)."""
    from sklearn.decomposition import LatentDirichletAllocation
    from sklearn.feature_extraction.text import CountVectorizer

    return _fitted(CountVectorizer, LatentDirichletAllocation(k, random_state=seed), texts)


def _fitted(vectorizer, model, texts):
    there = list(present_texts(texts).values())
    vectorizer = vectorizer(analyzer=content_words, min_df=2, max_df=0.95)
    try:
        rows = vectorizer.fit_transform(there)
    except ValueError:
        raise ValueError(
            f"no word stands in two of {len(there)} texts, and not in nearly all: bring more texts"
        ) from None
    return Plain(vectorizer, model.fit(rows))
