"""The command line: ``python -m analysis run | ingest | forget | export | label | invent | lab | test | picture``."""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from analysis import __version__
from analysis.workshop.commands import add_commands

#: The README's picture: a figure of a lesson, and where it is kept.
PICTURE = ("03-spread", "posts-by-hour", Path("site", "spread.png"))

_ABOUT = """\
Notebooks and a small package for studying how #MeToo spread and what people said under it.

  python -m analysis run                    run every lesson on the shipped data, into results/
  python -m analysis run --data my.csv      run them on your own: a table of posts, or a list of post ids
  python -m analysis run --lesson 03        run one lesson
  python -m analysis ingest FILE --out posts.parquet    an archive of posts into such a table, its people protected
  python -m analysis invent --theme neutral --out first-jobs    posts on an everyday subject, for those who prefer it
  python -m analysis lab                    open the lessons in JupyterLab
  python -m analysis test                   run the tests

Then open results/index.html in a browser. Nothing here needs a network.
Content note: the lessons are about sexual harassment and assault; nothing graphic is shown.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Parameters
    ----------
    arguments : sequence of str, optional
        ``sys.argv[1:]`` where it is not given.

    Returns
    -------
    int
        The exit status: 0; 1 where a lesson or a test failed; 2 for bad input, told in one line; 130 if interrupted.
    """
    parser = _parser()
    known, rest = parser.parse_known_args(arguments)
    if known.command is None:
        parser.print_help()
        return 0
    if rest and known.command not in (_lab, _test):  # these two hand on what they are given
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    try:
        return known.command(known, rest)
    except KeyboardInterrupt as error:
        print(f"interrupted{f'; {error}' if str(error) else ''}", file=sys.stderr)
        return 130
    except (ValueError, OSError) as error:
        from analysis.schema import InputError

        if not isinstance(error, InputError | OSError):
            raise  # a fault of ours: it keeps its traceback
        print(f"error: {' '.join(str(error).split())}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    form = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(
        prog="python -m analysis", description=_ABOUT, formatter_class=form, allow_abbrev=False
    )
    parser.add_argument("--version", action="version", version=f"hashtag-notebooks {__version__}")
    parser.set_defaults(command=None)
    commands = parser.add_subparsers(title="commands", metavar="")
    run = commands.add_parser(
        "run",
        help="run the lessons on a data set and write figures, tables and pages",
        description="Run the lessons in order on a data set. Lessons that need what the data do not hold are skipped, "
        "and the run says which and why. Exit status: 0; 1 where a lesson failed; 2 for bad input.",
    )
    run.set_defaults(command=_run)
    run.add_argument(
        "--data", metavar="PATH",
        help="a table of posts (CSV, Parquet), a list of post ids, or a folder of them (default: the shipped sample)",
    )  # fmt: skip
    run.add_argument(
        "--second", choices=["parent_id", "root_id"],
        help="what the second column of an id list without a header holds",
    )  # fmt: skip
    run.add_argument(
        "--lesson", metavar="NAME", action="append", default=[], dest="lessons",
        help="run only this lesson: 03, 03-spread or spread; several as 03,04 or by repeating the option",
    )  # fmt: skip
    run.add_argument("--out", metavar="DIR", default="results", help="where to write (default: results)")
    run.add_argument("--seed", metavar="N", type=int, default=1, help="for every random step (default: 1)")
    run.add_argument("--lessons-dir", metavar="DIR", help="where the lessons are (default: the project's notebooks)")
    invent = commands.add_parser(
        "invent",
        help="invent a corpus of posts, with what was planted in them",
        description="Invent hashtag posts and write posts.csv, truth.csv (what was planted in each) and planted.csv "
        "(the settings) into a folder; or compare the sample with published figures. No post is a real person's.",
    )
    invent.set_defaults(command=_invent)
    invent.add_argument(
        "--posts", metavar="N", type=int, default=20_000,
        help="originals, replies and quotes; reposts come on top (default: 20000)",
    )  # fmt: skip
    invent.add_argument("--seed", metavar="S", type=int, default=1, help="the same seed, the same bytes (default: 1)")
    invent.add_argument(
        "--start", metavar="DAY", default="2017-10-15", help="the day of the call (default: 2017-10-15)"
    )
    invent.add_argument("--days", metavar="N", type=int, default=31, help="how many days (default: 31)")
    invent.add_argument(
        "--theme", choices=["metoo", "neutral"], default="metoo",
        help="what is told: metoo, or neutral for an everyday subject, first jobs (default: metoo)",
    )  # fmt: skip
    where = invent.add_mutually_exclusive_group(required=True)
    where.add_argument("--out", metavar="DIR", help="where to write; made where it is missing")
    where.add_argument("--report", action="store_true", help="print each calibrated figure: target, found, within")
    add_commands(commands)
    lab = commands.add_parser(
        "lab",
        help="open the lessons in JupyterLab",
        description="Open JupyterLab on the lessons. Whatever else is given goes to it: --no-browser, say.",
    )
    lab.set_defaults(command=_lab)
    test = commands.add_parser(
        "test",
        help="run the tests",
        description="Run the tests. Whatever else is given goes to pytest: -k spread, say.",
    )
    test.set_defaults(command=_test)
    picture = commands.add_parser(
        "picture", help="draw the README's picture again", description=f"Draw {PICTURE[2].as_posix()} again."
    )
    picture.set_defaults(command=_picture)
    return parser


