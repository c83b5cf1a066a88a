"""From short posts to the words that can carry a topic, fast.

What a word is, NLTK's ``TweetTokenizer`` says (handles taken out, lengthened letters cut to three, lower case). Called
on whole posts it is slow; but apart from a telephone number none of its patterns reaches over a space, so it is asked
once for each run of characters between spaces, and remembered. ``tests/test_topics_prepare.py`` holds the two equal.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import count

import numpy as np
import pandas as pd
import regex

# Words without a subject of their own that scikit-learn's English list of stop words lacks.
_MORE = """
did does doing didn't doesn't don't isn't wasn't aren't weren't won't wouldn't couldn't shouldn't can't hasn't haven't
hadn't ain't i'm i've i'd i'll you're you've you'll he's he'd she's she'd it's that's there's they're we're we've
they've what's who's let's im ive dont didnt just yes ok oh rt amp metoo
"""
_MASK = regex.compile(r"\[(?:mention|link|mail|number)\]")
_WORD = regex.compile(r"[\p{L}\p{M}][\p{L}\p{M}\p{N}_'-]*+")
_TELEPHONE = regex.compile(r"\d[*.)-]*+ [ *.(-]*+\d")  # the one thing that may reach over a space
# What is seen to hold no word, or just one, without asking NLTK.
_NO_WORD = regex.compile(r"(?:#[A-Za-z0-9]+|@[A-Za-z0-9_]{1,15}+[0-9]*+|https?://[A-Za-z0-9./]+)[.,!?:]*+")
_ONE_WORD = regex.compile(r"([A-Za-z]+)[.,!?]*+")
_THRICE = regex.compile(r"(.)\1{2,}")
_LONGEST = 100  # characters; what is longer between two spaces is no word
_AT_ONCE = 50_000  # texts that are cut at once


@dataclass(frozen=True)
class Bag:
    """Which words stand in which posts.

    Attributes
    ----------
    words : tuple of str
        All of them, sorted.
    starts : ndarray of int64, shape (posts + 1,)
        Where each post's words begin in `ids`.
    ids : ndarray of int32
        The words of all posts in the order of the text, as positions in `words`.
    """

    words: tuple[str, ...]
    starts: np.ndarray
    ids: np.ndarray

    def __len__(self) -> int:
        return len(self.starts) - 1

    @cached_property
    def table(self):
        """Which post holds which word: a sparse array of 0 and 1, shape (posts, words), made once."""
        from scipy.sparse import csr_array

        parts = (np.ones(len(self.ids)), self.ids.copy(), self.starts.copy())
        rows = csr_array(parts, shape=(len(self), len(self.words)))
        rows.sum_duplicates()
        rows.data[:] = 1
        return rows

    def take(self, rows: np.ndarray) -> Bag:
        """Give some of the posts, in the order of `rows`."""
        length = np.diff(self.starts)[rows]
        starts = np.r_[0, np.cumsum(length)]
        inside = np.arange(starts[-1]) - np.repeat(starts[:-1], length)
        return Bag(self.words, starts.astype(np.int64), self.ids[np.repeat(self.starts[:-1][rows], length) + inside])


def content_words(text: str) -> tuple[str, ...]:
    """Give the words of a text that can carry a topic: no tags, no stop words, no single letters, no numbers.

    Raises
    ------
    TypeError
        If it is no text.

    Examples
    --------
    >>> content_words("Me too. My boss didn't stop @someone #MeToo")
    ('boss', 'stop')
    >>> content_words("My co-worker&#39;s cat... sooooo loud!!! https://example.org/cat")
    ("co-worker's", 'cat', 'sooo', 'loud')
    """
    if not isinstance(text, str):
        raise TypeError(f"{text!r:.40} is a {type(text).__name__} and not a text: leave missing ones out first")
    return tuple(word for chunk in _chunks(text) for word in _words_of(chunk))


def bag(texts: Sequence[str]) -> Bag:
    """Take the content words out of many texts.

    Parameters
    ----------
    texts : sequence of str
        None may be missing.

    Returns
    -------
    Bag

    Examples
    --------
    >>> bag(["Bread and butter", "more butter!"]).words
    ('bread', 'butter')
    """
    from tqdm import tqdm

    place: dict[str, int] = {}
    parts, lengths = [np.zeros(0, dtype=np.int64)], [np.zeros(1, dtype=np.int64)]
    for begin in tqdm(range(0, len(texts), _AT_ONCE), "cutting into words", disable=None, delay=2):
        ids, length = _counted(texts[begin : begin + _AT_ONCE], place)
        parts.append(ids)
        lengths.append(length)
    ordered = sorted(place)
    new = np.empty(len(place), dtype=np.int32)
    new[[place[word] for word in ordered]] = np.arange(len(place), dtype=np.int32)
    return Bag(tuple(ordered), np.cumsum(np.concatenate(lengths)), new[np.concatenate(parts)])


def _counted(texts, place):
    """Give the words of some texts as numbers by `place`, which grows, and how many each text has.

    All texts are cut at once, with a mark between them that none of them holds, and each run of characters is looked
    at once. A text with a telephone number, which may reach over a space, stays whole.
    """
    texts = [text if text.isascii() else _composed(text) for text in texts]
    ends, whole = np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)) + 1), "\n".join(texts)
    mark = next(mark for mark in (f"\0{i}" for i in count()) if mark not in whole)
    uncut = {}
    for row in {int(np.searchsorted(ends, found.start(), "right")) for found in _TELEPHONE.finditer(whole)}:
        uncut[f"{mark}.{row}"] = texts[row]
        texts[row] = f"{mark}.{row}"
    which, chunks = pd.factorize(np.array(f" {mark} ".join([*texts, ""]).split(), dtype=object))
    told = [() if chunk == mark else _words_of(uncut.get(chunk, chunk)) for chunk in chunks]
    ids = np.array([place.setdefault(word, len(place)) for some in told for word in some], dtype=np.int64)
    length = np.fromiter(map(len, told), np.int64, len(told))
    begins, times = np.r_[0, np.cumsum(length)], length[which]
    stops = np.r_[0, np.cumsum(times)]
    at = np.repeat(begins[which] - stops[:-1], times) + np.arange(stops[-1])
    ends = stops[np.flatnonzero(chunks[which] == mark)]
    return ids[at], np.diff(ends, prepend=0)


def distinct(found: Bag, alike: int = 8) -> tuple[np.ndarray, np.ndarray]:
    """Group texts that are the same, or nearly so, by their words.

    Parameters
    ----------
    found : Bag
    alike : int
        Texts of at least so many different words are one text where they differ by one word: added, left out or put
        in another's place.

    Returns
    -------
    group : ndarray of int64, shape (posts,)
        For each post the number of its text, -1 where it has no words. The numbers do not depend on the order of the
        posts.
    first : ndarray of int64, shape (texts,)
        For each text a post that stands for it.

    Notes
    -----
    A text is the sum of its words' 64-bit hashes; of long ones the sums with each word left out are compared too.

    Examples
    --------
    >>> distinct(bag(["milk bread", "bread, milk", "eggs", "and"]))[0].tolist()
    [1, 1, 0, -1]
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    marks, table = hashes(found.words), found.table
    size, word = np.diff(table.indptr), table.indices
    row = np.repeat(np.arange(len(found)), size)
    sums = np.r_[np.uint64(0), np.cumsum(marks[word], dtype=np.uint64)]  # beyond 64 bits they begin anew
    total = sums[table.indptr[1:]] - sums[table.indptr[:-1]]
    known, which = np.unique(total[size > 0], return_inverse=True)
    group = np.full(len(found), -1, dtype=np.int64)
    group[size > 0] = which
    first = np.zeros(len(known), dtype=np.int64)
    first[which[::-1]] = np.flatnonzero(size > 0)[::-1]
    if not len(known):
        return group, first
    asked = np.zeros(len(found), dtype=bool)
    asked[first] = size[first] >= alike
    long = asked[row]
    node, less = group[row[long]], total[row[long]] - marks[word[long]]
    node, less = np.r_[node, np.unique(node)], np.r_[less, known[np.unique(node)]]
    order = np.argsort(less, kind="stable")
    same = np.flatnonzero(less[order][1:] == less[order][:-1])
    one, two = node[order][same], node[order][same + 1]
    edges = coo_array((np.ones(len(one)), (one, two)), shape=(len(known), len(known)))
    _, part = connected_components(edges, directed=False)
    least = np.full(part.max() + 1, len(known))
    np.minimum.at(least, part, np.arange(len(known)))
    kept = np.unique(least)
    group[group >= 0] = np.searchsorted(kept, least[part])[group[group >= 0]]
    return group, first[kept]


