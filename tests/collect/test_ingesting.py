"""The engine: nothing is lost, nothing is half there, what is odd is told, and trouble leaves all as it was."""

import dataclasses
import gzip
import io
import json
import resource
import signal
import stat
import subprocess
import sys
import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.collect import parts, split, writing
from analysis.collect.columns import to_columns
from analysis.collect.formats import twitter_v1
from analysis.collect.ingesting import ingest
from analysis.posts import load_posts, save_posts
from analysis.schema import InputError
from analysis.snowflake import post_time
from analysis.workshop.cli import main

LABELS = "TweetId,Text_Only_Informative,Image_Only_Informative,Directed_Hate,Generalized_Hate,Sarcasm,Allegation,"
LABELS += "Justification,Refutation,Support,Oppose\n"
HATE = "status_id,text,created_at,favorite_count,retweet_count,location,followers_count,category\n"


@pytest.fixture
def place(tmp_path, key, tweet):
    """A folder to work in, with a file of two posts; the key is elsewhere."""
    place = tmp_path / "place"
    place.mkdir()
    (place / "given.jsonl").write_text(tweet.lines(tweet(0), tweet(1)))
    return place


def files_in(folder, *but):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name not in but}


def test_of_duplicates_the_most_complete_is_kept_whatever_the_order(take, tweet):
    bare, full, other = tweet(1, lang=None, retweet_count=None), tweet(1), tweet(2)
    for order in ([bare, full, other], [full, bare, other], [other, full, bare]):
        report, posts = take(tweet.lines(*order))
        assert (report["read"], report["kept"], report["duplicates"]) == (3, 2, 1)
        assert posts.set_index("post_id").loc[tweet.id(1), "lang"] == "en"
    one, two = tweet(1, full_text="one"), tweet(1, full_text="two")
    assert take(tweet.lines(one, two))[1]["text"].tolist() == take(tweet.lines(two, one))[1]["text"].tolist()


@pytest.mark.parametrize("share", [0.0001, 0.02, 0.9])
def test_duplicates_are_found_over_all_parts_of_a_file(take, monkeypatch, share):
    monkeypatch.setattr(writing, "_ROWS", 2048)
    rng, size = np.random.default_rng(1), 10_000
    numbers = (rng.integers(0, max(1, int(size * (1 - share))), size) + 400_000) << 22
    names = [f"{number}" if number % 3 else f"at://{number}" for number in numbers.tolist()]
    table = pd.DataFrame({"post_id": names, "text": "a", "likes": np.where(rng.random(size) < 0.5, "", "1")})
    table.loc[rng.random(size) < 0.01, "post_id"] = ""
    report, posts = take(table.assign(platform="reddit").to_csv(index=False))
    named = table[table["post_id"] != ""]
    best = named.sort_values("likes").groupby("post_id")["likes"].last()
    kept = posts.dropna(subset="post_id").set_index("post_id")["likes"]
    assert report["duplicates"] == len(named) - len(best)
    assert len(posts) - len(kept) == size - len(named)
    assert kept.notna().to_dict() == best.eq("1").to_dict()


def test_rounded_ids_are_missing_and_never_merged(take, tweet):
    rounded = [tweet(n, id_str="9.196594374870303E+17", id=9.2e17) for n in range(3)]
    report, posts = take(tweet.lines(*rounded))
    assert (report["kept"], report["duplicates"], report["noticed"]["rounded post_id"]) == (3, 0, 3)
    assert posts["post_id"].isna().all() and posts["created_at"].notna().all()


def test_the_id_outranks_the_written_time_and_impossible_times_are_flagged(take, tweet):
    late = str((2**40 << 22) + 1)
    odd = [tweet(1, id_str=late, id=int(late)), tweet(2, id=7, id_str="7")]
    report, posts = take(tweet.lines(tweet(0), tweet(60_000), *odd))
    assert posts["created_at"].tolist()[:2] == [post_time(tweet.id(0)), post_time(tweet.id(60_000))]
    assert report["noticed"]["times that the id contradicts (the id's was taken)"] == 2
    assert report["flagged"]["times in the future"] == {"posts": 1, "first": ["given, line 3"]}
    early = "post_id,created_at,platform\na1,1999-01-01T00:00:00Z,mastodon\na2,2017-10-15 20:21,mastodon\n"
    report, posts = take(early)
    assert report["flagged"]["times before 2006"]["posts"] == 1
    assert report["noticed"]["times without a zone, taken as UTC"] == 1
    assert len(posts) == 2


