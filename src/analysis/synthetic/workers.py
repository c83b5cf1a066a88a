"""Processes that write chunks at the same time, and end with the one that started them."""

import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from multiprocessing import get_context, resource_tracker

from analysis.schema import InputError


@contextmanager
def workers(processes: int) -> Iterator[Callable]:
    """Offer a function like ``map``, whose calls run in so many processes.

    Each process is sent one item at a time, so that no more items are held than there are processes; results come in
    the order of the items. Ctrl-C is left to the process that started them: however the block ends, they are killed
    then, and where that process is killed itself, they end at the closed pipe.

    Parameters
    ----------
    processes
        With 1, nothing is started.

    Raises
    ------
    InputError
        If one of them was ended from outside. What the function raises in them is raised here.
    """
    if processes < 2:
        yield map
        return
    started = []
    try:
        with _deaf():
            for _ in range(processes):
                started.append(_start())
        yield lambda function, items: _shared([pipe for _, pipe in started], function, iter(items))
    finally:
        for process, pipe in started:
            process.kill()
            pipe.close()
        for process, _ in started:
            process.join()


@contextmanager
def _deaf():
    """Hold SIGINT back for a moment: what starts within it never hears it, from its first instruction on."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    resource_tracker.ensure_running()  # which would open the way again where it starts within
    before, heard = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT}), []
    main = threading.current_thread() is threading.main_thread()  # other threads may be told for it
    numbers = (signal.SIGINT, signal.SIGTERM) if main else ()
    handlers = {n: signal.signal(n, lambda number, frame: heard.append(number)) for n in numbers}
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        for number in heard[:1]:
            signal.raise_signal(number)


def _start():
    """Start a process that inherits nothing, so that no other one holds its pipe open."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs,), daemon=True)
    process.start()
    theirs.close()
    return process, ours


def _serve(pipe):
    """Answer calls until nobody calls any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(EOFError, OSError):
        while True:
            function, item = pipe.recv()
            try:
                answer = True, function(item)
            except Exception as error:  # the caller raises it
                answer = False, error
            pipe.send(answer)


def _shared(pipes, function, items: Iterable) -> Iterator:
    """Share items out, one a process, and take the results in turn."""
    try:
        waiting = []
        for pipe, item in zip(pipes, islice(items, len(pipes)), strict=False):
            pipe.send((function, item))
            waiting.append(pipe)
        while waiting:
            pipe = waiting.pop(0)
            done, result = pipe.recv()
            if not done:
                raise result
            for item in islice(items, 1):
                pipe.send((function, item))
                waiting.append(pipe)
            yield result
    except (EOFError, ConnectionError):
        raise InputError("a process that wrote posts was ended from outside; is there memory enough?") from None
