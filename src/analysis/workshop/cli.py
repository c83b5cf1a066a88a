"""The command line: ``python -m analysis run | ingest | forget | export | label | invent | exercises | lab | test``."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from analysis import __version__
from analysis.workshop.commands import export, forget, ingest
from analysis.workshop.label import label
from analysis.workshop.terminal import random_state_option, say, second_option

#: The README's picture: a figure of a lesson, and where it is kept.
PICTURE = ("03-spread", "posts-by-hour", Path("site", "spread.png"))


@click.group(
    invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, message=f"hashtag-notebooks {__version__}")
@click.pass_context
def commands(context: click.Context) -> int:
    """Notebooks and a small package for studying how #MeToo spread and what people said under it.

    \b
      python -m analysis run                    run every lesson on the shipped data, into results/
      python -m analysis run --data my.csv      run them on your own: a table of posts, or a list of post ids
      python -m analysis run --lesson 03        run one lesson
      python -m analysis ingest FILE --out posts.parquet    an archive of posts into such a table, its people protected
      python -m analysis invent --theme neutral --out first-jobs    posts on an everyday subject instead
      python -m analysis lab                    open the lessons in JupyterLab
      python -m analysis test                   run the tests

    \b
    Then open results/index.html in a browser. Nothing here needs a network.
    Content note: the lessons are about sexual harassment and assault; nothing graphic is shown.
    """  # noqa: D301
    if context.invoked_subcommand is None:
        click.echo(context.get_help())
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command, of ``sys.argv[1:]`` where none is given.

    Returns
    -------
    int
        The exit status: 0; 1 where a lesson or a test failed; 2 for bad input, told in one line; 130 if interrupted.
    """
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    try:
        with commands.make_context("python -m analysis", arguments) as context:
            return commands.invoke(context) or 0
    except click.exceptions.Exit as ending:  # the help or the version was shown
        return ending.exit_code
    except click.UsageError as error:
        about = error.ctx.command_path if error.ctx else "python -m analysis"
        print(f"error: {error.format_message()} See {about} --help", file=sys.stderr)
        return 2
    except KeyboardInterrupt as error:
        print(f"interrupted{f'; {error}' if str(error) else ''}", file=sys.stderr)
        return 130
    except (ValueError, OSError) as error:
        from analysis.schema import InputError

        if not isinstance(error, InputError | OSError):
            raise  # a fault of ours: it keeps its traceback
        print(f"error: {' '.join(str(error).split())}", file=sys.stderr)
        return 2


@commands.command()
@click.option(
    "--data",
    metavar="PATH",
    help="A table of posts (CSV, Parquet), a list of post ids, or a folder of them. Default: the shipped sample.",
)
@second_option
@click.option(
    "--lesson",
    "lessons",
    metavar="NAME",
    multiple=True,
    help="Run only this lesson: 03, 03-spread or spread. Several as 03,04 or by repeating the option.",
)
@click.option("--advanced", is_flag=True, help="Run the advanced lessons too.")
@click.option("--out", metavar="DIR", default="results", show_default=True, help="Where to write.")
@random_state_option("The seed of every random step: the same seed, the same results.")
@click.option("--lessons-dir", metavar="DIR", help="Where the lessons are. Default: the project's notebooks.")
def run(data, second, lessons, advanced, out, random_state, lessons_dir) -> int:
    """Run the lessons on a data set and write figures, tables and pages.

    Lessons that need what the data do not hold are skipped, and the run says which and why.
    Exit status: 0; 1 where a lesson failed; 2 for bad input.
    """
    from analysis.workshop import runs

    settings = {"second": second, "lessons": lessons, "out": out, "random_state": random_state, "folder": lessons_dir}
    manifest = runs.run(data, **settings, advanced=advanced)
    ran = [lesson for lesson in manifest["lessons"] if lesson["name"] in manifest["ran"]]
    say(_summary(ran), f"Open {Path(out, 'index.html')} in a browser.")
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


for command in (ingest, forget, export, label):
    commands.add_command(command)


