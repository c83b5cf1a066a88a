"""Models as files: plain arrays and a header in JSON, checked when they are read, never a pickle.

A file is NumPy's ``.npz`` (a zip of arrays): ``words`` and ``runs`` (UTF-8, a term a line), ``rarity``, ``people``,
``weights``, ``offsets``, and a ``header``, which is UTF-8 JSON: the format, its version, what the model was trained on,
and the SHA-256 of all that follows. Nothing in it can run. The hash tells a file that was damaged or changed by hand;
it is no signature, so take models from people whom you trust, and compare the hash with what they publish.
"""

from __future__ import annotations

import json
import math
import zipfile
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import numpy as np

from analysis.disclosure.features import Terms
from analysis.disclosure.model import Model
from analysis.privacy import MIN_PEOPLE, PrivacyError
from analysis.schema import InputError, write_atomically

FORMAT, VERSION = "analysis-disclosure-model", 1
_TYPES = {"words": "u1", "runs": "u1", "rarity": "<f8", "people": "<i8", "weights": "<f4", "offsets": "<f8"}
_FACTS = {"answers", "posts", "authors", "languages", "days", "invented", "people a term", "method", "not for"}
_LARGEST = 2**30  # bytes that the arrays may have together: nothing near it is ever written
_AGAIN = "fit it again from its labelled posts (analysis.disclosure.fit), or get the file anew from where it came"


def save_model(model: Model, path: str | Path) -> str:
    """Save a model; the same model gives the same bytes.

    Parameters
    ----------
    model : Model
    path : str or Path
        Ends in ``.npz``. The card is written beside it too: ``<name>.card.md``.

    Returns
    -------
    str
        The SHA-256 that stands in the header.

    Raises
    ------
    PrivacyError
        Where the model learnt from posts that may be real, and holds terms of fewer than ten people.
    InputError
        Where the path has another ending or no folder.
    """
    path = Path(path)
    if not model.training.get("invented"):
        _refuse_few(model)
    if path.suffix != ".npz" or not path.parent.is_dir():
        raise InputError(f"{path}: a model is saved as a file ending in .npz, in a folder that there is")
    terms = model.terms
    arrays = {name: np.frombuffer("\n".join(getattr(terms, name)).encode(), "u1") for name in ("words", "runs")}
    arrays |= {"rarity": terms.rarity, "people": terms.people, "weights": model.weights, "offsets": model.offsets}
    arrays = {name: np.ascontiguousarray(values, _TYPES[name]) for name, values in arrays.items()}
    header = {"format": FORMAT, "version": VERSION, "question": model.question, "classes": list(model.classes)}
    header |= {"card": model.training}
    digest = _digest(header, arrays)
    content = BytesIO()
    np.savez_compressed(content, header=np.frombuffer(_text({**header, "sha256": digest}), dtype="u1"), **arrays)
    with write_atomically(path) as part:
        part.write_bytes(content.getvalue())
    path.with_suffix(".card.md").write_text(model.card(digest), encoding="utf-8")
    return digest


