"""What a lesson calls to show a figure or a sentence, and what the rest of the package must know of a lesson.

A lesson is a notebook whose own metadata say what it is called and which parts of the posts table it needs:

.. code-block:: json

    {"analysis": {"title": "How a tag spreads", "needs": ["time"], "takes": ["posts", "counts"]}}

``takes`` says what it runs on; left out, that is a table of posts alone. ``needs`` is about posts.
"""

from __future__ import annotations

import json
import re
import struct
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pandas as pd

from analysis.schema import InputError

#: What a lesson can need, in the words of :func:`analysis.posts.offers`.
NEEDS = ("time", "text", "lang", "author", "kind", "replies", "roots", "engagement")
#: What a lesson can run on: a table of posts, or counts that came ready-made.
TAKES = ("posts", "counts")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LESSON = re.compile(r"(\d\d)-([a-z0-9-]+)")
_DPI = 200  # dots an inch in the file ...
_SHOWN = 100  # ... and on the page, so that small print stays sharp on any screen


def show(ax, *, name: str, alt: str, table=None, results: str | Path | None = None) -> None:
    """Show a figure with its alternative text; keep it and its table where `results` is a folder.

    Parameters
    ----------
    ax : matplotlib.axes.Axes or matplotlib.figure.Figure
        The figure is closed afterwards.
    name : str
        The figure's own name in this lesson: lower-case words, digits and hyphens.
    alt : str
        What the figure shows, for those who don't see it. It must not be empty.
    table : pandas.DataFrame or pandas.Series, optional
        The numbers behind the figure, see :func:`write_table`.
    results : str or pathlib.Path, optional
        The folder that gets ``figures/<name>.svg``, ``figures/<name>.png`` and ``tables/<name>.csv``.

    Raises
    ------
    ValueError
        If `alt` is empty or `name` is not such a name.
    """
    from IPython.display import display

    alt = " ".join(alt.split())
    if not alt:
        raise ValueError(f"the figure {name!r} needs an alternative text (alt=...): one sentence on what it shows")
    if not _SLUG.fullmatch(name):
        raise ValueError(f"{name!r} cannot name a figure: use lower-case words, digits and hyphens, posts-by-hour, say")
    figure = ax.get_figure(root=True)
    png, svg = _draw(figure, name)
    files = [] if results is None else [f"figures/{name}.png", f"figures/{name}.svg"]
    for file, content in zip(files, (png, svg), strict=False):
        _write(Path(results, file), content)
    if results is not None and table is not None:
        files.append(f"tables/{name}.csv")
        write_table(table, Path(results, files[-1]))
    width, height = struct.unpack(">II", png[16:24])  # the first two numbers of a PNG's header
    size = {"width": width * _SHOWN // _DPI, "height": height * _SHOWN // _DPI}
    about = {"image/png": {"alt": alt, **size}, "analysis": {"figure": name, "files": files}}
    display({"image/png": png, "text/plain": f"[figure: {alt}]"}, raw=True, metadata=about)
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close(figure)


def _draw(figure, name: str) -> tuple[bytes, bytes]:
    """Give the figure as PNG and SVG; the same figure gives the same bytes at any time."""
    from matplotlib import rc_context

    png, svg = BytesIO(), BytesIO()
    with rc_context({"svg.hashsalt": name}):
        figure.savefig(png, format="png", dpi=_DPI, bbox_inches="tight", metadata={"Software": None})
        figure.savefig(svg, format="svg", bbox_inches="tight", metadata={"Date": None})
    return png.getvalue(), svg.getvalue()


def say(markdown: str) -> None:
    """Display a sentence in Markdown, so that the numbers in it come from the run.

    Parameters
    ----------
    markdown : str
        Markdown, an f-string as a rule.
    """
    from IPython.display import Markdown, display

    display(Markdown(markdown))


def write_table(table: pd.DataFrame | pd.Series, path: str | Path) -> None:
    """Write a table as CSV (UTF-8, LF); the same table gives the same bytes at any time.

    Times are ISO 8601 in UTC, ending in Z; a float is written with the digits that give it back exactly; an index
    is written where it has a name. A text that a spreadsheet would take for a formula (it begins with ``=``, ``+``,
    ``-``, ``@`` or a tab) gets an apostrophe in front.

    Parameters
    ----------
    table : pandas.DataFrame or pandas.Series
    path : str or pathlib.Path
        Its folder is made where it is missing.

    Raises
    ------
    ValueError
        If a column holds times without a time zone, or ids of posts that may be real.
    """
    from analysis.privacy import fit_for_results

    frame = table.to_frame() if isinstance(table, pd.Series) else table
    frame = fit_for_results(frame.reset_index(drop=all(level is None for level in frame.index.names)))
    written = {i: _written(frame.iloc[:, i]) for i in range(frame.shape[1])}
    plain = pd.DataFrame(written, index=frame.index)
    plain.columns = [_harmless(str(label)) for label in frame.columns]
    _write(Path(path), plain.to_csv(index=False, lineterminator="\n").encode("utf-8"))


def _written(column: pd.Series) -> pd.Series:
    """Give a column as it is written: times and texts as text, anything else as it is."""
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        return _iso(column)
    if pd.api.types.is_datetime64_dtype(column.dtype):
        raise ValueError(f"the times of column {column.name!r} have no time zone: make them UTC first")
    if pd.api.types.is_numeric_dtype(column.dtype):
        return column
    return column.astype(object).map(_harmless, na_action="ignore")


def _iso(times: pd.Series) -> pd.Series:
    """Give times as ISO 8601 in UTC, down to the second, or to the microsecond where one of them needs it."""
    utc = times.dt.tz_convert("UTC")
    whole = (utc.dropna() == utc.dropna().dt.floor("s")).all()
    return utc.dt.strftime("%Y-%m-%dT%H:%M:%SZ" if whole else "%Y-%m-%dT%H:%M:%S.%fZ")


def _harmless(value):
    """Put an apostrophe before a text that a spreadsheet would calculate.

    >>> _harmless("=1+1"), _harmless("me too"), _harmless(-1)
    ("'=1+1", 'me too', -1)
    """
    if not isinstance(value, str):
        return value
    text = value.replace("\r\n", "\n").replace("\r", "\n")  # a bare CR would end the row for some readers
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t")) else text


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


@dataclass(frozen=True)
class Lesson:
    """A lesson as its file describes it.

    Attributes
    ----------
    name : str
        Such as ``03-spread``.
    path : pathlib.Path
    title : str
    needs : tuple of str
        What it needs of the posts, see :func:`lack` in ``run/manifest.py``.
    takes : tuple of str
        Whether it runs on "posts", on "counts" or on both.
    """

    name: str
    path: Path
    title: str
    needs: tuple[str, ...]
    takes: tuple[str, ...] = ("posts",)


def find_lessons(folder: str | Path) -> list[Lesson]:
    """Find the lessons of a folder, in their order.

    Parameters
    ----------
    folder : str or pathlib.Path
        Lessons are its files called ``03-spread.ipynb`` and the like; any other file is left alone.

    Returns
    -------
    list of Lesson

    Raises
    ------
    analysis.schema.InputError
        If there is no lesson, or one cannot be read, or its metadata are not as agreed.
    """
    paths = sorted(path for path in Path(folder).glob("*.ipynb") if _LESSON.fullmatch(path.stem))
    if not paths:
        raise InputError(f"{folder}: no lesson is here; lessons are called 03-spread.ipynb and the like")
    return [_lesson(path) for path in paths]


def _lesson(path: Path) -> Lesson:
    try:
        about = json.loads(path.read_text(encoding="utf-8"))["metadata"]["analysis"]
        title, needs, takes = str(about["title"]), tuple(about["needs"]), tuple(about.get("takes", TAKES[:1]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f'{path}: not a lesson ({error!r}): its metadata must hold {{"analysis": {{"title": ..., "needs": [...]}}}}'
        ) from None
    unknown = [need for need in needs if need not in NEEDS]
    if unknown:
        raise InputError(f"{path}: needs {', '.join(map(repr, unknown))}, but a lesson can need {', '.join(NEEDS)}")
    if not takes or not set(takes) <= set(TAKES):
        raise InputError(f"{path}: takes {', '.join(map(repr, takes))}, but a lesson can take {' and '.join(TAKES)}")
    return Lesson(path.stem, path, title, needs, takes)


def pick(lessons: Iterable[Lesson], wanted: Iterable[str]) -> list[Lesson]:
    """Pick lessons by number (03), name (03-spread) or the name's end (spread), in the lessons' own order.

    Parameters
    ----------
    lessons : iterable of Lesson
    wanted : iterable of str
        Each may hold several, set apart by commas. None at all means every lesson.

    Returns
    -------
    list of Lesson

    Raises
    ------
    analysis.schema.InputError
        If one is unknown; the message lists those that there are.
    """
    lessons = list(lessons)
    words = [word.strip() for part in wanted for word in part.split(",") if word.strip()]
    chosen = set()
    for word in words:
        found = {lesson.name for lesson in lessons if word.zfill(2) in (lesson.name, *lesson.name.split("-", 1))}
        if not found:
            raise InputError(f"no lesson {word!r}; there are {', '.join(lesson.name for lesson in lessons)}")
        chosen |= found
    return [lesson for lesson in lessons if not words or lesson.name in chosen]
