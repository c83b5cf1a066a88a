"""The memory of a process and of all that it starts, while something runs (Linux alone; 0 elsewhere)."""

import threading
import time
from pathlib import Path


class Memory(threading.Thread):
    """Polls the memory of this process and its children, in MiB: ``with Memory() as memory: ...; memory.peak``."""

    def __init__(self):
        super().__init__(daemon=True)
        self.peak, self.ended = 0.0, False

    def run(self):
        """Keep the highest sum of proportional shares."""
        while not self.ended:
            self.peak = max(self.peak, sum(map(share, family())))
            time.sleep(0.1)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.ended = True
        self.join()


def family(pid="self") -> list:
    """Return the ids of a process and of all that it started, and they in turn; none where there is no /proc."""
    tasks = Path(f"/proc/{pid}/task")
    if not tasks.is_dir():
        return []
    found = [pid]
    for task in tasks.glob("*/children"):
        try:
            found += [child for each in task.read_text().split() for child in family(each)]
        except OSError:
            continue
    return found


def share(pid: str) -> float:
    """Return the proportional share of memory of one process, in MiB."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)
