"""The folder that an invented corpus is written into: one call at a time, and whole or not at all."""

import os
import re
import shutil
from contextlib import contextmanager, suppress
from hashlib import sha256
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
