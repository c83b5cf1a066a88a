"""What posts are about: topics as sets of words that go together, found by matrix factorisation.

A post is a row of word weights (TF-IDF: Spärck Jones 1972; in the post, rare elsewhere), carried over to the words that
its own go with (:func:`analysis.topics.weights.association`); the rows are taken
apart into k topics with no negative weight (NMF: Lee & Seung 1999, *Nature* 401, 788; begun from NNDSVD after
Boutsidis & Gallopoulos 2008), so that each post is a mixture of topics. The result depends neither on the order of
the texts nor on the number of threads.
"""

from analysis.topics.anchored import Anchored, anchor
from analysis.topics.browse import browse, page
from analysis.topics.choose import choose, recommended
from analysis.topics.coherence import c_v, npmi
from analysis.topics.compare import agreement, sizes
from analysis.topics.course import over_time
from analysis.topics.density import fit_density
from analysis.topics.find import fit
from analysis.topics.found import find_themes
from analysis.topics.groups import by_group
from analysis.topics.layout import alike, layout
from analysis.topics.methods import METHODS
from analysis.topics.model import NONE, Topics
from analysis.topics.names import class_tfidf, name_template, named
from analysis.topics.phrases import phrases
from analysis.topics.prepare import content_words
from analysis.topics.steady import stability
from analysis.topics.store import load, save, without_rare
from analysis.topics.themes import read_themes
from analysis.topics.typical import examples

__all__ = [
    "METHODS",
    "NONE",
    "Anchored",
    "Topics",
    "agreement",
    "alike",
    "anchor",
    "browse",
    "by_group",
    "c_v",
    "choose",
    "class_tfidf",
    "content_words",
    "examples",
    "find_themes",
    "fit",
    "fit_density",
    "layout",
    "load",
    "name_template",
    "named",
    "npmi",
    "over_time",
    "page",
    "phrases",
    "read_themes",
    "recommended",
    "save",
    "sizes",
    "stability",
    "without_rare",
]
