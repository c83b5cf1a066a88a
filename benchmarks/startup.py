"""How long a reader waits: for ``import analysis``, and for the main job on the shipped posts.

Each beside what one would use instead, in the same run: ``import pandas`` for a package that loads what it needs at
once, and ``jupyter nbconvert --execute`` on the same lessons for the main job. The best of several turns counts.

Run it as ``.venv/bin/python benchmarks/startup.py``; it needs no network.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]


def seconds(command: list[str], turns: int, **options) -> float:
    """Give the shortest time of some turns of a command, in seconds."""
    best = float("inf")
    for _ in range(turns):
        start = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)
        best = min(best, time.perf_counter() - start)
    return best


def row(name: str, ours: float, other: float, instead: str) -> None:
    """Print one comparison."""
    print(f"{name:34} {ours:7.2f} s   {instead:34} {other:7.2f} s   ratio {ours / other:.2f}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--turns", type=int, default=3, help="turns of each command; the best counts (3)")
    turns = parser.parse_args().turns
    python = sys.executable
    nothing = seconds([python, "-c", "pass"], 5 * turns)
    ours = seconds([python, "-c", "import analysis"], 5 * turns) - nothing
    row("import analysis", ours, seconds([python, "-c", "import pandas"], 5 * turns) - nothing, "import pandas")
    tool = Path(python).with_name("jupyter-nbconvert")
    ours = seconds([python, "-m", "analysis", "--help"], 5 * turns)
    row("python -m analysis --help", ours, seconds([str(tool), "--help"], turns), "jupyter nbconvert --help")
    with tempfile.TemporaryDirectory() as folder:
        run = seconds([python, "-m", "analysis", "run", "--out", f"{folder}/results"], turns, cwd=ROOT)
        shutil.copytree(ROOT / "notebooks", f"{folder}/notebooks")
        lessons = sorted(str(path) for path in Path(folder, "notebooks").glob("[0-9]*.ipynb"))
        convert = seconds([str(tool), "--to", "html", "--execute", *lessons], turns)
        row(f"python -m analysis run, {len(lessons)} lessons", run, convert, "jupyter nbconvert --execute")


if __name__ == "__main__":
    main()
