"""The table of posts: what goes in comes back exactly, and what is wrong is named."""

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis import schema as module
from analysis.posts import TRUTH, are_invented, check_posts, load_posts, load_sample, load_truth, offers, save_posts
from analysis.schema import COLUMNS, InputError, find_root

A = 919659437487030272
ENDINGS = ["posts.csv", "posts.csv.gz", "posts.parquet"]


def table(**columns):
    length = len(next(iter(columns.values())))
    return pd.DataFrame({"post_id": [str(A + row) for row in range(length)], **columns})


def full():
    return check_posts(
        pd.DataFrame(
            {
                "post_id": [str(A), str(A + 1), "t3_76abc", None],
                "created_at": ["2017-10-15T20:21:11Z", "2017-10-15T20:21:11Z", "2017-10-16T00:00:00.25Z", None],
                "platform": ["twitter", None, "reddit", "reddit"],
                "author": ["a1", None, "a2", "a3"],
                "text": ["one, two", "", 'say "three"\r\nfour', None],
                "lang": ["en", "qht", None, "no"],
                "kind": ["original", "reply", None, "quote"],
                "parent_id": [None, str(A), None, None],
                "root_id": [str(A), str(A), None, None],
                "likes": pd.array([2**53 + 1, 0, None, 4], dtype="Int64"),
                "reposts": [None, None, None, None],
                "replies": [1, 2, 3, None],
            }
        )
    )


def test_every_column_has_its_dtype_and_what_is_not_there_is_missing():
    posts = check_posts(table(likes=[1, None]))
    assert {name: str(dtype) for name, dtype in posts.dtypes.items()} == COLUMNS
    assert list(posts) == list(COLUMNS)
    assert posts.drop(columns=["post_id", "likes"]).isna().all(axis=None)
    assert {name: str(dtype) for name, dtype in check_posts(posts.head(0)).dtypes.items()} == COLUMNS


@pytest.mark.parametrize("name", ENDINGS)
def test_saved_posts_come_back_as_they_were(tmp_path, name):
    save_posts(full(), tmp_path / name)
    back = load_posts(tmp_path / name)
    assert back["post_id"].to_list()[:3] == [str(A), str(A + 1), "t3_76abc"]
    pd.testing.assert_frame_equal(back, full())
    assert back["likes"].iloc[0] == 2**53 + 1


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.one_of(
            st.none(),
            st.text(),
            st.text(alphabet="a,\"\n\r\t;=+-@' \\#😀é\u200d\ufeff\0", max_size=8),
            st.sampled_from(["NA", "None", "null", "nan", "NaN", "", " ", '""', "=1+1", "\n", "\r", "\\N"]),
        ),
        min_size=1,
        max_size=20,
    ),
    st.sampled_from(ENDINGS),
)
def test_any_text_comes_back_exactly(tmp_path, texts, name):
    save_posts(table(text=texts), tmp_path / name)
    assert load_posts(tmp_path / name)["text"].astype(object).where(lambda text: text.notna(), None).to_list() == texts


@pytest.mark.parametrize("name", ENDINGS)
def test_the_same_posts_give_the_same_bytes_in_any_order(tmp_path, name):
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    save_posts(full(), tmp_path / "one" / name)
    shuffled = full().sample(frac=1, random_state=3)[list(COLUMNS)[::-1]]
    shuffled.attrs["account"] = {"format": "other"}
    save_posts(shuffled, tmp_path / "two" / name)
    assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    pd.testing.assert_frame_equal(load_posts(tmp_path / "one" / name), load_posts(tmp_path / "two" / name))


def test_our_csv_is_plain_to_read(tmp_path):
    save_posts(full(), tmp_path / "posts.csv")
    text = (tmp_path / "posts.csv").read_bytes().decode()
    lines = text.splitlines()
    assert lines[0] == ",".join(COLUMNS)
    assert lines[1] == f'{A},2017-10-15T20:21:11Z,twitter,a1,"one, two",en,original,,{A},9007199254740993,,1'
    assert lines[2] == f'{A + 1},2017-10-15T20:21:11Z,,,"",qht,reply,{A},{A},0,,2'
    assert "2017-10-16T00:00:00.25Z" in lines[3]


