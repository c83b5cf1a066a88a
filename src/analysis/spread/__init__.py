"""How a hashtag spread: posts counted over time, and what can be read off the counts.

All of it needs nothing but the time of each post, so it works on bare ids, and on counts that came ready-made. Times
are UTC unless another zone is asked for.
"""

from analysis.spread.count import as_counts, counts
from analysis.spread.course import jumps, lasting, peak
from analysis.spread.gaps import find_gaps
from analysis.spread.rise import CALL, around, growth, in_words
from analysis.spread.tables import from_table

__all__ = [
    "CALL",
    "around",
    "as_counts",
    "counts",
    "find_gaps",
    "from_table",
    "growth",
    "in_words",
    "jumps",
    "lasting",
    "peak",
]
