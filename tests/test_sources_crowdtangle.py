"""CrowdTangle: byte order marks, zone words, addresses of many kinds, groups whose writers are not told."""

import csv
from pathlib import Path

import pytest

from analysis.collect.formats import Refused, crowdtangle
from analysis.collect.times import FINE, UNREADABLE, read_time

FIXTURES = Path(__file__).parent / "fixtures" / "sources"
PAGE = {
    "Page Name": "Invented Town Hall",
    "User Name": "InventedTownHall",
    "Facebook Id": "100000000000001",
    "Post Created": "2017-10-16 09:48:29 EDT",
    "Total Interactions": "1,449",
    "Likes": "1,204",
    "Comments": "35",
    "Shares": "210",
    "URL": "https://www.facebook.com/100000000000001/posts/900000000000001",
    "Message": "One",
}
PICTURE = {
    "Account": "Invented Garden",
    "User Name": "invented_garden",
    "Post Created": "2017-10-16 12:00:00 EDT",
    "Likes": "1,500",
    "Comments": "30",
    "URL": "https://www.instagram.com/p/Ba_nvent-01/",
    "Photo": "https://example.org/photo.jpg",
    "Description": "Two",
}


def facebook(**changes):
    [found] = crowdtangle.facebook_rows({**PAGE, **changes})
    return found


def instagram(**changes):
    [found] = crowdtangle.instagram_rows({**PICTURE, **changes})
    return found


def header(name, encoding="utf-8"):
    with (FIXTURES / name).open(encoding=encoding, newline="") as stream:
        return next(csv.reader(stream))


def test_a_facebook_post():
    assert facebook() == {
        "post_id": "100000000000001_900000000000001",
        "created_at": "2017-10-16 09:48:29 EDT",
        "author": "100000000000001",
        "text": "One",
        "likes": "1,204",
        "reposts": "210",
        "replies": "35",
    }


def test_an_instagram_post():
    assert instagram() == {
        "post_id": "Ba_nvent-01",
        "created_at": "2017-10-16 12:00:00 EDT",
        "author": "invented_garden",
        "text": "Two",
        "kind": "original",
        "root_id": "Ba_nvent-01",
        "likes": "1,500",
        "replies": "30",
    }


@pytest.mark.parametrize(
    ("address", "own"),
    [
        ("https://www.facebook.com/InventedTownHall/posts/9001", "9001"),
        ("https://www.facebook.com/InventedTownHall/posts/9001/", "9001"),
        ("https://www.facebook.com/permalink.php?story_fbid=9001&id=100000000000001", "9001"),
        ("https://www.facebook.com/InventedTownHall/photos/a.77/9001/?type=3", "9001"),
        ("https://www.facebook.com/InventedTownHall/videos/9001/", "9001"),
        ("https://www.facebook.com/watch/?v=9001", "9001"),
        ("https://www.facebook.com/groups/77/permalink/9001", "9001"),
        ("https://www.facebook.com/100000000000001/posts/pfbid0Invented1", "pfbid0Invented1"),
    ],
)
def test_a_posts_own_number_is_found_in_addresses_of_all_kinds(address, own):
    assert facebook(URL=address)["post_id"] == f"100000000000001_{own}"


@pytest.mark.parametrize("address", ["", "https://www.facebook.com/InventedTownHall/", "https://example.org/x"])
def test_without_a_number_there_is_no_id(address):
    assert facebook(URL=address)["post_id"] is None


def test_a_page_number_that_a_spreadsheet_rounded_is_handed_on_for_the_account():
    found = facebook(**{"Facebook Id": "1.00E+14"})
    assert (found["post_id"], found["author"]) == ("1.00E+14", "InventedTownHall")


def test_of_a_group_the_writers_are_not_told():
    group = {name: value for name, value in PAGE.items() if name != "Page Name"}
    [found] = crowdtangle.facebook_rows({"\ufeffGroup Name": "Invented Neighbours", **group})
    assert found["author"] is None
    assert found["post_id"] == "100000000000001_900000000000001"


def test_older_exports_call_the_time_created():
    old = {name: value for name, value in PAGE.items() if name != "Post Created"}
    [found] = crowdtangle.facebook_rows({**old, "Created": "2017-10-16 09:48:29 EDT"})
    assert found["created_at"] == "2017-10-16 09:48:29 EDT"


@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ("2017-10-16 09:48:29 EDT", "2017-10-16T13:48:29Z"),
        ("2017-12-16 09:48:29 EST", "2017-12-16T14:48:29Z"),
        ("2017-12-16 09:48:29 PST", "2017-12-16T17:48:29Z"),
        ("2017-12-16 09:48:29 CET", "2017-12-16T08:48:29Z"),
        ("2017-10-16 09:48:29 CEST", "2017-10-16T07:48:29Z"),
        ("2020-03-08 12:00:00 NZDT", "2020-03-07T23:00:00Z"),
        ("2017-10-16 09:48:29 -03", "2017-10-16T12:48:29Z"),
    ],
)
def test_the_word_for_the_zone_is_understood(written, utc):
    assert read_time(facebook(**{"Post Created": written})["created_at"]) == read_time(utc)
    assert read_time(utc)[1] == FINE


@pytest.mark.parametrize("zone", ["IST", "BST", "XYZ"])
def test_a_word_that_may_mean_several_zones_is_not_guessed(zone):
    assert read_time(facebook(**{"Post Created": f"2017-10-16 09:48:29 {zone}"})["created_at"])[1] == UNREADABLE


def test_neither_address_nor_text_is_refused_and_either_is_enough():
    assert facebook(URL="", Message=" ") == Refused("neither an address nor a text")
    assert instagram(URL="", Description=None) == Refused("neither an address nor a text")
    assert facebook(Message="")["text"] is None
    assert instagram(URL="")["post_id"] is None


@pytest.mark.parametrize(
    "address",
    [
        "https://www.instagram.com/p/CaInventd03/",
        "https://www.instagram.com/tv/CaInventd03",
        "https://www.instagram.com/invented.garden/reel/CaInventd03/?x=1",
    ],
)
def test_short_codes_are_found(address):
    assert instagram(URL=address)["post_id"] == "CaInventd03"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_headers_are_told_apart_with_and_without_a_byte_order_mark(encoding):
    for name in ("crowdtangle-facebook.csv", "crowdtangle-facebook-groups.csv"):
        names = header(name, encoding)
        assert crowdtangle.on_facebook(names)
        assert not crowdtangle.on_instagram(names)
    names = header("crowdtangle-instagram.csv", encoding)
    assert crowdtangle.on_instagram(names)
    assert not crowdtangle.on_facebook(names)


@pytest.mark.parametrize(
    "names", [[], ["id", "text"], ["Page Name", "Message"], list(PAGE)[:3], ["", "text", "created"]]
)
def test_others_are_not_taken(names):
    assert not crowdtangle.on_facebook(names)
    assert not crowdtangle.on_instagram(names)
