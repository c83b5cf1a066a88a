"""A model as a file: plain arrays and a card in JSON, checked when it is read, never a pickle.

The file is NumPy's ``.npz`` (a zip of arrays) with ``header`` (UTF-8 JSON: format, version, card, classes, SHA-256 of
all that follows), ``words`` and ``runs`` (UTF-8, a term a line), ``rarity``, ``people``, ``weights`` and ``offsets``.
Nothing in it can run. The hash tells a file that was damaged or changed by hand; it is no signature, so take models
from people whom you trust, and compare the hash with what they publish.
"""

from __future__ import annotations

import json
import zipfile
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import numpy as np

from analysis.disclosure.features import Terms
from analysis.disclosure.model import Model
from analysis.posts import InputError
from analysis.privacy import SMALLEST, PrivacyError

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
_LARGEST = 2**30  # bytes that the arrays may have together: nothing near it is ever written
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
        Where the model learnt from posts that may be real and holds terms of fewer than ten people.
    InputError
        Where the path has another ending or no folder.
    """
    path = Path(path)
    if path.suffix != ".npz" or not path.parent.is_dir():
        raise InputError(f"{path}: a model is saved as a file ending in .npz, in a folder that there is")
    if not model.card.get("invented") and (model.terms.people < SMALLEST).any():
        few = (model.terms.people < SMALLEST).sum()
        raise PrivacyError(
            f"this model learnt from posts that may be real, and {few:,} of its terms were used by fewer than "
            f"{SMALLEST} people: a rare word can be a name. Fit it with k={SMALLEST} to save it"
        )
    arrays = {
        "words": _lines(model.terms.words),
        "runs": _lines(model.terms.runs),
        "rarity": model.terms.rarity,
        "people": model.terms.people,
        "weights": model.weights,
        "offsets": model.offsets,
    }
    arrays = {name: np.ascontiguousarray(values, dtype=_ARRAYS[name]) for name, values in arrays.items()}
    header = {"format": FORMAT, "version": VERSION, "question": model.question, "classes": list(model.classes)}
    header |= {"card": model.card}
    header["sha256"] = _digest(header, arrays)
    text = json.dumps(header, ensure_ascii=False, sort_keys=True).encode("utf-8")
    whole = BytesIO()
    np.savez_compressed(whole, header=np.frombuffer(text, dtype="u1"), **arrays)
    beside = path.with_name(f".{path.name}.part")
    try:
        beside.write_bytes(whole.getvalue())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    path.with_suffix(".card.md").write_text(card_in_words(model, header["sha256"]), encoding="utf-8")
    return header["sha256"]


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
        Where the file is missing, is no such model, is of another version, or was changed after it was saved.
    """
    path = Path(path)
    if not path.is_file():
        raise InputError(f"{path}: there is no such file; a model is made by analysis.disclosure.save_model")
    try:
        with zipfile.ZipFile(path) as inside:
            if sum(part.file_size for part in inside.infolist()) > _LARGEST:
                raise InputError(
                    f"{path}: this unpacks to more than {_LARGEST >> 20} MiB, which no model does; {_AGAIN}"
                )
        with np.load(path, allow_pickle=False) as file:
            header = json.loads(file["header"].tobytes().decode("utf-8"))
            arrays = {name: file[name] for name in _ARRAYS if name in file.files}
    except InputError:
        raise
    except Exception:
        raise InputError(f"{path}: this is not a model, or a damaged one; {_AGAIN}") from None
    _check(path, header, arrays)
    try:
        words, runs = (_terms(arrays[name]) for name in ("words", "runs"))
    except UnicodeDecodeError:
        raise InputError(f"{path}: its words are no UTF-8; {_AGAIN}") from None
    classes, terms = tuple(header["classes"]), Terms(words, runs, arrays["rarity"], arrays["people"])
    many = len(terms)
    shapes = arrays["weights"].shape, arrays["offsets"].shape, arrays["rarity"].shape, arrays["people"].shape
    if shapes != ((len(classes), many), (len(classes),), (many,), (many,)):
        raise InputError(f"{path}: its parts do not fit each other; {_AGAIN}")
    return Model(header["question"], classes, terms, arrays["weights"], arrays["offsets"], header["card"])


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
    measured = [f"- {name}: {value}" for name, value in card["measured"].items()] or ["- Nothing was measured of it."]
    lines = [
        f"# A model of the question: {model.question}",
        "",
        f"**Answers:** {answers}.",
        f"**Trained on** {card['posts']:,} {posts} by {card['authors']:,} authors, {' to '.join(card['days'])}; "
        f"languages: {', '.join(card['languages']) or 'not known'}.",
        f"**Method:** {card['method']}. {len(model.terms.words):,} words and pairs, {len(model.terms.runs):,} runs of "
        f"characters, each used by {card['people a term']} people or more.",
        "",
        "## How good it is",
        *measured,
        "",
        "## What it is not for",
        card["not for"],
    ]
    return "\n".join([*lines, "", f"SHA-256 of its contents: `{digest}`"] if digest else lines) + "\n"


def _check(path, header, arrays):
    if not isinstance(header, dict) or header.get("format") != FORMAT:
        raise InputError(f"{path}: this is not a model of disclosures; {_AGAIN}")
    if header.get("version") != VERSION:
        raise InputError(
            f"{path}: this model has version {header.get('version')!r} of the format, and here version {VERSION} "
            "is read: fit it again with this version of the package, or read it with the one that wrote it"
        )
    missing = {"question", "classes", "card", "sha256"} - header.keys() | _ARRAYS.keys() - arrays.keys()
    if missing:
        raise InputError(f"{path}: the model lacks {', '.join(sorted(missing))}; {_AGAIN}")
    unhashed = {name: value for name, value in header.items() if name != "sha256"}
    typed = all(array.dtype == np.dtype(_ARRAYS[name]) for name, array in arrays.items())
    if not typed or _digest(unhashed, arrays) != header["sha256"]:
        raise InputError(f"{path}: the model was changed after it was saved (its SHA-256 does not fit); {_AGAIN}")
    if not all(np.isfinite(arrays[name]).all() for name in ("rarity", "weights", "offsets")):
        raise InputError(f"{path}: some of its numbers are missing or infinite, so it can answer nothing; {_AGAIN}")
    classes, card = header["classes"], header["card"]
    named = isinstance(classes, list) and all(isinstance(name, str) for name in [*classes, header["question"]])
    if not named or len(set(classes)) != len(classes) or len(classes) < 2:
        raise InputError(f"{path}: it does not name two answers or more to its question; {_AGAIN}")
    if not isinstance(card, dict) or _CARD - card.keys():
        raise InputError(f"{path}: its card does not say what it was trained on; {_AGAIN}")


def _digest(header, arrays):
    """Hash the header and every array, with names and shapes, in a fixed order."""
    whole = sha256(json.dumps(header, ensure_ascii=False, sort_keys=True).encode("utf-8"))
    for name in sorted(arrays):
        whole.update(f"{name} {arrays[name].shape}".encode())
        whole.update(np.ascontiguousarray(arrays[name]).tobytes())
    return whole.hexdigest()


def _lines(terms):
    return np.frombuffer("\n".join(terms).encode("utf-8"), dtype="u1")


def _terms(array):
    text = array.tobytes().decode("utf-8")
    return tuple(text.split("\n")) if text else ()
