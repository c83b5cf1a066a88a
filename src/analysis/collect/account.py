"""Account for every record: read = kept + duplicates + refused (+ left out, where only some posts were asked for)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

_PLACES = 10


@dataclass
class Account:
    """What became of the records of an ingest.

    Attributes
    ----------
    read, kept, duplicates, left_out : int
        Numbers of records.
    refused : Counter
        By the reason.
    noticed : Counter
        What was mended, missing or odd in rows that were kept.
    flagged : dict
        Impossible times, by what is impossible: how many, and where the first ones are.
    files : list of dict
        For each file: its name, format, bytes and records.
    notes : list of str
    """

    read: int = 0
    kept: int = 0
    duplicates: int = 0
    left_out: int = 0
    refused: Counter = field(default_factory=Counter)
    noticed: Counter = field(default_factory=Counter)
    flagged: dict = field(default_factory=dict)
    files: list = field(default_factory=list)
    notes: list = field(default_factory=list)

    def flag(self, what: str, name: str, lines):
        """Remember rows of impossible times."""
        entry = self.flagged.setdefault(f"times {what}", {"posts": 0, "first": []})
        entry["posts"] += len(lines)
        room = _PLACES - len(entry["first"])
        entry["first"] += [f"{name}, line {line}" for line in lines[:room].tolist()] if room > 0 else []

    def check(self):
        """Raise an AssertionError if the account does not add up, which would be a fault of this program."""
        told = self.kept + self.duplicates + self.left_out + self.refused.total()
        if self.read != told:
            raise AssertionError(f"the account does not add up: {self.read:,} records read, {told:,} accounted for")

    def report(self, out: Path, options: dict) -> dict:
        """Give what is written to the report."""
        return {
            "output": out.name,
            "read": self.read,
            "kept": self.kept,
            "duplicates": self.duplicates,
            "refused": self.refused.total(),
            "left_out": self.left_out,
            "refused_by_reason": dict(self.refused.most_common()),
            "noticed": dict(sorted(self.noticed.items())),
            "flagged": self.flagged,
            "notes": self.notes,
            "options": options,
            "files": self.files,
        }

    def lines(self) -> list[str]:
        """Tell the account in lines for a reader."""
        left = f" + {self.left_out:,} left out" if self.left_out else ""
        told = [
            f"{self.read:,} records read = {self.kept:,} kept + {self.duplicates:,} duplicates + "
            f"{self.refused.total():,} refused{left}"
        ]
        told += [f"  refused: {count:,} × {reason}" for reason, count in self.refused.most_common()]
        told += [f"  noticed: {count:,} × {what}" for what, count in sorted(self.noticed.items())]
        told += [f"  flagged: {entry['posts']:,} × {what}, kept" for what, entry in sorted(self.flagged.items())]
        return [*told, *(f"  {note}" for note in self.notes)]
