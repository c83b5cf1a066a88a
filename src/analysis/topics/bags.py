"""From short posts to bags of the words that can carry a topic; which posts are the same, and which are English.

NLTK's ``TweetTokenizer`` says what a word is (it takes out handles, cuts lengthened letters to three, and lowers
capitals). It is slow; but apart from telephone numbers none of its patterns reaches over a space. So it is asked once
for each run of characters between spaces. ``tests/topics/test_bags.py`` holds the two equal.
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
_MORE_STOP_WORDS = """
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
_BATCH = 50_000  # texts that are cut at once
_LONG = 8  # different words; from so many on, texts that differ by one word are one text
# Letters of other scripts, and small words of other languages.
_OTHER_LETTER = regex.compile(r"(?V1)[\p{L}--\p{Latin}]")
_SMALL_WORDS = {
    "en": "the and of to is was it that this my he she they with for not you have had at by who when i",
    "de": "und der die das ich nicht ist ein eine mit auch wir mir den war",
    "es": "que el la los las y una por con del para se yo mi como más",
    "fr": "le les des et je une dans pas que est pour qui moi aussi du",
    "it": "che di il non per sono una mi ho della con anche gli",
    "pt": "que não uma para com eu meu minha os da do em também",
    "nl": "het een van niet ik dat en ook mij voor met zijn",
    "sv": "och att jag det som inte en på är för också med",
    "da": "og jeg det ikke en til er på som også med",
    "pl": "nie że się na jest to ja też mnie jak",
    "tr": "bir ve bu ben de için çok ne da",
    "id": "yang dan di aku ini itu tidak saya juga dengan",
    "fi": "ja on ei se että minä myös oli en",
}
_SMALL = {lang: frozenset(words.split()) for lang, words in _SMALL_WORDS.items()}
_OTHERS = frozenset().union(*_SMALL.values()) - _SMALL["en"]


