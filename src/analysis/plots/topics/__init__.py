"""The figures of the topics lesson."""

from analysis.plots.topics.bars import plot_cross, plot_sizes, plot_words
from analysis.plots.topics.choice import plot_choice
from analysis.plots.topics.map import plot_map
from analysis.plots.topics.stream import plot_stream

__all__ = ["plot_choice", "plot_cross", "plot_map", "plot_sizes", "plot_stream", "plot_words"]
