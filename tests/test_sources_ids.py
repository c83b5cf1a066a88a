"""Lists of ids: every sound id is read exactly, every other one is found, counted and placed."""

import gzip
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.collect import ids
from analysis.collect.ids import read_ids as read_list
from analysis.posts import load_posts, offers
from analysis.schema import InputError
from analysis.snowflake import count_ids

SHARED = Path(__file__).parents[2] / "shared" / "data"
A, B, C = 919659437487030272, 919659437487030273, 919659441681334272
GOOD = "[1-9][0-9]{0,18}"


class Counted:
    def __init__(self, id_list):
        self.ids, self.second, self.second_name, self.read = (
            id_list.ids,
            id_list.second,
            id_list.second_name,
            id_list.read,
        )
        self.rounded, self.malformed = len(id_list.rounded), len(id_list.malformed)
        self.first_rounded = int(id_list.rounded[0]) if self.rounded else None
        self.first_malformed = int(id_list.malformed[0]) if self.malformed else None


def read_ids(path, **options):
    return Counted(read_list(path, **options))


def write(folder, content, name="list.txt"):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("header", ["", "id\n", "tweet_id\n", "ID\n", '"tweet_id"\n'])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("last", ["", "end"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_one_column_in_all_dresses(tmp_path, header, end, last, mark, pack):
    text = (header + f"{A}\n{B}\n{C}" + ("\n" if last else "")).replace("\n", end)
    found = read_ids(write(tmp_path, pack(mark + text.encode()), "named.wrongly"))
    assert found.ids.tolist() == [A, B, C]
    assert found.ids.dtype == np.int64
    assert (found.second, found.second_name) == (None, None)
    assert (found.read, found.rounded, found.malformed) == (3, 0, 0)


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("tweet_id,in_reply_to_tweet_id", "parent_id"),
        ("id,in_reply_to_status_id_str", "parent_id"),
        ("id,parent_id", "parent_id"),
        ("tweet_id,conversation_id", "root_id"),
        ("id,root_id", "root_id"),
    ],
)
@pytest.mark.parametrize("mark", [",", "\t", ";"])
@pytest.mark.parametrize("nothing", ["", "NA", "0", "-1", "nan", '""'])
def test_two_columns(tmp_path, header, name, mark, nothing):
    text = f"{header}\n{A},{A}\n{B},{nothing}\n{C},{A}\n".replace(",", mark)
    found = read_ids(write(tmp_path, text))
    assert found.second_name == name
    assert found.ids.tolist() == [A, B, C]
    assert found.second.tolist() == [A, 0, A]
    assert (found.read, found.rounded, found.malformed) == (3, 0, 0)


def test_a_parent_is_a_parent_and_a_root_is_a_root(tmp_path):
    parents = load_posts(write(tmp_path, f"tweet_id,in_reply_to_tweet_id\n{A},\n{C},{A}\n"))
    assert parents["parent_id"].to_list() == [np.nan, str(A)]
    assert parents["kind"].to_list() == [np.nan, "reply"]
    assert parents["root_id"].isna().all()
    assert offers(parents) == {"time", "replies"}
    roots = load_posts(write(tmp_path, f"tweet_id,conversation_id\n{A},{A}\n{C},{A}\n"))
    assert roots["root_id"].to_list() == [str(A), str(A)]
    assert roots["kind"].to_list() == [np.nan, "reply"]
    assert roots["parent_id"].isna().all()
    assert offers(roots) == {"time", "roots"}


def test_a_second_column_without_a_header_has_to_be_told(tmp_path):
    path = write(tmp_path, f"{A},{A}\n{C},{A}\n")
    with pytest.raises(InputError, match=r"list.txt, line 1: .*--second parent_id"):
        load_posts(path)
    assert load_posts(path, second="root_id")["root_id"].to_list() == [str(A), str(A)]
    parents = load_posts(path, second="parent_id")
    assert parents["parent_id"].to_list() == [str(A), str(A)]
    with pytest.raises(InputError, match="it is parent_id or root_id"):
        load_posts(path, second="author")


