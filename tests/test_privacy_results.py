"""Of real posts no analysis gives by default what nine people alone wrote."""

import numpy as np
import pandas as pd
import pytest

from analysis import disclosure, sentiment, shift, spread, topics
from analysis.methods.survival import survival

FEW, MANY, SAID = 9, 60, 4


def posts_of(few):
    """Posts of `few` people, who tell of a harbour, and of many in another language, by ids that pass for real."""
    groups = ["sv"] * few * SAID + ["en"] * MANY * SAID
    own = np.arange(len(groups))
    people = [f"{lang}-{i // SAID}" for i, lang in enumerate(groups)]
    places = {"sv": "harbour", "en": "kitchen"}
    texts = [f"{('awful', 'great', 'plain')[i % 3]} words, {places[lang]} {i}" for i, lang in enumerate(groups)]
    ids = 919659437487030272 + own * (60_000 << 22) + (17 << 12)  # worker 17: an invented id has worker 0
    return pd.DataFrame(
        {
            "post_id": ids.astype(str),
            "created_at": pd.Timestamp("2017-10-16", tz="UTC") + pd.to_timedelta(own % 24, unit="h"),
            "platform": "twitter",
            "author": people,
            "text": texts,
            "lang": groups,
            "kind": "original",
        }
    )


def spread_by_group(posts):
    left = posts[np.arange(len(posts)) % 2 == 0]
    found = survival(left, posts, "lang").set_index("lang")
    return found.loc["sv", ["posts", "authors", "gone", "share", "low", "high"]]


def waves_by_group(posts):
    return spread.waves(posts, "lang", least=1).set_index("lang").loc["sv", ["posts", "peak", "share_of_peak", "lag"]]


def sentiment_by_group(posts):
    scores = pd.DataFrame({"compound": np.resize([-0.5, 0.5, 0.0], len(posts))}, index=posts.index)
    table = sentiment.by_group(posts, posts["lang"], scores=scores, draws=50, smallest=2).set_index("lang")
    return table.loc["sv", ["posts", "authors", "negative", "positive", "zero", "mean", "difference"]]


def words_of_the_shift(posts):
    counts = shift.count(posts, posts["lang"], "en", "sv")
    tables = [shift.jensen_shannon(counts), shift.log_odds(counts)]
    return pd.concat([table.set_index("word")["shift"].reindex(["harbour"]) for table in tables])


def definitions_of_disclosure(posts):
    answers = posts["lang"].map({"sv": "detail", "en": "none"})
    found = disclosure.definitions(posts, answers, draws=50).set_index("definition")
    return found.loc["told with detail, all days", ["positive", "share", "low", "high"]]


def people_who_disclosed(posts):
    return disclosure.people_by_day(posts, posts["lang"].eq("sv").astype(float))["raw"]


def people_by_language(posts):
    score = pd.Series(np.arange(len(posts)) // SAID % 2, posts.index, dtype=float)
    found = disclosure.people_by_group(posts, score, posts["lang"]).set_index("lang")
    return found.loc["sv", ["authors", "raw"]]


def sizes_of_topics(posts):
    found = topics.sizes(posts["lang"].map({"sv": "topic 1", "en": "none"}), posts["author"], draws=50)
    return found.set_index("topic").loc["topic 1", ["posts", "share", "low", "high"]]


ANALYSES = [
    spread_by_group,
    waves_by_group,
    sentiment_by_group,
    words_of_the_shift,
    definitions_of_disclosure,
    people_who_disclosed,
    people_by_language,
    sizes_of_topics,
]


@pytest.mark.parametrize("analysis", ANALYSES)
def test_what_nine_people_wrote_is_hidden_and_what_many_wrote_is_shown(analysis):
    assert analysis(posts_of(FEW)).isna().all()
    assert analysis(posts_of(MANY)).notna().all()
