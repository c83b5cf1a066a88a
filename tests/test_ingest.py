"""The engine: nothing is lost, nothing is half there, and what is odd is told."""

import json
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.collect.formats import twitter_v1
from analysis.collect.ingesting import ingest
from analysis.posts import load_posts
from analysis.schema import InputError
from analysis.snowflake import post_time
from analysis.workshop.cli import main

SHARED = Path(__file__).parents[2] / "shared" / "data"
FIRST = 919659437487030272


def tid(number):
    return str(FIRST + number * 2**22)


def tweet(number, **more):
    """An invented tweet in the shape of v1.1, with what matters here."""
    user = {"id": number + 1, "id_str": str(number + 1), "screen_name": f"invented_{number:07d}"}
    text = f"An invented post, number {number}. #MeToo"
    about = {
        "created_at": "Sun Oct 15 20:21:11 +0000 2017",
        "id": int(tid(number)),
        "id_str": tid(number),
        "user": user,
    }
    return {**about, "full_text": text, "lang": "en", "retweet_count": 1, "favorite_count": 2, **more}


def lines(*records):
    return "".join(f"{one if isinstance(one, str) else json.dumps(one)}\n" for one in records)


@pytest.fixture
def key(tmp_path):
    (tmp_path / "settings").mkdir()
    path = tmp_path / "settings" / "key"
    path.write_text("ab" * 32)
    path.chmod(0o600)
    return path


@pytest.fixture
def take(tmp_path, key):
    """Ingest some content; the report and the posts."""

    def take(content, out="posts.parquet", **options):
        path = tmp_path / "given"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        report = ingest(path, tmp_path / out, **{"key_file": key, **options})
        return report, pd.read_parquet(tmp_path / out)

    return take


def test_of_duplicates_the_most_complete_is_kept_whatever_the_order(take):
    bare, full = tweet(1, lang=None, retweet_count=None), tweet(1)
    other = tweet(2)
    for order in ([bare, full, other], [full, bare, other], [other, full, bare]):
        report, posts = take(lines(*order))
        assert (report["read"], report["kept"], report["duplicates"]) == (3, 2, 1)
        assert posts.set_index("post_id").loc[tid(1), "lang"] == "en"


def test_equal_gaps_are_settled_by_the_values_not_by_the_order(take):
    one, two = tweet(1, full_text="one"), tweet(1, full_text="two")
    assert take(lines(one, two))[1]["text"].tolist() == take(lines(two, one))[1]["text"].tolist()


def test_rounded_ids_are_missing_and_never_merged(take):
    rounded = [tweet(n, id_str="9.196594374870303E+17", id=9.2e17) for n in range(3)]
    report, posts = take(lines(*rounded))
    assert (report["kept"], report["duplicates"], report["noticed"]["rounded post_id"]) == (3, 0, 3)
    assert posts["post_id"].isna().all()
    assert posts["created_at"].notna().all()


def test_the_id_outranks_the_written_time_and_impossible_times_are_flagged(take):
    late = str((2**40 << 22) + FIRST % 4096)
    report, posts = take(
        lines(tweet(0), tweet(60_000), tweet(1, id_str=late, id=int(late)), tweet(2, id=7, id_str="7"))
    )
    assert posts["created_at"].tolist()[:2] == [post_time(tid(0)), post_time(tid(60_000))]
    assert report["noticed"]["times that the id contradicts (the id's was taken)"] == 2
    assert report["flagged"]["times in the future"] == {"posts": 1, "first": ["given, line 3"]}
    assert posts["created_at"].notna().all()
    early = (
        "post_id,created_at,platform\ninvented-1,1999-01-01T00:00:00Z,mastodon\ninvented-2,2017-10-15 20:21,mastodon\n"
    )
    report, posts = take(early)
    assert report["flagged"]["times before 2006"]["posts"] == 1
    assert report["noticed"]["times without a zone, taken as UTC"] == 1
    assert len(posts) == 2


@pytest.mark.parametrize("name", ["metoo_ids_2017.csv.gz", "metoo_ids_2017-11-10.csv"])
def test_the_real_lists_of_ids_whole(name, tmp_path, key):
    if not SHARED.is_dir():
        pytest.skip("the real ids are not here")
    report = ingest(SHARED / name, tmp_path / "posts.parquet", key_file=key)
    assert report["read"] == report["kept"] == {"metoo_ids_2017.csv.gz": 75_526}.get(name, 11_614)
    pd.testing.assert_frame_equal(load_posts(tmp_path / "posts.parquet"), load_posts(SHARED / name))