@pytest.mark.parametrize(
    ("header", "what"),
    [
        ("id,in_reply_to_user_id", "names people, not posts"),
        ("id,in_reply_to_screen_name", "names people, not posts"),
        ("id,retweets", "unknown columns retweets"),
        ("tweet_id,text", "unknown columns text"),
        ("tweet_id,", r"unknown columns \(no name\)"),
    ],
)
def test_a_second_column_that_is_none_of_ours_is_refused(tmp_path, header, what):
    with pytest.raises(InputError, match=f"list.txt, line 1: .*{what}"):
        load_posts(write(tmp_path, f"{header}\n{A},{B}\n"))


def test_what_the_reader_tells_may_name_a_column_but_not_contradict_it(tmp_path):
    assert read_ids(write(tmp_path, f"id,answers\n{B},{A}\n"), second="parent_id").second_name == "parent_id"
    with pytest.raises(InputError, match="conversation_id is a root_id, not a parent_id"):
        read_ids(write(tmp_path, f"id,conversation_id\n{B},{A}\n"), second="parent_id")


@pytest.mark.parametrize("text", [" 5", "5 ", '"5"', "\t5", '" 5"'])
def test_blanks_and_quotes_around_an_id_do_no_harm(tmp_path, text):
    found = read_ids(write(tmp_path, f"id\n{A}\n{text}\n\n{B}\n"))
    assert found.ids.tolist() == [A, 5, B]
    assert (found.read, found.malformed) == (3, 0)


@pytest.mark.parametrize(
    "text", ["9.19E+17", "9.19e17", "9,19E+17", "919407613389008896.0", "1e18", '"9.19E+17"', "9.E+17"]
)
def test_a_rounded_id_is_counted_as_such(tmp_path, text):
    found = read_ids(write(tmp_path, f"id\n{A}\n\n{text}\n{B}\n{text}\n"))
    assert found.ids.tolist() == [A, B]
    assert (found.read, found.rounded, found.first_rounded, found.malformed) == (4, 2, 4, 0)


NO_IDS = ["007", "0", "-5", "+5", "0x1F", "0X1F", "1_000", "1,000", '"1,000"', '5"6', '"5"6', "5 6", "5\x00", "٣", "５"]
NO_IDS += ["true", "NA", "nan", "abc", "2017-10-15", "#5", "9223372036854775808", "18446744073709551615", "9" * 30]


@pytest.mark.parametrize("text", NO_IDS)
def test_what_is_no_id_is_counted_as_such(tmp_path, text):
    found = read_ids(write(tmp_path, f"id\n{A}\n{text}\n{B}\n"))
    assert found.ids.tolist() == [A, B]
    assert (found.read, found.malformed, found.first_malformed, found.rounded) == (3, 1, 3, 0)


@pytest.mark.parametrize("text", [f"{A}", f"{A},{A},{A}", f",{A}", f"{A},007", f"{A},x", f"{A},-5"])
def test_what_is_no_pair_is_counted_as_such(tmp_path, text):
    found = read_ids(write(tmp_path, f"id,parent_id\n{A},\n{text}\n{B},{A}\n"))
    assert found.ids.tolist() == [A, B]
    assert found.second.tolist() == [0, A]
    assert (found.read, found.malformed, found.first_malformed) == (3, 1, 3)


def test_a_rounded_parent_is_found(tmp_path):
    found = read_ids(write(tmp_path, f"id,parent_id\n{A},\n{B},{A}.0\n"))
    assert (found.read, found.rounded, found.first_rounded) == (2, 1, 3)


