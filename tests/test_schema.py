"""Every column comes into its dtype, or what is wrong with it is named."""

import numpy as np
import pandas as pd
import pytest

from analysis import schema
from analysis.schema import COLUMNS, OPTIONAL, InputError, check_columns, find_root

A = 919659437487030272


def table(**columns):
    length = len(next(iter(columns.values())))
    return pd.DataFrame({"post_id": [str(A + row) for row in range(length)], **columns})


def test_every_column_has_its_dtype_and_what_is_not_there_is_missing():
    posts = check_columns(table(likes=[1, None]))
    assert {name: str(dtype) for name, dtype in posts.dtypes.items()} == COLUMNS
    assert list(posts) == list(COLUMNS)
    assert posts.drop(columns=["post_id", "likes"]).isna().all(axis=None)
    assert {name: str(dtype) for name, dtype in check_columns(posts.head(0)).dtypes.items()} == COLUMNS


def test_the_optional_columns_are_there_where_something_is_known():
    given = {name: ["true", None, "False"] for name in ("id_made", "date_only", "text_cut")}
    posts = check_columns(table(**given, mentions=["p1 p2", "", None], campaign=["metoo"] * 3))
    assert {name: str(dtype) for name, dtype in posts.dtypes.items()} == COLUMNS | OPTIONAL
    assert list(posts) == [*COLUMNS, *OPTIONAL]
    assert posts["text_cut"].to_list() == [True, pd.NA, False]
    assert posts["mentions"].to_list() == ["p1 p2", np.nan, np.nan]
    assert list(check_columns(table(campaign=[None, None], text_cut=[None, None]))) == list(COLUMNS)


@pytest.mark.parametrize(
    ("columns", "what"),
    [
        ({"post_id": [9.19e17]}, "post_id holds floating-point numbers"),
        ({"post_id": ["9.19E+17"]}, "1 value of post_id was rounded"),
        ({"post_id": ["12a"], "platform": ["twitter"]}, "1 value of post_id is no Twitter id"),
        ({"stance": ["pro"]}, "unknown columns stance"),
        ({"kind": ["retweet"]}, "1 value of kind is none"),
        ({"likes": [1e300]}, "1 value of likes is no count"),
        ({"likes": [-1, -2]}, "2 values of likes are no counts"),
        ({"likes": ["1,000"]}, "1 value of likes is no count"),
        ({"created_at": ["2017-10-15 20:21:11"]}, "1 value of created_at is no time in UTC"),
        ({"created_at": ["2017-10-15T00:00:00Z", "9999-01-01T00:00:00Z"]}, "1 value of created_at lies after the year"),
        ({"created_at": ["2017-10-15T00:00:00Z", "0001-01-01T00:00:00Z"]}, "from the year 1 to 2017; .* 100 years"),
        ({"created_at": [pd.Timestamp("2017-10-15")]}, "created_at has no time zone"),
        ({"text": [5]}, "text holds integer values"),
        ({"text_cut": ["yes"]}, "1 value of text_cut is no flag"),
    ],
)
def test_what_a_column_cannot_hold_is_refused(columns, what):
    with pytest.raises(InputError, match=what):
        check_columns(table(**columns))


def test_a_column_that_lacks_or_comes_twice_and_what_is_no_table_are_refused():
    twice = pd.DataFrame([["1", "a", "b"]], columns=["post_id", "text", "text"])
    for posts, match in ((pd.DataFrame({"text": ["a"]}), "no column post_id"), (twice, "the column text comes twice")):
        with pytest.raises(InputError, match=match):
            check_columns(posts)
    with pytest.raises(TypeError, match=r"posts are a DataFrame with any of post_id, .* not dict"):
        check_columns({"post_id": ["1"]})


def test_numbers_and_zones_are_brought_into_shape_and_other_ids_are_kept():
    other = pd.DataFrame({"post_id": ["76e123", "at://did:plc:x/y"], "platform": ["reddit", "bluesky"]})
    assert check_columns(other)["post_id"].to_list() == ["76e123", "at://did:plc:x/y"]
    given = pd.DataFrame({"post_id": np.array([A, A + 1]), "platform": ["twitter", ""]})
    times = pd.to_datetime(["2017-10-15 22:21", "2017-10-15 23:00"]).tz_localize("Europe/Berlin")
    parents, languages = pd.array([None, A], dtype="Int64"), pd.Categorical(["en", None])
    posts = check_columns(given.assign(created_at=times, parent_id=parents, lang=languages))
    assert posts["post_id"].to_list() == [str(A), str(A + 1)]
    assert posts["parent_id"].to_list() == [np.nan, str(A)]
    assert posts["created_at"].iloc[0] == pd.Timestamp("2017-10-15 20:21", tz="UTC")
    assert posts["lang"].to_list() == ["en", np.nan]
    assert posts["platform"].to_list() == ["twitter", np.nan]


def test_the_project_is_found_from_a_folder_in_it_and_elsewhere_the_remedy_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(schema, "__file__", str(tmp_path / "schema.py"))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="run this inside the project"):
        find_root()
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "data" / "deep").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "data" / "deep")
    assert find_root() == tmp_path