def _refuse_few(model):
    """Refuse a model of posts that may be real whose terms or posts are of fewer than ten people."""
    begin = "this model learnt from posts that may be real"
    if few := int((model.terms.people < MIN_PEOPLE).sum()):
        raise PrivacyError(
            f"{begin}, and {few:,} of its terms were used by fewer than {MIN_PEOPLE} people: a rare word can be a "
            f"name. Fit it with k={MIN_PEOPLE} to save it"
        )
    if model.training.get("authors", 0) < MIN_PEOPLE:
        raise PrivacyError(
            f"{begin}, by fewer than {MIN_PEOPLE} people as far as is known: label posts of more people, with authors, "
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
        Where the file is missing, is no such model, is of another version, or was changed after it was saved.
    """
    path = Path(path)
    header, arrays = _read(path)
    if not all(np.isfinite(arrays[name]).all() for name in ("rarity", "weights", "offsets")):
        raise InputError(f"{path}: some of its numbers are missing or infinite, so it can answer nothing; {_AGAIN}")
    question, classes, facts = header["question"], header["classes"], header["card"]
    named = isinstance(classes, list) and all(isinstance(name, str) for name in [*classes, question])
    if not named or len(set(classes)) != len(classes) or len(classes) < 2:
        raise InputError(f"{path}: it does not name two answers or more to its question; {_AGAIN}")
    try:
        words, runs = (_lines(arrays[name]) for name in ("words", "runs"))
    except UnicodeDecodeError:
        raise InputError(f"{path}: its words are no UTF-8; {_AGAIN}") from None
    terms = Terms(words, runs, arrays["rarity"], arrays["people"])
    shapes = {"weights": (len(classes), len(terms)), "offsets": (len(classes),)}
    shapes |= dict.fromkeys(("rarity", "people"), (len(terms),))
    if any(arrays[name].shape != shape for name, shape in shapes.items()):
        raise InputError(f"{path}: its parts do not fit each other; {_AGAIN}")
    model = Model(question, tuple(classes), terms, arrays["weights"], arrays["offsets"], facts)
    try:
        whole = facts.keys() >= _FACTS and bool(model.card())
    except (AttributeError, TypeError, ValueError):
        whole = False
    if not whole:
        raise InputError(f"{path}: its card does not say what it was trained on; {_AGAIN}")
    return model


def _read(path):
    """Read header and arrays, and check that they are as they were saved."""
    if not path.is_file():
        raise InputError(f"{path}: there is no such file; {_AGAIN}")
    try:
        arrays = _arrays(path)
        header = json.loads(arrays.pop("header").tobytes().decode("utf-8"))
    except InputError:
        raise
    except Exception:
        raise InputError(f"{path}: this is not a model, or a damaged one; {_AGAIN}") from None
    if not isinstance(header, dict) or header.get("format") != FORMAT:
        raise InputError(f"{path}: this is not a model of disclosures; {_AGAIN}")
    if header.get("version") != VERSION:
        raise InputError(
            f"{path}: this model has version {header.get('version')!r} of the format, and here version {VERSION} "
            "is read: fit it again with this version of the package, or read it with the one that wrote it"
        )
    missing = {"question", "classes", "card", "sha256"} - header.keys() | _TYPES.keys() - arrays.keys()
    if missing:
        raise InputError(f"{path}: the model lacks {', '.join(sorted(missing))}; {_AGAIN}")
    unhashed = {name: value for name, value in header.items() if name != "sha256"}
    typed = all(array.dtype == np.dtype(_TYPES[name]) for name, array in arrays.items())
    if not typed or _digest(unhashed, arrays) != header["sha256"]:
        raise InputError(f"{path}: the model was changed after it was saved (its SHA-256 does not fit); {_AGAIN}")
    return header, arrays


def _arrays(path):
    """Read the arrays that are known by name, after a look at how large each says that it is."""
    arrays = {}
    with zipfile.ZipFile(path) as archive:
        if sum(part.file_size for part in archive.infolist()) > _LARGEST:
            raise InputError(f"{path}: this unpacks to more than {_LARGEST >> 20} MiB, which no model does; {_AGAIN}")
        for part in archive.infolist():
            name = part.filename.removesuffix(".npy")
            if name not in (*_TYPES, "header") or name in arrays:
                continue
            with archive.open(part) as stream:
                readers = {1: np.lib.format.read_array_header_1_0, 2: np.lib.format.read_array_header_2_0}
                shape, _, dtype = readers[np.lib.format.read_magic(stream)[0]](stream)
                if dtype.hasobject or math.prod(shape) * dtype.itemsize + stream.tell() != part.file_size:
                    raise ValueError("an array says that it is larger than it is")
            with archive.open(part) as stream:
                arrays[name] = np.lib.format.read_array(stream, allow_pickle=False)
    return arrays


def _lines(array):
    text = array.tobytes().decode("utf-8")
    return tuple(text.split("\n")) if text else ()


def _text(header):
    return json.dumps(header, ensure_ascii=False, sort_keys=True).encode("utf-8")


def _digest(header, arrays):
    """Hash the header and every array, with names and shapes, in a fixed order."""
    digest = sha256(_text(header))
    for name in sorted(arrays):
        digest.update(f"{name} {arrays[name].shape}".encode())
        digest.update(np.ascontiguousarray(arrays[name]).tobytes())
    return digest.hexdigest()
