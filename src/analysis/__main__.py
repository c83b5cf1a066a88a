"""``python -m analysis``: see :mod:`analysis.workshop.cli`."""

from analysis.workshop.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