def test_bytes_that_are_no_text_are_counted_as_malformed(tmp_path):
    found = read_ids(write(tmp_path, f"id\n{A}\n".encode() + b"\xff\xfe\x80\n" + f"{B}\n".encode()))
    assert found.ids.tolist() == [A, B]
    assert (found.malformed, found.first_malformed) == (1, 3)


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_damage_in_the_middle_of_many_is_found(tmp_path, monkeypatch, pack):
    monkeypatch.setattr(ids, "BLOCK", 2**16)
    numbers = np.random.default_rng(1).integers(A, A + 2**44, 100_000)
    lines = [str(number) for number in numbers]
    lines[50_000], lines[50_001], lines[99_999] = "9.19E+17", "9.20E+17", "919659437487030272.0"
    lines[60_000], lines[70_000] = "none", "0919659437487030272"
    path = write(tmp_path, pack("\n".join(["tweet_id", *lines]).encode()))
    found = read_ids(path)
    sound = np.delete(numbers, [50_000, 50_001, 60_000, 70_000, 99_999])
    assert np.array_equal(found.ids, sound)
    assert (found.read, found.rounded, found.malformed) == (100_000, 3, 2)
    assert (found.first_rounded, found.first_malformed) == (50_002, 60_002)
    with pytest.raises(InputError) as error:
        load_posts(path)
    message = str(error.value)
    assert message.startswith(f"{path}, line 50002: 3 of 100,000 ids were rounded")
    assert "2 of 100,000 lines" in message
    assert "line 60002" in message
    assert "\n" not in message


def test_malformed_ids_alone_are_refused_with_their_line(tmp_path):
    path = write(tmp_path, f"{A}\n{B}\nhello\n")
    with pytest.raises(InputError, match=r"list.txt, line 3: 1 of 3 lines holds what is no id"):
        load_posts(path)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("columns", [1, 2])
@pytest.mark.parametrize("odd", ["", '"5"6"', '"', '"""', '5"', '"5', '"', "5", '" 5"', '"007"', '"","', '","5"'])
def test_quoted_ids_are_read_fast_and_odd_quotes_found(tmp_path, monkeypatch, end, columns, odd):
    line = '"{0}"' if columns == 1 else '"{0}","{1}"'
    lines = [line.format("id", "root_id"), line.format(A, A), odd, '"', line.format(B, A), line.format("5", "5")]
    path = write(tmp_path, end.join([*lines, ""]))
    plain = read_ids(path)
    monkeypatch.setattr(ids, "parse_plain", lambda *block: None)
    careful = read_ids(path)
    assert np.array_equal(plain.ids, careful.ids)
    apart = {"ids": None, "second": None}
    assert vars(plain) | apart == vars(careful) | apart


def test_quoted_ids_take_the_fast_way(tmp_path, monkeypatch):
    monkeypatch.setattr(ids, "_read_lines", None)
    assert read_ids(write(tmp_path, f'"id","root_id"\n"{A}","{B}"\n"{B}","{B}"\n')).ids.tolist() == [A, B]
    assert read_ids(write(tmp_path, f'"id"\r\n"{A}"\r\n"{B}"\r\n')).ids.tolist() == [A, B]


PIECES = [str(A), str(B), "5", "007", " 5", "5 ", "0x1F", "-5", "9.19E+17", f"{A}.0", "", "  ", "abc", '"5"', "ä"]
pieces = st.sampled_from([*PIECES, "9" * 19])


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(pieces), st.sampled_from(["\n", "\r\n"]), st.booleans(), st.booleans(), st.sampled_from([8, 64, 4096]))
def test_blocks_read_what_a_plain_reader_would(tmp_path, monkeypatch, lines, end, headed, closed, size):
    monkeypatch.setattr(ids, "BLOCK", max(size, 64))
    lines = ["id" if headed else "1", *lines]
    path = write(tmp_path, end.join(lines) + (end if closed else ""))
    found = read_ids(path)
    expected = {"fine": [], "rounded": [], "malformed": []}
    for number, line in enumerate(lines, 1):
        text = line.strip().strip('"')
        if not text or text == "id":
            continue
        if re.fullmatch(GOOD, text) and int(text) < 2**63:
            expected["fine"].append(int(text))
        else:
            expected["rounded" if re.fullmatch(r"\d+\.\d+(E\+\d+)?", text) else "malformed"].append(number)
    assert found.ids.tolist() == expected["fine"]
    assert (found.rounded, found.malformed) == (len(expected["rounded"]), len(expected["malformed"]))
    assert (found.first_rounded, found.first_malformed) == tuple(
        next(iter(expected[kind]), None) for kind in ("rounded", "malformed")
    )
    assert found.read == sum(len(found) for found in expected.values())


