"""What the commands say on standard output."""

from __future__ import annotations

import sys


def say(*lines: str) -> None:
    """Write lines to standard output; what its encoding lacks becomes an escape, so nothing fails at its last word.

    Parameters
    ----------
    *lines : str
        Without their line ends.
    """
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write("".join(f"{line}\n" for line in lines).encode(encoding, "backslashreplace").decode(encoding))
