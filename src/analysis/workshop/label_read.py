"""Read labels that a person has filled in, whatever a spreadsheet did to the file, and estimate from them."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.estimate import from_labels, people, prediction_powered_by_stratum
from analysis.schema import InputError
from analysis.workshop.label_draw import FORMAT, MARK, VERSION, digest, population, scores_of, strata_of

_VALUES = dict.fromkeys(("1", "1.0", "1,0", "yes", "y", "true"), 1)
_VALUES |= dict.fromkeys(("0", "0.0", "0,0", "no", "n", "false"), 0) | dict.fromkeys(("?", "unsure"), "?") | {"": ""}
_ALLOWED = "1 or yes, 0 or no, ? where you cannot tell"
_ROUNDED = re.compile(r"[0-9]([.,][0-9]+)?[eE]\+?[0-9]+")
_FIELDS = {"posts", "ids", "originals", "by_score", "sizes", "drawn"}  # without which labels cannot be weighed


class LabelError(InputError):
    """Raised where labels cannot be used as they are. ``problems`` holds a line for each, with file and line."""

    def __init__(self, problems):
        more = f" (and {len(problems) - 1:,} more)" if len(problems) > 1 else ""
        super().__init__(f"{problems[0]}{more}")
        self.problems = problems


def load_design(path: str | Path) -> dict:
    """Read how a sample was drawn, as :func:`analysis.workshop.label_draw.write_sample` wrote it.

    A file that names no unit is of posts. ``ids`` is a digest; ``drawn`` maps post ids to strata.
    """
    path = Path(path)
    if not path.is_file():
        raise InputError(
            f"{path}: there is no such file, and without it nobody knows how the sample was drawn; put it back beside "
            "the labels, under the same name (--design FILE says where it is)"
        )
    try:
        design = {"unit": "posts", **json.loads(path.read_text("utf-8"))}
        good = design["format"] == FORMAT and design["version"] == VERSION and design["unit"] in ("posts", "authors")
        good = good and design.keys() >= _FIELDS
        good = good and all(design[name] and isinstance(design[name], dict) for name in ("drawn", "sizes"))
    except (OSError, ValueError, KeyError, TypeError):
        good = False
    if not good:
        raise InputError(f"{path}: this does not say how a sample was drawn; draw it again with the same seed")
    return design


def read_labels(path: str | Path, design: dict) -> tuple[pd.DataFrame, list[str]]:
    """Read a filled-in sample, in any order of rows and columns, with any usual delimiter and encoding.

    Gives ``post_id`` and ``label`` (Int64: 1, 0 or missing) of each drawn post, by id, and notes for the reader.
    LabelError tells every fault with its line, and never what was typed.
    """
    path = Path(path)
    problems, values, lines, repeated = [], {}, {}, 0
    for line, row in _small_table(path, ("post_id", "label")):
        post_id, value = _plain_id(row["post_id"]), _VALUES.get(row["label"].strip().lstrip("'").casefold())
        if post_id not in design["drawn"]:
            problems.append(f"{path}:{line}: {_why_unknown(post_id)}")
        elif value is None:
            problems.append(f"{path}:{line}: this is not a label; write {_ALLOWED}")
        elif post_id in values and values[post_id] != value and "" not in (values[post_id], value):
            problems.append(f"{path}:{line}: this post has another label in line {lines[post_id]}; decide on one")
        else:
            repeated += post_id in values
            if post_id not in values or value != "":
                values[post_id], lines[post_id] = value, line
    if not problems and not any(value in (0, 1) for value in values.values()):
        problems.append(f"{path}:1: no row has a label; write {_ALLOWED} into the column label")
    if problems:
        raise LabelError(problems)
    labels = pd.DataFrame({"post_id": sorted(design["drawn"])}, dtype="str")
    by_post = [values.get(post_id, "") for post_id in labels["post_id"]]
    labels["label"] = pd.array([value if value in (0, 1) else None for value in by_post], dtype="Int64")
    notes = [f"{path.name}: {repeated:,} rows repeat a post and say the same; each counts once"] if repeated else []
    for state, words in (("", "have no label"), ("?", "are marked as unsure")):
        if many := by_post.count(state):
            notes.append(f"{path.name}: {many:,} of {len(labels):,} drawn posts {words}; they are left out")
    return labels, notes


def _plain_id(cell):
    return cell.strip().lstrip("'").removeprefix(MARK).strip()


def _why_unknown(post_id):
    if _ROUNDED.fullmatch(post_id):
        return (
            f"the id was rounded to {post_id} by a spreadsheet and cannot be mended; copy your labels into the file "
            "as it was drawn (the same seed draws it again), and keep what stands before each id"
        )
    return "the post is not of this sample; label those that were drawn, and no others"


def _small_table(path, needed):
    """Give the rows of a small CSV that are not empty, whatever its encoding and delimiter, each with its line."""
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
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t|", key=head.count))
    names, rows, line = None, [], 1
    try:
        for cells in reader:
            if names is None and any(cells):
                names = [name.strip().casefold() for name in cells]
                if missing := [name for name in needed if name not in names]:
                    raise InputError(
                        f"{path}:{line}: there is no column {missing[0]!r}; the first row names the columns "
                        f"{' and '.join(needed)}"
                    )
            elif any(cell.strip() for cell in cells):
                rows.append((line, dict.fromkeys(needed, "") | dict(zip(names, cells, strict=False))))
            line = reader.line_num + 1
    except csv.Error as error:
        raise InputError(f"{path}:{line}: this row cannot be read ({error}); save the file as CSV again") from None
    if names is None:
        raise InputError(f"{path}: the file is empty; give the one that was filled in")
    return rows


def _decoded(content):
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")  # ids and labels are ASCII: the text is not used


def read_scores(path: str | Path) -> pd.Series:
    """Read predictions by post_id: a CSV or Parquet file with ``post_id`` and ``score`` (from 0 to 1), one a post."""
    path = Path(path)
    if path.suffix == ".parquet":
        table = _parquet_scores(path)
        places = [f"row {i + 1:,}" for i in range(len(table))]
    else:
        rows = _small_table(path, ("post_id", "score"))
        places = [str(line) for line, _ in rows]
        numbers = pd.to_numeric(pd.Series([row["score"] for _, row in rows], dtype="str"), errors="coerce")
        ids = pd.array([_plain_id(row["post_id"]) for _, row in rows], dtype="str")
        table = pd.DataFrame({"post_id": ids, "score": numbers.to_numpy(dtype=float)})
    wrong, twice = ~table["score"].between(0, 1), table["post_id"].duplicated()
    if wrong.any():
        raise InputError(f"{path}:{places[wrong.argmax()]}: the score is not a number from 0 to 1; predict again")
    if twice.any():
        raise InputError(f"{path}:{places[twice.argmax()]}: this post has a score already; keep one a post")
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


def predict_scores(path: str | Path, posts: pd.DataFrame) -> tuple[pd.Series, list[str]]:
    """Score posts by a saved model of disclosures, which must not have learnt from these labels."""
    from analysis.disclosure import OWN, chance_of, load_model

    model = load_model(path)
    if not set(OWN) & set(model.classes):
        raise InputError(
            f"{path}: none of the {len(model.classes)} answers of this model is {' or '.join(OWN)}; give a model of "
            "disclosures, or predictions of your own (--scores)"
        )
    readable = posts[posts["post_id"].notna() & posts["text"].notna()]
    scores = chance_of(model.predict(readable["text"]), OWN)
    familiar = model.familiar(readable)
    strange = familiar.loc[familiar["note"] != "", "posts"].sum() / max(len(readable), 1)
    note = (
        f"{path}: {strange:.0%} of the posts are in languages or words that this model was not taught; the intervals "
        "hold all the same, but will be little shorter than those of the labels alone"
    )
    scores = pd.Series(scores.to_numpy(), index=readable["post_id"].to_numpy(), name="score")
    return scores, [note] if strange > 0.01 else []


def estimate_share(
    posts: pd.DataFrame, labels: pd.DataFrame, design: dict, scores: pd.Series | None = None
) -> pd.DataFrame:
    """Estimate the share from a labelled sample, and with predictions (by post_id) where there are any."""
    target = _drawn_from(population(posts, originals=design["originals"]), design)
    table = target[["post_id"]].assign(author=target["author"].to_numpy(dtype=object), score=0.0)
    if scores is not None:
        table["score"] = scores_of(target, scores)
    if scores is not None and design["by_score"]:
        table["drawn_in"] = strata_of(table["score"].to_numpy())
        drawn_in = table.set_index("post_id")["drawn_in"]
        if any(drawn_in[post_id] != name for post_id, name in design["drawn"].items()):
            raise InputError("the scores are not those that the sample was drawn with; give the same file of scores")
    sample = table.merge(labels.dropna(subset="label"), on="post_id")
    if scores is None and design["by_score"]:
        estimates = {"labels only": _weighted_labels(sample, design)}
    else:
        estimates = from_labels(table, sample)
    estimates = {name: row for name, row in estimates.items() if scores is not None or name == "labels only"}
    return pd.DataFrame([{"method": name, **row} for name, row in estimates.items()])


def _weighted_labels(sample, design):
    """Estimate from labels alone, with strata weighted by their sizes."""
    strata = sample["post_id"].map(design["drawn"]).to_numpy(dtype=object)
    rest = [np.repeat(name, size - (strata == name).sum()) for name, size in design["sizes"].items()]
    rest = np.concatenate(rest).astype(object)
    labels, who = sample["label"].to_numpy(dtype=float), sample["author"].to_numpy()
    estimate = prediction_powered_by_stratum(labels, labels * 0, strata, np.zeros(len(rest)), rest, who=who)
    return {name: estimate[name] for name in ("share", "low", "high")} | {"note": ""}


def estimate_people(
    posts: pd.DataFrame, labels: pd.DataFrame, design: dict, scores: pd.Series | None = None
) -> tuple[pd.DataFrame, list[str]]:
    """Estimate how many people have written at least one such post, from authors who were drawn whole.

    An author with a yes is one, whatever their other labels. To leave out those who are not decided raises the share.
    The interval is for people like these; for these very authors alone it is too long if most of them were drawn.
    """
    if population(posts, originals=design["originals"])["author"].isna().all():
        raise InputError(
            "the sample was drawn by authors, and no post here has one: give the file that it was drawn from, with its "
            "authors"
        )
    target = _drawn_from(population(posts, originals=design["originals"], authors=True), design)
    table = target[["post_id", "author"]].assign(drawn=target["post_id"].isin(design["drawn"]), score=0.0)
    if table.groupby("author")["drawn"].nunique().gt(1).any():
        raise InputError(
            "the authors here are not those that the sample was drawn by: it does not hold all posts of each; give the "
            "file as it was then (another key makes other pseudonyms, yet keeps who wrote what)"
        )
    if scores is not None:
        table["score"] = scores_of(target, scores)
    sample = table[table["drawn"]].merge(labels, on="post_id").astype({"label": "float64"})
    by_author = sample.groupby("author")["label"]
    decided = by_author.transform("max").eq(1) | by_author.transform("count").eq(by_author.transform("size"))
    undecided, sample = sample.loc[~decided, "author"].nunique(), sample[decided].fillna({"label": 0.0})
    if sample.empty:
        raise InputError("of no author all posts are labelled, and no label says yes: label the posts that are left")
    note = (
        f"{undecided:,} drawn authors are left out: no label of theirs says yes, and some are missing or unsure. Where "
        "they are many, the share comes out too high: label their posts"
    )
    counts = people(table, sample=sample)
    methods = ["labels only"] if scores is None else ["labels only", "prediction-powered"]
    return counts[counts["method"].isin(methods)].reset_index(drop=True), [note] if undecided else []


def _drawn_from(target, design):
    """Give the posts back if they are those that the sample was drawn from."""
    if digest(target["post_id"]) != design["ids"]:
        raise InputError(
            f"these are not the posts that the sample was drawn from ({len(target):,} that could be drawn here, "
            f"{design['posts']:,} there); give the same file, or draw again"
        )
    return target


def agreement_of_two(first: pd.DataFrame, second: pd.DataFrame) -> dict:
    """Say how many posts two people labelled, the share of them alike, and Krippendorff's alpha for names.

    Alpha is missing (NaN) where fewer than two posts were labelled by both, or all alike in one class.
    """
    import krippendorff

    both = first.merge(second, on="post_id").dropna().set_index("post_id").astype(float).to_numpy()
    alpha = same = float("nan")
    if len(both):
        same = float((both[:, 0] == both[:, 1]).mean())
    if len(both) > 1 and len(np.unique(both)) > 1:
        alpha = float(krippendorff.alpha(both.T, level_of_measurement="nominal"))
    return {"posts": len(both), "same": same, "alpha": alpha}
