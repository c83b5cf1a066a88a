"""A sparse linear model that answers one question about posts, learnt from labelled ones.

A multinomial logistic regression with a ridge penalty, by scikit-learn, on word and character n-grams
(:mod:`analysis.disclosure.features`).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analysis.disclosure.features import Terms, learn, tokenise, weigh
from analysis.disclosure.labels import labelled
from analysis.posts import are_invented
from analysis.privacy import MIN_PEOPLE
from analysis.schema import InputError
from analysis.text import present_texts

#: What stands on every card.
NOT_FOR = (
    "Not for judging single people or single posts: it errs on many, and a share of posts can be right while "
    "the answer for one is wrong. Not for posts of another language, tag or time without hand-labelled posts of those."
)
_AT_ONCE = 50_000  # texts that are weighed together: some 150 MiB
_FOREIGN = "its answers here are guesses: label a random sample of these posts by hand, or leave them out"


@dataclass(frozen=True)
class Model:
    """What :func:`fit` learnt.

    `question` is what it answers, such as "disclosure"; `classes` the answers, sorted. `training` says what it was
    trained on (see :meth:`card`): nothing in it names a person or a post, and JSON can hold it.
    """

    question: str
    classes: tuple[str, ...]
    terms: Terms
    weights: np.ndarray
    offsets: np.ndarray
    training: dict = field(default_factory=dict)

    def predict(self, texts, *, processes: int = 1) -> pd.DataFrame:
        """Give the probability of each answer for each post.

        Parameters
        ----------
        texts : Series or sequence of str
            As posted. Each distinct text is read once.
        processes : int
            How many processes share the work.

        Returns
        -------
        DataFrame
            On the index of `texts`: ``answer``, the likeliest; then a column of float64 for each of `classes`, which
            add up to 1. All missing where the text is.
        """
        known = present_texts(texts)
        place = {text: i for i, text in enumerate(dict.fromkeys(known.values()))}
        chances = np.full((len(texts), len(self.classes)), np.nan)
        best = np.full(len(texts), None, dtype=object)
        if known:
            rows = list(known)
            chances[rows] = self._chances(list(place), processes)[[place[text] for text in known.values()]]
            best[rows] = np.array(self.classes, dtype=object)[chances[rows].argmax(axis=1)]
        index = texts.index if isinstance(texts, pd.Series) else pd.RangeIndex(len(texts))
        table = pd.DataFrame(chances, columns=list(self.classes), index=index)
        table.insert(0, "answer", pd.Series(best, index=index, dtype="str"))
        return table

    def _chances(self, texts, processes):
        from tqdm import tqdm

        parts = [texts[i : i + _AT_ONCE] for i in range(0, len(texts), _AT_ONCE)]
        bar = {"desc": f"reading posts for {self.question}", "unit_scale": _AT_ONCE, "unit": " posts"}
        bar |= {"disable": None if len(parts) > 2 else True, "total": len(parts)}
        if processes == 1 or len(parts) == 1:
            return np.concatenate([self._part(part) for part in tqdm(parts, **bar)])
        from joblib import Parallel, delayed

        work = Parallel(n_jobs=processes, return_as="generator")(delayed(self._part)(part) for part in parts)
        return np.concatenate(list(tqdm(work, **bar)))

    def _part(self, texts):
        margins = weigh(texts, self.terms) @ self.weights.T + self.offsets
        chances = np.exp(margins - margins.max(axis=1, keepdims=True))
        return chances / chances.sum(axis=1, keepdims=True)

    def heaviest(self, n: int = 8, k: int = MIN_PEOPLE) -> pd.DataFrame:
        """Give the words that speak most for each answer, of those that at least `k` people used.

        Parameters
        ----------
        n : int
            How many for each answer, at most.
        k : int
            The smallest number of people. Runs of characters are left out.

        Returns
        -------
        DataFrame
            ``answer``, ``rank`` (from 1), ``word``, ``weight``.
        """
        rows, words = [], self.terms.words
        for answer, weights in zip(self.classes, self.weights[:, : len(words)], strict=True):
            order = [i for i in np.argsort(-weights, kind="stable") if self.terms.people[i] >= k and weights[i] > 0]
            rows += [(answer, rank, words[i], float(weights[i])) for rank, i in enumerate(order[:n], start=1)]
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
            model knows (0 to 1); ``trained``, whether it was trained on posts of that language; ``note``, what to do
            where it was not, or where it knows fewer than half of the words.
        """
        lang = posts["lang"].astype("str").fillna("unknown") if "lang" in posts else pd.Series("unknown", posts.index)
        languages, known = set(self.training.get("languages", [])), set(self.terms.words)
        rows = []
        for name, part in posts["text"].groupby(lang):
            tokens = [token for text in part.dropna() for token in tokenise(text) if token[-1].isalnum()]
            share = float(np.mean([token in known for token in tokens])) if tokens else float("nan")
            note = "" if name in languages and not share < 0.5 else _FOREIGN
            rows.append((name, part.notna().sum(), share, name in languages, note))
        table = pd.DataFrame(rows, columns=["lang", "posts", "words", "trained", "note"])
        return table.sort_values(["posts", "lang"], ascending=[False, True], ignore_index=True)

    def card(self, digest: str = "") -> str:
        """Write in Markdown what the model was trained on and what it is not for."""
        facts = self.training
        answers = ", ".join(f"{name} ({n:,})" for name, n in facts["answers"].items())
        lines = [
            f"# A model of the question: {self.question}",
            "",
            f"**Answers:** {answers}.",
            f"**Trained on** {facts['posts']:,} {'invented ' if facts['invented'] else ''}posts by "
            f"{facts['authors']:,} authors, {' to '.join(facts['days']) or 'days not known'}; "
            f"languages: {', '.join(facts['languages']) or 'not known'}.",
            f"**Method:** {facts['method']}. {len(self.terms.words):,} words and pairs, {len(self.terms.runs):,} runs "
            f"of characters, each used by {facts['people a term']} people or more.",
            "",
            "## What it is not for",
            facts["not for"],
        ]
        return "\n".join([*lines, "", f"SHA-256 of its contents: `{digest}`"] if digest else lines) + "\n"