@commands.command()
@click.option("--posts", metavar="N", default=20_000, show_default=True, help="All but reposts, which come on top.")
@random_state_option("The same seed, the same bytes.")
@click.option("--start", metavar="DAY", default="2017-10-15", show_default=True, help="The day of the call.")
@click.option("--days", metavar="N", default=31, show_default=True, help="How many days.")
@click.option(
    "--theme",
    type=click.Choice(["metoo", "neutral"]),
    default="metoo",
    show_default=True,
    help="What is told: metoo, or neutral for an everyday subject, first jobs.",
)
@click.option("--out", metavar="DIR", help="Where to write; made where it is missing.")
@click.option("--report", is_flag=True, help="Instead, print each calibrated figure: target, found, within.")
def invent(posts, random_state, start, days, theme, out, report) -> int:
    """Invent a corpus of posts, with what was planted in them.

    Writes posts.csv, truth.csv (what was planted in each) and planted.csv (the settings) into a folder; or compares the
    sample with published figures. No post is a real person's.
    """
    from analysis.synthetic import calibration_report, invent_to, report_lines

    if report == (out is not None):
        raise click.UsageError("name a folder by --out, or ask for the --report: one of the two.")
    if report:
        say(report_lines(calibration_report(posts, random_state, theme=theme)))
        return 0

    from tqdm import tqdm

    from analysis.workshop.interrupts import stoppable

    with stoppable("nothing of it was kept"), tqdm(total=None, unit="post", unit_scale=True, disable=None) as bar:

        def tell(done, total):
            bar.total = total
            bar.update(done - bar.n)

        settings = {"start": start, "days": days, "theme": theme}
        processes = 1 if posts < 100_000 else min(2, os.cpu_count() or 1)
        planted = invent_to(out, posts, random_state, processes=processes, tell=tell, **settings)
    path = Path(out, "posts.csv")
    say(
        f"{planted['rows']:,} posts are in {path}, what was planted is beside it.",
        f"Run the lessons on them: python -m analysis run --data {path} --out DIR",
    )
    return 0


@commands.command()
@click.option(
    "--solutions", metavar="DIR", help="Where the solutions are. Default: the project's notebooks/exercises/solutions."
)
@click.option("--out", metavar="DIR", help="Where the exercises go. Default: the folder above the solutions.")
def exercises(solutions, out) -> int:
    """Write the students' exercises from their solutions.

    What stands between the lines ### BEGIN SOLUTION and ### END SOLUTION is left blank. An exercise of the same name
    that is there is written over.
    """
    from analysis.schema import find_root
    from analysis.workshop.exercises import write_exercises

    solutions = Path(solutions) if solutions else find_root() / "notebooks" / "exercises" / "solutions"
    written = write_exercises(solutions, Path(out) if out else solutions.parent)
    say(*(f"Exercise: {path}" for path in written))
    return 0


_HANDS_ON = {"ignore_unknown_options": True, "help_option_names": ["--help"]}  # all else goes to the program


@commands.command(context_settings=_HANDS_ON)
@click.argument("rest", nargs=-1, type=click.UNPROCESSED)
def lab(rest) -> int:
    """Open the lessons in JupyterLab.

    Whatever else is given goes to it: --no-browser, say.
    """
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


@commands.command(context_settings=_HANDS_ON)
@click.argument("rest", nargs=-1, type=click.UNPROCESSED)
def test(rest) -> int:
    """Run the tests.

    Whatever else is given goes to pytest: -k spread, say.
    """
    from analysis.schema import find_root

    every_core = [] if rest else ["-n", "auto", "--dist", "worksteal"]  # for the whole suite
    return _call([sys.executable, "-m", "pytest", *every_core, *rest], find_root())


def _call(command: Sequence[str], folder: Path, **environment: str) -> int:
    """Run a program in a folder and give its exit status; Ctrl-C is the program's to answer."""
    before = signal.signal(signal.SIGINT, lambda number, frame: None)
    try:
        return subprocess.call(command, cwd=folder, env={**os.environ, **environment})
    finally:
        signal.signal(signal.SIGINT, before)


@commands.command()
def picture() -> int:
    """Draw the README's picture again."""
    from analysis.schema import InputError, find_root
    from analysis.workshop import runs

    lesson, figure, place = PICTURE
    with tempfile.TemporaryDirectory(prefix="analysis-") as folder:
        manifest = runs.run(lessons=[lesson], out=Path(folder, "results"))
        drawn = Path(folder, "results", lesson, "figures", f"{figure}.png")
        if not drawn.is_file():
            raise InputError(f"lesson {lesson} has drawn no {figure}: {_summary(manifest['lessons'])}")
        target = find_root() / place
        target.parent.mkdir(exist_ok=True)
        shutil.copyfile(drawn, target)
    say(f"{place.as_posix()} is drawn again.")
    return 0
