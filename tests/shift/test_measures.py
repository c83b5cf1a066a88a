"""Shifts equal those of the papers and of another program, and their z keeps its promise where posts hang together."""

import numpy as np
import pandas as pd
import pytest
import wordshift
from scipy.spatial.distance import jensenshannon

from analysis.shift import count, divergence, jensen_shannon, lexicon_weighted, log_odds, means

VALENCES = {"love": 8.4, "day": 6.2, "rain": 5.1, "late": 3.7, "sad": 2.4, "war": 1.8, "the": 5.0}
WORDS = [*VALENCES, "boss", "bus"]


def invented(seed, posts=120, shift=0.0, authors=60, copies=0):
    """Posts of two groups, of the words above; `shift` moves the second towards the later words."""
    random = np.random.default_rng(seed)
    group = np.where(random.random(posts) < 0.6, "before", "after")
    texts = []
    for name in group:
        lean = np.linspace(1, 1 + shift * (name == "after"), len(WORDS))
        texts.append(" ".join(random.choice(WORDS, 6, p=lean / lean.sum())))
    who = random.integers(0, authors, posts).astype(str)
    table = pd.DataFrame({"author": who, "text": texts})
    if copies:
        table.loc[table.index[:copies], "text"] = table["text"].iloc[0]
    return table, pd.Series(group, name="group")


def frequencies(posts, groups, name):
    return posts.loc[groups == name, "text"].str.split().explode().value_counts().to_dict()


@pytest.mark.parametrize("neutral", [None, (4, 6)])
def test_lexicon_weighted_equals_wordshift(neutral):
    posts, groups = invented(1, shift=3)
    counts = count(posts, groups, "before", "after", k=0)
    ours = lexicon_weighted(counts, VALENCES, neutral=neutral)
    before, after = (frequencies(posts, groups, name) for name in ("before", "after"))
    theirs = wordshift.weighted_avg_shift_custom(before, after, VALENCES, stop_lens=neutral, top_n=0)
    expected = {entry["type"]: entry["p_diff"] * entry["s_ref_diff"] for entry in theirs["entries"]}
    assert ours.set_index("word")["shift"].to_dict() == pytest.approx(expected, abs=1e-12)
    whole = means(counts, VALENCES, neutral=neutral)
    assert (whole["first"], whole["second"]) == pytest.approx((theirs["s_avg_1"], theirs["s_avg_2"]), abs=1e-12)
    assert ours["shift"].sum() == pytest.approx(whole["difference"])


def test_jensen_shannon_adds_up_to_scipys_and_each_word_follows_the_formula():
    posts, groups = invented(2, shift=4)
    counts = count(posts, groups, "before", "after", k=0)
    found = jensen_shannon(counts).set_index("word")
    both = pd.DataFrame({name: frequencies(posts, groups, name) for name in ("before", "after")}).loc[found.index]
    p, q = both["before"] / both["before"].sum(), both["after"] / both["after"].sum()
    assert found["shift"].abs().sum() == pytest.approx(jensenshannon(p, q, base=2) ** 2)
    assert divergence(counts, draws=5)["bits"] == pytest.approx(jensenshannon(p, q, base=2) ** 2)
    m = (p + q) / 2
    by_hand = (p * np.log2(p / m) + q * np.log2(q / m)) / 2
    assert found["shift"].to_dict() == pytest.approx((np.sign(q - p) * by_hand).to_dict(), abs=1e-12)
    assert found["shift"].between(found["low"], found["high"]).all()


def test_log_odds_equal_the_papers_formula():
    posts = pd.DataFrame({"author": list("abcd"), "text": ["a a a b", "a c c c", "b b b b", "c a b d"]})
    counts = count(posts, pd.Series(["x", "x", "y", "y"]), "x", "y", k=0)
    table = log_odds(counts, strength=32).set_index("word")
    for word, (first, second) in {"a": (4, 1), "b": (1, 5), "c": (3, 1), "d": (0, 1)}.items():
        alpha = 2 * (first + second)  # of 16 words, at a strength of 32
        odds = [(seen + alpha) / (8 + 32 - seen - alpha) for seen in (first, second)]
        delta = np.log(odds[1] / odds[0])
        z = delta / np.sqrt(1 / (first + alpha) + 1 / (second + alpha))
        assert (table["shift"][word], table["z_words"][word]) == pytest.approx((delta, z))


