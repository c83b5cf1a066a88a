"""Turn ids into whole numbers, strictly: a rounded id is found, never mended."""

import numpy as np
import pandas as pd

LAST_ID = 2**63 - 1

# What parse_ids says of each text.
FINE, MISSING, ROUNDED, MALFORMED = range(4)
_ROUNDED = r"^[0-9]+(?:[.,][0-9]*)?[eE]\+?[0-9]+$|^[0-9]+\.[0-9]*$"


def id_numbers(ids):
    """Turn ids into whole numbers without ever passing through a float.

    Parameters
    ----------
    ids : Series, Index, array or list of int or str
        As for :func:`post_time`.

    Returns
    -------
    ndarray of int64
        Of the same length; 0 where an id is missing.

    Raises
    ------
    TypeError, ValueError
        As :func:`post_time` does.
    """
    kind = pd.api.types.infer_dtype(ids, skipna=True)
    if kind == "string":
        return _from_text(ids)
    if kind == "integer":
        return _from_whole(ids)
    if kind == "empty":
        return np.zeros(len(ids), dtype=np.int64)
    if "float" in kind:
        raise TypeError("ids as floating-point numbers have lost their last digits; read them as text or as int64")
    raise TypeError(f"ids are whole numbers or text, not {kind}")


def parse_ids(texts):
    """Read ids from text strictly: digits alone, no sign, no leading zero, at most 2**63 - 1.

    Parameters
    ----------
    texts : pyarrow Array of string

    Returns
    -------
    numbers : ndarray of int64
        0 where a text is no id.
    state : ndarray of uint8
        ``FINE``, ``MISSING`` (null), ``ROUNDED`` (a number that went through a float, as 9.19E+17) or ``MALFORMED``.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    width = pc.binary_length(texts)
    digits = pc.and_(pc.ascii_is_decimal(texts), pc.invert(pc.starts_with(texts, "0")))
    small = pc.or_(pc.less(width, 19), pc.and_(pc.equal(width, 19), pc.less_equal(texts, str(LAST_ID))))
    fine = _flags(pc.and_(digits, small))
    state = np.where(fine, FINE, MALFORMED).astype(np.uint8)
    if not fine.all():
        state[_flags(pc.match_substring_regex(texts, _ROUNDED))] = ROUNDED
        state[_flags(pc.is_null(texts))] = MISSING
        texts = pc.if_else(pa.array(fine), texts, "0")
    return pc.cast(texts, pa.int64()).to_numpy(zero_copy_only=False), state


def _flags(booleans):
    return booleans.fill_null(False).to_numpy(zero_copy_only=False)


def _from_text(ids):
    import pyarrow as pa

    texts = pa.array(ids, type=pa.large_string(), from_pandas=True)
    texts = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
    numbers, state = parse_ids(texts)
    bad = np.flatnonzero(state >= ROUNDED)
    if len(bad):
        at = int(bad[0])
        why = "was rounded, its last digits are lost" if state[at] == ROUNDED else "is not a whole number below 2**63"
        raise ValueError(f"the id {texts[at].as_py()!r} at position {at} {why} ({len(bad):,} such in all)")
    return numbers


def _from_whole(ids):
    dtype = getattr(ids, "dtype", None)
    if dtype == np.int64:
        return np.asarray(ids)
    numbers = np.asarray(ids) if isinstance(dtype, np.dtype) and dtype.kind in "iu" else np.asarray(ids, dtype=object)
    numbers = np.where(pd.isna(numbers), 0, numbers)
    beyond = np.flatnonzero(abs(numbers) > LAST_ID)
    if len(beyond):
        raise ValueError(f"the id {numbers[beyond[0]]} at position {beyond[0]} is not a whole number below 2**63")
    return numbers.astype(np.int64)
