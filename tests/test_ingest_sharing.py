"""What is owed later on: posts are forgotten in every file, and nothing but ids is shared."""

import json
import re
from pathlib import Path

import pandas as pd
import pytest

from analysis.collect.export import export_ids
from analysis.collect.forget import forget_posts as forget
from analysis.collect.ingesting import ingest
from analysis.posts import load_posts, save_posts
from analysis.schema import InputError
from analysis.workshop.cli import main

FIRST = 919659437487030272


def tid(number):
    return str(FIRST + number * 2**22)


def tweet(number, **more):
    text = {"full_text": f"An invented post, number {number}. #MeToo"}
    return {
        "created_at": "Sun Oct 15 20:21:11 +0000 2017",
        "id_str": tid(number),
        "user": {"id_str": "1"},
        **text,
        **more,
    }


@pytest.fixture
def folder(tmp_path):
    """A data set: posts, what was refused with its words, and labels."""
    (tmp_path / "settings").mkdir()
    (tmp_path / "settings" / "key").write_text("ab" * 32)
    folder = tmp_path / "data"
    folder.mkdir()
    reply = {"in_reply_to_status_id_str": tid(0)}
    records = [tweet(0), tweet(1, **reply), tweet(2, retweeted_status=tweet(0)), tweet(3)]
    given = tmp_path / "given.jsonl"
    given.write_text(
        "".join(json.dumps(one) + "\n" for one in records) + f'{{"id_str": "{tid(0)}", "text": "broken\n{{"x\n'
    )
    ingest(given, folder / "posts.parquet", key_file=tmp_path / "settings" / "key", keep_refused=True)
    pd.DataFrame({"post_id": [tid(0), tid(3)], "label": ["1", "0"]}).to_parquet(folder / "posts.labels.parquet")
    save_posts(load_posts(folder / "posts.parquet"), folder / "copy.csv.gz")
    return folder


def test_a_post_is_forgotten_in_every_file(folder):
    assert any(tid(0) in path.read_text() for path in folder.glob("*.jsonl"))
    found = {one["file"].rsplit("/", 1)[-1]: one["removed"] for one in forget([tid(0)], [folder])}
    assert found == {"posts.parquet": 2, "copy.csv.gz": 2, "posts.labels.parquet": 1, "posts.refused.jsonl": 1}
    for name in ("posts.parquet", "copy.csv.gz"):
        posts = load_posts(folder / name)
        assert posts["post_id"].tolist() == [tid(1), tid(3)]
        assert posts["parent_id"].isna().all()
    assert tid(0) not in (folder / "posts.refused.jsonl").read_text()
    assert len((folder / "posts.refused.jsonl").read_text().splitlines()) == 2
    assert pd.read_parquet(folder / "posts.labels.parquet")["post_id"].tolist() == [tid(3)]
    assert forget([tid(0)], [folder]) == []


def test_an_id_that_begins_like_another_is_not_mistaken_for_it(folder):
    before = load_posts(folder / "posts.parquet")
    assert forget([tid(3)[:-1]], [folder / "posts.parquet"]) == []
    pd.testing.assert_frame_equal(load_posts(folder / "posts.parquet"), before)


def test_keyed_ids_are_forgotten_under_their_key(folder, tmp_path):
    key = tmp_path / "settings" / "key"
    ingest(tmp_path / "given.jsonl", folder / "keyed.parquet", key_file=key, key_ids=True)
    assert forget([tid(3)], [folder / "keyed.parquet"], key_file=key) == [
        {"file": str(folder / "keyed.parquet"), "removed": 1}
    ]
    with pytest.raises(InputError, match="pseudonyms"):
        export_ids(folder / "keyed.parquet", tmp_path / "ids.csv")


