"""The topics of this package beside scikit-learn's own methods, on texts whose topics are known."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.text import present_texts
from analysis.topics import NONE, agreement, c_v, content_words, fit, npmi
from analysis.topics.bags import bag


@dataclass(frozen=True)
class Plain:
    """A vectorizer and a model of scikit-learn, fitted, to be asked as :class:`analysis.topics.Topics` is."""

    vectorizer: object
    model: object

    def assign(self, texts: Sequence[str]) -> pd.DataFrame:
        """Say which topic each text belongs to: ``topic``; "none" where the text has no known word."""
        given = present_texts(texts)
        rows = self.vectorizer.transform(given.values())
        ask = getattr(self.model, "predict", lambda rows: self.model.transform(rows).argmax(axis=1))
        best = ask(rows) + 1 if rows.shape[0] else []
        names = [f"topic {i}" if known else NONE for i, known in zip(best, np.diff(rows.indptr), strict=True)]
        topic = pd.Series(names, index=list(given), dtype="str").reindex(range(len(texts)))
        return topic.set_axis(texts.index if isinstance(texts, pd.Series) else topic.index).to_frame("topic")

    def top_words(self, n: int = 10) -> list[list[str]]:
        """Give each topic's `n` heaviest words."""
        words = self.vectorizer.get_feature_names_out()
        weights = getattr(self.model, "components_", None)
        weights = self.model.cluster_centers_ if weights is None else weights
        return [words[row].tolist() for row in np.argsort(-weights, axis=1, kind="stable")[:, :n]]


def plain_nmf(texts: Sequence[str], k: int, seed: int = 0) -> Plain:
    """Fit ``TfidfVectorizer`` and ``NMF`` with scikit-learn's defaults; words as this package takes them."""
    from sklearn.decomposition import NMF
    from sklearn.feature_extraction.text import TfidfVectorizer

    return _fitted(TfidfVectorizer, NMF(k, random_state=seed), texts)


def plain_lda(texts: Sequence[str], k: int, seed: int = 0) -> Plain:
    """Fit ``CountVectorizer`` and ``LatentDirichletAllocation`` with scikit-learn's defaults (batch, ten rounds)."""
    from sklearn.decomposition import LatentDirichletAllocation
    from sklearn.feature_extraction.text import CountVectorizer

    return _fitted(CountVectorizer, LatentDirichletAllocation(k, random_state=seed), texts)


def plain_kmeans(texts: Sequence[str], k: int, seed: int = 0) -> Plain:
    """Fit ``TfidfVectorizer`` and ``KMeans`` with scikit-learn's defaults."""
    from sklearn.cluster import KMeans
    from sklearn.feature_extraction.text import TfidfVectorizer

    return _fitted(TfidfVectorizer, KMeans(k, random_state=seed), texts)


def _fitted(vectorizer, model, texts):
    from threadpoolctl import threadpool_limits

    texts = list(present_texts(texts).values())
    vectorizer = vectorizer(analyzer=content_words, min_df=2, max_df=0.95)
    try:
        rows = vectorizer.fit_transform(texts)
    except ValueError:
        raise ValueError(f"no word stands in two of {len(texts)} texts, and not in nearly all") from None
    with threadpool_limits(1):  # sums, and so clusters, depend on how many threads there are
        return Plain(vectorizer, model.fit(rows))


#: What is compared: a name, and what finds k topics in texts (``find(texts, k, seed=...)``).
COMPARED: Mapping[str, Callable] = {
    "nmf": fit,
    "plain NMF": plain_nmf,
    "plain LDA": plain_lda,
    "plain k-means": plain_kmeans,
}


