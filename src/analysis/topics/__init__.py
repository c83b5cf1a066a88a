"""What posts are about: topics as sets of words that go together, found by matrix factorisation.

A post is a row of word weights (TF-IDF: Spärck Jones 1972; in the post, rare elsewhere), carried over to the words that
its own go with (:func:`analysis.topics.weights.association`); the rows are taken
apart into k topics with no negative weight (NMF: Lee & Seung 1999, *Nature* 401, 788; begun from NNDSVD after
Boutsidis & Gallopoulos 2008), so that each post is a mixture of topics. The result depends neither on the order of
the texts nor on the number of threads.
"""

from analysis.topics.choose import choose, recommended
from analysis.topics.coherence import c_v, npmi
from analysis.topics.compare import agreement, sizes
from analysis.topics.find import fit
from analysis.topics.methods import METHODS
from analysis.topics.methods_compared import compare_methods
from analysis.topics.model import NONE, Topics
from analysis.topics.planting import plant
from analysis.topics.prepare import content_words
from analysis.topics.recovery import recover
from analysis.topics.steady import stability

__all__ = [
    "METHODS",
    "NONE",
    "Topics",
    "agreement",
    "c_v",
    "choose",
    "compare_methods",
    "content_words",
    "fit",
    "npmi",
    "plant",
    "recommended",
    "recover",
    "sizes",
    "stability",
]
