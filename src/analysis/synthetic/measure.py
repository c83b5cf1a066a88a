"""Measure the corpus: every figure that it is calibrated on, by name and key.

Each function gives a dict: (figure, key) as in ``targets.csv`` -> number, in the unit that is given there. `posts` and
`truth` are what :func:`analysis.synthetic.invent` gives; `authored` are the posts among them that are no reposts.
"""

import re
from collections import Counter
from importlib.resources import files

import numpy as np
import pandas as pd

from analysis.synthetic.clock import CALL, START, published, real_weights
from analysis.text import tokens

LINK = re.compile(r"https?://")
MENTION = re.compile(r"(?<!\w)@\w")
CAPITALS = re.compile(r"\b[A-Z]{4,}\b")
SELF = frozenset(("i", "me", "my", "mine", "myself", "i'm", "i've", "i'd", "i'll", "im", "ive"))
FIRST_HOURS = 36
ACKNOWLEDGED = ("bare", "detail", "support", "support_men")
CALLED_OUT = ("action", "accusation")
ASSAULT_OR_ABUSE = ("touch", "assault", "rape", "online")


def curve(posts: pd.DataFrame) -> dict:
    """Measure the volume over time, in per cent of the authored posts.

    "posts in the hour" are per cent of those in the first 36 hours, "posts at the hour of the day" of those from 18
    October to 11 November. "highest hour" is in hours from the midnight (UTC) that begins 16 October.
    """
    when = posts["created_at"].dt.tz_localize(None)
    days, hours = when.dt.strftime("%Y-%m-%d").value_counts(), when.dt.strftime("%Y-%m-%dT%H").value_counts()
    found = {("posts on the day", day): 100 * days.get(day, 0) / len(posts) for day in published("posts_a_day")}
    early = first_hours()
    total = hours.reindex(early).sum()
    found |= {("posts in the hour", hour): 100 * hours.get(hour, 0) / total for hour in early}
    found["highest hour", ""] = (pd.Timestamp(f"{hours.idxmax()}:00") - pd.Timestamp("2017-10-16")) / pd.Timedelta("1h")
    later = when[(when >= "2017-10-18") & (when < "2017-11-12")].dt.strftime("%H").value_counts(normalize=True)
    found |= {("posts at the hour of the day", hour): 100 * later.get(hour, 0) for hour in published("rhythm")}
    call = pd.Timestamp(START) + pd.Timedelta(milliseconds=CALL)
    return found | {("posts before the call", ""): share(when < call)}


def curve_targets() -> dict:
    """Compute what the published counts say: (figure, key) -> per cent.

    The days' shares are one collection's, the hours' shares of the first days another's; to take one for the other is
    an assumption.
    """
    days, rhythm = published("posts_a_day"), published("rhythm")
    total = sum(days.values())
    found = {("posts on the day", day): 100 * n / total for day, n in days.items()}
    hours = pd.date_range(START, periods=24 * len(days), freq="h").strftime("%Y-%m-%dT%H")
    spread = dict(zip(hours, real_weights(len(days)).tolist(), strict=True))
    early = first_hours()
    whole = sum(spread[hour] for hour in early)
    found |= {("posts in the hour", hour): 100 * spread[hour] / whole for hour in early}
    found["highest hour", ""] = 2.0
    return found | {("posts at the hour of the day", h): 100 * n / sum(rhythm.values()) for h, n in rhythm.items()}


def first_hours() -> list:
    """Return the first hours from the call's on."""
    first = pd.Timestamp(START) + pd.Timedelta(milliseconds=CALL)
    return [(first + pd.Timedelta(hours=n)).strftime("%Y-%m-%dT%H") for n in range(FIRST_HOURS)]


def kinds(posts: pd.DataFrame, authored: pd.DataFrame) -> dict:
    """Measure kinds, platforms, languages, in per cent of the authored posts."""
    found = {("kind", k): share(authored["kind"] == k) for k in ("reply", "quote")}
    found["reposts for each original", ""] = (posts["kind"] == "repost").sum() / (authored["kind"] == "original").sum()
    found |= {("platform", p): share(authored["platform"] == p) for p in ("instagram", "facebook")}
    languages = authored["lang"].value_counts(normalize=True)
    return found | {("language", lang): 100 * float(part) for lang, part in languages.items()}


