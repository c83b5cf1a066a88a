"""The figures of the topics lesson."""

from analysis.figures.topics.bars import plot_cross, plot_sizes, plot_words
from analysis.figures.topics.choice import plot_choice
from analysis.figures.topics.map import plot_map
from analysis.figures.topics.stream import plot_stream

__all__ = ["plot_choice", "plot_cross", "plot_map", "plot_sizes", "plot_stream", "plot_words"]
