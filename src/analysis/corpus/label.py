"""Stub."""


def annotate():
    """Stub."""
