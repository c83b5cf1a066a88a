"""From predictions to a share: intervals, corrections for a classifier's errors, and what labels add.

The ground floor: nothing here knows what a classifier is. A table of predictions has ``score`` (from 0 to 1) and, where
they are known, ``author`` and ``label``. *Known* posts were labelled elsewhere, such as a training corpus (their
scores must be made by a model that has not seen them); a *sample* was drawn at random from the very posts that are
asked about, and labelled by hand.
"""

from analysis.estimate.design import agreement_of, allocate, half_width, labels_needed
from analysis.estimate.people import any_positive, people
from analysis.estimate.powered import labels_only, powered, powered_by_stratum
from analysis.estimate.profiles import hopkins_king
from analysis.estimate.rates import by_stratum, error_rates, raw_count, rogan_gladen
from analysis.estimate.saerens import em, saerens
from analysis.estimate.shares import DEFAULT, METHODS, from_labels, shares

__all__ = [
    "DEFAULT",
    "METHODS",
    "agreement_of",
    "allocate",
    "any_positive",
    "by_stratum",
    "em",
    "error_rates",
    "from_labels",
    "half_width",
    "hopkins_king",
    "labels_needed",
    "labels_only",
    "people",
    "powered",
    "powered_by_stratum",
    "raw_count",
    "rogan_gladen",
    "saerens",
    "shares",
]