def fit(posts: pd.DataFrame, answers: pd.Series, *, question: str, k: int = MIN_PEOPLE, c: float = 8.0) -> Model:
    """Learn to answer a question from labelled posts.

    Parameters
    ----------
    posts : DataFrame
        ``text``, and of ``post_id``, ``platform``, ``author``, ``lang``, ``created_at`` what is there.
    answers : Series of str
        The answer for each post, on the same index. Posts without an answer or a text are left out.
    question : str
        What the answers are about, such as "disclosure".
    k : int
        Terms are kept that so many people used, so that no single person can be found in a model that is passed on.
        Only for invented posts should it be 0.
    c : float
        The inverse of the ridge penalty.

    Returns
    -------
    Model
        The same for any order of the posts.

    Raises
    ------
    InputError
        Where no post has an answer, all have the same, or no term is used by `k` people; the message says what to do.

    Notes
    -----
    On phrase families of the shipped sample that it has not met, it has an F1 of 0.924 (0.887 to 0.952), on phrases of
    another writer 0.690 (0.569 to 0.778). On people's posts neither was measured.
    """
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    table = labelled(posts, answers)
    copies = table.groupby(["text", "answer"], sort=True).size()
    texts, given = (copies.index.get_level_values(name).to_numpy(dtype=object) for name in ("text", "answer"))
    distinct = table.groupby("text", sort=True)["author"].min()  # a text that many copied counts as one person's
    terms = learn(distinct.index.to_list(), distinct, k=k)
    if not len(terms):
        raise InputError(
            f"no word of the {len(table):,} labelled posts is known to be used by {max(k, 1)} people: label more "
            "posts, bring posts with authors, or choose a smaller k and keep the model to yourself"
        )
    counted = weigh(texts, terms)
    with threadpool_limits(1):  # sums in one order: the same bytes on any number of cores
        fitted = LogisticRegression(C=c, tol=5e-4, max_iter=1000).fit(counted, given, sample_weight=copies.to_numpy())
    classes, weights, offsets = fitted.classes_.tolist(), fitted.coef_, fitted.intercept_
    if len(classes) == 2:
        weights, offsets = np.vstack([-weights, weights]) / 2, np.append(-offsets, offsets) / 2
    weights = np.ascontiguousarray(weights, np.float32)
    training = _training(posts.loc[table.index], table, k, c)
    return Model(question, tuple(classes), terms, weights, offsets.astype(float), training)


def _training(posts, table, k, c):
    """Say what a model was trained on: `posts` as they were given, `table` of their answers and authors."""
    import sklearn

    languages = posts["lang"].dropna() if "lang" in posts else pd.Series(dtype="str")
    days = posts["created_at"].dropna() if "created_at" in posts else pd.Series(dtype="datetime64[us, UTC]")
    method = f"multinomial logistic regression (C={c:g}) on word and character n-grams"
    return {
        "answers": {name: int(n) for name, n in table["answer"].value_counts().sort_index().items()},
        "posts": len(table),
        "authors": int(table.loc[table["author"] != "", "author"].nunique()),
        "languages": [str(name) for name in languages.value_counts().index],
        "days": [day.strftime("%Y-%m-%d") for day in (days.min(), days.max())] if len(days) else [],
        "invented": {"post_id", "platform"} <= set(posts) and bool(are_invented(posts).all()),
        "people a term": k,
        "method": f"{method}, scikit-learn {sklearn.__version__}",
        "not for": NOT_FOR,
    }
