"""Write a corpus into a folder: one call at a time, whole or not at all, by several processes at once."""

import os
import re
import shutil
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from functools import partial
from hashlib import sha256
from itertools import islice
from multiprocessing import get_context, parent_process
from pathlib import Path
from tempfile import TemporaryDirectory

from analysis.schema import InputError

FILES = ("posts.csv", "truth.csv", "planted.csv")  # the last one marks a folder as ours, and is written last
_PREFIX = ".invent-"
_OURS = re.compile(re.escape(_PREFIX) + r"[a-z0-9_]{8}")


@contextmanager
def beside(folder: Path):
    """Offer a hidden folder in `folder` that is gone at the end; those of calls that were killed go before.

    The folder is locked meanwhile, by a lock that ends with its process; where the system knows none (Windows, some
    network drives), several calls may write there, and what killed ones left stays.
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
    """Offer a function like ``map``, whose calls run in so many processes; with 1, nothing is started.

    No more items are held than there are processes; results come in the order of the items. Ctrl-C is left to the
    process that started them: however the block ends, they are killed then.
    """
    if processes < 2:
        yield map
        return
    pool = ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=_prepare_worker)
    try:
        yield partial(_map_in_turn, pool, processes)
    except BrokenProcessPool:
        raise InputError("a process that wrote posts was ended from outside; is there memory enough?") from None
    finally:
        # Python 3.14 has kill_workers for this; before it, the pool's own list of processes is the only one.
        for process in list(getattr(pool, "_processes", None) or {}):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGTERM)
        pool.shutdown(wait=True, cancel_futures=True)


def _prepare_worker():
    """Leave Ctrl-C to the process that started this one, and end where that one is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent():
    parent_process().join()
    os._exit(1)


def _map_in_turn(pool, processes, function, items: Iterable) -> Iterator:
    """Hand out as many items as there are processes, and take the results in turn."""
    items = iter(items)
    waiting = deque(pool.submit(function, item) for item in islice(items, processes))
    while waiting:
        result = waiting.popleft().result()
        waiting.extend(pool.submit(function, item) for item in islice(items, 1))
        yield result
