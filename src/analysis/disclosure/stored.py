"""Models as files: plain arrays and a header in JSON, checked when they are read, never a pickle.

A file is NumPy's ``.npz`` (a zip of arrays). Its ``header`` is UTF-8 JSON: the format, its version, what the model
says of itself, and the SHA-256 of all that follows. Nothing in it can run. The hash tells a file that was damaged or
changed by hand; it is no signature, so take models from people whom you trust, and compare the hash with what they
publish.
"""

from __future__ import annotations

import json
import math
import zipfile
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import numpy as np

from analysis.schema import InputError

_LARGEST = 2**30  # bytes that the arrays may have together: nothing near it is ever written


def write_model(path: Path, header: dict, arrays: dict[str, np.ndarray]) -> str:
    """Write a model whole or not at all: beside its place, then renamed. The same model gives the same bytes.

    Parameters
    ----------
    path : Path
        Ends in ``.npz``, in a folder that there is.
    header : dict
        What JSON can hold, ``format`` and ``version`` among it.
    arrays : dict of str to ndarray

    Returns
    -------
    str
        The SHA-256 that stands in the header.

    Raises
    ------
    InputError
        Where the path has another ending or no folder.
    """
    if path.suffix != ".npz" or not path.parent.is_dir():
        raise InputError(f"{path}: a model is saved as a file ending in .npz, in a folder that there is")
    arrays = {name: np.ascontiguousarray(values) for name, values in arrays.items()}
    digest = _digest(header, arrays)
    whole = BytesIO()
    np.savez_compressed(whole, header=np.frombuffer(_text({**header, "sha256": digest}), dtype="u1"), **arrays)
    beside = path.with_name(f".{path.name}.part")
    beside.unlink(missing_ok=True)  # it might be a link
    try:
        beside.write_bytes(whole.getvalue())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return digest


def read_model(
    path: Path, kind: tuple[str, int, str], types: dict[str, str], needed: set[str], fields: set[str], again: str
) -> tuple[dict, dict[str, np.ndarray]]:
    """Read a model, or say why the file is none.

    Parameters
    ----------
    path : Path
    kind : tuple of str, int and str
        The format, the version of it that is read, and of what it is a model.
    types : dict of str to str
        The type of each array that may be there; others are not read.
    needed : set of str
        Those that have to be.
    fields : set of str
        What the header has to hold.
    again : str
        How to come by a good file.

    Returns
    -------
    header : dict
    arrays : dict of str to ndarray

    Raises
    ------
    InputError
        Where the file is missing, is no such model, is of another version, or was changed after it was saved.
    """
    if not path.is_file():
        raise InputError(f"{path}: there is no such file; {again}")
    try:
        found = _arrays(path, types, again)
        header = json.loads(found.pop("header").tobytes().decode("utf-8"))
    except InputError:
        raise
    except Exception:
        raise InputError(f"{path}: this is not a model, or a damaged one; {again}") from None
    if not isinstance(header, dict) or header.get("format") != kind[0]:
        raise InputError(f"{path}: this is not a model of {kind[2]}; {again}")
    if header.get("version") != kind[1]:
        raise InputError(
            f"{path}: this model has version {header.get('version')!r} of the format, and here version {kind[1]} "
            "is read: fit it again with this version of the package, or read it with the one that wrote it"
        )
    missing = (fields | {"sha256"}) - header.keys() | needed - found.keys()
    if missing:
        raise InputError(f"{path}: the model lacks {', '.join(sorted(missing))}; {again}")
    unhashed = {name: value for name, value in header.items() if name != "sha256"}
    typed = all(array.dtype == np.dtype(types[name]) for name, array in found.items())
    if not typed or _digest(unhashed, found) != header["sha256"]:
        raise InputError(f"{path}: the model was changed after it was saved (its SHA-256 does not fit); {again}")
    return header, found


def as_lines(terms) -> np.ndarray:
    """Give terms as an array of bytes.

    Parameters
    ----------
    terms : sequence of str
        None of which holds a line end.

    Returns
    -------
    ndarray of uint8, shape (bytes,)
        UTF-8, a term a line.
    """
    return np.frombuffer("\n".join(terms).encode("utf-8"), dtype="u1")


def from_lines(array: np.ndarray) -> tuple[str, ...]:
    """Give the terms of :func:`as_lines` back.

    Examples
    --------
    >>> from_lines(as_lines(("boss", "über")))
    ('boss', 'über')
    """
    text = array.tobytes().decode("utf-8")
    return tuple(text.split("\n")) if text else ()


def _arrays(path, types, again):
    """Read the arrays that are known by name, after a look at how large each says that it is."""
    found = {}
    with zipfile.ZipFile(path) as inside:
        if sum(part.file_size for part in inside.infolist()) > _LARGEST:
            raise InputError(f"{path}: this unpacks to more than {_LARGEST >> 20} MiB, which no model does; {again}")
        for part in inside.infolist():
            name = part.filename.removesuffix(".npy")
            if name not in (*types, "header") or name in found:
                continue
            with inside.open(part) as stream:
                read = {1: np.lib.format.read_array_header_1_0, 2: np.lib.format.read_array_header_2_0}
                shape, _, dtype = read[np.lib.format.read_magic(stream)[0]](stream)
                if dtype.hasobject or math.prod(shape) * dtype.itemsize + stream.tell() != part.file_size:
                    raise ValueError("an array says that it is larger than it is")
            with inside.open(part) as stream:
                found[name] = np.lib.format.read_array(stream, allow_pickle=False)
    return found


def _text(header):
    return json.dumps(header, ensure_ascii=False, sort_keys=True).encode("utf-8")


def _digest(header, arrays):
    """Hash the header and every array, with names and shapes, in a fixed order."""
    whole = sha256(_text(header))
    for name in sorted(arrays):
        whole.update(f"{name} {arrays[name].shape}".encode())
        whole.update(np.ascontiguousarray(arrays[name]).tobytes())
    return whole.hexdigest()
