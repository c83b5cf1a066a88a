"""Integer draws that depend on nothing but a seed, a name and an index.

Every choice of the generator is a draw made here, by integer arithmetic alone: no state is carried from one draw to the
next, so that any row can be made alone, in any order, in any process, and comes out the same.
"""

from functools import cache
from zlib import crc32

import numpy as np

GOLDEN = 0x9E3779B97F4A7C15
MASK = 2**64 - 1


def mix(words: np.ndarray) -> np.ndarray:
    """Stir 64-bit words so that counting up gives numbers that look random (SplitMix64).

    Steele, Lea & Flood 2014, Fast splittable pseudorandom number generators, OOPSLA.

    Examples
    --------
    >>> mix(np.array([GOLDEN], dtype="uint64"))[0] == np.uint64(0xE220A8397B1DCDAF)
    np.True_
    """
    words = (words ^ (words >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    words = (words ^ (words >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return words ^ (words >> np.uint64(31))


@cache
def key(seed: int, name: str) -> int:
    """Return the 64-bit key of a stream of draws, from the seed (from 0 on) and the name of what is drawn."""
    start = np.array([(seed * GOLDEN + crc32(name.encode())) & MASK], dtype="uint64")
    return int(mix(mix(start))[0])


def bits(seed: int, name: str, index: np.ndarray) -> np.ndarray:
    """Draw 64 random bits for each index (whole numbers from 0 on, any shape); another name gives other draws."""
    steps = (np.asarray(index).astype("uint64") + np.uint64(1)) * np.uint64(GOLDEN)
    return mix(steps + np.uint64(key(seed, name)))


def below(limit: int | np.ndarray, seed: int, name: str, index: np.ndarray) -> np.ndarray:
    """Draw a whole number from 0 to below a limit (1 to 2**31; one for all, or one for each) for each index."""
    return ((bits(seed, name, index) >> np.uint64(32)) * np.asarray(limit).astype("uint64") >> np.uint64(32)).astype(
        "int64"
    )


def chosen(weights, seed: int, name: str, index: np.ndarray) -> np.ndarray:
    """Draw positions in a list of whole-number weights, one for each index, in proportion to the weights."""
    edges = np.cumsum(np.asarray(weights, dtype="int64"))
    if edges[-1] < 2**31:
        return np.searchsorted(edges, below(int(edges[-1]), seed, name, index), side="right")
    return np.searchsorted(edges, (bits(seed, name, index) >> np.uint64(1)).astype("int64") % edges[-1], side="right")


def chosen_by(table: np.ndarray, row: np.ndarray, seed: int, name: str, index: np.ndarray) -> np.ndarray:
    """Draw positions in the rows of a table of weights: `row` says which row of the table each index draws from."""
    edges = np.cumsum(np.asarray(table, dtype="int64"), axis=1)
    draw = below(edges[row, -1], seed, name, index)
    return (draw[:, None] >= edges[row]).sum(axis=1)
