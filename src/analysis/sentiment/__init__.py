"""How a text sounds, by VADER's word list and rules, and how that moves over time.

VADER (Hutto & Gilbert 2014, "VADER: A Parsimonious Rule-based Model for Sentiment Analysis of Social Media Text",
ICWSM 8(1), doi:10.1609/icwsm.v8i1.14550) gives some 7,500 words a valence and mends it by rules for negation,
boosters, capitals, "but" and punctuation. What is reported here is NLTK's implementation: the package `vaderSentiment`
gives many posts other scores from the same list, so a figure must say which one it is from.
"""

from analysis.sentiment.groups import LABELS, by_cut, by_group, label, over_time
from analysis.sentiment.rules import lexicon, valences
from analysis.sentiment.steps import explain
from analysis.sentiment.vader import SCORES, score
from analysis.sentiment.validation import change, extension, held_out, probe, probes, separation, subject, validity

__all__ = [
    "LABELS",
    "SCORES",
    "by_cut",
    "by_group",
    "change",
    "explain",
    "extension",
    "held_out",
    "label",
    "lexicon",
    "over_time",
    "probe",
    "probes",
    "score",
    "separation",
    "subject",
    "valences",
    "validity",
]