def stances(authored: pd.DataFrame, truth: pd.DataFrame) -> dict:
    """Measure what was planted, in per cent of the English authored posts of a span (UTC).

    Two are "among detailed disclosures": per cent of the English ones. The two "over November" are ratios, and two are
    numbers of posts. "deleted later" and "automated" are per cent of the authored posts in any language.
    """
    english = (authored["lang"] == "en").to_numpy()
    when, told = authored["created_at"].dt.tz_localize(None)[english], truth[english]

    def span(first, last, names, also=True):
        inside = (when >= first) & (when < last)
        return share((told["stance"].isin(names) & also)[inside])

    detail = ("detail",)
    day, week, end = ("2017-10-16", "2017-10-17"), ("2017-10-14", "2017-10-22"), ("2017-11-01", "2017-11-15")
    abuse, early = told["act"].isin(ASSAULT_OR_ABUSE), told["life"].isin(["child", "teen"])
    told_all = told[told["stance"] == "detail"]
    found = {
        ("disclosures on 16 October", ""): span(*day, ("bare", "detail")),
        ("support on 16 October", ""): span(*day, ("support", "support_men")),
        ("behaviour called out on 16 October", ""): span(*day, CALLED_OUT),
        ("details of own assault or abuse, first week", ""): span(*week, detail, abuse),
        ("early-life experience, first week", ""): span(*week, detail, abuse & early),
        ("disclosures, first two weeks", ""): span("2017-10-15", "2017-10-29", ("bare", "detail")),
        ("not relevant, November", ""): span(*end, ("humour_spam", "unrelated")),
        ("opposition, November", ""): span(*end, ("opposition",)),
        ("allegations, November", ""): span(*end, ("accusation",)),
        ("acknowledgement, first three days over November", ""): span("2017-10-15", "2017-10-18", ACKNOWLEDGED)
        / span(*end, ACKNOWLEDGED),
        ("activism, first three days over November", ""): span("2017-10-15", "2017-10-18", CALLED_OUT)
        / span(*end, CALLED_OUT),
        ("sexual assault among detailed disclosures", ""): share(told_all["act"].isin(["assault", "rape"])),
        ("childhood among detailed disclosures", ""): share(told_all["life"] == "child"),
        ("detailed disclosures, English", ""): float(len(told_all)),
        ("posts in the smallest topic", ""): float(told_all["topic"].value_counts().min()),
    }
    gone = truth["deleted"] == "yes"
    found |= {("deleted later", name): share(gone[truth["stance"] == name]) for name in ("detail", "news")}
    return found | {("deleted later", ""): share(gone), ("automated", ""): share(truth["account"] == "bot")}


def people(rows: pd.DataFrame) -> dict:
    """Measure authors, threads and reach in a plan of authored posts, as ``plan_posts`` gives it."""
    found = {("authors", name): value for name, value in author_shape(rows["author"]).items()}
    found |= {("threads", n): v for n, v in thread_shape(rows["kind"] == 1, rows["root"]).items()}
    return found | {("reach", n): float(v) for n, v in reach_shape(rows["likes"], rows["reposts"]).items()}


def silent(text: pd.Series, posts: int = 8_000) -> float:
    """Return the share of posts, in per cent, that NLTK's VADER scores exactly 0, from at most `posts` of the texts.

    The lexicon is the one that ships in the package vaderSentiment.
    """
    from nltk.sentiment.vader import SentimentIntensityAnalyzer, VaderConstants

    # NLTK's own constructor looks for the lexicon in its data folders and refuses linked files; its text will do.
    scorer = SentimentIntensityAnalyzer.__new__(SentimentIntensityAnalyzer)
    scorer.lexicon_file = (files("vaderSentiment") / "vader_lexicon.txt").read_text(encoding="utf-8")
    scorer.lexicon, scorer.constants = scorer.make_lex_dict(), VaderConstants()
    every = max(1, len(text) // posts)
    return share(np.array([scorer.polarity_scores(t)["compound"] == 0 for t in text.iloc[::every][:posts]]))


def texts(text: pd.Series) -> dict:
    """Measure texts as the figures of ``shape.csv``'s crawl were measured; shares are in per cent.

    Words are those other than tags, mentions and links.
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
    found["types_in_5000_posts"] = len(first)
    return {("text", name): value for name, value in found.items()}


def without_me_too(words: list) -> list:
    """Leave out "me too" where the two words stand together."""
    rest, at = [], 0
    while at < len(words):
        if words[at : at + 2] == ["me", "too"]:
            at += 2
        else:
            rest.append(words[at])
            at += 1
    return rest


def zipf_slope(counts: Counter) -> float:
    """Fit the slope of log frequency on log rank from rank 10 to 5,000, by least squares."""
    ordered = np.sort(np.array(list(counts.values())))[::-1][9:5_000]
    if ordered.size < 2:
        return float("nan")
    return float(np.polyfit(np.log(np.arange(10, 10 + ordered.size)), np.log(ordered), 1)[0])


def share(flags) -> float:
    """Return the share of True, in per cent."""
    return 100 * float(np.mean(flags))


def author_shape(author: pd.Series) -> dict:
    """Measure how unevenly posts are spread over authors; the top 1 per cent is one author at least."""
    counts = author.value_counts().to_numpy()
    top = counts[: max(1, counts.size // 100)].sum()
    return {
        "authors_per_100_posts": 100 * counts.size / counts.sum(),
        "authors_with_one_post": share(counts == 1),
        "posts_by_top_1_percent_of_authors": 100 * top / counts.sum(),
    }


def thread_shape(kind, root) -> dict:
    """Measure conversations: `kind` is True for replies, and `root` counts for these alone."""
    sizes = pd.Series(np.asarray(root)[np.asarray(kind, dtype=bool)]).value_counts().to_numpy()
    return {
        "replies_within_conversations": share(kind),
        "conversations_with_one_reply": share(sizes == 1),
        "replies_in_largest_conversation": 100 * sizes[0] / sizes.sum(),
    }


def reach_shape(likes, reposts) -> dict:
    """Measure likes and reposts by their quantiles."""
    found = {f"likes_p{p}": float(np.percentile(likes, p)) for p in (50, 90, 99, 99.9)}
    return found | {f"reposts_p{p}": float(np.percentile(reposts, p)) for p in (50, 90, 99, 99.9)}
