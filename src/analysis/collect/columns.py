"""Read what comes in columns already: lists of ids, and our own Parquet."""

from __future__ import annotations

import re
from functools import partial

import numpy as np
import pyarrow as pa

from analysis.collect import own
from analysis.collect.blocks import read_block
from analysis.collect.collecting import Part
from analysis.collect.parquet import check_kinds, check_texts, damage
from analysis.schema import InputError


def ids(blocks, layout, line):
    """Give, for blocks of a list of ids, what reads each; ``line`` is the number of the first line."""
    for data in blocks:
        yield partial(_read_ids, data, line, layout)
        line += data.count(layout.newline)


def _read_ids(data, line, layout):
    block = read_block(data, layout)
    table = {"post_id": pa.array(block.ids)}
    if block.second is not None:
        table[layout.second_name] = pa.array(block.second, mask=block.second == 0)
        reply = (block.second != 0) & (block.second != block.ids)
        table["kind"] = pa.array(np.where(reply, "reply", None), pa.string())
    bad = [(int(at), "a rounded id, and nothing else") for at in block.rounded]
    bad += [(int(at), "its id is none") for at in block.malformed]
    texts = re.split(rb"\r\n|\r|\n", data) if bad else []
    plain = len(block.ids) == block.lines
    lines = np.arange(line, line + block.lines) if plain else np.full(len(block.ids), line)
    refused = [(line + at, reason, texts[at]) for at, reason in sorted(bad)]
    return Part(pa.table(table), lines, lambda row: str(block.ids[row]).encode(), refused, block.read)


def parquet(path):
    """Give, for batches of one of our own Parquet files, what reads each."""
    import pyarrow.parquet as pq

    try:
        with path.open("rb") as stream:  # pyarrow itself opens no file whose name is no text
            file = pq.ParquetFile(stream)
            own.check_names(file.schema_arrow.names, path)
            check_kinds(file.schema_arrow, path)
            for number, batch in enumerate(file.iter_batches(65_536)):
                yield partial(_read_batch, pa.Table.from_batches([batch]), number * 65_536, path)
    except (pa.ArrowException, OSError) as error:
        raise damage(error, path) from None


def _read_batch(table, start, path):
    check_texts(table, path, start)
    plain = {}
    for field in table.schema:
        kind = field.type
        if pa.types.is_dictionary(kind):
            kind = kind.value_type
        numbers = pa.types.is_integer(kind) or pa.types.is_null(kind) or pa.types.is_floating(kind)
        if not (numbers or pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_timestamp(kind)):
            raise InputError(f"{path}: the column {field.name} holds {kind}; it has to be text, numbers or times")
        plain[field.name] = table[field.name] if pa.types.is_timestamp(kind) else table[field.name].cast(_kept(kind))
    lines = np.arange(start + 1, start + 1 + table.num_rows)
    return Part(pa.table(plain), lines, lambda row: repr(table.slice(row, 1).to_pylist()).encode(), read=len(lines))


def _kept(kind):
    return pa.int64() if pa.types.is_signed_integer(kind) else pa.string()
