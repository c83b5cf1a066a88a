"""What a lesson calls to show a figure or a sentence, and what the rest of the package must know of a lesson.

A lesson is a notebook whose own metadata say what it is called and which parts of the posts table it needs:

.. code-block:: json

    {"analysis": {"title": "How a tag spreads", "needs": ["time"], "takes": ["posts", "counts"]}}

``takes`` says what it runs on; left out, that is a table of posts alone. ``needs`` is about posts.
"""

from __future__ import annotations

import json
import math
import os
import re
import struct
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pandas as pd

from analysis.schema import InputError, write_atomically

#: The environment variable by which a run names the folder of a lesson's results.
RESULTS = "ANALYSIS_RESULTS"
#: What a lesson can need, in the words of :func:`analysis.posts.offers`.
NEEDS = ("time", "text", "lang", "author", "kind", "replies", "roots", "engagement")
#: What a lesson can run on: a table of posts, or counts that came ready-made.
TAKES = ("posts", "counts")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LESSON = re.compile(r"(\d\d)-([a-z0-9-]+)")
_HEADLINE = ["question", "value", "low", "high", "unit", "note", "sample"]
_DPI = 200  # dots an inch in the file ...
_SHOWN = 100  # ... and on the page, so that small print stays sharp on any screen


def results_folder() -> Path | None:
    """Give the folder of this lesson's results: a run names it in the environment; None where nobody keeps any."""
    folder = os.environ.get(RESULTS)
    return Path(folder) if folder else None


def show(ax, name: str, *, alt: str | None = None, table=None, sample: bool = False) -> None:
    """Show a figure with its alternative text; during a run, keep the figure and its table.

    They are kept as ``figures/<name>.svg``, ``figures/<name>.png`` and ``tables/<name>.csv`` in the lesson's folder.

    Parameters
    ----------
    ax : matplotlib.axes.Axes or matplotlib.figure.Figure
        The figure is closed afterwards.
    name : str
        The figure's own name in this lesson: lower-case words, digits and hyphens.
    alt : str, optional
        What the figure shows, for those who don't see it; the plot's own proposal where it is not given.
    table : pandas.DataFrame or pandas.Series, optional
        The numbers behind the figure; the plot's own where it is not given. See :func:`write_table`.
    sample : bool
        Whether the figure is about the invented sample, whatever data the lesson runs on.

    Raises
    ------
    ValueError
        If there is no alternative text, or `name` is not such a name.
    """
    from IPython.display import display

    figure = ax.get_figure(root=True)
    alt = " ".join((getattr(figure, "alt_text", "") if alt is None else alt).split())
    if not alt:
        raise ValueError(f"the figure {name!r} needs an alternative text (alt=...): one sentence on what it shows")
    if not _SLUG.fullmatch(name):
        raise ValueError(f"{name!r} cannot name a figure: use lower-case words, digits and hyphens, posts-by-hour, say")
    table = getattr(figure, "source_table", None) if table is None else table
    folder = results_folder()
    png, svg = _draw(figure, name)
    files = {}
    if folder is not None:
        files = {f"figures/{name}.png": png, f"figures/{name}.svg": svg}
        if table is not None:
            files[f"tables/{name}.csv"] = _csv(table)
        for file, content in files.items():
            _write(folder / file, content)
    width, height = struct.unpack(">II", png[16:24])  # the first two numbers of a PNG's header
    size = {"width": width * _SHOWN // _DPI, "height": height * _SHOWN // _DPI}
    about = {"figure": name, "files": list(files), "sample": bool(sample)}
    bundle = {"image/png": png, "text/plain": f"[figure: {alt}]"}
    display(bundle, raw=True, metadata={"image/png": {"alt": alt, **size}, "analysis": about})
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


def record(question: str, value, low=None, high=None, unit: str = "", note: str = "", *, sample: bool = False) -> None:
    """Keep a headline: display it as a sentence, and during a run write it into the lesson's ``headlines.csv``.

    Parameters
    ----------
    question : str
        What is answered. A second headline with the same question takes the place of the first.
    value : number, str, pandas.Timestamp or None
        The answer in `unit`: 28.4 for 28.4%. Where it is missing, `note` says why.
    low, high : number, str, pandas.Timestamp or None
        The ends of its interval. A missing or infinite end is open.
    unit : str
        Such as ``%`` or ``days``.
    note : str
        One sentence of caution.
    sample : bool
        Whether it is about the invented sample, whatever data the lesson runs on.

    Raises
    ------
    ValueError
        If there is no question, if the interval's ends are the wrong way round, or if value and note are both missing.
    """
    from IPython.display import Markdown, display

    headline = {"question": " ".join(question.split())}
    headline |= {name: _plain(end) for name, end in (("value", value), ("low", low), ("high", high))}
    headline |= {"unit": " ".join(unit.split()), "note": " ".join(note.split()), "sample": bool(sample)}
    _check_headline(headline)
    folder = results_folder()
    if folder is not None:
        path = folder / "headlines.csv"
        kept = {row["question"]: row for row in _read_headlines(path)} | {headline["question"]: headline}
        folder.mkdir(parents=True, exist_ok=True)
        with write_atomically(path) as part:
            write_table(headlines_table(kept.values()), part)
    start = "*On the invented sample:* " if sample else ""
    sentence = Markdown(f"{start}**{headline['question']}** {answer(headline)}. {headline['note']}".rstrip())
    display(sentence, metadata={"analysis": {"headline": headline}})


def answer(headline: Mapping) -> str:
    """Say the answer of a headline: its value, interval and unit.

    >>> answer({"value": 28.42, "low": 25, "high": 31.07, "unit": "%"})
    '28.4% (25.0% to 31.1%)'
    """
    value, low, high, unit = (headline[name] for name in ("value", "low", "high", "unit"))
    unit = unit if unit in ("", "%") else f" {unit}"
    each, behind = (unit, "") if unit == "%" else ("", unit)  # 3% (2% to 4%), but 3 (2 to 4) days
    numbers = [number for number in (value, low, high) if isinstance(number, int | float)]
    value, low, high = (None if end is None else f"{_rounded(end, numbers)}{each}" for end in (value, low, high))
    interval = ""
    if low is not None and high is not None:
        interval = f"between {low} and {high}" if value is None else f"{low} to {high}"
    elif low is not None or high is not None:
        interval = f"at most {high}" if low is None else f"at least {low}"
    if value is None:
        return f"{interval}{behind}" if interval else "No answer"
    return f"{value} ({interval}){behind}" if interval else f"{value}{behind}"


def headlines_table(headlines: Iterable[Mapping]) -> pd.DataFrame:
    """Give headlines as a table, one a row, with yes or no in the column ``sample``."""
    rows = [{**row, "sample": "yes" if row["sample"] else "no"} for row in headlines]
    return pd.DataFrame(rows, columns=_HEADLINE, dtype=object)


def _check_headline(headline: Mapping) -> None:
    value, low, high = (headline[name] for name in ("value", "low", "high"))
    if not headline["question"]:
        raise ValueError("a headline needs a question: record('How many posts are there?', 20)")
    if value is None and not headline["note"]:
        raise ValueError(f"{headline['question']!r} has no value: say why in note=...")
    if isinstance(low, int | float) and isinstance(high, int | float) and low > high:
        raise ValueError(f"{headline['question']!r}: low={low} is above high={high}; give them the other way round")


def _plain(value):
    """Give an answer, or an end of its interval, as an int, a float, a text or None."""
    if value is None or (pd.api.types.is_scalar(value) and pd.isna(value)):
        return None
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d %H:%M}" if value.tz is None else f"{value.tz_convert('UTC'):%Y-%m-%d %H:%M} UTC"
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, float) and math.isinf(value):
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError(f"{value!r} is no answer: give a number, a text, a time, or None with a note")
    return value


