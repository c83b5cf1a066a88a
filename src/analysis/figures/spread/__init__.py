"""The figures of the spread lesson."""

from analysis.figures.spread.attention import plot_attention
from analysis.figures.spread.counted import plot_counts, plot_growth, shade_gaps
from analysis.figures.spread.decay import plot_choices, plot_decay
from analysis.figures.spread.effect import plot_effect
from analysis.figures.spread.events import plot_events
from analysis.figures.spread.excitation import plot_widths
from analysis.figures.spread.levels import plot_bursts, plot_changes
from analysis.figures.spread.rhythm import plot_rhythm, plot_seasonal
from analysis.figures.spread.survival import plot_bend, plot_survival
from analysis.figures.spread.waves import plot_falls, plot_peaks, plot_shares, plot_waves

__all__ = [
    "plot_attention",
    "plot_bend",
    "plot_bursts",
    "plot_changes",
    "plot_choices",
    "plot_counts",
    "plot_decay",
    "plot_effect",
    "plot_events",
    "plot_falls",
    "plot_growth",
    "plot_peaks",
    "plot_rhythm",
    "plot_seasonal",
    "plot_shares",
    "plot_survival",
    "plot_waves",
    "plot_widths",
    "shade_gaps",
]
