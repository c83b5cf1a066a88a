"""When the invented posts are written: the real curve, or a curve whose parameters are planted.

Only the default curve is whole-number arithmetic, and so the same on every machine: the hours of a planted one, and the
delays of posts that spark posts, come from exponentials and powers in floating point, whose last digit may differ.
"""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import factorial, isfinite
from numbers import Real

import numpy as np

from analysis.schema import InputError
from analysis.synthetic.draws import below, chosen

START = "2017-10-15"
HOUR = 3_600_000  # milliseconds
CALL = 73_271_000  # the call after the start of the first day: 20:21:11 UTC
LONGEST = 24 * 36_500  # hours
CALM = 25_000  # posts on a day without an event after the first month: the median of 15 to 30 November was 25,223


@dataclass(frozen=True)
class Curve:
    """The shape of the volume over time; without arguments, the real one.

    Attributes
    ----------
    growth
        Rate of growth per hour (0.7 doubles in 1 hour) from the call until `climb` hours after it.
    climb
        Hours from the call to the peak.
    decay
        Exponent of the power law of the hours after the peak.
    half_life
        Hours in which the volume halves after the peak, instead of a power law.
    branching
        Mean number of further posts that each post sparks (0 to below 1), on top of the curve.
    memory
        Mean delay of a sparked post, in hours.

    Raises
    ------
    InputError
        If a value is no finite number, or out of its range.
    """

    growth: float | None = None
    climb: int = 6
    decay: float | None = None
    half_life: float | None = None
    branching: float = 0.0
    memory: float = 2.0

    def __post_init__(self):
        for name in ("growth", "climb", "decay", "half_life", "branching", "memory"):
            value = getattr(self, name)
            if value is None and name in ("growth", "decay", "half_life"):
                continue
            if not isinstance(value, Real) or not isfinite(value) or abs(value) > LONGEST:
                raise InputError(f"{name} is {value!r}; it has to be a number, and below {LONGEST:,}")
        if self.decay is not None and self.half_life is not None:
            raise InputError("the volume falls by a decay exponent or by a half-life; give one of them")
        if not 0 <= self.branching < 1:
            raise InputError(f"branching is {self.branching}; it has to be from 0 to below 1, or the posts never end")
        for name in ("growth", "decay", "half_life"):
            if getattr(self, name) is not None and getattr(self, name) <= 0:
                raise InputError(f"{name} is {getattr(self, name)}; it has to be above 0")
        if self.memory <= 0 or self.climb < 1:
            raise InputError("memory has to be above 0 hours and climb 1 hour or more")

    @property
    def real(self) -> bool:
        """Whether the volume follows the real curve."""
        return self.growth is None and self.decay is None and self.half_life is None

    def planted(self) -> dict:
        """Name what was planted, for the record."""
        names = ("growth", "climb", "decay", "half_life") if not self.real else ()
        names += ("branching", "memory") if self.branching else ()
        return {"curve": "real" if self.real else "planted"} | {
            name: getattr(self, name) for name in names if getattr(self, name) is not None
        }


@cache
def published(figure: str) -> dict:
    """Read one figure of ``curve.csv``: day or hour, as text -> posts. It is shared: do not change it.

    "posts_a_day" (31 days from 15 October 2017), "posts_an_hour" (the 48 hours of the first two of them, UTC) or
    "rhythm" (the 24 hours of a day, UTC).
    """
    with (files("analysis.synthetic") / "curve.csv").open(encoding="utf-8") as lines:
        return {row["key"]: int(row["value"]) for row in csv.DictReader(lines) if row["figure"] == figure}


