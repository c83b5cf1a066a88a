"""One run at a time in a folder: a lock that the system itself takes away when its holder dies."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from analysis.schema import InputError

LOCK = ".lock"
_PREFIX = "analysis-"
_BUSY = (errno.EACCES, errno.EAGAIN, errno.EWOULDBLOCK, errno.EDEADLK)


@contextmanager
def locked(folder: Path, *, sure: bool = False) -> Iterator[None]:
    """Hold a folder for one run, by a hidden file in it; InputError where another run holds it.

    Where the system knows no such locks (some network drives), it is refused if `sure`; else the block runs without
    one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / LOCK
    descriptor = _hold(path, sure)
    if descriptor is None:
        raise InputError(f"{folder}: another run is writing there; wait for its end, or name another folder by --out")
    try:
        yield
    finally:
        if os.name == "nt":  # which removes no open file
            os.close(descriptor)
        with suppress(OSError):
            path.unlink()
        if os.name != "nt":
            os.close(descriptor)


def _hold(path: Path, sure: bool) -> int | None:
    """Open and lock a file, and give its descriptor; None where somebody else has locked it."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
        try:
            _lock(descriptor)
        except OSError as error:
            if sure or error.errno in _BUSY:
                os.close(descriptor)
                return None
        with suppress(OSError):
            if os.path.samestat(os.fstat(descriptor), path.stat()):
                return descriptor
        os.close(descriptor)  # its last holder has just removed it


def _lock(descriptor: int) -> None:
    """Lock an open file without waiting, or raise OSError."""
    try:
        import fcntl
    except ImportError:
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def temporary() -> Iterator[Path]:
    """Make a temporary folder that goes at the end; those of runs that were killed go too."""
    for left in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(OSError, InputError):
            _sweep(left)
    with tempfile.TemporaryDirectory(prefix=_PREFIX, ignore_cleanup_errors=True) as folder, locked(Path(folder)):
        yield Path(folder)


def _sweep(folder: Path) -> None:
    """Remove a temporary folder of ours whose run is no more."""
    mine = not hasattr(os, "getuid") or folder.lstat().st_uid == os.getuid()
    if mine and not folder.is_symlink() and (folder / LOCK).is_file():
        with locked(folder, sure=True):
            shutil.rmtree(folder, ignore_errors=True)
