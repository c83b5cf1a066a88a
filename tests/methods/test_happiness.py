"""Happiness is the mean over labMT's words outside the band; agreement counts what both lists speak of."""

import numpy as np
import pandas as pd
import pytest

from analysis.methods.happiness import agreement, happiness, labmt, labmt_words


def test_the_list_says_which_it_is():
    which, values = labmt(), labmt_words()
    assert (which["package"], which["entries"], len(which["sha256"])) == ("labMTsimple", 10222, 64)
    assert max(values, key=values.get) == "laughter"
    assert values["terrorist"] == min(values.values()) == 1.3


def test_it_is_the_mean_of_the_words_outside_the_band():
    text = "The WAR and the happy, happy laughter of @love https://example.org/love"
    words = ("war", "happy", "happy", "laughter")
    table = happiness(pd.Series([text, None, "qqq"], index=["a", "a", 3]))
    assert table.index.tolist() == ["a", "a", 3]
    assert table["happiness"].iloc[0] == pytest.approx(np.mean([labmt_words()[word] for word in words]))
    assert table["happiness"].isna().tolist() == [False, True, True]
    assert table["words_known"].fillna(-1).tolist() == [4, -1, 0]
    assert happiness([]).shape == (0, 2)
    with pytest.raises(TypeError, match="row 1"):
        happiness(["happy", b"sad"])


def test_agreement_counts_sides_leaves_silence_out_and_says_nothing_of_too_few():
    compound, happy = pd.Series([0.5, -0.5, 0.0, 0.4, np.nan]), pd.Series([7.0, 6.0, 8.0, 5.0, 2.0])
    table = agreement(compound, happy).set_index("measure")
    assert table.loc["same sign", ["texts", "value"]].tolist() == [2, 0.5]
    assert table.loc["rank correlation", "texts"] == 4
    assert table.loc["rank correlation", "value"] == pytest.approx(compound.corr(happy, "spearman"))
    for compound, happy in (([0.1, 0.2], [5.0, 6.0]), ([0.1] * 9, list(range(1, 10))), ([], [])):
        table = agreement(pd.Series(compound, dtype=float), pd.Series(happy, dtype=float))
        assert table.loc[0, ["value", "low", "high"]].isna().all()
    with pytest.raises(ValueError, match="same texts"):
        agreement(pd.Series([1.0]), pd.Series([1.0, 2.0]))
