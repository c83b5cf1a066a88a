"""A sparse linear model that answers one question about posts, learnt from labelled ones.

A multinomial logistic regression with a ridge penalty, by scikit-learn, on word and character n-grams
(:mod:`analysis.disclosure.features`), on sentence embeddings (an optional extra), or on both.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analysis.disclosure import reading
from analysis.disclosure.card import card_of
from analysis.disclosure.features import Terms, learn, tokenise
from analysis.disclosure.labels import labelled
from analysis.engines import embeddings
from analysis.privacy import MIN_PEOPLE
from analysis.schema import InputError
from analysis.text import present_texts

_AT_ONCE = 50_000  # texts that are weighed together: some 150 MiB
_EMBEDDED_AT_ONCE = 500  # some two seconds


@dataclass(frozen=True)
class Model:
    """What :func:`fit` learnt.

    Attributes
    ----------
    question : str
        What it answers, such as "disclosure".
    classes : tuple of str
        The answers, sorted.
    terms : analysis.disclosure.features.Terms
        Without any where it reads embeddings alone.
    weights : ndarray of float32, shape (classes, terms)
        With 512 columns more, for the embedding, where it reads one.
    offsets : ndarray of float64, shape (classes,)
    card : dict
        What it was trained on, what was measured of it, and what it is not for.
    embedder : str
        Whose sentence embeddings it reads, see :func:`analysis.engines.embeddings.identity`; empty where it reads none.
    """

    question: str
    classes: tuple[str, ...]
    terms: Terms
    weights: np.ndarray
    offsets: np.ndarray
    card: dict = field(default_factory=dict)
    embedder: str = ""

    def predict(self, texts, *, processes: int = 1) -> pd.DataFrame:
        """Give the probability of each answer for each post.

        Parameters
        ----------
        texts : Series or sequence of str
            As posted. Each distinct text is read once; with embeddings that takes some 5 ms a text.
        processes : int
            How many processes share the work.

        Returns
        -------
        DataFrame
            On the index of `texts`: ``answer``, the likeliest; then a column of float64 for each of `classes`, which
            add up to 1. All missing where the text is.

        Raises
        ------
        InputError
            Where the model reads embeddings, and the extra is not installed or is another than it learnt from.
        """
        embeddings.check_embedder(self.embedder)
        known = present_texts(texts)
        place = {text: i for i, text in enumerate(dict.fromkeys(known.values()))}
        chances = np.full((len(texts), len(self.classes)), np.nan)
        if known:
            chances[list(known)] = self._chances(list(place), processes)[[place[text] for text in known.values()]]
        index = texts.index if isinstance(texts, pd.Series) else pd.RangeIndex(len(texts))
        table = pd.DataFrame(chances, columns=list(self.classes), index=index)
        best = np.full(len(texts), None, dtype=object)
        if known:
            best[list(known)] = np.array(self.classes, dtype=object)[chances[list(known)].argmax(axis=1)]
        table.insert(0, "answer", pd.Series(best, index=index, dtype="str"))
        return table

    def _chances(self, texts, processes):
        from tqdm import tqdm

        size = _EMBEDDED_AT_ONCE if self.embedder else _AT_ONCE
        parts = [texts[i : i + size] for i in range(0, len(texts), size)]
        said = {"desc": f"reading posts for {self.question}", "unit_scale": size, "unit": " posts"}
        said |= {"disable": None if len(parts) > 2 else True, "total": len(parts)}
        if processes == 1 or len(parts) == 1:
            return np.concatenate([self._part(part) for part in tqdm(parts, **said)])
        from joblib import Parallel, delayed

        work = Parallel(n_jobs=processes, return_as="generator")(delayed(self._part)(part) for part in parts)
        return np.concatenate(list(tqdm(work, **said)))

    def _part(self, texts):
        margins = reading.numbers(texts, self.terms, embedded=bool(self.embedder)) @ self.weights.T + self.offsets
        return _probabilities(margins)

    def heaviest(self, n: int = 8, k: int = MIN_PEOPLE) -> pd.DataFrame:
        """Give the words that speak most for each answer, of those that at least `k` people used.

        Parameters
        ----------
        n : int
            How many for each answer, at most.
        k : int
            The smallest number of people. Runs of characters and embeddings are left out.

        Returns
        -------
        DataFrame
            ``answer``, ``rank`` (from 1), ``word``, ``weight``.
        """
        rows, many = [], len(self.terms.words)
        for answer, weights in zip(self.classes, self.weights[:, :many], strict=True):
            order = [i for i in np.argsort(-weights, kind="stable") if self.terms.people[i] >= k and weights[i] > 0]
            named = [
                (answer, rank, self.terms.words[i], float(weights[i])) for rank, i in enumerate(order[:n], start=1)
            ]
            rows += named
        return pd.DataFrame(rows, columns=["answer", "rank", "word", "weight"]).astype({"answer": "str", "word": "str"})

    def familiar(self, posts: pd.DataFrame) -> pd.DataFrame:
        """Say by language how much of the posts the model can read at all.

        Parameters
        ----------
        posts : DataFrame
            ``text``, and ``lang`` perhaps.

        Returns
        -------
        DataFrame
            A row a language, the commonest first: ``lang``; ``posts``; ``words``, the share of their words that the
            model knows (0 to 1; missing where it reads embeddings alone); ``trained``, whether it was trained on posts
            of that language; ``note``, what to do where it was not, or where it knows fewer than half of the words.
        """
        lang = posts["lang"].astype("str").fillna("unknown") if "lang" in posts else pd.Series("unknown", posts.index)
        learnt, known = set(self.card.get("languages", [])), set(self.terms.words)
        rows = []
        for name, part in posts["text"].groupby(lang):
            tokens = [token for text in part.dropna() for token in tokenise(text) if token[-1].isalnum()]
            share = float(np.mean([token in known for token in tokens])) if tokens and known else float("nan")
            note = "" if name in learnt and not share < 0.5 else _FOREIGN
            rows.append((name, part.notna().sum(), share, name in learnt, note))
        table = pd.DataFrame(rows, columns=["lang", "posts", "words", "trained", "note"])
        return table.sort_values(["posts", "lang"], ascending=[False, True], ignore_index=True)


_FOREIGN = "its answers here are guesses: label a random sample of these posts by hand, or leave them out"


def fit(
    posts: pd.DataFrame,
    answers: pd.Series,
    *,
    question: str,
    features: str = "n-grams",
    k: int = MIN_PEOPLE,
    c: float | None = None,
) -> Model:
    """Learn to answer a question from labelled posts.

    Parameters
    ----------
    posts : DataFrame
        ``text``, and of ``post_id``, ``platform``, ``author``, ``lang``, ``created_at`` what is there.
    answers : Series of str
        The answer for each post, on the same index. Posts without an answer or a text are left out.
    question : str
        What the answers are about, such as "disclosure".
    features : str
        What is read of a text: "n-grams" of words and characters; "embeddings", the vectors of
        :mod:`analysis.engines.embeddings`, an optional extra; or "both".
    k : int
        Terms are kept that so many people used, so that no single person can be found in a model that is passed on;
        for embeddings so many have to have written the posts. Only for invented posts should it be 0.
    c : float, optional
        The inverse of the ridge penalty; without it 8, for embeddings alone 1.

    Returns
    -------
    Model
        The same for any order of the posts.

    Raises
    ------
    InputError
        Where no post has an answer, all have the same, no term is used by `k` people, or `features` cannot be read;
        the message says what to do.

    Notes
    -----
    On phrase families of the shipped sample that it has not met, n-grams have an F1 of 0.924 (0.887 to 0.952),
    embeddings 0.879 (0.808 to 0.928), which is 0.045 below (0.017 to 0.091). On phrases of another writer it is the
    other way round: 0.690 (0.569 to 0.778) and 0.865 (0.792 to 0.902), 0.175 above (0.077 to 0.281). A model that
    learnt from English posts finds those of ten other languages with 0.399 (0.373 to 0.427) and 0.763 (0.743 to 0.782).
    "both" is between the two each time. On people's posts none of it was measured. See
    :func:`analysis.disclosure.features_compared`.
    """
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    reading.check_features(features)
    table = labelled(posts, answers)
    each = table.groupby(["text", "answer"], sort=True).size()
    texts = each.index.get_level_values("text").to_numpy(dtype=object)
    wanted = each.index.get_level_values("answer").to_numpy(dtype=object)
    distinct = table.groupby("text", sort=True)["author"].min()  # a text that many copied counts as one person's
    terms = reading.NO_TERMS if features == "embeddings" else learn(distinct.index.to_list(), distinct, k=k)
    if features == "embeddings" and distinct.nunique() < k:
        raise InputError(
            f"the {len(table):,} labelled posts are not known to be by {k} people: label posts of more people, bring "
            "posts with authors, or choose a smaller k and keep the model to yourself"
        )
    if features != "embeddings" and not len(terms):
        raise InputError(
            f"no word of the {len(table):,} labelled posts is known to be used by {max(k, 1)} people: label more "
            "posts, bring posts with authors, or choose a smaller k and keep the model to yourself"
        )
    embedder = "" if features == "n-grams" else embeddings.identity()
    read, c = reading.numbers(texts, terms, embedded=bool(embedder)), reading.PENALTIES[features] if c is None else c
    with threadpool_limits(1):  # sums in one order: the same bytes on any number of cores
        fitted = LogisticRegression(C=c, tol=5e-4, max_iter=1000).fit(read, wanted, sample_weight=each.to_numpy())
    classes, weights, offsets = fitted.classes_.tolist(), fitted.coef_, fitted.intercept_
    if len(classes) == 2:
        weights, offsets = np.vstack([-weights, weights]) / 2, np.append(-offsets, offsets) / 2
    named = {"n-grams": "word and character n-grams", "embeddings": "sentence embeddings"}
    method = f"multinomial logistic regression (C={c:g}) on {named.get(features, ' and '.join(named.values()))}"
    card = card_of(posts, table, question, method, k)
    weights = np.ascontiguousarray(weights, np.float32)
    return Model(question, tuple(classes), terms, weights, offsets.astype(float), card, embedder)


def _probabilities(margins):
    chances = np.exp(margins - margins.max(axis=1, keepdims=True))
    return chances / chances.sum(axis=1, keepdims=True)
