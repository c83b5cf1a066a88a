"""Interruptions that wait for the right moment."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Interrupts:
    """While it is entered, SIGINT and SIGTERM raise KeyboardInterrupt, but not in a block that must be done whole.

    Outside the main thread, which alone is told of signals, it does nothing.
    """

    _SIGNALS = (signal.SIGINT, signal.SIGTERM)

    def __init__(self):
        self._held, self._waiting, self._before = False, False, {}

    def __enter__(self):
        """Listen."""
        if threading.current_thread() is threading.main_thread():
            self._before = {number: signal.signal(number, self._heard) for number in self._SIGNALS}
        return self

    def __exit__(self, *error):
        """Give the signals back to whoever listened before."""
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _heard(self, number, frame):
        if not self._held:
            raise KeyboardInterrupt
        self._waiting = True

    @contextmanager
    def held(self) -> Iterator[None]:
        """Let an interruption wait until the block is done."""
        self._held = True
        try:
            yield
        finally:
            self._held = False
        if self._waiting:
            self._waiting = False
            raise KeyboardInterrupt