def test_ids_alone_are_exported_and_can_be_read_again(folder, tmp_path):
    assert export_ids(folder / "posts.parquet", tmp_path / "ids.csv") == (4, 0)
    assert (tmp_path / "ids.csv").read_text() == "id\n" + "".join(f"{tid(number)}\n" for number in range(4))
    assert (
        load_posts(tmp_path / "ids.csv")["post_id"].tolist() == load_posts(folder / "posts.parquet")["post_id"].tolist()
    )
    export_ids(folder / "posts.parquet", tmp_path / "ids.csv.gz")
    first = (tmp_path / "ids.csv.gz").read_bytes()
    export_ids(folder / "posts.parquet", tmp_path / "ids.csv.gz")
    assert (tmp_path / "ids.csv.gz").read_bytes() == first


def test_the_commands(folder, tmp_path, capsys):
    listed = tmp_path / "gone.txt"
    listed.write_text(f"id\n{tid(3)}\n")
    assert main(["forget", str(listed), "--data", str(folder)]) == 0
    assert "posts.parquet: 1 removed" in capsys.readouterr().out
    assert main(["export", str(folder / "posts.parquet"), "--ids-only", "--out", str(tmp_path / "ids.txt")]) == 0
    assert main(["forget", tid(3), "--data", str(tmp_path / "nowhere")]) == 2
    assert main(["export", str(folder / "posts.parquet"), "--out", str(tmp_path / "ids.txt")]) == 2


FIXTURES = Path(__file__).parent / "fixtures" / "sources"
#: What in an id of Mastodon or Bluesky holds its writer.
WRITERS = r"invented|did:|://|@"


@pytest.mark.parametrize(
    "name", ["mastodon.jsonl", "mastodon-thread.json", "bluesky-thread.json", "bluesky-jetstream.jsonl"]
)
def test_ids_that_name_their_writers_are_pseudonyms_by_default(name, tmp_path):
    (tmp_path / "settings").mkdir()
    key, out = tmp_path / "settings" / "key", tmp_path / "posts.parquet"
    report = ingest(FIXTURES / name, out, key_file=key, keep_ids_that_name_writers=True)
    plain = load_posts(out)
    assert any("--keep-ids-that-name-writers" in note for note in report["notes"])
    assert plain["post_id"].str.contains("://").all()
    report = ingest(FIXTURES / name, out, key_file=key)
    keyed = load_posts(out)
    assert report["noticed"]["ids that name their writers, made pseudonyms"] >= len(keyed)
    for column in ("post_id", "parent_id", "root_id"):
        assert keyed[column].dropna().str.fullmatch("keyed-[0-9a-f]{20}").all()
        assert keyed[column].notna().sum() == plain[column].notna().sum()
    for column in ("parent_id", "root_id"):  # who answered whom is as it was
        assert keyed[column].isin(keyed["post_id"]).sum() == plain[column].isin(plain["post_id"]).sum()
    assert not re.search(WRITERS, keyed.drop(columns=["text", "created_at"]).to_csv())
    wanted = plain["post_id"][0]
    [gone] = forget([wanted], [out], key_file=key)
    assert gone["removed"] >= 1
    assert len(load_posts(out)) < len(keyed)


def test_of_a_mixed_set_the_ids_that_lead_to_posts_are_exported(tmp_path, capsys):
    (tmp_path / "settings").mkdir()
    out, ids = tmp_path / "posts.parquet", tmp_path / "ids.csv"
    given = tmp_path / "given.jsonl"
    given.write_text(json.dumps(tweet(0)) + "\n")
    ingest([given, FIXTURES / "mastodon.jsonl"], out, key_file=tmp_path / "settings" / "key")
    posts = load_posts(out)
    assert export_ids(out, ids) == (1, len(posts) - 1 - posts["post_id"].isna().sum())
    assert ids.read_text() == f"id\n{tid(0)}\n"
    assert main(["export", str(out), "--ids-only", "--out", str(ids)]) == 0
    assert "are pseudonyms" in capsys.readouterr().out


def test_keyed_ids_in_a_csv_alone_are_forgotten_too(folder, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    ingest(tmp_path / "given.jsonl", folder / "keyed.parquet", key_ids=True)
    alone = tmp_path / "alone.csv"
    save_posts(load_posts(folder / "keyed.parquet"), alone)
    assert forget([tid(3)], [alone]) == [{"file": str(alone), "removed": 1}]
