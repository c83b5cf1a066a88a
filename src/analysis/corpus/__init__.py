"""Invent hashtag posts whose shape is known, with what was planted in each kept beside them.

No post is a real person's words: texts come from the phrase files in ``phrases/``, people and firms are made up, and no
id can be a real post's (worker number 0).
"""

from analysis.corpus.generate import invent

__all__ = ["invent"]