@pytest.mark.parametrize("name", ENDINGS)
def test_a_save_that_fails_leaves_the_old_file_whole_and_nothing_beside_it(tmp_path, monkeypatch, name):
    from analysis import posts as own

    save_posts(table(text=["old"]), tmp_path / name)
    before = (tmp_path / name).read_bytes()

    def fail(posts, stream):
        stream.write(b"half")
        raise RuntimeError("the disk is full")

    for writer in ("_write_csv", "_write_csv_gz", "_write_parquet"):
        monkeypatch.setattr(own, writer, fail)
    with pytest.raises(RuntimeError):
        save_posts(table(text=["new"]), tmp_path / name)
    assert (tmp_path / name).read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_save_says_where_and_how_it_can_save(tmp_path):
    with pytest.raises(InputError, match=r"posts.xlsx: posts are saved as .csv, .csv.gz, .parquet"):
        save_posts(full(), tmp_path / "posts.xlsx")
    with pytest.raises(InputError, match="there is no folder"):
        save_posts(full(), tmp_path / "nowhere" / "posts.csv")


@pytest.mark.parametrize(
    ("columns", "what"),
    [
        ({"post_id": [9.19e17]}, "post_id holds floating-point numbers"),
        ({"post_id": ["9.19E+17"]}, "1 value of post_id was rounded"),
        ({"parent_id": [9.19e17]}, "parent_id holds floating-point numbers"),
        ({"root_id": ["919659437487030272.0"]}, "1 value of root_id was rounded"),
        ({"post_id": ["12a"], "platform": ["twitter"]}, "1 value of post_id is no Twitter id"),
        ({"post_id": [str(2**63)], "platform": ["twitter"]}, "1 value of post_id is no Twitter id"),
        ({"post_id": [-5], "platform": ["twitter"]}, "1 value of post_id is no Twitter id"),
        ({"stance": ["pro"]}, "unknown columns stance; known are post_id, created_at"),
        ({"kind": ["retweet"]}, "1 value of kind is none; known are original, reply, repost, quote"),
        ({"likes": [-1]}, "1 value of likes is no count"),
        ({"likes": [1e300]}, "1 value of likes is no count; counts are whole, from 0 up and below"),
        ({"likes": pd.array([2**63], dtype="UInt64")}, "1 value of likes is no count"),
        ({"likes": [-1, -2]}, "2 values of likes are no counts"),
        ({"likes": [1.5]}, "1 value of likes is no count"),
        ({"likes": ["1,000"]}, "1 value of likes is no count"),
        ({"likes": ["-1"]}, "1 value of likes is no count"),
        ({"created_at": ["2017-10-15 20:21:11"]}, "1 value of created_at is no time in UTC"),
        ({"created_at": ["yesterdayZ"]}, "1 value of created_at is no time in UTC"),
        ({"created_at": ["2101-01-01T00:00:00Z"]}, "1 value of created_at lies after the year 2100"),
        ({"created_at": ["2017-10-15T00:00:00Z", "9999-01-01T00:00:00Z"]}, "1 value of created_at lies after the year"),
        ({"created_at": [pd.Timestamp("3000-01-01", tz="UTC")]}, "1 value of created_at lies after the year 2100"),
        ({"created_at": ["2017-10-15T00:00:00Z", "0001-01-01T00:00:00Z"]}, "from the year 1 to 2017; .* 100 years"),
        ({"created_at": [pd.Timestamp("2017-10-15")]}, "created_at has no time zone"),
        ({"created_at": [1508098871]}, "created_at holds integer values"),
        ({"text": [5]}, "text holds integer values"),
        ({"text": [b"bytes"]}, "text holds bytes values"),
    ],
)
def test_what_a_column_cannot_hold_is_refused(columns, what):
    with pytest.raises(InputError, match=what):
        check_posts(table(**columns))


def test_a_table_without_ids_or_with_one_twice_is_refused():
    with pytest.raises(InputError, match="no column post_id"):
        check_posts(pd.DataFrame({"text": ["a"]}))
    with pytest.raises(InputError, match="2 rows repeat the post_id of another; keep one row an id"):
        check_posts(pd.DataFrame({"post_id": ["5", "5", "5", None, None]}))
    with pytest.raises(InputError, match="1 row repeats the post_id of another"):
        check_posts(pd.DataFrame({"post_id": ["5", "5"]}))


