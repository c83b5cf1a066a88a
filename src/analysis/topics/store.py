"""Topics as a file, see :mod:`analysis.disclosure.stored`: only words that enough people used are kept in it.

Its arrays are ``words`` (UTF-8, a word a line), ``within`` (in how many texts each word stands), ``counts`` and
``sizes`` (of each topic), ``order``, and one for each that the method learnt, ``way-reach`` for example. Its header
holds the method, how many distinct texts there were, the least fit, how many words were dropped, and why there are so
many topics.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from analysis.disclosure.stored import as_lines, from_lines, read_model, write_model
from analysis.engines.embeddings import WIDTH, check_embedder
from analysis.schema import InputError
from analysis.text import present_texts
from analysis.topics.density import Dense
from analysis.topics.find import counted_rows, least_fit
from analysis.topics.language import english
from analysis.topics.methods import METHODS, WAYS
from analysis.topics.model import Topics
from analysis.topics.prepare import bag, distinct
from analysis.topics.weights import Lexis, holds, known_part

FORMAT, VERSION = "analysis-topics", 1
_ARRAYS = {"words": "u1", "within": "<i8", "counts": "<f8", "sizes": "<f8", "order": "<i8"}
#: What a method may have learnt, and what each axis of it counts: words, topics, or (by density) the
#: numbers of a vector, axes and places.
_AXES = {"reach": "wk", "gram": "kk", "words": "kw", "size": "k"}
_AXES |= {"middle": "v", "parts": "va", "places": "pa", "of": "p"}
_FIELDS = {"method", "texts", "floor", "choice", "dropped"}
_AGAIN = "find the topics again (analysis.topics.fit) and save them, or get the file anew from where it came"


def without_rare(found: Topics, shared: Collection[str], texts: Sequence[str] | None = None) -> Topics:
    """Leave out the words that too few people used, for a rare word can be a name.

    Parameters
    ----------
    found : Topics
    shared : set of str
        The words that enough people used, see :func:`analysis.privacy.shared_words`. No other is kept.
    texts : Series or other sequence of str, optional
        Those of the fit: from them the least fit is set anew, by the rule of :func:`analysis.topics.fit`.

    Returns
    -------
    Topics
        The same topics told by fewer words. A word that was left out is then one never met: shares come from the
        words that were kept, and a post's `fit` falls with the part of its words that is unknown now. Without `texts`
        the least fit stays as it was, and many posts fall to none. Compare
        ``without_rare(found, shared, texts).assign(texts)`` with ``found.assign(texts)``. By density, which asks no
        single word, a post has the topic that it had.

    Notes
    -----
    In the disclosures of six invented corpora of 4,000 posts (about 400 texts each, where three words in four are
    dropped) 56 to 66% kept what was said of them, and "none" rose from 9 to 15% to 17 to 22%; without `texts` to 74 to
    98%. Of the shipped 20,000 posts (1,727 such texts, two words in three dropped) 84% kept it, and "none" rose from 7
    to 15%.

    Raises
    ------
    ValueError
        Where no word would be left.
    """
    if strange := sorted(found.arrays.keys() - _AXES.keys()):
        raise ValueError(f"topics by {found.method} cannot be saved: {', '.join(strange)} has no place in the format")
    kept = np.array([i for i, word in enumerate(found.vocabulary) if word in shared], dtype=np.int64)
    if not len(kept):
        raise ValueError(
            f"none of the {len(found.vocabulary)} words of these topics is shared by enough people: nothing of them "
            "may be kept"
        )
    if len(kept) == len(found.vocabulary):
        return found
    lexis = Lexis(tuple(found.vocabulary[i] for i in kept), found.lexis.within[kept], found.lexis.texts)
    arrays = {}
    for name, values in found.arrays.items():
        axis = _AXES[name].find("w")
        arrays[name] = values if axis < 0 else np.take(values, kept, axis=axis)
        if name == "words":  # each topic's words have to add up to 1 again
            arrays[name] = arrays[name] / arrays[name].sum(axis=1, keepdims=True)
    part = replace(found, lexis=lexis, arrays=arrays, counts=found.counts[:, kept])
    return part if texts is None or found.method == "density" else replace(part, floor=_floor(part, texts))


def _floor(found, texts) -> float:
    """Set the least fit anew, from texts."""
    counted = bag(english(list(present_texts(texts).values())))
    rows = holds(counted, found.vocabulary)
    kept = counted_rows(rows, distinct(counted)[1])
    if not len(kept):
        raise ValueError("none of the texts holds a word of these topics: give those of the fit")
    return least_fit(found.counts, rows[kept], known_part(counted, rows, found.lexis)[kept])


def save(found: Topics, path: str | Path, shared: Collection[str], texts: Sequence[str] | None = None) -> dict:
    """Save topics; the same topics give the same bytes.

    Parameters
    ----------
    found : Topics
    path : str or Path
        Ends in ``.npz``.
    shared : set of str
        The words that enough people used (:func:`analysis.privacy.shared_words`): no other gets into the file. For
        invented texts ``set(found.vocabulary)`` keeps all.
    texts : Series or other sequence of str, optional
        Those of the fit: where words are dropped, the least fit is set anew from them (:func:`without_rare`). Nothing
        of them gets into the file.

    Returns
    -------
    dict
        ``words`` and ``dropped`` (int: how many were kept and how many not) and ``sha256`` (str). Where none was
        dropped, what is loaded says the same of every text to the last digit; else see :func:`without_rare`, which
        says what changes.

    Raises
    ------
    InputError
        Where the path has another ending or no folder.
    ValueError
        Where no word may be kept.
    """
    kept = without_rare(found, shared, texts)
    dropped = len(found.vocabulary) - len(kept.vocabulary)
    arrays = {"words": as_lines(kept.vocabulary), "within": kept.lexis.within, "counts": kept.counts}
    arrays |= {"sizes": kept.sizes, "order": kept.order} | {f"way-{name}": kept.arrays[name] for name in kept.arrays}
    types = _ARRAYS | {f"way-{name}": "<f8" for name in kept.arrays}
    header = {"format": FORMAT, "version": VERSION, "method": kept.method, "texts": int(kept.texts)}
    header |= {"floor": float(kept.floor), "choice": kept.choice, "dropped": dropped}
    header |= {"embedder": kept.embedder} if kept.method == "density" else {}
    digest = write_model(Path(path), header, {name: values.astype(types[name]) for name, values in arrays.items()})
    return {"words": len(kept.vocabulary), "dropped": dropped, "sha256": digest}


def load(path: str | Path) -> Topics:
    """Load topics, or say why the file holds none.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    Topics

    Raises
    ------
    InputError
        Where the file is missing, holds no topics, is of another version, was changed after it was saved, or holds
        what no topics can: numbers that are none, parts that do not fit each other; or they lie among the vectors of
        another embedder than is installed, or none is. The message names the file and what to do.
    """
    path = Path(path)
    types = _ARRAYS | {f"way-{name}": "<f8" for name in _AXES}
    header, arrays = read_model(path, (FORMAT, VERSION, "topics"), types, set(_ARRAYS), _FIELDS, _AGAIN)
    way = {name.removeprefix("way-"): values for name, values in arrays.items() if name.startswith("way-")}
    try:
        words = from_lines(arrays["words"])
    except UnicodeDecodeError:
        words = ()
    if why := _wrong(header, words, arrays, way):
        raise InputError(f"{path}: {why}; {_AGAIN}")
    lexis = Lexis(words, arrays["within"], header["texts"])
    rest = arrays["order"], arrays["counts"], arrays["sizes"], header["floor"], header["choice"]
    if header["method"] != "density":
        return Topics(header["method"], lexis, way, *rest)
    check_embedder(header["embedder"], path)
    return Dense("density", lexis, way, *rest, embedder=header["embedder"])


def _wrong(header, words, arrays, way) -> str | None:
    """Say what no topics can hold, if it is there: a hash is no proof that somebody meant well."""
    if not all(array.ndim for array in arrays.values()):
        return "its parts do not fit each other"
    k = len(arrays["order"])
    size = {"w": len(words), "k": k, "v": WIDTH, "a": way["parts"].shape[-1] if "parts" in way else 0}
    size["p"] = len(way.get("of", ()))
    if header["method"] not in METHODS or not way:
        return f"its method is {header['method']!r:.40}, and here there are {', '.join(METHODS)}"
    if header["method"] == "density" and not (isinstance(header.get("embedder"), str) and header["embedder"]):
        return "it does not say among whose sentence embeddings its topics lie"
    if not words or list(words) != sorted(set(words)) or not k or sorted(arrays["order"].tolist()) != list(range(k)):
        return "its words or its topics are not in order, or there are none"
    shapes = {"within": "w", "counts": "kw", "sizes": "k"}
    axes = {name: _AXES[name] for name in way} | shapes
    held = way | {name: arrays[name] for name in shapes}
    fit = all(held[name].shape == tuple(size[axis] for axis in axes[name]) for name in held)
    if not fit or not _mixes(header["method"], way, len(words), k):
        return "its parts do not fit each other"
    texts, floor = header["texts"], header["floor"]
    numbers = isinstance(floor, float) and np.isfinite(floor) and isinstance(texts, int) and 0 < texts < 2**53
    if not numbers or not all(np.isfinite(held[name]).all() for name in held):
        return "it holds a number that is none"
    low = arrays["counts"].min() < 0 or arrays["sizes"].min() < 0
    if low or arrays["within"].min() < 1 or arrays["within"].max() > texts:
        return "it holds a count that can't be"
    choice = header["choice"]
    if choice is not None and not (isinstance(choice, dict) and choice.keys() == {"k", "near", "use", "why"}):
        return "it does not say why there are so many topics as it should"
    return None


def _mixes(method, way, words, k) -> bool:
    """Tell whether the method can mix a post from what it is said to have learnt."""
    from scipy.sparse import csr_array

    if method == "density":
        whole = way.keys() == {"middle", "parts", "places", "of"} and set(way["of"].tolist()) == set(range(k))
        return whole and way["parts"].shape[1] > 0
    try:
        mix = WAYS[method].mix(way, csr_array(([1.0], ([0], [0])), shape=(1, words)), np.ones(words))
    except (KeyError, ValueError, IndexError):
        return False
    return mix.shape == (1, k)
