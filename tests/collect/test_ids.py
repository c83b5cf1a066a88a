"""Lists of ids: every sound id is read exactly, every other one is found, counted and placed."""

import gzip
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.collect import ids
from analysis.collect.ids import read_ids
from analysis.posts import load_posts, offers
from analysis.schema import InputError

A, B, C = 919659437487030272, 919659437487030273, 919659441681334272


def write(folder, content, name="list.txt"):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def faults(id_list):
    return id_list.read, id_list.rounded.tolist(), id_list.malformed.tolist()


@pytest.mark.parametrize("header", ["", "id\n", "ID\n", '"tweet_id"\n'])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_one_column_in_all_dresses(tmp_path, header, end, mark):
    text = (header + f"{A}\n{B}\n{C}").replace("\n", end).encode()
    for content in (mark + text, mark + text + end.encode(), gzip.compress(mark + text)):
        id_list = read_ids(write(tmp_path, content, "named.wrongly"))
        assert (id_list.ids.tolist(), id_list.ids.dtype) == ([A, B, C], np.int64)
        assert (id_list.second, id_list.second_name) == (None, None)
        assert faults(id_list) == (3, [], [])


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("tweet_id,in_reply_to_tweet_id", "parent_id"),
        ("tweet_id,conversation_id", "root_id"),
    ],
)
@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_two_columns(tmp_path, header, name, mark):
    for missing in ("", "NA", "0", "-1", "nan", '""'):
        text = f"{header}\n{A},{A}\n{B},{missing}\n{C},{A}\n".replace(",", mark)
        id_list = read_ids(write(tmp_path, text))
        assert id_list.second_name == name
        assert (id_list.ids.tolist(), id_list.second.tolist()) == ([A, B, C], [A, 0, A])
        assert faults(id_list) == (3, [], [])


def test_a_parent_is_a_parent_and_a_root_is_a_root(tmp_path):
    parents = load_posts(write(tmp_path, f"tweet_id,in_reply_to_tweet_id\n{A},\n{C},{A}\n"))
    assert parents["parent_id"].to_list() == [np.nan, str(A)]
    assert parents["kind"].to_list() == [np.nan, "reply"]
    assert offers(parents) == {"time", "replies"}
    roots = load_posts(write(tmp_path, f"tweet_id,conversation_id\n{A},{A}\n{C},{A}\n"))
    assert roots["root_id"].to_list() == [str(A), str(A)]
    assert roots["kind"].to_list() == [np.nan, "reply"]
    assert offers(roots) == {"time", "roots"}


def test_a_second_column_without_a_header_has_to_be_told(tmp_path):
    path = write(tmp_path, f"{A},{A}\n{C},{A}\n")
    with pytest.raises(InputError, match=r"list.txt, line 1: .*--second parent_id"):
        load_posts(path)
    assert load_posts(path, second="root_id")["root_id"].to_list() == [str(A), str(A)]
    assert load_posts(path, second="parent_id")["parent_id"].to_list() == [str(A), str(A)]
    with pytest.raises(InputError, match="it is parent_id or root_id"):
        load_posts(path, second="author")
    assert read_ids(write(tmp_path, f"id,answers\n{B},{A}\n"), second="parent_id").second_name == "parent_id"
    with pytest.raises(InputError, match="conversation_id is a root_id, not a parent_id"):
        read_ids(write(tmp_path, f"id,conversation_id\n{B},{A}\n"), second="parent_id")


ROUNDED = ["9.19E+17", "9.19e17", "9,19E+17", "919407613389008896.0", "1e18", '"9.19E+17"', "9.E+17"]
MALFORMED = ["007", "0", "-5", "+5", "0x1F", "0X1F", "1_000", "1,000", '"1,000"', '5"6', '"5"6', "5 6", "5\x00", "٣"]
MALFORMED += ["５", "true", "NA", "abc", "2017-10-15", "#5", str(2**63), str(2**64 - 1), "9" * 30, b"\xff\xfe\x80"]


@pytest.mark.parametrize("text", ROUNDED + MALFORMED)
def test_what_is_no_id_is_found_and_placed(tmp_path, text):
    line = text if isinstance(text, bytes) else text.encode()
    id_list = read_ids(write(tmp_path, f"id\n{A}\n\n".encode() + line + f"\n{B}\n".encode() + line + b"\n"))
    assert id_list.ids.tolist() == [A, B]
    assert faults(id_list) == ((4, [4, 6], []) if text in ROUNDED else (4, [], [4, 6]))


