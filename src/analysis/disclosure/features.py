"""From texts to weighted word and character n-grams, fast enough for millions of posts.

A post becomes the words it holds, pairs of neighbours, and the runs of characters inside each word (so that a misspelt
or inflected word is not a stranger). A word is split into its runs once, however often it is written: the character
counts of all posts are a product of two sparse matrices. Weights are TF-IDF with ``1 + log(count)`` (Salton & Buckley
1988, *Inf. Process. Manag.* 24, 513); words and runs are brought to length 1 apart from each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import regex

from analysis.text import clean

#: The lengths of the runs of characters inside a word; its ends count as a character.
RUNS = (2, 3, 4)
_LONGEST = 30  # characters of a token of which runs are taken: a script without spaces writes whole sentences as one
_TOKEN = regex.compile(r"[#＃]?[\p{L}\p{M}\p{N}_]+(?:['-][\p{L}\p{M}\p{N}_]+)*|\p{So}|[!?.,:;…]")
_LINK = regex.compile(r"https?://\S+|\[link\]")
_MENTION = regex.compile(r"(?<!\w)@\w+|\[mention\]")


@dataclass(frozen=True)
class Terms:
    """What a model knows: its terms, sorted; of each how rare it is, and how many people used it.

    `words` are words and pairs of words (with a space between), `runs` runs of characters, where ``_`` stands for the
    end of a word. `rarity` is ``1 + log((1 + n) / (1 + in how many of n posts))``. The arrays hold words first, then
    runs.
    """

    words: tuple[str, ...]
    runs: tuple[str, ...]
    rarity: np.ndarray
    people: np.ndarray

    def __len__(self) -> int:
        """Count the terms."""
        return len(self.words) + len(self.runs)


def tokenise(text: str) -> list[str]:
    """Split a text into lower-case words, tags, emoji and marks; links and mentions become ``<link>`` and so on."""
    tokens = _TOKEN.findall(clean(text).lower().replace("’", "'"))
    if "@" in text or "[" in text:
        tokens += ["<mention>"] * len(_MENTION.findall(text))
    if "http" in text or "[" in text:
        tokens += ["<link>"] * len(_LINK.findall(text))
    return tokens


def runs_of(token: str) -> list[str]:
    """Give the runs of characters of a token, its two ends among them; marks and emoji are never asked for theirs."""
    padded = f"_{token[:_LONGEST]}_"
    return [padded[i : i + n] for n in RUNS for i in range(len(padded) - n + 1)]


def learn(texts: Sequence[str], authors=None, *, k: int = 0, least: int = 2, most: int = 60_000) -> Terms:
    """Find the terms of some texts.

    Parameters
    ----------
    texts : sequence of str
        Each counts once; their order never matters.
    authors : sequence of str, optional
        Who wrote each; those who are missing count as one person.
    k : int
        By how many people a term must have been used.
    least : int
        In how many texts it must stand.
    most : int
        How many words and pairs are kept at most, and how many runs: those that stand in most texts.

    Returns
    -------
    Terms

    Examples
    --------
    >>> learn(["Me too", "me too!", "you too"]).words
    ('me', 'me too', 'too')
    """
    ids, ends, tokens = _numbered(texts)
    names = list(tokens)
    writer = np.zeros(len(texts), dtype=np.int64) if authors is None else _codes(authors)
    runs, split = _split(names, None)
    in_texts = _counts(ids, ends, len(names))
    keys, pairs = _pair_table(ids, ends, len(names))
    doubles = [f"{names[key // len(names)]} {names[key % len(names)]}" for key in keys.tolist()]
    used = [_used([*names, *doubles], (in_texts, pairs), writer), _used(runs, (in_texts @ split,), writer)]
    kept = [_commonest(counts, k, least, most) for counts in used]
    terms = [(name, *used[part][name]) for part in (0, 1) for name in kept[part]]
    times, people = (np.array([term[i] for term in terms], dtype=np.int64) for i in (1, 2))
    return Terms(kept[0], kept[1], 1 + np.log((1 + len(texts)) / (1 + times)), people)


def weigh(texts: Sequence[str], terms: Terms):
    """Give the weighted terms of texts, words and pairs first: a csr_array of float32, shape (texts, terms)."""
    from scipy.sparse import hstack

    ids, ends, tokens = _numbered(texts)
    words = _word_columns(ids, ends, tokens, terms.words)
    _, split = _split(list(tokens), terms.runs)
    runs = _counts(ids, ends, len(tokens)) @ split
    cut = len(terms.words)
    return hstack([_weighted(words, terms.rarity[:cut]), _weighted(runs, terms.rarity[cut:])], format="csr")


@lru_cache(maxsize=2**16)  # each fold of a split reads the same texts again
def _tokenised(text):
    return tuple(tokenise(text))


def _numbered(texts):
    """Give all tokens as numbers, where each text ends, and the tokens by their numbers."""
    tokens: dict[str, int] = {}
    ids, ends = [], [0]
    for text in texts:
        ids += [tokens.setdefault(token, len(tokens)) for token in _tokenised(text)]
        ends.append(len(ids))
    return np.array(ids, dtype=np.int64), np.array(ends), tokens


def _pairs(ids, ends, width):
    """Give a number for each token and the one behind it; -1 where the text ends."""
    pairs = np.full(len(ids), -1)
    pairs[:-1] = ids[:-1] * width + ids[1:]
    pairs[ends[1:][np.diff(ends) > 0] - 1] = -1
    return pairs


def _pair_table(ids, ends, width):
    """Give the numbers of all pairs, and a table of how often each stands in each text."""
    pairs = _pairs(ids, ends, width)
    keys, which = np.unique(pairs[pairs >= 0], return_inverse=True)
    sizes = np.append(0, np.cumsum(pairs >= 0))[ends]
    return keys, _counts(which, sizes, len(keys))


def _codes(authors):
    """Give each author a number, and one number to all who are missing."""
    import pandas as pd

    return pd.factorize(pd.Series(authors, dtype=object).fillna(""))[0].astype(np.int64)


def _used(names, tables, writer):
    """Say of each term in how many texts it stands and how many people used it."""
    from scipy.sparse import csr_array

    ones, rows = np.ones(len(writer), dtype=np.float32), np.arange(len(writer))
    group = csr_array((ones, (writer, rows)), shape=(writer.max(initial=-1) + 1, len(writer)))
    times = [np.bincount(table.indices, minlength=table.shape[1]) for table in tables]
    people = [np.bincount((group @ table).indices, minlength=table.shape[1]) for table in tables]
    return dict(zip(names, zip(np.concatenate(times), np.concatenate(people), strict=True), strict=True))


def _commonest(counts, k, least, most):
    kept = [term for term, (times, people) in counts.items() if times >= least and people >= k]
    return tuple(sorted(sorted(kept, key=lambda term: (-counts[term][0], term))[:most]))


def _word_columns(ids, ends, tokens, words):
    """Count the known words and pairs of each text."""
    place = {term: i for i, term in enumerate(words)}
    of_token = np.array([place.get(token, -1) for token in tokens], dtype=np.int64)
    keys, where = [], []
    for term, i in place.items():
        first, space, second = term.partition(" ")
        if space and first in tokens and second in tokens:
            keys.append(tokens[first] * len(tokens) + tokens[second])
            where.append(i)
    pairs = _pairs(ids, ends, len(tokens))
    columns = np.full((len(ids), 2), -1)
    if len(ids):
        columns[:, 0] = of_token[ids]
    if keys:
        order = np.argsort(keys)
        keys, where = np.array(keys)[order], np.array(where)[order]
        nearest = np.minimum(np.searchsorted(keys, pairs), len(keys) - 1)
        columns[:, 1] = np.where(keys[nearest] == pairs, where[nearest], -1)
    kept = columns >= 0
    sizes = np.append(0, np.cumsum(kept.sum(axis=1)))[ends]
    return _counts(columns[kept], sizes, len(words))


def _split(tokens, runs):
    """Give the runs, and how often each stands in each token."""
    known: dict[str, int] = {} if runs is None else {run: i for i, run in enumerate(runs)}
    columns, ends = [], [0]
    for token in tokens:
        if token[0].isalnum() or token[0] in "#＃_":
            if runs is None:
                columns += [known.setdefault(run, len(known)) for run in runs_of(token)]
            else:
                columns += [known[run] for run in runs_of(token) if run in known]
        ends.append(len(columns))
    return list(known), _counts(columns, ends, len(known))


def _counts(columns, ends, width):
    from scipy.sparse import csr_array

    ones = np.ones(len(columns), dtype=np.float32)
    inside = np.asarray(columns, dtype=np.int32), np.asarray(ends, dtype=np.int32)
    table = csr_array((ones, *inside), shape=(len(ends) - 1, width))
    table.sum_duplicates()
    return table


def _weighted(counts, rarity):
    """Weigh counts: 1 + log(count), times rarity, each row of length 1."""
    table = counts.copy()
    table.data = ((1 + np.log(table.data)) * rarity[table.indices]).astype(np.float32)
    length = np.sqrt(np.asarray(table.power(2).sum(axis=1)).ravel())
    table.data /= np.repeat(length, np.diff(table.indptr))
    return table
