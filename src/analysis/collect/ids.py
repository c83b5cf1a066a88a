"""Read lists of post ids, fast and without trusting them: rounded and malformed ids are found and counted.

The file is cut into blocks at line ends; several are read at a time, see :mod:`analysis.collect.blocks`.
"""

import os
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.collect import sniff
from analysis.collect.blocks import BLOCK, Layout, cut, read_block
from analysis.collect.readers import Reading
from analysis.schema import InputError, number_of

_SECOND = {
    "parent_id": "parent_id",
    "in_reply_to": "parent_id",
    "in_reply_to_id": "parent_id",
    "in_reply_to_id_str": "parent_id",
    "in_reply_to_status_id": "parent_id",
    "in_reply_to_status_id_str": "parent_id",
    "in_reply_to_tweet_id": "parent_id",
    "root_id": "root_id",
    "conversation_id": "root_id",
    "conversation_id_str": "root_id",
}


@dataclass(frozen=True)
class IdList:
    """The ids of a file, and what was wrong with it.

    Attributes
    ----------
    ids : ndarray of int64
        The ids of the lines that are sound, in the order of the file.
    second : ndarray of int64 or None
        The second column of the same lines, 0 where it is missing; None if there is none.
    second_name : {"parent_id", "root_id"} or None
    read : int
        Lines of the file that hold something, the header apart.
    rounded, malformed : int
        Lines left out because an id in them went through a float (as 9.19E+17), or is no id.
    first_rounded, first_malformed : int or None
        The first such line, counted from 1 and from the top of the file.
    """

    ids: np.ndarray
    second: np.ndarray | None
    second_name: str | None
    read: int
    rounded: int = 0
    malformed: int = 0
    first_rounded: int | None = None
    first_malformed: int | None = None


def read_ids(path, *, second=None):
    """Read a list of ids, one a line, with a second column perhaps; plain or gzipped.

    Parameters
    ----------
    path : Path
    second : {"parent_id", "root_id"}, optional
        What the second column holds, if the file has no header that says it.

    Returns
    -------
    IdList
        Damaged lines are left out of it, and counted.

    Raises
    ------
    InputError
        If the file cannot be read at all, or the meaning of its second column is not known.
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
    return _together(blocks, layout)


def read_table(path, *, second=None):
    """Read a list of ids as columns of a table of posts; unlike :func:`read_ids` it refuses damaged lines.

    Parameters
    ----------
    path : Path
    second : {"parent_id", "root_id"}, optional
        As for :func:`read_ids`.

    Returns
    -------
    Reading
        post_id and platform ("twitter"), and parent_id or root_id and kind where there is a second column: a post
        with a parent, or with a root that is another post, is a reply.

    Raises
    ------
    InputError
        As :func:`read_ids` does, and if an id was rounded or is none, or there are no ids.
    """
    found = read_ids(path, second=second)
    _refuse_damage(found, path)
    if found.read == 0:
        raise InputError(f"{path}: the file holds a header and no ids; give one with ids")
    table = {"post_id": _as_text(found.ids), "platform": pd.Series("twitter", index=range(len(found.ids)), dtype="str")}
    if found.second is not None:
        reply = (found.second != 0) & (found.second != found.ids)
        table[found.second_name] = _as_text(found.second)
        table["kind"] = pd.Series("reply", index=range(len(reply)), dtype="str").where(reply)
    return Reading(pd.DataFrame(table), "ids", found.read, lambda row: str(path))


def layout_of(start, path, second):
    """Tell from the beginning of a file how its lines look: a ``Layout``."""
    if second not in (None, "parent_id", "root_id"):
        raise InputError(f"{path}: second={second!r} is not known; it is parent_id or root_id")
    line = sniff.first_line(start, path)
    headed = not sniff.looks_like_id(line.fields[0])
    name = None
    if len(line.fields) == 2:
        name = _second_name(line.fields[1].lower() if headed else None, second, path)
    skip, top = (line.end, line.number + 1) if headed else (line.begin, line.number)
    return Layout(len(line.fields), line.delimiter, line.newline, name, skip, top)


def _second_name(header, told, path):
    """Decide what a second column holds, from its header (None without one) and from what the reader was told."""
    how = '--second parent_id or --second root_id (in Python second="parent_id" or second="root_id")'
    said = _SECOND.get(header)
    if header is None and told is None:
        raise InputError(
            f"{path}, line 1: two columns and no header; tell whether the second is the parent or the root of the "
            f"conversation: {how}"
        )
    if said and told and said != told:
        raise InputError(f"{path}, line 1: {header} is a {said}, not a {told}; leave out --second, or mend the header")
    if said is None and (header or "").startswith("in_reply_to_"):
        raise InputError(f"{path}, line 1: {header} names people, not posts; leave that column out")
    if said is None and told is None:
        raise InputError(
            f"{path}, line 1: unknown columns {header or '(no name)'}; beside the ids a list may have one of "
            f"{', '.join(_SECOND)}; if it is one of these under another name, say {how}; "
            "for a table of posts, call the column of ids post_id"
        )
    return said or told


def _together(blocks, layout):
    """Put blocks in their order into one list, with the lines of the file for the rows of the blocks."""
    tops = layout.top + np.cumsum([0, *(block.lines for block in blocks)])[:-1]

    def first(name):
        faults = ((getattr(block, name), top) for block, top in zip(blocks, tops, strict=True))
        return next((int(top + rows[0]) for rows, top in faults if len(rows)), None)

    nothing = np.zeros(0, dtype=np.int64)
    return IdList(
        ids=np.concatenate([nothing, *(block.ids for block in blocks)]),
        second=None if layout.columns == 1 else np.concatenate([nothing, *(block.second for block in blocks)]),
        second_name=layout.second_name,
        read=sum(block.read for block in blocks),
        rounded=sum(len(block.rounded) for block in blocks),
        malformed=sum(len(block.malformed) for block in blocks),
        first_rounded=first("rounded"),
        first_malformed=first("malformed"),
    )


def _refuse_damage(found, path):
    lines, hold = number_of(found.read, "line", "lines"), "holds" if found.malformed == 1 else "hold"
    malformed = f"{found.malformed:,} of {lines} {hold} what is no id (an id is digits alone, below 2**63)"
    if found.rounded:
        others = f"; besides, {malformed}, first line {found.first_malformed}" if found.malformed else ""
        were = "was" if found.rounded == 1 else "were"
        raise InputError(
            f"{path}, line {found.first_rounded}: {found.rounded:,} of {number_of(found.read, 'id', 'ids')} {were} "
            f"rounded (as 9.19E+17) and cannot be mended; take the ids as text from their source{others}"
        )
    if found.malformed:
        raise InputError(f"{path}, line {found.first_malformed}: {malformed}; mend those lines or leave them out")


def _as_text(numbers):
    """Ids as text, missing where 0."""
    import pyarrow as pa
    import pyarrow.compute as pc

    numbers = pa.array(numbers, mask=numbers == 0)
    return pd.Series(pd.array(pc.cast(numbers, pa.large_string()), dtype="str"))
