"""What is planted: every post's kind, platform, language, stance and story, before a word of it is written."""

import numpy as np
import pandas as pd

from analysis.synthetic import threads
from analysis.synthetic.bank import Bank
from analysis.synthetic.clock import CALL, START, Curve, times
from analysis.synthetic.draws import below, chosen, chosen_by
from analysis.synthetic.reach import counts

STANCES = (
    "bare", "detail", "support", "support_men", "doubt", "opposition", "action", "accusation", "news", "humour_spam",
    "unrelated",
)  # fmt: skip
PLATFORMS = ("twitter", "instagram", "facebook")
ACCOUNTS = ("person", "bot")
# Per mille unless said otherwise. Sources: data/calibration.csv.
SHARES = {
    "kind": (752, 158, 90),  # original, reply, quote
    "platform": (912, 56, 32),  # of the originals
    "threads": {"call": 126, "new": 880, "again": 700, "deep": 450},
    "authors": {"new": 630, "again": 260, "bot_new": 130},
    "bots": {"humour_spam": 550, "news": 90},
    "odds_of_detail": (
        5,
        4,
    ),  # each disclosure seen earlier in the conversation multiplies the odds of detail by 5/4 ...
    "most_seen": 6,  # ... up to so many
    "reply_in_the_same_language": 920,
    "mention_in_reply": 760,
    "mention_elsewhere": 42,
}
NONE = -1
COPIES = 2**40  # index of the first text that many posts share
PEOPLE = 2**39  # index of the first author's life
# Headlines and advertisements are posted again and again, word for word: per cent of a stance's posts that copy one,
# and how many posts pass before a new one comes up.
COPIED = {"news": (68, 350), "humour_spam": (60, 900), "action": (24, 1_500)}


