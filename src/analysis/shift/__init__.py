"""Which words move the difference between two groups of posts, how far, and how sure that is.

First the words of both groups are counted (:func:`count`), then one of three questions is asked of each word:

:func:`jensen_shannon`
    How much does it add to how far the two groups' words lie apart? In bits.
:func:`lexicon_weighted`
    How much of the difference between the two groups' mean valence is its doing? In the list's own units.
:func:`log_odds`
    How many times likelier is it in one group than in the other, as far as the counts can tell? A logarithm.

In every table a number above 0 speaks for the second group. Each has an interval and a z that take one author's posts,
and copies of one text, for what they are: not independent. Only words that enough people used are in a table.
"""

from analysis.shift.counts import Counts, count
from analysis.shift.measures import divergence, jensen_shannon, lexicon_weighted, log_odds, means

__all__ = ["Counts", "count", "divergence", "jensen_shannon", "lexicon_weighted", "log_odds", "means"]
