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

    def __init__(self):
        self._held, self._waiting, self._listening = False, False, _listening(self._heard)

    def __enter__(self):
        self._listening.__enter__()
        return self

    def __exit__(self, *error):
        return self._listening.__exit__(*error)

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

    with _listening(stop):
        yield


@contextmanager
def _listening(handler):
    """Let a function hear of SIGINT and SIGTERM, where this is the thread that is told of them."""
    signals = (signal.SIGINT, signal.SIGTERM) if threading.current_thread() is threading.main_thread() else ()
    before = {number: signal.signal(number, handler) for number in signals}
    try:
        yield
    finally:
        for number, earlier in before.items():
            signal.signal(number, earlier)