firsts = st.sampled_from([str(A), "5", "07", "9E17", ""])
seconds = st.sampled_from(["", "0", "NA", str(B), "8 ", "0x5"])


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(firsts, seconds)), st.sampled_from(["\n", "\r\n"]), st.sampled_from([24, 4096]))
def test_blocks_read_the_pairs_that_a_plain_reader_would(tmp_path, monkeypatch, rows, end, size):
    monkeypatch.setattr(ids, "BLOCK", max(size, 64))
    path = write(tmp_path, end.join(["id,root_id", *(",".join(row) for row in rows), ""]))
    found = read_ids(path)
    fine = [(first, second.strip()) for first, second in rows if first in (str(A), "5") and second != "0x5"]
    assert found.ids.tolist() == [int(first) for first, _ in fine]
    assert found.second.tolist() == [0 if second in ("", "0", "NA") else int(second) for _, second in fine]
    assert found.read == sum(row != ("", "") for row in rows) == len(found.ids) + found.rounded + found.malformed


def test_the_order_of_the_file_does_not_matter_and_repeats_are_dropped(tmp_path):
    forwards = load_posts(write(tmp_path, f"id,root_id\n{A},{A}\n{B},\n{C},{A}\n{B},{A}\n"))
    backwards = load_posts(write(tmp_path, f"id,root_id\n{B},{A}\n{C},{A}\n{B},\n{A},{A}\n"))
    pd.testing.assert_frame_equal(forwards, backwards)
    assert forwards["post_id"].to_list() == [str(A), str(B), str(C)]
    assert forwards["root_id"].to_list() == [str(A)] * 3
    account = forwards.attrs["account"]
    assert (account["read"], account["kept"], account["duplicates"]) == (4, 3, 1)
    assert (account["format"], account["time"]) == ("ids", "from the ids")


def test_ids_that_a_spreadsheet_rounded_to_15_digits_are_told_of(tmp_path):
    numbers = np.random.default_rng(1).integers(A, A + 2**44, 1000)
    assert not any("end in 000" in note for note in notes(tmp_path, numbers))
    rounded = np.where(np.arange(1000) % 10 == 0, numbers // 1000 * 1000, numbers)
    assert any(note.startswith("10% of the ids end in 000") for note in notes(tmp_path, rounded))


def notes(folder, numbers):
    return load_posts(write(folder, "\n".join(map(str, numbers)))).attrs["account"]["notes"]


@pytest.mark.skipif(not SHARED.exists(), reason="the real ids are not here")
def test_real_ids_with_their_conversations():
    posts = load_posts(SHARED / "metoo_ids_2017.csv.gz")
    assert len(posts) == 75_526
    assert posts.attrs["account"] | {"notes": []} == {
        "read": 75_526,
        "kept": 75_526,
        "duplicates": 0,
        "format": "ids",
        "time": "from the ids",
        "notes": [],
    }
    seconds = posts["created_at"].dt.floor("s")
    assert seconds.iloc[0] == pd.Timestamp("2017-10-15 03:40:31", tz="UTC")
    assert seconds.iloc[-1] == pd.Timestamp("2018-01-22 05:02:40", tz="UTC")
    hours = count_ids(posts["post_id"], "1h")
    assert hours.loc[hours["posts"].idxmax(), "start"] == pd.Timestamp("2017-10-16 02:00", tz="UTC")
    assert (posts["root_id"] != posts["post_id"]).sum() == (posts["kind"] == "reply").sum() == 11_949
    assert offers(posts) == {"time", "roots"}


@pytest.mark.skipif(not SHARED.exists(), reason="the real ids are not here")
def test_real_ids_of_one_day():
    posts = load_posts(SHARED / "metoo_ids_2017-11-10.csv")
    assert len(posts) == 11_614
    assert offers(posts) == {"time"}
    assert posts["created_at"].is_monotonic_increasing
