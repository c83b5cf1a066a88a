"""The first, plain generator of the sample corpus."""

import numpy as np
import pandas as pd

from analysis.corpus.clock import CALL_MS, draw_times, give_ids
from analysis.corpus.phrases import Pen, bank

# In percent of the authored English posts; a first guess at the proportions that published studies found.
STANCES = {
    "bare": 25, "detail": 20, "support": 14, "support_men": 4, "doubt": 4, "opposition": 5, "action": 6,
    "accusation": 5, "news": 8, "humour_spam": 4, "unrelated": 5,
}  # fmt: skip
LINKS = {"news": 98, "humour_spam": 60, "action": 50, "accusation": 40}  # percent with a link; 12 elsewhere
KINDS = {"original": 66, "reply": 14, "quote": 4, "repost": 16}
LANGUAGES = {"en": 88, "es": 4, "fr": 4, "it": 1, "sv": 2, "de": 1}
# Where a topic's stories mostly happen, and by whom; a tenth of them happen elsewhere.
SETTING = {
    "work": ("work", ["boss", "coworker"]),
    "school": ("school", ["teacher", "friend"]),
    "transit": ("transit", ["stranger"]),
    "nightlife": ("nightlife", ["stranger", "friend"]),
    "home": ("home", ["family", "partner"]),
    "online": ("online", ["stranger", "coworker", "partner"]),
    "telling": (None, ["boss", "teacher", "friend", "family", "partner", "stranger"]),
    "silence": (None, ["family", "friend", "teacher", "partner", "boss"]),
}
ACTS = {"remarks": 27, "staring": 15, "touch": 27, "assault": 18, "rape": 13}
ME_TOO = ("yo también", "moi aussi", "anche ", "jag ", "ich auch")
CALL = "If it happened to you too, write me too under this post. Let them see how many of us there are. #MeToo"


def draw(rng: np.random.Generator, shares: dict, size: int) -> np.ndarray:
    """Draw names in the given proportions (integers), shape (size,)."""
    edges = np.cumsum(list(shares.values()))
    return np.array(list(shares))[np.searchsorted(edges, rng.integers(edges[-1], size=size), side="right")]


