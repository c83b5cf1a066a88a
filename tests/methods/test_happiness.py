"""Happiness is the mean over labMT's words outside the band, and agreement finds what was planted."""

import numpy as np
import pandas as pd
import pytest

from analysis.methods.happiness import agreement, happiness, labmt, labmt_words
from analysis.text import tokens


def test_the_list_says_which_it_is():
    found = labmt()
    assert (found["package"], found["entries"]) == ("labMTsimple", 10222)
    assert len(found["sha256"]) == 64
    values = labmt_words()
    assert max(values, key=values.get) == "laughter"
    assert values["terrorist"] == min(values.values()) == 1.3
    assert all(1 <= value <= 9 for value in values.values())


def test_it_is_the_mean_of_the_words_outside_the_band():
    text = "The WAR and the happy, happy laughter of @love https://example.org/love"
    values = [labmt_words()[word] for word in ("war", "happy", "happy", "laughter")]
    assert happiness([text])["happiness"].iloc[0] == pytest.approx(np.mean(values))
    assert happiness([text])["words_known"].iloc[0] == 4
    every = [labmt_words()[word] for word in tokens(text) if word in labmt_words()]
    assert happiness([text], band=(5, 5))["happiness"].iloc[0] == pytest.approx(np.mean(every))


def test_missing_in_is_missing_out_and_the_index_is_kept():
    texts = pd.Series(["happy", None, "qqq"], index=["a", "a", 3])
    found = happiness(texts)
    assert found.index.equals(texts.index)
    assert found["happiness"].isna().tolist() == [False, True, True]
    assert found["words_known"].fillna(-1).tolist() == [1, -1, 0]
    assert happiness([]).shape == (0, 2)
    with pytest.raises(TypeError, match="row 1"):
        happiness(["happy", b"sad"])
    with pytest.raises(ValueError, match="band"):
        happiness(["happy"], band=(6, 4))


def test_agreement_covers_the_planted_correlation():
    draws, n, rho = 80, 120, 0.5
    planted = 6 / np.pi * np.arcsin(rho / 2)  # Spearman's, of a normal pair
    random = np.random.default_rng(1)
    covered = []
    for _ in range(draws):
        x, y = random.multivariate_normal([0, 0], [[1, rho], [rho, 1]], n).T
        row = agreement(pd.Series(np.tanh(x)), pd.Series(5 + y)).iloc[0]
        covered.append(row["low"] <= planted <= row["high"])
    error = np.sqrt(0.95 * 0.05 / draws)
    assert abs(np.mean(covered) - 0.95) < 3 * error


def test_agreement_counts_sides_and_leaves_silence_out():
    found = agreement(pd.Series([0.5, -0.5, 0.0, 0.4, np.nan]), pd.Series([7.0, 6.0, 8.0, 5.0, 2.0])).set_index(
        "measure"
    )
    assert found.loc["same sign", ["texts", "value"]].tolist() == [2, 0.5]
    assert found.loc["rank correlation", "texts"] == 4


def test_agreement_says_nothing_of_too_few_or_of_what_never_changes():
    for compound, happy in (([0.1, 0.2], [5.0, 6.0]), ([0.1] * 9, list(range(1, 10))), ([], [])):
        found = agreement(pd.Series(compound, dtype=float), pd.Series(happy, dtype=float))
        assert found.loc[0, ["value", "low", "high"]].isna().all()
    with pytest.raises(ValueError, match="same texts"):
        agreement(pd.Series([1.0]), pd.Series([1.0, 2.0]))
