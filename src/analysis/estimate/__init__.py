"""From predictions to a share: corrections for a classifier's errors, and what labels add.

A table of predictions has ``score`` (from 0 to 1) and, where they are known, ``author`` and ``label``. *Known* posts
were labelled elsewhere, such as a training corpus (their scores must be made by a model that has not seen them); a
*sample* was drawn at random from the very posts that are asked about, and labelled by hand.
"""

from analysis.estimate.corrections import error_rates
from analysis.estimate.design import allocate, labels_needed
from analysis.estimate.people import any_positive, people
from analysis.estimate.prediction_powered import prediction_powered_by_stratum
from analysis.estimate.prevalence import DEFAULT, METHODS, from_labels, shares

__all__ = [
    "DEFAULT",
    "METHODS",
    "allocate",
    "any_positive",
    "error_rates",
    "from_labels",
    "labels_needed",
    "people",
    "prediction_powered_by_stratum",
    "shares",
]