def test_a_column_that_comes_twice_and_what_is_no_table_are_refused():
    with pytest.raises(InputError, match="the column text comes twice; keep one"):
        check_posts(pd.DataFrame([["1", "a", "b"]], columns=["post_id", "text", "text"]))
    for nothing in (None, [{"post_id": "1"}], {"post_id": ["1"]}):
        with pytest.raises(TypeError, match=r"posts are a DataFrame with any of post_id, .* not (NoneType|list|dict)"):
            check_posts(nothing)


def test_check_keeps_its_input_and_the_order_of_rows():
    given_table = table(likes=[1.0, 2.0]).iloc[::-1]
    copy = given_table.copy(deep=True)
    checked = check_posts(given_table)
    pd.testing.assert_frame_equal(given_table, copy)
    assert checked["post_id"].to_list() == [str(A + 1), str(A)]
    assert list(checked.index) == [1, 0]


def test_numbers_and_zones_are_brought_into_shape():
    posts = check_posts(
        pd.DataFrame(
            {
                "post_id": np.array([A, A + 1]),
                "created_at": pd.to_datetime(["2017-10-15 22:21", "2017-10-15 23:00"]).tz_localize("Europe/Berlin"),
                "parent_id": pd.array([None, A], dtype="Int64"),
                "lang": pd.Categorical(["en", None]),
                "platform": ["twitter", ""],
            }
        )
    )
    assert posts["post_id"].to_list() == [str(A), str(A + 1)]
    assert posts["parent_id"].to_list() == [np.nan, str(A)]
    assert posts["created_at"].iloc[0] == pd.Timestamp("2017-10-15 20:21", tz="UTC")
    assert posts["lang"].to_list() == ["en", np.nan]
    assert posts["platform"].to_list() == ["twitter", np.nan]


def test_a_base_36_id_is_not_taken_for_a_rounded_one():
    posts = check_posts(pd.DataFrame({"post_id": ["76e123", "at://did:plc:x/y"], "platform": ["reddit", "bluesky"]}))
    assert posts["post_id"].to_list() == ["76e123", "at://did:plc:x/y"]


def load(folder, text, name="some.csv"):
    (folder / name).write_text(text, encoding="utf-8", newline="")
    return load_posts(folder / name)


def test_times_are_read_from_ids_only_where_those_may_be_twitters(tmp_path):
    posts = load(tmp_path, f"post_id,platform\n{A},twitter\n{A + 1},\n{A + 2},mastodon\nabc,\n20,twitter\n")
    times = posts.set_index("post_id")["created_at"]
    call = pd.Timestamp("2017-10-15 20:21:11", tz="UTC")
    assert times.to_dict() == {str(A): call, str(A + 1): call, str(A + 2): pd.NaT, "abc": pd.NaT, "20": pd.NaT}
    assert posts.attrs["account"]["time"] == "from the ids"
    assert posts.attrs["account"]["notes"] == ["2 times were read from the ids, which presumes that they are Twitter's"]
    written = load(tmp_path, f"post_id,created_at\n{A},2017-10-15T20:21:12Z\n{A + 1},\n")
    assert written["created_at"].to_list() == [call, call + pd.Timedelta("1s")]
    assert written.attrs["account"]["time"] == "as written"


def test_posts_come_by_time_and_then_by_id_as_a_number(tmp_path):
    rows = [f"{number},2017-10-15T00:00:0{second}Z,x" for number, second in [(10, 1), (9, 1), (100, 1), (5, 2), (7, 0)]]
    expected = ["7", "9", "10", "100", "5"]
    assert load(tmp_path, "\n".join(["post_id,created_at,platform", *rows]))["post_id"].to_list() == expected
    mixed = load(tmp_path, "\n".join(["post_id,created_at,platform", *rows, "b,2017-10-15T00:00:01Z,x", "late,,x"]))
    assert mixed["post_id"].to_list() == ["7", "9", "b", "10", "100", "5", "late"]


repeated = st.tuples(
    st.sampled_from([A, A + 1, "", "x"]),
    st.sampled_from(["", "a", "b"]),
    st.sampled_from(["", "en"]),
    st.sampled_from(["", "1", "2"]),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(repeated, min_size=1, max_size=12), st.randoms())