def test_authors_are_the_same_under_one_key_and_others_under_another(take, tmp_path, tweet):
    _, posts = take(tweet.lines(tweet(0), tweet(1), tweet(2, user={"id_str": "1"})))
    assert posts["author"].nunique() == 2
    other = tmp_path / "settings" / "other"
    _, again = take(tweet.lines(tweet(0)), key_file=other)
    assert again["author"][0] != posts["author"][0]
    assert stat.S_IMODE(other.stat().st_mode) == 0o600
    assert [path for path in tmp_path.glob("posts.*") if other.read_text().strip().encode() in path.read_bytes()] == []


def test_the_key_is_made_in_the_users_settings_never_beside_the_data(take, tmp_path, key, tweet):
    with pytest.raises(InputError, match="the key lies in the folder of the output"):
        take(tweet.lines(tweet()), key_file=tmp_path / "key")
    assert not (tmp_path / "key").exists()
    assert take(tweet.lines(tweet()), key_file=None)[0]["notes"] == []
    key.chmod(0o644)
    assert "others on this machine" in take(tweet.lines(tweet()))[0]["notes"][0]
    key.unlink()
    assert any(str(key) in note for note in take(tweet.lines(tweet()), key_file=None)[0]["notes"])
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_ids_are_keyed_on_request_and_can_still_be_loaded(take, tmp_path, tweet):
    reply = tweet(1, in_reply_to_status_id_str=tweet.id(0))
    _, posts = take(tweet.lines(tweet(0), reply), key_ids=True)
    assert posts["post_id"].str.startswith("keyed-").all()
    assert posts["parent_id"][1] == posts["post_id"][0]
    times = [post_time(tweet.id(0)), post_time(tweet.id(1))]
    assert posts["created_at"].tolist() == load_posts(tmp_path / "posts.parquet")["created_at"].tolist() == times


def test_protections_are_turned_off_by_name_and_the_report_says_so(take, tmp_path, tweet):
    post = tweet(0, full_text="See @invented_0000001 #MeToo")
    report, posts = take(tweet.lines(post), keep_author_names=True, keep_text_unmasked=True)
    assert posts.loc[0, ["author", "text"]].tolist() == ["1", "See @invented_0000001 #MeToo"]
    assert len(report["notes"]) == 2
    refused = tmp_path / "posts.refused.jsonl"
    for keep in (False, True):
        report, _ = take(tweet.lines(tweet(0), '{"text": "somebody\'s words'), keep_refused=keep)
        entry = json.loads(refused.read_text())
        assert (entry["file"], entry["line"], entry["reason"]) == ("given", 2, "no JSON")
        assert ("somebody" in refused.read_text()) == report["options"]["keep_refused"] == keep
    take(tweet.lines(tweet(0)))
    assert not refused.exists()


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_what_our_own_tables_may_hold_besides_comes_through_and_mentions_are_pseudonyms(tmp_path, key, tweet, ending):
    more = {"mentions": ["@Invented_1 invented_2", None], "campaign": ["metoo", None], "text_cut": [True, None]}
    posts = pd.DataFrame({"post_id": [tweet.id(0), tweet.id(1)], "author": ["invented_2", "invented_1"], **more})
    save_posts(posts, tmp_path / f"own.{ending}")
    ingest(tmp_path / f"own.{ending}", tmp_path / "posts.parquet")
    read = load_posts(tmp_path / "posts.parquet")
    assert read["mentions"][0] == f"{read['author'][1]} {read['author'][0]}"
    assert read[["campaign", "text_cut"]].iloc[0].tolist() == ["metoo", True]
    assert read[["mentions", "campaign", "text_cut"]].iloc[1].isna().all() and "id_made" not in read


def test_only_posts_that_answer_are_kept_on_request(take, tweet):
    said = [tweet(0), tweet(1, full_text="Lunch was good."), tweet(2, full_text="Me too.")]
    report, posts = take(tweet.lines(*said), keep_only="me-too")
    assert (report["read"], report["kept"], report["left_out"]) == (3, 2, 1)
    assert posts["post_id"].tolist() == [tweet.id(0), tweet.id(2)]


def test_labels_of_a_post_that_came_twice_are_one_row_and_contradictions_are_told(take, tmp_path, tweet):
    one, same = f"{tweet.id(0)},1,0,0,0,0,0,0,0,1,0\n", f"{tweet.id(1)},0,0,0,0,1,0,0,0,0,0\n"
    other, rounded = f"{tweet.id(0)},1,0,0,0,0,0,0,0,0,\n", "9.19E+17,1,0,0,0,0,0,0,0,1,0\n"
    for rows in ([one, other, same, same, rounded], [other, one, same, same, rounded]):
        report, posts = take(LABELS + "".join(rows))
        assert (report["read"], report["kept"], report["duplicates"]) == (5, 2, 2)
        labels = pd.read_parquet(tmp_path / "posts.labels.parquet").set_index("post_id")
        assert labels.index.tolist() == posts["post_id"].tolist() == [tweet.id(0), tweet.id(1)]
        assert pd.isna(labels.loc[tweet.id(0), "Support"])
        assert labels.loc[tweet.id(0), ["Text_Only_Informative", "Oppose"]].tolist() == ["1", "0"]
        assert report["noticed"]["labels that contradict each other, left out"] == 1
        assert report["noticed"]["posts with labels in several records, which were joined"] == 2
    report, _ = take(HATE + "9.19E+17,An invented post,2018-10-01 10:00:00,0,0,,1,1\n")
    assert report["noticed"]["labels of posts without an id, which nothing can be joined to"] == 1
    assert not (tmp_path / "posts.labels.parquet").exists()


