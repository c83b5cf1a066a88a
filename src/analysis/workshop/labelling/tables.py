"""Read what people hand back: small tables in the encodings and with the delimiters of spreadsheets."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pandas as pd

from analysis.schema import InputError
from analysis.workshop.labelling.write import MARK


def small_table(path, needed):
    """Read a small CSV, whatever its encoding and delimiter.

    Parameters
    ----------
    path : str or Path
    needed : sequence of str
        Columns that must be there.

    Returns
    -------
    list of (int, dict)
        For each row that is not empty the line where it begins, and its cells by column.

    Raises
    ------
    InputError
        If the file cannot be read, or lacks a column.
    """
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        raise InputError(f"{path}: it cannot be read ({error.strerror}); give the file that was filled in") from None
    if content[:2] == b"PK":
        raise InputError(f"{path}: this is a spreadsheet's own format; save it as CSV (UTF-8) first")
    text = _decoded(content)
    if text.lower().startswith("sep="):  # a line by which some spreadsheets name the delimiter
        text = "\n" + text.partition("\n")[2]
    head = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",;\t|", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    names, found, begin = None, [], 1
    try:
        for cells in reader:
            if names is None and any(cells):
                names = [name.strip().casefold() for name in cells]
                missing = [name for name in needed if name not in names]
                if missing:
                    raise InputError(
                        f"{path}:{begin}: there is no column {missing[0]!r}; the first row names the columns "
                        f"{' and '.join(needed)}"
                    )
            elif any(cell.strip() for cell in cells):
                row = dict.fromkeys(needed, "") | dict(zip(names, cells, strict=False))
                found.append((begin, row))
            begin = reader.line_num + 1
    except csv.Error as error:
        raise InputError(f"{path}:{begin}: this row cannot be read ({error}); save the file as CSV again") from None
    if names is None:
        raise InputError(f"{path}: the file is empty; give the one that was filled in")
    return found


def _decoded(content):
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")  # ids and labels are ASCII: the text is not used


def read_scores(path: str | Path) -> pd.Series:
    """Read predictions: a CSV or Parquet file with ``post_id`` and ``score`` (from 0 to 1).

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    Series of float
        By post_id.

    Raises
    ------
    InputError
        If a column is missing, a score is none, or a post has two.
    """
    path = Path(path)
    if path.suffix == ".parquet":
        table = _parquet_scores(path)
        place = [f"row {i + 1:,}" for i in range(len(table))]
    else:
        rows = small_table(path, ("post_id", "score"))
        place = [str(line) for line, _ in rows]
        ids = [row["post_id"].strip().lstrip("'").removeprefix(MARK) for _, row in rows]
        numbers = pd.to_numeric(pd.Series([row["score"] for _, row in rows], dtype="str"), errors="coerce")
        table = pd.DataFrame({"post_id": pd.array(ids, dtype="str"), "score": numbers.to_numpy(dtype=float)})
    wrong = ~table["score"].between(0, 1)
    if wrong.any():
        raise InputError(f"{path}:{place[wrong.argmax()]}: the score is not a number from 0 to 1; predict again")
    twice = table["post_id"].duplicated()
    if twice.any():
        raise InputError(f"{path}:{place[twice.argmax()]}: this post has a score already; keep one a post")
    return table.set_index("post_id")["score"]


def _parquet_scores(path):
    """Read post_id and score; pandas' and pyarrow's own errors may repeat what a cell holds, so they are not told."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from analysis.collect import parquet

    try:
        table = pq.read_table(path, columns=["post_id", "score"])
        parquet.check_kinds(table.schema, path)
        parquet.check_texts(table, path)
        return table.to_pandas(ignore_metadata=True).astype({"post_id": "str", "score": "float64"})
    except InputError:
        raise
    except (OSError, ValueError, KeyError, pa.ArrowException):
        raise InputError(f"{path}: it holds no columns post_id (text) and score (numbers); predict again") from None


def scores_by(path: str | Path, posts: pd.DataFrame) -> tuple[pd.Series, list[str]]:
    """Score posts by a saved model: the chance that each tells of its writer's own experience.

    Parameters
    ----------
    path : str or Path
        As :func:`analysis.disclosure.save_model` writes it. The model must not have learnt from these labels.
    posts : DataFrame
        ``post_id`` and ``text``, perhaps ``lang``. Posts without either are left out.

    Returns
    -------
    scores : Series of float
        By post_id.
    notes : list of str
        How much of the posts the model was not taught to read.

    Raises
    ------
    InputError
        As :func:`analysis.disclosure.load_model`; or if the model answers another question.
    """
    from analysis.disclosure import OWN, chance_of, load_model

    model = load_model(path)
    if not set(OWN) & set(model.classes):
        raise InputError(
            f"{path}: this model answers {model.question!r} with {', '.join(model.classes[:6])}; give one whose "
            f"answers are {' and '.join(OWN)}, or predictions of your own (--scores)"
        )
    there = posts[posts["post_id"].notna() & posts["text"].notna()]
    scores = chance_of(model.predict(there["text"]), OWN)
    read = model.familiar(there)
    strange = read.loc[read["note"] != "", "posts"].sum() / max(len(there), 1)
    notes = [_STRANGE.format(path=path, share=strange)] if strange > 0.01 else []
    return pd.Series(scores.to_numpy(), index=there["post_id"].to_numpy(), name="score"), notes


_STRANGE = (
    "{path}: {share:.0%} of the posts are in languages or words that this model was not taught; the intervals hold all "
    "the same, but will be little shorter than those of the labels alone"
)