def test_of_rows_with_one_id_the_most_complete_is_kept_whatever_their_order(tmp_path, rows, random):
    def read(rows):
        return load(tmp_path, "\n".join(["post_id,text,lang,likes", *(",".join(map(str, row)) for row in rows)]))

    posts = read(rows)
    shuffled = list(rows)
    random.shuffle(shuffled)
    pd.testing.assert_frame_equal(posts, read(shuffled))
    assert posts.attrs["account"] == read(shuffled).attrs["account"]
    for number, kept in posts[posts["post_id"].notna()].set_index("post_id").iterrows():
        most = max(sum(value != "" for value in row[1:]) for row in rows if str(row[0]) == number)
        assert kept[["text", "lang", "likes"]].notna().sum() == most
    named = [row for row in rows if row[0] != ""]
    assert posts.attrs["account"]["read"] == len(rows)
    assert posts.attrs["account"]["duplicates"] == len(named) - len({row[0] for row in named})
    assert posts.attrs["account"]["kept"] == len(posts)


def test_rows_without_an_id_are_kept_apart_and_told_of(tmp_path):
    posts = load(tmp_path, f"post_id,text\n,a\n,a\n{A},b\n")
    assert len(posts) == 3
    assert any(note.startswith("2 rows have no id, and") for note in posts.attrs["account"]["notes"])
    posts = load(tmp_path, f"post_id,text\n,a\n{A},b\n")
    assert [note[:15] for note in posts.attrs["account"]["notes"]] == ["1 row has no id", "1 time was read"]


def test_times_before_the_first_post_on_twitter_are_told_of(tmp_path):
    rows = ["5,2006-03-20T23:59:59Z", "6,2006-03-21T00:00:00Z", "7,1970-01-01T00:00:00Z"]
    posts = load(tmp_path, "\n".join(["post_id,created_at", *rows]))
    assert len(posts) == 3
    assert posts.attrs["account"]["notes"] == [
        "2 times lie before 21 March 2006, the day of the first post on Twitter, and may be wrong"
    ]


def test_times_that_no_lesson_can_count_are_placed(tmp_path):
    with pytest.raises(InputError, match=r"some\.csv, line 3: 1 value of created_at lies after the year 2100"):
        load(tmp_path, "post_id,created_at\n1,2017-10-15T00:00:00Z\n2,9999-12-31T00:00:00Z\n")
    with pytest.raises(InputError, match=r"some\.csv, line 3: created_at goes from the year 1 to 2017"):
        load(tmp_path, "post_id,created_at\n1,2017-10-15T00:00:00Z\n2,0001-01-01T00:00:00Z\n3,\n")
    assert len(load(tmp_path, "post_id,created_at\n1,2017-10-15T00:00:00Z\n2,1918-01-01T00:00:00Z\n")) == 2


def test_what_a_table_offers():
    everything = {"time", "text", "lang", "author", "kind", "replies", "roots", "engagement"}
    assert offers(full()) == everything
    assert offers(full()[["post_id", "text"]]) == {"text"}
    assert offers(check_posts(table(kind=["reply", None]))) == set()
    assert offers(check_posts(table(kind=["original", None]))) == {"kind"}
    assert offers(check_posts(table(replies=[0]))) == {"engagement"}


def test_the_sample_and_its_truth():
    posts, truth = load_posts(), load_truth()
    assert posts["post_id"].is_unique
    assert set(truth["post_id"]) == set(posts["post_id"])
    assert str(truth["post_id"].dtype) == "str"
    assert posts["created_at"].is_monotonic_increasing
    assert (find_root() / "data" / "posts.csv").is_file()
    with pytest.raises(InputError, match="there is no such file"):
        load_truth("nowhere.csv")


def test_truth_holds_the_words_that_pandas_takes_for_missing(tmp_path):
    path = tmp_path / "truth.csv"
    path.write_text(f"post_id,stance\n{A},None\n{A + 1},\n")
    assert load_truth(path)["stance"].to_list() == ["None", np.nan]
    path.write_text("id,stance\n1,a\n")
    with pytest.raises(InputError, match="line 1: there is no column post_id"):
        load_truth(path)


def test_without_a_project_the_remedy_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "__file__", str(tmp_path / "schema.py"))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="run this inside the project"):
        find_root()
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "deep").mkdir()
    monkeypatch.chdir(tmp_path / "data" / "deep")
    assert find_root() == tmp_path


