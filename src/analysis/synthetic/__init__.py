"""Invent hashtag posts whose shape is known, with what was planted in each kept beside them.

No post is a real person's words: texts come from the phrase files in ``phrases/``, people and firms are made up, and no
id can be a real post's (worker number 0).

How the pieces fit: ``clock`` says when posts are written, ``threads`` what they
answer and who wrote them, :mod:`~analysis.synthetic.plan` what is planted in them, :mod:`~analysis.synthetic.reach` who
reposts them; :mod:`~analysis.synthetic.arrange` brings them in order, :mod:`~analysis.synthetic.pen` and
:mod:`~analysis.synthetic.dress` write them from the :mod:`~analysis.synthetic.bank` of phrases,
:mod:`~analysis.synthetic.generate` saves them (in a :mod:`~analysis.synthetic.folder`, by several
:mod:`~analysis.synthetic.workers`), and :mod:`~analysis.synthetic.report` compares the result with what is
published. All choices are the integer draws of :mod:`~analysis.synthetic.draws`.
"""

from importlib import import_module

_HOMES = {"Curve": "clock", "annotate": "label", "invent": "generate", "invent_to": "generate", "ship": "ship"}
_HOMES |= {"report": "report", "spelt": "report"}

__all__ = ["Curve", "annotate", "invent", "invent_to", "report", "ship", "spelt"]


def __getattr__(name):
    """Load a function of the package the first time that it is named."""
    if name in _HOMES:
        found = getattr(import_module(f"analysis.synthetic.{_HOMES[name]}"), name)
        globals()[name] = found
        return found
    raise AttributeError(f"module 'analysis.synthetic' has no attribute {name!r}")
