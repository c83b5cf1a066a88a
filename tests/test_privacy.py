"""Nobody is shown who should not be: real words, small groups, rare words, ids of real posts."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.privacy import PrivacyError, hide_small_groups, min_people_shown, quote, refuse_real_ids, shared_words

INVENTED = 919659437487030272  # worker number 0
REAL = INVENTED + (5 << 12)


def posts(ids, platform="twitter"):
    texts = [f"text {i}" for i in range(len(ids))]
    return pd.DataFrame({"post_id": pd.Series(ids, dtype="str"), "platform": platform, "text": texts})


def invented(n):
    return posts([str(INVENTED + i) for i in range(n)])


def test_quote_gives_invented_texts_each_once_whatever_the_order_of_rows():
    table = invented(40)
    twice = pd.concat([table, table]).sample(frac=1, random_state=2)
    assert quote(table, 5, random_state=3).equals(quote(twice, 5, random_state=3))
    assert not quote(table, 5, random_state=3).equals(quote(table, 5, random_state=4))
    assert set(quote(invented(3), 99)) == {"text 0", "text 1", "text 2"}
    assert set(quote(invented(3).assign(text=pd.Series(["a", None, "b"], dtype="str")), 5)) == {"a", "b"}
    assert quote(posts(["invented-12"], "instagram")).tolist() == ["text 0"]
    assert len(quote(invented(0), 5)) == 0


@pytest.mark.parametrize(
    ("post_id", "platform"),
    [
        (str(REAL), "twitter"),
        ("20", "twitter"),  # older than Snowflake: its lower bits say nothing
        (str(INVENTED), "mastodon"),
        (str(INVENTED), None),
        (None, "twitter"),
        ("an invented-1", "facebook"),
    ],
)
def test_what_may_be_real_is_not_quoted_and_hides_its_small_groups(post_id, platform):
    table = posts([str(INVENTED), post_id]).assign(platform=["twitter", platform])
    with pytest.raises(PrivacyError, match="1 of 2 posts may be a real person's words"):
        quote(table, 1)
    assert (min_people_shown(table), min_people_shown(table[["text"]]), min_people_shown(invented(2))) == (10, 10, 0)


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ([100, 3, 40, 12], [0, 2]),  # with the smallest beside it
        ([100, 1, 0, 12], [0]),  # until the hidden ones are a group
        ([10, 11], [0, 1]),
        ([], []),
    ],
)
def test_small_groups_are_hidden_with_what_would_give_them_away(counts, shown):
    table = hide_small_groups(pd.Series(counts, dtype="int64"))
    assert table.dropna().index.tolist() == shown


@given(st.lists(st.integers(0, 40), min_size=1, max_size=8), st.randoms())
def test_no_group_is_given_away_in_any_order(counts, random):
    series = pd.Series(counts, index=[f"g{i}" for i in range(len(counts))])
    shown = hide_small_groups(series)
    hidden = series[shown.isna()]
    assert not (series[shown.notna()] < 10).any()
    assert (shown.dropna() == series[shown.notna()]).all()
    assert len(hidden) == 0 or len(hidden) == len(series) or (len(hidden) > 1 and hidden.sum() >= 10)
    labels = list(series.index)
    random.shuffle(labels)
    assert hide_small_groups(series[labels])[series.index].equals(shown)


@given(st.lists(st.lists(st.integers(0, 40), min_size=3, max_size=3), min_size=1, max_size=5))
def test_no_line_of_a_cross_table_gives_a_cell_away(counts):
    table = pd.DataFrame(counts)
    hidden = hide_small_groups(table).isna().to_numpy()
    assert not (table.to_numpy()[~hidden] < 10).any()
    for cells, line in [*zip(table.to_numpy(), hidden, strict=True), *zip(table.to_numpy().T, hidden.T, strict=True)]:
        assert line.sum() == 0 or line.all() or (line.sum() > 1 and cells[line].sum() >= 10)


def test_only_counts_are_taken():
    for wrong in ([1.5, 2], [-1, 20], [np.nan, 20]):
        with pytest.raises(ValueError, match="whole numbers"):
            hide_small_groups(pd.Series(wrong))


def test_words_of_many_are_shared_and_names_of_few_are_not():
    texts = pd.Series([f"my boss again, story {i}" for i in range(12)] + [f"Aldo {i}" for i in range(12)] + [None])
    authors = pd.Series([f"a{i}" for i in range(12)] + ["b"] * 12 + ["c"])
    assert shared_words(texts, authors) == {"my", "boss", "again", "story"}
    nameless = authors.where(authors == "b")  # who can't be told apart is one person
    assert not shared_words(texts, nameless, min_people=2) & {"my", "boss", "aldo"}
    with pytest.raises(ValueError, match="2 texts and 1 authors"):
        shared_words(pd.Series(["a", "b"]), pd.Series(["x"]))


def test_a_text_that_is_copied_counts_for_one():
    copies = pd.Series(["RT @x: Aldo did https://t.co/1", "aldo did", "Aldo did @y"] * 10)
    authors = pd.Series([f"a{i}" for i in range(30)])
    assert shared_words(copies, authors) == set()
    assert shared_words(copies, authors, min_people=1) == {"aldo", "did"}


def test_tables_with_ids_of_real_posts_are_no_results():
    fine = pd.DataFrame({"id": [str(INVENTED), None], "posts": [3, 12], "share": [0.1, 10.0**18]})
    assert refuse_real_ids(fine) is fine
    for wrong in (str(REAL), REAL, "t3_75abc", "at://did:plc:x/y", "https://x.example/@a/statuses/1"):
        with pytest.raises(PrivacyError, match="column 'who'"):
            refuse_real_ids(pd.DataFrame({"posts": [1], "who": [wrong]}))