@pytest.mark.parametrize("code", ["und", None, "null"])
def test_what_a_source_says_of_a_language_is_kept_and_what_none_gives_is_missing(take, code, tweet):
    second = {"data": {"id": tweet.id(1), "text": "An invented post", "author_id": "1", "lang": code}}
    row = f"{tweet.id(1)},1,An invented post,{code or ''},2017-10-15T20:21:11.000Z,2"
    third = f"id,author.id,text,lang,created_at,public_metrics.like_count\n{row}\n"
    for content in (tweet.lines(tweet(1, lang=code), tweet(2, lang="en")), tweet.lines(second), third):
        lang = take(content)[1]["lang"]
        assert lang.fillna("")[0] == (code if code and code[0] in "uq" else "")


ODD = st.sampled_from([None, "", 5, 1.5, "x", [], {}, True, "919659437487030272", 919659437491224576, "\ud83d", "@inv"])
FIELDS = "id id_str full_text text extended_tweet lang retweet_count favorite_count user created_at retweeted_status "
FIELDS += "quoted_status_id_str in_reply_to_status_id in_reply_to_status_id_str"
CHANGES = st.dictionaries(
    st.sampled_from(FIELDS.split()), ODD | st.fixed_dictionaries({"id_str": ODD, "full_text": ODD})
)
LINES = CHANGES | st.sampled_from(["", "{", "null", '{"delete": {}}', "[]", '{"id": 1} {"id": 2}'])


def read_whole(content, source):
    """All that is made of JSON lines on their way into the columns."""
    [read] = parts.from_json_lines(split.blocks(io.BytesIO(content.encode())), source)
    part = read()
    finished = to_columns(part.raw, "twitter", np.datetime64("2026-01-01", "us"))
    refused = part.refused + [(int(part.lines[row]), reason, part.records(row)) for row, reason in finished.refused]
    lines = part.lines[finished.rows].tolist()
    return finished.table.to_pylist(), lines, part.read, sorted(refused), finished.counts, part.mended


@settings(max_examples=50, deadline=None)
@given(st.lists(LINES, min_size=1, max_size=5))
def test_the_fast_way_and_the_careful_one_agree(tweet, changes):
    more = ({**tweet(n + 1), **change} if isinstance(change, dict) else change for n, change in enumerate(changes))
    content = tweet.lines(tweet(0), *more)
    source = twitter_v1.SOURCE
    assert read_whole(content, source) == read_whole(content, dataclasses.replace(source, fast=None))


def test_killed_at_any_moment_it_leaves_no_half_file_and_begins_again_cleanly(tmp_path, key, tweet):
    path, out = tmp_path / "given.jsonl", tmp_path / "out" / "posts.parquet"
    out.parent.mkdir()
    path.write_text(tweet.lines(*(tweet(n) for n in range(20_000))))
    command = [sys.executable, "-m", "analysis", "ingest", str(path), "--out", str(out), "--key-file", str(key)]
    for moment in range(2):  # when its first part is there, and when that has grown
        run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while run.poll() is None and not list(out.parent.glob(".*.part")):
            time.sleep(0.01)
        time.sleep(0.15 * moment)
        run.send_signal(signal.SIGKILL)
        run.wait()
        if out.exists():
            assert len(pd.read_parquet(out)) == 20_000
            out.unlink()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    assert len(pd.read_parquet(out)) == 20_000
    assert sorted(one.name for one in out.parent.iterdir()) == ["posts.parquet", "posts.report.json"]


def test_memory_does_not_grow_with_the_file(tmp_path, key, tweet):
    code = "import sys; from pathlib import Path; from analysis.collect.ingesting import ingest\n"
    code += "ingest(*sys.argv[1:3], key_file=sys.argv[3])\n"
    code += "print(Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0])"
    used = []
    for size in (10_000, 30_000):
        path = tmp_path / f"{size}.jsonl"
        line = tweet.lines(tweet(0, source="x" * 5_000))
        with path.open("w") as stream:
            stream.writelines(line.replace(tweet.id(0), tweet.id(number)) for number in range(size))
        arguments = [sys.executable, "-c", code, path, tmp_path / "posts.parquet", key]
        used.append(int(subprocess.run(arguments, check=True, capture_output=True, text=True).stdout))
    assert used[1] < used[0] * 1.35 < 2_000_000


