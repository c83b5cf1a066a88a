"""Try plain methods on the corpus: it should be neither too easy nor beyond them."""

import numpy as np
import pandas as pd

from analysis.text import tokens

MOST_SEEN = 6  # more disclosures seen count as so many


def disclosures_found(posts: pd.DataFrame, truth: pd.DataFrame, stances=("detail",)) -> float:
    """Let TF-IDF and logistic regression look for disclosures among the English posts that have words.

    Families of phrases are split between training and test, so that no telling wording is met again: an English post's
    own sentences are all from one family. The sentences that all posts share (``parts.toml``) are met again.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import f1_score
    from sklearn.model_selection import GroupKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline

    rows = english(posts)
    wanted = truth.loc[rows, "stance"].isin(stances).to_numpy()
    model = make_pipeline(TfidfVectorizer(), LogisticRegression(max_iter=1_000, class_weight="balanced"))
    groups = truth.loc[rows, "family"].astype("category").cat.codes.to_numpy()
    found = cross_val_predict(model, posts.loc[rows, "text"].to_numpy(), wanted, groups=groups, cv=GroupKFold(5))
    return float(f1_score(wanted, found))


def topics_found(posts: pd.DataFrame, truth: pd.DataFrame, seed: int) -> float:
    """Let plain TF-IDF and NMF, told the true number, look for the planted topics.

    Gives the adjusted mutual information of each English post's strongest component with its planted topic.
    """
    from sklearn.decomposition import NMF
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.metrics import adjusted_mutual_info_score

    rows = english(posts)
    rows = rows[(truth.loc[rows, "topic"] != "none").to_numpy()]
    topic = truth.loc[rows, "topic"]
    texts = [" ".join(word for word in tokens(text) if word[0] != "#") for text in posts.loc[rows, "text"]]
    words = TfidfVectorizer(stop_words="english", min_df=5, max_df=0.5).fit_transform(texts)
    parts = NMF(topic.nunique(), init="nndsvda", max_iter=500, random_state=seed).fit_transform(words)
    return float(adjusted_mutual_info_score(topic, parts.argmax(axis=1)))


def english(posts: pd.DataFrame) -> np.ndarray:
    """Return the positions of the authored English posts."""
    return np.flatnonzero(((posts["kind"] != "repost") & (posts["lang"] == "en")).to_numpy())


def odds_of_detail(posts: pd.DataFrame, truth: pd.DataFrame) -> float:
    """Estimate by how much each disclosure seen earlier in a conversation multiplies the odds of telling details.

    A logistic regression without penalty, of detail (against bare) on the number seen and the part of the month.
    """
    from sklearn.linear_model import LogisticRegression

    rows = (posts["kind"] != "repost") & truth["stance"].isin(["bare", "detail"]) & (posts["lang"] != "und")
    day = pd.to_datetime(posts.loc[rows, "created_at"]).dt.tz_localize(None).to_numpy()
    edges = np.array(["2017-10-17", "2017-10-22", "2017-11-01"], dtype="datetime64[us]")
    part = np.eye(4)[np.searchsorted(edges, day, side="right")][:, 1:]
    seen = truth.loc[rows, "seen"].clip(upper=MOST_SEEN).to_numpy()
    model = LogisticRegression(C=np.inf, max_iter=1_000).fit(
        np.column_stack([seen, part]), truth.loc[rows, "stance"] == "detail"
    )
    return float(np.exp(model.coef_[0, 0]))
