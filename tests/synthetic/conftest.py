"""The shipped corpus and a small one, invented once for all tests here."""

import pytest

from analysis.synthetic import invent


@pytest.fixture(scope="session")
def shipped():
    return invent()


@pytest.fixture(scope="session")
def small():
    return invent(posts=3_000, seed=2)
