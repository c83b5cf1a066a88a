"""From predictions to a share: intervals, corrections for a classifier's errors, and what labels add.

The ground floor: nothing here knows what a classifier is. A table of predictions has ``score`` (from 0 to 1) and, where
they are known, ``author`` and ``label``. *Known* posts were labelled elsewhere, such as a training corpus (their scores
must be made by a model that has not seen them); a *sample* was drawn at random from the very posts that are asked about,
and labelled by hand.
"""

from analysis.estimate.intervals import bootstrap, wilson
from analysis.estimate.people import any_positive, people
from analysis.estimate.powered import labels_only, powered

__all__ = ["any_positive", "bootstrap", "labels_only", "people", "powered", "wilson"]
