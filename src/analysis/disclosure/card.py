"""What a model says of itself: what it was trained on, what was measured of it, and what it is not for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from analysis.posts import are_invented

if TYPE_CHECKING:
    from analysis.disclosure.model import Model

#: What stands in every card.
NOT_FOR = (
    "Not for judging single people or single posts: it errs on many, and a share of posts can be right while "
    "the answer for one is wrong. Not for posts of another language, tag or time without hand-labelled posts of those."
)


def card_of(posts: pd.DataFrame, table: pd.DataFrame, question: str, method: str, k: int) -> dict:
    """Write what there is to say of a model when it has been fitted.

    Parameters
    ----------
    posts : DataFrame
        As for :func:`analysis.disclosure.fit`.
    table : DataFrame
        Those it learnt from, on the same index: ``answer``, ``author`` (empty where it is not known).
    question, method : str
    k : int
        By how many people each term was used.

    Returns
    -------
    dict
        What JSON can hold; nothing in it names a person or a post.
    """
    import sklearn

    rows = posts.loc[table.index]
    languages = rows["lang"].dropna() if "lang" in rows else pd.Series(dtype="str")
    invented = {"post_id", "platform"} <= set(rows) and bool(are_invented(rows).all())
    days = rows["created_at"].dropna() if "created_at" in rows else pd.Series(dtype="datetime64[us, UTC]")
    return {
        "question": question,
        "answers": {name: int(n) for name, n in table["answer"].value_counts().sort_index().items()},
        "posts": len(table),
        "authors": int(table.loc[table["author"] != "", "author"].nunique()),
        "languages": [str(name) for name in languages.value_counts().index],
        "days": [day.strftime("%Y-%m-%d") for day in (days.min(), days.max())] if len(days) else [],
        "invented": invented,
        "people a term": k,
        "method": f"{method}, scikit-learn {sklearn.__version__}",
        "measured": {},
        "not for": NOT_FOR,
    }


def with_measures(model: Model, found: pd.DataFrame, on: str) -> Model:
    """Write onto a model's card how good it is, so that it travels with the file.

    Parameters
    ----------
    model : Model
    found : DataFrame
        As :func:`analysis.disclosure.rates` gives it, for posts that the model, or one learnt in the same way, had not
        met.
    on : str
        Which posts those were, such as "other phrase families of the sample".

    Returns
    -------
    Model
        The same with another card; what was measured on other posts stays on it.
    """
    shown = found.dropna(subset="value")
    names = [f"{one.measure.replace('_', ' ')}, {on}" for one in shown.itertuples()]
    values = [
        f"{one.value:.3f}" + (f" ({one.low:.3f} to {one.high:.3f})" if one.low == one.low else "")
        for one in shown.itertuples()
    ]
    return replace(
        model, card=model.card | {"measured": model.card["measured"] | dict(zip(names, values, strict=True))}
    )


def card_in_words(model: Model, digest: str = "") -> str:
    """Write a model's card in Markdown: what it was trained on, what it is good at, and what it is not for.

    Parameters
    ----------
    model : Model
    digest : str
        The SHA-256 of its file, if it has one.

    Returns
    -------
    str
    """
    card = model.card
    answers = ", ".join(f"{name} ({n:,})" for name, n in card["answers"].items())
    posts = "invented posts" if card["invented"] else "posts"
    days = " to ".join(card["days"]) or "days not known"
    measured = [f"- {name}: {value}" for name, value in card["measured"].items()] or ["- Nothing was measured of it."]
    reads = [
        f"{len(model.terms.words):,} words and pairs, {len(model.terms.runs):,} runs of characters, each used by "
        f"{card['people a term']} people or more."
    ]
    reads = reads if len(model.terms) else []
    reads += [f"Sentence embeddings of {model.embedder}; it answers with no others."] if model.embedder else []
    lines = [
        f"# A model of the question: {model.question}",
        "",
        f"**Answers:** {answers}.",
        f"**Trained on** {card['posts']:,} {posts} by {card['authors']:,} authors, {days}; "
        f"languages: {', '.join(card['languages']) or 'not known'}.",
        f"**Method:** {card['method']}. {' '.join(reads)}",
        "",
        "## How good it is",
        *measured,
        "",
        "## What it is not for",
        card["not for"],
    ]
    return "\n".join([*lines, "", f"SHA-256 of its contents: `{digest}`"] if digest else lines) + "\n"
