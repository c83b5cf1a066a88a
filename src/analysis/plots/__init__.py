"""Figures: a table in, an Axes out. Each lesson has a module here; what they share stands in ``axes``.

No function changes matplotlib's global state. Every figure must read in grey too: beside its colour, each series
has a line style, marker or hatch of its own. A figure keeps its table and proposes its own alternative text.
"""
