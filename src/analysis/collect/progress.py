"""Show how far an ingest is: bytes of the files, and records."""

from __future__ import annotations


class Progress:
    """A progress bar over the bytes of all files, or nothing where none is wanted.

    Parameters
    ----------
    total : int
        Bytes.
    shown : bool
    """

    def __init__(self, total: int, *, shown: bool):
        self._bar, self._before, self._file = None, 0, None
        if shown:
            from tqdm import tqdm

            self._bar = tqdm(total=total, unit="B", unit_scale=True, unit_divisor=1024, dynamic_ncols=True, leave=False)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        if self._bar is not None:
            self._bar.close()

    def update(self, path, position: int, records: int):
        """Tell how many bytes of a file were read, and how many records in all."""
        if self._bar is None:
            return
        if path != self._file:
            self._file, self._before = path, 0
        self._bar.set_postfix_str(f"{records:,} records", refresh=False)
        if position > self._before:
            self._bar.update(position - self._before)
            self._before = position
