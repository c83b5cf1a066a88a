"""Ready-made counts are known by their content, and damage in them is named."""

import gzip

import pytest

from analysis.posts import holds_counts, load_counts, load_posts
from analysis.schema import InputError


def test_a_file_of_counts_is_known_and_its_damage_named(tmp_path):
    path = tmp_path / "daily.csv"
    path.write_text("date,tweets,lang_en\n2017-10-15,19,3\n2017-10-16,395,\n", encoding="utf-8")
    assert holds_counts(path)
    assert load_counts(path)["lang_en"].isna().tolist() == [False, True]
    with pytest.raises(InputError, match="table of counts and not of posts"):
        load_posts(path)
    for line, why in [("2017-10-16,1,2", "comes twice"), ("soon,1,2", "is no time"), ("2017-10-17,-4,2", "no count")]:
        path.write_text(f"date,tweets,lang_en\n2017-10-16,19,3\n{line}\n", encoding="utf-8")
        with pytest.raises(InputError, match=f"line 3: .*{why}"):
            load_counts(path)
    path.write_text("date,text\n2017-10-16,me too\n", encoding="utf-8")
    assert not holds_counts(path)
    with pytest.raises(InputError, match="no table of counts"):
        load_counts(path)


def test_counts_may_be_packed_marked_otherwise_and_hold_blank_lines(tmp_path):
    path = tmp_path / "hours.csv"
    path.write_bytes(
        gzip.compress(b"\xef\xbb\xbf\nstart; posts\n2017-10-15T20:00Z; 999999999999999\n\n2017-10-15T21:00Z;\n")
    )
    assert holds_counts(path)
    table = load_counts(path)
    assert table["start"].to_list() == ["2017-10-15T20:00Z", "2017-10-15T21:00Z"]
    assert table["posts"].dtype == "Int64"
    assert table["posts"].fillna(-1).to_list() == [999_999_999_999_999, -1]
    path.write_bytes(b"date,posts\n2017-10-15,1\n2017-10-16,1,2\n")
    with pytest.raises(InputError, match=r"hours\.csv, line 3: the CSV is damaged"):
        load_counts(path)
