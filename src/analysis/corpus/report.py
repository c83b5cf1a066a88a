"""Stub."""


def report():
    """Stub."""
