"""Account for every record: read = kept + duplicates + refused (+ left out, where only some posts were asked for)."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

_PLACES = 10


@dataclass
class Account:
    """What became of the records of an ingest; `flagged` tells how many times are impossible, and where."""

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
        room = max(_PLACES - len(entry["first"]), 0)
        entry["first"] += [f"{name}, line {line}" for line in lines[:room].tolist()]

    def check(self):
        """Raise an AssertionError if the account does not add up, which would be a fault of this program."""
        accounted = self.kept + self.duplicates + self.left_out + self.refused.total()
        if self.read != accounted:
            raise AssertionError(f"the account does not add up: {self.read:,} read, {accounted:,} accounted for")

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
        lines = [
            f"{self.read:,} records read = {self.kept:,} kept + {self.duplicates:,} duplicates + "
            f"{self.refused.total():,} refused{left}"
        ]
        lines += [f"  refused: {count:,} × {reason}" for reason, count in self.refused.most_common()]
        lines += [f"  noticed: {count:,} × {what}" for what, count in sorted(self.noticed.items())]
        lines += [f"  flagged: {entry['posts']:,} × {what}, kept" for what, entry in sorted(self.flagged.items())]
        return [*lines, *(f"  {note}" for note in self.notes)]


def merge_labels(ids: list[str], labels: list[dict]) -> tuple[list[str], list[dict], Counter]:
    """Join what annotators said of a post that came in several records.

    Where two records differ in a label nobody can tell which is right, so it is missing, whatever their order.
    """
    merged, several, contradicted = {}, set(), set()
    for post, said in zip(ids, labels, strict=True):
        if post not in merged:
            merged[post] = dict(said)
            continue
        several.add(post)
        known = merged[post]
        contradicted |= {(post, label) for label, value in said.items() if known.get(label, value) != value}
        known |= {label: value for label, value in said.items() if label not in known}
    for post, label in contradicted:
        merged[post][label] = None
    noticed = Counter()
    noticed["posts with labels in several records, which were joined"] = len(several)
    noticed["labels that contradict each other, left out"] = len(contradicted)
    return list(merged), list(merged.values()), +noticed


class Progress:
    """A progress bar over the bytes of all files, or nothing where none is wanted."""

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
