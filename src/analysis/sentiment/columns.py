"""From any kind of text column to the bytes of its distinct texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.text import present_texts

if TYPE_CHECKING:
    import pyarrow as pa


def distinct(texts) -> tuple[pa.LargeBinaryArray, np.ndarray]:
    """Give the distinct texts of a column in UTF-8, and for each row the number of its text, -1 where it is missing.

    Parameters
    ----------
    texts : Series, Arrow array or chunked array, or sequence of str
        Categorical and dictionary columns count as what they stand for. A lone surrogate becomes the three bytes that
        its code point would have ("surrogatepass").

    Raises
    ------
    TypeError
        If something is neither a text nor missing; the message names its row.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    if isinstance(texts, pd.Series) and isinstance(texts.dtype, pd.CategoricalDtype):
        found, numbers = distinct(pd.Series(texts.cat.categories))
        codes = texts.cat.codes.to_numpy()
        return found, np.where(codes >= 0, np.append(numbers, -1)[codes], -1)
    column = arrow(texts)
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if not (pa.types.is_large_string(column.type) or pa.types.is_string(column.type)) and column.type != "string_view":
        return _one_by_one(column.to_pandas() if isinstance(texts, pa.Array | pa.ChunkedArray) else texts)
    coded = pc.dictionary_encode(column.cast(pa.large_string()).cast(pa.large_binary()))
    coded = coded.combine_chunks() if isinstance(coded, pa.ChunkedArray) else coded
    if isinstance(coded, pa.ChunkedArray):  # without a chunk there is nothing to combine
        return pa.array([], pa.large_binary()), np.zeros(0, np.int64)
    return coded.dictionary, coded.indices.fill_null(-1).to_numpy().astype(np.int64)


def arrow(texts) -> pa.Array | pa.ChunkedArray:
    """Give a column to Arrow, without a look at its values where it is Arrow's already; of no use where it can't be."""
    import pyarrow as pa

    if isinstance(texts, str):
        raise TypeError("one text is given where a sequence of texts is needed: put it in a list")
    if isinstance(texts, pa.Array | pa.ChunkedArray):
        return texts
    values = texts if isinstance(texts, pd.Series) else pd.Series(list(texts), dtype=object)
    try:
        return pa.array(values, from_pandas=True)
    except (pa.ArrowException, UnicodeEncodeError, TypeError, ValueError):
        return pa.array([], pa.null())


def _one_by_one(texts):
    """As :func:`distinct`, for what Arrow does not take: lone surrogates, and columns with something wrong in them."""
    import pyarrow as pa

    there = present_texts(texts)
    number = {text: i for i, text in enumerate(dict.fromkeys(there.values()))}
    numbers = np.full(len(texts), -1)
    numbers[list(there)] = [number[text] for text in there.values()]
    return pa.array([text.encode("utf-8", "surrogatepass") for text in number], pa.large_binary()), numbers
