"""One invented corpus for the tests of this room."""

import pytest

from analysis.synthetic import invent


@pytest.fixture(scope="session")
def corpus():
    posts, truth = invent(1000, seed=3)
    posts = posts.merge(truth, on="post_id")
    return posts[posts["kind"].ne("repost") & posts["text"].notna() & posts["lang"].eq("en")]