@pytest.mark.parametrize("content", [b"", b"{}\n", b"a,b,c\n1,2,3\n", b"PAR1" + bytes(20)])
def test_a_file_that_cannot_be_read_leaves_the_target_as_it_was(take, tmp_path, tweet, content):
    take(tweet.lines(tweet(0)))
    before = (tmp_path / "posts.parquet").read_bytes()
    with pytest.raises(InputError, match="given"):
        take(content)
    assert (tmp_path / "posts.parquet").read_bytes() == before
    assert not list(tmp_path.glob(".*.part"))


@pytest.mark.parametrize("out", ["posts.csv", "nowhere/posts.parquet", "given"])
def test_a_target_that_cannot_be_is_told(take, out, tweet):
    with pytest.raises(InputError, match=r"\.parquet|no folder"):
        take(tweet.lines(tweet(0)), out=out)


def test_the_command_tells_the_account_and_bad_input_in_one_line(place, capsys, tweet):
    (place / "given.jsonl").write_text(tweet.lines(tweet(0), tweet(0), "{"))
    assert main(["ingest", str(place / "given.jsonl"), "--out", str(place / "posts.parquet")]) == 0
    said = capsys.readouterr().out
    assert "3 records read = 1 kept + 1 duplicates + 1 refused" in said and "1 × no JSON" in said
    assert main(["ingest", str(place / "none"), "--out", str(place / "posts.parquet")]) == 2
    assert capsys.readouterr().err.startswith("error: ")


def test_in_a_folder_what_is_no_post_is_passed_over_but_not_when_it_is_named(place):
    (place / "README.md").write_text("About, these, data\n")
    (place / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    report = ingest(place, place.parent / "posts.parquet")
    assert (report["read"], len(report["files"]), len(report["notes"])) == (2, 1, 2)
    with pytest.raises(InputError, match=r"README\.md"):
        ingest([place, place / "README.md"], place.parent / "posts.parquet")


@pytest.mark.parametrize("refused", [False, True])
def test_a_full_disk_is_told_of_the_output_and_leaves_nothing_behind(place, refused, tweet):
    """A limit on the size of files stands for the disk."""
    ingest(place / "given.jsonl", place / "posts.parquet")
    before = files_in(place)
    many = [tweet(n, full_text=f"{n * 7919 % 10007:x} {n * 104729:x}") for n in range(3_000)]
    (place / "many.jsonl").write_text(tweet.lines(tweet()) + "{broken\n" * 3_000 if refused else tweet.lines(*many))
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2**14, limits[1]))
    try:
        with pytest.raises(InputError, match=r"posts\.(parquet|refused\.jsonl): cannot be written \(.*choose another"):
            ingest(place / "many.jsonl", place / "posts.parquet")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert files_in(place, "many.jsonl") == before


def test_an_output_that_is_an_input_too_loses_nothing_and_is_joined_with_more_of_the_same_people(place, tweet):
    out = place / "posts.parquet"
    ingest(place / "given.jsonl", out)
    before = out.read_bytes()
    (place / "more.jsonl").write_text(tweet.lines(tweet(3, user={"id_str": "1"})))
    with pytest.raises(InputError, match="this is an input and the output too"):
        ingest([out, place / "more.jsonl"], out)
    assert out.read_bytes() == before
    report = ingest(place, place / "all.parquet")
    assert (report["kept"], report["duplicates"]) == (3, 2)
    authors = load_posts(place / "all.parquet")["author"]
    assert authors[0] == authors[2] != authors[1] and set(authors) == set(load_posts(out)["author"])
    assert ingest(place, out)["notes"] == ["posts.parquet was passed over: it is what is written anew"]


def test_a_format_that_does_not_fit_is_told_before_anything_is_read(place):
    ingest(place / "given.jsonl", place / "posts.parquet")
    (place / "packed.gz").write_bytes(gzip.compress((place / "posts.parquet").read_bytes()))
    (place / "text.csv").write_text("text\nan invented post\n")
    (place / "twice.csv").write_text("post_id,text,text\nan invented post\n")
    for name, source, said in [
        ("nowhere", "nonsense", "there is no such format"),
        ("posts.parquet", "reddit", "this is Parquet, which reddit is not"),
        ("given.jsonl", "ids", "this is JSON, which ids is not"),
        ("packed.gz", None, "this is Parquet in a packed file; unpack it first"),
        ("text.csv", None, r"text\.csv, line 1: there is no column post_id"),
        ("twice.csv", None, r"twice\.csv, line 1: the column text comes twice"),
    ]:
        with pytest.raises(InputError, match=said):
            ingest(place / name, place / "out.parquet", source=source)
