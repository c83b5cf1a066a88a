"""A model of disclosures as a file, see ``stored``; with a card that says in words what it is good for.

Its arrays are ``words`` and ``runs`` (UTF-8, a term a line), ``rarity``, ``people``, ``weights`` and ``offsets``. Of
sentence embeddings nothing is in it but the weights, and in the header the name of the embedder: it is no part of it.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from analysis.disclosure.card import card_in_words
from analysis.disclosure.features import Terms
from analysis.disclosure.model import Model
from analysis.disclosure.stored import as_lines, from_lines, read_model, write_model
from analysis.engines.embeddings import WIDTH, check_embedder
from analysis.privacy import MIN_PEOPLE, PrivacyError
from analysis.schema import InputError

FORMAT, VERSION = "analysis-disclosure-model", 1
_ARRAYS = {"words": "u1", "runs": "u1", "rarity": "<f8", "people": "<i8", "weights": "<f4", "offsets": "<f8"}
_CARD = {
    "answers",
    "posts",
    "authors",
    "languages",
    "days",
    "invented",
    "people a term",
    "method",
    "measured",
    "not for",
}
_AGAIN = "fit it again from its labelled posts (analysis.disclosure.fit), or get the file anew from where it came"


def save_model(model: Model, path: str | Path) -> str:
    """Save a model; the same model gives the same bytes.

    Parameters
    ----------
    model : Model
    path : str or Path
        Ends in ``.npz``. The card is written beside it too, in words: ``<name>.card.md``.

    Returns
    -------
    str
        The SHA-256 that stands in the header.

    Raises
    ------
    PrivacyError
        Where the model learnt from posts that may be real, and holds terms of fewer than ten people or, of embeddings,
        learnt from fewer.
    InputError
        Where the path has another ending or no folder.
    """
    path = Path(path)
    if not model.card.get("invented"):
        _refuse_few(model)
    arrays = {
        "words": as_lines(model.terms.words),
        "runs": as_lines(model.terms.runs),
        "rarity": model.terms.rarity,
        "people": model.terms.people,
        "weights": model.weights,
        "offsets": model.offsets,
    }
    header = {"format": FORMAT, "version": VERSION, "question": model.question, "classes": list(model.classes)}
    header |= {"card": model.card, "embedder": model.embedder}
    digest = write_model(path, header, {name: values.astype(_ARRAYS[name]) for name, values in arrays.items()})
    path.with_suffix(".card.md").write_text(card_in_words(model, digest), encoding="utf-8")
    return digest


def _refuse_few(model):
    """Refuse a model of posts that may be real whose terms, vectors or posts are of fewer than ten people."""
    said = "this model learnt from posts that may be real"
    if few := int((model.terms.people < MIN_PEOPLE).sum()):
        raise PrivacyError(
            f"{said}, and {few:,} of its terms were used by fewer than {MIN_PEOPLE} people: a rare word can be a name. "
            f"Fit it with k={MIN_PEOPLE} to save it"
        )
    alone = bool(model.embedder) and not len(model.terms)  # then no term tells how many people it was learnt from
    if alone and model.card.get("people a term", 0) < MIN_PEOPLE:
        raise PrivacyError(
            f"{said}, and from sentence embeddings of texts by fewer than {MIN_PEOPLE} people, as far as was asked: "
            f"fit it with k={MIN_PEOPLE} to save it"
        )
    if model.card.get("authors", 0) < MIN_PEOPLE:
        raise PrivacyError(
            f"{said}, by fewer than {MIN_PEOPLE} people as far as is known: label posts of more people, with authors, "
            "to save it"
        )


def load_model(path: str | Path) -> Model:
    """Load a model, or say why the file is none.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    Model

    Raises
    ------
    InputError
        Where the file is missing, is no such model, is of another version, or was changed after it was saved; or it
        reads sentence embeddings, and the extra is not installed or is another than it learnt from.
    """
    path = Path(path)
    kind, fields = (FORMAT, VERSION, "disclosures"), {"question", "classes", "card"}
    header, arrays = read_model(path, kind, _ARRAYS, set(_ARRAYS), fields, _AGAIN)
    _check(path, header, arrays)
    try:
        words, runs = (from_lines(arrays[name]) for name in ("words", "runs"))
    except UnicodeDecodeError:
        raise InputError(f"{path}: its words are no UTF-8; {_AGAIN}") from None
    classes, terms = tuple(header["classes"]), Terms(words, runs, arrays["rarity"], arrays["people"])
    many, embedder = len(terms), header.get("embedder", "")
    shapes = arrays["weights"].shape, arrays["offsets"].shape, arrays["rarity"].shape, arrays["people"].shape
    if shapes != ((len(classes), many + WIDTH * bool(embedder)), (len(classes),), (many,), (many,)):
        raise InputError(f"{path}: its parts do not fit each other; {_AGAIN}")
    check_embedder(embedder, path)
    rest = arrays["weights"], arrays["offsets"], header["card"], embedder
    model = Model(header["question"], classes, terms, *rest)
    try:
        card_in_words(model)
    except (AttributeError, TypeError, ValueError):
        raise InputError(f"{path}: its card does not say what it was trained on; {_AGAIN}") from None
    return model


def _check(path, header, arrays):
    """Refuse a model that no one has changed, and that still cannot answer."""
    if not all(np.isfinite(arrays[name]).all() for name in ("rarity", "weights", "offsets")):
        raise InputError(f"{path}: some of its numbers are missing or infinite, so it can answer nothing; {_AGAIN}")
    classes, card = header["classes"], header["card"]
    texts = [header["question"], header.get("embedder", "")]
    named = isinstance(classes, list) and all(isinstance(name, str) for name in [*classes, *texts])
    if not named or len(set(classes)) != len(classes) or len(classes) < 2:
        raise InputError(f"{path}: it does not name two answers or more to its question; {_AGAIN}")
    if not isinstance(card, dict) or _CARD - card.keys():
        raise InputError(f"{path}: its card does not say what it was trained on; {_AGAIN}")
