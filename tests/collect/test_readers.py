"""Files are known by their content; bad ones get one line that names the file, the line and the remedy."""

import csv
import gzip
import io

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.collect.csv_faults import unclosed_field
from analysis.collect.readers import detect
from analysis.posts import load_posts
from analysis.schema import InputError

A = 919659437487030272
IDS = f"{A}\n{A + 1}\n"
CSV = f"post_id,text\n{A},a\n{A + 1},b\n"


def write(path, content):
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def complaint(path, **options):
    with pytest.raises(InputError) as error:
        load_posts(path, **options)
    message = str(error.value)
    assert message.startswith(str(path))
    assert "\n" not in message
    assert len(message) < 500 + len(str(path))
    return message.removeprefix(str(path))


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (IDS, "ids"),
        (f"tweet_id\n{IDS}", "ids"),
        (CSV, "csv"),
        (f"\ufeff{CSV}", "csv"),
        (f"\r\n\n{CSV}", "csv"),
    ],
)
@pytest.mark.parametrize("name", ["posts.csv.gz", "posts.parquet"])
def test_the_format_is_known_by_the_content_not_the_name(tmp_path, name, content, kind):
    for data in (content.encode(), gzip.compress(content.encode())):
        path = write(tmp_path / name, data)
        assert detect(path) == kind
        posts = load_posts(path)
        assert posts["post_id"].to_list() == [str(A), str(A + 1)]
        assert posts.attrs["account"]["format"] == kind
        assert kind == "ids" or posts["text"].to_list() == ["a", "b"]


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", ": the file is empty"),
        (b"\xef\xbb\xbf", ": the file holds nothing but blank lines"),
        (b"id\n", ": the file holds a header and no ids"),
        (b"post_id,text\n", ": the file holds a header and no posts"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", ": this is no text in UTF-8"),
        (b"PK\x03\x04\x14\0", ": this is a zip archive or a spreadsheet; "),
        (b'{"id_str": "919659437487030272"}\n', ": this is JSON; "),
        (b"PAR1" + b"\0" * 50, ": the Parquet file is damaged"),
        (gzip.compress(IDS.encode() * 5000, mtime=0)[:-300], ": the gzip file breaks off before its end"),
        (gzip.compress(IDS.encode(), mtime=0)[:-8] + b"\0" * 8, ": the gzip file is damaged"),
        (b"Text,Id,Lenght\na,1,2\n", ", line 1: unknown columns Text, Id, Lenght; a table of posts has post_id"),
        (b"post_id,text,stance\n1,a,b\n", ", line 1: unknown columns stance; known are post_id, created_at"),
        (b"post_id,text,text\n1,a,b\n", ", line 1: the column text comes twice"),
        (b"tweet_id,text,likes\n1,a,2\n", ", line 1: unknown columns text, likes"),
        (b"post_id,text\n1,a\n2,b,c\n", ", line 3: 3 fields where the header has 2"),
        (b'post_id,text\n1,"a\nb"\n\n2\n', ", line 5: 1 field where the header has 2"),
        (b'post_id,text\n1,"open\n2,x', ", line 2: the quotation mark that opens a field here is never closed; close"),
        (b'post_id,text\n1,"a\nb"\n2,5" tall\n3,"open\n4,x', ", line 5: the quotation mark that opens a field here is"),
        (b'post_id,text\n1,"open\n2,"x, y"\n', ", line 2: the quotation mark that opens a field here is closed in"),
        (b"post_id,text\n1,a\n2,\xff\n", ", line 3: this is not UTF-8"),
        (b'post_id,text\n1,"a\n\nb"\n9.19E+17,b\n9.20E+17,c\n', ", line 5: 2 values of post_id were rounded"),
        (b"post_id,platform\r\n1,twitter\r\nab,twitter\r\n", ", line 3: 1 value of post_id is no Twitter id"),
        (b"\n\npost_id,created_at\n1,now\n", ", line 4: 1 value of created_at is no time in UTC"),
        (b"post_id,created_at\n1,2017-10-15T00:00:00Z\n2,0001-01-01T00:00:00Z\n", ", line 3: created_at goes from"),
        (b"9.19E+17\n", ", line 1: 1 of 1 id was rounded"),
        (f"{IDS}hello\n", ", line 3: 1 of 3 lines holds what is no id"),
        (f"id,in_reply_to_user_id\n{A},{A}\n", ", line 1: in_reply_to_user_id names people, not posts"),
        (f"id,retweets\n{A},{A}\n", ", line 1: unknown columns retweets"),
        (f"tweet_id,\n{A},{A}\n", ", line 1: unknown columns (no name)"),
    ],
)
def test_bad_input_gets_one_clear_line(tmp_path, content, what):
    message = complaint(write(tmp_path / "some.csv", content))
    assert message.startswith(what)


def test_marks_that_do_no_harm_are_read_as_they_stand(tmp_path):
    text = (
        f'post_id,text,lang\n{A},5" tall,\n{A + 1},"a ""b""\n""\nc",""\n{A + 2},"""",en\n{A + 3},"",en\n{A + 4},x,"en"'
    )
    posts = load_posts(write(tmp_path / "some.csv", text))
    assert posts["text"].to_list() == ['5" tall', 'a "b"\n"\nc', '"', "", "x"]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(alphabet='a,"\n\r', max_size=6), min_size=1, max_size=6))
