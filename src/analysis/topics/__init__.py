"""What posts are about: topics as sets of words that go together, found by matrix factorisation.

A post is a row of word weights (TF-IDF: Spärck Jones 1972; frequent in the post, rare elsewhere); the rows are taken
apart into k topics with no negative weight (NMF: Lee & Seung 1999, *Nature* 401, 788; begun from NNDSVD after
Boutsidis & Gallopoulos 2008), so that each post is a mixture of topics. The result depends neither on the order of
the texts nor on the number of threads.
"""

from analysis.topics.compare import agreement, sizes
from analysis.topics.find import fit
from analysis.topics.methods import METHODS
from analysis.topics.model import NONE, Topics
from analysis.topics.prepare import content_words

__all__ = ["METHODS", "NONE", "Topics", "agreement", "content_words", "fit", "sizes"]