def test_authors_are_the_same_under_one_key_and_others_under_another(take, tmp_path, key):
    _, posts = take(lines(tweet(0), tweet(1), tweet(2, user={"id_str": "1"})))
    assert posts["author"].nunique() == 2
    other = tmp_path / "settings" / "other"
    _, again = take(lines(tweet(0)), key_file=other)
    assert again["author"][0] != posts["author"][0]
    assert stat.S_IMODE(other.stat().st_mode) == 0o600
    secret = other.read_text().strip()
    for path in tmp_path.glob("posts.*"):
        assert secret.encode() not in path.read_bytes()


def test_the_key_is_not_left_beside_the_data(take, tmp_path):
    with pytest.raises(InputError, match="the key lies in the folder of the output"):
        take(lines(tweet(0)), key_file=tmp_path / "key")
    assert not (tmp_path / "key").exists()


def test_by_default_the_key_is_kept_in_the_users_settings(take, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    report, _ = take(lines(tweet(0)), key_file=None)
    path = tmp_path / "config" / "hashtag-notebooks" / "key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert any(str(path) in note for note in report["notes"])
    assert take(lines(tweet(0)), key_file=None)[0]["notes"] == []


def test_ids_are_keyed_on_request_and_can_still_be_loaded(take, tmp_path):
    reply = tweet(1, in_reply_to_status_id=int(tid(0)), in_reply_to_status_id_str=tid(0))
    _, posts = take(lines(tweet(0), reply), key_ids=True)
    assert posts["post_id"].str.startswith("keyed-").all()
    assert posts["parent_id"][1] == posts["post_id"][0]
    assert posts["created_at"].tolist() == [post_time(tid(0)), post_time(tid(1))]
    loaded = load_posts(tmp_path / "posts.parquet")
    assert loaded["created_at"].tolist() == posts["created_at"].tolist()


def test_protections_are_turned_off_by_name_and_the_report_says_so(take):
    post = tweet(0, full_text="See @invented_0000001 #MeToo")
    report, posts = take(lines(post), keep_author_names=True, keep_text_unmasked=True)
    assert posts.loc[0, ["author", "text"]].tolist() == ["1", "See @invented_0000001 #MeToo"]
    assert len(report["notes"]) == 2
    report, _ = take(lines(post, "{broken"), keep_refused=True)
    assert report["options"]["keep_refused"]


def test_refused_records_are_kept_only_on_request(take, tmp_path):
    take(lines(tweet(0), '{"text": "somebody\'s words'))
    entry = json.loads((tmp_path / "posts.refused.jsonl").read_text())
    assert (entry["file"], entry["line"], entry["reason"]) == ("given", 2, "no JSON")
    assert "somebody" not in (tmp_path / "posts.refused.jsonl").read_text()
    take(lines(tweet(0), '{"text": "somebody\'s words'), keep_refused=True)
    assert "somebody" in (tmp_path / "posts.refused.jsonl").read_text()
    take(lines(tweet(0)))
    assert not (tmp_path / "posts.refused.jsonl").exists()


def test_only_posts_that_answer_are_kept_on_request(take):
    said = [tweet(0), tweet(1, full_text="Lunch was good."), tweet(2, full_text="Me too.")]
    report, posts = take(lines(*said), keep_only="me-too")
    assert (report["read"], report["kept"], report["left_out"]) == (3, 2, 1)
    assert posts["post_id"].tolist() == [tid(0), tid(2)]


def test_labels_are_joined_by_id(take, tmp_path):
    header = "TweetId,Text_Only_Informative,Image_Only_Informative,Directed_Hate,Generalized_Hate,Sarcasm,Allegation,"
    header += "Justification,Refutation,Support,Oppose\n"
    report, posts = take(header + f"{tid(0)},1,0,0,0,0,0,0,0,1,0\n{tid(1)},0,0,0,0,1,0,0,0,0,0\n")
    labels = pd.read_parquet(tmp_path / "posts.labels.parquet")
    assert labels["post_id"].tolist() == posts["post_id"].tolist()
    assert labels["Support"].tolist() == ["1", "0"]
    assert report["kept"] == 2


def test_labels_of_a_post_that_came_twice_are_one_row_and_contradictions_are_told(take, tmp_path):
    header = "TweetId,Text_Only_Informative,Image_Only_Informative,Directed_Hate,Generalized_Hate,Sarcasm,Allegation,"
    header += "Justification,Refutation,Support,Oppose\n"
    one, same = f"{tid(0)},1,0,0,0,0,0,0,0,1,0\n", f"{tid(1)},0,0,0,0,1,0,0,0,0,0\n"
    other = f"{tid(0)},1,0,0,0,0,0,0,0,0,\n"
    rounded = "9.19E+17,1,0,0,0,0,0,0,0,1,0\n"
    for rows in ([one, other, same, same, rounded], [other, one, same, same, rounded]):
        report, posts = take(header + "".join(rows))
        assert (report["read"], report["kept"], report["duplicates"]) == (5, 2, 2)
        labels = pd.read_parquet(tmp_path / "posts.labels.parquet").set_index("post_id")
        assert labels.index.tolist() == posts["post_id"].dropna().tolist() == [tid(0), tid(1)]
        assert pd.isna(labels.loc[tid(0), "Support"])
        assert labels.loc[tid(0), ["Text_Only_Informative", "Oppose"]].tolist() == ["1", "0"]
        assert labels.loc[tid(1), "Sarcasm"] == "1"
        told = report["noticed"]
        assert told["labels that contradict each other, left out"] == 1
        assert told["posts with labels in several records, which were joined"] == 2
    header = "status_id,text,created_at,favorite_count,retweet_count,location,followers_count,friends_count,"
    header += "statuses_count,category\n"
    row = "9.19E+17,An invented post,2018-10-01 10:00:00,0,0,,1,1,1,1\n"
    report, _ = take(header + row)
    assert report["noticed"]["labels of posts without an id, which nothing can be joined to"] == 1
    assert not (tmp_path / "posts.labels.parquet").exists()


NOTHING = st.sampled_from([None, "", 5, 1.5, "x", [], {}, True, tid(3), int(tid(4)), "\ud83d", "@invented"])
FIELDS = [
    *("id", "id_str", "full_text", "text", "extended_tweet", "lang", "retweet_count", "favorite_count", "user"),
    *("created_at", "retweeted_status", "quoted_status_id_str", "in_reply_to_status_id", "in_reply_to_status_id_str"),
]
CHANGES = st.dictionaries(
    st.sampled_from(FIELDS), NOTHING | st.fixed_dictionaries({"id_str": NOTHING, "full_text": NOTHING})
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        CHANGES | st.sampled_from(["", "{", "null", '{"delete": {}}', "[]", '{"id": 1} {"id": 2}']),
        min_size=1,
        max_size=5,
    )
)
def test_the_fast_way_and_the_careful_one_agree(take, monkeypatch, changes):
    content = lines(
        tweet(0), *({**tweet(n + 1), **one} if isinstance(one, dict) else one for n, one in enumerate(changes))
    )
    report, posts = take(content)
    slow = twitter_v1.SOURCE.__class__(**{**vars(twitter_v1.SOURCE), "fast": None})
    with monkeypatch.context() as patch:
        patch.setattr("analysis.collect.formats.recognised", lambda shape, container: slow)
        careful, others = take(content)
    pd.testing.assert_frame_equal(posts, others)
    assert {**report, "files": 0} == {**careful, "files": 0}
    assert report["read"] == report["kept"] + report["duplicates"] + report["refused"]


