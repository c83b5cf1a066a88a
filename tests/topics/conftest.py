"""Texts of known subjects, which the tests of topics share."""

import numpy as np
import pandas as pd
import pytest

from analysis.topics import fit

SUBJECTS = {
    "harbour": ["ship", "harbour", "sail", "anchor", "mast", "crew", "tide", "deck", "rope", "captain"],
    "kitchen": ["oven", "flour", "bread", "butter", "knife", "recipe", "dough", "salt", "spoon", "baker"],
    "garden": ["seed", "soil", "rose", "weed", "spade", "hedge", "bloom", "petal", "compost", "lawn"],
    "music": ["violin", "cello", "flute", "drum", "horn", "piano", "chord", "tempo", "choir", "organ"],
}
COMMON = ["day", "morning", "week", "street", "people", "table", "window", "letter"]


def invent(seed=1, texts=240, n_subjects=3, mixed=2):
    """Invent texts of one subject each, with common words strewn in, and what was planted."""
    random = np.random.default_rng(seed)
    subject = random.choice(list(SUBJECTS)[:n_subjects], texts)
    lines = [" ".join([*random.choice(SUBJECTS[s], 4), *random.choice(COMMON, mixed)]) for s in subject]
    return pd.DataFrame({"text": lines, "topic": subject, "author": [f"a{i}" for i in range(texts)]})


def scatter(seed, texts):
    """Invent texts of six words drawn at random from all subjects: there is nothing to be found."""
    every = [word for words in SUBJECTS.values() for word in words]
    return [" ".join(np.random.default_rng([seed, i]).choice(every, 6, replace=False)) for i in range(texts)]


@pytest.fixture(scope="session")
def subjects():
    return SUBJECTS


@pytest.fixture(scope="session")
def planted():
    return invent


@pytest.fixture(scope="session")
def scattered():
    return scatter


@pytest.fixture(scope="session")
def posts():
    return invent(4)


@pytest.fixture(scope="session")
def topics(posts):
    return fit(posts["text"], k=3)
