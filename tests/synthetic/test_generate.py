"""Invented posts can be no real person's, hang together, and hold what was planted."""

import re

import pandas as pd

from analysis.synthetic import invent
from analysis.synthetic.plan import STANCES

EPOCH = 1_288_834_974_657


def test_ids_are_unique_invented_and_carry_the_time(shipped):
    posts = shipped[0]
    assert posts["post_id"].is_unique
    twitter = posts[posts["platform"] == "twitter"]
    ids = twitter["post_id"].astype("int64")
    assert ids.is_monotonic_increasing
    assert (ids // 2**12 % 2**10 == 0).all()
    written = twitter["created_at"].dt.tz_localize(None).astype("datetime64[ms]").astype("int64")
    assert (ids // 2**22 + EPOCH == written).all()
    others = posts.loc[posts["platform"] != "twitter", "post_id"]
    assert others.str.fullmatch(r"invented-(?:instagram|facebook)-\d+").all()


def test_nobody_can_be_meant(shipped):
    posts = shipped[0]
    assert posts["author"].str.fullmatch(r"invented_\d{7,}").all()  # longer than the 15 letters that Twitter allows
    for handle in posts["text"].str.extractall(r"@(\w+)")[0].unique():
        assert re.fullmatch(r"invented_\d{7,}", handle)
    links = posts["text"].str.extractall(r"(https?://\S+)")[0]
    assert links.str.startswith("https://link.example/").all()
    assert not posts["text"].str.contains(r"\b\d{3}[- ]\d{4}\b|\w@\w").any()


def test_truth_has_one_row_a_post_and_tells_of_disclosures_only(shipped):
    posts, truth = shipped
    assert (posts["post_id"] == truth["post_id"]).all()
    assert truth.notna().all(axis=None)
    english = (truth["stance"] == "detail") & (posts["lang"] == "en")
    for column in ("topic", "act", "place", "person", "life", "told", "often"):
        assert ((truth[column] != "none") == english).all()
    assert set(truth["stance"]) == set(STANCES)
    assert truth["topic"].nunique() == 11


def test_parents_and_roots_precede(shipped):
    posts = shipped[0]
    place = pd.Series(range(len(posts)), index=posts["post_id"])
    linked = posts.dropna(subset=["parent_id"])
    assert (linked["kind"] != "original").all()
    assert (posts.loc[posts["kind"] != "original", "parent_id"].notna()).all()
    assert (place[linked["parent_id"]].to_numpy() < place[linked["post_id"]].to_numpy()).all()
    roots, kinds = posts.set_index("post_id")["root_id"], posts.set_index("post_id")["kind"]
    assert (place[roots].to_numpy() <= place[roots.index].to_numpy()).all()
    followers = posts[posts["kind"].isin(["reply", "repost"])]
    assert (roots[followers["parent_id"]].to_numpy() == followers["root_id"].to_numpy()).all()
    starts = posts[posts["kind"].isin(["original", "quote"])]
    assert (starts["root_id"] == starts["post_id"]).all()
    assert kinds[followers.loc[followers["kind"] == "repost", "parent_id"]].isin(["original", "quote"]).all()


def test_the_call_opens_the_largest_conversation(shipped):
    posts, truth = shipped
    call = posts.loc[truth["family"] == "the-call"].iloc[0]
    assert call["created_at"] == pd.Timestamp("2017-10-15 20:21:11", tz="UTC")
    replies = posts[posts["kind"] == "reply"]
    assert replies["root_id"].value_counts().index[0] == call["post_id"]
    under = replies[replies["root_id"] == call["post_id"]]
    assert 0.2 < (under["parent_id"] != call["post_id"]).mean() < 0.6  # replies to replies


def test_reposts_repeat_their_original_and_replies_are_counted(shipped):
    posts, truth = shipped
    reposts = posts[posts["kind"] == "repost"]
    for table, column in ((posts, "text"), (posts, "lang"), (truth, "stance"), (truth, "family")):
        values = table.set_index("post_id")[column]
        assert (values[reposts["parent_id"]].to_numpy() == values[reposts["post_id"]].to_numpy()).all()
    stars = reposts["parent_id"].value_counts()
    assert (posts.set_index("post_id")["reposts"][stars.index] >= stars).all()
    assert reposts["likes"].isna().all()
    authored = posts[posts["kind"] != "repost"]
    replies = posts.loc[posts["kind"] == "reply", "parent_id"].value_counts()
    assert (authored["replies"].to_numpy() == replies.reindex(authored["post_id"], fill_value=0)).all()


def test_a_story_fits_the_time_of_life_that_is_planted_in_it(shipped):
    posts, truth = shipped
    unfit = {
        "child": r"\b(?:college|university|degree|thesis|my boss|honeymoon)\b",
        "teen": r"\b(?:university|degree|thesis|tenure|honeymoon|professors?)\b",
        "adult": r"\b(?:detention|school uniform|homework|school nurse|third grade)\b",
    }
    for life, pattern in unfit.items():
        told = posts.loc[(truth["topic"] != "none") & (truth["life"] == life), "text"]
        assert len(told) > 300
        assert not told.str.contains(pattern, case=False).any(), told[told.str.contains(pattern, case=False)].tolist()


def test_seen_counts_disclosures_earlier_in_the_conversation(shipped):
    posts, truth = shipped
    rows = posts["kind"] != "repost"
    told = truth.loc[rows, "stance"].isin(["bare", "detail"]).astype("int64")
    earlier = told.groupby(posts.loc[rows, "root_id"].to_numpy()).cumsum() - told
    assert (truth.loc[rows, "seen"] == earlier).all()
    assert truth["seen"].max() > 50  # under the call


def test_the_neutral_theme_has_the_same_structure(small):
    posts, truth = invent(posts=3_000, seed=2, theme="neutral")
    assert posts["post_id"].tolist() == small[0]["post_id"].tolist()
    assert posts["created_at"].tolist() == small[0]["created_at"].tolist()
    assert list(truth.columns) == list(small[1].columns)
    assert set(truth["stance"]) == set(small[1]["stance"])
    own = posts.loc[posts["kind"] != "repost", "text"]  # one post without the tag may be reposted often
    assert own.str.contains("#MyFirstJob", case=False).mean() > 0.95
    assert not posts["text"].str.contains(r"metoo|harass|assault|\bgrop|\brape|abuse", case=False).any()


def test_all_posts_of_a_person_tell_of_one_life(small):
    posts, truth = small
    told = truth[truth["stance"].eq("detail") & posts["kind"].ne("repost") & truth["topic"].ne("none")]
    several = told.assign(author=posts["author"]).groupby("author")[["topic", "act", "place", "person", "life"]]
    assert several.size().gt(1).any()
    assert several.nunique().eq(1).all(axis=None)


def test_stances_can_be_set():
    truth = invent(posts=4_000, seed=4, stances={"bare": 10, "detail": 40, "news": 50})[1]
    share = truth["stance"].value_counts(normalize=True)
    assert share["news"] > 0.3
    assert "opposition" not in share
