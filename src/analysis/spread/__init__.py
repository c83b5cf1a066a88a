"""How a hashtag spread: posts counted over time, and what can be read off the counts.

All of it needs nothing but the time of each post, so it works on bare ids. Times are UTC throughout.
"""

from analysis.spread.course import counts, jumps, lasting, peak
from analysis.spread.rise import CALL, around, growth, in_words

__all__ = ["CALL", "around", "counts", "growth", "in_words", "jumps", "lasting", "peak"]
