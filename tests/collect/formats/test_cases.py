"""Each shape of a record gives its row, or is refused with a reason: a table for each format, in ``cases``.

A case tells the whole ``record``, or what is ``given`` besides the first of the ``records`` (or another one, ``of``);
and the whole ``row``, or in what that ``differs`` from the row of the first, or a word of the reason for which the
record is ``refused``. "$name" stands for a record, and a/b for the key b within a. What is read at once, where a format
has a fast way, is equal, unless it is left to the ``careful`` one.
"""

import copy
import json
from pathlib import Path

import pytest

from analysis.collect import formats
from analysis.collect.formats import Refused

TABLES = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(Path(__file__).parent.glob("cases/*"))}
CASES = [
    pytest.param(name, case, id=f"{name}-{number}")
    for name, table in TABLES.items()
    for number, case in enumerate(table["cases"])
]


def filled(value, records):
    """Put the records in the place of their names."""
    if isinstance(value, dict):
        return {key: filled(part, records) for key, part in value.items()}
    if isinstance(value, list):
        return [filled(part, records) for part in value]
    is_name = isinstance(value, str) and value.startswith("$")
    return filled(records[value[1:]], records) if is_name else value


def record_of(case, records):
    if "record" in case:
        return filled(case["record"], records)
    record = filled(records[case.get("of", "post")], records)
    for path, value in case["given"].items():
        *outer, name = path.split("/")
        place = record
        for key in outer:
            place = place[key]
        place[name] = filled(value, records)
    return record


@pytest.mark.parametrize(("name", "case"), CASES)
def test_each_shape_gives_its_row_or_its_reason(name, case):
    source, table = formats.by_name(name), TABLES[name]
    record = record_of(case, table["records"])
    before = copy.deepcopy(record)
    assert formats.recognised(list(record) if source.container == "csv" else record, source.container) is source
    [row] = source.rows(record)
    assert record == before
    if "refused" in case:
        assert isinstance(row, Refused) and case["refused"] in row.reason
        return
    expected = case.get("row", table["row"] | case.get("differs", {}))
    assert json.loads(json.dumps(row)) == expected
    if source.fast:
        at_once = source.fast((json.dumps(record) + "\n").encode())
        assert (at_once and at_once.select(list(expected)).to_pylist()) == (None if "careful" in case else [expected])


def test_every_format_but_our_own_has_its_table():
    assert set(TABLES) == set(formats.known()) - {"posts"}
