"""CrowdTangle: byte order marks, zone words, addresses of many kinds, groups whose writers are not told."""

import pytest

from analysis.collect.formats import Refused, crowdtangle
from analysis.collect.times import FINE, UNREADABLE, read_time

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
    [only] = crowdtangle.facebook_rows({**PAGE, **changes})
    return only


def instagram(**changes):
    [only] = crowdtangle.instagram_rows({**PICTURE, **changes})
    return only


def test_a_post_of_each_platform():
    assert facebook() == {
        "post_id": "100000000000001_900000000000001",
        "created_at": "2017-10-16 09:48:29 EDT",
        "author": "100000000000001",
        "text": "One",
        "likes": "1,204",
        "reposts": "210",
        "replies": "35",
    }
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
        ("/InventedTownHall/posts/9001", "_9001"),
        ("/InventedTownHall/posts/9001/", "_9001"),
        ("/permalink.php?story_fbid=9001&id=100000000000001", "_9001"),
        ("/InventedTownHall/photos/a.77/9001/?type=3", "_9001"),
        ("/watch/?v=9001", "_9001"),
        ("/groups/77/permalink/9001", "_9001"),
        ("/100000000000001/posts/pfbid0Invented1", "_pfbid0Invented1"),
        ("/InventedTownHall/", None),
        ("", None),
    ],
)
def test_a_posts_own_number_is_found_in_addresses_of_all_kinds(address, own):
    assert facebook(URL="https://www.facebook.com" + address)["post_id"] == (own and "100000000000001" + own)


@pytest.mark.parametrize("address", ["p/CaInventd03/", "tv/CaInventd03", "invented.garden/reel/CaInventd03/?x=1"])
def test_short_codes_are_found(address):
    assert instagram(URL=f"https://www.instagram.com/{address}")["post_id"] == "CaInventd03"


def test_a_page_number_that_a_spreadsheet_rounded_is_handed_on_for_the_account():
    post = facebook(**{"Facebook Id": "1.00E+14"})
    assert (post["post_id"], post["author"]) == ("1.00E+14", "InventedTownHall")


def test_of_a_group_the_writers_are_not_told():
    post = facebook(**{"\ufeffGroup Name": "Invented Neighbours"})
    assert (post["author"], post["post_id"]) == (None, "100000000000001_900000000000001")


def test_older_exports_call_the_time_created():
    assert facebook(**{"Post Created": None, "Created": "2017-10-16 09:48:29 EDT"})["created_at"].endswith("29 EDT")


@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ("2017-10-16 09:48:29 EDT", "2017-10-16T13:48:29Z"),
        ("2017-12-16 09:48:29 PST", "2017-12-16T17:48:29Z"),
        ("2017-10-16 09:48:29 CEST", "2017-10-16T07:48:29Z"),
        ("2020-03-08 12:00:00 NZDT", "2020-03-07T23:00:00Z"),
        ("2017-10-16 09:48:29 -03", "2017-10-16T12:48:29Z"),
        ("2017-10-16 09:48:29 IST", None),
        ("2017-10-16 09:48:29 BST", None),
    ],
)
def test_the_word_for_the_zone_is_understood_where_it_means_one_alone(written, utc):
    time, state = read_time(facebook(**{"Post Created": written})["created_at"])
    assert (time, state) == ((read_time(utc)[0], FINE) if utc else (0, UNREADABLE))


def test_neither_address_nor_text_is_refused_and_either_is_enough():
    assert isinstance(facebook(URL="", Message=" "), Refused)
    assert isinstance(instagram(URL="", Description=None), Refused)
    assert facebook(Message="")["text"] is None
    assert instagram(URL="")["post_id"] is None


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_headers_are_told_apart_with_and_without_a_byte_order_mark(mark):
    for names, other in ((PAGE, crowdtangle.on_instagram), (PICTURE, crowdtangle.on_facebook)):
        first, *rest = names
        assert not other([mark + first, *rest])
        assert crowdtangle.on_facebook([mark + first, *rest]) != crowdtangle.on_instagram([mark + first, *rest])
