"""Nothing but ids is shared; those that name their writers are pseudonyms."""

import re
from pathlib import Path

import pandas as pd
import pytest

from analysis.collect.export import export_ids
from analysis.collect.forget import forget_posts
from analysis.collect.ingesting import ingest
from analysis.posts import load_posts, save_posts
from analysis.schema import InputError
from analysis.workshop.cli import main

FIXTURES = Path(__file__).parent / "fixtures"
#: What in an id of Mastodon or Bluesky holds its writer.
WRITERS = r"invented|did:|://|@"


@pytest.fixture
def posts(tmp_path, tweet):
    """A data set of four posts."""
    path = tmp_path / "posts.csv"
    save_posts(pd.DataFrame({"post_id": [tweet.id(n) for n in (3, 1, 0, 2)], "text": "a"}), path)
    return path


def test_ids_alone_are_exported_in_order_and_the_same_bytes_each_time(posts, tmp_path, tweet, capsys):
    assert main(["export", str(posts), "--ids-only", "--out", str(tmp_path / "ids.csv")]) == 0
    assert "4 ids" in capsys.readouterr().out
    assert (tmp_path / "ids.csv").read_text() == "id\n" + "".join(f"{tweet.id(number)}\n" for number in range(4))
    assert load_posts(tmp_path / "ids.csv")["post_id"].tolist() == load_posts(posts)["post_id"].tolist()
    packed = []
    for _ in range(2):
        export_ids(posts, tmp_path / "ids.csv.gz")
        packed.append((tmp_path / "ids.csv.gz").read_bytes())
    assert packed[0] == packed[1]
    assert main(["export", str(posts), "--out", str(tmp_path / "ids.txt")]) == 2


def test_an_export_never_takes_the_place_of_the_posts(posts, tmp_path):
    before = posts.read_bytes()
    for out in (tmp_path / "posts.parquet", tmp_path / "ids.json", tmp_path):
        with pytest.raises(InputError, match="choose a name that ends so"):
            export_ids(posts, out)
    with pytest.raises(InputError, match="this is the data set itself"):
        export_ids(posts, tmp_path / ".." / tmp_path.name / "posts.csv")
    assert posts.read_bytes() == before


def test_ids_that_a_spreadsheet_would_run_are_made_harmless(tmp_path):
    (tmp_path / "posts.csv").write_text("post_id,platform\n=1+1,reddit\n@SUM(A1),reddit\nt1_ab,reddit\n")
    export_ids(tmp_path / "posts.csv", tmp_path / "ids.csv")
    assert sorted((tmp_path / "ids.csv").read_text().split()[1:]) == ["'=1+1", "'@SUM(A1)", "t1_ab"]


@pytest.mark.parametrize(
    "name", ["mastodon.jsonl", "mastodon-thread.json", "bluesky-thread.json", "bluesky-jetstream.jsonl"]
)
def test_ids_that_name_their_writers_are_pseudonyms_by_default(name, tmp_path, key):
    out = tmp_path / "posts.parquet"
    report = ingest(FIXTURES / name, out, keep_ids_that_name_writers=True)
    plain = load_posts(out)
    assert any("--keep-ids-that-name-writers" in note for note in report["notes"])
    assert plain["post_id"].str.contains("://").all()
    report = ingest(FIXTURES / name, out)
    keyed = load_posts(out)
    assert report["noticed"]["ids that name their writers, made pseudonyms"] >= len(keyed)
    for column in ("post_id", "parent_id", "root_id"):
        assert keyed[column].dropna().str.fullmatch("keyed-[0-9a-f]{20}").all()
        assert keyed[column].notna().sum() == plain[column].notna().sum()
        assert keyed[column].isin(keyed["post_id"]).sum() == plain[column].isin(plain["post_id"]).sum()
    assert not re.search(WRITERS, keyed.drop(columns=["text", "created_at"]).to_csv())
    [gone] = forget_posts([plain["post_id"][0]], [out])
    assert len(load_posts(out)) == len(keyed) - gone["removed"] < len(keyed)


def test_of_a_mixed_set_the_ids_that_lead_to_posts_are_exported(tmp_path, key, capsys, tweet):
    out, ids, given = (tmp_path / name for name in ("posts.parquet", "ids.csv", "given.jsonl"))
    given.write_text(tweet.lines(tweet(0)))
    ingest([given, FIXTURES / "mastodon.jsonl"], out)
    keyed = load_posts(out)["post_id"].str.startswith("keyed-").sum()
    assert export_ids(out, ids) == (1, keyed)
    assert ids.read_text() == f"id\n{tweet.id(0)}\n"
    assert main(["export", str(out), "--ids-only", "--out", str(ids)]) == 0
    assert "are pseudonyms" in capsys.readouterr().out
    ingest(given, out, key_ids=True)
    with pytest.raises(InputError, match="pseudonyms"):
        export_ids(out, ids)