def _run(options: argparse.Namespace, rest: Sequence[str]) -> int:
    from analysis.workshop.runs import run

    manifest = run(
        options.data, second=options.second, lessons=options.lessons, out=options.out, seed=options.seed,
        folder=options.lessons_dir,
    )  # fmt: skip
    ran = [lesson for lesson in manifest["lessons"] if lesson["name"] in manifest["ran"]]
    print(_summary(ran))
    print(f"Open {Path(options.out, 'index.html')} in a browser.")
    return int(any(lesson["state"] == "failed" for lesson in ran))


def _summary(lessons: Sequence[Mapping]) -> str:
    """Say in a few lines how the lessons of a run ended."""
    from analysis.workshop.progress import summary

    done = [lesson["name"] for lesson in lessons if lesson["state"] == "done"]
    rest = [summary(lesson) for lesson in lessons if lesson["state"] != "done"]
    if lessons and all(lesson["state"] == "skipped" for lesson in lessons):
        return "\n".join(["No lesson could run on these data:", *rest])
    count = f"{len(done)} of {len(lessons)} {'lesson' if len(lessons) == 1 else 'lessons'} done:"
    return "\n".join([" ".join([count, ", ".join(done)]).rstrip(), *rest])


def _invent(options: argparse.Namespace, rest: Sequence[str]) -> int:
    from tqdm import tqdm

    from analysis.synthetic import calibration_report, invent_to, report_lines

    if options.report:
        found = calibration_report(options.posts, options.seed, theme=options.theme)
        print(report_lines(found))
        return 0
    with _stoppable(), tqdm(total=None, unit="post", unit_scale=True, disable=None) as bar:

        def tell(done, total):
            bar.total = total
            bar.update(done - bar.n)

        settings = {"start": options.start, "days": options.days, "theme": options.theme}
        processes = 1 if options.posts < 100_000 else min(2, os.cpu_count() or 1)
        planted = invent_to(options.out, options.posts, options.seed, processes=processes, tell=tell, **settings)
    print(f"{planted['rows']:,} posts are in {Path(options.out, 'posts.csv')}, what was planted is beside it.")
    print(f"Run the lessons on them: python -m analysis run --data {Path(options.out, 'posts.csv')} --out DIR")
    return 0


@contextmanager
def _stoppable() -> Iterator[None]:
    """Let SIGTERM interrupt as SIGINT does; another within two seconds disturbs no tidying."""
    heard = []

    def stop(number, frame):
        if not heard or time.monotonic() - heard[-1] > 2:
            heard.append(time.monotonic())
            raise KeyboardInterrupt("nothing of it was kept")

    told = (signal.SIGINT, signal.SIGTERM) if threading.current_thread() is threading.main_thread() else ()
    before = {number: signal.signal(number, stop) for number in told}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _lab(options: argparse.Namespace, rest: Sequence[str]) -> int:
    from analysis.schema import find_root

    root = find_root()
    lessons = sorted(path.name for path in (root / "notebooks").glob("*.ipynb"))
    quiet = {  # nothing is asked of a network: no news, no newer versions, no catalogue of extensions
        "LabApp.news_url": None,
        "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
        "LabApp.extension_manager": "readonly",
    }
    place = {"ServerApp.root_dir": root, "LabApp.default_url": "/".join(["/lab/tree/notebooks", *lessons[:1]])}
    flags = [f"--{name}={value}" for name, value in {**quiet, **place}.items()]
    return _call([sys.executable, "-m", "jupyterlab", *flags, *rest], root, JUPYTER_PREFER_ENV_PATH="1")


def _test(options: argparse.Namespace, rest: Sequence[str]) -> int:
    from analysis.schema import find_root

    spread = [] if rest else ["-n", "auto", "--dist", "worksteal"]  # the whole suite takes every core
    return _call([sys.executable, "-m", "pytest", *spread, *rest], find_root())


def _call(command: Sequence[str], folder: Path, **environment: str) -> int:
    """Run a program in a folder and give its exit status; Ctrl-C is the program's to answer."""
    before = signal.signal(signal.SIGINT, lambda number, frame: None)
    try:
        return subprocess.call(command, cwd=folder, env={**os.environ, **environment})
    finally:
        signal.signal(signal.SIGINT, before)


def _picture(options: argparse.Namespace, rest: Sequence[str]) -> int:
    from analysis.schema import InputError, find_root
    from analysis.workshop.runs import run

    lesson, figure, place = PICTURE
    with tempfile.TemporaryDirectory(prefix="analysis-") as folder:
        manifest = run(lessons=[lesson], out=Path(folder, "results"))
        drawn = Path(folder, "results", lesson, "figures", f"{figure}.png")
        if not drawn.is_file():
            raise InputError(f"lesson {lesson} has drawn no {figure}: {_summary(manifest['lessons'])}")
        target = find_root() / place
        target.parent.mkdir(exist_ok=True)
        shutil.copyfile(drawn, target)
    print(f"{place.as_posix()} is drawn again.")
    return 0
