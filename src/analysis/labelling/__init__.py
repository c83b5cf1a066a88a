"""Hand-labelling a random sample of posts: draw it into a file that a person fills in, and read the labels back."""

from analysis.labelling.draw import draw_sample, write_sample
from analysis.labelling.read import LabelError, agreement, read_labels
from analysis.labelling.result import estimate_from
from analysis.labelling.tables import read_scores

__all__ = ["LabelError", "agreement", "draw_sample", "estimate_from", "read_labels", "read_scores", "write_sample"]
