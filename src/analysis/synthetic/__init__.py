"""Invent hashtag posts whose shape is known, with what was planted in each kept beside them.

No post is a real person's words: texts come from the phrase files in ``data/phrases/``, people and firms are made up,
and no id can be a real post's (worker number 0).

How the modules fit:

- ``clock`` says when posts are written, ``threads`` what they answer and who wrote them, ``plan`` what is planted in
  them, ``reach`` who reposts them; ``arrange`` brings them in order;
- ``sentences`` and ``typing_style`` write them from the ``bank`` of phrases;
- ``generate`` gives them as tables or saves them, with what ``writing`` knows of folders and processes;
- ``label`` lets two annotators label them; ``measure``, ``trial`` and ``calibration`` compare them with what is
  published; ``sample_files`` makes the shipped sample.

All choices are the integer draws of ``draws``.
"""

from analysis.synthetic.calibration import calibration_report, report_lines
from analysis.synthetic.clock import Curve
from analysis.synthetic.generate import invent, invent_to
from analysis.synthetic.label import annotate
from analysis.synthetic.sample_files import write_sample_files

__all__ = [
    "Curve",
    "annotate",
    "calibration_report",
    "invent",
    "invent_to",
    "report_lines",
    "write_sample_files",
]