@dataclass(frozen=True)
class Bag:
    """Which words stand in which posts.

    ``words`` are all of them, sorted; ``ids`` (int32) the words of all posts in the order of the text, as positions in
    `words`; ``starts`` (int64, shape (posts + 1,)) says where each post's begin.
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
    for begin in tqdm(range(0, len(texts), _BATCH), "cutting into words", disable=None, delay=2):
        ids, length = _cut(texts[begin : begin + _BATCH], place)
        parts.append(ids)
        lengths.append(length)
    ordered = sorted(place)
    new_id = np.empty(len(place), dtype=np.int32)
    new_id[[place[word] for word in ordered]] = np.arange(len(place), dtype=np.int32)
    return Bag(tuple(ordered), np.cumsum(np.concatenate(lengths)), new_id[np.concatenate(parts)])


def _cut(texts, place):
    """Give the words of some texts as numbers by `place`, which grows, and how many each text has.

    All texts are cut at once, with a mark between them that none of them holds, and each run of characters is looked
    at once. A text with a telephone number, which may reach over a space, stays whole.
    """
    texts = [text if text.isascii() else _composed(text) for text in texts]
    ends, whole = np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)) + 1), "\n".join(texts)
    mark = next(mark for mark in (f"\0{i}" for i in count()) if mark not in whole)
    uncut = {}
    for row in {int(np.searchsorted(ends, match.start(), "right")) for match in _TELEPHONE.finditer(whole)}:
        uncut[f"{mark}.{row}"] = texts[row]
        texts[row] = f"{mark}.{row}"
    which, chunks = pd.factorize(np.array(f" {mark} ".join([*texts, ""]).split(), dtype=object))
    words = [() if chunk == mark else _words_of(uncut.get(chunk, chunk)) for chunk in chunks]
    ids = np.array([place.setdefault(word, len(place)) for chunk in words for word in chunk], dtype=np.int64)
    length = np.fromiter(map(len, words), np.int64, len(words))
    begins, times = np.r_[0, np.cumsum(length)], length[which]
    stops = np.r_[0, np.cumsum(times)]
    position = np.repeat(begins[which] - stops[:-1], times) + np.arange(stops[-1])
    ends = stops[np.flatnonzero(chunks[which] == mark)]
    return ids[position], np.diff(ends, prepend=0)


def distinct(posts: Bag) -> tuple[np.ndarray, np.ndarray]:
    """Group posts whose texts are the same, or nearly so, by their words.

    Texts of eight different words or more are one text where they differ by one word: added, left out or put in
    another's place. A text is the sum of its words' 64-bit hashes; of long ones the sums with each word left out are
    compared too.

    Returns
    -------
    group : ndarray of int64, shape (posts,)
        For each post the number of its text, -1 where it has no words; independent of the order of the posts.
    first : ndarray of int64, shape (texts,)
        For each text a post that stands for it.

    Examples
    --------
    >>> distinct(bag(["milk bread", "bread, milk", "eggs", "and"]))[0].tolist()
    [1, 1, 0, -1]
    """
    hash_of, table = hashes(posts.words), posts.table
    size, word = np.diff(table.indptr), table.indices
    row = np.repeat(np.arange(len(posts)), size)
    sums = np.r_[np.uint64(0), np.cumsum(hash_of[word], dtype=np.uint64)]  # beyond 64 bits they begin anew
    total = sums[table.indptr[1:]] - sums[table.indptr[:-1]]
    totals, which = np.unique(total[size > 0], return_inverse=True)
    group = np.full(len(posts), -1, dtype=np.int64)
    group[size > 0] = which
    first = np.zeros(len(totals), dtype=np.int64)
    first[which[::-1]] = np.flatnonzero(size > 0)[::-1]
    if not len(totals):
        return group, first
    is_long = np.zeros(len(posts), dtype=bool)
    is_long[first] = size[first] >= _LONG
    of_long = is_long[row]
    least = _least_alike(totals, group[row[of_long]], total[row[of_long]] - hash_of[word[of_long]])
    kept = np.unique(least)
    group[group >= 0] = np.searchsorted(kept, least)[group[group >= 0]]
    return group, first[kept]


def _least_alike(totals, text, one_left_out):
    """Give for each text the first of those that are the same but for a word, by the sums with a word left out."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    text, sums = np.r_[text, np.unique(text)], np.r_[one_left_out, totals[np.unique(text)]]
    order = np.argsort(sums, kind="stable")
    same = np.flatnonzero(sums[order][1:] == sums[order][:-1])
    edges = (np.ones(len(same)), (text[order][same], text[order][same + 1]))
    _, part = connected_components(coo_array(edges, shape=(len(totals), len(totals))), directed=False)
    least = np.full(part.max() + 1, len(totals))
    np.minimum.at(least, part, np.arange(len(totals)))
    return least[part]


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
        words = [_THRICE.sub(r"\1\1\1", plain[1]).lower()]
    else:
        words = _tokenizer().tokenize(_MASK.sub(" ", chunk))
    return tuple(word for word in words if len(word) > 1 and _WORD.fullmatch(word) and word not in _stop_words())


@cache
def _tokenizer():
    from nltk.tokenize import TweetTokenizer

    return TweetTokenizer(preserve_case=False, reduce_len=True, strip_handles=True)


@cache
def _stop_words():
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    return ENGLISH_STOP_WORDS | frozenset(_MORE_STOP_WORDS.split())


def hashes(words):
    """Give each word a number of 64 bits that is its own on every machine."""
    from hashlib import blake2b

    joined = b"".join(blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest() for word in words)
    return np.frombuffer(joined, dtype="<u8").astype(np.uint64)


def english(texts: Sequence[str]) -> list[str]:
    """Leave out the texts that seem to be in another language.

    Those that are written in other letters than Latin ones, or that hold more of the small words of one of twelve other
    languages than of English. Short texts without any small word are not taken for foreign.

    Examples
    --------
    >>> english(["He told me that it was nothing", "Ich auch, und nicht nur in der Schule", "나도", "coffee"])
    ['He told me that it was nothing', 'coffee']
    """
    return [text for text in texts if not (_may_be_foreign(text) and _is_foreign(text))]


def _may_be_foreign(text):
    """Tell quickly of nearly all English texts, and of some short others, that they need no closer look."""
    if len(_OTHERS.intersection(text.lower().split())) > 1:
        return True
    return not text.isascii() and _OTHER_LETTER.search(text) is not None


def _is_foreign(text):
    letters = [letter for letter in text if letter.isalpha()]
    if letters and sum(not unicodedata.name(letter, "").startswith("LATIN") for letter in letters) > len(letters) / 2:
        return True
    words = regex.findall(r"\p{L}+", text.lower())
    counts = {lang: sum(word in small for word in words) for lang, small in _SMALL.items()}
    return max(counts.values()) > counts["en"] and max(counts.values()) >= 2
