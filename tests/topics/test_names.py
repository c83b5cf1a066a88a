"""Names come from words that may be shown, and real people's posts are never shown."""

import numpy as np
import pandas as pd
import pytest

from analysis.privacy import PrivacyError
from analysis.topics import examples, fit, named


def invented(texts, author="invented_0000001"):
    ids = [str(919659437487030272 + (i << 22)) for i in range(len(texts))]
    return pd.DataFrame({"post_id": ids, "platform": "twitter", "author": author, "text": texts})


def test_a_name_is_made_of_a_subjects_own_words_and_of_shared_ones_alone(topics, subjects):
    table = named(topics, set(topics.vocabulary))
    assert table["topic"].tolist() == topics.names
    whose = [[s for s, words in subjects.items() if set(name.split(", ")) <= set(words)] for name in table["name"]]
    assert sorted(whose) == [["garden"], ["harbour"], ["kitchen"]]
    table = named(topics, {"ship", "oven"})
    assert sorted(table["name"]) == ["oven", "ship", table["topic"][table["words"] == ""].item()]
    assert set(topics.top_words({"ship", "oven"})["word"]) == {"ship", "oven"}
    assert not any(word in repr(topics) for word in topics.vocabulary)  # a rare word can be a name


def test_typical_posts_are_of_their_topic_distinct_and_in_order(topics, posts, subjects):
    table = examples(topics, invented(posts["text"]), n=4)
    assert table.groupby("topic")["rank"].agg(list).tolist() == [[1, 2, 3, 4]] * 3
    assert table["text"].is_unique
    mixed = invented(posts["text"]).sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(examples(topics, mixed, n=4), table, check_exact=True)
    long = subjects["harbour"]
    copies = [" ".join(long), " ".join(long[:-1]), " ".join(long[1:]), "ship sail anchor crew"]
    assert len(examples(topics, invented(copies), n=4)) == 2  # copies with a word changed are one


def test_a_long_post_between_two_topics_is_typical_of_neither(subjects):
    random = np.random.default_rng(1)
    outdoors = ["weather", "morning", "boots", "gloves", "rain", "sun", "wind", "cold", "wet", "mud"]  # of two subjects
    texts = []
    for subject, shared in [("harbour", outdoors), ("garden", outdoors), ("kitchen", subjects["kitchen"])] * 60:
        texts.append(" ".join([*random.choice(subjects[subject], 3), *random.choice(shared, 2)]))
    topics = fit(texts, 3)
    clear = " ".join(subjects["harbour"][:3])
    between = " ".join([clear, *outdoors])
    table = topics.assign([clear, between])
    typical = table["fit"] * table[topics.names].max(axis=1)
    assert typical[1] > typical[0]  # many words that fit a little outweigh few that fit well
    assert examples(topics, invented([clear, between]))["text"].tolist() == [clear]


def test_a_post_that_may_be_real_is_never_shown(topics, posts):
    posts = invented(posts["text"]).assign(author=["invented_0000001"] * 239 + ["somebody"])
    with pytest.raises(PrivacyError, match="1 of 240 posts may be a real person's") as raised:
        examples(topics, posts)
    assert not any(text in str(raised.value) for text in posts["text"])
