"""Which posts tell of an experience of their writer's own, by rules that can be read and by models that learn.

A *disclosure* is a post whose writer says that it happened to them: ``bare`` ("me too" and little else) or with
``detail``. Two routes find them, side by side: :func:`read_by_rules`, patterns in a file that were frozen before
anybody saw what they are tried on, and :func:`fit`, a sparse linear model on word and character n-grams. :func:`rates`
and its neighbours say how good either is, by which split; :func:`definitions` what a share is a share of.

Neither judges a person. What comes out of here is counted, corrected (:mod:`analysis.estimate`) and shown as a sum.
"""

from analysis.disclosure.definitions import definitions
from analysis.disclosure.evaluation import (
    agreement,
    ahead_of_time,
    annotators,
    calibration,
    chance_of,
    folds_of,
    learning_curve,
    length_of,
    out_of_fold,
    rates,
    rates_by,
)
from analysis.disclosure.labels import OWN, answers_of, disclosed, labels_beside
from analysis.disclosure.model import Model, fit
from analysis.disclosure.people import people_by_day, people_by_group
from analysis.disclosure.rules import RULES, read_by_rules
from analysis.disclosure.saving import load_model, save_model

__all__ = [
    "OWN",
    "RULES",
    "Model",
    "agreement",
    "ahead_of_time",
    "annotators",
    "answers_of",
    "calibration",
    "chance_of",
    "definitions",
    "disclosed",
    "fit",
    "folds_of",
    "labels_beside",
    "learning_curve",
    "length_of",
    "load_model",
    "out_of_fold",
    "people_by_day",
    "people_by_group",
    "rates",
    "rates_by",
    "read_by_rules",
    "save_model",
]
