"""How a hashtag spread: posts counted over time, and what can be read off the counts.

All of it needs nothing but the time of each post, so it works on bare ids. Times are UTC throughout.
"""

from analysis.spread.choices import relaxation_table, survivors
from analysis.spread.course import counts, jumps, lasting, peak
from analysis.spread.decay import relaxation, relaxation_curves
from analysis.spread.effect import effect_of, placebo_effects
from analysis.spread.excitation import excitation_table, self_excitation
from analysis.spread.published import beside_published
from analysis.spread.rise import CALL, around, growth, in_words
from analysis.spread.survival import bend, survival

__all__ = [
    "CALL",
    "around",
    "bend",
    "beside_published",
    "counts",
    "effect_of",
    "excitation_table",
    "growth",
    "in_words",
    "jumps",
    "lasting",
    "peak",
    "placebo_effects",
    "relaxation",
    "relaxation_curves",
    "relaxation_table",
    "self_excitation",
    "survival",
    "survivors",
]
