"""Unpack zstd as a stream, with the long windows of Reddit's dumps (``zstd --long=31``), in memory that is bounded."""

from __future__ import annotations

#: The longest window that zstd itself knows: 2 GiB. That much of what was unpacked last is kept, and no more.
LONGEST_WINDOW = 2**31
# A byte of a frame can stand for 32 KiB, so what one bite gives fills 128 MiB at the very most.
_BITE = 2**12


class Frames:
    """What the frames of a zstd file hold, one behind the other, given by ``read(size)``.

    Parameters
    ----------
    raw : binary stream
        As packed; its last frame has to be whole.
    """

    def __init__(self, raw):
        import zstandard

        self._frames = zstandard.ZstdDecompressor(max_window_size=LONGEST_WINDOW)
        self._raw, self._frame, self._packed, self._held = raw, None, b"", memoryview(b"")

    def read(self, size: int) -> bytes:
        """Read so many bytes; fewer only at the end.

        Raises
        ------
        EOFError
            If the file ends within a frame.
        zstandard.ZstdError
            If it is damaged.
        """
        parts = []
        while size and (len(self._held) or self._unpack()):
            part, self._held = self._held[:size], self._held[size:]
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def _unpack(self):
        """Unpack the next bite that gives anything; False at the end of the file."""
        while not len(self._held):
            packed, self._packed = self._packed or self._raw.read(_BITE), b""
            if not packed:
                if self._frame is not None:
                    raise EOFError
                return False
            self._frame = self._frame or self._frames.decompressobj()
            self._held = memoryview(self._frame.decompress(packed))
            if self._frame.eof:
                self._packed, self._frame = self._frame.unused_data, None
        return True
