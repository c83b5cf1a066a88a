"""How a hashtag spread: posts counted over time, and what can be read off the counts, ready-made ones too.

All of it needs nothing but the time of each post, in UTC unless another zone is asked for.
"""

from analysis.spread.bursts import bursts
from analysis.spread.changes import change_points
from analysis.spread.count import as_counts, counts
from analysis.spread.course import attention_class, jumps, lasting, peak
from analysis.spread.effect import effect_of, placebo_effects
from analysis.spread.gaps import find_gaps
from analysis.spread.onset import onset
from analysis.spread.published import beside_published
from analysis.spread.rhythm import rhythm
from analysis.spread.rise import CALL, around, growth, in_words
from analysis.spread.tables import from_table
from analysis.spread.waves import waves

__all__ = [
    "CALL",
    "around",
    "as_counts",
    "attention_class",
    "beside_published",
    "bursts",
    "change_points",
    "counts",
    "effect_of",
    "find_gaps",
    "from_table",
    "growth",
    "in_words",
    "jumps",
    "lasting",
    "onset",
    "peak",
    "placebo_effects",
    "rhythm",
    "waves",
]
