"""Figures: a table in, an Axes out. Each lesson has a module here; what they share stands in ``axes``.

All plot functions are alike in this:

- ``ax`` is where to draw; without it, a figure of its own is made. The Axes is given back.
- ``title`` is the title; without it, the title states the result. An empty string asks for none.
- A table in which nothing can be drawn is refused with a ValueError that says why: an empty figure would look like a
  result.
- The figure keeps its table and proposes its own alternative text, both for :func:`analysis.lesson.show`.
- Nothing of matplotlib's global state changes. Every figure can be read in grey too: beside its colour, each series
  has a line style, marker or hatch of its own.
"""
