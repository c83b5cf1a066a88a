"""Measure what posts look like in numbers: lengths, tags, links, vocabulary, authors, threads, reach."""

import re
from collections import Counter

import numpy as np
import pandas as pd

from analysis.text import tokens

LINK = re.compile(r"https?://")
MENTION = re.compile(r"(?<!\w)@\w")
CAPITALS = re.compile(r"\b[A-Z]{4,}\b")
SELF = frozenset(("i", "me", "my", "mine", "myself", "i'm", "i've", "i'd", "i'll", "im", "ive"))


def text_shape(text: pd.Series) -> dict:
    """Measure texts as the figures of ``shape.csv``'s crawl were measured.

    Parameters
    ----------
    text
        str, shape (n,), n at least 1; no reposts among them.

    Returns
    -------
    dict
        Name of the measure -> number; shares are in per cent, words are those other than tags, mentions and links.

    Examples
    --------
    >>> shape = text_shape(pd.Series(["Me too #MeToo", "He followed me home. Why? #MeToo #street"]))
    >>> shape["bare_me_too"], shape["with_question"], shape["two_hashtags"]
    (50.0, 50.0, 50.0)
    """
    spelt = [tokens(t) for t in text]
    tags = np.array([sum(w[0] == "#" for w in words) for words in spelt])
    plain = [[w for w in words if w[0] != "#"] for words in spelt]
    length = np.array([len(words) for words in plain])
    beyond = np.array([len(without_me_too(words)) for words in plain])
    own = np.array([any(w in SELF for w in without_me_too(words)) for words in plain])
    found = {f"words_per_post_p{p}": float(np.percentile(length, p)) for p in (5, 25, 50, 75, 90, 99)}
    # In posts that are nothing but capitals, every word is one; tags are left out.
    shouted = [bool(CAPITALS.search(re.sub(r"#\w+", "", t))) for t in text]
    found |= {"bare_me_too": share(beyond <= 3), "first_person_beyond_tag": share(own)}
    found |= {"with_link": share(text.str.contains(LINK)), "with_mention": share(text.str.contains(MENTION))}
    found |= {"with_exclamation": share(text.str.contains("!")), "with_question": share(text.str.contains(r"\?"))}
    found |= {"with_capital_word": share(np.array(shouted))}
    found |= {"same_text_as_an_earlier_post": share(text.str.casefold().duplicated())}
    found |= {"no_hashtag": share(tags == 0), "one_hashtag": share(tags == 1), "two_hashtags": share(tags == 2)}
    found |= {"three_or_more_hashtags": share(tags > 2)}
    counts = Counter(w for words in plain for w in words)
    found |= {"types": len(counts), "zipf_slope_rank_10_to_5000": zipf_slope(counts)}
    first = Counter(w for words in plain[:5_000] for w in words)
    return found | {"types_in_5000_posts": len(first)}


def without_me_too(words: list) -> list:
    """Leave out "me too" where the two words stand together.

    Parameters
    ----------
    words
        In small letters, as :func:`analysis.text.tokens` gives them.

    Returns
    -------
    list
        A new one.

    Examples
    --------
    >>> without_me_too(["yes", "me", "too", "and", "me"])
    ['yes', 'and', 'me']
    """
    rest, at = [], 0
    while at < len(words):
        if words[at : at + 2] == ["me", "too"]:
            at += 2
        else:
            rest.append(words[at])
            at += 1
    return rest


def zipf_slope(counts: Counter, first: int = 10, last: int = 5_000) -> float:
    """Fit the slope of log frequency on log rank between two ranks, by least squares.

    Parameters
    ----------
    counts
        Word -> how often it comes.
    first, last
        Ranks, the most frequent word's is 1; both belong to the range.

    Returns
    -------
    float
        Near -1 in texts that people wrote (Zipf's law); NaN where fewer than two words have such ranks.

    Examples
    --------
    >>> round(zipf_slope(Counter({str(r): 10**6 // r for r in range(1, 6000)})), 2)
    -1.0
    """
    ordered = np.sort(np.array(list(counts.values())))[::-1][first - 1 : last]
    if ordered.size < 2:
        return float("nan")
    return float(np.polyfit(np.log(np.arange(first, first + ordered.size)), np.log(ordered), 1)[0])


def share(flags) -> float:
    """Return the share of True, in per cent.

    Examples
    --------
    >>> share([True, False, False, False])
    25.0
    """
    return 100 * float(np.mean(flags))


def author_shape(author: pd.Series) -> dict:
    """Measure how unevenly posts are spread over authors.

    Parameters
    ----------
    author : Series, shape (n,)
        Of each post; a missing one is left out.

    Returns
    -------
    dict
        ``authors_per_100_posts``; ``authors_with_one_post``, per cent of authors;
        ``posts_by_top_1_percent_of_authors``, per cent of posts (the top is one author at least).

    Examples
    --------
    >>> author_shape(pd.Series(["a", "a", "a", "b"]))["posts_by_top_1_percent_of_authors"].item()
    75.0
    """
    counts = author.value_counts().to_numpy()
    top = counts[: max(1, counts.size // 100)].sum()
    return {
        "authors_per_100_posts": 100 * counts.size / counts.sum(),
        "authors_with_one_post": share(counts == 1),
        "posts_by_top_1_percent_of_authors": 100 * top / counts.sum(),
    }


def thread_shape(kind, root) -> dict:
    """Measure conversations.

    Parameters
    ----------
    kind : array of bool, shape (n,)
        True for replies within conversations; there must be one.
    root : array, shape (n,)
        What names the conversation; it counts for replies alone.

    Returns
    -------
    dict
        ``replies_within_conversations``, per cent of the posts; ``conversations_with_one_reply``, per cent of those
        that have any; ``replies_in_largest_conversation``, per cent of the replies.

    Examples
    --------
    >>> thread_shape([True, True, True, True, False], [7, 7, 7, 8, 9])["replies_in_largest_conversation"].item()
    75.0
    """
    sizes = pd.Series(np.asarray(root)[np.asarray(kind, dtype=bool)]).value_counts().to_numpy()
    return {
        "replies_within_conversations": share(kind),
        "conversations_with_one_reply": share(sizes == 1),
        "replies_in_largest_conversation": 100 * sizes[0] / sizes.sum(),
    }


def reach_shape(likes, reposts) -> dict:
    """Measure likes and reposts by their quantiles.

    Parameters
    ----------
    likes, reposts : array of numbers, shape (n,)
        None missing.

    Returns
    -------
    dict
        ``likes_p50``, ``likes_p90``, ``likes_p99``, ``likes_p99.9``, and the same of reposts: percentiles,
        interpolated.
    """
    found = {f"likes_p{p}": float(np.percentile(likes, p)) for p in (50, 90, 99, 99.9)}
    return found | {f"reposts_p{p}": float(np.percentile(reposts, p)) for p in (50, 90, 99, 99.9)}
