"""Hand-labelling a random sample of posts: draw it into a file that a person fills in, and read the labels back."""

from analysis.workshop.labelling.draw import draw_authors, draw_sample
from analysis.workshop.labelling.read import LabelError, agreement, read_labels
from analysis.workshop.labelling.result import estimate_from, people_from
from analysis.workshop.labelling.tables import read_scores, scores_by
from analysis.workshop.labelling.write import write_sample

__all__ = [
    "LabelError",
    "agreement",
    "draw_authors",
    "draw_sample",
    "estimate_from",
    "people_from",
    "read_labels",
    "read_scores",
    "scores_by",
    "write_sample",
]
