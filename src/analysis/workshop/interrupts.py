"""Interruptions that wait for the right moment."""

from __future__ import annotations

import signal
import threading
import time
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


@contextmanager
def stoppable(message: str) -> Iterator[None]:
    """Let SIGTERM interrupt as SIGINT does, with a message; another within two seconds disturbs no tidying."""
    last = []

    def stop(number, frame):
        if not last or time.monotonic() - last[-1] > 2:
            last.append(time.monotonic())
            raise KeyboardInterrupt(message)

    signals = (signal.SIGINT, signal.SIGTERM) if threading.current_thread() is threading.main_thread() else ()
    before = {number: signal.signal(number, stop) for number in signals}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
