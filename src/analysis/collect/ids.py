"""Read lists of post ids without trusting them: rounded and malformed ids are found and counted.

A list is cut into blocks at line ends, and several blocks are read at a time. A plain one is parsed at once
(:mod:`analysis.engines.ids`), one in which anything is unusual line by line; both ways give the same.
"""

import os
import re
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.collect import sniff
from analysis.engines.ids import parse_plain
from analysis.schema import InputError, number_of
from analysis.snowflake import FINE, MALFORMED, ROUNDED, parse_ids

BLOCK = 2**20
_MISSING = ["", "0", "-1", "NA", "NaN", "nan", "None", "null", "NULL"]
_SECOND = {
    **dict.fromkeys(("parent_id", "in_reply_to", "in_reply_to_id", "in_reply_to_id_str"), "parent_id"),
    **dict.fromkeys(("in_reply_to_status_id", "in_reply_to_status_id_str", "in_reply_to_tweet_id"), "parent_id"),
    **dict.fromkeys(("root_id", "conversation_id", "conversation_id_str"), "root_id"),
}


@dataclass(frozen=True)
class Layout:
    """How the lines of a list of ids look.

    `skip` is how many bytes at the top hold no ids, `top` the number of the first line that follows, from 1.
    """

    columns: int
    delimiter: str
    newline: bytes
    second_name: str | None
    skip: int
    top: int


@dataclass(frozen=True)
class IdList:
    """The ids (int64) of a list, or of a block of it, and what is wrong with it.

    `second` is the second column of the same lines, 0 where it is missing; `lines` counts all but the header, `read`
    those that hold something. `rounded` and `malformed` are lines left out because an id in them went through a float
    (as 9.19E+17), or is no id: counted from 1 at the top of a file, from 0 in a block.
    """

    ids: np.ndarray
    second: np.ndarray | None
    second_name: str | None
    lines: int
    read: int
    rounded: np.ndarray
    malformed: np.ndarray


def read_ids(path, *, second=None):
    """Read a list of ids, one a line, with a second column perhaps, plain or gzipped: an :class:`IdList`.

    `second` ("parent_id" or "root_id") says what the second column holds if there is no header that says it. An
    InputError, if the file cannot be read at all, or the meaning of its second column is not known.
    """
    workers = min(4, os.cpu_count() or 1)
    blocks, waiting = [], deque()
    with sniff.opened(path) as stream, ThreadPoolExecutor(workers) as pool:
        start = stream.read(BLOCK)
        layout = layout_of(start, path, second)
        for data in cut(start[layout.skip :], stream, layout.newline):
            waiting.append(pool.submit(read_block, data, layout))
            if len(waiting) > workers:
                blocks.append(waiting.popleft().result())
        blocks.extend(future.result() for future in waiting)
    return _joined(blocks, layout)


def read_table(path, *, second=None):
    """Read a list of ids as columns of a table of posts; unlike :func:`read_ids` it refuses damaged lines.

    Parameters
    ----------
    path, second
        As for :func:`read_ids`.

    Returns
    -------
    DataFrame
        post_id and platform ("twitter"), and parent_id or root_id and kind where there is a second column: a post
        with a parent, or with a root that is another post, is a reply.

    Raises
    ------
    InputError
        As :func:`read_ids` does, and if an id was rounded or is none, or there are no ids.
    """
    id_list = read_ids(path, second=second)
    _refuse_damage(id_list, path)
    if id_list.read == 0:
        raise InputError(f"{path}: the file holds a header and no ids; give one with ids")
    ids, second = id_list.ids, id_list.second
    table = {"post_id": _as_text(ids), "platform": pd.Series("twitter", index=range(len(ids)), dtype="str")}
    if second is not None:
        table[id_list.second_name] = _as_text(second)
        replies = (second != 0) & (second != ids)
        table["kind"] = pd.Series("reply", index=range(len(ids)), dtype="str").where(replies)
    return pd.DataFrame(table)


def _refuse_damage(id_list, path):
    rounded, malformed = len(id_list.rounded), len(id_list.malformed)
    lines, hold = number_of(id_list.read, "line", "lines"), "holds" if malformed == 1 else "hold"
    what = f"{malformed:,} of {lines} {hold} what is no id (an id is digits alone, below 2**63)"
    if rounded:
        others = f"; besides, {what}, first line {id_list.malformed[0]}" if malformed else ""
        were = "was" if rounded == 1 else "were"
        raise InputError(
            f"{path}, line {id_list.rounded[0]}: {rounded:,} of {number_of(id_list.read, 'id', 'ids')} {were} "
            f"rounded (as 9.19E+17) and cannot be mended; take the ids as text from their source{others}"
        )
    if malformed:
        raise InputError(f"{path}, line {id_list.malformed[0]}: {what}; mend those lines or leave them out")


def _as_text(numbers):
    """Ids as text, missing where 0."""
    import pyarrow as pa
    import pyarrow.compute as pc

    return pd.Series(pd.array(pc.cast(pa.array(numbers, mask=numbers == 0), pa.large_string()), dtype="str"))


