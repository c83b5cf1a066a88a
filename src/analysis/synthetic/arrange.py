"""Arrange the corpus: plan the posts, add the reposts, bring them in order and give them ids."""

from collections.abc import Mapping
from math import isfinite
from numbers import Real

import numpy as np
import pandas as pd

from analysis.schema import InputError
from analysis.synthetic import bank as phrases
from analysis.synthetic.clock import CALL, START, Curve
from analysis.synthetic.draws import below
from analysis.synthetic.plan import PLATFORMS, STANCES, plan_posts
from analysis.synthetic.reach import reposts
from analysis.synthetic.threads import REPLY, REPOST

EPOCH = 1_288_834_974_657  # milliseconds from 1970 to the first moment that a Twitter id can carry
DAY = 86_400_000
GONE = 33  # per cent of the reposts that are deleted later (an assumption)
LAST = EPOCH + 2**41  # the first moment that is too late for a Twitter id, in July 2080
MOST = {"posts": 100_000_000, "days": 36_500}
PER_ORIGINAL = 23  # tenths: reposts for each original, before thinning


def check_whole(name, value, least):
    """Refuse what is no whole number from `least` to the most of this name."""
    most = MOST.get(name)
    if not isinstance(value, int | np.integer) or isinstance(value, bool) or value < least or value > (most or value):
        bounds = f"{least} or more" if most is None else f"from {least} to {most}"
        raise InputError(f"{name} is {value!r}; it has to be a whole number, {bounds}")