def plan_posts(posts: int, seed: int, bank: Bank, *, days: int, curve: Curve, bursts=(), stances=None) -> pd.DataFrame:
    """Plan the authored posts.

    A row a post, by time. ``time`` is in milliseconds since the start; ``parent``, ``root``, ``sparked_by``, ``author``
    are positions or numbers (-1: none). The other columns are codes: positions in ``KINDS``, ``PLATFORMS``, ``STANCES``
    and the theme's own lists, -1 where a post tells nothing. `stances` (per cent) take the place of the theme's table.
    """
    index = np.arange(posts)
    time, sparked_by = times(posts, seed, curve, days, bursts)
    call = int(np.flatnonzero(time == CALL)[0])
    kind = np.where(index <= max(call, 0), threads.ORIGINAL, chosen(SHARES["kind"], seed, "kind", index))
    kind[:1] = threads.ORIGINAL
    platform = np.where(kind == threads.ORIGINAL, chosen(SHARES["platform"], seed, "platform", index), 0)
    platform[[0, call]] = 0
    answerable = np.where(platform == 0, kind, -1)
    parent, root = threads.threads(time, answerable, call, seed, SHARES["threads"])
    part = _part(bank, time)
    lang = _languages(bank, part, kind, root, seed, call)
    stance, linked = _stances(bank, part, lang, root, call, seed, stances)
    bots = np.array([SHARES["bots"].get(name, 0) for name in STANCES])
    automated = (below(1_000, seed, "automated", index) < bots[stance]) & (kind == threads.ORIGINAL) & (index != call)
    author, count = threads.authors(automated, call, seed, SHARES["authors"])
    copy_group = _copy_groups(stance, kind, lang == languages(bank).index("en"), index, seed)
    # A person's posts tell of one life; an automated account has none, so each of its posts draws its own words.
    life = np.where(automated, index, author + PEOPLE)
    told = _stories(bank, stance, lang, np.where(copy_group >= 0, copy_group + COPIES, life), seed)
    likes, reposts = (counts(column, seed, name, index) for column, name in ((1, "likes"), (2, "reposts")))
    likes[call], reposts[call] = max(likes[call], posts), max(reposts[call], posts // 3)
    deleted = below(100, seed, "deleted", index) < np.array([bank.theme["deleted"][name] for name in STANCES])[stance]
    table = {"time": time, "sparked_by": sparked_by, "kind": kind, "platform": platform, "parent": parent, "root": root}
    table |= {"lang": lang, "stance": stance, "seen": _seen(stance, root), "linked": linked, "account": automated}
    table |= {"copy_group": copy_group, "mention": _mentions(kind, parent, author, count, seed)}
    table |= {"author": author, "likes": likes, "reposts": reposts, "deleted": deleted & (index != call), **told}
    table |= {"is_call": index == call}
    return pd.DataFrame(
        {name: np.asarray(v).astype("int64" if name == "time" else "int32") for name, v in table.items()}, copy=False
    )


def languages(bank: Bank) -> list:
    """Return the codes of the languages: those that have phrases, and "und" for posts without words."""
    return [name for name in bank.theme["language"] if name in ("en", "und") or name in bank.languages]


def _part(bank, time):
    """Which part of the month a post is from."""
    start = pd.Timestamp(START)
    ends = [(pd.Timestamp(end) - start) // pd.Timedelta(milliseconds=1) for end in bank.theme["parts"]["ends"]]
    return np.searchsorted(ends, time, side="right")


def _languages(bank, part, kind, root, seed, call):
    """Draw languages: by part of the month; most replies are in the language of what they answer."""
    index = np.arange(part.size)
    names = languages(bank)
    table = np.array([bank.theme["language"][name] for name in names]).T
    lang = chosen_by(table, part, seed, "language", index)
    lang[call] = names.index("en")
    same = (kind == threads.REPLY) & (lang[root] != names.index("und"))
    same &= below(1_000, seed, "same language", index) < SHARES["reply_in_the_same_language"]
    return np.where(same, lang[root], lang)


def _stances(bank, part, lang, root, call, seed, stances):
    """Draw stances, and whether a post without words has a link; more disclosures seen, more that tell details."""
    index = np.arange(part.size)
    table = np.array([bank.theme["stance"][name] for name in STANCES]).T
    if stances is not None:
        table = np.array([[round(1_000 * stances.get(name, 0)) for name in STANCES]] * len(table))
    stance = chosen_by(table, part, seed, "stance", index)
    wordless = lang == languages(bank).index("und")
    untold = bank.theme["untold"]
    linked = below(100, seed, "link without words", index) < untold["share_with_link"]
    for name, rows in (("with_link", wordless & linked), ("tag_only", wordless & ~linked)):
        weights = [untold[name].get(stance_name, 0) for stance_name in STANCES]
        stance[rows] = chosen(weights, seed, "stance without words", index[rows])
    stance[call] = STANCES.index("action")
    discloses = np.isin(stance, (0, 1)) & ~wordless
    seen = np.minimum(_seen(stance, root), SHARES["most_seen"])
    up, down = SHARES["odds_of_detail"]
    bare, detail = table[part, 0] * down**seen, table[part, 1] * up**seen
    total = np.maximum(bare + detail, 1)
    tells = below(2**20, seed, "detail or not", index) * total < detail * 2**20
    return np.where(discloses, tells.astype("int64"), stance), linked.astype("int64")


def _seen(stance, root):
    """Count the disclosures, bare or with detail, that stand earlier in the same conversation."""
    disclosure = np.isin(stance, (0, 1)).astype("int64")
    order = np.argsort(root, kind="stable")
    running = np.cumsum(disclosure[order]) - disclosure[order]
    opens = np.append(True, np.diff(root[order]) != 0)
    base = np.maximum.accumulate(np.where(opens, running, 0))
    seen = np.empty_like(running)
    seen[order] = running - base
    return seen


def _copy_groups(stance, kind, english, index, seed):
    """Give numbers to the texts that are copied: -1 for a post with a text of its own."""
    copy_group = np.full(index.size, NONE)
    for name, (percent, spacing) in COPIED.items():
        rows = (stance == STANCES.index(name)) & english & (kind == threads.ORIGINAL)
        rows &= below(100, seed, f"{name}: copied", index) < percent
        number = index // spacing + 14 - below(15, seed, f"{name}: which", index)
        copy_group = np.where(rows, number * len(STANCES) + STANCES.index(name), copy_group)
    return copy_group


def _mentions(kind, parent, author, count, seed):
    """Draw whom a post mentions: mostly the author it answers; -1 for nobody."""
    index = np.arange(kind.size)
    lot = below(1_000, seed, "mention", index)
    reply = (kind == threads.REPLY) & (lot < SHARES["mention_in_reply"])
    other = (kind != threads.REPLY) & (lot < SHARES["mention_elsewhere"])
    someone = below(count, seed, "whom to mention", index)
    return np.where(reply, author[np.maximum(parent, 0)], np.where(other, someone, NONE))


def _stories(bank, stance, lang, index, seed):
    """Draw what a disclosure with detail tells: topic, act, place, person, when in life, whether told, how often."""
    theme, english = bank.theme, lang == languages(bank).index("en")
    tells = (stance == STANCES.index("detail")) & english
    topics, places = list(theme["topic"]), theme["place"]["codes"]
    topic = chosen(list(theme["topic"].values()), seed, "topic", index)
    found = {"topic": topic}
    found["place"] = _by(theme["place"], topics, topic, index, seed, "place")
    found["act"] = _by(theme["act"], places, found["place"], index, seed, "act")
    found["person"] = _by(theme["person"], places, found["place"], index, seed, "person")
    found["life"] = _grown(
        theme, found["place"], _by(theme["life"], theme["person"]["codes"], found["person"], index, seed, "life")
    )
    found["told"] = _by(theme["told"], topics, topic, index, seed, "told")
    found["often"] = _by(theme["often"], topics, topic, index, seed, "often")
    named = {f"{name}_named": found[name] for name in ("place", "person", "life")}
    found["act"], named["act_named"] = _spared(theme, found["act"], found["life"])
    # Posts of other stances may name an act, a place or a person too; what they name is no disclosure and no truth.
    return {name: np.where(tells, code, NONE) for name, code in found.items()} | named


def _grown(theme, place, life):
    """Turn children into teenagers in the places where nobody tells of being a child."""
    if "grown" not in theme:
        return life
    places = [theme["place"]["codes"].index(name) for name in theme["grown"]["places"]]
    child, teen = (theme["life"]["codes"].index(name) for name in ("child", "teen"))
    return np.where(np.isin(place, places) & (life == child), teen, life)


def _spared(theme, act, life):
    """Name some acts by a list of their own where a child tells, and plant the last as the one before: acts, lists."""
    if "child" not in theme:
        return act, act
    acts = [theme["act"]["codes"].index(name) for name in theme["child"]["acts"]]
    child = np.isin(act, acts) & (life == theme["life"]["codes"].index("child"))
    planted = np.where(child & (act == acts[-1]), acts[-2], act)
    return planted, np.where(child, len(theme["act"]["codes"]), act)


def _by(table, names, row, index, seed, name):
    """Draw codes from the rows of one of the theme's tables; "other" stands for the rows it does not have."""
    weights = np.array([table[n] if n in table else table["other"] for n in names])
    return chosen_by(weights, row, seed, name, index)
