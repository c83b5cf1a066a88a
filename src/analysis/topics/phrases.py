"""Words that belong together in texts: "human resources", "high school"."""

from __future__ import annotations

import math
from collections import Counter
from itertools import pairwise

import pandas as pd

from analysis.privacy import MIN_PEOPLE
from analysis.text import clean, present_texts, tokens
from analysis.topics.prepare import content_words

_FIRM = 0.5  # the least NPMI


def phrases(texts: pd.Series, authors: pd.Series, k: int = MIN_PEOPLE) -> set[str]:
    """Give the pairs of words that stand side by side far more often than chance, and that enough people wrote.

    They serve in names of topics (:func:`analysis.topics.named`). In the finding of topics they do not: joined to one
    word there, they moved the agreement with planted topics by -0.002 (standard error 0.004) on eight invented corpora
    and by -0.006 (0.006) on eight of the neutral theme.

    Parameters
    ----------
    texts, authors : Series of str
        Texts, and who wrote each, in the same order. Missing texts are left out; posts without an author count as one
        person's together, and a text that was copied for one of its authors.
    k : int
        The smallest number of people, and of different texts.

    Returns
    -------
    set of str
        Two words with a space between. Both can carry a topic: "at school" is no phrase.

    Raises
    ------
    TypeError
        If something is no text.
    ValueError
        If there is not one author for each text.

    Notes
    -----
    Pairs with a normalised pointwise mutual information (Bouma 2009, GSCL, equation 7) of 0.5 or more, where words
    count once a text. The same question as Mikolov et al. (2013), NIPS 26, section 4, whose score depends on the number
    of texts.

    Examples
    --------
    >>> texts = [f"went to human resources on day {i}" for i in "abc"]
    >>> phrases(pd.Series([*texts, "a cat", "a dog"]), pd.Series(list("abcde")), k=3)
    {'human resources'}
    """
    from tqdm import tqdm

    if len(texts) != len(authors):
        raise ValueError(f"there are {len(texts)} texts and {len(authors)} authors: each text needs its own")
    present_texts(texts)  # refuses what is no text
    texts, authors = pd.Series(texts), pd.Series(authors)
    table = pd.DataFrame({"text": texts.to_numpy(object), "author": authors.to_numpy(object)}).dropna(subset=["text"])
    table = table.assign(text=[clean(text).lower() for text in table["text"]], author=table["author"].fillna(""))
    alone, together, people, carries = Counter(), Counter(), {}, {}
    whose = table.groupby("text")["author"].min()
    for text, author in tqdm(whose.items(), "looking for phrases", total=len(whose), disable=None, delay=2):
        cut = tokens(text)
        for word in set(cut) - carries.keys():
            carries[word] = content_words(word) == (word,)
        alone.update({word for word in cut if carries[word]})
        side = {f"{a} {b}" for a, b in pairwise(cut) if carries[a] and carries[b] and a != b}
        together.update(side)
        for pair in side:
            people.setdefault(pair, set()).add(author)
    return {
        pair
        for pair, who in people.items()
        if len(who) >= k and _firmness(together[pair], *(alone[word] for word in pair.split()), len(whose)) >= _FIRM
    }


def _firmness(both, one, two, texts):
    """Give the normalised pointwise mutual information of two words; 1 where both are everywhere.

    >>> round(_firmness(3, 4, 4, 7), 2), _firmness(3, 3, 3, 7)
    (0.32, 1.0)
    """
    return 1.0 if both == texts else math.log(both * texts / (one * two)) / -math.log(both / texts)