def invent(posts: int = 4000, seed: int = 1) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Invent posts, and say what was planted in each.

    Parameters
    ----------
    posts
        How many, reposts included.
    seed
        The same seed gives the same posts.

    Returns
    -------
    posts : DataFrame
        The columns of :data:`analysis.posts.COLUMNS`, ``created_at`` as text (ISO 8601, UTC), by time.
    truth : DataFrame
        A row a post, in the same order: ``post_id``, ``stance``; ``topic``, ``act``, ``place``, ``person``, which are
        "none" where nothing is told; ``family``, the phrase family that the text is from. A repost has its original's.
    """
    rng = np.random.default_rng(seed)
    times = draw_times(posts, rng)
    ids = [str(i) for i in give_ids(times, rng)]
    pen, kinds, langs = Pen(rng), draw(rng, KINDS, posts), draw(rng, LANGUAGES, posts)
    stances, acts = draw(rng, STANCES, posts), draw(rng, ACTS, posts)
    likes, reposts = heavy_tail(rng, posts, 1), heavy_tail(rng, posts, 0)
    rows, truths, authors = [], [], 0
    call = int(np.flatnonzero(times == CALL_MS)[0])
    for i in range(posts):
        kind = "original" if i <= call or i < 2 else str(kinds[i])
        planted = plan(pen, str(stances[i]), str(acts[i]), str(langs[i]))
        parent, root, lang = None, ids[i], str(langs[i])
        if kind != "original":
            target = call if pen.chance(4) else max(call, i - 1 - int(rng.integers(1, 400)) * int(rng.integers(1, 3)))
            while kind == "repost" and rows[target]["kind"] == "repost":
                target -= 1
            parent = ids[target]
            root = rows[target]["root_id"] if kind == "reply" else ids[i] if kind == "quote" else parent
        if kind == "repost":
            planted, lang = {**truths[target], "text": rows[target]["text"]}, rows[target]["lang"]
        if i == call:
            planted, lang = {**NOTHING, "stance": "action", "family": "the-call", "text": CALL}, "en"
        new = i == call or pen.chance(86) or authors == 0
        busy = 1 + authors // 50  # few write much
        author = authors if new else int(rng.integers(authors if pen.chance(60) else busy))
        authors += new
        text = planted.pop("text")
        if kind == "reply":
            text = f"@{rows[target]['author']} {text}"
        if kind == "quote":
            text = f"{text} https://link.example/{parent[-7:]}"
        rows.append(
            {"post_id": ids[i], "created_at": iso(times[i]), "platform": "twitter", "author": f"invented_{author:07d}"}
            | {"text": text, "lang": lang, "kind": kind, "parent_id": parent, "root_id": root}
        )
        truths.append({**planted, "post_id": ids[i]})
    table = pd.DataFrame(rows)
    counts = {k: table.loc[table["kind"] == k, "parent_id"].value_counts() for k in ("reply", "repost")}
    found = {k: table["post_id"].map(n).fillna(0).astype("int64") for k, n in counts.items()}
    table = table.assign(likes=likes, reposts=np.maximum(reposts, found["repost"]), replies=found["reply"])
    truth = pd.DataFrame(truths)[["post_id", "stance", "topic", "act", "place", "person", "family"]]
    return table, truth


NOTHING = {"topic": "none", "act": "none", "place": "none", "person": "none"}


def plan(pen: Pen, stance: str, act: str, lang: str) -> dict:
    """Decide what a post tells, and write it."""
    if lang != "en":
        tag = pen.pick(bank("other")["other_tag"][lang])
        body = pen.pick(bank("other")["other"][lang])
        told = "bare" if body.lower().startswith(ME_TOO) else "support"
        return {**NOTHING, "stance": told, "family": f"other-{lang}", "text": pen.dress(body, tag, link=30)}
    tag = pen.pick(pen.slots["tag"]["detail" if stance == "detail" else "any"])
    if stance != "detail":
        name = pen.pick(bank("other")["stance"][stance])
        body = pen.fill(pen.pick(bank("other")["stance"][stance][name]), act, "work", "boss")
        link, extra = (8, 8) if stance == "bare" else (LINKS.get(stance, 12), 34)
        return {**NOTHING, "stance": stance, "family": name, "text": pen.dress(body, tag, link=link, extra=extra)}
    topic = pen.pick(SETTING)
    place, people = SETTING[topic]
    place = pen.pick(pen.slots["place"]) if place is None or pen.chance(10) else place
    person = pen.pick(pen.slots["person"]) if pen.chance(10) else pen.pick(people)
    act = "online" if place == "online" else act
    name = pen.pick(bank("detail")["topic"][topic])
    body = pen.fill(pen.pick(bank("detail")["topic"][topic][name]), act, place, person)
    if pen.chance(15):
        body += ". " + pen.fill(pen.pick(bank("detail")["closing"]), act, place, person)
    told = {"stance": stance, "topic": topic, "act": act, "place": place, "person": person, "family": name}
    return {**told, "text": pen.dress(body, tag, link=8)}


def heavy_tail(rng: np.random.Generator, size: int, offset: int) -> np.ndarray:
    """Draw counts of which a tenth exceeds about 8 and a hundredth about 90, shape (size,), int64."""
    return 100_000 // rng.integers(1, 100_000, size=size) * 9 // 10 - 1 + offset


def iso(milliseconds: int) -> str:
    """Write a time as ISO 8601 in UTC, to the millisecond.

    Examples
    --------
    >>> iso(1_508_098_871_000)
    '2017-10-15T20:21:11.000Z'
    """
    return f"{np.datetime64(int(milliseconds), 'ms')}Z"
