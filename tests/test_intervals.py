"""Intervals cover what was planted, copies are found whatever they carry along, and row order changes nothing."""

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array

from analysis.intervals import (
    bootstrap_interval,
    cluster_ids,
    clustered_interval,
    normalized_texts,
    post_weights,
    two_way_variance,
    wilson_interval,
)

LONG = "Sign this petition today, friends"


def posts_of(*rows):
    return pd.DataFrame(rows, columns=["author", "text"])


def test_wilson_equals_published_values_and_refuses_nonsense():
    # Newcombe 1998, table I: 81 of 263 and 0 of 20
    assert wilson_interval(81, 263) == pytest.approx({"share": 0.3080, "low": 0.2553, "high": 0.3662}, abs=1e-4)
    assert wilson_interval(0, 20) == pytest.approx({"share": 0, "low": 0, "high": 0.1611}, abs=1e-4)
    assert (wilson_interval(0, 7)["low"], wilson_interval(7, 7)["high"]) == (0, 1)
    assert np.isnan(wilson_interval(0, 0)["share"])
    for wrong, named in (((3, 2), "no share"), ((-1, 4), "no share"), ((1, 2, 95), "level")):
        with pytest.raises(ValueError, match=named):
            wilson_interval(*wrong)


def covered(by_row, seeds=120):
    """How often the interval of a mean holds the planted 0, where the posts of an author are alike."""
    inside = []
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        size = rng.integers(1, 12, 60).astype(float)
        total = rng.normal(0, 1, 60) * size
        if by_row:
            total, size = np.repeat(total / size, size.astype(int)), np.ones(int(size.sum()))
        interval = bootstrap_interval({"mean": total[:, None]}, size[:, None], draws=200, random_state=seed)
        low, high = interval["mean"].ravel()
        inside.append(low <= 0 <= high)
    return np.mean(inside)


def test_bootstrap_by_author_covers_where_by_row_it_does_not():
    assert covered(by_row=False) > 0.87
    assert covered(by_row=True) < 0.75


def test_bootstrap_takes_sparse_arrays_and_of_nothing_is_missing_and_of_nonsense_refused():
    counts = np.random.default_rng(1).integers(0, 3, (40, 3)).astype(float)
    size = counts.sum(axis=1, keepdims=True) + 1
    how = {"draws": 50, "random_state": 2}
    dense = bootstrap_interval({"a": counts}, size, **how)["a"]
    sparse = bootstrap_interval({"a": csr_array(counts)}, csr_array(np.repeat(size, 3, axis=1)), **how)["a"]
    assert dense.shape == (2, 3)
    assert np.allclose(dense, sparse)
    assert np.isnan(bootstrap_interval({"a": np.zeros((0, 2))}, np.zeros((0, 2)))["a"]).all()
    for wrong in ({"draws": 0}, {"level": 95}):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            bootstrap_interval({}, np.ones((3, 1)), **wrong)


def test_clustered_interval_takes_an_author_of_two_tables_for_one_person():
    rows = np.array([0.1, -0.1, 0.2, -0.2])
    half = np.sqrt(3 / 2 * (0.3**2 + 0.3**2 + 0.0**2)) * 1.959964
    low, high = clustered_interval(0.5, [(rows, list("abcc")), (rows[2:], list("ab"))])
    assert (low, high) == pytest.approx((0.5 - half, 0.5 + half), abs=1e-6)
    assert np.isnan(clustered_interval(0.5, [(rows, list("aaaa"))])).all()


def test_a_copy_is_known_by_its_words_and_short_texts_are_no_copies():
    copies = [LONG, "SIGN THIS PETITION TODAY FRIENDS!!!", f"{LONG} https://link.example/12 [link]"]
    copies += [f"@someone {LONG} 🔥", f"  {LONG.replace(' ', chr(10))} @a.name@example.org"]
    assert cluster_ids(posts_of(*((str(i), copy) for i, copy in enumerate(copies))))["text"].eq(0).all()
    texts = normalized_texts(pd.Series([f"{LONG} #now", "don’t", "don't", "मैं भी", "मैं", "💔", None]))
    assert texts.tolist()[:6] == ["sign this petition today friends #now", "dont", "dont", "मैं भी", "मैं", ""]
    assert texts.isna().tolist() == [False] * 6 + [True]
    posts = posts_of(("a", "Me too"), ("b", "me too"), ("c", "💔"), ("d", "💔"), ("e", LONG), ("f", LONG))
    assert cluster_ids(posts)["text"].tolist() == [-1, -1, -1, -1, 0, 0]
    assert cluster_ids(posts, min_copied_words=2)["text"].tolist() == [0, 0, -1, -1, 1, 1]


def test_posts_without_an_author_are_counted_with_their_text_and_drawn_with_their_copies():
    posts = posts_of((None, LONG), (None, LONG), (None, "me too"), (None, "Me too."), ("a", "me too"))
    clusters = cluster_ids(posts)
    assert clusters["person"].tolist() == [2, 2, 1, 1, 0]
    assert clusters["author"].nunique() == 4
    assert clusters["author"][0] == clusters["author"][1]


def test_the_order_of_rows_makes_no_difference():
    rng = np.random.default_rng(1)
    texts = rng.choice([LONG, "me too", "one two three four five", "what"], 60)
    posts, order = posts_of(*zip(rng.choice(list("abcd"), 60), texts, strict=True)), rng.permutation(60)
    pd.testing.assert_frame_equal(cluster_ids(posts), cluster_ids(posts.iloc[order]).sort_index())
    groups = pd.Series(rng.choice(["x", "y"], 60))
    for by in ("post", "text", "author"):
        shuffled = post_weights(posts.iloc[order], groups.iloc[order], by)
        pd.testing.assert_series_equal(post_weights(posts, groups, by), shuffled.sort_index())


def test_weights_give_each_text_or_author_one_voice_in_each_group():
    posts = posts_of(("a", "x"), ("a", "X!"), ("b", "y"), (None, "y"), (None, "y"), ("a", "z"))
    groups = pd.Series(["g", "g", "g", "g", "h", None])
    assert post_weights(posts, groups, "post").tolist()[:5] == [1] * 5
    assert post_weights(posts, groups, "text").tolist()[:5] == [0.5, 0.5, 0.5, 0.5, 1]
    assert post_weights(posts, groups, "author").tolist()[:5] == [0.5, 0.5, 1, 1, 1]
    assert post_weights(posts, groups, "author").isna().tolist() == [False] * 5 + [True]
    with pytest.raises(ValueError, match="by is 'posts'"):
        post_weights(posts, groups, "posts")


def test_two_way_variance_adds_copies_to_authors():
    posts = posts_of(("a", LONG), ("b", LONG), ("c", LONG), ("a", "what"))
    residuals = np.array([1.0, 1.0, 1.0, -3.0])
    assert two_way_variance(residuals, cluster_ids(posts)) == (4 + 1 + 1) + (9 - 3)
