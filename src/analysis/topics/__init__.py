"""What posts are about: topics as sets of words that go together, found by matrix factorisation.

A post is a row of word weights (TF-IDF: Spärck Jones 1972), carried over to the words that its own go with
(:func:`analysis.topics.weights.association`); the rows are taken apart into k topics with no negative weight (NMF: Lee
& Seung 1999, *Nature* 401, 788; begun from NNDSVD after Boutsidis & Gallopoulos 2008), so that each post is a mixture
of topics. The result depends neither on the order of the texts nor on the number of threads.
"""

from analysis.topics.bags import content_words
from analysis.topics.choice import choose, recommended
from analysis.topics.coherence import c_v, npmi
from analysis.topics.map import layout
from analysis.topics.model import NONE, Topics, fit
from analysis.topics.names import examples, named
from analysis.topics.resampling import stability
from analysis.topics.shares import agreement, by_group, over_time, sizes
from analysis.topics.topic_page import browse, page

__all__ = [
    "NONE",
    "Topics",
    "agreement",
    "browse",
    "by_group",
    "c_v",
    "choose",
    "content_words",
    "examples",
    "fit",
    "layout",
    "named",
    "npmi",
    "over_time",
    "page",
    "recommended",
    "sizes",
    "stability",
]