def _rounded(value, numbers: list) -> str:
    """Write a number with the decimals that the largest of `numbers` has at three significant digits."""
    if isinstance(value, str):
        return value
    largest = max(abs(number) for number in numbers)
    whole = all(number == int(number) for number in numbers)
    decimals = 0 if whole else max(0, 2 - math.floor(math.log10(largest)))
    return f"{value:,.{decimals}f}"


def _read_headlines(path: Path) -> list[dict]:
    """Read headlines that were written before; none where there is no such file."""
    if not path.is_file():
        return []
    rows = pd.read_csv(path, dtype="str", keep_default_na=False).to_dict("records")
    return [
        {**row, **{name: _parsed(row[name]) for name in ("value", "low", "high")}, "sample": row["sample"] == "yes"}
        for row in rows
    ]


def _parsed(text: str):
    """Give the number, text or None that was written."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            pass
    return text or None


def write_table(table: pd.DataFrame | pd.Series, path: str | Path) -> None:
    """Write a table as CSV (UTF-8, LF); the same table gives the same bytes at any time.

    Times are ISO 8601 in UTC, ending in Z; a float is written with the digits that give it back exactly; an index
    is written where it has a name. A text that a spreadsheet would take for a formula (it begins with ``=``, ``+``,
    ``-``, ``@`` or a tab) gets an apostrophe in front.

    The folder of `path` is made where it is missing.

    Raises
    ------
    ValueError
        If a column holds times without a time zone, or ids of posts that may be real.
    """
    _write(Path(path), _csv(table))


def _csv(table: pd.DataFrame | pd.Series) -> bytes:
    from analysis.privacy import refuse_real_ids

    frame = table.to_frame() if isinstance(table, pd.Series) else table
    frame = refuse_real_ids(frame.reset_index(drop=all(level is None for level in frame.index.names)))
    written = {i: _written(frame.iloc[:, i]) for i in range(frame.shape[1])}
    plain = pd.DataFrame(written, index=frame.index)
    plain.columns = [_harmless(str(label)) for label in frame.columns]
    return plain.to_csv(index=False, lineterminator="\n").encode("utf-8")


def _written(column: pd.Series) -> pd.Series:
    """Give a column as it is written: times and texts as text, anything else as it is."""
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        return _iso(column)
    if pd.api.types.is_datetime64_dtype(column.dtype):
        raise ValueError(f"the times of column {column.name!r} have no time zone: make them UTC first")
    if pd.api.types.is_numeric_dtype(column.dtype):
        return column
    return pd.Series([_harmless(value) for value in column.astype(object)], index=column.index, dtype=object)


def _iso(times: pd.Series) -> pd.Series:
    """Give times as ISO 8601 in UTC, down to the second, or to the microsecond where one of them needs it."""
    utc = times.dt.tz_convert("UTC")
    whole = (utc.dropna() == utc.dropna().dt.floor("s")).all()
    return utc.dt.strftime("%Y-%m-%dT%H:%M:%SZ" if whole else "%Y-%m-%dT%H:%M:%S.%fZ")


def _harmless(value):
    """Put an apostrophe before a text that a spreadsheet would calculate."""
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
        What it needs of the posts, in the words of :data:`NEEDS`.
    takes : tuple of str
        Whether it runs on "posts", on "counts" or on both.
    """

    name: str
    path: Path
    title: str
    needs: tuple[str, ...]
    takes: tuple[str, ...] = ("posts",)


def find_lessons(folder: str | Path) -> list[Lesson]:
    """Find the lessons of a folder, in their order: its files called ``03-spread.ipynb`` and the like.

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