def real_weights(days: int, bursts: tuple = ()) -> np.ndarray:
    """Weigh each hour by the real curve, in whole numbers, shape (24 * days,), int64.

    Days weigh what the published daily counts say; on the first two days the hours follow the ids of another collection
    (that both had the same hours is an assumption), after them its mean daily rhythm. From day 32 on
    there are no daily figures in here: a calm level, and `bursts`.
    """
    known = list(published("posts_a_day").values())
    volume = np.full(days, CALM, dtype="int64")
    volume[: len(known)] = known[:days]
    for day, added in bursts:
        for later in range(max(day, len(known)), min(days, day + 10)):
            volume[later] += int(added) >> (later - day)
    first, rhythm = list(published("posts_an_hour").values()), list(published("rhythm").values())
    shares = np.array((first + rhythm * days)[: 24 * days], dtype="int64").reshape(days, 24)
    return (volume[:, None] * 1_000 * shares // shares.sum(axis=1, keepdims=True)).ravel()


def planted_weights(curve: Curve, days: int) -> np.ndarray:
    """Weigh each hour by a planted curve, in whole numbers, shape (24 * days,).

    About a billion at the peak; 0 for hours whose middle lies before the call. Growth is 0.7 and decay 1 where not set.
    """
    hour = np.arange(24 * days, dtype="float64") + 0.5 - CALL / HOUR
    growth = 0.7 if curve.growth is None else curve.growth
    climb = np.exp(growth * (np.minimum(hour, curve.climb) - curve.climb))
    after = np.maximum(hour - curve.climb, 0)
    if curve.half_life is not None:
        fall = 2.0 ** (-after / curve.half_life)
    else:
        fall = (1 + after) ** -(1.0 if curve.decay is None else curve.decay)
    weights = np.where(hour < 0, 0, np.rint(1e9 * climb * fall)).astype("int64")
    if not weights.any():
        raise InputError(
            f"the curve peaks {curve.climb} hours after the call, beyond {days} days; give it a lower climb"
        )
    return weights


def times(posts: int, seed: int, curve: Curve, days: int, bursts: tuple = ()) -> tuple[np.ndarray, np.ndarray]:
    """Draw the times of the authored posts, one of which is the call's own; for `bursts` see :func:`real_weights`.

    Returns
    -------
    times : ndarray of int64, shape (posts,)
        Milliseconds since the start of the first day, ascending.
    sparked_by : ndarray of int64, shape (posts,)
        Position of the post that sparked this one, -1 for none; a branching curve alone has others than -1.
    """
    weights = real_weights(days, bursts) if curve.real else planted_weights(curve, days)
    index = np.arange(posts - 1)
    drawn = chosen(weights, seed, "hour", index) * HOUR + below(HOUR, seed, "within the hour", index)
    drawn = np.append(drawn, CALL)
    parent = np.full(posts, -1)
    if curve.branching:
        drawn, parent = sparked(drawn, seed, curve, days)
    order = np.argsort(drawn, kind="stable")
    place = np.empty_like(order)
    place[order] = np.arange(posts)
    parent = np.where(parent >= 0, place[parent], -1)[order]
    return drawn[order], parent


def sparked(times: np.ndarray, seed: int, curve: Curve, days: int) -> tuple[np.ndarray, np.ndarray]:
    """Let posts spark posts, generation by generation (a Hawkes process with an exponential kernel).

    Whole families of posts are kept until there are as many posts as came in; the first family is the call's, which
    comes last in `times`. The parents are positions in the returned times, -1 for a post that nothing sparked. Hawkes &
    Oakes 1974, A cluster process representation of a self-exciting process, J. Appl. Prob. 11.
    """
    chances = np.cumsum([np.exp(-curve.branching) * curve.branching**k / factorial(k) for k in range(30)])
    steps = np.rint(chances * 2**31).astype("int64")
    delays = np.rint(-np.log1p(-(np.arange(4096) + 0.5) / 4096) * curve.memory * HOUR).astype("int64")
    born, parent, family = [times[::-1]], [np.full(times.size, -1)], [np.arange(times.size)]
    first, count = 0, times.size
    while born[-1].size:
        index = first + np.arange(born[-1].size)
        children = np.searchsorted(steps, below(2**31, seed, "children", index), side="right")
        who = np.repeat(np.arange(born[-1].size), children)
        later = born[-1][who] + delays[below(4096, seed, "delay", count + np.arange(who.size))]
        inside = later < days * 24 * HOUR
        born.append(later[inside])
        parent.append((first + who)[inside])
        family.append(family[-1][who][inside])
        first, count = count, count + int(inside.sum())
    born, parent, family = map(np.concatenate, (born, parent, family))
    kept = np.sort(np.argsort(family, kind="stable")[: times.size])
    place = np.full(born.size, -1)
    place[kept] = np.arange(times.size)
    parent = np.where(parent[kept] >= 0, place[parent[kept]], -1)
    return born[kept], parent
