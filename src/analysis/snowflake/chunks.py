"""Count whole numbers by steps, in chunks that fit the processor's cache, on two threads: the core of all counting."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext

import numpy as np

_CHUNK = 2**19


def tally(numbers, steps, low, size):
    """Count how many of some numbers fall into each step.

    Parameters
    ----------
    numbers : ndarray of int64
    steps : callable
        Takes an array of numbers and gives the step of each (int64). It must not change what it is given.
    low, size : int
        The first step, and how many there are; each number's step must lie among them.

    Returns
    -------
    ndarray of int64, shape (size,)

    Examples
    --------
    >>> tally(np.array([61, 7, 125, 62]), lambda numbers: numbers // 60, low=0, size=3)
    array([1, 2, 1])
    """

    def count(chunk):
        found = steps(chunk)
        start = found.min()
        return int(start), np.bincount(found - start)

    total = np.zeros(size, dtype=np.int64)
    width = max(_CHUNK, size)
    chunks = [numbers[at : at + width] for at in range(0, len(numbers), width)]
    with ThreadPoolExecutor(2) if len(chunks) > 1 else nullcontext() as pool:
        for start, part in (pool.map if pool else map)(count, chunks):
            total[start - low : start - low + len(part)] += part
    return total
