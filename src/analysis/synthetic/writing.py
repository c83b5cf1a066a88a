"""Write a corpus into a folder: one call at a time, whole or not at all, by several processes at once."""

import os
import re
import shutil
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from itertools import islice
from multiprocessing import get_context, resource_tracker
from pathlib import Path
from tempfile import TemporaryDirectory

from analysis.schema import InputError

FILES = ("posts.csv", "truth.csv", "planted.csv")  # the last one marks a folder as ours, and is written last
_PREFIX = ".invent-"
_OURS = re.compile(re.escape(_PREFIX) + r"[a-z0-9_]{8}")


@contextmanager
def beside(folder: Path):
    """Offer a hidden folder in `folder` that is gone at the end; those of calls that were killed go before.

    Parameters
    ----------
    folder
        Made where it is missing. It is locked meanwhile, by a lock that ends with its process; where the system knows
        none (Windows, some network drives), several calls may write there, and what killed ones left stays.

    Raises
    ------
    InputError
        If another call is writing there, or a file of one of these names is from no earlier call.
    """
    taken = [name for name in FILES if (folder / name).exists()]
    if taken and FILES[-1] not in taken:
        raise InputError(
            f"{folder / taken[0]}: no earlier call made this file, so it is left alone; choose another folder"
        )
    folder.mkdir(parents=True, exist_ok=True)
    with _locked(folder) as surely:
        if surely:
            _sweep(folder)
        try:
            with TemporaryDirectory(dir=folder, prefix=_PREFIX, ignore_cleanup_errors=True) as hidden:
                yield Path(hidden)
        finally:  # an interrupt may fall between the making of the hidden folder and the promise to remove it
            if surely:
                _sweep(folder)


@contextmanager
def _locked(folder):
    """Lock a folder itself, which leaves no file behind; tell whether it could be locked."""
    try:
        import fcntl
    except ImportError:
        yield False
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            surely = True
        except BlockingIOError:
            raise InputError(f"{folder}: another call is writing there; wait for its end, or choose another") from None
        except OSError:
            surely = False
        yield surely
    finally:
        os.close(descriptor)


def _sweep(folder):
    """Remove the hidden folders that calls left which were killed."""
    for left in folder.iterdir():
        if _OURS.fullmatch(left.name) and left.is_dir() and not left.is_symlink():
            with suppress(OSError):
                if left.stat().st_uid == os.getuid():
                    shutil.rmtree(left, ignore_errors=True)


class Hashed:
    """A file that is written, with the SHA-256 of what was written so far."""

    def __init__(self, stream):
        self._stream, self._sum = stream, sha256()

    def write(self, data: bytes) -> None:
        """Write on."""
        self._stream.write(data)
        self._sum.update(data)

    def sum(self) -> str:
        """Return the SHA-256, as 64 hexadecimal digits."""
        return self._sum.hexdigest()


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
