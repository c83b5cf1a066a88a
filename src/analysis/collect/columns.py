"""Bring what a format handed over into the columns of posts: ids, times, counts and texts, however they are written."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from analysis import snowflake
from analysis.collect import times
from analysis.schema import IDS, KEYED, KINDS, KNOWN

_TYPES = {"str": pa.string(), "Int64": pa.int64(), "boolean": pa.bool_()}
#: The columns of posts as Arrow has them.
SCHEMA = pa.schema([(name, _TYPES.get(dtype, pa.timestamp("us", "UTC"))) for name, dtype in KNOWN.items()])
_NOTHING = pa.array(["", "0", "-1", "0.0", "-1.0", "NA", "N/A", "NaN", "nan", "None", "none", "null", "NULL", "<NA>"])
_ROUNDED = r"^[0-9]+(?:[.,][0-9]*)?[eE]\+?[0-9]+$|^[0-9]{5,}\.[0-9]*$"
_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
# How programs write that a language is missing. What a source says of one it could not tell (`und`, `qme`) is kept.
_NO_LANGUAGE = pa.array(["null", "NULL", "None", "nan", "NaN", "NA", "N/A", "<NA>"])
_FIRST_POSSIBLE = np.datetime64("2006-01-01", "us").astype(np.int64)
_LONGEST_ID = 500


@dataclass
class Finished:
    """Rows in the columns of posts (``SCHEMA``), the refused ones left out, and what is to be told of them.

    `rows` and `flagged` are places in what was given; `numbers` the ids if all are Twitter's, 0 where missing.
    """

    table: pa.Table
    rows: np.ndarray
    refused: list
    numbers: np.ndarray | None
    counts: Counter
    flagged: dict


def to_columns(raw: pa.Table, platform: str, now: np.datetime64) -> Finished:
    """Bring rows into the columns of posts."""
    counts, size = Counter(), raw.num_rows
    platforms = _labels(raw, "platform")
    known = platforms.null_count < size
    platforms = pc.fill_null(platforms, platform) if known else pa.repeat(pa.scalar(platform), size)
    twitter = pc.equal(platforms, "twitter").to_numpy(zero_copy_only=False)
    ids, numbers, wrong = _ids(raw, "post_id", twitter, counts)
    columns = {"post_id": ids, "platform": platforms, "text": _texts(raw, counts)}
    columns["created_at"], flagged = _times(raw, numbers, twitter, now, counts)
    for name in IDS[1:]:
        columns[name], _, bad = _ids(raw, name, twitter, counts)
        counts[f"{name} that is none"] += int(bad.sum())
    columns |= {name: _labels(raw, name) for name in ("author", "lang", "kind", "mentions", "campaign")}
    columns["lang"] = _without(columns["lang"], pc.is_in(columns["lang"], _NO_LANGUAGE))
    columns["kind"] = _without(columns["kind"], pc.invert(pc.is_in(columns["kind"], pa.array(KINDS))))
    columns |= {name: _counts(raw, name, counts) for name in ("likes", "reposts", "replies")}
    columns |= {name: _flags(raw, name) for name in ("text_cut", "date_only", "id_made")}
    table = pa.table([columns[name] for name in SCHEMA.names], schema=SCHEMA)
    bare = pc.and_(ids.is_null(), table["text"].is_null()).to_numpy() & ~wrong
    refused = [(int(row), "its id is none") for row in np.flatnonzero(wrong)]
    refused += [(int(row), "neither an id (or a rounded one) nor a text") for row in np.flatnonzero(bare)]
    rows = np.arange(size)
    if refused:
        fine = ~(wrong | bare)
        table, rows, numbers = table.filter(pa.array(fine)), np.flatnonzero(fine), numbers[fine]
        flagged = {name: places[fine[places]] for name, places in flagged.items()}
    missing = table["post_id"].null_count
    counts["without an id"] = missing
    all_twitter = bool(twitter.all()) and int((numbers == 0).sum()) == missing
    return Finished(table, rows, sorted(refused), numbers if all_twitter else None, +counts, flagged)


def plain(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Give a column in one piece."""
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _column(raw, name):
    if name not in raw.column_names:
        return pa.nulls(raw.num_rows, pa.string())
    return plain(raw[name])


def _labels(raw, name):
    if _column(raw, name).null_count == raw.num_rows:
        return pa.nulls(raw.num_rows, pa.string())
    labels = pc.utf8_trim_whitespace(pc.cast(_column(raw, name), pa.string()))
    return _without(labels, pc.equal(labels, ""))


def _without(values, which):
    """Take out the values of some rows."""
    return pc.if_else(pc.fill_null(which, False), pa.scalar(None, values.type), values)