def test_a_field_is_unclosed_where_pythons_strict_reader_says_so(texts):
    body = "\n".join(f"1,{text}" for text in texts)
    try:
        list(csv.reader(io.StringIO(body, newline=""), strict=True))
        strict = True
    except csv.Error:
        strict = False
    assert (unclosed_field(b"\n" + body.encode(), 1, ",") == (None, None)) == strict


def test_a_missing_path_and_folders_with_nothing_in_them(tmp_path):
    assert complaint(tmp_path / "nowhere.csv").startswith(": there is no such file")
    assert complaint(tmp_path).startswith(": this folder holds nothing readable")
    (tmp_path / "folder").mkdir()
    write(tmp_path / "readme.txt", "Some words, and others.\n")
    write(tmp_path / ".hidden", IDS)
    assert complaint(tmp_path).startswith(": this folder holds nothing readable")


def test_a_complaint_does_not_repeat_what_may_be_a_persons_words(tmp_path):
    message = complaint(
        write(tmp_path / "some.csv", "I was there, and so was @her!,see https://example.org/x?y\n1,2\n")
    )
    assert "there" not in message
    assert "example" not in message
    assert "no header that we know" in message
    message = complaint(write(tmp_path / "some.csv", "post_id,text\n1,secret words,more\n"))
    assert "secret" not in message


def test_the_files_of_a_folder_are_read_as_one(tmp_path):
    write(tmp_path / "2.csv", f"tweet_id,in_reply_to_tweet_id\n{A + 2},{A}\n{A},\n")
    write(tmp_path / "1.csv", IDS)
    write(tmp_path / "readme.md", "# What is here\n")
    posts = load_posts(tmp_path)
    assert posts["post_id"].to_list() == [str(A), str(A + 1), str(A + 2)]
    assert posts["parent_id"].to_list()[2] == str(A)
    account = posts.attrs["account"]
    assert (account["read"], account["kept"], account["duplicates"], account["format"]) == (4, 3, 1, "ids")
    assert any("readme.md was passed over" in note for note in account["notes"])


def test_a_folder_of_tables_with_unlike_columns_and_of_one_with_damage(tmp_path):
    write(tmp_path / "1.csv", CSV)
    write(tmp_path / "2.csv", f"post_id,likes,text_cut\n{A + 2},2,true\n")
    posts = load_posts(tmp_path)
    assert posts["likes"].to_list() == [pd.NA, pd.NA, 2]
    assert posts["text_cut"].to_list() == [pd.NA, pd.NA, True]
    write(tmp_path / "2.csv", "post_id,likes\n1,2\n5,many\n")
    with pytest.raises(InputError, match=r"2\.csv, line 3: 1 value of likes"):
        load_posts(tmp_path)


@pytest.mark.parametrize(
    ("columns", "what"),
    [
        ({"post_id": [9.19e17]}, "post_id holds floating-point numbers"),
        ({"post_id": ["1"], "stance": ["a"]}, "unknown columns stance"),
        ({"text": ["a"]}, "there is no column post_id"),
        ({"post_id": []}, "the file holds no posts"),
        ({"post_id": ["1", "9.19E+17"]}, "row 2: 1 value of post_id was rounded"),
    ],
)
def test_a_parquet_file_that_is_no_table_of_posts(tmp_path, columns, what):
    pd.DataFrame(columns).to_parquet(tmp_path / "a.parquet")
    assert what in complaint(tmp_path / "a.parquet")


def test_parquet_from_elsewhere_keeps_ids_and_counts_exact(tmp_path):
    frame = pd.DataFrame(
        {
            "post_id": pd.array([A, A + 1], dtype="UInt64"),
            "parent_id": pd.array([None, A], dtype="Int64"),
            "likes": pd.array([2**53 + 1, None], dtype="Int64"),
            "lang": pd.Categorical(["en", "de"]),
            "created_at": pd.to_datetime(["2017-10-15", "2017-10-16"]).tz_localize("America/New_York").as_unit("ns"),
        }
    )
    frame.to_parquet(tmp_path / "a.csv", index=False)
    posts = load_posts(tmp_path / "a.csv")
    assert posts.attrs["account"]["format"] == "parquet"
    assert posts["post_id"].to_list() == [str(A), str(A + 1)]
    assert posts["parent_id"].to_list()[1] == str(A)
    assert posts["likes"].iloc[0] == 2**53 + 1
    assert posts["lang"].to_list() == ["en", "de"]
    assert posts["created_at"].iloc[0] == pd.Timestamp("2017-10-15 04:00", tz="UTC")


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_csv_from_elsewhere_may_be_marked_otherwise(tmp_path, mark, end):
    text = f'\ufeff"post_id","likes","text"\n"{A}","5","a{mark}b"\n"{A + 1}","",""\n'
    posts = load_posts(write(tmp_path / "a.csv", text.replace('","', f'"{mark}"').replace("\n", end)))
    assert posts["post_id"].to_list() == [str(A), str(A + 1)]
    assert posts["likes"].to_list() == [5, pd.NA]
    assert posts["text"].to_list() == [f"a{mark}b", ""]