def test_a_plain_block_does_go_the_fast_way():
    table = twitter_v1.fast(lines(tweet(0), tweet(1)).encode())
    assert table.num_rows == 2
    careful = [next(iter(twitter_v1.rows(tweet(number)))) for number in range(2)]
    assert table.select(list(careful[0])).to_pylist() == careful


def test_killed_at_any_moment_it_leaves_no_half_file_and_begins_again_cleanly(tmp_path, key):
    path, out = tmp_path / "given.jsonl", tmp_path / "out" / "posts.parquet"
    out.parent.mkdir()
    path.write_text(lines(*(tweet(n) for n in range(40_000))))
    command = [sys.executable, "-m", "analysis", "ingest", str(path), "--out", str(out), "--key-file", str(key)]
    for wait in (0.4, 0.8, 1.0, 1.2, 1.4):
        run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(wait)
        run.send_signal(signal.SIGKILL)
        run.wait()
        if out.exists():
            assert len(pd.read_parquet(out)) == 40_000
            out.unlink()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    assert len(pd.read_parquet(out)) == 40_000
    assert sorted(one.name for one in out.parent.iterdir()) == ["posts.parquet", "posts.report.json"]


def test_a_file_that_cannot_be_read_leaves_the_target_as_it_was(take, tmp_path):
    take(lines(tweet(0)))
    before = (tmp_path / "posts.parquet").read_bytes()
    for content in (b"", b"\x89PNG\r\n\x1a\n" + bytes(50), b"{}\n", b"a,b,c\n1,2,3\n", b"PAR1" + bytes(20), b"[]"):
        with pytest.raises(InputError, match="given"):
            take(content)
        assert (tmp_path / "posts.parquet").read_bytes() == before
    assert not list(tmp_path.glob(".*.part"))


