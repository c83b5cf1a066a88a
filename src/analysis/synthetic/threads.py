"""What posts answer, and who wrote them: trees of replies, quotes, and authors of whom a few write much."""

import numpy as np

from analysis.synthetic.draws import below

ORIGINAL, REPLY, QUOTE, REPOST = range(4)
KINDS = np.array(["original", "reply", "quote", "repost"])
# Delay of a reply, quote or repost after the post it is about: 1,024 equally likely delays in milliseconds, from 20
# seconds to 4 days; each is about 1 % longer than the one before (an assumption: no published figure).
DELAYS = np.array([20_000 * 10_095**k // 10_000**k for k in range(1_024)], dtype="int64")


def delay(seed: int, name: str, index: np.ndarray, first: np.ndarray | int = DELAYS.size) -> np.ndarray:
    """Draw delays in milliseconds, shape as `index`, int64, from as many of ``DELAYS`` as `first` says."""
    return DELAYS[below(first, seed, name, index)] + below(20_000, seed, name + ", to the millisecond", index)


def followed(links: np.ndarray) -> np.ndarray:
    """Follow links, each of which points at itself or at an earlier position, to their ends."""
    while True:
        further = links[links]
        if np.array_equal(further, links):
            return links
        links = further


def rich_get_richer(size: int, new: int, again: int, seed: int, name: str) -> np.ndarray:
    """Group items that arrive one by one: each starts a group or joins an earlier item's; give the starter's position.

    Of 1,000 items `new` start a group. Of 1,000 others `again` join the group of an earlier item which itself joined
    one, so that groups which grew once grow more: it makes more groups of one, and larger large ones, than Simon's
    process. Simon 1955, On a class of skew distribution functions, Biometrika 42.
    """
    index = np.arange(size)
    joins = below(1_000, seed, f"{name}: new", index) >= new
    joins[:1] = False
    joined_before = np.cumsum(joins) - joins
    joiners = np.flatnonzero(joins)
    any_earlier = below(np.maximum(index, 1), seed, f"{name}: whom", index)
    among = below(np.maximum(joined_before, 1), seed, f"{name}: whom again", index)
    repeat = (below(1_000, seed, f"{name}: again", index) < again) & (joined_before > 0)
    repeated = joiners[np.minimum(among, joiners.size - 1)] if joiners.size else index
    return followed(np.where(joins, np.where(repeat, repeated, any_earlier), index))


def threads(time: np.ndarray, kind: np.ndarray, call: int, seed: int, shares: dict) -> tuple[np.ndarray, np.ndarray]:
    """Say which post each reply and quote is about, and which post its conversation started with, as positions.

    The parent is -1 where there is none, and stands earlier; originals and quotes are their own root. What nobody can
    answer (posts elsewhere) is of kind -1; the first is no reply. `shares` are per mille: ``call`` of the replies that
    stand under the call, ``new`` of the others that open a conversation, ``again`` as in :func:`rich_get_richer`,
    ``deep`` of the replies that answer a reply instead of the root.
    """
    n = time.size
    parent, root = np.full(n, -1), np.arange(n)
    starts = np.where((kind == ORIGINAL) | (kind == QUOTE), np.arange(n), 0)
    latest = np.maximum.accumulate(starts)
    quotes = np.flatnonzero(kind == QUOTE)
    parent[quotes] = latest[before(time, quotes, call, seed, "quote")]
    replies = np.flatnonzero(kind == REPLY)
    under_call = (below(1_000, seed, "under the call", replies) < shares["call"]) & (replies > call)
    mine, others = replies[under_call], replies[~under_call]
    first = rich_get_richer(others.size, shares["new"], shares["again"], seed, "conversation")
    root[others] = latest[before(time, others[first], call, seed, "reply")]
    root[mine] = call
    group = np.append(first + 1, np.zeros(mine.size, dtype="int64"))
    members = np.append(others, mine)
    order = np.lexsort((members, group))
    members, group = members[order], group[order]
    start = np.maximum.accumulate(np.where(np.append(True, np.diff(group) != 0), np.arange(members.size), 0))
    rank = np.arange(members.size) - start
    deep = (below(1_000, seed, "deep", members) < shares["deep"]) & (rank > 0)
    target = start + below(np.maximum(rank, 1), seed, "which reply", members)
    parent[members] = np.where(deep, members[target], root[members])
    return parent, root


def before(time: np.ndarray, posts: np.ndarray, call: int, seed: int, name: str) -> np.ndarray:
    """Find the post that was the latest some delay before each of `posts`: positions, shape as `posts`.

    Delays are drawn among those that fit between the call and the post, so that what is written soon after the call
    is about posts since then, and not all about the first post of all.
    """
    room = np.maximum(time[posts] - time[call], 0)
    fitting = np.clip(np.searchsorted(DELAYS, room, side="right"), 1, DELAYS.size)
    back = np.minimum(delay(seed, f"{name}: delay", posts, fitting), room)
    return np.searchsorted(time, time[posts] - back, side="right") - 1


def authors(automated: np.ndarray, call: int, seed: int, shares: dict) -> tuple[np.ndarray, int]:
    """Give numbers to the authors, from 0 on in the order of their first posts, and say how many there are.

    The author of the call writes nothing else. `shares` are per mille: ``new`` and ``again`` as in
    :func:`rich_get_richer`, and ``bot_new`` of the automated posts that are an account's first.
    """
    n = automated.size
    person = ~automated
    person[call] = False
    people, bots = np.flatnonzero(person), np.flatnonzero(automated)
    author = np.arange(n)
    author[people] = people[rich_get_richer(people.size, shares["new"], shares["again"], seed, "author")]
    author[bots] = bots[rich_get_richer(bots.size, shares["bot_new"], 0, seed, "bot")]
    firsts, author = np.unique(author, return_inverse=True)
    return author, firsts.size