def check_settings(posts, seed, start, days, theme, thin, stances):
    """Refuse what contradicts itself, in one line; return the first moment, in milliseconds since 1970."""
    for name, value, least in (("posts", posts, 1), ("days", days, 1), ("thin", thin, 1), ("seed", seed, 0)):
        check_whole(name, value, least)
    day = _day(start)
    if not pd.Timestamp("2010-11-05") <= day < pd.Timestamp(LAST, unit="ms"):
        raise InputError(f"start is {day.date()}; ids carry their time from 2010-11-05 to July 2080 only")
    first = int((day - pd.Timestamp("1970-01-01")) // pd.Timedelta(milliseconds=1))
    if first + int(days) * DAY > LAST:
        raise InputError(f"{days} days from {day.date()} end after July 2080, and ids carry no later time; take fewer")
    if stances is not None and (fault := _fault(stances)):
        raise InputError(f"{fault}; give shares from 0 up that make 100, of {', '.join(STANCES)}")
    if theme not in (folder.name for folder in phrases.FOLDER.iterdir()):
        raise InputError(f"there is no theme {theme!r}; known are metoo and neutral")
    return first


def _day(start):
    """Read the first day."""
    try:
        day = pd.Timestamp(start)
        if pd.isna(day):
            raise ValueError(start)
        return day.tz_localize(None).normalize()
    except (ValueError, TypeError, OverflowError):
        raise InputError(f"start is {start!r}; write it as {START}") from None


def _fault(stances):
    """Say what is wrong with the shares of the stances; nothing where they are right."""
    if not isinstance(stances, Mapping):
        return f"stances are {stances!r}"
    unknown = sorted(str(name) for name in stances if name not in STANCES)
    if unknown:
        return f"no stance is called {unknown[0]}"
    for name, share in stances.items():
        if not isinstance(share, Real) or not isfinite(share) or share < 0:
            return f"the share of {name} is {share!r}"
    total = sum(stances.values())
    return f"the shares add up to {total:g}" if abs(total - 100) > 0.05 else ""


def arrange_posts(posts, seed, start, days, theme, thin, curve, stances):
    """Plan the authored posts, add the reposts, bring all in order and give them ids; arguments as for ``invent``.

    Gives a row a post, by time: codes of ``plan_posts``, ids, and what the texts need of the original where a post is a
    repost; and the settings, for the record.
    """
    first = check_settings(posts, seed, start, days, theme, thin, stances)
    curve = curve or Curve()
    bank = phrases.load(theme)
    bursts = _bursts(start, days) if curve.real else ()
    table = plan_posts(posts, seed, bank, days=days, curve=curve, bursts=bursts, stances=stances)
    wanted = int((table["kind"] == 0).sum()) * PER_ORIGINAL // (10 * thin)
    popular = np.where((table["kind"] != REPLY) & (table["platform"] == 0), table["reposts"], 0)
    wanted = wanted if popular.any() else 0
    table = table.assign(
        source=np.arange(posts),
        register=below(100, seed, "register", table["author"]),
        written=table["kind"],
        written_at=table["time"],
    )
    source, again = reposts(table["time"].to_numpy(), popular, wanted, days * DAY, CALL, seed)
    again = {"time": again, "kind": REPOST, "parent": source, "author": _reposters(table["author"], wanted, seed)}
    again["deleted"] = below(100, seed, "repost deleted", np.arange(wanted)) < GONE
    rows = pd.concat([table, table.iloc[source].assign(**again).astype(table.dtypes)], ignore_index=True)
    order = np.lexsort((rows.index, 2 - rows["platform"], rows["time"]))
    rows = rows.iloc[order].reset_index(drop=True).assign(post_id=lambda t: _ids(t, first, seed))
    place = np.empty(len(rows), dtype="int64")
    place[order] = np.arange(len(rows))
    rows = rows.assign(
        parent_id=rows["post_id"].to_numpy()[place[rows["parent"]]],
        root_id=rows["post_id"].to_numpy()[place[rows["root"]]],
        reposts=np.maximum(rows["reposts"], np.bincount(source, minlength=posts)[rows["source"]]),
        replies=np.bincount(table.loc[table["kind"] == REPLY, "parent"], minlength=posts)[rows["source"]],
        moment=rows["time"] + first,
    )
    if curve.branching:
        sparks = rows["post_id"].to_numpy()[place[rows["sparked_by"]]]
        rows["sparked"] = np.where(rows["sparked_by"] >= 0, sparks, "none")
    rows["parent_id"] = rows["parent_id"].where(rows["parent"] >= 0)
    rows = rows.drop(columns=["parent", "root", "sparked_by", "time"])
    settings = {"posts": posts, "seed": seed, "start": start, "days": days, "theme": theme, "thin": thin}
    settings["bursts"] = len(bursts) or "none"
    return rows, settings | curve.planted() | {f"stance_{name}": share for name, share in (stances or {}).items()}


def _bursts(start, days):
    """Read the bursts that events brought after the first month, as (day, posts added); none from another first day."""
    if days <= 31 or _day(start) != pd.Timestamp(START):
        return ()
    from analysis.schema import find_root

    events = pd.read_csv(find_root() / "data" / "events.csv").dropna(subset=["added"])
    day = (pd.to_datetime(events["date"]) - pd.Timestamp(START)).dt.days
    pairs = zip(day.tolist(), events["added"].astype("int64").tolist(), strict=True)
    return tuple((day, added) for day, added in pairs if 31 <= day < days)


def _reposters(author, size, seed):
    """Draw who reposts: six in ten are accounts that write nothing themselves."""
    index, authors = np.arange(size), int(author.max()) + 1
    silent = authors + below(max(1, 3 * size // 4), seed, "silent reposter", index)
    return np.where(below(10, seed, "reposter", index) < 6, silent, below(authors, seed, "writing reposter", index))


def _ids(rows, first, seed):
    """Give ids: as Twitter's, with worker number 0, that grow with time; of other platforms invented- and a number."""
    time = rows["time"].to_numpy() + first
    index = np.arange(time.size)
    opens = np.append(True, np.diff(time) != 0)
    start = np.maximum.accumulate(np.where(opens, index, 0))
    sequence = below(3, seed, "sequence", start) + index - start
    twitter = pd.Series((time - EPOCH) * 2**22 + np.minimum(sequence, 4_095)).astype("str")
    other = rows["platform"] > 0
    named = [
        f"invented-{PLATFORMS[p]}-{n:0{16 - len(PLATFORMS[p])}d}" for n, p in enumerate(rows.loc[other, "platform"])
    ]
    twitter[other.to_numpy()] = named
    return twitter.to_numpy()
