"""Copies are found whatever they carry along, and who hangs together with whom does not depend on the order of rows."""

import numpy as np
import pandas as pd
import pytest

from analysis.intervals import cluster_ids, normalized_texts, post_weights

LONG = "Sign this petition today, friends"


def posts_of(*rows):
    return pd.DataFrame(rows, columns=["author", "text"])


@pytest.mark.parametrize(
    "copy",
    [
        "SIGN THIS PETITION TODAY FRIENDS!!!",
        f"{LONG} https://link.example/12",
        f"@someone {LONG} 🔥",
        f"{LONG} [link]",
        f"  {LONG.replace(' ', chr(10))}",
        f"{LONG} @a.name@example.org",
    ],
)
def test_a_copy_is_known_by_its_words(copy):
    assert normalized_texts(pd.Series([copy])).tolist() == normalized_texts(pd.Series([LONG])).tolist()
    assert cluster_ids(posts_of(("a", LONG), ("b", copy)))["text"].tolist() == [0, 0]


def test_other_words_tags_and_scripts_are_other_wordings():
    texts = pd.Series([LONG, f"{LONG} #now", "don’t", "don't", "मैं भी", "मैं", "💔", None])
    found = normalized_texts(texts)
    assert found.tolist()[:7] == [
        "sign this petition today friends",
        "sign this petition today friends #now",
        "dont",
        "dont",
        "मैं भी",
        "मैं",
        "",
    ]
    assert found.isna().tolist() == [False] * 7 + [True]


def test_short_wordings_and_texts_without_words_are_no_copies():
    posts = posts_of(("a", "Me too"), ("b", "me too"), ("c", "💔"), ("d", "💔"), ("e", LONG), ("f", LONG))
    assert cluster_ids(posts)["text"].tolist() == [-1, -1, -1, -1, 0, 0]
    assert cluster_ids(posts, min_copied_words=2)["text"].tolist() == [0, 0, -1, -1, 1, 1]


def test_posts_without_an_author_are_counted_with_their_wording_and_drawn_with_their_copies():
    posts = posts_of((None, LONG), (None, LONG), (None, "me too"), (None, "Me too."), ("a", "me too"))
    found = cluster_ids(posts)
    assert found["person"].tolist() == [2, 2, 1, 1, 0]
    assert found["author"].nunique() == 4
    assert found["author"][0] == found["author"][1]


def test_the_order_of_rows_makes_no_difference():
    random = np.random.default_rng(1)
    names = random.choice(["a", "b", "c", "d"], 60)
    texts = random.choice([LONG, "me too", "one two three four five", "what"], 60)
    posts, order = posts_of(*zip(names, texts, strict=True)), random.permutation(60)
    pd.testing.assert_frame_equal(cluster_ids(posts), cluster_ids(posts.iloc[order]).sort_index())
    groups = pd.Series(random.choice(["x", "y"], 60))
    for by in ("post", "text", "author"):
        one, two = post_weights(posts, groups, by), post_weights(posts.iloc[order], groups.iloc[order], by)
        pd.testing.assert_series_equal(one, two.sort_index())


def test_weights_give_each_text_or_author_one_voice_in_each_group():
    posts = posts_of(("a", "x"), ("a", "X!"), ("b", "y"), (None, "y"), (None, "y"), ("a", "z"))
    groups = pd.Series(["g", "g", "g", "g", "h", None])
    assert post_weights(posts, groups, "post").tolist()[:5] == [1] * 5
    assert post_weights(posts, groups, "text").tolist()[:5] == [0.5, 0.5, 0.5, 0.5, 1]
    assert post_weights(posts, groups, "author").tolist()[:5] == [0.5, 0.5, 1, 1, 1]
    assert post_weights(posts, groups, "author").isna().tolist() == [False] * 5 + [True]
    with pytest.raises(ValueError, match="by is 'posts'; posts are weighted by one of post, text, author"):
        post_weights(posts, groups, "posts")


def test_nothing_in_is_nothing_out():
    empty = posts_of().astype({"author": "str", "text": "str"})
    assert cluster_ids(empty).shape == (0, 3)
    assert len(post_weights(empty, pd.Series([], dtype="str"), "text")) == 0