def layout_of(start, path, second):
    """Tell from the beginning of a file (bytes) how its lines look; `second` is as for :func:`read_ids`."""
    if second not in (None, "parent_id", "root_id"):
        raise InputError(f"{path}: second={second!r} is not known; it is parent_id or root_id")
    line = sniff.first_line(start, path)
    headed = not sniff.looks_like_id(line.fields[0])
    name = None
    if len(line.fields) == 2:
        name = _second_name(line.fields[1].lower() if headed else None, second, path)
    skip, top = (line.end, line.number + 1) if headed else (line.begin, line.number)
    return Layout(len(line.fields), line.delimiter, line.newline, name, skip, top)


def _second_name(header, named, path):
    """Decide what a second column holds, from its header (None without one) and from what the reader named it."""
    how = '--second parent_id or --second root_id (in Python second="parent_id" or second="root_id")'
    known = _SECOND.get(header)
    if header is None and named is None:
        raise InputError(
            f"{path}, line 1: two columns and no header; tell whether the second is the parent or the root of the "
            f"conversation: {how}"
        )
    if known and named and known != named:
        raise InputError(
            f"{path}, line 1: {header} is a {known}, not a {named}; leave out --second, or mend the header"
        )
    if known is None and (header or "").startswith("in_reply_to_"):
        raise InputError(f"{path}, line 1: {header} names people, not posts; leave that column out")
    if known is None and named is None:
        raise InputError(
            f"{path}, line 1: unknown columns {header or '(no name)'}; beside the ids a list may have one of "
            f"{', '.join(_SECOND)}; if it is one of these under another name, say {how}; "
            "for a table of posts, call the column of ids post_id"
        )
    return known or named


def cut(data, stream, newline):
    """Cut a stream, of which `data` was read already, into blocks of whole lines, each with its last line end."""
    while more := stream.read(BLOCK):
        data += more
        end = data.rfind(newline[-1:]) + 1
        if end:
            yield data[:end]
            data = data[end:]
    if data:
        yield data if data.endswith(newline) else data + newline


def read_block(data, layout):
    """Read a block that :func:`cut` gave, at once or line by line: an :class:`IdList`, its lines counted from 0."""
    numbers = parse_plain(data, layout.columns, layout.delimiter, layout.newline)
    if numbers is None:
        return _read_lines(data, layout)
    second, none = numbers[1] if layout.columns == 2 else None, np.zeros(0, dtype=np.int64)
    return IdList(numbers[0], second, layout.second_name, len(numbers[0]), len(numbers[0]), none, none)


def _read_lines(data, layout):
    """Read a block line by line, and tell what is wrong with each that is: the plain twin of ``parse_plain``."""
    import pyarrow as pa
    import pyarrow.compute as pc

    text = data.decode("utf-8", errors="replace").replace("\r\n", "\n").replace("\r", "\n")
    lines = pc.utf8_trim_whitespace(pa.array(text.removesuffix("\n").split("\n"), pa.string()))
    mark = re.escape(layout.delimiter)
    names = ["id", "second"][: layout.columns]
    pattern = rf"\s*{mark}\s*".join(f'(?P<{name}>"[^"]*"|[^"{mark}]*)' for name in names)
    parts = pc.extract_regex(lines, f"^{pattern}$")
    fields = [pc.utf8_trim(pc.struct_field(parts, name), '" \t') for name in names]
    ids = pc.if_else(parts.is_valid(), fields[0], lines)
    numbers, state = parse_ids(ids)
    blank = pc.equal(pc.binary_join_element_wise(ids, *fields[1:], "", null_handling="skip"), "")
    blank = blank.to_numpy(zero_copy_only=False)
    second = None
    if layout.columns == 2:
        missing = pc.is_in(fields[1], pa.array(_MISSING))
        second, other = parse_ids(pc.if_else(missing, pa.scalar(None, pa.string()), fields[1]))
        state = np.where((state == FINE) & (other >= ROUNDED), other, state)
        state = np.where((state == FINE) & ~parts.is_valid().to_numpy(zero_copy_only=False), MALFORMED, state)
    fine = (state == FINE) & ~blank
    return IdList(
        ids=numbers[fine],
        second=None if second is None else second[fine],
        second_name=layout.second_name,
        lines=len(lines),
        read=int((~blank).sum()),
        rounded=np.flatnonzero((state == ROUNDED) & ~blank),
        malformed=np.flatnonzero((state == MALFORMED) & ~blank),
    )


def _joined(blocks, layout):
    """Put blocks in their order into one list, with lines of the file for those of the blocks."""
    tops = layout.top + np.cumsum([0, *(block.lines for block in blocks)])[:-1]
    none = np.zeros(0, dtype=np.int64)
    return IdList(
        ids=np.concatenate([none, *(block.ids for block in blocks)]),
        second=None if layout.columns == 1 else np.concatenate([none, *(block.second for block in blocks)]),
        second_name=layout.second_name,
        lines=sum(block.lines for block in blocks),
        read=sum(block.read for block in blocks),
        rounded=np.concatenate([none, *(top + block.rounded for top, block in zip(tops, blocks, strict=True))]),
        malformed=np.concatenate([none, *(top + block.malformed for top, block in zip(tops, blocks, strict=True))]),
    )
