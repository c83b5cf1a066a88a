"""When the invented posts are written, and the ids that carry those times."""

import numpy as np

EPOCH_MS = 1_288_834_974_657
START_MS = 1_508_025_600_000  # 2017-10-15 00:00 UTC
CALL_MS = 1_508_098_871_000  # 2017-10-15 20:21:11 UTC
HOUR_MS = 3_600_000
# Posts by hour of the day (UTC), relative to 100: few while the Americas sleep.
RHYTHM = np.array(
    [120, 125, 125, 115, 95, 75, 60, 50, 48, 50, 58, 70, 85, 100, 110, 118, 122, 125, 125, 122, 120, 120, 118, 118]
)


def hourly_weights(days: int = 31) -> np.ndarray:
    """Relative number of posts in each hour from 2017-10-15 00:00 UTC on, as integers.

    A trickle before the call (hour 20), near-doubling each hour up to hour 26 (02:00 on 16 October), then a decay with
    the power -1.5 of the hours since (16 hours added), times a daily rhythm.

    Parameters
    ----------
    days
        Length of the span in days.

    Returns
    -------
    ndarray of int64, shape (24 * days,)

    Examples
    --------
    >>> int(hourly_weights().argmax())
    26
    """
    hours = np.arange(24 * days)
    decay = 500_000 / (1 + np.maximum(hours - 26, 0) / 16) ** 1.5 * (RHYTHM[hours % 24] / 125)
    climb = 500_000 / 1.9 ** np.maximum(26 - hours, 0)
    weights = np.where(hours < 26, np.where(hours < 20, 900, climb), decay)
    return np.maximum(weights.round().astype("int64"), 1)


def draw_times(posts: int, rng: np.random.Generator, days: int = 31) -> np.ndarray:
    """Draw sorted times in milliseconds since 1970, the first after the trickle being the call's own.

    Parameters
    ----------
    posts
        How many; at least 2.
    rng
        Source of the integer draws.
    days
        Length of the span in days.

    Returns
    -------
    ndarray of int64, shape (posts,)
    """
    edges = np.cumsum(hourly_weights(days))
    hour = np.searchsorted(edges, rng.integers(edges[-1], size=posts - 1), side="right")
    times = START_MS + hour * HOUR_MS + rng.integers(HOUR_MS, size=posts - 1)
    return np.sort(np.append(times, CALL_MS), kind="stable")


def give_ids(times: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Make ids that carry their time as Twitter's do: milliseconds above bit 22, worker 0, then a sequence number.

    Parameters
    ----------
    times
        Sorted milliseconds since 1970, shape (n,).
    rng
        Source of the sequence numbers.

    Returns
    -------
    ndarray of int64, shape (n,)
        Unique; bits 12 to 21, which hold the number of the machine in a real id, are all zero.
    """
    sequence = rng.integers(2_048, size=times.size)
    again = np.flatnonzero(np.diff(times) == 0) + 1
    for i in again:  # same millisecond as the post before: the next number
        sequence[i] = sequence[i - 1] + 1
    return (times - EPOCH_MS) * 2**22 + sequence
