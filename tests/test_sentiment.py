"""Missing stays missing, what is no text is refused, and the list says which it is."""

import numpy as np
import pandas as pd
import pytest

from analysis.sentiment import lexicon, score, valence


def test_missing_in_is_missing_out_and_the_index_is_kept():
    texts = pd.Series(["I love it", None, np.nan, pd.NA, ""], index=["a", "a", 3, None, "z"], dtype=object)
    scores = score(texts)
    assert scores.index.equals(texts.index)
    assert scores["compound"].isna().tolist() == [False, True, True, True, False]
    assert scores.dtypes.unique().tolist() == [np.dtype("float64")]


@pytest.mark.parametrize("dtype", ["str", "category", "string", object, "string[pyarrow]"])
def test_any_kind_of_text_column_will_do(dtype):
    texts = pd.Series(["I love it", "awful", None, "I love it"], dtype=dtype)
    assert score(texts)["compound"].round(4).tolist()[:2] == [0.6369, -0.4588]
    assert score(texts)["compound"].isna().tolist() == [False, False, True, False]


def test_nothing_in_is_nothing_out():
    assert score(pd.Series([], dtype="str")).shape == (0, 4)
    assert score(pd.Series([None, None], dtype="str")).isna().all(axis=None)


@pytest.mark.parametrize("wrong", [3, 2.5, b"bytes", ["list"], True])
def test_what_is_no_text_is_refused_with_its_row(wrong):
    with pytest.raises(TypeError, match=r"row 1 \(index 'b'\) holds .* a (int|float|bytes|list|bool) "):
        score(pd.Series(["fine", wrong], index=["a", "b"], dtype=object))


def test_lexicon_says_which():
    found = lexicon()
    assert found["sha256"] == "1ec9c6e9ee19aade328f8beb393a6afa71a5bb3acf7d3cc22d4ef568df374bf5"
    assert found["entries"] == 7506
    assert (found["package"], found["scorer"][:4]) == ("vaderSentiment", "NLTK")
    assert valence("LOVE") == 3.2
    assert np.isnan(valence("groped"))