def test_the_ground_floor_loads_no_heavy_library():
    heavy = {"matplotlib", "sklearn", "scipy", "nltk"}
    code = f"import sys, analysis.posts, analysis.snowflake; print({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


INVENTED = (
    f"post_id,platform,author,text\n{A},twitter,invented_0000001,me too\n"
    "invented-instagram-1,instagram,invented_0000002,so it was\n"
)


def truth(*ids, columns=TRUTH):
    return "\n".join([",".join(columns), *(",".join([str(name), *["doubt"] * (len(columns) - 1)]) for name in ids), ""])


def test_a_truth_of_an_invented_corpus_has_the_columns_of_the_shipped_one():
    assert tuple(load_truth()) == TRUTH


def test_the_sample_is_the_readers_own_where_its_truth_lies_beside_it(tmp_path):
    shipped = load_sample()
    assert len(shipped) == len(load_posts())
    assert "stance" in shipped
    own = tmp_path / "posts.csv"
    own.write_text(INVENTED)
    assert len(load_sample(own)) == len(shipped)
    (tmp_path / "truth.csv").write_text(truth(A, "invented-instagram-1", "invented-instagram-2"))
    assert load_sample(own)["stance"].tolist() == ["doubt", "doubt"]
    (tmp_path / "truth.csv").write_text(
        truth(A, "invented-instagram-1", columns=[*TRUTH, "sparked_by"]), encoding="utf-8-sig"
    )
    assert len(load_sample(own)) == 2


@pytest.mark.parametrize(
    ("posts", "beside"),
    [
        (INVENTED, truth(A)),
        (INVENTED, truth(A, A, "invented-instagram-1")),
        (INVENTED, "id,what\n1,2\n"),
        (INVENTED, ""),
        (INVENTED, b"\x89PNG\r\n\x1a\n\0\0\xff"),
        (INVENTED, f'post_id,stance\n{A},"open\n'),
        (INVENTED, truth(A, "invented-instagram-1", columns=["post_id", "stance", "topic"])),
        (INVENTED, truth(A, "invented-instagram-1", columns=[*TRUTH, "text"])),
        (INVENTED.replace("invented_0000002", "somebody"), truth(A, "invented-instagram-1")),
        (INVENTED.replace(str(A), str(A + 4096)), truth(A + 4096, "invented-instagram-1")),
        (INVENTED.replace("instagram-1", "instagram-1x").replace("invented-i", "i"), truth(A, "instagram-1x")),
        (f"id\n{A}\n{A + 5000}\n", truth(A, A + 5000)),
    ],
)
def test_a_strangers_truth_is_left_alone(tmp_path, posts, beside):
    (tmp_path / "posts.csv").write_text(posts)
    (tmp_path / "truth.csv").write_bytes(beside if isinstance(beside, bytes) else beside.encode())
    assert len(load_sample(tmp_path / "posts.csv")) == len(load_posts())


def test_a_truth_that_is_no_csv_is_refused(tmp_path):
    (tmp_path / "truth.csv").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\xff")
    with pytest.raises(InputError, match=r"truth\.csv: this can't be read as a CSV in UTF-8"):
        load_truth(tmp_path / "truth.csv")


@pytest.mark.parametrize(
    ("post_id", "platform", "author", "marked"),
    [
        (str(A), "twitter", "invented_0000001", True),
        (str(A), "twitter", "somebody", False),
        (str(A), "twitter", None, False),
        (str(A + 4096), "twitter", "invented_0000001", False),
        (str(A), "mastodon", "invented_0000001", False),
        ("20", "twitter", "invented_0000001", False),
        (None, "twitter", "invented_0000001", False),
        ("invented-facebook-1", "facebook", "invented_0000001", True),
        ("invented-1", "twitter", "invented_0000001", False),
    ],
)
def test_an_invented_post_bears_its_marks_in_id_and_author(post_id, platform, author, marked):
    row = {"post_id": post_id, "platform": platform, "author": author}
    other = {"post_id": str(A), "platform": "twitter", "author": "invented_0000009"}
    assert are_invented(pd.DataFrame([row, other]).astype("str")).tolist() == [marked, True]


def test_without_authors_the_id_decides_and_the_shipped_posts_pass():
    assert are_invented(pd.DataFrame({"post_id": [str(A)], "platform": ["twitter"]})).tolist() == [True]
    assert are_invented(load_posts()).all()
