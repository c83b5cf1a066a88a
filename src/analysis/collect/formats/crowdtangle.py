"""CrowdTangle's exports of public Facebook and Instagram posts, CSV; the service ended in 2024, its files remain.

Facebook's lists show posts of pages, or of groups. Of a page the account is the author; of a group it is not, the
writers are not told, and so they stay missing. Whether a page wrote a post or passed one on is not told either.
"""

import re

from analysis.collect.formats import Refused, Source

_FACEBOOK = {"Facebook Id", "URL", "Message", "Total Interactions"}
_INSTAGRAM = {"Account", "User Name", "URL", "Photo", "Description"}
_WHEN = ("Post Created", "Created")
# A post's own number: named in the address, or its last part that is one. Newer addresses have pfbid and letters.
_NAMED = re.compile(r"[?&](?:story_fbid|fbid|v|multi_permalinks)=(\d+|pfbid\w+)", re.ASCII)
_LAST = re.compile(r".*/(\d+|pfbid\w+)/?(?:[?#].*)?", re.ASCII | re.DOTALL)
_SHORT = re.compile(r"instagram\.com/(?:[\w.]+/)?(?:p|tv|reel)/([\w-]{5,40})", re.ASCII)
# Words for zones that mean one thing only, and that times.py does not know; an export has those of who asked for it.
_ZONES = {"WEST": "+01:00", "CET": "+01:00", "CEST": "+02:00", "EET": "+02:00", "EEST": "+03:00", "SAST": "+02:00"}
_ZONES |= {"HKT": "+08:00", "JST": "+09:00", "KST": "+09:00", "AEST": "+10:00", "AEDT": "+11:00"}
_ZONES |= {"NZST": "+12:00", "NZDT": "+13:00", "AKDT": "-08:00", "AKST": "-09:00"}


def on_facebook(names):
    """Tell the header of an export of Facebook posts, of any of its years; a byte order mark does no harm."""
    names = {str(name).lstrip("\ufeff") for name in names}
    return names >= _FACEBOOK and bool(names & {*_WHEN}) and bool(names & {"Page Name", "Group Name"})


def on_instagram(names):
    """Tell the header of an export of Instagram posts, which has no ``Facebook Id``."""
    names = {str(name).lstrip("\ufeff") for name in names}
    return names >= _INSTAGRAM and bool(names & {*_WHEN}) and "Facebook Id" not in names


def facebook_rows(record):
    """Give the row of a Facebook post; likes are the likes alone, for the other reactions do not all say that."""
    page, address, text = (_field(record, name) for name in ("Facebook Id", "URL", "Message"))
    if not address and not text:
        yield Refused("neither an address nor a text")
        return
    own = _NAMED.search(address) or _LAST.fullmatch(address)
    of_a_group = any(str(name).lstrip("\ufeff") == "Group Name" for name in record)
    yield {
        "post_id": f"{page}_{own[1]}" if own and page.isdecimal() else _rounded(page),
        "created_at": _when(record),
        "author": None if of_a_group else page if page.isdecimal() else _field(record, "User Name") or None,
        "text": text or None,
        "likes": record.get("Likes"),
        "reposts": record.get("Shares"),
        "replies": record.get("Comments"),
    }


def instagram_rows(record):
    """Give the row of an Instagram post: its id is the short code of its address, its text what stands below it."""
    address, text = (_field(record, name) for name in ("URL", "Description"))
    if not address and not text:
        yield Refused("neither an address nor a text")
        return
    short = _SHORT.search(address)
    post = short[1] if short else None
    yield {
        "post_id": post,
        "created_at": _when(record),
        "author": _field(record, "User Name") or None,
        "text": text or None,
        "kind": "original",
        "root_id": post,
        "likes": record.get("Likes"),
        "replies": record.get("Comments"),
    }


def _field(record, name):
    return (record.get(name) or "").strip()


def _rounded(page):
    """Hand on a page's number that a spreadsheet has rounded, for the account: no id can be made of it."""
    return page if re.fullmatch(r"\d+(?:[.,]\d*)?[eE]\+?\d+|\d{5,}\.\d*", page, re.ASCII) else None


def _when(record):
    """Take the time, with its zone as a number where its word is known here."""
    when = next((record[name] for name in _WHEN if record.get(name)), None)
    clock, _, zone = (when or "").strip().rpartition(" ")
    return f"{clock} {_ZONES[zone]}" if zone in _ZONES else when


SOURCES = (
    Source(
        name="crowdtangle-facebook",
        title="CrowdTangle exports of Facebook pages and groups, CSV",
        platform="facebook",
        container="csv",
        recognise=on_facebook,
        rows=facebook_rows,
    ),
    Source(
        name="crowdtangle-instagram",
        title="CrowdTangle exports of Instagram, CSV",
        platform="instagram",
        container="csv",
        recognise=on_instagram,
        rows=instagram_rows,
    ),
)
