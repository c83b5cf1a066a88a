"""The figures of the spread lesson."""

from analysis.plots.spread.attention import plot_attention
from analysis.plots.spread.counted import plot_counts, plot_growth, shade_gaps
from analysis.plots.spread.decay import plot_choices, plot_decay
from analysis.plots.spread.effect import plot_effect
from analysis.plots.spread.events import plot_events
from analysis.plots.spread.excitation import plot_widths
from analysis.plots.spread.levels import plot_bursts, plot_changes
from analysis.plots.spread.rhythm import plot_rhythm, plot_seasonal
from analysis.plots.spread.survival import plot_bend, plot_survival
from analysis.plots.spread.waves import plot_falls, plot_peaks, plot_shares, plot_waves

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