def _ids(raw, name, twitter, counts):
    """Give ids as text, as numbers (0 where they are none), and which are wrong."""
    given = _column(raw, name)
    if given.null_count == len(given):
        nothing = np.zeros(len(given), np.int64)
        return pa.nulls(len(given), pa.string()), nothing, nothing.astype(bool)
    if pa.types.is_integer(given.type):
        numbers = given.fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64)
        if (numbers > 0).all() or ((numbers >= 0).all() and twitter.all()):
            return pc.cast(pa.array(numbers, mask=numbers == 0), pa.string()), numbers, numbers < 0
    texts = pc.cast(given, pa.string())
    numbers, state = snowflake.parse_ids(texts)
    if (state <= snowflake.MISSING).all():
        return texts, numbers, np.zeros(len(texts), bool)
    trimmed = pc.utf8_trim(pc.utf8_trim_whitespace(texts), "'\"=")
    texts = _without(trimmed, pc.is_in(trimmed, _NOTHING))
    numbers, state = snowflake.parse_ids(texts)
    odd = pc.fill_null(pc.match_substring_regex(texts, _ROUNDED), False).to_numpy(zero_copy_only=False)
    rounded = odd | (twitter & (state == snowflake.ROUNDED))
    long = pc.fill_null(pc.greater(pc.utf8_length(texts), _LONGEST_ID), False).to_numpy(zero_copy_only=False)
    keyed = pc.fill_null(pc.starts_with(texts, KEYED), False).to_numpy(zero_copy_only=False)
    wrong = ~rounded & (long | (twitter & (state == snowflake.MALFORMED) & ~keyed))
    counts[f"rounded {name}"] += int(rounded.sum())
    return _without(texts, pa.array(rounded | wrong)), np.where(twitter, numbers, 0), wrong


def _times(raw, numbers, twitter, now, counts):
    """Give the times, those of Twitter's ids above those that are written; and the rows of impossible ones."""
    given = _column(raw, "created_at")
    if given.null_count == len(given):
        written, state = np.zeros(len(given), np.int64), np.full(len(given), times.MISSING, np.uint8)
    elif pa.types.is_timestamp(given.type):
        given = pc.cast(given, pa.timestamp("us", "UTC"), safe=False)
        missing = given.is_null().to_numpy(zero_copy_only=False)
        written = pc.cast(given.fill_null(0) if given.null_count else given, pa.int64()).to_numpy()
        state = np.where(missing, times.MISSING, times.FINE)
    else:
        written, state = times.read_times(pc.cast(given, pa.string()))
    written_down = np.isin(state, (times.FINE, times.UNZONED))
    counts["times without a zone, taken as UTC"] += int((state == times.UNZONED).sum())
    counts["times that are none"] += int((state == times.UNREADABLE).sum())
    from_twitter = twitter & (numbers >= snowflake.FIRST_ID)
    from_id = ((numbers >> 22) + snowflake.EPOCH_MS) * 1000
    counts["times read from the id"] += int((from_twitter & ~written_down).sum())
    apart = from_twitter & written_down & (np.abs(from_id - written) > 1_000_000)
    counts["times that the id contradicts (the id's was taken)"] += int(apart.sum())
    posted, there = np.where(from_twitter, from_id, written), from_twitter | written_down
    late = np.int64(np.datetime64(now, "us").astype(np.int64) + 86_400 * 10**6)
    flagged = {
        "before 2006": np.flatnonzero(there & (posted < _FIRST_POSSIBLE)),
        "in the future": np.flatnonzero(there & (posted > late)),
    }
    return pa.array(posted, mask=~there).cast(SCHEMA.field("created_at").type), flagged


def _texts(raw, counts):
    texts = pc.cast(_column(raw, "text"), pa.string())
    if texts.null_count == len(texts):
        return texts
    dirty = pc.sum(pc.match_substring_regex(texts, _CONTROL)).as_py()
    if dirty:
        counts["texts with control characters, which were taken out"] += dirty
        texts = pc.replace_substring_regex(texts, _CONTROL, "")
    return texts


def _flags(raw, name):
    """Give flags; what is neither true nor false is missing."""
    texts = pc.utf8_lower(pc.cast(_column(raw, name), pa.string()))
    return _without(pc.equal(texts, "true"), pc.invert(pc.is_in(texts, pa.array(["true", "false"]))))


def _counts(raw, name, counts):
    given = _column(raw, name)
    if given.null_count == len(given):
        return pa.nulls(len(given), pa.int64())
    if not pa.types.is_integer(given.type):
        texts = pc.replace_substring_regex(pc.cast(given, pa.string()), r"[,\s\x{a0}']|\.0+$", "")
        texts = _without(texts, pc.is_in(texts, _NOTHING.filter(pc.not_equal(_NOTHING, "0"))))
        digits = pc.match_substring_regex(texts, r"^[0-9]{1,18}$")
        counts["counts that are none"] += len(texts) - texts.null_count - (pc.sum(digits).as_py() or 0)
        return pc.cast(_without(texts, pc.invert(digits)), pa.int64())
    given = pc.cast(given, pa.int64(), safe=False)
    low = pc.less(given, 0)
    counts["counts that are none"] += pc.sum(low).as_py() or 0
    return _without(given, low)
