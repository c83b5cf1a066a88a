"""Open what a file is packed in: plain, gzip, zstd, or a zip with one member; never trusting it.

Nothing is unpacked to the disk, so that no name inside an archive can lead anywhere; such names are refused all the
same, for who wrote them meant harm. What is packed far tighter than text ever is, is a bomb.
"""

import io
import zipfile
import zlib
from contextlib import contextmanager
from pathlib import PurePosixPath, PureWindowsPath

from analysis.collect import sniff
from analysis.schema import InputError

#: Posts shrink to a tenth by gzip, to a thirtieth at best; from here on it is no text that anyone wrote.
MOST_RATIO = 400
#: The longest window that zstd itself knows, 2 GiB, as Reddit's dumps have it (``zstd --long=31``). That much of what
#: was unpacked last is kept, and no more.
LONGEST_WINDOW = 2**31
_FREE = 2**27
# A byte of a frame can stand for 32 KiB, so what this many give fills 128 MiB at the very most.
_ZSTD_BYTES = 2**12
_AGAIN = "fetch or copy it again"


class Counted(io.RawIOBase):
    """A binary stream that goes forward only, and counts in ``position`` the bytes that were read of it."""

    def __init__(self, stream):
        self._stream, self.position = stream, 0

    def read(self, size=-1):
        """Read at most so many bytes."""
        data = self._stream.read(size)
        self.position += len(data)
        return data

    def readable(self):
        """Tell that this can be read, as pyarrow asks."""
        return True


class Unpacked:
    """What a packed stream holds, guarded against bombs; ``position`` counts bytes as they are packed."""

    def __init__(self, stream, position, path):
        self._stream, self._position, self._path, self._out = stream, position, path, 0

    @property
    def position(self):
        """Bytes of the file itself that were read so far."""
        return self._position()

    def read(self, size):
        """Read at most so many bytes of what is unpacked; none at the end.

        A bomb is an InputError: over 128 MiB unpacked, and over 400 times what was read.
        """
        data = self._stream.read(size)
        self._out += len(data)
        if self._out > _FREE and self._out > MOST_RATIO * max(self.position, 1):
            raise InputError(
                f"{self._path}: unpacked it is more than {MOST_RATIO} times its size, as no text is; "
                "it may be a bomb, so it is not read further; unpack it yourself if you trust it"
            )
        return data


@contextmanager
def opened(path):
    """Open a file for reading bytes, unpacked; trouble in the block becomes an InputError.

    Parameters
    ----------
    path : Path
        Plain, .gz, .zst or .zip with one member, told from its first bytes.

    Yields
    ------
    object
        Has ``read(size)`` and ``position``, the bytes of the file that were read so far.

    Raises
    ------
    InputError
        If the file is missing, a pipe, damaged, a bomb, or a zip of several members, of a password or with a name that
        leads out of its folder.
    """
    import pyarrow as pa
    import zstandard

    sniff.check_there(path)
    try:
        with path.open("rb") as file:
            start = file.read(4)
            file.seek(0)
            raw = Counted(file)
            if start.startswith(b"\x1f\x8b"):
                yield Unpacked(pa.CompressedInputStream(pa.PythonFile(raw, "r"), "gzip"), lambda: raw.position, path)
            elif start == b"\x28\xb5\x2f\xfd" or start[1:] == b"\x2a\x4d\x18":
                yield Unpacked(_ZstdFrames(raw), lambda: raw.position, path)
            elif start in (b"PK\x03\x04", b"PK\x05\x06"):
                with zipfile.ZipFile(file) as archive, archive.open(_member(path, archive)) as stream:
                    yield Unpacked(stream, lambda: 0 if file.closed else file.tell(), path)
            else:
                yield raw
    except (OSError, EOFError, zipfile.BadZipFile, zlib.error, pa.ArrowInvalid, zstandard.ZstdError) as error:
        raise _damage(error, path) from None


def _member(path, archive):
    """Find the only member of a zip."""
    if any(_leads_out(member) for member in archive.infolist()):
        raise InputError(f"{path}: a member's name leads out of its folder; such an archive is not read")
    members = [one for one in archive.infolist() if not one.is_dir() and not _left_by_systems(one.filename)]
    if len(members) != 1:
        raise InputError(
            f"{path}: the zip holds {len(members):,} files where one is read; unpack it and give its folder"
        )
    if members[0].flag_bits & 1:
        raise InputError(f"{path}: the zip is locked with a password; unpack it first")
    if members[0].compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise InputError(f"{path}: the zip is packed in an unusual way; unpack it and give what is inside")
    return members[0]


def _left_by_systems(name):
    return name.startswith("__MACOSX/") or PurePosixPath(name).name in (".DS_Store", "Thumbs.db", "desktop.ini")


def _leads_out(member):
    name = member.orig_filename.replace("\0", "/..")
    link = (member.external_attr >> 16) & 0o170000 == 0o120000
    path, windows = PurePosixPath(name.replace("\\", "/")), PureWindowsPath(name)
    return link or path.is_absolute() or bool(windows.drive) or ".." in path.parts


def _damage(error, path):
    """Say what is wrong with a packed file."""
    said = str(error)
    if isinstance(error, EOFError) or "runcated" in said:
        return InputError(f"{path}: the packed file breaks off before its end; {_AGAIN}")
    if isinstance(error, OSError) and error.strerror and "zlib" not in said:
        return InputError(f"{path}: cannot be read ({error.strerror}); check the file and its rights")
    return InputError(f"{path}: the packed file is damaged; {_AGAIN}")


class _ZstdFrames:
    """What the frames of a zstd file hold, one behind the other, in memory that is bounded.

    The file has to end with a whole frame, else reading raises EOFError; where it is damaged, zstandard's ZstdError.
    """

    def __init__(self, raw):
        import zstandard

        self._frames = zstandard.ZstdDecompressor(max_window_size=LONGEST_WINDOW)
        self._raw, self._frame, self._packed, self._unread = raw, None, b"", memoryview(b"")

    def read(self, size):
        """Read so many bytes; fewer only at the end."""
        parts = []
        while size and (len(self._unread) or self._unpack()):
            part, self._unread = self._unread[:size], self._unread[size:]
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def _unpack(self):
        """Unpack the next bytes that give anything; False at the end of the file."""
        while not len(self._unread):
            packed, self._packed = self._packed or self._raw.read(_ZSTD_BYTES), b""
            if not packed:
                if self._frame is not None:
                    raise EOFError
                return False
            self._frame = self._frame or self._frames.decompressobj()
            self._unread = memoryview(self._frame.decompress(packed))
            if self._frame.eof:
                self._packed, self._frame = self._frame.unused_data, None
        return True