@pytest.mark.parametrize("text", [f"{A}", f"{A},{A},{A}", f",{A}", f"{A},007", f"{A},x", f"{A},-5", f"{A},{A}.0"])
def test_what_is_no_pair_is_found_and_placed(tmp_path, text):
    id_list = read_ids(write(tmp_path, f"id,parent_id\n{A},\n{text}\n{B},{A}\n"))
    assert (id_list.ids.tolist(), id_list.second.tolist()) == ([A, B], [0, A])
    assert faults(id_list) == ((3, [3], []) if text.endswith(".0") else (3, [], [3]))


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_damage_in_the_middle_of_many_is_found(tmp_path, monkeypatch, pack):
    monkeypatch.setattr(ids, "BLOCK", 2**16)
    numbers = np.random.default_rng(1).integers(A, A + 2**44, 100_000)
    lines = numbers.astype("str").astype(object)
    lines[[50_000, 50_001, 99_999]] = "9.19E+17", "9.20E+17", "919659437487030272.0"
    lines[[60_000, 70_000]] = "none", "0919659437487030272"
    path = write(tmp_path, pack("\n".join(["tweet_id", *lines]).encode()))
    id_list = read_ids(path)
    assert np.array_equal(id_list.ids, np.delete(numbers, [50_000, 50_001, 60_000, 70_000, 99_999]))
    assert faults(id_list) == (100_000, [50_002, 50_003, 100_001], [60_002, 70_002])
    message = r"list.txt, line 50002: 3 of 100,000 ids were rounded.*2 of 100,000 lines.*line 60002$"
    with pytest.raises(InputError, match=message):
        load_posts(path)


firsts = st.sampled_from(
    [str(A), "5", "007", " 5", "5 ", "\t5", '" 5"', "0x1F", "9.19E+17", "5.0", "", "  ", "abc", '"5"', "9" * 19]
)
seconds = st.sampled_from(["", "0", "NA", str(B), "8 ", "0x5"])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(firsts, seconds)), st.booleans(), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_blocks_of_any_size_hold_what_a_plain_reader_reads(tmp_path, monkeypatch, rows, pairs, end, closed):
    lines = ["id,root_id" if pairs else "id", *(",".join(row) if pairs else row[0] for row in rows)]
    path = write(tmp_path, end.join(lines) + (end if closed else ""))
    expected, rounded, malformed = [], [], []
    for number, (first, second) in enumerate(rows, 2):
        text, second = first.strip(' \t"'), second.strip() if pairs else ""
        if not text and not second:
            continue
        if re.fullmatch(r"\d+\.\d+(E\+\d+)?", text):
            rounded.append(number)
        elif not re.fullmatch("[1-9][0-9]{0,18}", text) or int(text) >= 2**63 or second == "0x5":
            malformed.append(number)
        else:
            expected.append((int(text), 0 if second in ("", "0", "NA") else int(second)))
    for size in (64, 2**20):
        monkeypatch.setattr(ids, "BLOCK", size)
        id_list = read_ids(path)
        assert id_list.ids.tolist() == [first for first, _ in expected]
        assert not pairs or id_list.second.tolist() == [second for _, second in expected]
        assert faults(id_list) == (len(expected) + len(rounded) + len(malformed), rounded, malformed)


def test_the_order_of_the_file_does_not_matter_and_repeats_are_dropped(tmp_path):
    forwards = load_posts(write(tmp_path, f"id,root_id\n{A},{A}\n{B},\n{C},{A}\n{B},{A}\n"))
    backwards = load_posts(write(tmp_path, f"id,root_id\n{B},{A}\n{C},{A}\n{B},\n{A},{A}\n"))
    pd.testing.assert_frame_equal(forwards, backwards)
    assert forwards["post_id"].to_list() == [str(A), str(B), str(C)]
    assert forwards["root_id"].to_list() == [str(A)] * 3
    account = {"read": 4, "kept": 3, "duplicates": 1, "format": "ids", "time": "from the ids"}
    assert account.items() <= forwards.attrs["account"].items()


@pytest.mark.parametrize("every", [0, 10])
def test_ids_that_a_spreadsheet_rounded_to_15_digits_are_told_of(tmp_path, every):
    numbers = np.random.default_rng(1).integers(A, A + 2**44, 1000)
    if every:
        numbers[::every] = numbers[::every] // 1000 * 1000
    notes = load_posts(write(tmp_path, "\n".join(map(str, numbers)))).attrs["account"]["notes"]
    assert any(note.startswith("10% of the ids end in 000") for note in notes) == (every == 10)