def clustered(values, *labels):
    """The two-way variance of a mean of sums, worked out slowly: by author, plus by text, less by both."""
    squares = [sum(values[label == code].sum() ** 2 for code in set(label[label >= 0])) for label in labels]
    return squares[0] + squares[1] - squares[2]


def test_z_is_the_two_way_clustered_one():
    posts, groups = invented(4, posts=200, authors=25, copies=8)
    counts = count(posts, groups, "before", "after", k=0)
    z = jensen_shannon(counts).set_index("word")["z"]
    author, text = np.concatenate(counts.author), np.concatenate(counts.text)
    both, nobody = np.where(text >= 0, text * 1000 + author, -1), np.full(len(author), -1)
    inside = np.concatenate([part.toarray() for part in counts.each])
    length = inside.sum(axis=1)
    second = np.repeat([False, True], [part.shape[0] for part in counts.each])
    fraction = length[second].sum() / length.sum()
    by_group = [np.where(code >= 0, code * 2 + second, -1) for code in (author, text, both)]
    for i, word in enumerate(counts.words):
        total = np.where(second, length[second].sum(), length[~second].sum())
        share = np.where(second, inside[second, i].sum(), inside[~second, i].sum()) / total
        effect = np.where(second, 1, -1) * (inside[:, i] - share * length) / total
        pooled = clustered(inside[:, i] - inside[:, i].sum() / length.sum() * length, *by_group)
        pooled /= fraction * (1 - fraction) * length.sum() ** 2
        variance = max(clustered(effect, author, text, both), clustered(effect, author, nobody, nobody), pooled)
        assert z[word] == pytest.approx((share[-1] - share[0]) / np.sqrt(variance), rel=1e-9)


def test_divergence_is_held_to_what_chance_gives():
    alike = divergence(count(*invented(5), "before", "after", k=0), draws=40, seed=1)
    apart = divergence(count(*invented(5, shift=6), "before", "after", k=0), draws=40, seed=1)
    assert alike["p"] > 0.05 > apart["p"]
    assert apart["bits"] > apart["chance_high"] > apart["chance"] > 0


def test_only_words_of_many_people_stand_in_a_table_and_the_others_still_count():
    posts, groups = invented(6)
    posts.loc[0, "text"] += " secretname"
    counts = count(posts, groups, "before", "after")
    assert "secretname" in counts.words
    for table in (jensen_shannon(counts), log_odds(counts), lexicon_weighted(counts, VALENCES | {"secretname": 1.0})):
        assert "secretname" not in set(table["word"])
        assert (((table["low"] > 0) | (table["high"] < 0)) == (table["z"].abs() > 1.96)).all()
    assert counts.totals.sum() == posts["text"].str.split().str.len().sum()
    nameless = posts.assign(author=pd.Series([None] * len(posts), dtype="str"))
    assert len(jensen_shannon(count(nameless, groups, "before", "after"))) == 0


def test_the_order_of_rows_makes_no_difference():
    posts, groups = invented(7, copies=5)
    order = np.random.default_rng(1).permutation(len(posts))
    one = count(posts, groups, "before", "after")
    two = count(posts.iloc[order], groups.iloc[order], "before", "after")
    for verb in (jensen_shannon, log_odds, lambda counts: lexicon_weighted(counts, VALENCES)):
        pd.testing.assert_frame_equal(verb(one), verb(two), check_exact=True)
    assert divergence(one, draws=20, seed=3) == divergence(two, draws=20, seed=3)


def test_weighting_tags_and_missing_texts():
    posts = pd.DataFrame({"author": list("aabcd"), "text": ["one #MeToo", "two", "one #MeToo", None, "three"]})
    groups = pd.Series(["x", "x", "x", "y", "y"])

    def totals(**how):
        counts = count(posts, groups, "x", "y", k=0, **how)
        return dict(zip(counts.words, counts.totals[0], strict=True))

    assert totals() == {"#metoo": 2, "one": 2, "two": 1, "three": 0}
    assert totals(tags=False) == {"one": 2, "two": 1, "three": 0}
    assert totals(by="text") == {"#metoo": 1, "one": 1, "two": 1, "three": 0}
    assert totals(by="author") == {"#metoo": 1.5, "one": 1.5, "two": 0.5, "three": 0}


def test_what_cannot_be_compared_is_refused():
    posts, groups = invented(9)
    with pytest.raises(ValueError, match="group 'never' holds a word"):
        count(posts, groups, "before", "never")
    with pytest.raises(ValueError, match="knows none of the words of the group 'before'"):
        means(count(posts, groups, "before", "after"), {"unicorn": 9.0})