@pytest.mark.parametrize("out", ["posts.csv", "nowhere/posts.parquet", "given"])
def test_a_target_that_cannot_be_is_told(take, out):
    with pytest.raises(InputError):
        take(lines(tweet(0)), out=out)


def test_the_command_tells_the_account_and_bad_input_in_one_line(tmp_path, key, capsys):
    path = tmp_path / "given.jsonl"
    path.write_text(lines(tweet(0), tweet(0), "{"))
    arguments = ["ingest", str(path), "--out", str(tmp_path / "posts.parquet"), "--key-file", str(key)]
    assert main(arguments) == 0
    said = capsys.readouterr().out
    assert "3 records read = 1 kept + 1 duplicates + 1 refused" in said
    assert "1 × no JSON" in said
    assert main(["ingest", str(tmp_path / "none"), "--out", str(tmp_path / "posts.parquet")]) == 2
    assert capsys.readouterr().err.startswith("error: ")


def test_memory_does_not_grow_with_the_file(tmp_path, key):
    code = "import resource, sys; from analysis.collect.ingesting import ingest;"
    code += "ingest(*sys.argv[1:3], key_file=sys.argv[3]);"
    code += "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    used = []
    for size in (60_000, 240_000):
        path = tmp_path / f"{size}.jsonl"
        with path.open("w") as stream:
            stream.writelines(lines(tweet(n, source="x" * 500)) for n in range(size))
        out = subprocess.run(
            [sys.executable, "-c", code, path, tmp_path / "posts.parquet", key],
            check=True,
            capture_output=True,
            text=True,
        )
        used.append(int(out.stdout))
    assert used[1] < used[0] * 1.35
    assert np.all(np.array(used) < 1_500_000)


def test_in_a_folder_what_is_no_post_is_passed_over_but_not_when_it_is_named(tmp_path, key):
    folder = tmp_path / "many"
    folder.mkdir()
    (folder / "a.jsonl").write_text(lines(tweet(0)))
    (folder / "README.md").write_text("About, these, data\n")
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    report = ingest(folder, tmp_path / "posts.parquet", key_file=key)
    assert (report["read"], len(report["files"]), len(report["notes"])) == (1, 1, 2)
    with pytest.raises(InputError, match=r"README\.md"):
        ingest([folder, folder / "README.md"], tmp_path / "posts.parquet", key_file=key)


def test_the_language_stays_as_the_source_wrote_it(take):
    """The sample's posts as tweets of v1.1 come back with the sample's languages, `und` among them."""
    sample = load_posts().query("platform == 'twitter' and kind == 'original'").head(2_000)
    assert sample["lang"].eq("und").sum() > 20
    tweets = [
        tweet(0, id=int(post.post_id), id_str=post.post_id, full_text=post.text, lang=post.lang)
        for post in sample.itertuples()
    ]
    posts = take(lines(*tweets))[1].set_index("post_id")
    assert posts["lang"].reindex(sample["post_id"]).tolist() == sample["lang"].tolist()


@pytest.mark.parametrize("code", ["und", "qme", "qht", "undefined", "unknown"])
def test_what_a_source_says_of_a_language_that_it_could_not_tell_is_kept(take, code):
    head = "id,author.id,text,lang,created_at,public_metrics.like_count"
    row = f"{tid(1)},1,An invented post,{code},2017-10-15T20:21:11.000Z,2"
    second = {"data": {"id": tid(1), "text": "An invented post", "author_id": "1", "lang": code}}
    for content in (lines(tweet(1, lang=code)), lines(second), f"{head}\n{row}\n"):
        assert take(content)[1]["lang"].tolist() == [code]


@pytest.mark.parametrize("written", [None, "", " ", "null", "None", "nan", "NA"])
def test_a_language_that_no_source_gives_is_missing(take, written):
    assert take(lines(tweet(1, lang=written), tweet(2)))[1]["lang"].isna().tolist() == [True, False]
