"""Invent hashtag posts whose shape is known, with what was planted in each kept beside them.

No post is a real person's words: texts come from the phrase files in ``phrases/``, people and firms are made up, and no
id can be a real post's (worker number 0).

How the pieces fit: :mod:`~analysis.corpus.clock` says when posts are written, :mod:`~analysis.corpus.threads` what they
answer and who wrote them, :mod:`~analysis.corpus.plan` what is planted in them, :mod:`~analysis.corpus.reach` who
reposts them; :mod:`~analysis.corpus.arrange` brings them in order, :mod:`~analysis.corpus.pen` and
:mod:`~analysis.corpus.dress` write them from the :mod:`~analysis.corpus.bank` of phrases,
:mod:`~analysis.corpus.generate` saves them (in a :mod:`~analysis.corpus.folder`, by several
:mod:`~analysis.corpus.workers`), and :mod:`~analysis.corpus.report` compares the result with what is
published. All choices are the integer draws of :mod:`~analysis.corpus.draws`.
"""

from importlib import import_module

_HOMES = {"Curve": "clock", "annotate": "label", "invent": "generate", "invent_to": "generate", "ship": "ship"}
_HOMES |= {"report": "report", "spelt": "report"}

__all__ = ["Curve", "annotate", "invent", "invent_to", "report", "ship", "spelt"]


def __getattr__(name):
    """Load a function of the package the first time that it is named."""
    if name in _HOMES:
        found = getattr(import_module(f"analysis.corpus.{_HOMES[name]}"), name)
        globals()[name] = found
        return found
    raise AttributeError(f"module 'analysis.corpus' has no attribute {name!r}")