def compare_methods(
    texts: pd.Series,
    planted: pd.Series,
    k: int,
    *,
    people: pd.Series,
    seed: int = 0,
) -> pd.DataFrame:
    """Compare each method's topics with planted ones: of "nmf", :func:`analysis.topics.fit`, and of scikit-learn's own.

    Parameters
    ----------
    texts, planted : Series of str
        Texts and their topics in the same order; "none" for a text that belongs to none. Missing texts are left out.
    k : int
        How many topics each method is asked for.
    people : Series
        Who wrote each; the interval leaves out a twentieth of them at a time.
    seed : int

    Returns
    -------
    DataFrame
        A row a method: ``method``; ``ami`` with ``low`` and ``high`` (95%), and ``ari``, over the posts with a planted
        topic, where "none" among the found is one more group; ``forced``, the same AMI if every post is given its
        likeliest topic; ``none_right``, the share of posts without a planted topic that are called none (missing
        if there are no such posts), and ``none_lost``, that of the others; ``npmi`` and ``c_v``, coherence of the ten
        top words, means over topics.

    Raises
    ------
    ValueError
        If there are not as many topics as texts, or no text has a planted topic.

    Notes
    -----
    AMI: Vinh, Epps & Bailey (2010), *J. Mach. Learn. Res.* 11, 2837; ARI: Hubert & Arabie (1985), *J. Classif.* 2, 193.
    """
    if len(texts) != len(planted):
        raise ValueError(f"{len(texts)} texts and {len(planted)} planted topics: each text needs one")
    if not isinstance(k, int | np.integer) or k < 1:
        raise ValueError(f"k is {k!r}; it has to be a whole number from 1 on")
    columns = {"text": texts.to_numpy(), "topic": planted.to_numpy(), "who": people.to_numpy()}
    table = pd.DataFrame(columns).dropna(subset=["text", "topic"]).sort_values(["text", "topic"], kind="stable")
    table = table.reset_index(drop=True)
    if not table["topic"].ne(NONE).any():
        raise ValueError("no text has a planted topic: there is nothing to be found again")
    posts = bag(table["text"].tolist())
    return pd.DataFrame([_row(name, table, posts, k, seed) for name in COMPARED]).astype({"method": "str"})


def _row(name, table, posts, k, seed):
    topics = COMPARED[name](table["text"], k, seed=seed)
    assigned = topics.assign(table["text"])
    about = table["topic"].ne(NONE)
    agreed = agreement(assigned.loc[about, "topic"], table.loc[about, "topic"], table.loc[about, "who"])
    measures = measure(assigned, table["topic"])
    row = {"method": name, "ami": measures.pop("ami"), "low": agreed["low"], "high": agreed["high"]} | measures
    top_words = [words for words in _top_words(topics) if len(words) > 1]
    row["npmi"] = np.nanmean(npmi(top_words, posts)) if top_words else np.nan
    row["c_v"] = np.nanmean(c_v(top_words, posts)) if top_words else np.nan
    return row


def measure(assigned: pd.DataFrame, planted: pd.Series) -> dict[str, float]:
    """Compare an assignment with planted topics of the same index, by the measures of :func:`compare_methods`."""
    from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score

    about = planted.ne(NONE)
    topic, truth, forced = assigned["topic"], planted[about], _forced(assigned)
    return {
        "ami": adjusted_mutual_info_score(truth, topic[about]),
        "ari": adjusted_rand_score(truth, topic[about]),
        "forced": adjusted_mutual_info_score(truth, forced[about]),
        "none_right": topic[~about].eq(NONE).mean() if (~about).any() else np.nan,
        "none_lost": topic[about].eq(NONE).mean(),
    }


def _forced(assigned):
    """Give each post its likeliest topic, whether it fits or not."""
    shares = assigned.drop(columns=["topic", "fit", "margin"], errors="ignore")
    if shares.empty:
        return assigned["topic"]
    return shares.idxmax(axis=1).where(shares.sum(axis=1) > 0, NONE)


def _top_words(topics):
    """Give ten words of each topic, as the method itself ranks them."""
    if isinstance(topics, Plain):
        return topics.top_words()
    return [part["word"].tolist() for _, part in topics.top_words(set(topics.vocabulary), 10).groupby("topic")]
