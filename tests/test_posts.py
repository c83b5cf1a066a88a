"""The table of posts: what goes in comes back exactly, and what is wrong is named."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis import posts as module
from analysis.posts import (
    TRUTH,
    are_invented,
    check_posts,
    load_posts,
    load_sample,
    load_truth,
    offers,
    own_truth,
    save_posts,
)
from analysis.schema import COLUMNS, InputError

A = 919659437487030272
ENDINGS = ["posts.csv", "posts.csv.gz", "posts.parquet"]


def table(**columns):
    length = len(next(iter(columns.values())))
    return pd.DataFrame({"post_id": [str(A + row) for row in range(length)], **columns})


def full():
    a, b, moment = str(A), str(A + 1), "2017-10-15T20:21:11Z"
    rows = [
        (a, moment, "twitter", "a1", "one, two", "en", "original", None, a, 2**53 + 1, None, 1),
        (b, moment, None, None, "", "qht", "reply", a, a, 0, None, 2),
        ("t3_76abc", "2017-10-16T00:00:00.25Z", "reddit", "a2", 'say "three"\r\nfour', *[None] * 6, 3),
        (None, None, "reddit", "a3", None, "no", "quote", None, None, 4, None, None),
    ]
    posts = pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)
    return check_posts(posts.astype({"likes": "Int64", "replies": "Int64"}))


hostile = st.one_of(
    st.none(),
    st.text(),
    st.text(alphabet="a,\"\n\r\t;=+-@' \\#😀é\u200d\ufeff\0", max_size=8),
    st.sampled_from(["NA", "None", "null", "nan", "NaN", "", " ", '""', "=1+1", "\n", "\r", "\\N"]),
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(hostile, min_size=1, max_size=30), st.sampled_from(ENDINGS))
def test_any_text_comes_back_exactly(tmp_path, texts, name):
    save_posts(table(text=texts), tmp_path / name)
    assert load_posts(tmp_path / name)["text"].astype(object).where(lambda text: text.notna(), None).to_list() == texts


@pytest.mark.parametrize("name", ENDINGS)
def test_saved_posts_come_back_and_give_the_same_bytes_in_any_order(tmp_path, name):
    flagged = full().assign(text_cut=[True, False, None, None], campaign="metoo", mentions=[None, "p1 p2", None, None])
    save_posts(flagged.assign(id_made=None), tmp_path / name)
    back = load_posts(tmp_path / name)
    assert list(back) == [*COLUMNS, "mentions", "campaign", "text_cut"]  # what nobody knows is not written
    pd.testing.assert_frame_equal(back, check_posts(flagged))
    save_posts(full(), tmp_path / name)
    pd.testing.assert_frame_equal(load_posts(tmp_path / name), full())
    shuffled = full().sample(frac=1, random_state=3)[list(COLUMNS)[::-1]].assign(text_cut=None, campaign=None)
    shuffled.attrs["account"] = {"format": "other"}
    save_posts(shuffled, tmp_path / f"other-{name}")
    assert (tmp_path / name).read_bytes() == (tmp_path / f"other-{name}").read_bytes()


def test_our_csv_is_plain_to_read(tmp_path):
    save_posts(full(), tmp_path / "posts.csv")
    lines = (tmp_path / "posts.csv").read_bytes().decode().splitlines()
    assert lines[0] == ",".join(COLUMNS)
    assert lines[1] == f'{A},2017-10-15T20:21:11Z,twitter,a1,"one, two",en,original,,{A},9007199254740993,,1'
    assert lines[2] == f'{A + 1},2017-10-15T20:21:11Z,,,"",qht,reply,{A},{A},0,,2'
    assert "2017-10-16T00:00:00.25Z" in lines[3]


@pytest.mark.parametrize("name", ENDINGS)
def test_a_save_that_fails_leaves_the_old_file_whole_and_nothing_beside_it(tmp_path, monkeypatch, name):
    save_posts(table(text=["old"]), tmp_path / name)
    before = (tmp_path / name).read_bytes()

    def fail(posts, stream):
        stream.write(b"half")
        raise RuntimeError("the disk is full")

    for writer in ("_write_csv", "_write_csv_gz", "_write_parquet"):
        monkeypatch.setattr(module, writer, fail)
    with pytest.raises(RuntimeError):
        save_posts(table(text=["new"]), tmp_path / name)
    assert (tmp_path / name).read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_an_id_that_comes_twice_another_ending_and_a_missing_folder_are_refused(tmp_path):
    with pytest.raises(InputError, match="2 rows repeat the post_id"):
        check_posts(pd.DataFrame({"post_id": ["5", "5", "5", None, None]}))
    for place, match in (("posts.xlsx", "saved as .csv, .csv.gz, .parquet"), ("no/posts.csv", "there is no folder")):
        with pytest.raises(InputError, match=match):
            save_posts(full(), tmp_path / place)


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
    st.sampled_from([A, A + 1, A + 2, A + 3, "", "x"]),
    st.sampled_from(["", "a", "b"]),
    st.sampled_from(["", "en"]),
    st.sampled_from(["", "1", "2"]),
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(repeated, min_size=1, max_size=30), st.randoms())
def test_of_rows_with_one_id_the_most_complete_is_kept_whatever_their_order(tmp_path, rows, random):
    def read(rows):
        return load(tmp_path, "\n".join(["post_id,text,lang,likes", *(",".join(map(str, row)) for row in rows)]))

    posts = read(rows)
    shuffled = read(random.sample(rows, len(rows)))
    pd.testing.assert_frame_equal(posts, shuffled)
    account = posts.attrs["account"]
    assert account == shuffled.attrs["account"]
    for number, kept in posts[posts["post_id"].notna()].set_index("post_id").iterrows():
        most = max(sum(value != "" for value in row[1:]) for row in rows if str(row[0]) == number)
        assert kept[["text", "lang", "likes"]].notna().sum() == most
    named = [row for row in rows if row[0] != ""]
    duplicates = len(named) - len({row[0] for row in named})
    assert (account["read"], account["kept"], account["duplicates"]) == (len(rows), len(posts), duplicates)


def test_what_is_odd_about_posts_is_told_and_they_are_kept(tmp_path):
    posts = load(tmp_path, "post_id,created_at\n,2006-03-21T00:00:00Z\n,\n5,2006-03-20T23:59:59Z")
    assert len(posts) == 3
    nameless, early = posts.attrs["account"]["notes"]
    assert nameless.startswith("2 rows have no id")
    assert early.startswith("1 time lies before 21 March 2006")


def test_what_a_table_offers():
    assert offers(full()) == {"time", "text", "lang", "author", "kind", "replies", "roots", "engagement"}
    assert offers(check_posts(table(kind=["reply", None]))) == set()


def test_truth_holds_the_words_that_pandas_takes_for_missing(tmp_path):
    path = tmp_path / "truth.csv"
    path.write_text(f"post_id,stance\n{A},None\n{A + 1},\n")
    assert load_truth(path)["stance"].to_list() == ["None", np.nan]
    for content, match in ((b"id,stance\n1,a\n", "no column post_id"), (b"\x89PNG\r\n\0\xff", "CSV in UTF-8")):
        path.write_bytes(content)
        with pytest.raises(InputError, match=match):
            load_truth(path)
    with pytest.raises(InputError, match="there is no such file"):
        load_truth(tmp_path / "nowhere.csv")


INVENTED = (
    f"post_id,platform,author,text\n{A},twitter,invented_1,me too\ninvented-instagram-1,instagram,invented_2,so\n"
)


def truth(*ids, columns=TRUTH):
    return "\n".join([",".join(columns), *(",".join([str(name), *["doubt"] * (len(columns) - 1)]) for name in ids), ""])


def test_the_sample_is_the_readers_own_where_its_truth_lies_beside_it(tmp_path):
    shipped = load_sample()
    assert are_invented(shipped).all()
    assert shipped["created_at"].is_monotonic_increasing
    assert set(TRUTH) <= set(shipped)
    own = tmp_path / "posts.csv"
    own.write_text(INVENTED)
    assert len(load_sample(own)) == len(shipped)
    (tmp_path / "truth.csv").write_text(truth(A, "invented-instagram-1", "invented-instagram-2"))
    assert load_sample(own)["stance"].tolist() == ["doubt", "doubt"]


@pytest.mark.parametrize(
    ("posts", "beside"),
    [
        (INVENTED, truth(A)),
        (INVENTED, truth(A, A, "invented-instagram-1")),
        (INVENTED, ""),
        (INVENTED, b"\x89PNG\r\n\x1a\n\0\0\xff"),
        (INVENTED, truth(A, "invented-instagram-1", columns=["post_id", "stance", "topic"])),
        (INVENTED, truth(A, "invented-instagram-1", columns=[*TRUTH, "text"])),
        (INVENTED.replace("invented_2", "somebody"), truth(A, "invented-instagram-1")),
        (INVENTED.replace("invented_2", ""), truth(A, "invented-instagram-1")),
        (INVENTED.replace(str(A), str(A + 4096)), truth(A + 4096, "invented-instagram-1")),
        (INVENTED.replace("instagram-1", "instagram-1x").replace("invented-i", "i"), truth(A, "instagram-1x")),
    ],
)
def test_a_strangers_truth_is_left_alone(tmp_path, posts, beside):
    path = tmp_path / "posts.csv"
    path.write_text(posts)
    path.with_name("truth.csv").write_bytes(beside if isinstance(beside, bytes) else beside.encode())
    assert own_truth(load_posts(path), path) is None
