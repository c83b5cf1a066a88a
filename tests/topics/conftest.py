"""Texts of known subjects, which the tests of topics share."""

import numpy as np
import pandas as pd
import pytest

SUBJECTS = {
    "harbour": ["ship", "harbour", "sail", "anchor", "mast", "crew", "tide", "deck", "rope", "captain"],
    "kitchen": ["oven", "flour", "bread", "butter", "knife", "recipe", "dough", "salt", "spoon", "baker"],
    "garden": ["seed", "soil", "rose", "weed", "spade", "hedge", "bloom", "petal", "compost", "lawn"],
    "music": ["violin", "cello", "flute", "drum", "horn", "piano", "chord", "tempo", "choir", "organ"],
}
COMMON = ["day", "morning", "week", "street", "people", "table", "window", "letter"]


@pytest.fixture
def subjects():
    return SUBJECTS


@pytest.fixture
def planted():
    """Invent texts of one subject each, with common words strewn in, and what was planted."""

    def invent(seed=1, texts=240, mixed=2, n_subjects=3):
        random = np.random.default_rng(seed)
        subject = random.choice(list(SUBJECTS)[:n_subjects], texts)
        lines = [" ".join([*random.choice(SUBJECTS[s], 4), *random.choice(COMMON, mixed)]) for s in subject]
        return pd.DataFrame({"text": lines, "topic": subject, "author": [f"a{i}" for i in range(texts)]})

    return invent


@pytest.fixture
def scattered():
    """Invent texts of six words drawn at random from all subjects: there is nothing to be found."""
    every = [word for words in SUBJECTS.values() for word in words]

    def invent(seed, texts):
        return [" ".join(np.random.default_rng([seed, i]).choice(every, 6, replace=False)) for i in range(texts)]

    return invent