def _chunks(text):
    text = text if text.isascii() else _composed(text)
    return [text] if _TELEPHONE.search(text) else text.split()


def _composed(text):
    return unicodedata.normalize("NFC", text).replace("’", "'").replace("‑", "-").replace("＃", "#")


@lru_cache(maxsize=200_000)
def _words_of(chunk):
    """Give the content words of what stands between two spaces."""
    if len(chunk) > _LONGEST and " " not in chunk:
        return ()
    if _NO_WORD.fullmatch(chunk):
        return ()
    if plain := _ONE_WORD.fullmatch(chunk):
        found = [_THRICE.sub(r"\1\1\1", plain[1]).lower()]
    else:
        found = _tokenizer().tokenize(_MASK.sub(" ", chunk))
    return tuple(word for word in found if len(word) > 1 and _WORD.fullmatch(word) and word not in _stop())


@cache
def _tokenizer():
    from nltk.tokenize import TweetTokenizer

    return TweetTokenizer(preserve_case=False, reduce_len=True, strip_handles=True)


@cache
def _stop():
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    return ENGLISH_STOP_WORDS | frozenset(_MORE.split())


def hashes(names):
    """Give each word a number of 64 bits that is its own on every machine."""
    from hashlib import blake2b

    joined = b"".join(blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest() for name in names)
    return np.frombuffer(joined, dtype="<u8").astype(np.uint64)
