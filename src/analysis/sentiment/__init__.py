"""How a text sounds, by VADER's word list and rules, and how that moves over time.

VADER (Hutto & Gilbert 2014, "VADER: A Parsimonious Rule-based Model for Sentiment Analysis of Social Media Text",
ICWSM 8(1), doi:10.1609/icwsm.v8i1.14550) gives some 7,500 words a valence and mends it by rules for negation,
boosters, capitals, "but" and punctuation. What is reported here is NLTK's implementation: the package `vaderSentiment`
gives many posts other scores from the same list, so a figure must say which one it is from.
"""

from analysis.sentiment.course import LABELS, by_cut, by_group, label, over_time
from analysis.sentiment.explain import explain, explain_all
from analysis.sentiment.probes import extension, probe, probes, subject
from analysis.sentiment.rules import lexicon, valence, valences
from analysis.sentiment.vader import SCORES, score
from analysis.sentiment.validity import change, held_out, separation, validity

__all__ = [
    "LABELS",
    "SCORES",
    "by_cut",
    "by_group",
    "change",
    "explain",
    "explain_all",
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
    "valence",
    "valences",
    "validity",
]
